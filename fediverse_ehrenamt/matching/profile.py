"""Profile: what a person may say of themselves in a few questions, and the answers there are. Nothing must be said.

It stays with the person: it is never federated, never shown to organisations, and nobody is ranked by it. Pure.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from fediverse_ehrenamt.vocab import labels

RADII_KM: Final = (2, 5, 10, 20, 50, 100)
DEFAULT_RADIUS_KM: Final = 20

NOT_ONLINE, ONLY_ONLINE = "nein", "nur"
ONLINE: Final = {"auch": "gern auch", NOT_ONLINE: "nein, nur vor Ort", ONLY_ONLINE: "nur online"}

NO_GERMAN = "kein"
GERMAN: Final = {
    NO_GERMAN: "Noch kein Deutsch",
    "a1": "Einzelne Wörter und Sätze (A1)",
    "a2": "Einfache Gespräche (A2)",
    "b1": "Gespräche im Alltag (B1)",
    "b2": "Fließend (B2)",
    "c1": "Sehr gut oder Muttersprache (C1)",
}

AGES: Final = {
    "u14": "Unter 14 Jahre",
    "14_15": "14 oder 15 Jahre",
    "16_17": "16 oder 17 Jahre",
    "ab_18": "Ab 18 Jahre",
}
YOUNGEST: Final = {"u14": 0, "14_15": 14, "16_17": 16}
"""The lowest age that somebody under age may have, by band: only that much is sure (fail closed)."""
OF_AGE: Final = 18

# A band is asked for, not a date of birth; "alle" is no wish, and what is unknown is no need.
AUDIENCES: Final = {slug: label for slug, label in labels.AUDIENCE.items() if slug != "alle"}
NEEDS: Final = {
    slug: label for slug, label in labels.ACCESSIBILITY.items() if slug not in {"nicht_barrierefrei", "unbekannt"}
}
OF_BUILDINGS: Final = frozenset(
    {"stufenlos", "rollstuhl_wc", "aufzug", "leitsystem", "induktionsschleife", "ruhiger_ort", "assistenzhund",
     "sitzend_moeglich"}
)  # fmt: skip
"""Needs that a task at one's own computer meets by itself."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a person is and how far they would go: WGS 84 degrees, kilometres above 0.

    `place` is what was typed, `municipality` the place's name as `places.gazetteer.fold` gives it. `in_search` says
    that the search may fill it in.
    """

    place: str
    latitude: float
    longitude: float
    radius_km: int = DEFAULT_RADIUS_KM
    municipality: str = ""
    in_search: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person's answers; what is empty was not answered and neither counts nor excludes.

    `cells` is a mask of `week`. `online` is a key of ONLINE. `hours` is the most a person wants to give, `hours_per`
    woche, monat or einmalig. `commitment` is the longest minimum duration they would agree to. `german_level` is a key
    of GERMAN, `languages` further ones (BCP 47). `needs` are keys of NEEDS, `age` of AGES. `levels` says how much a
    criterion counts for them, by its slug, as a key of `weights.LEVELS`. `remember_needs` is the explicit consent
    to keep what is sensitive: needs, age, and the wish for no certificate of conduct.
    """

    areas: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    cells: int = 0
    where: Where | None = None
    online: str = ""
    hours: float | None = None
    hours_per: str = "woche"
    commitment: str = ""
    german_level: str = ""
    languages: frozenset[str] = frozenset()
    skills: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    age: str = ""
    no_clearance: bool = False
    levels: tuple[tuple[str, str], ...] = field(default=())
    remember_needs: bool = False

    @property
    def minor(self) -> bool:
        return self.age in YOUNGEST

    @property
    def sensitive(self) -> bool:
        """Whether there is something in it that needs an explicit consent to be kept (Art. 9 DSGVO, and age)."""
        return bool(self.needs or self.age or self.no_clearance)

    def kept(self) -> "Profile":
        """Return what may be kept: without the tick nothing that is sensitive."""
        return self if self.remember_needs else replace(self, needs=frozenset(), age="", no_clearance=False)
