"""Decides what a run does with each entry, without doing it: what a dry run shows and `apply` carries out."""

import hashlib
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from fediverse_ehrenamt.events import rules as events
from fediverse_ehrenamt.imports import drafts, homes, report, spots, store
from fediverse_ehrenamt.imports.drafts import Draft, Made
from fediverse_ehrenamt.imports.homes import Home
from fediverse_ehrenamt.imports.owners import Owners
from fediverse_ehrenamt.imports.report import Line, Report
from fediverse_ehrenamt.imports.store import Known
from fediverse_ehrenamt.imports.topics import Guess
from fediverse_ehrenamt.imports.understood import Understand
from fediverse_ehrenamt.kit import clock, html, values
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings import columns, days
from fediverse_ehrenamt.listings.record import EVENT, Fault, Record
from fediverse_ehrenamt.opportunities import rules as opportunities
from fediverse_ehrenamt.vocab import lifetimes

RENEWED_BEFORE = timedelta(days=90)  # an offer that is still listed is told to hold on so long before it would expire
MOST_VANISHED = 0.5  # of all; more at once is a broken feed until somebody says otherwise
_CALL_HOLDS = timedelta(days=365)  # of what was wanted at once
_LONGEST_TITLE = 200  # characters
_NAMED, _SHOWN = 5, 60  # headings in a note, characters of each
_LISTS = ("categories", "audiences", "districts")


@dataclass(frozen=True, slots=True)
class Aim:
    """Whose entries these are: the source's number and `fallback`, the organisation of those whose own is not here.

    `creates` says that organisations that are not here are added, `home` where entries are that name no town.
    """

    source: int
    fallback: str
    creates: bool
    understand: Understand
    now: datetime
    home: Home = homes.NOWHERE


@dataclass(frozen=True, slots=True)
class Step:
    """One entry that is to be written; `owner` is an actor's URI, "" where `organisation` is to be added first.

    `what` is `report.NEW`, `report.CHANGED` or, where only its time is prolonged, `report.CONFIRMED`.
    """

    what: str
    record: Record
    made: Made
    digest: str
    owner: str
    organisation: str
    key: str
    known: Known | None


@dataclass(slots=True)
class Plan:
    """What a run does: steps in the order of the source, ids of entries that vanished, lines of all others.

    `assumed` are the towns of those that name none, `home` is that of the source.
    """

    steps: list[Step] = field(default_factory=list)
    vanished: list[Known] = field(default_factory=list)
    held: list[Known] = field(default_factory=list)
    edited: list[Step] = field(default_factory=list)
    report: Report = field(default_factory=Report)
    assumed: list[Home] = field(default_factory=list)
    home: Home = homes.NOWHERE


def make(read: Iterable[Record | Fault], known: Mapping[str, Known], owners: Owners, aim: Aim, *, force: bool) -> Plan:
    """Return what is to be done with what was read and `merged`."""
    plan = Plan()
    seen: set[str] = set()
    whole = True
    headings: list[str] = []
    sheets: list[str] = []
    listed: list[Record] = []
    for one in read:
        if isinstance(one, Fault) and (one.heading or one.sheet):
            (headings if one.heading else sheets).append(one.message)
            continue
        if one.id:
            seen.add(one.id)
        if isinstance(one, Fault):
            whole = whole and not one.ends
            plan.report.add(Line(report.FAILED, one.where, one.id, notes=(one.message,)))
        else:
            if not is_over(one, aim.now):
                listed.append(one)
            _decide(plan, one, known.get(one.id), owners, aim)
    if seen and all(one.startswith(columns.BY_WORDS) for one in seen):
        plan.report.notes.append(
            sentence("Die Einträge haben keine Nummern: Wer einen Titel ändert, macht daraus einen neuen.")
        )
    plan.report.notes += homes.note(plan.assumed, len(plan.assumed))
    _find_vanished(plan, known, seen, aim.now, whole=whole, force=force)
    plan.report.notes += [*_passed_over(headings), *_unread(sheets), *_twice(listed)]
    return plan


def _unread(sheets: Sequence[str]) -> Iterator[str]:
    """Say once which sheets of a workbook were passed over, as somebody may look for what stands there."""
    if sheets:
        named = [f"„{textwrap.shorten(one, _SHOWN, placeholder='…')}“" for one in sheets[:_NAMED]]
        yield sentence(
            "Nicht gelesene Tabellenblätter, weil sie abgelegt sind oder keine Angebote auflisten: %(named)s",
            named=", ".join([*named, *(["…"] if len(sheets) > _NAMED else [])]),
        )


