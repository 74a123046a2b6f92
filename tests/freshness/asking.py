"""A town whose organisation can be written to, with the letters that it wrote and the pages behind their links."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx
from sqlalchemy import select

from fediverse_ehrenamt import app
from fediverse_ehrenamt.freshness import actions
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.mail.postoffice import taken, text_of
from tests.workbench import HOME, Clock

P = ParamSpec("P")
T = TypeVar("T")
MAIL = "info@buecherei.example"
_PATH = re.compile(r"/(?:stimmt-noch|nicht-mehr|keine-erinnerungen)/\S+")


@dataclass
class Town:
    """`owner` is the URI of the organisation's actor."""

    instance: Instance
    clock: Clock
    owner: str = ""

    def open(self) -> None:
        self.owner = self.write(workbench.add_organisation)
        self.write(organisations.set_mail, self.owner, MAIL)

    def write(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.instance.workshop.write_now(function, *args, **kwargs)

    def publish(self, key: str = "lesepatin", **details: Any) -> Outcome:
        title = {"title": f"{key.title()} gesucht"}
        return self.write(opportunities.publish, self.owner, workbench.offer(key, **title | details))

    async def letters(self) -> list[EmailMessage]:
        """Let housekeeping ask, have its letters sent, and return those that came since the last time."""
        self.write(actions.remind)
        await Runner(self.instance.workshop, sending.JOBS).run_due()
        return list(taken(self.instance.workshop.settings))

    async def links(self) -> dict[str, str]:
        """Return the paths in the one letter that is due, by what they are for; the last of each."""
        (letter,) = await self.letters()
        return links_of(letter)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self._ask("GET", path, headers)

    async def post(self, path: str, **headers: str) -> httpx.Response:
        return await self._ask("POST", path, headers)

    async def _ask(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        made = app.build(self.instance)
        made.state.instance_name = "Ehrenamt Hagen"
        async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=HOME) as client:
            return await client.request(method, path, headers={"accept": "text/html"} | headers)

    def with_secret(self, **changes: Any) -> None:
        self.instance.workshop.settings = replace(self.instance.workshop.settings, **changes)


def paths(letter: EmailMessage) -> list[str]:
    return _PATH.findall(text_of(letter))


def links_of(letter: EmailMessage, url: str = "") -> dict[str, str]:
    """Return the links by what they are for, the last of each."""
    return {path.split("/")[1]: f"{url}{path}" for path in paths(letter)}


def waiting(work: Work) -> list[JobRow]:
    """The letters in the queue."""
    return list(work.db.scalars(select(JobRow).where(JobRow.name == sending.JOB)))
