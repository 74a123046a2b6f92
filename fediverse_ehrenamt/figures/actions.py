"""What is done with figures: once a day, on the first day more often, all is counted anew, in the month it is of."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fediverse_ehrenamt.districts import actions as districts
from fediverse_ehrenamt.engagements import rules as enquiries
from fediverse_ehrenamt.figures import rules, store
from fediverse_ehrenamt.figures.rules import Figures, Stock, What
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.views import rules as views
from fediverse_ehrenamt.views import store as viewed
from fediverse_ehrenamt.work import Work

FIRST_DAYS_PAUSE = timedelta(minutes=15)  # on the first day much is put in, and whoever does it wants to see it
_Values = dict[tuple[What, str], float]


def read(work: Work, months: Sequence[date]) -> Figures:
    """Return the figures of some months, with districts as they are called now: what was merged since is one."""
    return _present(work, store.read(work, months))


def _present(work: Work, found: Figures) -> Figures:
    labels = {part.removeprefix(rules.DISTRICT) for _, _, part in found.known if part.startswith(rules.DISTRICT)}
    names = districts.present(work, labels)
    return found.renamed({rules.DISTRICT + former: rules.DISTRICT + now for former, now in names.items()})


def due(work: Work) -> bool:
    """Say whether there is no snapshot of today (in Germany) yet, or only old ones of an instance's first day."""
    last, today = store.last(work), store.midnight(_today(work))
    if last is None or last < today:
        return True
    first = store.first(work)
    return first is not None and first >= today and work.now - last >= FIRST_DAYS_PAUSE


def begin(work: Work) -> Stock:
    """Return the empty sums of a snapshot, which are to be filled with all offers."""
    return Stock(work.now, store.last(work))


def take(work: Work, stock: Stock) -> bool:
    """Write the snapshot of today with what was counted of the offers; say whether nobody else was quicker."""
    store.hold(work)
    if not due(work):
        return False
    today = _today(work)
    first = stock.since is None
    counted = _day_counted(work, stock)
    months = rules.span(today, rules.LATER_MONTHS if first else rules.OPEN_MONTHS)
    before = store.read(work, months)
    _count_happened(work, before, months)
    if first:
        _count_organisations(work, months)
    else:
        _count_ended(work, stock, before)
    state = _state(work, stock)
    # The state of the first day is also that at the end of the month before.
    for month in {rules.month_of(today), rules.month_of(counted)}:
        _put(work, before, month, state)
    return True


def _today(work: Work) -> date:
    return clock.day(work.now)


def _day_counted(work: Work, stock: Stock) -> date:
    """Return the day on which what happened since the last snapshot did, or most of it."""
    yesterday = _today(work) - timedelta(days=1)
    return max(yesterday, clock.day(stock.since or stock.now))


def _state(work: Work, stock: Stock) -> _Values:
    whole: _Values = {(what, ""): stock.whole[what] for what in (What.OPEN, What.OWN)}
    whole |= {(what, ""): stock.whole[what] for what in (What.FRESH_QUARTER, What.FRESH_YEAR)}
    whole |= {(What.OPEN, part): count for part, count in stock.parts().items()}
    age = stock.age()
    if age is not None:
        whole[What.AGE, ""] = age
    whole[What.DATES, ""] = store.dates(work)
    whole[What.ORGANISATIONS, ""] = store.organisations(work, work.now)
    whole[What.FOLLOWERS, ""] = store.followers(work)
    return whole


def _put(work: Work, before: Figures, month: date, values: Mapping[tuple[What, str], float]) -> None:
    """Write the state; parts that a month had and has no more are 0 now."""
    gone = {(what, part): 0.0 for (when, what, part) in before.known if when == month and part and what is What.OPEN}
    store.put(work, month, gone | dict(values))


# --- what happened ----------------------------------------------------------------------------------------------------
def _count_happened(work: Work, before: Figures, months: Sequence[date]) -> None:
    """Count of each month what can be counted again; what was erased since stays counted."""
    for month in months:
        counted: _Values = {(What.NEW, ""): store.came(work, store.midnight(month), store.end(month))}
        asked = store.asked(work, month)
        counted[What.ENQUIRIES, ""] = sum(asked.states.values())
        counted |= {(What.ENQUIRIES, rules.STATE + state): asked.states.get(state, 0) for state in enquiries.STATES}
        if asked.days is not None:
            counted[What.ANSWER, ""] = asked.days
        if month in months[-rules.PLACEMENT_MONTHS :]:
            known = before.value(month, What.PLACEMENTS) or 0
            counted[What.PLACEMENTS, ""] = max(known, store.placements(work, month))
            counted |= _viewed(work, before, month)
        for later in (False, True):
            chosen = {key: value for key, value in counted.items() if _later(before, month, key, months) is later}
            store.put(work, month, chosen, later=later)


def _later(before: Figures, month: date, key: tuple[What, str], months: Sequence[date]) -> bool:
    """Say whether a number is of a time before figures were kept."""
    known = before.find(month, *key)
    return known.later if known is not None else before.at is None and month in months


def _viewed(work: Work, before: Figures, month: date) -> _Values:
    """Sum up the views of a month; those that are erased since stay counted."""
    days = month, rules.last_day(month)
    sums = {
        What.VIEWS: viewed.of_instance(work, *days),
        What.SEARCHES: viewed.of_page(work, views.SEARCHES, *days),
        What.IN_VAIN: viewed.of_page(work, views.EMPTY_SEARCHES, *days),
    }
    were_counted = before.at is not None and before.at < store.end(month)
    return {
        (what, ""): max(before.value(month, what) or 0, count) for what, count in sums.items() if count or were_counted
    }


def _count_organisations(work: Work, months: Sequence[date]) -> None:
    for month in months[:-1]:
        store.put(work, month, {(What.ORGANISATIONS, ""): store.organisations(work, store.end(month))}, later=True)


def _count_ended(work: Work, stock: Stock, before: Figures) -> None:
    """Add to the month of yesterday (on the first day, of today) what came and what ended since the last snapshot."""
    assert stock.since is not None
    month = rules.month_of(_day_counted(work, stock))
    was = rules.month_of(clock.day(stock.since))
    came = {"": store.came(work, stock.since, stock.now)} | dict(stock.new)
    now = {"": stock.whole[What.OPEN]} | stock.parts()
    values: _Values = {}
    known = _present(work, before)  # a district that was merged has not lost its offers
    lost = {
        part: (known.value(was, What.OPEN, part) or 0) + came.get(part, 0) - now.get(part, 0)
        for part in {*came, *now, *known.parts_of(was, What.OPEN)}
    }
    ended = {part: max(0.0, number) for part, number in lost.items()}
    for town in districts.changed_since(work, stock.since):
        ended |= rules.ended_among({part: lost[part] for part in lost if part.startswith(f"{rules.DISTRICT}{town}-")})
    for part, number in ended.items():
        values[What.ENDED, part] = (before.value(month, What.ENDED, part) or 0) + number
        if part:
            values[What.NEW, part] = (before.value(month, What.NEW, part) or 0) + came.get(part, 0)
    store.put(work, month, {key: value for key, value in values.items() if value or not key[1]})
