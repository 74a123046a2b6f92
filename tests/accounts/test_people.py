"""People, roles and invitations: added, changed, invited, erased, on both databases."""

from collections.abc import AsyncIterator

import pytest

from fediverse_ehrenamt.accounts import inviting, people, rules
from fediverse_ehrenamt.accounts.model import GrantRow, InvitationRow, LinkRow, PersonRow, SessionRow
from fediverse_ehrenamt.accounts.rules import Grant, Permission, Role
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.rules import Ground
from tests.accounts.house import ANNA, House, Visit, link
from tests.mail.postoffice import text_of
from tests.workbench import Clock, add_keyless

pytestmark = pytest.mark.anyio
ALL = (PersonRow, GrantRow, SessionRow, LinkRow, InvitationRow)


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


@pytest.fixture
async def browser(hagen: House) -> AsyncIterator[Visit]:
    async with hagen.visit() as made:
        yield made


@pytest.fixture
def library(hagen: House) -> str:
    return hagen.write(add_keyless)


def names(found: list[people.Person]) -> list[str]:
    return [one.name for one in found]


async def test_everybody_has_one_account_for_an_address(hagen: House) -> None:
    hagen.add("Anna@Beispiel.de")
    assert hagen.write(people.get_by_mail, "ANNA@beispiel.de").mail == ANNA
    with pytest.raises(Conflict, match="schon ein Konto"):
        hagen.add("ANNA@beispiel.de")
    with pytest.raises(Invalid, match="richtig wäre zum Beispiel"):
        hagen.add("anna")
    with pytest.raises(NotFound):
        hagen.write(people.get_by_mail, "bert@beispiel.de")
    with pytest.raises(NotFound):
        hagen.write(people.get, "x")


async def test_who_may_is_asked_by_whoever_writes_to_them(hagen: House, library: str) -> None:
    other = hagen.write(add_keyless, "thw", "THW")
    hagen.add_operator()
    hagen.add("c@b.de", "Carla", Grant(Role.COORDINATOR), Grant(Role.MODERATOR))
    hagen.add("e@b.de", "Emil", Grant(Role.EDITOR, library))
    hagen.add("w@b.de", "Wanda", Grant(Role.OWNER, other), Grant(Role.EDITOR, library))
    assert names(hagen.write(people.who_may, Permission.MODERATE)) == ["Carla", "Olga Betrieb"]
    assert names(hagen.write(people.who_may, Permission.ANSWER_ENQUIRIES, library)) == ["Carla", "Emil", "Wanda"]
    assert names(hagen.write(people.who_may, Permission.MANAGE_COLLEAGUES, library)) == ["Carla"]
    assert names(hagen.write(people.colleagues, library)) == ["Emil", "Wanda"]
    assert names(hagen.write(people.listing)) == ["Carla", "Emil", "Olga Betrieb", "Wanda"]


async def test_in_an_organisation_somebody_has_one_role(hagen: House, library: str) -> None:
    anna = hagen.add(ANNA, "Anna", Grant(Role.EDITOR, library), Grant(Role.MODERATOR), Grant(Role.MODERATOR))
    hagen.write(people.grant, anna.id, Grant(Role.OWNER, library))
    assert set(hagen.write(people.get, anna.id).grants) == {Grant(Role.OWNER, library), Grant(Role.MODERATOR)}
    assert hagen.write(people.revoke, anna.id, Grant(Role.MODERATOR))
    assert not hagen.write(people.revoke, anna.id, Grant(Role.MODERATOR))
    assert hagen.write(people.get, anna.id).grants == (Grant(Role.OWNER, library),)


async def test_a_role_that_is_taken_is_gone_at_once(hagen: House) -> None:
    hagen.add_operator()
    anna = hagen.add(ANNA, "Anna", Grant(Role.OPERATOR))
    async with hagen.visit(anna.id) as browser:
        assert "Betrieb des Portals" in (await browser.get("/konto")).text
        hagen.write(people.revoke, anna.id, Grant(Role.OPERATOR))
        assert "Betrieb des Portals" not in (await browser.get("/konto")).text


async def test_the_last_operator_stays(hagen: House) -> None:
    olga = hagen.add_operator()
    with pytest.raises(Conflict, match="Betrieb des Portals"):
        hagen.write(people.remove, olga.id, ())
    with pytest.raises(Conflict, match="Betrieb des Portals"):
        hagen.write(people.revoke, olga.id, Grant(Role.OPERATOR))
    hagen.add(ANNA, "Anna", Grant(Role.OPERATOR))
    hagen.write(people.remove, olga.id, ())
    assert names(hagen.write(people.listing)) == ["Anna"]


