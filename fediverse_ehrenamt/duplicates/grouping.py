"""Which listings make one card, and which of them stands for all. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MOST = 20  # listings of one card
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """What decides whether a listing stands for its group.

    `own` is one of this instance. `original` is 1 for one that stands on the host of its page, 2 if others name it.
    `filled` is how much it tells, `fresh_at` when somebody last said that it holds.
    """

    number: int
    uri: str
    own: bool
    original: int
    filled: int
    fresh_at: datetime | None


Pair = tuple[int, int]


def groups(numbers: Collection[int], joined: Sequence[Pair], apart: Iterable[Pair]) -> list[frozenset[int]]:
    """Return the groups that `numbers` fall into: the same as the same is the same, but never across `apart`.

    `joined` counts in its order: what comes first is kept where two ways of joining exclude one another.
    """
    group = {number: frozenset((number,)) for number in numbers}
    separate = {pair for one, other in apart for pair in ((one, other), (other, one))}
    for one, other in joined:
        mine, yours = group[one], group[other]
        if mine is yours or len(mine) + len(yours) > MOST:
            continue
        if any((here, there) in separate for here in mine for there in yours):
            continue
        whole = mine | yours
        group.update(dict.fromkeys(whole, whole))
    return sorted(set(group.values()), key=min)


def ordered(members: Iterable[Member]) -> list[Member]:
    """Return the members of a group, the one that stands for all first."""
    return sorted(
        members,
        key=lambda one: (
            not one.own,
            -one.original,
            -one.filled,
            -(one.fresh_at or _LONG_AGO).timestamp(),
            one.uri,
        ),
    )
