"""What is one's own: all of it in a file, and nothing left when somebody goes."""

import pytest
from sqlalchemy import Table, func, select

from fediverse_ehrenamt.accounts import inviting
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.wiring import TABLES
from fediverse_ehrenamt.work import Work
from tests.accounts.house import ANNA, FIREFOX, House
from tests.accounts.test_factors import turn_on
from tests.accounts.test_passwords import GOOD, set_password
from tests.mail.postoffice import text_of
from tests.workbench import Clock, add_keyless

pytestmark = pytest.mark.anyio
OURS = [table for name, table in TABLES.tables.items() if name.startswith("people")]


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def left(hagen: House) -> dict[str, int]:
    """Count what is in the tables of people, all that there are."""

    def count(work: Work, table: Table) -> int:
        return work.db.scalars(select(func.count()).select_from(table)).one()

    return {table.name: hagen.write(count, table) for table in OURS}


async def test_all_that_is_kept_is_handed_out(hagen: House) -> None:
    library = hagen.write(add_keyless)
    anna = hagen.add(ANNA, "Anna Beispiel", Grant(Role.OWNER, library))
    await set_password(hagen, anna.id)
    hagen.write(inviting.invite, "bert@beispiel.de", Grant(Role.EDITOR, library), anna.id)
    async with hagen.visit(anna.id) as browser:
        answer = await browser.get("/konto/daten.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="ehrenamt-konto.json"'
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()
    assert (found["name"], found["mail"], found["language"]) == ("Anna Beispiel", ANNA, "de")
    assert found["roles"] == [{"role": "owner", "organisation": library, "name": "Stadtbücherei Hagen"}]
    assert found["sign_ins"][0]["browser"] == "Firefox"
    assert found["invitations"][0]["mail"] == "bert@beispiel.de"
    assert (found["second_step"], found["passkeys"]) == (False, [])
    assert found["password_since"].startswith("2026-11-22")
    assert "argon2" not in answer.text


async def test_who_goes_leaves_nothing(hagen: House) -> None:
    anna = hagen.add(ANNA, "Anna", Grant(Role.OWNER, hagen.write(add_keyless)))
    await set_password(hagen, anna.id)
    async with hagen.visit(anna.id) as browser, hagen.visit(anna.id, agent=FIREFOX) as elsewhere:
        await browser.post("/konto/passkeys/start")
        await turn_on(hagen, anna.id)
        asked = await browser.get("/konto/loeschen")
        assert "Ja, mein Konto löschen" in asked.text
        assert await elsewhere.signed_in(), "asking does nothing"
        gone = await browser.post("/konto/loeschen")
        assert (gone.status_code, "Ihr Konto ist gelöscht" in gone.text) == (200, True)
        assert 'href="/anmelden"' in gone.text
        assert browser.token == ""
        assert not await elsewhere.signed_in()
    assert set(left(hagen).values()) == {0}, left(hagen)
    async with hagen.visit() as browser:
        assert (await browser.post("/anmelden/passwort", mail=ANNA, passwort=GOOD)).status_code == 422


async def test_who_leaves_an_organisation_alone_is_told_so_before(hagen: House) -> None:
    library = hagen.write(add_keyless)
    anna = hagen.add(ANNA, "Anna", Grant(Role.OWNER, library))
    hagen.add("eva@beispiel.de", "Eva", Grant(Role.EDITOR, library))
    async with hagen.visit(anna.id) as browser:
        assert "niemand mehr verantwortlich" in (await browser.get("/konto/loeschen")).text
        hagen.add("berta@beispiel.de", "Berta", Grant(Role.OWNER, library))
        assert "niemand mehr verantwortlich" not in (await browser.get("/konto/loeschen")).text


async def test_coordinators_hear_of_an_organisation_without_anybody(hagen: House) -> None:
    library = hagen.write(add_keyless)
    clara = hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id
    eva, anna = [hagen.add(mail, "Eva", Grant(Role.OWNER, library)).id for mail in ("eva@beispiel.de", ANNA)]
    shown = "/verwaltung/alle-organisationen/buecherei"
    async with hagen.visit(eva) as browser:
        await browser.post("/konto/loeschen")
    assert await hagen.letters() == [], "Anna is still there"
    async with hagen.visit(clara) as browser:
        assert "Hier ist niemand verantwortlich." not in (await browser.get(shown)).text
        async with hagen.visit(anna) as other:
            await other.post("/konto/loeschen")
        (letter,) = await hagen.letters()
        assert (letter["To"], letter["Subject"]) == (
            "clara@hagen.de", "Für „Stadtbücherei Hagen“ ist niemand mehr verantwortlich",
        )  # fmt: skip
        assert ANNA not in text_of(letter), "nothing about who has left"
        team = "/verwaltung/organisationen/buecherei/team"
        assert team in text_of(letter)
        assert (await browser.get(team)).status_code == 200
        assert "Hier ist niemand verantwortlich." in (await browser.get(shown)).text


async def test_the_last_operator_is_told_why_not(hagen: House) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:
        asked = await browser.get("/konto/loeschen")
        assert "wenn noch jemand die Rolle „Betrieb des Portals“ hat" in asked.text
        assert "Ja, mein Konto löschen" not in asked.text, "what is not possible is not asked"
        page = await browser.post("/konto/loeschen")
        assert page.status_code == 409
        for shown in (asked, page):
            assert 'href="/konto/daten.json"' in shown.text
            assert "Zurück zu Ihrem Konto" in shown.text
        assert "wenn noch jemand die Rolle „Betrieb des Portals“ hat" in page.text
        assert await browser.signed_in()
