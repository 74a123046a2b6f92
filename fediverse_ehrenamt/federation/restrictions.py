"""The entries of policy in the database: put, taken back, listed; and what of them a transaction has to know.

Each change leaves a new mark, by which every process sees that it must read again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, delete, func, select

from fediverse_ehrenamt.federation.model import FollowerRow, SourceRow
from fediverse_ehrenamt.federation.policy_model import AllowedHostRow, PolicyMarkRow, RestrictionRow
from fediverse_ehrenamt.federation.rules import Restriction, Rules, Severity, canonical
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.work import Work

LISTED = 50_000  # entries that are read at most; the longest shared lists have a tenth of it
_restrictions = cast("Table", RestrictionRow.__table__)
_allowed = cast("Table", AllowedHostRow.__table__)
_marks = cast("Table", PolicyMarkRow.__table__)
_KEPT = "rules of this transaction"
_MARK = select(_marks.c.mark)

# The rules as last read from each database of this process, with their mark and mode.
_read: WeakKeyDictionary[Engine, tuple[str, str, Rules]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Allowed:
    """A host of the allow-list."""

    host: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Touched:
    """How many relations an entry would end or has ended."""

    followers: int = 0
    sources: int = 0


def rules(work: Work) -> Rules:
    """Return the rules as they are in this transaction; costs it one small read unless they changed."""
    kept = cast("Rules | None", work.db.info.get(_KEPT))
    if kept is None:
        engine, mode = work.db.get_bind().engine, work.settings.federation
        mark = work.db.connection().scalar(_MARK) or ""
        known = _read.get(engine)
        if known is None or known[:2] != (mark, mode):
            known = _read[engine] = (mark, mode, _rules(work))
        kept = work.db.info[_KEPT] = known[2]
    return kept


def _rules(work: Work) -> Rules:
    if work.settings.federation != "allowlist":
        return Rules(listing(work))
    hosts = work.db.scalars(select(AllowedHostRow.host).limit(LISTED))
    return Rules(listing(work), frozenset({*hosts, canonical(work.settings.host)}))


def deliverable(work: Work, inboxes: Iterable[str]) -> list[str]:
    """Return those of the inboxes whose hosts are spoken to, sorted."""
    here = rules(work)
    return sorted(inbox for inbox in inboxes if not here.of_host(ids.host(inbox)).refusal)


def put(work: Work, entries: Sequence[Restriction]) -> None:
    """Add entries or replace those with the same subject."""
    rows = [asdict(entry) | {"since": entry.since or work.now, "swept_at": None} for entry in entries]
    upsert.put(work.db, _restrictions, ["subject"], rows)
    _mark(work)


def remove(work: Work, subject: str) -> Restriction:
    """Take an entry back and return it; raises `NotFound`. What was dropped because of it does not come back."""
    row = work.db.get(RestrictionRow, subject)
    if row is None:
        raise NotFound(
            sentence("Für „%(subject)s“ gibt es keinen Eintrag; `ehrenamt block list` zeigt alle.", subject=subject)
        )
    found = _entry(row)
    work.db.execute(delete(RestrictionRow).where(RestrictionRow.subject == subject))
    _mark(work)
    return found


def listing(work: Work) -> list[Restriction]:
    chosen = select(RestrictionRow).order_by(RestrictionRow.subject).limit(LISTED)
    return [_entry(row) for row in work.db.scalars(chosen)]


def page(work: Work, part: str, after: str, limit: int) -> list[Restriction]:
    """Return up to `limit` entries whose subject contains `part`, in the order of their subjects, after one of them."""
    chosen = select(RestrictionRow).where(RestrictionRow.subject > after)
    if part:
        chosen = chosen.where(RestrictionRow.subject.contains(part, autoescape=True))
    return [_entry(row) for row in work.db.scalars(chosen.order_by(RestrictionRow.subject).limit(limit))]


def find(work: Work, subject: str) -> Restriction | None:
    row = work.db.get(RestrictionRow, subject)
    return _entry(row) if row else None


def unswept(work: Work, limit: int) -> list[RestrictionRow]:
    """Return entries of which something may be left here that must not be."""
    chosen = select(RestrictionRow).where(RestrictionRow.swept_at.is_(None))
    return list(work.db.scalars(chosen.order_by(RestrictionRow.since, RestrictionRow.subject).limit(limit)))


def allow(work: Work, host: str, reason: str) -> None:
    upsert.put(work.db, _allowed, ["host"], [{"host": host, "reason": reason, "since": work.now}])
    _mark(work)


def disallow(work: Work, host: str) -> Allowed:
    """Take a host off the allow-list and return what stood there; raises `NotFound`."""
    row = work.db.get(AllowedHostRow, host)
    if row is None:
        raise NotFound(sentence("„%(host)s“ steht nicht auf der Liste; `ehrenamt allow list` zeigt sie.", host=host))
    found = Allowed(row.host, row.reason, row.since)
    work.db.execute(delete(AllowedHostRow).where(AllowedHostRow.host == host))
    _mark(work)
    return found


def allowed(work: Work) -> list[Allowed]:
    rows = work.db.scalars(select(AllowedHostRow).order_by(AllowedHostRow.host).limit(LISTED))
    return [Allowed(row.host, row.reason, row.since) for row in rows]


def touched(work: Work, entries: Sequence[Restriction]) -> Touched:
    """Count the followers and sources that blocks among the entries would end."""
    here = Rules(entries)
    hosts = select(FollowerRow.host, func.count()).group_by(FollowerRow.host)
    followers = sum(count for host, count in work.db.execute(hosts) if here.of_host(host).refusal)
    sources = sum(bool(here.of(uri).refusal) for uri in work.db.scalars(select(SourceRow.uri)))
    return Touched(followers, sources)


def _entry(row: RestrictionRow) -> Restriction:
    return Restriction(
        row.subject,
        cast("Severity", row.severity),
        row.reject_media,
        row.reject_reports,
        row.reason,
        row.public_comment,
        row.obfuscate,
        row.since,
    )


def _mark(work: Work) -> None:
    upsert.put(work.db, _marks, ["id"], [{"id": 1, "mark": ids.new_id()}])
    work.db.info.pop(_KEPT, None)
