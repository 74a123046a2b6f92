"""The schema of the file keeps in step with those of the objects, with the rules and with the drafts."""

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from fediverse_ehrenamt.events import rules as events
from fediverse_ehrenamt.kit import resources
from fediverse_ehrenamt.opportunities import rules as opportunities
from fediverse_ehrenamt.publishing import schema
from fediverse_ehrenamt.vocab import details
from fediverse_ehrenamt.vocab.types import EventDetails

_FOLDER = resources.folder("schemas")
_OWN = {
    "id",
    "organisation",
    "status",
    "text",
    "textMap",
    "language",
    "dates",
    "place",
    "hashtags",
    "image",
    "contactUrl",
}
_OWN_OF_EVENTS = {"name", "nameMap", "startTime", "endTime", "timezone", "onlineUrl", "capacity", "category"}


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return document


_FILE = _read(schema.FILE)


@pytest.mark.parametrize(
    ("kind", "name", "own"),
    [
        ("opportunity", "opportunity.schema.json", _OWN | {"plainLanguage"}),
        ("event", "event-details.schema.json", _OWN | _OWN_OF_EVENTS),
    ],
)
def test_every_term_of_the_object_is_a_field_and_the_same(kind: str, name: str, own: set[str]) -> None:
    fields, terms = _FILE["$defs"][kind]["properties"], _read(name)["properties"]
    assert set(fields) == own | set(terms) - {"version"}
    for term in set(fields) - own:
        assert fields[term] == {"$ref": f"{name}#/properties/{term}"}


def test_states_are_those_of_the_rules() -> None:
    wire = _read("opportunity.schema.json")["$defs"]["status"]["enum"]
    assert _FILE["$defs"]["opportunityStatus"]["enum"] == [*wire, opportunities.WITHDRAWN]
    assert _FILE["$defs"]["eventStatus"]["enum"] == list(events.STATES)


@pytest.mark.parametrize(
    ("kind", "field", "bounds"),
    [
        ("opportunity", "title", opportunities.TITLE),
        ("opportunity", "text", opportunities.TEXT),
        ("opportunity", "id", (1, opportunities.KEY)),
        ("event", "name", events.NAME),
        ("event", "text", events.TEXT),
        ("event", "id", (1, events.KEY)),
    ],
)
def test_lengths_are_those_of_the_rules(kind: str, field: str, bounds: tuple[int, int]) -> None:
    form = schema.entry(kind).schema["properties"][field]
    assert (form["minLength"], form["maxLength"]) == bounds


def test_defaults_are_those_of_the_draft() -> None:
    fields = schema.entry("event").schema["properties"]
    names = {"status": "status", "timezone": "timezone", "category": "category"}
    defaults = {name: events.Draft.__dataclass_fields__[attribute].default for name, attribute in names.items()}
    assert {name: fields[name]["default"] for name in names} == defaults


def test_it_is_a_schema_and_its_references_lead_somewhere() -> None:
    Draft202012Validator.check_schema(_FILE)
    # One document that holds the others (JSON Schema 2020-12, core §9.3), read by a resolver that is not ours.
    others = {name: _read(name) for name in ("opportunity.schema.json", "event-details.schema.json")}
    bundle = _FILE | {"$defs": _FILE["$defs"] | others}
    example = yaml.safe_load((_FOLDER / "beispiel.yaml").read_text(encoding="utf-8"))
    plain = json.loads(json.dumps(example, default=str))  # dates as texts, as YAML 1.2 reads them
    errors = Draft202012Validator(bundle).iter_errors(plain)
    # Unquoted postcodes are numbers to all others; we read them as texts.
    assert {error.json_path.rpartition(".")[2] for error in errors} == {"postcode"}


@pytest.mark.parametrize("kind", ["opportunity", "event"])
def test_references_are_put_in_place(kind: str) -> None:
    expanded = json.dumps(schema.entry(kind).schema)
    assert "$ref" not in expanded
    Draft202012Validator.check_schema(json.loads(expanded))


@pytest.mark.parametrize("kind", ["opportunity", "event"])
def test_every_field_says_in_german_what_it_is(kind: str) -> None:
    for name, form in schema.entry(kind).schema["properties"].items():
        assert form.get("title"), name
        assert schema.said(form), name


def test_an_entry_without_details_would_be_an_unknown_kind() -> None:
    assert details.read_event({"eventDetails": {}}) == EventDetails(kind=details.UNKNOWN)


def test_a_path_that_leads_nowhere_has_no_schema() -> None:
    form = schema.entry("opportunity").schema
    assert schema.at(form, ("areas", 0))["enum"][0] == "sport"
    assert schema.at(form, ("titleMap", "en"))["type"] == "string"
    assert schema.at(form, ("areas", "sport", 3)) == {}
    assert schema.at(form, ("nichts",)) == {}
