"""Record: one entry of somebody else's listing, in words that all formats share; Fault: one that could not be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

OFFER, EVENT = "opportunity", "event"

MAX_BYTES = 100_000_000  # of a file
MAX_ROWS = 100_000
MAX_CELL = 50_000  # characters; what comes after them is dropped
MAX_LIST = 50  # parts of one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An entry as its source has it; every text may still be HTML, every field but the first three may be missing.

    `id` is the source's own, `where` its place there ("Zeile 12"). `kind` is `OFFER` or `EVENT`; an event has
    `starts_at` and `ends_at` (aware). `times` are words about when and how much. `areas` and `mode` are slugs of ours,
    `categories`, `audiences` and `districts` the source's names. Degrees are WGS 84; instead of them there may be
    metres of UTM or Gauß-Krüger, and either may stand first (`points.meant`). `series` names the recurring event that
    this is a date of. `feed` is what the source is called, `sheet` what that of a workbook is, `assumed` where a town
    that it does not name comes from (`homes.STATED` …). `hours` is how long it takes, `per` what in. `persons` are
    contacts, to be taken out of the texts. `unread` says in sentences what stands where it cannot be taken.
    """

    id: str
    where: str
    title: str
    kind: str = OFFER
    summary: str = ""
    text: str = ""
    tasks: str = ""
    requirements: str = ""
    benefits: str = ""
    accessibility: str = ""
    times: str = ""
    organisation: str = ""
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    venue: str = ""
    street: str = ""
    postcode: str = ""
    locality: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    mode: str = ""
    url: str = ""
    changed_at: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    apply_by: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    timezone: str = ""
    series: str = ""
    feed: str = ""
    sheet: str = ""
    assumed: str = ""
    cancelled: bool = False
    full: bool = False
    places: int | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    hours: float | None = None
    per: str = ""
    cost: str = ""
    language: str = ""
    unread: tuple[str, ...] = ()
    persons: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one entry, and where; `id` where that could be read, so that it does not count as gone.

    `ends` says that entries may be missing beyond this one, so that none of them counts as gone. Nothing is wrong with
    a `heading`: it is no entry but stands over some, and the message is what it says; nor with a `sheet` of a workbook
    that is passed over, whose name is the message.
    """

    where: str
    message: str
    id: str = ""
    ends: bool = False
    heading: bool = False
    sheet: bool = False


Read = Iterable[Record | Fault]
