"""Newer place data: what is read of a dump, what is refused, and what the gazetteer knows afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.places import data, gazetteer, updating
from fediverse_ehrenamt.places.gazetteer import Spot
from tests.places.dumps import known, line, packed

NEW = Spot("Hagen-Neuland", "NW", 51.37, 7.45, "58090", 0)


@pytest.fixture(autouse=True)
def _package_again(tmp_path: Path) -> Iterator[None]:
    yield
    data.prefer(tmp_path / "nowhere")


def _dump(*added: Spot, of: list[Spot] | None = None) -> bytes:
    return packed(map(line, [*(known() if of is None else of), *added]))


def test_newer_data_is_known_afterwards_and_the_rest_stays(tmp_path: Path) -> None:
    assert gazetteer.find("58090") is None
    changes = updating.update(updating.read(_dump(NEW)), tmp_path)
    assert (changes.postcodes_new, changes.postcodes_gone) == (1, 0)
    assert changes.places_new == 1
    assert changes.places_gone <= 5
    assert gazetteer.find("Hagen-Neuland") is not None, "begins with Hagen"
    data.prefer(tmp_path)
    found = gazetteer.find("58090")
    assert found is not None
    assert found.name == "Hagen-Neuland"
    assert [spot.name for spot in gazetteer.towns(1_000_000)] == ["Berlin", "Hamburg", "München", "Köln"]
    hagen = gazetteer.find("Hagen")
    assert hagen is not None
    assert (hagen.population, hagen.postcode) == (198_972, "58095")
    assert updating.update(updating.read(_dump(NEW)), tmp_path).postcodes_new == 0, "compared with the newer ones"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(data.FILES), "nothing is left beside them"
    data.prefer(tmp_path / "nowhere")
    assert gazetteer.find("58090") is None


@pytest.mark.unmeasured
def test_a_dump_that_lacks_much_is_refused_unless_forced(tmp_path: Path) -> None:
    some = [spot for spot in known() if not spot.postcode.startswith(("5", "6"))]
    rows = updating.read(_dump(of=some))
    with pytest.raises(Invalid, match="nicht mehr"):
        updating.update(rows, tmp_path / "places")
    assert not (tmp_path / "places").exists()
    assert updating.update(rows, tmp_path / "places", force=True).postcodes_gone > 1_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Wartung</html>",
        packed(["DE\t58095"], "AT.txt"),
        packed([]),
        packed(["nonsense"] * 100),
        packed([line(NEW), *["DE\t58095\tHagen\tNRW\tNW\t\t\t\t\tnan\t7.4"] * 10]),
        packed([line(NEW), *[line(replace(NEW, latitude=0.0, longitude=0.0))] * 10]),
        packed([line(NEW), *[line(replace(NEW, name="x" * 500))] * 10]),
        packed([line(NEW), *[line(replace(NEW, postcode="5809a"))] * 10]),
        packed([line(NEW)])[:-30],
    ],
)
def test_what_is_no_dump_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        updating.read(body)


def test_a_dump_that_unfolds_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updating, "MAX_TABLE", 1_000)
    with pytest.raises(Invalid, match="größer"):
        updating.read(packed([line(NEW)] * 1_000))
    monkeypatch.undo()
    monkeypatch.setattr(updating, "MAX_ROWS", 10)
    with pytest.raises(Invalid, match="mehr als 10"):
        updating.read(packed([line(NEW)] * 11))


def test_a_few_odd_rows_are_left_out() -> None:
    odd = ["DE\t01001\tDresden\tSachsen\t\t\t\t\t\t51.0\t13.7\t6"]
    assert len(updating.read(packed([*[line(NEW)] * 100, *odd]))) == 100
