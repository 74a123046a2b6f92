"""What goes wrong between servers: down for a while, restarted, twice, in the wrong order, gone, unwilling."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from fediverse_ehrenamt import background
from fediverse_ehrenamt.federation.model import FollowerRow
from fediverse_ehrenamt.jobs.model import LaneRow
from fediverse_ehrenamt.jobs.queue import LEASE
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.flows.conftest import Found
from tests.flows.peer import Peer
from tests.towns import Country, Town


@pytest.fixture
def flensburg(country: Country) -> Town:
    return country.town("Flensburg")


@pytest.fixture
def anna(flensburg: Town, peer: Peer) -> str:
    """An actor of the peer whom Flensburg follows."""
    uri = peer.actor("anna")
    flensburg.follow(uri)
    follow = peer.until("Follow")[0].activity
    peer.send(f"{flensburg.url}/inbox", peer.activity("Accept", uri, follow))
    flensburg.until_quiet()
    return uri


@pytest.fixture
def peer(country: Country) -> Peer:
    return Peer(country)


@contextmanager
def _down(town: Town) -> Iterator[None]:
    town.stop()
    yield
    town.start()


# --- down for a while -------------------------------------------------------------------------------------------------
def test_what_was_published_while_a_town_was_down_arrives_in_order(found: Found) -> None:
    hagen, flensburg, greifswald = found("Hagen"), found("Flensburg"), found("Greifswald")
    hagen.add()
    for town in (flensburg, greifswald):
        town.follow(hagen.url)
        towns.until_followed(town, hagen)
    with _down(flensburg):
        for number in range(8):
            hagen.publish(towns.opportunity(f"Lesepatin {number}", key=f"angebot-{number}"))
        hagen.publish(towns.opportunity("Lesepatin 3 neu", key="angebot-3"))
        hagen.publish(towns.withdrawn(towns.opportunity("Lesepatin 4", key="angebot-4")))
        greifswald.until_found("Lesepatin 3 neu", "Lesepatin 3 neu")  # nobody waits for a town that is down
        hagen.until(lambda: towns.tries(hagen) > 0, "tried in vain")
        hagen.until_quiet()
        (lane,) = [one for one in hagen.commanded("jobs") if one["host"] == flensburg.host]
        assert (lane["waiting"], lane["given_up"]) == (9, 0)  # the withdrawn one's Create waits no longer
        assert lane["opened_until"] is not None
        assert flensburg.host in lane["error"]
    assert flensburg.titles("Lesepatin") == []
    hagen.clock.advance(minutes=5)
    hagen.until(lambda: towns.waiting(hagen) == 0, "has delivered everything")
    expected = {f"Lesepatin {number}" for number in (0, 1, 2, 5, 6, 7)} | {"Lesepatin 3 neu"}
    flensburg.until(lambda: set(flensburg.titles("Lesepatin")) == expected, "shows what is left")
    assert hagen.commanded("jobs") == []
    verdicts = [row.verdict for row in flensburg.received()]
    assert set(verdicts) == {"handled"}
    kinds = [row.activity for row in flensburg.received()]
    assert len(kinds) == len(set(kinds)) == 10  # one Accept, seven Creates, an Update, a Delete


def test_a_peer_that_speaks_to_us_again_is_tried_at_once(country: Country) -> None:
    hagen, flensburg = country.town("Hagen"), country.town("Flensburg")
    hagen.add()
    flensburg.add()
    towns.befriend(hagen, flensburg)
    with _down(flensburg):
        hagen.publish(towns.opportunity("Lesepatin gesucht"))
        hagen.until(lambda: towns.tries(hagen) > 0, "tried in vain")
        hagen.clock.advance(seconds=45)  # its first job is due again, but the host is left in peace for longer
    hagen.until_quiet()
    assert flensburg.titles("Lesepatin") == []
    flensburg.publish(towns.opportunity("Märchenerzähler gesucht"))
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")


def test_both_sides_restart_and_nothing_is_lost(found: Found) -> None:
    hagen, flensburg = found("Hagen"), found("Flensburg")
    hagen.add()
    flensburg.follow(hagen.url)
    towns.until_followed(flensburg, hagen)
    with _down(flensburg):
        hagen.publish(towns.opportunity("Lesepatin gesucht"))
        with _down(hagen):
            pass
        hagen.publish(towns.opportunity("Märchenerzähler gesucht", key="zweites"))
    hagen.clock.advance(minutes=5)
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    flensburg.until_found("Märchenerzähler", "Märchenerzähler gesucht")
    with _down(flensburg):
        pass
    assert flensburg.until_found("Lesepatin", "Lesepatin gesucht").href
    hagen.publish(towns.opportunity("Lesepate gesucht"))
    flensburg.until_found("Lesepate", "Lesepate gesucht")


def test_what_was_accepted_but_not_handled_survives_a_restart(flensburg: Town, peer: Peer, anna: str) -> None:
    flensburg.stop()
    flensburg.settings = towns.without_background(flensburg.settings)
    flensburg.start()
    create = peer.activity("Create", anna, peer.note(anna, "Apfelfest im Garten"))
    assert peer.send(f"{flensburg.url}/inbox", create).status_code == 202
    assert flensburg.received(create["id"])[0].due_at is not None
    flensburg.stop()
    flensburg.settings = towns.with_background(flensburg.settings)
    flensburg.start()
    flensburg.until_found("Apfelfest", "Apfelfest im Garten")


def test_a_lane_whose_process_died_comes_back_after_its_lease(country: Country) -> None:
    hagen, peer = country.town("Hagen"), Peer(country)
    organisation = hagen.add()
    peer.send(f"{hagen.url}/inbox", peer.activity("Follow", peer.actor(), organisation))
    peer.until("Accept")

    def lane(work: Work) -> LaneRow:
        return work.db.scalars(select(LaneRow)).one()

    def lease(work: Work) -> None:
        lane(work).leased, lane(work).next_at = 1, work.now + LEASE

    hagen.until(lambda: not hagen.read(lambda work: lane(work).leased), "has given its lane back")

    hagen.write(lease)  # what a process leaves that is killed in the middle of a delivery
    hagen.publish(towns.opportunity("Lesepatin gesucht"))
    assert not hagen.read(background.anything_due)
    assert peer.of("Create") == []
    hagen.clock.advance(minutes=6)
    peer.until("Create")


# --- twice, and in the wrong order ------------------------------------------------------------------------------------
def test_the_same_activity_is_handled_once(flensburg: Town, peer: Peer, anna: str) -> None:
    create = peer.activity("Create", anna, peer.note(anna, "Apfelfest im Garten"))
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: peer.send(f"{flensburg.url}/inbox", create).status_code, range(16)))
    assert set(answers) == {202}
    flensburg.until_found("Apfelfest", "Apfelfest im Garten")
    assert peer.send(f"{flensburg.url}/inbox", create).status_code == 202
    flensburg.until_quiet()
    (row,) = flensburg.received(create["id"])
    assert (row.tries, row.verdict) == (1, "handled")
    assert flensburg.titles("Apfelfest") == ["Apfelfest im Garten"]


def test_an_update_before_its_create_wins(flensburg: Town, peer: Peer, anna: str) -> None:
    note = peer.note(anna, "Apfelfest im Garten")
    later = {**note, "content": "<p>Birnenfest im Garten</p>", "updated": peer.ago(days=20)}
    for activity in (peer.activity("Update", anna, later), peer.activity("Create", anna, note)):
        peer.send(f"{flensburg.url}/inbox", activity)
        flensburg.until_handled(activity["id"])
    flensburg.until_found("Birnenfest", "Birnenfest im Garten")
    assert flensburg.titles("Apfelfest") == []


def test_a_delete_before_its_create_lasts(flensburg: Town, peer: Peer, anna: str) -> None:
    note = peer.note(anna, "Apfelfest im Garten")
    tombstone = {"id": note["id"], "type": "Tombstone"}
    shown = peer.note(anna, "Kartoffelfest im Garten")
    late = {**note, "updated": peer.ago(days=10)}
    for kind, thing in (("Delete", tombstone), ("Create", note), ("Update", late), ("Create", shown)):
        activity = peer.activity(kind, anna, thing)
        peer.send(f"{flensburg.url}/inbox", activity)
        flensburg.until_handled(activity["id"])
    flensburg.until_found("Kartoffelfest", "Kartoffelfest im Garten")
    assert flensburg.titles("Apfelfest") == []
    peer.documents[f"/{note['id'].split('/', 3)[3]}"] = note
    announce = peer.activity("Announce", anna, note["id"])  # nor does its origin's own word revive it
    peer.send(f"{flensburg.url}/inbox", announce)
    flensburg.until_handled(announce["id"])
    flensburg.until_quiet()
    assert flensburg.titles("Apfelfest") == []


def test_an_older_update_does_not_overwrite_a_newer_one(flensburg: Town, peer: Peer, anna: str) -> None:
    note = peer.note(anna, "Apfelfest im Garten")
    states = [("Birnenfest", peer.ago(days=19)), ("Pflaumenfest", peer.ago(days=20))]
    activities = [peer.activity("Create", anna, note)]
    for words, updated in states:
        thing = {**note, "content": f"<p>{words} im Garten</p>", "updated": updated}
        activities.append(peer.activity("Update", anna, thing))
    for activity in activities:
        peer.send(f"{flensburg.url}/inbox", activity)
        flensburg.until_handled(activity["id"])
    flensburg.until_found("Birnenfest", "Birnenfest im Garten")
    assert flensburg.titles("Pflaumenfest") == []
    assert flensburg.titles("Apfelfest") == []


def test_who_leaves_the_fediverse_takes_everything_along(flensburg: Town, peer: Peer, anna: str) -> None:
    for words in ("Apfelfest im Garten", "Birnenfest im Garten"):
        peer.send(f"{flensburg.url}/inbox", peer.activity("Create", anna, peer.note(anna, words)))
    flensburg.until_found("Birnenfest", "Birnenfest im Garten")
    peer.send(f"{flensburg.url}/inbox", peer.activity("Delete", anna, anna))
    flensburg.until_lost("Garten")


# --- gone and unwilling -----------------------------------------------------------------------------------------------
def test_an_inbox_that_is_gone_loses_its_followers(country: Country) -> None:
    hagen, peer = country.town("Hagen"), Peer(country)
    organisation = hagen.add()
    for name in ("anna", "bela"):
        peer.send(f"{hagen.url}/inbox", peer.activity("Follow", peer.actor(name), organisation))
    alone = peer.actor("alone", shared=False)
    peer.send(f"{hagen.url}/inbox", peer.activity("Follow", alone, organisation))
    peer.until("Accept", 3)
    hagen.until_quiet()
    peer.statuses["/inbox"] = 410
    draft = towns.opportunity("Lesepatin gesucht")
    hagen.publish(draft)
    peer.until("Create")
    hagen.until(lambda: hagen.followers(organisation) == [alone], "drops who is gone")
    del peer.statuses["/inbox"]
    hagen.publish(towns.opportunity("Lesepate gesucht"))
    hagen.publish(towns.withdrawn(draft))
    peer.until("Delete")
    hagen.until_quiet()
    assert {letter.inbox for letter in peer.of("Create", "Update", "Delete")} == {"/users/alone/inbox"}


def test_a_refusal_for_good_is_given_up_and_shown(country: Country) -> None:
    hagen, peer = country.town("Hagen"), Peer(country)
    organisation = hagen.add()
    anna = peer.actor()
    peer.send(f"{hagen.url}/inbox", peer.activity("Follow", anna, organisation))
    peer.until("Accept")
    hagen.until_quiet()
    peer.statuses["/inbox"] = 403
    hagen.publish(towns.opportunity("Lesepatin gesucht"))
    hagen.until(lambda: bool(hagen.commanded("jobs")), "shows the job")
    hagen.until_quiet()
    (lane,) = hagen.commanded("jobs")
    assert (lane["host"], lane["waiting"], lane["given_up"]) == (f"127.0.0.1:{peer.port}", 0, 1)
    assert "403" in lane["error"]
    assert "1 aufgegeben" in hagen.command("jobs")
    assert hagen.read(lambda work: work.db.get(FollowerRow, (organisation, anna))) is not None
    del peer.statuses["/inbox"]  # what is given up holds nothing up
    hagen.publish(towns.opportunity("Lesepate gesucht"))
    peer.until("Update")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_refusal_for_now_is_tried_again(country: Country, status: int) -> None:
    hagen, peer = country.town("Hagen"), Peer(country)
    organisation = hagen.add()
    peer.send(f"{hagen.url}/inbox", peer.activity("Follow", peer.actor(), organisation))
    peer.until("Accept")
    peer.statuses["/inbox"] = status
    hagen.publish(towns.opportunity("Lesepatin gesucht"))
    hagen.until(lambda: towns.tries(hagen) > 0, "tried in vain")
    hagen.publish(towns.opportunity("Lesepate gesucht"))
    del peer.statuses["/inbox"]
    hagen.clock.advance(minutes=3)
    peer.until("Update")
    assert [letter.type for letter in peer.of("Create", "Update")] == ["Create", "Update"]
