"""The portal's texts and look, changed in a real browser; every page and state without a barrier."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.districts import actions as districts
from fediverse_ehrenamt.districts.rules import Typed
from fediverse_ehrenamt.places import data
from fediverse_ehrenamt.vocab.types import Place
from tests.browser.looking import open_page, too_small, too_wide
from tests.browser.test_accessibility import barriers
from tests.browser.test_first_run import look
from tests.towns import Country, Town
from tests.workbench import offer


@pytest.fixture(autouse=True)
def forgetting() -> Iterator[None]:
    """Know at the end no more districts than at the beginning."""
    yield
    data.teach(())


def sign_in(page: Page, town: Town) -> None:
    person = town.write(people.add, "olga@hagen.example", "Olga", "de", [Grant(Role.OPERATOR), Grant(Role.COORDINATOR)])
    page.goto(f"{town.url}/anmelden/{town.write(entering.make_link, person.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()


def test_an_imprint_is_written_and_read(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    hagen.add()
    page = open_page(browser, 1280, "light")
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung")
    look(page, "verwaltung-naechstes")
    assert barriers(page) == []
    page.get_by_role("link", name="Impressum ausfüllen").click()
    look(page, "verwaltung-text")
    look(page, "verwaltung-text", "dark")
    page.get_by_label("Text", exact=True).fill("")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("Der Text ist leer")
    assert barriers(page) == []
    page.get_by_label("Text", exact=True).fill("# Impressum\n\nStadt **Hagen**\nRathausstraße 1")
    page.get_by_role("button", name="Vorschau zeigen").click()
    expect(page.locator(".panel strong").filter(has_text="Hagen")).to_be_visible()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").filter(has_text="Gespeichert")).to_be_visible()
    look(page, "verwaltung-texte")
    assert barriers(page) == []
    page.get_by_role("link", name="Impressum", exact=True).click()
    expect(page.get_by_text("Rathausstraße 1")).to_be_visible()
    page.goto(f"{hagen.url}/verwaltung/organisationen/buecherei/texte/impressum/de")
    look(page, "verwaltung-text-organisation")
    assert barriers(page) == []


def test_on_a_phone_the_menu_is_a_short_way(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    page = open_page(browser, 320, "dark", scripts=False)
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung/aussehen")
    menu = page.get_by_role("navigation", name="Verwaltung")
    expect(menu.get_by_role("link")).to_have_text(["Übersicht"])
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Name und Aussehen")).to_have_attribute("aria-current", "page")
    expect(menu.get_by_role("link", name="Meldungen")).to_have_count(0)
    assert (too_wide(page), too_small(page)) == ([], [])
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Statistik")).to_be_focused()
    menu.get_by_role("link", name="Texte").click()
    menu.get_by_role("link", name="Übersicht").click()
    expect(menu).to_have_count(0)  # the page itself is the way to all others
    page.get_by_role("link", name="Meldungen").click()
    page.set_viewport_size({"width": 1280, "height": 860})
    expect(menu.locator("summary")).to_be_hidden()
    expect(menu.get_by_role("link", name="Protokoll")).to_be_visible()


def test_a_colour_is_chosen_that_can_be_read(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    page = open_page(browser, 1280, "light")
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung/aussehen")
    look(page, "verwaltung-aussehen")
    assert barriers(page) == []
    page.get_by_label("Name des Portals").fill("Mithelfen in Hagen")
    page.get_by_label("Farbe", exact=True).fill("#ffd000")
    expect(page.locator(".admin-contrast")).to_contain_text("Zu wenig")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("Am nächsten liegt")
    look(page, "verwaltung-aussehen-falsch", "dark")
    assert barriers(page) == []
    page.get_by_role("button", name="Diese Farbe nehmen").click()
    expect(page.get_by_role("status").filter(has_text="Gespeichert")).to_be_visible()
    expect(page.locator(".brand")).to_have_text("Mithelfen in Hagen")
    look(page, "verwaltung-aussehen-neu")
    page.get_by_role("button", name="Letzte Änderung zurücknehmen").click()
    expect(page.locator(".brand")).to_have_text("Ehrenamt Hagen")


def test_an_area_is_hidden(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    page = open_page(browser, 1280, "light")
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung/bereiche")
    page.get_by_label("Ort oder Postleitzahl").fill("Xyzzyheim")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("kennen wir nicht")
    assert barriers(page) == []
    page.get_by_label("Ort oder Postleitzahl").fill("Hagen")
    page.get_by_label("Sport", exact=True).select_option("ausblenden")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").filter(has_text="Gespeichert")).to_be_visible()
    look(page, "verwaltung-bereiche")
    look(page, "verwaltung-bereiche", "dark")
    assert barriers(page) == []
    page.goto(hagen.url)
    expect(page.get_by_role("link", name="Sport", exact=True)).to_have_count(0)


def about(words: str, label: str) -> re.Pattern[str]:
    """Return the name of a control that says to whoever does not see its row what it is about."""
    return re.compile(f"^{words} ?: {label}")


def followed(page: Page) -> Locator:
    """Return what is said once all offers and dates are in the districts of now."""
    return page.get_by_role("status").filter(has_text="sind neu zugeordnet")


def test_a_district_is_entered_and_its_offers_follow(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    hagen.add()
    hagen.publish(replace(offer(), place=Place(name="Haspe-Mitte", locality="Hagen", country="DE")), "buecherei")
    page = open_page(browser, 1280, "light")
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung/bereiche")
    page.get_by_role("link", name="Stadtteile", exact=True).click()
    page.get_by_role("link", name="Neuer Stadtteil").click()
    look(page, "verwaltung-stadtteil-neu")
    assert barriers(page) == []
    page.locator("#name").fill("Bezirk 3")
    page.locator("#ort").fill("Xyzzyheim")
    page.get_by_role("button", name="Stadtteil anlegen").click()
    expect(page.get_by_role("alert")).to_contain_text("„Xyzzyheim“ kennen wir nicht")
    look(page, "verwaltung-stadtteil-falsch", "dark")
    assert barriers(page) == []
    page.locator("#name").fill("Haspe-Mitte")
    page.locator("#ort").fill("Hagen")
    page.get_by_label("Postleitzahl").fill("58135")
    page.get_by_role("button", name="Punkt suchen").click()
    expect(page.get_by_role("status").filter(has_text="Der Punkt ist gefunden")).to_be_visible()
    before = page.get_by_label("Breitengrad").input_value()
    page.get_by_role("button", name="Punkt, mit den Pfeiltasten zu verschieben").press("ArrowUp")
    expect(page.get_by_label("Breitengrad")).not_to_have_value(before)
    look(page, "verwaltung-stadtteil-gefunden")
    page.get_by_role("button", name="Stadtteil anlegen").click()
    expect(page.get_by_role("status").filter(has_text="Hagen-Haspe-Mitte: angelegt")).to_be_visible()
    expect(followed(page)).to_be_visible()
    page.get_by_role("link", name="Zahlen neu laden").click()
    expect(page.get_by_role("link", name=about("1 Angebot", "Hagen-Haspe-Mitte"))).to_be_visible()


def test_two_districts_are_merged_and_parted(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    hagen.add()
    hagen.write(districts.add, Typed("Haspe-Mitte", "Hagen", "58135"))
    hagen.publish(replace(offer(), place=Place(name="Haspe-Mitte", locality="Hagen", country="DE")), "buecherei")
    page = open_page(browser, 1280, "light")
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung/stadtteile")
    look(page, "verwaltung-stadtteile")
    look(page, "verwaltung-stadtteile", "dark")
    assert barriers(page) == []
    page.get_by_role("link", name=about("Ändern", "Hagen-Haspe-Mitte")).click()
    look(page, "verwaltung-stadtteil")
    look(page, "verwaltung-stadtteil", "dark")
    assert barriers(page) == []
    page.get_by_role("button", name="Zusammenlegen").click()
    expect(page.get_by_role("alert")).to_contain_text("bitte wählen Sie einen anderen Stadtteil")
    assert barriers(page) == []
    page.get_by_label("Zusammenlegen mit").select_option("Haspe")
    page.get_by_role("button", name="Zusammenlegen").click()
    expect(followed(page)).to_be_visible()
    page.goto(f"{hagen.url}/?stadtteil=Hagen-Haspe-Mitte")
    expect(page.get_by_role("link", name="Lesepatin gesucht")).to_be_visible()
    page.goto(f"{hagen.url}/verwaltung/stadtteile/hagen/haspe")
    look(page, "verwaltung-stadtteil-namen")
    assert barriers(page) == []
    page.get_by_role("button", name=about("Abtrennen: ist ein eigener Stadtteil", "Haspe-Mitte")).click()
    expect(page.get_by_role("link", name="Haspe-Mitte", exact=True)).to_be_visible()


def test_a_false_district_is_hidden_without_scripts(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    page = open_page(browser, 320, "dark", scripts=False)
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung/stadtteile")
    page.get_by_role("button", name=about("Ausblenden", "Hagen-Haspe")).click()
    expect(page.get_by_role("button", name=about("Wieder zeigen", "Hagen-Haspe"))).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Hagen-Haspe: ausgeblendet")).to_be_visible()
    page.get_by_role("button", name=about("Zurücknehmen", "Hagen-Haspe: ausgeblendet")).click()
    page.get_by_role("link", name="Haspe", exact=True).click()
    page.locator("#name").fill("Haspe am Ring")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("link", name="Haspe am Ring", exact=True)).to_be_visible()
