"""The map in a real browser: from counts to markers and to a page, by mouse, by keyboard, on a phone, in the dark."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.maps import pages, tiles
from fediverse_ehrenamt.search.model import Document
from tests.browser import looking
from tests.browser.looking import open_page, picture, too_small, too_wide
from tests.discover import samples
from tests.maps import making

_TILES = [(f"{tiles.PATH}/{{zoom:int}}/{{column:int}}/{{row:int}}", pages.tile)]
_READING = "Angebot: Lesepatin oder Lesepate gesucht"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with looking.served(tmp_path_factory.mktemp("site"), extra=_TILES) as address:
        yield address


@pytest.fixture
def home_with_tiles(tmp_path: Path) -> Iterator[str]:
    making.archive(tmp_path / "map" / "karte.pmtiles", most_zoom=5)
    with looking.served(tmp_path, extra=_TILES) as address:
        yield address


@pytest.fixture
def heard() -> dict[str, list[str]]:
    return {"complaints": [], "requests": []}


def _opened(browser: Browser, width: int, scheme: str, heard: dict[str, list[str]]) -> Page:
    page = open_page(browser, width, scheme)
    page.on("console", lambda message: heard["complaints"].append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard["complaints"].append(str(error)))
    page.on("response", lambda one: heard["complaints"].append(one.url) if not one.ok else None)
    page.on("request", lambda request: heard["requests"].append(request.url))
    return page


def _said(page: Page, words: str) -> None:
    expect(page.locator(".chart-said")).to_have_text(words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_map_fits_and_asks_nobody_else(
    browser: Browser, home: str, width: int, scheme: str, heard: dict[str, list[str]]
) -> None:
    page = _opened(browser, width, scheme, heard)
    page.goto(f"{home}/karte")
    _said(page, "51 Treffer auf der Karte")
    expect(page.locator(".outline-country")).to_have_count(1)
    expect(page.locator(".place-name").first).to_be_visible()
    assert too_wide(page) == []
    assert too_small(page) == []
    picture(page, f"karte-{width}-{scheme}")
    page.get_by_role("button", name=_READING).click()
    expect(page.locator(".leaflet-popup a").filter(has_text="Lesepatin")).to_be_visible()
    picture(page, f"karte-offen-{width}-{scheme}")
    assert heard["complaints"] == []
    assert {url for url in heard["requests"] if not url.startswith(home)} == set()
    page.context.close()


def _come_closer(page: Page) -> None:
    """Press a count, and wait until the map shows what there is then."""
    with page.expect_response(re.compile(r"/karte/punkte\?")) as answered:
        page.locator(".bubble").first.click()
    expect(page.locator(".pin, .bubble")).to_have_count(len(answered.value.json()["features"]))


def test_from_counts_to_a_marker_to_its_page(browser: Browser, tmp_path: Path, heard: dict[str, list[str]]) -> None:
    with looking.served(tmp_path, [samples.GARDEN_CARD, samples.CAFE_CARD]) as home:
        page = _opened(browser, 1280, "light", heard)
        page.goto(f"{home}/karte?rahmen=5,47,15,55")
        expect(page.get_by_role("button", name="2 Treffer, näher heran")).to_be_visible()
        while page.locator(".bubble").count():
            _come_closer(page)
        page.locator(".pin").first.click()
        page.locator(".chart-popup a").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(samples.CAFE.name)  # the northern one
        assert heard["complaints"] == []
        page.context.close()


def _near_one_another(count: int, degrees: float) -> list[Document]:
    """Return offers in a row from west to east, so far from one another."""
    return [
        replace(one, title=f"Nachbarin {number}", latitude=54.7837, longitude=9.4335 + number * degrees)
        for number, one in enumerate(samples.MANY[:count])
    ]


def test_what_would_lie_on_one_another_is_one_that_opens_as_a_list(browser: Browser, tmp_path: Path) -> None:
    with looking.served(tmp_path, _near_one_another(2, 0.0001)) as home:
        page = open_page(browser, 1280, "light")
        page.goto(f"{home}/karte?rahmen=9.42,54.77,9.45,54.79")
        page.get_by_role("button", name="2 Treffer an diesem Ort").click()
        expect(page.locator(".chart-popup a")).to_have_text(["Nachbarin 0", "Nachbarin 1"])
        page.context.close()


def test_what_is_chosen_in_the_list_is_opened_although_it_is_one_of_many_there(
    browser: Browser, tmp_path: Path
) -> None:
    with looking.served(tmp_path, _near_one_another(10, 0.0003)) as home:
        page = open_page(browser, 1280, "light")
        page.goto(f"{home}/karte")
        _said(page, "10 Treffer auf der Karte")
        page.locator("[data-thing]", has_text="Nachbarin 7").get_by_role("button", name="Auf der Karte zeigen").click()
        expect(page.locator(".chart-popup")).to_contain_text("Nachbarin 7")
        page.context.close()


def test_the_keyboard_alone_opens_a_thing_and_closes_it(
    browser: Browser, home: str, heard: dict[str, list[str]]
) -> None:
    page = _opened(browser, 1280, "light", heard)
    page.goto(f"{home}/karte?q=vorlesen")
    _said(page, "1 Treffer auf der Karte")
    marker = page.get_by_role("button", name=_READING)
    page.get_by_role("link", name="Karte überspringen").focus()
    for _ in range(6):
        page.keyboard.press("Tab")
        if marker.evaluate("element => element === document.activeElement"):
            break
    expect(marker).to_be_focused()
    expect(page.locator("[data-thing].marked")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".chart-popup a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(marker).to_be_focused()
    page.keyboard.press(" ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesepatin oder Lesepate gesucht")
    page.context.close()


def test_list_and_map_know_of_each_other(browser: Browser, home: str, heard: dict[str, list[str]]) -> None:
    page = _opened(browser, 1280, "light", heard)
    page.goto(f"{home}/karte?ort=Hagen")
    _said(page, "1 Treffer auf der Karte")
    page.get_by_role("link", name="Lesepatin oder Lesepate gesucht").focus()
    expect(page.locator(".ring")).to_have_count(1)
    expect(page.locator(".pin.marked")).to_have_count(1)
    page.get_by_role("button", name="Auf der Karte zeigen").first.click()
    expect(page.locator(".chart-popup")).to_contain_text("Lesewelt Hagen e. V.")
    here = page.get_by_role("link", name="Nur diesen Kartenausschnitt auflisten")
    expect(here).to_have_attribute("href", re.compile(r"rahmen=7\.4"))
    here.click()
    expect(page.locator(".count")).to_have_text("1 Treffer im Kartenausschnitt")
    page.get_by_role("link", name="Alle Treffer auflisten").click()
    expect(page).to_have_url(f"{home}/karte?ort=Hagen")
    assert heard["complaints"] == []
    page.context.close()


def test_on_a_phone_map_and_list_take_turns(browser: Browser, home: str, heard: dict[str, list[str]]) -> None:
    page = _opened(browser, 320, "light", heard)
    page.goto(f"{home}/karte?ort=Hagen")
    card = page.get_by_role("link", name="Lesepatin oder Lesepate gesucht")
    expect(card).to_be_hidden()
    page.get_by_role("button", name="Liste", exact=True).click()
    expect(card).to_be_visible()
    expect(page.locator(".chart-map")).to_be_hidden()
    picture(page, "karte-liste-320")
    page.get_by_role("button", name="Auf der Karte zeigen").first.click()
    expect(page.locator(".chart-popup")).to_be_visible()
    assert heard["complaints"] == []
    page.context.close()


def test_without_scripts_there_is_the_list(browser: Browser, home: str) -> None:
    page = open_page(browser, 320, "light", scripts=False)
    page.goto(f"{home}/karte?ort=Hagen")
    expect(page.get_by_text("Die Karte selbst braucht JavaScript.")).to_be_visible()
    expect(page.get_by_role("link", name="Lesepatin oder Lesepate gesucht")).to_be_visible()
    expect(page.locator(".chart-side")).to_be_hidden()
    assert too_wide(page) == []
    assert too_small(page) == []
    page.context.close()


def test_who_wants_no_motion_has_none(browser: Browser, home: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce", locale="de-DE")
    page = context.new_page()
    page.goto(f"{home}/karte")
    _said(page, "51 Treffer auf der Karte")
    assert page.locator(".leaflet-zoom-anim, .leaflet-fade-anim").count() == 0
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_a_thing_shows_its_place_when_it_is_asked_for(
    browser: Browser, home: str, width: int, scheme: str, heard: dict[str, list[str]]
) -> None:
    page = _opened(browser, width, scheme, heard)
    page.goto(f"{home}/angebote/{samples.REMOTE_ID}")
    expect(page.get_by_role("link", name="In einer Karten-App öffnen")).to_have_attribute(
        "href", "geo:51.35710,7.47280"
    )
    assert [url for url in heard["requests"] if "leaflet" in url or "umrisse" in url] == []
    page.get_by_role("button", name="Karte anzeigen").click()
    expect(page.locator(".pin")).to_be_visible()
    expect(page.locator(".place-name", has_text="Hagen").first).to_be_visible()
    picture(page, f"angebot-karte-{width}-{scheme}")
    assert too_wide(page) == []
    assert too_small(page) == []
    assert heard["complaints"] == []
    assert {url for url in heard["requests"] if not url.startswith(home)} == set()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tiles_of_the_operator_come_through_us(
    browser: Browser, home_with_tiles: str, scheme: str, heard: dict[str, list[str]]
) -> None:
    page = _opened(browser, 1280, scheme, heard)
    page.goto(f"{home_with_tiles}/karte?rahmen=6,48,14,54")
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("© OSM")
    expect(page.locator(".outline-country")).to_have_count(1)  # where tiles are missing, the map is not blank
    expect(page.locator(".place-name")).to_have_count(0)
    page.get_by_role("button", name="Weiter weg").click()
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
    picture(page, f"karte-kacheln-{scheme}")
    assert heard["complaints"] == []
    assert {url for url in heard["requests"] if not url.startswith(home_with_tiles)} == set()
    page.context.close()
