"""Coordinators look after enquiries, on both databases: what is overdue, reminding, entering for somebody, a sheet."""

from datetime import timedelta
from typing import Any

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import enquiries, menu
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.engagements import actions, asking, rules, store
from fediverse_ehrenamt.engagements.actions import Step
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.vocab.types import Effort
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.mail.postoffice import text_of
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
LIBRARY = "info@buecherei.example"
LIST, NEW = menu.ENQUIRIES, menu.ENTER


class Hall:
    """A town hall with a coordinator, and the library with its offer; the library promised to answer in five days."""

    def __init__(self, instance: Instance, clock: Clock) -> None:
        self.house, self.clock = House(instance, clock), clock
        self.library = self.house.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
        self.house.write(organisations.set_mail, self.library, LIBRARY)
        self.page = self.house.write(opportunities.publish, self.library, offer(answer_within_days=5)).page
        self.clara = self.house.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id

    def ask(self, name: str, page: str = "") -> int:
        def run(work: Work) -> int:
            person = Person(name=name, mail=f"{name.lower()}@beispiel.de")
            row = asking.ask(work, page or self.page, person, "", "de")
            actions.confirm(work, row)
            return row.id

        return self.house.write(run)

    def rows(self) -> list[EnquiryRow]:
        return self.house.write(lambda work: work.db.query(EnquiryRow).order_by(EnquiryRow.id).all())

    def noted(self) -> list[str]:
        return [str(one.did) for one in self.house.write(audit.listing, Wanted())]


@pytest.fixture
def hall(instance: Instance, clock: Clock) -> Hall:
    return Hall(instance, clock)


async def test_what_is_long_overdue_is_shown_counted_and_left_once_answered(hall: Hall) -> None:
    first, second = hall.ask("Anna"), hall.ask("Berta")
    async with hall.house.visit(hall.clara) as browser:
        assert "Hier wartet niemand." in (await browser.get(LIST)).text
        assert "nichts offen" in (await browser.get(menu.PATH)).text
        waiting = (await browser.get(f"{LIST}?stand=unbeantwortet")).text
        assert "bitte bis" in waiting
        hall.clock.now += timedelta(days=5) + rules.OVERDUE_AFTER
        text = (await browser.get(LIST)).text
        assert "seit 4 Tagen überfällig" in text
        assert "Stadtbücherei Hagen" in text
        assert LIBRARY in text
        assert f'href="/verwaltung/organisationen/buecherei/posteingang/anfrage/{first}"' in text
        assert ">2<" in (await browser.get(menu.PATH)).text
        hall.house.write(
            lambda work: actions.take(
                work, store.get(work, second, changes=True), Step(rules.COORDINATOR, rules.CLOSE, reason="besetzt")
            )
        )
        assert "Berta" not in (await browser.get(LIST)).text
    assert hall.house.write(store.count_overdue) == 1


async def test_an_organisation_is_reminded_at_most_once_a_day(hall: Hall) -> None:
    number = hall.ask("Anna")
    await hall.house.letters()
    path = f"{LIST}/{number}/erinnern"
    async with hall.house.visit(hall.clara) as browser:
        await browser.get(f"{LIST}?stand=unbeantwortet")
        done = await browser.post(f"{path}?stand=unbeantwortet")
        text = (await browser.get(done.headers["location"])).text
        assert "Die Organisation ist erinnert." in text
        assert "zuletzt erinnert: heute" in text
        assert "Organisation erinnern" not in text
        again = await browser.post(path)
        assert (again.status_code, "heute schon erinnert" in again.text) == (409, True)
        (letter,) = await hall.house.letters()
        assert letter["To"] == LIBRARY
        assert "An diese Anfrage erinnert Sie die Koordination" in " ".join(text_of(letter).split())
        hall.clock.now += rules.DAY
        assert (await browser.post(path)).is_redirect
        hall.house.write(organisations.forget_mail, hall.library)
        hall.clock.now += rules.DAY
        unreached = (await browser.get(f"{LIST}?stand=ohne-adresse")).text
        assert "keine Mailadresse hinterlegt" in unreached
        assert "rufen Sie dort an" in (await browser.post(path)).text
        assert (await browser.post(f"{LIST}/99/erinnern")).status_code == 404
    assert hall.noted() == ["reminded", "reminded"]


