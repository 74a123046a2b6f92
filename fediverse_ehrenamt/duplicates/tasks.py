"""Background: follows the changes of Documents, as the index does, and finds duplicates. Nobody waits for it."""

from fediverse_ehrenamt.duplicates import following
from fediverse_ehrenamt.work import Work, Workshop


def follow(work: Work) -> int:
    """Look at the next changes, in one transaction, and return how many there were."""
    return following.note(work, following.examine(work))


async def step(workshop: Workshop) -> int:
    """Look at the next changes and return how many there were; the writer is held up only for what was found out."""
    found = await workshop.read(following.examine)
    return await workshop.write(following.note, found) if found.changes or found.after != found.before else 0
