"""A visitor changes the language once and stays in it on every page, from search to enquiry, in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.web import i18n
from tests.browser.looking import open_page, too_small, too_wide
from tests.browser.showcase import Showcase

_OTHERS = [code for code in i18n.LOCALES if code != i18n.DEFAULT]


def choose(page: Page, code: str) -> None:
    """Open the list of languages and choose one, as a visitor does who knows no German."""
    page.locator(".languages summary").click()
    page.locator(".languages a").filter(has_text=i18n.OWN_NAMES[code]).click()


def speaks(page: Page, code: str) -> None:
    """Say that a page is in a language as a whole: its mark, its direction, its menu, and nothing sticks out."""
    language = i18n.language(code)
    expect(page.locator("html")).to_have_attribute("lang", code)
    expect(page.locator("html")).to_have_attribute("dir", language.direction)
    expect(page.locator(".menu a").nth(1)).to_have_text(language.gettext("Kalender"))
    assert too_wide(page) == []
    assert too_small(page) == []


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("code", _OTHERS)
def test_a_language_holds_from_search_to_enquiry(
    browser: Browser, shown: Showcase, code: str, *, scripts: bool
) -> None:
    page = open_page(browser, 320, "light", scripts=scripts)
    page.goto(f"{shown.town.url}/")
    speaks(page, i18n.DEFAULT)
    choose(page, code)
    speaks(page, code)
    page.locator("input[name=q]").fill("Gemeinschaftsgarten")
    page.locator("input[name=q]").press("Enter")
    speaks(page, code)
    page.locator(".card-title a").first.click()
    speaks(page, code)
    page.locator('a[href$="/anfrage"]').first.click()
    speaks(page, code)
    page.goto(f"{shown.town.url}/kalender")
    speaks(page, code)
    choose(page, i18n.DEFAULT)
    speaks(page, i18n.DEFAULT)
    assert "/kalender" in page.url, "the same page, in another language"
    page.context.close()


def test_a_text_is_read_in_plain_language_in_place(browser: Browser, shown: Showcase) -> None:
    page = open_page(browser, 320, "light")
    page.goto(shown.url("angebot"))
    expect(page.locator("#text")).to_contain_text("Einmal in der Woche")
    page.locator(".versions a").filter(has_text="Leichte Sprache").click()
    expect(page.locator("#text")).to_contain_text("Kinder hören gern Geschichten.")
    expect(page.locator("#text")).to_have_attribute("lang", i18n.PLAIN)
    assert "/angebote/" in page.url
    page.context.close()
