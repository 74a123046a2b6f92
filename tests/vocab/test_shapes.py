"""Shapes in which peers write one and the same: as a list of one, by name only, prefixed, without what they may omit.

Real payloads show them too, where those of others are at hand (`samples.WIRE`); these are always there.
"""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import codec, guard, multikey
from fediverse_ehrenamt.vocab.agreements import Agreement
from fediverse_ehrenamt.vocab.types import (
    Accept,
    Activity,
    Actor,
    Create,
    Effort,
    Event,
    EventDetails,
    Follow,
    Note,
    Offer,
    Opportunity,
    OtherActivity,
    Undo,
    Unsupported,
    Update,
)

AS2 = "https://www.w3.org/ns/activitystreams"
ACTOR, THING = "https://verein.example/u/thw", "https://verein.example/o/1"
PROPOSAL = "https://hagen.example/ap/object/lesepatin"


def activity(kind: str, about: object, **more: object) -> bytes:
    return orjson.dumps({"@context": AS2, "id": f"{THING}/did", "type": kind, "actor": ACTOR, "object": about} | more)


def thing(kind: str = "Note", **more: object) -> bytes:
    return orjson.dumps({"@context": AS2, "id": THING, "type": kind, "attributedTo": ACTOR} | more)


def event(**more: object) -> Event:
    read = codec.parse_object(thing("Event", name="Fest", startTime="2026-12-01T10:00:00Z", **more))
    assert isinstance(read, Event)
    return read


# --- activities -------------------------------------------------------------------------------------------------------
def test_a_list_of_one_type_is_that_type() -> None:
    create = codec.parse_activity(activity("Create", {"id": THING, "type": ["Note"], "content": "x"}))
    assert isinstance(create, Create)
    assert isinstance(create.object, Note)


def test_a_create_may_name_what_it_speaks_of() -> None:
    assert codec.parse_activity(activity("Create", THING)).object == THING


@pytest.mark.parametrize("kind", ["Create", "Update", "Undo", "Accept", "Announce", "Delete", "Like"])
def test_an_object_of_an_id_alone_is_that_id(kind: str) -> None:
    """JSON-LD knows no difference between the two."""
    for about in (THING, {"id": THING}, [{"id": THING}], {"@context": AS2, "id": THING}):
        assert codec.parse_activity(activity(kind, about)).object == THING
        outline = codec.parse_outline(activity(kind, about)).activity
        assert outline is not None
        assert outline.object_id == THING


def test_a_question_that_somebody_asks_is_an_activity_that_a_poll_is_not() -> None:
    """Activity Vocabulary, section 3.1: it has no object, and nobody here a use for it."""
    body = orjson.loads(activity("Question", None, name="Wer kommt?", oneOf=[{"type": "Note", "name": "Ich"}]))
    assert isinstance(codec.parse_activity(orjson.dumps(body)), OtherActivity)
    del body["actor"]
    with pytest.raises(Malformed, match="exactly one actor"):
        codec.parse_activity(orjson.dumps(body))


def test_an_invitation_to_an_event_publishes_it() -> None:
    """Zap and its kin never send the Create of an event."""
    body = activity("Invite", orjson.loads(thing("Event", name="Fest", startTime="2026-12-01T10:00:00Z")), to=[ACTOR])
    read, outline = codec.parse_activity(body), codec.parse_outline(body).activity
    assert isinstance(read, Create)
    assert isinstance(read.object, Event)
    assert isinstance(outline, Create)
    assert (outline.object_id, outline.to) == (THING, (ACTOR,))
    assert isinstance(codec.parse_activity(activity("Invite", {"id": THING, "type": "Member"})), OtherActivity)


@pytest.mark.parametrize("kind", ["Accept", "TentativeAccept", "Reject"])
def test_an_answer_to_an_invitation_answers_the_event(kind: str) -> None:
    invited = orjson.loads(activity("Invite", {"id": PROPOSAL, "type": "Event", "name": "Fest"}))
    for body in (activity(kind, invited), activity(kind, invited | {"object": PROPOSAL})):
        assert codec.parse_activity(body).object == PROPOSAL
        outline = codec.parse_outline(body).activity
        assert outline is not None
        assert outline.object_id == PROPOSAL
    undone = codec.parse_activity(activity("Undo", orjson.loads(activity(kind, invited))))
    assert isinstance(undone.object, Activity)
    assert undone.object.object == PROPOSAL
    assert isinstance(codec.parse_activity(activity(kind, orjson.loads(activity("Follow", ACTOR)))).object, Follow)


