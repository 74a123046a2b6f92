"""The search form: its fields in groups, and how many hits each choice would bring. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.matching.profile import Where
from fediverse_ehrenamt.places import data as places
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.preferences.rules import NOTHING_PREFERRED, Preferences, offered
from fediverse_ehrenamt.search import facets
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search.counting import NOTHING, Counts
from fediverse_ehrenamt.search.filters import (
    BY_DISTANCE,
    BY_FIT,
    BY_HITS,
    DEFAULT_RADIUS_KM,
    DISTRICT,
    FILTERS,
    GROUPS,
    UNSAID,
    Choices,
    Filter,
)
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.search.query import MAX_CHARACTERS, MAX_PARAMS, Query
from fediverse_ehrenamt.things import timing
from fediverse_ehrenamt.understanding import times
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web.i18n import Language

_MAIN = ("q", "ort", "umkreis")
_SORT, _LANGUAGES, _PORTAL, _WEEK = "sortierung", "sprachen", "quelle", "zeit"
_MOST_DISTRICTS = 20
_KEPT = 1_000  # choices, of which there are some three hundred
_AREAS = "bereich"
_UNCOUNTED = frozenset({"kurzfristig", "umkreis", _SORT})

Typed = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: `hits` is how many there are with it, None where they are not counted; `said` is that in words."""

    value: str
    label: str
    hits: int | None = None
    chosen: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form with what was typed into it and what is wrong with that.

    `options` leave out what would find nothing, unless it is chosen. `unsaid` is how many hits say nothing of it;
    `exact` says that these are left out, `silent` that they can be.
    """

    filter: Filter
    typed: tuple[str, ...] = ()
    problem: str = ""
    options: tuple[Option, ...] = ()
    unsaid: int = 0
    exact: bool = False
    silent: bool = False

    @property
    def value(self) -> str:
        return self.typed[0] if self.typed else ""

    @property
    def by_value(self) -> dict[str, Option]:
        return {option.value: option for option in self.options}


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are folded away together; `active` is how many values of them are in use."""

    slug: str
    label: str
    fields: tuple[Field, ...]

    @property
    def active(self) -> int:
        return sum(len([value for value in field.typed if value]) for field in self.fields)

    @property
    def wrong(self) -> bool:
        return any(field.problem for field in self.fields)


@dataclass(frozen=True, slots=True)
class Form:
    """The form: the few fields everybody sees, those that are open beside the hits, and those to unfold."""

    main: tuple[Field, ...]
    open: tuple[Field, ...]
    groups: tuple[Group, ...]

    @property
    def more(self) -> tuple[Field, ...]:
        return (*self.open, *(field for group in self.groups for field in group.fields))

    @property
    def wrong(self) -> tuple[Field, ...]:
        return tuple(field for field in (*self.main, *self.more) if field.problem)

    @property
    def active(self) -> int:
        """How many values among `more` are in use, without the order."""
        return sum(len(field.typed) for field in self.more if field.filter.name != _SORT)


@dataclass(frozen=True, slots=True)
class Own:
    """What a form takes from a visitor's profile: whether there are answers to sort by, and a place.

    The place is filled in where none was typed; nothing is filtered by it before the form is sent.
    """

    answers: bool = False
    place: Where | None = None


NOBODY = Own()


def form(
    typed: Typed,
    words: Language,
    problems: Iterable[Problem] = (),
    *,
    own: Own = NOBODY,
    counts: Counts = NOTHING,
    preferred: Preferences = NOTHING_PREFERRED,
) -> Form:
    """Return the form with what somebody typed, right or wrong; every kind of field comes from FILTERS.

    `own` is what counts of who searches; areas are offered as the instance has `preferred`.
    """
    wrong = {problem.field: problem.message for problem in problems}
    values: dict[str, list[str]] = {}
    for _, (name, value) in zip(range(MAX_PARAMS), typed, strict=False):
        values.setdefault(name, []).append(value[: 2 * MAX_CHARACTERS])
    usual, placed = BY_FIT if own.answers else BY_HITS, bool(values.get("ort"))
    if own.place and not placed:
        values["ort"], values["umkreis"] = [own.place.place], [str(own.place.radius_km)]
    values.setdefault("umkreis", [str(DEFAULT_RADIUS_KM)])
    exact = values.pop("genau", [])
    fields: dict[str, Field] = {}
    for item in FILTERS:
        if item.widget != "hidden":
            shown = _with_usual(item, usual, placed=placed)
            if item.name == _AREAS:
                shown = replace(shown, choices=tuple(offered(shown.choices, preferred, values.get(_AREAS, ()))))
            given = Field(shown, tuple(values.get(item.name, ())), wrong.get(item.name, ""))
            fields[item.name] = _with_options(replace(given, exact=item.name in exact), counts, words)
    grouped = {slug: tuple(field for field in fields.values() if field.filter.group == slug) for slug in GROUPS}
    return Form(
        main=tuple(fields[name] for name in _MAIN),
        open=tuple(field for name, field in fields.items() if not field.filter.group and name not in _MAIN),
        groups=tuple(Group(slug, label, grouped[slug]) for slug, label in GROUPS.items() if _useful(grouped[slug])),
    )


