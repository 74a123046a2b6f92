"""What of a source is indexed: by consent, by choice, after review, for as long as it is valid; counted and dropped."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event as sql_events
from sqlalchemy import select

from fediverse_ehrenamt import background, wiring
from fediverse_ehrenamt.federation import chosen, inbox, peers, sources
from fediverse_ehrenamt.federation.chosen import Choice
from fediverse_ehrenamt.federation.model import RemoteActorRow, SourceRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit.errors import Conflict, NotFound
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import EVENT, KINDS, OPPORTUNITY, POST, START
from fediverse_ehrenamt.things import fitting, origins, review, tasks
from fediverse_ehrenamt.things.model import ReviewRow, ThingRow
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Announce,
    Create,
    Delete,
    Event,
    EventDetails,
    Note,
    Opportunity,
    OpportunityDetails,
    Place,
    Undo,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import ANNA, NOW, PEER, Clock, note, person

pytestmark = pytest.mark.anyio

BERTA = f"{PEER}/users/berta"
ELSEWHERE = "https://other.example/users/otto"
KIEL = Place(name="Rathaus", locality="Kiel", latitude=54.3233, longitude=10.1228)
HASPE = Place(name="Torhaus", locality="Hagen", latitude=51.3453, longitude=7.4169)
NEAR_HAGEN = Choice(place="Hagen", latitude=51.3594, longitude=7.4750, radius_km=20.0)


def offer(number: int = 1, place: Place | None = None, **changes: Any) -> Opportunity:
    details = OpportunityDetails(
        **{"title": "Lesepatin gesucht", "kind": "regelmaessig", "areas": ("kultur",)} | changes
    )
    base: dict[str, Any] = {"attributed_to": ANNA, "content": "<p>x</p>", "published": NOW, "to": (PUBLIC,)}
    return Opportunity(id=f"{PEER}/offers/{number}", details=details, place=place, **base)


def fest(number: int = 1, place: Place | None = None, areas: tuple[str, ...] = (), **changes: Any) -> Event:
    values: dict[str, Any] = {"attributed_to": ANNA, "name": "Fest", "published": NOW, "to": (PUBLIC,)}
    values |= {"starts_at": NOW + timedelta(days=3), "details": EventDetails(kind="fest", areas=areas)}
    return Event(id=f"{PEER}/events/{number}", place=place, **values | changes)


@pytest.fixture
def home(instance: Instance) -> Workshop:
    instance.workshop.write_now(workbench.add_source, ANNA)
    return instance.workshop


async def hear(home: Workshop, thing: Any, *, updated: int = 0, via: str = "", actor: str = ANNA) -> set[str]:
    """Let a thing come, or its Update some minutes later, and return what is in the index then."""
    changed = replace(thing, updated=NOW + timedelta(minutes=updated)) if updated else thing
    kind = Update if updated else Create
    activity = kind(id="", actor=actor, object=changed, to=thing.to, via=via)
    assert await home.write(inbox.dispatch, wiring.HANDLERS, activity) == "handled"
    return await home.read(found)


def found(work: Work) -> set[str]:
    there = {change.uri for change in search.changes(work, START) if change.card}
    assert there == set(work.db.scalars(select(ThingRow.uri))), "a thing and its Document are there together"
    return {uri.removeprefix(f"{PEER}/") for uri in there}


async def choose(home: Workshop, choice: Choice | None = None, trust: str = "direct", uri: str = ANNA) -> int:
    return await home.write(_choose, choice, trust, uri)


def _choose(work: Work, choice: Choice | None, trust: str, uri: str) -> int:
    return origins.refit(work, sources.change(work, uri, choice, trust))


def remember(work: Work, uri: str, *, indexable: bool | None = True) -> None:
    peers.remember(work, person(uri, indexable=indexable))


# --- consent (FEP-5feb) -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("indexable", "taken"), [(True, True), (False, False), (None, False)])
async def test_posts_need_an_author_who_may_be_searched(home: Workshop, indexable: bool | None, taken: bool) -> None:
    await home.write(remember, ANNA, indexable=indexable)
    assert await hear(home, note()) == ({"notes/1"} if taken else set())
    for thing in (offer(), fest()):
        await hear(home, thing)
    assert await home.read(found) - {"notes/1"} == {"offers/1", "events/1"}, "these are published to be found"


@pytest.mark.parametrize("make", [note, offer, fest])
async def test_unlisted_things_are_not_indexed(home: Workshop, make: Any) -> None:
    thing = make()
    assert await hear(home, replace(thing, to=(f"{ANNA}/followers",), cc=(PUBLIC,))) == set()
    assert len(await hear(home, thing)) == 1
    assert await hear(home, replace(thing, to=(f"{ANNA}/followers",), cc=(PUBLIC,)), updated=1) == set()


async def test_strangers_things_are_not_taken(home: Workshop) -> None:
    """Also where a stranger's post came through the door, because it mentions an organisation of ours."""
    await home.write(remember, BERTA)
    assert await hear(home, note(attributed_to=BERTA), actor=BERTA) == set()
    await home.write(lambda work: setattr(work.db.get(SourceRow, ANNA), "state", "rejected"))
    assert await hear(home, note()) == set()


