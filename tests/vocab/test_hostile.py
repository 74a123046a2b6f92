"""Whatever comes in, a value or Malformed goes out; two readers are never told different things."""

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import activities, body, codec, reader
from fediverse_ehrenamt.vocab.types import Create, Delete, Event, Like, Note, Opportunity, Undo, Unsupported
from tests.vocab import strategies

AS2 = "https://www.w3.org/ns/activitystreams"
_ACTOR, _ID = "https://verein.example/u/thw", "https://verein.example/a/1"
_SETTINGS = settings(max_examples=300, suppress_health_check=list(HealthCheck))

_TEXTS = (
    "Note Event Create Announce Undo Delete Person OrderedCollection Place Image Link Hashtag Mention Document "
    "https://a.example/1 as:Public 2026-12-12T14:00:00Z 2026-12-12 Europe/Berlin Europe de sport text/plain image/png "
    "javascript:alert(1) @id @type @graph https://[::1/ 0 -1 1e999 \u202e\x00"
)
_WORDS = st.sampled_from(_TEXTS.split())
_TERMS = (
    "@context @id @type as:actor id type actor object to cc attributedTo name nameMap content contentMap summary url "
    "href tag attachment image icon location address latitude longitude startTime endTime timezone status opportunity "
    "eventDetails organisation title kind areas availability effort skills titleMap sameAs expiresAt startDate places "
    "inbox publicKey publicKeyPem owner endpoints assertionMethod first orderedItems items totalItems mediaType "
    "language identifier inReplyTo published updated maximumAttendeeCapacity isOnline"
)
_KEYS = st.sampled_from(_TERMS.split())
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _WORDS | st.text(max_size=20)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=8), max_leaves=40
)


def _parse_all(data: bytes) -> None:
    for parse in (codec.parse_activity, codec.parse_object, codec.parse_key_document):
        try:
            parse(data)
        except Malformed:
            continue


@_SETTINGS
@pytest.mark.unmeasured
@given(st.dictionaries(_KEYS, _JSON, max_size=12))
def test_any_json_is_a_value_or_malformed(document: dict[str, Any]) -> None:
    try:
        _parse_all(orjson.dumps(document))
    except TypeError:  # an integer beyond 64 bits cannot be written by orjson
        return


@_SETTINGS
@pytest.mark.unmeasured
@given(strategies.documents, st.data())
def test_a_broken_good_document_is_a_value_or_malformed(value: Any, data: st.DataObject) -> None:
    document = orjson.loads(codec.write(value))
    inner = document
    for _ in range(data.draw(st.integers(0, 3))):
        choices = [part for part in inner.values() if isinstance(part, dict) and part]
        if choices:
            inner = data.draw(st.sampled_from(choices))
    inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(_JSON.filter(lambda part: "e999" not in str(part)))
    try:
        broken = orjson.dumps(document)
    except TypeError:
        return
    _parse_all(broken)


@_SETTINGS
@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_malformed(data: bytes) -> None:
    _parse_all(data)


def _create(**changes: Any) -> bytes:
    note = {
        "id": "https://verein.example/o/1",
        "type": "Note",
        "attributedTo": _ACTOR,
        "content": "<p>x</p>",
        "to": [AS2 + "#Public"],
    }
    return orjson.dumps({"@context": AS2, "id": _ID, "type": "Create", "actor": _ACTOR, "object": note} | changes)


@pytest.mark.parametrize(
    "terms",
    [
        {"actor": "https://evil.example/ns#actor"},
        {"actor": None},
        {"actor": {"@type": "@id"}},
        {"actor": {"@id": "as:actor", "@container": "@id"}},
        {"object": {"@id": "as:object", "@type": "@json"}},
        {"id": "https://evil.example/id"},
        {"type": "@id"},
        {"as": "https://evil.example/ns#"},
        {"owner": "https://evil.example/owner"},
        {"x": "@graph"},
        {"x": {"@id": "@nest"}},
        {"x": {"@reverse": "as:object"}},
        {"x": {"@id": "https://x.example/", "@container": ["@graph", "@id"]}},
        {"@import": "https://evil.example/context"},
        {"x": {"@id": "https://x.example/", "@context": {"to": "https://evil.example/to"}}},
        {"x": {"@id": "https://x.example/", "@context": [{"y": {"@id": "as:y", "@context": {"to": None}}}]}},
        7,
    ],
)
def test_contexts_that_change_the_meaning_are_refused(terms: Any) -> None:
    with pytest.raises(Malformed):
        codec.parse_activity(_create(**{"@context": [AS2, terms]}))
    inner = {"id": "https://verein.example/o/1", "type": "Note", "@context": [AS2, terms]}
    with pytest.raises(Malformed):
        codec.parse_activity(_create(object=inner))


