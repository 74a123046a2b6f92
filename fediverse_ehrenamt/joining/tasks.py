"""Housekeeping of requests to take part: what nobody confirmed goes after days, what is decided after months."""

from collections.abc import Callable

from fediverse_ehrenamt.joining import actions
from fediverse_ehrenamt.work import Work

HOUSEKEEPING: list[Callable[[Work], int]] = [actions.erase_unconfirmed, actions.erase_old]
