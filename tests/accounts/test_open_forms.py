"""What anybody may cause without signing in: one client cannot use it up for all, and loses no word.

A route for everybody that is no GET stands in one of the tables here, and is held to what that says of it. All others
write nothing and ask no other server.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import quote

import pytest

from fediverse_ehrenamt.accounts import passkey_pages
from fediverse_ehrenamt.alerts import rules as alerts
from fediverse_ehrenamt.discover import following
from fediverse_ehrenamt.doubts import rules as doubts
from fediverse_ehrenamt.engagements import rules as enquiries
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.joining import rules as joining
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Rejected
from fediverse_ehrenamt.moderation import rules as moderation
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.web import throttle
from tests import workbench
from tests.accounts.house import House
from tests.accounts.test_routes import ROUTES
from tests.joining.applying import TYPED
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
ONE, SAME, OTHER, PROXY = "2a01:4f8:1:2::3", "2a01:4f8:1:2::4", "85.214.1.2", "127.0.0.1"

Filled = Callable[[int], Mapping[str, Any]]


def enquiry(number: int) -> Mapping[str, Any]:
    return {"name": "Anna", "mail": f"a{number}@beispiel.de", "text": "Gern", "formular": ids.new_id()}


def request(number: int) -> Mapping[str, Any]:
    name = f"Verein {number} {'abcdefghijklmn'[number]}"
    return {**TYPED, "name": name, "mail": f"a{number}@beispiel.de", "formular": ids.new_id()}


TARGET = "@buecherei@hagen.example"
FORMS: dict[str, tuple[str, int, Filled]] = {
    "enquiry": ("{offer}/anfrage", enquiries.ASKED_OF_CLIENT, enquiry),
    "saved search": (
        "/suche-merken?q=vorlesen",
        alerts.ASKED_OF_CLIENT,
        lambda number: {"mail": f"a{number}@beispiel.de", "rhythmus": alerts.DAILY},
    ),
    "organisation": ("/organisation-anmelden", joining.ASKED_OF_CLIENT, request),
    "report": ("{offer}/melden", moderation.OF_CLIENT_IN_A_DAY, lambda number: {"text": f"Das ist Betrug {number}."}),
    "doubt": ("{offer}/stimmt-nicht-mehr", doubts.OF_CLIENT, lambda _: {}),
    "following": (
        f"/folgen?wem={quote(TARGET)}",
        int(following.LOOK_UPS.burst),
        lambda number: {"konto": f"@anna{number}@127.0.0.1:9"},  # nobody answers there
    ),
}
SIGN_IN: dict[str, tuple[str, int, Filled]] = {
    "link": ("/anmelden", int(throttle.BY_CLIENT.burst), lambda number: {"mail": f"a{number}@beispiel.de"}),
    "password": (
        "/anmelden/passwort",
        int(throttle.BY_CLIENT.burst),
        lambda number: {"mail": f"a{number}@beispiel.de", "passwort": "geheim"},
    ),
    "passkey start": ("/anmelden/passkey/start", int(passkey_pages.STARTS.burst), lambda _: {}),
    "passkey": ("/anmelden/passkey", int(passkey_pages.STARTS.burst), lambda _: {"antwort": "{}"}),
}
BOUNDED = {
    "/angebote/{page}/anfrage", "/termine/{page}/anfrage", "/suche-merken", "/organisation-anmelden",
    "/angebote/{page}/melden", "/termine/{page}/melden", "/beitraege/{page}/melden",
    "/angebote/{page}/stimmt-nicht-mehr", "/folgen",
    "/anmelden", "/anmelden/passwort", "/anmelden/passkey/start", "/anmelden/passkey",
}  # fmt: skip
"""Paths to which the forms of FORMS and SIGN_IN go."""


@pytest.mark.parametrize("form", FORMS)
async def test_one_client_cannot_use_up_what_all_may_send(town: Instance, clock: Clock, form: str) -> None:
    hagen = House(town, clock)
    owner = hagen.write(workbench.add_organisation)
    offer = f"/angebote/{hagen.write(opportunities.publish, owner, workbench.offer()).page}"
    path, most, filled = FORMS[form]
    path = path.format(offer=offer)

    async def send(at: str, number: int) -> tuple[int, str]:
        async with hagen.visit(at=at) as browser:
            answer = await browser.post(path, **filled(number))
            return answer.status_code, answer.text

    taken = [(await send(ONE if number % 2 else SAME, number))[0] for number in range(most)]
    fine = {422} if form == "following" else {200, 303}  # there is nobody to follow from
    assert set(taken) <= fine
    status, page = await send(ONE, most)
    assert (status, "zu viele" in page) == (429, True)
    assert all(str(value) in page for name, value in filled(most).items() if name in {"mail", "text", "konto"})
    assert (await send(OTHER, most + 1))[0] in fine
    assert (await send(PROXY, most + 2))[0] in fine
    clock.forward(days=1)
    assert (await send(SAME, most + 3))[0] in fine


@pytest.mark.parametrize("form", SIGN_IN)
async def test_signing_in_is_bounded_for_each_client(town: Instance, clock: Clock, form: str) -> None:
    hagen = House(town, clock)
    path, most, filled = SIGN_IN[form]

    async def send(at: str, number: int) -> bool:
        async with hagen.visit(at=at) as browser:
            return (await browser.post(path, **filled(number))).status_code == 429

    assert [await send(ONE if number % 2 else SAME, number) for number in range(most + 1)] == [False] * most + [True]
    assert not await send(OTHER, most)
    clock.forward(minutes=10)
    assert not await send(SAME, most)


async def test_a_customer_with_many_networks_is_bounded_over_all_of_them(town: Instance, clock: Clock) -> None:
    hagen = House(town, clock)
    most = passkey_pages.STARTS.burst

    async def tries(network: str, count: int) -> list[int]:
        async with hagen.visit(at=f"{network}::1") as browser:
            return [(await browser.post("/anmelden/passkey/start")).status_code for _ in range(count)]

    for number in range(throttle.SITE):
        assert 429 not in await tries(f"2a01:4f8:1:{number:x}", int(most))
    assert await tries("2a01:4f8:1:ffff", 2) == [429, 429], "nothing is left of the /48"
    assert 429 not in await tries("2a01:4f8:2:1", 1), "which is nobody else's"
    clock.forward(seconds=passkey_pages.STARTS.seconds / most)
    assert (await tries("2a01:4f8:1:ffff", 1)) != [429]


# --- all other routes for everybody -----------------------------------------------------------------------------------
OPEN = [(method, path) for method, path, need in ROUTES if need is None]


@contextmanager
def effects(town: Instance) -> Iterator[list[str]]:
    """Collect what is written meanwhile, and which other server was to be asked, which is refused."""
    seen: list[str] = []

    def asked(method: str, host: str) -> None:
        seen.append(f"{method} {host}")
        raise Rejected("nobody is asked")

    guard, town.workshop.http.guard = town.workshop.http.guard, asked
    before = dump(town)
    try:
        yield seen
    finally:
        town.workshop.http.guard = guard
    seen.extend(dump(town) - before)


def dump(town: Instance) -> set[str]:
    """Return all that is in the database, as statements."""
    connection = town.workshop.engines.writer.raw_connection()
    try:
        held = cast("sqlite3.Connection", connection.driver_connection)
        return set(held.iterdump())
    finally:
        connection.close()


def test_every_form_for_everybody_has_a_bound_or_needs_none() -> None:
    paths = {path for method, path in OPEN if method != "GET"}
    assert paths >= BOUNDED, "no such routes any more"
    assert {path for method, path in OPEN if method not in {"GET", "POST"}} == set()


UNBOUNDED = [(method, path) for method, path in OPEN if method == "GET" or path not in BOUNDED]


@pytest.mark.unmeasured
@pytest.mark.parametrize(("method", "path"), UNBOUNDED, ids=[f"{method} {path}" for method, path in UNBOUNDED])
async def test_what_has_no_bound_writes_nothing_and_asks_nobody(
    town: Instance, clock: Clock, method: str, path: str
) -> None:
    hagen = House(town, clock)
    owner = hagen.write(workbench.add_organisation)
    page = hagen.write(opportunities.publish, owner, workbench.offer()).page
    said = {"page": page, "handle": "buecherei", "key": owner.rpartition("/")[2], "version": "2.1", "number": "1"}
    filled = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: said.get(found[1], "0" if ":" in found[0] else "x"), path)
    query = f"?q=vorlesen&ort=Hagen&resource=acct:buecherei@hagen.example&wem={quote(TARGET)}&konto=anna@127.0.0.1"
    async with hagen.visit(at=ONE) as browser:
        await browser.get(filled + query)  # our own keys are made when somebody asks for them first
        with effects(town) as seen:
            if method == "GET":
                answer = await browser.get(filled + query)
            else:
                answer = await browser.post(filled + query, mail="a@beispiel.de", text="Gern", konto="anna@127.0.0.1")
    assert answer.status_code < 500
    assert seen == []
