"""What is counted month by month, how months follow one another, and what is too little to say anything. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median


class What(StrEnum):
    """What is counted; the value is what the database keeps, so it never changes.

    The state at the end of a month: offers that are open (also by AREA and DISTRICT), those of them that are OWN, that
    were confirmed within three months or a year, and the median AGE of what they say in days; upcoming DATES,
    organisations and followers. What happened in a month: offers that were NEW here or ENDED (also by area and
    district), enquiries (also by STATE, as they stand today), PLACEMENTS (enquiries that were agreed to), VIEWS of
    pages, SEARCHES and those that found nothing. ANSWER is within how many days half of the enquiries of a month were
    answered.
    """

    OPEN = "open"
    OWN = "own"
    FRESH_QUARTER = "fresh quarter"
    FRESH_YEAR = "fresh year"
    AGE = "age"
    DATES = "dates"
    ORGANISATIONS = "organisations"
    FOLLOWERS = "followers"
    NEW = "new"
    ENDED = "ended"
    ENQUIRIES = "enquiries"
    PLACEMENTS = "placements"
    ANSWER = "answer"
    VIEWS = "views"
    SEARCHES = "searches"
    IN_VAIN = "in vain"


AREA, DISTRICT, STATE = "area:", "district:", "state:"
"""How the parts of the whole begin: an area of the vocabulary, the label of a district, a state of enquiries."""
DISTRICTS = 200  # of one snapshot, those with the most offers
QUARTER, YEAR = timedelta(days=91), timedelta(days=365)

LATER_MONTHS = 24
"""For how many months the first snapshot counts afterwards what is still there."""
OPEN_MONTHS = 6
"""For how many months, this one among them, enquiries may still change their state."""
PLACEMENT_MONTHS = 3
"""For how many months the steps of all enquiries are still there: they are erased after 90 days (engagements)."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer as it is counted; `here_since` is when it came here, `fresh_at` when it was last confirmed."""

    is_open: bool
    own: bool
    areas: tuple[str, ...]
    district: str
    here_since: datetime | None
    fresh_at: datetime | None


@dataclass(slots=True)
class Stock:
    """The sums of what is here at a moment; offers are counted one after another, since there may be very many.

    `since` is the moment of the last snapshot, None for the first: what came here later is new.
    """

    now: datetime
    since: datetime | None
    whole: Counter[What] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    ages: Counter[int] = field(default_factory=Counter)

    def add(self, offer: Offer) -> None:
        """Count an offer; what came while they are counted counts the next time."""
        if offer.here_since is not None and offer.here_since >= self.now:
            return
        parts = [AREA + area for area in offer.areas]
        if offer.district:
            parts.append(DISTRICT + offer.district)
        if self.since is not None and offer.here_since is not None and offer.here_since >= self.since:
            self.new.update(parts)
        if not offer.is_open:
            return
        self.open.update(parts)
        self.whole[What.OPEN] += 1
        self.whole[What.OWN] += offer.own
        if offer.fresh_at is not None:
            age = self.now - offer.fresh_at
            self.ages[max(0, age.days)] += 1
            self.whole[What.FRESH_QUARTER] += age <= QUARTER
            self.whole[What.FRESH_YEAR] += age <= YEAR

    def age(self) -> float | None:
        """Return the median age in days of what open offers say, None where none says when."""
        return median(self.ages.elements()) if self.ages else None

    def parts(self) -> dict[str, int]:
        """Return how many offers are open by area and district; of very many districts the largest."""
        areas = {part: count for part, count in self.open.items() if part.startswith(AREA)}
        districts = Counter({part: count for part, count in self.open.items() if part.startswith(DISTRICT)})
        return areas | dict(districts.most_common(DISTRICTS))


def ended_among(lost: Mapping[str, float]) -> dict[str, float]:
    """Return how many offers are no longer open of each of some districts between which offers were moved.

    `lost` is how many fewer are open there than were open and came since; less than 0 where some moved there. Those
    have left the others, most likely where most are missing.
    """
    moved = sum(-number for number in lost.values() if number < 0)
    found: dict[str, float] = {}
    for part, number in sorted(lost.items(), key=lambda one: (-one[1], one[0])):
        elsewhere = min(moved, max(0.0, number))
        found[part], moved = max(0.0, number) - elsewhere, moved - elsewhere
    return found


def share(part: float | None, whole: float | None) -> float | None:
    """Return a part in percent, None where one of both is unknown or the whole is nothing."""
    return 100 * part / whole if part is not None and whole else None


# --- months -----------------------------------------------------------------------------------------------------------
def month_of(day: date) -> date:
    """Return the first day of the month of a day."""
    return day.replace(day=1)


def before(month: date, months: int = 1) -> date:
    """Return the first day of the month that is so many months earlier (later, where negative)."""
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def last_day(month: date) -> date:
    return before(month, -1) - timedelta(days=1)


def span(last: date, months: int) -> list[date]:
    """Return so many months up to the month of a day, the first first."""
    return [before(month_of(last), number) for number in reversed(range(months))]


# --- reading ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a month; `later` where it was counted afterwards."""

    value: float
    later: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of some months by month, what and part; `at` is when they were counted, None before that."""

    known: Mapping[tuple[date, What, str], Figure]
    at: datetime | None

    def find(self, month: date, what: What, part: str = "") -> Figure | None:
        """Return a number, None where it is unknown; a part that a month does not have is 0, if parts were counted."""
        found = self.known.get((month, what, part))
        if found is None and part:
            whole = self.known.get((month, what, ""))
            return Figure(0.0) if whole is not None and not whole.later else None
        return found

    def value(self, month: date, what: What, part: str = "") -> float | None:
        found = self.find(month, what, part)
        return None if found is None else found.value

    def parts(self, what: What, kind: str) -> list[str]:
        """Return the parts of a kind that any month has, by their names."""
        return sorted({part for _, one, part in self.known if one is what and part.startswith(kind)})

    def renamed(self, names: Mapping[str, str]) -> "Figures":
        """Return the same with other names of parts, by those that they have; what has one name then is summed up."""
        known: dict[tuple[date, What, str], Figure] = {}
        for (month, what, part), one in self.known.items():
            key = month, what, names.get(part, part)
            other = known.get(key, Figure(0.0))
            known[key] = Figure(other.value + one.value, later=other.later or one.later)
        return Figures(known, self.at)

    def parts_of(self, month: date, what: What) -> list[str]:
        """Return the parts that a month has."""
        return [part for when, one, part in self.known if (when, one) == (month, what) and part]

    def total(self, months: Iterable[date], what: What, part: str = "") -> float | None:
        """Return the sum over months, None where none of them is known."""
        values = [value for month in months if (value := self.value(month, what, part)) is not None]
        return sum(values) if values else None
