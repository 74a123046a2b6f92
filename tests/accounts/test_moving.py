"""A new mail address, on both databases: confirmed from there, stopped from the former one, whoever had it before."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest

from fediverse_ehrenamt.accounts import entering, people, rules
from fediverse_ehrenamt.accounts.model import MoveRow
from fediverse_ehrenamt.instance import Instance
from tests.accounts.house import ANNA, House, Visit
from tests.mail.postoffice import text_of
from tests.workbench import HOME, Clock

pytestmark = pytest.mark.anyio
NEW = "anna.neu@beispiel.de"
_LINK = re.compile(rf"{HOME}(/neue-adresse(?:-stoppen)?/[a-z2-7]{{32}})$", re.MULTILINE)


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def link(letter: EmailMessage) -> str:
    (found,) = _LINK.findall(text_of(letter))
    return str(found)


async def wish(hagen: House, browser: Visit, mail: str = NEW) -> dict[str, EmailMessage]:
    """Ask for a new address; return the letters by their recipients."""
    await browser.get("/konto/adresse")
    answer = await browser.post("/konto/adresse", mail=mail)
    assert answer.status_code == 200
    assert "Bitte sehen Sie in das neue Postfach" in answer.text
    return {letter["To"]: letter for letter in await hagen.letters()}


async def press(hagen: House, path: str) -> str:
    async with hagen.visit() as browser:
        assert (await browser.get(path)).status_code == 200
        answer = await browser.post(path)
    return answer.text


async def test_it_counts_once_it_is_confirmed(hagen: House) -> None:
    anna = hagen.add().id
    async with hagen.visit(anna) as browser:
        letters = await wish(hagen, browser, f" {NEW.upper()} ")
        assert ANNA in (await browser.get("/konto")).text
        assert NEW in text_of(letters[ANNA])
        path = link(letters[NEW])
        async with hagen.visit() as scanner:
            assert NEW in (await scanner.get(path)).text
        assert hagen.write(people.get, anna).mail == ANNA, "looking changes nothing"
        assert "Die neue Adresse gilt" in await press(hagen, path)
        assert NEW in (await browser.get("/konto")).text
        assert (await browser.get("/konto/daten.json")).json()["address_changes"] == [
            {"to": NEW, "from": ANNA, "confirmed": True}
        ]
        assert (await browser.get(path)).status_code == 410, "a second time"
    assert hagen.write(people.find_by_mail, ANNA) is None


async def test_nothing_reveals_whether_an_address_has_an_account(hagen: House) -> None:
    anna = hagen.add().id
    hagen.add("bert@beispiel.de", "Bert")
    async with hagen.visit(anna) as browser:
        taken = await wish(hagen, browser, "bert@beispiel.de")
        free = await wish(hagen, browser)
    assert set(taken) == {ANNA, "bert@beispiel.de"}
    assert set(free) == {ANNA, NEW}
    assert "schon ein Konto" in " ".join(text_of(taken["bert@beispiel.de"]).split())
    assert not _LINK.findall(text_of(taken["bert@beispiel.de"]))
    assert hagen.rows([MoveRow]) == {"MoveRow": 1}, "the newest wish alone"


async def test_the_former_address_stops_it(hagen: House) -> None:
    anna = hagen.add().id
    async with hagen.visit(anna) as thief:
        letters = await wish(hagen, thief)
        assert "ist gestoppt" in await press(hagen, link(letters[ANNA]))
        assert not await thief.signed_in()
    async with hagen.visit() as browser:
        assert (await browser.get(link(letters[NEW]))).status_code == 410
        assert (await browser.post(link(letters[NEW]))).status_code == 410
        assert (await browser.post(link(letters[ANNA]))).status_code == 410
    assert hagen.write(people.get, anna).mail == ANNA


async def test_the_former_address_takes_it_back_whatever_was_done_since(hagen: House, clock: Clock) -> None:
    anna = hagen.add().id
    async with hagen.visit(anna) as thief:
        letters = await wish(hagen, thief)
        await press(hagen, link(letters[NEW]))
        further = await wish(hagen, thief, "dieb@beispiel.de")
        await press(hagen, link(further["dieb@beispiel.de"]))
        assert hagen.write(people.get, anna).mail == "dieb@beispiel.de"
        clock.now += rules.MOVE_STOPS - timedelta(minutes=1)
        hagen.tidy()
        assert "ist gestoppt" in await press(hagen, link(letters[ANNA]))
        assert not await thief.signed_in()
        assert (await thief.post(link(further[NEW]))).status_code == 410
    assert hagen.write(people.get, anna).mail == ANNA


async def test_a_link_is_over_after_a_day(hagen: House, clock: Clock) -> None:
    anna = hagen.add().id
    async with hagen.visit(anna) as browser:
        letters = await wish(hagen, browser)
        clock.now += rules.MOVE_HOLDS
        for path in (link(letters[NEW]), link(letters[ANNA]), "/neue-adresse/x", "/neue-adresse-stoppen/x"):
            assert (await browser.get(path)).status_code == 410
            assert "können eine neue angeben" in (await browser.get(path)).text
    hagen.tidy()
    assert hagen.rows([MoveRow]) == {"MoveRow": 0}


async def test_an_address_that_was_taken_meanwhile_stays_with_its_owner(hagen: House) -> None:
    anna = hagen.add().id
    async with hagen.visit(anna) as browser:
        letters = await wish(hagen, browser)
        hagen.add(NEW, "Anna Neu")
        assert (await browser.post(link(letters[NEW]))).status_code in {403, 410}
    async with hagen.visit() as stranger:
        assert (await stranger.post(link(letters[NEW]))).status_code == 410
    assert hagen.write(people.get, anna).mail == ANNA


@pytest.mark.parametrize(
    ("mail", "said"),
    [("anna(at)beispiel", "keine Mailadresse"), ("", "keine Mailadresse"), (ANNA, "schon die Adresse")],
)
async def test_what_is_no_new_address_is_said(hagen: House, mail: str, said: str) -> None:
    async with hagen.visit(hagen.add().id) as browser:
        await browser.get("/konto/adresse")
        answer = await browser.post("/konto/adresse", mail=mail)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{mail}"' in answer.text
    assert await hagen.letters() == []


async def test_wishes_are_bounded_and_leave_with_their_owner(hagen: House) -> None:
    anna = hagen.add().id
    async with hagen.visit(anna) as browser:
        for number in range(5):
            await wish(hagen, browser, f"anna{number}@beispiel.de")
        assert (await browser.post("/konto/adresse", mail=NEW)).status_code == 429
    hagen.write(people.remove, anna, ())
    assert hagen.rows([MoveRow]) == {"MoveRow": 0}


async def test_a_link_to_sign_in_goes_to_the_address_that_counts(hagen: House) -> None:
    anna = hagen.add().id
    async with hagen.visit(anna) as browser:
        letters = await wish(hagen, browser)
    await press(hagen, link(letters[NEW]))
    for mail, count in ((ANNA, 0), (NEW, 1)):
        hagen.write(entering.ask, entering.Asked(mail, "/konto"))
        assert len(await hagen.letters()) == count
