"""The coverage floors fail when they should, branches by themselves included."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools import coverage_gates


def _report(**files: tuple[int, int, int, int]) -> dict[str, Any]:
    names = ("covered_lines", "num_statements", "covered_branches", "num_branches")
    return {
        "files": {
            path: {
                "summary": dict(zip(names, numbers, strict=True)),
                "missing_lines": [7, 8],
                "missing_branches": [[8, 11], [20, -1]],
            }
            for path, numbers in files.items()
        }
    }


VOCAB = coverage_gates.Floor("vocab", r"^fediverse_ehrenamt/vocab/", 95)


@pytest.mark.parametrize(
    ("numbers", "kept"),
    [
        ((100, 100, 20, 20), True),
        ((95, 100, 19, 20), True),
        ((94, 100, 19, 20), False),  # 94.2 % together
        ((1000, 1000, 18, 20), False),  # 99.8 % together, but 90 % of the branches
        ((10, 10, 0, 0), True),
    ],
)
def test_a_floor_is_kept_in_both_measures(numbers: tuple[int, int, int, int], *, kept: bool) -> None:
    others = {"fediverse_ehrenamt/web/forms.py": (0, 100, 0, 10)}  # not of this group
    report = _report(**{"fediverse_ehrenamt/vocab/reader.py": numbers}, **others)
    assert coverage_gates.judge(report, VOCAB).kept is kept


def test_a_group_without_files_has_failed() -> None:
    assert not coverage_gates.judge(_report(), VOCAB).kept


def test_the_exit_code_and_the_lines_tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = ("vocab/a.py", "federation/a.py", "jobs/a.py", "events/rules.py")
    good = _report(**{f"fediverse_ehrenamt/{path}": (10, 10, 2, 2) for path in paths})
    file = tmp_path / "coverage.json"
    file.write_text(json.dumps(good), encoding="utf-8")
    assert coverage_gates.main(file) == 0
    good["files"]["fediverse_ehrenamt/jobs/a.py"]["summary"]["covered_lines"] = 1
    file.write_text(json.dumps(good), encoding="utf-8")
    assert coverage_gates.main(file) == 1
    assert "fediverse_ehrenamt/jobs/a.py: 7–8, 20" in capsys.readouterr().out
