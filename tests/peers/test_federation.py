"""Ours and a real Fedify server talk over HTTP, both ways: what it parsed of ours, what we index of its posts.

Fedify signs with RFC 9421 whoever it meets first, so what we took from it proves that we verify that.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.federation.model import RemoteActorRow
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Event
from tests import servers, towns
from tests.conftest import DATABASES
from tests.peers.conftest import FedifyPeer, Received
from tests.towns import Country, Town

_PLACE = {"name": "Volkspark", "latitude": 51.36, "longitude": 7.47}


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with towns.country(tmp_path) as made:
        yield made


@pytest.fixture(params=DATABASES)
def hagen(request: pytest.FixtureRequest, country: Country) -> Iterator[Town]:
    """A town on a database of each kind in turn."""
    if request.param == "sqlite":
        yield country.town("Hagen")
        return
    server: servers.Postgres = request.getfixturevalue("postgres_server")
    with server.database() as name:
        yield country.town("Hagen", server.url(name))
        country.stop()


@pytest.fixture
def organisation(hagen: Town) -> str:
    return hagen.add("buecherei", "Stadtbücherei Hagen")


def _of(fedify: FedifyPeer, activity: str, uri: str) -> list[Received]:
    return [one for one in fedify.state().of(activity) if one.object_id == uri]


def _until(hagen: Town, ready: Callable[[], bool], what: str) -> None:
    hagen.until(ready, what)


def _received(hagen: Town, fedify: FedifyPeer, activity: str, uri: str) -> dict[str, Any]:
    """Wait until the peer got an activity about an object of ours, and return its object as the peer parsed it."""
    _until(hagen, lambda: bool(_of(fedify, activity, uri)), f"tells Fedify {activity} {uri}")
    (one,) = _of(fedify, activity, uri)
    assert one.object is not None
    return one.object


def _follow_ours(hagen: Town, fedify: FedifyPeer, organisation: str) -> None:
    fedify.follow(organisation)
    _until(hagen, lambda: [one.state for one in fedify.state().following] == ["accepted"], "accepts Fedify's Follow")
    assert hagen.followers(organisation) == [fedify.actor]


def _follow_theirs(hagen: Town, fedify: FedifyPeer) -> None:
    def accepted() -> bool:
        source = hagen.source(fedify.actor)
        return source is not None and source.state == "accepted" and source.read_at is not None

    _until(hagen, accepted, "is let follow Fedify")
    assert fedify.state().followers == (hagen.actor,)


def test_it_finds_our_organisation_by_its_handle(hagen: Town, fedify: FedifyPeer, organisation: str) -> None:
    found = fedify.lookup(f"@buecherei@{hagen.host}")
    assert found == {
        "type": "Organization",
        "id": organisation,
        "preferredUsername": "buecherei",
        "name": "Stadtbücherei Hagen",
        "summary": found and found["summary"],
        "url": f"{hagen.url}/organisationen/buecherei",
        "inbox": f"{organisation}/inbox",
        "sharedInbox": f"{hagen.url}/inbox",
        "outbox": f"{organisation}/outbox",
        "followers": f"{organisation}/followers",
        "publicKeys": [f"{organisation}#main-key"],
        "assertionMethods": [f"{organisation}#ed25519-key"],
    }
    relay = fedify.lookup(f"@relay@{hagen.host}")
    assert relay is not None
    assert (relay["type"], relay["id"]) == ("Application", hagen.actor)
    assert fedify.lookup(f"@niemand@{hagen.host}") is None


def test_it_follows_us_and_understands_an_opportunity(hagen: Town, fedify: FedifyPeer, organisation: str) -> None:
    _follow_ours(hagen, fedify, organisation)
    draft = towns.opportunity("Lesepatin gesucht", "Einmal in der Woche Kindern vorlesen.", places=4, places_free=2)
    uri = hagen.publish(draft).uri
    note = _received(hagen, fedify, "Create", uri)
    assert (note["type"], note["id"], note["attributedTo"]) == ("Note", uri, organisation)
    assert (note["name"], note["summary"]) == (None, None)
    assert note["content"].startswith("<p><strong>Lesepatin gesucht</strong></p>")
    assert "Einmal in der Woche Kindern vorlesen." in note["content"]
    assert "2 Plätze" in note["content"]
    assert note["to"] == ["https://www.w3.org/ns/activitystreams#Public"]
    assert note["cc"] == [f"{organisation}/followers"]
    assert note["location"] == {"name": "Stadtbücherei", "latitude": 51.3594, "longitude": 7.475}
    assert note["tags"] == ["#Ehrenamt"]

    hagen.publish(towns.opportunity("Lesepate gesucht", "Zweimal in der Woche Kindern vorlesen."))
    changed = _received(hagen, fedify, "Update", uri)
    assert "<strong>Lesepate gesucht</strong>" in changed["content"]
    assert changed["updated"] > note["updated"]
    assert fedify.fetch(uri) == changed

    hagen.publish(towns.withdrawn(draft))
    _until(hagen, lambda: bool(_of(fedify, "Delete", uri)), "tells Fedify of the deletion")
    answer = hagen.get(uri)
    assert (answer.status_code, answer.json()["type"]) == (410, "Tombstone")
    state = fedify.state()
    assert [one.activity for one in state.received] == ["Accept", "Create", "Update", "Delete"]
    assert {one.actor for one in state.received} == {organisation}
    assert state.unverified == ()


def test_it_understands_an_event(hagen: Town, fedify: FedifyPeer, organisation: str) -> None:
    _follow_ours(hagen, fedify, organisation)
    start = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)
    uri = hagen.publish(towns.event("Vorlesefest", start)).uri
    event = _received(hagen, fedify, "Create", uri)
    assert (event["type"], event["name"], event["attributedTo"]) == ("Event", "Vorlesefest", organisation)
    assert (event["startTime"], event["endTime"]) == ("2027-06-01T12:00:00Z", "2027-06-01T15:00:00Z")
    assert event["summary"] == "Di, 01.06.2027, 14–17 Uhr · Stadtbücherei, Hagen"
    assert event["content"].startswith("<p><strong>Vorlesefest</strong></p>")
    assert event["location"] == {"name": "Stadtbücherei", "latitude": 51.3594, "longitude": 7.475}

    hagen.publish(towns.event("Vorlesefest", start + timedelta(days=1), status="cancelled"))
    changed = _received(hagen, fedify, "Update", uri)
    assert (changed["name"], changed["startTime"]) == ("ABGESAGT: Vorlesefest", "2027-06-02T12:00:00Z")

    hagen.publish(towns.event("Vorlesefest", start, status="withdrawn"))
    _until(hagen, lambda: bool(_of(fedify, "Delete", uri)), "tells Fedify of the deletion")
    assert fedify.state().unverified == ()


def test_it_unfollows_us(hagen: Town, fedify: FedifyPeer, organisation: str) -> None:
    _follow_ours(hagen, fedify, organisation)
    fedify.unfollow(organisation)
    _until(hagen, lambda: hagen.followers(organisation) == [], "lets Fedify go")
    hagen.publish(towns.opportunity("Lesepatin gesucht"))
    hagen.until_quiet()
    assert fedify.state().of("Create") == []
    assert [row.how for row in hagen.received()] == ["rfc9421", "rfc9421"]


@pytest.mark.parametrize("by", ["handle", "URL", "page"])
def test_we_index_what_it_posts_changes_and_deletes(hagen: Town, fedify: FedifyPeer, by: str) -> None:
    before = fedify.post("<p>Kartoffelfest, schon vorher angekündigt</p>")  # comes through the outbox
    address = {"handle": fedify.handle, "URL": fedify.actor, "page": f"{fedify.origin}/users/verein"}[by]
    assert hagen.follow(address).uri == fedify.actor
    _follow_theirs(hagen, fedify)
    card = hagen.until_found("Kartoffelfest", "Kartoffelfest, schon vorher angekündigt")
    assert f"127.0.0.1:{fedify.port}" in card.origin

    note = fedify.post("<p>Wir suchen Hilfe beim Apfelpflücken</p>")
    event = fedify.post(
        "<p>Mit Musik und Kuchen</p>",
        name="Sommerfest",
        startTime="2027-06-01T12:00:00Z",
        endTime="2027-06-01T16:00:00Z",
        location=_PLACE,
    )
    card = hagen.until_found("Apfelpflücken", "Wir suchen Hilfe beim Apfelpflücken")
    assert card.origin_url.startswith(f"{fedify.origin}/posts/")
    assert "Nachbarverein auf Fedify" in card.text
    assert "1. Juni 2027" in hagen.until_found("Kuchen", "Sommerfest").text
    _stored(hagen, event, "Sommerfest", datetime(2027, 6, 1, 12, tzinfo=UTC))
    assert [one.title for one in hagen.search("Sommerfest", ort="Hagen", umkreis="5")] == ["Sommerfest"]

    fedify.update(note, content="<p>Wir suchen Hilfe beim Birnenpflücken</p>")
    fedify.update(event, name="Winterfest", startTime="2027-12-01T12:00:00Z", endTime="2027-12-01T16:00:00Z")
    hagen.until_found("Birnenpflücken", "Wir suchen Hilfe beim Birnenpflücken")
    hagen.until_found("Kuchen", "Winterfest")
    assert hagen.titles("Apfelpflücken") == []
    _stored(hagen, event, "Winterfest", datetime(2027, 12, 1, 12, tzinfo=UTC))

    for post in (note, event, before):
        fedify.delete(post)
    for words in ("Birnenpflücken", "Kuchen", "Kartoffelfest"):
        hagen.until_lost(words)
    assert {row.how for row in hagen.received()} == {"rfc9421"}
    assert {row.verdict for row in hagen.received()} == {"handled"}
    assert len(hagen.received()) == 8  # an Accept, two Creates, two Updates, three Deletes
    assert fedify.state().unverified == ()


def _stored(hagen: Town, uri: str, name: str, starts_at: datetime) -> None:
    """An event is held with all that it said."""
    body = hagen.read(lambda work: work.db.get_one(ThingRow, uri).body)
    event = codec.parse_object(body)
    assert isinstance(event, Event)
    assert (event.name, event.starts_at) == (name, starts_at)
    assert event.place is not None
    assert (event.place.name, event.place.latitude, event.place.longitude) == ("Volkspark", 51.36, 7.47)


def test_we_unfollow_it(hagen: Town, fedify: FedifyPeer) -> None:
    hagen.follow(fedify.actor)
    _follow_theirs(hagen, fedify)
    fedify.post("<p>Apfelfest im Garten</p>")
    hagen.until_found("Apfelfest", "Apfelfest im Garten")
    hagen.write(sources.remove, fedify.actor)
    _until(hagen, lambda: fedify.state().followers == (), "tells Fedify of the Undo")
    assert [one.activity for one in fedify.state().received] == ["Follow", "Undo"]
    assert fedify.state().unverified == ()
    fedify.post("<p>Birnenfest im Garten</p>")
    hagen.until_quiet()
    assert hagen.titles("Birnenfest") == []


def test_both_follow_each_other(hagen: Town, fedify: FedifyPeer, organisation: str) -> None:
    """Fedify keeps what it learned of our keys and we what we learned of its, across both directions."""
    _follow_ours(hagen, fedify, organisation)
    hagen.follow(fedify.handle)
    _follow_theirs(hagen, fedify)
    uri = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    assert _received(hagen, fedify, "Create", uri)["type"] == "Note"
    fedify.post("<p>Apfelfest im Garten</p>")
    hagen.until_found("Apfelfest", "Apfelfest im Garten")
    known = hagen.read(lambda work: work.db.get_one(RemoteActorRow, fedify.actor))
    assert (known.name, known.shared_inbox) == ("Nachbarverein auf Fedify", f"{fedify.origin}/inbox")
    assert fedify.state().unverified == ()
    assert {row.how for row in hagen.received()} == {"rfc9421"}
