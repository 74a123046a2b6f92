"""The page of an organisation over a real instance: what it offers, when, what is over, what can be subscribed to."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import httpx
import icalendar
import pytest

from fediverse_ehrenamt import app
from fediverse_ehrenamt.discover import lookups
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.things import tasks
from fediverse_ehrenamt.vocab.types import OrganisationDetails
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.workbench import HOME, NOW, Clock, fest, offer

pytestmark = pytest.mark.anyio
BROWSER = {"Accept": "text/html", "Accept-Language": "de"}
DETAILS = OrganisationDetails(
    legal_form="verein", public_benefit="anerkannt", areas=("kultur", "umwelt_tiere"),
    opening_hours="Mo-Fr 09:00-17:00; Sa 10:00-13:00", answer_days_median=1.4,
)  # fmt: skip


def fill(work: Work) -> str:
    """Add an organisation with two offers and three dates; return its actor."""
    owner = organisations.add(work, "garten", "Gartenfreunde", "Wir <gärtnern>.", DETAILS).uri
    opportunities.publish(work, owner, offer("beet", title="Beete pflegen", accessibility=("stufenlos", "aufzug")))
    opportunities.publish(work, owner, offer("kasse", title="Kasse führen", accessibility=("aufzug", "unbekannt")))
    for number, name in enumerate(("Drittes Fest", "Erstes Fest", "Zweites Fest")):
        starts = NOW + timedelta(days=(30, 10, 20)[number])
        events.publish(
            work,
            owner,
            replace(fest(f"fest{number}"), name=name, starts_at=starts, ends_at=starts + timedelta(hours=1)),
        )
    return owner


@pytest.fixture
async def client(instance: Instance) -> AsyncIterator[httpx.AsyncClient]:
    front = app.build(instance)
    front.state.instance_name = "Ehrenamt Hagen"
    transport = httpx.ASGITransport(front)
    async with httpx.AsyncClient(transport=transport, base_url=HOME, headers=BROWSER) as made:
        yield made


def titles(page: str) -> list[str]:
    return re.findall(r'class="card-title"[^>]*>\s*<a href="[^"]*">([^<]*)</a>', page)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_all_that_is_known_is_shown(instance: Instance, client: httpx.AsyncClient) -> None:
    instance.workshop.write_now(fill)
    page = (await client.get("/organisationen/garten")).text
    assert titles(page) == ["Kasse führen", "Beete pflegen", "Erstes Fest", "Zweites Fest", "Drittes Fest"]
    said = words(page)
    assert "2 Angebote · 3 Termine" in said
    assert "zuletzt aktualisiert heute" in said
    assert "Bereiche Kultur und Musik Umwelt, Naturschutz oder Tierschutz" in said
    assert "Gemeinnützigkeit Als gemeinnützig anerkannt" in said
    assert "Öffnungszeiten Mo-Fr 09:00-17:00 Sa 10:00-13:00" in said
    assert "Antwortet meist innerhalb von 2 Tagen" in said
    assert "Barrierefreiheit (laut Angeboten und Terminen) Stufenlos erreichbar Aufzug" in said
    assert "Orte (laut Angeboten und Terminen) Bürgerhaus, Hagen Bücherei, Hagen" in said
    assert "Hier seit 22. November 2026." in said
    assert "schon vorbei" not in said
    assert "Wir &lt;gärtnern&gt;." in page
    english = words((await client.get("/organisationen/garten", headers={"Accept-Language": "en"})).text)
    assert "Areas Culture and music" in english
    assert "usually within 2 days" in english


async def test_what_is_over_is_counted_and_what_is_withdrawn_is_not(
    instance: Instance, client: httpx.AsyncClient, clock: Clock
) -> None:
    owner = instance.workshop.write_now(fill)
    instance.workshop.write_now(events.withdraw, owner, "fest2")
    clock.forward(days=13)
    instance.workshop.write_now(tasks.expire)
    page = (await client.get("/organisationen/garten")).text
    assert titles(page) == ["Kasse führen", "Beete pflegen", "Drittes Fest"]
    assert "1 Angebot oder Termin ist schon vorbei." in words(page)
    assert "zuletzt aktualisiert vor 13 Tagen" in words(page) or "zuletzt aktualisiert vor 2 Wochen" in words(page)


async def test_many_have_pages(instance: Instance, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    instance.workshop.write_now(fill)
    monkeypatch.setattr(lookups, "SHOWN", 1)
    page = (await client.get("/organisationen/garten?termine=2")).text
    assert titles(page) == ["Kasse führen", "Zweites Fest"]
    assert 'href="/organisationen/garten?termine=3#termine"' in page
    assert re.search(r'termine=2#termine" aria-current="page"', page)
    for number in ("99", "0", "-1", "x", "9" * 30, "²"):
        answer = await client.get(f"/organisationen/garten?angebote={number}")
        assert answer.status_code == 200
    assert titles((await client.get("/organisationen/garten?angebote=99")).text)[0] == "Beete pflegen"


async def test_one_that_offers_nothing_says_so(instance: Instance, client: httpx.AsyncClient) -> None:
    instance.workshop.write_now(workbench.add_keyless)
    page = (await client.get("/organisationen/BUECHEREI")).text
    assert "Zurzeit gibt es hier nichts." in page
    assert "zuletzt aktualisiert" not in page
    assert (await client.get("/organisationen/relay")).status_code == 404
    assert (await client.get("/organisationen/relay.ics")).status_code == 404


async def test_its_dates_and_its_news_can_be_subscribed_to(instance: Instance, client: httpx.AsyncClient) -> None:
    owner = instance.workshop.write_now(fill)
    lasting = offer("ernte", title="Ernte", start_date=date(2026, 12, 7), end_date=date(2027, 2, 28))
    instance.workshop.write_now(opportunities.publish, owner, lasting)
    page = (await client.get("/organisationen/garten")).text
    assert 'href="/organisationen/garten.atom"' in page.partition("</head>")[0]
    assert "von Angeboten mit Zeitraum der erste und der letzte Tag" in page
    assert 'href="webcal://hagen.example/organisationen/garten.ics"' in page
    read = icalendar.Calendar.from_ical((await client.get("/organisationen/garten.ics")).content)
    assert [str(event["summary"]) for event in read.events] == [
        "Erstes Fest", "Zweites Fest", "Drittes Fest", "Beginnt: Ernte", "Letzter Tag: Ernte",
    ]  # fmt: skip
    assert str(read["x-wr-calname"]) == "Gartenfreunde"
    feed = (await client.get("/organisationen/garten.atom")).text
    assert feed.count("<entry>") == 6
    assert "<id>http://hagen.example/organisationen/garten.atom</id>" in feed
    assert "<title>Gartenfreunde</title>" in feed
