"""Facets: what a Document says to each filter as slugs ("zielgruppe:kinder"), and what a Query demands of them. Pure.

The slugs after the colon are those of the vocabulary (`vocab.labels`), of the filter's choices, or steps of `scales`;
"unbekannt" stands for what says nothing. Each filter leads to Demands, each of which one slug has to meet.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.search import registration, scales
from fediverse_ehrenamt.search.filters import BY_NAME, DISTRICT, FILTERS, KINDS, LANGUAGES, UNSAID
from fediverse_ehrenamt.search.model import Document, Facts
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.vocab import labels

FLEXIBLE = "flexibel"
_NOTHING = Facts()
_NO_BIT = (0, 0)
_REGISTRATION = "kurzfristig"
_SIGNED_UP = {f"{_REGISTRATION}:ja": True, f"{_REGISTRATION}:nein": False}
_KIND_SLUGS = {kind: slug for slug, kind in KINDS.items()}
_HOUR = timedelta(hours=1)
_KEPT = 8_192  # what many Documents say alike is worked out once
_LONGEST_HOURS = 48  # of an event whose times of day are told apart
_PARTS_BEGIN = {6: "morgens", 9: "vormittags", 12: "mittags", 14: "nachmittags", 18: "abends", 22: "nachts"}
_DAYS = tuple(labels.WEEKDAY)
ADULT, _CHILD = 18, 14
_UP_TO_AGE, _OLDEST = "hoechstalter:", 120
_DURATIONS = tuple(labels.MINIMUM_DURATION)
_LEVELS = ("nicht_noetig", "a1", "a2", "b1", "b2", "c1")
_NOT_ACCESSIBLE = "nicht_barrierefrei"
_MINORS = {"u14": "u14", "u18": "u18"}  # suitable for → slug of "alter"

Slugs = Iterable[str]
Values = tuple[str, ...]


# --- what a Document says ---------------------------------------------------------------------------------------------
def slugs(document: Document) -> tuple[str, ...]:
    """Return all slugs of a Document; of every filter at least one, the district first."""
    facts = document.facts
    found = [f"{DISTRICT}:{document.district or UNSAID}"]
    for name, say in _SAID.items():
        found += _known(name, say(document, facts or _NOTHING))
    if facts is None:
        return (*found, *_SILENCE)
    for name, state in _STATED.items():
        values = state(facts)
        found += _known(name, values) if values else _SILENT[name]  # most facts are missing in most Documents
    return tuple(found)


def areas(document: Document) -> tuple[str, ...]:
    """Return those slugs of a Document that are its areas."""
    return _known("bereich", document.areas)


def bars(document: Document) -> tuple[str, ...]:
    """Return the slugs of a Document that only shut somebody out (`refusals`): nobody counts them."""
    oldest = document.facts.maximum_age if document.facts else None
    return () if oldest is None or not 0 <= oldest < _OLDEST else (f"{_UP_TO_AGE}{oldest}",)


@lru_cache(_KEPT)
def _known(name: str, values: Values) -> tuple[str, ...]:
    """Return the slugs of a filter for values of which some may be strange."""
    known = [value for value in dict.fromkeys(values) if value in _VALUES[name]]
    return tuple(f"{name}:{value}" for value in known or (UNSAID,))


def _times(document: Document, facts: Facts) -> Values:
    """Return the cells of the week, whole days and parts of days among them; FLEXIBLE where it can be agreed on."""
    cells = event_cells(document) if document.starts_at else facts.cells
    return (*_parts(cells), FLEXIBLE) if facts.flexible else _parts(cells)


@lru_cache(_KEPT)
def _parts(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for cell in cells for part in (cell, *cell.split("-", 1)))


def event_cells(document: Document) -> tuple[str, ...]:
    """Return the parts of days that an event takes, none where it takes whole days."""
    begins = document.starts_at
    if begins is None or (document.ends_at or begins) - begins > _LONGEST_HOURS * _HOUR:
        return ()
    here = begins.astimezone(HOME)
    seconds = max(((document.ends_at or begins) - begins).total_seconds() - 1, 0)
    first = here.weekday() * 24 + here.hour
    return _cells(first, first + int((here.minute * 60 + here.second + seconds) // 3_600))


@lru_cache(_KEPT)
def _cells(first: int, last: int) -> tuple[str, ...]:
    """Return the parts of days that the hours of a week touch; those after midnight belong to the day before."""
    return tuple(dict.fromkeys(_cell(*divmod(hour, 24)) for hour in range(first, last + 1)))


def _cell(day: int, hour: int) -> str:
    begin = max((begin for begin in _PARTS_BEGIN if begin <= hour), default=22)
    return f"{_DAYS[(day - (hour < min(_PARTS_BEGIN))) % 7]}-{_PARTS_BEGIN[begin]}"


def _mode(document: Document, facts: Facts) -> Values:
    if document.anywhere:
        return ("online",)
    if facts.mode in labels.MODE:
        return (facts.mode,)
    return ("vor_ort",) if document.place or document.latitude is not None else ()


def _registration(document: Document, facts: Facts) -> Values:
    said = facts.registration
    if said is None and document.starts_at is not None:
        said = registration.read(document.text)
    elif said is None and (facts.start_date or facts.end_date):
        said = True  # who helps on some of its days has come to an agreement before
    return () if said is None else ("ja" if said else "nein",)


def with_registration(facts: Facts | None, slugs: Slugs) -> Facts | None:
    """Return the facts with what the `slugs` of the Document say of registration, as its text may be cut now.

    They are the same object where they say so already.
    """
    found = next((_SIGNED_UP[slug] for slug in slugs if slug in _SIGNED_UP), None)
    if found is None or (facts is not None and facts.registration is found):
        return facts
    return replace(facts or _NOTHING, registration=found)


def _languages(document: Document, facts: Facts) -> Values:
    return tuple(tag.partition("-")[0].lower() for tag in (*facts.languages, document.language))


def _age(facts: Facts) -> Values:
    least = facts.minimum_age
    minors = tuple(slug for slug in _MINORS if slug in facts.suitable_for) if facts.suitable_for else ()
    return minors if least is None or least < 0 else (scales.of_age(least), *minors)


def _duration(facts: Facts) -> Values:
    return _one(facts.minimum_duration or ("keine" if facts.kind == scales.ONCE else ""))


def _effort(facts: Facts) -> Values:
    said = () if facts.effort is None else scales.of_effort(facts.effort)
    return (*said, scales.ONCE) if facts.kind == scales.ONCE else said


def _one(value: str) -> Values:
    return (value,) if value else ()


_SAID: dict[str, Callable[[Document, Facts], Values]] = {
    "art": lambda document, _facts: (_KIND_SLUGS.get(document.kind, ""),),
    "bereich": lambda document, _facts: document.areas,
    "zeit": _times,
    _REGISTRATION: _registration,
    "online": _mode,
    "sprachen": _languages,
}
_STATED: dict[str, Callable[[Facts], Values]] = {
    "taetigkeit": lambda facts: facts.activities,
    "zielgruppe": lambda facts: facts.audiences,
    "geeignet": lambda facts: facts.suitable_for,
    "engagement": lambda facts: _one(facts.kind),
    "aufwand": _effort,
    "dauer": _duration,
    "barrierefrei": lambda facts: facts.accessibility,
    "deutsch": lambda facts: _one(facts.german_level),
    "alter": _age,
    "fuehrungszeugnis": lambda facts: _one(facts.clearance),
    "gruppe": lambda facts: () if facts.group_size is None else scales.of_group(facts.group_size),
}
_SILENT = {name: (f"{name}:{UNSAID}",) for name in _STATED}
_SILENCE = tuple(slug for slugs in _SILENT.values() for slug in slugs)
_VALUES: dict[str, tuple[str, ...]] = {
    "art": tuple(KINDS),
    "bereich": tuple(labels.AREA),
    "taetigkeit": tuple(labels.ACTIVITY),
    "zielgruppe": tuple(labels.AUDIENCE),
    "geeignet": tuple(labels.SUITABLE_FOR),
    "engagement": tuple(labels.KIND),
    "zeit": (*(value for value, _label in BY_NAME["zeit"].choices), FLEXIBLE),
    _REGISTRATION: ("ja", "nein"),
    "aufwand": scales.EFFORTS,
    "dauer": _DURATIONS,
    "online": tuple(labels.MODE),
    "barrierefrei": tuple(slug for slug in labels.ACCESSIBILITY if slug != UNSAID),
    "deutsch": _LEVELS,
    "sprachen": LANGUAGES,
    "alter": (*map(str, scales.AGES), *_MINORS),
    "fuehrungszeugnis": tuple(slug for slug in labels.CLEARANCE if slug != UNSAID),
    "gruppe": tuple(map(str, scales.SIZES)),
}
FACETS: dict[str, tuple[str, ...]] = {name: (*values, UNSAID) for name, values in _VALUES.items()}
"""All slugs that Documents have but for districts, without the name of their filter before them."""


# --- what a Query demands ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Demand:
    """What a filter demands: one of the slugs `fits` it; what has none of these but one of `may` is let through behind.

    What meets neither is left out. `name` is the filter's.
    """

    name: str
    fits: frozenset[str]
    may: frozenset[str] = frozenset()

    def holds(self, slugs: Iterable[str]) -> bool:
        """Say whether one of the slugs of a Document fits."""
        return not self.fits.isdisjoint(slugs)

    def lets(self, slugs: Iterable[str]) -> bool:
        """Say whether one of the slugs of a Document fits or may fit."""
        return not (self.fits | self.may).isdisjoint(slugs)


def demands(query: Query) -> tuple[Demand, ...]:
    """Return what a search demands of the slugs, for each filter by facts, area, district, kind one Demand or more."""
    found: list[Demand] = []
    if query.areas:
        found.append(_demand("bereich", query.areas))
    if query.values(DISTRICT):
        found.append(_demand(DISTRICT, query.values(DISTRICT)))
    if query.kinds:
        found.append(_demand("art", [_KIND_SLUGS.get(kind, kind) for kind in query.kinds]))
    for item in FILTERS:
        values = query.values(item.name)
        if item.fact and values:
            made = _MEANT.get(item.name, _any_of)(item.name, values)
            found += [Demand(one.name, one.fits) for one in made] if item.name in query.exact else made
    return tuple(found)


def refusals(query: Query) -> frozenset[str]:
    """Return the slugs and `bars` that no Document may have: a highest age below the one that is asked for, and what
    somebody does not want.
    """
    ages = (f"{_UP_TO_AGE}{age}" for value in query.values("alter") for age in range(int(value)))
    return frozenset((*ages, *map(shut_out, query.values("ohne"))))


def shut_out(value: str) -> str:
    """Return the slug that a value of "ohne" leaves out: of an audience, or of an area."""
    return f"{'bereich' if value in labels.AREA else 'zielgruppe'}:{value}"


def _demand(name: str, fits: Slugs, may: Slugs = ()) -> Demand:
    return Demand(name, frozenset(f"{name}:{slug}" for slug in fits), frozenset(f"{name}:{slug}" for slug in may))


def _any_of(name: str, values: Values) -> list[Demand]:
    return [_demand(name, values, (UNSAID,))]


def _at_times(name: str, values: Values) -> list[Demand]:
    return [_demand(name, values, (FLEXIBLE, UNSAID))]


def _without_registration(name: str, _values: Values) -> list[Demand]:
    return [_demand(name, ("nein",), (UNSAID,))]


def _efforts(name: str, values: Values) -> list[Demand]:
    return [_demand(name, scales.asked_effort(values[0]), (UNSAID,))]


def _durations(name: str, values: Values) -> list[Demand]:
    return [_demand(name, _DURATIONS[: _DURATIONS.index(values[0]) + 1], (UNSAID,))]


def _modes(name: str, values: Values) -> list[Demand]:
    if values[0] == "ja":
        return [_demand(name, ("online",), ("teilweise_online", UNSAID))]
    return [_demand(name, ("vor_ort", "beliebig_im_gebiet"), ("teilweise_online", UNSAID))]


def _accessible(name: str, values: Values) -> list[Demand]:
    """Demand each of the needs; a place that does not say so may still meet it, unless it says that it is barred."""
    others = [slug for slug in FACETS[name] if slug != _NOT_ACCESSIBLE]
    return [_demand(name, (value,), others) for value in values]


def _levels(name: str, values: Values) -> list[Demand]:
    return [_demand(name, _LEVELS[: _LEVELS.index(values[0]) + 1], (UNSAID,))]


def _ages(name: str, values: Values) -> list[Demand]:
    """Demand a least age that is reached. Who is under age is let through only where the organisation says so."""
    age = int(values[0])
    reached = scales.up_to_age(age)
    if age >= ADULT:
        return [_demand(name, (*reached, UNSAID, *_MINORS))]
    return [_demand(name, (*reached, "u14" if age < _CHILD else "u18"))]


def _clearances(name: str, values: Values) -> list[Demand]:
    return [_demand(name, ("nein",) if values[0] == "nein" else ("nein", "einfach"), (UNSAID,))]


def _groups(name: str, values: Values) -> list[Demand]:
    return [_demand(name, (scales.asked_group(int(values[0])),), (UNSAID,))]


_MEANT: dict[str, Callable[[str, Values], list[Demand]]] = {
    "zeit": _at_times,
    _REGISTRATION: _without_registration,
    "aufwand": _efforts,
    "dauer": _durations,
    "online": _modes,
    "barrierefrei": _accessible,
    "deutsch": _levels,
    "alter": _ages,
    "fuehrungszeugnis": _clearances,
    "gruppe": _groups,
}


# --- as bits ----------------------------------------------------------------------------------------------------------
WIDTH = 62  # bits of a column, below its sign
LAYOUT = (
    ("art", "bereich", "online", _REGISTRATION, "engagement", "dauer", "deutsch", "fuehrungszeugnis", "barrierefrei"),
    ("zeit",),
    ("sprachen", "gruppe", "geeignet"),
    ("zielgruppe", "taetigkeit", "alter"),
    ("aufwand",),
)
"""Which filters share a column of the index; what many Documents are silent about stands together."""

_MASKS = {
    slug: (column, 1 << bit)
    for column, names in enumerate(LAYOUT)
    for bit, slug in enumerate(f"{name}:{value}" for name in names for value in _VALUES[name])
}


def masks(slugs: Iterable[str]) -> list[int]:
    """Return the slugs of a Document as one number for each column; silence is no bit, so a column may be 0."""
    made = [0] * len(LAYOUT)
    for slug in slugs:
        column, mask = _MASKS.get(slug, _NO_BIT)
        made[column] |= mask
    return made


_SLUGS = {place: slug for slug, place in _MASKS.items()}
_BITS = {
    name: (column, masks(f"{name}:{value}" for value in _VALUES[name])[column])
    for column, names in enumerate(LAYOUT)
    for name in names
}


def silence(name: str) -> tuple[int, int]:
    """Return the column of a filter, and the bits of which all are missing where a Document says nothing."""
    return _BITS[name]


@lru_cache(_KEPT)
def unpacked(name: str, mask: int) -> tuple[str, ...]:
    """Return the slugs of a filter in a number that has no other bits than its own, or its silence."""
    column, said, rest = silence(name)[0], [], mask
    while rest:
        bit = rest & -rest  # the lowest that is left
        said.append(_SLUGS[column, bit])
        rest ^= bit
    return tuple(said) or (f"{name}:{UNSAID}",)
