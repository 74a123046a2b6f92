"""The same searches on PostgreSQL's full text search with a geo index, and on SQLite's FTS5 with its R*Tree.

Both get the texts, places, areas and dates of the same documents, the indexes that their manuals name, statistics, and
memory for all of it. Asked is for the first page, best first, and the number of all hits; ours returns whole documents.
"""

import json
import math
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import datetime
from datetime import time as clock_time
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from fediverse_ehrenamt.demo import bulk
from fediverse_ehrenamt.kit.geo import EARTH_KM
from fediverse_ehrenamt.search.cache import HELD
from fediverse_ehrenamt.search.engine import PAGE_SIZE, Index
from fediverse_ehrenamt.search.model import Document, leaves_at
from fediverse_ehrenamt.search.query import Query
from tests import servers
from tests.benchmarks import search
from tests.benchmarks.measuring import ROUNDS, Figures, cores, middle, on_core, percentile

_ASKED = 100  # of the queries of the search benchmark
_DEGREE_KM = math.pi * EARTH_KM / 180
_NEVER = 1 << 40  # seconds
_METRES = 1_000
_ZONE = ZoneInfo("Europe/Berlin")
_MEMORY = ("shared_buffers=2GB", "work_mem=256MB", "maintenance_work_mem=1GB", "max_parallel_workers_per_gather=0")

Ask = Callable[[Query], int]


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the rivals have it; times are seconds since 1970, `starts` and `ends` None where it has no date."""

    number: int
    text: str
    latitude: float | None
    longitude: float | None
    areas: tuple[str, ...]
    starts: int | None
    ends: int | None
    leaves: int
    fresh: int


def run(folder: Path) -> Figures:
    """Measure all three in turns over the documents of the search benchmark; the first round warms up."""
    vocabulary = search.vocabulary()
    core, _ = cores()
    with on_core(core), servers.postgres(*_MEMORY) as postgres, postgres.database() as name:
        index = Index(search.built(vocabulary)[0].path)
        asked = search.questions(vocabulary)[:_ASKED]
        moments = (search.NOW + number * 2 * HELD / _ASKED for number in count())  # no answer is one that was kept
        file = folder / "rival.sqlite"
        with (
            closing(sqlite3.connect(file)) as fts5,
            psycopg.connect(postgres.url(name).replace("+psycopg", ""), autocommit=True) as pg,
        ):
            rows = list(_rows(vocabulary))
            _fill_fts5(fts5, rows)
            _fill_pg(pg, rows)
            del rows
            return _measure(
                {
                    "ours": lambda query: index.find(query, next(moments)).total,
                    "pg": lambda query: _ask_pg(pg, query),
                    "fts5": lambda query: _ask_fts5(fts5, query),
                },
                asked,
            )


def _measure(rivals: dict[str, Ask], asked: Sequence[Query]) -> Figures:
    hits = {name: sum(map(ask, asked)) for name, ask in rivals.items()}
    assert min(hits.values()) > len(asked), f"all three find what is asked for, not {hits}"
    rounds: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(ROUNDS):
        for name, ask in rivals.items():
            rounds[name].append(percentile([_milliseconds(ask, query) for query in asked], 0.95))
    p95 = {name: middle(times) for name, times in rounds.items()}
    return {
        "search_vs_pg": p95["pg"] / p95["ours"],
        "search_vs_fts5": p95["fts5"] / p95["ours"],
        **{f"rival_{name}_p95_ms": value for name, value in p95.items()},
        **{f"rival_{name}_hits": value / len(asked) for name, value in hits.items()},
    }


def _milliseconds(ask: Ask, query: Query) -> float:
    started = time.perf_counter()
    ask(query)
    return (time.perf_counter() - started) * 1_000


def _rows(vocabulary: list[str]) -> Iterator[Row]:
    numbered = enumerate(bulk.documents(search.USUAL.count, search.NOW, search.SEED, vocabulary), start=1)
    return (_row(number, document) for number, document in numbered)


def _row(number: int, document: Document) -> Row:
    leaves, fresh = leaves_at(document), document.fresh_at or search.NOW
    return Row(
        number,
        " ".join((document.title, document.text, document.organisation, document.place, *document.hashtags)),
        document.latitude,
        document.longitude,
        document.areas,
        int(document.starts_at.timestamp()) if document.starts_at else None,
        int((document.ends_at or document.starts_at).timestamp()) if document.starts_at else None,
        int(leaves.timestamp()) if leaves else _NEVER,
        int(fresh.timestamp()),
    )


def _days(query: Query) -> tuple[int, int]:
    """Return the first and the last second of the days that are asked for."""
    since, until = query.since, query.until
    assert since is not None, "every query of the benchmark has days"
    assert until is not None, "every query of the benchmark has days"
    first, last = datetime.combine(since, clock_time.min, _ZONE), datetime.combine(until, clock_time.max, _ZONE)
    return int(first.timestamp()), int(last.timestamp())


def _circle(query: Query) -> tuple[float, float, int]:
    assert query.spot is not None, "every query of the benchmark has a place"
    return query.spot.latitude, query.spot.longitude, query.radius_km


# --- PostgreSQL -------------------------------------------------------------------------------------------------------
_PG_TABLES = (
    "CREATE EXTENSION cube",
    "CREATE EXTENSION earthdistance",
    """CREATE UNLOGGED TABLE given (
        id integer, text text, latitude float8, longitude float8, areas text[], starts bigint, ends bigint,
        leaves bigint, fresh bigint
    )""",
)
_PG_INDEXES = (
    """CREATE UNLOGGED TABLE docs AS
        SELECT id, to_tsvector('german', text) AS words, ll_to_earth(latitude, longitude) AS place, areas, starts, ends,
            leaves, fresh
        FROM given""",
    "CREATE INDEX ON docs USING gin (words)",
    "CREATE INDEX ON docs USING gist (place)",
    "CREATE INDEX ON docs USING gin (areas)",
    "CREATE INDEX ON docs (starts)",
    "VACUUM (ANALYZE, FREEZE) docs",
)
_PG_SEARCH = """
    SELECT id, count(*) OVER ()
    FROM docs, plainto_tsquery('german', %(text)s) AS asked
    WHERE words @@ asked AND leaves > %(now)s AND areas && %(areas)s AND starts <= %(last)s AND ends >= %(first)s
        AND earth_box(ll_to_earth(%(latitude)s, %(longitude)s), %(metres)s) @> place
        AND earth_distance(ll_to_earth(%(latitude)s, %(longitude)s), place) <= %(metres)s
    ORDER BY ts_rank(words, asked) DESC, fresh DESC, id
    LIMIT %(limit)s
