"""The statistics in a real browser: chosen, read from the plot and the table, taken home as a file; no barriers."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.figures import rules
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.views import store as views
from fediverse_ehrenamt.views.rules import Seen
from tests.browser.looking import look, open_page
from tests.browser.test_accessibility import barriers
from tests.figures import years
from tests.towns import Country, Town

PAGE = "/verwaltung/statistik"


def sign_in(page: Page, town: Town) -> None:
    person = town.write(people.add, "clara@hagen.example", "Clara", "de", [Grant(Role.COORDINATOR)])
    page.goto(f"{town.url}/anmelden/{town.write(entering.make_link, person.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()


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


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_an_organisation_looks_at_its_own_figures(country: Country, browser: Browser, width: int, scheme: str) -> None:
    hagen = country.town("Hagen")
    organisation = hagen.add()
    today = clock.day(hagen.workshop.now())
    hagen.write(views.add, {(rules.before(today, number), Seen("x", organisation)): 9 + number for number in range(5)})
    page = open_page(browser, width, scheme, scripts=False)
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung/organisationen/buecherei")
    page.get_by_role("link", name="Zahlen").click()
    expect(page.get_by_role("img", name="Angesehen")).to_be_visible()
    look(page, f"zahlen-{width}-{scheme}")
    if width > 320:
        plain = browser.new_context(locale="de-DE", storage_state=page.context.storage_state()).new_page()
        plain.goto(page.url)
        assert barriers(plain) == []
