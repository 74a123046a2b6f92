"""An outline says what reading the whole says, or that the whole has to be read."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import codec, outline, parts
from fediverse_ehrenamt.vocab.types import Activity, Announce, Create, Note, Unsupported
from tests.vocab import samples, strategies

AS2 = "https://www.w3.org/ns/activitystreams"
_ACTOR, _ID = "https://verein.example/u/thw", "https://verein.example/a/1"
_LETTER: dict[str, Any] = {
    "@context": [AS2, {"Hashtag": "as:Hashtag", "opportunity": {"@id": "https://w3id.org/ehrenamt#opportunity"}}],
    "id": _ID,
    "type": "Create",
    "actor": _ACTOR,
    "to": [f"{AS2}#Public"],
    "cc": f"{_ACTOR}/followers",
    "object": {"id": "https://verein.example/o/1", "type": "Note", "content": "<p>Grüße an @alle</p>"},
}

_THING = _LETTER["object"]


def _agrees(body: bytes) -> bool:
    """Hold an outline against the whole; return whether there was one."""
    outlined = outline.read(body)
    if outlined is None:
        return False
    found = outlined.activity
    assert found is not None, "a quick outline has one"
    whole = codec.parse_activity(body)
    assert type(found) is type(whole)
    assert (found.id, found.actor, found.object_id) == (whole.id, whole.actor, whole.object_id)
    assert (found.to, found.cc) == (whole.to, whole.cc)
    return True


def test_a_usual_letter() -> None:
    found = outline.read(orjson.dumps(_LETTER))
    assert found is not None
    assert not found.proved
    assert found.activity == Create(
        id=_ID,
        actor=_ACTOR,
        object=Unsupported(id="https://verein.example/o/1", type="Note"),
        to=(f"{AS2}#Public",),
        cc=(f"{_ACTOR}/followers",),
    )
    assert _agrees(orjson.dumps(_LETTER, option=orjson.OPT_INDENT_2))


@pytest.mark.parametrize(
    ("said", "of_the_thing"),
    [
        ({}, True),
        ({"to": None, "cc": []}, True),
        ({"to": "", "cc": None}, True),
        ({"cc": [_ACTOR]}, False),
        ({"to": [None]}, False),
    ],
)
def test_a_letter_without_addressees_is_to_those_of_its_object(said: dict[str, Any], of_the_thing: bool) -> None:
    """The suite of funfedi.dev sends such ones; whose object says it all (ActivityPub §6.2)."""
    bare = {key: value for key, value in _LETTER.items() if key not in {"to", "cc"}}
    body = orjson.dumps({**bare, **said, "object": {**_THING, "to": "https://hagen.example/ap/actor/1", "cc": [_ID]}})
    found = outline.read(body)
    assert found is not None
    assert found.activity is not None
    assert (found.activity.to == ("https://hagen.example/ap/actor/1",)) is of_the_thing
    assert (found.activity.cc == (_ID,)) is of_the_thing
    assert _agrees(body)
    aliased = body.replace(b'"Create"', b'["Create"]')
    whole = codec.parse_outline(aliased).activity
    assert whole is not None
    assert (whole.to, whole.cc) == (found.activity.to, found.activity.cc)


@pytest.mark.parametrize("proof", [{"type": "DataIntegrityProof"}, [], None])
def test_a_proof_is_seen(proof: object) -> None:
    for kind in ("Create", "Follow"):
        body = orjson.dumps({**_LETTER, "type": kind, "proof": proof})
        assert codec.parse_outline(body).proved
        assert not codec.parse_outline(orjson.dumps({**_LETTER, "type": kind})).proved


def test_a_mention_is_no_keyword() -> None:
    mention = {"type": "Mention", "name": "@thw@verein.example"}
    assert _agrees(orjson.dumps({**_LETTER, "object": {**_THING, "tag": [mention]}}))


_OBJECT = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
_QUOTING = "https://misskey-hub.net/ns#_misskey_quote"


@pytest.mark.parametrize(
    ("tag", "quote", "link"),
    [
        ({"mediaType": _OBJECT, "rel": _QUOTING}, True, False),
        ({"mediaType": "application/activity+json", "rel": ["x", _QUOTING]}, True, False),
        ({"mediaType": _OBJECT, "rel": "x"}, False, True),
        ({"mediaType": _OBJECT}, False, True),
        ({"mediaType": _OBJECT, "rel": [{"a": 1}, 7]}, False, True),
        ({"mediaType": "text/html", "rel": _QUOTING}, False, False),
        ({"mediaType": "application/ld+json", "rel": _QUOTING}, False, False),
        ({"mediaType": _OBJECT, "rel": _QUOTING, "type": "Mention"}, False, False),
        ({"mediaType": _OBJECT, "rel": _QUOTING, "href": "javascript:alert(1)"}, False, False),
    ],
)
def test_a_link_to_an_object_is_a_quote_if_it_says_so_and_else_a_link(
    tag: dict[str, object], quote: bool, link: bool
) -> None:
    """FEP-e232."""
    linked = "https://other.example/o/2"
    whole_tag = {"type": "Link", "href": linked, "name": "RE: https://other.example/2", **tag}
    mention = {"type": "Mention", "href": "https://verein.example/thw", "name": "@thw@verein.example"}
    body = orjson.dumps({**_LETTER, "object": {**_THING, "tag": [mention, whole_tag]}})
    read, whole = codec.parse_outline(body).activity, codec.parse_activity(body).object
    assert isinstance(whole, Note)
    assert isinstance(read and read.object, Unsupported)
    assert getattr(read and read.object, "quote", "") == whole.quote == (linked if quote else "")
    assert [one.href for one in whole.links] == ([linked] if link else [])
    slowly = codec.parse_outline(orjson.dumps({**orjson.loads(body), "type": ["Create"]})).activity
    assert getattr(slowly and slowly.object, "quote", "") == whole.quote
    named = orjson.dumps({**_LETTER, "object": {**_THING, "tag": [whole_tag], "quote": "https://other.example/o/3"}})
    assert getattr(codec.parse_activity(named).object, "quote", "") == "https://other.example/o/3"


@pytest.mark.parametrize("name", parts.QUOTES)
def test_what_a_post_quotes_is_seen(name: str) -> None:
    quoted = "https://other.example/o/2"
    body = orjson.dumps({**_LETTER, "object": {**_THING, name: quoted}})
    found, whole = outline.read(body), codec.parse_activity(body).object
    assert found is not None
    assert found.activity is not None
    assert isinstance(found.activity.object, Unsupported)
    assert isinstance(whole, Note)
    assert found.activity.object.quote == whole.quote == quoted
    read = codec.parse_outline(orjson.dumps({**_LETTER, "type": ["Create"], "object": {**_THING, name: [quoted]}}))
    assert isinstance(read.activity and read.activity.object, Note | Unsupported)
    assert getattr(read.activity and read.activity.object, "quote", "") == quoted


def test_an_object_that_is_only_named() -> None:
    found = outline.read(orjson.dumps({**_LETTER, "type": "Announce", "object": "https://verein.example/o/1"}))
    assert found is not None
    assert isinstance(found.activity, Announce)
    assert found.activity.object == "https://verein.example/o/1"


def test_most_real_letters_have_an_outline() -> None:
    bodies = [path.read_bytes() for path in samples.everything() if path.parent.name != "synthetic"]
    agreed = [_agrees(body) for body in bodies if _is_create(body) and _is_readable(body)]
    assert agreed.count(True) > len(agreed) / 2


def _is_create(body: bytes) -> bool:
    try:
        document = orjson.loads(body)
    except ValueError:
        return False
    return isinstance(document, dict) and document.get("type") == "Create"


def _is_readable(body: bytes) -> bool:
    try:
        codec.parse_activity(body)
    except Malformed:
        return False
    return True


@pytest.mark.parametrize("path", samples.everything(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_real_payloads(path: Path) -> None:
    body = path.read_bytes()
    try:
        outline.read(body)
    except Malformed:
        with pytest.raises(Malformed):
            codec.parse_activity(body)
        return
    if _is_readable(body):
        _agrees(body)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@pytest.mark.unmeasured
@given(strategies.activities())
def test_whatever_we_send(activity: Activity) -> None:
    _agrees(codec.write(activity))


_TO_BE_READ_WHOLE: dict[str, dict[str, Any]] = {
    "a graph": {"@graph": []},
    "a graph inside": {"object": {**_THING, "x": {"@graph": []}}},
    "something included": {"@included": [{"id": _ACTOR}]},
    "something reversed": {"object": {**_THING, "@reverse": {"actor": _ACTOR}}},
    "a context inside": {"object": {**_THING, "@context": {"content": "as:name"}}},
    "an id in JSON-LD's word": {"object": {**_THING, "@id": "https://other.example/1"}},
    "another name for a core term": {"@context": [AS2, {"author": "as:actor"}]},
    "two types": {"type": ["Create", "Update"]},
    "a type that is not so frequent": {"type": "Follow"},
    "no actor": {"actor": None},
    "an actor in full": {"actor": {"id": _ACTOR, "type": "Person"}},
    "two actors": {"actor": [_ACTOR, "https://other.example/u/2"]},
    "two objects": {"object": [_THING, _THING]},
    "an activity in it": {"object": {**_THING, "type": "Create"}},
    "an actor in it": {"object": {**_THING, "type": "as:Person"}},
    "a thing without an id": {"object": {"type": "Note"}},
    "a thing of two types": {"object": {**_THING, "type": ["Note", "Event"]}},
    "nothing": {"object": None},
    "a number as an object": {"object": 7},
}


@pytest.mark.parametrize("change", _TO_BE_READ_WHOLE.values(), ids=list(_TO_BE_READ_WHOLE))
def test_these_are_read_whole(change: dict[str, Any]) -> None:
    assert outline.read(orjson.dumps({**_LETTER, **change})) is None


def test_a_context_that_gives_a_core_term_another_meaning_is_refused_at_once() -> None:
    with pytest.raises(Malformed, match="actor"):
        outline.read(orjson.dumps({**_LETTER, "@context": [AS2, {"actor": "as:object"}]}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"type":"Create"',
        orjson.dumps(_LETTER).replace("ü".encode(), b"\xfc"),
        orjson.dumps(_LETTER).replace(b'"@context"', b'"x":{"@type":1},"@context"'),
        orjson.dumps(_LETTER).replace(b'"id"', b'"x":' + b"[" * 3_000 + b"]" * 3_000 + b',"id"', 1),
    ],
    ids=["nothing", "a list", "cut off", "Latin-1", "a keyword before the context", "a deep well"],
)
def test_what_cannot_be_outlined(body: bytes) -> None:
    assert outline.read(body) is None


def test_a_smuggler_in_disguise_is_found_by_whoever_reads_the_whole() -> None:
    """The @ of a keyword may be escaped. The outline overlooks that; nothing is made of a letter without the whole."""
    body = orjson.dumps({**_LETTER, "x": 1}).replace(b'"x":1', b'"\\u0040graph":[]')
    assert outline.read(body) is not None
    with pytest.raises(Malformed):
        codec.parse_activity(body)


@given(st.sampled_from(["id", "actor", "to", "cc"]), st.none() | st.integers() | st.text(max_size=30) | st.just({}))
def test_odd_values_are_read_alike(key: str, value: object) -> None:
    try:
        body = orjson.dumps({**_LETTER, key: value})
    except TypeError:  # an integer beyond 64 bits
        return
    if _is_readable(body):
        _agrees(body)


# --- openings ---------------------------------------------------------------------------------------------------------
_COMPACT = orjson.dumps(_LETTER)
_OPENING = b'{"@context":' + orjson.dumps(_LETTER["@context"]) + b","


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The openings that are known, none at first."""
    known: list[bytes] = []
    monkeypatch.setattr(outline, "_openings", known)
    return known


