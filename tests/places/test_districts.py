"""Tables of districts, however odd they are, and how a running process sees that one changed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fediverse_ehrenamt.demo.chance import chance
from fediverse_ehrenamt.places import data, districts, gazetteer
from fediverse_ehrenamt.places.districts import District

HASPE = District("Hagen", "Haspe", 51.348, 7.418, "58135")
RUETTENSCHEID = "Essen\tRüttenscheid\t51.4310\t7.0050\t45130\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    data.prefer(tmp_path)
    yield tmp_path
    data.prefer(tmp_path / "nowhere")


def _keep(folder: Path, table: str | bytes) -> None:
    (folder / "new").write_bytes(table.encode() if isinstance(table, str) else table)
    (folder / "new").replace(folder / data.DISTRICTS)
    data.look_again()


def test_a_table_is_read_as_it_was_written() -> None:
    some = [HASPE, District("Halle (Saale)", "St. Georgen-Süd", 51.48, 11.97)]
    assert districts.read(districts.write(some)) == some
    assert districts.read(districts.write(some), learnt=True)[0].learnt
    assert HASPE.label == "Hagen-Haspe"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Hagen",
        "Hagen\tHaspe\t51.3\t7.4",
        "Hagen\tHaspe\t51.3\t7.4\t58135\tmehr",
        "Hagen\tHaspe\tx\t7.4\t58135",
        "Hagen\tHaspe\tnan\tinf\t58135",
        "Hagen\tHaspe\t0\t0\t58135",
        "Hagen\tHaspe\t51.3\t7.4\t5813",
        "Hagen\tHaspe\t51.3\t7.4\t٥٨١٣٥",
        "Hagen\t\t51.3\t7.4\t58135",
        "\tHaspe\t51.3\t7.4\t58135",
        "Hagen\tHaspe 2\t51.3\t7.4\t58135",
        "Hagen\tIm ganzen Stadtgebiet; bitte fragen!\t51.3\t7.4\t58135",
        f"Hagen\t{'x' * 41}\t51.3\t7.4\t58135",
        f"{'x' * 200}\tHaspe\t51.3\t7.4\t58135",
        "<b>\t<script>\t51.3\t7.4\t58135",
    ],
)
def test_what_is_no_district_is_left_out(line: str) -> None:
    assert districts.read(f"{line}\nHagen\tHaspe\t51.348\t7.418\t58135") == [HASPE]


def test_a_table_has_an_end() -> None:
    assert len(districts.read("Hagen\tHaspe\t51.348\t7.418\t58135\n" * 6_000)) == 5_000


def test_what_was_learnt_is_found_like_any_other_place(folder: Path) -> None:
    assert gazetteer.find("Rüttenscheid") is None
    _keep(folder, RUETTENSCHEID)
    for text in (
        "Rüttenscheid",
        "Essen-Rüttenscheid",
        "Rüttenscheid, Essen",
        "essen ruettenscheid",
        "Essen OT Rüttenscheid",
    ):
        found = gazetteer.find(text)
        assert found is not None
        assert (found.name, found.latitude, found.postcode, found.region) == (
            "Essen-Rüttenscheid",
            51.431,
            "45130",
            "NW",
        )
    assert gazetteer.suggest("Rüttenschei")[0].name == "Essen-Rüttenscheid"
    assert [one.label for one in gazetteer.districts("Essen")] == ["Essen-Rüttenscheid"]
    assert gazetteer.nearest(51.431, 7.005).name != "Essen-Rüttenscheid"
    (folder / data.DISTRICTS).unlink()
    data.look_again()
    assert gazetteer.find("Rüttenscheid") is None


def test_what_was_known_before_stays_what_it_was(folder: Path) -> None:
    before = {text: gazetteer.find(text) for text in ("Hagen", "Haspe", "Mitte", "Berlin", "Neustadt", "58135")}
    _keep(
        folder,
        "Hagen\tHaspe\t51.40\t7.50\t58095\nEssen\tMitte\t51.45\t7.01\t\nEssen\tBerlin\t51.45\t7.01\t\n"
        "Essen\tNeustadt\t51.45\t7.01\t\nHagen\tHagen\t51.36\t7.47\t\nNirgendwodorf\tMitte\t51.45\t7.01\t\n"
        "Hagen\tWeitweg\t54.0\t10.0\t\n",
    )
    assert {text: gazetteer.find(text) for text in before} == before
    assert [one.label for one in gazetteer.districts() if one.learnt] == [
        "Essen-Mitte",
        "Essen-Berlin",
        "Essen-Neustadt",
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff\xfe\x00" * 1_000),
        lambda path: path.write_bytes(chance("odd table", 1).randbytes(100_000)),
        lambda path: path.write_bytes(RUETTENSCHEID.encode() * 100_000),
        lambda path: path.write_text("\t" * 1_000_000),
        lambda path: path.mkdir(),
        lambda path: path.symlink_to(path),
        os.mkfifo,
    ],
)
def test_no_file_breaks_the_gazetteer(folder: Path, spoil: Callable[[Path], object]) -> None:
    spoil(folder / data.DISTRICTS)
    data.look_again()
    found = gazetteer.find("Hagen-Haspe")
    assert found is not None
    assert found.name == "Hagen-Haspe"
    assert len([one for one in gazetteer.districts() if one.learnt]) <= 1


_WAITS = """
import sys
from pathlib import Path
from fediverse_ehrenamt.places import data, gazetteer
data.prefer(Path(sys.argv[1]))
print(gazetteer.find("Rüttenscheid"), flush=True)
sys.stdin.readline()
print(gazetteer.find("Rüttenscheid").name, flush=True)
"""


def test_another_process_sees_what_was_learnt_without_a_restart(folder: Path) -> None:
    command = [sys.executable, "-c", _WAITS, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "None\n"
        _keep(folder, RUETTENSCHEID)
        time.sleep(1.1)
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "Essen-Rüttenscheid\n"


def test_editions_tell_apart_what_was_known(folder: Path) -> None:
    first = data.edition()
    assert data.edition() == first
    _keep(folder, RUETTENSCHEID)
    assert data.edition() != first
