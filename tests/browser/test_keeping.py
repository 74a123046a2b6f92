"""The Merkliste in a real browser: kept with and without scripts, undone, shared with somebody else, printed."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import towns
from tests.browser.looking import look, open_page
from tests.towns import Country, Town

TITLES = ("Lesepatin gesucht", "Hände für den Garten", "Fahrdienst für die Tafel")


@pytest.fixture
def hagen(country: Country) -> Town:
    town = country.town("Hagen")
    town.add()
    for number, title in enumerate(TITLES):
        town.publish(towns.opportunity(title, key=f"offer-{number}"))
    for title in TITLES:
        town.until_found(title.split()[0], title)
    return town


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("scripts", [True, False])
def test_kept_undone_and_shared(hagen: Town, browser: Browser, width: int, scheme: str, *, scripts: bool) -> None:
    page = open_page(browser, width, scheme, scripts=scripts)
    name = f"merkliste-{width}-{scheme}"
    page.goto(f"{hagen.url}/?art=angebot")
    expect(page.get_by_role("link", name="Merkliste")).to_have_count(0)
    for number, title in enumerate(TITLES, 1):
        card = page.get_by_role("article").filter(has_text=title)
        card.get_by_role("button", name=f"Merken {title}").click()
        expect(card.get_by_role("button", name=f"Gemerkt {title}")).to_be_visible()
        expect(page.get_by_role("link", name=f"Merkliste {number}")).to_be_visible()
    if scripts:
        expect(page.get_by_role("status").filter(has_text="Auf der Merkliste: 3 Einträge")).to_have_count(1)
        page.reload()
    look(page, f"{name}-treffer")
    page.get_by_role("link", name="Merkliste 3").click()
    expect(page.get_by_role("article")).to_have_count(3)
    look(page, name)
    page.get_by_role("article").nth(1).get_by_role("button").click()
    expect(page.get_by_text("ist von der Merkliste genommen")).to_be_visible()
    look(page, f"{name}-weg")
    page.get_by_role("button", name="Rückgängig machen").click()
    expect(page.get_by_role("article")).to_have_count(3)
    expect(page.get_by_role("article").nth(1)).to_contain_text(TITLES[1])
    _share(browser, page, name, scripts=scripts)


def _share(browser: Browser, page: Page, name: str, *, scripts: bool) -> None:
    """Clear the list; somebody else opens the link to it and takes it over."""
    link = page.get_by_label("Link zu dieser Liste").input_value()
    page.get_by_role("button", name="Liste leeren").click()
    expect(page.get_by_role("heading", name="Noch ist nichts gemerkt")).to_be_visible()
    look(page, f"{name}-leer")
    page.context.close()
    other = open_page(browser, 320 if "320" in name else 1280, "light", scripts=scripts)
    other.goto(link)
    look(other, f"{name}-geteilt")
    other.get_by_role("button", name="Liste übernehmen").click()
    expect(other.get_by_role("link", name="Merkliste 3")).to_be_visible()
    other.context.close()


def test_it_can_be_printed(hagen: Town, browser: Browser) -> None:
    page = open_page(browser, 1280, "light", scripts=False)
    page.goto(f"{hagen.url}/?art=angebot")
    for title in TITLES:
        page.get_by_role("button", name=f"Merken {title}").click()
    page.goto(f"{hagen.url}/merkliste")
    page.emulate_media(media="print")
    expect(page.get_by_text(f"{hagen.url}/angebote/").first).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_one_click_says_that_it_does_not_hold(hagen: Town, browser: Browser, width: int, scheme: str) -> None:
    page = open_page(browser, width, scheme, scripts=False)
    page.goto(f"{hagen.url}/?art=angebot")
    page.get_by_role("link", name=TITLES[0]).click()
    expect(page.get_by_role("button", name="Adresse kopieren")).to_be_hidden()
    look(page, f"angebot-ganz-{width}-{scheme}")
    page.get_by_role("button", name="Stimmt nicht mehr").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vielen Dank")
    look(page, f"zweifel-{width}-{scheme}")
    page.get_by_role("link", name="Der Moderation melden").click()
    page.get_by_label("Ihre Mailadresse").fill("anna@beispiel.de")
    look(page, f"melden-{width}-{scheme}")
    page.get_by_label("Was ist hier nicht in Ordnung?").fill("Das ist Werbung für eine Versicherung.")
    page.get_by_role("button", name="Meldung abschicken").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ihre Meldung ist angekommen")
    look(page, f"gemeldet-{width}-{scheme}")
    page.context.close()
