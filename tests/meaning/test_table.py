"""The table of vectors on the disk: what is written is found, by other processes too, and damage is no end."""

from pathlib import Path

import numpy as np
import pytest

from fediverse_ehrenamt.meaning import table as tables
from fediverse_ehrenamt.meaning.encoder import WIDTH, Bytes
from fediverse_ehrenamt.meaning.table import Keys, Table, signs
from fediverse_ehrenamt.search.model import START, Cursor


def keys(*numbers: int) -> Keys:
    return np.asarray(numbers, dtype=np.int64)


def vectors(*values: int) -> Bytes:
    return np.asarray([[value] * WIDTH for value in values], dtype=np.int8)


def put(table: Table, *numbers: int) -> None:
    table.put(keys(*numbers), np.asarray(numbers, dtype=np.uint64), vectors(*(number % 100 for number in numbers)))


def held(table: Table, *numbers: int) -> list[int | None]:
    """Return the first component of each key's vector, None where it is not there."""
    rows, known = table.find(keys(*numbers))
    return [
        int(table.columns["vectors"][row][0]) if is_known else None for row, is_known in zip(rows, known, strict=True)
    ]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    opened = Table(tmp_path)
    opened.open_for_writing()
    return opened


def test_what_is_saved_is_found_by_others(table: Table, tmp_path: Path) -> None:
    reader = Table(tmp_path)
    assert reader.refresh()
    put(table, 30, 10, 20)
    reader.refresh()
    assert held(reader, 10) == [None], "not saved yet"
    table.save(Cursor(0, 3))
    reader.refresh()
    assert held(reader, 10, 20, 30, 40) == [10, 20, 30, None]
    assert reader.cursor == (0, 3)
    rows, _ = reader.find(keys(20))
    assert reader.digests(rows).tolist() == [20]
    assert (reader.columns["signs"][rows] == signs(vectors(20))).all()


def test_rows_are_replaced_and_freed_ones_used_again(table: Table) -> None:
    put(table, 1, 2, 3)
    table.put(keys(2), np.asarray([7], dtype=np.uint64), vectors(77))
    assert held(table, 1, 2, 3) == [1, 77, 3]
    table.remove(keys(1, 9))
    assert held(table, 1, 2) == [None, 77]
    assert table.rows == 3
    put(table, 4)
    assert held(table, 4) == [4]
    assert table.rows == 3
    put(table, 5)
    assert table.rows == 4


def test_it_grows_and_goes_on_where_it_was(table: Table, tmp_path: Path) -> None:
    many = range(1, tables._GROWS_BY + 10)
    put(table, *many)
    table.save(Cursor(5, 6))
    again = Table(tmp_path)
    again.open_for_writing()
    assert again.cursor == (5, 6)
    put(again, 100_000)
    assert held(again, 1, tables._GROWS_BY + 9, 100_000) == [1, (tables._GROWS_BY + 9) % 100, 0]


def test_a_full_table_takes_no_more(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    put(table, 1, 2, 3)
    assert held(table, 1, 2, 3) == [1, 2, None]
    table.remove(keys(1))
    put(table, 3)
    assert held(table, 2, 3) == [2, 3]


@pytest.mark.parametrize("damage", ["state", "vectors", "keys"])
def test_a_damaged_table_is_empty_and_begun_anew(table: Table, tmp_path: Path, damage: str) -> None:
    put(table, 1)
    table.save(Cursor(0, 1))
    next(tmp_path.rglob(damage)).write_bytes(b"{")
    reader = Table(tmp_path)
    assert not reader.refresh()
    assert held(reader, 1) == [None]
    assert reader.digests(np.zeros(1, dtype=np.intp)).tolist() == [0]
    again = Table(tmp_path)
    again.open_for_writing()
    assert again.cursor == START
    assert held(again, 1) == [None]


def test_a_deleted_folder_is_noticed(table: Table, tmp_path: Path) -> None:
    put(table, 1)
    table.save(Cursor(0, 1))
    reader = Table(tmp_path / "nowhere")
    assert not reader.refresh()
    assert table.exists()
    next(tmp_path.rglob("state")).unlink()
    assert not table.exists()
    assert not table.refresh()


def test_vectors_of_another_model_are_thrown_away(tmp_path: Path) -> None:
    former = tmp_path / "former-model"
    former.mkdir()
    (former / "vectors").write_bytes(b"0")
    Table(tmp_path).open_for_writing()
    assert not former.exists()
