"""An entry of a file, and how its problems are told: with the entry's label, the line and the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.publishing.drafts import Date, Draft

MAX_PROBLEMS = 500  # listed; nobody mends more at a time


@dataclass(frozen=True, slots=True)
class Entry:
    """An opportunity or event as a file has it.

    `organisation` is the handle it is published under, `line` where the entry begins (from 1), `image_file` the image
    that is to be stored before the draft is applied. `label` ("opportunities[0] (lesepatin)") and `lines` (the line of
    each field) are for problems that show later. `dates` are its further dates.
    """

    organisation: str
    line: int
    draft: Draft
    image_file: Path | None = None
    label: str = ""
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    dates: tuple[Date, ...] = ()

    def located(self, problem: Problem) -> Problem:
        """Return a problem of a field of this entry with where it stands in the file."""
        return located(self.label, self.line, self.lines, problem)


def located(label: str, line: int, lines: Mapping[str, int], problem: Problem) -> Problem:
    """Put an entry's label and the line before a problem's field; `line` is that of the entry."""
    where = f"{label}, Zeile {line_of(problem.field, lines, line)}"
    return Problem(f"{where}: {problem.field}" if problem.field else where, problem.message)


def line_of(path: str, lines: Mapping[str, int], otherwise: int) -> int:
    """Return the line of a field; one that is missing is looked for where its parent stands."""
    while path not in lines and (cut := max(path.rfind("."), path.rfind("["))) > 0:
        path = path[:cut]
    return lines.get(path, otherwise)


def bounded(problems: Sequence[Problem]) -> list[Problem]:
    """Return the first `MAX_PROBLEMS`, and how many more there are."""
    rest = len(problems) - MAX_PROBLEMS
    more = [Problem("…", f"und {rest} weitere; bitte zuerst diese beheben")] if rest > 0 else []
    return [*problems[:MAX_PROBLEMS], *more]
