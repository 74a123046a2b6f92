"""What goes on about accounts in the background: the links that were asked for, and the end of what is over."""

from collections.abc import Callable

from fediverse_ehrenamt.accounts import entering, rules, store
from fediverse_ehrenamt.accounts.entering import Asked
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.work import Work, Workshop

_AT_ONCE = 1_000


async def write_link(workshop: Workshop, job: Job) -> None:
    """Send a link for signing in."""
    await workshop.write(entering.write, values.load(Asked, job.argument))


def erase_expired(work: Work) -> int:
    """Erase sign-ins, invitations and links that are over."""
    return store.erase_expired(work, work.now - rules.LINKS_KEPT, work.now - rules.INVITATIONS_KEPT, _AT_ONCE)


JOBS: dict[str, JobFunction] = {entering.JOB: write_link}
HOUSEKEEPING: list[Callable[[Work], int]] = [erase_expired]
