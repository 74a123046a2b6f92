"""A town with its mailbox, and browsers that keep their cookies, signed in or not."""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any, Concatenate

import httpx

from fediverse_ehrenamt import app, wiring
from fediverse_ehrenamt.accounts import entering, people, tasks
from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.work import P, T, Work
from tests.mail.postoffice import taken, text_of
from tests.workbench import HOME, Clock

ANNA = "anna@beispiel.de"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_SEAL = re.compile(r'name="siegel" value="([0-9a-f]{32})"')
_LINK = re.compile(rf"{HOME}(/(?:anmelden|einladung)/[a-z2-7]{{32}})$", re.MULTILINE)


class Visit:
    """One browser at the town: it keeps cookies, and sends the seal of the page that it saw last with every form."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.seal = ""

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return self._seen(await self.client.get(path, **more))

    async def post(self, path: str, *, headers: dict[str, str] | None = None, **data: str) -> httpx.Response:
        fields = {"siegel": self.seal, **data} if self.seal else data
        return self._seen(await self.client.post(path, data=fields, headers=headers))

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        found = _SEAL.search(answer.text)
        self.seal = found[1] if found else self.seal
        return answer

    @property
    def token(self) -> str:
        return self.client.cookies.get("sitzung") or ""

    async def signed_in(self) -> bool:
        return (await self.get("/konto")).status_code == 200


class House:
    """A town; `visit` opens a browser at it."""

    def __init__(self, instance: Instance, clock: Clock) -> None:
        self.instance, self.clock = instance, clock
        self.app = app.build(instance)
        self.app.state.instance_name = "Ehrenamt Hagen"

    @asynccontextmanager
    async def visit(
        self,
        person: str = "",
        *,
        agent: str = FIREFOX,
        at: str = "127.0.0.1",
        https: bool = False,
        proven: bool = True,
    ) -> AsyncIterator[Visit]:
        """Open a browser, in which a person (an id) may be signed in, by a second step too if that is `proven`."""
        transport = httpx.ASGITransport(self.app, client=(at, 4711), raise_app_exceptions=False)
        url = HOME.replace("http:", "https:") if https else HOME
        accept = {"accept": "text/html", "accept-language": "de", "user-agent": agent, "origin": url}
        async with httpx.AsyncClient(transport=transport, base_url=url, headers=accept) as client:
            made = Visit(client)
            if person:
                token = self.write(entering.begin, person, agent, proven=proven)
                client.cookies.set("sitzung", token, domain="hagen.example")
                await made.get("/konto")
            yield made

    def write(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.instance.workshop.write_now(function, *args, **kwargs)

    def add(self, mail: str = ANNA, name: str = "Anna Beispiel", *grants: Grant, language: str = "de") -> Person:
        return self.write(people.add, mail, name, language, grants)

    def add_operator(self, mail: str = "olga@beispiel.de") -> Person:
        return self.add(mail, "Olga Betrieb", Grant(Role.OPERATOR))

    async def letters(self) -> list[EmailMessage]:
        """Do what waits, and return the letters that came since the last time."""
        runner = Runner(self.instance.workshop, wiring.JOBS)
        while await runner.run_due():
            pass
        return list(taken(self.instance.workshop.settings))

    def tidy(self) -> None:
        for one in tasks.HOUSEKEEPING:
            self.write(one)

    def rows(self, kinds: Iterable[type]) -> dict[str, int]:
        """Count what is in some tables."""
        return {kind.__name__: self.write(_count, kind) for kind in kinds}


def _count(work: Work, kind: type) -> int:
    return work.db.query(kind).count()


def link(letter: EmailMessage) -> str:
    """Return the path of the one link in a letter for signing in or an invitation."""
    (found,) = _LINK.findall(text_of(letter))
    return str(found)


def token_of(path: str) -> str:
    return path.rpartition("/")[2]
