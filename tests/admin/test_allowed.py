"""The list of allowed hosts in the browser, on both databases: filled, changed, struck and put back."""

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import allowed, blocks
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.federation import domain_blocks, restrictions
from fediverse_ehrenamt.instance import Instance
from tests.accounts.house import House
from tests.workbench import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


@pytest.fixture
def moderator(hagen: House) -> str:
    return hagen.add("mo@hagen.de", "Mo Moderation", Grant(Role.MODERATOR)).id


def hosts(hagen: House) -> list[tuple[str, str]]:
    return [(one.host, one.reason) for one in hagen.write(restrictions.allowed)]


async def test_a_host_is_allowed_struck_and_put_back(hagen: House, moderator: str) -> None:
    async with hagen.visit(moderator) as browser:
        assert "Noch ist kein Host erlaubt." in (await browser.get(allowed.PATH)).text
        await browser.post(allowed.PATH, host="https://Freunde.Example/", grund="Nachbarn")
        done = await browser.post(allowed.PATH, host="freunde.example", grund="Nachbarn")
        page = (await browser.get(done.headers["location"])).text
        assert hosts(hagen) == [("freunde.example", "Nachbarn")]
        struck = await browser.post(allowed.STRIKE, host="freunde.example")
        assert hosts(hagen) == []
        assert (await browser.post(allowed.STRIKE, host="freunde.example")).headers["location"] == allowed.PATH
        offer = (await browser.get(struck.headers["location"])).text
        await browser.post(allowed.PATH, host="freunde.example", grund="Nachbarn")
    assert "freunde.example ist erlaubt." in page
    assert "freunde.example ist nicht mehr erlaubt." in offer
    assert '<input type="hidden" name="grund" value="Nachbarn">' in offer
    assert hosts(hagen) == [("freunde.example", "Nachbarn")]
    assert [one.did for one in hagen.write(audit.listing, Wanted())] == [
        Did.HOST_ALLOWED, Did.HOST_STRUCK, Did.HOST_ALLOWED, Did.HOST_ALLOWED,
    ]  # fmt: skip


@pytest.mark.parametrize("host", ["", "de", "kein host", "https://a.example/ap/actor/1", "x" * 3_000])
async def test_what_is_no_host_stays_in_the_field(hagen: House, moderator: str, host: str) -> None:
    async with hagen.visit(moderator) as browser:
        await browser.get(allowed.PATH)
        answer = await browser.post(allowed.PATH, host=host, grund="Das bleibt stehen")
        too_long = await browser.post(
            allowed.PATH, host="freunde.example", grund="x" * (domain_blocks.COMMENT_LENGTH + 1)
        )
    assert answer.status_code == too_long.status_code == 422
    assert "Bitte nennen Sie einen Host, zum Beispiel" in answer.text
    assert 'value="Das bleibt stehen"' in answer.text
    assert "Das ist zu lang" in too_long.text
    assert hosts(hagen) == []


async def test_the_page_says_whether_the_list_holds(hagen: House, moderator: str) -> None:
    async with hagen.visit(moderator) as browser:
        assert allowed.PATH not in (await browser.get(blocks.PATH)).text
        assert "Die Liste gilt noch nicht" in (await browser.get(allowed.PATH)).text
        object.__setattr__(hagen.instance.workshop.settings, "federation", "allowlist")
        assert f'href="{allowed.PATH}"' in (await browser.get(blocks.PATH)).text
        assert "Dieses Portal spricht nur mit diesen Hosts" in (await browser.get(allowed.PATH)).text
