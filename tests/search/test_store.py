"""The documents table: numbers grow, nothing is skipped, what is gone stays gone."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.search import card, store
from fediverse_ehrenamt.search.model import START, Cursor, DocumentRow
from fediverse_ehrenamt.work import Work, Workshop
from tests.search.making import NOW, document, event, open_workshop

pytestmark = pytest.mark.anyio


def _uris(work: Work, after: Cursor = START) -> list[str]:
    return [change.uri for change in store.changes(work, after)]


async def test_put_then_get_gives_the_same_document(workshop: Workshop) -> None:
    whole = event(
        3,
        NOW,
        NOW + timedelta(hours=2, microseconds=5),
        areas=("kultur", "sport"),
        hashtags=("Ehrenamt",),
        latitude=51.5,
        longitude=7.25,
        expires_at=NOW + timedelta(days=9),
        text="Schöne Grüße \N{SMILING FACE WITH OPEN MOUTH}\x00 \u200f",
    )
    await workshop.write(store.put, [whole])
    assert await workshop.read(store.get, whole.uri) == whole
    assert await workshop.read(store.find, whole.id) == whole
    assert await workshop.read(store.find, "nothing") is None
    assert await workshop.read(store.count) == 1
    with pytest.raises(NotFound):
        await workshop.read(store.get, "https://a.example/ap/other")


async def test_every_change_has_the_next_number(workshop: Workshop) -> None:
    first = await workshop.write(store.put, [document(1), document(2), document(1, title="Die letzte gilt")])
    second = await workshop.write(store.put, [document(1, title="Neu")])
    assert START < first < second
    found = await workshop.read(store.changes, START)
    assert [(change.uri[-1], card.read(change.card).title) for change in found] == [
        ("2", "Lesepatin gesucht"),
        ("1", "Neu"),
    ]
    assert found[-1].number == second == await workshop.read(store.newest)
    assert await workshop.read(store.changes, second) == []
    assert len(await workshop.read(store.changes, START, limit=1)) == 1


async def test_removed_is_gone_and_forgotten(workshop: Workshop) -> None:
    put = await workshop.write(store.put, [document(1), document(2)])
    removed = await workshop.write(store.remove, [document(1).uri, "https://a.example/never/there"])
    assert removed > put
    with pytest.raises(Gone):
        await workshop.read(store.get, document(1).uri)
    assert await workshop.read(store.find, document(1).id) is None
    assert [(change.uri, change.card) for change in await workshop.read(store.changes, put)] == [(document(1).uri, "")]
    again = await workshop.write(store.remove, [document(1).uri])
    assert again == START  # nothing changed, so there is no change to wait for
    assert await workshop.read(store.changes, removed) == []
    await workshop.write(store.put, [document(1)])
    assert await workshop.read(store.count) == 2
    assert await workshop.write(store.remove, []) == await workshop.write(store.put, []) == START


async def test_what_is_over_is_named_in_bounded_batches(workshop: Workshop) -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    await workshop.write(
        store.put,
        [
            document(1, expires_at=NOW),
            document(2, expires_at=NOW + hour),
            document(3),
            event(4, NOW - 2 * day, NOW - day),
            event(5, NOW - 2 * day, NOW - day + hour),
            event(6, NOW + day, expires_at=NOW - hour),
            document(7, kind="event", starts_at=NOW - 3 * day),
        ],
    )
    assert [uri[-1] for uri in await workshop.read(store.due, limit=2)] == ["7", "6"], "what is over for longest, first"
    over = await workshop.read(store.due)
    assert sorted(uri[-1] for uri in over) == ["1", "4", "6", "7"]
    await workshop.write(store.remove, over)
    assert await workshop.read(store.due) == []


async def test_parallel_writers_lose_nothing(workshop: Workshop) -> None:
    def put(number: int) -> None:
        workshop.write_now(store.put, [document(number), document(1000)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(60)))
    found = await workshop.read(store.changes, START)
    assert len(found) == 61
    assert len({change.number for change in found}) == 61


def test_a_late_commit_is_never_skipped(migrated_postgresql_url: str, tmp_path: Path) -> None:
    """The transaction that began first commits last: whoever follows must not have read past it."""
    workshop = open_workshop(migrated_postgresql_url, tmp_path)
    early_wrote, late_done = threading.Event(), threading.Event()

    def early(work: Work) -> Cursor:
        number = store.put(work, [document(1)])
        early_wrote.set()
        assert late_done.wait(10)
        return number

    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(workshop.write_now, early)
        assert early_wrote.wait(10)
        late = workshop.write_now(store.put, [document(2)])
        assert workshop.read_now(store.count) == 1  # the late one is committed …
        assert workshop.read_now(_uris) == []  # … but not yet handed out
        late_done.set()
        first = pending.result(10)
    assert first < late
    assert workshop.read_now(_uris) == [document(1).uri, document(2).uri]
    workshop.engines.close()


def test_a_cursor_passes_each_change_once_while_many_commit(migrated_postgresql_url: str, tmp_path: Path) -> None:
    workshop = open_workshop(migrated_postgresql_url, tmp_path)

    def slowly(work: Work, number: int) -> None:
        store.put(work, [document(number)])
        time.sleep(0.002 * (number % 5))

    seen: list[str] = []
    cursor = START
    with ThreadPoolExecutor(6) as pool:
        pending = [pool.submit(workshop.write_now, slowly, number) for number in range(120)]
        for _ in range(10_000):
            finished = all(task.done() for task in pending)
            for change in workshop.read_now(store.changes, cursor, 7):
                assert change.number > cursor
                cursor = change.number
                seen.append(change.uri)
            if finished and not workshop.read_now(_uris, cursor):
                break
        for task in pending:
            task.result()
    assert sorted(seen) == sorted(document(number).uri for number in range(120))
    workshop.engines.close()


def test_numbers_of_another_cluster_are_made_anew(migrated_postgresql_url: str, tmp_path: Path) -> None:
    """As after restoring a dump into a new cluster, which counts its transactions from the beginning."""
    workshop = open_workshop(migrated_postgresql_url, tmp_path)
    workshop.write_now(store.put, [document(1), document(2)])
    workshop.write_now(lambda work: work.db.execute(update(DocumentRow).values(xid=10**12)).close())
    assert workshop.read_now(_uris) == []
    assert workshop.write_now(store.renumber) == 2
    assert workshop.write_now(store.renumber) == 0
    assert workshop.read_now(_uris) == [document(1).uri, document(2).uri]
    workshop.engines.close()


def test_the_feed_reads_by_index(migrated_sqlite_url: str, tmp_path: Path) -> None:
    workshop = open_workshop(migrated_sqlite_url, tmp_path)

    def plan(work: Work) -> str:
        query = "EXPLAIN QUERY PLAN SELECT uri FROM documents WHERE (xid, seq) > (0, 5) ORDER BY xid, seq LIMIT 9"
        return str(work.db.execute(text(query)).all())

    assert "ix_documents_change" in workshop.read_now(plan)
    assert "TEMP B-TREE" not in workshop.read_now(plan)
    workshop.engines.close()


def test_cards_of_another_version_can_be_read(migrated_sqlite_url: str, tmp_path: Path) -> None:
    workshop = open_workshop(migrated_sqlite_url, tmp_path)
    workshop.write_now(store.put, [document(1)])
    stored = workshop.read_now(lambda work: str(work.db.execute(select(DocumentRow.card)).scalar_one()))
    older = stored.replace('"image":"",', "").replace('"areas":[],', '"unknown":1,')
    assert older != stored
    assert card.read(older) == document(1)
    workshop.engines.close()


async def test_documents_are_shown_together_and_apart_again(workshop: Workshop) -> None:
    first, second, third = document(1), document(2, host="b.example"), document(3, host="c.example")
    put = await workshop.write(store.put, [first, second, third])
    uris = [first.uri, second.uri, third.uri]
    assert await workshop.write(store.show_together, [[second.uri, first.uri], [third.uri]]) == 2
    changed = await workshop.read(store.changes, put)
    assert sorted(change.uri for change in changed) == sorted(uris[:2])
    assert all(change.number > put for change in changed)
    shown = {one.uri: one for one in await workshop.read(store.among, uris)}
    assert not shown[second.uri].covered
    assert shown[second.uri].also == (("a.example", first.url),)
    assert shown[first.uri].covered
    assert shown[third.uri] == third
    assert card.read(changed[-1].card, changed[-1].beside) == shown[changed[-1].uri]
    assert await workshop.write(store.show_together, [[second.uri, first.uri]]) == 0
    await workshop.write(store.put, [document(1, title="Neu")])
    assert (await workshop.read(store.get, first.uri)).covered, "a newer state stays where it stood"
    assert await workshop.write(store.show_together, [[first.uri], [second.uri]]) == 2
    assert await workshop.read(store.get, second.uri) == second
    await workshop.write(store.show_together, [uris])
    await workshop.write(store.remove, [first.uri])
    await workshop.write(store.put, [first])
    assert await workshop.read(store.get, first.uri) == first, "who comes back comes alone"
