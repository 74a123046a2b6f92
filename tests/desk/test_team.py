"""Colleagues of an organisation, on both databases: invited, given roles, removed, leaving; and all of it noted."""

import pytest

from fediverse_ehrenamt.accounts import inviting, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict, NotFound
from fediverse_ehrenamt.organisations import actions as organisations
from tests.accounts.house import House, link
from tests.mail.postoffice import text_of
from tests.workbench import HOME as HOST
from tests.workbench import Clock, add_keyless

pytestmark = pytest.mark.anyio
HOME = "/verwaltung/organisationen/buecherei"
TEAM = f"{HOME}/team"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


@pytest.fixture
def library(hagen: House) -> str:
    return hagen.write(add_keyless)


def roles(hagen: House, library: str) -> dict[str, str]:
    found = hagen.write(people.colleagues, library)
    return {one.name: str(grant.role) for one in found for grant in one.grants if grant.organisation == library}


async def test_an_owner_invites_resends_and_takes_back(hagen: House, library: str) -> None:
    anna = hagen.add("anna@b.de", "Anna", Grant(Role.OWNER, library)).id
    async with hagen.visit(anna) as browser:
        assert "Noch einmal schicken" not in (await browser.get(TEAM)).text
        wrong = await browser.post(f"{TEAM}/einladen", mail="berta(at)b.de", rolle="owner")
        assert (wrong.status_code, "berta(at)b.de" in wrong.text) == (422, True)
        assert 'value="owner" selected' in wrong.text
        assert (await browser.post(f"{TEAM}/einladen", mail="berta@b.de", rolle="owner")).is_redirect
        (first,) = await hagen.letters()
        page = (await browser.get(f"{TEAM}?getan=einladen")).text
        assert "berta@b.de" in page
        assert "Die Einladung ist unterwegs." in page
        assert (await browser.post(f"{TEAM}/einladen", mail="BERTA@b.de", rolle="owner")).is_redirect, "a double click"
        assert await hagen.letters() == []
        hagen.clock.forward(minutes=1)
        assert (await browser.post(f"{TEAM}/einladung", mail="berta@b.de", was="erneut")).is_redirect
        (second,) = await hagen.letters()
        async with hagen.visit() as other:
            assert (await other.get(link(first))).status_code == 410
            assert (await other.post(link(second), name="Berta")).is_redirect
        assert roles(hagen, library) == {"Anna": "owner", "Berta": "owner"}
        twice = await browser.post(f"{TEAM}/einladen", mail="berta@b.de", rolle="owner")
        assert twice.status_code == 409
        await browser.post(f"{TEAM}/einladen", mail="carla@b.de", rolle="operator")
        assert [(one.mail, one.role) for one in hagen.write(inviting.listing, library)] == [("carla@b.de", Role.EDITOR)]
        for _twice in range(2):
            assert (await browser.post(f"{TEAM}/einladung", mail="carla@b.de", was="zurueckziehen")).is_redirect
    assert hagen.write(inviting.listing, library) == []
    assert [(one.did, one.detail) for one in hagen.write(audit.listing, Wanted())] == [
        (Did.INVITED, "editor"), (Did.INVITED, "owner"), (Did.INVITED, "owner"),
    ]  # fmt: skip


async def test_the_last_owner_stays_until_there_is_another(hagen: House, library: str) -> None:
    anna = hagen.add("anna@b.de", "Anna", Grant(Role.OWNER, library)).id
    berta = hagen.add("berta@b.de", "Berta", Grant(Role.EDITOR, library)).id
    async with hagen.visit(anna) as browser:
        await browser.get(TEAM)
        for answer in (
            await browser.post(f"{TEAM}/rolle", person=anna, rolle="editor"),
            await browser.post(f"{TEAM}/entfernen/{anna}"),
            await browser.post(f"{TEAM}/austreten"),
        ):
            assert (answer.status_code, "noch jemand verantwortlich" in answer.text) == (409, True)
        asked = (await browser.get(f"{TEAM}/austreten")).text
        assert "noch jemand verantwortlich" in asked
        assert f'href="{TEAM}"' in asked
        assert "Ja, austreten" not in asked, "what is not possible is not asked"
        assert (await browser.post(f"{TEAM}/rolle", person=berta, rolle="owner")).is_redirect
        assert "Ja, austreten" in (await browser.get(f"{TEAM}/austreten")).text
        left = (await browser.post(f"{TEAM}/austreten")).headers["location"]
        assert left == "/verwaltung/organisationen?getan=austreten"
        assert "Sie sind ausgetreten." in (await browser.get(left)).text
        assert (await browser.get(TEAM)).status_code == 403
    assert roles(hagen, library) == {"Berta": "owner"}
    found = [(one.did, one.label, one.detail) for one in hagen.write(audit.listing, Wanted())]
    assert found == [(Did.ROLE_TAKEN, "Anna", "owner"), (Did.ROLE_GIVEN, "Berta", "owner")]


async def test_who_goes_is_told_that_enquiries_go_on_to_their_address(hagen: House, library: str) -> None:
    anna = hagen.add("anna@b.de", "Anna", Grant(Role.OWNER, library)).id
    berta = hagen.add("berta@b.de", "Berta", Grant(Role.OWNER, library)).id
    hagen.write(organisations.set_mail, library, "anna@b.de")
    async with hagen.visit(anna) as browser, hagen.visit(berta) as other:
        said = "Anfragen an die Organisation gehen bisher an"
        assert f"{said} Ihre Adresse, anna@b.de" in (await browser.get(f"{TEAM}/austreten")).text
        assert said not in (await other.get(f"{TEAM}/austreten")).text
        assert f"{said} die Adresse dieser Person, anna@b.de" in (await other.get(f"{TEAM}/entfernen/{anna}")).text
        assert said not in (await browser.get(f"{TEAM}/entfernen/{berta}")).text


