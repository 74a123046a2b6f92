"""Frozen dataclasses to JSON text and back, for values that are kept whole in one column."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

T = TypeVar("T")


def dump(value: object) -> str:
    """Write a dataclass instance as JSON; tuples become lists, times ISO 8601."""
    return orjson.dumps(value, default=_plain).decode()


def load(kind: type[T], text: str | bytes) -> T:
    """Read what `dump` wrote of a `kind`; fields that the class no longer has are dropped."""
    result = _build(kind, orjson.loads(text))
    assert isinstance(result, kind)
    return result


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


@cache
def _fields(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _build(kind: Any, value: Any) -> Any:  # noqa: ANN401 - follows type hints at run time
    if get_origin(kind) in {Union, types.UnionType}:
        if value is None:
            return None
        kind = next(option for option in get_args(kind) if option is not type(None))
    if isinstance(kind, type) and is_dataclass(kind):
        known = _fields(kind)
        return kind(**{name: _build(known[name], part) for name, part in value.items() if name in known})
    if get_origin(kind) is tuple:
        return tuple(_build(get_args(kind)[0], part) for part in value)
    if kind in {datetime, date}:
        return kind.fromisoformat(value)
    return value
