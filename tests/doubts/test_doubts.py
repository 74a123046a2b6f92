"""Visitors say that an offer does not hold: counted once a day, asked about once a week, looked at by a person."""

from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx
import pytest
from sqlalchemy import select

from fediverse_ehrenamt import app
from fediverse_ehrenamt.doubts import actions, rules
from fediverse_ehrenamt.doubts.model import DoubtLetterRow, DoubtRow
from fediverse_ehrenamt.doubts.tasks import HOUSEKEEPING
from fediverse_ehrenamt.freshness import actions as freshness
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import addresses
from fediverse_ehrenamt.kit.errors import Conflict, Gone, NotFound
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation import rules as moderation_rules
from fediverse_ehrenamt.moderation.model import ReportRow
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.alerts.test_alerts import offer
from tests.freshness.asking import links_of
from tests.mail.postoffice import taken, text_of
from tests.workbench import HOME, Clock

pytestmark = pytest.mark.anyio
P = ParamSpec("P")
T = TypeVar("T")
MAIL, ANNA = "info@buecherei.example", "anna@beispiel.de"


class Town:
    """A town with one organisation that can be written to, and browsers at several addresses."""

    def __init__(self, instance: Instance, clock: Clock) -> None:
        self.instance, self.clock = instance, clock
        self.owner = self.write(workbench.add_organisation)
        self.write(organisations.set_mail, self.owner, MAIL)

    def write(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.instance.workshop.write_now(function, *args, **kwargs)

    def publish(self, key: str = "lesepatin", **details: Any) -> str:
        """Publish an offer; return the id of its page."""
        draft = workbench.offer(key, **{"title": f"{key.title()} gesucht"} | details)
        uri = self.write(opportunities.publish, self.owner, draft).uri
        self.clock.forward(seconds=1)
        return self.write(lambda work: work.db.get_one(ThingRow, uri).id)

    async def ask(self, method: str, path: str, client: str = "192.0.2.1", **more: Any) -> httpx.Response:
        made = app.build(self.instance)
        made.state.instance_name = "Ehrenamt Hagen"
        transport = httpx.ASGITransport(made, client=(client, 1))
        async with httpx.AsyncClient(
            transport=transport, base_url=HOME, headers={"accept": "text/html", "origin": HOME}
        ) as browser:
            return await browser.request(method, path, **more)

    async def doubt(self, page: str, client: str = "192.0.2.1", **data: str) -> httpx.Response:
        return await self.ask("POST", f"/angebote/{page}-mit-worten/stimmt-nicht-mehr", client, data=data)

    async def letters(self) -> list[EmailMessage]:
        for one in HOUSEKEEPING:
            self.write(one)
        await Runner(self.instance.workshop, sending.JOBS).run_due()
        return list(taken(self.instance.workshop.settings))

    def rows(self) -> list[DoubtRow]:
        return self.instance.workshop.read_now(lambda work: list(work.db.scalars(select(DoubtRow))))

    def reports(self) -> list[ReportRow]:
        return self.instance.workshop.read_now(lambda work: list(work.db.scalars(select(ReportRow))))

    def listed(self, least: int = rules.ENOUGH) -> list[actions.Doubted]:
        return self.write(actions.listing, least)


@pytest.fixture
async def hagen(instance: Instance, clock: Clock) -> Town:
    return Town(instance, clock)


# --- counting ---------------------------------------------------------------------------------------------------------
async def test_one_click_counts_once_and_a_reason_may_follow(hagen: Town) -> None:
    page = hagen.publish()
    detail = await hagen.ask("GET", f"/angebote/{page}")
    assert f'/angebote/{page}-lesepatin-gesucht/stimmt-nicht-mehr"' in detail.text
    looked = await hagen.ask("GET", f"/angebote/{page}/stimmt-nicht-mehr")
    assert "Ja, das stimmt nicht mehr" in looked.text
    assert hagen.rows() == [], "looking changes nothing"
    for answer in (await hagen.doubt(page), await hagen.doubt(page)):
        assert answer.headers["location"] == f"/angebote/{page}/stimmt-nicht-mehr?danke=1"
    thanks = await hagen.ask("GET", f"/angebote/{page}/stimmt-nicht-mehr?danke=1")
    assert "Vielen Dank" in thanks.text
    assert "Wir fragen bei der Organisation nach" in thanks.text
    answer = await hagen.doubt(page, grund="besetzt")
    assert answer.headers["location"].endswith("?danke=2")
    await hagen.doubt(page, grund="unsinn")
    (row,) = hagen.rows()
    assert row.reason == "besetzt"
    assert row.mark is not None
    assert "192.0.2.1" not in row.mark


async def test_nobody_is_known_again_and_marks_leave_after_a_day(hagen: Town) -> None:
    first, second = hagen.publish(), hagen.publish("fahrer")
    await hagen.doubt(first)
    await hagen.doubt(second)
    one, two = (row.mark for row in hagen.rows())
    assert one != two
    hagen.clock.forward(hours=23)
    await hagen.letters()
    assert [row.mark for row in hagen.rows()] == [one, two]
    hagen.clock.forward(hours=1)
    await hagen.letters()
    assert [row.mark for row in hagen.rows()] == [None, None]
    await hagen.doubt(first)
    assert len(hagen.rows()) == 3
    hagen.clock.forward(days=30)
    await hagen.letters()
    assert hagen.rows() == []
    assert hagen.write(lambda work: list(work.db.scalars(select(DoubtLetterRow)))) == []


def test_one_household_is_one_client() -> None:
    day = date(2026, 11, 27)
    mark = rules.mark("geheim", day, "u", "2001:db8:1:2::5")
    assert mark == rules.mark("geheim", day, "u", "2001:db8:1:2:ffff::1")
    others = [
        ("geheim", day, "u", "2001:db8:1:3::5"),
        ("geheim", day, "v", "2001:db8:1:2::5"),
        ("geheim", date(2026, 11, 28), "u", "2001:db8:1:2::5"),
        ("anders", day, "u", "2001:db8:1:2::5"),
    ]
    assert mark not in {rules.mark(*other) for other in others}
    assert addresses.subscriber("192.0.2.7") == "192.0.2.7"
    assert addresses.subscriber("testclient") == "testclient"


async def test_three_different_ones_bring_it_to_the_coordinator_and_hide_nothing(hagen: Town) -> None:
    page = hagen.publish()
    for number, reason in enumerate(["besetzt", "", "besetzt"]):
        assert hagen.listed() == []
        await hagen.doubt(page, f"192.0.2.{number}", grund=reason)
    (one,) = hagen.listed()
    assert (one.page, one.count, one.reasons, one.local, one.asked_at) == (page, 3, {"besetzt": 2, "": 1}, True, None)
    assert (await hagen.ask("GET", f"/angebote/{page}")).status_code == 200
    assert hagen.write(actions.clear, page) == 3
    assert hagen.listed(1) == []


async def test_an_offer_of_another_portal_stands_in_the_list_and_nobody_is_told(hagen: Town) -> None:
    remote = offer(1)
    hagen.write(search.put, [remote])
    for number in range(3):
        await hagen.doubt(remote.id, f"192.0.2.{number}")
    (one,) = hagen.listed()
    assert (one.host, one.local) == ("a.example", False)
    assert await hagen.letters() == []
    thanks = await hagen.ask("GET", f"/angebote/{remote.id}/stimmt-nicht-mehr?danke=1")
    assert "kommt aus dem Portal a.example" in thanks.text


async def test_what_is_gone_or_no_offer_cannot_be_doubted(hagen: Town) -> None:
    remote = offer(1)
    hagen.write(search.put, [remote, offer(2, kind="event", id="01termin")])
    await hagen.doubt(remote.id)
    hagen.write(search.remove, [remote.uri])
    assert (await hagen.doubt(remote.id)).status_code == 410
    assert hagen.listed(1) == []
    for page in ("01termin", "gibtesnicht"):
        assert (await hagen.doubt(page)).status_code == 404
    with pytest.raises(Gone):
        hagen.write(actions.clear, remote.id)
    with pytest.raises(NotFound):
        hagen.write(actions.clear, "gibtesnicht")


async def test_a_flood_is_refused_in_plain_words(hagen: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    page = hagen.publish()
    monkeypatch.setattr(rules, "A_DAY", 1)
    await hagen.doubt(page)
    assert (await hagen.doubt(page)).status_code == 303
    refused = await hagen.doubt(page, "192.0.2.2")
    assert refused.status_code == 503
    assert "Bitte morgen noch einmal" in refused.text
    foreign = await hagen.ask("POST", f"/angebote/{page}/stimmt-nicht-mehr", headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403


# --- asking the organisation ------------------------------------------------------------------------------------------
async def test_the_organisation_is_asked_once_a_week_and_answers_by_a_link(hagen: Town) -> None:
    page = hagen.publish()
    hagen.clock.forward(days=3)
    assert await hagen.letters() == []
    await hagen.doubt(page, "192.0.2.1", grund="besetzt")
    await hagen.doubt(page, "192.0.2.2", grund="besetzt")
    (letter,) = await hagen.letters()
    assert letter["To"] == MAIL
    said = " ".join(text_of(letter).split())
    assert "haben Menschen gesagt, dass ein Angebot von „Stadtbücherei Hagen“ nicht mehr stimmt" in said
    assert "gesagt wurde: ist schon besetzt (2)" in said
    assert "bald abläuft" not in said
    hagen.clock.forward(minutes=1)
    await hagen.doubt(page, "192.0.2.3")
    hagen.clock.forward(days=6, hours=23)
    assert await hagen.letters() == []
    assert hagen.listed()[0].asked_at is not None
    hagen.clock.forward(hours=1)
    (letter,) = await hagen.letters()
    assert "stimmt nicht mehr" in " ".join(text_of(letter).split())
    path = links_of(letter)["stimmt-noch"]
    assert "bestätigt" in (await hagen.ask("POST", path)).text
    assert hagen.listed(1) == [], "what was said before the answer counts no more"
    hagen.clock.forward(days=8)
    assert await hagen.letters() == []
    await hagen.doubt(page)
    assert len(await hagen.letters()) == 1


async def test_all_doubts_of_a_day_stand_in_one_letter(hagen: Town) -> None:
    pages = [hagen.publish(), hagen.publish("fahrer"), hagen.publish("koch")]
    hagen.clock.forward(days=1)
    for page in pages[:2]:
        await hagen.doubt(page)
    (letter,) = await hagen.letters()
    assert "2 Angebote von" in " ".join(text_of(letter).split())
    await hagen.doubt(pages[2])
    assert await hagen.letters() == []
    hagen.clock.forward(days=1)
    assert len(await hagen.letters()) == 1


async def test_who_has_answered_before_being_asked_is_not_asked(hagen: Town) -> None:
    await hagen.doubt(hagen.publish())
    hagen.clock.forward(seconds=1)
    hagen.write(opportunities.confirm, hagen.owner, "lesepatin")
    assert await hagen.letters() == []
    assert hagen.rows() == [], "so that it is not looked at again every minute"


async def test_without_an_address_or_when_it_is_filled_nobody_is_asked(hagen: Town) -> None:
    page = hagen.publish()
    hagen.clock.forward(hours=1)
    await hagen.doubt(page)
    hagen.write(organisations.forget_mail, hagen.owner)
    assert await hagen.letters() == []
    hagen.write(organisations.set_mail, hagen.owner, MAIL)
    hagen.publish(status="besetzt")
    assert await hagen.letters() == []
    assert hagen.write(freshness.remind) == 0


# --- reports ----------------------------------------------------------------------------------------------------------
async def test_what_offends_is_reported_with_a_receipt_and_an_answer(hagen: Town) -> None:
    page = hagen.publish()
    answer = await hagen.doubt(page, grund="anstoessig")
    assert answer.headers["location"] == f"/angebote/{page}/melden"
    assert hagen.rows() == []
    sent = {"text": "Das ist\r\nbeleidigend.", "mail": f" {ANNA} "}
    thanks = f"/angebote/{page}/melden?danke=mail"
    for _ in range(2):
        assert (await hagen.ask("POST", f"/angebote/{page}/melden", data=sent)).headers["location"] == thanks
    assert "Sie bekommen gleich eine Bestätigung" in (await hagen.ask("GET", thanks)).text
    (row,) = hagen.reports()
    assert (row.comment, row.mail, row.reporter, row.actor) == ("Das ist\nbeleidigend.", ANNA, "", hagen.owner)
    (letter,) = await hagen.letters()
    assert letter["To"] == ANNA
    assert "„Lesepatin gesucht“ ist angekommen" in " ".join(text_of(letter).split())
    assert "beleidigend" not in text_of(letter)
    hagen.write(moderation.close, row.id, "Wir haben es geändert.")
    (letter,) = await hagen.letters()
    assert "Entschieden wurde: Wir haben es geändert." in text_of(letter)
    assert hagen.reports()[0].mail == ""
    with pytest.raises(Conflict):
        hagen.write(moderation.close, row.id)


async def test_a_report_needs_no_address_and_its_address_leaves(hagen: Town) -> None:
    page = hagen.publish()
    answer = await hagen.ask("POST", f"/angebote/{page}/melden", data={"text": "Das ist Betrug."})
    assert answer.headers["location"].endswith("?danke=1")
    assert await hagen.letters() == []
    hagen.write(moderation.close, hagen.reports()[0].id)
    assert await hagen.letters() == []
    await hagen.ask("POST", f"/angebote/{page}/melden", data={"text": "Noch etwas.", "mail": ANNA})
    hagen.clock.forward(days=181)
    hagen.write(moderation.expire)
    assert [row.mail for row in hagen.reports()] == [""]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": "", "mail": ANNA}, "Bitte schreiben Sie in einem Satz"),
        ({"text": "x" * 4_001, "mail": ANNA}, "höchstens 4.000 Zeichen"),
        ({"text": "Das ist Betrug.", "mail": "anna@"}, "Das ist keine Mailadresse"),
    ],
)
async def test_what_is_wrong_stands_beside_the_field(hagen: Town, sent: dict[str, str], said: str) -> None:
    page = hagen.publish()
    answer = await hagen.ask("POST", f"/angebote/{page}/melden", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert sent["text"] in answer.text
    assert f'value="{sent["mail"]}"' in answer.text
    assert hagen.reports() == []


async def test_strangers_mailboxes_and_ours_are_not_filled(hagen: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    page = hagen.publish()
    monkeypatch.setattr(moderation_rules, "OF_VISITORS_IN_A_DAY", 4)
    answers = [
        await hagen.ask("POST", f"/angebote/{page}/melden", data={"text": f"Betrug Nummer {number}", "mail": ANNA})
        for number in range(5)
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 303, 503]
    assert len(await hagen.letters()) == moderation_rules.RECEIPTS_IN_A_DAY
