"""Organisations and whoever reports are written to in their own language, on both databases: nothing German is left."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from fediverse_ehrenamt.accounts import people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.doubts import actions as doubts
from fediverse_ehrenamt.engagements import asking
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.engagements.tasks import remind as remind_of_enquiries
from fediverse_ehrenamt.freshness import actions as freshness
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation import store, wire
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.model import MeasureRow
from fediverse_ehrenamt.moderation.rules import MEASURES_LAST, Ground, Kind, Measure, Outcome
from fediverse_ehrenamt.moderation.wire import Looked
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work
from tests.accounts.house import ANNA, House
from tests.mail.postoffice import text_of
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
LIBRARY, OWNER = "info@buecherei.example", "eva@buecherei.example"
SPOKEN = [code for code in i18n.LOCALES if code not in {i18n.DEFAULT, i18n.PLAIN}]
_GERMAN = re.compile(r"\b(?:und|oder|nicht|Sie|Ihre?|wir|der|die|das|ist|wurde|ein|eine|mit|bis|zum|Guten|Grund)\b")
_LINK = re.compile(r"https?://\S+")
WHY = "Entry fees are not allowed here."


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def open_library(hagen: House) -> tuple[str, str]:
    """Publish an offer of an organisation; return both URIs. No name of theirs is a word that `_GERMAN` knows."""
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei")
    hagen.write(organisations.set_mail, library, LIBRARY)
    return library, hagen.write(opportunities.publish, library, offer(title="Lesen")).uri


def owned(hagen: House, code: str) -> tuple[str, str]:
    """Publish an offer of an organisation that is written to in a language, as its owner's account says."""
    library, uri = open_library(hagen)
    hagen.add(OWNER, "Eva", Grant(Role.OWNER, library), language=code)
    return library, uri


async def only(hagen: House, code: str, to: str = LIBRARY) -> str:
    """Return the one letter that came, in lines put together; it has to be in a language throughout."""
    (letter,) = await hagen.letters()
    assert letter["To"] == to
    assert letter["Content-Language"] == code
    speaks(letter, code)
    return " ".join(text_of(letter).split())


def day(moment: datetime, code: str) -> str:
    """Write a day as `only` returns it."""
    return " ".join(i18n.language(code).long_day(moment).split())


def speaks(letter: EmailMessage, code: str) -> None:
    html = letter.get_body(("html",))
    page = html.get_content() if html is not None else ""
    assert not html or f'<html lang="{code}" dir="{i18n.language(code).direction}">' in page
    for said in (letter["Subject"], text_of(letter), re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)):
        assert not _GERMAN.findall(_LINK.sub("", said)), said


# --- which language ---------------------------------------------------------------------------------------------------
def test_the_language_of_an_address(hagen: House) -> None:
    library, _ = open_library(hagen)

    def spoken() -> str:
        to = hagen.write(organisations.recipient, library)
        assert to is not None
        assert to.mail == LIBRARY
        return to.language

    assert spoken() == i18n.DEFAULT, "nobody is known to work there"
    hagen.add("ed@buecherei.example", "Ed", Grant(Role.EDITOR, library), language="ar")
    assert spoken() == i18n.DEFAULT, "who only works there does not speak for it"
    eva = hagen.add(OWNER, "Eva", Grant(Role.OWNER, library), language="uk")
    hagen.clock.forward(days=1)
    hagen.add("second@buecherei.example", "Adam", Grant(Role.OWNER, library), language="en")
    assert spoken() == "uk", "the oldest account of those responsible"
    hagen.write(people.change, eva.id, "Eva", "de-simple")
    assert spoken() == "de-simple", "it changes with the account"
    hagen.add(LIBRARY.upper(), "Postfach", language="en")
    assert spoken() == "en", "the address is an account's own"


def test_nobody_is_written_to_without_an_address(hagen: House) -> None:
    library = hagen.write(add_organisation)
    assert hagen.write(organisations.recipient, library) is None


async def test_owners_get_the_same_in_the_language_of_each(hagen: House) -> None:
    library, uri = owned(hagen, "en")
    hagen.add("z@buecherei.example", "Zoya", Grant(Role.OWNER, library), language="uk")
    hagen.write(organisations.forget_mail, library)
    hagen.write(moderation.take_down, uri, Reasons(Ground.RULES, WHY))
    letters = {str(letter["To"]): letter for letter in await hagen.letters()}
    assert {to: letter["Content-Language"] for to, letter in letters.items()} == {
        OWNER: "en",
        "z@buecherei.example": "uk",
    }
    for letter in letters.values():
        speaks(letter, letter["Content-Language"])


# --- to organisations -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", SPOKEN)
async def test_the_reminder_of_what_ends(hagen: House, clock: Clock, code: str) -> None:
    library, _ = owned(hagen, code)
    hagen.write(opportunities.publish, library, offer("zwei", title="Singen"))
    clock.forward(days=340)
    hagen.write(freshness.remind)
    said = await only(hagen, code)
    assert day(clock.now + timedelta(days=25), code) in said
    assert "2" in said
    if code == "en":
        assert "on “Ehrenamt Hagen” there are 2 offers of “Stadtbücherei” that end soon. Do they still hold?" in said
        assert "last confirmed on 22 November 2026 ends on 22 November 2027" in said


