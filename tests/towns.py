"""Whole instances of ours on loopback, really federating over HTTP: each with its own folder, database, index, port.

All of a test's towns share one event loop in a thread of its own and one clock that can be put forward; the test itself
stays plain and blocking, as a person with a browser and a shell would be.
"""

import asyncio
import html
import json
import re
import subprocess
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx
import uvicorn
from sqlalchemy import delete, func, select

from fediverse_ehrenamt import app, background, server, setup
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.federation.model import FollowerRow, HostRow, PublishedRow, ReceivedRow
from fediverse_ehrenamt.federation.sources import Source
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.jobs import overview
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.vocab.types import EventDetails, OpportunityDetails, Place
from fediverse_ehrenamt.work import Work, Workshop
from tests import databases, processes, servers

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 60.0  # seconds; a delivery that failed once on a busy machine is tried again after half a minute
ACTIVITY_JSON = "application/activity+json"
EACH_ANEW = httpx.Limits(max_keepalive_connections=0)
"""A connection for each request: one that is kept may be closed at the moment that it is used again."""
AS_PEER = {"Accept": ACTIVITY_JSON}
AS_BROWSER = {"Accept": "text/html"}
HAGEN = Place(name="Stadtbücherei", postcode="58095", locality="Hagen", latitude=51.3594, longitude=7.4750)

