"""New keys while everything runs: another process replaces them, and nothing between the towns gets lost."""

from sqlalchemy import select

from fediverse_ehrenamt.federation.model import RemoteActorRow
from tests import towns
from tests.towns import Country


def test_keys_are_replaced_while_both_towns_run(country: Country) -> None:
    hagen, flensburg = country.town("hagen"), country.town("flensburg")
    owner = hagen.add("buecherei")
    towns.befriend(hagen, flensburg)
    hagen.publish(towns.opportunity("Erste Lesepatin gesucht", key="eins"))
    flensburg.until_found("Lesepatin", "Erste Lesepatin gesucht")

    done = hagen.commanded("keys", "rotate", "--all")
    assert [one["rsa_id"].rpartition("#")[2] for one in done] == ["main-key-2", "main-key-2"]
    hagen.publish(towns.opportunity("Zweite Lesepatin gesucht", key="zwei"))  # with the keys in memory, or the new
    flensburg.until_found("Zweite", "Zweite Lesepatin gesucht")
    country.clock.advance(seconds=31)
    hagen.publish(towns.opportunity("Dritte Lesepatin gesucht", key="drei"))
    flensburg.until_found("Dritte", "Dritte Lesepatin gesucht")

    hagen.until_quiet()
    shown = hagen.get(owner).json()
    assert shown["publicKey"]["id"] == f"{owner}#main-key-2"
    known = flensburg.read(lambda work: {row.key_id for row in work.db.scalars(select(RemoteActorRow))})
    assert {f"{owner}#main-key-2", f"{hagen.actor}#main-key-2"} <= known
    assert towns.waiting(hagen) == 0
