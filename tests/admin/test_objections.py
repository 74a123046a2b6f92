"""An organisation objects to what was decided, on both databases: heard by somebody else, upheld or rejected."""

import re
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.admin import menu, queues
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.desk import restoring
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.moderation import actions, rules, store, wire
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.model import MeasureRow
from fediverse_ehrenamt.moderation.rules import Ground, Measure, Outcome
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.admin.test_reports import REPORTS, WHY, decide, published, reported
from tests.mail.postoffice import text_of
from tests.workbench import HOME, Clock, offer

pytestmark = pytest.mark.anyio
AGAINST = "Wir verlangen nichts; das Geld ist der Fahrpreis."
DESK = "/verwaltung/organisationen/buecherei"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def add(hagen: House, name: str) -> str:
    return hagen.add(f"{name.lower()}@hagen.de", f"{name} Koordination", Grant(Role.COORDINATOR)).id


def way(letter: EmailMessage) -> str:
    """Return the path of the page on which is objected, from the letter with the reasons."""
    found = re.search(rf"{HOME}(/widerspruch/\d+/[0-9a-z]+)", text_of(letter))
    assert found, text_of(letter)
    return found[1]


async def taken_down(hagen: House, by: str) -> tuple[str, str, str]:
    """Have somebody withdraw an offer; return the organisation, the offer's URI and the path to object."""
    library, uri = published(hagen)
    reasons = Reasons(Ground.RULES, WHY, person=by)
    hagen.write(actions.take_down, uri, reasons)
    (letter,) = await hagen.letters()
    return library, uri, way(letter)


def only(hagen: House) -> MeasureRow:
    row: MeasureRow = hagen.write(lambda work: work.db.query(MeasureRow).one())
    return row


def standing(hagen: House) -> list[str]:
    uris: list[str] = hagen.write(lambda work: list(work.db.scalars(select(ThingRow.uri))))
    return uris


async def test_an_organisation_objects_on_a_private_page(hagen: House) -> None:
    _, _, path = await taken_down(hagen, add(hagen, "Clara"))
    async with hagen.visit() as browser:
        page = await browser.get(path)
        assert WHY in page.text
        assert page.headers["cache-control"] == "no-store"
        short = await browser.post(path, text="Nein")
        assert short.status_code == 422
        assert ">Nein</textarea>" in short.text
        assert only(hagen).objected_at is None
        for _ in range(2):  # sent twice
            sent = await browser.post(path, text=AGAINST)
            assert sent.headers["location"] == f"{path}?getan=1"
        after = (await browser.get(f"{path}?getan=1")).text
        assert AGAINST in after
        assert "Er wird geprüft" in after
        again = await browser.post(path, text="Und noch etwas anderes dazu.")
        assert again.status_code == 409
        assert (await browser.get(f"{path[:-1]}{'a' if path[-1] != 'a' else 'b'}")).status_code == 403
        assert (await browser.get(path.replace("/widerspruch/", "/widerspruch/9"))).status_code == 403
    (letter,) = await hagen.letters()
    assert letter["To"] == "info@buecherei.example"
    assert "Ihr Widerspruch ist da" in letter["Subject"]
    assert hagen.write(queues.waiting, [menu.REPORTS]) == {menu.REPORTS: 1}


async def test_the_time_to_object_ends(hagen: House) -> None:
    _, _, path = await taken_down(hagen, "")
    hagen.clock.now += rules.MEASURES_LAST + timedelta(hours=1)
    async with hagen.visit() as browser:
        assert "Die Frist für einen Widerspruch war" in (await browser.get(path)).text
        assert (await browser.post(path, text=AGAINST)).status_code == 409
    assert only(hagen).objected_at is None


