"""Column types, upserts, engines and faults: the same on both databases, said in sentences where they can be mended."""

import asyncio
import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, Text, event, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import inbox, peers
from fediverse_ehrenamt.federation.model import InstanceRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Unavailable
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.storage import engine, upsert
from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.engine import open_engines
from fediverse_ehrenamt.storage.types import UtcDateTime
from fediverse_ehrenamt.work import Bell, Work, Workshop
from tests import databases, servers, workbench
from tests.workbench import NOW, Clock, arrival, creation, note

pytestmark = pytest.mark.anyio

TABLE = Table(
    "samples",
    MetaData(naming_convention=Base.metadata.naming_convention),
    Column("name", String(20), primary_key=True),
    Column("amount", Integer),
    Column("at", UtcDateTime),
    Column("words", Text),
)


@pytest.fixture
def samples(workshop: Workshop) -> Workshop:
    TABLE.create(workshop.engines.writer)
    return workshop


def rows(work: Work) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in work.db.execute(select(TABLE).order_by(TABLE.c.name))]


def put(work: Work, *values: dict[str, Any]) -> None:
    upsert.put(work.db, TABLE, ["name"], values)


def test_what_one_engine_compiled_the_others_know(workshop: Workshop) -> None:
    ours, others = workshop.engines, open_engines(workshop.settings.database_url)
    chosen = select(func.count(InstanceRow.name)).where(InstanceRow.summary == "so fragt sonst niemand")
    asked: list[str] = []

    def note_how(*call: Any) -> None:
        context = call[4]
        if context.compiled is not None:  # and not the BEGIN
            asked.append(context.cache_hit.name)

    each = dict.fromkeys((ours.writer, ours.reader, others.reader, others.writer))  # on PostgreSQL two are one
    for one in each:
        with one.connect():
            pass
        event.listen(one, "before_cursor_execute", note_how)
        with Session(one) as db:
            assert db.scalar(chosen) == 0
    others.close()
    assert asked == ["CACHE_MISS", *["CACHE_HIT"] * (len(each) - 1)]