def test_an_outline_reads_activities_inside_in_full() -> None:
    follow = {"id": f"{ACTOR}/follow", "type": "Follow", "actor": ACTOR, "object": "https://hagen.example/u/x"}
    undo = codec.parse_outline(activity("Undo", follow)).activity
    assert isinstance(undo, Undo)
    assert isinstance(undo.object, Follow)
    assert undo.object.object == follow["object"]


def test_a_stub_of_an_actor_is_nothing_to_us() -> None:
    update = codec.parse_activity(activity("Update", {"id": ACTOR, "type": "Person", "name": "THW"}))
    assert isinstance(update, Update)
    assert update.object == Unsupported(id=ACTOR, type="Person")
    with pytest.raises(Malformed, match="an inbox"):
        codec.parse_object(thing("Person", name="THW"))


def test_a_document_without_an_id_is_none() -> None:
    with pytest.raises(Malformed, match="no http"):
        codec.parse_object(thing(id="", content="x"))


# --- committing to a proposal (FEP-0837) ------------------------------------------------------------------------------
def test_an_offer_commits_to_an_intent_of_the_proposal() -> None:
    commitments = [{"type": "Commitment"}, {"type": "Commitment", "satisfies": f"{PROPOSAL}#primary"}]
    agreement = {"type": "Agreement", "content": "Ich lese gern vor.", "stipulates": commitments}
    offer = codec.parse_activity(activity("Offer", [{"type": "Note"}, agreement]))
    assert isinstance(offer, Offer)
    assert (offer.object, offer.message) == (PROPOSAL, "Ich lese gern vor.")


def test_what_is_said_beside_an_offer_comes_first() -> None:
    offer = codec.parse_activity(activity("Offer", PROPOSAL, content="Gern!"))
    assert isinstance(offer, Offer)
    assert (offer.object, offer.message) == (PROPOSAL, "Gern!")


def test_what_was_agreed_on_is_written_with_its_terms() -> None:
    agreed = Agreement(id=f"{PROPOSAL}/agreed", attributed_to=ACTOR, satisfies=f"{PROPOSAL}#primary")
    accept = Accept(id=f"{PROPOSAL}/yes", actor="https://hagen.example/u/x", object=THING, result=agreed)
    written = orjson.loads(codec.write(accept))
    assert {"Agreement", "Commitment", "satisfies"} <= {term for one in written["@context"][1:] for term in one}
    assert written["result"]["stipulates"]["satisfies"] == agreed.satisfies


# --- objects ----------------------------------------------------------------------------------------------------------
def test_of_a_group_and_a_person_the_person_wrote_it() -> None:
    authors = [{"type": "Group", "id": "https://verein.example/g/kanal"}, {"type": "Person", "id": ACTOR}]
    for order in (authors, authors[::-1]):
        video = codec.parse_object(thing("Video", attributedTo=order))
        assert isinstance(video, Note)
        assert video.attributed_to == ACTOR


def test_a_group_alone_wrote_it() -> None:
    group = {"type": "Group", "id": "https://verein.example/g/kanal"}
    video = codec.parse_object(thing("Video", attributedTo=[group]))
    assert isinstance(video, Note)
    assert video.attributed_to == group["id"]


_EXCERPT, _WHOLE = "<p>Wir suchen …</p>", "<p>Wir suchen Leute für das Fest.</p>"


@pytest.mark.parametrize("kind", ["Article", "Page", "Video", "Audio", "Image"])
@pytest.mark.parametrize(
    ("said", "summary", "content"),
    [
        ({"summary": _EXCERPT, "content": _WHOLE}, "", _WHOLE),
        ({"summary": _EXCERPT, "content": _WHOLE, "sensitive": False}, "", _WHOLE),
        ({"summary": _EXCERPT}, "", _EXCERPT),
        ({"summary": "Es brennt", "content": _WHOLE, "sensitive": True}, "Es brennt", _WHOLE),
    ],
)
def test_the_post_of_a_blog_or_forum_is_a_note_whose_summary_is_an_excerpt(
    kind: str, said: dict[str, object], summary: str, content: str
) -> None:
    """WordPress warns by `summary` and `sensitive`; without that it is what a list shows of the text."""
    post = codec.parse_object(thing(kind, name="Helfer &amp; Helferinnen", **said))
    assert isinstance(post, Note)
    assert (post.name, post.summary, post.content) == ("Helfer & Helferinnen", summary, content)


