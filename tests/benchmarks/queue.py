"""How quickly the durable queue hands out and settles jobs, and what looking in vain costs."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import delete, update

from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.jobs.queue import Lane, NewJob, Outcome
from fediverse_ehrenamt.jobs.runner import LANES_AT_ONCE
from fediverse_ehrenamt.work import Work, Workshop
from tests import servers
from tests.benchmarks.measuring import ROUNDS, Figures, cores, middle, on_core, seconds_of
from tests.benchmarks.site import Site

_HOSTS = 3_000
_EACH = 10
_WAITING = 100_000
_LOOKS = 300
_CHUNK = 10_000
_BATCH = 4 * LANES_AT_ONCE  # what the queue settles and leases in one transaction
_ARGUMENT = '["https://ehrenamt.beispiel.example/ap/activity/01jd","https://host{}.example/inbox"]'


def run(folder: Path) -> Figures:
    """Measure with a fresh instance below `folder`."""
    place = Site(folder / "queue", servers.free_port())
    core, _ = cores()
    with on_core(core):
        instance = place.open()
        try:
            return {**_through(instance.workshop, place), **_idle(instance.workshop)}
        finally:
            instance.workshop.engines.close()


def _through(workshop: Workshop, place: Site) -> Figures:
    ours: list[float] = []
    ceilings: list[float] = []
    jobs = [_job(number % _HOSTS, number // _HOSTS) for number in range(_HOSTS * _EACH)]
    for _ in range(ROUNDS):
        _enqueue(workshop, jobs)
        ceilings.append(len(jobs) / _bare(place))
        ours.append(len(jobs) / seconds_of(partial(_drain, workshop)))
        workshop.write_now(_empty)
    return {"queue_jobs_per_s": middle(ours), "queue_ceiling_per_s": middle(ceilings)}


def _job(host: int, number: int) -> NewJob:
    return NewJob(f"host{host}.example", "deliver", _ARGUMENT.format(host), key=f"https://a.example/{number}")


def _enqueue(workshop: Workshop, jobs: Sequence[NewJob]) -> None:
    for start in range(0, len(jobs), _CHUNK):
        workshop.write_now(queue.enqueue, jobs[start : start + _CHUNK])


def _drain(workshop: Workshop) -> None:
    """Lease and settle until nothing waits, a transaction for each turn, as the runner does."""
    finished: list[list[Outcome]] = []
    done = 0
    while leased := workshop.write_now(queue.turn, finished, LANES_AT_ONCE):
        finished = [_done(lane) for lane in leased]
        done += sum(len(lane.jobs) for lane in leased)
    assert done == _HOSTS * _EACH, "every job was handed out once"


def _done(lane: Lane) -> list[Outcome]:
    return [Outcome(job) for job in lane.jobs]


def _bare(place: Site) -> float:
    """Read and delete as many rows in transactions of the same size, without an order and without lanes.

    The last step is undone, so that the queue finds all of them again.
    """
    with closing(sqlite3.connect(place.folder / "ehrenamt.sqlite", isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TEMP TABLE kept AS SELECT * FROM jobs")
        started = time.perf_counter()
        while True:
            database.execute("BEGIN IMMEDIATE")
            rows = database.execute("SELECT id, host, name, argument FROM jobs LIMIT ?", (_BATCH,)).fetchall()
            database.executemany("DELETE FROM jobs WHERE id = ?", [row[:1] for row in rows])
            database.execute("COMMIT")
            if not rows:
                break
        seconds = time.perf_counter() - started
        database.execute("INSERT INTO jobs SELECT * FROM kept")
        return seconds


def _idle(workshop: Workshop) -> Figures:
    """Look for work while everything waits for one host that is down."""
    _enqueue(workshop, [_job(0, number) for number in range(_WAITING)])
    workshop.write_now(_take_down)
    looks = [1_000 * seconds_of(partial(_look, workshop)) for _ in range(_LOOKS)]
    bare = [1_000 * seconds_of(partial(workshop.write_now, _nothing)) for _ in range(_LOOKS)]
    return {"queue_idle_claim_ms": median(looks), "queue_idle_ceiling_ms": median(bare)}


def _look(workshop: Workshop) -> None:
    assert workshop.write_now(queue.turn, [], LANES_AT_ONCE) == [], "the host is down"


def _nothing(work: Work) -> None:
    """Begin and end a transaction: the least that a look can cost."""


def _take_down(work: Work) -> None:
    later = work.now + timedelta(hours=1)
    work.db.execute(update(LaneRow).values(opened_until=later, next_at=later, openings=1, failures=5))


def _empty(work: Work) -> None:
    work.db.execute(delete(JobRow))
    work.db.execute(delete(LaneRow))
