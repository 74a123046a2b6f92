"""What makes an event fit to be published, and how its date is said in one line. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import Event, EventDetails, OpportunityDetails, Place

# Mobilizon's categories, which others send as well (Event Bridge, FEP-8a8e), as far as they mean one area.
_AREAS = {
    "sport": ("SPORTS",),
    "kultur": (
        *("ARTS", "BOOK_CLUBS", "COMEDY", "FILM_MEDIA", "LANGUAGE_CULTURE", "MUSIC", "PERFORMING_VISUAL_ARTS"),
        *("PHOTOGRAPHY", "THEATRE"),
    ),
    "freizeit": ("CRAFTS", "FOOD_DRINK", "GAMES", "OUTDOORS_ADVENTURE", "PARTY"),
    "gesundheit": ("HEALTH",),
    "jugend_bildung": ("LEARNING", "SCIENCE_TECH"),
    "umwelt_tiere": ("PETS",),
    "politik": ("MOVEMENTS_POLITICS",),
    "kirche_religion": ("SPIRITUALITY_RELIGION_BELIEFS",),
}
_AREA_OF = {category: area for area, categories in _AREAS.items() for category in categories}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event as an organisation hands it in; the fields of `opportunities.rules.Draft` mean the same here.

    `starts_at` and `ends_at` are aware. `status` is "confirmed", "tentative", "cancelled" or "withdrawn".
    `online_url` is where an online event takes place. `capacity` counts places for visitors. `series` is the URI of the
    thing that this is a date of, "" for none, and `shift` the opportunity where that is one. `names` and `texts` are
    those in other languages by their BCP 47 tags.
    """

    key: str
    name: str
    details: EventDetails
    text: str
    starts_at: datetime
    ends_at: datetime
    timezone: str = "Europe/Berlin"
    status: str = "confirmed"
    language: str = "de"
    place: Place | None = None
    online_url: str = ""
    capacity: int | None = None
    category: str = "COMMUNITY"
    hashtags: tuple[str, ...] = ()
    image: str = ""
    image_alt: str = ""
    contact_url: str = ""
    series: str = ""
    shift: OpportunityDetails | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


# --- what can be published --------------------------------------------------------------------------------------------
NAME = (3, 200)  # characters; Mobilizon drops events outside of these
TEXT = (3, 20_000)
KEY = 200
LONGEST = timedelta(days=366)
STATES = ("confirmed", "tentative", "cancelled", "withdrawn")
WITHDRAWN = "withdrawn"


def problems(draft: Draft, now: datetime) -> list[Problem]:
    """Return what must be mended before this can be published, each with what would be right."""
    found = [*_wrong_texts(draft), *_wrong_times(draft, now)]
    if draft.status not in STATES:
        found.append(
            Problem(
                "status",
                sentence("„%(said)s“ gibt es nicht; möglich: %(known)s", said=draft.status, known=", ".join(STATES)),
            )
        )
    if draft.image and not draft.image_alt.strip():
        found.append(Problem("image.alt", "fehlt: bitte in einem Satz sagen, was auf dem Bild zu sehen ist"))
    for term, url in (("contactUrl", draft.contact_url), ("onlineUrl", draft.online_url)):
        if url and not url.startswith(("https://", "http://")):
            found.append(Problem(term, sentence("„%(said)s“ ist keine Webadresse; richtig wäre https://…", said=url)))
    return found


def _wrong_texts(draft: Draft) -> Iterator[Problem]:
    if not draft.key or len(draft.key) > KEY:
        yield Problem(
            "id",
            sentence(
                "fehlt oder ist länger als %(most)s Zeichen: ein kurzer eigener Name, z. B. sommerfest-2026", most=KEY
            ),
        )
    if not NAME[0] <= len(draft.name.strip()) <= NAME[1]:
        yield Problem(
            "name",
            sentence(
                "braucht %(least)s bis %(most)s Zeichen, z. B. „Sommerfest am Stadtteilhaus“",
                least=NAME[0],
                most=NAME[1],
            ),
        )
    if not TEXT[0] <= len(draft.text.strip()) <= TEXT[1]:
        yield Problem(
            "text",
            sentence("braucht %(least)s bis %(most)s Zeichen: Was gibt es, für wen?", least=TEXT[0], most=TEXT[1]),
        )
    if draft.timezone not in clock.zones():
        yield Problem(
            "timezone", sentence("„%(said)s“ kennen wir nicht; richtig wäre Europe/Berlin", said=draft.timezone)
        )