def _twice(listed: Iterable[Record]) -> Iterator[str]:
    """Say once which entries a source lists twice, under another number; those that are nearly so are asked about."""
    first: dict[tuple[object, ...], Record] = {}
    twice: list[str] = []
    for one in listed:
        texts = (one.title, one.organisation, one.summary, one.text, one.tasks, one.times, one.venue, one.street)
        said = *(" ".join(text.split()).casefold() for text in texts), one.postcode, one.districts, one.starts_at
        if (other := first.setdefault(said, one)) is not one:
            title = textwrap.shorten(one.title, _SHOWN, placeholder="…")
            twice.append(f"„{title}“ ({other.where}; {one.where})")
    if twice:
        yield sentence(
            "Einträge, die doppelt in der Liste stehen und als einer gezeigt werden: %(number)s, %(named)s",
            number=len(twice),
            named=", ".join([*twice[:_NAMED], *(["…"] if len(twice) > _NAMED else [])]),
        )


def _passed_over(headings: Sequence[str]) -> Iterator[str]:
    """Say once how many rows are only headings, and which, as one of them may have been meant as an entry."""
    if headings:
        named = [f"„{textwrap.shorten(one, _SHOWN, placeholder='…')}“" for one in headings[:_NAMED]]
        yield sentence(
            "Zeilen mit nur einer Zelle gelten als Überschriften, nicht als Einträge: %(number)s (%(named)s)",
            number=len(headings),
            named=", ".join([*named, *(["…"] if len(headings) > _NAMED else [])]),
        )


def merged(read: Iterable[Record | Fault]) -> Iterator[Record | Fault]:
    """Yield what was read, rows of one id and title as one: some exports have a row for each category."""
    first: dict[str, Record] = {}
    faults: list[Fault] = []
    for one in read:
        if isinstance(one, Fault):
            faults.append(one)
        elif one.id not in first:
            first[one.id] = one
        elif first[one.id].title == one.title and first[one.id].starts_at == one.starts_at:
            first[one.id] = _joined(first[one.id], one)
        else:
            faults.append(
                Fault(
                    one.where,
                    sentence("die id „%(id)s“ hat schon %(where)s", id=one.id, where=first[one.id].where),
                    one.id,
                )
            )
    yield from faults
    yield from first.values()


def _joined(one: Record, other: Record) -> Record:
    lists: dict[str, Any] = {
        name: tuple(dict.fromkeys((*getattr(one, name), *getattr(other, name)))) for name in _LISTS
    }
    return replace(one, **lists)


def title_of(record: Record) -> str:
    """Return the title by which a report calls an entry: in the source it may be HTML."""
    return html.first_line(record.title, _LONGEST_TITLE)


# --- one entry --------------------------------------------------------------------------------------------------------
def _decide(plan: Plan, record: Record, known: Known | None, owners: Owners, aim: Aim) -> None:
    key = known.key if known else store.key_of(aim.source, record.id)
    line = Line("", record.where, record.id, key, title_of(record))
    if is_over(record, aim.now):
        plan.report.add(replace(line, what=report.PAST, notes=_read_from_words(record)))
        return
    if known is not None and known.kind != record.kind:
        plan.report.add(
            replace(line, what=report.FAILED, notes=(sentence("war bisher etwas anderes (Angebot oder Termin)"),))
        )
        return
    owner, organisation = _owner(record, known, owners, aim)
    if not owner and not (organisation and aim.creates):
        plan.report.add(replace(line, what=report.FAILED, notes=(_nobody(record),)))
        return
    record = _at_home(plan, record, owner, owners, aim)
    shown_as = record.organisation if owner == aim.fallback and owners.find(record.organisation) != owner else ""
    made = drafts.make(record, key, aim.understand, shown_as)
    if problems := problems_of(made.draft, aim.now):
        plan.report.add(replace(line, what=report.FAILED, notes=tuple(map(report.said, problems))))
        return
    digest = _digest(record, made.draft)
    step = Step(_what(known, digest, aim.now), record, made, digest, owner, organisation, key, known)
    _sort_in(plan, step, line)


def _at_home(plan: Plan, record: Record, owner: str, owners: Owners, aim: Aim) -> Record:
    """Return an entry that names no town in the one that is assumed: what was said counts most, what is near next."""
    if not homes.lacks_town(record):
        return record
    town = owners.towns.get(owner, "")
    known = [Home(town, homes.FALLBACK if owner == aim.fallback else homes.OWN), aim.home]
    ranked = sorted(filter(lambda one: one.town, known), key=lambda one: homes.ORDER.index(one.origin))
    home = ranked[0] if ranked else homes.NOWHERE
    placed = homes.placed(record, home) if home.town else record
    if placed.assumed != homes.IN_VENUE:
        plan.assumed.append(home)
    return placed


def _digest(record: Record, draft: Draft) -> str:
    """Return what changes with what the source says: not with districts learnt since, by which an entry is placed."""
    if draft.place is not None and not spots.is_stated(record):
        draft = replace(draft, place=replace(draft.place, latitude=None, longitude=None))
    return hashlib.sha256(values.dump(draft).encode()).hexdigest()


def _sort_in(plan: Plan, step: Step, line: Line) -> None:
    known = step.known
    if known is not None and known.state == store.SHOWN and not known.there:
        plan.report.add(replace(line, what=report.KEPT, notes=(sentence("hier zurückgezogen; bleibt es auch"),)))
    elif step.what != report.UNCHANGED:
        plan.steps.append(step)
    elif known is not None and known.edited:
        plan.edited.append(step)
    else:
        plan.report.add(replace(line, what=report.UNCHANGED))