async def test_a_coordinator_of_a_town_without_organisations_is_led_to_where_they_are_added(hagen: House) -> None:
    clara = hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id
    async with hagen.visit(clara) as browser:
        for path in ("/verwaltung/organisationen", "/verwaltung/alle-organisationen"):
            page = (await browser.get(path)).text
            assert "Noch gibt es hier keine Organisation." in page
            assert 'href="/verwaltung/antraege/neu"' in page.partition("<main")[2]
        assert "Organisation anlegen und einladen" in (await browser.get("/verwaltung/antraege/neu")).text
        assert "Dazu gibt es hier keine" in (await browser.get("/verwaltung/alle-organisationen?suche=x")).text


async def test_a_coordinator_removes_somebody_and_it_is_noted(hagen: House, library: str) -> None:
    hagen.add("anna@b.de", "Anna", Grant(Role.OWNER, library))
    berta = hagen.add("berta@b.de", "Berta", Grant(Role.EDITOR, library)).id
    clara = hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id
    async with hagen.visit(berta) as browser:
        assert (await browser.get(TEAM)).status_code == 403
        assert f"{TEAM}/austreten" in (await browser.get(HOME)).text
    async with hagen.visit(clara) as browser:
        assert "Berta aus dem Team entfernen?" in (await browser.get(f"{TEAM}/entfernen/{berta}")).text
        assert (await browser.post(f"{TEAM}/entfernen/{berta}")).is_redirect
        assert (await browser.post(f"{TEAM}/entfernen/{berta}")).status_code == 404
        for elsewhere in (berta, clara, "niemand"):
            page = await browser.get(f"{TEAM}/entfernen/{elsewhere}")
            assert (page.status_code, "Berta" in page.text) == (404, False), "nobody's name for whoever has an id"
        assert f"{HOME}/profil" in (await browser.get(HOME)).text
    assert roles(hagen, library) == {"Anna": "owner"}
    (entry,) = hagen.write(audit.listing, Wanted())
    assert (entry.did, entry.on_behalf, entry.person, entry.organisation) == (Did.ROLE_TAKEN, True, clara, library)


async def test_whose_role_others_change_is_written_to(hagen: House, library: str) -> None:
    anna = hagen.add("anna@b.de", "Anna", Grant(Role.OWNER, library)).id
    berta = hagen.add("berta@b.de", "Berta", Grant(Role.EDITOR, library)).id
    async with hagen.visit(anna) as browser, hagen.visit(berta) as other:
        await browser.get(TEAM)
        await browser.post(f"{TEAM}/rolle", person=berta, rolle="owner")
        (given,) = await hagen.letters()
        await browser.post(f"{TEAM}/rolle", person=berta, rolle="owner")
        assert await hagen.letters() == [], "nothing has changed"
        assert (await other.get(TEAM)).status_code == 200
        await browser.post(f"{TEAM}/rolle", person=berta, rolle="editor")
        (less,) = await hagen.letters()
        assert (await other.get(TEAM)).status_code == 403
        await browser.post(f"{TEAM}/entfernen/{berta}")
        (taken,) = await hagen.letters()
        assert (await other.get(HOME)).status_code == 403, "at once, in the session that goes on"
        assert (await other.get("/konto")).status_code == 200
    assert {one["To"] for one in (given, less, taken)} == {"berta@b.de"}
    assert given["Subject"] == "Ihre Rolle bei „Stadtbücherei Hagen“ hat sich geändert"
    for letter, said in ((given, "auch das Profil ändern"), (less, "Profil und Team"), (taken, "nichts mehr ansehen")):
        words = " ".join(text_of(letter).split())
        assert said in words
        assert "Entschieden hat das Anna." in words
        assert f"{HOST}/organisationen/buecherei" in words


async def test_what_a_coordinator_decides_about_a_role_is_asked_of_the_instance(hagen: House, library: str) -> None:
    anna = hagen.add("anna@b.de", "Anna", Grant(Role.OWNER, library)).id
    hagen.add("dora@b.de", "Dora", Grant(Role.OWNER, library))
    clara = hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id
    async with hagen.visit(clara) as browser:
        await browser.get(TEAM)
        await browser.post(f"{TEAM}/rolle", person=anna, rolle="editor")
    (letter,) = await hagen.letters()
    words = " ".join(text_of(letter).split())
    assert "Entschieden hat das die Verwaltung dieses Portals." in words
    assert f"{HOST}/impressum" in words


async def test_whoever_leaves_by_themselves_gets_no_letter(hagen: House, library: str) -> None:
    hagen.add("anna@b.de", "Anna", Grant(Role.OWNER, library))
    berta = hagen.add("berta@b.de", "Berta", Grant(Role.OWNER, library)).id
    async with hagen.visit(berta) as browser:
        await browser.get(TEAM)
        await browser.post(f"{TEAM}/rolle", person=berta, rolle="editor")
        await browser.post(f"{TEAM}/austreten")
    assert roles(hagen, library) == {"Anna": "owner"}
    assert await hagen.letters() == []


def test_roles_of_strangers_are_not_changed(hagen: House, library: str) -> None:
    anna = hagen.add("anna@b.de", "Anna", Grant(Role.OWNER, library)).id
    carla = hagen.add("carla@b.de", "Carla").id
    with pytest.raises(NotFound):
        hagen.write(people.change_role, carla, Grant(Role.OWNER, library))
    assert hagen.write(people.change_role, anna, Grant(Role.OWNER, library)) is False
    with pytest.raises(Conflict):
        hagen.write(people.leave, anna, library)
