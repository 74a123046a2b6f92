"""Two journeys in a real browser: somebody asks and is answered at the desk, a coordinator follows up what is late."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.engagements import actions, asking, rules, wire
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.browser import looking
from tests.browser.looking import open_page
from tests.towns import Country, Town

DESK = "/verwaltung/organisationen"


def open_town(country: Country) -> tuple[Town, str, str]:
    """Return a town, its library's actor and the id of the page of the offer."""
    hagen = country.town("Hagen")
    actor = hagen.add()
    hagen.write(organisations.set_mail, actor, "info@buecherei.example")
    draft = towns.opportunity("Lesepatin gesucht", key="lesepatin")
    page = hagen.publish(draft).page
    hagen.until_found("Lesepatin", "Lesepatin gesucht")
    return hagen, actor, page


def sign_in(page: Page, town: Town, mail: str, name: str, grant: Grant) -> None:
    person = town.write(people.add, mail, name, "de", [grant])
    page.goto(f"{town.url}/anmelden/{town.write(entering.make_link, person.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()


def look(page: Page, name: str, width: int, scheme: str) -> None:
    looking.look(page, f"posteingang-{name}-{width}-{scheme}")


def ask(work: Work, page: str, name: str, days: int) -> str:
    """Let somebody have asked some days ago; return their private link."""
    before = Work(work.db, work.now - timedelta(days=days), work.settings)
    person = Person(
        name=name, mail=f"{name.partition(' ')[0].lower()}@beispiel.de", text="Ich lese gern vor und habe Zeit."
    )
    asked = asking.ask(before, page, person, "", "de")
    actions.confirm(before, asked)
    asked.next_at, asked.told = None, rules.LATE  # the reminders that there would have been by now
    return wire.enquiry_link(work.settings, asked, rules.PERSON, work.now)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_an_editor_answers_and_the_person_sees_it(country: Country, browser: Browser, width: int, scheme: str) -> None:
    hagen, actor, offer = open_town(country)
    link = hagen.write(ask, offer, "Anna Beispiel", 1)
    hagen.write(ask, offer, "Berta Langsam", 9)
    page = open_page(browser, width, scheme, scripts=False)
    sign_in(page, hagen, "eva@buecherei.example", "Eva", Grant(Role.EDITOR, actor))
    page.goto(f"{hagen.url}{DESK}")
    page.get_by_role("link", name="Posteingang: 2 neu").click()
    expect(page.locator(".desk-late")).to_contain_text("seit 2 Tagen überfällig")
    look(page, "liste", width, scheme)
    page.get_by_role("link", name="Anna Beispiel").click()
    expect(page.get_by_text("Ich lese gern vor und habe Zeit.")).to_be_visible()
    look(page, "anfrage", width, scheme)
    page.get_by_label("Ihre Antwort").fill("Kommen Sie am Montag um drei vorbei!")
    page.get_by_role("button", name="Antwort senden").click()
    expect(page.get_by_role("status")).to_contain_text("Ihre Antwort ist unterwegs.")
    page.get_by_role("link", name="Zum Posteingang").click()
    expect(page.get_by_role("link", name="Anna Beispiel")).to_have_count(0)
    page.get_by_role("link", name="Im Gespräch").click()
    expect(page.get_by_role("link", name="Anna Beispiel")).to_be_visible()
    person = open_page(browser, width, scheme, scripts=False)
    person.goto(link)
    expect(person.get_by_text("Kommen Sie am Montag um drei vorbei!")).to_be_visible()
    expect(person.get_by_text("Sie sind mit der Organisation im Gespräch.")).to_be_visible()


def enter(page: Page, width: int, scheme: str) -> None:
    """Enter an enquiry for somebody without e-mail, first without their consent."""
    page.get_by_role("link", name="Anfrage für jemanden eintragen").click()
    page.get_by_label("Angebot oder Termin").fill("Lesepatin")
    page.get_by_role("main").get_by_role("button", name="Suchen").click()
    look(page, "suche", width, scheme)
    page.get_by_role("link", name="Lesepatin gesucht").click()
    page.get_by_role("button", name="Anfrage eintragen").click()
    expect(page.get_by_role("alert")).to_contain_text("Ohne das Einverständnis")
    look(page, "eintragen-fehler", width, scheme)
    page.get_by_label("Name der Person").fill("Frau Kaiser")
    page.get_by_label("Telefon").fill("02331 123456")
    page.get_by_label("Was die Person dazu sagt").fill("Ich lese gern vor.")
    page.get_by_label("Die Person ist einverstanden").check()
    page.get_by_role("button", name="Anfrage eintragen").click()
    expect(page.get_by_role("img", name="Code, der mit dem Telefon")).to_be_visible()
    look(page, "blatt", width, scheme)


def close(page: Page) -> None:
    """Close an enquiry in the organisation's place."""
    page.get_by_role("link", name="Berta Langsam").click()
    expect(page.get_by_text("Sie handeln im Namen von")).to_be_visible()
    page.get_by_text("Ohne Ergebnis abschließen").click()
    page.get_by_label("Warum?").select_option("keine_antwort")
    page.get_by_role("button", name="Abschließen", exact=True).click()
    expect(page.get_by_text("Die Anfrage ist abgeschlossen.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_a_coordinator_follows_up_and_enters(country: Country, browser: Browser, width: int, scheme: str) -> None:
    hagen, _, offer = open_town(country)
    hagen.write(ask, offer, "Berta Langsam", 14)
    page = open_page(browser, width, scheme)
    sign_in(page, hagen, "clara@hagen.example", "Clara", Grant(Role.COORDINATOR))
    page.goto(f"{hagen.url}/verwaltung")
    page.get_by_role("main").get_by_role("link", name="Anfragen 1 offen").click()
    expect(page.get_by_text("seit 7 Tagen überfällig")).to_be_visible()
    look(page, "koordination", width, scheme)
    page.get_by_role("button", name="Organisation erinnern").click()
    expect(page.get_by_text("Die Organisation ist erinnert.")).to_be_visible()
    expect(page.get_by_text("zuletzt erinnert: heute")).to_be_visible()
    enter(page, width, scheme)
    page.goto(f"{hagen.url}{DESK}/buecherei/posteingang")
    close(page)
    page.goto(f"{hagen.url}/verwaltung/protokoll")
    expect(page.locator(".admin-log").get_by_text("Anfrage eingetragen")).to_be_visible()
