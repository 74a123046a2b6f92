"""Every hand-made fault in signatures, authority and retry is noticed by the tests of that module."""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import fediverse_ehrenamt
from tests import servers
from tests.mutants.table import MUTANTS, TESTS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(fediverse_ehrenamt.__file__).parent
_SECONDS = 300.0


def test_each_mutant_changes_exactly_one_place() -> None:
    for mutant in MUTANTS:
        assert (PACKAGE / mutant.file).read_text("utf-8").count(mutant.old) == 1, mutant
        assert mutant.old != mutant.new
    assert len(set(MUTANTS)) == len(MUTANTS)
    assert set(Counter(mutant.file for mutant in MUTANTS)) == set(TESTS)


def test_all_mutants_are_killed(tmp_path: Path) -> None:
    for name in ("fediverse_ehrenamt", "tests", "schemas", "static"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    environ = servers.unmeasured(PYTHONPATH=str(tmp_path))  # coverage would count what the mutants run
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutants.probe", str(tmp_path)],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    survivors = [MUTANTS[int(number)] for number in done.stdout.split()]
    assert survivors == []
