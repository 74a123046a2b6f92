"""Blocks and limits as they meet what is held here: put, lifted, and all dropped that must not be here any more.

What is dropped does not come back when an entry is lifted: the source is added again and read again, followers follow
again. Dropping goes in steps, so that a host with very much does not hold up everybody else.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from fediverse_ehrenamt.federation import discovery, restrictions
from fediverse_ehrenamt.federation import rules as policy
from fediverse_ehrenamt.federation.domain_blocks import Listed
from fediverse_ehrenamt.federation.model import FollowerRow, ReceivedRow, RemoteActorRow, SourceRow
from fediverse_ehrenamt.federation.policy_model import RestrictionRow
from fediverse_ehrenamt.federation.restrictions import Touched
from fediverse_ehrenamt.federation.rules import Restriction, Rules
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.media import remote
from fediverse_ehrenamt.search.model import DocumentRow
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things import origins, review, store
from fediverse_ehrenamt.things.model import ReviewRow, ThingRow
from fediverse_ehrenamt.work import Work, Workshop

THINGS_AT_ONCE = 2_000
HOSTS_AT_ONCE = 20_000
ENTRIES_AT_ONCE = 200
SETTLING = timedelta(minutes=2)  # until then a process may still have let something in that it had begun with
_CHUNK = 500  # values in one IN list
_SCHEMES = ("https", "http")


@dataclass(frozen=True, slots=True)
class Dropped:
    """How much was dropped; adds up."""

    things: int = 0
    followers: int = 0
    sources: int = 0

    def __add__(self, other: "Dropped") -> "Dropped":
        return Dropped(
            self.things + other.things, self.followers + other.followers, self.sources + other.sources
        )  # fmt: skip


# --- entries ----------------------------------------------------------------------------------------------------------
def ours(settings: Settings) -> set[str]:
    """Return the hosts of this instance, of which no entry may be."""
    return {policy.canonical(settings.host), policy.canonical(settings.handle_domain)}


async def subject(workshop: Workshop, address: str) -> str:
    """Return the host or the actor that an address names; asks its host where it is @name@host.

    Raises `Invalid` (field "address") where it is neither or this instance itself, and as `discovery.find_actor`.
    """
    is_handle = discovery.is_handle(address)
    found = await discovery.find_actor(workshop, address) if is_handle else policy.subject_of(address)
    if not found:
        message = sentence(
            "„%(address)s“ ist weder ein Host (beispiel.de) noch ein Konto (@name@beispiel.de oder seine Adresse)",
            address=address,
        )
        raise Invalid([Problem("address", message)])
    host, own = policy.canonical(ids.host(found)) if "://" in found else found, ours(workshop.settings)
    if host in own if "://" in found else any(found in policy.covering(one) for one in own):
        raise Invalid([Problem("address", sentence("„%(address)s“ ist diese Instanz selbst", address=address))])
    return found


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list adds, which of its hosts have an entry already, and what the new blocks end."""

    new: tuple[Restriction, ...]
    known: list[str]
    touched: Touched


def plan(work: Work, listed: Listed) -> Plan:
    """Return what taking a list in would do; what has an entry already stays as it is."""
    have = {one.subject for one in restrictions.listing(work)}
    new = tuple(one for one in listed.entries if one.subject not in have)
    known = [one.subject for one in listed.entries if one.subject in have]
    return Plan(new, known, restrictions.touched(work, new))


def take_in(work: Work, listed: Listed, reason: str) -> Plan:
    """Put the entries of a list that are new, all for one reason; `sweep` then drops what must not be here."""
    made = plan(work, listed)
    if made.new:
        restrict(work, *(replace(one, reason=reason) for one in made.new))
    return made


def count(work: Work, subject: str) -> int:
    """Count the things here that come from a host (and those below it) or an actor."""
    if "://" in subject:
        chosen = select(func.count()).select_from(ThingRow).where(ThingRow.actor == subject, ~ThingRow.local)
        return work.db.scalar(chosen) or 0
    hosts = _hosts(work, DocumentRow.host, subject)
    here = select(func.count()).select_from(DocumentRow).where(~DocumentRow.gone)
    return sum(
        work.db.scalar(here.where(DocumentRow.host.in_(hosts[start : start + _CHUNK]))) or 0
        for start in range(0, len(hosts), _CHUNK)
    )


def restrict(work: Work, *entries: Restriction) -> None:
    """Put entries; `sweep` then drops what must not be here."""
    restrictions.put(work, entries)
    remote.rewind(work)


def lift(work: Work, subject: str) -> Restriction:
    """Take an entry back; raises `NotFound`."""
    found = restrictions.remove(work, subject)
    remote.rewind(work)
    return found


# --- dropping ---------------------------------------------------------------------------------------------------------
def enforce(work: Work) -> int:
    """Drop some of what must not be here and return how much, for housekeeping."""
    dropped = sweep(work)
    return dropped.things + dropped.followers + dropped.sources


def sweep(work: Work) -> Dropped:
    """Drop up to about `THINGS_AT_ONCE` things, and all followers and sources, of new entries; nothing: it is done."""
    rules, total = restrictions.rules(work), Dropped()
    for entry in restrictions.unswept(work, ENTRIES_AT_ONCE):
        found = Dropped() if entry.severity == "none" else _sweep(work, rules, entry)
        if found == Dropped() and work.now - entry.since >= SETTLING:
            entry.swept_at = work.now
        total += found
        if total.things >= THINGS_AT_ONCE:
            break
    work.db.flush()
    return total


