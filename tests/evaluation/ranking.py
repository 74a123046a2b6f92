"""How good an order is: nDCG (Järvelin and Kekäläinen 2002, gain 2^grade - 1) and recall, over graded Documents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from tests.evaluation.collection import Listed


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, and the grades (1 or 2) of the units that answer it."""

    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Judge:
    """Grades Documents by their units."""

    listed: Mapping[str, Listed]

    @classmethod
    def of(cls, listed: Iterable[Listed]) -> "Judge":
        return cls({one.document.uri: one for one in listed})

    def gains(self, asked: Asked, ranked: Iterable[str]) -> list[int]:
        """Return the grades in an order, without the noise that is right by its title only."""
        found = [self.listed[uri] for uri in ranked]
        return [0 if one.noise else asked.grades.get(one.unit, 0) for one in found if not self._unsure(asked, one)]

    def best(self, asked: Asked) -> list[int]:
        """Return the grades of all that answers it, in the best order there is."""
        graded = (asked.grades.get(one.unit, 0) for one in self.listed.values() if not one.noise)
        return sorted(filter(None, graded), reverse=True)

    def ndcg(self, asked: Asked, ranked: Sequence[str], depth: int = 10) -> float:
        """Return nDCG at a depth: 1 for the best order there is, 0 where nothing right is found."""
        return _dcg(self.gains(asked, ranked)[:depth]) / _dcg(self.best(asked)[:depth])

    def recall(self, asked: Asked, ranked: Sequence[str], depth: int) -> float:
        """Return the share of all right ones, but of no more than fit, among the first ones."""
        found = sum(grade > 0 for grade in self.gains(asked, ranked)[:depth])
        return found / min(depth, len(self.best(asked)))

    @staticmethod
    def _unsure(asked: Asked, one: Listed) -> bool:
        return one.noise and one.unit in asked.grades


def _dcg(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))
