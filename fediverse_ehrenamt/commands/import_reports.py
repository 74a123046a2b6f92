"""A report of `import …` as text for people: fields go by the names that the forms of the desk give them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from fediverse_ehrenamt.bringing import showing
from fediverse_ehrenamt.imports import report
from fediverse_ehrenamt.imports.report import FieldChange, Line, Report
from fediverse_ehrenamt.imports.topics import Guess
from fediverse_ehrenamt.web import i18n

MOST_SHOWN: Final = 200  # lines of one kind; JSON has all
_WORDS: Final = i18n.language(i18n.DEFAULT)
_SIGNS: Final = {
    report.FAILED: "✗",
    report.PAST: "·",
    report.NEW: "+",
    report.CHANGED: "~",
    report.CONFIRMED: "~",
    report.VANISHED: "-",
    report.HELD: "!",
    report.KEPT: "=",
}


def text(found: Report) -> str:
    """Return what became of the entries, those that failed first, and how many there were of each kind."""
    if found.not_modified:
        return "Nichts Neues: die Quelle hat sich seit dem letzten Mal nicht geändert."
    blocks = ["\n".join(_block(what, lines)) for what in _SIGNS if (lines := found.of(what))]
    return "\n".join([*blocks, *(f"! {note}" for note in found.notes), found.summary()])


def note(said: str) -> str:
    """Return a note on an entry with the name of the field that it is about."""
    return showing.note(said, _WORDS)


def trouble(said: str) -> str:
    """Return what was wrong with an entry at the last run, its field by the name that the forms give it."""
    return showing.trouble(said, _WORDS)


def guesses(found: Iterable[Guess]) -> str:
    """Return what a machine read from words, and how sure it was: "Bereich: Umwelt (70%)"."""
    return "; ".join(f"{showing.guess(one, _WORDS)} ({one.confidence:.0%})" for one in found)


def _block(what: str, lines: Sequence[Line]) -> Iterator[str]:
    word = report.WORDS[what]
    for line in lines[:MOST_SHOWN]:
        named = ", ".join(part for part in (line.where, line.key or line.id) if part)
        title = f" „{line.title}“" if line.title else ""
        yield f"{_SIGNS[what]} {word}:{title} ({named})"
        for change in line.fields:
            yield f"    {_change(what, change)}"
        for said in line.notes:
            yield f"    {note(said)}"
        if line.understood:
            yield f"    von der Maschine verstanden: {guesses(line.understood)}"
    if len(lines) > MOST_SHOWN:
        yield f"  … und {len(lines) - MOST_SHOWN} weitere ({word}); alle mit --json"


def _change(what: str, change: FieldChange) -> str:
    return note(report.kept(change)) if what == report.KEPT else showing.change(change, _WORDS)
