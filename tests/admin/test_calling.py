"""Letters to those who decide, on both databases: gathered, at most one an hour, none about what is decided already."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.accounts import people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import calling, menu
from fediverse_ehrenamt.conversations import rules as replies
from fediverse_ehrenamt.conversations import store as conversations
from fediverse_ehrenamt.conversations.model import ReplyRow
from fediverse_ehrenamt.desk import store as desk
from fediverse_ehrenamt.desk.drafting import Written
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.joining import rules as joining
from fediverse_ehrenamt.joining.model import RequestRow
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation import rules as moderating
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.model import MeasureRow
from fediverse_ehrenamt.moderation.rules import Ground, Measure
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search.model import OPPORTUNITY
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.admin.test_reports import WHY, reported
from tests.mail.postoffice import text_of
from tests.workbench import HOME, Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
CLARA, MORITZ = "clara@hagen.de", "moritz@hagen.de"
ANNA = "https://mastodon.example/users/anna"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    house = House(instance, clock)
    library = house.write(add_organisation)
    house.write(organisations.set_mail, library, "info@buecherei.example")
    house.write(since, house.clock.now - moderating.NEW_FOR - timedelta(days=1))
    return house


def library(work: Work) -> str:
    return work.db.scalars(select(LocalActorRow.uri).where(LocalActorRow.handle == "buecherei")).one()


def since(work: Work, moment: datetime) -> None:
    """Let the library be here since a moment: of who is new, first posts wait as well."""
    work.db.get_one(LocalActorRow, library(work)).created_at = moment


def publish(work: Work) -> str:
    """Publish an offer of the library; return its URI."""
    return opportunities.publish(work, library(work), offer(key=ids.new_id())).uri


def clara(hagen: House, language: str = "de") -> str:
    return hagen.add(CLARA, "Clara Koordination", Grant(Role.COORDINATOR), language=language).id


async def told(hagen: House) -> dict[str, str]:
    """Let five minutes pass, and return the letters that are written then by their addressees."""
    hagen.clock.now += calling.PATIENCE
    hagen.write(calling.call)
    return {one["To"]: f"{one['Subject']}\n{text_of(one)}" for one in await hagen.letters()}


def report(hagen: House) -> int:
    """Report an offer that nobody reported before, without an address for the answer."""
    return reported(hagen, hagen.write(publish), mail="")


def ask(work: Work, state: str = joining.WAITING) -> None:
    """Let an organisation ask to take part."""
    asked = RequestRow(
        code=ids.new_id(), state=state, name="Foodsharing", handle=ids.new_id(), summary="Wir retten Lebensmittel.",
        legal_form="", postcode="58095", locality="Hagen", website="", person="Anna", mail="anna@foodsharing.example",
        account="", language="de", form=None, asked_at=work.now, changed_at=work.now, reason="", organisation="",
    )  # fmt: skip
    work.db.add(asked)


def object_(work: Work) -> None:
    moderation.contest(work, work.db.scalars(select(MeasureRow)).one(), "Das stimmt so nicht, wir sind umsonst.")


async def test_what_came_is_gathered_in_one_letter_an_hour(hagen: House) -> None:
    clara(hagen)
    report(hagen)
    hagen.write(calling.call)
    assert await hagen.letters() == [], "somebody may be at work"
    (letter,) = (await told(hagen)).values()
    assert letter.startswith("1 Eintrag wartet auf eine Entscheidung\n")
    assert "Meldungen: 1\n" in letter
    assert f"\n{HOME}{menu.REPORTS}\n" in letter
    assert "Betrug" not in letter, "what was said stays here"
    assert await told(hagen) == {}, "it was told of"
    report(hagen)
    report(hagen)
    hagen.write(ask)
    assert await told(hagen) == {}, "not yet an hour"
    hagen.clock.now += calling.PAUSE
    (letter,) = (await told(hagen)).values()
    assert letter.startswith("3 Einträge warten auf eine Entscheidung\n")
    assert f"Neue Organisationen: 1 – {HOME}{menu.APPLICATIONS}" in letter
    assert f"Meldungen: 2 – {HOME}{menu.REPORTS}" in letter
    assert f"\n{HOME}{menu.PATH}\n" in letter


async def test_nobody_hears_of_what_is_decided_already(hagen: House) -> None:
    clara(hagen)
    first = report(hagen)
    hagen.write(moderation.close, first, "Das ist in Ordnung.")
    assert await told(hagen) == {}
    report(hagen)
    hagen.write(ask, joining.UNCONFIRMED)
    assert "1 Eintrag wartet" in (await told(hagen))[CLARA]


async def test_a_first_offer_and_an_objection_wait_too(hagen: House) -> None:
    clara(hagen)
    hagen.write(moderation.take_down, hagen.write(publish), Reasons(Ground.RULES, WHY))
    hagen.write(object_)
    written = Written(OPPORTUNITY, "lesen", {"title": ["Lesepatin"]})
    hagen.write(lambda work: desk.hold_back(work, library(work), written, "Lesepatin"))
    await hagen.letters()
    letter = (await told(hagen))[CLARA]
    assert f"Erste Beiträge: 1 – {HOME}{menu.FIRST_POSTS}" in letter
    assert f"Widersprüche: 1 – {HOME}{menu.REPORTS}" in letter


async def test_first_posts_that_everybody_sees_already_wait_until_somebody_has_looked(hagen: House) -> None:
    clara(hagen)
    hagen.write(since, hagen.clock.now)
    shown = hagen.write(publish)
    hagen.write(publish)
    letter = (await told(hagen))[CLARA]
    assert "Erste Beiträge, schon zu sehen: 2" in letter
    assert f"{HOME}{menu.FIRST_POSTS}" in letter
    hagen.clock.now += calling.PAUSE
    assert await told(hagen) == {}, "none is told of twice"
    looked_at = hagen.write(publish)
    for uri in (shown, looked_at):
        hagen.write(moderation.approve, uri)
    assert await told(hagen) == {}


async def test_replies_wait_too_until_somebody_lets_them_through(hagen: House) -> None:
    clara(hagen)
    uri = hagen.write(publish)
    for name in ("eins", "zwei"):
        hagen.write(reply, uri, name)
    letter = (await told(hagen))[CLARA]
    assert letter.startswith("2 Einträge warten auf eine Entscheidung\n")
    assert "Antworten aus dem Fediverse: 2\n" in letter
    assert f"\n{HOME}{menu.FIRST_POSTS}\n" in letter
    assert "Platz" not in letter, "what was said stays here"
    hagen.write(reply, uri, "drei")
    hagen.write(lambda work: conversations.hide_waiting(work, library(work), ANNA))
    hagen.clock.now += calling.PAUSE
    assert await told(hagen) == {}


def reply(work: Work, uri: str, name: str) -> None:
    """Let somebody in the fediverse answer an offer."""
    row = ReplyRow(
        uri=f"{ANNA}/{name}", object=uri, in_reply_to=uri, organisation=library(work), author=ANNA, url="",
        language="de", content="<p>Ist noch Platz?</p>", warning="", state=replies.WAITING,
        published_at=work.now, version=work.now, received_at=work.now,
    )  # fmt: skip
    work.db.add(row)


async def test_everybody_hears_of_what_they_may_decide(hagen: House) -> None:
    clara(hagen, "uk")
    hagen.add(MORITZ, "Moritz", Grant(Role.MODERATOR), language="en")
    hagen.add("eva@buecherei.example", "Eva", Grant(Role.OWNER, hagen.write(library)))
    hagen.write(ask)
    assert list(await told(hagen)) == [CLARA], "moderators let no organisation in"
    report(hagen)
    hagen.clock.now += calling.PAUSE
    letters = await told(hagen)
    assert sorted(letters) == [CLARA, MORITZ]
    assert letters[MORITZ].startswith("1 item is waiting for a decision\n")
    assert letters[CLARA].startswith("1 Eintrag wartet"), "the pages that it leads to are in German or English"


async def test_somebody_switches_it_off_in_their_account(hagen: House) -> None:
    person = clara(hagen)
    async with hagen.visit(person) as browser:
        page = (await browser.get("/konto")).text
        assert 'name="aufgaben"' in page
        wrong = await browser.post("/konto", name="", sprache="de")
        assert wrong.status_code == 422
        assert hagen.write(people.is_called, person), "nothing is saved of what is wrong"
        assert (await browser.post("/konto", name="Clara", sprache="de")).is_redirect
        report(hagen)
        assert await told(hagen) == {}
        await browser.post("/konto", name="Clara", sprache="de", aufgaben="ja")
    assert list(await told(hagen)) == [CLARA], "it still waits"
    eva = hagen.add("eva@buecherei.example", "Eva", Grant(Role.EDITOR, hagen.write(library))).id
    async with hagen.visit(eva) as browser:
        assert 'name="aufgaben"' not in (await browser.get("/konto")).text
        await browser.post("/konto", name="Eva", sprache="de")
    assert hagen.write(people.is_called, eva), "should she ever coordinate, she hears of it"


async def test_who_comes_later_hears_of_what_waits_since(hagen: House) -> None:
    number = report(hagen)
    hagen.clock.now += timedelta(days=1)
    clara(hagen)
    assert await told(hagen) == {}
    hagen.write(moderation.decide, number, Measure.NOTHING, Reasons(Ground.RULES, ""))
    report(hagen)
    assert "1 Eintrag wartet" in (await told(hagen))[CLARA]
