"""What tests of pages in a browser share: pages served on a port, tabs, looks at what does not fit, pictures."""

import asyncio
import base64
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import rules
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.work import Workshop
from tests import servers
from tests.discover import samples, site

WIDTHS = {320: 640, 768: 1024, 1280: 860}
_START_SECONDS = 60.0


@dataclass(slots=True)
class Album:
    """A folder of pictures to be looked at; while it is closed, nothing is put into it."""

    folder: Path
    is_open: bool = False


ALBUM = Album(Path(__file__).parents[2] / "build" / "screenshots")


@contextmanager
def served(
    folder: Path,
    documents: Iterable[Document] = samples.DOCUMENTS,
    extra: Iterable[tuple[str, Callable[..., object]]] = (),
    prepare: Callable[[Workshop], None] = lambda _workshop: None,
) -> Iterator[str]:
    """Serve the visitor's pages of these Documents by uvicorn in a thread; give their address."""
    port = servers.free_port()
    stopping: list[uvicorn.Server] = []

    async def serve() -> None:
        workshop = site.open_workshop(folder)
        app = site.application(workshop, site.fill(workshop, folder, documents), extra=extra)
        prepare(workshop)
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
        stopping.append(server)
        await server.serve()
        await workshop.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:  # a thread that goes on would keep a failed test from ending
        stopping[0].should_exit = True
        thread.join(_START_SECONDS)


def wait_for(port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the pages are not served")


def open_page(browser: Browser, width: int, scheme: str, *, scripts: bool = True) -> Page:
    """Open a tab whose every request elsewhere, and every complaint of the browser, is remembered in its title."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=scripts,
        locale="de-DE",
    )
    return context.new_page()


def too_wide(page: Page) -> list[str]:
    """Return the elements that stick out of the page sideways."""
    page.wait_for_load_state()  # a click ends as the next page begins, which has no width yet
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
        .map(e => e.tagName + '.' + e.className)"""
    )
    return found


def too_small(page: Page) -> list[str]:
    """Return targets below 44 px in height that do not stand in a line of text (WCAG 2.5.8, 2.5.5)."""
    page.wait_for_load_state()
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, select, summary')].filter(e => {
            if (e.closest('[inert]')) return false;
            if (e.closest('.prose, .skip, p:not(.back), dd, h1, h2, h3, .card-facts, .key-facts')) return false;
            const box = (e.closest('label') ?? e).getBoundingClientRect();
            return box.height > 0 && (box.height < 43.5 || box.width < 24);
        }).map(e => e.outerHTML.slice(0, 90))"""
    )
    return found


def look(page: Page, name: str) -> None:
    """See that nothing sticks out and every target is large enough; `name` is the picture's, and a failure's."""
    page.wait_for_load_state()
    picture(page, name)
    assert too_wide(page) == [], name
    assert too_small(page) == [], name


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page to be looked at, where `pytest --pictures` asks for them.

    To draw them all takes as long as all that is tested beside them.
    """
    if ALBUM.is_open:
        page.screenshot(path=ALBUM.folder / f"{name}.png", full_page=True)


# --- ways that several journeys take ----------------------------------------------------------------------------------
def set_up_second_step(page: Page, now: datetime) -> None:
    """Set up one-time codes on the page that asks for them, and go on to where the way led."""
    expect(page.get_by_text("brauchen Sie beim Anmelden einen zweiten Schritt")).to_be_visible()
    page.get_by_role("button", name="Einrichten").click()
    secret = base64.b32decode("".join(page.locator("code").first.inner_text().split()))
    page.get_by_label("Code aus Ihrer App").fill(rules.one_time_code(secret, int(now.timestamp()) // 30))
    page.get_by_role("button", name="Einschalten").click()
    expect(page.get_by_role("heading", name="Ihre Ersatzcodes")).to_be_visible()
    page.get_by_role("link", name="Ich habe sie aufgeschrieben").click()