async def test_whoever_takes_consent_back_is_forgotten(home: Workshop) -> None:
    await home.write(workbench.add_source, BERTA)
    await hear(home, note())
    await hear(home, offer())
    await hear(home, note(f"{PEER}/notes/2", attributed_to=BERTA), actor=BERTA)
    activity = Update(id=f"{ANNA}#1", actor=ANNA, object=person(ANNA, indexable=False), to=(PUBLIC,))
    assert await home.write(inbox.dispatch, wiring.HANDLERS, activity) == "handled"
    await background.run_all_due(home)
    assert await home.read(found) == {"offers/1", "notes/2"}
    await home.write(remember, ANNA, indexable=False)
    assert await home.read(lambda work: work.db.scalars(select(JobRow)).all()) == [], "that is no news"


async def test_consent_that_was_never_asked_for_is_asked_for(home: Workshop) -> None:
    """Of actors fetched by an earlier version nothing is known; their next document tells."""
    await hear(home, note())
    await home.write(lambda work: setattr(work.db.get(RemoteActorRow, ANNA), "indexable", None))
    await home.write(remember, ANNA, indexable=None)
    await background.run_all_due(home)
    assert await home.read(found) == set()


async def test_a_mind_changed_twice_costs_nothing(home: Workshop) -> None:
    await hear(home, note())
    await home.write(remember, ANNA, indexable=False)
    await home.write(remember, ANNA, indexable=True)
    await background.run_all_due(home)
    assert await home.read(found) == {"notes/1"}


# --- choice -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("choice", "taken"),
    [
        (Choice(), {"notes/1", "offers/1", "offers/2", "offers/3", "events/1", "events/2"}),
        (Choice(kinds=(EVENT,)), {"events/1", "events/2"}),
        (Choice(kinds=(OPPORTUNITY, POST)), {"notes/1", "offers/1", "offers/2", "offers/3"}),
        (Choice(areas=("sport", "soziales")), {"notes/1", "offers/2", "events/1"}),
        (Choice(areas=("sport",), kinds=(OPPORTUNITY,)), {"offers/2"}),
        (NEAR_HAGEN, {"notes/1", "offers/1", "offers/3", "events/2"}),
        (replace(NEAR_HAGEN, radius_km=400.0), {"notes/1", "offers/1", "offers/2", "offers/3", "events/2"}),
        (replace(NEAR_HAGEN, kinds=(OPPORTUNITY, EVENT), areas=("kultur",)), {"offers/1", "offers/3"}),
    ],
)
async def test_what_a_source_is_chosen_for(home: Workshop, choice: Choice, taken: set[str]) -> None:
    await choose(home, choice)
    things = [
        note(),
        offer(1, HASPE),
        offer(2, KIEL, areas=("sport",)),
        offer(3, mode="online"),
        fest(1, areas=("soziales",)),  # nobody knows where
        fest(2, Place(name="Bürgerhaus", locality="Hagen")),  # and what for; the gazetteer knows where
    ]
    for thing in things:
        await hear(home, thing)
    assert await home.read(found) == taken


