"""Ours and a real Fedify server talk over HTTP, both ways: what it parsed of ours, what we index of its posts.

Fedify signs with RFC 9421 whoever it meets first, so what we took from it proves that we verify that.
"""

from datetime import UTC, datetime, timedelta

import pytest

from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.things import actions as things_actions
from fediverse_ehrenamt.things import showings
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Event
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.peers.conftest import (
    NEXT,
    PATIENCE,
    FedifyPeer,
    OpenSite,
    Organisation,
    came_from,
    follow_ours,
    follow_theirs,
    known,
    parsed,
    until,
    until_handled,
    until_received,
)
from tests.towns import Town

_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_PLACE = {"name": "Volkspark", "latitude": 51.36, "longitude": 7.47}


def test_it_finds_our_organisation_by_its_handle(hagen: Town, fedify: FedifyPeer, organisation: Organisation) -> None:
    actor = organisation.uri
    found = fedify.lookup(f"@{organisation.handle}@{hagen.host}")
    assert found == {
        "type": "Organization",
        "id": actor,
        "preferredUsername": organisation.handle,
        "name": "Stadtbücherei Hagen",
        "summary": found and found["summary"],
        "url": f"{hagen.url}/organisationen/{organisation.handle}",
        "inbox": f"{actor}/inbox",
        "sharedInbox": f"{hagen.url}/inbox",
        "outbox": f"{actor}/outbox",
        "followers": f"{actor}/followers",
        "featured": f"{actor}/featured",
        "publicKeys": [f"{actor}#main-key"],
        "assertionMethods": [f"{actor}#ed25519-key"],
    }
    relay = fedify.lookup(f"@relay@{hagen.host}")
    assert relay is not None
    assert (relay["type"], relay["id"]) == ("Application", hagen.actor)
    assert fedify.lookup(f"@niemand@{hagen.host}") is None


def test_it_follows_us_and_understands_an_opportunity(
    hagen: Town, fedify: FedifyPeer, organisation: Organisation
) -> None:
    follow_ours(hagen, fedify, organisation.uri)
    draft = towns.opportunity("Lesepatin gesucht", "Einmal in der Woche Kindern vorlesen.", places=4, places_free=2)
    uri = organisation.publish(draft)
    note = parsed(hagen, fedify, "Create", uri)
    assert (note["type"], note["id"], note["attributedTo"]) == ("Note", uri, organisation.uri)
    assert (note["name"], note["summary"]) == (None, None)
    assert note["content"].startswith("<p><strong>Lesepatin gesucht</strong></p>")
    assert "Einmal in der Woche Kindern vorlesen." in note["content"]
    assert "2 Plätze" in note["content"]
    assert note["to"] == ["https://www.w3.org/ns/activitystreams#Public"]
    assert note["cc"] == [f"{organisation.uri}/followers"]
    assert note["location"] == {"name": "Stadtbücherei", "latitude": 51.3594, "longitude": 7.475}
    assert note["tags"] == ["#Ehrenamt"]

    organisation.publish(towns.opportunity("Lesepate gesucht", "Zweimal in der Woche Kindern vorlesen."))
    changed = parsed(hagen, fedify, "Update", uri)
    assert "<strong>Lesepate gesucht</strong>" in changed["content"]
    assert (note["updated"], changed["updated"] > note["published"]) == (None, True)
    assert fedify.fetch(uri) == changed

    organisation.publish(towns.withdrawn(draft))
    until_received(hagen, fedify, "Delete", uri)
    answer = hagen.get(uri)
    assert (answer.status_code, answer.json()["type"]) == (410, "Tombstone")
    state = fedify.state()
    assert [one.activity for one in state.received] == ["Accept", "Create", "Update", "Delete"]
    assert {one.actor for one in state.received} == {organisation.uri}
    assert state.unverified == ()


def test_it_understands_an_event(hagen: Town, fedify: FedifyPeer, organisation: Organisation) -> None:
    follow_ours(hagen, fedify, organisation.uri)
    start = datetime(NEXT, 6, 1, 12, 0, tzinfo=UTC)
    uri = organisation.publish(towns.event("Vorlesefest", start))
    event = parsed(hagen, fedify, "Create", uri)
    assert (event["type"], event["name"], event["attributedTo"]) == ("Event", "Vorlesefest", organisation.uri)
    assert (event["startTime"], event["endTime"]) == (f"{NEXT}-06-01T12:00:00Z", f"{NEXT}-06-01T15:00:00Z")
    assert event["summary"] == f"{_DAYS[start.weekday()]}, 01.06.{NEXT}, 14–17 Uhr · Stadtbücherei, Hagen"
    assert event["content"].startswith("<p><strong>Vorlesefest</strong></p>")
    assert event["location"] == {"name": "Stadtbücherei", "latitude": 51.3594, "longitude": 7.475}

    organisation.publish(towns.event("Vorlesefest", start + timedelta(days=1), status="cancelled"))
    changed = parsed(hagen, fedify, "Update", uri)
    assert (changed["name"], changed["startTime"]) == ("ABGESAGT: Vorlesefest", f"{NEXT}-06-02T12:00:00Z")

    organisation.publish(towns.event("Vorlesefest", start, status="withdrawn"))
    until_received(hagen, fedify, "Delete", uri)
    assert fedify.state().unverified == ()


