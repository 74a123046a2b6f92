"""How much a first view weighs on the wire, that nothing in it moves, and that what was loaded once is kept."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.showcase import PAGES, Showcase

MOST_BYTES = 120_000  # of a first view, headers and pictures with it
_WATCH = """window.moved = [];
const told = ({node, previousRect, currentRect}) =>
    [node?.outerHTML?.slice(0, 100), JSON.stringify(previousRect), JSON.stringify(currentRect)];
new PerformanceObserver(list => {
    for (const one of list.getEntries()) moved.push([one.value, ...one.sources.map(told)]);
}).observe({type: 'layout-shift', buffered: true});"""
"""What moved, by how much, from where to where."""


def loaded(page: Page, url: str) -> dict[str, int]:
    """Open a page; return the bytes that came over the wire for each URL, headers counted."""
    session = page.context.new_cdp_session(page)
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def sent(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        sizes[urls[event["requestId"]]] = int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    session.detach()
    return sizes


@pytest.mark.parametrize("name", [name for name, shown in PAGES.items() if not shown.fill])
def test_a_first_view_is_light_and_stays_still(browser: Browser, shown: Showcase, name: str) -> None:
    with shown.context(browser, name, width=360, height=740) as context:
        page = context.new_page()
        page.add_init_script(_WATCH)
        sizes = loaded(page, shown.url(name))
        assert any("/static/" in url for url in sizes)
        assert sum(sizes.values()) <= MOST_BYTES, sizes
        assert page.evaluate("moved") == []


def test_what_was_loaded_once_is_not_loaded_again(browser: Browser, shown: Showcase) -> None:
    with shown.context(browser, "start") as context:
        page = context.new_page()
        first, second = loaded(page, shown.url("start")), loaded(page, shown.url("ueber"))
        styles = [url for url in first if url.endswith(".css")]
        assert styles
        assert all(first[url] > 0 for url in styles)
        assert sum(second.get(url, 0) for url in styles) == 0