async def test_another_choice_drops_what_does_not_fit_and_reads_again(home: Workshop) -> None:
    await home.write(workbench.add_source, BERTA)
    for thing in (offer(1, HASPE), offer(2, KIEL), note()):
        await hear(home, thing)
    await hear(home, replace(offer(3, KIEL), attributed_to=BERTA), actor=BERTA)
    assert await choose(home, NEAR_HAGEN) == 1
    assert await home.read(found) == {"offers/1", "notes/1", "offers/3"}, "of another source another choice holds"
    assert await choose(home, Choice(kinds=(POST,))) == 1
    row = await home.read(lambda work: work.db.get_one(SourceRow, ANNA))
    assert chosen.read(row.choice) == Choice(kinds=(POST,))
    jobs = await home.read(lambda work: {(job.name, job.argument) for job in work.db.scalars(select(JobRow))})
    assert jobs == {("read_outbox", ANNA)}
    await choose(home)
    assert await hear(home, offer(2, KIEL)) == {"notes/1", "offers/2", "offers/3"}


async def test_an_update_may_lead_out_and_in_again(home: Workshop) -> None:
    await choose(home, NEAR_HAGEN)
    assert await hear(home, offer(1, HASPE)) == {"offers/1"}
    assert await hear(home, offer(1, KIEL), updated=1) == set()
    assert await hear(home, offer(1, HASPE), updated=2) == {"offers/1"}


async def test_the_nearer_choice_counts(home: Workshop) -> None:
    """An instance is followed as a whole, and one of its organisations for something of its own."""
    relay = f"{PEER}/relay"
    await home.write(workbench.add_source, relay, whole=True)
    await choose(home, Choice(kinds=(EVENT,)), uri=relay)
    assert await hear(home, offer()) == {"offers/1"}
    await home.write(remember, BERTA)
    assert await hear(home, replace(offer(2), attributed_to=BERTA), actor=BERTA) == {"offers/1"}
    assert await hear(home, replace(fest(2), attributed_to=BERTA), actor=BERTA) == {"offers/1", "events/2"}


async def test_sources_are_asked_for_once_in_a_batch(home: Workshop) -> None:
    """A choice costs nothing where there is none: fifty things, one question."""
    statements: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    def take(work: Work) -> None:
        chosen.foresee(work, [ANNA, ELSEWHERE])
        for number in range(50):
            thing = note(f"{PEER}/notes/{number}")
            inbox.dispatch(work, wiring.HANDLERS, Create(id="", actor=ANNA, object=thing, to=thing.to))

    sql_events.listen(home.engines.writer, "before_cursor_execute", listen)
    await home.write(take)
    sql_events.remove(home.engines.writer, "before_cursor_execute", listen)
    assert len([one for one in statements if one.startswith("SELECT") and "FROM sources" in one]) == 1
    assert len([one for one in statements if "UPDATE sources" in one]) == 1, "the last contact"
    asked = [one for one in statements if "reviews" in one and "FROM tombstones" not in one]
    assert asked == [], "what is hidden here is asked for with what is deleted"
    row = await home.read(lambda work: work.db.get_one(SourceRow, ANNA))
    assert row.contact_at == NOW


async def test_when_a_source_was_last_heard_of(home: Workshop, clock: Clock) -> None:
    await hear(home, note())
    clock.forward(minutes=5)
    await hear(home, note(f"{PEER}/notes/2"))
    assert (await home.read(sources.listing))[0].contact_at == NOW, "to some minutes"
    clock.forward(minutes=6)
    delete = Delete(id="", actor=ANNA, object=f"{PEER}/notes/2")
    await home.write(inbox.dispatch, wiring.HANDLERS, delete)
    assert (await home.read(sources.listing))[0].contact_at == clock.now


