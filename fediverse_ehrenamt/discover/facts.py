"""The facts of an offer or a date as labelled lines, in the reader's language. Pure.

What bears on a person's safety or on whether they can take part at all is shown as "nicht angegeben" where it is
missing: an empty line would be read as "no".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fediverse_ehrenamt.events import rules
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import (
    Availability,
    Effort,
    Event,
    EventDetails,
    GroupSize,
    Link,
    OpportunityDetails,
)
from fediverse_ehrenamt.web.i18n import Language

_UNKNOWN = "unbekannt"
_BY_DAY = re.compile(r"(?P<which>-1|[1-5]?)(?P<day>MO|TU|WE|TH|FR|SA|SU)")  # "-1FR" is the last Friday
_WEEKDAYS = {"MO": "mo", "TU": "di", "WE": "mi", "TH": "do", "FR": "fr", "SA": "sa", "SU": "so"}
_A_FRACTION = 2  # stands for 1.5, 2.5 …, for which languages have a plural but no form of its own
_LISTED = 30  # values of one fact that are shown
_MAIL = "mailto:"
_NAME = 100  # characters of a link's name


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact, a link where `href` (checked) is set."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled line; `missing` where nobody said anything though it matters."""

    label: str
    values: tuple[Value, ...]
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together; `key` names the section in links."""

    key: str
    title: str
    facts: tuple[Fact, ...]


def of_opportunity(details: OpportunityDetails, words: Language) -> tuple[Section, ...]:
    """Return all facts of an offer of engagement."""
    t = words.gettext
    return _sections(
        Section("aufgabe", t("Die Aufgabe"), tuple(_task(details, words))),
        Section("zeit", t("Zeit und Umfang"), tuple(_time(details, words))),
        Section("voraussetzungen", t("Was Sie mitbringen"), tuple(_requirements(details, words))),
        Section("unterstuetzung", t("Was Sie bekommen"), tuple(_support(details, words))),
        Section("barrierefreiheit", t("Barrierefreiheit und Anfahrt"), tuple(_access(details, words))),
        Section("herkunft", t("Gut zu wissen"), tuple(_remarks(details, words))),
    )


def of_event(event: Event, words: Language) -> tuple[Section, ...]:
    """Return all facts of a date, and of the help that is wanted there."""
    details = event.details or EventDetails(kind="")
    sections = _sections(
        Section("termin", words.gettext("Der Termin"), tuple(_occasion(event, details, words))),
        Section("teilnahme", words.gettext("Teilnahme"), tuple(_taking_part(event, details, words))),
        Section("zugang", words.gettext("Barrierefreiheit"), tuple(_event_access(details, words))),
    )
    return sections + (of_opportunity(event.opportunity, words) if event.opportunity else ())


def attached(links: Iterable[Link], words: Language) -> tuple[Section, ...]:
    """Return what somebody elsewhere attached to a thing: links, and files other than pictures."""
    values = (
        Value(html.shorten(html.visible(link.name), _NAME) or link.href, html.web_url(link.href)) for link in links
    )
    fact = Fact(words.gettext("Links und Dateien"), tuple(value for value in values if value.href)[:_LISTED])
    return _sections(Section("anhang", words.gettext("Anhang"), (fact,)))


# --- an offer ---------------------------------------------------------------------------------------------------------
def _task(details: OpportunityDetails, words: Language) -> Iterator[Fact]:
    t = words.gettext
    yield _slugs(t("Art"), labels.KIND, (details.kind,), words)
    yield _slugs(t("Bereich"), labels.AREA, details.areas, words)
    yield _slugs(t("Tätigkeiten"), labels.ACTIVITY, details.activities, words)
    yield _slugs(t("Für wen"), labels.AUDIENCE, details.audiences, words)
    yield _slugs(t("Geeignet für"), labels.SUITABLE_FOR, details.suitable_for, words)
    yield _slugs(t("Ort der Aufgabe"), labels.MODE, (details.mode,), words)
    yield _text(t("Gruppengröße"), _range(details.group_size, words))
    yield _text(t("Plätze"), _places(details, words))


def _time(details: OpportunityDetails, words: Language) -> Iterator[Fact]:
    t = words.gettext
    yield from _availability(details.availability or Availability(), words)
    yield _text(t("Zeitaufwand"), effort(details.effort, words))
    yield _slugs(t("Mindestdauer"), labels.MINIMUM_DURATION, (details.minimum_duration,), words)
    yield _text(t("Zeitraum"), period(details.start_date, details.end_date, words))
    yield _day(t("Bewerben bis"), details.apply_by, words)
    yield _yes_no(t("Schnuppern möglich"), details.trial, words)


def _availability(availability: Availability, words: Language) -> Iterator[Fact]:
    t = words.gettext
    yield _text(t("Wann"), availability.text)
    yield _text(t("Wiederholung"), recurrence(availability.recurrence, words))
    yield _texts(t("Tage und Tageszeiten"), week(availability.cells, words))
    yield _yes_no(t("Zeiten nach Absprache"), availability.flexible, words)
    yield _yes_no(t("Auch in den Ferien"), availability.during_holidays, words)


def _requirements(details: OpportunityDetails, words: Language) -> Iterator[Fact]:
    t = words.gettext
    yield _known(_text(t("Mindestalter"), _years(details.minimum_age, words)), words)
    yield _text(t("Höchstalter"), _years(details.maximum_age, words))
    yield _yes_no(t("Einwilligung der Eltern nötig"), details.guardian_consent, words)
    yield _known(_slugs(t("Deutschkenntnisse"), labels.GERMAN_LEVEL, (details.german_level,), words), words)
    yield _texts(t("Weitere Sprachen"), map(words.language_name, details.languages))
    yield _texts(t("Nötig"), (skill.name for skill in details.skills if skill.required))
    yield _texts(t("Schön wäre"), (skill.name for skill in details.skills if not skill.required))
    yield _slugs(t("Nachweise"), labels.CREDENTIAL, details.credentials, words)
    yield _known(_slugs(t("Führungszeugnis"), labels.CLEARANCE, (details.clearance,), words), words)


def _support(details: OpportunityDetails, words: Language) -> Iterator[Fact]:
    t = words.gettext
    yield _text(t("Einarbeitung"), details.induction)
    yield _slugs(t("Leistungen"), labels.BENEFIT, details.benefits, words)
    yield _known(_slugs(t("Vergütung"), labels.COMPENSATION, (details.compensation,), words), words)
    yield _known(_slugs(t("Versicherung"), labels.INSURANCE, details.insurance, words), words)
    yield _text(t("Antwort"), promise(details.answer_within_days, words))


def _access(details: OpportunityDetails, words: Language) -> Iterator[Fact]:
    t = words.gettext
    yield _known(_slugs(t("Barrierefreiheit"), labels.ACCESSIBILITY, details.accessibility, words), words)
    yield _text(t("Hinweise"), details.accessibility_note)
    yield _yes_no(t("Assistenz möglich"), details.assistance, words)
    yield _text(t("Bus und Bahn"), details.transit)


def _remarks(details: OpportunityDetails, words: Language) -> Iterator[Fact]:
    t = words.gettext
    if details.confirmed_at:
        yield _text(t("Zuletzt bestätigt"), words.long_day(details.confirmed_at))
    if details.expires_at:
        yield _text(t("Gültig bis"), words.long_day(details.expires_at))
    licence = _links(t("Lizenz des Textes"), (details.licence,))
    yield licence if licence.values else _text(licence.label, details.licence)
    yield _links(t("Auch zu finden unter"), details.same_as)


# --- a date -----------------------------------------------------------------------------------------------------------
def _occasion(event: Event, details: EventDetails, words: Language) -> Iterator[Fact]:
    t = words.gettext
    yield _slugs(t("Art"), labels.EVENT_KIND, (details.kind,), words)
    yield _text(t("Wann"), words.span(event.starts_at, event.ends_at))
    yield _slugs(t("Bereich"), labels.AREA, details.areas if event.opportunity else rules.areas_of(event), words)
    yield _slugs(t("Für wen"), labels.AUDIENCE, details.audiences, words)
    yield _texts(t("Sprachen"), map(words.language_name, details.languages))
    if event.online or event.online_url:
        link = _links(t("Online"), (event.online_url,))
        yield link if link.values else _text(link.label, t("Ja"))
    yield _links(t("Übertragung im Netz"), (details.livestream,))
    yield _texts(t("Untertitel"), map(words.language_name, details.subtitles))


def _taking_part(event: Event, details: EventDetails, words: Language) -> Iterator[Fact]:
    t = words.gettext
    cost = t("Kostenlos") if details.cost.strip().lower() == "kostenlos" else details.cost
    yield _known(_text(t("Kosten"), cost), words)
    yield _text(t("Plätze"), "" if event.capacity is None else words.number(event.capacity))
    yield _text(t("Angemeldet"), "" if event.participants is None else words.number(event.participants))
    if details.register_by:
        yield _text(t("Anmelden bis"), words.span(details.register_by, None))
    on_its_page = event.participation_url.partition("#")[0] == event.url  # where a button stands for it
    yield _sign_up(t("Anmeldung"), "" if on_its_page else event.participation_url)


def _event_access(details: EventDetails, words: Language) -> Iterator[Fact]:
    t = words.gettext
    names = labels.ACCESSIBILITY | labels.FOREIGN_ACCESSIBILITY
    yield _known(_slugs(t("Barrierefreiheit"), names, details.accessibility, words), words)
    yield _text(t("Hinweise"), details.accessibility_note)


# --- words for values -------------------------------------------------------------------------------------------------
def effort(asked: Effort | None, words: Language) -> str:
    """Write hours: "2–4 Stunden pro Woche"; "" where nothing is asked."""
    if asked is None or (asked.min_hours is None and asked.max_hours is None):
        return ""
    low, high = asked.min_hours, asked.max_hours
    if low is None or high is None or low == high:
        hours = high if low is None else low
        assert hours is not None
        counted = int(hours) if hours == int(hours) else _A_FRACTION
        amount = words.ngettext("%(hours)s Stunde", "%(hours)s Stunden", counted)
        amount %= {"hours": words.number(hours)}
        if low is None:
            amount = words.gettext("bis zu %(amount)s") % {"amount": amount}
        elif high is None:
            amount = words.gettext("ab %(amount)s") % {"amount": amount}
    else:
        between = {"low": words.number(low), "high": words.number(high)}
        amount = words.gettext("%(low)s–%(high)s Stunden") % between
    return f"{amount} {words.gettext(labels.label(labels.PER, asked.per))}".rstrip()


def recurrence(rule: str, words: Language) -> str:
    """Write a plain RFC 5545 RRULE in words; a rule with parts that have no words here stays as it is."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";") if part)
    interval = parts.get("INTERVAL", "1")
    days = [_BY_DAY.fullmatch(day) for day in parts.get("BYDAY", "").split(",")] if parts.get("BYDAY") else []
    known = [(int(day["which"] or 0), labels.WEEKDAY[_WEEKDAYS[day["day"]]]) for day in days if day is not None]
    plain = set(parts) <= {"FREQ", "INTERVAL", "BYDAY"} and interval.isdecimal() and len(known) == len(days)
    rhythm = _rhythm(parts.get("FREQ", ""), int(interval), words) if plain else ""
    if not rhythm:
        return rule
    names = ", ".join(_which_day(which, words.gettext(name), words) for which, name in known)
    return f"{rhythm}: {names}" if names else rhythm


