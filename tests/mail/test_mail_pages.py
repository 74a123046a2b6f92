"""Where the letters of an instance are shown in the browser: on a machine on which somebody tries it out."""

from pathlib import Path

import pytest

from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.mail import pages
from tests.accounts.house import House
from tests.workbench import Clock, settings


@pytest.mark.parametrize(("url", "smtp", "shown"), [
    ("http://127.0.0.1:8000", "", True), ("http://localhost:8000", "", True), ("http://[::1]:8000", "", True),
    ("http://127.0.0.1:8000", "smtp://mail.example:587", False), ("https://ehrenamt.hagen.de", "", False),
    ("http://192.168.0.2:8000", "", False), ("http://localhost.hagen.de", "", False),
])  # fmt: skip
def test_letters_are_shown_where_somebody_tries_out(tmp_path: Path, url: str, smtp: str, *, shown: bool) -> None:
    assert pages.here(settings("", tmp_path, URL=url, SMTP_URL=smtp)) is shown


@pytest.mark.anyio
async def test_a_town_that_is_reached_from_outside_shows_no_letter(town: Instance, clock: Clock) -> None:
    async with House(town, clock).visit() as browser:
        assert (await browser.get(pages.PATH)).status_code == 404