# --- review -----------------------------------------------------------------------------------------------------------
async def test_what_is_to_be_reviewed_waits(home: Workshop) -> None:
    await choose(home, trust="review")
    assert await hear(home, offer(1, HASPE)) == set()
    assert await hear(home, offer(1, HASPE, title="Vorleser gesucht"), updated=1) == set()
    await hear(home, offer(1, HASPE))
    (waiting,) = await home.read(review.waiting)
    assert (waiting.title, waiting.kind, waiting.source, waiting.organisation, waiting.came_at) == (
        "Vorleser gesucht",
        "opportunity",
        ANNA,
        "Anna",
        NOW,
    )
    assert await home.read(review.count) == {ANNA: 1}
    assert await home.write(review.accept, [waiting.uri]) == 1
    assert await home.read(found) == {"offers/1"}
    assert (await home.read(search.get, waiting.uri)).title == "Vorleser gesucht"
    assert await home.read(review.waiting) == []


def _shared(uri: str, by: str) -> Undo:
    return Undo(id="", actor=by, object=Announce(id=f"{by}/1", actor=by, object=uri), to=(PUBLIC,))


@pytest.mark.parametrize("trust", ["direct", "review"])
async def test_what_its_announcer_takes_back_goes(home: Workshop, trust: str) -> None:
    """Unless its author is followed, too, or it came through another."""
    await home.write(workbench.add_source, ELSEWHERE)
    await choose(home, trust=trust, uri=ELSEWHERE)
    foreign = replace(fest(), id="https://third.example/events/1", attributed_to="https://third.example/u/1")
    await hear(home, foreign, via=ELSEWHERE, actor=foreign.attributed_to)
    await hear(home, fest(), via=ELSEWHERE)

    async def held() -> set[str]:
        waiting = {one.uri for one in await home.read(review.waiting)}
        return waiting | {f"{PEER}/{uri}" if "://" not in uri else uri for uri in await home.read(found)}

    assert await held() == {foreign.id, fest().id}
    for by, uri in ((ANNA, foreign.id), (ELSEWHERE, fest().id), (ELSEWHERE, "https://third.example/events/2")):
        await home.write(inbox.dispatch, wiring.HANDLERS, _shared(uri, by))
    assert await held() == {foreign.id, fest().id}
    await home.write(inbox.dispatch, wiring.HANDLERS, _shared(foreign.id, ELSEWHERE))
    assert await held() == {fest().id}
    await hear(home, foreign, via=ELSEWHERE, actor=foreign.attributed_to)
    assert await held() == {foreign.id, fest().id}, "it may be announced again"


async def test_what_was_shared_in_its_create_may_be_taken_back_so(home: Workshop) -> None:
    """Groups share so (FEP-1b12); it is the thing in it that is here."""
    await home.write(workbench.add_source, ELSEWHERE)
    theirs = replace(fest(), id="https://third.example/events/1", attributed_to="https://third.example/u/1")
    assert await hear(home, theirs, via=ELSEWHERE, actor=theirs.attributed_to) == {theirs.id}
    create = Create(id=f"{theirs.id}/created", actor=theirs.attributed_to, object=theirs)
    shared = Announce(id=f"{ELSEWHERE}/1", actor=ELSEWHERE, object=create)
    await home.write(inbox.dispatch, wiring.HANDLERS, Undo(id="", actor=ELSEWHERE, object=shared))
    assert await home.read(found) == set()


async def test_it_may_be_taken_back_by_the_bare_id_of_its_announcement(home: Workshop) -> None:
    await home.write(workbench.add_source, ELSEWHERE)
    theirs = replace(fest(), id="https://third.example/events/1", attributed_to="https://third.example/u/1")
    shared = Announce(id=f"{ELSEWHERE}/1", actor=ELSEWHERE, object=theirs.id, to=(PUBLIC,))
    assert await home.write(inbox.store, [workbench.arrival(shared)]) == 1
    assert await hear(home, theirs, via=ELSEWHERE, actor=theirs.attributed_to) == {theirs.id}
    for actor, named in ((ANNA, shared.id), (ELSEWHERE, f"{ELSEWHERE}/2")):
        await home.write(inbox.dispatch, wiring.HANDLERS, Undo(id="", actor=actor, object=named))
        assert await home.read(found) == {theirs.id}
    await home.write(inbox.dispatch, wiring.HANDLERS, Undo(id="", actor=ELSEWHERE, object=shared.id))
    assert await home.read(found) == set()


