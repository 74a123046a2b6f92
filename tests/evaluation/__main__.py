"""`python -m tests.evaluation [PART]`: judges what there is to judge, prints a table, and writes build/eval.json.

Figures are no tests: they say how good something is, `make test` says whether it works.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests.evaluation import duplicates, exposure, gates, languages, questions, search, times

PARTS: dict[str, Callable[[], dict[str, float]]] = {
    "search": search.run,
    "languages": languages.run,
    "questions": questions.run,
    "times": times.run,
    "duplicates": duplicates.run,
    "gates": gates.run,
    "exposure": exposure.run,
}
FILE = Path("build/eval.json")


def main(asked: list[str]) -> None:
    """Run the parts asked for, or all, and show and keep their figures."""
    unknown = [name for name in asked if name not in PARTS]
    if unknown:
        sys.exit(f"„{unknown[0]}“ gibt es nicht; möglich: {', '.join(PARTS)}")
    figures: dict[str, float] = json.loads(FILE.read_text()) if asked and FILE.exists() else {}
    for name in asked or PARTS:
        figures |= {key: round(value, 4) for key, value in PARTS[name]().items()}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(figures, indent=2) + "\n")
    width = max(map(len, figures))
    print("\n".join(f"{key:{width}}  {value:8.3f}" for key, value in figures.items()))  # noqa: T201 - its purpose


if __name__ == "__main__":
    main(sys.argv[1:])
