"""`python -m tests.browser.screenshots`: pictures of the main pages in three widths, light and dark, and the README's.

They lie in build/screenshots. Those for the README, `docs/`, are the same pages as far as a screen shows them.
"""

import tempfile
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests import servers, towns
from tests.browser.conftest import FLAGS
from tests.browser.showcase import Showcase, showcase

FOLDER: Final = Path(__file__).parents[2] / "build" / "screenshots"
MAIN: Final = (
    "start", "treffer-gefiltert", "treffer-passend", "angebot", "termin", "organisation", "passung", "passung-erklaert",
    "suche-merken-falsch", "ueber",
)  # fmt: skip
WIDTHS: Final = {360: 740, 768: 1024, 1280: 860}
"""Widths with the height of the screen, CSS pixels."""
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
_COLOURS = 128
_ALL_PICTURES = """() => Promise.all([...document.images].map(one => {
    one.loading = 'eager';  // also what lies below the screen
    return one.decode();
}))"""
README: Final = (("start", 1280, "light"), ("treffer-passend", 1280, "light"), ("angebot", 360, "dark"))


def take(browser: Browser, shown: Showcase) -> None:
    """Write all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in MAIN:
        for width, height in WIDTHS.items():
            with shown.context(browser, name, width=width, height=height) as context:
                page = context.new_page()
                shown.open(page, name)
                page.evaluate(_ALL_PICTURES)
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme=scheme)
                    page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)
                    if (name, width, scheme) in README:
                        page.screenshot(path=FOLDER / f"readme-{name}.png")
                        _lighten(FOLDER / f"readme-{name}.png")


def _lighten(path: Path) -> None:
    """Keep a picture in fewer colours, which is a third of its size and looks the same."""
    with Image.open(path) as whole:
        whole.convert("RGB").quantize(_COLOURS).save(path, optimize=True)


def main() -> None:
    """Furnish a town, look at it, and leave nothing but the pictures."""
    with (
        tempfile.TemporaryDirectory(prefix="ehrenamt-screenshots-") as folder,
        towns.country(Path(folder)) as country,
        showcase(country) as shown,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=servers.chromium(), args=FLAGS)
        take(browser, shown)
        browser.close()


if __name__ == "__main__":
    main()