def test_it_unfollows_us(hagen: Town, fedify: FedifyPeer, organisation: Organisation) -> None:
    follow_ours(hagen, fedify, organisation.uri)
    fedify.unfollow(organisation.uri)
    until(hagen, lambda: hagen.followers(organisation.uri) == [], "lets Fedify go")
    organisation.publish(towns.opportunity("Lesepatin gesucht"))
    hagen.until_quiet()
    assert fedify.state().of("Create") == []
    assert came_from(hagen, fedify) == [("rfc9421", "handled"), ("rfc9421", "handled")]


@pytest.mark.parametrize("by", ["handle", "URL", "page"])
def test_we_index_what_it_posts_changes_and_deletes(hagen: Town, fedify: FedifyPeer, by: str) -> None:
    before = fedify.post("<p>Kartoffelfest, schon vorher angekündigt</p>")  # comes through the outbox
    address = {"handle": fedify.handle, "URL": fedify.actor, "page": f"{fedify.origin}/users/verein"}[by]
    follow_theirs(hagen, fedify, address)
    card = hagen.until_found("Kartoffelfest", "Kartoffelfest, schon vorher angekündigt", PATIENCE)
    assert f"127.0.0.1:{fedify.port}" in card.origin

    note = fedify.post("<p>Wir suchen Hilfe beim Apfelpflücken</p>")
    event = fedify.post(
        "<p>Mit Musik und Kuchen</p>",
        name="Sommerfest",
        startTime=f"{NEXT}-06-01T12:00:00Z",
        endTime=f"{NEXT}-06-01T16:00:00Z",
        location=_PLACE,
    )
    card = hagen.until_found("Apfelpflücken", "Wir suchen Hilfe beim Apfelpflücken", PATIENCE)
    assert card.origin_url.startswith(f"{fedify.origin}/posts/")
    assert "Nachbarverein auf Fedify" in card.text
    assert f"1. Juni {NEXT}" in hagen.until_found("Kuchen", "Sommerfest", PATIENCE).text
    _stored(hagen, event, "Sommerfest", datetime(NEXT, 6, 1, 12, tzinfo=UTC))
    assert [one.title for one in hagen.search("Sommerfest", ort="Hagen", umkreis="5")] == ["Sommerfest"]

    fedify.update(note, content="<p>Wir suchen Hilfe beim Birnenpflücken</p>")
    fedify.update(event, name="Winterfest", startTime=f"{NEXT}-12-01T12:00:00Z", endTime=f"{NEXT}-12-01T16:00:00Z")
    hagen.until_found("Birnenpflücken", "Wir suchen Hilfe beim Birnenpflücken", PATIENCE)
    hagen.until_found("Kuchen", "Winterfest", PATIENCE)
    assert hagen.titles("Apfelpflücken") == []
    _stored(hagen, event, "Winterfest", datetime(NEXT, 12, 1, 12, tzinfo=UTC))

    for post in (note, event, before):
        fedify.delete(post)
    for words in ("Birnenpflücken", "Kuchen", "Kartoffelfest"):
        hagen.until_lost(words, PATIENCE)
    # An Accept, two Creates, two Updates, three Deletes.
    assert came_from(hagen, fedify) == [("rfc9421", "handled")] * 8
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
    follow_theirs(hagen, fedify)
    fedify.post("<p>Quittenfest im Garten</p>")
    hagen.until_found("Quittenfest", "Quittenfest im Garten", PATIENCE)
    hagen.write(sources.remove, fedify.actor)
    until(hagen, lambda: fedify.state().followers == (), "tells Fedify of the Undo")
    assert [one.activity for one in fedify.state().received] == ["Follow", "Undo"]
    assert fedify.state().unverified == ()
    fedify.post("<p>Mispelfest im Garten</p>")
    hagen.until_quiet()
    assert hagen.titles("Mispelfest") == []


def test_it_may_refuse_us(hagen: Town, fedify: FedifyPeer) -> None:
    hermit = fedify.another("einsiedler", refuses=True)
    hagen.follow(hermit.actor)
    until(hagen, lambda: _source_state(hagen, hermit.actor) == "rejected", "is told no")
    assert hermit.state().followers == ()


def test_it_may_throw_us_out(hagen: Town, fedify: FedifyPeer) -> None:
    follow_theirs(hagen, fedify)
    fedify.order("reject", actorUri=hagen.actor)
    until(hagen, lambda: _source_state(hagen, fedify.actor) == "rejected", "is thrown out")
    assert came_from(hagen, fedify) == [("rfc9421", "handled")] * 2
    fedify.post("<p>Holunderfest im Garten</p>", tell=[hagen.actor])
    until(hagen, lambda: len(fedify.state().knocks_at(hagen.url)) == 3, "was told of a post all the same")
    assert len(came_from(hagen, fedify)) == 2  # dropped before it was stored


