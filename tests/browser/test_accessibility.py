"""Every page and state in a real browser: no barrier that axe-core finds, and nothing that sticks out or is cut off.

Each is looked at light, dark, in forced colours, at 320 px, from right to left, with all text at 200 %, also on a
phone, and in print.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.showcase import FURTHER, PAGES, Showcase

AXE = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
_ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_SIZES = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}
"""The rules that another look can break; the others judge what stays the same."""
_DRAWN = 30_000  # milliseconds that a map may take on a busy machine
DOUBTS = Path(__file__).parents[2] / "build" / "axe-incomplete.json"
"""What axe-core could not decide, to be looked at by hand."""


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to look at a page, and the rules of axe-core that then count.

    `zoom` is the size of text in percent, set on the root as the browser's own setting does; `opened` unfolds all.
    """

    rules: Mapping[str, Any] | None
    width: int = 1280
    scheme: Literal["light", "dark"] = "light"
    forced: bool = False
    zoom: int = 100
    direction: str = "ltr"
    opened: bool = False
    printed: bool = False

    def enter(self, page: Page) -> None:
        page.set_viewport_size({"width": self.width, "height": 900})
        page.emulate_media(
            media="print" if self.printed else "screen",
            color_scheme=self.scheme,
            forced_colors="active" if self.forced else "none",
        )
        page.evaluate(_ENTER, [self.zoom, self.direction, self.opened])


MODES: Mapping[str, Mode] = {
    "light": Mode(_ALL),
    "forced colours": Mode(_COLOURS, forced=True),
    "text at 200 %": Mode(_SIZES, zoom=200),
    "360 px, text at 200 %": Mode(None, 360, zoom=200),
    "print": Mode(_COLOURS, printed=True),
    "320 px": Mode(None, 320),
    "320 px, dark, unfolded": Mode(_ALL, 320, "dark", opened=True),
    "320 px, right to left": Mode(None, 320, direction="rtl"),
}
_ENTER = """([zoom, direction, opened]) => {
    const root = document.documentElement;
    root.style.fontSize = '';
    if (zoom !== 100) root.style.fontSize = `${parseFloat(getComputedStyle(root).fontSize) * zoom / 100}px`;
    if (direction === 'rtl') root.dir = 'rtl';
    if (opened) for (const one of document.querySelectorAll('details')) one.open = true;
}"""
_AXE = """rules => axe.run(document, {
    runOnly: rules, resultTypes: ['violations', 'incomplete'], selectors: false, preload: false,
}).then(found => {
    // WCAG 2.5.8: where a mark stands on a map is essential, and the list beside it leads to the same.
    const onMap = (rule, node) => rule.id === 'target-size' && node.html.includes('leaflet-marker-icon');
    const told = list => list.flatMap(rule => rule.nodes.filter(node => !onMap(rule, node)).map(node => [
        rule.id, node.html.slice(0, 160), [...node.any, ...node.all, ...node.none].map(one => one.message).join('; '),
    ]));
    return {violations: told(found.violations), incomplete: told(found.incomplete)};
})"""
_FIT = """() => {
    const root = document.documentElement, wide = root.clientWidth, faults = [];
    if (root.scrollWidth > wide) faults.push(`scrolls sideways: ${root.scrollWidth} of ${wide}`);
    const name = e => e.outerHTML.slice(0, 120);
    for (const e of document.querySelectorAll('body *')) {
        if (e.closest('.unseen, .skip, svg, .leaflet-container, [aria-hidden="true"]')) continue;
        if (e.closest('[role="region"][tabindex="0"] table')) continue;  // WCAG 1.4.10: tables may be wide
        const box = e.getBoundingClientRect(), style = getComputedStyle(e);
        if (box.width === 0 || style.visibility === 'hidden' || style.clipPath === 'inset(50%)') continue;
        if (box.right > wide + 1 || box.left < -1) faults.push(`sticks out: ${name(e)}`);
        const clips = style.overflowX === 'hidden' || style.overflowX === 'clip';
        const cut = e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1;
        if (clips && cut && !e.matches('input') && style.webkitLineClamp === 'none') faults.push(`cut off: ${name(e)}`);
        if (e.matches('a, button, input, select, textarea, summary') && !inline(e)) {
            const target = (e.closest('label') ?? e).getBoundingClientRect();
            if (target.height < 23.5 || target.width < 23.5) faults.push(`too small: ${name(e)}`);
        }
        if (e.matches('.button, summary')) faults.push(...torn(e).map(word => `torn: ${word} in ${name(e)}`));
    }
    return faults;
    function torn(e) {  // a short word that goes on in the next line, where nothing hyphenates it
        const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT), range = document.createRange(), found = [];
        while (texts.nextNode()) {
            if (getComputedStyle(texts.currentNode.parentElement).clipPath !== 'none') continue;  // for ears alone
            for (const word of texts.currentNode.data.matchAll(/\\p{L}+/gu)) {
                if (word[0].length > 9) continue;
                range.setStart(texts.currentNode, word.index);
                range.setEnd(texts.currentNode, word.index + word[0].length);
                if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) found.push(word[0]);
            }
        }
        return found;
    }
    function inline(e) {  // WCAG 2.5.8: a target in a sentence
        const around = e.parentElement.textContent.trim(), own = e.textContent.trim();
        return getComputedStyle(e).display === 'inline' && own && around.length > own.length;
    }
}"""