async def test_nothing_is_left_of_whoever_is_removed(hagen: House, library: str) -> None:
    anna = hagen.add(ANNA, "Anna", Grant(Role.OWNER, library))
    hagen.write(inviting.invite, "bert@beispiel.de", Grant(Role.EDITOR, library), anna.id)
    hagen.write(inviting.invite, ANNA, Grant(Role.MODERATOR))
    async with hagen.visit(anna.id) as browser:
        await browser.post("/anmelden", mail=ANNA)
        await hagen.letters()
        assert all(hagen.rows(ALL).values())
        hagen.write(people.remove, anna.id, ())
        assert set(hagen.rows(ALL).values()) == {0}
        assert not await browser.signed_in()


# --- invitations ------------------------------------------------------------------------------------------------------
async def test_somebody_new_is_invited(hagen: House, library: str, browser: Visit) -> None:
    hagen.write(inviting.invite, ANNA, Grant(Role.EDITOR, library))
    (letter,) = await hagen.letters()
    assert "für „Stadtbücherei Hagen“ mitzuarbeiten" in " ".join(text_of(letter).split())
    page = await browser.get(link(letter))
    assert "Stadtbücherei Hagen" in page.text
    assert ANNA in page.text
    assert "Wer mitarbeitet, schreibt Angebote und beantwortet Anfragen." in page.text, "what they would do here"
    refused = await browser.post(link(letter), name=" ")
    assert (refused.status_code, "Hier fehlt Ihr Name" in refused.text) == (422, True)
    assert hagen.rows([PersonRow]) == {"PersonRow": 0}
    entered = await browser.post(link(letter), name="Anna Beispiel")
    assert (entered.status_code, entered.headers["location"]) == (303, "/verwaltung?getan=willkommen")
    desk = await browser.client.get(entered.headers["location"], follow_redirects=True)
    assert desk.url.path == "/verwaltung/organisationen/buecherei", "where the work is"
    assert "Willkommen! Sie arbeiten jetzt für „Stadtbücherei Hagen“ mit." in desk.text
    account = (await browser.get("/konto")).text
    assert "Anna Beispiel" in account
    assert "arbeitet mit" in account
    assert (await browser.post(link(letter), name="Anna")).headers["location"] == "/verwaltung", "pressed twice"
    over = await browser.get(link(letter))
    assert (over.status_code, "um eine neue" in over.text) == (410, True)
    assert "Sie sind schon angemeldet" in over.text
    async with hagen.visit() as stranger:
        again = await stranger.post(link(letter), name="Anna")
    assert (again.status_code, "gilt nicht mehr" in again.text) == (410, True)
    assert hagen.rows([PersonRow]) == {"PersonRow": 1}


async def test_somebody_known_is_invited(hagen: House, library: str, browser: Visit) -> None:
    anna = hagen.add(language="en")
    hagen.write(inviting.invite, ANNA.upper(), Grant(Role.OWNER, library))
    (letter,) = await hagen.letters()
    assert "You are invited" in text_of(letter)
    shown = (await browser.get(link(letter))).text
    assert 'name="name"' not in shown
    assert "Ihr Konto bekommt diese Rolle dazu" in shown
    assert "Gerade sind Sie als" not in shown
    await browser.post(link(letter))
    assert hagen.write(people.get, anna.id).grants == (Grant(Role.OWNER, library),)
    with pytest.raises(Conflict, match="hat diese Rolle schon"):
        hagen.write(inviting.invite, ANNA, Grant(Role.OWNER, library))


async def test_whoever_is_signed_in_as_somebody_else_is_told_so(hagen: House, library: str) -> None:
    hagen.write(inviting.invite, ANNA, Grant(Role.EDITOR, library))
    (letter,) = await hagen.letters()
    for mail, told in (("berta@beispiel.de", True), (ANNA, False)):
        async with hagen.visit(hagen.add(mail, "Berta").id) as browser:
            shown = (await browser.get(link(letter))).text
            assert (f"Gerade sind Sie als Berta angemeldet ({mail})." in shown) == told


