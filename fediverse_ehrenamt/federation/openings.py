"""What many bodies begin with, kept once: their context is half of what most programs send, and always the same.

A body is cut behind it and put together again (`model.whole`), so it does not matter what stands there. Only what was
verified and is wanted is kept, and where there is no room for another beginning, bodies stay whole.
"""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, delete, func, select

from fediverse_ehrenamt.federation.model import OpeningRow, ReceivedRow
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.work import Work

MOST = 200  # a version of a program has one for each kind of thing that it sends, and some are an instance's own
_AT_ONCE = 32
_NOTED_FOR = timedelta(days=1)  # a use is noted once in this time
_UNUSED = timedelta(days=8)  # a body lasts seven days
_CLOCKS = timedelta(days=1)  # more than those of two processes differ by

_openings, _received = cast("Table", OpeningRow.__table__), cast("Table", ReceivedRow.__table__)
_HELD = select(_openings.c.id, _openings.c.digest, _openings.c.used_at).where(
    _openings.c.digest.in_(bindparam("digests", expanding=True))
)
_COUNT = select(func.count()).select_from(_openings)


class _Held(NamedTuple):
    id: int
    used_at: datetime


def numbers(work: Work, found: Iterable[bytes]) -> dict[bytes, int]:
    """Return the numbers under which beginnings of bodies are kept, new ones too as far as there is room."""
    digests = {hashlib.sha256(one).hexdigest(): one for one in sorted(found)[:_AT_ONCE]}
    if not digests:
        return {}
    held = _held(work, digests)
    new = [digest for digest in digests if digest not in held]
    room = max(0, MOST - (work.db.connection().scalar(_COUNT) or 0)) if new else 0
    seldom = [digest for digest, one in held.items() if one.used_at < work.now - _NOTED_FOR]
    if used := sorted([*new[:room], *seldom]):  # in one order, as others may be about the same ones
        rows = [{"digest": digest, "text": digests[digest], "used_at": work.now} for digest in used]
        upsert.put(work.db, _openings, ["digest"], rows)  # also where another has just forgotten it
        held = _held(work, digests)
    return {digests[digest]: one.id for digest, one in held.items()}


def _held(work: Work, digests: Collection[str]) -> dict[str, _Held]:
    rows = work.db.connection().execute(_HELD, {"digests": list(digests)})
    return {row.digest: _Held(row.id, row.used_at) for row in rows}


def forget_unused(work: Work) -> int:
    """Forget what no body begins with any more, for it may hold what is to be erased; return how many."""
    before = work.now - _UNUSED
    old = select(_openings.c.id, _openings.c.used_at).where(_openings.c.used_at < before).limit(_AT_ONCE)
    unused = [row.id for row in work.db.execute(old).all() if not _is_needed(work, row.id, row.used_at)]
    work.db.execute(delete(_openings).where(_openings.c.id.in_(unused), _openings.c.used_at < before))
    return len(unused)


def _is_needed(work: Work, number: int, used_at: datetime) -> bool:
    """Say whether a body still lacks its beginning: one that has waited to be handled for longer than others last."""
    begun = select(_received.c.id).where(
        _received.c.rest.is_not(None),
        _received.c.received_at < used_at + _NOTED_FOR + _CLOCKS,
        _received.c.opening == number,
    )
    return work.db.scalar(begun.limit(1)) is not None