def _sweep(work: Work, rules: Rules, entry: RestrictionRow) -> Dropped:
    uris = _things(work, rules, entry.subject)[:THINGS_AT_ONCE]
    store.remove(work, uris)
    if entry.severity != "block":
        return Dropped(len(uris))
    relations = _relations_of_actor if "://" in entry.subject else _relations_of_host
    return Dropped(len(uris)) + relations(work, rules, entry.subject)


def _things(work: Work, rules: Rules, subject: str) -> list[str]:
    """Return the things that are not for here: of the blocked, and of the limited who are no sources themselves."""
    sources = set(work.db.scalars(select(SourceRow.uri)))
    if "://" in subject:
        conditions: list[ColumnElement[bool]] = [ThingRow.actor == subject]
    else:
        hosts = _hosts(work, DocumentRow.host, subject)
        starts = [f"{scheme}://{host}/" for host in hosts for scheme in _SCHEMES]
        conditions = [ThingRow.uri.startswith(start, autoescape=True) for start in starts]
    found: list[str] = []
    for condition in conditions:
        rows = work.db.execute(select(ThingRow.uri, ThingRow.actor).where(condition, ~ThingRow.local))
        for uri, actor in rows:
            verdict = rules.of(actor)
            if verdict.refusal or (verdict.limited and actor not in sources):
                found.append(uri)
        if len(found) >= THINGS_AT_ONCE:
            break
    return found


def _relations_of_host(work: Work, rules: Rules, subject: str) -> Dropped:
    hosts = _refused(work, rules, FollowerRow.host, subject)
    followers = sum(_deleted(work, FollowerRow, FollowerRow.host == host) for host in hosts)
    for host in _refused(work, rules, JobRow.host, subject):
        _deleted(work, JobRow, JobRow.host == host)
    ended = Dropped()
    for origin in _refused(work, rules, SourceRow.origin, subject):
        ended += _end_sources(work, SourceRow.origin == origin)
    for origin in _refused(work, rules, RemoteActorRow.origin, subject):
        _deleted(work, RemoteActorRow, RemoteActorRow.origin == origin)
    _stop_waiting(work, rules, subject)
    return ended + Dropped(0, followers)


def _relations_of_actor(work: Work, rules: Rules, subject: str) -> Dropped:
    followers = _deleted(work, FollowerRow, FollowerRow.follower == subject)
    ended = _end_sources(work, SourceRow.uri == subject)
    _deleted(work, RemoteActorRow, RemoteActorRow.uri == subject)
    _stop_waiting(work, rules, subject)
    return ended + Dropped(0, followers)


def _end_sources(work: Work, condition: ColumnElement[bool]) -> Dropped:
    """Forget sources and what only they gave; nothing is told to whoever is not spoken to."""
    rows = work.db.scalars(select(SourceRow).where(condition)).all()
    _deleted(work, SourceRow, condition)
    return Dropped(sum(origins.drop(work, row) for row in rows), 0, len(rows))


def _stop_waiting(work: Work, rules: Rules, subject: str) -> None:
    """Drop what came in before and was not handled yet, or not decided about."""
    waiting = select(ReceivedRow.id, ReceivedRow.actor).where(ReceivedRow.due_at.is_not(None))
    theirs = waiting.where(ReceivedRow.actor.contains(subject, autoescape=True)).limit(HOSTS_AT_ONCE)
    refused = [row.id for row in work.db.execute(theirs) if rules.of(row.actor).refusal]
    for start in range(0, len(refused), _CHUNK):
        some = ReceivedRow.id.in_(refused[start : start + _CHUNK])
        work.db.execute(update(ReceivedRow).where(some).values(due_at=None, rest=None, verdict="dropped: blocked"))
    reviewed = select(ReviewRow.uri, ReviewRow.actor).where(ReviewRow.actor.contains(subject, autoescape=True))
    rows = work.db.execute(reviewed.limit(HOSTS_AT_ONCE))
    review.forget(work, [row.uri for row in rows if rules.of(row.actor).refusal])


def _refused(work: Work, rules: Rules, column: InstrumentedAttribute[str], subject: str) -> list[str]:
    """Return those of `_hosts` that no more specific entry exempts."""
    return [found for found in _hosts(work, column, subject) if rules.of_host(ids.host(found) or found).refusal]


def _hosts(work: Work, column: InstrumentedAttribute[str], subject: str) -> list[str]:
    """Return the values of a column of hosts or origins that an entry covers."""
    plain = subject.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    ends = [f"%://{plain}", f"%.{plain}", f"%://{plain}:%", f"%.{plain}:%", f"{plain}:%"]
    covered = or_(column == subject, *(column.like(end, escape="\\") for end in ends))
    return list(work.db.scalars(select(column).where(covered).distinct().limit(HOSTS_AT_ONCE)))


def _deleted(work: Work, table: type[Any], condition: ColumnElement[bool]) -> int:
    keys = list(table.__mapper__.primary_key)
    return len(work.db.execute(delete(table).where(condition).returning(*keys)).all())
