"""How often one client may sign in, send a form or have us ask another server: in memory, in this process only."""

import hashlib

from starlette.requests import Request

from fediverse_ehrenamt.kit import addresses
from fediverse_ehrenamt.kit.buckets import Buckets, Rate
from fediverse_ehrenamt.kit.errors import TooMany
from fediverse_ehrenamt.work import Workshop

BY_CLIENT = Rate(10, 600)  # a household, a school or a town hall may share one address
_REMEMBERED = 20_000
_DAY_SECONDS = 86_400
SITE = 16
"""As many times a connection's rate is that of the /48 around it, of 65,536 connections, which may be one customer."""


class Throttle:
    """The tries of the last minutes. It knows clients by a hash only."""

    def __init__(self) -> None:
        self._buckets = Buckets(_REMEMBERED)

    def wait(self, request: Request, kind: str, rate: Rate = BY_CLIENT, subject: str = "") -> float:
        """Count a try of a client, or of a `subject`; return 0.0, or after how many seconds another is allowed."""
        workshop: Workshop = request.app.state.workshop
        now = workshop.now().timestamp()
        host = request.client.host if request.client else ""
        if subject or not (site := addresses.site(host)):
            return self._buckets.take(_name(kind, subject or host), rate, now)
        shared, wide = _name(kind, site), rate.times(SITE)
        if wait := self._buckets.wait(shared, wide, now):
            return wait
        wait = self._buckets.take(_name(kind, addresses.subscriber(host)), rate, now)
        return wait or self._buckets.take(shared, wide, now)


def _name(kind: str, whose: str) -> str:
    return hashlib.sha256(f"{kind} {whose}".encode()).hexdigest()


def check(request: Request, kind: str, a_day: int, public: str) -> None:
    """Count a form of a kind that anybody may send; raise `TooMany` (`public`) where its client sent that many today.

    For all together there is a bound in the database; without this one client could use it up for all.
    """
    check_rate(request, kind, Rate(a_day, _DAY_SECONDS), public)


def check_rate(request: Request, kind: str, rate: Rate, public: str) -> None:
    """Count what anybody may cause; raise `TooMany` (`public`) where its client caused as much already.

    Whoever comes from no public address is not counted: it may be a proxy that does not say for whom it asks.
    """
    client = addresses.read(request.client.host) if request.client else None
    if client is None or not addresses.is_public(client):
        return
    if wait := of(request).wait(request, kind, rate):
        raise TooMany(public, wait)


def of(request: Request) -> Throttle:
    """Return the throttle of this process."""
    throttle: Throttle = request.app.state.throttle
    return throttle
