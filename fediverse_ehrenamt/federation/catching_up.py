"""When sources are looked at again, and how that went: on a schedule, and the less often the longer it fails."""

import random
from datetime import timedelta

from sqlalchemy import or_, select

from fediverse_ehrenamt.federation import fetch, outboxes, sources
from fediverse_ehrenamt.federation.chosen import SILENT
from fediverse_ehrenamt.federation.handlers import Handlers
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.federation.outboxes import Marks, Reading
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import Job, NewJob
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.kit import ids, sentences, values
from fediverse_ehrenamt.kit.errors import EhrenamtError, Gone, Missing, Unavailable
from fediverse_ehrenamt.vocab.types import Actor
from fediverse_ehrenamt.work import Work, Workshop

READ_AGAIN_AFTER = timedelta(hours=6)
LONGEST_WAIT = timedelta(days=7)
_DOUBLINGS = 5
_JITTER = 0.2
_DUE_AT_ONCE = 20


def jobs(handlers: Handlers) -> dict[str, JobFunction]:
    """Return the jobs of sources; they hand what they fetch to the same handlers as the inbox does."""

    async def run_read_outbox(workshop: Workshop, job: Job) -> None:
        try:
            await read_outbox(workshop, handlers, job.argument)
        except Unavailable:  # tried again like every job that reaches nobody
            raise
        except EhrenamtError:
            pass  # the host answered, and what is wrong stands with the source

    async def run_obtain(workshop: Workshop, job: Job) -> None:
        uri, _, via = job.argument.partition(" ")
        await sources.obtain(workshop, handlers, uri, via)

    return {
        "read_outbox": run_read_outbox,
        "obtain": run_obtain,
        "identify": sources.identify,
        sources.ADD_SOURCE: sources.run_add,
    }


def read_again(work: Work) -> int:
    """Enqueue another look at outboxes whose time has come: Mobilizon and Gancio never repeat a lost delivery."""
    unplanned = SourceRow.next_at.is_(None) & (SourceRow.read_at < work.now - READ_AGAIN_AFTER)
    due = select(SourceRow).where(SourceRow.state.not_in(SILENT), or_(SourceRow.next_at <= work.now, unplanned))
    rows = work.db.scalars(due.order_by(SourceRow.read_at).limit(_DUE_AT_ONCE).with_for_update(skip_locked=True)).all()
    asked = _asked_already(work, [row.uri for row in rows])
    for row in rows:
        row.next_at = work.now + next_look(row.failures, random.random())  # noqa: S311 - jitter
    queue.enqueue(work, [NewJob(ids.host(row.uri), "read_outbox", row.uri) for row in rows if row.uri not in asked])
    return len(rows)


def _asked_already(work: Work, uris: list[str]) -> set[str]:
    """Return those for which a look waits in the queue, perhaps because it was tried in vain."""
    if not uris:
        return set()
    hosts = {ids.host(uri) for uri in uris}
    waiting = select(JobRow.argument).where(JobRow.host.in_(hosts), JobRow.name == "read_outbox")
    return set(work.db.scalars(waiting.where(JobRow.argument.in_(uris), JobRow.given_up_at.is_(None))))


def next_look(failures: int, chance: float) -> timedelta:
    """Return the wait before the next look after so many failures running; `chance` is a random number in [0, 1)."""
    doubled: int = 2 ** min(failures, _DOUBLINGS)
    wait = min(READ_AGAIN_AFTER * doubled, LONGEST_WAIT)
    return wait * (1 + _JITTER * (2 * chance - 1))


async def read_outbox(workshop: Workshop, handlers: Handlers, uri: str, *, whole: bool = False) -> Reading:
    """Look at what a source published since the last look, or at the `whole` outbox, and write down how that went.

    Raises what `fetch.actor` and `outboxes.read` raise, after noting it; a source that answers 410 has left.
    """
    try:
        actor = await fetch.actor(workshop, uri)
    except EhrenamtError as error:
        await workshop.write(_note_failure, uri, error.public)
        if isinstance(error, Gone) and not isinstance(error, Missing):
            await workshop.write(sources.note_gone, uri)
        raise
    try:
        before = Marks() if whole else await workshop.read(_marks, uri, actor)
        reading = await outboxes.read(workshop, handlers, actor, before)
    except EhrenamtError as error:
        await workshop.write(_note_failure, uri, error.public)
        raise
    await workshop.write(_note_reading, uri, before, reading.marks)
    return reading


def _marks(work: Work, uri: str, actor: Actor) -> Marks:
    """Return what the last look left; nothing where it is time to read all, or where consent was given since then."""
    row = work.db.get(SourceRow, uri)
    marks = values.load(Marks, row.marks) if row is not None and row.marks else Marks()
    fresh = marks.whole_at is not None and marks.whole_at > work.now - outboxes.WHOLE_AGAIN_AFTER
    return marks if fresh and (marks.indexable or not actor.indexable) else Marks()


def _note_reading(work: Work, uri: str, before: Marks, after: Marks) -> None:
    row = work.db.get(SourceRow, uri)
    if row is not None:
        row.read_at = row.contact_at = work.now
        row.error, row.failures = "", 0
        if row.marks or before == Marks():  # else something else was chosen meanwhile, and all is to be read again
            row.marks = values.dump(after)
        row.next_at = work.now + next_look(0, random.random())  # noqa: S311 - jitter


def _note_failure(work: Work, uri: str, error: str) -> None:
    row = work.db.get(SourceRow, uri)
    if row is not None:
        row.read_at, row.error, row.failures = work.now, sentences.dump(error), row.failures + 1
        row.next_at = work.now + next_look(row.failures, random.random())  # noqa: S311 - jitter
