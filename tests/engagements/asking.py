"""A town with an organisation, its offer and its mailbox, and people without accounts who ask."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx
from sqlalchemy import select

from fediverse_ehrenamt import app
from fediverse_ehrenamt.engagements.model import EnquiryRow, EntryRow
from fediverse_ehrenamt.engagements.tasks import HOUSEKEEPING
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import ids, values
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.mail.postoffice import taken, text_of
from tests.workbench import HOME, Clock

P = ParamSpec("P")
T = TypeVar("T")
ANNA, LIBRARY = "anna@beispiel.de", "info@buecherei.example"
_LINK = re.compile(rf"{HOME}(/(?:meine-anfrage|anfrage-beantworten)/\S+)")


class Town:
    """A town with its letters, and a browser without cookies. `offer` is the path of an offer's page."""

    def __init__(self, instance: Instance, clock: Clock) -> None:
        self.instance, self.clock = instance, clock
        self.organisation = self.write(workbench.add_organisation)
        self.write(organisations.set_mail, self.organisation, LIBRARY)
        made = self.write(opportunities.publish, self.organisation, workbench.offer(answer_within_days=5))
        self.uri, self.offer = made.uri, f"/angebote/{made.page}"

    def write(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.instance.workshop.write_now(function, *args, **kwargs)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self._send("GET", path, headers)

    async def post(self, path: str, **data: Any) -> httpx.Response:
        return await self._send("POST", path, {}, data=data)

    async def _send(self, method: str, path: str, headers: dict[str, str], **more: Any) -> httpx.Response:
        made = app.build(self.instance)
        made.state.instance_name = "Ehrenamt Hagen"
        async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=HOME) as client:
            return await client.request(method, path, headers={"accept": "text/html", "origin": HOME} | headers, **more)

    async def letters(self, to: str = "") -> list[EmailMessage]:
        """Let housekeeping do all it has to, and return the letters that came since the last time."""
        while sum([self.instance.workshop.write_now(one) for one in HOUSEKEEPING]):
            pass
        await Runner(self.instance.workshop, sending.JOBS).run_due()
        return [letter for letter in taken(self.instance.workshop.settings) if not to or letter["To"] == to]

    async def ask(self, **changes: Any) -> httpx.Response:
        typed = {"name": "Anna Beispiel", "mail": ANNA, "text": "Ich lese gern vor.", "formular": ids.new_id()}
        return await self.post(f"{self.offer}/anfrage", **typed | changes)

    async def asked(self, **changes: Any) -> tuple[str, str]:
        """Ask and confirm; return the paths of the person's and of the organisation's page."""
        assert (await self.ask(**changes)).status_code == 303
        (question,) = await self.letters()
        person = link(question)
        assert (await self.act(person, "bestaetigen")).status_code == 303
        (told,) = await self.letters(LIBRARY)
        return person, link(told)

    async def act(self, path: str, step: str, **data: str) -> httpx.Response:
        return await self.post(path, **{"schritt": step, "formular": ids.new_id()} | data)

    def waiting(self) -> list[tuple[str, str]]:
        """Return the receiver and the text of each letter that waits."""
        jobs = self.write(lambda work: list(work.db.scalars(select(JobRow.argument).order_by(JobRow.id))))
        return [(letter.to, letter.text) for letter in (values.load(Letter, argument) for argument in jobs)]

    def rows(self) -> list[EnquiryRow]:
        return self.write(lambda work: list(work.db.scalars(select(EnquiryRow).order_by(EnquiryRow.id))))

    def entries(self) -> list[EntryRow]:
        return self.write(lambda work: list(work.db.scalars(select(EntryRow).order_by(EntryRow.id))))


def link(letter: EmailMessage) -> str:
    return str(_LINK.findall(text_of(letter))[-1])
