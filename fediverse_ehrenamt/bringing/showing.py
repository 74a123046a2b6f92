"""How a listing is shown before and after it is taken over: numbers, the first entries as cards, problems by line."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from fediverse_ehrenamt.bringing import rules
from fediverse_ehrenamt.desk import fields, preview
from fediverse_ehrenamt.desk.preview import Publisher
from fediverse_ehrenamt.discover import facts
from fediverse_ehrenamt.discover.view import Card, Reader
from fediverse_ehrenamt.imports import report
from fediverse_ehrenamt.imports.plan import Plan, Step
from fediverse_ehrenamt.imports.report import FieldChange
from fediverse_ehrenamt.imports.topics import Guess
from fediverse_ehrenamt.kit import sentences
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web.i18n import Language

CARDS: Final = 6
LINES: Final = 100  # of one kind; the file has all
WORDS: Final[Mapping[str, str]] = {
    report.NEW: "neu",
    report.CHANGED: "geändert",
    report.CONFIRMED: "gelten ein weiteres Jahr",
    report.UNCHANGED: "unverändert",
    report.VANISHED: "nicht mehr in der Liste",
    report.HELD: "fehlen, bleiben aber",
    report.KEPT: "von Hand geändert, bleiben so",
    report.FAILED: "mit Fehlern, übersprungen",
    report.PAST: "schon vorbei, übersprungen",
}
_LABELS: Final = {one.term: one.label for one in (*fields.EVENT, *fields.OFFER)}
TERMS: Final = {
    **_LABELS,
    "title": "Titel",
    "name": "Titel",
    "text": "Beschreibung",
    "place": "Ort",
    "status": "Stand",
    "availability": "Zeiten",
    "effort": "Umfang",
    "dates": "Termine",
    "image": "Bild",
    "image.alt": "Bildbeschreibung",
    "organisation": "Organisation",
    "id": "Nummer",
    "language": "Sprache",
}
_SLUGS: Final[Mapping[str, Mapping[str, str]]] = {
    "areas": labels.AREA_SHORT,
    "activities": labels.ACTIVITY,
    "audiences": labels.AUDIENCE,
    "kind": labels.KIND,
    "status": labels.STATUS,
    "mode": labels.MODE,
    "minimumDuration": labels.MINIMUM_DURATION,
    "clearance": labels.CLEARANCE,
    "credentials": labels.CREDENTIAL,
    "germanLevel": labels.GERMAN_LEVEL,
    "suitableFor": labels.SUITABLE_FOR,
    "benefits": labels.BENEFIT,
    "compensation": labels.COMPENSATION,
    "insurance": labels.INSURANCE,
    "accessibility": labels.ACCESSIBILITY,
}
PLACES: Final = ("Datei", "Adresse", "Seite", "Spalten")
"""Parts of a listing that something may be wrong with, as `imports` names them."""
_IN_LINE = re.compile(r"Zeile (\d+)(.*)")
_PAIR = 2  # days that are named both
_INDEX = re.compile(r"\[\d+\]")
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes what begins so for a formula


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries meet the same lot; `what` is one of `imports.report`."""

    what: str
    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as it will look; `understood` is what a machine read from words, `changes` what becomes different."""

    card: Card
    where: str
    new: bool
    understood: tuple[str, ...]
    changes: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in a list: its place in the file, its title, what is to be said of it."""

    what: str
    where: str
    id: str
    title: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What a run does or did, in the reader's language: numbers, notes, and lines by what became of them."""

    counts: tuple[Count, ...]
    notes: tuple[str, ...]
    failed: tuple[Line, ...]
    gone: tuple[Line, ...]
    held: tuple[Line, ...]
    kept: tuple[Line, ...]
    more_failed: int = 0

    @property
    def nothing(self) -> bool:
        return not self.counts


def problem(found: Problem, words: Language) -> str:
    """Say what is wrong with a listing as a whole, and in which part of it."""
    return f"{words.gettext(found.field)}: {words.gettext(found.message)}"


def account(found: Mapping[str, Any], words: Language) -> Account:
    """Return a report (`imports.report.Report.json`) as it is read."""
    lines = [_line(one, words) for one in found["entries"]]
    failed = _of(lines, report.FAILED)
    return Account(
        counts=tuple(
            Count(what, words.number(found["counts"][what]), words.gettext(said))
            for what, said in WORDS.items()
            if found["counts"].get(what)
        ),
        notes=tuple(words.gettext(sentences.load(note)) for note in found["notes"]),
        failed=failed[:LINES],
        gone=_of(lines, report.VANISHED)[:LINES],
        held=_of(lines, report.HELD)[:LINES],
        kept=_of(lines, report.KEPT)[:LINES],
        more_failed=max(0, len(failed) - LINES),
    )


def _line(one: Mapping[str, Any], words: Language) -> Line:
    notes = tuple(note(sentences.load(said), words) for said in one["notes"])
    return Line(one["what"], _where(one["where"], words), one["id"], one["title"], notes)


def note(said: str, words: Language) -> str:
    """Say a note on an entry; a field that it is about has the name that the forms of the desk give it."""
    if isinstance(said, Sentence) and "field" in said.values:
        said = sentence(said.template, **{**said.values, "field": _named(str(said.values["field"]))})
    return words.gettext(said)


