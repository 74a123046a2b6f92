"""Housekeeping of searches that are saved by mail: follows the changes of Documents, writes, and forgets in time."""

from collections.abc import Callable

from fediverse_ehrenamt.alerts import actions
from fediverse_ehrenamt.work import Work

HOUSEKEEPING: list[Callable[[Work], int]] = [actions.follow, actions.write, actions.erase_unconfirmed]
