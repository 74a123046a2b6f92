"""Large instances: web processes that only take in and show, workers that do the rest, Redis that rings the bell."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests import servers, towns
from tests.towns import Country, Town

_GRACE = 60.0


@pytest.fixture
def doorbell() -> Iterator[ExitStack]:
    """Something to close in the middle of a test: the Redis of its own that it holds."""
    with ExitStack() as stack:
        yield stack


@contextmanager
def _worker(town: Town) -> Iterator[Path]:
    """Run `ehrenamt worker` for a town; yields its log."""
    log = town.folder / f"worker-{time.monotonic_ns()}.log"
    command = [sys.executable, "-m", "fediverse_ehrenamt.cli", "worker"]
    environ = servers.environ(**{**town.environ, "EHRENAMT_REDIS_URL": town.settings.redis_url})
    with servers.running(command, log, lambda: "Starting worker" in log.read_text(), environ=environ) as process:
        yield log
        process.send_signal(signal.SIGTERM)
        assert process.wait(_GRACE) == 0, log.read_text()
    assert "Traceback" not in log.read_text()


def _scaled(country: Country, name: str, database_url: str, redis_url: str) -> Town:
    return country.town(name, database_url, EHRENAMT_REDIS_URL=redis_url)


@pytest.mark.unmeasured
def test_workers_deliver_what_a_web_process_publishes(
    country: Country, migrated_postgresql_url: str, doorbell: ExitStack
) -> None:
    redis_url = doorbell.enter_context(servers.redis_server())
    hagen = _scaled(country, "Hagen", migrated_postgresql_url, redis_url)
    flensburg = country.town("Flensburg")
    hagen.add()
    with _worker(hagen) as log:
        flensburg.follow(hagen.url)
        towns.until_followed(flensburg, hagen)
        hagen.publish(towns.opportunity("Lesepatin gesucht"))
        flensburg.until_found("Lesepatin", "Lesepatin gesucht")
        hagen.until(lambda: "turn:turn()" in log.read_text(), "has rung")  # a worker's own look has another name

        doorbell.close()  # Redis dies
        hagen.publish(towns.opportunity("Märchenerzähler gesucht", key="zweites"))
        flensburg.until_found("Märchenerzähler", "Märchenerzähler gesucht")
        hagen.publish(towns.opportunity("Vorleser gesucht", key="drittes"))
        flensburg.until_found("Vorleser", "Vorleser gesucht")
        assert hagen.commanded("jobs") == []
        assert "Redis is gone" in log.read_text()
    hagen.until_found("Lesepatin", "Lesepatin gesucht")


def test_what_waits_while_no_worker_runs_is_done_later(
    country: Country, migrated_postgresql_url: str, redis_url: str
) -> None:
    hagen = _scaled(country, "Hagen", migrated_postgresql_url, redis_url)
    flensburg = country.town("Flensburg")
    hagen.add()
    flensburg.follow(hagen.url)
    flensburg.until(lambda: bool(hagen.received()), "has asked")
    hagen.publish(towns.opportunity("Lesepatin gesucht"))
    assert hagen.followers() == []
    with _worker(hagen):
        towns.until_followed(flensburg, hagen)
        hagen.publish(towns.opportunity("Lesepate gesucht"))
        flensburg.until_found("Lesepate", "Lesepate gesucht")


@pytest.mark.unmeasured
def test_two_workers_share_the_work_of_one_instance(
    country: Country, migrated_postgresql_url: str, redis_url: str
) -> None:
    hagen = _scaled(country, "Hagen", migrated_postgresql_url, redis_url)
    flensburg = country.town("Flensburg")
    hagen.add()
    with _worker(hagen), _worker(hagen):
        flensburg.follow(hagen.url)
        towns.until_followed(flensburg, hagen)
        for number in range(30):
            hagen.publish(towns.opportunity(f"Lesepatin {number}", key=f"angebot-{number}"))
        for number in range(30):
            flensburg.until_found(f"Lesepatin {number}", f"Lesepatin {number}")
        hagen.until(lambda: towns.waiting(hagen) == 0, "has told everything")
    activities = [row.activity for row in flensburg.received()]
    assert len(activities) == len(set(activities)) == 31
