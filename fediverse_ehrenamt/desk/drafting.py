"""From a form's entry to what can be published, and from what was published to an entry that can be changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from fediverse_ehrenamt.desk import fields, reading, repeating, versions
from fediverse_ehrenamt.desk.fields import Field
from fediverse_ehrenamt.desk.reading import Given, Typed
from fediverse_ehrenamt.desk.repeating import Occasion, Rule
from fediverse_ehrenamt.events import rules as events
from fediverse_ehrenamt.imports import wordings
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.opportunities import rules as opportunities
from fediverse_ehrenamt.publishing import dates, judging, schema, whereabouts, wording
from fediverse_ehrenamt.publishing.drafts import Draft
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY
from fediverse_ehrenamt.vocab import details
from fediverse_ehrenamt.vocab.types import Place

FORMS: Final[Mapping[str, tuple[Field, ...]]] = {OPPORTUNITY: fields.OFFER, EVENT: fields.EVENT}
"""The fields of each kind of thing (`search.model`)."""
_MOMENTS = frozenset({"expiresAt", "registerBy"})
_SCHEMAS = {OPPORTUNITY: schema.OPPORTUNITY, EVENT: schema.EVENT}


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed into a form of one `kind` of thing, under the organisation's `key` for it.

    `image` is the name of the picture that was stored for it, "" for none. `before` is what is published under the
    key: what of it has no field in the form stays.
    """

    kind: str
    key: str
    typed: Typed
    image: str = ""
    before: Mapping[str, Any] | None = None

    @property
    def form(self) -> tuple[Field, ...]:
        form = fields.DATE if self.kind == EVENT and is_date(self.key) else FORMS[self.kind]
        return (*form, *versions.of(self.languages))

    @property
    def languages(self) -> list[str]:
        """The BCP 47 tags of the further versions of its text."""
        return self.typed.get(versions.TAGS, [])

    def first(self, term: str) -> str:
        """Return what was typed into a field of one value."""
        return next(iter(self.typed.get(term, ())), "")


SEPARATOR: Final = "\x1f"
"""Between the key of a series and the day of one of its dates, as `publishing.series` has it between its own."""


def is_date(key: str) -> bool:
    """Say whether a key is that of one date of a series."""
    return SEPARATOR in key


def draft(written: Written, now: datetime) -> Draft:
    """Return what can be published; raises `Invalid` with all problems, each of a field of the form.

    Of what repeats itself it is the first date that is to come.
    """
    given, problems = reading.given(written.typed, written.form, dict(written.before or {}))
    given["id"] = written.key
    problems += _repeated(given, now)
    problems += versions.put(given, written.kind, written.languages)
    _open_again(given, now)
    _set_image(given, written)
    if written.kind == OPPORTUNITY:
        _read_times(given)
    elif "registerBy" in given:
        given["registerBy"] = dates.moment(given["registerBy"], HOME, dates.END)
    problems += [
        Problem(term, judging.INVISIBLE) for term, said in written.typed.items() if any(map(judging.is_unfit, said))
    ]
    told = {problem.field for problem in problems}
    form = schema.entry(_SCHEMAS[written.kind])
    problems += [problem for problem in wording.problems(form, given) if problem.field not in told]
    made = judging.draft(_SCHEMAS[written.kind], given, problems)
    if made is None:
        raise Invalid(problems)
    made = replace(made, image=written.image)
    found = opportunities.problems(made, now) if isinstance(made, opportunities.Draft) else events.problems(made, now)
    if found:
        raise Invalid(found)
    return made


def planned(written: Written) -> tuple[Occasion, ...]:
    """Return all dates of what repeats itself, also those that are over; none where it does not or cannot be read."""
    given, _ = reading.given(written.typed, written.form, {})
    repeated = _rule(given)
    if repeated is None:
        return ()
    rule, starts_at, ends_at = repeated
    return repeating.occasions(rule, starts_at, ends_at) if not repeating.problems(rule, starts_at) else ()


def _rule(given: Given) -> tuple[Rule, datetime, datetime] | None:
    """Return how an entry repeats itself, and when it first begins and ends."""
    rule = repeating.rule(given.pop(repeating.GROUP, {}))
    starts_at, ends_at = clock.parse(given.get("startTime")), clock.parse(given.get("endTime"))
    if rule is None or starts_at is None or ends_at is None or not starts_at < ends_at <= starts_at + events.LONGEST:
        return None
    return rule, starts_at, ends_at