def _wrong_times(draft: Draft, now: datetime) -> Iterator[Problem]:
    zone = ZoneInfo(draft.timezone) if draft.timezone in clock.zones() else clock.HOME
    if draft.ends_at <= draft.starts_at:
        yield Problem(
            "endTime",
            sentence(
                "%(end)s liegt nicht nach dem Beginn am %(start)s",
                end=_said(draft.ends_at, zone),
                start=_said(draft.starts_at, zone),
            ),
        )
    elif draft.ends_at - draft.starts_at > LONGEST:
        yield Problem("endTime", "mehr als ein Jahr nach dem Beginn; bitte mehrere Termine daraus machen")
    if draft.ends_at <= now and draft.status in {"confirmed", "tentative"}:
        yield Problem(
            "startTime",
            sentence("%(day)s liegt in der Vergangenheit; bitte ein künftiges Datum", day=_said(draft.starts_at, zone)),
        )
    register_by = draft.details.register_by
    if register_by and register_by > draft.ends_at:
        yield Problem(
            "registerBy", sentence("%(day)s liegt nach dem Ende der Veranstaltung", day=_said(register_by, zone))
        )


def _said(moment: datetime, zone: ZoneInfo) -> str:
    """Say a moment as whoever typed it did: where it takes place."""
    return moment.astimezone(zone).strftime("%d.%m.%Y, %H:%M Uhr")


# --- how it reads -----------------------------------------------------------------------------------------------------
_WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


def headline(draft: Draft, taken: int = 0) -> str:
    """Return the name with the word before it that says that it does not take place, or needs nobody more.

    `taken` is how many come to it already.
    """
    full = FULL if draft.capacity is not None and taken >= draft.capacity else ""
    return (first_words(draft.status, draft.shift) or full) + draft.name


FULL = labels.FIRST_WORDS["besetzt"]


def first_words(status: str, shift: OpportunityDetails | None) -> str:
    """Return "ABGESAGT: " of what is cancelled, "BESETZT: " and the like of a shift that is not open, else ""."""
    state = "abgesagt" if status == "cancelled" else shift.status if shift else ""
    return labels.FIRST_WORDS.get(state, "")


def date_line(starts_at: datetime, ends_at: datetime | None, timezone: str) -> str:
    """Return "Sa, 12.12.2026, 14–17 Uhr", over several days "Sa, 12.12.2026, 14 Uhr – So, 13.12.2026, 12 Uhr".

    Whole days have no hours: "Sa, 12.12.2026 – So, 13.12.2026".
    """
    zone = ZoneInfo(timezone)
    begin = starts_at.astimezone(zone)
    end = ends_at.astimezone(zone) if ends_at else begin
    if clock.whole_days(begin, end):
        final = end - timedelta(minutes=1)
        return _date(begin) if final.date() <= begin.date() else f"{_date(begin)} – {_date(final)}"
    if end == begin:
        return f"{_date(begin)}, {_hour(begin)} Uhr"
    if begin.date() == end.date():
        return f"{_date(begin)}, {_hour(begin)}–{_hour(end)} Uhr"
    return f"{_date(begin)}, {_hour(begin)} Uhr – {_date(end)}, {_hour(end)} Uhr"


def _date(moment: datetime) -> str:
    return f"{_WEEKDAYS[moment.weekday()]}, {moment.day:02}.{moment.month:02}.{moment.year}"


def _hour(moment: datetime) -> str:
    return f"{moment.hour}:{moment.minute:02}" if moment.minute else str(moment.hour)


def areas_of(event: Event) -> tuple[str, ...]:
    """Return the areas that an event names, itself or as a shift, else that of its category, if that means one."""
    named = (event.details.areas if event.details else ()) or (event.opportunity.areas if event.opportunity else ())
    area = _AREA_OF.get(event.category.upper())
    return named or ((area,) if area else ())
