"""Search, judged by what people type: nDCG@10 and recall@20, beside plain BM25 and the order by date."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tests.evaluation import collection, rankers
from tests.evaluation.rankers import Ranker
from tests.evaluation.ranking import Asked, Judge

FILE = Path(__file__).with_name("search.yaml")
SETS = ("tuning", "held_out")
_FIRST, _SEEN = 10, 20


def run() -> dict[str, float]:
    """Return the figures of each ranker, of each set of searches."""
    return collection.over_draws(_run)


def _run(draw: int) -> dict[str, float]:
    listed = collection.collect(draw)
    judge, asked = Judge.of(listed), questions()
    figures: dict[str, float] = {"search_documents": len(listed)}
    with TemporaryDirectory() as folder:
        index = rankers.engine(listed, Path(folder))
        others = {
            "_by_date": rankers.by_date(index),
            "_bm25": rankers.bm25(listed),
            "_bm25_stemmed": rankers.bm25(listed, stemmer="german"),
        }
        for name, ranker in {"": rankers.ours(index), **others}.items():
            for part in SETS:
                figures |= measure(f"search_{part}", name, judge, asked[part], ranker)
        index.meaning = rankers.meaning(listed, Path(folder))
        for part in SETS:
            figures |= measure(f"search_{part}", "_with_extra", judge, asked[part], rankers.ours(index))
    return figures


def questions() -> dict[str, list[Asked]]:
    """Return what was typed, by set."""
    sets = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: [_asked(row) for row in sets[name]] for name in SETS}


def _asked(row: dict[Any, Any]) -> Asked:
    return Asked(row["asked"], {unit: grade for grade in (1, 2) for unit in row.get(grade, ())})


def measure(part: str, name: str, judge: Judge, asked: list[Asked], ranker: Ranker) -> dict[str, float]:
    """Return the means over the searches that can be answered, and the share of those that find nothing at all."""
    found = [(one, ranker(one.text)) for one in asked if judge.best(one)]
    return {
        f"{part}_ndcg_at_10{name}": sum(judge.ndcg(one, ranked, _FIRST) for one, ranked in found) / len(found),
        f"{part}_recall_at_20{name}": sum(judge.recall(one, ranked, _SEEN) for one, ranked in found) / len(found),
        f"{part}_empty{name}": sum(not ranked for _, ranked in found) / len(found),
    }
