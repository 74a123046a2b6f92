"""The visitor's pages in a real browser: every width, light and dark, with and without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from fediverse_ehrenamt.search import store
from fediverse_ehrenamt.work import Workshop
from tests.browser import looking
from tests.browser.looking import WIDTHS, look, open_page, picture, too_wide
from tests.discover import samples

PAGES = {
    "start": "/",
    "treffer": "/?q=vorlesen&ort=Hagen",
    "liste": "/?art=angebot&bereich=soziales&ort=Flensburg&umkreis=50",
    "alle": "/?art=angebot&seite=2",
    "leer": "/?q=quastenflosser&ort=Flensburg&von=2026-12-01",
    "falsch": "/?q=garten&ort=Xyzzyheim&von=31.2.2026",
    "angebot": f"/angebote/{samples.REMOTE_ID}-lesepatin",
    "besetzt": f"/angebote/{samples.LOCAL_ID}",
    "termin": f"/termine/{samples.EVENT_ID}",
    "boese": f"/angebote/{samples.HOSTILE_ID}",
    "organisation": "/organisationen/garten",
    "ueber": "/ueber",
    "impressum": "/impressum",
    "passung": "/passung",
    "passung-falsch": "/passung?bereich=sport&zeit=sa-vormittags&ort=Xyzzyheim&bedarf=aufzug&stunden=viele",
    "passung-erklaert": "/so-funktioniert-die-passung",
    "fehlt": "/angebote/gibtesnicht",
    "weg": f"/angebote/{samples.GONE_ID}-hausaufgabenhilfe",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with looking.served(tmp_path_factory.mktemp("site"), prepare=_withdraw) as address:
        yield address


def _withdraw(workshop: Workshop) -> None:
    workshop.write_now(store.put, [samples.GONE])
    workshop.write_now(store.remove, [samples.GONE.uri])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits(browser: Browser, home: str, width: int, scheme: str) -> None:
    page = open_page(browser, width, scheme)
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    for name, path in PAGES.items():
        complaints.clear()
        page.goto(home + path)
        look(page, f"{name}-{width}-{scheme}")
        wanted = {"fehlt": ["404"], "weg": ["410"], "falsch": ["422"], "passung-falsch": ["422"]}.get(name, [])
        assert [text for text in complaints if not any(status in text for status in wanted)] == [], name
    assert {url for url in requests if not url.startswith(home)} == set()
    page.context.close()


@pytest.mark.parametrize("language", ["ar", "uk", "de-simple"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_fits_in_other_languages(browser: Browser, home: str, width: int, language: str) -> None:
    page = open_page(browser, width, "light")
    page.context.add_cookies([{"name": "sprache", "value": language, "url": home}])
    for name, path in PAGES.items():
        page.goto(home + path)
        look(page, f"{name}-{width}-{language}")
    page.context.close()


def test_a_language_is_chosen_by_keyboard_and_without_scripts(browser: Browser, home: str) -> None:
    page = open_page(browser, 320, "light", scripts=False)
    page.goto(f"{home}/?q=vorlesen")
    page.get_by_role("navigation", name="Sprache").locator("summary").focus()
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("العربية")
    assert too_wide(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("heading", level=1)).to_have_text("البحث عن «vorlesen»")
    page.wait_for_load_state()
    brand = page.locator(".brand").bounding_box()
    assert brand is not None
    assert brand["x"] + brand["width"] > 290, "what begins a line stands on the right"
    page.goto(f"{home}/ueber")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_needs_scripts(browser: Browser, home: str, width: int) -> None:
    page = open_page(browser, width, "light", scripts=False)
    page.goto(home)
    page.get_by_label("Suchwort").fill("vorlesen")
    page.get_by_label("Ort oder Postleitzahl").fill("Hagen")
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_role("status")).to_contain_text("1 Treffer")
    card = page.get_by_role("article")
    expect(card.get_by_role("link", name="ehrenamt.hagen.example")).to_have_attribute("href", samples.READING.url)
    card.get_by_role("link", name="Lesepatin oder Lesepate gesucht").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesepatin oder Lesepate gesucht")
    page.get_by_role("link", name="Leichte Sprache").click()
    expect(page.locator("#text")).to_have_attribute("lang", "de-simple")
    expect(page.locator("#text")).to_contain_text("Kinder hören gern Geschichten.")
    page.locator(".languages summary").click()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="What you bring")).to_be_visible()
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where would you like to help?")
    page.context.close()


def test_filters_are_folded_away_on_a_phone_only(browser: Browser, home: str) -> None:
    phone = open_page(browser, 320, "light", scripts=False)
    phone.goto(f"{home}/?art=angebot")
    expect(phone.get_by_label("Sport und Bewegung")).to_be_hidden()
    phone.locator(".filters > summary").first.click()
    phone.get_by_label("Sport und Bewegung").check()
    phone.get_by_role("button", name="Filter anwenden").click()
    expect(phone.get_by_role("status")).to_contain_text("6 Treffer")
    phone.get_by_role("link", name="Sport und Bewegung entfernen").click()
    expect(phone.get_by_role("status")).to_contain_text("Treffer, Seite 1 von 3")
    phone.context.close()
    desk = open_page(browser, 1280, "light", scripts=False)
    desk.goto(f"{home}/?art=angebot")
    expect(desk.get_by_label("Sport und Bewegung")).to_be_visible()
    desk.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_answers_are_kept_and_deleted_without_scripts(browser: Browser, home: str, width: int) -> None:
    page = open_page(browser, width, "light", scripts=False)
    page.goto(home)
    page.get_by_role("link", name="Was passt zu Ihnen?").click()
    page.get_by_label("Umwelt & Tiere").check()
    page.get_by_label("Samstag vormittags").check()
    page.get_by_label("Ort oder Postleitzahl").fill("Hagen")
    page.locator("summary", has_text="Bedarf, Alter").click()
    page.get_by_label("Stufenlos erreichbar").check()
    page.get_by_role("button", name="Merken").click()
    expect(page.get_by_role("status")).to_contain_text("Bedarf, Alter und Führungszeugnis haben wir nicht gemerkt")
    expect(page.get_by_label("Samstag vormittags")).to_be_checked()
    page.locator("summary", has_text="Bedarf, Alter").click()
    expect(page.get_by_label("Stufenlos erreichbar")).not_to_be_checked()
    page.get_by_label("Stufenlos erreichbar").check()
    page.get_by_label("Auch diese Angaben merken").check()
    page.get_by_role("button", name="Merken").click()
    expect(page.get_by_label("Stufenlos erreichbar")).to_be_checked()
    picture(page, f"passung-gemerkt-{width}")
    page.get_by_role("button", name="Angaben löschen").click()
    expect(page.get_by_role("status")).to_contain_text("Ihre Angaben sind gelöscht.")
    expect(page.get_by_label("Umwelt & Tiere")).not_to_be_checked()
    page.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_results_follow_the_answers_without_scripts(browser: Browser, home: str, width: int) -> None:
    page = open_page(browser, width, "light", scripts=False)
    page.goto(home)
    page.get_by_role("link", name="Was passt zu mir?").click()
    page.get_by_label("Umwelt & Tiere").check()
    page.get_by_label("Ort oder Postleitzahl").fill("Hagen")
    page.get_by_role("button", name="Angebote ansehen").click()
    card = page.get_by_role("article").filter(has_text="Lesepatin oder Lesepate gesucht")
    expect(card).to_contain_text("Passt zu 39 %: 0,4 km; passt nicht: Bereich")
    expect(page.get_by_text("ausgeschlossen:")).to_contain_text("zu weit weg")
    look(page, f"passung-treffer-{width}")
    page.get_by_role("link", name="Ohne meine Angaben sortieren").click()
    expect(page.get_by_role("status")).to_contain_text("Treffer, Seite 1 von 3")
    page.get_by_role("link", name="Nach meinen Angaben sortieren").click()
    page.get_by_role("link", name="Meine Angaben ändern").click()
    expect(page.get_by_label("Umwelt & Tiere")).to_be_checked()
    page.context.close()


def test_keyboard_reaches_the_content_first(browser: Browser, home: str) -> None:
    page = open_page(browser, 1280, "light")
    page.goto(f"{home}/?art=angebot")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.context.close()


def test_paper_says_what_was_looked_for(browser: Browser, home: str) -> None:
    page = open_page(browser, 1280, "light")
    page.goto(f"{home}/?art=angebot&ort=Flensburg&umkreis=50")
    page.emulate_media(media="print")
    expect(page.get_by_text("50 km um Flensburg")).to_be_visible()
    for words in ("Alles zurücksetzen", "Was passt zu mir?"):
        expect(page.get_by_text(words)).to_be_hidden()
    picture(page, "papier-liste")
    page.context.close()


@pytest.mark.parametrize("name", ["angebot", "termin", "boese"])
def test_the_notice_fits_on_one_sheet(browser: Browser, home: str, name: str) -> None:
    for width, scheme in ((320, "dark"), (1280, "light")):
        page = open_page(browser, width, scheme, scripts=width != 320)
        page.goto(f"{home}{PAGES[name]}/aushang")
        picture(page, f"aushang-{name}-{width}")
        assert too_wide(page) == []
        if width != 320:
            expect(page.get_by_role("button", name="Aushang drucken")).to_be_visible()
            paper = page.pdf(prefer_css_page_size=True, print_background=True)
            assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
        page.context.close()
