"""The second step: codes as RFC 6238 has them, each once; nobody is let in without; paper for whoever loses the app."""

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fediverse_ehrenamt.accounts import entering, factors, inviting, rules
from fediverse_ehrenamt.accounts.model import CodeRow, FactorRow, SessionRow
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.instance import Instance
from tests.accounts.house import ANNA, House, Visit
from tests.accounts.test_passwords import GOOD, set_password
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
SECRET = b"12345678901234567890"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def code(hagen: House, secret: bytes, steps: int = 0) -> str:
    return rules.one_time_code(secret, int(hagen.clock.now.timestamp()) // 30 + steps)


async def turn_on(hagen: House, person: str) -> tuple[bytes, list[str]]:
    """Turn it on; return the secret and the codes for paper."""
    async with hagen.visit(person) as browser:
        await browser.post("/konto/zweiter-schritt/einrichten")
        page = await browser.get("/konto/zweiter-schritt")
        secret = base64.b32decode(re.findall(r"<code>([A-Z2-7 ]+)</code>", page.text)[0].replace(" ", ""))
        done = await browser.post("/konto/zweiter-schritt", code=code(hagen, secret))
        codes = re.findall(r"<code>([a-z2-7-]+)</code>", done.text)
        await browser.post("/abmelden")
    hagen.clock.forward(minutes=1)
    return secret, codes


async def enter_half(hagen: House, browser: Visit, person: str) -> None:
    page = await browser.post(f"/anmelden/{hagen.write(entering.make_link, person, '/ueber')}")
    assert page.headers["location"] == "/anmelden/code?weiter=%2Fueber"
    await browser.get(page.headers["location"])


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, expected: str) -> None:
    """Appendix B, the last six of its eight digits."""
    assert rules.one_time_code(SECRET, seconds // 30) == expected


@pytest.mark.parametrize(
    ("steps", "last", "good"),
    [(0, 0, True), (-1, 0, True), (1, 0, True), (2, 0, False), (-2, 0, False), (0, 100, False), (1, 100, True)],
)
def test_a_code_holds_for_a_moment_and_once(steps: int, last: int, *, good: bool) -> None:
    now = datetime.fromtimestamp(100 * 30 + 7, UTC)
    found = rules.step_of(SECRET, rules.one_time_code(SECRET, 100 + steps), now, last)
    assert found == (100 + steps if good else None)


@pytest.mark.parametrize("said", ["", "1", "١٢٣٤٥٦", "x" * 1000])
def test_what_is_no_code_is_none(said: str) -> None:
    assert rules.step_of(SECRET, said, datetime.fromtimestamp(3000, UTC), 0) is None


async def test_nobody_is_let_in_without_the_code(hagen: House) -> None:
    anna = hagen.add()
    secret, _ = await turn_on(hagen, anna.id)
    async with hagen.visit() as browser:
        await enter_half(hagen, browser, anna.id)
        assert not await browser.signed_in()
        assert "Anna" not in (await browser.get("/ueber")).text
        led = await browser.get("/anmelden?weiter=/konto")
        assert led.headers["location"] == "/anmelden/code?weiter=%2Fkonto"
        half = browser.token
        wrong = await browser.post("/anmelden/code", code="000000")
        assert (wrong.status_code, "stimmt nicht" in wrong.text) == (422, True)
        given = code(hagen, secret)
        entered = await browser.post("/anmelden/code?weiter=/ueber", code=f" {given[:3]} {given[3:]} ")
        assert (entered.status_code, entered.headers["location"]) == (303, "/ueber")
        assert await browser.signed_in()
        assert browser.token != half
    async with hagen.visit() as thief:
        await enter_half(hagen, thief, anna.id)
        assert (await thief.post("/anmelden/code", code=given)).status_code == 422, "it was used"


async def test_every_way_in_asks_for_it(hagen: House) -> None:
    anna = hagen.add()
    await set_password(hagen, anna.id)
    await turn_on(hagen, anna.id)
    async with hagen.visit() as browser:
        page = await browser.post("/anmelden/passwort", mail=ANNA, passwort=GOOD)
        assert page.headers["location"].startswith("/anmelden/code")
        token = hagen.write(inviting.invite, ANNA, Grant(Role.MODERATOR))
        await browser.get(f"/einladung/{token}")
        assert (await browser.post(f"/einladung/{token}")).headers["location"].startswith("/anmelden/code")
        assert not await browser.signed_in()


async def test_a_sign_in_waits_for_ten_minutes(hagen: House) -> None:
    anna = hagen.add()
    secret, _ = await turn_on(hagen, anna.id)
    async with hagen.visit() as browser:
        await enter_half(hagen, browser, anna.id)
        hagen.clock.forward(minutes=10)
        assert (await browser.post("/anmelden/code", code=code(hagen, secret))).headers["location"] == "/anmelden"
        assert (await browser.get("/anmelden/code")).headers["location"] == "/anmelden"
        hagen.tidy()
        assert hagen.rows([SessionRow]) == {"SessionRow": 0}
    async with hagen.visit() as nobody:
        assert (await nobody.get("/anmelden/code")).headers["location"] == "/anmelden"


async def test_codes_are_not_tried_without_end(hagen: House) -> None:
    anna = hagen.add()
    secret, _ = await turn_on(hagen, anna.id)
    async with hagen.visit() as browser:
        await enter_half(hagen, browser, anna.id)
        statuses = [(await browser.post("/anmelden/code", code="000000")).status_code for _ in range(11)]
        assert statuses[-1] == 429
        assert (await browser.post("/anmelden/code", code=code(hagen, secret))).status_code == 429


async def test_paper_lets_in_once(hagen: House) -> None:
    anna = hagen.add()
    _, paper = await turn_on(hagen, anna.id)
    assert len(set(paper)) == rules.CODES == 10
    assert paper[0] not in repr(hagen.write(lambda work: [vars(row) for row in work.db.query(CodeRow)]))
    for expected in (303, 422):
        async with hagen.visit() as browser:
            await enter_half(hagen, browser, anna.id)
            given = paper[0].upper().replace("-", " ")
            assert (await browser.post("/anmelden/code", code=given)).status_code == expected
    async with hagen.visit() as browser:
        await enter_half(hagen, browser, anna.id)
        await browser.post("/anmelden/code", code=paper[1])
        assert "Sie haben noch 8 Ersatzcodes" in (await browser.get("/konto/zweiter-schritt")).text
        fresh = re.findall(r"<code>([a-z2-7-]+)</code>", (await browser.post("/konto/zweiter-schritt/codes")).text)
        assert len(fresh) == 10
        assert not set(fresh) & set(paper)


async def test_it_is_turned_on_by_a_right_code_only_and_off_again(hagen: House) -> None:
    anna = hagen.add()
    async with hagen.visit(anna.id) as browser:
        assert (await browser.get("/konto/zweiter-schritt/qr.svg")).status_code == 404
        assert (await browser.post("/konto/zweiter-schritt", code="123456")).status_code == 422
        await browser.post("/konto/zweiter-schritt/codes")
        assert hagen.rows([FactorRow, CodeRow]) == {"FactorRow": 0, "CodeRow": 0}
        await browser.post("/konto/zweiter-schritt/einrichten")
        drawn = await browser.get("/konto/zweiter-schritt/qr.svg")
        assert drawn.headers["content-type"] == "image/svg+xml"
        assert (await browser.post("/konto/zweiter-schritt", code="000000")).status_code == 422
        async with hagen.visit(anna.id) as other:
            assert await other.signed_in(), "not yet asked for"
        secret = base64.b32decode(hagen.write(factors.secret, anna.id))
        right = code(hagen, secret)
        assert "Ihre Ersatzcodes" in (await browser.post("/konto/zweiter-schritt", code=right)).text
        again = await browser.post("/konto/zweiter-schritt", code=right)
        assert (again.status_code, "noch 10 Ersatzcodes" in again.text) == (200, True), "pressed twice"
        assert (await browser.get("/konto/zweiter-schritt/qr.svg")).status_code == 404, "shown once"
        await browser.post("/konto/zweiter-schritt/einrichten")
        assert hagen.write(factors.secret, anna.id) == ""
        await browser.post("/konto/zweiter-schritt/ausschalten")
        assert hagen.rows([FactorRow, CodeRow]) == {"FactorRow": 0, "CodeRow": 0}
        await browser.post("/konto/zweiter-schritt/einrichten")
        tries = [await browser.post("/konto/zweiter-schritt", code="000000") for _ in range(10)]
        assert "Bitte warten Sie" in tries[-1].text


async def test_it_is_advised_to_whom_it_matters(hagen: House) -> None:
    for role, advised in ((Role.OPERATOR, True), (Role.COORDINATOR, True), (Role.MODERATOR, False)):
        async with hagen.visit(hagen.add(f"{role}@b.de", "Anna", Grant(role)).id) as browser:
            assert ("Mit Ihrer Rolle nötig" in (await browser.get("/konto")).text) == advised


async def test_secrets_are_sealed_and_outlive_a_change_of_the_instance_s_secret(hagen: House) -> None:
    anna = hagen.add()
    secret, _ = await turn_on(hagen, anna.id)
    kept = repr(hagen.write(lambda work: [vars(row) for row in work.db.query(FactorRow)]))
    assert base64.b32encode(secret).decode() not in kept
    workshop = hagen.instance.workshop
    workshop.settings = replace(workshop.settings, secret="n" * 40, former_secret=workshop.settings.secret)
    async with hagen.visit() as browser:
        await enter_half(hagen, browser, anna.id)
        assert (await browser.post("/anmelden/code", code=code(hagen, secret))).status_code == 303
    assert hagen.write(factors.seal_all) == 1
    assert hagen.write(factors.seal_all) == 0
    workshop.settings = replace(workshop.settings, former_secret="")
    hagen.clock.forward(minutes=1)
    async with hagen.visit() as browser:
        await enter_half(hagen, browser, anna.id)
        assert (await browser.post("/anmelden/code", code=code(hagen, secret))).status_code == 303
