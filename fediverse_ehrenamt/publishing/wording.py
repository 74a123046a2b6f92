"""Says in German what of a value does not fit its schema, and what would be right; `web.i18n` says it in others."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Any

from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
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
    unfit = say(form, fault) if say else sentence("passt nicht: %(right)s", right=schema.said(form))
    yield Problem(named(fault.path), unfit)


# --- fields that should not be there, or should -----------------------------------------------------------------------
def _unknown(whole: Schema, fault: Fault) -> Iterator[Problem]:
    known: Schema = schema.at(whole, fault.path)["properties"]
    unknown = (key for key in fault.given if key not in known)
    for key in islice(unknown, MAX_FAULTS):
        yield Problem(named((*fault.path, key)), _proposal(key, known))


def _proposal(key: str, known: Schema) -> Sentence:
    """Return the field that was probably meant, by its name or its German title, else all that there are."""
    names = {folded(name): name for name in known}
    names |= {folded(str(part.get("title", ""))): name for name, part in known.items()}
    near = get_close_matches(folded(key), names, n=1, cutoff=_NEAR)
    if near:
        return sentence("kennen wir nicht; meinten Sie „%(name)s“?", name=names[near[0]])
    return sentence("kennen wir nicht; möglich: %(known)s", known=", ".join(known))


def _missing(whole: Schema, fault: Fault) -> Iterator[Problem]:
    yield from _absent(whole, fault, fault.wanted)


def _dependent(whole: Schema, fault: Fault) -> Iterator[Problem]:
    wanted = [name for key, names in fault.wanted.items() if key in fault.given for name in names]
    yield from _absent(whole, fault, wanted)


def _absent(whole: Schema, fault: Fault, wanted: Iterable[str]) -> Iterator[Problem]:
    for name in wanted:
        if name not in fault.given:
            path = (*fault.path, name)
            yield Problem(named(path), absent(schema.at(whole, path)))


def absent(form: Schema) -> Sentence:
    """Say that a value is missing, and what it would say."""
    return sentence("fehlt: %(right)s", right=schema.said(form))


_OF_FIELDS: dict[str, Callable[[Schema, Fault], Iterator[Problem]]] = {
    "additionalProperties": _unknown,
    "required": _missing,
    "dependentRequired": _dependent,
}


# --- values -----------------------------------------------------------------------------------------------------------
def _type(form: Schema, fault: Fault) -> Sentence:
    if fault.given is None:
        return sentence("ist leer; richtig wäre %(right)s", right=_wanted(form))
    if isinstance(fault.given, list):
        return sentence("eine Liste geht hier nicht; richtig wäre %(right)s", right=_wanted(form))
    if isinstance(fault.given, dict):
        return sentence("eine Gruppe von Angaben geht hier nicht; richtig wäre %(right)s", right=_wanted(form))
    if isinstance(fault.given, bool):
        given = str(fault.given).lower()
        return sentence("%(given)s geht hier nicht; richtig wäre %(right)s", given=given, right=_wanted(form))
    return _unfit(fault, _wanted(form))


def _unfit(fault: Fault, right: Sentence) -> Sentence:
    return sentence("„%(given)s“ geht hier nicht; richtig wäre %(right)s", given=shown(fault.given), right=right)


def _wanted(form: Schema) -> Sentence:
    kind = form.get("type")
    if kind == "array":
        inner = form.get("items", {})
        if inner.get("type") == "object":
            return sentence("eine Liste, in der jeder Eintrag mit „- “ beginnt")
        return sentence(
            "eine Liste, z. B. [%(example)s]", example=inner["enum"][0] if "enum" in inner else "eins, zwei"
        )
    if kind == "object":
        fields = ", ".join(list(form.get("properties", ()))[:_MAX_CHOICES])
        return sentence("eine Gruppe von Angaben, darunter eingerückt: %(fields)s", fields=fields or schema.said(form))
    if "enum" in form:
        return sentence("ein Wort aus der Liste, z. B. %(example)s", example=form["enum"][0])
    if kind in _KINDS:
        return _KINDS[kind]
    return sentence("ein Text: %(right)s", right=schema.said(form))


_KINDS: dict[str, Sentence] = {
    "boolean": sentence("true oder false, ohne Anführungszeichen"),
    "integer": sentence("eine ganze Zahl ohne Anführungszeichen, z. B. 3"),
    "number": sentence("eine Zahl mit Punkt und ohne Anführungszeichen, z. B. 2.5"),
}


def _choice(_form: Schema, fault: Fault) -> Sentence:
    choices = {folded(str(choice)): str(choice) for choice in fault.wanted}
    asked = folded(str(fault.given))
    begun = [name for name in choices if len(asked) >= _BEGUN and name.startswith(asked)]
    near = [choices[name] for name in (*begun, *get_close_matches(asked, choices, n=3, cutoff=_NEAR))]
    ordered = dict.fromkeys([*near, *choices.values()])
    return sentence("„%(said)s“ gibt es nicht; möglich: %(known)s", said=shown(fault.given), known=", ".join(ordered))


def _length(_form: Schema, fault: Fault) -> Sentence:
    numbers = {"bound": fault.wanted, "number": len(fault.given)}
    if fault.keyword == "minLength":
        return sentence("braucht mindestens %(bound)s Zeichen, hat %(number)s", **numbers)
    return sentence("braucht höchstens %(bound)s Zeichen, hat %(number)s", **numbers)


def _count(form: Schema, fault: Fault) -> Sentence:
    said = {"bound": fault.wanted, "right": schema.said(form)}
    if fault.keyword == "minItems":
        return sentence("zu wenige, richtig wären mindestens %(bound)s: %(right)s", **said)
    return sentence("zu viele, richtig wären höchstens %(bound)s: %(right)s", **said)


def _bound(form: Schema, fault: Fault) -> Sentence:
    said = {"given": shown(fault.given), "bound": f"{fault.wanted:g}", "right": schema.said(form)}
    if fault.keyword == "minimum":
        return sentence("%(given)s geht hier nicht; richtig wäre mindestens %(bound)s (%(right)s)", **said)
    return sentence("%(given)s geht hier nicht; richtig wäre höchstens %(bound)s (%(right)s)", **said)


def _pattern(form: Schema, fault: Fault) -> Sentence:
    said = {"given": shown(fault.given), "right": schema.said(form)}
    return sentence("„%(given)s“ geht hier nicht; richtig wäre: %(right)s", **said)


_EXAMPLES: dict[str, Sentence] = {
    schema.DAY: sentence("ein Tag, den es gibt, z. B. 2026-12-12 oder 12.12.2026"),
    schema.MOMENT: sentence("ein Tag oder Zeitpunkt, den es gibt, z. B. 2026-12-12 oder 2026-12-12 14:00"),
    schema.LOCAL_MOMENT: sentence("ein Tag mit Uhrzeit, z. B. 2026-12-12 14:00 oder 12.12.2026 14:00"),
    "time-zone": sentence("der Name einer Zeitzone, z. B. Europe/Berlin"),
    "uri": sentence("eine vollständige Adresse ohne Leerzeichen, z. B. https://beispiel.de/mitmachen"),
}


def _format(form: Schema, fault: Fault) -> Sentence:
    return _unfit(fault, _EXAMPLES.get(str(fault.wanted)) or schema.said(form))


def _empty(form: Schema, _fault: Fault) -> Sentence:
    names = ", ".join(form.get("properties", ())) or schema.said(form)
    return sentence("ist leer; bitte weglassen oder ausfüllen: %(fields)s", fields=names)


def _twice(_form: Schema, _fault: Fault) -> Sentence:
    return sentence("nennt etwas doppelt; bitte jedes nur einmal")


_OF_VALUES: dict[str, Callable[[Schema, Fault], Sentence]] = {
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
