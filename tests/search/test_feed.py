"""Feed: what is committed can be found soon, whoever dies in between, and a lost index comes back by itself."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text, update

from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.search import card, store
from fediverse_ehrenamt.search import feed as feed_module
from fediverse_ehrenamt.search import writer as writer_module
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.search.model import START, Cursor, DocumentRow
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.search.writer import open_index
from fediverse_ehrenamt.work import Work, Workshop
from tests.search.making import NOW, document, open_workshop, titles

pytestmark = pytest.mark.anyio
_PATIENCE = 60.0  # seconds; only a test that fails waits so long

_OWNER = """
import asyncio, sys
from pathlib import Path
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from tests.search.making import open_workshop

async def main(url, data):
    await Feed(Index(data / "index")).run(open_workshop(url, data))

asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
"""


@asynccontextmanager
async def following(feed: Feed, workshop: Workshop) -> AsyncIterator[None]:
    task = asyncio.create_task(feed.run(workshop))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@contextmanager
def another_process(url: str, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", _OWNER, url, str(data)], cwd=Path.cwd())
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _found(index: Index, words: str = "") -> set[str]:
    return {hit.document.uri[-1] for hit in index.find(Query(text=words), NOW).hits}


async def test_put_replace_and_remove_reach_the_index(workshop: Workshop, index: Index, feed: Feed) -> None:
    assert index.find(Query(), NOW).rebuilding
    await workshop.write(store.put, [document(1), document(2, title="Gartenhilfe", text="")])
    assert await feed.follow(workshop) == 2
    assert feed.owner
    assert (_found(index), _found(index, "zeitung")) == ({"1", "2"}, set())
    assert _found(index, "gartenhilfe") == {"2"}
    assert not index.rebuilding
    await workshop.write(store.put, [document(2, title="Vorlesen", text="")])
    await workshop.write(store.remove, [document(1).uri])
    assert await feed.follow(workshop) == 2
    assert (_found(index), _found(index, "gartenhilfe"), _found(index, "vorlesen")) == ({"2"}, set(), {"2"})
    assert await feed.follow(workshop) == 0
    assert index.cursor == await workshop.read(store.newest)


async def test_a_restart_goes_on_where_it_was(workshop: Workshop, index: Index, feed: Feed) -> None:
    await workshop.write(store.put, [document(1), document(2)])
    assert await feed.follow(workshop) == 2
    await feed.close()
    await workshop.write(store.put, [document(3)])
    again = Feed(Index(index.folder.path))
    assert await again.follow(workshop) == 1
    assert _found(index) == {"1", "2", "3"}
    await again.close()


async def test_a_request_can_wait_for_its_change(workshop: Workshop, index: Index, feed: Feed) -> None:
    async with following(feed, workshop):
        cursor = START
        for number in range(1, 6):
            cursor = await workshop.write(store.put, [document(number)])
            assert await feed.wait_until(cursor, _PATIENCE)
            assert str(number) in _found(index)
        assert not await feed.wait_until(Cursor(cursor.xid, cursor.seq + 1), 0.05)


async def test_another_process_owns_the_writer_and_dies(migrated_url: str, tmp_path: Path) -> None:
    workshop = open_workshop(migrated_url, tmp_path)
    index = Index(tmp_path / "index")
    feed = Feed(index)
    with another_process(migrated_url, tmp_path) as owner:
        first = await workshop.write(store.put, [document(1)])
        assert await feed.wait_until(first, _PATIENCE)  # it has to start first
        async with following(feed, workshop):
            second = await workshop.write(store.put, [document(2)])
            assert await feed.wait_until(second, _PATIENCE)
            assert not _owns(feed)
            assert _found(index) == {"1", "2"}
            os.kill(owner.pid, signal.SIGKILL)
            owner.wait()
            died = time.monotonic()
            third = await workshop.write(store.put, [document(3)])
            assert await feed.wait_until(third, _PATIENCE)
            assert time.monotonic() - died < 10, "2 on an idle machine"
            assert _owns(feed)
            assert _found(index) == {"1", "2", "3"}
    await workshop.close()


def _rebuilding(index: Index) -> bool:
    return index.rebuilding


def _owns(feed: Feed) -> bool:
    return feed.owner


def _damage_meta(generation: Path) -> None:
    (generation / "meta.json").write_text("{")


def _cut_files(generation: Path) -> None:
    for file in generation.glob("*.store"):
        half = file.read_bytes()[: file.stat().st_size // 2]
        file.unlink()  # cut in place, it would end the engine's threads that read it just now, and us
        file.write_bytes(half)


def _outdate(generation: Path) -> None:
    (generation.parent / "current").write_text("v0-old")


def _remove_all(generation: Path) -> None:
    shutil.rmtree(generation.parent)


@pytest.mark.parametrize("damage", [_damage_meta, _cut_files, _outdate, _remove_all, shutil.rmtree])
@pytest.mark.parametrize("alive", [True, False], ids=["while it runs", "before it starts"])
async def test_a_damaged_index_is_made_anew(
    sqlite_workshop: Workshop, index: Index, feed: Feed, damage: "object", alive: bool
) -> None:
    await sqlite_workshop.write(store.put, [document(1), document(2)])
    await feed.follow(sqlite_workshop)
    generation = index.folder.current()
    assert generation is not None
    if not alive:
        await feed.close()
    assert callable(damage)
    damage(generation)
    other = Index(index.folder.path)
    assert not other.find(Query(), NOW).hits
    assert other.rebuilding
    if alive and damage is _cut_files:
        await feed.close()  # what it has open is whole for itself; the next start finds the damage
    fresh = feed if alive else Feed(Index(index.folder.path))
    applied = [await fresh.follow(sqlite_workshop) for _ in range(2)]
    assert sum(applied) == 2
    assert _found(other) == {"1", "2"}
    assert not _rebuilding(other)
    assert [path for path in index.folder.path.iterdir() if path.is_dir()] == [other.folder.current()]
    await fresh.close()


async def test_what_there_is_can_be_searched_while_it_fills(
    sqlite_workshop: Workshop, index: Index, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "COMMIT_CHANGES", 1)
    monkeypatch.setattr(writer_module, "FIRST_CHANGES", 1)
    monkeypatch.setattr(store, "BATCH", 2)
    await sqlite_workshop.write(store.put, [document(number) for number in range(1, 8)])
    changes, totals = store.changes, []

    def watched(work: Work, after: Cursor) -> list[store.Change]:
        found = index.find(Query(), NOW)
        totals.append((found.total, found.rebuilding))
        return changes(work, after, 2)

    monkeypatch.setattr(store, "changes", watched)
    assert await feed.follow(sqlite_workshop) == 7
    assert totals == [(0, True), (2, True), (4, True), (6, True)]
    assert index.find(Query(), NOW).total == 7
    assert not index.rebuilding


@pytest.mark.parametrize("anew", [True, False])
async def test_what_is_filled_in_parts_is_joined(
    sqlite_workshop: Workshop, index: Index, feed: Feed, monkeypatch: pytest.MonkeyPatch, *, anew: bool
) -> None:
    monkeypatch.setattr(writer_module, "COMMIT_CHANGES", 2)
    monkeypatch.setattr(writer_module, "FIRST_CHANGES", 2)
    monkeypatch.setattr(store, "BATCH", 1)
    monkeypatch.setattr(store, "changes", partial(store.changes, limit=1))
    await sqlite_workshop.write(store.put, [document(number) for number in range(1, 41)])
    if anew:
        assert await feed.rebuild(sqlite_workshop, lambda _done, _of: None) == 40
    else:
        assert await feed.follow(sqlite_workshop) == 40
    path = index.folder.current()
    assert path is not None
    until = time.monotonic() + _PATIENCE
    while (left := open_index(path).searcher().num_segments) > 1:
        assert time.monotonic() < until, left
        await feed.follow(sqlite_workshop)
    assert index.find(Query(), NOW).total == 40
    await sqlite_workshop.write(store.put, [document(41)])
    assert await feed.follow(sqlite_workshop) == 1
    assert index.find(Query(), NOW).total == 41


def test_what_a_filling_index_committed_first_leaves_no_segment_behind_and_stays_as_it_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "FIRST_CHANGES", 3)
    monkeypatch.setattr(writer_module, "ALIKE", 0)
    monkeypatch.setattr(writer_module, "COMMIT_CHANGES", 5)
    change = _changes()
    index = Index(tmp_path)
    writer = writer_module.Writer(index.folder.create(), 6)
    index.folder.make_current(writer.path)
    writer.add([change(number, "Garten") for number in (1, 2, 3)], NOW)
    assert writer.is_due
    writer.commit(filling=True)
    assert index.find(Query(), NOW).total == 3
    writer.add([change(1, "Lesen"), change(2, ""), *(change(number, "Sport") for number in (4, 5, 6))], NOW)
    writer.commit(filling=False)
    assert sorted(titles(index, Query())) == ["Garten", "Lesen", "Sport", "Sport", "Sport"]
    assert open_index(writer.path).searcher().num_segments == 1
    writer.close()


def _changes() -> Callable[[int, str], store.Change]:
    """Return what makes the next change of the Document of a number: its title, "" where it is gone."""
    numbers = count(1)

    def change(number: int, title: str) -> store.Change:
        one = document(number, title=title)
        return store.Change(Cursor(0, next(numbers)), one.uri, card.write(one).decode() if title else "")

    return change


@pytest.mark.parametrize("at_once", [72, 71])
def test_what_nobody_searches_yet_becomes_one_segment_that_holds_each_document_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(writer_module, "AT_ONCE", at_once)
    monkeypatch.setattr(writer_module, "COMMIT_CHANGES", 1)
    change = _changes()
    index = Index(tmp_path)
    writer = writer_module.Writer(index.folder.create(), 72, hidden=True)
    again = {3: "Lesen", 4: "", 9: "Sport"}

    def found() -> list[int]:
        return [index.find(Query(text=title), NOW).total for title in ("Garten", "Lesen", "Sport", "")]

    commits = 0
    for number in range(1, 73):
        writer.add([change(number, "Garten")], NOW)
        if writer.is_due:
            writer.commit(filling=True)
            commits += 1
    writer.add([change(*one) for one in again.items()], NOW)
    writer.commit(filling=False)
    writer.finish()
    index.folder.make_current(writer.path)
    assert found() == [69, 1, 1, 71]
    assert (commits == 0) == (at_once == 72)
    assert open_index(writer.path).searcher().num_segments == 1
    follower = writer_module.Writer(writer.path, 71)
    follower.add([change(3, "Kochen"), change(9, "")], NOW)
    follower.commit(filling=False)
    follower.close()
    assert found() == [69, 0, 0, 70]


async def test_rebuilding_swaps_under_a_running_owner(workshop: Workshop, index: Index, feed: Feed) -> None:
    await workshop.write(store.put, [document(number) for number in range(1, 6)])
    await workshop.write(store.remove, [document(5).uri])
    seen: list[tuple[int, int]] = []
    async with following(feed, workshop):
        assert await feed.wait_until(await workshop.read(store.newest), _PATIENCE)
        before = index.folder.current()
        other = Feed(Index(index.folder.path))
        assert await other.rebuild(workshop, lambda done, of: seen.append((done, of))) == 5
        assert index.folder.current() != before
        cursor = await workshop.write(store.put, [document(6)])
        assert await feed.wait_until(cursor, _PATIENCE)
        assert _found(index) == {"1", "2", "3", "4", "6"}
        assert feed.owner
        assert not other.owner
    assert seen == [(4, 4)]


async def test_two_rebuilds_at_once_are_refused(sqlite_workshop: Workshop, index: Index, feed: Feed) -> None:
    lock = index.folder.rebuild_lock()
    assert lock.take()
    with pytest.raises(Conflict):
        await feed.rebuild(sqlite_workshop, lambda _done, _of: None)
    lock.release()
    assert await feed.rebuild(sqlite_workshop, lambda _done, _of: None) == 0
    assert index.find(Query(), NOW).total == 0
    assert not index.rebuilding


async def test_an_older_database_makes_a_new_index(sqlite_workshop: Workshop, index: Index, feed: Feed) -> None:
    """As after restoring a backup: the numbers that the index has seen are given again to other changes."""
    await sqlite_workshop.write(store.put, [document(1), document(2), document(3)])
    await feed.follow(sqlite_workshop)
    await feed.close()
    await sqlite_workshop.write(lambda work: work.db.execute(text("DELETE FROM documents WHERE seq > 1")).close())
    again = Feed(index)
    assert await again.follow(sqlite_workshop) == 1
    assert _found(index) == {"1"}
    await again.close()


async def test_one_bad_row_keeps_nothing_else_out(sqlite_workshop: Workshop, index: Index, feed: Feed) -> None:
    await sqlite_workshop.write(store.put, [document(1), document(2), document(3)])
    broken = update(DocumentRow).where(DocumentRow.uri == document(2).uri).values(card='{"uri":"x"}')
    await sqlite_workshop.write(lambda work: work.db.execute(broken).close())
    await feed.follow(sqlite_workshop)
    assert _found(index) == {"1", "3"}


async def test_a_database_that_fails_for_a_while_is_waited_for(
    sqlite_workshop: Workshop, index: Index, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "RETRY_SECONDS", 0.05)
    await sqlite_workshop.write(lambda work: work.db.execute(text("ALTER TABLE documents RENAME TO away")).close())
    async with following(feed, sqlite_workshop):
        await asyncio.sleep(0.15)
        await sqlite_workshop.write(lambda work: work.db.execute(text("ALTER TABLE away RENAME TO documents")).close())
        cursor = await sqlite_workshop.write(store.put, [document(1)])
        assert await feed.wait_until(cursor, _PATIENCE)
    assert _found(index) == {"1"}


async def test_searching_in_threads_while_it_is_written(sqlite_workshop: Workshop, index: Index, feed: Feed) -> None:
    await sqlite_workshop.write(store.put, [document(1)])
    await feed.follow(sqlite_workshop)
    done = False

    def search() -> int:
        searches = 0
        while not done:
            found = index.find(Query(text="vorlesen"), NOW)
            assert found.total >= 1
            assert not found.rebuilding
            searches += 1
        return searches

    tasks = [asyncio.create_task(asyncio.to_thread(search)) for _ in range(3)]
    for number in range(2, 22):
        await sqlite_workshop.write(store.put, [replace(document(1), title=f"Neu {number}"), document(number)])
        await feed.follow(sqlite_workshop)
    done = True
    assert min(await asyncio.gather(*tasks)) > 0
    assert index.find(Query(), NOW).total == 21
