"""Districts in the browser, on both databases: entered, renamed, merged, hidden, taken back; the index follows."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import districts as pages
from fediverse_ehrenamt.admin.menu import FEEDS
from fediverse_ehrenamt.alerts.model import AlertRow
from fediverse_ehrenamt.alerts.rules import AT_ONCE
from fediverse_ehrenamt.audit import store as log
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.districts import actions, store, tasks
from fediverse_ehrenamt.feeds import actions as feeds
from fediverse_ehrenamt.figures import actions as figures_actions
from fediverse_ehrenamt.figures import tasks as figures
from fediverse_ehrenamt.figures.rules import DISTRICT, What
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.places.districts import District
from fediverse_ehrenamt.preferences.rules import Home, Preferences
from fediverse_ehrenamt.search import query as queries
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.vocab.types import Place
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House, Visit
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
DISTRICTS = "/verwaltung/stadtteile"
MITTE = District("Hagen", "Haspe-Mitte", 51.3485, 7.42, "58135", learnt=True)


@pytest.fixture(autouse=True)
def forgetting() -> Iterator[None]:
    """Know at the end no more than at the beginning."""
    yield
    data.teach(())


@pytest.fixture
def hagen(instance: Instance, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(tasks, "SECONDS", 0.01)  # there are no other processes to wait for
    return House(instance, clock)


@pytest.fixture
def clara(hagen: House) -> str:
    return hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id


def learn(hagen: House, *districts: District) -> None:
    hagen.write(actions.learn, districts)
    hagen.write(actions.teach)


def publish(hagen: House, names: str) -> str:
    """Publish an offer for each name of a place in Hagen; return whose they are."""
    library: str = hagen.write(add_organisation)
    for name in names.split(", "):
        hagen.write(opportunities.publish, library, offer_at(name))
    return library


def offer_at(name: str, locality: str = "Hagen") -> Draft:
    place = Place(name=name, locality=locality, postcode="58135", country="DE")
    return replace(offer(ids.new_id()), place=place)


async def settle(hagen: House) -> dict[str, int]:
    """Do what waits; return how many offers are in which district now, as filters count them where any is in one."""
    runner, workshop = Runner(hagen.instance.workshop, wiring.JOBS), hagen.instance.workshop
    while await runner.run_due():
        pass
    await hagen.instance.feed.follow(workshop)
    slugs = hagen.instance.index.counts(Query(), workshop.now()).slugs
    return {slug[10:]: hits for slug, hits in slugs.items() if slug.startswith("stadtteil:") and hits}


def noted(hagen: House) -> list[tuple[Did, str, str]]:
    entries = hagen.write(log.listing, Wanted())
    return [(one.did, one.label, one.detail) for one in entries if one.did.startswith("district")]


async def follow(browser: Visit, path: str, **fields: str) -> str:
    """Send a form and return the page to which it leads."""
    answer = await browser.client.post(f"{DISTRICTS}{path}", data={**fields, "siegel": browser.seal})
    assert answer.status_code == 303, answer.text
    return (await browser.get(answer.headers["location"])).text


async def test_who_sees_the_page_after_all_was_placed_reads_that_it_was(hagen: House, clara: str) -> None:
    """On a busy machine a page may take longer than what it would show under way."""
    learn(hagen, MITTE)
    async with hagen.visit(clara) as browser:
        hiding = f"{DISTRICTS}/hagen/haspe-mitte/ausblenden"
        answer = await browser.client.post(hiding, data={"siegel": browser.seal})
        await settle(hagen)
        page = (await browser.get(answer.headers["location"])).text
        assert "Hagen-Haspe-Mitte: ausgeblendet" in page
        assert "Alle Angebote und Termine sind neu zugeordnet." in page
        assert "sind neu zugeordnet" not in (await browser.get(DISTRICTS)).text, "whoever comes by themselves"


async def test_a_merged_district_takes_its_offers_with_it(hagen: House, clara: str) -> None:
    learn(hagen, MITTE)
    library = publish(hagen, "Haspe-Mitte, Treff Haspe-Mitte, Haspe, Bücherei")
    assert await settle(hagen) == {"Hagen-Haspe-Mitte": 2, "Hagen-Haspe": 1, "unbekannt": 1}
    async with hagen.visit(clara) as browser:
        listed = (await browser.get(DISTRICTS)).text
        assert "aus einer eingelesenen Liste gelernt" in listed
        assert "2 Angebote" in listed
        one = (await browser.get(f"{DISTRICTS}/hagen/haspe-mitte")).text
        assert f'<option value="{DISTRICTS}/hagen/haspe">Haspe</option>' in one
        merging = "/hagen/haspe-mitte/zusammenlegen"
        page = await follow(browser, merging, mit=f"{DISTRICTS}/hagen/haspe")
        await follow(browser, merging, mit=f"{DISTRICTS}/hagen/haspe")  # sent twice
        assert "Angebote und Termine werden neu zugeordnet." in page
        assert "Hagen-Haspe-Mitte → Haspe: zusammengelegt" in page
        assert "auch:" in page
        assert await settle(hagen) == {"Hagen-Haspe": 3, "unbekannt": 1}
        after = (await browser.get(DISTRICTS, headers={"HX-Request": "true"})).text
        assert "Alle Angebote und Termine sind neu zugeordnet." in after
        assert "3 Angebote" in after
        former = queries.read([("stadtteil", "Hagen-Haspe-Mitte")])
        assert hagen.instance.index.find(former, hagen.instance.workshop.now()).total == 3, "kept addresses go on"
        learn(hagen, MITTE)
        hagen.write(opportunities.publish, library, offer_at("Treff", "Hagen-Haspe-Mitte"))
        assert await settle(hagen) == {"Hagen-Haspe": 4, "unbekannt": 1}
        await follow(browser, "/hagen/haspe-mitte/abtrennen")
    assert await settle(hagen) == {"Hagen-Haspe-Mitte": 3, "Hagen-Haspe": 1, "unbekannt": 1}
    assert noted(hagen) == [
        (Did.DISTRICT_CHANGED, "Hagen-Haspe-Mitte", "wieder getrennt"),
        (Did.DISTRICT_CHANGED, "Hagen-Haspe-Mitte → Haspe", "zusammengelegt"),
    ]


async def test_figures_of_past_months_follow_a_district(
    hagen: House, clara: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fediverse_ehrenamt.kit.ids.time.time_ns", lambda: int(hagen.clock.now.timestamp() * 1e9))
    hagen.clock.now = datetime(2026, 11, 28, 12, tzinfo=UTC)
    learn(hagen, MITTE)
    publish(hagen, "Haspe-Mitte, Treff Haspe-Mitte, Haspe")
    await settle(hagen)
    assert await snapshot(hagen) == {"Hagen-Haspe": (1, 0), "Hagen-Haspe-Mitte": (2, 0)}
    async with hagen.visit(clara) as browser:
        await browser.get(f"{DISTRICTS}/hagen/haspe-mitte")
        await follow(browser, "/hagen/haspe-mitte/zusammenlegen", mit=f"{DISTRICTS}/hagen/haspe")
        await settle(hagen)
        hagen.clock.forward(days=1)
        assert await snapshot(hagen) == {"Hagen-Haspe": (3, 0)}, "none of them has ended"
        table = (await browser.get("/verwaltung/statistik/ortsteile.csv")).text
        assert "Hagen-Haspe;3;" in table
        assert "Haspe-Mitte" not in table
        fields = {"name": "Haspe-West", "plz": "58135", "place.latitude": "51,348", "place.longitude": "7,418"}
        await follow(browser, "/hagen/haspe", **fields)
    assert set(by_district(hagen)) == {"Hagen-Haspe-West"}, "at once, for all months"


async def snapshot(hagen: House) -> dict[str, tuple[float | None, float | None]]:
    """Count all, and return what of November is known then."""
    hagen.clock.forward(minutes=1)
    assert await figures.step(hagen.instance.workshop) == 1
    return by_district(hagen)


def by_district(hagen: House) -> dict[str, tuple[float | None, float | None]]:
    """Return how many offers were open in November, and how many ended, by the present names of districts."""
    month = date(2026, 11, 1)
    found = hagen.write(figures_actions.read, [month])
    parts = found.parts(What.OPEN, DISTRICT)
    return {
        part.removeprefix(DISTRICT): (found.value(month, What.OPEN, part), found.value(month, What.ENDED, part) or 0)
        for part in parts
    }


async def test_a_renamed_district_is_renamed_everywhere(hagen: House, clara: str) -> None:
    publish(hagen, "Haspe, Bücherei")
    await settle(hagen)
    async with hagen.visit(clara) as browser:
        page = (await browser.get(f"{DISTRICTS}/hagen/haspe")).text
        assert 'value="51,34800"' in page
        fields = {"name": "Haspe-West", "plz": "58135", "place.latitude": "51,348", "place.longitude": "7,418"}
        assert "Hagen-Haspe → Haspe-West: geändert" in await follow(browser, "/hagen/haspe", **fields)
        assert await settle(hagen) == {"Hagen-Haspe-West": 1, "unbekannt": 1}
        assert (await browser.get(f"{DISTRICTS}/hagen/haspe")).status_code == 200, "by its former name"
        number = hagen.write(store.edition)
        undone = await follow(browser, "/zuruecknehmen", nummer=str(number))
        assert "zurückgenommen" in undone
        assert await settle(hagen) == {"Hagen-Haspe": 1, "unbekannt": 1}
        again = await browser.post(f"{DISTRICTS}/zuruecknehmen", nummer=str(number))
        assert again.status_code == 409
        assert "nicht mehr zurücknehmen" in again.text
    assert [did for did, _label, _detail in noted(hagen)] == [Did.DISTRICT_CHANGED, Did.DISTRICT_CHANGED]


async def test_a_district_is_entered(hagen: House, clara: str) -> None:
    publish(hagen, "Kipper")
    assert await settle(hagen) == {}
    async with hagen.visit(clara) as browser:
        await browser.get(f"{DISTRICTS}/neu?ort=Hagen")
        found = await browser.post(f"{DISTRICTS}/neu", name="Kipper", ort="Hagen", plz="58135", aktion="lage")
        assert found.status_code == 200
        assert "Der Punkt ist gefunden." in found.text
        assert 'value="Kipper"' in found.text
        assert "7,4" in found.text
        assert "Hagen-Kipper: angelegt" in await follow(browser, "/neu", name="Kipper", ort="Hagen", plz="58135")
        assert await settle(hagen) == {"Hagen-Kipper": 1}
        twice = await browser.post(f"{DISTRICTS}/neu", name="Kipper", ort="Hagen", plz="58135")
        assert twice.status_code == 422
        assert "gibt es in diesem Ort schon" in twice.text
    assert noted(hagen) == [(Did.DISTRICT_ADDED, "Hagen-Kipper", "angelegt")]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": "Bezirk 3", "ort": "Hagen", "plz": "58135"}, "keine Ziffern"),
        ({"name": "Mitte", "ort": "Xyzzyheim"}, "„Xyzzyheim“ kennen wir nicht als Ort"),
        ({"name": "Xyzzyheim", "ort": "Essen"}, "ist nicht zu finden"),
        ({"name": "Xyzzyheim", "ort": "Essen", "aktion": "lage"}, "ist nicht zu finden"),
        ({"name": "Kipper", "ort": "Hagen", "place.latitude": "51,3"}, "braucht beide Zahlen"),
        ({"name": "Kipper", "ort": "Hagen", "place.latitude": "53", "place.longitude": "9"}, "weiter als 15 km"),
        ({"name": "Kipper", "ort": "Hagen", "plz": "5813"}, "hat fünf Ziffern"),
        ({}, "braucht Buchstaben"),
    ],
)
async def test_what_is_wrong_stands_beside_the_field(
    hagen: House, clara: str, fields: dict[str, str], problem: str
) -> None:
    async with hagen.visit(clara) as browser:
        await browser.get(f"{DISTRICTS}/neu")
        answer = await browser.client.post(f"{DISTRICTS}/neu", data={**fields, "siegel": browser.seal})
    assert answer.status_code == 422
    assert problem in answer.text
    for typed in fields.values():
        assert typed == "lage" or f'value="{typed}"' in answer.text
    assert hagen.write(store.edition) == 0


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": "Bezirk 3", "ort": "Hagen"}, "needs letters, at most 40, and no digits"),
        ({"name": "Mitte", "ort": "Xyzzyheim"}, "we do not know “Xyzzyheim” as a town"),
        ({"name": "Kipper", "ort": "Hagen", "place.latitude": "51,3"}, "needs both numbers in degrees"),
        ({"name": "Kipper", "ort": "Hagen", "place.latitude": "53", "place.longitude": "9"}, "is more than 15 km away"),
        ({"name": "Haspe", "ort": "Hagen", "plz": "58135"}, "already exists in this town."),
    ],
)
async def test_what_is_wrong_is_said_in_english(hagen: House, clara: str, fields: dict[str, str], problem: str) -> None:
    async with hagen.visit(clara) as browser:
        browser.client.headers["accept-language"] = "en"
        await browser.get(f"{DISTRICTS}/neu")
        answer = await browser.client.post(f"{DISTRICTS}/neu", data={**fields, "siegel": browser.seal})
    assert problem in answer.text


async def test_a_false_district_is_hidden_and_shown_again(hagen: House, clara: str) -> None:
    learn(hagen, District("Hagen", "Eingang links", 51.3605, 7.4745, learnt=True))
    publish(hagen, "Eingang links")
    assert await settle(hagen) == {"Hagen-Eingang links": 1}
    async with hagen.visit(clara) as browser:
        await browser.get(DISTRICTS)
        page = await follow(browser, "/hagen/eingang-links/ausblenden")
        assert "<s><bdi>Eingang links</bdi></s>" in page
        assert await settle(hagen) == {}
        learn(hagen, District("Hagen", "Eingang links", 51.3605, 7.4745, learnt=True))
        assert gazetteer.district("Hagen-Eingang links") is None
        hidden = (await browser.get(f"{DISTRICTS}/hagen/eingang-links")).text
        assert "Dieser Stadtteil ist ausgeblendet" in hidden
        none = await browser.post(f"{DISTRICTS}/hagen/eingang-links/zusammenlegen", mit="")
        assert none.status_code == 422
        await follow(browser, "/hagen/eingang-links/zeigen")
        assert await settle(hagen) == {"Hagen-Eingang links": 1}
        gone = await browser.post(f"{DISTRICTS}/hagen/nirgends/ausblenden")
        assert gone.status_code == 409
        assert (await browser.get(f"{DISTRICTS}/hagen/nirgends")).status_code == 404
    assert [did for did, _label, _detail in noted(hagen)] == [Did.DISTRICT_CHANGED, Did.DISTRICT_HIDDEN]


async def test_the_list_is_narrowed_to_a_town(hagen: House, clara: str, monkeypatch: pytest.MonkeyPatch) -> None:
    learn(hagen, District("Essen", "Werden", 51.388, 7.004, learnt=True))
    monkeypatch.setattr(pages, "LISTED", 10)
    async with hagen.visit(clara) as browser:
        essen = (await browser.get(f"{DISTRICTS}?ort=essen")).text
        assert 'href="/verwaltung/stadtteile/essen/werden"' in essen
        assert "/stadtteile/hagen/" not in essen
        hagen.app.state.preferences = Preferences(Home("Essen", 51.46, 7.01))
        usual = (await browser.get(DISTRICTS)).text
        assert "/stadtteile/essen/werden" in usual, "that of the portal comes first"
        assert "/stadtteile/hagen/" not in usual
        every = (await browser.get(f"{DISTRICTS}?ort=alle")).text
        assert "/stadtteile/essen/" in every
        assert "/stadtteile/flensburg/" in every
        second = (await browser.get(f"{DISTRICTS}?ort=hagen&seite=2")).text
        assert second.count('class="admin-name"') == 6
        assert 'href="/verwaltung/stadtteile?ort=hagen"' in second


async def test_what_an_older_process_placed_is_placed_again(hagen: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may know the districts of a second ago: what it puts meanwhile is looked at once more."""
    library = publish(hagen, "Bücherei")
    learn(hagen, MITTE)
    reads = queries.read([("stadtteil", "Hagen-Haspe-Mitte")])
    sleep = asyncio.sleep

    async def meanwhile(seconds: float) -> None:
        monkeypatch.setattr(asyncio, "sleep", sleep)
        data.teach(())
        await hagen.instance.workshop.write(opportunities.publish, library, offer_at("Haspe-Mitte"))
        await hagen.instance.workshop.read(actions.teach)
        await sleep(seconds)

    monkeypatch.setattr(asyncio, "sleep", meanwhile)
    assert await settle(hagen) == {"Hagen-Haspe-Mitte": 1, "unbekannt": 1}
    assert hagen.instance.index.find(reads, hagen.instance.workshop.now()).total == 1


