"""Two journeys in a real browser without scripts: find an offer and ask, and answer an enquiry; phone and desk."""

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.mail import folder
from fediverse_ehrenamt.organisations import actions as organisations
from tests import towns
from tests.browser import looking
from tests.browser.looking import open_page, picture, too_wide
from tests.mail.postoffice import parsed, text_of
from tests.towns import Country, Town

ANNA, LIBRARY = "anna@beispiel.de", "info@buecherei.example"


def open_town(country: Country) -> Town:
    hagen = country.town("Hagen")
    hagen.write(organisations.set_mail, hagen.add(), LIBRARY)
    hagen.publish(towns.opportunity("Lesepatin gesucht", key="lesepatin"))
    hagen.until_found("Lesepatin", "Lesepatin gesucht")
    return hagen


def letter(town: Town, to: str) -> tuple[EmailMessage, str]:
    """Wait for a letter, take it out of the folder; return it with the private link in it."""
    place = folder.place(town.settings)
    found: list[EmailMessage] = []

    def came() -> bool:
        for file in place.glob("*.eml") if place.is_dir() else ():
            message = parsed(file.read_bytes())
            if message["To"] == to:
                file.unlink()
                found.append(message)
        return bool(found)

    town.until(came, f"a letter to {to}")
    (message,) = found
    links: list[str] = re.findall(rf"{town.url}/(?:meine-anfrage|anfrage-beantworten)/\S+", text_of(message))
    return message, links[-1]


def look(page: Page, name: str, width: int, scheme: str) -> None:
    looking.look(page, f"anfrage-{name}-{width}-{scheme}")


def ask(page: Page, town: Town, width: int, scheme: str) -> str:
    """Find and enquire; return the link in the letter that asks to confirm."""
    page.goto(town.url)
    page.get_by_label("Suchwort").fill("Lesepatin")
    page.get_by_role("button", name="Suchen").click()
    page.get_by_role("article").get_by_role("link", name="Lesepatin gesucht").click()
    look(page, "angebot", width, scheme)
    page.emulate_media(media="print")
    expect(page.locator(".on-paper", has_text=page.url)).to_be_visible()
    expect(page.get_by_text("Der Moderation melden")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Ich möchte helfen").click()
    look(page, "formular", width, scheme)
    page.get_by_label("Ihr Name").fill("Anna Beispiel")
    page.get_by_label("Telefon").fill("nicht")
    page.get_by_label("Ihre Nachricht").fill("Ich lese gern vor und habe montags Zeit.")
    page.locator("summary", has_text="Wann passt es Ihnen?").click()
    page.get_by_label("Montag vormittags").check()
    page.get_by_role("button", name="Anfrage abschicken").click()
    expect(page.get_by_role("alert")).to_contain_text("Das ist keine Telefonnummer")
    expect(page.get_by_label("Telefon")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Montag vormittags")).to_be_checked()
    look(page, "falsch", width, scheme)
    page.get_by_label("Telefon").fill("")
    page.get_by_label("E-Mail").fill(ANNA)
    page.get_by_role("button", name="Anfrage abschicken").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bitte sehen Sie in Ihr Postfach")
    look(page, "gesendet", width, scheme)
    return letter(town, ANNA)[1]


def answer(page: Page, desk: str, width: int, scheme: str) -> None:
    """Answer an enquiry, and agree."""
    page.goto(desk)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Anfrage von Anna Beispiel")
    expect(page.get_by_role("link", name=ANNA)).to_have_attribute("href", f"mailto:{ANNA}")
    look(page, "schreibtisch", width, scheme)
    page.get_by_role("button", name="Antwort senden").click()
    expect(page.get_by_role("alert")).to_contain_text("Hier fehlt noch der Text.")
    page.get_by_label("Ihre Antwort").fill("Kommen Sie am Montag um 10 Uhr vorbei!")
    page.get_by_role("button", name="Antwort senden").click()
    expect(page.get_by_role("status")).to_contain_text("unterwegs")
    page.get_by_role("button", name="Zusagen").click()
    expect(page.locator(".badge-status")).to_have_text("zugesagt")
    look(page, "zugesagt", width, scheme)


def read(page: Page, town: Town, message: EmailMessage, name: str) -> None:
    """Look at a letter as a mail program shows it."""
    html = message.get_body(("html",))
    assert html is not None
    file = town.folder / "anfrage-brief.html"
    file.write_text(html.get_content(), "utf-8")
    page.goto(f"file://{file}")
    picture(page, f"anfrage-brief-{name}")
    assert too_wide(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_find_and_enquire_and_answer(country: Country, browser: Browser, width: int, scheme: str) -> None:
    hagen = open_town(country)
    page = open_page(browser, width, scheme, scripts=False)
    person = ask(page, hagen, width, scheme)
    page.goto(person)
    look(page, "bestaetigen", width, scheme)
    page.get_by_role("button", name="Ja, Anfrage abschicken").click()
    expect(page.get_by_role("status")).to_contain_text("jetzt bei der Organisation")

    brought, desk = letter(hagen, LIBRARY)
    read(page, hagen, brought, f"{width}-{scheme}")
    answer(page, desk, width, scheme)

    page.goto(person)
    expect(page.get_by_text("Kommen Sie am Montag um 10 Uhr vorbei!")).to_be_visible()
    page.get_by_label("Ihre Nachricht an die Organisation").fill("Ich komme gern.")
    page.get_by_role("button", name="Nachricht senden").click()
    expect(page.locator(".talk")).to_contain_text("Ich komme gern.")
    look(page, "person", width, scheme)
    page.get_by_role("link", name="Alles löschen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wirklich alles löschen?")
    look(page, "wirklich-loeschen", width, scheme)
    page.get_by_role("button", name="Ja, alles löschen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Alles ist gelöscht")
    page.goto(desk)
    expect(page.locator("main")).to_contain_text("zurückgezogen")
    expect(page.locator("main")).not_to_contain_text("Anna")
    look(page, "zurueckgezogen", width, scheme)
    page.context.close()


def test_a_refusal_by_keyboard_alone(country: Country, browser: Browser) -> None:
    hagen = open_town(country)
    page = open_page(browser, 1280, "light", scripts=False)
    page.goto(ask(page, hagen, 1280, "light"))
    page.get_by_role("button", name="Ja, Anfrage abschicken").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("jetzt bei der Organisation")
    page.goto(letter(hagen, LIBRARY)[1])
    page.locator("summary", has_text="Freundlich absagen").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Ihre Absage")).to_be_focused()
    expect(page.get_by_label("Ihre Absage")).to_have_value(re.compile("Guten Tag Anna Beispiel"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".badge-status")).to_have_text("abgesagt")
    page.context.close()
