"""What was typed into a form as an entry of `publishing`, and such an entry as what stands in the form. Pure.

Nothing that was typed is lost: what cannot be read comes back as it was, with a problem beside its field.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from fediverse_ehrenamt.desk import fields, versions
from fediverse_ehrenamt.desk.fields import Field
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.publishing import dates

Given = dict[str, Any]
Typed = dict[str, list[str]]
YES: Final = "ja"


class _Wrong(ValueError):
    """What is typed in a field is nothing of its kind; `said` says what would be."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def typed(pairs: Iterable[tuple[str, str]], form: Sequence[Field]) -> Typed:
    """Return what was sent for each field of a form; the length of all was bounded before."""
    terms = {field.term for field in form}
    found: Typed = {}
    for name, value in pairs:
        if name in terms and value.strip():
            found.setdefault(name, []).append(_lines(value))
    return found


def given(said: Typed, form: Sequence[Field], before: Given) -> tuple[Given, list[Problem]]:
    """Return an entry with what was typed, and what in it cannot be read.

    What `before` says of other things than the fields of this form stays.
    """
    found, problems = _copy(before), []
    for field in form:
        _take_out(found, field.term)
        values = said.get(field.term, [])
        try:
            value = _READERS[field.kind](values) if values else None
        except _Wrong as wrong:
            problems.append(Problem(field.term, wrong.said))
            continue
        if value is not None:
            _put(found, field.term, value)
    return {term: value for term, value in found.items() if value != {}}, problems


def shown(entry: Given, form: Sequence[Field]) -> Typed:
    """Return an entry as it stands in a form."""
    found: Typed = {}
    for field in form:
        value = _at(entry, field.term)
        if value not in (None, "", [], False):
            found[field.term] = _WRITERS.get(field.kind, _one)(value)
    return found


def field_of(problem: Problem, form: Sequence[Field]) -> Field | None:
    """Return the field that a problem is about: that of "place.postcode", of "areas[0]", of "place" its first part."""
    path = versions.field_of(problem) or problem.field.partition("[")[0]
    exact = next((field for field in form if field.term == path), None)
    return exact or next((field for field in form if field.term.startswith(f"{path}.")), None)


# --- reading ----------------------------------------------------------------------------------------------------------
def _lines(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def _line(values: list[str]) -> str:
    return " ".join(values[0].split())


def _number(values: list[str]) -> float:
    try:
        number = float(values[0].replace(",", "."))
    except ValueError as error:
        raise _Wrong(
            sentence("„%(said)s“ ist keine Zahl; richtig wäre zum Beispiel 2 oder 2,5", said=values[0])
        ) from error
    if not number < float("inf"):
        raise _Wrong(sentence("ist zu groß; richtig wäre zum Beispiel 2"))
    return int(number) if number.is_integer() else number


def _whole(values: list[str]) -> int:
    if not (values[0].isascii() and values[0].isdecimal()):
        raise _Wrong(sentence("„%(said)s“ ist keine ganze Zahl; richtig wäre zum Beispiel 3", said=values[0]))
    return int(values[0])


def _day(values: list[str]) -> str:
    found = dates.day(values[0])
    if found is None:
        raise _Wrong(
            sentence("„%(said)s“ ist kein Tag, den es gibt; richtig wäre zum Beispiel 24.12.2026", said=values[0])
        )
    return found


def _moment(values: list[str]) -> str:
    found = dates.moment(values[0], HOME)
    if found is None:
        raise _Wrong(
            sentence("„%(said)s“ ist kein Tag mit Uhrzeit; richtig wäre zum Beispiel 24.12.2026 14:00", said=values[0])
        )
    return found


def _words(values: list[str]) -> list[str]:
    return list(dict.fromkeys(word.strip().removeprefix("#") for word in values[0].split(",") if word.strip("# \n")))


def _skills(values: list[str]) -> list[Given]:
    return [{"name": word} for word in _words(values)]


_READERS: Mapping[str, Callable[[list[str]], object]] = {
    fields.LINE: _line,
    fields.TEXT: lambda values: values[0],
    fields.NUMBER: _number,
    fields.WHOLE: _whole,
    fields.DAY: _day,
    fields.MOMENT: _moment,
    fields.SELECT: _line,
    fields.CHECKS: lambda values: list(dict.fromkeys(values)),
    fields.TICK: lambda values: values[0] == YES or None,
    fields.WEEK: lambda values: list(dict.fromkeys(values)),
    fields.WORDS: _words,
    fields.SKILLS: _skills,
    fields.DATES: lambda values: list(dict.fromkeys(values)),
}


# --- writing ----------------------------------------------------------------------------------------------------------
def _one(value: object) -> list[str]:
    return [str(value)]


def _decimal(value: float) -> list[str]:
    return [f"{value:.10g}".replace(".", ",")]  # degrees to the metre


def _local(value: str) -> list[str]:
    """Write a moment as browsers' own fields have it ("2026-12-12T14:00"), in Germany's time."""
    moment = clock.parse(value)
    return [moment.astimezone(HOME).strftime("%Y-%m-%dT%H:%M")] if moment else [value]


_WRITERS: Mapping[str, Callable[[Any], list[str]]] = {
    fields.NUMBER: _decimal,
    fields.CHECKS: list,
    fields.WEEK: list,
    fields.DATES: list,
    fields.TICK: lambda _value: [YES],
    fields.MOMENT: _local,
    fields.DAY: lambda value: [value[:10]],
    fields.WORDS: lambda value: [", ".join(value)],
    fields.SKILLS: lambda value: [", ".join(skill["name"] for skill in value)],
}


# --- paths ------------------------------------------------------------------------------------------------------------
def _copy(entry: Given) -> Given:
    return {term: dict(value) if isinstance(value, dict) else value for term, value in entry.items()}


def _at(entry: Given, term: str) -> object:
    outer, _, inner = term.partition(".")
    found = entry.get(outer)
    return found.get(inner) if inner and isinstance(found, dict) else None if inner else found


def _put(entry: Given, term: str, value: object) -> None:
    outer, _, inner = term.partition(".")
    if inner:
        entry.setdefault(outer, {})[inner] = value
    else:
        entry[outer] = value


def _take_out(entry: Given, term: str) -> None:
    outer, _, inner = term.partition(".")
    if inner and isinstance(entry.get(outer), dict):
        entry[outer].pop(inner, None)
    elif not inner:
        entry.pop(outer, None)
