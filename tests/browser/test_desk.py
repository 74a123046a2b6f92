"""A club secretary at the desk in a real browser: signs in, writes, sees how it will look, publishes for all towns."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from tests import towns
from tests.browser.looking import look, open_page
from tests.towns import Country, Town


def sign_in(page: Page, town: Town, actor: str) -> None:
    person = town.write(people.add, "eva@buecherei.example", "Eva", "de", [Grant(Role.EDITOR, actor)])
    page.goto(f"{town.url}/anmelden/{town.write(entering.make_link, person.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()


def write(page: Page) -> None:
    page.get_by_label("Wen oder was suchen Sie?").fill("Lesepatin für die Grundschule")
    page.get_by_label("Was ist zu tun?").fill("Einmal in der Woche lesen Sie Kindern vor. Wir helfen am Anfang.")
    page.get_by_label("Kultur & Musik").check()
    page.get_by_label("Ort oder Stadtteil").fill("Hagen")
    page.get_by_label("Wann?").fill("dienstags nachmittags")


def test_an_offer_in_three_minutes_is_found_in_the_next_town(country: Country, browser: Browser) -> None:
    hagen, flensburg = country.town("Hagen"), country.town("Flensburg")
    actor = hagen.add()
    towns.befriend(hagen, flensburg)
    page = open_page(browser, 1280, "light")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    sign_in(page, hagen, actor)
    page.goto(f"{hagen.url}/verwaltung/organisationen")
    expect(page.get_by_role("heading", name="Stadtbücherei")).to_be_visible()
    look(page, "verwaltung-leer-1280")
    page.get_by_role("link", name="Neues Angebot").click()
    write(page)
    beside = page.get_by_role("complementary", name="Vorschau")
    expect(beside.get_by_text("Gespeichert um")).to_be_visible()
    expect(beside.locator(".card-title")).to_have_text("Lesepatin für die Grundschule")
    expect(beside.locator(".desk-post")).to_contain_text("🕒 dienstags nachmittags")
    look(page, "verwaltung-angebot-1280")
    page.reload()
    expect(page.get_by_label("Wann?")).to_have_value("dienstags nachmittags")
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("status").filter(has_text="ist veröffentlicht")).to_be_visible()
    look(page, "verwaltung-1280")
    flensburg.until_found("Lesepatin", "Lesepatin für die Grundschule")
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_on_an_old_phone(country: Country, browser: Browser, scheme: str) -> None:
    hagen = country.town("Hagen")
    actor = hagen.add()
    hagen.publish(towns.opportunity("Gartenhilfe", key="garten"))
    page = open_page(browser, 320, scheme, scripts=False)
    sign_in(page, hagen, actor)
    page.goto(f"{hagen.url}/verwaltung/organisationen")
    look(page, f"verwaltung-320-{scheme}")
    page.get_by_role("link", name="Neues Angebot").click()
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("alert")).to_contain_text("Wen oder was suchen Sie?")
    look(page, f"verwaltung-fehler-320-{scheme}")
    write(page)
    page.get_by_role("button", name="Vorschau zeigen").click()
    expect(page.locator(".card-title")).to_have_text("Lesepatin für die Grundschule")
    look(page, f"verwaltung-vorschau-320-{scheme}")
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("status").filter(has_text="ist veröffentlicht")).to_be_visible()
    page.get_by_role("button", name=re.compile("Ist besetzt.*Gartenhilfe")).click()
    expect(page.get_by_role("status")).to_contain_text("„Gartenhilfe“ ist als besetzt gekennzeichnet.")
