"""Searching in five languages for offers in German: recall@10, with and without the optional extra."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tests.evaluation import collection, rankers
from tests.evaluation.rankers import Ranker
from tests.evaluation.ranking import Asked, Judge

FILE = Path(__file__).with_name("languages.yaml")
HALVES = ("tuning", "held_out")
_FIRST = 10


@dataclass(frozen=True, slots=True)
class Question(Asked):
    """What somebody typed, in a language (ISO 639)."""

    language: str


def run() -> dict[str, float]:
    """Return recall@10 by half and by language."""
    return collection.over_draws(_run)


def _run(draw: int) -> dict[str, float]:
    listed = collection.collect(draw)
    judge = Judge.of(listed)
    with TemporaryDirectory() as folder:
        index = rankers.engine(listed, Path(folder))
        figures = _figures("", judge, rankers.ours(index))
        index.meaning = rankers.meaning(listed, Path(folder))
        return figures | _figures("_with_extra", judge, rankers.ours(index))


def questions() -> list[Question]:
    """Return what was typed, the halves by turns."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [Question(row["asked"], dict.fromkeys(row["found"], 1), row["language"]) for row in rows]


def _figures(name: str, judge: Judge, ranker: Ranker) -> dict[str, float]:
    shares: defaultdict[str, list[float]] = defaultdict(list)
    for number, asked in enumerate(questions()):
        if not judge.best(asked):
            continue  # the draw has nothing that answers it
        share = judge.recall(asked, ranker(asked.text), _FIRST)
        for group in (HALVES[number % 2], asked.language):
            shares[group].append(share)
    return {f"languages_{group}_recall_at_10{name}": sum(some) / len(some) for group, some in shares.items()}
