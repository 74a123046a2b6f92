"""What a coordinator wants of a source, from the words of a command to a `Choice` and back."""

from dataclasses import dataclass, replace

from fediverse_ehrenamt.federation.chosen import Choice
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.search import filters
from fediverse_ehrenamt.search.model import KINDS

_ALL = frozenset({"", "alle", "all"})
_AREAS = dict(filters.AREAS)
_KINDS = {**filters.KINDS, **{kind: kind for kind in KINDS}}


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said about a source's choice; None leaves things as they are. `radius` is in kilometres."""

    areas: str | None = None
    place: str | None = None
    radius: float | None = None
    kinds: str | None = None


def apply(before: Choice | None, wish: Wish) -> Choice:
    """Return a choice changed as wished; raises `Invalid` naming everything that there is not."""
    problems: list[Problem] = []
    choice = before or Choice()
    if wish.areas is not None:
        choice = replace(choice, areas=_words("areas", wish.areas, {area: area for area in _AREAS}, problems))
    if wish.kinds is not None:
        choice = replace(choice, kinds=_words("kinds", wish.kinds, _KINDS, problems))
    choice = _placed(choice, wish, problems)
    if problems:
        raise Invalid(problems)
    return choice


def _words(field: str, said: str, known: dict[str, str], problems: list[Problem]) -> tuple[str, ...]:
    if said.strip().lower() in _ALL:
        return ()
    words = [word.strip().lower() for word in said.split(",") if word.strip()]
    if unknown := [word for word in words if word not in known]:
        problems.append(Problem(field, f"„{'“, „'.join(unknown)}“ gibt es nicht; möglich: {', '.join(known)}"))
    return tuple(dict.fromkeys(known[word] for word in words if word in known))


def _placed(choice: Choice, wish: Wish, problems: list[Problem]) -> Choice:
    if wish.place is not None and wish.place.strip().lower() in _ALL:
        choice = replace(choice, place="", latitude=None, longitude=None, radius_km=None)
    elif wish.place is not None:
        spot = gazetteer.find(wish.place, at_home=True)
        if spot is None:
            problems.append(Problem("place", f"„{wish.place}“ ist nicht bekannt; bitte Ort oder Postleitzahl angeben"))
            return choice
        radius = choice.radius_km or filters.DEFAULT_RADIUS_KM
        choice = replace(
            choice, place=spot.name, latitude=spot.latitude, longitude=spot.longitude, radius_km=float(radius)
        )
    if wish.radius is not None and not choice.place:
        problems.append(Problem("radius", "braucht auch einen Ort: --place"))
    return choice if wish.radius is None else replace(choice, radius_km=wish.radius)


def said(choice: Choice | None) -> str:
    """Return a choice in words."""
    if choice is None:
        return "alles"
    words = {kind: word for word, kind in filters.KINDS.items()}
    near = f"bis {choice.radius_km:g} km um {choice.place}" if choice.radius_km is not None else ""
    parts = (
        ", ".join(words[kind] for kind in choice.kinds if kind in words),
        ", ".join(_AREAS.get(area, area) for area in choice.areas),
        near,
    )
    return "; ".join(part for part in parts if part)
