"""Everyday questions, judged against labels by hand: precision and recall of the filters that are understood."""

from datetime import date
from pathlib import Path

import yaml

from fediverse_ehrenamt.understanding.questions import understand

FILE = Path(__file__).with_name("questions.yaml")
HALVES = ("tuning", "held_out")
TODAY = date(2026, 11, 25)


def run() -> dict[str, float]:
    """Return the figures of both halves; `exact` is the share of questions of which all is understood and no more."""
    halves = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    figures: dict[str, float] = {}
    for half in HALVES:
        pairs = [(set(row["means"]), understood(row["asked"])) for row in halves[half]]
        hits = sum(len(right & found) for right, found in pairs)
        figures |= {
            f"questions_{half}_precision": hits / max(1, sum(len(found) for _, found in pairs)),
            f"questions_{half}_recall": hits / max(1, sum(len(right) for right, _ in pairs)),
            f"questions_{half}_exact": sum(right == found for right, found in pairs) / len(pairs),
        }
    return figures


def understood(text: str) -> set[str]:
    """Return the filters that a question is understood as: "zeit=sa"."""
    return {f"{name}={value}" for part in understand(text, TODAY).parts for name, value in part.pairs}
