"""What there is to prefer, and what is no choice. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import sentence


@dataclass(frozen=True, slots=True)
class Home:
    """The place around which an instance is, WGS 84 degrees."""

    place: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class FormerLook:
    """How the portal was called and looked before the last change, to go back to it; `look` keeps its logo."""

    name: str
    tagline: str
    hashtag: str
    accent: str
    accent_dark: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """All of it. No `languages` are all that there are; `first_areas` come first, in their order.

    With `check_first` the first offer of an organisation is shown once somebody has looked at it.
    """

    home: Home | None = None
    languages: tuple[str, ...] = ()
    first_areas: tuple[str, ...] = ()
    hidden_areas: tuple[str, ...] = ()
    former_look: FormerLook | None = None
    check_first: bool = False


NOTHING_PREFERRED = Preferences()


def offered(
    choices: Iterable[tuple[str, str]], preferred: Preferences, chosen: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Return areas (slug, label) as forms offer them: those that come first, no hidden ones but what is chosen."""
    known = dict(choices)
    order = dict.fromkeys([*(slug for slug in preferred.first_areas if slug in known), *known])
    return [(slug, known[slug]) for slug in order if slug in chosen or slug not in preferred.hidden_areas]


def languages(chosen: Collection[str], known: Collection[str], default: str) -> tuple[str, ...]:
    """Return the chosen languages in the order of those known, always with the default; () for all of them."""
    found = tuple(code for code in known if code in chosen or code == default)
    return () if len(found) == len(known) else found


def wrong_areas(hidden: Collection[str], known: Collection[str]) -> list[Problem]:
    """Say why areas cannot be hidden."""
    if set(known) <= set(hidden):
        return [
            Problem("areas", sentence("Sie können nicht alle Bereiche ausblenden; lassen Sie mindestens einen stehen"))
        ]
    return []