async def test_somebody_else_is_suggested_and_upholds_it(hagen: House) -> None:
    clara, carl = add(hagen, "Clara"), add(hagen, "Carl")
    _, uri, path = await taken_down(hagen, clara)
    hagen.write(object_, only(hagen).id)
    await hagen.letters()
    page = f"{REPORTS}/widerspruch/{only(hagen).id}"
    async with hagen.visit(clara) as browser:
        assert "Das haben Sie selbst entschieden." in (said := (await browser.get(page)).text)
        assert "Besser sieht es jemand anderes an: Carl Koordination." in said
    async with hagen.visit(carl) as browser:
        assert page in (await browser.get(REPORTS)).text
        said = (await browser.get(page)).text
        assert AGAINST in said
        assert "entschieden von Clara Koordination" in said
        assert "selbst entschieden" not in said
        assert (await browser.post(page, text=WHY)).status_code == 422, "nothing is chosen"
        for _ in range(2):
            assert (await browser.post(page, ergebnis="upheld", text="")).headers["location"] == page
        assert "Stattgegeben" in (await browser.get(page)).text
        assert "Stattgegeben" in (await browser.get(f"{REPORTS}?stand=erledigt")).text
        assert page not in (await browser.get(REPORTS)).text
    (new,) = standing(hagen)
    assert new != uri
    (letter,) = await hagen.letters()
    assert "stattgegeben" in text_of(letter)
    assert [one.did for one in hagen.write(audit.listing, Wanted())] == [Did.OBJECTION_UPHELD]
    async with hagen.visit() as browser:
        assert "stattgegeben" in (await browser.get(path)).text


def object_(work: Work, number: int) -> None:
    actions.contest(work, store.get_measure(work, number), AGAINST)


async def test_it_is_rejected_with_reasons(hagen: House) -> None:
    library, _, _ = await taken_down(hagen, "")
    hagen.write(object_, only(hagen).id)
    await hagen.letters()
    page = f"{REPORTS}/widerspruch/{only(hagen).id}"
    eva = hagen.add("eva@buecherei.example", "Eva", Grant(Role.OWNER, library)).id
    async with hagen.visit(eva) as browser:
        assert "Ihr Widerspruch wird geprüft." in (await browser.get(DESK)).text
    async with hagen.visit(add(hagen, "Carl")) as browser:
        without = await browser.post(page, ergebnis="rejected", text="nein")
        assert without.status_code == 422
        assert ">nein</textarea>" in without.text
        assert (await browser.post(page, ergebnis="rejected", text=WHY)).is_redirect
        assert (await browser.post(page, ergebnis="upheld", text="")).is_redirect  # too late
    assert standing(hagen) == []
    assert only(hagen).outcome == Outcome.REJECTED
    (letter,) = await hagen.letters()
    said = " ".join(text_of(letter).split())
    assert WHY in said
    assert "Streitbeilegungsstelle" in said
    noted = [(one.did, one.detail) for one in hagen.write(audit.listing, Wanted())]
    assert noted == [(Did.OBJECTION_REJECTED, WHY)]
    async with hagen.visit(eva) as browser:
        assert "Ihr Widerspruch wurde zurückgewiesen." in (await browser.get(DESK)).text


async def test_it_stands_at_the_report_that_was_decided(hagen: House) -> None:
    _, uri = published(hagen)
    number = reported(hagen, uri)
    async with hagen.visit(add(hagen, "Clara")) as browser:
        assert await decide(browser, number, Measure.REMOVED) == 303
        row = only(hagen)
        assert (row.report, bool(row.person)) == (number, True)
        assert "Widerspruch von" not in (await browser.get(f"{REPORTS}/{number}")).text
        hagen.write(object_, row.id)
        assert f"{REPORTS}/widerspruch/{row.id}" in (await browser.get(f"{REPORTS}/{number}")).text
        assert f"{REPORTS}/{number}" in (await browser.get(f"{REPORTS}/widerspruch/{row.id}")).text


