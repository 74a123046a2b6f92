"""The one link that leads to the page for setting up: it stands in the log alone, and is forgotten with the process."""

import hmac
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from fediverse_ehrenamt.web import sessions

PATH: Final = "/einrichten"
HOLDS: Final = timedelta(days=1)
_log = logging.getLogger(__name__)


class Door:
    """Lets in who has the link of this start; one that is over is replaced in the log, where only the operator looks.

    `done` once somebody has set up, or somebody else has: then nothing more is let in, and `left` is called.
    """

    def __init__(self, address: str, now: Callable[[], datetime], left: Callable[[], None]) -> None:
        self._address, self._now, self._left = address, now, left
        self.done = False
        self._open()

    def _open(self) -> None:
        self.token = sessions.new_token()
        self._until = self._now() + HOLDS
        # A warning, for whoever wants to hear of nothing less has to hear of it too.
        _log.warning("Öffnen Sie zum Einrichten: %s%s/%s", self._address, PATH, self.token)

    def lets_in(self, token: str) -> bool:
        """Say whether that is the link. One that is over makes a new one, which only the log tells."""
        if self.done or not hmac.compare_digest(token.encode(), self.token.encode()):
            return False
        if self._now() < self._until:
            return True
        self._open()
        return False

    def shut(self) -> None:
        """Let nobody in any more, and have the process go on to serving; twice is once."""
        if not self.done:
            self.done = True
            self._left()
