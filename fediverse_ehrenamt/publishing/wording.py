"""Says in German what of a value does not fit its schema, and what would be right."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Any

from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.publishing import schema
from fediverse_ehrenamt.publishing.schema import Form, Schema
from fediverse_ehrenamt.publishing.tree import Path, named, shown

MAX_FAULTS = 200  # looked at in one value
_NEAR = 0.6  # of 1; difflib's own measure of likeness
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "_", "-": "_"})
_MAX_CHOICES = 40
_COMPARED = 64  # characters
_BEGUN = 3  # characters from which on "fahren" is the beginning of fahren_transport


@dataclass(frozen=True, slots=True)
class Fault:
    """One keyword of a schema that a value does not fit: what the keyword wants, and what is there."""

    path: Path
    keyword: str
    wanted: Any
    given: Any


def problems(form: Form, value: object) -> list[Problem]:
    """Return what is wrong with a value, one problem for each field."""
    found: dict[str, Problem] = {}
    for error in islice(form.errors(value), MAX_FAULTS):
        fault = Fault(tuple(error.absolute_path), str(error.validator), error.validator_value, error.instance)
        for problem in _said(form.schema, fault):
            found.setdefault(problem.field, problem)
    return list(found.values())


def _said(whole: Schema, fault: Fault) -> Iterator[Problem]:
    if fault.keyword in _OF_FIELDS:
        yield from _OF_FIELDS[fault.keyword](whole, fault)
        return
    form = schema.at(whole, fault.path)
    say = _OF_VALUES.get(fault.keyword)
    yield Problem(named(fault.path), say(form, fault) if say else f"passt nicht: {schema.said(form)}")


# --- fields that should not be there, or should -----------------------------------------------------------------------
def _unknown(whole: Schema, fault: Fault) -> Iterator[Problem]:
    known: Schema = schema.at(whole, fault.path)["properties"]
    unknown = (key for key in fault.given if key not in known)
    for key in islice(unknown, MAX_FAULTS):
        yield Problem(named((*fault.path, key)), f"kennen wir nicht; {_proposal(key, known)}")


def _proposal(key: str, known: Schema) -> str:
    """Return the field that was probably meant, by its name or its German title, else all that there are."""
    names = {folded(name): name for name in known}
    names |= {folded(str(part.get("title", ""))): name for name, part in known.items()}
    near = get_close_matches(folded(key), names, n=1, cutoff=_NEAR)
    return f"meinten Sie „{names[near[0]]}“?" if near else f"möglich: {', '.join(known)}"


def _missing(whole: Schema, fault: Fault) -> Iterator[Problem]:
    yield from _absent(whole, fault, fault.wanted)


def _dependent(whole: Schema, fault: Fault) -> Iterator[Problem]:
    wanted = [name for key, names in fault.wanted.items() if key in fault.given for name in names]
    yield from _absent(whole, fault, wanted)


def _absent(whole: Schema, fault: Fault, wanted: Iterable[str]) -> Iterator[Problem]:
    for name in wanted:
        if name not in fault.given:
            yield Problem(named((*fault.path, name)), f"fehlt: {schema.said(schema.at(whole, (*fault.path, name)))}")


_OF_FIELDS: dict[str, Callable[[Schema, Fault], Iterator[Problem]]] = {
    "additionalProperties": _unknown,
    "required": _missing,
    "dependentRequired": _dependent,
}


# --- values -----------------------------------------------------------------------------------------------------------
def _type(form: Schema, fault: Fault) -> str:
    given = "ist leer" if fault.given is None else f"{_quoted(fault.given)} geht hier nicht"
    return f"{given}; richtig wäre {_wanted(form)}"


def _quoted(value: object) -> str:
    if isinstance(value, list):
        return "eine Liste"
    if isinstance(value, dict):
        return "eine Gruppe von Angaben"
    if isinstance(value, bool):
        return str(value).lower()
    return f"„{shown(value)}“"


def _wanted(form: Schema) -> str:
    kind = form.get("type")
    if kind == "array":
        inner = form.get("items", {})
        if inner.get("type") == "object":
            return "eine Liste, in der jeder Eintrag mit „- “ beginnt"
        example = inner["enum"][0] if "enum" in inner else "eins, zwei"
        return f"eine Liste, z. B. [{example}]"
    if kind == "object":
        fields = ", ".join(list(form.get("properties", ()))[:_MAX_CHOICES])
        return f"eine Gruppe von Angaben, darunter eingerückt: {fields or schema.said(form)}"
    if "enum" in form:
        return f"ein Wort aus der Liste, z. B. {form['enum'][0]}"
    kinds = {
        "boolean": "true oder false, ohne Anführungszeichen",
        "integer": "eine ganze Zahl ohne Anführungszeichen, z. B. 3",
        "number": "eine Zahl mit Punkt und ohne Anführungszeichen, z. B. 2.5",
    }
    return kinds.get(str(kind), f"ein Text: {schema.said(form)}")


def _choice(_form: Schema, fault: Fault) -> str:
    choices = {folded(str(choice)): str(choice) for choice in fault.wanted}
    asked = folded(str(fault.given))
    begun = [name for name in choices if len(asked) >= _BEGUN and name.startswith(asked)]
    near = [choices[name] for name in (*begun, *get_close_matches(asked, choices, n=3, cutoff=_NEAR))]
    ordered = dict.fromkeys([*near, *choices.values()])
    return f"„{shown(fault.given)}“ gibt es nicht; möglich: {', '.join(ordered)}"


def _length(_form: Schema, fault: Fault) -> str:
    least = fault.keyword == "minLength"
    return f"braucht {'mindestens' if least else 'höchstens'} {fault.wanted} Zeichen, hat {len(fault.given)}"


def _count(form: Schema, fault: Fault) -> str:
    few, bound = ("zu wenige", "mindestens") if fault.keyword == "minItems" else ("zu viele", "höchstens")
    return f"{few}, richtig wären {bound} {fault.wanted}: {schema.said(form)}"


def _bound(form: Schema, fault: Fault) -> str:
    least = fault.keyword == "minimum"
    bound = f"{'mindestens' if least else 'höchstens'} {fault.wanted:g}"
    return f"{shown(fault.given)} geht hier nicht; richtig wäre {bound} ({schema.said(form)})"


def _pattern(form: Schema, fault: Fault) -> str:
    return f"„{shown(fault.given)}“ geht hier nicht; richtig wäre: {schema.said(form)}"


def _format(form: Schema, fault: Fault) -> str:
    examples = {
        schema.DAY: "ein Tag, den es gibt, z. B. 2026-12-12 oder 12.12.2026",
        schema.MOMENT: "ein Tag oder Zeitpunkt, den es gibt, z. B. 2026-12-12 oder 2026-12-12 14:00",
        schema.LOCAL_MOMENT: "ein Tag mit Uhrzeit, z. B. 2026-12-12 14:00 oder 12.12.2026 14:00",
        "time-zone": "der Name einer Zeitzone, z. B. Europe/Berlin",
        "uri": "eine vollständige Adresse ohne Leerzeichen, z. B. https://beispiel.de/mitmachen",
    }
    said = examples.get(str(fault.wanted), schema.said(form))
    return f"„{shown(fault.given)}“ geht hier nicht; richtig wäre {said}"


def _empty(form: Schema, _fault: Fault) -> str:
    names = ", ".join(form.get("properties", ())) or schema.said(form)
    return f"ist leer; bitte weglassen oder ausfüllen: {names}"


def _twice(_form: Schema, _fault: Fault) -> str:
    return "nennt etwas doppelt; bitte jedes nur einmal"


_OF_VALUES: dict[str, Callable[[Schema, Fault], str]] = {
    "type": _type,
    "enum": _choice,
    "minLength": _length,
    "maxLength": _length,
    "minItems": _count,
    "maxItems": _count,
    "minimum": _bound,
    "maximum": _bound,
    "pattern": _pattern,
    "format": _format,
    "minProperties": _empty,
    "uniqueItems": _twice,
}


def folded(name: str) -> str:
    """Return the form in which "Regelmäßig" and "regelmaessig" meet."""
    return name[:_COMPARED].lower().translate(_FOLDED)
