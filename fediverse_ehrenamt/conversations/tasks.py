"""What needs the network: learning who somebody is that wrote to us."""

from fediverse_ehrenamt.conversations import actions, store
from fediverse_ehrenamt.conversations.model import MessageRow
from fediverse_ehrenamt.federation import fetch
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.work import Work, Workshop


async def introduce(workshop: Workshop, job: Job) -> None:
    """Fetch an actor that is not known yet."""
    await fetch.ensure_actor(workshop, job.argument)


async def answer(workshop: Workshop, number: int, text: str) -> MessageRow:
    """Answer a message (see `actions.answer`), asking first where the person's inbox is if that was forgotten."""
    person = await workshop.read(_person, number)
    await fetch.ensure_actor(workshop, person)
    return await workshop.write(actions.answer, number, text)


def _person(work: Work, number: int) -> str:
    return store.get_message(work, number).person


JOBS = {"introduce": introduce}
