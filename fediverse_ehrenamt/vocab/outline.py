"""Reads who did what to which thing without making the rest of a body: a tenth of the time of reading it whole.

For the plain Create, Update, Delete or Announce that most letters are; of all else it says that it has to be read
whole. Nothing may be concluded from an outline but whether a letter is kept: whoever handles it reads it whole first.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import orjson

from fediverse_ehrenamt.vocab import actors, guard, parts, reader
from fediverse_ehrenamt.vocab.activities import KINDS, OTHER_KINDS, SPEAKING
from fediverse_ehrenamt.vocab.types import Activity, Announce, Create, Delete, Unsupported, Update

_SIGN = b"@"
_KEYWORD = b'"@'  # how a key begins that is a keyword of JSON-LD, unless its @ is escaped
_KEY = re.compile(rb'"@[^"\\]*"[ \t\r\n]*:')
_CONTEXT = b'"@context"'
_FIRST = b'{"@context":'  # how nearly everybody begins
_QUICK = {name: made for name, made in KINDS.items() if made in {Create, Update, Delete, Announce}}
_MEANT_WHOLE = OTHER_KINDS.union(KINDS, actors.TYPES)
_LONGEST_CONTEXT = 16_384
_SHORTEST_OPENING = 128  # bytes; a shorter one is not worth its place
_OPENINGS = 8  # that are remembered: those of a few versions of a few programs, and each letter is held against them
_NOTHING = msgspec.Raw(b"")
_LINK = b'"rel"'  # in a tag; unless it is written otherwise, which nobody does
_NO_QUOTE = (None, None, None, None)


class Outline(NamedTuple):
    """An activity with its id, actor and addressees, its object's id and what that answers or quotes.

    `activity` is None where that takes reading the whole at some cost; `proved` says whether there may be a proof.
    `opening` is what the body begins with, up to the comma behind its context, where others may begin alike; else b"".
    """

    activity: Activity | None
    proved: bool
    opening: bytes = b""


class _Thing(msgspec.Struct, gc=False):
    id: Any = None
    type: Any = None
    to: Any = None
    cc: Any = None
    in_reply_to: Any = msgspec.field(name="inReplyTo", default=None)
    quote: Any = None
    quote_uri: Any = msgspec.field(name="quoteUri", default=None)
    quote_url: Any = msgspec.field(name="quoteUrl", default=None)
    misskey_quote: Any = msgspec.field(name="_misskey_quote", default=None)
    tag: msgspec.Raw = _NOTHING


class _Letter(msgspec.Struct, gc=False):
    id: Any = None
    type: Any = None
    actor: Any = None
    object: _Thing | str | None = None
    to: Any = None
    cc: Any = None
    proof: msgspec.Raw = _NOTHING
    context: msgspec.Raw = msgspec.field(name="@context", default=_NOTHING)


_letter = msgspec.json.Decoder(_Letter)
_openings: list[bytes] = []  # of plain letters that came lately


def read(body: bytes) -> Outline | None:
    """Return the outline of a plain activity.

    None for what has to be read whole. Raises Malformed for a context that gives core terms another meaning. Keywords
    that are refused elsewhere are left to those who read the body whole, as are faults of any kind.
    """
    opening = _known_opening(body)
    members = b"{" + body[len(opening) :] if opening else body  # all but a context that was read before
    try:
        letter = _letter.decode(members)
        made = _QUICK.get(letter.type) if isinstance(letter.type, str) else None
        if made is None or not _is_plain(members, bytes(letter.context)) or (opening and letter.context):
            return None
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None
    if not opening:
        opening = _learned(body, bytes(letter.context))
    thing = letter.object
    uri, actor = reader.uri_of(letter.id), reader.uri_of(letter.actor)
    about = None if thing is None else _about(thing)
    if not actor or about is None:
        return None
    addressed: _Letter | _Thing = letter
    if isinstance(thing, _Thing) and made in SPEAKING and reader.addresses_nobody(letter.to, letter.cc):
        addressed = thing
    activity = made(id=uri, actor=actor, object=about, to=_addressees(addressed.to), cc=_addressees(addressed.cc))
    return Outline(activity, bool(letter.proof), opening)


def _known_opening(body: bytes) -> bytes:
    """Return which of the known openings a body has, and let that move ahead; b"" where it has none."""
    for place, known in enumerate(_openings):
        if body.startswith(known):
            if place:
                _openings[place - 1 : place + 1] = known, _openings[place - 1]
            return known
    return b""


def _learned(body: bytes, context: bytes) -> bytes:
    """Remember the opening of a plain letter in place of the one that is met least; b"" where it begins otherwise."""
    opening = _FIRST + context + b","
    if not context or len(opening) < _SHORTEST_OPENING or not body.startswith(opening):
        return b""
    _openings[_OPENINGS - 1 :] = [opening]
    return opening


def _is_plain(body: bytes, context: bytes) -> bool:
    """Say whether a body in UTF-8 has no keyword but its one context, and that gives no core term another name."""
    if len(context) > _LONGEST_CONTEXT or _has_aliases(context):
        return False
    str(body, "utf-8")
    end = 0
    if context:
        start = body.find(context[:1], body.find(_CONTEXT) + len(_CONTEXT))
        end = start + len(context)
        if body.find(_KEYWORD) != body.find(_CONTEXT) or not body.startswith(context, start):
            return False
    return body.find(_SIGN, end) < 0 or not _KEY.search(body, end)  # to look for one sign is far quicker


@lru_cache(maxsize=256)
def _has_aliases(context: bytes) -> bool:
    return bool(context) and guard.judge([orjson.loads(context)])


def _about(thing: _Thing | str) -> Unsupported | str | None:
    if isinstance(thing, str):
        return reader.reference_of(thing) or None
    kind = thing.type
    if not isinstance(kind, str) or reader.name_of_type(kind) in _MEANT_WHOLE:
        return None
    uri = reader.uri_of(thing.id)
    answers = "" if thing.in_reply_to is None else reader.reference({"to": thing.in_reply_to}, "to")
    return Unsupported(id=uri, type=kind, in_reply_to=answers, quote=_quoted(thing)) if uri else None


def _quoted(thing: _Thing) -> str:
    """Return what a thing quotes, by the first of the names in `parts.QUOTES`, else by a link among its tags."""
    named = (thing.quote, thing.quote_uri, thing.quote_url, thing.misskey_quote)
    if named != _NO_QUOTE:  # in few, and quicker than to ask each
        for one in named:
            if one is not None and (uri := reader.reference({"to": one}, "to")):
                return uri
    tags = bytes(thing.tag)
    return parts.quoted_by_link({"tag": orjson.loads(tags)}) if _LINK in tags else ""


def _addressees(value: object) -> tuple[str, ...]:
    return reader.references({"to": value}, "to")
