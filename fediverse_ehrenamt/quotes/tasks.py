"""Quotes of those who were blocked, and of what was taken back, go by themselves; collections are looked at."""

from collections.abc import Callable

from fediverse_ehrenamt.quotes import actions, store
from fediverse_ehrenamt.work import Work

# Before what else is done about new blocks: with that they count as dealt with.
HOUSEKEEPING: list[Callable[[Work], int]] = [actions.enforce, store.erase_orphans, actions.look_again]
