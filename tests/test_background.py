"""What has time waits for what is due, but not for ever, and the worker does it too."""

import asyncio
from datetime import datetime

import pytest

from fediverse_ehrenamt import background
from fediverse_ehrenamt.duplicates import store
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Cursor
from fediverse_ehrenamt.work import Work, Workshop
from tests import servers
from tests.duplicates.making import document, shown

pytestmark = pytest.mark.anyio
ONE = document(1)
COPY = document(2, "b.example", same_as=(ONE.url,))


async def test_duplicates_wait_for_what_is_due_but_not_for_ever(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await workshop.write(search.put, [ONE, COPY])
    await workshop.write(queue.enqueue, [NewJob("peer.example", "deliver", "1")])
    step = background.patient(workshop)
    assert await step() == 0
    assert await workshop.read(store.followed) == START
    monkeypatch.setattr(background, "_LATEST_SECONDS", 0.0)
    assert await step() == 3  # both, and the snapshot of the day
    assert shown(workshop) == {"a.example/1": ("b.example",)}


async def test_a_worker_looks_for_duplicates_until_there_is_nothing_new(workshop: Workshop) -> None:
    await workshop.write(search.put, [ONE, COPY])
    assert await background.housekeeping_of_worker(workshop)() >= 2
    assert shown(workshop) == {"a.example/1": ("b.example",)}
    newest = await workshop.read(search.newest)
    assert await workshop.read(store.followed) == newest, "its own changes too"


class _Broken(Exception):
    """What nobody foresaw."""


async def test_the_index_is_followed_again_after_what_nobody_foresaw(
    town: Instance, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> datetime:
        raise _Broken("the clock stands still")

    monkeypatch.setattr(background, "_AFTER_FAILURE_SECONDS", 0.1)
    stop, workshop = asyncio.Event(), town.workshop
    following = asyncio.create_task(background.follow_index(town, stop))
    await asyncio.to_thread(servers.wait_until, lambda: town.feed.owner, "the index is followed")
    first = await workshop.write(search.put, [ONE])
    assert await town.feed.wait_until(first, 30)

    with monkeypatch.context() as meanwhile:

        def put(work: Work) -> Cursor:  # no follower sees it before the clock is broken
            meanwhile.setattr(workshop, "now", broken)
            return search.put(work, [COPY])

        second = await workshop.write(put)
        await asyncio.to_thread(servers.wait_until, lambda: "ended by itself" in caplog.text, "it is noticed")
    assert "the clock stands still" in caplog.text
    assert await town.feed.wait_until(second, 30)
    stop.set()
    await following
    assert not town.feed.owner
