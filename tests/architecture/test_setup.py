"""Where a machine lacks something, tools/setup.sh says in a sentence what to do, and leaves nothing half-made."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_SYSTEM = "/usr/bin:/bin"
_OLD = "#!/bin/sh\n[ \"$1\" = --version ] && echo 'Python 3.9.2' && exit 0\nexit 1\n"
_WITHOUT_VENV = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec {sys.executable} "$@"\n'
_FULL = "#!/bin/sh\nprintf 'Filesystem 1024-blocks Used Available Capacity Mounted\\n/dev/x 9 9 102400 99%% /\\n'\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing but the script and an empty lock file."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "setup.sh", tmp_path / "tools")
    (tmp_path / "requirements.lock").write_text("# empty\n")
    (tmp_path / "bin").mkdir()
    return tmp_path


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


def test_a_full_disk_is_named(checkout: Path) -> None:
    _program(checkout, "df", _FULL)
    code, said = _setup(checkout, PYTHON=sys.executable)
    assert code == 1
    assert "Zu wenig Platz: 100 MB frei" in said


def test_a_failing_pip_is_named_and_leaves_no_stamp(checkout: Path) -> None:
    (checkout / "requirements.lock").write_text(f"lost @ file:///lost.whl --hash=sha256:{'0' * 64}\n")
    code, said = _setup(checkout, PYTHON=sys.executable)
    assert code == 1
    assert "pip konnte nicht alles holen" in said
    assert "lost.whl" in said  # pip's own reason stays visible
    assert not (checkout / ".venv" / "stamp-requirements.lock").exists()


def test_what_is_there_is_not_done_again(checkout: Path) -> None:
    code, _ = _setup(checkout, PYTHON=sys.executable)  # the lock is empty; the package itself is missing
    assert code == 1
    assert (checkout / ".venv" / "stamp-requirements.lock").read_text() == "# empty\n"
    _program(checkout, "df", _FULL)
    _, said = _setup(checkout, PYTHON=sys.executable)
    assert "Platz" not in said
