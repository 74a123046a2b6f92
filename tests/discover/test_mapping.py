"""The map: a list that works alone, and what the script is told of a frame."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from starlette.applications import Starlette

from fediverse_ehrenamt.discover import mapping
from fediverse_ehrenamt.kit import resources
from fediverse_ehrenamt.search import charting
from tests.discover import samples, site
from tests.discover.test_pages import BROWSER, titles

pytestmark = pytest.mark.anyio

_FLENSBURG = "9.3,54.7,9.6,54.9"
_EVERYWHERE = "-180,-85,180,85"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Starlette]:
    workshop = site.open_workshop(tmp_path)
    yield site.application(workshop, site.fill(workshop, tmp_path, samples.DOCUMENTS))
    await workshop.close()


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers=BROWSER) as made:
        yield made


async def test_the_page_is_a_list_with_places_that_says_what_the_map_needs(client: httpx.AsyncClient) -> None:
    page = (await client.get("/karte?ort=Flensburg&art=angebot")).text
    assert len(titles(page)) == 20
    assert "Die Karte selbst braucht JavaScript." in page
    assert 'data-spot="54.7' in page
    assert 'href="/karte?ort=Flensburg&amp;art=angebot&amp;seite=2"' in page
    assert 'action="/karte"' in page
    assert "leaflet" not in page.split("data-map=")[0]  # nothing of it is loaded with the page
    first = (await client.get("/")).text
    assert "karte.js" not in first
    assert "karte.css" not in first


async def test_results_lead_to_the_map_of_the_same_search(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?q=vorlesen&ort=Hagen&umkreis=10&seite=1")).text
    assert 'href="/karte?q=vorlesen&amp;ort=Hagen&amp;umkreis=10"' in page
    assert titles((await client.get("/karte?q=vorlesen&ort=Hagen&umkreis=10")).text) == titles(page)
    corrected = (await client.get("/?q=vorlehsen")).text
    assert 'href="/karte?q=vorlesen"' in corrected


async def test_a_list_is_held_to_a_frame_or_to_what_is_on_no_map(client: httpx.AsyncClient) -> None:
    page = (await client.get("/karte?rahmen=7.4,51.3,7.5,51.4")).text
    assert titles(page) == ["Lesepatin oder Lesepate gesucht"]
    assert "1 Treffer im Kartenausschnitt" in page
    assert 'href="/karte?rahmen=ohne">2 ohne Ort, z. B. von zu Hause' in page
    without = (await client.get("/karte?rahmen=ohne")).text
    assert "2 Treffer ohne Ort auf der Karte" in without
    assert len(titles(without)) == 2
    assert "data-spot" not in without
    pages = (await client.get(f"/karte?art=angebot&rahmen={_FLENSBURG}")).text
    assert f'href="/karte?art=angebot&amp;seite=2&amp;rahmen={_FLENSBURG}"' in pages
    assert f'href="/karte?rahmen={_FLENSBURG}"' in pages  # without that filter, the frame stays
    assert "In diesem Ausschnitt gibt es nichts dazu." in (await client.get("/karte?rahmen=1,1,2,2")).text
    assert "53 Treffer" in (await client.get("/karte?rahmen=quer")).text


@pytest.mark.parametrize(
    ("search", "frame"),
    [
        ("ort=Flensburg&umkreis=10", [9.28, 54.69, 9.59, 54.87]),
        ("rahmen=7,51,8,52", [7, 51, 8, 52]),
        ("q=quastenflosser", [5.87, 47.27, 15.04, 55.06]),
        ("q=lesepatin", [7.4528, 51.3371, 7.4928, 51.3771]),
    ],
)
async def test_a_map_begins_where_the_hits_are(client: httpx.AsyncClient, search: str, frame: list[float]) -> None:
    page = (await client.get(f"/karte?{search}")).text
    setup = orjson.loads(page.split("data-map='")[1].split("'")[0])
    assert setup["frame"] == pytest.approx(frame, abs=0.02)


async def test_what_cannot_be_understood_is_said_in_the_form_of_the_map(client: httpx.AsyncClient) -> None:
    answer = await client.get("/karte?ort=Xyzzyheim")
    assert answer.status_code == 422
    assert "Xyzzyheim" in answer.text
    assert 'action="/karte"' in answer.text
    asked = await client.get("/karte?q=am+Samstag+mit+Kindern+in+Flensburg")
    assert asked.status_code == 303
    assert asked.headers["location"].startswith("/karte?")


async def _features(client: httpx.AsyncClient, query: str) -> tuple[int, list[dict[str, Any]]]:
    answer = await client.get(f"/karte/punkte?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, max-age=60"
    body = answer.json()
    assert body["type"] == "FeatureCollection"
    return body["total"], [feature["properties"] for feature in body["features"]]


async def test_far_away_a_frame_is_counts_and_close_to_it_things_with_links(client: httpx.AsyncClient) -> None:
    total, far = await _features(client, "rahmen=5,47,16,56&zoom=6")
    assert total == 51 == sum(group["count"] for group in far)
    assert sorted(group["name"] for group in far) == [
        "50 Treffer, näher heran",
        "Angebot: Lesepatin oder Lesepate gesucht",
    ]
    total, close = await _features(client, "art=angebot&ort=Flensburg&rahmen=9.4,54.78,9.44,54.79&zoom=16")
    assert total == len(close) > 1
    (thing,) = close[0]["things"]
    assert thing["href"].startswith("/angebote/")
    assert thing["place"] in {"Flensburg", "Glücksburg", "Harrislee"}


async def test_of_very_many_one_that_lies_alone_is_a_count_too(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charting, "FEW", 10)
    total, far = await _features(client, "rahmen=5,47,16,56&zoom=6")
    assert total == 51
    assert sorted(group["name"] for group in far) == ["1 Treffer, näher heran", "50 Treffer, näher heran"]
    assert [group["things"] for group in far] == [[], []]


async def test_hostile_texts_are_data(client: httpx.AsyncClient) -> None:
    page = (await client.get("/karte?q=%3Cscript%3Ealert(1)%3C/script%3E%27")).text
    assert "<script>alert" not in page
    setup = page.split("data-map='")[1].split("'")[0]
    assert orjson.loads(setup)["points"].startswith("/karte/punkte?q=%3Cscript")


@pytest.mark.parametrize(
    "query",
    ["", "zoom=5", f"rahmen={_EVERYWHERE}", f"rahmen={_EVERYWHERE}&zoom=99", "rahmen=1,2,3&zoom=5", "ort=Xyzzyheim"],
)
async def test_what_is_no_frame_is_said(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/karte/punkte?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["problems"]


async def test_the_largest_places_are_named_first_and_villages_close_up(client: httpx.AsyncClient) -> None:
    germany = (await client.get("/karte/orte?rahmen=5.8,47.2,15.1,55.1&zoom=6")).json()
    assert [name for name, *_ in germany[:3]] == ["Berlin", "Hamburg", "München"]
    assert len(germany) == 80
    hagen = (await client.get("/karte/orte?rahmen=7.4,51.3,7.5,51.4&zoom=12")).json()
    assert hagen[0][0] == "Hagen"
    assert any(not inhabitants for *_, inhabitants in hagen)
    far = (await client.get("/karte/orte?rahmen=7.4,51.3,7.5,51.4&zoom=10")).json()
    assert all(inhabitants for *_, inhabitants in far)
    assert (await client.get("/karte/orte?rahmen=7.4&zoom=10")).status_code == 422


def test_outlines_are_within_germany_and_say_whose_they_are() -> None:
    outlines = orjson.loads((resources.folder("static") / "map" / "umrisse.json").read_bytes())
    assert outlines["quelle"] == mapping.OUTLINES
    for kind, least in (("aussen", 10), ("laender", 100), ("kreise", 500)):
        assert len(outlines[kind]) > least
        for line in outlines[kind]:
            x, y = 0, 0
            for east, north in zip(line[::2], line[1::2], strict=True):
                x, y = x + east, y + north
                assert 5.8 < x / outlines["massstab"] < 15.1
                assert 47.2 < y / outlines["massstab"] < 55.1
    for ring in outlines["aussen"]:
        assert (sum(ring[2::2]), sum(ring[3::2])) == (0, 0)  # it ends where it began
