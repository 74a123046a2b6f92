"""What there is to prefer, and what is no choice. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from fediverse_ehrenamt.kit.errors import Problem


@dataclass(frozen=True, slots=True)
class Home:
    """The place around which an instance is, WGS 84 degrees."""

    place: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Preferences:
    """All of it. No `languages` are all that there are; `first_areas` come first, in their order."""

    home: Home | None = None
    languages: tuple[str, ...] = ()
    first_areas: tuple[str, ...] = ()
    hidden_areas: tuple[str, ...] = ()


def languages(chosen: Collection[str], known: Collection[str], default: str) -> tuple[str, ...]:
    """Return the chosen languages in the order of those known, always with the default; () for all of them."""
    found = tuple(code for code in known if code in chosen or code == default)
    return () if len(found) == len(known) else found


def wrong_areas(hidden: Collection[str], known: Collection[str]) -> list[Problem]:
    """Say why areas cannot be hidden."""
    if set(known) <= set(hidden):
        return [Problem("areas", "Sie können nicht alle Bereiche ausblenden; lassen Sie mindestens einen stehen")]
    return []
