"""Work is one transaction with all that capability code may use; Workshop opens them and holds the network.

A function that is given `Work` cannot reach a peer, so no transaction ever waits for the net.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.http import Client
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage import faults
from fediverse_ehrenamt.storage.engine import POOL, READERS, Engines, checkpoint, empty_log

P = ParamSpec("P")
T = TypeVar("T")

LEAST_SECONDS = 0.1

# PostgreSQL rolled this transaction back for another's sake, and it may simply run again: a deadlock, or a row that
# another inserted meanwhile (ON CONFLICT looks at one key of a table that has two).
_RUN_AGAIN = {"40P01", "23505"}
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction: `db` to ask and write, `now` as a value, `settings` of the instance."""

    db: Session
    now: datetime
    settings: Settings


class Bell:
    """Tells waiting loops, from any thread, that something was committed."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[asyncio.Event, float] = {}  # with the time of its last return
        self._lock = threading.Lock()

    def ring(self) -> None:
        with self._lock:
            loop, waiting = self._loop, tuple(self._waiting)
        if loop is not None and not loop.is_closed():
            for listener in waiting:
                loop.call_soon_threadsafe(listener.set)

    async def wait(self, listener: asyncio.Event, seconds: float, least: float = LEAST_SECONDS) -> None:
        """Return when the bell has rung since the last wait of this listener, or after `seconds`.

        Two returns are `least` seconds apart: under load hundreds of commits a second share few looks.
        """
        loop = asyncio.get_running_loop()
        with self._lock:
            self._loop = loop
            last = self._waiting.setdefault(listener, 0.0)
        await asyncio.sleep(last + least - loop.time())
        try:
            async with asyncio.timeout(seconds):
                await listener.wait()
        except TimeoutError:
            pass
        listener.clear()
        with self._lock:
            self._waiting[listener] = loop.time()

    def forget(self, listener: asyncio.Event) -> None:
        with self._lock:
            self._waiting.pop(listener, None)


class Workshop:
    """Opens transactions in threads; `http` is the only way out of the machine."""

    def __init__(
        self, engines: Engines, http: Client, settings: Settings, now: Callable[[], datetime] = clock.now
    ) -> None:
        self.engines = engines
        self.http = http
        self.settings = settings
        self.bell = Bell()
        self.now = now
        # SQLite has one writer: a queue before one thread is fairer and quicker than threads that wait for its lock.
        self._writers = ThreadPoolExecutor(1 if engines.sqlite else POOL, thread_name_prefix="write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read") if engines.sqlite else self._writers

    async def write(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(work, …)` in one transaction that may write; commit, or roll back on any error."""
        call = partial(self.write_now, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writers, call)

    async def read(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(work, …)` in one transaction that only reads."""
        call = partial(self.read_now, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._readers, call)

    def write_now(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`write` for callers without an event loop (the command line); blocks."""
        left = _ATTEMPTS
        while True:
            left -= 1
            try:
                return self._commit(function, *args, **kwargs)
            except (OperationalError, IntegrityError) as error:
                if not left or getattr(error.orig, "sqlstate", None) not in _RUN_AGAIN:
                    raise faults.plain(error) from error

    def _commit(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with Session(self.engines.writer, expire_on_commit=False) as db, db.begin():
            result = function(Work(db, self.now(), self.settings), *args, **kwargs)
        self.bell.ring()
        return result

    def read_now(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`read` for callers without an event loop; blocks."""
        try:
            with Session(self.engines.reader, expire_on_commit=False) as db, db.begin():
                return function(Work(db, self.now(), self.settings), *args, **kwargs)
        except OperationalError as error:
            raise faults.plain(error) from error

    async def checkpoint(self) -> None:
        """Let SQLite write its log into the database now, rather than within a commit that somebody waits for."""
        await asyncio.get_running_loop().run_in_executor(self._writers, checkpoint, self.engines)

    async def empty_log(self) -> None:
        """Let nothing that was erased stand on in the log of SQLite."""
        await asyncio.get_running_loop().run_in_executor(self._writers, empty_log, self.engines)

    async def close(self) -> None:
        """End the threads after their work, then the network and the database."""
        await asyncio.to_thread(self._writers.shutdown)
        await asyncio.to_thread(self._readers.shutdown)
        await self.http.aclose()
        self.engines.close()
