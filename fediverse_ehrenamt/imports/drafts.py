"""From an entry of another listing to a draft of ours: safe text, no contact data, and a mark on what was understood.

What the source says in words stays in words (`availability.text`); cells, amounts and areas that a machine drew from
them stand beside it and are named in `Made.understood`, until a person confirms them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from fediverse_ehrenamt.events import rules as events
from fediverse_ehrenamt.imports import capitals, descriptions, homes, privacy, spots, topics, understood
from fediverse_ehrenamt.imports.topics import Guess
from fediverse_ehrenamt.imports.understood import Times, Understand, term
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings import addresses, answers, categories, days
from fediverse_ehrenamt.listings.record import EVENT, Record
from fediverse_ehrenamt.opportunities import rules as opportunities
from fediverse_ehrenamt.understanding.conditions import Condition
from fediverse_ehrenamt.understanding.prose import Statement
from fediverse_ehrenamt.vocab.types import Availability, Effort, EventDetails, OpportunityDetails

Draft = opportunities.Draft | events.Draft

_LASTS = timedelta(hours=2)  # an event whose source names no end
_LONGEST_TIMES = 1_000  # characters
_KIND_OF_OFFER, _KIND_OF_EVENT = "regelmaessig", "veranstaltung"
_EVERYBODY = "alle"
_ONCE, _SERVICE = "einmalig", "freiwilligendienst"
_SERVICE_YEAR = re.compile(
    r"\b(?:FSJ|FÖJ|BFD)\b|Bundesfreiwilligendienst|Freiwillige[sn]? (?:Soziale|Ökologische)[sn]? Jahr|Service civique",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    r"\b(?:Grund|Gesamt|Real|Haupt|Förder|Stadtteil|Gemeinschaftsgrund)?schulen?\b|\bSchul(?:kinder|garten|bücherei)|"
    r"\w+straßen?schule\b|Gymnasium|\bKitas?\b|Kindergarten|Kindertages|\bOGS\b|Ganztag|\bHort\b",
    re.IGNORECASE,
)
_FLEXIBLE = re.compile(r"flexibel|beliebig|nach absprache|absprache|vereinbarung|frei einteilbar", re.IGNORECASE)
_SAYS_ONCE = re.compile(r"\beinmalig(?! (?:die|pro|je|im|in der)\b)|\bnur einmal\b", re.IGNORECASE)
_SAYS_OFTEN = re.compile(
    r"regelmä|öfter|mehrmal|wöchentl|monatl|jährl|(?:\b(?:pro|im|je|jed\w{1,2})\s|/\s?)(?:woche|monat|jahr|tag)",
    re.IGNORECASE,
)
_SURELY_ONCE = 0.9
_TOLD = 0.8  # a price, or that an offer is taken, in a text
_DATED = 0.8  # a day with its year, in the words about time or in the title
_KEYWORD = re.compile(r"(?=.*[^\W\d_]{3})[^@<>{}\n]{3,60}")
_MOST_KEYWORDS = 8
_TWICE_ESCAPED = re.compile(r"&amp;(#\d{1,6}|#x[0-9a-f]{1,5}|[a-z][a-z0-9]{1,10});", re.IGNORECASE)
_CUT_ENTITY = re.compile(r"&#?\w{0,8}$")  # of a text that was shortened somewhere before
_BARE_LINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,500})>")  # as mail programs write them into plain text
_TAG = re.compile(r"<[/!?]?[a-zA-Z-]")
_CALLED_OFF = re.compile(
    r"\W{0,5}(?:abgesagt|fällt\s(?:leider\s)?aus|entfällt|cancell?ed)\b|.{0,300}\b(?:abgesagt|fällt\saus|entfällt)\W{0,5}$",
    re.IGNORECASE | re.DOTALL,
)
_SPACES = re.compile(r"[ \t]+")
_HEADED = (("tasks", "Aufgaben"), ("requirements", "Anforderungen"), ("benefits", "Leistungen"))


@dataclass(frozen=True, slots=True)
class Made:
    """A draft with what of it was understood by machine, and what the person who imports should know."""

    draft: Draft
    understood: tuple[Guess, ...] = ()
    notes: tuple[str, ...] = ()


def make(record: Record, key: str, understand: Understand, organisation: str = "") -> Made:
    """Return the draft of an entry; `organisation` is named in the text where another one publishes it."""
    plain = _in_plain_text(record)
    cleaned, taken = _cleaned(plain)
    notes = list(record.unread)
    notes += [sentence("Kontaktdaten an %(number)s Stellen aus dem Text genommen", number=taken)] if taken > 1 else []
    notes += [sentence("Kontaktdaten an einer Stelle aus dem Text genommen")] if taken == 1 else []
    text = _text(cleaned, organisation)
    said = descriptions.statements(cleaned)
    activities, done = topics.activities(cleaned)
    audiences, named = topics.audiences(cleaned, activities, said)
    areas, guesses = topics.areas(cleaned, text, audiences)
    guesses += [*named, *_assumed(cleaned)]
    if cleaned.kind == EVENT:
        draft = _event(cleaned, key, text, areas, audiences)
        draft, admitted = _with_admission(draft, said, cleaned)
        return Made(draft, (*guesses, *admitted), tuple(notes))
    if cleaned.language not in topics.LANGUAGES:  # "de 19h à 22h" are no 19 hours
        understand = understood.nothing
    named_days = days.read(plain)  # a deadline may stand beside a contact
    on_days = named_days.weekdays or days.weekdays(cleaned.first_day, cleaned.last_day)
    when = days.with_weekdays(cleaned.times) if on_days else cleaned.times
    stated = understood.enough(understand(when)) if when else Times()
    told = understood.enough(descriptions.times(said, understand))
    stated, told = understood.narrowed(stated, told), _beside(stated, told, cleaned)
    asked = descriptions.conditions_of(said, cleaned)
    stated, told = (_on_days(one, on_days, cleaned) for one in (stated, told))
    details = _details(cleaned, areas, audiences, understood.joined(stated, told), named_days)
    details = replace(details, activities=activities)
    details = descriptions.with_conditions(details, asked)
    guesses += [
        *_noticed(details, cleaned),
        *_of_days(named_days),
        *_understood(stated),
        *_understood(told),
        *_asked(asked),
        *done,
    ]
    return Made(_opportunity(cleaned, key, text, details), tuple(guesses), tuple(notes))


def _noticed(details: OpportunityDetails, record: Record) -> Iterator[Guess]:
    """Yield what makes an offer another than most: that it is for once, or taken."""
    if details.kind not in {_KIND_OF_OFFER, record.per}:
        yield Guess("kind", details.kind, _SURELY_ONCE)
    if details.status == opportunities.FILLED and not record.full:
        yield Guess("status", details.status, _TOLD)


def _on_days(times: Times, weekdays: tuple[str, ...], record: Record) -> Times:
    """Return times of what is wanted once on its weekdays ("18.9.2026, 8-14 Uhr"), at a school on none of a weekend."""
    times = replace(times, cells=days.of_weekdays(times.cells, weekdays)) if weekdays else times
    return understood.of_a_school(times) if _SCHOOL.search(f"{record.title}\n{record.organisation}") else times


def _of_days(named: days.Days) -> Iterator[Guess]:
    for field, day in (("start_date", named.first), ("end_date", named.last), ("apply_by", named.apply_by)):
        if day is not None:
            yield Guess(term(field), day.isoformat(), _DATED)


def _beside(stated: Times, told: Times, record: Record) -> Times:
    """Return of what the description tells that of which its own field says nothing."""
    said = {field.name for field in fields(Times) if getattr(stated, field.name) not in ((), "", None)}
    said |= {"effort"} if record.hours else set()
    said |= {"flexible"} if stated.cells else set()
    return replace(told, **{name: getattr(Times(), name) for name in said - {"confidence"}})


# --- texts ------------------------------------------------------------------------------------------------------------
_TEXTS = ("title", "summary", "text", "tasks", "requirements", "benefits", "accessibility", "times", "cost", "venue",
          "street")  # fmt: skip


def _in_plain_text(record: Record) -> Record:
    shown: dict[str, Any] = {name: _plain(given) for name in _TEXTS if (given := getattr(record, name))}
    return replace(record, **shown)


def _cleaned(record: Record) -> tuple[Record, int]:
    """Return an entry whose plain texts name nobody, and at how many places somebody was named."""
    shown: dict[str, Any] = {}
    touched = 0
    for name in _TEXTS:
        given = getattr(record, name)
        if given:
            shown[name], taken = privacy.public(given, record.persons)
            touched += taken
    title = shown["title"] or privacy.without_numbers(record.title)
    if record.language in topics.LANGUAGES:
        title = capitals.calmed(title, (shown.get("summary", ""), shown.get("text", ""), shown.get("tasks", "")))
    shown["title"] = html.shorten(title, opportunities.TITLE[1])
    return replace(record, **shown), touched


def _plain(text: str) -> str:
    """Return plain text of what may be HTML, or HTML that was escaped once more on its way; letters in one piece."""
    text = unicodedata.normalize("NFC", text)
    if "&lt;" in text and "<" not in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    if "<" in text:
        text = _BARE_LINK.sub(r" \1 ", text)
        if not _TAG.search(text):
            text = text.replace("<", "&lt;")
    text = _TWICE_ESCAPED.sub(r"&\1;", text)
    if "<" in text or "&" in text:
        return html.text(_CUT_ENTITY.sub("", text))
    return html.visible("\n".join(_SPACES.sub(" ", line).strip() for line in text.splitlines())).strip()


def _text(record: Record, organisation: str) -> str:
    parts = list(_parts(record))
    if organisation:
        parts.append(f"Ein Angebot von: {organisation}")
    text = "\n\n".join(parts)
    least = events.TEXT[0] if record.kind == EVENT else opportunities.TEXT[0]
    if len(text) < least:
        text = "\n\n".join(part for part in (record.title, text, "Näheres weiß die Organisation.") if part)
    if record.assumed and record.assumed != homes.IN_VENUE:  # a visitor sees that it is in the name
        text = f"{text}\n\nOrt der Quelle: {record.locality} (der Eintrag selbst nennt keinen)"
    if keywords := _keywords(record, text):
        text = f"{text}\n\nStichworte: {', '.join(keywords)}"
    return text[: opportunities.TEXT[1]].rstrip()


def _keywords(record: Record, text: str) -> list[str]:
    """Return the source's names of what it is about and for whom that are not said anyway: they can be searched for."""
    said = categories.fold(f"{record.title} {text}")
    names = dict.fromkeys((*record.categories, *record.audiences))
    names = {name: None for name in names if categories.audiences_of([name]) != (_EVERYBODY,)}
    fitting = [name for name in names if _KEYWORD.fullmatch(name) and categories.fold(name) not in said]
    return fitting[:_MOST_KEYWORDS]


