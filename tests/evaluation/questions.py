"""Everyday questions, judged against labels by hand: precision and recall of the filters that are understood."""

from datetime import date
from pathlib import Path

import yaml

from fediverse_ehrenamt.understanding.questions import understand

FILE = Path(__file__).with_name("questions.yaml")
SETS = ("tuning", "held_out")
TODAY = date(2026, 11, 25)


def run() -> dict[str, float]:
    """Return the figures of both sets; `exact` is the share of questions of which all is understood and no more."""
    sets = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    figures: dict[str, float] = {}
    for name in SETS:
        pairs = [(set(row["means"]), understood(row["asked"])) for row in sets[name]]
        hits = sum(len(right & found) for right, found in pairs)
        figures |= {
            f"questions_{name}_precision": hits / max(1, sum(len(found) for _, found in pairs)),
            f"questions_{name}_recall": hits / max(1, sum(len(right) for right, _ in pairs)),
            f"questions_{name}_exact": sum(right == found for right, found in pairs) / len(pairs),
        }
    return figures


def understood(text: str) -> set[str]:
    """Return the filters that a question is understood as: "zeit=sa"."""
    return {f"{name}={value}" for part in understand(text, TODAY).parts for name, value in part.pairs}