def test_a_list_of_one_is_what_stands_in_it() -> None:
    """JSON-LD knows no difference; processors that do not compact arrays write all properties so."""
    plain: dict[str, object] = {
        "name": "Sommerfest",
        "content": "<p>Wer hilft?</p>",
        "published": "2026-06-01T08:00:00Z",
        "startTime": "2026-07-04T14:00:00Z",
        "url": "https://verein.example/fest",
        "to": "as:Public",
        "location": {"type": "Place", "name": "Park", "address": {"addressLocality": "Hagen"}},
        "maximumAttendeeCapacity": 30,
        "tag": {"type": "Hashtag", "name": "#Fest"},
        "attachment": {"type": "Image", "url": "https://verein.example/fest.png"},
        "status": "CANCELLED",
        "mediaType": "text/html",
    }
    event = codec.parse_object(thing("Event", **plain))
    assert isinstance(event, Event)
    assert (event.name, event.capacity, event.status) == ("Sommerfest", 30, "cancelled")
    listed = codec.parse_object(thing("Event", type=["Event"], **{key: [value] for key, value in plain.items()}))
    assert isinstance(listed, Event)
    assert replace(listed, raw=b"") == replace(event, raw=b"")


@pytest.mark.parametrize("several", ["oneOf", "anyOf"])
def test_a_poll_is_a_note_with_its_choices(several: str) -> None:
    choices = [{"type": "Note", "name": name, "replies": {"totalItems": 2}} for name in ("Sa & So", "<b>nie</b>", "")]
    said = {"content": "<p>Wann?</p>", "contentMap": {"de": "<p>Wann?</p>"}, several: choices}
    poll = codec.parse_object(thing("Question", **said))
    assert isinstance(poll, Note)
    assert poll.content == poll.content_map["de"] == "<p>Wann?</p><ul><li>Sa &amp; So</li><li>nie</li></ul>"
    without = codec.parse_object(thing("Question", content="<p>Wann?</p>"))
    assert isinstance(without, Note)
    assert without.content == "<p>Wann?</p>"


def test_where_only_versions_stand_one_of_them_is_the_text() -> None:
    note = codec.parse_object(thing(contentMap={"fr": "Bonjour", "de": "Guten Tag", "no language": "x"}))
    assert isinstance(note, Note)
    assert (note.content, note.language) == ("Guten Tag", "de")
    assert set(note.content_map) == {"fr", "de"}


def test_a_hashtag_without_a_name_and_other_tags_are_none() -> None:
    tags = [
        {"type": "Hashtag", "name": "#"},
        {"type": "Emoji", "name": ":x:"},
        {"type": "Hashtag", "name": "#Ehrenamt"},
    ]
    assert [tag.name for tag in event(tag=tags).hashtags] == ["Ehrenamt"]


def test_a_place_is_a_name_or_an_address_on_the_web() -> None:
    named, online = event(location="Bürgerhaus"), event(location="https://raum.example/fest")
    assert named.place is not None
    assert (named.place.name, named.online) == ("Bürgerhaus", False)
    assert (online.place, online.online, online.online_url) == (None, True, "https://raum.example/fest")


@pytest.mark.parametrize(
    ("said", "name", "street", "town"),
    [
        ("Rathaus, Markt 1, 58095 Hagen", "Rathaus", "Markt 1", "Hagen"),
        ("Rathaus, 58095 Hagen, Deutschland", "Rathaus", "", "Hagen"),
        ("58095 Hagen", "", "", "Hagen"),
        ("Halle 12345 Plätze", "Halle 12345 Plätze", "", ""),
        ("Rathaus, Hagen", "Rathaus, Hagen", "", ""),
    ],
)
def test_an_address_in_the_name_of_a_place(said: str, name: str, street: str, town: str) -> None:
    """As whoever has only one field for it writes it: a postcode is where a search by place finds it."""
    for location in (said, {"type": "Place", "name": said}):
        found = event(location=location).place
        assert found is not None
        assert (found.name, found.street, found.locality) == (name, street, town)
    whole = event(location={"type": "Place", "name": said, "address": {"addressLocality": "Herdecke"}}).place
    assert whole is not None
    assert (whole.name, whole.locality) == (said, "Herdecke")


@pytest.mark.parametrize(
    ("times", "ends"),
    [
        ({"duration": "PT2H30M"}, "2026-12-01T12:30:00Z"),
        ({"duration": "PT2H30M", "endTime": "2026-12-01T11:00:00Z"}, "2026-12-01T11:00:00Z"),
        ({"duration": "PT1H", "endTime": "bald"}, "2026-12-01T11:00:00Z"),
        ({"duration": "P1M"}, ""),
        ({"duration": 90}, ""),
    ],
)
def test_the_end_of_an_event_may_be_said_by_its_duration(times: dict[str, Any], ends: str) -> None:
    found = event(**times).ends_at
    assert (clock.write(found) if found else "") == ends


