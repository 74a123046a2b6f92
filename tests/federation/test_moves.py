"""A source that moves is followed to where it goes, if both of its addresses say so; on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import inbox, moves, sources
from fediverse_ehrenamt.federation.model import MoveRow, PublishedRow, SourceRow
from fediverse_ehrenamt.federation.moves import Wish
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Rejected, Unavailable
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Activity, Follow, Move, Undo
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.origin import Answer, Origin
from tests.vocab import samples
from tests.workbench import HOME, Clock

pytestmark = pytest.mark.anyio
CHOICE = '{"areas":["kultur"]}'


@pytest.fixture
def home(instance: Instance) -> Workshop:
    return instance.workshop


def settle(work: Work, uri: str) -> None:
    """Follow an actor, with a choice and after review."""
    workbench.add_source(work, uri)
    row = work.db.get_one(SourceRow, uri)
    row.trust, row.choice = "review", CHOICE


def said(old: str, new: str, **changes: Any) -> Move:
    return Move(**{"id": f"{old}#move", "actor": old, "object": old, "target": new} | changes)


def hear(home: Workshop, activity: Move) -> str:
    return home.write_now(inbox.dispatch, wiring.HANDLERS, activity)


def rows(work: Work) -> list[tuple[str, str, str | None]]:
    return [(row.uri, row.trust, row.choice) for row in work.db.scalars(select(SourceRow))]


def jobs(work: Work) -> list[Wish]:
    return [Wish.of(job.argument) for job in work.db.scalars(select(JobRow).where(JobRow.name == "move"))]


def sent(work: Work) -> list[tuple[type, str]]:
    found = [codec.parse_activity(row.body) for row in work.db.scalars(select(PublishedRow).order_by(PublishedRow.id))]
    return [(type(one), _about(one)) for one in found]


def _about(one: Activity) -> str:
    undone = one.object if isinstance(one, Undo) else None
    return undone.object_id if isinstance(undone, Activity) else one.object_id


async def run(home: Workshop, old: str, new: str) -> None:
    job = Job(1, ids.host(new), old, "move", Wish(old, new).text(), 0, home.now())
    await moves.move(home, job)


async def two(home: Workshop, peer: Origin, other: Origin) -> tuple[str, str]:
    """An old account that is followed and a new one; each names the other."""
    new = other.at("/users/anna")
    old = peer.actor(moved_to=new).id
    other.actor(also_known_as=(old,))
    home.write_now(settle, old)
    return old, new


async def test_both_say_so_and_it_is_followed_there_as_before(home: Workshop, peer: Origin, other: Origin) -> None:
    old, new = await two(home, peer, other)
    assert hear(home, said(old, new)) == "handled"
    assert home.read_now(jobs) == [Wish(old, new)]
    assert peer.requests == other.requests == []  # a handler asks nobody
    await run(home, old, new)
    assert home.read_now(rows) == [(new, "review", CHOICE)]
    assert home.read_now(sent) == [(Follow, new), (Undo, old)]
    assert [one.state for one in home.read_now(sources.listing)] == ["pending"]
    await run(home, old, new)  # at least once
    assert len(home.read_now(sent)) == 2


async def test_the_real_shape(home: Workshop) -> None:
    """FEP-7628, and as Mastodon sends it, through the reader."""
    move = codec.parse_activity(samples.read("synthetic/move-actor.json"))
    assert isinstance(move, Move)
    home.write_now(settle, "https://verein.example/u/thw")
    assert hear(home, move) == "handled"
    assert home.read_now(jobs) == [Wish("https://verein.example/u/thw", "https://neu.example/u/thw")]


async def test_a_target_that_does_not_know_it(home: Workshop, peer: Origin, other: Origin) -> None:
    old, new = await two(home, peer, other)
    other.actor(also_known_as=("https://else.example/u",))
    hear(home, said(old, new))
    with pytest.raises(Rejected, match="alsoKnownAs"):
        await run(home, old, new)
    assert home.read_now(rows) == [(old, "review", CHOICE)]
    assert home.read_now(sent) == []
    other.actor(also_known_as=(old,))
    assert hear(home, said(old, new)) == "handled"  # the mistake was mended; no need to wait for a week
    await run(home, old, new)
    assert [row[0] for row in home.read_now(rows)] == [new]


@pytest.mark.parametrize("moved_to", ["", "https://else.example/u"])
async def test_an_old_account_that_does_not_say_it(home: Workshop, peer: Origin, other: Origin, moved_to: str) -> None:
    old, new = await two(home, peer, other)
    peer.actor(moved_to=moved_to)
    hear(home, said(old, new))
    with pytest.raises(Rejected, match="movedTo"):
        await run(home, old, new)
    assert home.read_now(rows) == [(old, "review", CHOICE)]


async def test_an_old_account_that_is_closed_by_now(home: Workshop, peer: Origin, other: Origin) -> None:
    old, new = await two(home, peer, other)
    peer.answers["/users/anna"] = Answer(status=410)
    hear(home, said(old, new))
    await run(home, old, new)
    assert [row[0] for row in home.read_now(rows)] == [new]


async def test_a_target_that_is_nowhere_or_away(home: Workshop, peer: Origin, other: Origin) -> None:
    old, new = await two(home, peer, other)
    hear(home, said(old, new))
    other.answers["/users/anna"] = Answer(status=503)
    with pytest.raises(Unavailable):
        await run(home, old, new)
    other.answers["/users/anna"] = Answer(status=404)
    with pytest.raises(Rejected):
        await run(home, old, new)
    assert home.read_now(rows) == [(old, "review", CHOICE)]


async def test_only_once_in_a_week(home: Workshop, peer: Origin, other: Origin, clock: Clock) -> None:
    old, new = await two(home, peer, other)
    hear(home, said(old, new))
    assert "moved less than 7 days ago" in hear(home, said(old, f"{new}2"))
    await run(home, old, new)
    onward = said(new, peer.at("/users/third"))
    assert "moved less than 7 days ago" in hear(home, onward)  # from where it has just arrived
    clock.now += timedelta(days=7, seconds=1)
    assert hear(home, onward) == "handled"


async def test_who_is_no_source_or_speaks_for_another(home: Workshop, peer: Origin, other: Origin) -> None:
    old, new = await two(home, peer, other)
    assert "only an account itself" in hear(home, said(new, new, object=old))
    assert "only an account itself" in hear(home, said(old, old))
    assert "only an account itself" in hear(home, said(old, ""))
    assert "only an account itself" in hear(home, said(old, f"{HOME}/ap/actor/relay"))
    assert "no source here" in hear(home, said("https://else.example/u", new))

    def reject(work: Work) -> None:
        work.db.get_one(SourceRow, old).state = "rejected"

    home.write_now(reject)
    assert "no source here" in hear(home, said(old, new))
    assert home.read_now(jobs) == []


async def test_one_that_is_followed_there_already(home: Workshop, peer: Origin, other: Origin) -> None:
    old, new = await two(home, peer, other)
    home.write_now(workbench.add_source, new)
    hear(home, said(old, new))
    await run(home, old, new)
    assert home.read_now(rows) == [(new, "direct", None)]
    assert home.read_now(sent) == [(Undo, old)]


async def test_one_that_a_coordinator_removed_meanwhile(home: Workshop, peer: Origin, other: Origin) -> None:
    old, new = await two(home, peer, other)
    hear(home, said(old, new))
    home.write_now(sources.remove, old)
    await run(home, old, new)
    assert home.read_now(rows) == []
    assert home.read_now(sent) == [(Undo, old)]
    assert home.read_now(lambda work: [row.moved_at for row in work.db.scalars(select(MoveRow))]) == [None]
