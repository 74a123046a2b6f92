"""What makes an opportunity fit to be published, and what it says in its first words. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.vocab import labels, lifetimes
from fediverse_ehrenamt.vocab.types import Availability, Effort, GroupSize, OpportunityDetails, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An opportunity as an organisation hands it in.

    `key` is the organisation's own name for it: handing in the same key again changes the same opportunity. `text` and
    `plain_language` (Leichte Sprache) are plain text with blank lines between paragraphs, as are `texts` in other
    languages by their BCP 47 tags; `details.title_map` are their titles. `image` is the name of an
    image already stored by `media`, with its text alternative. `contact_url` is the organisation's own page for
    enquiries, "" for ours. `details.status` "zurueckgezogen" withdraws it.
    """

    key: str
    details: OpportunityDetails
    text: str
    plain_language: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    language: str = "de"
    place: Place | None = None
    hashtags: tuple[str, ...] = ()
    image: str = ""
    image_alt: str = ""
    contact_url: str = ""


# --- what can be published --------------------------------------------------------------------------------------------
TITLE = (3, 200)  # characters
TEXT = (20, 20_000)
KEY = 200
OPEN, FILLED, EXPIRED, WITHDRAWN = "veroeffentlicht", "besetzt", "abgelaufen", "zurueckgezogen"
_STATES = (OPEN, "pausiert", FILLED, EXPIRED, WITHDRAWN)


def problems(draft: Draft, now: datetime) -> list[Problem]:
    """Return what must be mended before this can be published, each with what would be right."""
    details = draft.details
    found = [*_wrong_texts(draft), *_wrong_dates(details, now), *_wrong_numbers(details)]
    if details.status not in _STATES:
        found.append(
            Problem(
                "status",
                sentence("„%(said)s“ gibt es nicht; möglich: %(known)s", said=details.status, known=", ".join(_STATES)),
            )
        )
    if draft.image and not draft.image_alt.strip():
        found.append(Problem("image.alt", "fehlt: bitte in einem Satz sagen, was auf dem Bild zu sehen ist"))
    if draft.contact_url and not draft.contact_url.startswith(("https://", "http://")):
        found.append(
            Problem(
                "contactUrl",
                sentence("„%(said)s“ ist keine Webadresse; richtig wäre https://…", said=draft.contact_url),
            )
        )
    return found


def _wrong_texts(draft: Draft) -> Iterator[Problem]:
    if not draft.key or len(draft.key) > KEY:
        yield Problem(
            "id",
            sentence(
                "fehlt oder ist länger als %(most)s Zeichen: ein kurzer eigener Name, z. B. lesepatin-2026", most=KEY
            ),
        )
    if not TITLE[0] <= len(draft.details.title.strip()) <= TITLE[1]:
        yield Problem(
            "title",
            sentence(
                "braucht %(least)s bis %(most)s Zeichen, z. B. „Lesepatin gesucht“", least=TITLE[0], most=TITLE[1]
            ),
        )
    if not TEXT[0] <= len(draft.text.strip()) <= TEXT[1]:
        yield Problem(
            "text",
            sentence(
                "braucht %(least)s bis %(most)s Zeichen: Was ist zu tun, mit wem, wofür?", least=TEXT[0], most=TEXT[1]
            ),
        )


def _wrong_dates(details: OpportunityDetails, now: datetime) -> Iterator[Problem]:
    if details.status != OPEN:
        return
    today = clock.day(now)
    if details.end_date and details.start_date and details.end_date < details.start_date:
        yield Problem(
            "endDate",
            sentence(
                "%(end)s liegt vor dem Beginn am %(start)s", end=_day(details.end_date), start=_day(details.start_date)
            ),
        )
    for term, day in (("endDate", details.end_date), ("applyBy", details.apply_by)):
        if day and day < today:
            yield Problem(
                term,
                sentence("%(day)s liegt in der Vergangenheit; bitte ein künftiges Datum oder weglassen", day=_day(day)),
            )
    if details.expires_at and details.expires_at <= now:
        over = _day(clock.day(details.expires_at))
        yield Problem(
            "expiresAt",
            sentence("%(day)s liegt in der Vergangenheit; ohne Angabe gilt das Angebot ein Jahr", day=over),
        )
    if details.confirmed_at and details.confirmed_at > now + timedelta(days=1):
        yield Problem(
            "confirmedAt", sentence("%(day)s liegt in der Zukunft", day=_day(clock.day(details.confirmed_at)))
        )


