"""How long searches and suggestions take among 200,000 documents, how much the engine needs, how long building took.

The index is built once for a state of the sources that decide what it holds, and kept in build/ for the next run. The
part "full" asks the same of 1,000,000, and how much memory a process has that does nothing else.
"""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TypeVar

from fediverse_ehrenamt.demo import bulk, words
from fediverse_ehrenamt.demo.chance import chance
from fediverse_ehrenamt.demo.queries import BenchQuery, queries
from fediverse_ehrenamt.kit import collector
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.search import card, clauses
from fediverse_ehrenamt.search.cache import HELD
from fediverse_ehrenamt.search.engine import PAGE_SIZE, Index
from fediverse_ehrenamt.search.filters import RADII_KM
from fediverse_ehrenamt.search.folder import Folder
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, Cursor, Document
from fediverse_ehrenamt.search.query import Query, read
from fediverse_ehrenamt.search.store import BATCH, Change
from fediverse_ehrenamt.search.writer import Writer, open_index
from tests.benchmarks.measuring import BUILD, ROOT, ROUNDS, Figures, cores, middle, on_core, percentile

_QUERIES = 300
SEED = 2026
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)  # fixed, so that the index of an earlier run still fits
_MAKERS = ("fediverse_ehrenamt.demo.bulk", "fediverse_ehrenamt.search.schema")  # of documents, and of their entries
_DECISIVE = ("demo/texts/*", "language/*", "search/writer.py")  # what the index depends on beside their modules
_LEAST_HITS = 20
_COMMON = (0, 4)  # ranks of words
_BEGINNINGS = 300

Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True)
class Size:
    """How many documents an index has; `name` is how figures call that, `infix` where it goes without saying."""

    name: str
    count: int
    infix: str = ""


USUAL, FULL = Size("200k", 200_000), Size("1m", 1_000_000, "1m_")


def run(_folder: Path) -> Figures:
    """Measure over the index in build/, which is made where it is missing or out of date."""
    return _run(USUAL, vocabulary())


def run_full(folder: Path) -> Figures:
    """Measure over a million documents; to make their index takes as long as all other parts together."""
    core, _ = cores()
    wide = vocabulary()
    figures = _run(FULL, wide)
    asked = folder / "asked.json"
    asked.write_text(json.dumps([query.pairs() for query in questions(wide)]))
    with on_core(core):
        command = [sys.executable, "-m", "tests.benchmarks.searcher", str(_place(FULL)), str(asked), NOW.isoformat()]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    held, with_files = map(float, done.stdout.split())
    return figures | {f"search_{FULL.name}_mb": held, f"search_{FULL.name}_mapped_mb": with_files}


def _run(size: Size, wide: list[str]) -> Figures:
    core, _ = cores()
    asked = questions(wide)
    with on_core(core):
        with collector.spared():  # as `reindex` and the server do
            folder, seconds = built(wide, size)
        building = {f"index_{size.infix}docs_per_s": size.count / seconds} if seconds else {}
        with collector.spared():
            answering = _measure(folder, asked, size.name) | _broad(folder, wide, size.name)
            return building | answering | _suggest(folder, wide, size.infix)


def vocabulary() -> list[str]:
    """Return the words that texts and searches are made of, the most frequent first."""
    found = words.wide_vocabulary(german_nouns())
    assert len(found) >= words.WIDE, "a search among few words measures nothing"
    return found


def questions(vocabulary: list[str]) -> list[Query]:
    """Return the searches, the same for the same words."""
    return [_query(one) for one in queries(_QUERIES, SEED, vocabulary, NOW.date())]


def german_nouns() -> Iterator[str]:
    with files("german_nouns").joinpath("nouns.csv").open(encoding="utf-8") as table:
        yield from (cell for row in csv.reader(table) for cell in row if cell[:1].isupper())


def _query(asked: BenchQuery) -> Query:
    return Query(
        text=asked.text,
        place=asked.place,
        spot=gazetteer.find(asked.place),
        radius_km=asked.radius_km,
        areas=(asked.area,),
        since=asked.from_date,
        until=asked.to_date,
    )


# --- the index --------------------------------------------------------------------------------------------------------
def built(vocabulary: list[str], size: Size = USUAL) -> tuple[Folder, float]:
    """Return the folder of the index and the seconds that building it took, 0 where it was there.

    The seconds are those from the documents table's cards to one segment, without making up the documents.
    """
    place = _place(size)
    if (place / "current").exists():
        return Folder(place), 0.0
    shutil.rmtree(place.parent, ignore_errors=True)
    folder = Folder(place)
    seconds = 0.0
    path = folder.create()
    writer = Writer(path, size.count, hidden=True)  # as `reindex` does
    numbered = enumerate(bulk.documents(size.count, NOW, SEED, vocabulary), start=1)
    while changes := [_change(number, document) for number, document in islice(numbered, BATCH)]:
        started = time.perf_counter()
        writer.add(changes, NOW)
        if writer.is_due:
            writer.commit(filling=True)
        seconds += time.perf_counter() - started
    started = time.perf_counter()
    writer.commit(filling=False)
    writer.finish()
    folder.make_current(path)
    return folder, seconds + time.perf_counter() - started


def _place(size: Size) -> Path:
    return BUILD / f"bench-search-{size.name}" / _fingerprint(size)


