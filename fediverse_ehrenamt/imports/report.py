"""What an import does or would do, entry by entry: for people as text, for programs as JSON."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

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
_SIGNS = {NEW: "+", CHANGED: "~", CONFIRMED: "~", VANISHED: "-", HELD: "!", KEPT: "=", FAILED: "✗", PAST: "·"}
OF_FIELD: Final = "%(field)s: %(problem)s"
"""What is wrong with a field; its name is that of a file (`publishing`)."""
MOST_SHOWN = 200  # lines of one kind as text; JSON has all


def said(problem: Problem) -> Sentence:
    """Return what is wrong with a field as a sentence that names the field."""
    message = problem.message
    if not isinstance(message, Sentence):
        message = sentence(message.replace("%", "%%"))
    return sentence(OF_FIELD, field=problem.field, problem=message)


def notes_of(error: EhrenamtError) -> tuple[str, ...]:
    """Return why an entry was not taken."""
    return tuple(map(said, error.problems)) if isinstance(error, Invalid) else (error.public,)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of an entry with what it was and what it becomes; of one changed here, `after` is the source's."""

    field: str
    before: str
    after: str


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
    understood: tuple[str, ...] = ()


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
        entries = [asdict(line) for line in self.lines]
        return {**more, "counts": counts, "notes": self.notes, "notModified": self.not_modified, "entries": entries}

    def text(self) -> str:
        if self.not_modified:
            return "Nichts Neues: die Quelle hat sich seit dem letzten Mal nicht geändert."
        listed = (what for what in (FAILED, PAST, NEW, CHANGED, CONFIRMED, VANISHED, HELD, KEPT) if self.of(what))
        blocks = ["\n".join(_block(what, self.of(what))) for what in listed]
        return "\n".join([*blocks, *(f"! {note}" for note in self.notes), self.summary()])

    def summary(self) -> str:
        said = [f"{self.counts[what]} {word}" for what, word in WORDS.items() if self.counts[what]]
        return f"Zusammen: {', '.join(said) or 'kein Eintrag'}."


def _block(what: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines[:MOST_SHOWN]:
        named = ", ".join(part for part in (line.where, line.key or line.id) if part)
        title = f" „{line.title}“" if line.title else ""
        yield f"{_SIGNS[what]} {WORDS[what]}:{title} ({named})"
        for change in line.fields:
            yield f"    {_change(what, change)}"
        for note in line.notes:
            yield f"    {note}"
        if line.understood:
            yield f"    von der Maschine verstanden: {'; '.join(line.understood)}"
    if len(lines) > MOST_SHOWN:
        yield f"  … und {len(lines) - MOST_SHOWN} weitere ({WORDS[what]}); alle mit --json"


def _change(what: str, change: FieldChange) -> str:
    if what == KEPT:
        return f"hier geändert: {change.field} („{change.before}“); Quelle sagt „{change.after}“"
    return f"{change.field}: „{change.before}“ → „{change.after}“"