def _opening(body: bytes) -> bytes:
    found = outline.read(body)
    assert found is not None
    return found.opening


def test_a_context_is_read_once(openings: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    assert _opening(_COMPACT) == _OPENING
    assert openings == [_OPENING]
    monkeypatch.delattr(outline, "_learned")
    assert _opening(_COMPACT) is openings[0]


@pytest.mark.parametrize(
    "body",
    [
        orjson.dumps(_LETTER, option=orjson.OPT_INDENT_2),
        orjson.dumps(dict(reversed(_LETTER.items()))),
        b" " + _COMPACT,
        _COMPACT.replace(_OPENING, _OPENING[:-1] + b" ,"),
        orjson.dumps({**_LETTER, "@context": AS2}),
    ],
    ids=["indented", "context last", "a space first", "a space before the comma", "short"],
)
def test_who_begins_otherwise_has_no_opening(openings: list[bytes], body: bytes) -> None:
    assert _opening(body) == b""
    assert not openings


def test_few_openings_are_known_and_the_one_that_is_met_least_gives_way(openings: list[bytes]) -> None:
    def letter(number: int) -> bytes:
        return orjson.dumps({**_LETTER, "@context": [*_LETTER["@context"], {f"term{number}": f"as:term{number}"}]})

    often = _opening(letter(0))
    for number in range(50):
        assert _opening(letter(0)) == often
        _opening(letter(number))
    assert openings[0] == often
    assert openings[-1] == _opening(letter(49))
    assert len(openings) == len(set(openings)) == outline._OPENINGS


_MORE = st.sampled_from(
    [
        b'"@context":"https://www.w3.org/ns/activitystreams"',
        b'"@context":{"actor":"as:object"}',
        b'"\\u0040context":["https://www.w3.org/ns/activitystreams"]',
        b'"x":{"@context":[]}',
        b'"@type":"Create"',
        b'"type":"Update"',
        b'"x":"\xfc"',
        b'"x":"\xc3\xbc@"',
        b'"proof":[]',
        b"",
        b"}",
        b"{",
        b"]",
    ]
)


def _read(body: bytes) -> outline.Outline | str | None:
    try:
        return outline.read(body)
    except Malformed as error:
        return str(error)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(
    st.permutations([_COMPACT[len(_OPENING) : -1], _OPENING[1:-1]]) | st.just([_OPENING[1:-1]]),
    st.lists(_MORE, max_size=3),
    st.sampled_from([b",", b" , ", b",\n"]),
    st.booleans(),
)
def test_a_known_opening_changes_nothing(parts: list[bytes], more: list[bytes], comma: bytes, first: bool) -> None:
    """Also where a letter has two contexts, is none, or ends behind its context."""
    members = [parts[0], *more, *parts[1:]] if first else [*parts, *more]
    body = b"{" + comma.join(members) + b"}"
    outline._openings.clear()
    unmet = _read(body)
    assert _read(_COMPACT) is not None
    assert _read(body) == unmet
    assert _read(body) == unmet
    if isinstance(unmet, outline.Outline):
        assert body.startswith(unmet.opening)
        if _is_readable(body):
            _agrees(body)
