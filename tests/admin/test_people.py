"""People and roles in the browser, on both databases: found, invited, given and taken roles, signed out, removed."""

import pytest

from fediverse_ehrenamt.accounts import entering, people, roster, store
from fediverse_ehrenamt.accounts.model import FactorRow
from fediverse_ehrenamt.accounts.roster import Sought
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.audit import store as log
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House, link
from tests.mail.postoffice import text_of
from tests.workbench import HOME, Clock, add_organisation

pytestmark = pytest.mark.anyio
PEOPLE = "/verwaltung/personen"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def noted(hagen: House) -> list[tuple[Did, str, str, str]]:
    """Return what stands in the log: what was done, to whom, its subject and the detail, the newest first."""
    return [(one.did, one.label, one.uri, one.detail) for one in hagen.write(log.listing, Wanted())]


def second_step(work: Work, person: str) -> None:
    work.db.add(FactorRow(person=person, secret="", confirmed=True, last_step=0))


async def test_people_are_found_by_name_address_and_role(hagen: House) -> None:
    olga = hagen.add_operator().id
    uri = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    anna = hagen.add("anna@hagen.de", "Änne Lesewelt", Grant(Role.OWNER, uri))
    hagen.add("fritz_50%@hagen.de", "Fritz", Grant(Role.COORDINATOR))
    hagen.add("gast@hagen.de", "Gast")
    hagen.write(second_step, anna.id)
    async with hagen.visit(olga) as browser:
        every = (await browser.get(PEOPLE)).text
        found = (await browser.get(PEOPLE, params={"suche": "änne"})).text
        by_mail = (await browser.get(PEOPLE, params={"suche": "_50%"})).text
        owners = (await browser.get(PEOPLE, params={"rolle": "owner"})).text
        nobodys = (await browser.get(PEOPLE, params={"rolle": "none"})).text
        nothing = await browser.get(PEOPLE, params={"suche": "x" * 5_000, "rolle": "king", "seite": "9" * 30})
    assert "4 Personen" in every
    assert f'href="{PEOPLE}/{anna.id}"' in every
    assert "Stadtbücherei Hagen: verantwortlich" in every
    assert "zweiter Schritt: mit Code" in every
    assert every.count("zweiter Schritt: fehlt") == 2, "Olga and Fritz need one"
    assert every.count("zweiter Schritt: keiner, nicht nötig") == 1, "Gast has no role"
    for text, name in ((found, "Änne"), (by_mail, "Fritz"), (owners, "Änne"), (nobodys, "Gast")):
        assert "1 Person<" in text, name
        assert f"<bdi>{name}" in text
    assert nothing.status_code == 200
    assert "Dazu gibt es hier niemanden." in nothing.text


async def test_the_list_is_paged(hagen: House) -> None:
    olga = hagen.add_operator().id
    for number in range(roster.LISTED):
        hagen.add(f"a{number:03}@b.de", f"Anna {number:03}")
    async with hagen.visit(olga) as browser:
        first = (await browser.get(PEOPLE, params={"suche": "b"})).text
        second = (await browser.get(PEOPLE, params={"suche": "b", "seite": "2"})).text
    assert f'href="{PEOPLE}?suche=b&amp;seite=2">Nächste Seite' in first
    assert "Vorige Seite" not in first
    assert f'href="{PEOPLE}?suche=b">Vorige Seite' in second
    assert "Nächste Seite" not in second
    shown, count = hagen.write(roster.find, Sought(page=2))
    assert (len(shown), count) == (1, roster.LISTED + 1)