def _parts(record: Record) -> Iterator[str]:
    text = " ".join(record.text.split())
    summary = " ".join(record.summary.split())
    if summary and summary.rstrip(". …")[:150] not in text:
        yield record.summary
    if text:
        yield record.text
    for field, heading in _HEADED:
        said = getattr(record, field)
        if field == "tasks" and said and not text and not summary:
            yield said  # all that is said needs no heading
        elif said and " ".join(said.split()) not in text:
            yield f"{heading}: {said}" if "\n" not in said else f"{heading}:\n{said}"
    if any("(" in name for name in record.districts[:1]) and len(record.districts) == 1 and not spots.mode(record):
        yield f"Stadtteil: {record.districts[0]}"
    yield from _places(record)


def _places(record: Record) -> Iterator[str]:
    """Yield the places that have no room in a field: all towns of several, all districts of several."""
    if addresses.towns(record.locality) and record.locality not in f"{record.text}{record.tasks}":
        yield f"Orte: {record.locality}"
    if len(record.districts) > 1 and not spots.mode(record):
        yield f"Stadtteile: {', '.join(record.districts)}"


def _assumed(record: Record) -> Iterator[Guess]:
    """Yield the mark of a town that the entry does not name, unless a person said that it is meant."""
    if record.assumed in homes.SURE:
        yield Guess("place", record.locality, homes.SURE[record.assumed])