async def test_the_list_is_paged(hall: Hall) -> None:
    other = hall.house.write(opportunities.publish, hall.library, offer("zwei", title="Zweites Angebot")).page
    for number in range(enquiries.LISTED + 1):
        hall.ask(f"Person{number}", other if number % 2 else "")
    async with hall.house.visit(hall.clara) as browser:
        first = (await browser.get(f"{LIST}?stand=unbeantwortet")).text
        second = (await browser.get(f"{LIST}?stand=unbeantwortet&seite=2")).text
    assert first.count("desk-item") == enquiries.LISTED
    assert second.count("desk-item") == 1
    assert "seite=2" in first


async def typed(hall: Hall, **changes: str) -> dict[str, Any]:
    said = {
        "angebot": hall.page, "formular": ids.new_id(), "name": "Frau Kaiser", "telefon": "", "mail": "",
        "erreichbar": "kommt dienstags in die Sprechstunde", "text": "Ich lese gern vor.", "zeit": "di-vormittags",
        "einwilligung": "ja",
    }  # fmt: skip
    return said | changes


async def test_an_enquiry_is_entered_for_somebody_without_mail_and_printed(hall: Hall) -> None:
    await hall.house.instance.feed.follow(hall.house.instance.workshop)
    async with hall.house.visit(hall.clara) as browser:
        found = (await browser.get(f"{NEW}?q=Lesepatin")).text
        assert f"{NEW}?angebot={hall.page}" in found
        pasted = await browser.get(f"{NEW}?q=http://hagen.example/angebote/{hall.page}-lesepatin")
        assert pasted.headers["location"] == f"{NEW}?angebot={hall.page}"
        assert "Dazu gibt es hier kein offenes Angebot." in (await browser.get(f"{NEW}?q=quastenflosser")).text
        await browser.get(f"{NEW}?angebot={hall.page}")
        fields = await typed(hall)
        done = await browser.post(NEW, **fields)
        assert (await browser.post(NEW, **fields)).headers["location"] == done.headers["location"]
        sheet = await browser.get(done.headers["location"])
        assert sheet.headers["referrer-policy"] == "no-referrer"
        assert "<svg" in sheet.text
        link = sheet.text.partition("http://hagen.example/meine-anfrage/")[2].split('"')[0]
        assert "Ich lese gern vor." in (await browser.get(f"/meine-anfrage/{link}")).text
    (row,) = hall.rows()
    person = hall.house.write(store.person, row)
    assert (row.way, row.state, person.reach) == ("coordinator", "new", "kommt dienstags in die Sprechstunde")
    assert person.cells == ("di-vormittags",)
    (letter,) = await hall.house.letters()
    assert letter["To"] == LIBRARY
    assert "So erreichbar: kommt dienstags in die Sprechstunde" in " ".join(text_of(letter).split())
    (entry,) = hall.house.write(audit.listing, Wanted())
    assert str(entry.did) == "enquiry entered"
    assert "Kaiser" not in f"{entry}"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"einwilligung": ""}, "Ohne das Einverständnis der Person"),
        ({"name": ""}, "nennen Sie einen Namen"),
        ({"erreichbar": ""}, "wie man die Person erreicht"),
        ({"erreichbar": "x" * 201}, "länger als 200 Zeichen"),
        ({"telefon": "abc"}, "keine Telefonnummer"),
    ],
)
async def test_what_is_wrong_stands_beside_the_field(hall: Hall, changes: dict[str, str], problem: str) -> None:
    async with hall.house.visit(hall.clara) as browser:
        await browser.get(f"{NEW}?angebot={hall.page}")
        answer = await browser.post(NEW, **await typed(hall, **changes))
    assert answer.status_code == 422
    assert problem in answer.text
    assert "Ich lese gern vor." in answer.text
    assert 'value="di-vormittags" checked' in " ".join(answer.text.split())
    assert hall.rows() == []