@pytest.mark.parametrize("key", ["@graph", "@included", "@reverse", "@nest"])
def test_smuggling_keywords_are_refused_anywhere(key: str) -> None:
    with pytest.raises(Malformed):
        codec.parse_activity(_create(tag=[{"x": {key: []}}]))


def test_the_usual_contexts_are_plain() -> None:
    usual = {
        "toot": "http://joinmastodon.org/ns#",
        "Hashtag": "as:Hashtag",
        "sensitive": "as:sensitive",
        "sec": "https://w3id.org/security#",
    }
    assert isinstance(codec.parse_activity(_create(**{"@context": [AS2, "https://unknown.example/c", usual]})), Create)


def test_full_iris_prefixes_and_aliases_are_compacted() -> None:
    plain = codec.parse_activity(_create())
    document = orjson.loads(_create())
    note = document["object"]
    aliased = {
        "@context": [AS2, {"wer": "as:actor", "was": "as:object"}],
        "id": _ID,
        "type": "Create",
        "wer": {"id": _ACTOR},
        "was": note,
    }
    prefixed = {"@context": AS2, "@id": _ID, "@type": "as:Create", "as:actor": {"@id": _ACTOR}, "as:object": note}
    for other in (aliased, prefixed):
        assert codec.parse_activity(orjson.dumps(other)) == plain


def test_an_alias_beside_the_term_makes_two_actors() -> None:
    with pytest.raises(Malformed):
        codec.parse_activity(
            _create(**{"@context": [AS2, {"wer": "as:actor"}], "wer": {"id": "https://evil.example/u/x"}})
        )


def test_an_unknown_context_is_neither_fetched_nor_a_fault() -> None:
    body_ = _create(**{"@context": [AS2, "https://unknown.example/c"], "as:to": ["as:Public"], "unknown:term": 1})
    assert codec.parse_activity(body_).to == ("https://www.w3.org/ns/activitystreams#Public",)


def test_a_large_aliased_body_is_refused_unread() -> None:
    with pytest.raises(Malformed, match=str(body.MAX_COMPACTED)):
        codec.parse_activity(_create(**{"as:to": [], "content": "x" * body.MAX_COMPACTED}))


def test_bounds() -> None:
    deep: Any = {}
    for _ in range(body.MAX_DEPTH):
        deep = {"x": deep}
    with pytest.raises(Malformed, match="deeper"):
        codec.parse_activity(_create(x=deep))
    with pytest.raises(Malformed, match="values"):
        codec.parse_activity(_create(x=[0] * (body.MAX_VALUES + 1)))
    activity: Any = "https://a.example/1"
    for _ in range(activities.MAX_NESTED + 1):
        activity = {"type": "Announce", "actor": _ACTOR, "object": activity}
    assert codec.parse_activity(orjson.dumps(activity)).actor == _ACTOR
    with pytest.raises(Malformed):
        codec.parse_activity(orjson.dumps({"type": "Announce", "actor": _ACTOR, "object": activity}))


