"""Bends real payloads: keys dropped, doubled, renamed; types swapped; ids of others; nesting, numbers, foreign parts.

Everything follows from small integers, so that Hypothesis can choose and shrink them. Pure.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

Json = Any
_MOST_PATHS = 4_000  # values of one payload that may be bent
_DEEPEST = 60
_LONGEST = 100_000  # bytes that repeating makes

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
AS2 = "https://www.w3.org/ns/activitystreams"
_WORDS = (
    "", " ", "\x00", "\u202everkehrt", "ﷺ" * 50, "𝕿𝖊𝖝𝖙", "e\u0301" * 40, "<script>alert(1)</script>", "x" * 3_000,
    "javascript:alert(1)", "http://", "https://[::1", "https://a@b/", "//a.example", "acct:a@b.example", "%00", "null",
    "2026-11-22T12:00:00Z", "9999-12-31T23:59:59Z", "-0001-01-01", "2026-02-30T25:61:61+99:99", "P1D", "de-simple",
    "🤷", PUBLIC, "as:Public", "Public", "_:b0", "urn:uuid:x", "did:key:z6Mk", "data:text/html,x", "file:///etc/passwd",
)  # fmt: skip
_NUMBERS = (0, -1, 1.5, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 1e308, -1e308, 5e-324, 10**17, True, False)
_TYPES = (
    "Create", "Update", "Delete", "Announce", "Undo", "Follow", "Accept", "Reject", "Like", "Flag", "Move", "Block",
    "Join", "Leave", "Add", "Remove", "Note", "Event", "Article", "Person", "Organization", "Application", "Group",
    "Tombstone", "OrderedCollection", "OrderedCollectionPage", "Place", "Image", "Link", "Hashtag", "Mention", "Intent",
    "Proposal", "Unheard", "https://www.w3.org/ns/activitystreams#Create", "as:Note",
)  # fmt: skip
_KEYS = (
    "id", "type", "actor", "object", "target", "attributedTo", "to", "cc", "name", "summary", "content", "contentMap",
    "tag", "attachment", "location", "startTime", "endTime", "updated", "published", "url", "inReplyTo", "context",
    "proof", "signature", "publicKey", "assertionMethod", "movedTo", "alsoKnownAs", "opportunity", "eventDetails",
    "publishes", "purpose", "endpoints", "first", "orderedItems", "replies", "likes", "shares", "@id", "@type",
    "@graph", "@included", "@reverse", "@value", "@list", "@set", "as:id", "as:type", "ID", "Type", "expiresAt",
)  # fmt: skip
_CONTEXTS: tuple[Json, ...] = (
    None,
    "",
    7,
    [],
    {},
    AS2,
    [AS2, [AS2, {}]],
    "https://evil.example/context",
    [AS2, "https://evil.example/context"],
    [AS2, {"object": "as:actor", "actor": "as:object"}],
    [AS2, {"attributedTo": {"@id": "as:audience", "@type": "@id"}}],
    [AS2, {"id": "as:name"}],
    [AS2, {"@vocab": "https://evil.example/#"}],
    [AS2, {"@base": "https://opfer.example/"}],
    [AS2, {"type": "as:name", "@language": "de"}],
    [AS2, {"x": {"@id": "as:object", "@container": "@graph"}}],
    {"as": "https://www.w3.org/ns/activitystreams#", "id": "@id", "type": "@type"},
)

Plan = tuple[int, tuple[tuple[int, int, int], ...]]
"""(which payload, (which bend, where, what) one after the other)."""

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Corpus:
    """The payloads to be bent and the ids that are not the sender's."""

    payloads: tuple[Json, ...]
    others: tuple[str, ...]

    def bent(self, plan: Plan) -> bytes:
        """Return a payload after all the bends of a plan, as bytes that need not be JSON any more."""
        which, bends = plan
        value = copy.deepcopy(self.payloads[which % len(self.payloads)])
        raw: list[tuple[int, int]] = []
        for kind, where, what in bends:
            number = kind % (len(_BENDS) + len(_RAW))
            if number < len(_BENDS):
                value = _BENDS[number](self, value, where, what)
            else:
                raw.append((number - len(_BENDS), what))
        body = orjson.dumps(value)
        for number, what in raw:
            body = _RAW[number](body, what)
        return body


# --- where ------------------------------------------------------------------------------------------------------------
def _paths(value: Json) -> list[Path]:
    """Return the way to every value in a payload, breadth first: what stands high is bent more often."""
    found: list[Path] = []
    waiting: list[tuple[Path, Json]] = [((), value)]
    while waiting and len(found) < _MOST_PATHS:
        path, here = waiting.pop(0)
        inner: Sequence[tuple[str | int, Json]] = (
            list(here.items()) if isinstance(here, dict) else list(enumerate(here)) if isinstance(here, list) else []
        )
        for key, one in inner:
            found.append((*path, key))
            waiting.append(((*path, key), one))
    return found


def _at(value: Json, path: Path) -> Json:
    for key in path:
        value = value[key]
    return value


def _changed(value: Json, where: int, change: Callable[[Json], Json]) -> Json:
    """Replace one value of a payload by what `change` makes of it."""
    paths = _paths(value)
    if not paths:
        return change(value)
    path = paths[where % len(paths)]
    _at(value, path[:-1])[path[-1]] = change(_at(value, path))
    return value


def _nodes(value: Json) -> list[Json]:
    """Return all the objects in a payload, itself first."""
    found = [_at(value, path) for path in [(), *_paths(value)]]
    return [one for one in found if isinstance(one, dict)]


