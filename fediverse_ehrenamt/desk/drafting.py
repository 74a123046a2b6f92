"""From a form's entry to what can be published, and from what was published to an entry that can be changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, ParamSpec, TypeVar

from fediverse_ehrenamt.desk import fields, reading
from fediverse_ehrenamt.desk.fields import Field
from fediverse_ehrenamt.desk.reading import Given, Typed
from fediverse_ehrenamt.events import rules as events
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.opportunities import rules as opportunities
from fediverse_ehrenamt.publishing import dates, drafts, schema, whereabouts, wording
from fediverse_ehrenamt.publishing.drafts import Draft
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY
from fediverse_ehrenamt.understanding import times
from fediverse_ehrenamt.vocab import details
from fediverse_ehrenamt.vocab.types import Place

FORMS: Final[Mapping[str, tuple[Field, ...]]] = {OPPORTUNITY: fields.OFFER, EVENT: fields.EVENT}
"""The fields of each kind of thing (`search.model`)."""
_SCHEMAS = {OPPORTUNITY: schema.OPPORTUNITY, EVENT: schema.EVENT}
_SURE = 0.7  # of ten such readings a person would have made seven
P = ParamSpec("P")
T = TypeVar("T")


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
        return FORMS[self.kind]

    def first(self, term: str) -> str:
        """Return what was typed into a field of one value."""
        return next(iter(self.typed.get(term, ())), "")


def draft(written: Written, now: datetime) -> Draft:
    """Return what can be published; raises `Invalid` with all problems, each of a field of the form."""
    given, problems = reading.given(written.typed, written.form, dict(written.before or {}))
    given["id"] = written.key
    _set_image(given, written)
    if written.kind == OPPORTUNITY:
        _read_times(given)
    elif "registerBy" in given:
        given["registerBy"] = dates.moment(given["registerBy"], HOME, dates.END)
    told = {problem.field for problem in problems}
    form = schema.entry(_SCHEMAS[written.kind])
    problems += [problem for problem in wording.problems(form, given) if problem.field not in told]
    place = _tried(problems, _place, given, problems)
    made = None if problems else _tried(problems, drafts.draft, _SCHEMAS[written.kind], given, place)
    if made is None:
        raise Invalid(problems)
    made = replace(made, image=written.image)
    found = opportunities.problems(made, now) if isinstance(made, opportunities.Draft) else events.problems(made, now)
    if found:
        raise Invalid(found)
    return made


def of_published(made: Draft) -> Written:
    """Return what was published as it is written in its form; it counts as confirmed anew when it is handed in."""
    node = (
        details.write_event(made.details) if isinstance(made, events.Draft) else details.write_opportunity(made.details)
    )
    for term in ("version", "confirmedAt", "expiresAt"):
        node.pop(term, None)
    given: Given = {**node, **_common(made)}
    if isinstance(made, events.Draft):
        given |= {
            "name": made.name,
            "startTime": clock.write(made.starts_at),
            "endTime": clock.write(made.ends_at),
            "timezone": made.timezone,
            "status": made.status,
            "category": made.category,
        }
        given |= {"capacity": made.capacity} if made.capacity is not None else {}
        given |= {"onlineUrl": made.online_url} if made.online_url else {}
    elif made.plain_language:
        given["plainLanguage"] = made.plain_language
    kind = EVENT if isinstance(made, events.Draft) else OPPORTUNITY
    return Written(kind, made.key, reading.shown(given, FORMS[kind]), made.image, given)


def as_template(written: Written, key: str) -> Written:
    """Return a copy for something new: without the picture, and open whatever the former's state."""
    typed = {term: values for term, values in written.typed.items() if term != "image.alt"}
    return Written(written.kind, key, typed)


def _common(made: Draft) -> Given:
    given: Given = {"id": made.key, "text": made.text, "language": made.language}
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
    """Return a place as it is typed; degrees stay only where nothing else says where it is."""
    texts = {"name": place.name, "street": place.street, "postcode": place.postcode, "locality": place.locality}
    given: Given = {term: text for term, text in texts.items() if text}
    if place.country != "DE" or not (place.postcode or place.locality):
        given |= {"country": place.country, "latitude": place.latitude, "longitude": place.longitude}
    return given


def _set_image(given: Given, written: Written) -> None:
    alt = written.first("image.alt")
    given.pop("image", None)
    if written.image:
        given["image"] = {"file": written.image} | ({"alt": " ".join(alt.split())} if alt else {})


def _read_times(given: Given) -> None:
    """Take the cells of the week out of the organisation's own words where it ticked none, as far as they are sure."""
    said = given.get("availability", {})
    if not said.get("text") or said.get("cells"):
        return
    found = times.read(said["text"])
    if found.cells and found.confidence.get("cells", 0.0) >= _SURE:
        said["cells"] = list(found.cells)
    if found.flexible and "flexible" not in said and found.confidence.get("flexible", 0.0) >= _SURE:
        said["flexible"] = True


def _place(given: Given, problems: Sequence[Problem]) -> Place | None:
    said = given.get("place")
    if not said or any(problem.field.partition(".")[0] == "place" for problem in problems):
        return None
    return whereabouts.place(said)


def _tried(problems: list[Problem], read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    try:
        return read(*args, **kwargs)
    except Invalid as error:
        problems.extend(error.problems)
        return None
