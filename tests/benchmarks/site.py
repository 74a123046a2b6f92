"""Instances to be measured, and the processes that serve them, each kept on its core."""

import socket
import sqlite3
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

from fediverse_ehrenamt import setup
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import Cursor
from fediverse_ehrenamt.settings import Settings
from tests import servers
from tests.benchmarks.letters import Source
from tests.benchmarks.measuring import ROOT, on_core

_LOOPBACK = "127.0.0.1"


class Site:
    """One instance with a SQLite file of its own, served on a port of 127.0.0.1."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.environ = {
            "EHRENAMT_URL": f"http://{_LOOPBACK}:{port}",
            "EHRENAMT_DATA": str(folder),
            "EHRENAMT_ALLOWED_NETWORKS": "127.0.0.0/8",
            "EHRENAMT_LOG_LEVEL": "warning",
            "EHRENAMT_SEMANTIC": "off",  # the extra costs more than all else; figures are of what everybody has
            "EHRENAMT_SECRET": "ein-geheimnis-das-nur-die-messung-kennt",
        }
        self.settings = Settings.load(self.environ)
        self.folder = folder

    @property
    def inbox(self) -> str:
        return f"{self.settings.url}/inbox"

    def open(self) -> Instance:
        """Set the instance up and open it; to be closed by whoever asks."""
        instance = open_instance(self.settings)
        setup.create(instance, "Messung", "", None)
        return instance

    def follow(self, source: Source) -> None:
        """Set the instance up as one that follows a source."""
        instance = self.open()
        instance.workshop.write_now(source.introduce)
        instance.workshop.engines.close()

    def served(
        self, core: int, changes: Mapping[str, str] | None = None
    ) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """Run `ehrenamt serve` for this instance."""
        program = Path(sysconfig.get_path("scripts")) / "ehrenamt"
        command: list[str | Path] = [program, "serve", "--port", str(self.port)]
        environ = servers.environ(**self.environ, **(changes or {}))
        return _process(command, self.folder / "serve.log", self.port, core, environ)

    def ask(self, statement: str) -> int:
        """Return one number from the database, as another process sees it."""
        with closing(sqlite3.connect(f"file:{self.folder}/ehrenamt.sqlite?mode=ro", uri=True)) as database:
            number: int = database.execute(statement).fetchone()[0]
            return number

    def received(self) -> int:
        return self.ask("SELECT count(*) FROM received")

    def waiting(self) -> int:
        """Return how many received activities wait to be handled."""
        return self.ask("SELECT count(*) FROM received WHERE due_at IS NOT NULL")

    def is_settled(self, index: Index) -> bool:
        """Say whether everything received was handled and can be found."""
        if self.waiting():
            return False
        index.refresh()
        return index.cursor >= Cursor(0, self.ask("SELECT coalesce(max(seq), 0) FROM documents"))


@contextmanager
def bare(folder: Path, core: int, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of this package; its first argument is the port that it will listen on."""
    module, port, *rest = arguments
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", port, *rest]
    environ = servers.environ(PYTHONPATH=str(ROOT))
    with _process(command, folder / f"{module}.log", int(port), core, environ) as process:
        yield process


@contextmanager
def _process(
    command: Sequence[str | Path], log: Path, port: int, core: int, environ: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with ExitStack() as stack:
        with on_core(core):  # a process inherits it from the thread that starts it
            started = stack.enter_context(servers.running(command, log, partial(_listens, port), environ=environ))
        yield started


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((_LOOPBACK, port)) == 0
