"""Query: a visitor's search as a value, read from URL parameters and written back in one canonical form."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict
from urllib.parse import urlencode

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.search.filters import AREAS, DEFAULT_RADIUS_KM, FILTERS, KINDS, RADII_KM, SORTINGS

MAX_CHARACTERS = 200  # of what is typed into one field
MAX_WORDS = 12
MAX_PAGE = 500
MAX_PARAMS = 100  # of a URL; what follows is not read
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_GERMAN_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
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
    sort: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody searches for; an empty field filters nothing.

    `place` is what was typed and `spot` what was found for it: both are set or none. `areas` and `kinds` are sets with
    "or" within. `since` and `until` are the first and last day, in Germany. `sort` is one of `filters.SORTINGS`, "" for
    the one that is usual for the visitor.
    """

    text: str = ""
    place: str = ""
    spot: Spot | None = None
    radius_km: int = DEFAULT_RADIUS_KM
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sort: str = ""
    page: int = _FIRST_PAGE

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the URL parameters in the order of FILTERS, without those that filter nothing."""
        pairs = [("q", self.text)] if self.text else []
        if self.spot is not None:
            pairs.append(("ort", self.place))
            if self.radius_km != DEFAULT_RADIUS_KM:
                pairs.append(("umkreis", str(self.radius_km)))
        pairs += [("bereich", slug) for slug, _label in AREAS if slug in self.areas]
        pairs += [("art", slug) for slug, kind in KINDS.items() if kind in self.kinds]
        pairs += [(name, day.isoformat()) for name, day in (("von", self.since), ("bis", self.until)) if day]
        pairs += [("sortierung", self.sort)] if self.sort else []
        return (*pairs, ("seite", str(self.page))) if self.page != _FIRST_PAGE else tuple(pairs)

    def params(self) -> str:
        """Return the canonical query string: equal searches have equal ones, and `read` gives this Query back."""
        return urlencode(self.pairs())

    def without(self, name: str) -> "Query":
        """Return this search without the filter of that URL name, on its first page."""
        return replace(replace(self, **_EMPTY[name]), page=_FIRST_PAGE)

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
    "sortierung": {"sort": ""},
    "seite": {},
}


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
            problems.append(Problem(name, str(unclear)))
    since, until = values.get("since"), values.get("until")
    if since is not None and until is not None and until < since:
        problems.append(Problem("bis", f"liegt vor dem ersten Tag; frühestens der {since:%d.%m.%Y}"))
    if problems:
        raise Invalid(problems)
    if values.get("spot") is None:
        values["radius_km"] = DEFAULT_RADIUS_KM
    return replace(Query(), **values)


class _Unclear(ValueError):
    """A value that cannot be understood; its text says what would be right."""


def _gather(params: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    multiple = {item.name: item.multiple for item in FILTERS}
    given: dict[str, list[str]] = {}
    for _, (name, value) in zip(range(MAX_PARAMS), params, strict=False):
        typed = " ".join(value.split())
        if name in multiple and typed and (multiple[name] or name not in given):
            given.setdefault(name, []).append(typed)
    return given


def _text(values: list[str]) -> _Fields:
    text = values[0] if values else ""
    if len(text) > MAX_CHARACTERS or len(text.split()) > MAX_WORDS:
        raise _Unclear(f"ist zu lang; höchstens {MAX_WORDS} Wörter und {MAX_CHARACTERS} Zeichen")
    return {"text": text}


def _place(values: list[str]) -> _Fields:
    if not values:
        return {"place": "", "spot": None}
    typed = values[0][:MAX_CHARACTERS]
    spot = gazetteer.find(typed)
    if spot is not None:
        return {"place": typed, "spot": spot}
    names = list(dict.fromkeys(spot.name for spot in gazetteer.suggest(typed, limit=3)))
    hint = f"Meinten Sie {' oder '.join(names)}?" if names else "Richtig wäre zum Beispiel „Hagen“ oder „58095“."
    raise _Unclear(f"„{typed}“ kennen wir nicht. {hint}")


def _radius(values: list[str]) -> _Fields:
    radius = values[0] if values else str(DEFAULT_RADIUS_KM)
    if radius not in {str(choice) for choice in RADII_KM}:
        raise _Unclear(f"möglich sind {', '.join(str(choice) for choice in RADII_KM)} km")
    return {"radius_km": int(radius)}


def _areas(values: list[str]) -> _Fields:
    return {"areas": _chosen(values, {slug: slug for slug, _label in AREAS})}


def _kinds(values: list[str]) -> _Fields:
    return {"kinds": _chosen(values, KINDS)}


def _chosen(values: list[str], known: dict[str, str]) -> tuple[str, ...]:
    strange = next((value for value in values if value not in known), None)
    if strange is not None:
        raise _Unclear(f"„{strange[:40]}“ gibt es nicht; möglich sind {', '.join(known)}")
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
        raise _Unclear(f"„{values[0][:40]}“ ist kein Datum; richtig wäre zum Beispiel 24.12.2026")
    return day


def _sort(values: list[str]) -> _Fields:
    chosen = _chosen(values, {slug: slug for slug, _label in SORTINGS})
    return {"sort": chosen[0] if chosen else ""}


def _page(values: list[str]) -> _Fields:
    if not values:
        return {"page": _FIRST_PAGE}
    if not _ALL_PAGES.fullmatch(values[0]) or not _FIRST_PAGE <= int(values[0]) <= MAX_PAGE:
        raise _Unclear(f"ist eine Zahl von {_FIRST_PAGE} bis {MAX_PAGE}")
    return {"page": int(values[0])}


_READERS: dict[str, Callable[[list[str]], _Fields]] = {
    "q": _text,
    "ort": _place,
    "umkreis": _radius,
    "bereich": _areas,
    "art": _kinds,
    "von": _since,
    "bis": _until,
    "sortierung": _sort,
    "seite": _page,
}
