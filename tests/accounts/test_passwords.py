"""Passwords: what is refused, how they are kept, signing in with one, and how often it may be tried."""

import re
from collections.abc import AsyncIterator

import pytest
from argon2 import extract_parameters

from fediverse_ehrenamt.accounts import passwords, rules
from fediverse_ehrenamt.accounts.model import PasswordRow
from fediverse_ehrenamt.accounts.passwords import Held
from fediverse_ehrenamt.accounts.rules import Weakness
from fediverse_ehrenamt.instance import Instance
from tests.accounts.house import ANNA, House, Visit
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
GOOD = "vier Wörter sind besser"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


@pytest.fixture
async def browser(hagen: House) -> AsyncIterator[Visit]:
    async with hagen.visit() as made:
        yield made


async def set_password(hagen: House, person: str, password: str = GOOD) -> None:
    async with hagen.visit(person) as signed_in:
        assert (await signed_in.post("/konto/passwort", passwort=password)).status_code == 303


@pytest.mark.parametrize(
    ("password", "weak"),
    [
        (GOOD, None),
        ("correct horse battery", None),
        ("anna mag grüne Äpfel", None),
        ("k7!bX2qLw9", None),
        ("123456789", Weakness.SHORT),
        ("x" * 201, Weakness.LONG),
        ("Beispiel-Anna", Weakness.OWN),
        ("anna@beispiel.de", Weakness.OWN),
        ("aaaaaaaaaaaa", Weakness.PLAIN),
        ("abcdeabcdeabcde", Weakness.PLAIN),
        ("1234567890", Weakness.PLAIN),
        ("0987654321", Weakness.PLAIN),
        ("qwertzuiopq", Weakness.PLAIN),
        ("abcdefghijk", Weakness.PLAIN),
    ],
)
def test_what_is_easy_to_guess_is_refused(password: str, weak: Weakness | None) -> None:
    assert rules.weakness(password, "Anna Beispiel", ANNA) is weak


def test_they_are_kept_as_argon2id_leaves_them() -> None:
    kept = passwords.digest(GOOD)
    parameters = extract_parameters(kept)
    assert kept.startswith("$argon2id$")
    assert (parameters.memory_cost, parameters.time_cost) >= (19_456, 2)
    assert passwords.digest(GOOD) != kept, "salted"
    assert passwords.fits(Held("1", kept), GOOD)
    assert passwords.fits(Held("1", kept), GOOD.replace("ö", "o\u0308")), "as another keyboard types it"
    assert not passwords.fits(Held("1", kept), GOOD.lower())
    assert not passwords.fits(Held("1", "broken"), GOOD)
    assert not passwords.fits(Held("", ""), "the password of nobody")


async def test_a_password_is_set_used_changed_and_removed(hagen: House, browser: Visit) -> None:
    anna = hagen.add()
    async with hagen.visit(anna.id) as desk, hagen.visit(anna.id) as lost:
        assert "Passwort festlegen" in (await desk.get("/konto/passwort")).text
        assert (await desk.post("/konto/passwort", passwort=GOOD)).headers["location"] == "/konto?fertig=1"
        assert not await lost.signed_in(), "who had found a way in is out again"
        assert GOOD not in repr(hagen.write(lambda work: [vars(row) for row in work.db.query(PasswordRow)]))
        await browser.get("/anmelden?weiter=/ueber")
        entered = await browser.post("/anmelden/passwort?weiter=/ueber", mail=" Anna@Beispiel.de ", passwort=GOOD)
        assert (entered.status_code, entered.headers["location"]) == (303, "/ueber")
        assert await browser.signed_in()
        assert "Passwort ändern" in (await desk.get("/konto/passwort")).text
        await desk.post("/konto/passwort", passwort="etwas ganz anderes")
        async with hagen.visit() as other:
            assert (await other.post("/anmelden/passwort", mail=ANNA, passwort=GOOD)).status_code == 422
            entered = await other.post("/anmelden/passwort", mail=ANNA, passwort="etwas ganz anderes")
            assert entered.status_code == 303
        await desk.post("/konto/passwort/entfernen")
        async with hagen.visit() as other:
            page = await other.post("/anmelden/passwort", mail=ANNA, passwort="etwas ganz anderes")
            assert page.status_code == 422
    assert hagen.rows([PasswordRow]) == {"PasswordRow": 0}


@pytest.mark.parametrize("password", ["", "kurz", "Anna Beispiel", "1111111111", "x" * 201])
async def test_a_weak_one_is_not_taken(hagen: House, password: str) -> None:
    async with hagen.visit(hagen.add().id) as browser:
        page = await browser.post("/konto/passwort", passwort=password)
        assert page.status_code == 422
        assert 'id="passwort-problem"' in page.text
        assert not password or f'value="{password}"' not in page.text
    assert hagen.rows([PasswordRow]) == {"PasswordRow": 0}


async def test_nobody_learns_what_was_wrong(hagen: House) -> None:
    await set_password(hagen, hagen.add().id)
    hagen.add("ohne@beispiel.de", "Ohne Passwort")
    pages = []
    for number, mail in enumerate((ANNA, "ohne@beispiel.de", "bert@beispiel.de")):
        async with hagen.visit(at=f"192.0.2.{number}") as browser:
            page = await browser.post("/anmelden/passwort", mail=mail, passwort="ein falsches")
            assert page.status_code == 422
            assert "passen nicht zusammen" in page.text
            assert "<details" in page.text
            assert re.search(r"<details[^>]* open", page.text)
            pages.append(page.text.replace(f'value="{mail}"', ""))
            assert not await browser.signed_in()
    assert pages[0] == pages[1] == pages[2]
    async with hagen.visit() as browser:
        assert (await browser.post("/anmelden/passwort", mail="anna", passwort="")).status_code == 422


async def test_one_client_cannot_try_many(hagen: House, browser: Visit) -> None:
    await set_password(hagen, hagen.add().id)
    for number in range(10):
        await browser.post("/anmelden/passwort", mail=f"a{number}@b.de", passwort="ein falsches")
    page = await browser.post("/anmelden/passwort", mail=ANNA, passwort=GOOD)
    assert (page.status_code, "Bitte warten Sie" in page.text) == (429, True)


async def test_many_clients_cannot_try_one(hagen: House) -> None:
    await set_password(hagen, hagen.add().id)
    for number in range(10):
        async with hagen.visit(at=f"192.0.2.{number}") as browser:
            await browser.post("/anmelden/passwort", mail=ANNA, passwort="ein falsches")
    async with hagen.visit(at="192.0.2.99") as browser:
        assert (await browser.post("/anmelden/passwort", mail=ANNA.upper(), passwort=GOOD)).status_code == 429
        assert (await browser.post("/anmelden", mail=ANNA)).status_code == 200, "the link is still there"
        hagen.clock.forward(minutes=10)
        assert (await browser.post("/anmelden/passwort", mail=ANNA, passwort=GOOD)).status_code == 303
