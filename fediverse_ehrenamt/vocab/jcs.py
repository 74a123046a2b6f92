"""Writes JSON in the one way in which everybody writes it (RFC 8785, JCS), so that it can be hashed and signed.

Keys are sorted by UTF-16 code units, numbers are written as ECMAScript writes them (51.0 as 51), nothing is spaced.
"""

from collections.abc import Collection
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

import orjson

from fediverse_ehrenamt.kit.errors import Malformed

MAX_DEPTH = 32
MAX_VALUES = 20_000
MAX_INTEGER = 2**53 - 1  # RFC 7493 §2.2: beyond it programs read different numbers

_PLAIN_FROM, _PLAIN_BELOW = 1e-6, 1e21  # ECMA-262 Number::toString: outside of these with an exponent
_EASY_FROM, _EASY_BELOW = 1e-4, 1e15  # and here orjson writes what ECMAScript writes, unless it ends in .0
_DIGITS_ALL_MEANT = 1e16  # from here on the shortest digits that come back are filled up with zeros
_CONTAINERS, _NUMBERS = frozenset({dict, list}), frozenset({int, float})
_LAST_OF_EQUAL_ORDER = "\ud7ff"  # up to here code points and UTF-16 code units sort alike


class _Finding(NamedTuple):
    """All keys, and all numbers: what orjson, which takes a tenth of the time, may not write canonically."""

    keys: set[str]
    numbers: list[float]


def canonical(value: object) -> bytes:
    """Return the canonical form of decoded JSON; raises Malformed for numbers that have none, and beyond the bounds."""
    finding = _walk(value)
    if [one for one in finding.numbers if _is_odd(one)]:  # all are looked at: each may be without a form
        value = _with_numbers(value)
    together = "".join(finding.keys)
    if together.isascii() or max(together) <= _LAST_OF_EQUAL_ORDER:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return orjson.dumps(_sorted(value))


def _walk(root: object) -> _Finding:
    """Visit every container once, level by level; raises Malformed beyond the bounds."""
    found = _Finding(set(), [])
    level: list[object] = [[root]]
    seen = 0
    for _ in range(MAX_DEPTH + 1):
        below: list[object] = []
        for container in level:
            inner: Collection[object] = ()
            if isinstance(container, list):
                inner = container
            elif isinstance(container, dict):
                found.keys.update(container)
                inner = container.values()
            seen += len(inner)
            below += [value for value in inner if type(value) in _CONTAINERS]
            found.numbers.extend([value for value in inner if type(value) in _NUMBERS])  # type: ignore[misc] # they are
        if seen > MAX_VALUES:
            raise Malformed(f"The document holds more than {MAX_VALUES} values.")
        if not below:
            return found
        level = below
    raise Malformed(f"The document is nested deeper than {MAX_DEPTH} levels.")


def _is_odd(number: float) -> bool:
    if isinstance(number, int):
        if abs(number) > MAX_INTEGER:
            raise Malformed("The document holds a number that has no canonical form.")
        return False
    return not _EASY_FROM <= abs(number) < _EASY_BELOW or number.is_integer()


def _sorted(value: object) -> object:
    """Return a bounded value with all keys in the order of their UTF-16 code units (RFC 8785 §3.2.3)."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _with_numbers(value: object) -> object:
    """Return a bounded value whose fractions orjson will write as they are given here."""
    if isinstance(value, dict):
        return {key: _with_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_numbers(item) for item in value]
    return orjson.Fragment(number(value)) if isinstance(value, float) else value


def number(value: float) -> str:
    """Write a number as ECMAScript does (ECMA-262 Number::toString); raises Malformed for infinity and NaN."""
    if not isfinite(value):
        raise Malformed("The document holds a number that has no canonical form.")
    size = abs(value)
    if value.is_integer() and size < _DIGITS_ALL_MEANT:
        return str(int(value))
    if _PLAIN_FROM <= size < _PLAIN_BELOW:
        return format(Decimal(repr(value)), "f")
    digits, _, exponent = repr(value).partition("e")
    return f"{digits}e{int(exponent):+d}"
