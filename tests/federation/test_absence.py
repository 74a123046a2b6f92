"""What its origin answers 404 for: kept until it says so again, some minutes later."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import absence, inbox, outbox, sources
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs import again
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.things import review
from fediverse_ehrenamt.things.model import HIDDEN, WAITING, ReviewRow, ThingRow
from fediverse_ehrenamt.vocab.types import Create, Note
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.origin import Answer, Origin
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
SOON = timedelta(minutes=1)
Ask = Callable[[], Awaitable[list[str]]]


def titles(work: Work) -> list[str]:
    return list(work.db.scalars(select(ThingRow.uri)))


def waiting(work: Work) -> list[str]:
    return list(work.db.scalars(select(JobRow.argument).where(JobRow.name == absence.ASK_AGAIN)))


@pytest.fixture
def home(instance: Instance) -> Workshop:
    """The workshop of an instance, on both databases."""
    return instance.workshop


@pytest.fixture
def note(home: Workshop, peer: Origin) -> Note:
    """A note of a source that is held here, and served by its origin."""
    anna = peer.actor(indexable=True)
    made = workbench.note(peer.at("/notes/1"), attributed_to=anna.id)
    peer.serve("/notes/1", made)

    def take(work: Work) -> None:
        workbench.add_source(work, anna.id)
        inbox.dispatch(work, wiring.HANDLERS, Create(id="", actor=anna.id, object=made, to=made.to))

    home.write_now(take)
    return made


@pytest.fixture
def ask(home: Workshop, note: Note) -> Ask:
    """Ask for the note as an Announce of it has us ask; return what is held."""

    async def asked() -> list[str]:
        await sources.obtain(home, wiring.HANDLERS, note.id, note.attributed_to)
        return await home.read(titles)

    return asked


async def later(home: Workshop, clock: Clock, by: timedelta = absence.AGAIN_AFTER) -> list[str]:
    """Return what is held after all that is due by then was done."""
    clock.now += by
    await Runner(home, wiring.JOBS).run_due()
    return await home.read(titles)


async def test_what_is_missing_for_a_minute_stays(
    home: Workshop, peer: Origin, note: Note, ask: Ask, clock: Clock
) -> None:
    served = peer.answers.pop("/notes/1")
    assert await ask() == [note.id]
    assert await later(home, clock, SOON) == [note.id]
    peer.answers["/notes/1"] = served
    assert await later(home, clock) == [note.id]
    assert peer.asked("/notes/1") == 2
    assert await home.read(waiting) == []


async def test_what_is_still_missing_goes_and_may_come_again(
    home: Workshop, peer: Origin, note: Note, ask: Ask, clock: Clock
) -> None:
    served = peer.answers.pop("/notes/1")
    for _twice in range(2):
        assert await ask() == [note.id]
    assert await home.read(waiting) == [f"{note.id} {note.attributed_to}"], "each is asked for once"
    assert await later(home, clock) == []
    assert not await home.read(outbox.is_buried, note.id)
    peer.answers["/notes/1"] = served
    assert await ask() == [note.id]


async def test_what_is_gone_goes_at_once(home: Workshop, peer: Origin, note: Note, ask: Ask) -> None:
    peer.answers["/notes/1"] = Answer(status=410)
    assert await ask() == []
    assert await home.read(outbox.is_buried, note.id)
    assert await home.read(waiting) == []


async def test_what_is_not_held_is_asked_for_once(home: Workshop, peer: Origin, note: Note) -> None:
    await sources.obtain(home, wiring.HANDLERS, peer.at("/notes/2"), note.attributed_to)
    assert await home.read(waiting) == []


async def test_a_host_that_comes_back_is_not_asked_too_soon(
    home: Workshop, peer: Origin, note: Note, ask: Ask, clock: Clock
) -> None:
    """Its jobs are all tried then, and its proxy may answer before its backend does."""
    del peer.answers["/notes/1"]
    await ask()
    clock.now += SOON
    await home.write(again.replay, ids.host(note.id), given_up=False)
    assert await later(home, clock, timedelta()) == [note.id]
    assert await home.read(waiting) == [f"{note.id} {note.attributed_to}"]
    assert await later(home, clock, absence.AGAIN_AFTER - SOON) == [note.id]
    assert await later(home, clock, SOON) == []


async def test_what_was_hidden_here_stays_so_when_it_comes_again(
    home: Workshop, peer: Origin, note: Note, ask: Ask
) -> None:
    await home.write(review.hide, note.id)
    served = peer.answers.pop("/notes/1")
    await sources.obtain(home, wiring.HANDLERS, note.id, note.attributed_to, again=True)
    peer.answers["/notes/1"] = served
    assert await ask() == []
    assert [one.uri for one in await home.read(review.waiting, "", HIDDEN)] == [note.id]


async def test_what_waits_to_be_decided_about_goes_too(
    home: Workshop, peer: Origin, note: Note, ask: Ask, clock: Clock
) -> None:
    await home.write(review.hide, note.id)
    await home.write(lambda work: work.db.execute(update(ReviewRow).values(state=WAITING)))
    del peer.answers["/notes/1"]
    await ask()
    assert [one.uri for one in await home.read(review.waiting)] == [note.id]
    await later(home, clock)
    assert await home.read(review.waiting) == []