async def test_a_suspended_organisation_is_let_in_again(hagen: House) -> None:
    library, _ = published(hagen)
    hagen.write(actions.suspend, library, Reasons(Ground.LAW, WHY))
    (letter,) = await hagen.letters()
    async with hagen.visit() as browser:
        assert "Diese Organisation wurde am" in (await browser.get(way(letter))).text
        assert (await browser.post(way(letter), text=AGAINST)).is_redirect
    await hagen.letters()
    page = f"{REPORTS}/widerspruch/{only(hagen).id}"
    async with hagen.visit(add(hagen, "Carl")) as browser:
        assert (await browser.post(page, ergebnis="upheld", text="")).is_redirect
    assert len(standing(hagen)) == 1
    assert hagen.write(lambda work: work.db.get_one(LocalActorRow, library).suspended_at) is None
    assert only(hagen).lifted_at == hagen.clock.now
    dids = [one.did for one in hagen.write(audit.listing, Wanted())]
    assert dids == [Did.ORGANISATION_RESTORED, Did.OBJECTION_UPHELD]
    (letter,) = await hagen.letters()
    assert "Ihr Widerspruch" in letter["Subject"]
    said = " ".join(text_of(letter).split())
    assert "Die Sperre ist aufgehoben, Sie können wieder veröffentlichen." in said
    assert "Andere Portale bekommen alles neu." in said


async def test_an_objection_is_upheld_though_the_suspension_is_over(hagen: House) -> None:
    library, _ = published(hagen)
    hagen.write(actions.suspend, library, Reasons(Ground.LAW, WHY))
    hagen.write(object_, only(hagen).id)
    hagen.write(restoring.lift, library)
    assert "Sperre aufgehoben" in (await hagen.letters())[-1]["Subject"]
    async with hagen.visit(add(hagen, "Carl")) as browser:
        page = f"{REPORTS}/widerspruch/{only(hagen).id}"
        assert (await browser.post(page, ergebnis="upheld", text="Wir haben uns geirrt.")).is_redirect
    (letter,) = await hagen.letters()
    assert "Die Sperre war schon aufgehoben." in " ".join(text_of(letter).split())
    assert "Wir haben uns geirrt." in text_of(letter)


async def test_what_cannot_be_put_back_now_is_said(hagen: House) -> None:
    library, _, _ = await taken_down(hagen, "")
    number = only(hagen).id
    hagen.write(object_, number)
    hagen.write(actions.suspend, library, Reasons(Ground.LAW, WHY))
    async with hagen.visit(add(hagen, "Carl")) as browser:
        answer = await browser.post(f"{REPORTS}/widerspruch/{number}", ergebnis="upheld", text="")
        assert answer.status_code == 422
        assert "ist gesperrt" in answer.text
    assert hagen.write(lambda work: work.db.get_one(MeasureRow, number).answered_at) is None


async def test_a_corrected_version_stays_as_it_is(hagen: House) -> None:
    library, _, _ = await taken_down(hagen, "")
    hagen.write(object_, only(hagen).id)
    corrected = hagen.write(
        opportunities.publish, library, offer(text="Wir suchen Menschen, die kostenlos vorlesen.")
    ).uri
    async with hagen.visit(add(hagen, "Carl")) as browser:
        page = f"{REPORTS}/widerspruch/{only(hagen).id}"
        assert (await browser.post(page, ergebnis="upheld", text="")).is_redirect
    assert standing(hagen) == [corrected]


async def test_nothing_is_erased_that_waits_for_an_answer(hagen: House) -> None:
    await taken_down(hagen, "")
    hagen.write(object_, only(hagen).id)
    hagen.clock.now += rules.MEASURES_LAST + timedelta(days=1)
    hagen.write(actions.expire)
    assert hagen.rows([MeasureRow]) == {"MeasureRow": 1}
    hagen.write(actions.judge, only(hagen).id, Outcome.REJECTED, WHY)
    with pytest.raises(Conflict, match="schon entschieden"):
        hagen.write(actions.judge, only(hagen).id, Outcome.REJECTED, WHY)
    hagen.clock.now += rules.MEASURES_LAST + timedelta(days=1)
    hagen.write(actions.expire)
    assert hagen.rows([MeasureRow]) == {"MeasureRow": 0}


async def test_without_a_secret_the_letter_names_the_imprint(hagen: House) -> None:
    await taken_down(hagen, "")
    bare = replace(hagen.instance.workshop.settings, secret="")
    letter = wire.taken_down(bare, "Ehrenamt Hagen", Recipient("info@buecherei.example", "de"), "Bücherei", only(hagen))
    assert f"{HOME}/impressum" in letter.text
    assert "/widerspruch/" not in letter.text
