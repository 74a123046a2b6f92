"""Housekeeping of enquiries: reminds organisations of what they promised, and forgets in time."""

from collections.abc import Callable

from fediverse_ehrenamt.engagements import actions
from fediverse_ehrenamt.work import Work

HOUSEKEEPING: list[Callable[[Work], int]] = [actions.remind, actions.erase_unconfirmed, actions.erase_old]
