"""Where the index lies: generations side by side, one file that names the current one, one lock for who writes.

`current` is replaced atomically, so a reader sees an old generation or a whole new one. A generation's name begins with
the schema's version: those of another version are never opened. Locks are the kernel's (flock): they end with the
process that holds them, however it ends.
"""

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import tantivy

from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.search import schema

_PREFIX = f"v{schema.VERSION}-"
_CURRENT = "current"
_META = "meta.json"  # the engine replaces it with every commit


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which state of which generation lies on the disk; another state has another stamp."""

    path: Path
    inode: int
    written_ns: int


class Lock:
    """A lock among processes on this machine, and among several holders in one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    @property
    def held(self) -> bool:
        return self._file is not None

    def take(self) -> bool:
        """Take the lock if it is free; say whether it is held now."""
        if self._file is not None:
            if self._lies_there(self._file):
                return True
            self.release()  # somebody deleted the folder: the lock that others see is another one
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def _lies_there(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), self._path.stat())
        except OSError:
            return False

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Folder:
    """The index folder of one instance on one machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def writer_lock(self) -> Lock:
        """Return the lock of the one process that follows the changes."""
        return Lock(self.path / "writer.lock")

    def rebuild_lock(self) -> Lock:
        """Return the lock of the one process that builds a new generation beside the current one."""
        return Lock(self.path / "rebuild.lock")

    def current(self) -> Path | None:
        """Return the current generation, None where there is none that this program can read."""
        try:
            name = (self.path / _CURRENT).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return self.path / name if name.startswith(_PREFIX) and "/" not in name else None

    def stamp(self) -> Stamp | None:
        path = self.current()
        if path is None:
            return None
        try:
            state = (path / _META).stat()
        except OSError:
            return None
        return Stamp(path, state.st_ino, state.st_mtime_ns)

    def create(self) -> Path:
        """Make an empty generation that nobody knows of yet."""
        path = self.path / f"{_PREFIX}{ids.new_id()}"
        path.mkdir(parents=True)
        tantivy.Index(schema.build(), path=str(path), sort_by_field=schema.ORDER)
        return path

    def make_current(self, path: Path) -> None:
        """Name a generation as the one to search; all processes find it at their next look."""
        draft = self.path / f"{_CURRENT}.{os.getpid()}"
        with draft.open("w", encoding="ascii") as file:
            file.write(path.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / _CURRENT)

    def discard_others(self) -> None:
        """Delete all generations but the current one; only while nobody builds a new one (`rebuild_lock`)."""
        current = self.current()
        for path in self.path.iterdir():
            if path.is_dir() and path != current:
                shutil.rmtree(path, ignore_errors=True)