_WHOLE = """() => {
    const map = document.querySelector('.leaflet-container').getBoundingClientRect();
    const popup = document.querySelector('.leaflet-popup').getBoundingClientRect();
    const zoom = document.querySelector('.leaflet-control-zoom').getBoundingClientRect();
    const inside = popup.top >= zoom.bottom && popup.bottom <= map.bottom && popup.left >= map.left
        && popup.right <= map.right;
    return inside && !document.querySelector('.leaflet-pan-anim');
}"""


@pytest.fixture(scope="module")
def doubts() -> Any:
    found: dict[str, set[tuple[str, str]]] = {}
    yield found
    DOUBTS.parent.mkdir(exist_ok=True)
    DOUBTS.write_text(json.dumps({name: sorted(one) for name, one in found.items()}, indent=1, ensure_ascii=False))


@pytest.mark.parametrize("name", [*PAGES, *FURTHER])
def test_nobody_is_kept_out(browser: Browser, shown: Showcase, doubts: dict[str, set[Any]], name: str) -> None:
    with shown.context(browser, name) as context:
        page = context.new_page()
        shown.open(page, name)
        assert barriers(page, doubts.setdefault(name, set())) == []


@pytest.mark.parametrize("path", ["/karte", "/karte?q=Gemeinschaftsgarten"])
def test_nobody_is_kept_out_of_the_map(browser: Browser, shown: Showcase, path: str) -> None:
    with shown.context(browser, "start") as context:
        page = context.new_page()
        page.goto(f"{shown.town.url}{path}")
        expect(page.locator(".chart-said")).to_contain_text("Treffer auf der Karte", timeout=_DRAWN)
        expect(page.locator(".place-name").first).to_be_visible(timeout=_DRAWN)
        if "?" in path:  # one thing: opened
            page.locator(".pin").first.click()
            expect(page.locator(".leaflet-popup a").first).to_be_visible()
            expect(page.locator(".leaflet-popup")).to_have_css("opacity", "1")  # it fades in …
            page.wait_for_function(_WHOLE)  # … and the map moves to show the whole of it
        assert barriers(page) == []


def barriers(page: Page, doubts: set[Any] | None = None) -> list[str]:
    """Look at a page in all modes and return what keeps people out; `doubts` gets what axe-core could not decide."""
    faults: list[str] = []
    page.wait_for_load_state()
    page.evaluate(AXE.read_text("utf-8"))  # what the debugger evaluates, no policy of the page forbids
    for mode, look in MODES.items():
        look.enter(page)
        if look.rules:
            found = page.evaluate(_AXE, look.rules)
            faults += [f"{mode}: {' | '.join(one)}" for one in found["violations"]]
            if doubts is not None:
                doubts.update((mode, *one) for one in found["incomplete"])
        if not look.printed:
            faults += [f"{mode}: {one}" for one in page.evaluate(_FIT)]
    MODES["light"].enter(page)
    return faults
