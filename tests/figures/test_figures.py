"""Figures, on both databases: one snapshot a day, what came and ended, what is counted afterwards and what stays."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Concatenate

import pytest

from fediverse_ehrenamt.districts import actions as districts
from fediverse_ehrenamt.districts import tasks as looking_through
from fediverse_ehrenamt.engagements import actions as engagements
from fediverse_ehrenamt.engagements import asking
from fediverse_ehrenamt.engagements import rules as enquiries
from fediverse_ehrenamt.engagements import store as enquiries_store
from fediverse_ehrenamt.engagements.actions import Step
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.figures import actions, rules, store, tasks
from fediverse_ehrenamt.figures.rules import Figure, Figures, Offer, Stock, What
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.things import placing
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.views import rules as views
from fediverse_ehrenamt.views import store as viewed
from fediverse_ehrenamt.views.rules import Seen
from fediverse_ehrenamt.vocab.types import Place
from fediverse_ehrenamt.work import P, T, Work, Workshop
from tests.workbench import Clock, add_follower, add_organisation, offer

pytestmark = pytest.mark.anyio
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def workshop(instance: Instance) -> Workshop:
    return instance.workshop


@pytest.fixture(autouse=True)
def ids_of_that_time(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ids be made by the clock of the test: they tell when something came."""
    monkeypatch.setattr("fediverse_ehrenamt.kit.ids.time.time_ns", lambda: int(clock.now.timestamp() * 1e9))
    clock.now = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Town:
    """A town whose figures are looked at."""

    def __init__(self, workshop: Workshop, clock: Clock) -> None:
        self.workshop, self.clock = workshop, clock
        self.library = self.write(add_organisation)

    def write(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.workshop.write_now(function, *args, **kwargs)

    def publish(self, key: str, **details: Any) -> Outcome:
        return self.write(opportunities.publish, self.library, offer(key, **details))

    def ask(self, page: str, name: str) -> int:
        return int(self.write(lambda work: asking.enter(work, page, Person(name=name, phone="02331 123456"), "de").id))

    def step(self, number: int, step: str, text: str = "", reason: str = "") -> None:
        def take(work: Work) -> None:
            row = enquiries_store.get(work, number, changes=True)
            engagements.take(work, row, Step(enquiries.ORGANISATION, step, text, reason))

        self.write(take)

    async def figures(self, *months: date) -> Figures:
        self.clock.forward(minutes=1)
        await tasks.step(self.workshop)
        found: Figures = await self.workshop.read(store.read, months or (NOVEMBER,))
        return found


async def test_offers_are_counted_by_area_with_what_came_and_ended(workshop: Workshop, clock: Clock) -> None:
    town = Town(workshop, clock)
    for key in ("eins", "zwei"):
        town.publish(key, areas=("kultur", "soziales"))
    first = await town.figures()
    assert first.value(NOVEMBER, What.OPEN) == 2
    assert first.value(NOVEMBER, What.OWN) == 2
    assert first.value(NOVEMBER, What.OPEN, "area:kultur") == 2
    assert first.find(NOVEMBER, What.NEW) == Figure(2, later=True)
    assert first.value(NOVEMBER, What.NEW, "area:kultur") is None, "nobody knows what came before"
    assert first.value(NOVEMBER, What.ENDED) is None
    town.publish("drei", areas=("sport",))
    assert await tasks.step(workshop) == 0, "once a day"
    clock.forward(days=1)
    town.publish("eins", areas=("kultur", "soziales"), status="besetzt")
    second = await town.figures()
    assert second.value(NOVEMBER, What.OPEN) == 2
    assert second.value(NOVEMBER, What.NEW) == 3
    assert second.value(NOVEMBER, What.NEW, "area:sport") == 1
    assert second.value(NOVEMBER, What.ENDED) == 1
    assert second.value(NOVEMBER, What.ENDED, "area:kultur") == 1
    clock.forward(days=1)
    town.publish("zwei", areas=("kultur",), status="besetzt")
    third = await town.figures()
    assert third.value(NOVEMBER, What.ENDED) == 2
    assert third.value(NOVEMBER, What.OPEN, "area:kultur") == 0
    assert third.value(NOVEMBER, What.ENDED, "area:soziales") == 2
    assert third.parts(What.OPEN, rules.AREA) == ["area:kultur", "area:soziales", "area:sport"]


async def test_what_is_put_in_on_the_first_day_is_counted_on_it(workshop: Workshop, clock: Clock) -> None:
    clock.now = datetime(2026, 12, 1, 9, tzinfo=UTC)  # the day before is another month
    town, december = Town(workshop, clock), date(2026, 12, 1)
    empty = await town.figures(december)
    assert empty.value(december, What.OPEN) == 0
    town.publish("eins", areas=("kultur",))
    town.publish("zwei", areas=("kultur",))
    assert await tasks.step(workshop) == 0, "not at once"
    clock.forward(minutes=15)
    found = await town.figures(december, NOVEMBER)
    assert found.value(december, What.OPEN) == 2
    assert found.value(december, What.OPEN, "area:kultur") == 2
    assert found.value(december, What.NEW, "area:kultur") == 2
    assert found.value(NOVEMBER, What.OPEN) is None, "there was no instance"
    town.publish("zwei", areas=("kultur",), status="besetzt")
    clock.forward(minutes=15)
    found = await town.figures(december)
    assert (found.value(december, What.OPEN), found.value(december, What.ENDED)) == (1, 1)
    clock.forward(days=1)
    assert (await town.figures(december)).value(december, What.ENDED) == 1, "counted once"
    town.publish("drei", areas=("kultur",))
    clock.forward(hours=2)
    assert await tasks.step(workshop) == 0, "once a day from then on"


@pytest.fixture
def districts_of_the_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(looking_through, "SECONDS", 0.01)  # there are no other processes to wait for
    yield
    data.teach(())


@pytest.mark.usefixtures("districts_of_the_program")
async def test_a_district_that_is_merged_or_parted_has_not_lost_its_offers(workshop: Workshop, clock: Clock) -> None:
    town, haspe, boele = Town(workshop, clock), "district:Hagen-Haspe", "district:Hagen-Boele"

    def publish(key: str, district: str, **details: Any) -> None:
        draft = replace(offer(key, **details), place=Place(name="Treff", locality=f"Hagen-{district}", country="DE"))
        town.write(opportunities.publish, town.library, draft)

    async def place_again() -> None:
        await placing.place_again(workshop, Job(1, "", "", "", "", 0, clock.now))

    for key, district in (
        ("eins", "Haspe"),
        ("zwei", "Haspe"),
        ("drei", "Haspe"),
        ("vier", "Boele"),
        ("fünf", "Boele"),
    ):
        publish(key, district)
    first = await town.figures()
    assert (first.value(NOVEMBER, What.OPEN, haspe), first.value(NOVEMBER, What.OPEN, boele)) == (3, 2)
    clock.forward(days=1)
    town.write(districts.merge, gazetteer.key("Hagen", "Boele"), gazetteer.key("Hagen", "Haspe"))
    await place_again()
    merged = await town.figures()
    assert merged.value(NOVEMBER, What.OPEN, haspe) == 5
    clock.forward(days=1)
    town.write(districts.part, gazetteer.key("Hagen", "Boele"))
    await place_again()
    publish("eins", "Haspe", status="besetzt")
    parted = await town.figures()
    assert (parted.value(NOVEMBER, What.OPEN, haspe), parted.value(NOVEMBER, What.OPEN, boele)) == (2, 2)
    assert parted.value(NOVEMBER, What.ENDED) == 1
    assert parted.value(NOVEMBER, What.ENDED, haspe) == 1, "what moved has not ended, what ended has"
    assert not parted.value(NOVEMBER, What.ENDED, boele)
    clock.forward(days=1)
    publish("vier", "Boele", status="besetzt")
    after = await town.figures()
    assert after.value(NOVEMBER, What.ENDED, boele) == 1


async def test_many_offers_are_read_in_slices(
    workshop: Workshop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SLICE", 2)
    town = Town(workshop, clock)
    for number in range(5):
        town.publish(f"nr{number}")
    assert (await town.figures()).value(NOVEMBER, What.OPEN) == 5


async def test_of_two_processes_one_takes_the_snapshot(workshop: Workshop) -> None:
    stock = await workshop.read(actions.begin)
    assert await workshop.write(actions.take, stock)
    assert not await workshop.write(actions.take, stock)


async def test_enquiries_and_placements_stay_counted_when_they_are_erased(workshop: Workshop, clock: Clock) -> None:
    town = Town(workshop, clock)
    page = town.publish("eins").page
    numbers = [town.ask(page, f"Person {number}") for number in range(5)]
    for number in numbers[:4]:
        clock.forward(hours=1)
        town.step(number, enquiries.ANSWER, "Gern!")
    found = await town.figures()
    assert found.value(NOVEMBER, What.ENQUIRIES) == 5
    assert found.value(NOVEMBER, What.ENQUIRIES, "state:talking") == 4
    assert found.value(NOVEMBER, What.ENQUIRIES, "state:closed") == 0
    assert found.value(NOVEMBER, What.ANSWER) is None, "four answers say nothing"
    town.step(numbers[4], enquiries.AGREE)
    town.step(numbers[0], enquiries.AGREE)
    town.step(numbers[0], enquiries.CLOSE, reason="passt_nicht")
    clock.forward(days=1)
    found = await town.figures()
    assert found.value(NOVEMBER, What.ANSWER) == 1
    assert found.value(NOVEMBER, What.PLACEMENTS) == 2, "also what was closed afterwards"
    town.write(lambda work: engagements.erase(work, enquiries_store.get(work, numbers[4], changes=True)))
    clock.forward(days=1)
    found = await town.figures()
    assert found.value(NOVEMBER, What.PLACEMENTS) == 2
    assert found.value(NOVEMBER, What.ENQUIRIES) == 5


async def test_the_first_snapshot_counts_afterwards_what_is_still_there(workshop: Workshop, clock: Clock) -> None:
    clock.now = datetime(2026, 8, 31, 21, 58, tzinfo=UTC)  # shortly before September in Germany
    town = Town(workshop, clock)
    page = town.publish("eins").page
    town.ask(page, "Anna")
    clock.now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    july, august, september = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)
    found = await town.figures(july, august, september, NOVEMBER)
    assert found.find(august, What.ENQUIRIES) == Figure(1, later=True)
    assert found.find(september, What.ENQUIRIES) == Figure(0, later=True)
    assert found.find(august, What.NEW) == Figure(1, later=True)
    assert found.value(august, What.ORGANISATIONS) == 1
    assert found.value(july, What.ORGANISATIONS) == 0
    assert found.value(august, What.OPEN) is None, "what was open then, nobody knows"
    assert found.value(august, What.VIEWS) is None


async def test_a_month_keeps_the_state_at_its_end(workshop: Workshop, clock: Clock) -> None:
    town = Town(workshop, clock)
    town.publish("eins")
    await town.figures()
    town.write(add_follower, town.library, "https://peer.example/users/bert")
    clock.now = datetime(2026, 11, 30, 23, 5, tzinfo=UTC)  # five past midnight in Germany
    december = date(2026, 12, 1)
    found = await town.figures(NOVEMBER, december)
    assert found.value(NOVEMBER, What.FOLLOWERS) == found.value(december, What.FOLLOWERS) == 1
    assert found.value(december, What.NEW) == 0
    assert found.find(NOVEMBER, What.ENDED) == Figure(0)
    assert found.total((NOVEMBER, december), What.NEW) == 1
    clock.forward(days=1)
    town.publish("zwei")
    clock.forward(days=1)
    found = await town.figures(NOVEMBER, december)
    assert (found.value(NOVEMBER, What.OPEN), found.value(december, What.OPEN)) == (1, 2)


async def test_views_stay_counted(workshop: Workshop, clock: Clock) -> None:
    await tasks.step(workshop)
    day = clock.now.date()
    await workshop.write(viewed.add, {(day, Seen("a")): 3, (day, Seen(views.SEARCHES)): 2})
    clock.forward(days=1)
    await tasks.step(workshop)
    found = await workshop.read(store.read, (NOVEMBER,))
    assert found.value(NOVEMBER, What.VIEWS) == 3
    assert found.value(NOVEMBER, What.SEARCHES) == 2
    assert found.value(NOVEMBER, What.IN_VAIN) == 0


def test_freshness_is_that_of_open_offers() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    stock = Stock(now, None)
    one = Offer(is_open=True, own=False, areas=(), district="Hagen-Haspe", here_since=now - rules.YEAR, fresh_at=now)
    for offered in (
        replace(one, fresh_at=now - timedelta(days=10)),
        replace(one, fresh_at=now - timedelta(days=200)),
        replace(one, fresh_at=now - timedelta(days=400)),
        replace(one, fresh_at=None),
        replace(one, is_open=False),
    ):
        stock.add(offered)
    assert (stock.whole[What.OPEN], stock.whole[What.FRESH_QUARTER], stock.whole[What.FRESH_YEAR]) == (4, 1, 2)
    assert stock.age() == 200
    assert stock.parts() == {"district:Hagen-Haspe": 4}
    assert Stock(now, None).age() is None


def test_what_comes_while_offers_are_counted_counts_the_next_day() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    offered = Offer(is_open=True, own=True, areas=("kultur",), district="", here_since=now, fresh_at=now)
    today, tomorrow = Stock(now, now - timedelta(days=1)), Stock(now + timedelta(days=1), now)
    for stock in (today, tomorrow):
        stock.add(offered)
    assert (today.parts(), today.new) == ({}, {})
    assert tomorrow.parts() == tomorrow.new == {"area:kultur": 1}


def test_of_very_many_districts_the_largest_are_kept() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    stock = Stock(now, None)
    one = Offer(is_open=True, own=True, areas=("kultur",), district="Ort 3", here_since=None, fresh_at=now)
    for number in (3, *range(rules.DISTRICTS + 5)):
        stock.add(replace(one, district=f"Ort {number}"))
    assert len(stock.parts()) == rules.DISTRICTS + 1
    assert stock.parts()["district:Ort 3"] == 2


def test_months_follow_one_another() -> None:
    assert rules.span(date(2026, 2, 17), 4) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert rules.before(date(2026, 12, 1), 12) == date(2025, 12, 1)
    assert rules.last_day(date(2028, 2, 1)) == date(2028, 2, 29)
    assert rules.share(1, 4) == 25
    assert rules.share(1, 0) is rules.share(None, 4) is None