def trouble(said: str, words: Language) -> str:
    """Say what was wrong with an entry and where it stands (`imports.report.placed`)."""
    if isinstance(said, Sentence) and said.template == report.OF_ENTRY:
        where, told = said.values["where"], said.values["note"]
        return f"{_where(str(where), words)}: {note(told, words) if isinstance(told, str) else told}"
    return words.gettext(said)


def _named(field: str) -> str:
    """Return what people call a field: "place.postcode" is the postcode, "areas[0]" the areas."""
    path = _INDEX.sub("", field)
    known = next((TERMS[term] for term in (path, path.partition(".")[0]) if term in TERMS), "")
    return sentence(known) if known else field


def _where(said: str, words: Language) -> str:
    """Return the place of an entry in its file: "Zeile 3", "Zeile 3, JSON-LD 2"."""
    found = _IN_LINE.fullmatch(said)
    return words.gettext(sentence("Zeile %(line)s", line=found[1])) + found[2] if found else said


def _of(lines: Iterable[Line], what: str) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.what == what)


def cards(found: Plan, names: Mapping[str, str], settings: Settings, reader: Reader) -> list[Shown]:
    """Return the first entries that would be written; `names` are those of organisations by their URIs."""
    changes = {line.key: line.fields for line in found.report.lines}
    return [_shown(step, changes.get(step.key, ()), names, settings, reader) for step in found.steps[:CARDS]]


def _shown(
    step: Step, changes: Sequence[FieldChange], names: Mapping[str, str], settings: Settings, reader: Reader
) -> Shown:
    words = reader.language
    publisher = Publisher(step.owner or settings.url, names.get(step.owner, step.organisation), "")
    return Shown(
        card=preview.card(step.made.draft, publisher, settings, reader),
        where=step.record.where,
        new=step.what == report.NEW,
        understood=tuple(guess(one, words) for one in step.made.understood),
        changes=tuple(change(one, words) for one in changes),
        notes=tuple(note(said, words) for said in step.made.notes),
    )


def guess(found: Guess, words: Language) -> str:
    """Say what a machine read from words: "Zeiten: Di nachmittags"."""
    said = words.gettext(rules.UNDERSTOOD.get(found.field, found.field))
    if (named := _SLUGS.get(found.field)) is not None:
        slugs = found.value.split(", ")
        return f"{said}: {', '.join(words.gettext(labels.label(named, slug)) for slug in slugs)}"
    if (shown := _SHOWN.get(found.field)) is not None:
        return f"{said}: {shown(found.value, words)}"
    if found.value == "false":
        return ": ".join((said, words.gettext("Nein")))
    return said if found.value == "true" else f"{said}: {found.value}"


def _day(value: str, words: Language) -> str:
    return words.full_day(date.fromisoformat(value))


def _languages(value: str, words: Language) -> str:
    return ", ".join(map(words.language_name, value.split(", ")))


def _cells(value: str, words: Language) -> str:
    """Name cells of the week shortly, days alike in one: "Mo–Fr vormittags, nachmittags; Sa vormittags"."""
    by_day: dict[str, tuple[str, ...]] = {}
    for cell in value.split(", "):
        day, _, part = cell.partition("-")
        named = words.gettext(labels.label(labels.DAYPART, part)).partition(" (")[0]
        by_day[day] = (*by_day.get(day, ()), named)
    week = [by_day.get(day, ()) for day in labels.WEEKDAY]
    said: list[str] = []
    for parts in dict.fromkeys(filter(None, week)):
        days = [number for number, one in enumerate(week) if one == parts]
        said.append(f"{_days(days, words)} {', '.join(parts)}")
    return "; ".join(said)


_SHOWN: Final[Mapping[str, Callable[[str, Language], str]]] = {
    "languages": _languages,
    "availability.recurrence": facts.recurrence,
    "availability.cells": _cells,
    **dict.fromkeys(("startDate", "endDate", "applyBy"), _day),
}


def _days(numbers: Sequence[int], words: Language) -> str:
    """Name weekdays by their numbers, more than two in a row by their ends: "Mo–Fr", "Sa, So"."""
    first, last = words.short_day(numbers[0]), words.short_day(numbers[-1])
    if len(numbers) > _PAIR and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{first}–{last}"
    return ", ".join(map(words.short_day, numbers))


def change(found: FieldChange, words: Language) -> str:
    """Say how a field changes: "Titel: „Vorlesen“ → „Lesen“"."""
    said = {"field": words.gettext(_named(found.field)), "before": found.before, "after": found.after}
    return words.gettext("%(field)s: „%(before)s“ → „%(after)s“") % said


def table(text: str, words: Language) -> bytes:
    """Return a report (JSON) as CSV that German spreadsheets open: one line for each entry that was touched."""
    found = orjson.loads(text)
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=";")
    t = words.gettext
    writer.writerow([t("Zeile"), t("Nummer"), t("Ergebnis"), t("Titel"), t("Hinweise")])
    for one in (_line(entry, words) for entry in found["entries"]):
        cells = (one.where, one.id, words.gettext(WORDS.get(one.what, one.what)), one.title, "; ".join(one.notes))
        writer.writerow([_harmless(cell) for cell in cells])
    return made.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) else cell