# --- facts ------------------------------------------------------------------------------------------------------------
def _details(
    record: Record, areas: tuple[str, ...], audiences: tuple[str, ...], times: Times, named: days.Days
) -> OpportunityDetails:
    flexible = times.flexible or (True if _FLEXIBLE.search(record.times) else None)
    words = " ".join(record.times.split())[:_LONGEST_TIMES]
    availability = Availability(
        cells=times.cells,
        flexible=flexible,
        during_holidays=times.during_holidays,
        recurrence=times.recurrence,
        text=words,
    )
    stated = Effort(min_hours=record.hours, per=record.per) if record.hours else None
    kind = _kind(record, named)
    amount = stated or times.effort
    if kind == _ONCE and amount is not None and not _SAYS_OFTEN.search(record.times):
        amount = replace(amount, per=_ONCE)  # "Sa, 12.12.2026, Schichten von 2 Std."
    return OpportunityDetails(
        title=record.title,
        kind=kind,
        areas=areas,
        audiences=audiences,
        mode=spots.mode(record),
        availability=availability if availability != Availability() else None,
        effort=amount,
        minimum_duration=times.minimum_duration,
        start_date=record.first_day or named.first,
        end_date=record.last_day or named.last,
        apply_by=record.apply_by or named.apply_by,
        places=record.places,
        minimum_age=record.minimum_age,
        maximum_age=record.maximum_age,
        accessibility_note=descriptions.access_note(record),
        status=opportunities.FILLED if _is_taken(record) else opportunities.OPEN,
        confirmed_at=record.changed_at,
    )


