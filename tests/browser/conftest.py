"""A browser, and towns for it to look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import towns
from tests.browser import looking
from tests.browser.showcase import Showcase, showcase
from tests.towns import Country

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_PATIENCE = 20_000  # milliseconds until something is seen: other tests run beside these on two processors


@pytest.fixture(scope="session", autouse=True)
def album(pytestconfig: pytest.Config) -> None:
    """Keep pictures of pages, where `--pictures` asks for them."""
    looking.ALBUM.is_open = pytestconfig.getoption("pictures")


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with towns.country(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Showcase]:
    """One town with everything that pages can show, for all who only look at it."""
    with towns.country(tmp_path_factory.mktemp("showcase")) as made, showcase(made) as case:
        yield case
