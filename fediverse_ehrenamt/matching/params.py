"""A profile as URL parameters and back, in one canonical form that also fits into a cookie. Pure.

`read` gives back what `write` was given; whatever a person or a program typed, it ends in a Profile or in problems that
say what would be right.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final, TypedDict

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.matching import week
from fediverse_ehrenamt.matching.profile import (
    AGES,
    AUDIENCES,
    DEFAULT_RADIUS_KM,
    GERMAN,
    NEEDS,
    ONLINE,
    RADII_KM,
    Profile,
    Where,
)
from fediverse_ehrenamt.matching.weights import LEVELS, NORMAL, SLUGS
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.vocab import labels

MAX_PARAMS = 250  # more than there are boxes to tick
MAX_CHARACTERS = 200  # of what is typed into one field
MAX_SKILLS, MAX_LANGUAGES = 8, 6
MAX_HOURS = 744  # of a month
IMPORTANCE = "gewicht_"
HOURS_PER: Final = {slug: labels.PER[slug] for slug in ("woche", "monat", "einmalig")}
YES, NO = "ja", "nein"
_IN_SEARCH = "ortsuche"
_HOURS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,2}")
_SHOWN = 40  # characters of what was wrong that a message repeats
Pairs = tuple[tuple[str, str], ...]


class _Fields(TypedDict, total=False):
    """Some of the fields of a Profile."""

    areas: frozenset[str]
    activities: frozenset[str]
    audiences: frozenset[str]
    kinds: frozenset[str]
    needs: frozenset[str]
    cells: int
    where: Where | None
    online: str
    hours: float | None
    hours_per: str
    commitment: str
    german_level: str
    languages: frozenset[str]
    skills: tuple[str, ...]
    age: str
    no_clearance: bool
    levels: tuple[tuple[str, str], ...]
    remember_needs: bool


class _Unclear(ValueError):
    """A value that cannot be understood; `said` is what would be right."""

    def __init__(self, said: Sentence) -> None:
        super().__init__(said)
        self.said = said


def write(profile: Profile) -> Pairs:
    """Return a profile as parameters; equal profiles have equal ones, and what was not answered has none."""
    pairs = [(name, slug) for name, known, field in _CHOICES for slug in known if slug in getattr(profile, field)]
    pairs += [("zeit", cell) for cell in week.cells(profile.cells)]
    if profile.where is not None:
        pairs.append(("ort", profile.where.place))
        if profile.where.radius_km != DEFAULT_RADIUS_KM:
            pairs.append(("umkreis", str(profile.where.radius_km)))
        if not profile.where.in_search:
            pairs.append((_IN_SEARCH, NO))
    if profile.hours is not None:
        pairs += [("stunden", f"{profile.hours:g}"), ("je", profile.hours_per)]
    one = (
        ("online", profile.online),
        ("dauer", profile.commitment),
        ("deutsch", profile.german_level),
        ("sprachen", ", ".join(sorted(profile.languages))),
        ("koennen", ", ".join(profile.skills)),
        ("alter", profile.age),
        ("zeugnis", YES if profile.no_clearance else ""),
    )
    pairs += [(name, value) for name, value in one if value]
    pairs += [(IMPORTANCE + slug, level) for slug, level in profile.levels]
    return (*pairs, ("merken", YES)) if profile.remember_needs else tuple(pairs)


def read(params: Iterable[tuple[str, str]]) -> Profile:
    """Read a profile from parameters; unknown ones are ignored, of a repeated single one the first counts.

    Raises `Invalid` with a Problem for every field that cannot be understood.
    """
    given: dict[str, list[str]] = {}
    for _, (name, value) in zip(range(MAX_PARAMS), params, strict=False):
        typed = " ".join(value.split())
        if typed:
            given.setdefault(name, []).append(typed)
    problems: list[Problem] = []
    values: _Fields = {}
    for name, reader in _READERS.items():
        try:
            values.update(reader(given))
        except _Unclear as unclear:
            problems.append(Problem(name, unclear.said))
    if problems:
        raise Invalid(problems)
    return replace(Profile(), **values)


# --- one answer each --------------------------------------------------------------------------------------------------
def _strange(value: str, known: Iterable[str]) -> _Unclear:
    said = {"said": value[:_SHOWN], "known": ", ".join(known)}
    return _Unclear(sentence("„%(said)s“ gibt es nicht; möglich sind %(known)s", **said))


def _many(given: Mapping[str, list[str]], name: str, known: Mapping[str, str]) -> frozenset[str]:
    values = given.get(name, [])
    strange = next((value for value in values if value not in known), None)
    if strange is not None:
        raise _strange(strange, known)
    return frozenset(values)


def _one(given: Mapping[str, list[str]], name: str, known: Iterable[str], usual: str = "") -> str:
    value = given.get(name, [usual])[0]
    if value != usual and value not in known:
        raise _strange(value, known)
    return value


def _cells(given: Mapping[str, list[str]]) -> _Fields:
    values = given.get("zeit", [])
    strange = next((value for value in values if value not in week.CELLS), None)
    if strange is not None:
        said = {"said": strange[:_SHOWN], "example": week.CELLS[-2]}
        raise _Unclear(sentence("„%(said)s“ ist keine Zeit; richtig wäre zum Beispiel %(example)s", **said))
    return {"cells": week.mask(values)}


def _where(given: Mapping[str, list[str]]) -> _Fields:
    typed = given.get("ort", [""])[0][:MAX_CHARACTERS]
    if not typed:
        return {"where": None}
    spot = gazetteer.find(typed, at_home=True)
    if spot is None:
        raise _Unclear(gazetteer.unknown(typed))
    radius = given.get("umkreis", [str(DEFAULT_RADIUS_KM)])[0]
    known = [str(choice) for choice in RADII_KM]
    far = int(radius) if radius in known else DEFAULT_RADIUS_KM  # what is wrong with it, `_radius` says
    in_search = given.get(_IN_SEARCH, [YES])[0] != NO
    return {"where": Where(typed, spot.latitude, spot.longitude, far, gazetteer.fold(spot.name), in_search)}


def _radius(given: Mapping[str, list[str]]) -> _Fields:
    known = [str(choice) for choice in RADII_KM]
    if given.get("umkreis", known)[0] not in known:
        raise _Unclear(sentence("möglich sind %(known)s km", known=", ".join(known)))
    return {}


def _hours(given: Mapping[str, list[str]]) -> _Fields:
    typed = given.get("stunden", [""])[0]
    if not typed:
        return {"hours": None}
    hours = float(typed.replace(",", ".")) if _HOURS.fullmatch(typed) else 0.0
    if not 0 < hours <= MAX_HOURS:
        said = typed[:_SHOWN]
        raise _Unclear(
            sentence("„%(said)s“ ist keine Zahl von Stunden; richtig wäre zum Beispiel 2 oder 2,5", said=said)
        )
    return {"hours": hours, "hours_per": _per(given)}


def _per(given: Mapping[str, list[str]]) -> str:
    return _one(given, "je", HOURS_PER, "woche")


def _skills(given: Mapping[str, list[str]]) -> _Fields:
    typed = given.get("koennen", [""])[0]
    parts = (" ".join(part.split()) for part in typed[: MAX_CHARACTERS + 1].split(","))
    named = list(dict.fromkeys(part for part in parts if part))
    if len(typed) > MAX_CHARACTERS or len(named) > MAX_SKILLS:
        raise _Unclear(
            sentence(
                "ist zu lang; höchstens %(skills)s Fähigkeiten und %(characters)s Zeichen",
                skills=MAX_SKILLS,
                characters=MAX_CHARACTERS,
            )
        )
    return {"skills": tuple(named)}


def _languages(given: Mapping[str, list[str]]) -> _Fields:
    typed = given.get("sprachen", [""])[0].lower()[: MAX_CHARACTERS + 1]
    named = [part for part in re.split(r"[,\s]+", typed) if part]
    strange = next((tag for tag in named if not _LANGUAGE.fullmatch(tag)), None)
    if strange is not None:
        raise _Unclear(
            sentence(
                "„%(said)s“ ist kein Kürzel einer Sprache; richtig wäre zum Beispiel „uk, ar, tr“",
                said=strange[:_SHOWN],
            )
        )
    if len(named) > MAX_LANGUAGES:
        raise _Unclear(sentence("das sind zu viele; höchstens %(most)s", most=MAX_LANGUAGES))
    return {"languages": frozenset(named)}


def _levels(given: Mapping[str, list[str]]) -> _Fields:
    levels = [(slug, _one(given, IMPORTANCE + slug, LEVELS, NORMAL)) for slug in SLUGS]
    return {"levels": tuple((slug, level) for slug, level in levels if level != NORMAL)}


_CHOICES: Final[tuple[tuple[str, Mapping[str, str], str], ...]] = (
    ("bereich", labels.AREA, "areas"),
    ("taetigkeit", labels.ACTIVITY, "activities"),
    ("zielgruppe", AUDIENCES, "audiences"),
    ("art", labels.KIND, "kinds"),
    ("bedarf", NEEDS, "needs"),
)
_READERS: Final[dict[str, Callable[[Mapping[str, list[str]]], _Fields]]] = {
    "bereich": lambda given: {"areas": _many(given, "bereich", labels.AREA)},
    "taetigkeit": lambda given: {"activities": _many(given, "taetigkeit", labels.ACTIVITY)},
    "zielgruppe": lambda given: {"audiences": _many(given, "zielgruppe", AUDIENCES)},
    "art": lambda given: {"kinds": _many(given, "art", labels.KIND)},
    "bedarf": lambda given: {"needs": _many(given, "bedarf", NEEDS)},
    "zeit": _cells,
    "ort": _where,
    "umkreis": _radius,
    "online": lambda given: {"online": _one(given, "online", ONLINE)},
    "stunden": _hours,
    "dauer": lambda given: {"commitment": _one(given, "dauer", labels.MINIMUM_DURATION)},
    "deutsch": lambda given: {"german_level": _one(given, "deutsch", GERMAN)},
    "sprachen": _languages,
    "koennen": _skills,
    "alter": lambda given: {"age": _one(given, "alter", AGES)},
    "zeugnis": lambda given: {"no_clearance": bool(_one(given, "zeugnis", (YES,)))},
    "gewicht": _levels,
    "merken": lambda given: {"remember_needs": bool(_one(given, "merken", (YES,)))},
}
