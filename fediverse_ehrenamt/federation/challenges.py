"""`Accept-Signature` (RFC 9421, section 5): how a peer that refused a request wants it to be signed.

Only wishes that can be met are taken, and none that would weaken a signature; an answer is the peer's word about
itself, so whatever is malformed is no wish at all.
"""

from collections.abc import Iterator
from typing import Any

import http_sf

from fediverse_ehrenamt.federation.components import DERIVED
from fediverse_ehrenamt.federation.evidence import MAX_COVERED, MAX_VALUE, VISIBLE
from fediverse_ehrenamt.federation.rfc9421 import MAX_SIGNATURES, OUR_ALGORITHM, Wish

_MAX_TEXT = 256  # characters of a nonce or tag
_SIGNABLE = DERIVED | {"host", "date", "content-digest", "content-type", "accept"}


def read(header: str, key_id: str) -> tuple[Wish, ...]:
    """Return the wishes that the key `key_id` can meet, at most MAX_SIGNATURES; none for a header that is malformed."""
    if not header or len(header) > MAX_VALUE:
        return ()
    try:
        parsed = http_sf.parse(header.encode("latin-1"), tltype="dictionary")
    except ValueError:
        return ()
    assert isinstance(parsed, dict), "that is what tltype asks for"
    return tuple(_wishes(parsed, key_id))[:MAX_SIGNATURES]


def _wishes(members: dict[str, Any], key_id: str) -> Iterator[Wish]:
    for label, member in members.items():
        match member:
            case (list() as components, dict() as parameters):
                names = tuple(_names(components))
                if len(names) == len(components) and len(names) <= MAX_COVERED and _can_be_met(parameters, key_id):
                    yield Wish(
                        label=label,
                        components=names,
                        expires=parameters.get("expires") is True,
                        nonce=parameters.get("nonce", ""),
                        tag=parameters.get("tag", ""),
                    )


def _names(components: list[Any]) -> Iterator[str]:
    for component in components:
        match component:
            case (str() as name, dict() as parameters) if not parameters and name in _SIGNABLE:
                yield name


def _can_be_met(parameters: dict[str, Any], key_id: str) -> bool:
    ours = {"keyid": key_id, "alg": OUR_ALGORITHM}
    if any(name in parameters and parameters[name] != value for name, value in ours.items()):
        return False
    return all(_is_text(parameters[name]) for name in ("nonce", "tag") if name in parameters)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_TEXT and VISIBLE.fullmatch(value) is not None
