"""The portal's texts and look, changed in a real browser; every page and state without a barrier.

Screenshots are written to `build/screenshots/` to be looked at.
"""

from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from tests.browser.looking import open_page, too_small, too_wide
from tests.browser.test_accessibility import barriers
from tests.browser.test_first_run import look
from tests.towns import Country, Town


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