def _what(known: Known | None, digest: str, now: datetime) -> str:
    if known is None:
        return report.NEW
    if known.digest != digest or known.state != store.SHOWN:
        return report.CHANGED
    return report.CONFIRMED if known.renew_at is not None and known.renew_at <= now else report.UNCHANGED


def _owner(record: Record, known: Known | None, owners: Owners, aim: Aim) -> tuple[str, str]:
    """Return the URI of who publishes an entry, and the name of who is to be added where there is nobody yet."""
    if known is not None:
        return known.actor, ""
    if own := owners.find(record.organisation) if record.organisation else "":
        return own, ""
    if record.organisation and aim.creates:
        return "", record.organisation
    return aim.fallback, ""


def _nobody(record: Record) -> str:
    if not record.organisation:
        return sentence("ohne Organisation; bitte sagen, unter wem der Eintrag erscheinen soll")
    return sentence(
        "die Organisation „%(name)s“ gibt es hier nicht; bitte sagen, unter wem der Eintrag erscheinen soll, oder sie "
        "anlegen lassen",
        name=record.organisation,
    )


def is_over(record: Record, now: datetime) -> bool:
    """Say whether an entry is of no use any more: nobody tells of what was."""
    if record.kind == EVENT:
        ends = record.ends_at or record.starts_at
        return ends is not None and ends <= now
    named = days.read(record)
    called = days.called_for(record)
    if called is not None and called < clock.day(now - _CALL_HOLDS):
        return True
    last_days = (record.apply_by or named.apply_by, record.last_day or named.last)
    return any(last is not None and last < clock.day(now) for last in last_days)


def _read_from_words(record: Record) -> tuple[str, ...]:
    """Return until when an entry was of use where only its words say so, in a sentence; nothing where a field does."""
    named = days.read(record)
    ends = min((day for day in (named.apply_by, named.last) if day is not None), default=None)
    if record.kind == EVENT or record.apply_by or record.last_day or ends is None:
        return ()
    return (sentence("nach den Worten des Eintrags bis %(day)s; von der Maschine verstanden", day=f"{ends:%d.%m.%Y}"),)


def problems_of(draft: Draft, now: datetime) -> list[Problem]:
    ready = lasting(draft, now)
    return events.problems(ready, now) if isinstance(ready, events.Draft) else opportunities.problems(ready, now)


def lasting(draft: Draft, now: datetime) -> Draft:
    """Return a draft as it is published: an offer without an end holds for a year, as it stands in a listing today.

    When somebody last looked after it stays what the source says, so that an old one is seen to be old.
    """
    if isinstance(draft, events.Draft):
        return draft
    details = draft.details
    confirmed_at = min(details.confirmed_at, now) if details.confirmed_at else None
    expires_at = details.expires_at
    if expires_at is None and details.apply_by is None and details.end_date is None:
        expires_at = now.replace(microsecond=0) + lifetimes.OFFER_HOLDS
    return replace(draft, details=replace(details, confirmed_at=confirmed_at, expires_at=expires_at))


def renew_at(draft: Draft, now: datetime) -> datetime | None:
    """Return when an entry that is still listed has to be told to hold on; None for what has an end of its own."""
    if isinstance(draft, events.Draft) or draft.details.apply_by or draft.details.end_date:
        return None
    return now + lifetimes.OFFER_HOLDS - RENEWED_BEFORE


def unconfirmed(guesses: tuple[Guess, ...], confirmed: str) -> tuple[Guess, ...]:
    """Return what nobody has confirmed yet: the same value need not be confirmed at every run."""
    known = {(guess.field, guess.value) for guess in store.read_guesses(confirmed)}
    return tuple(guess for guess in guesses if (guess.field, guess.value) not in known)


# --- what is no longer there ------------------------------------------------------------------------------------------
def _find_vanished(
    plan: Plan, known: Mapping[str, Known], seen: set[str], now: datetime, *, whole: bool, force: bool
) -> None:
    live = [one for one in known.values() if one.state == store.SHOWN and (one.ends_at is None or one.ends_at > now)]
    gone = [one for one in live if one.foreign_id not in seen]
    if not gone:
        return
    if not whole and not force:
        plan.held = gone
        plan.report.notes.append(
            sentence(
                "%(number)s Einträge fehlen, aber die Quelle war nicht ganz zu lesen; sie bleiben.", number=len(gone)
            )
        )
    elif len(gone) > MOST_VANISHED * len(live) and not force:
        plan.held = gone
        plan.report.notes.append(
            sentence(
                "%(gone)s von %(all)s Einträgen fehlen in der Quelle. Das ist mehr als die Hälfte und sieht nach einem "
                "Fehler aus; sie bleiben.",
                gone=len(gone),
                all=len(live),
            )
        )
    else:
        plan.vanished = gone
