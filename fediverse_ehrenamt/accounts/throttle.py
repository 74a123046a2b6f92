"""How often one client, and whoever is meant by an address, may try to sign in: in memory, in this process only."""

import hashlib

from starlette.requests import Request

from fediverse_ehrenamt.federation.buckets import Buckets, Rate
from fediverse_ehrenamt.kit import addresses
from fediverse_ehrenamt.work import Workshop

BY_CLIENT = Rate(10, 600)  # a household, a school or a town hall may share one address
_REMEMBERED = 20_000


class Throttle:
    """The tries of the last minutes. It knows clients by a hash only."""

    def __init__(self) -> None:
        self._buckets = Buckets(_REMEMBERED)

    def wait(self, request: Request, kind: str, rate: Rate = BY_CLIENT, subject: str = "") -> float:
        """Count a try of a client, or of a `subject`; return 0.0, or after how many seconds another is allowed."""
        workshop: Workshop = request.app.state.workshop
        whose = subject or addresses.subscriber(request.client.host if request.client else "")
        name = hashlib.sha256(f"{kind} {whose}".encode()).hexdigest()
        return self._buckets.take(name, rate, workshop.now().timestamp())


def of(request: Request) -> Throttle:
    """Return the throttle of this process."""
    throttle: Throttle = request.app.state.throttle
    return throttle
