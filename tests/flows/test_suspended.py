"""Somebody is suspended by their own server: no town shows what is theirs, until that is lifted."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.desk import restoring
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.rules import Ground
from fediverse_ehrenamt.things.model import ReviewRow
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.flows.conftest import Found
from tests.flows.peer import Peer
from tests.towns import Country, Town

_WHY = "Ihre Angebote verlangen Geld für die Vermittlung."


def _kept_out(work: Work) -> list[str]:
    return sorted(work.db.scalars(select(ReviewRow.state)))


def test_what_a_town_suspends_is_seen_in_no_other_and_comes_back(found: Found) -> None:
    hagen, flensburg = found("Hagen"), found("Flensburg")
    hagen.add()
    organisation = hagen.owner("buecherei")
    towns.befriend(hagen, flensburg)
    offer = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    hagen.write(moderation.suspend, organisation, Reasons(Ground.RULES, _WHY))
    flensburg.until_lost("Lesepatin")
    assert hagen.get(organisation).json()["suspended"] is True
    hagen.until_quiet()
    flensburg.until_quiet()
    assert flensburg.read(_kept_out) == [], "its Delete came: nothing is left of it"
    hagen.write(restoring.lift, organisation)
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    assert hagen.get(offer).status_code == 410
    assert "suspended" not in hagen.get(organisation).json()


@pytest.fixture
def peer(country: Country) -> Peer:
    return Peer(country)


def _source(flensburg: Town, peer: Peer, *words: str) -> tuple[str, Callable[..., None]]:
    """Let a town follow an account with a post of each of the words; return it, and how it tells what it is."""
    anna = peer.actor("anna")
    flensburg.follow(anna)
    for number, said in enumerate(words, 1):
        note = peer.note(anna, said, name=str(number))
        peer.documents[f"/notes/{number}"] = note
        peer.until("Follow")
        peer.send(f"{flensburg.url}/inbox", peer.activity("Create", anna, note))
        flensburg.until_found(said, said)

    def tell(**state: object) -> None:
        peer.documents["/users/anna"] |= state
        update = peer.activity("Update", anna, peer.documents["/users/anna"])
        assert peer.send(f"{flensburg.url}/inbox", update).status_code == 202
        assert flensburg.until_handled(update["id"]) == "handled"

    return anna, tell


def test_what_a_mastodon_suspends_is_hidden_and_shown_again_as_it_is_then(found: Found, peer: Peer) -> None:
    flensburg = found("Flensburg")
    anna, tell = _source(flensburg, peer, "Lesepatin gesucht", "Schiedsrichter gesucht")
    tell(suspended=True, indexable=False, discoverable=False)
    flensburg.until_lost("gesucht")
    assert flensburg.read(_kept_out) == ["suspended", "suspended"]
    edit = peer.activity("Update", anna, peer.note(anna, "Lesepatin gesucht!", name="1", updated=peer.ago(days=1)))
    peer.send(f"{flensburg.url}/inbox", edit)
    flensburg.until_handled(edit["id"])
    flensburg.until_quiet()
    assert flensburg.titles("gesucht") == []
    peer.documents["/notes/2"] = {"id": f"{peer.url}/notes/2", "type": "Tombstone"}
    tell(suspended=False, indexable=True)
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    flensburg.until(lambda: flensburg.titles("Schiedsrichter") == [], "asks what has become of it")
    assert flensburg.read(_kept_out) == []


def test_posts_of_whoever_consents_no_longer_stay_out(found: Found, peer: Peer) -> None:
    flensburg = found("Flensburg")
    _, tell = _source(flensburg, peer, "Lesepatin gesucht")
    tell(suspended=True, indexable=False)
    flensburg.until_lost("Lesepatin")
    tell(suspended=False)
    flensburg.until_quiet()
    assert flensburg.titles("Lesepatin") == []
    assert flensburg.read(_kept_out) == []


def _fetched_anew(flensburg: Town, peer: Peer, anna: str) -> None:
    """Have the town ask for an actor: it signs with a key that the town cannot know yet."""
    flensburg.clock.advance(hours=2)
    peer.change_key("anna")
    like = peer.activity("Like", anna, f"{flensburg.url}/ap/object/x")
    peer.send(f"{flensburg.url}/inbox", like)


def test_a_suspension_that_no_update_told_counts_once_the_actor_is_fetched(found: Found, peer: Peer) -> None:
    flensburg = found("Flensburg")
    anna, _ = _source(flensburg, peer, "Lesepatin gesucht")
    peer.documents["/users/anna"] |= {"suspended": True, "discoverable": False}
    _fetched_anew(flensburg, peer, anna)
    flensburg.until_lost("Lesepatin")
    newer = peer.activity("Create", anna, peer.note(anna, "Schiedsrichter gesucht", name="2"))
    peer.documents["/notes/2"] = newer["object"]
    peer.send(f"{flensburg.url}/inbox", newer)
    flensburg.until_handled(newer["id"])
    assert flensburg.titles("gesucht") == []
    assert flensburg.read(_kept_out) == ["suspended", "suspended"], "what comes meanwhile is kept out as well"
    peer.documents["/users/anna"] |= {"suspended": False}
    _fetched_anew(flensburg, peer, anna)
    for title in ("Lesepatin gesucht", "Schiedsrichter gesucht"):
        flensburg.until_found("gesucht", title)
    assert flensburg.read(_kept_out) == []
