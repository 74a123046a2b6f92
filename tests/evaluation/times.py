"""The time parser against wordings labelled by hand, each set apart, beside a plain look-up of keywords.

times.yaml says how independent of the parser each set is, and what the first runs gave: those are the honest figures.

Of cells: precision and recall over single cells, and the share of wordings with exactly the right ones. Of amounts and
of all other values: the share of wordings where value (or its absence) is right. Of confidence: how far from the share
of right readings it lies (`calibration_error`, expected over bins of a tenth, 0 is best).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fediverse_ehrenamt.understanding import times
from fediverse_ehrenamt.understanding.times import Times
from fediverse_ehrenamt.vocab.labels import DAYPART, WEEKDAY
from fediverse_ehrenamt.vocab.types import Effort

FILE = Path(__file__).with_name("times.yaml")
SETS = ("held_out", "tuning", "other_authors", "running_text")
_BINS = 10
_CLOSE = 0.01  # hours


@dataclass(frozen=True, slots=True)
class Labelled:
    """A wording and what a person reads in it."""

    text: str
    right: Times


def load(name: str) -> tuple[Labelled, ...]:
    """Read one of SETS."""
    return tuple(_labelled(row) for row in yaml.safe_load(FILE.read_text())[name])


def run() -> dict[str, float]:
    figures: dict[str, float] = {}
    for name in SETS:
        labelled = load(name)
        ours = [times.read(one.text) for one in labelled]
        figures |= {f"times_{name}_{key}": value for key, value in measure(labelled, ours).items()}
        plain = [keywords(one.text) for one in labelled]
        figures |= {f"times_{name}_keywords_{key}": value for key, value in _of_cells(labelled, plain).items()}
    return figures


def measure(labelled: Sequence[Labelled], read: Sequence[Times]) -> dict[str, float]:
    pairs = list(zip([one.right for one in labelled], read, strict=True))
    readings = [
        (found.confidence[name], same(name, right, found))
        for right, found in pairs
        for name in found.confidence
        if name != "months"
    ]
    amounts = [(right, found) for right, found in pairs if right.effort or found.effort]
    return _of_cells(labelled, read) | {
        "wordings": float(len(labelled)),
        "effort_accuracy": _share(same("effort", right, found) for right, found in amounts),
        "recurrence_accuracy": _share(same("recurrence", *pair) for pair in pairs),
        "flexible_accuracy": _share(same("flexible", *pair) for pair in pairs),
        "holidays_accuracy": _share(same("during_holidays", *pair) for pair in pairs),
        "duration_accuracy": _share(same("minimum_duration", *pair) for pair in pairs),
        "calibration_error": _calibration(readings),
        "mean_confidence": sum(sure for sure, _ in readings) / len(readings),
        "readings_right": _share(right for _, right in readings),
    }


def same(name: str, right: Times, found: Times) -> bool:
    """Say whether one field is as labelled."""
    if name == "effort":
        return _same_effort(right.effort, found.effort)
    one, other = getattr(right, name), getattr(found, name)
    return set(one) == set(other) if name == "cells" else one == other


def _same_effort(one: Effort | None, other: Effort | None) -> bool:
    if one is None or other is None:
        return one is other
    pairs = ((one.min_hours, other.min_hours), (one.max_hours, other.max_hours))
    return one.per == other.per and all(
        low is high or (low is not None and high is not None and abs(low - high) < _CLOSE) for low, high in pairs
    )


def _of_cells(labelled: Sequence[Labelled], read: Sequence[Times]) -> dict[str, float]:
    pairs = [(set(one.right.cells), set(found.cells)) for one, found in zip(labelled, read, strict=True)]
    hits = sum(len(right & found) for right, found in pairs)
    return {
        "cell_precision": hits / max(1, sum(len(found) for _, found in pairs)),
        "cell_recall": hits / max(1, sum(len(right) for right, _ in pairs)),
        "cells_exact": _share(right == found for right, found in pairs),
    }


def _share(right: Iterable[bool]) -> float:
    values = list(right)
    return sum(values) / len(values) if values else 1.0


def _calibration(readings: Sequence[tuple[float, bool]]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for sure, right in readings:
        bins.setdefault(min(int(sure * _BINS), _BINS - 1), []).append((sure, right))
    gaps = (abs(sum(sure - right for sure, right in one)) for one in bins.values())
    return sum(gaps) / len(readings)


# --- the labels -------------------------------------------------------------------------------------------------------
def _labelled(row: dict[str, Any]) -> Labelled:
    right = Times(
        cells=tuple(_cells(row.get("cells", ""))),
        effort=_effort(row.get("effort", "")),
        recurrence=row.get("rule", ""),
        flexible=row.get("flexible"),
        during_holidays=row.get("holidays"),
        minimum_duration=row.get("duration", ""),
        confidence={},
    )
    return Labelled(row["text"], right)


def _cells(text: str) -> Iterable[str]:
    days, parts = list(WEEKDAY), list(DAYPART)
    for group in filter(None, text.split("; ")):
        named, _, when = group.partition(" ")
        wanted = parts[:5] if when == "*" else when.split(",")
        for item in days if named == "alle" else named.split(","):
            first, _, last = item.partition("-")
            for day in days[days.index(first) : days.index(last or first) + 1]:
                yield from (f"{day}-{part}" for part in wanted)


def _effort(text: str) -> Effort | None:
    if not text:
        return None
    amount, per = text.split()
    low, dash, high = amount.partition("-")
    return Effort(
        min_hours=float(low) if low else None,
        max_hours=float(high) if high else None if dash else float(low),
        per="" if per == "?" else per,
    )


# --- what is to be beaten ---------------------------------------------------------------------------------------------
def keywords(text: str) -> Times:
    """Look for the names of weekdays and dayparts and nothing else."""
    words = text.lower()
    days = _named(words, {slug: name.lower() for slug, name in WEEKDAY.items()}.get, WEEKDAY)
    if "wochenende" in words:
        days += ["sa", "so"]
    parts = _named(words, {slug: slug.removesuffix("s") for slug in DAYPART}.get, DAYPART)
    if not days and not parts:
        return Times(confidence={})
    cells = {f"{day}-{part}" for day in days or WEEKDAY for part in parts or list(DAYPART)[:5]}
    return Times(cells=tuple(sorted(cells)), confidence={})


def _named(words: str, name: Callable[[str], str | None], slugs: Iterable[str]) -> list[str]:
    return [slug for slug in slugs if (name(slug) or slug) in words]
