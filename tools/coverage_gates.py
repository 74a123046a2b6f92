"""Hold the measured coverage against its floors; one line for each group, the missing lines where one falls short.

`python tools/coverage_gates.py build/coverage.json` ends with 1 if a floor is missed. Branches are counted by
themselves as well, so that many straight lines don't hide an untried way out.
"""

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MISSING_FILES_SHOWN = 8
_MISSING_RANGES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Floor:
    """Files whose path matches `pattern` must reach `percent`, in lines and branches together and in branches alone."""

    name: str
    pattern: str
    percent: float


FLOORS = (
    Floor("vocab", r"^fediverse_ehrenamt/vocab/", 95),
    Floor("federation", r"^fediverse_ehrenamt/federation/", 95),
    Floor("jobs", r"^fediverse_ehrenamt/jobs/", 95),
    Floor("rules.py", r"/rules\.py$", 95),
    Floor("alles", r"", 90),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far one group got: percentages, and the lines not run or left in one direction only, by file."""

    floor: Floor
    together: float
    branches: float
    missing: dict[str, list[int]]

    @property
    def kept(self) -> bool:
        return min(self.together, self.branches) >= self.floor.percent


def judge(report: dict[str, Any], floor: Floor) -> Verdict:
    """Measure one group in a report of `coverage json`; a group without files has failed, its pattern being wrong."""
    files = {path: found for path, found in report["files"].items() if re.search(floor.pattern, path)}
    totals = [found["summary"] for found in files.values()]

    def percent(*parts: str) -> float:
        covered = sum(total[f"covered_{part}"] for total in totals for part in parts)
        whole = sum(total[f"num_{part.replace('lines', 'statements')}"] for total in totals for part in parts)
        return 100.0 * covered / whole if whole else 100.0

    if not files:
        return Verdict(floor, 0.0, 0.0, {})
    missing = {
        path: sorted({*found["missing_lines"], *(source for source, _ in found["missing_branches"])})
        for path, found in files.items()
        if found["missing_lines"] or found["missing_branches"]
    }
    return Verdict(floor, percent("lines", "branches"), percent("branches"), missing)


def ranges(lines: list[int]) -> str:
    """Write sorted line numbers as ranges, "3–5, 9", cut off where they grow many."""
    found: list[list[int]] = []
    for line in lines:
        if found and line == found[-1][-1] + 1:
            found[-1].append(line)
        else:
            found.append([line])
    shown = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in found]
    return ", ".join([*shown[:_MISSING_RANGES_SHOWN], *(["…"] if len(shown) > _MISSING_RANGES_SHOWN else [])])


def main(path: Path) -> int:
    """Print all verdicts; return the exit code."""
    report = json.loads(path.read_text(encoding="utf-8"))
    verdicts = [judge(report, floor) for floor in FLOORS]
    for verdict in verdicts:
        sign = "✓" if verdict.kept else "✗"
        sys.stdout.write(
            f"{sign} Abdeckung {verdict.floor.name:<11}{verdict.together:5.1f} %, Zweige {verdict.branches:5.1f} %"
            f" (mindestens {verdict.floor.percent:g} %)\n"
        )
        worst = sorted(verdict.missing.items(), key=lambda entry: -len(entry[1]))
        for file, lines in [] if verdict.kept else worst[:_MISSING_FILES_SHOWN]:
            sys.stdout.write(f"    {file}: {ranges(lines)}\n")
    return 0 if all(verdict.kept for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
