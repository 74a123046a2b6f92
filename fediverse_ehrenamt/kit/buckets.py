"""Token buckets by name, in memory, in this process only: how much of something anybody may cause in a time. Pure."""

from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, and as many again over `seconds`."""

    burst: float
    seconds: float

    def times(self, factor: float) -> "Rate":
        return Rate(self.burst * factor, self.seconds)


class Buckets:
    """One bucket for each name, full at first. At most `limit`; the one that was unused longest is forgotten."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when they were counted

    def __len__(self) -> int:
        return len(self._left)

    def wait(self, name: str, rate: Rate, now: float) -> float:
        """Return after how many seconds there is a token, 0.0 where there is one; `now` is in seconds since 1970."""
        left = self._tokens(name, rate, now)
        return 0.0 if left >= 1.0 else (1.0 - left) * rate.seconds / rate.burst

    def take(self, name: str, rate: Rate, now: float) -> float:
        """Take a token if there is one; return as `wait` does."""
        left = self._tokens(name, rate, now)
        if left < 1.0:
            return (1.0 - left) * rate.seconds / rate.burst
        self._left[name] = (left - 1.0, now)
        self._left.move_to_end(name)
        if len(self._left) > self._limit:
            self._left.popitem(last=False)
        return 0.0

    def _tokens(self, name: str, rate: Rate, now: float) -> float:
        held = self._left.get(name)
        if held is None:
            return rate.burst
        tokens, counted = held
        passed = max(0.0, now - counted)  # a clock that is put back gives nothing
        return min(rate.burst, tokens + passed * rate.burst / rate.seconds)
