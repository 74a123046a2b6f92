"""An organisation joins in a real browser: asks, is let in, publishes, and is found in the next town."""

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from tests import towns
from tests.browser.looking import look, open_page
from tests.mail.postoffice import taken, text_of
from tests.towns import Country, Town

NAME = "Foodsharing Hagen e. V."
MAIL = "anna@foodsharing.example"


def told(page: Page, what: str) -> None:
    expect(page.get_by_role("status").filter(has_text=what)).to_be_visible()


def letter(town: Town, to: str) -> EmailMessage:
    """Wait for the next letter to an address, and return it."""
    found: list[EmailMessage] = []

    def came() -> bool:
        found.extend(one for one in taken(town.settings) if one["To"] == to)
        return bool(found)

    town.until(came, f"writes to {to}")
    return found[0]


def link(town: Town, message: EmailMessage, path: str) -> str:
    return str(re.findall(rf"{re.escape(town.url)}{path}/\S+", text_of(message))[0])


def apply(page: Page, town: Town) -> None:
    page.goto(f"{town.url}/ueber")
    page.get_by_role("main").get_by_role("link", name="Organisation anmelden").click()
    page.get_by_label("Name der Organisation").fill(NAME)
    page.get_by_label("Was tut die Organisation?").fill("Wir retten Lebensmittel und verteilen sie an alle.")
    page.get_by_label("Ort", exact=False).first.fill("Hagen")
    page.get_by_label("Ihr Name").fill("Anna Beispiel")
    page.get_by_label("Ihre Mailadresse").fill(MAIL)
    page.get_by_label("Ich habe die Regeln gelesen").check()


def coordinate(browser: Browser, town: Town, width: int) -> Page:
    person = town.write(people.add, "clara@hagen.example", "Clara Koordination", "de", [Grant(Role.COORDINATOR)])
    page = open_page(browser, width, "light")
    page.goto(f"{town.url}/anmelden/{town.write(entering.make_link, person.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()
    return page


def publish(page: Page, town: Town) -> None:
    page.goto(f"{town.url}/verwaltung/organisationen")
    page.get_by_role("link", name="Neues Angebot").click()
    page.get_by_label("Wen oder was suchen Sie?").fill("Lebensmittelretterin am Abend")
    page.get_by_label("Was ist zu tun?").fill("Sie holen abends Brot ab und bringen es zum Verteiler.")
    page.get_by_label("Umwelt").first.check()
    page.get_by_label("Ort oder Stadtteil").fill("Hagen")
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("status").filter(has_text="ist veröffentlicht")).to_be_visible()


def test_an_organisation_joins_and_is_found_in_the_next_town(country: Country, browser: Browser) -> None:
    hagen, flensburg = country.town("Hagen"), country.town("Flensburg")
    towns.befriend(hagen, flensburg)
    clara = coordinate(browser, hagen, 1280)
    page = open_page(browser, 1280, "light")
    apply(page, hagen)
    look(page, "anmeldung-1280")
    page.get_by_role("button", name="Antrag abschicken").click()
    expect(page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach")).to_be_visible()
    page.goto(link(hagen, letter(hagen, MAIL), "/mein-antrag"))
    page.get_by_role("button", name="Ja, Antrag abschicken").click()
    told(page, "Ihr Antrag ist jetzt bei der Koordination.")
    look(page, "mein-antrag-1280")
    letter(hagen, MAIL)
    clara.goto(f"{hagen.url}/verwaltung")
    clara.get_by_role("main").get_by_role("link", name="Neue Organisationen").last.click()
    look(clara, "antraege-1280")
    clara.get_by_role("link", name=NAME).click()
    look(clara, "antrag-1280")
    clara.get_by_role("button", name="Zulassen").click()
    told(clara, "Die Organisation ist zugelassen.")
    page.goto(link(hagen, letter(hagen, MAIL), "/einladung"))
    page.get_by_label("Ihr Name").fill("Anna Beispiel")
    page.get_by_role("button").last.click()
    publish(page, hagen)
    flensburg.until_found("Lebensmittelretterin", "Lebensmittelretterin am Abend")
    page.get_by_role("link", name="Team", exact=True).click()
    page.get_by_label("Mailadresse").fill("berta@foodsharing.example")
    page.get_by_role("button", name="Einladung schicken").click()
    expect(page.get_by_role("heading", name="Eingeladen")).to_be_visible()
    look(page, "team-1280")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_on_an_old_phone(country: Country, browser: Browser, scheme: str) -> None:
    hagen = country.town("Hagen")
    actor = hagen.add()
    page = open_page(browser, 320, scheme, scripts=False)
    apply(page, hagen)
    page.get_by_label("Kurzname").fill("buecherei")
    page.get_by_role("button", name="Antrag abschicken").click()
    expect(page.get_by_role("alert")).to_contain_text("Diesen Kurznamen gibt es schon")
    expect(page.get_by_text("foodsharing_hagen").first).to_be_visible()
    look(page, f"anmeldung-fehler-320-{scheme}")
    owner = hagen.write(people.add, "eva@buecherei.example", "Eva", "de", [Grant(Role.OWNER, actor)])
    page.goto(f"{hagen.url}/anmelden/{hagen.write(entering.make_link, owner.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()
    page.goto(f"{hagen.url}/verwaltung/organisationen/buecherei/profil")
    page.get_by_label("Telefon für alle").fill("02331 123456")
    page.get_by_label("Straße und Hausnummer").fill("Springe 1")
    page.get_by_label("Ort", exact=True).fill("Hagen")
    look(page, f"profil-320-{scheme}")
    page.get_by_role("button", name="Speichern").click()
    told(page, "Gespeichert.")
    page.get_by_role("link", name="Ihre Seite ansehen").click()
    expect(page.get_by_role("link", name="02331 123456")).to_be_visible()
    look(page, f"organisation-profil-320-{scheme}")
    page.goto(f"{hagen.url}/verwaltung/organisationen/buecherei/team")
    look(page, f"team-320-{scheme}")
