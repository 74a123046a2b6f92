"""Runs one function over many items in a transaction so that an item that fails takes nothing with it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from fediverse_ehrenamt.work import Work

T = TypeVar("T")
R = TypeVar("R")
Together = Callable[[Work], AbstractContextManager[None]]


def _apart(_work: Work) -> AbstractContextManager[None]:
    return nullcontext()


def each(
    work: Work, items: Sequence[T], function: Callable[[Work, T], R], together: Together = _apart
) -> list[R | Exception]:
    """Return the result or the error of `function(work, item)` for each item, in order.

    All share one savepoint while nothing fails, which is the usual case and the quick one; if something does, all is
    rolled back and each runs again in a savepoint of its own. A full disk or a lost connection is no item's fault:
    it is raised, and everything is to be done again. What shares a savepoint runs in `together(work)`, whose end
    belongs to it.
    """
    try:
        with work.db.begin_nested(), together(work):
            return [function(work, item) for item in items]
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - found again below, with the item that it belongs to
        return [_alone(work, item, function, together) for item in items]


def _alone(work: Work, item: T, function: Callable[[Work, T], R], together: Together) -> R | Exception:
    try:
        with work.db.begin_nested(), together(work):
            return function(work, item)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - the caller says what a failure of this kind means
        return error
