"""What an import does or would do, entry by entry, and all of it for programs as JSON."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from fediverse_ehrenamt.imports.topics import Guess
from fediverse_ehrenamt.kit.errors import EhrenamtError, Invalid, Problem
from fediverse_ehrenamt.kit.sentences import Sentence, sentence

NEW, CHANGED, CONFIRMED, UNCHANGED = "new", "changed", "confirmed", "unchanged"
VANISHED, HELD, KEPT, FAILED, PAST = "vanished", "held", "kept", "failed", "past"

WORDS = {
    NEW: "neu",
    CHANGED: "geändert",
    CONFIRMED: "bestätigt",
    UNCHANGED: "unverändert",
    VANISHED: "verschwunden",
    HELD: "verschwunden, aber behalten",
    KEPT: "hier geändert",
    FAILED: "fehlerhaft",
    PAST: "vorbei",
}
OF_FIELD: Final = "%(field)s: %(problem)s"
"""What is wrong with a field; its name is that of a file (`publishing`)."""
OF_ENTRY: Final = "%(where)s: %(note)s"
"""What is wrong with an entry, and where it stands."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of an entry with what it was and what it becomes; of one changed here, `after` is the source's."""

    field: str
    before: str
    after: str


def said(problem: Problem) -> Sentence:
    """Return what is wrong with a field as a sentence that names the field."""
    message = problem.message
    if not isinstance(message, Sentence):
        message = sentence(message.replace("%", "%%"))
    return sentence(OF_FIELD, field=problem.field, problem=message)


def placed(line: "Line") -> list[Sentence]:
    """Return what is said of an entry, each with its place."""
    return [sentence(OF_ENTRY, where=line.where, note=note) for note in line.notes]


def kept(change: FieldChange) -> Sentence:
    """Return what was changed here, and what the source says of it."""
    return sentence(
        "hier geändert: %(field)s („%(here)s“); Quelle sagt „%(there)s“",
        field=change.field,
        here=change.before,
        there=change.after,
    )


def notes_of(error: EhrenamtError) -> tuple[str, ...]:
    """Return why an entry was not taken."""
    return tuple(map(said, error.problems)) if isinstance(error, Invalid) else (error.public,)


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one entry; `where` is its place in the file, `id` the source's own, `key` ours."""

    what: str
    where: str = ""
    id: str = ""
    key: str = ""
    title: str = ""
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()
    understood: tuple[Guess, ...] = ()


@dataclass(slots=True)
class Report:
    """The lines of one run; those of entries that stay as they are, or are over, are counted alone.

    Of what is over by a machine's reading there are lines with a note, so that somebody can contradict.
    """

    lines: list[Line] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    not_modified: bool = False

    def add(self, line: Line) -> None:
        self.counts[line.what] += 1
        if line.what not in {UNCHANGED, PAST} or line.notes:
            self.lines.append(line)

    def of(self, what: str) -> list[Line]:
        return [line for line in self.lines if line.what == what]

    def json(self, **more: object) -> Mapping[str, object]:
        counts = {what: self.counts[what] for what in WORDS}
        entries = [_entry(line) for line in self.lines]
        return {**more, "counts": counts, "notes": self.notes, "notModified": self.not_modified, "entries": entries}

    def summary(self) -> str:
        said = [f"{self.counts[what]} {word}" for what, word in WORDS.items() if self.counts[what]]
        return f"Zusammen: {', '.join(said) or 'kein Eintrag'}."


def _entry(line: Line) -> Mapping[str, object]:
    guesses = [f"{one.field} = {one.value} ({one.confidence:.0%})" for one in line.understood]
    return {**asdict(line), "understood": guesses}
