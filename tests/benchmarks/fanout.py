"""One offer published to 10,000 followers on 3,000 hosts, none with a shared inbox: how long, with how much memory.

`python -m tests.benchmarks.fanout PORT` is the process that is measured: it publishes in the instance of its
environment, delivers all of it to a sink on PORT, and prints its figures as JSON.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import func, select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.demo import generator
from fediverse_ehrenamt.demo.towns import TOWNS
from fediverse_ehrenamt.federation.model import FollowerRow
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import clock, collector, ids
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work
from tests import servers
from tests.benchmarks import sink, site
from tests.benchmarks.measuring import ROOT, ROUNDS, Figures, cores, middle, on_core
from tests.benchmarks.site import Site

_FOLLOWERS, _HOSTS = 10_000, 3_000
_SEED = 13
_LOOK_SECONDS = 0.05
_LONGEST_SECONDS = 300


def run(folder: Path) -> Figures:
    """Measure with a fresh instance below `folder`, its peers on the other core."""
    core, other = cores()
    port = servers.free_port()
    place = Site(folder / "fanout", servers.free_port())
    instance = place.open()
    instance.workshop.write_now(_settle_in, port)
    asyncio.run(instance.close())
    command = [sys.executable, "-m", "tests.benchmarks.fanout", str(port)]
    environ = servers.environ(**place.environ, PYTHONPATH=str(ROOT))
    with site.bare(folder, other, "sink", str(port), str(_HOSTS)), on_core(core):
        done = subprocess.run(command, env=environ, check=True, capture_output=True, timeout=_LONGEST_SECONDS)
    figures: Figures = json.loads(done.stdout)
    return figures


def _settle_in(work: Work, port: int) -> None:
    """Add an organisation with its followers, each with an inbox of its own."""
    addresses = sink.addresses(_HOSTS)
    uri = organisations.add(work, "verein", "Verein mit vielen Folgenden", "").uri
    for number in range(_FOLLOWERS):
        follower = f"http://{addresses[number % _HOSTS]}:{port}/u/{number}"
        work.db.add(
            FollowerRow(
                actor=uri,
                follower=follower,
                follow=f"{follower}/follow",
                inbox=f"{follower}/inbox",
                host=ids.host(follower),
                since=work.now,
            )
        )


async def _measured(instance: Instance) -> Figures:
    """Publish some offers, each in one request's transaction; deliver the last one's letters."""
    workshop = instance.workshop
    seconds = []
    for draft in _drafts():
        await workshop.write(_no_more_jobs)
        started = time.perf_counter()
        await workshop.write(_publish, draft)
        seconds.append(time.perf_counter() - started)
    started, stop = time.perf_counter(), asyncio.Event()
    running = asyncio.create_task(Runner(workshop, wiring.JOBS).run(stop))
    while await workshop.read(_waiting):  # noqa: ASYNC110 - the queue tells nobody that it is empty
        await asyncio.sleep(_LOOK_SECONDS)
    delivered = time.perf_counter() - started
    stop.set()
    await running
    assert await workshop.read(_left) == 0, "every letter was taken"
    await instance.close()
    return {"fanout_10k_s": middle(seconds[1:]), "fanout_10k_mb": _peak_mb(), "fanout_10k_delivered_s": delivered}


def _peak_mb() -> float:
    """Return the most memory that this program had; `ru_maxrss` counts what forked it, too."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1_024 / 1e6


def _drafts() -> list[Draft]:
    made = generator.entries(TOWNS[0], clock.now(), _SEED, opportunities=ROUNDS + 1, events=0)
    drafts = [entry.draft for entry in made if isinstance(entry.draft, Draft)]
    open_for_all: dict[str, Any] = {
        "status": "veroeffentlicht", "expires_at": None, "confirmed_at": None, "start_date": None, "end_date": None,
        "apply_by": None,
    }  # fmt: skip
    return [
        replace(draft, key=f"angebot-{number}", details=replace(draft.details, **open_for_all))
        for number, draft in enumerate(drafts)
    ]


def _publish(work: Work, draft: Draft) -> None:
    owner = next(one.uri for one in organisations.listing(work))
    opportunities.publish(work, owner, draft)
    work.db.flush()
    assert work.db.scalar(select(func.count()).select_from(JobRow)) == _FOLLOWERS, "one letter for each inbox"


def _no_more_jobs(work: Work) -> None:
    work.db.query(JobRow).delete()


def _waiting(work: Work) -> bool:
    return work.db.scalar(select(JobRow.id).where(JobRow.given_up_at.is_(None)).limit(1)) is not None


def _left(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(JobRow)) or 0


if __name__ == "__main__":
    collector.spare()  # as the server does
    figures = uvloop.run(_measured(open_instance(Settings.from_environment())))
    sys.stdout.write(json.dumps(figures))
