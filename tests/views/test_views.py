"""Views, on both databases: what counts, how it is written in batches and shown to the organisation, when it leaves."""

from datetime import date, timedelta

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.storage.engine import Engines
from fediverse_ehrenamt.views import rules, store, tasks
from fediverse_ehrenamt.views.rules import Seen, Tally
from fediverse_ehrenamt.views.store import Views
from fediverse_ehrenamt.work import Workshop
from tests.accounts.house import FIREFOX, House
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
TODAY = date(2026, 11, 22)
PAGE = "01hagen00000000garten"


@pytest.fixture
def hagen(town: Instance, clock: Clock) -> House:
    return House(town, clock)


@pytest.mark.parametrize(
    "agent",
    [
        "", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0",
        "python-httpx/0.28",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116 Safari/537.36",
        "Mastodon/4.3.1 (http.rb/5.2.0; +https://mastodon.example/)", "facebookexternalhit/1.1", "Uptime-Monitor/1.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0 Safari/537.36",
    ],
)  # fmt: skip
def test_programs_are_not_counted(agent: str) -> None:
    assert not rules.by_a_person("GET", {"user-agent": agent})


def test_people_are_counted_when_they_look() -> None:
    phone = "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
    assert rules.by_a_person("GET", {"user-agent": FIREFOX})
    assert rules.by_a_person("GET", {"user-agent": phone})
    assert not rules.by_a_person("HEAD", {"user-agent": FIREFOX})
    assert not rules.by_a_person("GET", {"user-agent": FIREFOX, "sec-purpose": "prefetch;prerender"})


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "WAITING", 2)
    tally = Tally()
    for page in ("a", "b", "c", "a"):
        tally.add(TODAY, Seen(page))
    taken = tally.take()
    assert taken == {(TODAY, Seen("a")): 2, (TODAY, Seen("b")): 1}
    assert tally.take() == {}
    tally.add(TODAY, Seen("a"))
    tally.give_back(taken)
    assert tally.take() == {(TODAY, Seen("a")): 3, (TODAY, Seen("b")): 1}


async def test_several_processes_add_up(workshop: Workshop) -> None:
    first, second = Tally(), Tally()
    for tally in (first, second, second):
        tally.add(TODAY, Seen(PAGE, "https://hagen.example/ap/actor/1"))
    first.add(TODAY - timedelta(days=40), Seen(PAGE, "https://hagen.example/ap/actor/1"))
    first.add(TODAY, Seen(rules.SEARCHES))
    for tally in (first, second, first):
        assert await tasks.flush(tally, workshop)() == 0
    found = await workshop.read(store.of_pages, [PAGE, "other"])
    assert found == {PAGE: Views(4, 3), "other": Views()}
    days = TODAY - timedelta(days=50), TODAY
    assert await workshop.read(store.of_instance, *days) == 4
    assert await workshop.read(store.of_organisation, "https://hagen.example/ap/actor/1", *days) == 4
    assert await workshop.read(store.of_organisation, "https://hagen.example/ap/actor/2", *days) == 0
    assert await workshop.read(store.of_page, rules.SEARCHES, *days) == 1


async def test_old_sums_are_erased(workshop: Workshop, clock: Clock) -> None:
    tally = Tally()
    for page in ("a", "b"):
        tally.add(TODAY, Seen(page))
    tally.add(TODAY + timedelta(days=1), Seen("a"))
    await tasks.flush(tally, workshop)()
    clock.forward(days=rules.KEPT.days)
    assert await workshop.write(store.erase_old) == 0
    clock.forward(days=1)
    assert await workshop.write(store.erase_old) == 2
    assert await workshop.read(store.of_instance, TODAY, TODAY + timedelta(days=1)) == 1


async def test_views_wait_while_nothing_can_be_written(workshop: Workshop) -> None:
    if not workshop.engines.sqlite:
        pytest.skip("SQLite alone has a switch for it")
    tally = Tally()
    tally.add(TODAY, Seen("a"))

    def close(engines: Engines, closed: int) -> None:
        connection = engines.writer.raw_connection()
        connection.cursor().execute(f"PRAGMA query_only = {closed}")
        connection.close()

    close(workshop.engines, 1)
    await tasks.flush(tally, workshop)()
    close(workshop.engines, 0)
    await tasks.flush(tally, workshop)()
    assert await workshop.read(store.of_instance, TODAY, TODAY) == 1


async def test_an_organisation_sees_how_often_its_offer_was_opened(hagen: House) -> None:
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    page = hagen.write(opportunities.publish, library, offer()).page
    anna = hagen.add("anna@hagen.de", "Anna Bücherei", Grant(Role.EDITOR, library)).id
    clara = hagen.add("clara@hagen.de", "Clara Koordination", Grant(Role.COORDINATOR)).id
    bert = hagen.add("bert@hagen.de", "Bert").id
    path, desk = f"/angebote/{page}", "/verwaltung/organisationen/buecherei"
    async with hagen.visit() as browser:
        for _ in range(3):
            assert (await browser.get(path)).status_code == 200
        await browser.client.head(path)
        assert (await browser.get(f"{path}0")).status_code == 404
        await browser.get("/?q=lesepatin")
        await browser.get("/?q=quastenflosser")
    async with hagen.visit(agent="Googlebot/2.1") as robot:
        await robot.get(path)
    for person in (anna, clara, bert):
        async with hagen.visit(person) as browser:
            await browser.get(path)
    waiting = hagen.app.state.views.take()
    assert waiting[TODAY, Seen(page, library)] == 4
    assert waiting[TODAY, Seen(rules.SEARCHES)] == 2
    hagen.write(store.add, waiting)
    async with hagen.visit(anna) as browser:
        assert "4-mal angesehen (4 in den letzten 30 Tagen)" in (await browser.get(desk)).text
