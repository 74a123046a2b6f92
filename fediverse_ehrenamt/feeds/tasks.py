"""Housekeeping of feeds: follows the changes of Documents, as the index does. No handler waits for it."""

from collections.abc import Callable

from fediverse_ehrenamt.feeds import actions
from fediverse_ehrenamt.work import Work

HOUSEKEEPING: list[Callable[[Work], int]] = [actions.follow, actions.announce_due, actions.forget_gone]
