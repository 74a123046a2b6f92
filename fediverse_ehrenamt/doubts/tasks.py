"""Housekeeping of doubts: asks organisations, and forgets in time."""

from collections.abc import Callable

from fediverse_ehrenamt.doubts import actions
from fediverse_ehrenamt.work import Work

HOUSEKEEPING: list[Callable[[Work], int]] = [actions.ask, actions.erase_old]