_CALL_SECONDS = 60.0
_CARD = re.compile(r"<article class=\"card.*?</article>", re.DOTALL)
_LINK = re.compile(r"<a [^>]*?href=\"([^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
_BADGE = re.compile(r"badge-status\">(.*?)</span>")
_TAG = re.compile(r"<[^>]+>")


class Clock:
    """The time of all towns of a test: the real one, plus what it was put forward by."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return clock.now() + self._ahead

    def advance(self, **by: float) -> None:
        """Put it forward, by what `timedelta` takes."""
        self._ahead += timedelta(**by)


class Stage:
    """An event loop in a thread of its own, for all that a test lets run."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="towns")
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T], seconds: float = _CALL_SECONDS) -> T:
        """Run something on the stage and return its result, or raise its error."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(seconds)

    def close(self) -> None:
        self.run(self.loop.shutdown_default_executor())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(_CALL_SECONDS)
        self.loop.close()


class Served:
    """One ASGI app, served on the stage as `ehrenamt serve` does until it is stopped."""

    def __init__(self, stage: Stage, asgi: Any, port: int) -> None:
        self._stage = stage
        self._server = uvicorn.Server(server.configured(asgi))
        listener = server.listening("127.0.0.1", port)
        self._serving = asyncio.run_coroutine_threadsafe(self._server.serve([listener]), stage.loop)
        servers.wait_until(lambda: self._server.started or self._serving.done(), f"port {port}")
        if self._serving.done():
            self._serving.result()

    def stop(self) -> None:
        """End it and free its port. Stopping twice does nothing."""
        self._server.should_exit = True
        self._serving.result(_CALL_SECONDS)


@dataclass(frozen=True, slots=True)
class Card:
    """One hit of a search as its card shows it."""

    title: str
    href: str
    status: str
    origin: str
    origin_url: str
    text: str


@dataclass(slots=True)
class Town:
    """One instance; `environ` is what a command line beside it needs."""

    stage: Stage
    clock: Clock
    environ: Mapping[str, str]
    client: httpx.Client
    settings: Settings
    folder: Path
    all: "list[Town]"
    _instance: Instance | None = None
    _served: Served | None = None
    _owners: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.settings.url

    @property
    def host(self) -> str:
        return self.settings.host

    @property
    def actor(self) -> str:
        """The instance's own actor."""
        return f"{self.url}/ap/actor/relay"

    @property
    def instance(self) -> Instance:
        assert self._instance is not None, f"{self.url} does not run"
        return self._instance

    @property
    def workshop(self) -> Workshop:
        return self.instance.workshop

    # --- running ------------------------------------------------------------------------------------------------------
    def create(self, name: str) -> None:
        """Set the instance up, as `ehrenamt init` does."""
        instance = open_instance(self.settings)
        try:
            setup.create(instance, name, f"Engagement in {name}.", None)
        finally:
            self.stage.run(instance.close())

    def start(self) -> None:
        """Serve, with all that runs beside requests."""
        self._instance = open_instance(self.settings)
        self._instance.workshop.now = self.clock.now
        self._served = Served(self.stage, app.build(self._instance), int(self.host.rpartition(":")[2]))

    def stop(self) -> None:
        """End as `serve` ends on SIGTERM. Stopping twice does nothing."""
        if self._served is not None:
            served, self._served, self._instance = self._served, None, None
            served.stop()

    def command(self, *words: str | Path) -> str:
        """Run `ehrenamt …` as a second process and return what it printed; AssertionError with its complaint."""
        done = self.try_command(*words)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def try_command(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run `ehrenamt …` as a second process, whatever comes of it."""
        return processes.command([str(word) for word in words], self.folder, self.environ)

    def commanded(self, *words: str | Path) -> Any:
        """Run a command with --json and return what it says."""
        return json.loads(self.command(*words, "--json"))

    # --- what people do -----------------------------------------------------------------------------------------------
    def add(self, handle: str = "buecherei", name: str = "Stadtbücherei") -> str:
        """Add an organisation and return its actor's URI; publishing goes through the one added first."""
        uri = self.write(organisations.add, handle, name).uri
        self._owners[handle] = uri
        return uri

    def owner(self, handle: str) -> str:
        """Return the URI of an organisation added here."""
        return self._owners[handle]

    def publish(self, draft: Draft | EventDraft, handle: str = "") -> Outcome:
        """Publish, change or withdraw for an organisation added here."""
        owner = self._owners[handle] if handle else next(iter(self._owners.values()))
        if isinstance(draft, EventDraft):
            return self.write(events.publish, owner, draft)
        return self.write(opportunities.publish, owner, draft)

    def follow(self, address: str) -> Source:
        """Add a source and return it as it is listed once it was asked; see `until_followed`."""
        return self.stage.run(sources.add(self.workshop, address))

    def source(self, uri: str) -> Source | None:
        return next((one for one in self.read(sources.listing) if one.uri == uri), None)

    def search(self, words: str, **more: str) -> list[Card]:
        """Search for words as they stand and return the cards of the first page, without what answers only nearly."""
        page = self.client.get(f"{self.url}/", params={"q": words, "wortlaut": "ja", **more}, headers=AS_BROWSER)
        assert page.status_code == httpx.codes.OK, page.text
        return [_card(found) for found in _CARD.findall(page.text.partition('class="cards nearby"')[0])]

    def titles(self, words: str) -> list[str]:
        return [card.title for card in self.search(words)]

    def get(self, url: str, headers: Mapping[str, str] = AS_PEER, **params: str) -> httpx.Response:
        """Ask for a path or a URL, as a peer if nothing else is said; redirects are not followed."""
        return self.client.get(url if "://" in url else f"{self.url}{url}", headers=headers, params=params)

    # --- what is inside -----------------------------------------------------------------------------------------------
    def read(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.stage.run(self.workshop.read(function, *args, **kwargs))

    def write(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.stage.run(self.workshop.write(function, *args, **kwargs))

    def received(self, activity: str = "") -> list[ReceivedRow]:
        """Return what came in, the oldest first; with `activity` only that id."""

        def read(work: Work) -> list[ReceivedRow]:
            chosen = select(ReceivedRow).order_by(ReceivedRow.id)
            return list(work.db.scalars(chosen.where(ReceivedRow.activity == activity) if activity else chosen))

        return self.read(read)

    def followers(self, actor: str = "") -> list[str]:
        """Return the URIs of those who follow an actor of this town, the instance's if none is named."""
        chosen = select(FollowerRow.follower).where(FollowerRow.actor == (actor or self.actor))
        return self.read(lambda work: sorted(work.db.scalars(chosen)))

    def knows_sister(self, host: str) -> bool:
        found = self.read(lambda work: work.db.get(HostRow, host))
        return found is not None and found.sister

    # --- waiting ------------------------------------------------------------------------------------------------------
    def until_found(self, words: str, title: str, seconds: float = PATIENCE) -> Card:
        """Wait until a search finds a title and return its card."""
        self.until(lambda: title in self.titles(words), f"finds “{title}” by “{words}”", seconds)
        return next(card for card in self.search(words) if card.title == title)

    def until_lost(self, words: str, seconds: float = PATIENCE) -> None:
        """Wait until a search finds nothing."""
        self.until(lambda: not self.titles(words), f"finds nothing by “{words}”", seconds)

    def until_handled(self, activity: str) -> str:
        """Wait until an activity that came in was handled and return what became of it."""

        def handled() -> bool:
            rows = self.received(activity)
            return bool(rows) and rows[0].due_at is None

        self.until(handled, f"handles {activity}")
        return self.received(activity)[0].verdict

    def until_quiet(self) -> None:
        """Wait until nothing that came in and no job of this town is due or in hand: what is in hand is not due."""
        in_hand = select(LaneRow.host).where(LaneRow.leased > 0).limit(1)

        def rests(work: Work) -> bool:
            return not background.anything_due(work) and work.db.scalar(in_hand) is None

        self.until(lambda: self.read(rests), "rests")

    def until(self, ready: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Wait until `ready()` holds; AssertionError with what all towns of the test are at if it doesn't."""
        try:
            servers.wait_until(ready, f"{self.url} {what}", seconds)
        except AssertionError as error:
            reports = [town.report() for town in self.all if town._instance is not None]
            raise AssertionError("\n".join([str(error), *reports])) from error

    def report(self) -> str:
        """Say what this town is at: what came in, what went out, what waits, whom it follows, what its index has."""

        def read(work: Work) -> list[str]:
            came = [
                f"  {row.activity} {row.how}: {row.verdict or 'waits'}" for row in work.db.scalars(select(ReceivedRow))
            ]
            jobs = [
                f"  {job.name} {job.argument} tried {job.tries}, due {job.due_at}, until {job.given_up_at} {job.error}"
                for job in work.db.scalars(select(JobRow))
            ]
            lanes = [
                f"  {lane.host} next {lane.next_at} leased {lane.leased}" for lane in work.db.scalars(select(LaneRow))
            ]
            listed = [f"  {one.uri} {one.state} {one.read_at} {one.error}" for one in sources.listing(work)]
            sent = [f"  {row.uri} {row.kind} {row.object}" for row in work.db.scalars(select(PublishedRow))]
            held = [
                f"index: at {self.instance.index.cursor} of {documents.newest(work)}, {documents.count(work)} in all"
            ]
            said = ["came in:", *came, "went out:", *sent, "jobs:", *jobs, "lanes:", *lanes, "sources:", *listed]
            return said + held

        return "\n".join([f"{self.url} at {self.clock.now()}", *self.read(read)])


class Country:
    """The towns of one test with their shared loop and clock."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage()
        self.clock = Clock()
        self.towns: list[Town] = []
        self.client = httpx.Client(timeout=_CALL_SECONDS, limits=EACH_ANEW, trust_env=False)
        self._folder = folder
        self._served: list[Served] = []

    def town(self, name: str, database_url: str = "", **environ: str) -> Town:
        """Set up a town and start it; it uses SQLite if no database is named."""
        folder = self._folder / name
        folder.mkdir()
        given = {
            "EHRENAMT_URL": f"http://127.0.0.1:{servers.free_port()}",
            "EHRENAMT_DATA": str(folder / "data"),
            "EHRENAMT_DATABASE_URL": database_url,
            "EHRENAMT_ALLOWED_NETWORKS": "127.0.0.0/8",
            "EHRENAMT_SECRET": f"das-geheimnis-von-{name}-".ljust(40, "x"),
            "EHRENAMT_SECOND_FACTOR": "advised",  # a test that is about it says `required`
            **environ,
        }
        town = Town(self.stage, self.clock, given, self.client, Settings.load(given), folder, self.towns)
        if not given["EHRENAMT_DATABASE_URL"]:
            town.settings.data.mkdir(parents=True)
            databases.migrated(town.settings.data / "ehrenamt.sqlite")
        town.create(f"Ehrenamt {name}")
        town.start()
        self.towns.append(town)
        return town

    def serve(self, asgi: Any, port: int) -> Served:
        """Serve another app on the same loop until the test ends."""
        served = Served(self.stage, asgi, port)
        self._served.append(served)
        return served

    def stop(self) -> None:
        """End all that is served. Stopping twice does nothing."""
        for town in self.towns:
            town.stop()
        while self._served:
            self._served.pop().stop()

    def close(self) -> None:
        try:
            self.stop()
        finally:
            self.client.close()
            self.stage.close()


@contextmanager
def country(folder: Path) -> Iterator[Country]:
    """Yield a country without towns; whatever was started in it is stopped afterwards."""
    made = Country(folder)
    try:
        yield made
    finally:
        made.close()


def befriend(*towns: Town) -> None:
    """Let each town follow each other one and wait until all agreed and know that they are sisters."""
    pairs = [(one, other) for one in towns for other in towns if one is not other]
    for one, other in pairs:
        one.follow(other.url)
    for one, other in pairs:
        until_followed(one, other)


def until_followed(one: Town, other: Town, actor: str = "") -> None:
    """Wait until `one` follows `other` (or an actor of it): asked, agreed, outbox read, known as a sister there."""

    def followed() -> bool:
        source = one.source(actor or other.actor)
        agreed = source is not None and source.state == "accepted" and source.read_at is not None
        return agreed and one.actor in other.followers(actor) and other.knows_sister(one.host)

    one.until(followed, f"follows {other.url}")


def without_background(settings: Settings) -> Settings:
    """Return settings of a web process that leaves all work to workers, of which there are none."""
    return replace(settings, redis_url="redis://127.0.0.1:9/0")


def with_background(settings: Settings) -> Settings:
    """Return settings of a process that does everything itself."""
    return replace(settings, redis_url="")


def forget_hosts(town: Town) -> None:
    """Let a town forget what software its peers run."""

    def forget(work: Work) -> None:
        work.db.execute(delete(HostRow))

    town.write(forget)


def waiting(town: Town) -> int:
    """Return how many jobs of a town are neither done nor given up."""
    return sum(lane.waiting for lane in town.read(overview.lanes))


def tries(town: Town) -> int:
    """Return how often the jobs that a town still has were tried."""
    return town.read(lambda work: work.db.scalar(select(func.sum(JobRow.tries))) or 0)


# --- drafts -----------------------------------------------------------------------------------------------------------
def opportunity(title: str, text: str = "", key: str = "angebot", **details: Any) -> Draft:
    """Return an opportunity in Hagen; `details` are fields of `OpportunityDetails`."""
    facts = OpportunityDetails(title=title, kind="regelmaessig", areas=("kultur",), **details)
    return Draft(key=key, details=facts, text=text or f"{title}: ein ganz normaler Text, lang genug.", place=HAGEN)


def withdrawn(draft: Draft) -> Draft:
    """Return the draft that takes an opportunity back."""
    return replace(draft, details=replace(draft.details, status="zurueckgezogen"))


def event(name: str, starts_at: datetime, key: str = "termin", **fields: Any) -> EventDraft:
    """Return an event of three hours in Hagen; `fields` are fields of `events.rules.Draft`."""
    text = str(fields.pop("text", f"{name}: es gibt Waffeln und Musik."))
    details = EventDetails(kind="fest", areas=("kultur",))
    return EventDraft(
        key=key,
        name=name,
        details=details,
        text=text,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        place=HAGEN,
        **fields,
    )


def _card(found: str) -> Card:
    links = [(html.unescape(href), _words(words)) for href, words in _LINK.findall(found)]
    (href, title), origins = links[0], links[1:]
    status = _BADGE.search(found)
    origin_url, origin = origins[-1] if origins else ("", "")
    return Card(title, href, _words(status[1]) if status else "", origin, origin_url, _words(found))


def _words(marked: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", marked)).split())