async def test_what_was_accepted_needs_no_second_look(home: Workshop) -> None:
    await choose(home, trust="review")
    await hear(home, offer())
    await home.write(review.accept, [f"{PEER}/offers/1"])
    await hear(home, offer(title="Vorleser gesucht"), updated=1)
    assert (await home.read(search.get, f"{PEER}/offers/1")).title == "Vorleser gesucht"
    assert await home.read(review.waiting) == []


async def test_what_was_rejected_does_not_come_again(home: Workshop) -> None:
    await choose(home, trust="review")
    await hear(home, offer())
    assert await home.write(review.reject, [f"{PEER}/offers/1"]) == 1
    row = await home.read(lambda work: work.db.get_one(ReviewRow, f"{PEER}/offers/1"))
    assert (row.body, row.card) == (b"", ""), "nothing is kept but the id"
    await hear(home, offer())
    await hear(home, offer(title="Neu"), updated=1)
    assert await home.read(review.waiting) == []
    for verdict in (review.accept, review.reject):
        with pytest.raises(NotFound, match="offers/1"):
            await home.write(verdict, [f"{PEER}/offers/1"])


async def test_nobody_lets_in_what_a_suspended_account_published(home: Workshop) -> None:
    await choose(home, trust="review")
    await home.write(remember, ANNA)
    await hear(home, offer())
    uri = f"{PEER}/offers/1"
    await home.write(lambda work: peers.remember(work, replace(person(ANNA), suspended=True)))
    assert [one.suspended for one in await home.read(review.waiting)] == [True]
    with pytest.raises(Conflict, match="„Lesepatin gesucht“"):
        await home.write(review.accept, [uri])
    assert await home.write(review.accept_all, ANNA) == 0, "the source is trusted now, but not whom it suspends"
    assert (await home.read(found), await home.read(review.count)) == (set(), {})
    await home.write(remember, ANNA)
    await home.write(review.lift, ANNA)
    assert await home.read(found) == {"offers/1"}


async def test_what_waits_may_be_deleted_or_not_be_wanted_any_more(home: Workshop, clock: Clock) -> None:
    await choose(home, trust="review")
    await hear(home, offer(1))
    await hear(home, offer(2, KIEL))
    await hear(home, fest(1, HASPE))
    await hear(home, note())
    delete = Delete(id="", actor=ANNA, object=f"{PEER}/offers/1")
    await home.write(inbox.dispatch, wiring.HANDLERS, delete)
    assert {one.title for one in await home.read(review.waiting)} == {
        "Lesepatin gesucht",
        "Fest",
        "Helfer:innen gesucht",
    }
    assert await choose(home, NEAR_HAGEN, trust="review") == 1
    assert await home.read(review.count) == {ANNA: 2}
    assert await hear(home, fest(1, KIEL), updated=1) == set()
    assert await home.read(review.count) == {ANNA: 1}
    clock.forward(days=400)
    assert await home.write(review.expire) == 1
    assert await home.write(review.expire) == 0
    assert await home.read(review.count) == {}


@pytest.mark.parametrize("how", ["trusted", "removed", "farewell"])
async def test_what_waits_when_its_source_changes(home: Workshop, how: str) -> None:
    await choose(home, trust="review")
    await hear(home, offer())
    if how == "trusted":
        assert await home.write(review.accept_all, ANNA) == 1
        assert await home.read(found) == {"offers/1"}
    elif how == "removed":
        await home.write(lambda work: origins.drop(work, sources.remove(work, ANNA)))
    else:
        await home.write(inbox.dispatch, wiring.HANDLERS, Delete(id="", actor=ANNA, object=ANNA))
    assert await home.read(review.count) == {}


