"""Catching up with sources: only what is new is asked for, failing ones are left alone longer, those that left go."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fediverse_ehrenamt import background, wiring
from fediverse_ehrenamt.federation import catching_up, inbox, peers, sources
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit.errors import Gone, Unavailable
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START
from fediverse_ehrenamt.vocab.types import PUBLIC, Announce, Collection, CollectionPage, Create, Delete, Note
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.origin import Answer, Origin
from tests.workbench import NOW, Clock, note

pytestmark = pytest.mark.anyio
ANNA, OUTBOX, FIRST = "/users/anna", "/users/anna/outbox", "/users/anna/outbox?page=true"


def made(peer: Origin, number: int, **changes: Any) -> Note:
    """A note that is the younger the higher its number."""
    published = NOW - timedelta(hours=100 - number)
    given = {"attributed_to": peer.at(ANNA), "url": peer.at(f"/notes/{number}"), "published": published}
    return note(peer.at(f"/notes/{number}"), **given | changes)


def create(peer: Origin, number: int) -> Create:
    thing = made(peer, number)
    return Create(id=f"{thing.id}/activity", actor=peer.at(ANNA), object=thing, to=(PUBLIC,), published=thing.published)


def serve(peer: Origin, *numbers: int, etag: str = "", size: int = 2) -> None:
    """Serve an outbox as Mastodon does: a collection that names its first page, pages that name the next."""
    tags = (("ETag", etag),) if etag else ()
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), total=len(numbers), first=peer.at(FIRST)), headers=tags)
    pages = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    for index, page in enumerate(pages):
        path = FIRST if index == 0 else f"{OUTBOX}?max_id={page[0]}"
        following = peer.at(f"{OUTBOX}?max_id={pages[index + 1][0]}") if index + 1 < len(pages) else ""
        items = tuple(create(peer, number) for number in page)
        peer.serve(path, CollectionPage(id=peer.at(path), items=items, next=following), headers=tags)


def conditional(peer: Origin) -> None:
    """Let the peer answer 304 to whoever names the state that a document is in."""

    def judge(_method: str, target: str, headers: dict[str, str], _body: bytes) -> Answer | None:
        said = dict(peer.answers[target].headers) if target in peer.answers else {}
        known = {headers.get("if-none-match"), headers.get("if-modified-since")} - {None}
        return Answer(status=304) if known and known <= {said.get("ETag"), said.get("Last-Modified")} else None

    peer.judge = judge


def uris(work: Work) -> set[str]:
    return {change.uri.rpartition("/")[2] for change in search.changes(work, START) if change.card}


def row(work: Work) -> SourceRow:
    return work.db.scalars(select(SourceRow)).one()


def jobs(work: Work) -> list[str]:
    return list(work.db.scalars(select(JobRow.name)))


async def look(home: Workshop, peer: Origin) -> list[str]:
    """Look at Anna's outbox and return what of it was asked for."""
    before = len(peer.requests)
    await catching_up.read_outbox(home, wiring.HANDLERS, peer.at(ANNA))
    return [one.removeprefix("GET ") for one in peer.requests[before:] if OUTBOX in one]


@pytest.fixture
async def anna(home: Workshop, peer: Origin) -> str:
    peer.actor()
    await home.write(workbench.add_source, peer.at(ANNA))
    return peer.at(ANNA)


# --- only what is new -------------------------------------------------------------------------------------------------
async def test_a_second_look_ends_where_something_is_known(home: Workshop, peer: Origin, anna: str) -> None:
    serve(peer, 8, 7, 6, 5, 4, 3)
    assert len(await look(home, peer)) == 4
    serve(peer, 9, 8, 7, 6, 5, 4, 3)
    assert await look(home, peer) == [OUTBOX, FIRST], f"the rest is known of {anna}"
    assert await home.read(uris) == {"3", "4", "5", "6", "7", "8", "9"}
    serve(peer, *range(15, 2, -1))
    assert len(await look(home, peer)) == 5, "four pages until the 9, which is known"
    assert len(await home.read(uris)) == 13


async def test_nothing_is_sent_where_nothing_has_changed(home: Workshop, peer: Origin, anna: str) -> None:
    conditional(peer)
    serve(peer, 2, 1, etag='"one"')
    await look(home, peer)
    reading = await catching_up.read_outbox(home, wiring.HANDLERS, anna)
    assert (reading.items, reading.things) == (0, 0)
    serve(peer, 3, 2, 1, etag='W/"two"')
    assert await look(home, peer) == [OUTBOX, FIRST]
    assert peer.headers[-1]["if-none-match"] == '"one"'
    assert await home.read(uris) == {"1", "2", "3"}
    assert (await look(home, peer), peer.headers[-1]["if-none-match"]) == ([OUTBOX, FIRST], 'W/"two"')


