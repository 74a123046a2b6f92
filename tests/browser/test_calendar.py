"""The calendar in a real browser: a table on a desk, days below each other on a phone, light and dark, no scripts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import looking
from tests.browser.looking import picture, too_small, too_wide
from tests.discover import dates, samples

PAGES = {
    "kalender-monat": "/kalender?monat=2026-12",
    "kalender-woche": "/kalender?woche=2026-W50",
    "kalender-liste": "/kalender?liste=2026-12&zielgruppe=kinder",
    "kalender-tag": "/kalender?tag=2026-12-12",
    "kalender-leer": "/kalender?monat=2027-02&ort=Flensburg",
    "kalender-falsch": "/kalender?ort=Xyzzyheim",
    "organisation-seite": "/organisationen/garten",
}
PHONE, DESK = (360, 740), (1280, 860)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    documents = (*samples.DOCUMENTS, *dates.ALL)
    with looking.served(tmp_path_factory.mktemp("site"), documents) as address:
        yield address


def open_page(browser: Browser, size: tuple[int, int], scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=False,
        locale="de-DE",
    )
    return context.new_page()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(320, 640), PHONE, (768, 1024), DESK], ids=str)
def test_every_view_fits(browser: Browser, home: str, size: tuple[int, int], scheme: str) -> None:
    page = open_page(browser, size, scheme)
    for name, path in PAGES.items():
        page.goto(home + path)
        picture(page, f"{name}-{size[0]}-{scheme}")
        assert too_wide(page) == [], name
        if size[0] < 900:  # on a desk a day has no room for more than 24 px
            assert too_small(page) == [], name
    page.context.close()


def test_a_desk_has_a_table_with_a_day_in_each_cell(browser: Browser, home: str) -> None:
    page = open_page(browser, DESK)
    page.goto(f"{home}/kalender?monat=2026-12")
    table = page.get_by_role("table", name="Dezember 2026")
    expect(table.get_by_role("columnheader")).to_have_count(7)
    expect(table.get_by_role("cell")).to_have_count(35)
    saturday = table.get_by_role("cell").filter(has_text="12. Dezember 2026")
    expect(saturday.get_by_role("listitem")).to_have_count(3)
    saturday.get_by_role("link", name="und 7 weitere").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samstag, 12. Dezember 2026")
    expect(page.get_by_role("heading", level=3)).to_have_count(10)
    page.get_by_role("link", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sonntag, 13. Dezember 2026")
    page.get_by_role("link", name="Woche").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Woche 50")
    page.get_by_role("link", name="Heute").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Woche 47")
    page.context.close()


def test_a_phone_has_days_below_each_other_and_keeps_the_time_while_filtering(browser: Browser, home: str) -> None:
    page = open_page(browser, PHONE)
    page.goto(home)
    page.get_by_role("link", name="Kalender").click()
    page.get_by_role("link", name="Zum nächsten Termin am 1. Dezember 2026").click()
    days = page.locator("td:visible")
    expect(days.first).to_contain_text("Dienstag, 1. Dezember 2026")
    expect(page.locator("td:visible .date:visible", has_text="Ausstellung")).to_have_count(1)
    boxes = [cell.bounding_box() for cell in days.all()]
    assert len({round(box["x"]) for box in boxes if box}) == 1, "they stand below each other"
    page.get_by_label("Suchwort").fill("nachtwache")
    page.get_by_label("Ort oder Postleitzahl").fill("Flensburg")
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dezember 2026")
    expect(page.get_by_role("status")).to_have_text("1 Termin")
    page.get_by_role("link", name="„nachtwache“ entfernen").click()
    expect(page.get_by_role("status")).to_contain_text("14 Termine")
    page.context.close()


def test_the_keyboard_reaches_a_date(browser: Browser, home: str) -> None:
    page = open_page(browser, DESK)
    page.goto(f"{home}/kalender?monat=2026-12")
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if "Nikolausfeier" in focused.inner_text():
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/termine/01ev0002-nikolausfeier$"))
    page.context.close()


def test_paper_names_the_place_of_each_date_and_asks_nothing(browser: Browser, home: str) -> None:
    page = open_page(browser, DESK)
    page.goto(f"{home}/kalender?monat=2026-12")
    place = page.get_by_text("Bürgerhaus Nord, Flensburg").first
    expect(place).to_be_hidden()
    page.emulate_media(media="print")
    expect(place).to_be_visible()
    page.goto(f"{home}/angebote/{samples.LOCAL_ID}")
    expect(page.get_by_role("button", name="Folgen")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.get_by_role("button", name="Folgen")).to_be_visible()
    page.context.close()