def _which_day(which: int, name: str, words: Language) -> str:
    """Name a day of a rule: "Samstag", "1. Samstag", "letzter Samstag"."""
    if which < 0:
        return words.gettext("letzter %(day)s") % {"day": name}
    return words.gettext("%(number)s. %(day)s") % {"number": words.number(which), "day": name} if which else name


def _rhythm(frequency: str, interval: int, words: Language) -> str:
    counted = {
        "DAILY": words.ngettext("jeden Tag", "alle %(count)s Tage", interval),
        "WEEKLY": words.ngettext("jede Woche", "alle %(count)s Wochen", interval),
        "MONTHLY": words.ngettext("jeden Monat", "alle %(count)s Monate", interval),
        "YEARLY": words.ngettext("jedes Jahr", "alle %(count)s Jahre", interval),
    }
    return counted.get(frequency, "") % {"count": interval}


def week(cells: Iterable[str], words: Language) -> Iterator[str]:
    """Gather "di-abends", "di-mittags" into one line for each day, in the order of the week."""
    by_day: dict[str, list[str]] = {day: [] for day in labels.WEEKDAY}
    for cell in cells:
        day, _, part = cell.partition("-")
        by_day.setdefault(day, []).append(words.gettext(labels.label(labels.DAYPART, part)))
    for day, parts in by_day.items():
        if parts:
            yield f"{words.gettext(labels.label(labels.WEEKDAY, day))} {', '.join(parts)}".rstrip()