def _is_taken(record: Record) -> bool:
    return record.full or answers.says_taken(record.title, record.text or record.summary)


def _kind(record: Record, named: days.Days) -> str:
    if _SERVICE_YEAR.search(record.title):
        return _SERVICE
    on_days = days.weekdays(record.first_day, record.last_day) and not _SAYS_OFTEN.search(record.times)
    return _ONCE if record.per == _ONCE or named.once or on_days or _is_once(record.times) else _KIND_OF_OFFER


def _is_once(times: str) -> bool:
    """Say whether help is wanted for once: "einmalig, 2-3 Stunden", but not "einmalig oder regelmäßig"."""
    return bool(_SAYS_ONCE.search(times)) and not _SAYS_OFTEN.search(times)


def _understood(times: Times) -> Iterator[Guess]:
    if times.cells:
        yield Guess("availability.cells", ", ".join(times.cells), times.confidence)
    if times.effort is not None:
        yield Guess("effort", opportunities.effort(times.effort), times.confidence)
    if times.flexible:
        yield Guess("availability.flexible", "true", times.confidence)
    if times.recurrence:
        yield Guess("availability.recurrence", times.recurrence, times.confidence)
    if times.during_holidays is not None:
        yield Guess("availability.duringHolidays", str(times.during_holidays).lower(), times.confidence)
    if times.minimum_duration:
        yield Guess("minimumDuration", times.minimum_duration, times.confidence)


def _asked(found: Iterable[Condition]) -> Iterator[Guess]:
    """Return the marks of conditions, all values of a field in one."""
    by_field: dict[str, list[Condition]] = {}
    for one in found:
        by_field.setdefault(one.field, []).append(one)
    for field, ones in by_field.items():
        values = ", ".join(str(one.value) for one in ones)
        yield Guess(term(field), values, min(one.sure for one in ones))


def _opportunity(record: Record, key: str, text: str, details: OpportunityDetails) -> opportunities.Draft:
    return opportunities.Draft(
        key=key,
        details=details,
        text=text,
        language=record.language or "de",
        place=spots.place(record, of_event=False),
        contact_url=html.web_url(_address(record.url)),
    )


def _event(record: Record, key: str, text: str, areas: tuple[str, ...], audiences: tuple[str, ...]) -> events.Draft:
    assert record.starts_at is not None, "whoever reads events reads their beginning"
    ends_at = record.ends_at
    if ends_at is None or ends_at <= record.starts_at:
        ends_at = _end_of(record.starts_at)
    return events.Draft(
        key=key,
        name=record.title,
        details=EventDetails(
            kind=_KIND_OF_EVENT,
            areas=() if areas == (categories.OTHER,) else areas,
            audiences=audiences,
            accessibility_note=descriptions.access_note(record),
        ),
        text=text,
        starts_at=record.starts_at,
        ends_at=ends_at,
        timezone=record.timezone or HOME.key,
        status="cancelled" if record.cancelled or _CALLED_OFF.match(record.title) else "confirmed",
        language=record.language or "de",
        place=spots.place(record, of_event=True),
        capacity=None,
        contact_url=html.web_url(_address(record.url)),
    )


def _with_admission(
    draft: events.Draft, said: Sequence[Statement], record: Record
) -> tuple[events.Draft, Iterator[Guess]]:
    """Return an event with what its text says of the price and of getting in, and the marks of what was read so."""
    access = descriptions.access_of(said, record)
    cost, told = descriptions.cost_of(said, record)
    details = replace(draft.details, accessibility=tuple(str(one.value) for one in access), cost=cost)
    marks = [Guess("cost", cost, _TOLD)] if told else []
    return replace(draft, details=details), iter([*_asked(access), *marks])


def _end_of(begin: datetime) -> datetime:
    """Return when an event ends that does not say so: after two hours, one that has no hour either with its day."""
    local = begin.astimezone(HOME)
    if (local.hour, local.minute) == (0, 0):
        return local.replace(hour=23, minute=59, second=59)
    return begin + _LASTS


def _address(url: str) -> str:
    """Return a web address as people write it ("www.verein.de"); a mail address is none."""
    url = url.strip().split()[0] if url.strip() else ""
    if url and "@" not in url and "://" not in url and "." in url:
        return f"https://{url}"
    return "" if url.startswith("mailto:") or "@" in url.partition("?")[0] else url
