"""Dates as iCalendar (RFC 5545, with the names of RFC 7986): calendars that people subscribe to or keep. Pure.

Of an offer that names its days stand the first and the last one there, as whole days on which nobody is busy: a bar of
ninety days would hide all else. What has no date is left out. The same dates give the same bytes, so that whoever has
them need not load them again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import icalendar

from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.clock import HOME, whole_days
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.web.i18n import Language

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=6)
"""How often programs are asked to look again."""

_PRODUCT = "-//Ehrenamt im Fediverse//DE"
_ZONE = "Europe/Berlin"
_ZONE_YEARS = 5  # that the description of the time zone reaches beyond the last date
_FIRST_YEAR, _LAST_YEAR = 1980, 2100  # that are described at most
_TEXT = 4_000
_KEPT = 8_000  # dates in their written form, some 1 kB each: half a millisecond to write, nothing to give again
_CANCELLED = "abgesagt"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # of what does not say when it was written
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a calendar is called, where it comes from and which page shows the same."""

    name: str
    source: str
    page: str


def write(heading: Heading, dated: Iterable[Document], home: str, language: str) -> bytes:
    """Return a calendar of those Documents that have a date or name days; `home` is the address of this instance."""
    documents = list(dated)
    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    name = html.visible(heading.name)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", _ZONE)
    calendar.add("source", heading.source, parameters={"VALUE": "URI"})
    calendar.add("url", heading.page)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    years = [document.starts_at.year for document in documents if document.starts_at is not None]
    if years:
        calendar.add_component(_zone(max(min(years) - 1, _FIRST_YEAR), min(max(years) + _ZONE_YEARS, _LAST_YEAR)))
    written: bytes = calendar.to_ical(sorted=False)
    events = b"".join(_written(document, home, language) for document in documents)
    return written.removesuffix(_END) + events + _END


@lru_cache
def _zone(first: int, last: int) -> icalendar.Timezone:
    """Describe Germany's time for some years."""
    return icalendar.Timezone.from_tzid(_ZONE, first_date=date(first, 1, 1), last_date=date(last, 1, 1))


@lru_cache(_KEPT)
def _written(document: Document, home: str, language: str) -> bytes:
    """Return the event of a date, or those of the first and the last day of an offer."""
    words = i18n.language(language)
    if document.starts_at is not None:
        title = view.title(document, words)
        event = _begun(document.uri, document)
        _add_times(event, document)
        word = words.gettext(labels.STATUS[_CANCELLED])  # many programs show no status
        event.add("summary", f"{word}: {title}" if document.status == _CANCELLED else title)
        return _ended(event, document, home, words)
    return b"".join(
        _ended(_whole_day(document, name, day, said), document, home, words)
        for name, day, said in _days(document, words)
    )


def _days(document: Document, words: Language) -> Iterator[tuple[str, date, str]]:
    """Yield the first and the last day of an open offer that names them, and how each is called."""
    if document.facts is None or document.status:
        return
    first, last, title = document.facts.start_date, document.facts.end_date, view.title(document, words)
    if first and first == last:
        yield "tag", first, title
        return
    if first:
        yield "beginn", first, words.gettext("Beginnt: %(title)s") % {"title": title}
    if last:
        yield "ende", last, words.gettext("Letzter Tag: %(title)s") % {"title": title}


def _whole_day(document: Document, name: str, day: date, summary: str) -> icalendar.Event:
    event = _begun(f"{document.uri}#{name}", document)
    event.add("dtstart", day)
    event.add("transp", "TRANSPARENT")
    event.add("summary", summary)
    return event


def _begun(uid: str, document: Document) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", document.fresh_at or document.published_at or _LONG_AGO)
    return event


def _ended(event: icalendar.Event, document: Document, home: str, words: Language) -> bytes:
    """Add what all events of a Document have in common and return it as it is written."""
    page = home + view.path(document)
    written_at = document.fresh_at or document.published_at or _LONG_AGO
    event.add("status", "CANCELLED" if document.status == _CANCELLED else "CONFIRMED")
    event.add("sequence", _sequence(document))
    event.add("last-modified", written_at)
    if document.published_at:
        event.add("created", document.published_at)
    event.add("url", (page if document.local else html.web_url(document.url)) or page)
    if place := view.place(document, words):
        event.add("location", place)
    if document.latitude is not None and document.longitude is not None and not document.anywhere:
        event.add("geo", (document.latitude, document.longitude))
    names = [words.gettext(labels.label(labels.AREA, area)) for area in document.areas]
    if categories := [html.visible(name) for name in dict.fromkeys((*names, *document.hashtags)) if name]:
        event.add("categories", categories)
    event.add("description", description(document, page))
    result: bytes = event.to_ical(sorted=False)
    return result


def _add_times(event: icalendar.Event, document: Document) -> None:
    """Add when it is: whole days as dates, all else in Germany's time; an end that is none is left out."""
    assert document.starts_at is not None
    first = document.starts_at.astimezone(HOME)
    last = document.ends_at.astimezone(HOME) if document.ends_at else first
    if whole_days(first, last):
        event.add("dtstart", first.date())
        event.add("dtend", (last + timedelta(minutes=1)).date())  # the day after the last, also where it ends at 23:59
        return
    event.add("dtstart", first)
    if last > first:
        event.add("dtend", last)


def _sequence(document: Document) -> int:
    """Return a number that grows with each change: the seconds from when it was published to when it was changed."""
    if document.fresh_at is None or document.published_at is None:
        return 0
    return max(0, int((document.fresh_at - document.published_at).total_seconds()))


def description(document: Document, page: str) -> str:
    """Return who invites, the text, and where to read on."""
    text = html.visible(document.text.removeprefix(document.title).lstrip(" .:–-\n"))[:_TEXT].strip()
    return "\n\n".join(part for part in (html.visible(document.organisation), text, page) if part)