def _repeated(given: Given, now: datetime) -> list[Problem]:
    """Let an entry that repeats itself be its next date; return what is wrong with how it does."""
    repeated = _rule(given)
    if repeated is None:
        return []
    rule, starts_at, ends_at = repeated
    if problems := repeating.problems(rule, starts_at):
        return problems
    occasions = repeating.occasions(rule, starts_at, ends_at)
    coming = next((one for one in occasions if one.takes_place and one.ends_at > now), None)
    if coming is None:
        return [Problem(repeating.TERM_UNTIL, "kein Termin davon ist noch zu erwarten; bitte ein späteres Ende wählen")]
    given["startTime"], given["endTime"] = _written(coming.starts_at), _written(coming.ends_at)
    day = dates.day(given.get("registerBy", ""))
    if day is not None:
        later = coming.day - clock.day(starts_at)
        given["registerBy"] = (date.fromisoformat(day) + later).isoformat()
    return []


def of_published(made: Draft) -> Written:
    """Return what was published as it is written in its form; it counts as confirmed anew when it is handed in."""
    node = (
        details.write_event(made.details) if isinstance(made, events.Draft) else details.write_opportunity(made.details)
    )
    for term in ("version", "confirmedAt"):
        node.pop(term, None)
    for term in _MOMENTS & node.keys():  # as an entry has them: with their offset
        node[term] = _written(clock.parse(node[term]))
    given: Given = {**node, **_common(made)}
    _forget_read_times(given)
    if isinstance(made, events.Draft):
        given |= {
            "name": made.name,
            "startTime": _written(made.starts_at),
            "endTime": _written(made.ends_at),
            "timezone": made.timezone,
            "status": made.status,
            "category": made.category,
        }
        given |= {"capacity": made.capacity} if made.capacity is not None else {}
        given |= {"onlineUrl": made.online_url} if made.online_url else {}
        given |= {"nameMap": dict(made.names)} if made.names else {}
    elif made.plain_language:
        given["plainLanguage"] = made.plain_language
    kind = EVENT if isinstance(made, events.Draft) else OPPORTUNITY
    typed = reading.shown(given, FORMS[kind]) | versions.typed(given, kind)
    return Written(kind, made.key, typed, made.image, given)


_OF_ONE: Final = frozenset({"image.alt", repeating.TERM_WITHOUT})  # they mean nothing elsewhere


def as_template(written: Written, key: str) -> Written:
    """Return a copy for something new: without the picture, and open whatever the former's state."""
    typed = {term: values for term, values in written.typed.items() if term not in _OF_ONE}
    return Written(written.kind, key, typed)


def _written(moment: datetime | None) -> str:
    assert moment is not None, "it was written by the vocabulary"
    return moment.astimezone(HOME).isoformat(timespec="seconds")


def _common(made: Draft) -> Given:
    given: Given = {"id": made.key, "text": made.text, "language": made.language}
    if made.texts:
        given["textMap"] = dict(made.texts)
    if made.hashtags:
        given["hashtags"] = list(made.hashtags)
    if made.contact_url:
        given["contactUrl"] = made.contact_url
    if made.image:
        given["image"] = {"file": made.image, "alt": made.image_alt}
    if made.place is not None:
        given["place"] = _place_given(made.place)
    return given


def _place_given(place: Place) -> Given:
    """Return a place as it is typed; degrees stay where nothing else says that it is there."""
    texts = {"name": place.name, "street": place.street, "postcode": place.postcode, "locality": place.locality}
    given: Given = {term: text for term, text in texts.items() if text}
    if place.country != "DE" or not _looked_up(given, place):
        given |= {"country": place.country, "latitude": place.latitude, "longitude": place.longitude}
    return given


def _looked_up(given: Given, place: Place) -> bool:
    """Say whether a place is where its postcode or its town is, of which nothing more is known."""
    try:
        found = whereabouts.place(given)
    except Invalid:
        return False
    return (found.latitude, found.longitude) == (place.latitude, place.longitude)


def _set_image(given: Given, written: Written) -> None:
    alt = written.first("image.alt")
    given.pop("image", None)
    if written.image:
        given["image"] = {"file": written.image} | ({"alt": " ".join(alt.split())} if alt else {})


def _open_again(given: Given, now: datetime) -> None:
    """Forget an end that is over: who publishes something again means that it holds."""
    ends = clock.parse(given.get("expiresAt"))
    if ends is not None and ends <= now:
        del given["expiresAt"]
    if given.get("status") == opportunities.EXPIRED:
        del given["status"]


def _read_times(given: Given) -> None:
    """Take the cells of the week out of the organisation's own words where it ticked none, as far as they are sure."""
    said = given.get("availability", {})
    if said.get("text") and not said.get("cells"):
        said |= _times_in(said["text"])


def _forget_read_times(given: Given) -> None:
    """Tick no cells that the words say by themselves: once these change, the ticks would still say the former ones."""
    said = given.get("availability", {})
    found = _times_in(said.get("text", ""))
    if found.get("cells") == said.get("cells"):
        given["availability"] = {term: value for term, value in said.items() if found.get(term) != value}


def _times_in(words: str) -> Given:
    found = wordings.read(words)
    return ({"cells": list(found.cells)} if found.cells else {}) | ({"flexible": True} if found.flexible else {})
