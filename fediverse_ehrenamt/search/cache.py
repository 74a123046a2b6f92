"""Cache: answers of the index by question, for as long as it does not change, and never for long."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

HELD = timedelta(seconds=60)
"""How long an answer is given again: what expires meanwhile is still counted until then."""

Answer = TypeVar("Answer")


class Cache(Generic[Answer]):
    """Holds up to `most` answers, those that were asked for last. Safe in any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[object, datetime, Answer]] = OrderedDict()

    def get(self, question: Hashable, generation: object, now: datetime, answer: Callable[[], Answer]) -> Answer:
        """Return the answer to a question; it is worked out anew for another `generation`, or when it is old."""
        with self._lock:
            held = self._held.get(question)
            if held is not None and held[0] == generation and timedelta() <= now - held[1] < HELD:
                self._held.move_to_end(question)
                return held[2]
        made = answer()
        with self._lock:
            self._held[question] = generation, now, made
            self._held.move_to_end(question)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made