def _useful(fields: tuple[Field, ...]) -> bool:
    return any(field.options or field.filter.widget not in {"checkboxes", "select"} for field in fields)


def _with_usual(item: Filter, usual: str, *, placed: bool) -> Filter:
    """Return the filter; of orders the usual one is first and stands in no URL, and one that cannot be had is none."""
    if item.name != _SORT:
        return item
    away = {usual, BY_FIT} if placed else {usual, BY_FIT, BY_DISTANCE}
    others = [(value, label) for value, label in item.choices if value not in away]
    return replace(item, choices=(("", dict(item.choices)[usual]), *others))


def _with_options(field: Field, counts: Counts, words: Language) -> Field:
    item = field.filter
    choices = item.choices
    if item.name == _PORTAL:
        choices = tuple((host, host) for host in counts.portals)
    if item.name == DISTRICT:
        choices = _districts(counts, choices)
        item = replace(item, choices=choices or item.choices)
    strange = [value for value in field.typed if value and item.reads(value) and value not in dict(choices)]
    options = []
    for value in (*(value for value, _label in choices), *strange):
        chosen = value in field.typed
        hits = None if chosen and item.bars else _hits(item, value, counts)
        if hits != 0 or chosen:
            said = "" if hits is None else words.number(hits)
            options.append(Option(value, name(item, value, words), hits, chosen, said))
    unsaid = counts.of(item.name, (UNSAID,)) if item.fact else 0
    return replace(
        field,
        options=tuple(options),
        unsaid=unsaid,
        silent=item.fact and bool(field.typed) and not field.problem and item.name != "alter",
    )


def _districts(counts: Counts, unsaid: Choices) -> Choices:
    """Return the districts that most hits are in, without their town where it is the same; none where none is known."""
    beginning = f"{DISTRICT}:"
    found = {slug.removeprefix(beginning): hits for slug, hits in counts.slugs.items() if slug.startswith(beginning)}
    labels = sorted(found.keys() - {UNSAID}, key=lambda label: (-found[label], label))[:_MOST_DISTRICTS]
    known = {label: gazetteer.district(label) for label in labels}
    alone = len({one.town if one else "" for one in known.values()}) == 1
    names = ((label, one.name if one and alone else label) for label, one in known.items())
    return (*names, *unsaid) if labels else ()


def _hits(item: Filter, value: str, counts: Counts) -> int | None:
    """Return how many hits a choice would bring, without those that only may fit; None where nothing was counted."""
    if counts is NOTHING or item.name in _UNCOUNTED or item.most:
        return None
    if item.name == _PORTAL:
        return counts.portals.get(value, 0)
    if item.bars:  # how many it leaves is told when it is chosen
        return None if counts.slugs.get(facets.shut_out(value)) else 0
    slugs = _slugs(item.name, value, places.edition())
    return None if slugs is None else sum(counts.slugs.get(slug, 0) for slug in slugs)


@lru_cache(_KEPT)
def _slugs(name: str, value: str, _edition: int) -> tuple[str, ...] | None:
    """Return the slugs that fit a choice, None for what is none."""
    try:
        demands = facets.demands(searches.read([(name, value)]))
    except Invalid:
        return None
    return tuple(slug for demand in demands for slug in demand.fits)


# --- in words ---------------------------------------------------------------------------------------------------------
_ALONE = frozenset({"fuehrungszeugnis", "online", "kurzfristig", "aufwand", "umkreis", _SORT})
"""Filters whose choices say by themselves what is meant."""


def name(item: Filter, value: str, words: Language) -> str:
    """Return what a choice is called."""
    if item.name == _LANGUAGES:
        return words.language_name(value)
    if item.name == _WEEK:
        return " ".join(words.gettext(_WEEK_LABELS.get(part, part)) for part in value.split("-"))
    if item.name == "aufwand" and value not in dict(item.choices):
        return _amount(value, words)
    return words.gettext(dict(item.choices).get(value, value))


_WEEK_LABELS: Mapping[str, str] = labels.WEEKDAY | labels.DAYPART