async def test_times_come_back_in_utc_and_compare(samples: Workshop) -> None:
    east = datetime(2026, 12, 1, 14, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    await samples.write(put, {"name": "a", "at": east}, {"name": "b", "at": None})
    (_, _, first, _), (_, _, second, _) = await samples.read(rows)
    assert first == east
    assert first.tzinfo is UTC
    assert second is None

    def later(work: Work, than: datetime) -> int:
        return len(work.db.execute(select(TABLE).where(TABLE.c.at > than)).all())

    assert await samples.read(later, east - timedelta(microseconds=1)) == 1
    assert await samples.read(later, east) == 0


async def test_put_inserts_or_changes_the_given_columns(samples: Workshop) -> None:
    await samples.write(put)
    await samples.write(put, {"name": "a", "amount": 1, "words": "x"})
    await samples.write(put, {"name": "a", "amount": 2}, {"name": "b", "amount": 3})
    assert [(row[0], row[1], row[3]) for row in await samples.read(rows)] == [("a", 2, "x"), ("b", 3, None)]


async def test_add_missing_changes_nothing(samples: Workshop) -> None:
    def add(work: Work, *values: dict[str, Any]) -> None:
        upsert.add_missing(work.db, TABLE, ["name"], values)

    await samples.write(add)
    await samples.write(add, {"name": "a", "amount": 1})
    await samples.write(add, {"name": "a", "amount": 2}, {"name": "b", "amount": 3}, {"name": "b", "amount": 4})
    assert [row[:2] for row in await samples.read(rows)] == [("a", 1), ("b", 3)]


# --- transactions -----------------------------------------------------------------------------------------------------
async def test_an_error_takes_everything_back(samples: Workshop) -> None:
    def half(work: Work) -> None:
        put(work, {"name": "a", "amount": 1})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await samples.write(half)
    assert await samples.read(rows) == []

    def twice(work: Work) -> None:
        work.db.execute(TABLE.insert(), [{"name": "a"}])
        work.db.execute(TABLE.insert(), [{"name": "a"}])

    with pytest.raises(IntegrityError):
        await samples.write(twice)
    assert await samples.read(rows) == []


def _add_one(work: Work) -> None:
    amount = work.db.execute(select(TABLE.c.amount).where(TABLE.c.name == "a").with_for_update()).scalar_one()
    put(work, {"name": "a", "amount": amount + 1})


async def test_no_writer_loses_anothers_change(samples: Workshop, clock: Clock) -> None:
    """Read, then write: with SQLite's default the half of these would vanish."""
    await samples.write(put, {"name": "a", "amount": 0})
    second = workbench.open_workshop(samples.settings, clock)
    await asyncio.gather(*(one.write(_add_one) for _ in range(40) for one in (samples, second)))
    assert (await samples.read(rows))[0][1] == 80
    await second.close()


async def test_work_knows_the_time_and_the_settings(workshop: Workshop) -> None:
    def look(work: Work) -> tuple[datetime, str]:
        return work.now, work.settings.url

    assert await workshop.write(look) == await workshop.read(look) == (NOW, "http://hagen.example")


def test_the_database_file_is_private(sqlite_url: str) -> None:
    databases.migrate_url(sqlite_url)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_sqlite_is_set_up_to_survive_a_power_cut(sqlite_url: str) -> None:
    engines = open_engines(sqlite_url)
    with engines.writer.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
    engines.close()
    assert found == {"journal_mode": "wal", "synchronous": 2}


async def test_what_was_erased_is_in_no_file_any_more(set_up_sqlite_url: str, tmp_path: Path, clock: Clock) -> None:
    opened = workbench.open_workshop(workbench.settings(set_up_sqlite_url, tmp_path), clock)
    TABLE.create(opened.engines.writer)
    path, secret = Path(set_up_sqlite_url.removeprefix("sqlite:///")), b"Xaverine Querulant"

    def holding() -> list[str]:
        return sorted(one.name for one in path.parent.iterdir() if one.is_file() and secret in one.read_bytes())

    await opened.write(put, *({"name": str(number), "words": f"{secret.decode()} {number}"} for number in range(500)))
    assert holding() == [f"{path.name}-wal"]
    await opened.write(lambda work: work.db.execute(TABLE.delete()))
    with opened.engines.reader.connect() as reading:
        reading.exec_driver_sql("SELECT count(*) FROM samples").scalar()
        await opened.empty_log()  # in vain, but nobody waits for it
    await opened.empty_log()
    assert holding() == []
    await opened.write(put, {"name": "danach", "words": "geht es weiter"})
    assert [row[0] for row in await opened.read(rows)] == ["danach"]
    await opened.close()


# --- faults an operator can mend --------------------------------------------------------------------------------------
def _fill(work: Work) -> None:
    for number in range(2_000):
        put(work, {"name": str(number), "words": "x" * 500})


@pytest.fixture
async def small(migrated_sqlite_url: str, tmp_path: Path, clock: Clock) -> Any:
    """A workshop whose database may not grow: what a full disk looks like from inside."""
    opened = workbench.open_workshop(workbench.settings(migrated_sqlite_url, tmp_path), clock)
    TABLE.create(opened.engines.writer)
    yield opened
    await opened.close()


def _limit(work: Work, pages: int) -> None:
    now = work.db.execute(text("PRAGMA page_count")).scalar_one()
    work.db.execute(text(f"PRAGMA max_page_count = {now + pages}"))


async def test_a_full_disk_is_said_in_a_sentence_and_saves_nothing(small: Workshop) -> None:
    await small.write(_limit, 10)
    with pytest.raises(Unavailable, match="kein Platz mehr"):
        await small.write(_fill)
    assert await small.read(rows) == []
    await small.write(_limit, 100_000)
    await small.write(_fill)
    assert len(await small.read(rows)) == 2_000


async def test_a_full_disk_loses_nothing_that_came_in(town: Instance) -> None:
    """Handling fails as a whole and begins anew once there is room: no row may count as tried, none may be lost."""
    home = town.workshop
    await home.write(workbench.add_source)
    thing = "<p>" + "Wort " * 3_000 + "</p>"
    many = [creation(note(f"{workbench.PEER}/n/{one}", content=thing), f"{workbench.PEER}/a/{one}") for one in range(9)]
    await home.write(inbox.store, [arrival(one) for one in many])
    await home.write(_limit, 12)
    with pytest.raises(Unavailable, match="kein Platz mehr"):
        await home.write(inbox.process, wiring.HANDLERS)
    assert await home.read(workbench.verdicts) == [""] * 9
    assert await home.read(search.count) == 0
    await home.write(_limit, 100_000)
    assert await home.write(inbox.process, wiring.HANDLERS) == 9
    assert await home.read(workbench.verdicts) == ["handled"] * 9


async def test_a_locked_database_is_said_in_a_sentence(
    migrated_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    workshop = workbench.open_workshop(workbench.settings(migrated_sqlite_url, tmp_path), Clock())
    other = sqlite3.connect(migrated_sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="gerade belegt"):
        await workshop.write(workbench.know, workbench.ANNA)
    assert await workshop.read(peers.find, workbench.ANNA) is None  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    await workshop.write(workbench.know, workbench.ANNA)
    await workshop.close()


async def test_a_database_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://127.0.0.1:{servers.free_port()}/nothing"
    workshop = workbench.open_workshop(workbench.settings(url, tmp_path), Clock())
    for ask in (workshop.read, workshop.write):
        with pytest.raises(Unavailable, match="nicht zu erreichen"):
            await ask(organisations.listing)
    await workshop.close()


async def test_other_faults_stay_what_they_are(workshop: Workshop) -> None:
    def wrong(work: Work) -> None:
        work.db.execute(text("SELECT 1 FROM nowhere"))

    for ask in (workshop.read, workshop.write):
        with pytest.raises(Exception, match="nowhere") as caught:
            await ask(wrong)
        assert not isinstance(caught.value, Unavailable)


async def test_tables_are_there(workshop: Workshop) -> None:
    def names(work: Work) -> set[str]:
        return set(inspect(work.db.connection()).get_table_names())

    assert set(wiring.TABLES.tables) <= await workshop.read(names)


# --- the bell ---------------------------------------------------------------------------------------------------------
async def test_the_bell_is_heard_once_for_each_ring() -> None:
    bell, heard = Bell(), asyncio.Event()
    bell.ring()  # nobody listens yet
    waiting = asyncio.create_task(bell.wait(heard, 10))
    await asyncio.sleep(0)
    await asyncio.to_thread(bell.ring)
    await asyncio.wait_for(waiting, 5)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await bell.wait(heard, 0.05)
    assert loop.time() - begun >= 0.04
    bell.forget(heard)
    bell.ring()
    await asyncio.sleep(0)
    assert not heard.is_set()


def test_a_closed_loop_is_not_rung() -> None:
    bell = Bell()

    async def listen() -> None:
        await bell.wait(asyncio.Event(), 0.001)

    asyncio.run(listen())
    bell.ring()


def test_settings_name_the_kind_of_database(tmp_path: Path) -> None:
    made = workbench.settings(f"sqlite:///{tmp_path}/x", tmp_path)
    assert made.sqlite
    assert not replace(made, database_url="postgresql+psycopg://x").sqlite
