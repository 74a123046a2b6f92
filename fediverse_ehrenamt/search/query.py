"""Query: a visitor's search as a value, read from URL parameters and written back in one canonical form."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypedDict
from urllib.parse import urlencode

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.search.filters import (
    BY_NAME,
    CHOSEN,
    DEFAULT_RADIUS_KM,
    DISTRICT,
    FILTERS,
    KINDS,
    RADII_KM,
    SORTINGS,
    THIS_WEEK,
    TODAY,
    Filter,
)

MAX_CHARACTERS = 300  # of what is typed into one field
MAX_WORDS = 24  # of a text; half of them may say when, where and for whom
MAX_PAGE = 500
MAX_PARAMS = 200  # of a URL; what follows is not read
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_GERMAN_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_MOST_NAMED = 24  # choices in a hint
_YES = "ja"
_FIRST_PAGE, _ALL_PAGES = 1, re.compile(r"[0-9]{1,4}")


class _Fields(TypedDict, total=False):
    """Some of the fields of a Query."""

    text: str
    place: str
    spot: Spot | None
    radius_km: int
    areas: tuple[str, ...]
    kinds: tuple[str, ...]
    since: date | None
    until: date | None
    chosen: tuple[tuple[str, str], ...]
    exact: tuple[str, ...]
    asked: str
    literal: bool
    sort: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody searches for; an empty field filters nothing.

    `place` is what was typed and `spot` what was found for it: both are set or none. `areas` and `kinds` are sets with
    "or" within. `since` and `until` are the first and last day, in Germany. `chosen` are the values of the filters of
    `filters.CHOSEN` by their names, in the order of the URL; `exact` names those of them that leave out what is silent
    about it. `asked` is the question that some of it was read from, and orders what is found where no words are left;
    `literal` says to read none from `text`; both find nothing else. `sort` is one of `filters.SORTINGS`, "" for the one
    that is usual for the visitor.
    """

    text: str = ""
    place: str = ""
    spot: Spot | None = None
    radius_km: int = DEFAULT_RADIUS_KM
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    chosen: tuple[tuple[str, str], ...] = ()
    exact: tuple[str, ...] = ()
    asked: str = ""
    literal: bool = False
    sort: str = ""
    page: int = _FIRST_PAGE

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None or bool(self.values(_SOON))

    def values(self, name: str) -> tuple[str, ...]:
        """Return what is chosen of a filter of `filters.CHOSEN`."""
        return tuple(value for chosen, value in self.chosen if chosen == name)

    def days(self, today: date) -> tuple[date | None, date | None]:
        """Return the first and last day that are meant on a day in Germany, None where it is open."""
        soon = self.values(_SOON)
        if not soon:
            return self.since, self.until
        last = today + timedelta(days=_SOON_DAYS[soon[0]])
        return max(today, self.since or today), min(last, self.until or last)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the URL parameters in the order of FILTERS, without those that filter nothing."""
        pairs = [("q", self.text)] if self.text else []
        if self.spot is not None:
            pairs.append(("ort", self.place))
            if self.radius_km != DEFAULT_RADIUS_KM:
                pairs.append(("umkreis", str(self.radius_km)))
        pairs += [("bereich", slug) for slug, _label in BY_NAME["bereich"].choices if slug in self.areas]
        pairs += [("art", slug) for slug, kind in KINDS.items() if kind in self.kinds]
        pairs += [(name, day.isoformat()) for name, day in (("von", self.since), ("bis", self.until)) if day]
        pairs += [*self.chosen, *(("genau", name) for name in self.exact)]
        pairs += [("gefragt", self.asked)] if self.asked else []
        pairs += [("wortlaut", _YES)] if self.literal else []
        pairs += [("sortierung", self.sort)] if self.sort else []
        pairs += [("seite", str(self.page))] if self.page != _FIRST_PAGE else []
        return tuple(sorted(pairs, key=lambda pair: _PLACE[pair[0]]))  # stable, so values keep their order

    def params(self) -> str:
        """Return the canonical query string: equal searches have equal ones, and `read` gives this Query back."""
        return urlencode(self.pairs())

    def without(self, name: str) -> "Query":
        """Return this search without the filter of that URL name, on its first page."""
        if name in _CHOSEN or name == "genau":
            return self._with((), name) if name in _CHOSEN else replace(self, exact=(), page=_FIRST_PAGE)
        return replace(replace(self, **_EMPTY[name]), page=_FIRST_PAGE)

    def _with(self, values: Iterable[str], name: str) -> "Query":
        """Return this search with other values of a filter of `filters.CHOSEN`, on its first page."""
        pairs = [pair for pair in self.chosen if pair[0] != name] + [(name, value) for value in values]
        chosen = tuple(sorted(pairs, key=lambda pair: _PLACE[pair[0]]))
        exact = tuple(one for one in self.exact if any(one == other for other, _value in chosen))
        return replace(self, chosen=chosen, exact=exact, page=_FIRST_PAGE)

    def on_page(self, page: int) -> "Query":
        return replace(self, page=min(max(page, _FIRST_PAGE), MAX_PAGE))


_EMPTY: dict[str, _Fields] = {
    "q": {"text": ""},
    "ort": {"place": "", "spot": None, "radius_km": DEFAULT_RADIUS_KM},
    "umkreis": {"radius_km": DEFAULT_RADIUS_KM},
    "bereich": {"areas": ()},
    "art": {"kinds": ()},
    "von": {"since": None},
    "bis": {"until": None},
    "gefragt": {"asked": ""},
    "wortlaut": {"literal": False},
    "sortierung": {"sort": ""},
    "seite": {},
}
_PLACE = {item.name: place for place, item in enumerate(FILTERS)}
_CHOSEN = {item.name: item for item in CHOSEN}
_SOON = "kurzfristig"
_SOON_DAYS = {TODAY: 0, THIS_WEEK: 6}
_ALIASES = {(_SOON, "ja"): THIS_WEEK}


def read(params: Iterable[tuple[str, str]]) -> Query:
    """Read a search from URL parameters; unknown ones are ignored, of a repeated single one the first counts.

    Raises `Invalid` with a Problem for every field that cannot be understood.
    """
    given = _gather(params)
    problems: list[Problem] = []
    values: _Fields = {}
    for name, reader in _READERS.items():
        try:
            values.update(reader(given.get(name, [])))
        except _Unclear as unclear:
            problems.append(Problem(name, unclear.said))
    chosen = _read_chosen(given, problems)
    exact = {name for name in given.get("genau", []) if any(name == used for used, _value in chosen)}
    values["chosen"], values["exact"] = chosen, tuple(item.name for item in CHOSEN if item.fact and item.name in exact)
    since, until = values.get("since"), values.get("until")
    if since is not None and until is not None and until < since:
        problems.append(
            Problem("bis", sentence("liegt vor dem ersten Tag; frühestens der %(day)s", day=f"{since:%d.%m.%Y}"))
        )
    if problems:
        raise Invalid(problems)
    if values.get("spot") is None:
        values["radius_km"] = DEFAULT_RADIUS_KM
    return replace(Query(), **values)


def _read_chosen(given: dict[str, list[str]], problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    chosen: list[tuple[str, str]] = []
    for item in CHOSEN:
        try:
            chosen += [(item.name, value) for value in _values(item, given.get(item.name, []))]
        except _Unclear as unclear:
            problems.append(Problem(item.name, unclear.said))
    return tuple(chosen)


def _values(item: Filter, given: list[str]) -> tuple[str, ...]:
    """Return the distinct values of a filter in their order, those that are no choices by their letters."""
    named = [_usual(item, value) for value in given]
    strange = next((value for value in named if not item.reads(value)), None)
    if strange is not None:
        raise _Unclear(_hint(item, strange))
    if item.most:
        return tuple(str(int(value)) for value in named)
    choices = tuple(value for value, _label in item.choices)
    return (*(value for value in choices if value in named), *sorted(set(named).difference(choices)))


def _usual(item: Filter, value: str) -> str:
    """Return a value as it is written in the URL: "haspe, hagen" is "Hagen-Haspe"."""
    found = gazetteer.district(value) if item.name == DISTRICT else None
    return found.label if found else _ALIASES.get((item.name, value), value)


def _hint(item: Filter, strange: str) -> Sentence:
    if item.most:
        return sentence("ist eine Zahl von %(least)s bis %(most)s", least=1, most=item.most)
    possible = item.like or ", ".join(value for value, _label in item.choices[:_MOST_NAMED])
    return sentence("„%(said)s“ gibt es nicht; möglich sind %(known)s", said=strange[:40], known=possible)


class _Unclear(ValueError):
    """A value that cannot be understood; `said` is what would be right."""

    def __init__(self, said: Sentence) -> None:
        super().__init__(said)
        self.said = said


def _gather(params: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    multiple = {item.name: item.multiple for item in FILTERS}
    given: dict[str, list[str]] = {}
    for _, (name, value) in zip(range(MAX_PARAMS), params, strict=False):
        typed = " ".join(value.split())
        if name in multiple and typed and (multiple[name] or name not in given):
            given.setdefault(name, []).append(typed)
    return given


def beginning(text: str) -> str:
    """Return as much of a text as is searched for, its words whole where it has several."""
    kept = " ".join(text[: 2 * MAX_CHARACTERS].split()[:MAX_WORDS])
    if len(kept) <= MAX_CHARACTERS:
        return kept
    return kept[: MAX_CHARACTERS + 1].rpartition(" ")[0] or kept[:MAX_CHARACTERS]


def _text(values: list[str]) -> _Fields:
    return {"text": beginning(values[0]) if values else ""}


def _place(values: list[str]) -> _Fields:
    if not values:
        return {"place": "", "spot": None}
    typed = values[0][:MAX_CHARACTERS]
    spot = gazetteer.find(typed, at_home=True)
    if spot is not None:
        return {"place": typed, "spot": spot}
    raise _Unclear(gazetteer.unknown(typed))


def _radius(values: list[str]) -> _Fields:
    radius = values[0] if values else str(DEFAULT_RADIUS_KM)
    if not BY_NAME["umkreis"].reads(radius):
        raise _Unclear(sentence("ist eine Zahl von %(least)s bis %(most)s km", least=RADII_KM[0], most=RADII_KM[-1]))
    return {"radius_km": int(radius)}


def _areas(values: list[str]) -> _Fields:
    return {"areas": _chosen(values, {slug: slug for slug, _label in BY_NAME["bereich"].choices})}


def _kinds(values: list[str]) -> _Fields:
    return {"kinds": _chosen(values, KINDS)}


def _chosen(values: list[str], known: dict[str, str]) -> tuple[str, ...]:
    strange = next((value for value in values if value not in known), None)
    if strange is not None:
        possible = ", ".join(known)
        raise _Unclear(sentence("„%(said)s“ gibt es nicht; möglich sind %(known)s", said=strange[:40], known=possible))
    return tuple(meaning for slug, meaning in known.items() if slug in values)


def _since(values: list[str]) -> _Fields:
    return {"since": _day(values)}


def _until(values: list[str]) -> _Fields:
    return {"until": _day(values)}


def _day(values: list[str]) -> date | None:
    if not values:
        return None
    iso, german = _ISO_DATE.fullmatch(values[0]), _GERMAN_DATE.fullmatch(values[0])
    groups = iso.groups() if iso else german.groups()[::-1] if german else ("0", "0", "0")
    try:
        day = date(int(groups[0]), int(groups[1]), int(groups[2]))
    except ValueError:
        day = date.min
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        said = values[0][:40]
        raise _Unclear(sentence("„%(said)s“ ist kein Datum; richtig wäre zum Beispiel 24.12.2026", said=said))
    return day


def _asked(values: list[str]) -> _Fields:
    return {"asked": beginning(values[0]) if values else ""}


def _literal(values: list[str]) -> _Fields:
    return {"literal": values[:1] == [_YES]}


def _sort(values: list[str]) -> _Fields:
    chosen = _chosen(values, {slug: slug for slug, _label in SORTINGS})
    return {"sort": chosen[0] if chosen else ""}


def _page(values: list[str]) -> _Fields:
    if not values:
        return {"page": _FIRST_PAGE}
    if not _ALL_PAGES.fullmatch(values[0]) or not _FIRST_PAGE <= int(values[0]) <= MAX_PAGE:
        raise _Unclear(sentence("ist eine Zahl von %(least)s bis %(most)s", least=_FIRST_PAGE, most=MAX_PAGE))
    return {"page": int(values[0])}


_READERS: dict[str, Callable[[list[str]], _Fields]] = {
    "q": _text,
    "ort": _place,
    "umkreis": _radius,
    "bereich": _areas,
    "art": _kinds,
    "von": _since,
    "bis": _until,
    "gefragt": _asked,
    "wortlaut": _literal,
    "sortierung": _sort,
    "seite": _page,
}