def _change(number: int, document: Document) -> Change:
    return Change(Cursor(0, number), document.uri, card.write(document).decode())


def _fingerprint(size: Size) -> str:
    package = ROOT / "fediverse_ehrenamt"
    decisive = {path for pattern in _DECISIVE for path in package.glob(pattern) if path.is_file()}
    digest = hashlib.sha256(f"{size.count} {SEED} {NOW}".encode())
    for path in sorted(decisive | _modules() | {Path(__file__)}):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _modules() -> set[Path]:
    """Return the modules of ours that a process loads to make an index, not those that only read one.

    So who makes searches quicker need not wait until a million documents have been indexed again.
    """
    loaded = (
        f"import sys, {', '.join(_MAKERS)}; print(*(getattr(one, '__file__', None) for one in sys.modules.values()))"
    )
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, check=True, capture_output=True, text=True)
    return {path for path in map(Path, done.stdout.split()) if path.is_relative_to(ROOT / "fediverse_ehrenamt")}


# --- the searches -----------------------------------------------------------------------------------------------------
def _measure(folder: Folder, asked: list[Query], size: str) -> Figures:
    """Ask everything in rounds, our way and the engine's own in turns; the first round warms up.

    What is found is counted at once, as a page does that. Each round is at a later time, so that no answer is one that
    was kept.
    """
    index = Index(folder.path)
    hits = median(index.find(query, NOW).total for query in asked)
    assert hits >= _LEAST_HITS, f"a median of {hits} hits is too few to say anything"
    path = folder.current()
    assert path is not None, "it was just built"
    searcher = open_index(path).searcher()
    bare = [clauses.matching(clauses.build(query, NOW)) for query in asked]
    ours: list[list[float]] = []
    counted: list[list[float]] = []
    ceilings: list[list[float]] = []
    for now in moments():
        times = [_found_and_counted(index, now, query) for query in asked]
        ours.append([found for found, _both in times])
        counted.append([both for _found, both in times])
        ceilings.append([_milliseconds(lambda query: searcher.search(query, PAGE_SIZE), query) for query in bare])
    figures = {"": ours, "counted_": counted, "ceiling_": ceilings}
    return {
        **{
            f"search_{size}_{name}p{round(100 * share)}_ms": middle([percentile(times, share) for times in rounds[1:]])
            for name, rounds in figures.items()
            for share in (0.5, 0.95)
        },
        f"search_{size}_hits_median": float(hits),
        "search_words": float(words.WIDE),
    }


def _found_and_counted(index: Index, now: datetime, query: Query) -> tuple[float, float]:
    """Return how many ms it took to find, and to count as well."""
    started = time.perf_counter()
    found = index.find(query, now)
    between = time.perf_counter()
    index.counts(query, now, found.total)
    return (between - started) * 1_000, (time.perf_counter() - started) * 1_000


def moments() -> list[datetime]:
    """Return a time for each round and one to warm up, so far apart that no answer is kept from one to the next."""
    return [NOW + number * 2 * HELD for number in range(ROUNDS + 1)]


def _broad(folder: Folder, wide: list[str], size: str) -> Figures:
    """Ask what most Documents match: the start page, a common word, 200 km, three filters; all of it is counted."""
    index = Index(folder.path)
    far = str(RADII_KM[-1])
    asked = [
        Query(),
        Query(kinds=(OPPORTUNITY, EVENT)),
        *(Query(text=wide[rank]) for rank in _COMMON),
        read((("ort", "Hagen"), ("umkreis", far))),
        read((("zielgruppe", "kinder"), ("zeit", "sa"), ("deutsch", "a2"), ("ort", "Hagen"), ("umkreis", far))),
    ]
    rounds = [[_milliseconds(partial(_answer, index, now), query) for query in asked] for now in moments()]
    kept = [_milliseconds(partial(_answer, index, moments()[-1]), query) for query in asked]
    slowest = middle([max(times) for times in rounds[1:]])
    return {f"broad_{size}_p95_ms": slowest, f"kept_{size}_p95_ms": max(kept)}


def _answer(index: Index, now: datetime, query: Query) -> None:
    found = index.find(query, now)
    index.counts(query, now, found.total)


def _suggest(folder: Folder, vocabulary: list[str], infix: str) -> Figures:
    """Ask for beginnings of 2 to 9 letters of frequent and rare words, a third of them with a letter wrong."""
    index = Index(folder.path)
    rng = chance("suggestions", SEED)
    asked = []
    for number in range(_BEGINNINGS):
        word = vocabulary[int(len(vocabulary) * rng.random() ** 3)]
        beginning = word[: rng.randint(2, 9)]
        at = rng.randrange(len(beginning))
        asked.append(beginning if number % 3 else beginning[:at] + "e" + beginning[at + 1 :])
    index.suggest("warm", NOW)
    rounds = [[_milliseconds(lambda text: index.suggest(text, NOW), text) for text in asked] for _ in range(ROUNDS)]
    return {f"suggest_{infix}p95_ms": middle([percentile(times, 0.95) for times in rounds])}


def _milliseconds(ask: Callable[[Asked], object], what: Asked) -> float:
    started = time.perf_counter()
    ask(what)
    return (time.perf_counter() - started) * 1_000