# --- what is lenient and what is not ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes",
    [
        {"type": None},
        {"type": "Note"},
        {"type": ["Create", "Delete"]},
        {"type": ["Create", "Note"]},
        {"type": ["x:Mine", "x:Yours"]},
        {"actor": [_ACTOR, "https://evil.example/u/x"]},
        {"actor": "acct:thw@verein.example"},
        {"actor": {"type": "Person"}},
        {"object": None},
        {"object": []},
        {"object": 7},
        {"object": {"type": "Note", "content": "without an id"}},
        {"object": ["https://a.example/1", "https://a.example/2"]},
        {"type": "Delete", "object": {"type": "Tombstone"}},
        {"type": "Follow", "object": "javascript:alert(1)"},
    ],
)
def test_what_is_malformed(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        codec.parse_activity(_create(**changes))


def test_the_type_of_an_extension_stands_beside_the_one_that_it_extends() -> None:
    """As the Activity Vocabulary demands of extensions (section 2.1)."""
    assert isinstance(codec.parse_activity(_create(type=["Create", "http://schema.org/CreateAction"])), Create)
    assert isinstance(codec.parse_activity(_create(type=["http://schema.org/LikeAction", "Like"])), Like)


def test_an_unreadable_thing_inside_an_undo_counts_as_its_id() -> None:
    undo = codec.parse_activity(_create(type="Undo", object={"type": "Follow", "id": "https://a.example/f"}))
    assert isinstance(undo, Undo)
    assert undo.object == "https://a.example/f"
    delete = codec.parse_activity(_create(type="Delete", object={"id": "https://a.example/o"}))
    assert isinstance(delete, Delete)
    assert delete.object_id == "https://a.example/o"


def _object(**changes: Any) -> Any:
    base = {"@context": AS2, "id": "https://verein.example/o/1", "type": "Note", "content": "<p>x</p>"}
    return codec.parse_object(orjson.dumps(base | changes))


def _event(**changes: Any) -> Any:
    return _object(**{"type": "Event", "name": "Fest", "startTime": "2026-12-12T14:00:00+01:00"} | changes)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//a.example",
        "https://a@b.example/",
        "https://a b",
        7,
        "https://" + "a" * 3000,
    ],
)
def test_only_web_addresses_survive(url: Any) -> None:
    note = _object(
        url=url,
        attachment=[{"type": "Image", "url": url}, {"type": "Link", "href": url}],
        tag=[{"type": "Hashtag", "name": "#x", "href": url}, {"type": "Mention", "href": url}],
        image=url,
        location={"type": "VirtualLocation", "url": url},
    )
    assert (note.url, note.images, note.links, note.mentions, note.online_url) == ("", (), (), (), "")
    assert note.hashtags[0].href == ""


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"latitude": "51.5", "longitude": "7.25"}, (51.5, 7.25)),
        ({"latitude": 0, "longitude": 0.0}, (None, None)),
        ({"latitude": 91, "longitude": 7}, (None, None)),
        ({"latitude": "nan", "longitude": "inf"}, (None, None)),
        ({"latitude": True, "longitude": 7}, (None, None)),
        ({"latitude": 51}, (None, None)),
        ({"latitude": 0, "longitude": 7}, (0.0, 7.0)),
    ],
)
def test_coordinates(place: dict[str, Any], expected: tuple[float | None, float | None]) -> None:
    found = _event(location={"type": "Place", "name": "x"} | place).place
    assert (found.latitude, found.longitude) == expected


@pytest.mark.parametrize(
    ("line", "street", "postcode", "town"),
    [
        ("Ostwall 1, 59555 Lippstadt", "Ostwall 1", "59555", "Lippstadt"),
        ("59555 Lippstadt", "", "59555", "Lippstadt"),
        ("Am Markt 2; 58095 Hagen, Deutschland", "Am Markt 2", "58095", "Hagen"),
        ("Str. des 17. Juni 135 10623 Berlin", "Str. des 17. Juni 135", "10623", "Berlin"),
        ("Via Roma 5, Torino", "Via Roma 5, Torino", "", ""),
        ("Zimmer 10623", "Zimmer 10623", "", ""),
    ],
)
def test_an_address_in_one_line(line: str, street: str, postcode: str, town: str) -> None:
    """As Gancio sends it."""
    found = _event(location={"type": "Place", "name": "x", "address": line}).place
    assert (found.street, found.postcode, found.locality) == (street, postcode, town)


@pytest.mark.parametrize(
    ("times", "starts"),
    [
        ({"startTime": "2026-07-01T14:00:00", "timezone": "Europe/Berlin"}, "2026-07-01T12:00:00Z"),
        ({"startTime": "2026-12-12T14:00:00"}, "2026-12-12T13:00:00Z"),
        ({"startTime": "2026-07-01T14:00:00"}, "2026-07-01T12:00:00Z"),
        ({"startTime": "2026-12-12", "timezone": "Europe/Berlin"}, "2026-12-11T23:00:00Z"),
        ({"startTime": "2026-12-12"}, "2026-12-11T23:00:00Z"),
        ({"startTime": "2026-12-12T14:00:00Z", "timezone": "../../etc/passwd"}, "2026-12-12T14:00:00Z"),
    ],
)
def test_times_without_an_offset(times: dict[str, str], starts: str) -> None:
    assert _event(**times).starts_at.strftime("%Y-%m-%dT%H:%M:%SZ") == starts


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"status": "CANCELLED"}, "cancelled"),
        ({"ical:status": "TENTATIVE"}, "tentative"),
        ({"eventStatus": "https://schema.org/EventCancelled", "status": "CONFIRMED"}, "cancelled"),
        ({"status": "vielleicht"}, "confirmed"),
    ],
)
def test_status(said: dict[str, str], status: str) -> None:
    assert _event(**said).status == status


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ({"contentMap": {"de-at": "<p>x</p>", "en": "y"}}, "de-AT"),
        ({"contentMap": {"FR": "z"}}, "fr"),
        ({"inLanguage": "uk"}, "uk"),
        ({"language": {"identifier": "nl", "name": "Nederlands"}}, "nl"),
        ({"@context": [AS2, {"@language": "it"}]}, "it"),
        ({"@context": [AS2, {"@language": "und"}]}, ""),
        ({"contentMap": {"de": "a", "en": "b"}}, ""),
    ],
)
def test_language(said: dict[str, Any], language: str) -> None:
    assert _object(**said).language == language