def _amount(value: str, words: Language) -> str:
    """Write an amount that is no choice: "ab-5-monat", "2.5-woche", "woche"."""
    if value in labels.PER:
        return words.gettext("einmal %(period)s") % {"period": words.gettext(labels.PER[value])}
    number, _, per = value.removeprefix("ab-").partition("-")
    pattern = words.gettext("ab %(hours)s Stunden") if value[:3] == "ab-" else words.gettext("bis %(hours)s Stunden")
    amount = pattern % {"hours": words.number(float(number))}
    return f"{amount} {words.gettext(labels.PER[per])}" if per else amount


_BARRED = labels.AUDIENCE | labels.AREA


def chip(item: Filter, value: str, words: Language) -> str:
    """Return a choice in words that stand alone: "Deutsch: A2", "16 Jahre alt"."""
    if item.name == "alter":
        return words.gettext("%(years)s Jahre alt") % {"years": value}
    if item.name == "gruppe":
        return words.gettext("Gruppe von %(people)s") % {"people": value}
    if item.bars:
        return words.gettext("ohne: %(what)s") % {"what": words.gettext(_BARRED[value])}
    if (item.widget == "select" and item.name not in _ALONE) or item.name == "geeignet" or value == UNSAID:
        return f"{words.gettext(item.label)}: {name(item, value, words)}"
    return name(item, value, words)


@dataclass(frozen=True, slots=True)
class Left:
    """How many hits are left out because they are silent: of a least age for who is under age, of area or district."""

    age: int = 0
    area: int = 0
    district: int = 0


def left(query: Query, counts: Counts) -> Left:
    """Return what is left out for being silent; all other filters keep that (`Filter.fact`)."""
    minor = any(int(age) < facets.ADULT for age in query.values("alter"))
    areas, districts = query.areas, query.values(DISTRICT)
    return Left(
        counts.of("alter", (UNSAID,)) if minor else 0,
        counts.of("bereich", (UNSAID,)) if areas and UNSAID not in areas else 0,
        counts.of(DISTRICT, (UNSAID,)) if districts and UNSAID not in districts else 0,
    )


_demands = lru_cache(1)(facets.demands)  # all hits of a page are judged by the same
_MOST_NAMED = 3  # values of a filter that are named one by one
_TOLD = {_WEEK: timing.CELLS, "aufwand": timing.EFFORT}
"""What of `Facts.told` a filter goes by."""


def met(query: Query, document: Document, words: Language) -> str:
    """Say which filters by facts a hit meets, by what it says itself: "Ältere Menschen · Donnerstag vormittags".

    Kind, area and place stand on every card, and who is of age meets most ages by silence.
    """
    demands = _demands(query)
    if not demands:
        return ""
    slugs = frozenset(facets.slugs(document))
    held = {one.name for one in demands if one.holds(slugs) and f"{one.name}:{UNSAID}" not in slugs}
    if all(int(age) >= facets.ADULT for age in query.values("alter")):
        held -= {"alter"}
    facts = (item for item in FILTERS if item.fact and item.name in held)
    read = document.facts.told if document.facts else ()
    return " · ".join(_met(item, query.values(item.name), slugs, read, words) for item in facts)


def _met(item: Filter, wanted: Iterable[str], slugs: Collection[str], read: Collection[str], words: Language) -> str:
    """Return those values that a hit has, else, where it meets them by another ("Deutsch: A2" by A1), all of them."""
    has = [value for value in wanted if f"{item.name}:{value}" in slugs] or list(wanted)
    label = words.gettext(item.label) if len(has) > _MOST_NAMED else ", ".join(chip(item, one, words) for one in has)
    if _TOLD.get(item.name) in read:
        return words.gettext("%(fact)s (aus dem Text gelesen)") % {"fact": label}
    return label


def silent(query: Query, document: Document, words: Language) -> str:
    """Say of which filters in use a hit says nothing, or nothing that is sure; "" where all fits."""
    demands = _demands(query)
    if not demands:
        return ""
    slugs = facets.slugs(document)
    missing = dict.fromkeys(demand.name for demand in demands if not demand.holds(slugs))
    if not missing:
        return ""
    when = ""
    if _WEEK in missing and f"{_WEEK}:{facets.FLEXIBLE}" in slugs:
        when = words.gettext("Zeit nach Absprache")
    elif _WEEK in missing and _names_days(document.when):
        when = words.gettext("Zeit nur in Worten angegeben")
    named = [
        words.gettext(item.label) for item in FILTERS if item.name in missing and not (when and item.name == _WEEK)
    ]
    parts = [when] if when else []
    if named:
        parts.append(words.gettext("nicht angegeben: %(facts)s") % {"facts": ", ".join(named)})
    return " · ".join(parts)


@lru_cache(1_024)
def _names_days(wording: str) -> bool:
    """Say whether words that stand on a card name days or dayparts, so that it would be odd to call them missing."""
    return bool(times.read(wording).cells)
