"""Seeded chance: the same parts give the same choices on every machine."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def chance(*parts: object) -> Random:
    """Return a generator that depends on `parts` alone (str seeds don't depend on the hash seed)."""
    return Random("|".join(str(part) for part in parts))  # noqa: S311 - picks demo texts, guards nothing


def some(rng: Random, items: Sequence[T], share: float) -> set[T]:
    """Choose exactly the rounded share of `items`."""
    return set(rng.sample(list(items), round(len(items) * share)))