# --- bends ------------------------------------------------------------------------------------------------------------
def _drop(_corpus: Corpus, value: Json, where: int, _what: int) -> Json:
    paths = _paths(value)
    if paths:
        path = paths[where % len(paths)]
        del _at(value, path[:-1])[path[-1]]
    return value


def _rename(_corpus: Corpus, value: Json, where: int, what: int) -> Json:
    nodes = [node for node in _nodes(value) if node]
    if nodes:
        node = nodes[where % len(nodes)]
        node[_KEYS[what % len(_KEYS)]] = node.pop(list(node)[where % len(node)])
    return value


def _add(corpus: Corpus, value: Json, where: int, what: int) -> Json:
    """Let a key say something: a word, an id, a number."""
    nodes = _nodes(value)
    if nodes:
        said = (*_WORDS, *corpus.others, *_NUMBERS)
        nodes[where % len(nodes)][_KEYS[what % len(_KEYS)]] = said[(where + what) % len(said)]
    return value


def _foreign_id(corpus: Corpus, value: Json, where: int, what: int) -> Json:
    """Let an address be somebody else's."""
    paths = [path for path in _paths(value) if str(_at(value, path)).startswith("http")]
    if paths:
        path = paths[where % len(paths)]
        _at(value, path[:-1])[path[-1]] = corpus.others[what % len(corpus.others)]
    return value


def _claim(corpus: Corpus, value: Json, where: int, what: int) -> Json:
    """Say on the node itself that it is somebody else's, or by somebody else."""
    nodes = _nodes(value)
    if nodes:
        key = ("id", "object", "attributedTo", "target", "inReplyTo", "context", "actor")[what % 7]
        nodes[where % min(len(nodes), 3)][key] = corpus.others[(where + what) % len(corpus.others)]
    return value


def _type(_corpus: Corpus, value: Json, where: int, what: int) -> Json:
    nodes = _nodes(value)
    if nodes:
        kind = _TYPES[what % len(_TYPES)]
        nodes[where % len(nodes)]["type"] = [kind, _TYPES[where % len(_TYPES)]] if what % 5 == 0 else kind
    return value


def _another_kind(_corpus: Corpus, value: Json, where: int, what: int) -> Json:
    """Let a text be a list, a list be an object, an object be nothing."""

    def changed(one: Json) -> Json:
        key = "id" if isinstance(one, str) else "@value"
        kinds: tuple[Json, ...] = (
            [one],
            {key: one},
            None,
            str(one),
            [one, one],
            {"type": "Note", "content": one},
            [],
            {},
        )
        return kinds[what % len(kinds)]

    return _changed(value, where, changed)


def _word(_corpus: Corpus, value: Json, where: int, what: int) -> Json:
    return _changed(value, where, lambda _: _WORDS[what % len(_WORDS)])


def _number(_corpus: Corpus, value: Json, where: int, what: int) -> Json:
    return _changed(value, where, lambda _: _NUMBERS[what % len(_NUMBERS)])


def _nest(_corpus: Corpus, value: Json, where: int, what: int) -> Json:
    def nested(one: Json) -> Json:
        for level in range(what % _DEEPEST):
            one = [one] if (what + level) % 2 else {"object": one, "type": _TYPES[level % len(_TYPES)]}
        return one

    return _changed(value, where, nested)


def _transplant(corpus: Corpus, value: Json, where: int, what: int) -> Json:
    """Put a part of another payload in place of one of this."""
    other = corpus.payloads[(where * 31 + what) % len(corpus.payloads)]
    paths = _paths(other)
    part = _at(other, paths[what % len(paths)]) if paths else other
    return _changed(value, where, lambda _: copy.deepcopy(part))


def _context(_corpus: Corpus, value: Json, _where: int, what: int) -> Json:
    if isinstance(value, dict):
        value["@context"] = copy.deepcopy(_CONTEXTS[what % len(_CONTEXTS)])
    return value


def _repeat(_corpus: Corpus, value: Json, where: int, what: int) -> Json:
    """Say a thing up to 300 times, as far as the body stays one that a door would take."""

    def repeated(one: Json) -> Json:
        return [one] * min(what % 300, _LONGEST // len(orjson.dumps(one)))

    return _changed(value, where, repeated)


_BENDS: tuple[Callable[[Corpus, Json, int, int], Json], ...] = (
    _drop,
    _rename,
    _add,
    _foreign_id,
    _foreign_id,
    _claim,
    _claim,
    _type,
    _another_kind,
    _word,
    _number,
    _nest,
    _transplant,
    _context,
    _repeat,
)


# --- of the text ------------------------------------------------------------------------------------------------------
def _twice(body: bytes, what: int) -> bytes:
    """Say a key twice: two parsers may believe different ones."""
    key = _KEYS[what % len(_KEYS)]
    extra = orjson.dumps({key: _WORDS[what % len(_WORDS)]})[1:-1]
    return b"{" + extra + b"," + body[1:] if body[:1] == b"{" else body


def _cut(body: bytes, what: int) -> bytes:
    return body[: what % (len(body) + 1)]


def _huge(body: bytes, what: int) -> bytes:
    """A number that no double holds, or one of five thousand digits."""
    number = (b"1e999", b"-1e999", b"9" * 5_000, b"NaN", b"Infinity", b"0x10", b"1.")[what % 7]
    return body.replace(b"true", number).replace(b'"published":', b'"huge":' + number + b',"published":', 1)


def _bytes(body: bytes, what: int) -> bytes:
    """Bytes that are no text, or halves of a character."""
    odd = (b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\x00", b"\\ud800", b"\\u0000")[what % 7]
    middle = what % (len(body) + 1)
    return body[:middle] + odd + body[middle:]


_RAW: tuple[Callable[[bytes, int], bytes], ...] = (_twice, _cut, _huge, _bytes)
