"""How many signed deliveries the queue makes, beside a bare loop of the same client with the same signing."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from pathlib import Path

import uvloop
from sqlalchemy import func, select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.demo import generator
from fediverse_ehrenamt.demo.towns import TOWNS
from fediverse_ehrenamt.federation import actors, signatures
from fediverse_ehrenamt.federation.fetch import ACTIVITY_JSON
from fediverse_ehrenamt.federation.model import FollowerRow, PublishedRow
from fediverse_ehrenamt.federation.signatures import SigningKey
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import clock, collector, ids
from fediverse_ehrenamt.kit.http import Client
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.work import Work, Workshop
from tests import servers
from tests.benchmarks import sink, site
from tests.benchmarks.measuring import ROUNDS, Figures, cores, middle, on_core
from tests.benchmarks.site import Site

_ORIGINS = 200
_ORGANISATIONS = 6  # each publishes one offer a round, to all origins
_AT_ONCE = 64  # of the bare loop: as many as the client is at its best with (measured from 16 to 200)
_LOOK_SECONDS = 0.02
_SEED = 11


def run(folder: Path) -> Figures:
    """Measure with a fresh instance below `folder`, its peers on the other core."""
    core, other = cores()
    port = servers.free_port()
    place = Site(folder / "delivering", servers.free_port())
    with site.bare(folder, other, "sink", str(port), str(_ORIGINS)), on_core(core):
        instance = place.open()
        inboxes = [f"http://{address}:{port}/inbox" for address in sink.addresses(_ORIGINS)]
        owners = instance.workshop.write_now(_settle_in, inboxes)
        with collector.spared(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as in the server
            return runner.run(_measure(instance, owners, inboxes))


def _settle_in(work: Work, inboxes: list[str]) -> list[str]:
    """Add organisations that the actors behind all inboxes follow; return their URIs."""
    added = [organisations.add(work, f"verein{number}", f"Verein {number}", "") for number in range(_ORGANISATIONS)]
    for one in added:
        for inbox in inboxes:
            follower = inbox.replace("/inbox", "/actor")
            work.db.add(
                FollowerRow(
                    actor=one.uri,
                    follower=follower,
                    follow=f"{follower}/follow",
                    inbox=inbox,
                    host=ids.host(inbox),
                    since=work.now,
                )
            )
    return [one.uri for one in added]


async def _measure(instance: Instance, owners: list[str], inboxes: list[str]) -> Figures:
    workshop = instance.workshop
    drafts = iter(_drafts())
    ours: list[float] = []
    ceilings: list[float] = []
    count = _ORGANISATIONS * _ORIGINS
    for _ in range(ROUNDS + 1):
        activities = await workshop.write(_publish, owners, drafts)
        ours.append(count / await _by_queue(workshop))
        ceilings.append(count / await _by_loop(workshop, activities, inboxes))
    await instance.close()
    ratios = [mine / theirs for mine, theirs in zip(ours, ceilings, strict=True)]
    return {
        "delivery_ratio": middle(ratios[1:]),
        "delivery_per_s": middle(ours[1:]),
        "delivery_ceiling_per_s": middle(ceilings[1:]),
    }


def _drafts() -> Iterator[Draft]:
    made = generator.entries(TOWNS[0], clock.now(), _SEED, opportunities=2 * _ORGANISATIONS * (ROUNDS + 1), events=0)
    for number, draft in enumerate(entry.draft for entry in made if isinstance(entry.draft, Draft)):
        details = replace(draft.details, status="veroeffentlicht", expires_at=None, confirmed_at=None)
        details = replace(details, start_date=None, end_date=None, apply_by=None)
        yield replace(draft, key=f"angebot-{number}", details=details)


def _publish(work: Work, owners: list[str], drafts: Iterator[Draft]) -> list[tuple[str, bytes]]:
    """Publish an offer of each organisation; return the activities with their actors."""
    uris = [opportunities.publish(work, owner, next(drafts)).uri for owner in owners]
    work.db.flush()
    rows = work.db.scalars(
        select(PublishedRow).where(PublishedRow.object.in_(uris), PublishedRow.kind == "Create")
    ).all()
    return [(row.actor, row.body) for row in rows]


async def _by_queue(workshop: Workshop) -> float:
    """Let a runner, as it runs in `ehrenamt serve`, deliver all that waits; return the seconds."""
    stop = asyncio.Event()
    runner = Runner(workshop, wiring.JOBS)
    started = time.perf_counter()
    running = asyncio.create_task(runner.run(stop))
    while await workshop.read(_waiting):  # noqa: ASYNC110 - the queue tells nobody that it is empty
        await asyncio.sleep(_LOOK_SECONDS)
    seconds = time.perf_counter() - started
    stop.set()
    await running
    assert await workshop.read(_given_up) == 0, "every delivery was taken"
    return seconds


def _waiting(work: Work) -> bool:
    return work.db.scalar(select(JobRow.id).where(JobRow.given_up_at.is_(None)).limit(1)) is not None


def _given_up(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(JobRow)) or 0


async def _by_loop(workshop: Workshop, activities: list[tuple[str, bytes]], inboxes: list[str]) -> float:
    """Send the same activities to the same inboxes with nothing around it; return the seconds."""
    keys = {actor: await workshop.write(actors.signing_key, actor) for actor, _ in activities}
    left = iter([(actor, body, inbox) for actor, body in activities for inbox in inboxes])

    async def send(client: Client) -> None:
        for actor, body, inbox in left:
            sign = partial(_sign, keys[actor])
            answer = await client.post(inbox, body, content_type=ACTIVITY_JSON, sign=sign)
            assert answer.status == HTTPStatus.ACCEPTED, "every delivery was taken"

    async with Client(user_agent="bare", allowed_networks=workshop.settings.allowed_networks) as client:
        started = time.perf_counter()
        await asyncio.gather(*(send(client) for _ in range(_AT_ONCE)))
        return time.perf_counter() - started


def _sign(key: SigningKey, method: str, url: str, body: bytes) -> dict[str, str]:
    return signatures.sign(key, method, url, body, clock.now())
