"""What counts how much: the criteria of the score with their weights, of an instance and of a person. Pure.

These constants are what the score uses and what the page about it shows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

LEAST, MOST = 0.0, 3.0


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that counts: its `slug` in settings and URLs, its German name, its usual weight and how it is judged.

    `label` and `judged` are translated where they are shown.
    """

    slug: str
    label: str
    weight: float
    judged: str


AREAS, ACTIVITIES, TIME, DISTANCE, SKILLS, EFFORT, AUDIENCES, LANGUAGE, KIND, NEEDS, TEXT = range(11)
"""The place of each criterion among CRITERIA and in `Weights.values`."""

CRITERIA: Final = (
    Criterion(
        "bereich",
        "Bereich",
        1.5,
        "Passt einer Ihrer Bereiche, gibt es die Hälfte, dazu von der anderen Hälfte den Anteil Ihrer Bereiche, die "
        "passen.",
    ),
    Criterion("taetigkeit", "Tätigkeit", 1.5, "Wie beim Bereich."),
    Criterion(
        "zeit",
        "Zeit",
        1.2,
        "Der Anteil der Zeiten des Angebots, an denen Sie können. Zeiten nach Absprache: %(flexible)s %%.",
    ),
    Criterion(
        "naehe",
        "Nähe",
        1.0,
        "Je näher, desto besser: am Rand Ihres Umkreises 0 %%. Online: %(online)s %%. Überall in Ihrer Gemeinde: "
        "%(area_wide)s %%.",
    ),
    Criterion(
        "faehigkeiten",
        "Fähigkeiten",
        1.0,
        "Fehlt Ihnen etwas, das nötig ist, 0 %%; sonst der Anteil des Gewünschten, den Sie mitbringen.",
    ),
    Criterion(
        "umfang",
        "Umfang und Dauer",
        0.8,
        "Voll, wenn das Angebot nicht mehr Stunden und keine längere Bindung verlangt, als Sie möchten; beim Doppelten "
        "0 %%.",
    ),
    Criterion("zielgruppe", "Zielgruppe", 0.8, "Wie beim Bereich. Angebote für alle Menschen passen immer."),
    Criterion(
        "sprache",
        "Sprache",
        0.6,
        "Reicht Ihr Deutsch, voll; fehlt eine Stufe, die Hälfte; sonst 0 %%. Eine weitere gemeinsame Sprache bringt "
        "mindestens die Hälfte.",
    ),
    Criterion("art", "Art", 0.6, "Wie beim Bereich."),
    Criterion(
        "bedarf",
        "Ihr Bedarf",
        1.0,
        "Voll, wenn das Angebot ausdrücklich sagt, dass es Ihren Bedarf an Barrierefreiheit erfüllt oder kein "
        "Führungszeugnis verlangt.",
    ),
    Criterion("suchtext", "Suchwort", 1.0, "Wie gut Ihre Suchwörter passen, im Vergleich zum besten Treffer."),
)
SLUGS: Final = tuple(criterion.slug for criterion in CRITERIA)

NORMAL = "normal"
LEVELS: Final[Mapping[str, float]] = {"egal": 0.0, "wenig": 0.5, NORMAL: 1.0, "sehr": 2.0}
"""How a person says what counts for them: a factor of the instance's weight."""
LEVEL_LABELS: Final[Mapping[str, str]] = {
    "egal": "egal",
    "wenig": "weniger wichtig",
    NORMAL: "normal",
    "sehr": "sehr wichtig",
}


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight for each of CRITERIA, in their order, from 0 (does not count) to 3."""

    values: tuple[float, ...] = tuple(criterion.weight for criterion in CRITERIA)

    @classmethod
    def of(cls, changed: Iterable[tuple[str, float]]) -> "Weights":
        """Return the usual weights but for those `changed`, given by slug; they are kept within 0 and 3."""
        given = dict(changed)
        return cls(
            tuple(min(max(given.get(one.slug, one.weight), LEAST), MOST) for one in CRITERIA),
        )

    def personal(self, levels: Iterable[tuple[str, str]]) -> "Weights":
        """Return these weights as a person changed them by `levels` (slug, key of LEVELS)."""
        factors = {slug: LEVELS.get(level, 1.0) for slug, level in levels}
        pairs = zip(SLUGS, self.values, strict=True)
        return Weights(tuple(min(value * factors.get(slug, 1.0), MOST) for slug, value in pairs))