"""


def _fill_pg(pg: psycopg.Connection, rows: Sequence[Row]) -> None:
    for statement in _PG_TABLES:
        pg.execute(statement)
    with pg.cursor() as cursor, cursor.copy("COPY given FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*astuple(row)[:4], list(row.areas), *astuple(row)[5:]))
    for statement in _PG_INDEXES:
        pg.execute(statement)


def _ask_pg(pg: psycopg.Connection, query: Query) -> int:
    latitude, longitude, radius_km = _circle(query)
    first, last = _days(query)
    values = {
        "text": query.text,
        "now": int(search.NOW.timestamp()),
        "areas": list(query.areas),
        "first": first,
        "last": last,
        "latitude": latitude,
        "longitude": longitude,
        "metres": radius_km * _METRES,
        "limit": PAGE_SIZE,
    }
    found = pg.execute(_PG_SEARCH, values).fetchall()
    return int(found[0][1]) if found else 0


# --- SQLite -----------------------------------------------------------------------------------------------------------
_FTS5_TABLES = (
    "PRAGMA cache_size = -2000000",
    "CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE places USING rtree(id, south, north, west, east)",
    # Points on a ball of radius 1: their distance along it is the arc of the product, which SQL can say.
    """CREATE TABLE docs (
        id INTEGER PRIMARY KEY, x REAL, y REAL, z REAL, areas TEXT, starts INTEGER, ends INTEGER, leaves INTEGER,
        fresh INTEGER
    )""",
)
_FTS5_SEARCH = """
    WITH found AS MATERIALIZED (SELECT docs.id AS id, rank AS score, fresh
    FROM words JOIN docs ON docs.id = words.rowid JOIN places ON places.id = words.rowid
    WHERE words MATCH :text AND leaves > :now AND starts <= :last AND ends >= :first
        AND EXISTS (SELECT 1 FROM json_each(docs.areas) WHERE value = :area)
        AND south >= :south AND north <= :north AND west >= :west AND east <= :east
        AND x * :x + y * :y + z * :z >= :cosine)
    SELECT id, (SELECT count(*) FROM found) FROM found ORDER BY score, fresh DESC, id LIMIT :limit
"""


def _fill_fts5(fts5: sqlite3.Connection, rows: Sequence[Row]) -> None:
    for statement in _FTS5_TABLES:
        fts5.execute(statement)
    for row in rows:
        fts5.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (row.number, row.text))
        placed = row.latitude is not None and row.longitude is not None
        point = _point(row.latitude or 0.0, row.longitude or 0.0) if placed else (None, None, None)
        if placed:
            sides = (row.latitude, row.latitude, row.longitude, row.longitude)
            fts5.execute("INSERT INTO places VALUES (?, ?, ?, ?, ?)", (row.number, *sides))
        values = (row.number, *point, json.dumps(row.areas), row.starts, row.ends, row.leaves, row.fresh)
        fts5.execute("INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    fts5.execute("INSERT INTO words (words) VALUES ('optimize')")
    fts5.execute("ANALYZE")
    fts5.commit()


def _point(latitude: float, longitude: float) -> tuple[float, float, float]:
    north, east = math.radians(latitude), math.radians(longitude)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def _ask_fts5(fts5: sqlite3.Connection, query: Query) -> int:
    latitude, longitude, radius_km = _circle(query)
    first, last = _days(query)
    x, y, z = _point(latitude, longitude)
    high = radius_km / _DEGREE_KM
    wide = high / math.cos(math.radians(latitude))
    values = {
        "text": " ".join(f'"{word}"' for word in query.text.split()),
        "now": int(search.NOW.timestamp()),
        "area": query.areas[0],
        "first": first,
        "last": last,
        "south": latitude - high,
        "north": latitude + high,
        "west": longitude - wide,
        "east": longitude + wide,
        "x": x,
        "y": y,
        "z": z,
        "cosine": math.cos(radius_km / EARTH_KM),
        "limit": PAGE_SIZE,
    }
    found = fts5.execute(_FTS5_SEARCH, values).fetchall()
    return int(found[0][1]) if found else 0