@pytest.mark.parametrize(
    ("times", "starts", "ends"),
    [
        ({"startTime": "2030-05-04"}, "2030-05-03T22:00:00Z", "2030-05-04T22:00:00Z"),
        ({"startTime": "2030-05-04", "endTime": "2030-05-05"}, "2030-05-03T22:00:00Z", "2030-05-05T22:00:00Z"),
        ({"startTime": "2030-05-04", "timezone": "Europe/London"}, "2030-05-03T23:00:00Z", "2030-05-04T23:00:00Z"),
        ({"startTime": "2030-05-04", "duration": "PT2H"}, "2030-05-03T22:00:00Z", "2030-05-04T00:00:00Z"),
        ({"startTime": "2030-03-31"}, "2030-03-30T23:00:00Z", "2030-03-31T22:00:00Z"),
        ({"startTime": "2030-05-04", "endTime": "2030-05-03"}, "2030-05-03T22:00:00Z", "2030-05-04T22:00:00Z"),
    ],
)
def test_a_day_without_a_time_is_all_of_that_day(times: dict[str, Any], starts: str, ends: str) -> None:
    read = codec.parse_object(thing("Event", **times))
    assert isinstance(read, Event)
    assert read.ends_at is not None
    assert (clock.write(read.starts_at), clock.write(read.ends_at)) == (starts, ends)


# --- terms in other words ---------------------------------------------------------------------------------------------
def test_a_key_whose_type_is_written_out() -> None:
    """As Fedify writes it."""
    key = multikey.encode(bytes(range(32)))
    method = {
        "id": f"{ACTOR}#key", "type": "Multikey", "controller": ACTOR,
        "publicKeyMultibase": {"@type": "https://w3id.org/security#multibase", "@value": key},
    }  # fmt: skip
    contexts = [AS2, "https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
    person = thing("Person", **{"@context": contexts, "inbox": f"{ACTOR}/inbox", "assertionMethod": [method]})
    read = codec.parse_object(person)
    assert isinstance(read, Actor)
    assert [one.multibase for one in read.assertion_methods] == [key]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"@context": AS2, "as:url": "kein Verweis", "url": "https://verein.example/1"}, "twice in different words"),
        ({"@context": [AS2, {"a": "b:x", "b": "a:x"}], "as:name": "x"}, "understands: cyclic IRI mapping"),
        ({"@context": [AS2, {"@version": 7}], "as:name": "x"}, "no JSON-LD that this server understands"),
        ({"@id": THING}, "exactly one object"),
    ],
)
def test_what_cannot_be_compacted_is_malformed(document: dict[str, Any], reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        codec.parse_object(orjson.dumps(document))


def test_contexts_inside_contexts_have_an_end() -> None:
    terms: Any = {}
    for _ in range(guard.MAX_CONTEXT_DEPTH + 1):
        terms = {"x": {"@id": "https://x.example/", "@context": terms}}
    with pytest.raises(Malformed, match="Contexts are nested"):
        codec.parse_object(thing(**{"@context": terms}))


# --- terms of our own -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("prefix", ["", "ehrenamt:", "https://w3id.org/ehrenamt#"])
def test_our_terms_may_be_prefixed_or_in_full(prefix: str) -> None:
    said: dict[str, Any] = {"title": "Vorlesen", "kind": "ehrenamt:regelmaessig", "effort": {f"{prefix}minHours": 2}}
    inner: dict[str, Any] = {f"{prefix}opportunity": {f"{prefix}{key}": one for key, one in said.items()}}
    offer = codec.parse_object(thing(**inner))
    assert isinstance(offer, Opportunity)
    assert (offer.details.title, offer.details.kind) == ("Vorlesen", "regelmaessig")
    assert offer.details.effort == Effort(min_hours=2)
    made = event(**{f"{prefix}eventDetails": {f"{prefix}kind": "fest", f"{prefix}cost": "frei"}})
    assert made.details == EventDetails(kind="fest", cost="frei")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("mailto:fest@verein.example", "mailto:fest@verein.example"),
        ("MAILTO:fest@verein.example?subject=Fest&bcc=x@y.example", "mailto:fest@verein.example"),
        ("mailto:fest@verein.example,x@y.example", ""),
        ("mailto:fest", ""),
        ("javascript:alert(1)", ""),
        ("https://verein.example/fest", "https://verein.example/fest"),
    ],
)
def test_where_one_signs_up_for_an_event_may_be_a_mailbox(said: str, read: str) -> None:
    """FEP-8a8e, "External participation"."""
    assert event(externalParticipationUrl=said).participation_url == read


def test_a_language_may_be_written_as_a_locale_is() -> None:
    note = codec.parse_object(thing(content="<p>Moin</p>", contentMap={"de_DE": "<p>Moin</p>", "en_us": "<p>Hi</p>"}))
    assert isinstance(note, Note)
    assert (note.language, dict(note.content_map)) == ("de-DE", {"de-DE": "<p>Moin</p>", "en-US": "<p>Hi</p>"})
