"""What of a source is wanted: the form of it, read into a `Choice`, and a choice in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fediverse_ehrenamt.federation import chosen
from fediverse_ehrenamt.federation.chosen import Choice
from fediverse_ehrenamt.kit import sentences
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.search import filters
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.web.forms import Fields
from fediverse_ehrenamt.web.i18n import Language

AREA, KIND, PLACE, RADIUS, TRUST = "bereich", "art", "ort", "umkreis", "vertrauen"
_LONGEST_PLACE = 100
_RADII = (1.0, 1_000.0)  # kilometres


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it stands: what was typed or chosen before, and what is `wrong`, by the names of its fields."""

    areas: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    place: str = ""
    radius: str = ""
    trust: str = chosen.DIRECT
    wrong: dict[str, str] = field(default_factory=dict)
    choice: Choice = field(default_factory=Choice)


def of(choice: Choice | None, trust: str) -> Filled:
    """Return the form with what is chosen now."""
    now = choice or Choice()
    radius = f"{now.radius_km:g}" if now.radius_km is not None else ""
    return Filled(frozenset(now.areas), frozenset(now.kinds), now.place, radius, trust, choice=now)


def read(fields: Fields, words: Language) -> Filled:
    """Read the form; what is unknown in a list is left out, for no page of ours has sent it."""
    said = dict(reversed(fields))
    areas = tuple(slug for slug, _label in filters.AREAS if (AREA, slug) in fields)
    kinds = tuple(kind for kind in filters.KINDS.values() if (KIND, kind) in fields)
    place, radius = said.get(PLACE, "").strip()[:_LONGEST_PLACE], said.get(RADIUS, "").strip()
    trust = said.get(TRUST, "")
    wrong: dict[str, str] = {}
    choice = Choice(areas=areas, kinds=kinds)
    kilometres = _kilometres(radius)
    if kilometres is None:
        wrong[RADIUS] = words.gettext(
            "Das ist keine Entfernung; richtig wäre eine Zahl von 1 bis 1000, zum Beispiel 20."
        )
    spot = gazetteer.find(place, at_home=True) if place else None
    if place and spot is None:
        wrong[PLACE] = words.gettext(gazetteer.unknown(place))
    elif radius and not place:
        wrong[PLACE] = words.gettext("Zu einer Entfernung gehört ein Ort; richtig wäre zum Beispiel 58095 Hagen.")
    if spot is not None and kilometres is not None:
        choice = Choice(areas, kinds, spot.name, spot.latitude, spot.longitude, kilometres)
    known = trust if trust in chosen.TRUST else chosen.DIRECT
    return Filled(frozenset(areas), frozenset(kinds), place, radius, known, wrong, choice)


def _kilometres(said: str) -> float | None:
    """Read a distance, the usual one for none, None for what is no distance."""
    if not said:
        return float(filters.DEFAULT_RADIUS_KM)
    try:
        value = float(said.replace(",", "."))
    except ValueError:
        return None
    return value if _RADII[0] <= value <= _RADII[1] else None


def choices(words: Language) -> dict[str, Sequence[tuple[str, str]]]:
    """Return what the lists of the form offer, as pairs of value and words."""
    return {
        "areas": [(slug, words.gettext(label)) for slug, label in filters.AREAS],
        "kinds": [(kind, words.gettext(labels.DOCUMENT_KIND[kind])) for kind in filters.KINDS.values()],
        "trusts": [
            (chosen.DIRECT, words.gettext("Gleich in den Index: Das ist für Schwesterinstanzen und Bekannte üblich.")),
            (chosen.REVIEW, words.gettext("Erst nach Prüfung: Jemand von der Koordination sieht alles vorher.")),
        ],
    }


def said(choice: Choice | None, words: Language) -> str:
    """Return a choice in words."""
    return words.gettext(_noted(choice, words))


def noted(choice: Choice | None) -> str:
    """Return a choice as the log keeps it: to be said in any language."""
    return _noted(choice, i18n.language(i18n.DEFAULT))


def _noted(choice: Choice | None, words: Language) -> str:
    if choice is None:
        return sentence("alles")
    names = dict(filters.AREAS)
    kinds = [sentence(labels.DOCUMENT_KIND[kind]) for kind in choice.kinds if kind in labels.DOCUMENT_KIND]
    near = ""
    if choice.radius_km is not None:
        distance = words.distance(choice.radius_km)
        near = sentence("bis %(distance)s um %(place)s", distance=distance, place=choice.place)
    areas = [sentence(names[area]) if area in names else area for area in choice.areas]
    return sentences.joined((sentences.joined(kinds, ", "), sentences.joined(areas, ", "), near), "; ")
