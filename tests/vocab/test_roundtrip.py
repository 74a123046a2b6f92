"""What we write is read back the same, keeps its meaning as JSON-LD, and fits our schemas."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from fediverse_ehrenamt.kit import resources
from fediverse_ehrenamt.vocab import codec, jsonld
from fediverse_ehrenamt.vocab.types import EHRENAMT, Event, Opportunity
from tests.vocab import strategies

_TIMID = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
_FEW = settings(_TIMID, max_examples=40)
_ENUM_NAMES = """
    kind areas activities audiences suitableFor mode minimumDuration germanLevel credentials clearance accessibility
    benefits insurance compensation status per legalForm publicBenefit
"""
_ENUM_TERMS = frozenset(_ENUM_NAMES.split())


def _schema(name: str) -> Draft202012Validator:
    schema = orjson.loads((resources.folder("schemas") / f"{name}.schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@_TIMID
@pytest.mark.unmeasured
@given(strategies.documents)
def test_what_is_written_is_read_back_the_same(value: Any) -> None:
    assert codec.parse_object(codec.write(value)) == value


@_TIMID
@given(strategies.activities())
def test_an_activity_is_read_back_the_same(value: Any) -> None:
    assert codec.parse_activity(codec.write(value)) == value


def _leaves(value: object, *, in_map: bool = False) -> Iterator[str]:
    """Yield each text, number and truth value that stands in plain JSON, contexts left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "@context":
                yield from _leaves(inner, in_map=in_map)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, in_map=in_map)
    elif value is not None:
        yield str(value)


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "@context":
                yield key
                yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def _nodes(value: object, key: str) -> Iterator[Any]:
    """Yield what stands under `key` anywhere."""
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for inner in value.values():
            yield from _nodes(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner, key)


def _last(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


@_FEW
@given(strategies.documents)
def test_as_json_ld_no_property_is_dropped_and_all_are_absolute(value: Any) -> None:
    written = orjson.loads(codec.write(value))
    expanded = jsonld.expand(written)
    terms = {key for key in _keys(expanded) if not key.startswith("@")}
    assert all(term.startswith(("https://", "http://")) for term in terms)
    kept = set(_leaves(expanded))
    for text in _leaves(written):
        assert text in kept or any(iri.endswith((f"#{text}", f"/{text}")) for iri in kept), text


@_FEW
@given(strategies.opportunities() | strategies.events())
def test_our_enum_values_expand_to_our_namespace(value: Opportunity | Event) -> None:
    written = orjson.loads(codec.write(value))
    expanded = jsonld.expand(written)
    for name in ("opportunity", "eventDetails"):
        for node, full in zip(_nodes(written, name), _nodes(expanded, EHRENAMT + name), strict=False):
            assert len(full) == 1
            _check_enums(node, full[0])


def _check_enums(node: dict[str, Any], full: dict[str, Any]) -> None:
    for term, said in node.items():
        if term in _ENUM_TERMS:
            slugs = said if isinstance(said, list) else [said]
            assert sorted(item["@id"] for item in full[EHRENAMT + term]) == sorted(EHRENAMT + slug for slug in slugs)
        elif isinstance(said, dict) and term != "titleMap":
            _check_enums(said, full[EHRENAMT + term][0])


@_TIMID
@pytest.mark.unmeasured
@given(strategies.opportunities() | strategies.events() | strategies.actors())
def test_our_nodes_fit_their_schemas(value: Any) -> None:
    written = orjson.loads(codec.write(value))
    for name, schema in (
        ("opportunity", "opportunity"),
        ("eventDetails", "event-details"),
        ("organisation", "organisation"),
    ):
        if name in written:
            _schema(schema).validate(written[name])


@_FEW
@given(strategies.activities() | strategies.pages)
def test_the_shape_that_peers_need(value: Any) -> None:
    written = orjson.loads(codec.write(value))
    assert list(_keys_named(written, "@context")) == [written["@context"]]
    for kind in _nodes({key: inner for key, inner in written.items() if key != "@context"}, "type"):
        assert isinstance(kind, str)
    for name in ("to", "cc", "tag", "attachment"):
        assert all(isinstance(found, list) for found in _nodes(written, name))
    for place in _nodes(written, "location"):
        assert isinstance(place, dict)
        assert "url" not in place
        assert isinstance(place.get("latitude", 0.5), float)
    for event in _with_type(written, "Event"):
        assert isinstance(event["attributedTo"], str)
        assert "image" not in event
        if event["attachment"]:
            assert event["attachment"][0]["type"] == "Image"
        assert all(item["mediaType"] for item in event["attachment"])
        assert event["joinMode"] in {"free", "restricted", "invite", "external"}
        assert event["status"] == event["ical:status"]
        assert event["status"] in {"CONFIRMED", "TENTATIVE", "CANCELLED"}
    for offer in _with_type(written, "Note"):
        assert "opportunity" not in offer or not {"name", "summary"} & offer.keys()


def _keys_named(value: object, name: str) -> Iterator[object]:
    """Yield what stands under `name`, but don't look inside it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == name:
                yield inner
            else:
                yield from _keys_named(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys_named(inner, name)


def _with_type(value: object, kind: str) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        for key, inner in value.items():
            if key != "@context":
                yield from _with_type(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from _with_type(inner, kind)
