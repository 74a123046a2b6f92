"""The table of who handles what comes in: (activity, object) → function. Filled by wiring.py, never by an import."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from fediverse_ehrenamt.vocab.types import Accept, Activity, Actor, Delete, Follow, Reject, Tombstone, Undo
from fediverse_ehrenamt.work import Work

A = TypeVar("A", bound=Activity)
_Function = Callable[[Work, A], None]


@dataclass(frozen=True, slots=True)
class Receiver:
    """One function and what it handles."""

    activity: type[Activity]
    kind: type
    function: Callable[[Work, Activity], None]


def receives(activity: type[A], kind: type) -> Callable[[_Function[A]], Receiver]:
    """Mark a function as the handler of an activity about an object of a kind."""

    def mark(function: _Function[A]) -> Receiver:
        return Receiver(activity, kind, function)  # type: ignore[arg-type] # the table hands it nothing but an A

    return mark


class Handlers:
    """Finds the handler of an activity; each pair has one at most."""

    def __init__(self, receivers: Iterable[Receiver]) -> None:
        self._table: dict[tuple[type[Activity], type], Callable[[Work, Activity], None]] = {}
        for receiver in receivers:
            key = (receiver.activity, receiver.kind)
            assert key not in self._table, f"two handlers for {key}"
            self._table[key] = receiver.function

    def find(self, activity: Activity) -> Callable[[Work, Activity], None] | None:
        """Return the handler of an activity, or None where nobody here has a use for it."""
        return self._table.get((type(activity), kind_of(activity)))


def kind_of(activity: Activity) -> type:
    """Return the class of an activity's object; where only its URI is given, what it must be."""
    if isinstance(activity, Delete):
        return Actor if activity.object_id == activity.actor else Tombstone
    if not isinstance(activity.object, str):
        return type(activity.object)
    if isinstance(activity, Follow):
        return Actor
    return Follow if isinstance(activity, Accept | Reject | Undo) else str