async def test_of_many_towns_at_once_everything_is_looked_through(hagen: House) -> None:
    publish(hagen, "Haspe-Mitte")
    assert await settle(hagen) == {}
    towns = [one for one in gazetteer.towns(200_000) if one.name != "Hagen"][:30]
    learn(hagen, MITTE, *(District(one.name, "Kleefeld", one.latitude, one.longitude) for one in towns))
    assert len(hagen.write(store.kept)) > 20
    assert await settle(hagen) == {"Hagen-Haspe-Mitte": 1}


async def test_a_district_is_placed_otherwise(hagen: House, clara: str) -> None:
    async with hagen.visit(clara) as browser:
        await browser.get(f"{DISTRICTS}/hagen/haspe")
        sought = await browser.post(f"{DISTRICTS}/hagen/haspe", name="Haspe", plz="58089", aktion="lage")
        assert sought.status_code == 200
        assert 'value="51,34800"' not in sought.text
        wrong = await browser.post(f"{DISTRICTS}/hagen/haspe", name="Emst", plz="58135")
        assert wrong.status_code == 422
        assert "gibt es in diesem Ort schon" in wrong.text
        assert 'value="Emst"' in wrong.text
        await follow(browser, "/hagen/haspe", name="Haspe", plz="58089")
    (found,) = [one for one in gazetteer.districts("Hagen") if one.name == "Haspe"]
    assert (found.postcode, found.latitude != 51.348) == ("58089", True)
    assert noted(hagen) == [(Did.DISTRICT_CHANGED, "Hagen-Haspe", "geändert")]


