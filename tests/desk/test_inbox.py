"""An organisation's inbox, on both databases: what came in, in what order, read, answered, kept, handed back."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.conversations.model import MessageRow, ReplyRow
from fediverse_ehrenamt.desk import inbox, inbox_pages
from fediverse_ehrenamt.desk.inbox import Wanted as Lines
from fediverse_ehrenamt.engagements import actions, asking, rules, store
from fediverse_ehrenamt.engagements.actions import Step
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House, Visit
from tests.conversations.talking import Hall, activity, note
from tests.mail.postoffice import text_of
from tests.workbench import ANNA, Clock, offer

pytestmark = pytest.mark.anyio
DESK = "/verwaltung/organisationen/buecherei"
INBOX = f"{DESK}/posteingang"
_GO = re.compile(r'<a class="go" href="([^"]+)">(.*?)</a>')


def _whats(text: str) -> set[str]:
    """Who stands in the lines of a page."""
    return set(re.findall(r"<h2><a [^>]+><bdi>(.*?)</bdi>", text))


def _excerpts(text: str) -> set[str]:
    return set(re.findall(r'<p dir="auto">(.*?)</p>', text))


class Office:
    """The library with its offer, its inbox, an editor and a coordinator, and peers that write to it."""

    def __init__(self, instance: Instance, clock: Clock) -> None:
        self.clock = clock
        self.hall = Hall(instance, clock)
        self.hall.open()
        self.house = House(instance, clock)
        self.organisation = self.hall.organisation
        self.hall.write(organisations.set_mail, self.organisation, "info@buecherei.example")
        self.editor = self.house.add("eva@buecherei.example", "Eva", Grant(Role.EDITOR, self.organisation)).id
        self.coordinator = self.house.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id

    def ask(self, name: str = "Anna Beispiel", mail: str = "anna@beispiel.de") -> int:
        """Note a confirmed enquiry by mail and return its number."""
        person = Person(name=name, mail=mail, text="Ich lese gern vor.")
        page = self.hall.thing.rpartition("/")[2]

        def run(work: Work) -> int:
            row = asking.ask(work, page, person, "", "de")
            actions.confirm(work, row)
            return row.id

        made: int = self.hall.write(run)
        return made

    def row(self, number: int) -> EnquiryRow:
        return self.hall.write(lambda work: store.get(work, number))

    def take(self, number: int, step: Step) -> None:
        self.hall.write(lambda work: actions.take(work, store.get(work, number, changes=True), step))

    def names(self, view: str = inbox.WAITING, page: int = 0) -> list[str]:
        return [item.who for item in self.hall.write(inbox.listing, self.organisation, Lines(view), page).items]

    def new(self) -> int:
        return self.hall.write(inbox.count_new, self.organisation)

    def noted(self) -> list[tuple[str, bool, str]]:
        return [(str(one.did), one.on_behalf, one.detail) for one in self.hall.write(audit.listing, Wanted())]

    @asynccontextmanager
    async def at(self, person: str) -> AsyncIterator[Visit]:
        async with self.house.visit(person) as browser:
            yield browser


@pytest.fixture
def office(instance: Instance, clock: Clock) -> Office:
    return Office(instance, clock)


async def test_everything_comes_into_one_list_what_is_late_first(office: Office) -> None:
    office.ask("Berta", mail="berta@beispiel.de")
    office.clock.forward(days=8)
    office.ask("Anna")
    office.clock.forward(hours=1)
    await office.hall.say(
        activity("Create", note("1", content="<p>Habt ihr <b>offen</b>?</p>", to=[office.organisation]))
    )
    office.clock.forward(hours=1)
    await office.hall.say(activity("Create", note("2", content="<p>Tolle Sache!</p>", inReplyTo=office.hall.thing)))
    assert office.names() == ["Berta", "Anna", "Anna", "Anna"]
    assert office.new() == 4
    async with office.at(office.editor) as browser:
        text = (await browser.get(INBOX)).text
        assert "seit 1 Tag überfällig" in text
        assert text.index("Berta") < text.index("Tolle Sache!") < text.index("Habt ihr offen?")
        assert "Öffentliche Antwort" in text
        assert "Posteingang: 4 neu" in (await browser.get("/verwaltung/organisationen/buecherei")).text
        assert "Hier ist nichts." in (await browser.get(f"{INBOX}?stand=gespraech")).text
        assert "Berta" in (await browser.get(f"{INBOX}?stand=unsinn&seite=0")).text


async def test_the_list_is_paged(office: Office) -> None:
    for number in range(inbox.LISTED + 1):
        office.ask(f"Person {number}", mail=f"p{number}@beispiel.de")
        office.clock.forward(minutes=1)
    async with office.at(office.editor) as browser:
        first = (await browser.get(INBOX)).text
        second = (await browser.get(f"{INBOX}?stand=offen&amp;seite=2".replace("&amp;", "&"))).text
        beyond = await browser.get(f"{INBOX}?seite=99999")
    assert "seite=2" in first
    assert "Person 0<" not in first
    assert "Person 0<" in second
    assert "Alles beantwortet." in beyond.text


async def test_opening_marks_as_read_for_the_organisation_not_for_a_coordinator(office: Office) -> None:
    number = office.ask()
    path = f"{INBOX}/anfrage/{number}"
    async with office.at(office.coordinator) as browser:
        assert "im Namen von" in (await browser.get(path)).text
    assert office.row(number).state == rules.NEW
    async with office.at(office.editor) as browser:
        await browser.get(path, headers={"sec-purpose": "prefetch"})
        assert office.row(number).state == rules.NEW
        text = (await browser.get(path)).text
    assert office.row(number).state == rules.READ
    assert "anna@beispiel.de" in text
    assert "Ich lese gern vor." in text
    assert "Wer den Link hat" not in text
    assert office.noted() == []
    assert (office.new(), office.names()) == (0, ["Anna Beispiel"])


async def test_an_answer_reaches_the_person_and_is_noted_without_their_data(office: Office) -> None:
    number = office.ask()
    path = f"{INBOX}/anfrage/{number}"
    await office.house.letters()
    async with office.at(office.editor) as browser:
        await browser.get(path)
        empty = await browser.post(path, schritt="antworten", text=" ", formular="a")
        assert empty.status_code == 422
        assert "Hier fehlt noch der Text." in empty.text
        typed: dict[str, Any] = {"schritt": "antworten", "text": "Kommen Sie gern vorbei!", "formular": "b"}
        done = await browser.post(path, **typed)
        assert done.headers["location"] == f"{path}?erledigt=antworten"
        assert (await browser.post(path, **typed)).is_redirect
        assert "Ihre Antwort ist unterwegs." in (await browser.get(done.headers["location"])).text
    (letter,) = await office.house.letters()
    assert letter["To"] == "anna@beispiel.de"
    assert "Kommen Sie gern vorbei!" in text_of(letter)
    assert office.row(number).state == rules.TALKING
    assert office.noted() == [("enquiry answered", False, "antworten")]
    (entry,) = office.hall.write(audit.listing, Wanted())
    assert "Anna" not in f"{entry}"
    assert office.names() == []
    assert office.names(inbox.TALKS) == ["Anna Beispiel"]
    office.clock.forward(hours=1)
    office.take(number, Step(rules.PERSON, rules.WRITE, "Wann denn?"))
    assert (office.names(), office.new()) == (["Anna Beispiel"], 1)


async def test_a_coordinator_acts_on_behalf_and_says_so(office: Office) -> None:
    number = office.ask()
    path = f"{INBOX}/anfrage/{number}"
    async with office.at(office.coordinator) as browser:
        await browser.get(path)
        refused = await browser.post(path, schritt="abschliessen", formular="a")
        assert refused.status_code == 422
        await browser.post(path, schritt="abschliessen", grund="keine_antwort", formular="b")
        text = (await browser.get(path)).text
    assert "Die Koordination für Stadtbücherei Hagen" in text
    assert office.row(number).reason == "keine_antwort"
    assert office.noted() == [("enquiry answered", True, "abschliessen")]
    assert office.names(inbox.DONE) == ["Anna Beispiel"]


async def test_a_step_that_no_longer_fits_says_so_and_keeps_the_text(office: Office) -> None:
    number = office.ask()
    path = f"{INBOX}/anfrage/{number}"
    async with office.at(office.editor) as browser:
        await browser.get(path)
        office.take(number, Step(rules.PERSON, rules.WITHDRAW))
        answer = await browser.post(path, schritt="zusagen", text="Gern, am Montag!", formular="a")
        strange = await browser.post(path, schritt="tanzen")
    assert answer.status_code == 409
    assert "hat sich inzwischen geändert" in answer.text
    assert "Gern, am Montag!" in answer.text
    assert strange.status_code == 422


async def test_what_is_another_organisations_is_not_there(office: Office) -> None:
    number = office.ask()
    await office.hall.say(activity("Create", note("1", to=[office.organisation])))
    await office.hall.say(activity("Create", note("2", inReplyTo=office.hall.thing)))
    other = office.hall.write(organisations.add, "verein", "Ein Verein")
    someone = office.house.add("v@b.de", "Vera", Grant(Role.OWNER, other.uri)).id
    message, reply = office.hall.messages()[0].id, office.hall.replies()[0].id
    base = INBOX.replace("buecherei", "verein")
    async with office.at(someone) as browser:
        for path in (f"anfrage/{number}", f"nachricht/{message}", f"antwort/{reply}", "anfrage/9", "anfrage/x"):
            assert (await browser.get(f"{base}/{path}")).status_code == 404
            assert (await browser.post(f"{base}/{path}", schritt="gelesen", was="zeigen")).status_code == 404
        assert (await browser.get(f"{INBOX}/anfrage/{number}")).status_code == 403


async def test_a_message_is_read_answered_once_and_erased(office: Office) -> None:
    said = note("1", content="<p>Habt ihr <b>offen</b>?</p><script>alert(1)</script>", to=[office.organisation])
    await office.hall.say(activity("Create", said))
    (row,) = office.hall.messages()
    path = f"{INBOX}/nachricht/{row.id}"
    office.clock.forward(minutes=5)
    async with office.at(office.editor) as browser:
        text = (await browser.get(path)).text
        assert "<b>offen</b>" in text
        assert "alert(1)" not in text
        assert (office.new(), office.names()) == (0, ["Anna"])
        empty = await browser.post(path, was="antworten", text="  ", nach=str(row.id))
        assert (empty.status_code, "Hier fehlt noch der Text." in empty.text) == (422, True)
        typed: dict[str, Any] = {"was": "antworten", "text": "Ja, bis 18 Uhr.\n\nBis gleich!", "nach": str(row.id)}
        assert (await browser.post(path, **typed)).headers["location"] == f"{path}?erledigt=antworten"
        assert (await browser.post(path, **typed)).is_redirect
        assert "Ihre Antwort ist unterwegs." in (await browser.get(f"{path}?erledigt=antworten")).text
        (sent,) = office.hall.sent()
        assert orjson.loads(sent.body)["object"]["to"] == [ANNA]
        assert office.noted() == [("message answered", False, "")]
        assert (office.names(), office.names(inbox.DONE)) == ([], ["Anna"])
        again = {**typed, "nach": str(row.id + 1)}  # somebody says the same once more, having seen it
        assert (await browser.post(path, **again)).is_redirect
        assert len(office.hall.sent()) == 2
        assert "Ja, löschen" in (await browser.get(f"{path}/loeschen")).text
        gone = await browser.post(f"{path}/loeschen")
        assert "Der Nachrichtenwechsel ist gelöscht." in (await browser.get(gone.headers["location"])).text
        assert (await browser.get(path)).status_code == 404
    assert office.hall.write(lambda work: work.db.scalars(select(MessageRow)).all()) == []


async def test_a_message_may_need_no_answer_and_a_new_one_brings_it_back(office: Office) -> None:
    await office.hall.say(activity("Create", note("1", to=[office.organisation])))
    (row,) = office.hall.messages()
    async with office.at(office.editor) as browser:
        await browser.get(f"{INBOX}/nachricht/{row.id}")
        await browser.post(f"{INBOX}/nachricht/{row.id}", was="erledigt")
    assert (office.names(), office.names(inbox.DONE), office.noted()) == ([], ["Anna"], [])
    office.clock.forward(hours=1)
    await office.hall.say(activity("Create", note("2", to=[office.organisation])))
    assert (office.names(), office.names(inbox.ALL), office.new()) == (["Anna"], ["Anna"], 1)


async def test_messages_of_an_enquiry_stand_in_it_and_what_is_added_is_news(office: Office) -> None:
    asked = note("1", content="<p>Ich würde gern!</p>", to=[office.organisation], inReplyTo=office.hall.thing)
    await office.hall.say(activity("Create", asked))
    (row,) = office.hall.messages()
    listed = office.hall.write(inbox.listing, office.organisation, Lines(), 0).items
    assert [(item.kind, item.excerpt) for item in listed] == [(inbox.ENQUIRY, "Ich würde gern!")]
    path = f"{INBOX}/anfrage/{listed[0].id}"
    office.clock.forward(hours=1)
    async with office.at(office.editor) as browser:
        moved = await browser.get(f"{INBOX}/nachricht/{row.id}")
        assert moved.headers["location"] == path
        await browser.get(path)
        assert (await browser.post(path, schritt="antworten", text="Wann passt es?", formular="a")).is_redirect
        assert office.names() == []
        office.clock.forward(hours=1)
        await office.hall.say(activity("Create", note("2", content="<p>Montag!</p>", to=[office.organisation])))
        assert (office.names(), office.new()) == (["Anna"], 1)
        assert "Montag!" in (await browser.get(path)).text
        assert (office.names(), office.new()) == ([], 0)
        assert (await browser.post(f"{INBOX}/nachricht/{row.id}/loeschen")).status_code == 409


async def test_a_public_answer_is_let_be_shown_or_hidden(office: Office) -> None:
    await office.hall.say(activity("Create", note("1", content="<p>Tolle Sache!</p>", inReplyTo=office.hall.thing)))
    (row,) = office.hall.replies()
    path = f"{INBOX}/antwort/{row.id}"
    async with office.at(office.editor) as browser:
        assert "Tolle Sache!" in (await browser.get(path)).text
        shown = await browser.post(path, was="zeigen")
        assert "wird jetzt gezeigt" in (await browser.get(shown.headers["location"])).text
        await browser.post(path, was="zeigen")
        await browser.post(path, was="verbergen")
    states = office.hall.write(lambda work: work.db.scalars(select(ReplyRow.state)).all())
    assert states == ["hidden"]
    assert [did for did, _, _ in office.noted()] == ["post kept out", "post let in"]


async def test_each_offer_counts_its_enquiries_and_answers_and_leads_to_them(office: Office) -> None:
    office.ask("Anna Beispiel")
    office.ask("Berta", mail="b@beispiel.de")
    other = office.hall.write(opportunities.publish, office.organisation, offer("garten", title="Garten")).uri
    office.hall.thing, first = other, office.hall.thing
    office.ask("Carla", mail="c@beispiel.de")
    for number, thing in enumerate((first, other, other)):
        said = note(f"{number}", content=f"<p>Antwort {number}</p>", inReplyTo=thing)
        await office.hall.say(activity("Create", said))
    asked = note("4", content="<p>Ist noch Platz?</p>", to=[office.organisation])
    await office.hall.say(activity("Create", asked))
    async with office.at(office.editor) as browser:
        text = (await browser.get(DESK)).text
        leads = {re.sub(r"<[^>]+>", "", words): html.unescape(href) for href, words in _GO.findall(text)}
        assert {*leads} >= {
            "2 Anfragen: Lesepatin gesucht", "1 öffentliche Antwort: Lesepatin gesucht",
            "1 Anfrage: Garten", "2 öffentliche Antworten: Garten",
        }  # fmt: skip
        enquiries = (await browser.get(leads["2 Anfragen: Lesepatin gesucht"])).text
        answers = (await browser.get(leads["2 öffentliche Antworten: Garten"])).text
        page = other.rpartition("/")[2]
        all_ = (await browser.get(f"{INBOX}?stand=alle&zu={page}")).text
        unknown = (await browser.get(f"{INBOX}?stand=alle&zu=unbekannt&art=antwort")).text
    assert "Nur Anfragen zu „Lesepatin gesucht“" in enquiries
    assert _whats(enquiries) == {"Anna Beispiel", "Berta"}
    assert "stand=erledigt&amp;art=anfrage&amp;zu=" in enquiries, "another view stays narrowed"
    assert "Nur öffentliche Antworten zu „Garten“" in answers
    assert _excerpts(answers) == {"Antwort 1", "Antwort 2"}
    assert _excerpts(all_) == {"Ich lese gern vor.", "Antwort 1", "Antwort 2"}
    assert _whats(all_) == {"Carla", "Anna"}
    assert _whats(unknown) == {"Anna Beispiel", "Berta", "Carla", "Anna"}, "nothing says that it was narrowed"
    assert "Nur " not in unknown


async def test_what_is_only_counted_any_more_is_said_where_it_is_missed(office: Office) -> None:
    office.ask("Anna Beispiel")
    gone = office.ask("Berta", mail="b@beispiel.de")
    office.hall.write(lambda work: store.erase(work, store.get(work, gone, changes=True)))
    async with office.at(office.editor) as browser:
        assert "2 Anfragen" in (await browser.get(DESK)).text
        page = office.hall.thing.rpartition("/")[2]
        narrowed = (await browser.get(f"{INBOX}?stand=alle&art=anfrage&zu={page}")).text
        answers = (await browser.get(f"{INBOX}?stand=alle&art=antwort&zu={page}")).text
    assert _whats(narrowed) == {"Anna Beispiel"}
    assert "1 Anfrage dazu ist schon gelöscht" in narrowed
    assert "gelöscht" not in answers


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (1, "bitte heute antworten"), (-1, "seit heute überfällig"), (48, "bitte bis Freitag antworten"),
        (24 * 9, "bitte bis 11. Dezember 2026 antworten"), (-24, "seit 1 Tag überfällig"),
        (-72, "seit 3 Tagen überfällig"),
    ],
)  # fmt: skip
def test_how_the_promised_time_is_said(hours: int, said: str) -> None:
    now = datetime.fromisoformat("2026-12-02T12:00:00+01:00")
    assert inbox_pages.due_words(now + timedelta(hours=hours), now, i18n.language("de")) == said
