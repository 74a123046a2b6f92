"""By keyboard alone: what visitors come for, and on every page that all can be reached, in its order, and is seen."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import furnishing
from tests.browser.showcase import PAGES, Showcase

_MOST_TABS = 400  # to one element of a page
_MORE_TABS = 25  # than elements: a date is one, and has parts

_WATCH = """() => {
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];
    const reachable = all.filter(e => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden' &&
        e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}));
    const name = e => e.outerHTML.replace(/\\s+/g, ' ').slice(0, 110);
    const seen = e => [e, e.closest('.card'), e.closest('label')].some(one => {
        const style = one && getComputedStyle(one);
        return style && style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
    });
    const end = document.body.appendChild(document.createElement('button'));  // whoever gets here was caught nowhere
    window.trail = [];
    document.addEventListener('focusin', event => trail.push(event.target === end ? 'end' : {
        at: reachable.indexOf(event.target), name: name(event.target), seen: seen(event.target),
        shown: event.target.getBoundingClientRect().bottom > 0,
    }));
    document.body.tabIndex = -1;  // from the beginning, wherever the focus is now
    document.body.focus();
    document.body.removeAttribute('tabindex');
    trail.length = 0;
    return reachable.map(name);
}"""


@pytest.fixture
def page(browser: Browser, shown: Showcase) -> Iterator[Page]:
    with shown.context(browser, "start") as context:
        yield context.new_page()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until an element has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{wanted} is not reached")


def enter(page: Page, wanted: Locator) -> None:
    """Go to a link or button and press it."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")


# --- every page -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", PAGES)
def test_everything_is_reached_in_its_order_and_seen(browser: Browser, shown: Showcase, name: str) -> None:
    with shown.context(browser, name) as context:
        page = context.new_page()
        shown.open(page, name)
        reachable = page.evaluate(_WATCH)
        trail: list[Any] = []
        for steps in (len(reachable) + 1, _MORE_TABS):
            for _ in range(steps):
                page.keyboard.down("Tab")  # held down, as who goes far does
            page.keyboard.up("Tab")
            trail = page.evaluate("trail")
            if "end" in trail:
                break
        assert "end" in trail, f"caught at {trail[-1]}"
        reached = trail[: trail.index("end")]
        assert [one["name"] for one in reached] == reachable, "all of it, in the order of the page"
        assert [one["name"] for one in reached if not one["seen"]] == [], "has no visible focus"
        assert [one["name"] for one in reached if not one["shown"]] == [], "has the focus outside of the page"


@pytest.mark.parametrize("name", [name for name, one in PAGES.items() if one.fill])
def test_where_something_is_wrong_the_focus_is_on_it(browser: Browser, shown: Showcase, name: str) -> None:
    """Else a phone shows the head of the page once more, as if nothing had been sent."""
    with shown.context(browser, name) as context:
        page = context.new_page()
        shown.open(page, name)
        assert page.evaluate("document.activeElement.matches('.summary, [aria-invalid]')")


# --- journeys ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("width", [360, 1280])
def test_search_filter_and_open_a_hit(browser: Browser, shown: Showcase, width: int) -> None:
    with shown.context(browser, "start", width=width) as context:
        page = context.new_page()
        page.goto(shown.town.url)
        tab_to(page, page.get_by_label("Suchwort"))
        page.keyboard.type("Lesepatin")
        tab_to(page, page.get_by_label("Ort oder Postleitzahl"))
        page.keyboard.type("Hagen")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Suche nach „Lesepatin“")
        if width < 1000:
            enter(page, page.locator("summary", has_text="Filter").first)
        tab_to(page, page.get_by_label("Schule oder Kindergarten"))
        page.keyboard.press("Space")
        enter(page, page.get_by_role("button", name="Filter anwenden"))
        expect(page.get_by_role("link", name="Schule oder Kindergarten entfernen")).to_be_visible()
        enter(page, page.get_by_role("link", name=furnishing.READING).first)
        expect(page.get_by_role("heading", level=1)).to_have_text(furnishing.READING)


def test_answer_the_questions_and_see_what_fits(page: Page, shown: Showcase) -> None:
    page.goto(shown.town.url)
    enter(page, page.get_by_role("link", name="Was passt zu mir?"))
    tab_to(page, page.get_by_label("Umwelt & Tiere"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("Samstag vormittags"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("Ort oder Postleitzahl"))
    page.keyboard.type("Hagen")
    enter(page, page.locator("summary", has_text="Bedarf, Alter"))
    enter(page, page.get_by_role("button", name="Merken"))
    expect(page.get_by_role("status").filter(has_text="Ihre Angaben sind gemerkt")).to_be_visible()
    enter(page, page.get_by_role("link", name="Angebote ansehen"))
    expect(page.get_by_text("Was zu Ihren Angaben passt, steht zuerst.")).to_be_visible()
    enter(page, page.get_by_role("article").first.get_by_role("link").first)
    expect(page.locator(".detail")).to_be_visible()


def test_save_a_search_and_mend_what_was_wrong(page: Page, shown: Showcase) -> None:
    page.goto(f"{shown.town.url}/?q=vorlesen&ort=Hagen")
    enter(page, page.get_by_role("link", name="Per E-Mail"))
    tab_to(page, page.get_by_label("Ihre Mailadresse"))
    page.keyboard.type("anna@beispiel")  # good enough for browsers
    tab_to(page, page.get_by_label("Wie oft"))
    page.keyboard.press("ArrowDown")
    enter(page, page.get_by_role("button", name="E-Mail zum Bestätigen schicken"))
    expect(page.locator(".summary")).to_be_focused()
    enter(page, page.get_by_role("link", name="Ihre Mailadresse: Das ist keine Mailadresse"))
    expect(page.get_by_label("Ihre Mailadresse")).to_be_focused()
    expect(page.get_by_label("Wie oft")).to_have_value("taeglich")
    page.keyboard.press("End")
    page.keyboard.type(".de")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bitte sehen Sie in Ihr Postfach")


@pytest.mark.parametrize(
    "name", [name for name, shown in PAGES.items() if shown.status == HTTPStatus.UNPROCESSABLE_ENTITY]
)
def test_what_is_wrong_has_the_focus_and_leads_to_its_fields(browser: Browser, shown: Showcase, name: str) -> None:
    with shown.context(browser, name) as context:
        page = context.new_page()
        shown.open(page, name)
        links = page.locator(".summary a")
        for number in range(links.count()):
            expect(page.locator(".summary")).to_be_focused()
            for _ in range(number + 1):
                page.keyboard.press("Tab")
            expect(links.nth(number)).to_be_focused()
            page.keyboard.press("Enter")
            expect(page.locator(":is(input, select, textarea):focus"), "leads to the field").to_have_count(1)
            page.locator(".summary").focus()


def test_skip_to_the_content_and_change_the_language(page: Page, shown: Showcase) -> None:
    page.goto(f"{shown.town.url}/ueber")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.goto(f"{shown.town.url}/ueber")
    enter(page, page.get_by_role("navigation", name="Sprache").locator("summary"))
    enter(page, page.get_by_role("link", name="English"))
    expect(page.get_by_role("heading", level=1)).to_have_text("About Ehrenamt Hagen")
    enter(page, page.get_by_role("link", name="Search", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Where would you like to help?")
