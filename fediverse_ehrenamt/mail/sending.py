"""Sends letters: `post` puts one into the queue in the caller's transaction, `deliver` hands it to the mail server.

Without `EHRENAMT_SMTP_URL` letters become files (folder.py). A letter is in the database
only as long as it waits: its job is the letter, and goes when it is sent (given up, after `again.GIVEN_UP_LAST`).
"""

import asyncio
import logging
import re
from collections.abc import Collection

from sqlalchemy import delete, select

from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import Job, NewJob
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.kit import smtp, values
from fediverse_ehrenamt.kit.errors import Rejected
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.mail import folder, letters
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.work import Work, Workshop

LANE = "E-Mail"  # no host is written with capitals, so none shares its lane and breaker
JOB = "send_letter"

_log = logging.getLogger(__name__)


def post(work: Work, letter: Letter) -> None:
    """Have a letter sent if and only if this transaction commits."""
    queue.enqueue(work, [NewJob(LANE, JOB, values.dump(letter))])


def forget(work: Work, mail: str) -> None:
    """Erase the letters to an address that wait, were given up, or became files."""
    work.db.flush()
    named = JobRow.name == JOB, JobRow.argument.contains(mail, autoescape=True)
    rows = work.db.execute(select(JobRow.id, JobRow.argument).where(*named))
    theirs = [row.id for row in rows if values.load(Letter, row.argument).to.lower() == mail]
    work.db.execute(delete(JobRow).where(JobRow.id.in_(theirs)))
    folder.forget(work.settings, lambda source: f"\nto: {mail}\r\n" in source.lower())


def forget_about(work: Work, purposes: Collection[str], subjects: Collection[str]) -> None:
    """Erase the letters that hold a link to one of these things (`links.link`), wherever they still are."""
    if not subjects:
        return
    work.db.flush()
    linked, wanted = re.compile(rf"/(?:{'|'.join(map(re.escape, purposes))})/([^/\s]+)/"), set(subjects)
    rows = work.db.execute(select(JobRow.id, JobRow.argument).where(JobRow.name == JOB))
    theirs = [row.id for row in rows if wanted.intersection(linked.findall(row.argument))]
    work.db.execute(delete(JobRow).where(JobRow.id.in_(theirs)))
    folder.forget(work.settings, lambda source: bool(wanted.intersection(linked.findall(source))))


async def deliver(workshop: Workshop, job: Job) -> None:
    """Send one letter; raises `Unavailable` to be tried again, `Rejected` where it was refused for good."""
    letter = values.load(Letter, job.argument)
    settings = workshop.settings
    message = letters.compose(letter, settings.mail_from)
    if not settings.smtp_url:
        file = await asyncio.to_thread(folder.put, settings, letter, message)
        _log.warning("EHRENAMT_SMTP_URL is not set: a letter was written to %s", file)
        return
    try:
        await smtp.send(smtp.read(settings.smtp_url), settings.mail_from, letter.to, message)
    except Rejected as error:
        raise Rejected(sentence("%(to)s: %(reason)s", to=letter.to, reason=error.public), error.peer_status) from error
    _log.info("letter %s was sent", letter.id)


JOBS: dict[str, JobFunction] = {JOB: deliver}
