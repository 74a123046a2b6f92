"""A sentence on what was just done stands on the page once; whoever loads it again finds the page alone."""

import pytest

from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.web.once import COOKIE
from tests.accounts.house import House
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
SAID = "Gespeichert."


@pytest.fixture
def house(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


async def test_a_page_loaded_again_does_not_say_it_again(house: House) -> None:
    async with house.visit(house.add().id) as browser:
        for name in ("Anna Neu", "Anna Neuer"):  # what is done again is said again
            done = await browser.post("/konto", name=name, sprache="de")
            said = done.headers["location"]
            assert SAID in (await browser.get(said)).text
            again = await browser.get(said)
            assert (again.status_code, again.headers["location"]) == (303, "/konto?sprache=de")
            assert "no-store" in again.headers["cache-control"]
            page = await browser.get(again.headers["location"])
            assert page.status_code == 200
            assert SAID not in page.text


async def test_whoever_keeps_no_cookies_still_reads_it(house: House) -> None:
    async with house.visit() as browser:
        for _ in range(2):
            page = await browser.get("/?abgemeldet=ja")
            assert page.status_code == 200
            assert "Sie sind abgemeldet" in page.text
            browser.client.cookies.clear()


async def test_the_cookie_is_given_for_such_pages_alone_and_never_leads_away(house: House) -> None:
    async with house.visit(https=True) as browser:
        assert "set-cookie" not in (await browser.get("/?q=getan")).headers
        assert "set-cookie" not in (await browser.get("/gibtesnicht?getan=1")).headers
        given = (await browser.get("/ueber?getan=1&q=%26x")).headers["set-cookie"]
        assert {part.strip().lower() for part in given.split(";")[1:]} == {
            "httponly",
            "path=/",
            "samesite=lax",
            "secure",
        }
        again = await browser.get("/ueber?getan=1&q=%26x")
        assert again.headers["location"] == "/ueber?q=%26x"
        other = await browser.get("/ueber?getan=2", headers={"cookie": f"{COOKIE}=fremd"})
        assert other.status_code == 200
