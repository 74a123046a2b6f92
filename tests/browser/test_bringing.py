"""A club secretary brings a table in a real browser: says what a column is, sees what is understood, it is found."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from tests.browser.looking import look, open_page
from tests.browser.test_accessibility import barriers
from tests.towns import Country, Town

_TABLE = (
    "Nr.;Was gibt es zu tun;Worum geht es;Wann;Ort;Telefon\n"
    "1;Lesepatin für die Grundschule;Einmal in der Woche lesen Sie Kindern vor.;dienstags nachmittags;Hagen;02331 1\n"
    "2;Gassi gehen;Sie gehen mit unseren Hunden spazieren.;samstags, 2 Stunden;Hagen;\n"
    "3;;Hier fehlt der Titel.;;Hagen;\n"
)


def sign_in(page: Page, town: Town, *grants: Grant) -> None:
    person = town.write(people.add, "eva@buecherei.example", "Eva", "de", list(grants))
    page.goto(f"{town.url}/anmelden/{town.write(entering.make_link, person.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()


def walk(page: Page) -> None:
    """Look at a page in every way that the walk of the visitors' pages does."""
    size = page.viewport_size
    assert barriers(page) == []
    assert size is not None
    page.reload()
    page.set_viewport_size(size)


@pytest.mark.parametrize(("width", "scheme", "scripts"), [(1280, "light", True), (320, "dark", False)])
def test_a_table_is_brought_and_found(
    country: Country, browser: Browser, tmp_path: Path, width: int, scheme: str, *, scripts: bool
) -> None:
    hagen = country.town("Hagen")
    actor = hagen.add()
    file = tmp_path / "angebote.csv"
    file.write_text(_TABLE, "utf-8")
    page = open_page(browser, width, scheme, scripts=scripts)
    sign_in(page, hagen, Grant(Role.EDITOR, actor))
    page.goto(f"{hagen.url}/verwaltung/organisationen")
    page.get_by_role("link", name="Liste einlesen").click()
    page.get_by_role("button", name="Weiter zur Vorschau").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte wählen Sie eine Datei")
    look(page, f"einlesen-{width}")
    page.get_by_label("Datei", exact=True).set_input_files(file)
    page.get_by_role("button", name="Weiter zur Vorschau").click()
    page.get_by_label("bedeutet: Was gibt es zu tun").select_option("Titel")
    page.get_by_label("bedeutet: Worum geht es").select_option("Beschreibung")
    look(page, f"einlesen-spalten-{width}")
    page.get_by_role("button", name="Weiter zur Vorschau").click()
    expect(page.get_by_text("Zeile 4")).to_be_visible()
    expect(page.get_by_role("heading", name="Lesepatin für die Grundschule")).to_be_visible()
    look(page, f"einlesen-vorschau-{width}")
    page.get_by_role("button", name="2 Einträge einlesen").click()
    expect(page.get_by_role("heading", name="Eingelesen")).to_be_visible(timeout=30_000)
    look(page, f"einlesen-ergebnis-{width}")
    hagen.until_found("Lesepatin", "Lesepatin für die Grundschule")
    page.goto(f"{hagen.url}/?q=Lesepatin")
    page.get_by_role("link", name="Lesepatin für die Grundschule").click()
    expect(page.get_by_role("heading", name="Lesepatin für die Grundschule")).to_be_visible()


def test_nobody_is_kept_out_of_bringing(country: Country, browser: Browser, tmp_path: Path) -> None:
    hagen = country.town("Hagen")
    file = tmp_path / "angebote.csv"
    file.write_text(_TABLE, "utf-8")
    page = open_page(browser, 1280, "light")
    hagen.add()
    sign_in(page, hagen, Grant(Role.COORDINATOR))
    page.goto(f"{hagen.url}/verwaltung/einlesen")
    page.get_by_role("button", name="Weiter zur Vorschau").click()
    walk(page)
    page.goto(f"{hagen.url}/verwaltung/einlesen")
    page.get_by_label("Datei", exact=True).set_input_files(file)
    page.get_by_role("button", name="Weiter zur Vorschau").click()
    page.get_by_label("bedeutet: Was gibt es zu tun").select_option("Titel")
    page.get_by_label("bedeutet: Worum geht es").select_option("Titel")
    page.get_by_role("button", name="Weiter zur Vorschau").click()
    expect(page.get_by_role("alert")).to_contain_text("ist schon")
    walk(page)
    page.get_by_label("bedeutet: Worum geht es").select_option("Beschreibung")
    page.get_by_role("button", name="Weiter zur Vorschau").click()
    page.get_by_label("erscheinen unter").select_option("Stadtbücherei")
    page.get_by_role("button", name="Vorschau erneuern").click()
    walk(page)
    look(page, "einlesen-portal-1280")
    page.get_by_role("button", name="2 Einträge einlesen").click()
    expect(page.get_by_role("heading", name="Eingelesen")).to_be_visible(timeout=30_000)
    walk(page)
    page.get_by_role("link", name="Rückgängig machen").click()
    walk(page)
    page.get_by_role("button", name="Zurückziehen").click()
    expect(page.get_by_role("heading", name="Rückgängig gemacht")).to_be_visible(timeout=30_000)
