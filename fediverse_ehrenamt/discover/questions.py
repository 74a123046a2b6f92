"""The few questions of the profile as a form: four everybody sees, the rest to open. Pure.

Every answer there is comes from the lists that matching reads it with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.matching import week
from fediverse_ehrenamt.matching.params import HOURS_PER, IMPORTANCE, MAX_CHARACTERS, MAX_PARAMS, YES
from fediverse_ehrenamt.matching.profile import (
    AGES,
    AUDIENCES,
    DEFAULT_RADIUS_KM,
    GERMAN,
    NEEDS,
    ONLINE,
    RADII_KM,
)
from fediverse_ehrenamt.matching.weights import CRITERIA, LEVEL_LABELS, NORMAL, TEXT
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web.i18n import Language

_RADII = {str(radius): f"{radius} km" for radius in RADII_KM}
_OPEN = {"": "egal"}


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `name` in the form, German `label` and `help`, `widget` checks, select, text, week or tick.

    `choices` are values with German labels; those of a "select" begin with what it means to choose nothing.
    """

    name: str
    label: str
    widget: str
    choices: Mapping[str, str] | None = None
    help: str = ""


AREAS: Final = Question("bereich", "Was interessiert Sie?", "checks", labels.AREA_SHORT)
WEEK: Final = Question("zeit", "Wann haben Sie Zeit?", "week", help="Lassen Sie alles frei, wenn es Ihnen egal ist.")
PLACE: Final = Question("ort", "Ort oder Postleitzahl", "text", help="Zum Beispiel „Hagen“ oder „58095“.")
RADIUS: Final = Question("umkreis", "Umkreis", "select", _RADII)
FROM_HOME: Final = Question("online", "Auch online, von zu Hause?", "select", _OPEN | ONLINE)
HOURS: Final = Question("stunden", "Höchstens so viele Stunden", "text", help="Zum Beispiel „2“ oder „2,5“.")
PER: Final = Question("je", "Die Stunden gelten", "select", HOURS_PER)
DURATION: Final = Question(
    "dauer", "Wie lange würden Sie sich höchstens binden?", "select", _OPEN | labels.MINIMUM_DURATION
)
MORE: Final = (
    Question("taetigkeit", "Was möchten Sie tun?", "checks", labels.ACTIVITY),
    Question("zielgruppe", "Für wen?", "checks", AUDIENCES),
    Question("art", "Welche Art von Engagement?", "checks", labels.KIND),
    Question("deutsch", "Wie gut sprechen Sie Deutsch?", "select", {"": "keine Angabe"} | GERMAN),
    Question(
        "sprachen",
        "Weitere Sprachen",
        "text",
        help="Als Kürzel, zum Beispiel „uk, ar, tr“ für Ukrainisch, Arabisch, Türkisch.",
    ),
    Question("koennen", "Was können Sie gut?", "text", help="Zum Beispiel „Führerschein, Gitarre, Excel“."),
)
NEED: Final = (
    Question("bedarf", "Was brauchen Sie?", "checks", NEEDS),
    Question("alter", "Wie alt sind Sie?", "select", {"": "keine Angabe"} | AGES),
    Question("zeugnis", "Ich möchte kein Führungszeugnis vorlegen.", "tick", {YES: ""}),
)
CONSENT: Final = Question("merken", "Auch diese Angaben merken, bis ich den Browser schließe.", "tick", {YES: ""})
IMPORTANT: Final = tuple(
    Question(IMPORTANCE + criterion.slug, criterion.label, "select", LEVEL_LABELS)
    for number, criterion in enumerate(CRITERIA)
    if number != TEXT
)
ALL: Final = (AREAS, WEEK, PLACE, RADIUS, FROM_HOME, HOURS, PER, DURATION, *MORE, *NEED, CONSENT, *IMPORTANT)
_USUAL = {"umkreis": str(DEFAULT_RADIUS_KM), "je": "woche"} | {question.name: NORMAL for question in IMPORTANT}


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with what was answered, right or wrong, and what is wrong with it."""

    question: Question
    typed: tuple[str, ...] = ()
    problem: str = ""

    @property
    def value(self) -> str:
        return self.typed[0] if self.typed else _USUAL.get(self.question.name, "")


@dataclass(frozen=True, slots=True)
class Form:
    """The questions with their answers, by name."""

    answers: Mapping[str, Answer]

    def __getitem__(self, name: str) -> Answer:
        return self.answers[name]

    @property
    def more(self) -> tuple[Answer, ...]:
        return self._of(MORE)

    @property
    def need(self) -> tuple[Answer, ...]:
        return self._of(NEED)

    @property
    def important(self) -> tuple[Answer, ...]:
        return self._of(IMPORTANT)

    @property
    def wrong(self) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers.values() if answer.problem)

    @staticmethod
    def opened(answers: Iterable[Answer]) -> bool:
        """Whether one of these is answered or wrong, so that their part is to be shown open."""
        return any(answer.typed or answer.problem for answer in answers)

    def _of(self, questions: Iterable[Question]) -> tuple[Answer, ...]:
        return tuple(self.answers[question.name] for question in questions)


def form(typed: Iterable[tuple[str, str]], problems: Iterable[Problem] = ()) -> Form:
    """Return the form with what somebody answered; unknown fields are left out."""
    wrong = {problem.field: problem.message for problem in problems}
    wrong.setdefault(IMPORTANT[0].name, wrong.get("gewicht", ""))
    values: dict[str, list[str]] = {}
    for _, (name, value) in zip(range(MAX_PARAMS), typed, strict=False):
        if value.strip():
            values.setdefault(name, []).append(value[: 2 * MAX_CHARACTERS])
    return Form({one.name: Answer(one, tuple(values.get(one.name, ())), wrong.get(one.name, "")) for one in ALL})


@dataclass(frozen=True, slots=True)
class Column:
    """A part of the day in the table of the week: "vormittags", "9–12"."""

    slug: str
    name: str
    hours: str


def columns(words: Language) -> tuple[Column, ...]:
    """Return the parts of a day, their hours taken out of the labels that they have everywhere."""
    found = []
    for slug in week.PARTS:
        name, _, hours = words.gettext(labels.DAYPART[slug]).partition(" (")
        found.append(Column(slug, name, hours.rstrip(")").removesuffix(" Uhr")))
    return tuple(found)


def rows(words: Language) -> tuple[tuple[str, str, str], ...]:
    """Return the days of the week: slug, name, and a name short enough for the head of a row."""
    return tuple((slug, words.gettext(labels.WEEKDAY[slug]), words.short_day(at)) for at, slug in enumerate(week.DAYS))