def test_plain_text_content_becomes_paragraphs() -> None:
    note = _object(content="Eins < zwei\nneu\n\nDrei", mediaType="text/plain")
    assert note.content == "<p>Eins &lt; zwei<br>neu</p><p>Drei</p>"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>Eins</p><p>Zwei &amp; drei</p>", "Eins Zwei & drei"),
        ("Kinder < 6 Jahre", "Kinder < 6 Jahre"),
        ("<b>F</b>est<style>x{}</style>", "Fest"),
        ("a\x00\u0007b\n\tc", "ab c"),
        ("&lt;b&gt;", "<b>"),
        (7, ""),
    ],
)
def test_names_are_plain(text: Any, plain: str) -> None:
    assert reader.plain(text) == plain


def test_an_opportunity_keeps_what_is_right_in_it() -> None:
    node = {
        "title": "Vorlesen in der Kita",
        "areas": ["schule_kita", 7, "neu_in_2030", "kultur", "sport"],
        "places": "drei",
        "placesFree": -1,
        "effort": {"minHours": 2, "per": "woche", "maxHours": "viele"},
        "skills": [{"name": "Geduld"}, {"required": True}],
        "availability": {},
        "startDate": "demnächst",
        "trial": "ja",
        "sameAs": ["javascript:x", "https://a.example/1"],
    }
    note = _object(opportunity=node, purpose="unsinn")
    assert isinstance(note, Opportunity)
    assert note.purpose == "request"
    details = note.details
    assert (details.kind, details.areas) == ("unbekannt", ("schule_kita", "neu_in_2030", "kultur"))
    assert (details.places, details.places_free, details.start_date, details.trial) == (None, None, None, None)
    assert details.effort is not None
    assert (details.effort.min_hours, details.effort.max_hours) == (2.0, None)
    assert [skill.name for skill in details.skills] == ["Geduld"]
    assert details.availability is None
    assert details.same_as == ("https://a.example/1",)


def test_without_a_title_it_is_a_note() -> None:
    assert isinstance(_object(opportunity={"kind": "projekt"}), Note)
    assert _event(opportunity={"kind": "projekt"}).opportunity is None
    assert _event(opportunity={"title": "Kasse"}).opportunity.title == "Kasse"


def test_events_without_a_start_and_unknown_types_are_unsupported() -> None:
    assert _event(startTime="bald") == Unsupported(id="https://verein.example/o/1", type="Event")
    assert isinstance(_event(type=["x", "Event"]), Event)
    assert isinstance(_event(type=["Note", "Event"], startTime=None), Note)


def _aliased(contexts: list[Any]) -> bytes:
    letter = {"id": _ID, "type": "Follow", "author": _ACTOR, "object": "https://verein.example/u/2"}
    return orjson.dumps({"@context": [*contexts, {"author": "as:actor"}], **letter})


def test_contexts_that_would_take_seconds_to_compact_are_refused() -> None:
    assert codec.parse_activity(_aliased([AS2])).actor == _ACTOR
    with pytest.raises(Malformed, match="64 contexts"):
        codec.parse_activity(_aliased([AS2] * body.MAX_CONTEXTS))


def test_contexts_that_would_take_long_to_judge_are_refused() -> None:
    terms = {f"term{number}": f"https://verein.example/{number}" for number in range(10_000)}
    with pytest.raises(Malformed, match="bytes"):
        codec.parse_outline(orjson.dumps({"@context": [AS2, terms], "id": _ID, "type": "Create", "actor": _ACTOR}))
