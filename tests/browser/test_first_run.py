"""From an empty folder to the administration in a real browser: `serve`, the link it prints, the page, signed in."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.kit import clock
from tests import servers
from tests.browser import looking
from tests.browser.looking import open_page, set_up_second_step
from tests.browser.test_accessibility import barriers

_LINK = re.compile(r"Öffnen Sie zum Einrichten: (http://\S+)")


@dataclass(frozen=True, slots=True)
class Served:
    """A process that waits to be set up; `link` is what its output says."""

    url: str
    log: Path

    @property
    def link(self) -> str:
        links: list[str] = _LINK.findall(self.log.read_text())
        return links[-1]


@pytest.fixture
def served(tmp_path: Path, free_port: int) -> Iterator[Served]:
    """`ehrenamt serve` in an empty folder."""
    log = tmp_path / "log"
    command = [
        sys.executable,
        "-c",
        "from fediverse_ehrenamt.cli import main; main()",
        "serve",
        "--port",
        str(free_port),
    ]
    environ = servers.environ(EHRENAMT_ALLOWED_NETWORKS="127.0.0.0/8", EHRENAMT_SEMANTIC="off")
    with servers.running(command, log, lambda: "startup complete" in log.read_text(), environ=environ):
        yield Served(f"http://127.0.0.1:{free_port}", log)


def _page(url: str) -> str:
    """Return a page as it is served; while the process changes, whoever asks waits."""
    return httpx.get(url, headers={"Accept": "text/html"}, timeout=60).text


def look(page: Page, name: str, scheme: Literal["light", "dark"] = "light") -> None:
    """Look at both widths."""
    page.emulate_media(color_scheme=scheme)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 860})
        looking.look(page, f"{name}-{width}-{scheme}")


def test_from_an_empty_folder_to_the_administration(browser: Browser, served: Served, tmp_path: Path) -> None:
    page = open_page(browser, 1280, "light")
    page.goto(served.link)
    expect(page.locator(".admin-contrast")).to_contain_text("Helle Ansicht: Kontrast 6,")
    look(page, "einrichten")
    look(page, "einrichten", "dark")
    page.get_by_label("Name des Portals").fill("Ehrenamt Hagen")
    page.get_by_label("Farbe").fill("#ffd000")
    expect(page.locator(".admin-contrast")).to_contain_text("Zu wenig. Am nächsten liegt #")
    page.get_by_role("button", name="Portal einrichten").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte nennen Sie einen Ort")
    look(page, "einrichten-falsch")
    assert barriers(page) == []
    page.get_by_role("button", name="Diese Farbe nehmen").click()
    expect(page.get_by_label("Name des Portals")).to_have_value("Ehrenamt Hagen")
    page.get_by_label("Ort", exact=True).fill("Hagen")
    page.get_by_label("Ich probiere nur aus").check()
    page.get_by_label("Ihr Name").fill("Anna Beispiel")
    page.get_by_label("Ihre Mailadresse").fill("anna@hagen.de")
    page.get_by_label("Passwort").fill("vier ganze Wörter hier")
    page.get_by_role("button", name="Portal einrichten").click()
    expect(page.get_by_text("brauchen Sie beim Anmelden einen zweiten Schritt")).to_be_visible(timeout=60_000)
    look(page, "einrichten-zweiter-schritt")
    set_up_second_step(page, clock.now())
    expect(page.get_by_role("heading", level=1, name="Verwaltung")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Anna Beispiel")).to_be_visible()
    expect(page.locator(".brand")).to_have_text("Ehrenamt Hagen")
    look(page, "einrichten-fertig")
    assert "EHRENAMT_SECRET=" in (tmp_path / "ehrenamt.env").read_text()
    assert page.request.get(served.link).status == 404, "it was used, and is not even a page any more"


def test_everybody_else_sees_that_something_begins(browser: Browser, served: Served) -> None:
    page = open_page(browser, 1280, "light")
    for path, heading in (
        ("/", "Hier entsteht ein Portal für Ehrenamt"),
        ("/einrichten/x", "Dieser Link gilt nicht mehr"),
    ):
        page.goto(f"{served.url}{path}")
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        look(page, f"einrichten-warten-{len(path)}")
        assert barriers(page) == []


def test_whoever_comes_while_the_process_changes_waits(browser: Browser, served: Served, tmp_path: Path) -> None:
    """An `init` at the command line is noticed too: the page that asked for patience turns into the portal."""
    page = open_page(browser, 1280, "light")
    page.goto(served.url)
    command = [
        sys.executable,
        "-c",
        "from fediverse_ehrenamt.cli import main; main()",
        "init",
        "--name",
        "Ehrenamt Hagen",
    ]
    environ = servers.environ(EHRENAMT_URL=served.url)
    with servers.running(command, tmp_path / "init.log", (tmp_path / "ehrenamt.env").exists, environ=environ):
        # Each time by a new connection: one that is kept may be closed at the moment that it is asked again, and only
        # browsers then ask once more by themselves.
        servers.wait_until(lambda: "Hier entsteht" not in _page(served.url), "noticed")
        page.goto(served.url)  # once: where it asks for patience, it loads itself anew
        expect(page.locator(".brand")).to_have_text("Ehrenamt Hagen", timeout=60_000)