async def test_invitations_end(hagen: House, library: str, browser: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = hagen.add(ANNA, "Anna", Grant(Role.OWNER, library))
    hagen.write(inviting.invite, "b@b.de", Grant(Role.EDITOR, library), anna.id)
    hagen.write(inviting.invite, "b@b.de", Grant(Role.OWNER, library), anna.id)
    first, second = await hagen.letters()
    assert (await browser.get(link(first))).status_code == 410, "the newer takes its place"
    (listed,) = hagen.write(inviting.listing, library)
    assert (listed.mail, listed.role, listed.organisation, listed.known) == (
        "b@b.de", Role.OWNER, "Stadtbücherei Hagen", False,
    )  # fmt: skip
    assert hagen.write(inviting.withdraw, "b@b.de", library)
    assert not hagen.write(inviting.withdraw, "b@b.de", library)
    assert (await browser.get(link(second))).status_code == 410
    hagen.write(inviting.invite, "b@b.de", Grant(Role.EDITOR, library), anna.id)
    (third,) = await hagen.letters()
    hagen.clock.forward(days=14)
    assert (await browser.get(link(third))).status_code == 410
    assert [one.over for one in hagen.write(inviting.listing, library)] == [True]
    hagen.clock.forward(days=29)
    hagen.tidy()
    assert hagen.rows([InvitationRow]) == {"InvitationRow": 1}
    hagen.clock.forward(days=1)
    hagen.tidy()
    assert hagen.rows([InvitationRow]) == {"InvitationRow": 0}
    monkeypatch.setattr(rules, "INVITATIONS_A_DAY", 1)
    hagen.write(inviting.invite, "c@b.de", Grant(Role.EDITOR, library), anna.id)
    with pytest.raises(Conflict, match="Bitte morgen weiter"):
        hagen.write(inviting.invite, "d@b.de", Grant(Role.EDITOR, library), anna.id)


async def test_an_expired_invitation_offers_a_new_one_to_the_same_address(
    hagen: House, library: str, browser: Visit
) -> None:
    anna = hagen.add(ANNA, "Anna", Grant(Role.OWNER, library))
    hagen.write(inviting.invite, "b@b.de", Grant(Role.EDITOR, library), anna.id, name="Berta")
    (first,) = await hagen.letters()
    again = f"{link(first)}/neu"
    assert (await browser.post(again)).status_code == 200
    assert await hagen.letters() == [], "it still holds"
    hagen.clock.forward(days=14)
    for shown in (await browser.get(link(first)), await browser.post(link(first), name="Berta")):
        assert (shown.status_code, "ist abgelaufen" in shown.text) == (410, True)
        assert f'action="{again}"' in shown.text
        assert "b@b.de" not in shown.text
    asked = await browser.post(again)
    assert "an dieselbe Adresse unterwegs" in asked.text
    (second,) = await hagen.letters()
    assert second["To"] == "b@b.de"
    twice = await browser.post(again)
    assert (twice.status_code, "dann sehen Sie bitte in Ihr Postfach" in twice.text) == (410, True)
    assert await hagen.letters() == []
    assert 'value="Berta"' in (await browser.get(link(second))).text
    assert (await browser.post(link(second), name="Berta")).is_redirect


async def test_who_may_not_invite_any_more_renews_nothing(hagen: House, library: str, browser: Visit) -> None:
    hagen.add("chefin@beispiel.de", "Chefin", Grant(Role.OWNER, library))
    anna = hagen.add(ANNA, "Anna", Grant(Role.OWNER, library))
    hagen.write(inviting.invite, "b@b.de", Grant(Role.OWNER, library), anna.id)
    (letter,) = await hagen.letters()
    hagen.clock.forward(days=15)
    hagen.write(people.leave, anna.id, library)
    shown = await browser.get(link(letter))
    assert (shown.status_code, "<form" in shown.text.partition("<main")[2].partition("</main")[0]) == (410, False)
    assert (await browser.post(f"{link(letter)}/neu")).status_code == 410
    assert await hagen.letters() == []


async def test_whoever_is_invited_into_a_suspended_organisation_is_told_so(
    hagen: House, library: str, browser: Visit
) -> None:
    hagen.write(inviting.invite, ANNA, Grant(Role.OWNER, library))
    (letter,) = await hagen.letters()
    assert "zurzeit gesperrt" not in (await browser.get(link(letter))).text
    hagen.write(moderation.suspend, library, Reasons(Ground.RULES, "Das ist Werbung für ein Geschäft."))
    assert "zurzeit gesperrt" in (await browser.get(link(letter))).text


async def test_into_the_instance_one_is_invited_too(hagen: House, browser: Visit) -> None:
    hagen.write(inviting.invite, ANNA, Grant(Role.MODERATOR))
    (letter,) = await hagen.letters()
    assert "auf „Ehrenamt Hagen“ mitzuarbeiten: Moderation" in " ".join(text_of(letter).split())
    entered = await browser.post(link(letter), name="Anna")
    assert hagen.write(people.get_by_mail, ANNA).grants == (Grant(Role.MODERATOR),)
    assert "Willkommen! Sie haben jetzt eine Rolle" in (await browser.get(entered.headers["location"])).text


async def test_links_that_are_over_are_erased_after_a_week(hagen: House, browser: Visit) -> None:
    hagen.add()
    await browser.post("/anmelden", mail=ANNA)
    await hagen.letters()
    hagen.clock.forward(days=7)
    hagen.tidy()
    assert hagen.rows([LinkRow]) == {"LinkRow": 1}
    hagen.clock.forward(minutes=30)
    hagen.tidy()
    assert hagen.rows([LinkRow]) == {"LinkRow": 0}