async def test_feeds_and_saved_searches_that_name_it_are_shown_before_it_goes(hagen: House, clara: str) -> None:
    learn(hagen, MITTE)
    page = f"{DISTRICTS}/hagen/haspe-mitte"
    hagen.write(feeds.add, "mitte", "Neues aus Haspe-Mitte", "stadtteil=Haspe-Mitte, Hagen")
    hagen.write(feeds.add, "haspe", "Neues aus Haspe", "stadtteil=Hagen-Haspe")
    async with hagen.visit(clara) as browser:
        said = (await browser.get(page)).text
        assert "gespeicherte Suche" not in said
        for number in range(3):
            mail = f"person{number}@beispiel.de"
            hagen.write(save, mail, "stadtteil=Hagen-Haspe-Mitte&q=Garten" if number else "stadtteil=Hagen-Haspe")
        said = (await browser.get(page)).text
        assert said.count(f'<a href="{FEEDS}/mitte/aendern"><bdi>Neues aus Haspe-Mitte</bdi></a>') == 2
        assert "Neues aus Haspe<" not in said
        assert said.count("2 gespeicherte Suchen") == 2
        assert "beispiel.de" not in said, "whose they are is nobody's business"
        assert said.index("findet dort dann nichts mehr") < said.index("/ausblenden")
        assert said.index("gilt danach für den anderen") < said.index("/zusammenlegen")
        assert "gespeicherte Suche" not in (await browser.get(f"{DISTRICTS}/hagen/boele")).text


def save(work: Work, mail: str, params: str) -> None:
    """Keep a search that was confirmed, and one that was not."""
    for confirmed_at in (work.now, None):
        row = AlertRow(
            mail=mail, params=params, rhythm=AT_ONCE, language="de", asked_at=work.now, confirmed_at=confirmed_at
        )
        work.db.add(row)