# --- time -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("thing", "days"),
    [
        (offer(expires_at=NOW + timedelta(days=30)), 30),
        (offer(), 365),
        (offer(confirmed_at=NOW - timedelta(days=300)), 65),
        (offer(confirmed_at=NOW + timedelta(days=3000)), 365),
        (offer(end_date=date(2026, 12, 1)), 9 + 11 / 24),
        (offer(apply_by=date(2026, 12, 1), end_date=date(2027, 12, 1)), 9 + 11 / 24),
        (offer(apply_by=date(2026, 12, 1), expires_at=NOW + timedelta(days=3)), 3),
        (fest(), 4),
        (note(published=NOW - timedelta(days=100)), 83),
        (note(published=None), 183),
    ],
)
async def test_everything_ends_by_itself(home: Workshop, clock: Clock, thing: Any, days: float) -> None:
    """A Delete may never arrive."""
    assert len(await hear(home, thing)) == 1
    clock.now = NOW + timedelta(days=days, minutes=-1)
    assert await home.write(tasks.expire) == 0
    clock.forward(minutes=2)
    assert await home.write(tasks.expire) == 1
    assert await home.write(tasks.expire) == 0
    assert await home.read(found) == set()
    if thing.published:
        assert await hear(home, thing) == set(), "and does not come again"


async def test_our_own_things_stay_under_their_ids(home: Workshop, clock: Clock) -> None:
    owner = await home.write(workbench.add_organisation)
    outcome = await home.write(opportunities.publish, owner, workbench.offer())
    clock.forward(days=800)
    assert await home.write(tasks.expire) == 1
    assert await home.read(lambda work: work.db.get(ThingRow, outcome.uri)) is not None


# --- what a source gave -----------------------------------------------------------------------------------------------
async def test_what_is_passed_on_is_its_sources(home: Workshop, clock: Clock) -> None:
    """A group announces what others wrote elsewhere: its choice holds for it, and it goes with the group."""
    await home.write(remember, ELSEWHERE)
    thing = Note(**{**_fields(note()), "id": "https://other.example/notes/1", "attributed_to": ELSEWHERE})
    await choose(home, Choice(kinds=(EVENT,)))
    await hear(home, thing, actor=ELSEWHERE, via=ANNA)
    assert await home.read(found) == set()
    await choose(home)
    await hear(home, thing, actor=ELSEWHERE, via=ANNA)
    await hear(home, note())
    counted = await home.read(lambda work: origins.count(work, sources.listing(work)))
    assert counted == {ANNA: 2}
    await home.write(remember, BERTA)
    clock.forward(days=2)
    assert await home.write(peers.forget_strangers, wiring.NEEDED) == 1, "Berta; who wrote elsewhere may take it back"
    assert await home.read(peers.find, ELSEWHERE) is not None
    assert await home.write(lambda work: origins.drop(work, sources.remove(work, ANNA))) == 2
    assert await home.read(found) == set()


def _fields(thing: Note) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in ("content", "published", "to", "url")}


async def test_what_another_source_gives_too_stays(home: Workshop) -> None:
    relay = f"{PEER}/relay"
    await home.write(workbench.add_source, relay, whole=True)
    await home.write(remember, BERTA)
    await hear(home, offer(1))
    await hear(home, replace(offer(2), attributed_to=BERTA), actor=BERTA)
    await hear(home, replace(fest(3), attributed_to=BERTA), actor=BERTA, via=ANNA)
    counted = await home.read(lambda work: origins.count(work, sources.listing(work)))
    assert counted == {ANNA: 2, relay: 1}
    assert await home.write(lambda work: origins.drop(work, sources.remove(work, ANNA))) == 0
    counted = await home.read(lambda work: origins.count(work, sources.listing(work)))
    assert counted == {relay: 3}, "all of that origin is the instance's"
    await home.write(workbench.add_source, ANNA)
    assert await home.write(lambda work: origins.drop(work, sources.remove(work, relay))) == 2
    assert await home.read(found) == {"offers/1"}


async def test_a_source_that_moves_keeps_what_was_chosen(home: Workshop) -> None:
    await choose(home, NEAR_HAGEN, trust="review")

    def move(work: Work) -> None:
        sources.follow(work, person(BERTA), like=sources.remove(work, ANNA))

    await home.write(move)
    (moved,) = await home.read(sources.listing)
    assert (moved.uri, moved.choice, moved.trust, moved.state) == (BERTA, NEAR_HAGEN, "review", "pending")


def test_every_kind_ends() -> None:
    assert set(KINDS) == {EVENT, *fitting.LASTS}