def _wrong_numbers(details: OpportunityDetails) -> Iterator[Problem]:
    amount, group = details.effort or Effort(), details.group_size or GroupSize()
    pairs: tuple[tuple[str, float | None, float | None, Sentence], ...] = (
        ("placesFree", details.places_free, details.places, sentence("freie Plätze können nicht mehr sein als Plätze")),
        (
            "minimumAge",
            details.minimum_age,
            details.maximum_age,
            sentence("das Mindestalter liegt über dem Höchstalter"),
        ),
        ("effort.minHours", amount.min_hours, amount.max_hours, sentence("mindestens ist mehr als höchstens")),
        ("groupSize.min", group.min, group.max, sentence("mindestens ist mehr als höchstens")),
    )
    for term, low, high, message in pairs:
        if low is not None and high is not None and low > high:
            yield Problem(
                term, sentence("%(low)s > %(high)s: %(what)s", low=f"{low:g}", high=f"{high:g}", what=message)
            )


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def expires_at(details: OpportunityDetails, confirmed_at: datetime) -> datetime:
    """Return when an offer leaves by itself: as said, else after its last day, else a year after its confirmation."""
    return lifetimes.said_end(details) or confirmed_at + lifetimes.OFFER_HOLDS


def going_on(details: OpportunityDetails, now: datetime) -> OpportunityDetails:
    """Return details that name no end which comes before that of an offer confirmed now."""
    ends_before = details.expires_at is not None and details.expires_at < now + lifetimes.OFFER_HOLDS
    return replace(details, expires_at=None) if ends_before else details


# --- how it reads -----------------------------------------------------------------------------------------------------
_PER = {"einmalig": "einmalig", "woche": "Woche", "monat": "Monat", "jahr": "Jahr"}
_CELLS_SHOWN = 4
_MORE = " …"
FLEXIBLE = "flexibel nach Absprache"
SEPARATOR = " · "
"""What stands between the parts of a line."""
_AMOUNT = re.compile(
    r"(?P<most>bis )?(?P<low>\d+(?:,\d+)?)(?:–(?P<high>\d+(?:,\d+)?))? Std\."
    r"(?:/(?P<per>Woche|Monat|Jahr)|(?P<once> einmalig))?"
)
_PERIOD = re.compile(
    r"(?:(?P<word>ab|bis|am) |(?P<first>\d{1,2}\.\d{1,2}\.(?:\d{4})?) bis )(?P<last>\d{1,2}\.\d{1,2}\.\d{4})"
)
_HOURS = re.compile(r"\d\s*(Std|Stunde|h\b|Min\.|Minute)", re.IGNORECASE)


def headline(details: OpportunityDetails) -> str:
    """Return the title with the word before it that says that it is no longer open."""
    return labels.FIRST_WORDS.get(details.status, "") + details.title


def when(details: OpportunityDetails) -> str:
    """Return when and how much in one line: "2–3 Std./Woche · dienstags nachmittags", "" where nothing is said.

    Before it stands in which days: "1.2. bis 31.3.2027", unless the words name them.
    """
    times = availability(details.availability)
    named = any(day and _names(times, day) for day in (details.start_date, details.end_date))
    days = "" if named else period(details.start_date, details.end_date)
    amount = "" if _HOURS.search(times) else effort(details.effort)  # the organisation's own words come first
    return SEPARATOR.join(part for part in (days, amount, times) if part)


def _names(words: str, day: date) -> bool:
    """Say whether words name a day with its year: "13. September 2026", "Sa, 18.04.2026"."""
    return re.search(rf"(?<!\d)0?{day.day}\.", words) is not None and str(day.year) in words


