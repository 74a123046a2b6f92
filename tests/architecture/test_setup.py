"""Where a machine lacks something, tools/setup.sh says in a sentence what to do, and leaves nothing half-made."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_SYSTEM = "/usr/bin:/bin"
_OLD = "#!/bin/sh\n[ \"$1\" = --version ] && echo 'Python 3.9.2' && exit 0\nexit 1\n"
_WITHOUT_VENV = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec {sys.executable} "$@"\n'
_FULL = "#!/bin/sh\nprintf 'Filesystem 1024-blocks Used Available Capacity Mounted\\n/dev/x 9 9 102400 99%% /\\n'\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return _checkout(tmp_path)


def _checkout(folder: Path) -> Path:
    """Make a checkout with nothing but the scripts and an empty lock file."""
    (folder / "tools").mkdir()
    for name in ("setup.sh", "install.py"):
        shutil.copy(ROOT / "tools" / name, folder / "tools")
    (folder / "requirements.lock").write_text("# empty\n")
    (folder / "bin").mkdir()
    return folder


@dataclass(frozen=True, slots=True)
class Full:
    """A checkout on a full disk: the script made .venv in it and ended with `code` before it fetched anything."""

    folder: Path
    code: int
    said: str


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Full:
    folder = _checkout(tmp_path_factory.mktemp("full"))
    _program(folder, "df", _FULL)
    return Full(folder, *_setup(folder, PYTHON=sys.executable))


@pytest.fixture
def begun(checkout: Path, full: Full) -> Path:
    """A checkout with the .venv that the script made elsewhere: making one takes five seconds."""
    shutil.copytree(full.folder / ".venv", checkout / ".venv", symlinks=True)
    return checkout


def _program(checkout: Path, name: str, script: str) -> Path:
    path = checkout / "bin" / name
    path.write_text(script)
    path.chmod(0o755)
    return path


def _setup(checkout: Path, **environ: str) -> tuple[int, str]:
    done = subprocess.run(
        [checkout / "tools" / "setup.sh", "demo"],
        env={"PATH": f"{checkout / 'bin'}:{_SYSTEM}", "HOME": str(checkout), **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stderr


def test_an_old_python_is_named(checkout: Path) -> None:
    for name in ("python3", "python3.13", "python3.12", "python3.11"):
        _program(checkout, name, _OLD)
    code, said = _setup(checkout)
    assert code == 1
    assert "Gebraucht wird Python 3.11, 3.12 oder 3.13; gefunden: Python 3.9.2" in said
    assert not (checkout / ".venv").exists()


def test_a_wrong_choice_of_python_is_named(checkout: Path) -> None:
    code, said = _setup(checkout, PYTHON=str(_program(checkout, "old", _OLD)))
    assert code == 1
    assert "PYTHON=python3.12 make demo" in said


def test_a_missing_venv_module_is_named(checkout: Path) -> None:
    code, said = _setup(checkout, PYTHON=str(_program(checkout, "bare", _WITHOUT_VENV)))
    assert code == 1
    assert "apt install python3-venv" in said
    assert not (checkout / ".venv").exists()


def test_a_full_disk_is_named(full: Full) -> None:
    assert full.code == 1
    assert "Zu wenig Platz: 100 MB frei" in full.said


def test_a_failing_pip_is_named_and_leaves_no_stamp(begun: Path) -> None:
    (begun / "requirements.lock").write_text(f"lost @ file:///lost.whl --hash=sha256:{'0' * 64}\n")
    code, said = _setup(begun, PYTHON=sys.executable)
    assert code == 1
    assert "pip konnte nicht alles holen" in said
    assert "lost.whl" in said  # pip's own reason stays visible
    assert not (begun / ".venv" / "stamp-requirements.lock").exists()


def test_what_is_there_is_not_done_again(begun: Path) -> None:
    code, _ = _setup(begun, PYTHON=sys.executable)  # the lock is empty; the package itself is missing
    assert code == 1
    assert (begun / ".venv" / "stamp-requirements.lock").read_text() == "# empty\n"
    _program(begun, "df", _FULL)
    _, said = _setup(begun, PYTHON=sys.executable)
    assert "Platz" not in said
