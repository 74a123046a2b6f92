"""Background of views: what was counted in memory is written once a minute, and erased after a good year."""

import logging
from collections.abc import Awaitable, Callable

from fediverse_ehrenamt.kit.errors import EhrenamtError
from fediverse_ehrenamt.views import store
from fediverse_ehrenamt.views.rules import Tally
from fediverse_ehrenamt.work import Work, Workshop

FLUSH_SECONDS = 60.0
_log = logging.getLogger(__name__)


def flush(tally: Tally, workshop: Workshop) -> Callable[[], Awaitable[int]]:
    """Return the step that writes what waits; what cannot be written (a full disk) goes on waiting."""

    async def step() -> int:
        counts = tally.take()
        if counts:
            try:
                await workshop.write(store.add, counts)
            except EhrenamtError as error:
                tally.give_back(counts)
                _log.warning("views are not written yet: %s", error.public)
        return 0

    return step


HOUSEKEEPING: list[Callable[[Work], int]] = [store.erase_old]