def period(first: date | None, last: date | None) -> str:
    """Return "1.2. bis 31.3.2027", "ab 1.2.2027", "bis 31.3.2027", "am 1.2.2027", or ""."""
    if first is None or last is None:
        return f"ab {_short_day(first)}" if first else f"bis {_short_day(last)}" if last else ""
    if first == last:
        return f"am {_short_day(first)}"
    begin = f"{first.day}.{first.month}." if first.year == last.year else _short_day(first)
    return f"{begin} bis {_short_day(last)}"


def period_of(line: str) -> tuple[date | None, date | None] | None:
    """Return the days that `period` wrote, for other languages; None of what somebody put in their own words."""
    found = _PERIOD.fullmatch(line)
    if found is None:
        return None
    last = _day_of(found["last"])
    first = _day_of(found["first"] or "", last.year if last else 0)
    if last is None or (found["first"] and first is None):
        return None
    return {"ab": (last, None), "bis": (None, last), "am": (last, last)}.get(found["word"] or "", (first, last))


def _day_of(said: str, year: int = 0) -> date | None:
    if not said:
        return None
    day, month, *further = [int(part) for part in said.split(".") if part]
    try:
        return date(further[0] if further else year, month, day)
    except ValueError:
        return None


def _short_day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def effort(amount: Effort | None) -> str:
    """Return "2–3 Std./Woche" or "4 Std. einmalig"."""
    if amount is None or (amount.min_hours is None and amount.max_hours is None):
        return ""
    low, high = amount.min_hours, amount.max_hours
    if low is None or high is None or low == high:
        only = low if low is not None else high
        hours = f"{'' if low is not None else 'bis '}{only:g}"
    else:
        hours = f"{low:g}–{high:g}"
    hours = hours.replace(".", ",")
    if amount.per not in _PER:
        return f"{hours} Std."
    return f"{hours} Std. einmalig" if amount.per == "einmalig" else f"{hours} Std./{_PER[amount.per]}"


def amount_of(line: str) -> Effort | None:
    """Return the hours that `effort` wrote, for other languages; None of what somebody put in their own words."""
    found = _AMOUNT.fullmatch(line)
    if found is None:
        return None
    low, high = (float(found[name].replace(",", ".")) if found[name] else None for name in ("low", "high"))
    per = {name: slug for slug, name in _PER.items()}.get(found["per"] or (found["once"] or "").strip(), "")
    return Effort(min_hours=None if found["most"] else low, max_hours=high or low, per=per)


def availability(times: Availability | None) -> str:
    """Return the organisation's own wording where there is one, else the cells: "Di nachmittags, Sa vormittags"."""
    if times is None:
        return ""
    if times.text:
        return times.text
    if times.cells:
        named = [f"{cell[:2].capitalize()} {cell[3:]}" for cell in times.cells[:_CELLS_SHOWN]]
        return ", ".join(named) + (_MORE if len(times.cells) > _CELLS_SHOWN else "")
    return FLEXIBLE if times.flexible else ""


def cells_of(line: str) -> tuple[tuple[str, ...], str]:
    """Return the cells that `availability` wrote, for other languages, and what stands behind where there are more.

    Of what somebody put in their own words there are none.
    """
    named = line.removesuffix(_MORE)
    cells = tuple(one.lower().replace(" ", "-", 1) for one in named.split(", "))
    known = all(_is_cell(cell) for cell in cells) and line[:1].isupper()
    return (cells, line[len(named) :]) if known else ((), "")


def _is_cell(cell: str) -> bool:
    day, _, part = cell.partition("-")
    return day in labels.WEEKDAY and part in labels.DAYPART


def facts(details: OpportunityDetails, place: str) -> str:
    """Return the one line under the title: where, when, how many places."""
    where = {"online": "online", "beliebig_im_gebiet": place and f"{place} und Umgebung"}.get(details.mode) or place
    free = details.places_free if details.places_free is not None else details.places
    parts = [f"📍 {where}" if where else "", f"🕒 {line}" if (line := when(details)) else ""]
    if free and details.status != FILLED:
        parts.append(f"{free} {'Platz' if free == 1 else 'Plätze'}")
    return SEPARATOR.join(part for part in parts if part)