def _source_state(hagen: Town, uri: str) -> str:
    source = hagen.source(uri)
    return source.state if source else ""


def test_both_follow_each_other(hagen: Town, fedify: FedifyPeer, organisation: Organisation) -> None:
    """Fedify keeps what it learned of our keys and we what we learned of its, across both directions."""
    follow_ours(hagen, fedify, organisation.uri)
    follow_theirs(hagen, fedify, fedify.handle)
    uri = organisation.publish(towns.opportunity("Lesepatin gesucht"))
    assert parsed(hagen, fedify, "Create", uri)["type"] == "Note"
    fedify.post("<p>Schlehenfest im Garten</p>")
    hagen.until_found("Schlehenfest", "Schlehenfest im Garten", PATIENCE)
    learned = known(hagen, fedify.actor)
    assert (learned.name, learned.shared_inbox) == ("Nachbarverein auf Fedify", f"{fedify.origin}/inbox")
    assert fedify.state().unverified == ()
    assert {how for how, _ in came_from(hagen, fedify)} == {"rfc9421"}


# --- boosts -----------------------------------------------------------------------------------------------------------
def test_followers_of_the_instance_get_its_announce(
    hagen: Town, fedify: FedifyPeer, organisation: Organisation
) -> None:
    follow_ours(hagen, fedify, hagen.actor)
    start = datetime(NEXT, 6, 1, 12, 0, tzinfo=UTC)
    uri = organisation.publish(towns.event("Nachbarschaftsfest", start))
    boost = until_received(hagen, fedify, "Announce", uri)
    assert boost.actor == hagen.actor
    assert boost.object is not None  # Fedify went and got it
    assert (boost.object["type"], boost.object["name"]) == ("Event", "Nachbarschaftsfest")
    organisation.publish(towns.event("Nachbarschaftsfest", start, status="withdrawn"))
    until_received(hagen, fedify, "Delete", uri)
    fedify.unfollow(hagen.actor)
    until(hagen, lambda: fedify.actor not in hagen.followers(), "lets Fedify go")
    assert [one.activity for one in fedify.state().received] == ["Accept", "Announce", "Delete"]


def test_an_offer_shown_again_is_a_boost_that_is_taken_back(
    hagen: Town, fedify: FedifyPeer, organisation: Organisation
) -> None:
    follow_ours(hagen, fedify, organisation.uri)
    uri = organisation.publish(towns.opportunity("Vorleser gesucht"))
    until_received(hagen, fedify, "Create", uri)
    _let_pass(hagen, uri, things_actions.AGAIN)
    hagen.write(things_actions.show_again, organisation.uri, "angebot")
    boost = until_received(hagen, fedify, "Announce", uri)
    assert (boost.actor, boost.cc) == (organisation.uri, (f"{organisation.uri}/followers",))
    assert boost.object is not None
    assert "Vorleser gesucht" in boost.object["content"]
    _let_pass(hagen, uri, things_actions.STANDS)
    hagen.write(things_actions.take_back_shown)
    assert boost.id is not None
    assert until_received(hagen, fedify, "Undo", boost.id).actor == organisation.uri
    assert fedify.state().unverified == ()


def _let_pass(hagen: Town, uri: str, age: timedelta) -> None:
    """Let it seem so long ago that something was shown: signatures forbid putting the clock forward."""

    def age_it(work: Work) -> None:
        row = showings.find(work, uri)
        assert row is not None
        row.shown_at = work.now - age - timedelta(minutes=1)

    hagen.write(age_it)


def test_we_index_what_a_source_boosts_and_nothing_of_its_author_beside(hagen: Town, open_site: OpenSite) -> None:
    author, source = open_site(), open_site()
    follow_theirs(hagen, source)
    post = author.post("<p>Flohmarkt am Wehringhauser Bahnhof</p>")
    author.post("<p>Blutspende am Wehringhauser Bahnhof</p>")
    boost = source.say("Announce", post, to=hagen.actor, followers=True)
    card = hagen.until_found("Flohmarkt", "Flohmarkt am Wehringhauser Bahnhof", PATIENCE)
    assert card.origin_url.startswith(f"{author.origin}/posts/")
    assert hagen.titles("Blutspende") == []
    assert until_handled(hagen, boost) == f"asking the origin of {post}"
    assert until_handled(hagen, source.undo(boost)) == "handled"
    hagen.until_lost("Flohmarkt", PATIENCE)  # it was here by that word alone, and may come again by another
    source.say("Announce", post, to=hagen.actor, followers=True)
    hagen.until_found("Flohmarkt", "Flohmarkt am Wehringhauser Bahnhof", PATIENCE)
    author.say("Delete", post, to=hagen.actor)
    hagen.until_lost("Flohmarkt", PATIENCE)
