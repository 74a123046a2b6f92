"""Code, JSON Schemas and JSON-LD context know the same terms (VOCABULARY.md)."""

from dataclasses import fields
from typing import Any

import orjson
import pytest

from fediverse_ehrenamt.kit import resources
from fediverse_ehrenamt.vocab import context, details, types
from fediverse_ehrenamt.vocab.details import Table
from fediverse_ehrenamt.vocab.types import EHRENAMT

_SCHEMAS = resources.folder("schemas")
_CONTEXT: dict[str, Any] = orjson.loads((_SCHEMAS / "ehrenamt.jsonld").read_bytes())["@context"]


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = orjson.loads((_SCHEMAS / f"{name}.schema.json").read_bytes())
    return schema


_OPPORTUNITY = _schema("opportunity")["properties"]
NODES = [
    (types.OpportunityDetails, details.OPPORTUNITY, _OPPORTUNITY),
    (types.Availability, details.AVAILABILITY, _OPPORTUNITY["availability"]["properties"]),
    (types.Effort, details.EFFORT, _OPPORTUNITY["effort"]["properties"]),
    (types.GroupSize, details.GROUP_SIZE, _OPPORTUNITY["groupSize"]["properties"]),
    (types.Skill, details.SKILL, _OPPORTUNITY["skills"]["items"]["properties"]),
    (types.EventDetails, details.EVENT_DETAILS, _schema("event-details")["properties"]),
    (types.OrganisationDetails, details.ORGANISATION, _schema("organisation")["properties"]),
]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@pytest.mark.parametrize(("made", "table", "properties"), NODES, ids=lambda value: getattr(value, "__name__", ""))
def test_class_table_and_schema_agree(made: Any, table: Table, properties: dict[str, Any]) -> None:
    assert [field.attribute for field in table] == [field.name for field in fields(made)]
    assert [field.term for field in table] == [_camel(field.attribute) for field in table]
    assert {field.term for field in table} == set(properties)


@pytest.mark.parametrize(
    ("node", "tables"),
    [
        (
            "opportunity",
            (details.OPPORTUNITY, details.AVAILABILITY, details.EFFORT, details.GROUP_SIZE, details.SKILL),
        ),
        ("eventDetails", (details.EVENT_DETAILS,)),
        ("organisation", (details.ORGANISATION,)),
    ],
)
def test_the_context_defines_every_term_and_no_other(node: str, tables: tuple[Table, ...]) -> None:
    scoped = _CONTEXT[node]["@context"]
    assert scoped["@vocab"] == EHRENAMT
    terms = {field.term for table in tables for field in table} - {"name"}  # ActivityStreams has a name of its own
    assert {term for term in scoped if not term.startswith("@")} == terms


@pytest.mark.parametrize("name", ["opportunity", "event-details", "organisation"])
def test_enum_terms_are_typed_vocab(name: str) -> None:
    schema = _schema(name)
    node = {"opportunity": "opportunity", "event-details": "eventDetails", "organisation": "organisation"}[name]
    scoped = _CONTEXT[node]["@context"]
    for term, definition in schema["properties"].items():
        reference = definition.get("$ref") or definition.get("items", {}).get("$ref", "")
        is_enum = "enum" in schema["$defs"].get(reference.rpartition("/")[2], {})
        typed = scoped[term].get("@type") == "@vocab" if isinstance(scoped[term], dict) else False
        assert is_enum == typed, term


@pytest.mark.parametrize("name", ["opportunity", "event-details", "organisation"])
def test_every_property_has_a_german_title(name: str) -> None:
    schema = _schema(name)
    for properties in (schema["properties"], schema["$defs"]):
        for term, definition in properties.items():
            assert definition.get("title"), term


@pytest.mark.parametrize(
    "terms",
    [context.NOTE, context.OPPORTUNITY, context.EVENT, context.SHIFT, context.ACTOR, context.QUOTE_AUTHORIZATION],
)
def test_the_contexts_we_write_are_parts_of_ours(terms: tuple[str, ...]) -> None:
    assert set(terms) <= set(_CONTEXT)
    assert len(set(terms)) == len(terms)
    prefixes = {meaning.partition(":")[0] for term in terms for meaning in _meanings(_CONTEXT[term])}
    assert prefixes <= {"https", "http", "as", "xsd", *terms}


def _meanings(definition: Any) -> list[str]:
    if isinstance(definition, str):
        return [definition]
    inner = definition.get("@context", {})
    return [
        definition["@id"],
        *(meaning for term, part in inner.items() if term[0] != "@" for meaning in _meanings(part)),
    ]