async def test_the_page_says_where_older_ones_are(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LISTED", 2)
    told = "Hier stehen die neuesten 2; ältere stehen im Posteingang der Organisation."
    async with hall.house.visit(hall.clara) as browser:
        await browser.post(NEW, **await typed(hall))
        assert told not in (await browser.get(menu.ENTERED)).text
        await browser.post(NEW, **await typed(hall, name="Herr Öztürk"))
        assert told in (await browser.get(menu.ENTERED)).text


async def test_what_can_be_asked_about_is_said_in_the_reader_s_language(hall: Hall) -> None:
    weekly = offer("kasse", title="Kasse führen", effort=Effort(min_hours=1, max_hours=2, per="woche"))
    hall.house.write(opportunities.publish, hall.library, weekly)
    await hall.house.instance.feed.follow(hall.house.instance.workshop)
    async with hall.house.visit(hall.clara) as browser:
        assert "1–2 hours per week" in (await browser.get(f"{NEW}?q=Kasse&sprache=en")).text


async def test_what_is_not_open_is_not_entered(hall: Hall) -> None:
    hall.house.write(opportunities.publish, hall.library, offer(status="besetzt"))
    async with hall.house.visit(hall.clara) as browser:
        assert "nicht mehr offen" in (await browser.get(f"{NEW}?angebot={hall.page}")).text
        assert "nicht mehr offen" in (await browser.post(NEW, **await typed(hall))).text
        assert "gibt es hier nicht" in (await browser.get(f"{NEW}?angebot=nichts")).text
    assert (hall.rows(), hall.noted()) == ([], [])


async def test_the_private_link_of_others_is_on_no_sheet(hall: Hall) -> None:
    number = hall.ask("Anna")
    async with hall.house.visit(hall.clara) as browser:
        assert (await browser.get(f"{LIST}/{number}/blatt")).status_code == 404
        assert (await browser.get(f"{LIST}/x/blatt")).status_code == 404


async def test_who_calls_again_is_found_and_told_how_it_stands(hall: Hall) -> None:
    entered = menu.ENTERED
    hall.ask("Anna")
    async with hall.house.visit(hall.clara) as browser:
        assert "Hier ist noch nichts eingetragen." in (await browser.get(entered)).text
        await browser.get(f"{NEW}?angebot={hall.page}")
        done = await browser.post(NEW, **await typed(hall, telefon="02331 123456"))
        await browser.post(NEW, **await typed(hall, name="Herr Öztürk"))
        number = hall.rows()[1].id
        step = Step(rules.ORGANISATION, rules.AGREE, "Kommen Sie gern am Dienstag.")
        hall.house.write(lambda work: actions.take(work, store.get(work, number, changes=True), step))
        every = (await browser.get(entered)).text
        assert f'href="{entered}"' in (await browser.get(LIST)).text
        for sought in ("kaiser", "02331123456", "Lesepatin frau", "sprechstunde Kaiser"):
            found = (await browser.get(entered, params={"q": sought})).text
            assert ("Frau Kaiser" in found, "Herr Öztürk" in found) == (True, False), sought
        assert "Herr Öztürk" in (await browser.get(entered, params={"q": "öztürk"})).text
        assert "Dazu ist hier nichts eingetragen." in (await browser.get(entered, params={"q": "Meier"})).text
        sheet = (await browser.get(done.headers["location"])).text
    assert "Anna" not in every, "what people entered themselves is the organisation's"
    assert ">zugesagt<" in every
    assert f'href="/verwaltung/organisationen/buecherei/posteingang/anfrage/{number}"' in every
    assert "<strong>zugesagt</strong>" in sheet
    assert 'href="http://hagen.example/meine-anfrage/' in sheet
