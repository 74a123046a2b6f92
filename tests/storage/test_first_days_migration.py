"""Who has offers when the search learns new facts gets one job that describes them anew; an empty one none."""

import pytest
from alembic import command
from sqlalchemy import select, text

from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.search import card
from fediverse_ehrenamt.search.model import OPPORTUNITY
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.storage.engine import Engines, open_engines
from fediverse_ehrenamt.things.describing import JOBS
from tests.search.making import document

_DOCUMENT = text(
    "INSERT INTO documents (uri, id, kind, host, xid, seq, gone, card, beside)"
    " VALUES (:uri, 'eins', :kind, 'a.example', 0, 1, false, :card, '')"
)
_LANE = text("INSERT INTO lanes (host, leased, failures, openings, failing) VALUES ('', :leased, 0, 0, '')")


def to(engines: Engines, revision: str) -> None:
    with engines.writer.begin() as connection:
        made = migrate.config()
        made.attributes["connection"] = connection
        command.upgrade(made, revision)


@pytest.mark.parametrize(("kind", "lane"), [(OPPORTUNITY, None), (OPPORTUNITY, 0), (OPPORTUNITY, 1), ("event", None)])
def test_offers_are_described_anew_and_the_lane_wakes(database_url: str, kind: str, lane: int | None) -> None:
    engines = open_engines(database_url)
    one = document(kind=kind)
    try:
        to(engines, "0038")
        with engines.writer.begin() as connection:
            connection.execute(_DOCUMENT, {"uri": one.uri, "kind": kind, "card": card.write(one).decode()})
            if lane is not None:
                connection.execute(_LANE, {"leased": lane})
        to(engines, "0039")
        with engines.reader.begin() as connection:
            jobs = connection.execute(select(JobRow.host, JobRow.name, JobRow.tries)).all()
            woken = connection.execute(select(LaneRow.host, LaneRow.next_at)).all()
    finally:
        engines.close()
    if kind != OPPORTUNITY:
        assert (jobs, woken) == ([], [])
        return
    assert [tuple(job) for job in jobs] == [("", name, 0) for name in JOBS]
    ((host, next_at),) = woken
    assert host == ""
    assert (next_at is not None) is (lane != 1), "a lane that is leased looks again when it is given back"


@pytest.mark.parametrize("between", ["0045", "0038"])
def test_whoever_misses_several_updates_describes_once(database_url: str, between: str) -> None:
    engines = open_engines(database_url)
    one = document()
    try:
        to(engines, between)
        with engines.writer.begin() as connection:
            connection.execute(_DOCUMENT, {"uri": one.uri, "kind": one.kind, "card": card.write(one).decode()})
        to(engines, "0046")
        with engines.reader.begin() as connection:
            jobs = connection.execute(select(JobRow.host, JobRow.name)).all()
    finally:
        engines.close()
    assert [tuple(job) for job in jobs] == [("", name) for name in JOBS]
