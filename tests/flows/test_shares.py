"""What needs the inbox's own help: shares of what is ours, Joins that come again, Leaves under the id of their Join."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from fediverse_ehrenamt.attendance import store
from fediverse_ehrenamt.federation.model import RemoteActorRow
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.vocab.types import PUBLIC
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.flows.peer import Peer
from tests.towns import Country, Town


@pytest.fixture
def peer(country: Country) -> Peer:
    return Peer(country)


def _shares(town: Town, uri: str) -> int:
    number: int = town.get(uri).json()["shares"]["totalItems"]
    return number


def _asked(work: Work) -> list[str]:
    return list(work.db.scalars(select(JobRow.key).where(JobRow.name == "obtain")))


def _forget_everybody(work: Work) -> None:
    work.db.execute(delete(RemoteActorRow))


def test_a_share_of_ours_is_counted_and_nobody_is_asked_for_it(hagen: Town, peer: Peer) -> None:
    offer = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    door, anna = f"{hagen.url}/inbox", peer.actor("anna")
    share = peer.activity("Announce", anna, offer, cc=[hagen.owner("buecherei"), f"{anna}/followers"])
    assert peer.send(door, share).status_code == 202
    hagen.until(lambda: _shares(hagen, offer) == 1, "counts the share")
    wrapped = {"id": offer, "type": "Note", "content": "<p>Gefälscht</p>", "attributedTo": anna, "to": [PUBLIC]}
    assert peer.send(door, peer.activity("Announce", peer.actor("berta"), wrapped)).status_code == 202
    hagen.until(lambda: _shares(hagen, offer) == 2, "counts the share that embeds something")
    assert "Gefälscht" not in hagen.get(offer).text
    assert peer.send(door, peer.activity("Undo", anna, share)).status_code == 202
    hagen.until(lambda: _shares(hagen, offer) == 1, "counts one less")
    assert hagen.read(_asked) == []


def test_a_group_that_passes_on_a_like_shares_nothing(hagen: Town, peer: Peer) -> None:
    offer = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    group = peer.actor("gruppe")
    like = peer.activity("Like", peer.actor("anna"), offer)
    hagen.follow(group)
    passed_on = peer.activity("Announce", group, like)
    peer.send(f"{hagen.url}/inbox", passed_on)
    assert hagen.until_handled(passed_on["id"]) == f"dropped: {offer} is ours"
    assert _shares(hagen, offer) == 0
    assert hagen.get(offer).json()["likes"]["totalItems"] == 0


def test_who_asks_again_under_the_same_id_is_answered_again(country: Country, hagen: Town, peer: Peer) -> None:
    event = hagen.publish(towns.event("Sommerfest", hagen.clock.now() + timedelta(days=5))).uri
    join = peer.activity("Join", peer.actor("anna"), event)
    for number in (1, 2):
        country.clock.advance(seconds=1)  # or it would be the same request, byte for byte
        assert peer.send(f"{hagen.url}/inbox", join).status_code == 202
        peer.until("Accept", number)
    assert hagen.read(store.taken, event) == 1


def test_a_leave_may_bear_the_id_of_its_join(hagen: Town, peer: Peer) -> None:
    """As in Mobilizon's own test data."""
    event = hagen.publish(towns.event("Sommerfest", hagen.clock.now() + timedelta(days=5))).uri
    join = {**peer.activity("Join", peer.actor("admin"), event), "id": f"{peer.url}/@admin/join/event/1"}
    peer.send(f"{hagen.url}/inbox", join)
    peer.until("Accept")
    peer.send(f"{hagen.url}/inbox", {**join, "type": "Leave"})
    hagen.until(lambda: hagen.read(store.taken, event) == 0, "has nobody coming")


def test_whoever_asks_is_known_even_if_only_the_key_was(hagen: Town, peer: Peer) -> None:
    """Actors of strangers are erased after a day, their keys stay in memory longer."""
    event = hagen.publish(towns.event("Sommerfest", hagen.clock.now() + timedelta(days=5))).uri
    anna = peer.actor("anna")
    peer.send(f"{hagen.url}/inbox", peer.activity("Join", anna, event))
    peer.until("Accept")
    hagen.write(_forget_everybody)
    peer.send(f"{hagen.url}/inbox", peer.activity("Join", anna, event))
    peer.until("Accept", 2)


def test_a_strangers_like_of_others_costs_no_request_for_its_key(hagen: Town, peer: Peer) -> None:
    like = peer.activity("Like", f"{peer.url}/users/niemand", f"{peer.url}/notes/1")
    assert peer.send(f"{hagen.url}/inbox", like).status_code == 202  # its key is nowhere
    assert hagen.received() == []
