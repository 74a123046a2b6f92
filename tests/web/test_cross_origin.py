"""What pages of other sites may read: every route is asked, with and without a session, and before (preflight)."""

import pytest

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.web import cross_origin
from tests import workbench
from tests.accounts.house import House
from tests.accounts.test_routes import ROUTES, filled
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
ALLOW = "access-control-allow-origin"
ELSEWHERE = {"origin": "https://elk.example"}
CLIENT = {**ELSEWHERE, "accept": 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'}
ASKED = {**ELSEWHERE, "access-control-request-method": "GET", "access-control-request-headers": "accept"}
PATHS = sorted({path for method, path, _ in ROUTES if method == "GET"})
OPEN = {
    "/.well-known/host-meta", "/.well-known/host-meta.json", "/.well-known/nodeinfo", "/.well-known/webfinger",
    "/nodeinfo/{version}", "/ap/activity/{key}", "/ap/actor/{key}", "/ap/actor/{key}/featured",
    "/ap/actor/{key}/followers", "/ap/actor/{key}/following", "/ap/actor/{key}/outbox", "/ap/actor/{key}/upcoming",
    "/ap/object/{key}", "/ap/object/{key}/likes", "/ap/object/{key}/replies", "/ap/object/{key}/shares",
    "/ap/quote/{key}", "/suche.ics", "/suche.atom", "/termine/{page}.ics", "/organisationen/{handle}.ics",
    "/organisationen/{handle}.atom",
}  # fmt: skip


@pytest.fixture
def hagen(town: Instance, clock: Clock) -> House:
    house = House(town, clock)
    house.write(opportunities.publish, house.write(workbench.add_organisation), workbench.offer())
    return house


@pytest.mark.unmeasured
async def test_nothing_that_knows_of_a_session_is_for_other_sites(hagen: House) -> None:
    assert {path for path in PATHS if cross_origin.is_open(path)} == OPEN
    assert all(visits.need_of(route) is None for route in hagen.app._pages.routes if getattr(route, "path", "") in OPEN)
    person = hagen.add("o@b.de", "Olga", Grant(Role.OPERATOR))
    async with hagen.visit(person.id) as signed_in, hagen.visit() as stranger:
        for path in PATHS:
            for headers in (CLIENT, {"accept": "text/html"}):
                own = await signed_in.get(filled(path), headers=headers)
                answer = await stranger.get(filled(path), headers=headers)
                page = own.headers.get("content-type", "").startswith("text/html")
                assert (own.headers.get(ALLOW) == "*") == (path in OPEN and not page), path
                if ALLOW in own.headers:
                    assert (own.status_code, own.content) == (answer.status_code, answer.content), path
                    assert "set-cookie" not in own.headers
                    assert "access-control-allow-credentials" not in own.headers


async def test_browsers_are_answered_before_and_of_nothing_else(hagen: House) -> None:
    async with hagen.visit() as browser:
        for method, path, _ in ROUTES:
            answer = await browser.client.options(
                filled(path), headers={**ASKED, "access-control-request-method": method}
            )
            allowed = path in OPEN and method == "GET"
            assert (answer.status_code == 204) == allowed, (method, path)
            assert (answer.headers.get(ALLOW) == "*") == allowed, (method, path)
        answer = await browser.client.options("/ap/actor/relay", headers=ASKED)
        assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
        assert "accept" in answer.headers["access-control-allow-headers"].lower()
        inbox = await browser.client.options("/inbox", headers={**ASKED, "access-control-request-method": "POST"})
        assert ALLOW not in inbox.headers


async def test_a_client_is_told_of_errors(hagen: House) -> None:
    async with hagen.visit() as browser:
        for path, status in (("/ap/object/nothing", 404), ("/.well-known/webfinger", 400), ("/nodeinfo/9", 404)):
            answer = await browser.get(path, headers=CLIENT)
            assert (answer.status_code, answer.headers[ALLOW]) == (status, "*")
        assert (await browser.get("/ap/actor/relay", headers=CLIENT)).json()["type"] == "Application"
