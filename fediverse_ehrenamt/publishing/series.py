"""The dates of an entry that has several: an event of its own for each, linked to the entry by `context`.

The list in the file is the whole truth: what is no longer in it does not take place. What is over stays as it is.
"""

from dataclasses import replace
from datetime import UTC, datetime

from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.opportunities.rules import OPEN
from fediverse_ehrenamt.opportunities.rules import Draft as OpportunityDraft
from fediverse_ehrenamt.publishing.drafts import Date
from fediverse_ehrenamt.publishing.entry import Entry
from fediverse_ehrenamt.things import showings, store
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.vocab.types import EventDetails
from fediverse_ehrenamt.work import Work

_KIND = "einsatz"
_CATEGORY = "CAUSES"
_SEPARATOR = "\x1f"  # in no id that people write: files with control characters are refused
_OF_DATES = frozenset({"startTime", "endTime"})


def publish(work: Work, owner: str, parent: Outcome, entry: Entry) -> list[Outcome]:
    """Publish, change, cancel or withdraw the dates of an entry just handed in; raises `Invalid` naming the date."""
    if parent.what in {"withdrawn", "absent"}:
        return []  # its dates went with it
    wanted = {_key(entry, date): number for number, date in enumerate(entry.dates)}
    outcomes = [
        events.drop(work, held)
        for held in showings.dates(work, parent.uri)
        if held.key not in wanted and not _is_over(work, held)
    ]
    problems = _ends_too_soon(entry)
    for key, number in wanted.items():
        try:
            outcomes += _one(work, owner, parent.uri, entry, (key, entry.dates[number]))
        except Invalid as error:
            problems += [_of_date(number, problem) for problem in error.problems]
    if problems:
        raise Invalid(problems)
    return outcomes


def _one(work: Work, owner: str, parent: str, entry: Entry, named: tuple[str, Date]) -> list[Outcome]:
    key, date = named
    never_was = date.status == "cancelled" and store.find_own(work, owner, key) is None
    if date.ends_at <= work.now or never_was:
        return []
    return [events.publish(work, owner, _draft(entry, parent, key, date))]


def _draft(entry: Entry, parent: str, key: str, date: Date) -> EventDraft:
    if isinstance(entry.draft, EventDraft):
        details = replace(entry.draft.details, register_by=None, expires_at=None)  # they are those of the first date
        own = replace(entry.draft, details=details, starts_at=date.starts_at, ends_at=date.ends_at)
    else:
        own = _shift(entry.draft, date)
    return replace(own, key=key, series=parent, status=date.status)


def _shift(draft: OpportunityDraft, date: Date) -> EventDraft:
    """Return a date of an opportunity as the event that calendars show; it carries the offer's facts as well."""
    offer = draft.details
    return EventDraft(
        key=draft.key,
        name=offer.title,
        details=EventDetails(
            kind=_KIND,
            areas=offer.areas,
            audiences=offer.audiences,
            accessibility=offer.accessibility,
            accessibility_note=offer.accessibility_note,
            languages=offer.languages,
        ),
        text=draft.text,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        language=draft.language,
        place=draft.place,
        category=_CATEGORY,
        hashtags=draft.hashtags,
        image=draft.image,
        image_alt=draft.image_alt,
        contact_url=draft.contact_url,
        shift=replace(offer, start_date=None, end_date=None, confirmed_at=None, expires_at=date.ends_at),
    )


def _ends_too_soon(entry: Entry) -> list[Problem]:
    """Return what is wrong with an open offer that would say that it has expired while dates of it are still open."""
    if not isinstance(entry.draft, OpportunityDraft) or entry.draft.details.status != OPEN:
        return []
    until = entry.draft.details.expires_at
    last = max((date.starts_at for date in entry.dates if date.status != "cancelled"), default=None)
    if until is None or last is None or last <= until:
        return []
    said = sentence(
        "%(until)s liegt vor dem letzten Termin am %(last)s; bitte später ansetzen oder weglassen",
        until=_day(until),
        last=_day(last),
    )
    return [Problem("expiresAt", said)]


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(HOME):%d.%m.%Y}"


def _key(entry: Entry, date: Date) -> str:
    """Return the name of a date: its beginning, so that it stays the same when its end or its text changes."""
    return f"{entry.draft.key}{_SEPARATOR}{date.starts_at.astimezone(UTC):%Y%m%dT%H%M%S}"


def _is_over(work: Work, held: ThingRow) -> bool:
    ends_at: datetime = values.load(EventDraft, held.draft).ends_at
    return ends_at <= work.now


def _of_date(number: int, problem: Problem) -> Problem:
    """Return a problem of a date where the date stands; what all dates share stands with the entry itself."""
    return Problem(f"dates[{number}].{problem.field}", problem.message) if problem.field in _OF_DATES else problem