async def test_the_same_collection_may_have_another_first_page(home: Workshop, peer: Origin, anna: str) -> None:
    """One post more and one less is the same number: the collection is as it was, its first page is not."""
    conditional(peer)
    serve(peer, 2, 1, etag='"one"')
    await look(home, peer)
    page = CollectionPage(id=peer.at(FIRST), items=(create(peer, 3), create(peer, 1)))
    peer.serve(FIRST, page, headers=(("ETag", '"other"'),))
    assert await look(home, peer) == [OUTBOX, FIRST]
    assert await home.read(uris) == {"1", "2", "3"}
    assert anna


async def test_by_the_date_of_the_last_change(home: Workshop, peer: Origin, anna: str) -> None:
    conditional(peer)
    date = (("Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT"), ("ETag", "x" * 300))
    collection = Collection(id=peer.at(OUTBOX), items=(create(peer, 1),))
    peer.serve(OUTBOX, collection, headers=date)
    await look(home, peer)
    assert (await catching_up.read_outbox(home, wiring.HANDLERS, anna)).items == 0
    assert peer.headers[-1]["if-modified-since"] == date[0][1]
    assert "if-none-match" not in peer.headers[-1], "a name that long is not remembered"


async def test_out_of_order_no_known_item_ends_a_look(home: Workshop, peer: Origin, anna: str) -> None:
    """Where an outbox has another order, what is new may stand anywhere."""
    serve(peer, 5, 9, 2, 4)
    assert len(await look(home, peer)) == 3
    serve(peer, 5, 9, 2, 4, 1, 7)
    assert len(await look(home, peer)) == 4
    assert await home.read(uris) == {"1", "2", "4", "5", "7", "9"}
    assert anna


@pytest.mark.parametrize("dated", [False, True])
async def test_without_dates_that_differ_there_is_no_order(
    home: Workshop, peer: Origin, anna: str, dated: bool
) -> None:
    """Announces of ids may have no dates at all; things that were imported may all be of one moment."""
    serve(peer, 4, 3, 2, 1)
    for path, numbers in ((FIRST, (4, 3)), (f"{OUTBOX}?max_id=2", (2, 1))):
        following = peer.at(f"{OUTBOX}?max_id=2") if path == FIRST else ""
        items = tuple(
            made(peer, one, published=NOW)
            if dated
            else Announce(id=peer.at(f"/a/{one}"), actor=anna, object=peer.at(f"/notes/{one}"))
            for one in numbers
        )
        peer.serve(path, CollectionPage(id=peer.at(path), items=items, next=following))
    assert len(await look(home, peer)) == len(await look(home, peer)) == 3


async def test_once_a_week_all_is_read(home: Workshop, peer: Origin, anna: str, clock: Clock) -> None:
    conditional(peer)
    serve(peer, 4, 3, 2, 1, etag='"one"')
    await look(home, peer)
    clock.forward(days=6, hours=23)
    assert await look(home, peer) == [OUTBOX, FIRST]
    clock.forward(hours=2)
    assert len(await look(home, peer)) == 3
    assert "if-none-match" not in peer.headers[-1]
    assert len(await look(home, peer)) == 2
    assert len((await catching_up.read_outbox(home, wiring.HANDLERS, anna, whole=True)).marks.seen) == 4


async def test_pages_that_only_have_numbers(home: Workshop, peer: Origin, anna: str) -> None:
    """Older Mobilizons never name the next page, though the collection counts more items than the first one has."""
    pages = {number: tuple(create(peer, 10 * number + one) for one in (2, 1)) for number in (1, 2)}
    first = CollectionPage(id=peer.at(f"{OUTBOX}?page=1"), items=pages[1])
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), total=5, first=first))
    peer.serve(f"{OUTBOX}?page=2", CollectionPage(id=peer.at(f"{OUTBOX}?page=2"), items=pages[2]))
    assert await look(home, peer) == [OUTBOX, f"{OUTBOX}?page=2", f"{OUTBOX}?page=3"], "a guess may be wrong"
    assert await home.read(uris) == {"11", "12", "21", "22"}
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), total=2, first=first))
    assert await look(home, peer) == [OUTBOX]
    assert anna


@pytest.mark.parametrize("told", [False, True])
async def test_consent_given_later_brings_what_was_left_out(
    home: Workshop, peer: Origin, anna: str, clock: Clock, told: bool
) -> None:
    """At the next look, not only after a week; also where an Update has told of it before."""
    conditional(peer)
    peer.actor(indexable=False)
    serve(peer, 4, 3, 2, 1, etag='"one"')
    await look(home, peer)
    assert await home.read(uris) == set()
    actor = peer.actor()
    if told:
        await home.write(peers.remember, actor)
    clock.forward(hours=6)
    assert len(await look(home, peer)) == 3
    assert await home.read(uris) == {"1", "2", "3", "4"}
    assert await look(home, peer) == [OUTBOX, FIRST], f"it is said once by {anna}"


