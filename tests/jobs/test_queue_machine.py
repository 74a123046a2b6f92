"""The queue against a model of its promises, with whatever order of events Hypothesis thinks up.

Every job runs until it is settled; of one (host, key) only the earliest runs, never two at a time; a lane is leased to
one worker; a worker that dies loses nothing. What a newer state replaces goes, what was given up may come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, func, select

from fediverse_ehrenamt.jobs import again, queue
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.jobs.queue import AT_ONCE, LEASE, Lane, NewJob, Outcome
from fediverse_ehrenamt.kit.errors import NotFound, Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.work import Work, Workshop
from tests.workbench import NOW, Clock

HOSTS = st.sampled_from(["", "a.example", "b.example"])
KEYS = st.sampled_from(["", "x", "y"])
ERRORS = st.sampled_from(
    [None, None, Unavailable("down"), Unreachable("no way"), Unreachable("busy", 90.0), Rejected("no")]
)
_MOST_ROUNDS = 200


@dataclass
class Model:
    """What has been asked for, in order, and what became of it."""

    waiting: dict[int, NewJob] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    given_up: dict[int, NewJob] = field(default_factory=dict)
    leased: list[Lane] = field(default_factory=list)

    def first_of_key(self, number: int) -> bool:
        mine = self.waiting[number]
        if not mine.key:
            return True
        same = [other for other, job in self.waiting.items() if (job.host, job.key) == (mine.host, mine.key)]
        return number == min(same)


def _empty(work: Work) -> None:
    work.db.execute(delete(JobRow))
    work.db.execute(delete(LaneRow))


def _numbers(work: Work) -> set[int]:
    return {int(argument) for argument in work.db.scalars(select(JobRow.argument))}


def _open(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(JobRow).where(JobRow.given_up_at.is_(None))) or 0


class Machine(RuleBasedStateMachine):
    """Asks for jobs, plays workers and peers; `workshop` and `clock` are set by a subclass."""

    workshop: ClassVar[Workshop]
    clock: ClassVar[Clock]

    def __init__(self) -> None:
        super().__init__()
        self.clock.now = NOW
        self.workshop.write_now(_empty)
        self.model = Model()
        self.count = 0

    @rule(asked=st.lists(st.tuples(HOSTS, KEYS, st.booleans()), min_size=1, max_size=4))
    def enqueue(self, asked: list[tuple[str, str, bool]]) -> None:
        new: list[NewJob] = []
        for host, key, replaceable in asked:
            self.count += 1
            new.append(NewJob(host, "deliver", str(self.count), key, replaceable))
            self.model.waiting[self.count] = new[-1]
        self.workshop.write_now(queue.enqueue, new)

    @rule(free=st.sampled_from([0, 3]))  # all or none: which of several due at once comes first is nobody's promise
    def claim(self, free: int) -> None:
        self._take(self.workshop.write_now(queue.claim, free), free)

    def _take(self, lanes: list[Lane], free: int) -> None:
        assert len(lanes) <= free
        for lane in sorted(lanes, key=lambda one: one.host):
            assert lane.host not in {other.host for other in self.model.leased}
            assert 0 < len(lane.jobs) <= AT_ONCE
            keys = [job.key for job in lane.jobs if job.key]
            assert len(keys) == len(set(keys))
            for job in lane.jobs:
                assert self.model.waiting[int(job.argument)].host == job.host == lane.host
                assert self.model.first_of_key(int(job.argument))
            self.model.leased.append(lane)

    @precondition(lambda self: self.model.leased)
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        lane = self.model.leased.pop(data.draw(st.integers(0, len(self.model.leased) - 1)))
        errors = [data.draw(ERRORS) for _ in lane.jobs]
        self._settle(lane, errors)

    def _settle(self, lane: Lane, errors: Sequence[Exception | None]) -> None:
        self.workshop.write_now(
            queue.settle, [[Outcome(job, error) for job, error in zip(lane.jobs, errors, strict=True)]]
        )
        for job, error in zip(lane.jobs, errors, strict=True):
            if error is None or isinstance(error, Rejected):
                new = self.model.waiting.pop(int(job.argument))
                self.model.settled.add(int(job.argument))
                if error is not None:
                    self.model.given_up[int(job.argument)] = new

    @rule(seconds=st.sampled_from([1, 40, 100, 4_000]))
    def wait(self, seconds: int) -> None:
        self.clock.forward(seconds=min(seconds, 30 if self.model.leased else seconds))

    @rule(host=HOSTS)
    def hear_from(self, host: str) -> None:
        self.workshop.write_now(queue.host_is_alive, [host])

    @rule(key=KEYS)
    def supersede(self, key: str) -> None:
        self.workshop.write_now(queue.supersede, key, "deliver")
        left = self.workshop.read_now(_numbers)
        running = {int(job.argument) for lane in self.model.leased for job in lane.jobs}
        gone = {number for number in {**self.model.waiting, **self.model.given_up} if number not in left}
        for number in gone:
            new = self.model.waiting.pop(number, None) or self.model.given_up.pop(number)
            assert (new.key, new.replaceable) == (key, True)
        assert not gone & running
        kept = [new for number, new in self.model.given_up.items() if number in left]
        assert not [new for new in kept if new.replaceable and new.key == key]

    @rule(host=HOSTS)
    def replay(self, host: str) -> None:
        try:
            done = self.workshop.write_now(again.replay, host, given_up=True)
        except NotFound:
            return
        back = {number: new for number, new in self.model.given_up.items() if new.host == host}
        assert done.given_up == len(back)
        for number, new in back.items():
            self.model.waiting[number] = new
            del self.model.given_up[number]
            self.model.settled.discard(number)

    @precondition(lambda self: self.model.leased)
    @rule()
    def workers_die(self) -> None:
        self.model.leased.clear()
        self.clock.now += LEASE

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.workshop.read_now(_open) == len(self.model.waiting)

    def teardown(self) -> None:
        """In the end, with peers that answer, everything runs."""
        for _ in range(_MOST_ROUNDS):
            for lane in self.model.leased:
                self._settle(lane, [None] * len(lane.jobs))
            self.model.leased.clear()
            if not self.model.waiting:
                break
            self.clock.now += timedelta(minutes=20)
            self._take(self.workshop.write_now(queue.claim, 3), 3)
        assert not self.model.waiting
        assert not self.workshop.read_now(queue.anything_due)


@pytest.mark.anyio
async def test_the_queue_keeps_its_promises(workshop: Workshop, clock: Clock) -> None:
    run_state_machine_as_test(
        type("OnThis", (Machine,), {"workshop": workshop, "clock": clock}),
        settings=settings(max_examples=30, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
