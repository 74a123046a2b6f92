"""Operators and coordinators show a second step before the administration opens, on both databases.

Their own account and all public pages stay open; whoever reads their mail cannot put a step of their own in its place.
"""

import base64
import re
from dataclasses import replace

import pytest

from fediverse_ehrenamt.accounts import entering, factors, rules, store
from fediverse_ehrenamt.accounts.rules import Grant, Role, Visitor
from fediverse_ehrenamt.instance import Instance
from tests.accounts.house import House, Visit
from tests.accounts.test_factors import code, turn_on
from tests.accounts.test_passkeys import Key, add, enter
from tests.workbench import Clock, add_keyless

pytestmark = pytest.mark.anyio
STEP = "/konto/zweiter-schritt"
LOG = "/verwaltung/protokoll"
LED = f"{STEP}?weiter=%2Fverwaltung%2Fprotokoll"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def secret_on(page: str) -> bytes:
    return base64.b32decode(re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0].replace(" ", ""))


async def led(browser: Visit, path: str = LOG) -> str:
    """Return where a page leads, "" where it opens."""
    answer = await browser.get(path)
    return answer.headers.get("location", "") if answer.status_code != 200 else ""


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.COORDINATOR])
async def test_the_administration_opens_once_a_step_is_set_up(hagen: House, role: Role) -> None:
    olga = hagen.add("olga@hagen.de", "Olga", Grant(role)).id
    async with hagen.visit(olga, proven=False) as browser:
        assert await led(browser) == LED
        assert await led(browser, "/verwaltung") == f"{STEP}?weiter=%2Fverwaltung"
        assert await led(browser, "/verwaltung/organisationen") == f"{STEP}?weiter=%2Fverwaltung%2Forganisationen"
        for open_ in ("/konto", "/", "/ueber"):
            assert (await browser.get(open_)).status_code == 200
        program = await browser.get(LOG, headers={"accept": "application/json"})
        assert (program.status_code, "zweiten Schritt" in program.json()["detail"]) == (403, True)
        asked = (await browser.get(LED)).text
        assert "brauchen Sie beim Anmelden einen zweiten Schritt" in asked
        assert "Oder mit einem Passkey" in asked
        begun = await browser.post(f"{STEP}/einrichten?weiter={LOG}")
        page = (await browser.get(begun.headers["location"])).text
        wrong = await browser.post(LED, code="123")
        done = await browser.post(LED, code=code(hagen, secret_on(page)))
        assert await led(browser) == ""
    assert wrong.status_code == 422
    assert "Ihre Ersatzcodes" in done.text
    assert f'href="{LOG}">Ich habe sie aufgeschrieben' in done.text


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.OWNER])
async def test_others_are_not_held_up(hagen: House, role: Role) -> None:
    uri = hagen.write(add_keyless, "buecherei")
    mona = hagen.add("m@hagen.de", "Mona", Grant(role, uri if role == Role.OWNER else "")).id
    async with hagen.visit(mona, proven=False) as browser:
        assert await led(browser, "/verwaltung/organisationen/buecherei" if role == Role.OWNER else LOG) == ""


async def test_whoever_has_a_code_is_strong_and_their_other_sign_ins_end(hagen: House) -> None:
    olga = hagen.add_operator().id
    async with hagen.visit(olga, proven=False) as other:
        secret, _ = await turn_on(hagen, olga)
        assert not await other.signed_in()
    async with hagen.visit() as browser:
        page = await browser.post(f"/anmelden/{hagen.write(entering.make_link, olga, LOG)}")
        assert page.headers["location"].startswith("/anmelden/code")
        await browser.get(page.headers["location"])
        await browser.post("/anmelden/code", code=code(hagen, secret))
        assert await led(browser) == ""
        await browser.get(STEP)
        assert "Ihre Rolle braucht ihn" in (await browser.get(STEP)).text
        await browser.post(f"{STEP}/ausschalten")
        assert await led(browser) == LED


async def test_a_passkey_that_checks_its_holder_is_a_second_step(hagen: House) -> None:
    olga, key, weak = hagen.add_operator().id, Key(), Key(b"weak", verified=False)
    async with hagen.visit(olga, proven=False) as browser:
        await add(browser, weak)
        assert await led(browser) == LED, "touching a key does not say who does"
        options = (await browser.post("/konto/passkeys/start", name="Telefon")).json()
        added = await browser.post(f"/konto/passkeys?weiter={LOG}", antwort=key.make(options), name="Telefon")
        assert added.json() == {"weiter": LOG}
        assert await led(browser) == ""
    async with hagen.visit() as browser:
        await enter(browser, key, olga)
        assert await led(browser) == ""
    async with hagen.visit() as browser:
        await enter(browser, weak, olga)
        assert await led(browser) == LED


async def test_whoever_reads_the_mail_sets_up_nothing_beside_a_passkey(hagen: House) -> None:
    olga, key = hagen.add_operator().id, Key()
    async with hagen.visit(olga, proven=False) as browser:
        await add(browser, key)
    (kept,) = hagen.write(store.passkeys, olga)
    async with hagen.visit(olga, proven=False) as thief:
        page = (await thief.get(LED)).text
        assert "Zeigen Sie Ihren zweiten Schritt" in page
        assert "einrichten" not in page
        for path in (
            f"{STEP}/einrichten", STEP, f"{STEP}/codes", f"{STEP}/ausschalten", "/konto/passkeys/start",
            "/konto/passkeys", f"/konto/passkeys/{kept.digest}/entfernen", "/konto/passwort",
            "/konto/passwort/entfernen",
        ):  # fmt: skip
            answer = await thief.post(path, passwort="vier bunte Wörter hier", name="Dieb")
            assert answer.headers["location"].startswith(STEP), path
    assert len(hagen.write(store.passkeys, olga)) == 1
    assert not hagen.write(store.has_factor, olga)
    hagen.write(factors.lose, olga)
    async with hagen.visit(olga, proven=False) as browser:
        assert "einrichten" in (await browser.get(LED)).text, "the operator has let them begin anew"


async def test_removing_the_last_step_closes_the_administration(hagen: House) -> None:
    olga, key = hagen.add_operator().id, Key()
    async with hagen.visit(olga, proven=False) as browser:
        await add(browser, key)
        assert await led(browser) == ""
        (kept,) = hagen.write(store.passkeys, olga)
        await browser.post(f"/konto/passkeys/{kept.digest}/entfernen")
        assert await led(browser) == LED


async def test_an_operator_may_leave_it_at_advice(hagen: House) -> None:
    olga = hagen.add_operator().id
    workshop = hagen.instance.workshop
    workshop.settings = replace(workshop.settings, second_factor="advised")
    async with hagen.visit(olga, proven=False) as browser:
        assert await led(browser) == ""
        assert "brauchen Sie beim Anmelden" not in (await browser.get(STEP)).text


def test_the_rules() -> None:
    weak = Visitor("1", "Olga", "o@b.de", "de", (Grant(Role.OPERATOR),), "s")
    strong = Visitor("1", "Olga", "o@b.de", "de", (Grant(Role.OPERATOR),), "s", strong=True)
    assert rules.must_show_second(weak, required=True)
    assert not rules.must_show_second(weak, required=False)
    assert not rules.must_show_second(strong, required=True)
    assert rules.may_change_ways(weak, required=True, has_second=False)
    assert not rules.may_change_ways(weak, required=True, has_second=True)
    assert rules.may_change_ways(strong, required=True, has_second=True)
