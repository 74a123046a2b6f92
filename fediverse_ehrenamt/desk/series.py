"""What an organisation does with an event that repeats itself. Its dates are events of their own, all made of one form.

What was changed on one date alone stays when the others change. Followers see the dates one at a time, when they are
near. What is over stays as it is.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from fediverse_ehrenamt.desk import drafting, repeating, store
from fediverse_ehrenamt.desk.drafting import SEPARATOR, Written
from fediverse_ehrenamt.desk.model import SeriesRow
from fediverse_ehrenamt.desk.repeating import Occasion
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import WITHDRAWN, Draft
from fediverse_ehrenamt.kit import clock, values
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.things import showings
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.things.store import Outcome, hold
from fediverse_ehrenamt.work import Work


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What dates are made of: the draft of one of them, and the date that is the context of all others."""

    draft: Draft
    first: str
    context: str

    def of(self, key: str, occasion: Occasion) -> Draft:
        """Return one date; a last day to register is as long before it as it is before the others."""
        details, own = self.draft.details, clock.day(self.draft.starts_at)
        if details.register_by is not None:
            by = details.register_by.astimezone(HOME)
            later, _ = repeating.moved(by, by, by.date() + (occasion.day - own))
            details = replace(details, register_by=later)
        return replace(
            self.draft,
            key=key,
            starts_at=occasion.starts_at,
            ends_at=occasion.ends_at,
            details=details,
            series="" if key == self.first else self.context,
        )

    def on(self, key: str) -> Draft:
        """Return the date of a key."""
        day = day_of(key)
        return self.of(key, Occasion(day, *repeating.moved(self.draft.starts_at, self.draft.ends_at, day)))


# --- names ------------------------------------------------------------------------------------------------------------
def key_of(series: str, day: date) -> str:
    """Return the key of a date: it stays the same when the hour changes."""
    return f"{series}{SEPARATOR}{day.isoformat()}"


def series_of(key: str) -> str:
    """Return the key of the series that a date belongs to."""
    return key.partition(SEPARATOR)[0]


def day_of(key: str) -> date:
    return date.fromisoformat(key.rpartition(SEPARATOR)[2])


# --- publishing -------------------------------------------------------------------------------------------------------
def publish(work: Work, actor: str, written: Written, draft: Draft) -> Outcome:
    """Publish all dates of what repeats itself, or change them; return what became of its next one; raises `Invalid`.

    `draft` is that next one as it was judged. An event that took place once becomes the first of them.
    """
    hold(work, f"{actor} {written.key}")  # two presses at once are one after the other
    row = store.series(work, actor, written.key)
    before = _pattern(row) if row is not None else None
    coming = [one for one in drafting.planned(written) if one.takes_place and one.ends_at > work.now]
    if row is None:
        _adopt(work, actor, written.key, key_of(written.key, coming[0].day))
    wanted = {key_of(written.key, one.day): one for one in coming}
    first, context = (row.first, row.context) if row is not None else (next(iter(wanted)), "")
    _drop(work, store.dates(work, actor, written.key), set(wanted), _days_without(written), before)
    outcomes = []
    for key, occasion in wanted.items():
        pattern = _Pattern(draft, first, context)
        outcomes.append(_put(work, actor, pattern.of(key, occasion), before))
        context = context or outcomes[0].uri
    store.put_series(work, actor, written, values.dump(draft), first, context)
    return outcomes[0]


def _put(work: Work, actor: str, made: Draft, before: _Pattern | None) -> Outcome:
    held = store.find(work, actor, made.key)
    if held is not None and before is not None and not _follows(held, before):
        return Outcome(held.uri, held.id, "unchanged")
    return events.publish(work, actor, made, store.name_of(actor, series_of(made.key)))


def _follows(held: ThingRow, pattern: _Pattern) -> bool:
    """Say whether a date is as its series made it: nobody has changed it by hand."""
    made = values.dump(pattern.on(held.key or ""))
    same: bool = values.load(Draft, held.draft) == values.load(Draft, made)
    return same


def _drop(work: Work, held: list[ThingRow], wanted: set[str], without: set[date], before: _Pattern | None) -> None:
    """Take out the dates to come that are left out, and those that the series has no more and nobody has changed."""
    for row in held:
        key = row.key or ""
        if key in wanted or _ends_at(row) <= work.now:
            continue
        if day_of(key) in without or before is None or _follows(row, before):
            events.drop(work, row)


def _adopt(work: Work, actor: str, old: str, new: str) -> None:
    """Let an event that took place once be a date from now on; raises `Invalid` where a file gives it more dates."""
    held = store.find(work, actor, old)
    if held is None or held.key != old:
        return
    if showings.dates(work, held.uri):
        said = sentence("dieser Eintrag hat weitere Termine aus einer Datei; bitte ändern Sie sie dort")
        raise Invalid([Problem(repeating.TERM_EVERY, said)])
    _rename(work, held, new, store.name_of(actor, series_of(new)))


def _rename(work: Work, held: ThingRow, key: str, name: str | None) -> None:
    """Let something published be called otherwise by its organisation, in or out of a series."""
    held.key = key
    showing = showings.find(work, held.uri)
    assert showing is not None, "of all that is ours is written down when it was shown"
    showing.series = name
    work.db.flush()


def end(work: Work, actor: str, written: Written) -> None:
    """Let what repeated itself take place once, on its next date: all others to come are taken out."""
    row = store.series(work, actor, written.key)
    if row is None:
        return
    coming = [one for one in store.dates(work, actor, written.key) if _ends_at(one) > work.now]
    for other in coming[1:]:
        events.drop(work, other)
    if coming:
        _rename(work, coming[0], written.key, None)
    store.forget_series(work, row)


# --- states -----------------------------------------------------------------------------------------------------------
def set_status(work: Work, row: SeriesRow, status: str) -> str:
    """Cancel all dates to come, hold them after all, or take them back for good; return the title."""
    draft = values.load(Draft, row.draft)
    for held in store.dates(work, row.actor, row.key):
        made = values.load(Draft, held.draft)
        if made.ends_at > work.now:
            events.publish(work, row.actor, replace(made, status=status))
    if status == WITHDRAWN:
        store.forget_series(work, row)
    else:
        row.draft = values.dump(replace(draft, status=status))
    return str(draft.name)


def leave_out(work: Work, actor: str, key: str) -> None:
    """Remember that a date was taken back alone, so that a change of its series does not bring it again."""
    row = store.series(work, actor, series_of(key))
    if row is None:
        return
    written = store.written_of(row)
    days = {*written.typed.get(repeating.TERM_WITHOUT, ()), day_of(key).isoformat()}
    kept = replace(written, typed={**written.typed, repeating.TERM_WITHOUT: sorted(days)})
    store.put_series(work, actor, kept, row.draft, row.first, row.context)


def _pattern(row: SeriesRow) -> _Pattern:
    return _Pattern(values.load(Draft, row.draft), row.first, row.context)


def _ends_at(row: ThingRow) -> datetime:
    ends_at: datetime = values.load(Draft, row.draft).ends_at
    return ends_at


def _days_without(written: Written) -> set[date]:
    return {one.day for one in drafting.planned(written) if not one.takes_place}
