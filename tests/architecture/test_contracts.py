"""The import contracts hold, and each of them breaks when it is breached (checked on a copy of the package)."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A file of the package, a line added at its end, and the contract that must break.
BREACHES = (
    ("kit/clock.py", "import fediverse_ehrenamt.settings", "Layers"),
    ("vocab/types.py", "import fediverse_ehrenamt.federation", "Layers"),
    ("places/__init__.py", "import fediverse_ehrenamt.media", "Layers"),
    ("surprise/__init__.py", "", "Layers"),
    ("events/surprise.py", "", "Inside a capability"),
    ("opportunities/rules.py", "import fediverse_ehrenamt.opportunities.model", "Inside a capability"),
    ("vocab/types.py", "import sqlalchemy", "Rules, vocabulary and retry policy are pure"),
    ("events/rules.py", "def f():\n    import httpx", "Rules, vocabulary and retry policy are pure"),
    ("jobs/retry.py", "import starlette", "Rules, vocabulary and retry policy are pure"),
    ("matching/weights.py", "import fediverse_ehrenamt.settings", "Rules, vocabulary and retry policy are pure"),
    ("understanding/times.py", "import tantivy", "Rules, vocabulary and retry policy are pure"),
    ("federation/model.py", "import httpx", "Only kit/http.py leaves the machine"),
    ("mail/letters.py", "import aiosmtplib", "Only kit/smtp.py sends letters"),
    ("web/__init__.py", "import tantivy", "The index engine is known to search alone"),
    ("kit/ids.py", "import fediverse_ehrenamt.kit.http", "No cycles between siblings"),
)


def _lint(folder: Path) -> tuple[int, str]:
    program = Path(sysconfig.get_path("scripts")) / "lint-imports"
    done = subprocess.run(
        [program, "--no-logo", "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def _copy(folder: Path) -> Path:
    package = folder / "fediverse_ehrenamt"
    shutil.copytree(ROOT / "fediverse_ehrenamt", package, ignore=shutil.ignore_patterns("__pycache__", "templates"))
    return package


def test_the_contracts_hold(tmp_path: Path) -> None:
    _copy(tmp_path)
    code, said = _lint(tmp_path)
    assert code == 0, said


@pytest.mark.parametrize(("file", "line", "contract"), BREACHES)
def test_a_breach_is_found(file: str, line: str, contract: str, tmp_path: Path) -> None:
    breached = _copy(tmp_path) / file
    breached.parent.mkdir(exist_ok=True)
    with breached.open("a", encoding="utf-8") as end:
        end.write(f"\n{line}\n")
    if "opportunities.model" in line:
        (breached.parent / "model.py").touch()
    code, said = _lint(tmp_path)
    assert code != 0
    assert f"{contract}" in "".join(row for row in said.splitlines(keepends=True) if "BROKEN" in row), said
