"""Moderators and coordinators at their queues in a real browser: from a visitor's report to what all are told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.doubts import actions as doubts
from fediverse_ehrenamt.doubts import rules as doubts_rules
from fediverse_ehrenamt.duplicates import store as duplicates
from fediverse_ehrenamt.duplicates.model import WAITING
from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.things import moderating
from fediverse_ehrenamt.vocab import lifetimes
from tests import towns
from tests.admin import test_faded
from tests.browser import looking
from tests.browser.looking import open_page, picture
from tests.browser.test_accessibility import barriers
from tests.duplicates.making import TEXT, document
from tests.mail.postoffice import taken, text_of
from tests.towns import Country, Town
from tests.workbench import add_source

MAIL = "anna@beispiel.de"
WHY = "Hier wird Geld für die Vermittlung verlangt; das verbieten unsere Regeln."


def sign_in(page: Page, town: Town) -> None:
    grants = [Grant(Role.MODERATOR), Grant(Role.COORDINATOR)]
    person = town.write(people.add, "mo@hagen.example", "Mo Moderation", "de", grants)
    page.goto(f"{town.url}/anmelden/{town.write(entering.make_link, person.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()


def look(page: Page, name: str) -> None:
    looking.look(page, f"warteschlange-{name}")


def report(page: Page, town: Town, title: str, words: str) -> None:
    """Report something as a visitor does who found it."""
    card = town.search(title)[0]
    page.goto(f"{town.url}{card.href}")
    page.get_by_role("link", name="Der Moderation melden").click()
    page.get_by_label("Was ist hier nicht in Ordnung?").fill(words)
    page.get_by_label("Ihre Mailadresse").fill(MAIL)
    page.get_by_role("button", name="Meldung abschicken").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ihre Meldung ist angekommen")


def decide(page: Page, title: str, choice: str, name: str) -> None:
    page.get_by_role("link", name=title).click()
    look(page, f"meldung-{name}")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label(choice).check()
    page.get_by_label("Begründung").fill(WHY)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_text("Das folgt daraus:")).to_be_visible()
    look(page, f"sicher-{name}")
    page.get_by_role("button", name="Ja, so entscheiden").click()
    expect(page.get_by_role("status")).to_contain_text("ist entschieden")


def letters(town: Town) -> dict[str, str]:
    """Return the last letter to each address, in one line."""
    town.until_quiet()
    return {letter["To"]: " ".join(text_of(letter).split()) for letter in taken(town.settings)}


def publish(hagen: Town, flensburg: Town) -> None:
    """Publish an offer in each of two towns, of which the first indexes the second."""
    towns.befriend(flensburg, hagen)
    actor = hagen.add()
    hagen.write(organisations.set_mail, actor, "info@buecherei.example")
    hagen.publish(towns.opportunity("Vermittlung gegen Gebühr", key="gebuehr"))
    flensburg.add("hafen", "Hafenverein Flensburg")
    flensburg.publish(towns.opportunity("Schwarze Kasse im Hafen", key="hafen"), "hafen")
    hagen.until_found("Gebühr", "Vermittlung gegen Gebühr")
    hagen.until_found("Kasse", "Schwarze Kasse im Hafen")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_from_a_report_to_what_all_are_told(country: Country, browser: Browser, width: int, scheme: str) -> None:
    hagen, flensburg = country.town("Hagen"), country.town("Flensburg")
    publish(hagen, flensburg)
    visitor = open_page(browser, width, scheme, scripts=False)
    report(visitor, hagen, "Gebühr", "Die wollen Geld von mir")
    report(visitor, hagen, "Kasse", "Das ist Betrug")
    assert "Ein Mensch sieht sie sich an." in letters(hagen)[MAIL]
    page = open_page(browser, width, scheme, scripts=False)
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung")
    look(page, f"uebersicht-{width}-{scheme}")
    page.get_by_role("link", name="Meldungen").last.click()
    look(page, f"meldungen-{width}-{scheme}")
    decide(page, "Vermittlung gegen Gebühr", "Eintrag zurückziehen", f"eigen-{width}-{scheme}")
    told = letters(hagen)
    assert WHY in told[MAIL]
    assert WHY in told["info@buecherei.example"]
    block = f"Eintrag ausblenden und {flensburg.host} sperren"
    decide(page, "Schwarze Kasse im Hafen", block, f"fremd-{width}-{scheme}")
    assert "Quelle ist gesperrt" in letters(hagen)[MAIL]
    hagen.until_lost("Kasse")
    assert hagen.titles("Gebühr") == []
    page.goto(f"{hagen.url}/verwaltung/protokoll")
    log = page.get_by_role("main")
    expect(log).to_contain_text("Meldung entschieden: 2: Schwarze Kasse im Hafen")
    expect(log).to_contain_text(f"gesperrt oder eingeschränkt: {flensburg.host}")
    expect(log).to_contain_text("zurückgezogen: Vermittlung gegen Gebühr")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_a_block_is_asked_for_and_lifted(country: Country, browser: Browser, width: int, scheme: str) -> None:
    hagen = country.town("Hagen")
    page = open_page(browser, width, scheme, scripts=False)
    sign_in(page, hagen)
    page.goto(f"{hagen.url}/verwaltung/sperren")
    page.get_by_role("link", name="Neuer Eintrag").click()
    page.get_by_label("Host oder Konto").fill("boese.example")
    page.get_by_label("Grund", exact=True).fill("Hetze gegen Geflüchtete")
    look(page, f"sperre-{width}-{scheme}")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("boese.example sperren?")
    page.get_by_role("button", name="Ja, so einrichten").click()
    expect(page.get_by_role("status")).to_contain_text("Für boese.example gilt das ab jetzt.")
    look(page, f"sperren-{width}-{scheme}")
    page.get_by_role("button", name="Aufheben").click()
    expect(page.get_by_role("status")).to_contain_text("ist wieder frei")
    page.get_by_role("link", name="Doch wieder einrichten").click()
    expect(page.get_by_label("Grund", exact=True)).to_have_value("Hetze gegen Geflüchtete")


def alike(town: Town) -> int:
    """Let two listings of other towns wait that may be the same; return the number of the pair."""
    text = TEXT.replace("Bilderbücher", "dicke Bücher")
    town.write(documents.put, [document(), document(2, "b.example", title="Vorlesen im Haus", text=text)])
    town.until(lambda: bool(town.read(duplicates.count_waiting)), "a pair")
    return town.read(lambda work: duplicates.listed(work, [WAITING])[0].id)


def furnish(town: Town) -> int:
    """Let something wait in every queue; return the number of a report."""
    town.add()
    town.publish(towns.opportunity("Lesepatin für die Grundschule", "Einmal in der Woche lesen Sie vor. " * 12))
    town.until_found("Lesepatin", "Lesepatin für die Grundschule")
    page = town.search("Lesepatin")[0].href
    for number in range(doubts_rules.ENOUGH):
        client = f"10.0.{number}.1"
        town.write(doubts.doubt, view.page_id(page.rpartition("/")[2]), client, doubts_rules.FILLED)
    said = {"text": "Das stimmt so nicht, " * 20, "mail": MAIL}
    town.client.post(f"{town.url}{page}/melden", data=said, headers={"origin": town.url})
    entry = Restriction(
        "boese.example", "block", True, True, "Hetze", "Hass", since=town.clock.now() - timedelta(days=9)
    )
    town.write(
        moderating.restrict, entry, replace(entry, subject="https://werbung.example/users/laut", severity="limit")
    )
    return 1


def old_offers(town: Town) -> None:
    """Let the town index offers of two others that nobody has confirmed for half a year."""
    before = town.clock.now() - lifetimes.OFFER_FADES - timedelta(days=1)
    for number, author in enumerate(("https://a.example/users/anna", "https://b.example/users/bert")):
        town.write(add_source, author)
        for title in ("Fahrdienst", "Rechtsschutzversicherungsgesellschaftsberatung" * 3):
            town.write(test_faded.take, f"{author}/{number}/{title[:9]}", author, title, before)


def test_the_queues_keep_nobody_out(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen")
    page = browser.new_context(locale="de-DE").new_page()
    sign_in(page, hagen)
    empty = ("meldungen", "meldungen/ausgeblendet", "beitraege", "quellen-pruefen", "dubletten", "sperren")
    for path in empty:
        page.goto(f"{hagen.url}/verwaltung/{path}")
        assert barriers(page) == [], path
    number, pair = furnish(hagen), alike(hagen)
    old_offers(hagen)
    offer = view.page_id(hagen.search("Lesepatin")[0].href.rpartition("/")[2])
    for path in (
        "meldungen", f"meldungen/{number}", "beitraege", f"beitraege/zurueckziehen/{offer}", "sperren", "sperren/neu",
        "sperren/liste", "sperren/erlaubt", "veraltet", "dubletten", f"dubletten/{pair}", "protokoll",
    ):  # fmt: skip
        answer = page.goto(f"{hagen.url}/verwaltung/{path}")
        assert answer is not None
        assert answer.status == 200, path
        page.set_viewport_size({"width": 1280, "height": 900})
        picture(page, f"warteschlange-{path.replace('/', '-')}")
        assert barriers(page) == [], path
        if page.get_by_role("button", name="Weiter").count():
            page.get_by_role("button", name="Weiter").click()
            expect(page.get_by_role("alert")).to_be_visible()
            assert barriers(page) == [], f"{path} with faults"
