"""An operator in a real browser: sets up the second step, adds a source and finds its offer, makes a feed to follow."""

import re

from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.browser.looking import look, open_page, set_up_second_step
from tests.browser.test_accessibility import barriers
from tests.towns import Country, Town

PAGES = ("personen", "personen/einladen", "quellen", "quellen/neu", "abos", "abos/neu", "netz", "auftraege")
_HOST = "sehr-langer-name-eines-servers.kaputt.example"


def sign_in(page: Page, town: Town, onward: str) -> str:
    grants = [Grant(Role.OPERATOR), Grant(Role.COORDINATOR)]
    person = town.write(people.add, "olga@hagen.example", "Olga Betrieb", "de", grants)
    page.goto(f"{town.url}/anmelden/{town.write(entering.make_link, person.id, onward)}")
    page.get_by_role("button", name="Jetzt anmelden").click()
    return person.id


def add_source(page: Page, hagen: Town, flensburg: Town) -> None:
    page.get_by_role("link", name="Neue Quelle").click()
    page.get_by_label("Adresse").fill(flensburg.url)
    page.get_by_role("button", name="Ansehen").click()
    expect(page.get_by_text("Schwesterinstanz", exact=True)).to_be_visible()
    expect(page.get_by_text("Sandsäcke füllen am Hafen")).to_be_visible()
    look(page, "quelle-vorschau-1280")
    page.get_by_role("button", name="Als Quelle aufnehmen").click()
    expect(page.get_by_role("status").filter(has_text="Die Quelle ist angefragt.")).to_be_visible()
    hagen.until_found("Sandsäcke", "Sandsäcke füllen am Hafen")
    page.get_by_role("link", name="Quellen", exact=True).first.click()
    expect(page.get_by_text("1 Eintrag")).to_be_visible()


def make_feed(page: Page) -> None:
    page.get_by_role("link", name="Abo-Konten", exact=True).click()
    page.get_by_role("link", name="Neues Abo-Konto").click()
    page.get_by_label("Name").fill("Alles aus Hagen")
    page.get_by_label("Kürzel").fill("alles_hagen")
    page.get_by_label("Ort", exact=True).fill("Hagen")
    page.get_by_role("button", name="Abo-Konto anlegen").click()
    expect(page.get_by_role("status").filter(has_text=re.compile(r"@alles_hagen@\S+ ist angelegt"))).to_be_visible()


def test_from_the_second_step_to_a_source_and_a_feed(country: Country, browser: Browser) -> None:
    hagen = country.town("Hagen", EHRENAMT_SECOND_FACTOR="required")
    flensburg = country.town("Flensburg")
    flensburg.add("thw", "THW Flensburg")
    flensburg.publish(towns.opportunity("Sandsäcke füllen am Hafen", key="hafen"))
    page = open_page(browser, 1280, "light")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    sign_in(page, hagen, "/verwaltung/quellen")
    look(page, "zweiter-schritt-1280")
    set_up_second_step(page, hagen.clock.now())
    expect(page.get_by_role("heading", level=1)).to_have_text("Quellen")
    add_source(page, hagen, flensburg)
    make_feed(page)
    assert errors == []
    visitor = open_page(browser, 320, "light", scripts=False)
    visitor.goto(f"{hagen.url}/abos/alles_hagen")
    expect(visitor.get_by_text(f"@alles_hagen@{hagen.host}").first).to_be_visible()
    look(visitor, "abo-folgen-320")


def crowd(work: Work) -> None:
    queue.enqueue(work, [NewJob(_HOST, "deliver", "x") for _ in range(3)])
    job = work.db.query(JobRow).order_by(JobRow.id).first()
    assert job is not None
    job.tries, job.error = 3, f"{_HOST} hat nicht rechtzeitig geantwortet"
    job.due_at = clock.now()


def test_nobody_is_kept_out_of_the_pages_of_operators(country: Country, browser: Browser) -> None:
    hagen, flensburg = country.town("Hagen"), country.town("Flensburg")
    flensburg.add("thw", "THW Flensburg")
    source = hagen.follow(flensburg.url)
    hagen.write(crowd)
    page = open_page(browser, 1280, "light")
    person = sign_in(page, hagen, "/verwaltung")
    for path in (
        "", *PAGES, f"personen/{person}", f"personen/{person}/loeschen", f"quellen/quelle?uri={source.uri}",
        f"quellen/quelle/entfernen?uri={source.uri}", f"netz/host?host={_HOST}", f"netz/host/aufgeben?host={_HOST}",
    ):  # fmt: skip
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{hagen.url}/verwaltung/{path}".rstrip("/"))
        look(page, "verwaltung-" + re.sub(r"[^a-z]+", "-", path.replace(person, "eine").partition("?")[0] or "start"))
        assert barriers(page) == [], path
