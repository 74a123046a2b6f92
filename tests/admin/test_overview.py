"""The first page of the administration: what is wrong with a portal that is open to all is said to who runs it."""

from dataclasses import replace

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.instance import Instance
from tests.accounts.house import House
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
PUBLIC, SERVER = "https://hagen.example", "smtp://mail.hagen.example:587"


@pytest.mark.parametrize(
    ("role", "url", "server", "warned"),
    [
        (Role.OPERATOR, PUBLIC, "", True),
        (Role.OPERATOR, PUBLIC, SERVER, False),
        (Role.OPERATOR, "http://hagen.example", "", False),
        (Role.MODERATOR, PUBLIC, "", False),
    ],
)
async def test_an_open_portal_without_a_mail_server(
    town: Instance, clock: Clock, role: Role, url: str, server: str, warned: bool
) -> None:
    hagen = House(town, clock)
    person = hagen.add("olga@b.de", "Olga", Grant(role))
    async with hagen.visit(person.id) as browser:
        secret = "__Host-sitzung" if url == PUBLIC else "sitzung"
        browser.client.cookies.set(secret, browser.token, domain="hagen.example")
        settings = town.workshop.settings
        town.workshop.settings = replace(settings, url=url, smtp_url=server, second_factor="advised")
        page = await browser.get(menu.PATH)
    assert page.status_code == 200
    assert ("EHRENAMT_SMTP_URL" in page.text) == warned
    assert ("nach 30 Tagen gelöscht" in page.text) == warned