def _range(size: GroupSize | None, words: Language) -> str:
    if size is None:
        return ""
    if size.min is not None and size.max is not None:
        return words.gettext("%(low)s bis %(high)s Personen") % {"low": size.min, "high": size.max}
    if size.min is not None:
        return words.ngettext("ab %(count)s Person", "ab %(count)s Personen", size.min) % {"count": size.min}
    if size.max is not None:
        return words.ngettext("bis zu %(count)s Person", "bis zu %(count)s Personen", size.max) % {"count": size.max}
    return ""


def _places(details: OpportunityDetails, words: Language) -> str:
    if details.places is None:
        free = details.places_free
        return "" if free is None else words.ngettext("%(count)s frei", "%(count)s frei", free) % {"count": free}
    if details.places_free is None:
        return words.number(details.places)
    counts = {"free": words.number(details.places_free), "all": words.number(details.places)}
    return words.gettext("%(free)s von %(all)s frei") % counts


def _years(age: int | None, words: Language) -> str:
    return "" if age is None else words.ngettext("%(count)s Jahr", "%(count)s Jahre", age) % {"count": age}


def promise(days: int | None, words: Language) -> str:
    """Write how soon the organisation promises to answer, "" where it does not."""
    if days is None:
        return ""
    within = words.ngettext("innerhalb von %(count)s Tag", "innerhalb von %(count)s Tagen", days)
    return words.gettext("Die Organisation verspricht eine Antwort %(within)s.") % {"within": within % {"count": days}}


