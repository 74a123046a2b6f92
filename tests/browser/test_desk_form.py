"""The whole form of an event in a real browser: it repeats itself, its point is set by keyboard, it speaks English."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.kit import clock
from tests.browser.looking import WIDTHS, look, open_page
from tests.browser.test_accessibility import barriers
from tests.browser.test_desk import sign_in
from tests.towns import Country

NEXT = clock.now().year + 1
CENTRE = "51,36080", "7,47170"


def fill(page: Page) -> None:
    page.get_by_label("Wie heißt der Termin?").fill("Reparaturcafé")
    page.get_by_label("Worum geht es?").fill("Wir reparieren, was kaputt ist.")
    page.get_by_label("Beginn").fill(f"{NEXT}-03-09T19:00")
    page.get_by_label("Ende", exact=False).first.fill(f"{NEXT}-03-09T21:00")


def repeat(page: Page) -> None:
    page.locator("summary", has_text="Wiederholt sich").click()
    page.get_by_label("Wie oft?").select_option("woche")
    page.get_by_label("Wie viele Termine?").fill("4")


def leave_one_out(page: Page) -> None:
    """Take the third date out, by keyboard; the list is put anew while one is in it."""
    dates = page.locator("#termine")
    expect(dates.get_by_role("checkbox")).to_have_count(4)
    third = dates.get_by_role("checkbox").nth(2)
    third.focus()
    page.keyboard.press("Space")
    expect(dates.get_by_text("3 Termine finden statt.")).to_be_visible()
    expect(third).to_be_focused()
    expect(third).not_to_be_checked()


def place(page: Page) -> str:
    """Take a place that is offered, move its point to the north by keyboard, and return its latitude."""
    page.get_by_label("Ort oder Stadtteil").fill("Hagen")
    places = page.locator("#orte")
    places.get_by_label("58095 Nordrhein-Westfalen").first.check()
    expect(page.get_by_label("Postleitzahl")).to_have_value("58095")
    expect(places.get_by_role("radio")).to_have_count(0)
    page.locator("summary", has_text="Genauer Punkt").click()
    latitude = page.get_by_label("Breitengrad")
    expect(latitude).to_have_value(CENTRE[0])
    page.get_by_role("button", name="Punkt, mit den Pfeiltasten zu verschieben").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(latitude).not_to_have_value(CENTRE[0])
    expect(page.get_by_label("Längengrad")).to_have_value(CENTRE[1])
    expect(page.locator(".spot-map .chart-said")).to_contain_text("Punkt gesetzt:")
    found = latitude.input_value()
    assert float(found.replace(",", ".")) > float(CENTRE[0].replace(",", "."))
    return found


def translate(page: Page) -> None:
    page.locator("summary", has_text="Weitere Sprachen").click()
    page.get_by_label("Sprache hinzufügen").select_option("en")
    page.get_by_role("button", name="Hinzufügen").click()
    english = page.get_by_role("group", name="Englisch")
    expect(english.get_by_label("Titel")).to_be_focused()
    english.get_by_label("Titel").fill("Repair café")
    english.get_by_label("Text").fill("We mend what is broken.")
    expect(page.get_by_role("complementary", name="Vorschau")).to_contain_text("We mend what is broken.")


def visit(page: Page, latitude: str) -> None:
    """See it as visitors do."""
    page.get_by_role("link", name=re.compile(f"Ansehen.*9. März {NEXT}")).click()
    spot = f"{latitude.replace(',', '.')},{CENTRE[1].replace(',', '.')}"
    expect(page.locator(".place-map")).to_have_attribute("data-spot", spot)
    page.get_by_role("navigation", name="Sprache des Textes").get_by_role("link", name="Englisch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Repair café")
    expect(page.locator("#text")).to_have_text("We mend what is broken.")


def test_a_weekly_event_with_an_exception_a_point_and_an_english_version(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    actor = hagen.add()
    page = open_page(browser, 1280, "light")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    sign_in(page, hagen, actor)
    page.goto(f"{hagen.url}/verwaltung/organisationen/buecherei/termin/neu")
    fill(page)
    repeat(page)
    leave_one_out(page)
    latitude = place(page)
    translate(page)
    look(page, "verwaltung-termin-1280")
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("status").filter(has_text="„Reparaturcafé“ ist veröffentlicht.")).to_be_visible()
    page.locator("summary", has_text="Einzelne Termine").click()
    look(page, "verwaltung-reihe-1280")
    visit(page, latitude)
    hagen.until_found("Reparaturcafé", "Reparaturcafé")
    page.goto(f"{hagen.url}/kalender?monat={NEXT}-03")
    expect(page.get_by_role("link", name="Reparaturcafé")).to_have_count(3)
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_form_keeps_nobody_out(country: Country, browser: Browser, scheme: str) -> None:
    hagen = country.town("Hagen")
    actor = hagen.add()
    page = open_page(browser, 320, scheme, scripts=False)
    sign_in(page, hagen, actor)
    page.goto(f"{hagen.url}/verwaltung/organisationen/buecherei/termin/neu")
    fill(page)
    repeat(page)
    page.get_by_label("Ort oder Stadtteil").fill("Hagen")
    page.get_by_role("button", name="Ort suchen").click()
    expect(page.get_by_role("group", name="Welchen Ort meinen Sie?")).to_be_visible()
    expect(page.locator("#termine").get_by_role("checkbox")).to_have_count(4)
    page.locator("summary", has_text="Weitere Sprachen").click()
    page.get_by_label("Sprache hinzufügen").select_option("ar")
    page.get_by_role("button", name="Hinzufügen").click()
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("alert")).to_contain_text("Text (Arabisch)")
    look(page, f"verwaltung-termin-320-{scheme}")
    page.get_by_label("Text").last.fill("نصلح ما هو مكسور.")
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("status").filter(has_text="ist veröffentlicht")).to_be_visible()
    page.locator("summary", has_text="Einzelne Termine").click()
    look(page, f"verwaltung-reihe-320-{scheme}")


def test_every_state_of_the_form_passes_axe(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    actor = hagen.add()
    page = open_page(browser, 1280, "light")
    sign_in(page, hagen, actor)
    page.goto(f"{hagen.url}/verwaltung/organisationen/buecherei/termin/neu")
    fill(page)
    repeat(page)
    page.get_by_label("Ort oder Stadtteil").fill("Hagen")
    page.get_by_role("button", name="Ort suchen").click()
    page.locator("summary", has_text="Weitere Sprachen").click()
    page.get_by_role("button", name="Hinzufügen").click()
    assert barriers(page, set()) == []
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert barriers(page, set()) == []
    page.get_by_role("button", name="Entfernen").click()
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("status").filter(has_text="ist veröffentlicht")).to_be_visible()
    assert barriers(page, set()) == []
    page.get_by_role("link", name=re.compile(f"Ändern.*{NEXT}")).nth(1).click()
    expect(page.get_by_text("Das ist ein Termin einer Reihe.")).to_be_visible()
    assert barriers(page, set()) == []


def test_what_was_written_when_the_session_ends_comes_back_and_keeps_nobody_out(
    country: Country, browser: Browser
) -> None:
    hagen = country.town("Hagen")
    actor = hagen.add()
    page = open_page(browser, 320, "light")
    sign_in(page, hagen, actor)
    page.goto(f"{hagen.url}/verwaltung/organisationen/buecherei/termin/neu")
    fill(page)
    page.context.clear_cookies()
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie sind nicht mehr angemeldet")
    expect(page.get_by_text("Wir reparieren, was kaputt ist.")).to_be_visible()
    look(page, "verwaltung-abgemeldet-320")
    page.set_viewport_size({"width": 1280, "height": WIDTHS[1280]})
    look(page, "verwaltung-abgemeldet-1280")
    assert barriers(page) == []
