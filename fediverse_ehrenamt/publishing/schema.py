"""The schema of the file (schemas/publish.schema.json) with every reference put in place, and its validators."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from fediverse_ehrenamt.kit import clock, resources
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.publishing import dates
from fediverse_ehrenamt.publishing.tree import Path
from fediverse_ehrenamt.vocab import reader

Schema = dict[str, Any]

FILE = "publish.schema.json"
OPPORTUNITY, EVENT = "opportunity", "event"
LISTS = {"opportunities": OPPORTUNITY, "events": EVENT}
DAY, MOMENT, LOCAL_MOMENT = "date", "date-time", "local-date-time"
_INNER: Final = ("items", "additionalProperties")
_MAX_DEPTH = 30  # of references in references; ours have no circles


def _is_day(value: object) -> bool:
    return not isinstance(value, str) or dates.is_day(value)


def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or dates.is_moment(value)


def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(reader.uri_of(value))


def _is_zone(value: object) -> bool:
    return not isinstance(value, str) or value in clock.zones()


_FORMATS = {DAY: _is_day, MOMENT: _is_moment, LOCAL_MOMENT: _is_moment, "uri": _is_uri, "time-zone": _is_zone}


@dataclass(frozen=True, slots=True)
class Form:
    """A schema without references, and what yields the errors (jsonschema's `ValidationError`) of a value."""

    schema: Schema
    errors: Callable[[object], Iterator[Any]]


@cache
def entry(kind: str) -> Form:
    """Return the form of one entry; `kind` is "opportunity" or "event"."""
    return _form(_expanded(_document(FILE)["$defs"][kind], FILE))


@cache
def whole() -> Form:
    """Return the form of the file around its entries."""
    document = _document(FILE)
    properties = {
        name: {key: value for key, value in part.items() if key != "items"}
        for name, part in document["properties"].items()
    }
    for kind in LISTS.values():
        properties[kind] = {"type": "object"} | {key: document["$defs"][kind][key] for key in ("title", "description")}
    return _form(_expanded({"type": "object", "additionalProperties": False, "properties": properties}, FILE))


def at(schema: Schema, path: Path) -> Schema:
    """Return the schema that holds for what stands under `path`, {} where there is none."""
    for part in path:
        inner = schema.get("items") if isinstance(part, int) else schema.get("properties", {}).get(part)
        if inner is None and isinstance(part, str):
            inner = schema.get("additionalProperties")
        if not isinstance(inner, dict):
            return {}
        schema = inner
    return schema


def said(schema: Schema) -> Sentence:
    """Return what a schema says to people: its description, else its title, without the full stop."""
    return sentence(str(schema.get("description") or schema.get("title") or "").removesuffix("."))


def descriptions() -> Iterator[str]:
    """Yield what the schemas of entries say to people, some of it several times."""
    open_ = [entry(kind).schema for kind in LISTS.values()]
    while open_:
        form = open_.pop()
        yield said(form).template
        open_ += (
            *form.get("properties", {}).values(),
            *(form[key] for key in _INNER if isinstance(form.get(key), dict)),
        )


def _form(schema: Schema) -> Form:
    from jsonschema import Draft202012Validator, FormatChecker

    checker = FormatChecker(formats=())
    for name, is_fine in _FORMATS.items():
        checker.checks(name)(is_fine)
    return Form(schema, Draft202012Validator(schema, format_checker=checker).iter_errors)


@cache
def _document(name: str) -> Schema:
    document: Schema = json.loads((resources.folder("schemas") / name).read_text(encoding="utf-8"))
    return document


def _expanded(node: Any, document: str, depth: int = 0) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Put what "$ref" names in its place; what stands beside it goes before."""
    assert depth < _MAX_DEPTH, "the schemas refer to themselves"
    if isinstance(node, list):
        return [_expanded(part, document, depth + 1) for part in node]
    if not isinstance(node, dict):
        return node
    own = {key: _expanded(part, document, depth + 1) for key, part in node.items() if key != "$ref"}
    if "$ref" not in node:
        return own
    name, _, pointer = node["$ref"].partition("#")
    target = _document(name or document)
    for part in pointer.strip("/").split("/"):
        target = target[part]
    return {**_expanded(target, name or document, depth + 1), **own}