@pytest.mark.parametrize("code", SPOKEN)
async def test_what_visitors_say_against_an_offer(hagen: House, code: str) -> None:
    _, uri = owned(hagen, code)
    page = uri.rpartition("/")[2]
    hagen.clock.forward(seconds=1)
    for client, reason in (("1", "besetzt"), ("2", ""), ("3", "")):
        hagen.write(doubts.doubt, page, client, reason)
    hagen.write(doubts.ask)
    said = await only(hagen, code)
    if code == "en":
        assert "visitors said: no longer true (2), is filled already" in said


@pytest.mark.parametrize("code", SPOKEN)
async def test_an_enquiry_and_its_reminder(hagen: House, clock: Clock, code: str) -> None:
    _, uri = owned(hagen, code)
    asker = Person(name="Anna", phone="02331 123", text="Hello!")
    hagen.write(asking.ask, uri.rpartition("/")[2], asker, ids.new_id(), "de")
    await only(hagen, code)
    clock.forward(days=8)
    hagen.write(remind_of_enquiries)
    await only(hagen, code)


def objected(work: Work) -> None:
    moderation.contest(work, store.get_measure(work, work.db.query(MeasureRow).one().id), "Nobody pays anything here.")


@pytest.mark.parametrize("code", SPOKEN)
@pytest.mark.parametrize("outcome", Outcome)
async def test_what_is_taken_down_and_what_becomes_of_the_objection(hagen: House, code: str, outcome: Outcome) -> None:
    _, uri = owned(hagen, code)
    hagen.write(moderation.take_down, uri, Reasons(Ground.RULES, WHY, reported=outcome is Outcome.UPHELD))
    said = await only(hagen, code)
    assert WHY in said
    assert day(hagen.clock.now + MEASURES_LAST, code) in said
    hagen.write(objected)
    await only(hagen, code)
    number = hagen.write(lambda work: work.db.query(MeasureRow).one().id)
    hagen.write(moderation.judge, number, outcome, WHY)
    assert WHY in await only(hagen, code)


@pytest.mark.parametrize("code", SPOKEN)
@pytest.mark.parametrize("reported", [True, False])
async def test_a_suspension_and_its_end(hagen: House, code: str, *, reported: bool) -> None:
    library, _ = owned(hagen, code)
    hagen.write(moderation.suspend, library, Reasons(Ground.LAW, WHY, reported=reported))
    assert WHY in await only(hagen, code)
    hagen.write(moderation.lift, library)
    await only(hagen, code)


@pytest.mark.parametrize("code", SPOKEN)
@pytest.mark.parametrize("lifted", [True, False])
async def test_an_objection_to_a_suspension_is_upheld(hagen: House, code: str, *, lifted: bool) -> None:
    library, _ = owned(hagen, code)
    hagen.write(moderation.suspend, library, Reasons(Ground.LAW, WHY))
    hagen.write(objected)
    if lifted:
        hagen.write(moderation.lift, library)
    await hagen.letters()
    number = hagen.write(lambda work: work.db.query(MeasureRow).one().id)
    hagen.write(moderation.judge, number, Outcome.UPHELD, "")
    await only(hagen, code)


@pytest.mark.parametrize("code", SPOKEN)
@pytest.mark.parametrize("reason", [WHY, ""])
def test_what_became_of_what_was_handed_in(hagen: House, code: str, reason: str) -> None:
    settings = hagen.instance.workshop.settings
    looked = Looked("Lesen", f"{settings.url}/verwaltung", reason, hagen.clock.now)
    letter = wire.looked_at(settings, "Ehrenamt Hagen", Recipient(LIBRARY, code), looked)
    assert not _GERMAN.findall(_LINK.sub("", f"{letter.subject} {letter.text}")), letter.text
    assert letter.headers == (("Content-Language", code),)


def test_without_a_secret_the_imprint_is_named_in_their_language(hagen: House) -> None:
    row = MeasureRow(
        id=1, organisation="", title="Lesen", kind=Kind.REMOVED, ground=Ground.OUTDATED, reason=WHY, at=hagen.clock.now
    )
    for code in SPOKEN:
        to = Recipient(LIBRARY, code)
        settings = replace(hagen.instance.workshop.settings, secret="")
        letter = wire.taken_down(settings, "Portal", to, "Stadtbücherei", row)
        assert not _GERMAN.findall(_LINK.sub("", letter.text)), letter.text


# --- to whoever reports -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", SPOKEN)
@pytest.mark.parametrize("measure", Measure)
async def test_a_receipt_and_what_was_decided(hagen: House, code: str, measure: Measure) -> None:
    _, uri = open_library(hagen)

    def complain(work: Work) -> int:
        moderation.complain(work, documents.get(work, uri), "They want money.", ANNA, code)
        return store.listing(work)[0].id

    number = hagen.write(complain)
    await only(hagen, code, ANNA)
    hagen.write(moderation.close, number, "", measure)
    await only(hagen, code, ANNA)


# --- to people with accounts ------------------------------------------------------------------------------------------
async def test_a_letter_is_never_mixed_of_two_languages(hagen: House) -> None:
    """What only accounts are written is said in German where their language lacks it, the greeting too."""
    hagen.add(ANNA, "Anna", language="uk")
    async with hagen.visit() as browser:
        await browser.get("/anmelden")
        await browser.post("/anmelden", mail=ANNA)
    (letter,) = await hagen.letters()
    assert letter["Content-Language"] == "de"
    assert text_of(letter).startswith("Guten Tag,")
