"""What an operator sees of the hosts around this instance: who they are to us, and how it goes with them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from fediverse_ehrenamt.federation.model import FollowerRow, HostRow, SourceRow
from fediverse_ehrenamt.jobs import overview, queue
from fediverse_ehrenamt.jobs.overview import LaneState, Trouble
from fediverse_ehrenamt.kit import ids, sentences
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.work import Work

HOSTS = 10_000  # read at most, of each kind
_FOLLOWED = 500
_NO_HOSTS = (queue.LOCAL, sending.LANE)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One host. `software` and `sister` are by its NodeInfo; `sources` is how many of its actors we index.

    `waiting` jobs are to be done there, `failing` of them were tried in vain. `heard_at` is when it last answered or
    sent something; `opened_until`: left in peace till then; `error` is the last one of a job, `unread` says why a
    source could not be read.
    """

    host: str
    software: str
    sister: bool
    followers: int
    sources: int
    waiting: int
    running: bool
    failing: int
    given_up: int
    last_success_at: datetime | None
    heard_at: datetime | None
    opened_until: datetime | None
    failing_since: datetime | None
    error: str
    error_at: datetime | None
    unread: str

    @property
    def in_trouble(self) -> bool:
        """Whether an operator should look: something fails there, was given up, or cannot be read."""
        return bool(self.failing or self.given_up or self.opened_until or self.unread)


@dataclass(frozen=True, slots=True)
class Followed:
    """A source of the host."""

    uri: str
    state: str
    read_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """One host with its sources and the jobs that failed there."""

    neighbour: Neighbour
    sources: tuple[Followed, ...]
    troubles: tuple[Trouble, ...]


def listing(work: Work, *, failing: bool = False) -> list[Neighbour]:
    """Return all hosts that we know of, the fullest queue first; with `failing` only those in trouble."""
    lanes = {lane.host: lane for lane in overview.everywhere(work, HOSTS) if lane.host not in _NO_HOSTS}
    known = {row.host: row for row in work.db.scalars(select(HostRow).limit(HOSTS))}
    followers = _followers(work)
    sources = _sources(work)
    hosts = dict.fromkeys([*lanes, *sorted({*known, *followers, *sources})])
    found = [
        _neighbour(host, known.get(host), followers.get(host, 0), sources.get(host, []), lanes.get(host))
        for host in hosts
    ]
    return [one for one in found if one.in_trouble or not failing]


def get(work: Work, host: str) -> Portrait:
    """Return one host, by its name or any address of it; raises `NotFound`."""
    name = ids.host(host) or host
    neighbour = next((one for one in listing(work) if one.host == name), None)
    if neighbour is None:
        raise NotFound(
            sentence(
                "Einen Host „%(host)s“ kennt diese Instanz nicht. Welche sie kennt, zeigt: ehrenamt peers", host=host
            )
        )
    sources = tuple(_sources(work).get(name, []))
    return Portrait(neighbour, sources, tuple(overview.troubles(work, name)))


def _followers(work: Work) -> dict[str, int]:
    """Count distinct followers by their hosts: who follows three of our organisations is one."""
    distinct = func.count(FollowerRow.follower.distinct())
    counted = select(FollowerRow.host, distinct).group_by(FollowerRow.host).limit(HOSTS)
    return dict(work.db.execute(counted).all())


def _sources(work: Work) -> dict[str, list[Followed]]:
    found: dict[str, list[Followed]] = {}
    for row in work.db.scalars(select(SourceRow).order_by(SourceRow.added_at).limit(HOSTS)):
        theirs = found.setdefault(ids.host(row.uri), [])
        if len(theirs) < _FOLLOWED:
            theirs.append(Followed(row.uri, row.state, row.read_at, sentences.load(row.error)))
    return found


def _neighbour(
    host: str, known: HostRow | None, followers: int, sources: list[Followed], lane: LaneState | None
) -> Neighbour:
    return Neighbour(
        host=host,
        software=known.software if known else "",
        sister=known.sister if known else False,
        followers=followers,
        sources=len(sources),
        waiting=lane.waiting if lane else 0,
        running=lane.running if lane else False,
        failing=lane.failing if lane else 0,
        given_up=lane.given_up if lane else 0,
        last_success_at=lane.last_success_at if lane else None,
        heard_at=lane.heard_at if lane else None,
        opened_until=lane.opened_until if lane else None,
        failing_since=lane.failing_since if lane else None,
        error=lane.error if lane else "",
        error_at=lane.error_at if lane else None,
        unread=next((source.error for source in sources if source.error), ""),
    )
