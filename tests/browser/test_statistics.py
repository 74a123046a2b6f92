"""The statistics in a real browser: chosen, read from the plot and from the table, taken home as a file; no barriers.

Screenshots are written to `build/screenshots/` to be looked at.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from tests.browser.looking import SCREENSHOTS, open_page, too_small, too_wide
from tests.browser.test_accessibility import barriers
from tests.figures import years
from tests.towns import Country, Town

PAGE = "/verwaltung/statistik"


def sign_in(page: Page, town: Town) -> None:
    person = town.write(people.add, "clara@hagen.example", "Clara", "de", [Grant(Role.COORDINATOR)])
    page.goto(f"{town.url}/anmelden/{town.write(entering.make_link, person.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()


def look(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    assert too_wide(page) == [], name
    assert too_small(page) == [], name


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_a_coordinator_looks_at_the_year(
    country: Country, browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    hagen = country.town("Hagen")
    hagen.write(years.remember)
    page = open_page(browser, width, scheme, scripts=False)
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung")
    page.get_by_role("link", name="Statistik").last.click()
    expect(page.get_by_role("heading", name="Statistik", level=1)).to_be_visible()
    look(page, f"statistik-{width}-{scheme}")
    page.get_by_label("Zeitraum").select_option("24")
    page.get_by_role("button", name="Anzeigen").click()
    placements = page.get_by_role("region", name="Vermittlungen")
    expect(placements.get_by_role("img")).to_be_visible()
    placements.get_by_text("Zahlen als Tabelle").click()
    expect(placements.get_by_role("row")).to_have_count(25 if width > 320 else 24)
    look(page, f"statistik-tabelle-{width}-{scheme}")
    with page.expect_download() as download:
        placements.get_by_role("link", name="Als Datei").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.read_text("utf-8-sig").startswith("Monat;Vermittlungen;")


def test_the_statistics_keep_nobody_out(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    page = browser.new_context(locale="de-DE").new_page()
    sign_in(page, hagen)
    page.goto(f"{hagen.url}{PAGE}")
    assert barriers(page) == []
    hagen.write(years.remember)
    page.goto(f"{hagen.url}{PAGE}?monate=24")
    assert barriers(page) == []