# --- when -------------------------------------------------------------------------------------------------------------
def test_failures_lengthen_the_wait() -> None:
    waits = [catching_up.next_look(failures, 0.5) for failures in range(9)]
    assert waits[:3] == [timedelta(hours=6), timedelta(hours=12), timedelta(hours=24)]
    assert waits == sorted(waits)
    assert waits[-1] == catching_up.LONGEST_WAIT
    spread = {catching_up.next_look(0, chance / 10) for chance in range(10)}
    assert len(spread) == 10
    assert min(spread) == timedelta(hours=6) * 0.8
    assert max(spread) < timedelta(hours=6) * 1.2


async def test_a_failing_source_is_looked_at_less_often(home: Workshop, peer: Origin, anna: str, clock: Clock) -> None:
    peer.answers[OUTBOX] = Answer(b"<html>", kind="text/html")
    for failures in (1, 2, 3):
        clock.forward(days=8)
        assert await home.write(catching_up.read_again) == 1
        await Runner(home, wiring.JOBS).run_due()
        assert await home.read(jobs) == [], "the host answered: nothing to try again at once"
        found = await home.read(row)
        assert (found.failures, bool(found.error), found.contact_at) == (failures, True, None)
        assert found.next_at is not None
        wait = (found.next_at - clock.now) / catching_up.READ_AGAIN_AFTER
        assert 2**failures * 0.79 < wait < 2**failures * 1.21
    serve(peer, 1)
    await look(home, peer)
    found = await home.read(row)
    assert (found.failures, found.error, found.contact_at) == (0, "", clock.now)
    assert anna


async def test_who_cannot_be_reached_is_not_asked_twice(home: Workshop, peer: Origin, anna: str, clock: Clock) -> None:
    peer.answers[OUTBOX] = Answer(status=500)
    clock.forward(days=1)
    assert await home.write(catching_up.read_again) == 1
    await Runner(home, wiring.JOBS).run_due()
    assert await home.read(jobs) == ["read_outbox"], "the queue tries it again"
    clock.forward(days=8)
    await home.write(catching_up.read_again)
    assert await home.read(jobs) == ["read_outbox"]
    with pytest.raises(Unavailable):
        await catching_up.read_outbox(home, wiring.HANDLERS, anna)


@pytest.mark.parametrize("state", ["rejected", "gone"])
async def test_who_said_no_is_not_looked_at(home: Workshop, clock: Clock, state: str) -> None:
    await home.write(workbench.add_source, state=state)
    clock.forward(days=30)
    assert await home.write(catching_up.read_again) == 0


# --- who left ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("whole", [False, True])
async def test_a_source_that_is_gone_takes_all_with_it(
    home: Workshop, peer: Origin, anna: str, clock: Clock, whole: bool
) -> None:
    await home.write(lambda work: setattr(row(work), "whole_origin", whole))
    serve(peer, 2, 1)
    await look(home, peer)
    peer.answers[ANNA] = Answer(status=410)
    with pytest.raises(Gone):
        await look(home, peer)
    await background.run_all_due(home)
    assert await home.read(uris) == set()
    (listed,) = await home.read(sources.listing)
    assert (listed.state, listed.next_at) == ("gone", None)
    assert listed.error
    clock.forward(days=9)
    assert await home.write(catching_up.read_again) == 0
    await home.write(sources.remove, anna)
    assert await home.read(jobs) == [], "nobody is there to be told"


async def test_a_source_that_cannot_be_found_today_keeps_what_it_gave(home: Workshop, peer: Origin, anna: str) -> None:
    serve(peer, 1)
    await look(home, peer)
    peer.answers[ANNA] = Answer(status=404)
    with pytest.raises(Gone):
        await look(home, peer)
    await background.run_all_due(home)
    (listed,) = await home.read(sources.listing)
    assert (listed.state, listed.failures) == ("accepted", 1)
    assert await home.read(uris) == {"1"}
    assert anna


async def test_a_source_that_says_farewell(home: Workshop, peer: Origin, anna: str) -> None:
    serve(peer, 1)
    await look(home, peer)
    farewell = Delete(id=f"{anna}#bye", actor=anna, object=anna)
    assert await home.write(inbox.dispatch, wiring.HANDLERS, farewell) == "handled"
    await background.run_all_due(home)
    (listed,) = await home.read(sources.listing)
    assert listed.state == "gone"
    assert await home.read(uris) == set()


async def test_marks_of_before_a_change_do_not_hide_what_is_wanted_now(home: Workshop, peer: Origin, anna: str) -> None:
    conditional(peer)
    serve(peer, 4, 3, 2, 1, etag='"one"')
    await look(home, peer)
    await home.write(sources.change, anna, None, "direct")
    assert len(await look(home, peer)) == 3
