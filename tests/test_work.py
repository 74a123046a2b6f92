"""What PostgreSQL ends for the sake of another transaction runs again, and both come through."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest
from sqlalchemy import update

from fediverse_ehrenamt.federation.model import HostRow
from fediverse_ehrenamt.work import Work
from tests import workbench

pytestmark = pytest.mark.anyio

HOSTS = ("a.example", "b.example")


async def test_a_deadlock_is_resolved(migrated_postgresql_url: str, tmp_path: Path) -> None:
    workshop = workbench.open_workshop(workbench.settings(migrated_postgresql_url, tmp_path), workbench.Clock())
    both_hold_one = threading.Barrier(2)
    runs: list[str] = []

    def add(work: Work) -> None:
        work.db.add_all(HostRow(host=host, software="", asked_at=work.now) for host in HOSTS)

    def append(work: Work, order: tuple[str, ...], letter: str) -> None:
        first_time = letter not in runs
        runs.append(letter)
        for host in order:
            work.db.execute(update(HostRow).where(HostRow.host == host).values(software=HostRow.software + letter))
            if first_time and host == order[0]:
                both_hold_one.wait(10)

    workshop.write_now(add)
    with ThreadPoolExecutor(2) as pool:
        calls = (
            pool.submit(workshop.write_now, append, HOSTS, "x"),
            pool.submit(workshop.write_now, append, HOSTS[::-1], "y"),
        )
        for call in calls:
            await anyio.to_thread.run_sync(call.result, 30)

    def read(work: Work) -> list[str]:
        return ["".join(sorted(work.db.get_one(HostRow, host).software)) for host in HOSTS]

    assert len(runs) >= 3, "one of the two was ended and ran again, twice where it was quicker than who waited for it"
    assert workshop.read_now(read) == ["xy", "xy"]
    await workshop.close()


async def test_who_inserts_what_another_has_just_inserted_runs_again(
    migrated_postgresql_url: str, tmp_path: Path
) -> None:
    workshop = workbench.open_workshop(workbench.settings(migrated_postgresql_url, tmp_path), workbench.Clock())
    both_saw_none = threading.Barrier(2)
    runs: list[str] = []

    def note(work: Work, letter: str) -> None:
        first_time = letter not in runs
        runs.append(letter)
        row = work.db.get(HostRow, HOSTS[0])
        if first_time:
            both_saw_none.wait(10)
        if row is None:
            work.db.add(HostRow(host=HOSTS[0], software=letter, asked_at=work.now))
        else:
            row.software += letter

    with ThreadPoolExecutor(2) as pool:
        for call in [pool.submit(workshop.write_now, note, letter) for letter in "xy"]:
            await anyio.to_thread.run_sync(call.result, 30)
    assert len(runs) == 3
    assert "".join(sorted(workshop.read_now(lambda work: work.db.get_one(HostRow, HOSTS[0]).software))) == "xy"
    await workshop.close()