async def test_somebody_is_invited_again_and_no_more(hagen: House) -> None:
    olga = hagen.add_operator().id
    async with hagen.visit(olga) as browser:
        await browser.get(f"{PEOPLE}/einladen")
        wrong = await browser.post(f"{PEOPLE}/einladen", mail="clara(at)hagen", rolle="owner")
        sent = await browser.post(f"{PEOPLE}/einladen", mail="Clara@Hagen.de", rolle="coordinator")
        (first,) = await hagen.letters()
        shown = (await browser.get(sent.headers["location"])).text
        hagen.clock.forward(minutes=1)
        await browser.post(f"{PEOPLE}/einladung/erneut", mail="clara@hagen.de", rolle="coordinator")
        (second,) = await hagen.letters()
        await browser.post(f"{PEOPLE}/einladung/zurueckziehen", mail="clara@hagen.de")
        await browser.post(f"{PEOPLE}/einladung/zurueckziehen", mail="clara@hagen.de")
        empty = (await browser.get(PEOPLE)).text
        late = await browser.get(link(second))
        early = await browser.get(link(first))
        again = await browser.post(f"{PEOPLE}/einladen", mail="olga@beispiel.de", rolle="operator")
    assert wrong.status_code == 422
    assert 'value="clara(at)hagen"' in wrong.text
    assert "richtig wäre zum Beispiel anna@beispiel.de" in wrong.text
    assert "Bitte wählen Sie eine der Rollen." in wrong.text
    assert "Die Einladung ist unterwegs." in shown
    assert "von Olga Betrieb" in shown
    assert "Zurzeit wartet keine Einladung" in empty
    assert (late.status_code, early.status_code) == (410, 410)
    assert again.status_code == 422
    assert "hat diese Rolle schon" in again.text
    about = ("clara@hagen.de", "mailto:clara@hagen.de", "Ehrenamtskoordination")
    assert noted(hagen) == [(Did.ROLE_TAKEN, *about), (Did.INVITED, *about), (Did.INVITED, *about)]


async def test_an_invited_address_leaves_the_log_with_its_account(hagen: House) -> None:
    olga = hagen.add_operator().id
    async with hagen.visit(olga) as browser:
        await browser.get(f"{PEOPLE}/einladen")
        await browser.post(f"{PEOPLE}/einladen", mail="clara@hagen.de", rolle="coordinator")
    clara = hagen.add("clara@hagen.de", "Clara").id
    hagen.write(people.remove, clara, ())
    assert noted(hagen) == [(Did.INVITED, "", "", "")]


async def test_roles_are_given_and_taken(hagen: House) -> None:
    olga, anna = hagen.add_operator().id, hagen.add().id
    uri = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    page = f"{PEOPLE}/{anna}"
    async with hagen.visit(olga) as browser:
        assert "Noch keine Rolle" in (await browser.get(page)).text
        faults = [
            await browser.post(f"{page}/rolle", rolle=role, organisation=where)
            for role, where in (("king", ""), ("coordinator", uri), ("editor", ""))
        ]
        stray = await browser.post(f"{page}/rolle", rolle="editor", organisation="https://nowhere.example/x")
        given = await browser.post(f"{page}/rolle", rolle="coordinator")
        await browser.post(f"{page}/rolle", rolle="coordinator")
        await browser.post(f"{page}/rolle", rolle="editor", organisation=uri)
        shown = (await browser.get(given.headers["location"])).text
        first, _second = await hagen.letters()
        await browser.post(f"{page}/rolle-entziehen", rolle="coordinator")
        (last,) = await hagen.letters()
        unknown = await browser.post(f"{page}/rolle-entziehen", rolle="king")
    assert [one.status_code for one in faults] == [422, 422, 422]
    assert stray.status_code == 404
    assert unknown.status_code == 404
    assert "Die Rolle ist vergeben." in shown
    assert "Diese Rolle braucht einen zweiten Schritt." in shown
    told = " ".join(text_of(first).split())
    assert "jetzt diese Rolle: Ehrenamtskoordination." in told
    assert f"Entschieden hat das Olga Betrieb. Bei Fragen, oder wenn es ein Versehen war: {HOME}/impressum" in told
    assert "diese Rolle nicht mehr: Ehrenamtskoordination." in " ".join(text_of(last).split())
    assert hagen.write(people.get, anna).grants == (Grant(Role.EDITOR, uri),)
    assert noted(hagen) == [
        (Did.ROLE_TAKEN, "Anna Beispiel", anna, "Ehrenamtskoordination"),
        (Did.ROLE_GIVEN, "Anna Beispiel", anna, "arbeitet mit"),
        (Did.ROLE_GIVEN, "Anna Beispiel", anna, "Ehrenamtskoordination"),
    ]