# --- lines ------------------------------------------------------------------------------------------------------------
def _sections(*sections: Section) -> tuple[Section, ...]:
    """Drop lines without a value, then sections without a line."""
    filled = (
        Section(section.key, section.title, tuple(fact for fact in section.facts if fact.values))
        for section in sections
    )
    return tuple(section for section in filled if section.facts)


def _known(fact: Fact, words: Language) -> Fact:
    """Say that nothing was said where that matters."""
    return fact if fact.values else Fact(fact.label, (Value(words.gettext("nicht angegeben")),), missing=True)


def _text(label: str, text: str) -> Fact:
    return _texts(label, (text,))


def _texts(label: str, texts: Iterable[str]) -> Fact:
    return Fact(label, tuple(Value(html.visible(text)) for text in texts if text)[:_LISTED])


def _slugs(label: str, names: Mapping[str, str], slugs: Iterable[str], words: Language) -> Fact:
    """Show slugs by their labels; "unbekannt" counts as nothing said."""
    known = (slug for slug in slugs if slug and slug != _UNKNOWN)
    return _texts(label, (words.gettext(labels.label(names, slug)) for slug in known))


def _links(label: str, urls: Iterable[str]) -> Fact:
    """Show URLs that a browser may be sent to."""
    return Fact(label, tuple(Value(url, url) for url in urls if html.web_url(url))[:_LISTED])


def _sign_up(label: str, url: str) -> Fact:
    """Show where one signs up, which may be by mail."""
    address = url.removeprefix(_MAIL) if url.startswith(_MAIL) else ""
    return Fact(label, (Value(address, url),)) if address else _links(label, (url,))


def period(first: date | None, last: date | None, words: Language) -> str:
    """Return the days on which help is needed, "" where none is named."""
    if first and last and first != last:
        pattern = words.gettext("%(first)s bis %(last)s")
    elif first and last:
        pattern = "%(first)s"
    else:
        pattern = words.gettext("ab %(day)s") if first else words.gettext("bis %(day)s") if last else ""
    days = {"first": first, "last": last, "day": first or last}
    return pattern % {name: words.long_day(day) if day else "" for name, day in days.items()}


def _day(label: str, day: date | None, words: Language) -> Fact:
    return _text(label, words.long_day(day) if day else "")


def _yes_no(label: str, value: bool | None, words: Language) -> Fact:  # noqa: FBT001 - it is the value that is shown
    return _text(label, "" if value is None else words.gettext("Ja") if value else words.gettext("Nein"))