async def test_the_last_operator_stays(hagen: House) -> None:
    olga = hagen.add_operator().id
    page = f"{PEOPLE}/{olga}"
    async with hagen.visit(olga) as browser:
        await browser.get(page)
        taken = await browser.post(f"{page}/rolle-entziehen", rolle="operator")
        removed = await browser.post(f"{page}/loeschen")
        hagen.add_operator("otto@beispiel.de")
        gone = await browser.post(f"{page}/rolle-entziehen", rolle="operator")
        assert (await browser.get(PEOPLE)).status_code == 403
    for answer in (taken, removed):
        assert answer.status_code == 409
        assert "wenn noch jemand die Rolle „Betrieb des Portals“ hat" in answer.text
    assert gone.headers["location"] == "/konto"


async def test_somebody_is_signed_out_everywhere(hagen: House) -> None:
    olga, anna = hagen.add_operator().id, hagen.add().id
    hagen.write(entering.begin, anna, "")
    async with hagen.visit(anna) as hers, hagen.visit(olga) as browser:
        assert "An allen 2 Stellen abmelden" in (await browser.get(f"{PEOPLE}/{anna}")).text
        done = await browser.post(f"{PEOPLE}/{anna}/abmelden")
        told = (await browser.get(done.headers["location"])).text
        assert not await hers.signed_in()
    assert "An 2 Stellen abgemeldet." in told
    assert "Zurzeit nirgends angemeldet." in told
    assert hagen.write(store.sessions, anna) == []


async def test_an_account_is_removed_after_a_question(hagen: House) -> None:
    olga, anna = hagen.add_operator().id, hagen.add().id
    async with hagen.visit(olga) as browser:
        asked = (await browser.get(f"{PEOPLE}/{anna}/loeschen")).text
        assert hagen.write(people.find_by_mail, "anna@beispiel.de") is not None
        gone = await browser.post(f"{PEOPLE}/{anna}/loeschen")
        told = (await browser.get(gone.headers["location"])).text
        twice = await browser.post(f"{PEOPLE}/{anna}/loeschen")
    assert "anna@beispiel.de" in asked
    assert "Das lässt sich nicht rückgängig machen." in asked
    assert "Das Konto ist gelöscht." in told
    assert twice.status_code == 404
    assert hagen.write(people.find_by_mail, "anna@beispiel.de") is None
    assert noted(hagen) == [(Did.PERSON_REMOVED, "", "", "")]


async def test_the_pages_speak_english(hagen: House) -> None:
    olga = hagen.add_operator().id
    async with hagen.visit(olga) as browser:
        text = (await browser.get(PEOPLE, params={"sprache": "en"})).text
    assert i18n.language("en").gettext("Offene Einladungen") in text
    assert "Offene Einladungen" not in text


async def test_who_is_removed_reads_why_in_their_language(hagen: House) -> None:
    olga, anna = hagen.add_operator().id, hagen.add(language="en").id
    page = f"{PEOPLE}/{anna}/loeschen"
    async with hagen.visit(olga) as browser:
        assert "Die Person bekommt eine E-Mail" in (await browser.get(page)).text
        long = await browser.post(page, text="x" * 1_001)
        assert long.status_code == 422
        assert "ist länger als 1.000 Zeichen" in long.text
        assert f">{'x' * 1_001}</textarea>" in long.text
        assert await hagen.letters() == []
        await browser.post(page, text="Two accounts of one person.\r\nWe kept the other.")
        assert (await browser.post(page, text="again")).status_code == 404
    (letter,) = await hagen.letters()
    assert (letter["To"], letter["Content-Language"]) == ("anna@beispiel.de", "en")
    assert letter["Subject"] == "Your account with “Ehrenamt Hagen” is deleted"
    said = " ".join(text_of(letter).split())
    assert "This was decided by the administration of this site." in said
    assert "Reason: Two accounts of one person. We kept the other." in said
    assert f"Whom you can ask: {HOME}/impressum" in said
    assert hagen.rows([JobRow]) == {"JobRow": 0}, "the address is nowhere any more"


async def test_who_removes_themselves_needs_no_letter(hagen: House) -> None:
    olga = hagen.add_operator().id
    hagen.add_operator("otto@beispiel.de")
    page = f"{PEOPLE}/{olga}/loeschen"
    async with hagen.visit(olga) as browser:
        assert "Die Person bekommt eine E-Mail" not in (await browser.get(page)).text
        assert (await browser.post(page)).is_redirect
    assert await hagen.letters() == []
