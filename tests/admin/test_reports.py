"""The queue of reports, on both databases: what a moderator decides is done, and everybody concerned is told why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.federation import restrictions
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.moderation import actions, rules, store
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.model import MeasureRow
from fediverse_ehrenamt.moderation.rules import Ground, Measure
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.vocab.types import PUBLIC, Create, Opportunity, Update
from fediverse_ehrenamt.wiring import HANDLERS
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House, Visit
from tests.discover import samples
from tests.mail.postoffice import text_of
from tests.workbench import Clock, add_organisation, add_source, know, offer

pytestmark = pytest.mark.anyio
REPORTS = menu.REPORTS
MAIL = "anna@beispiel.de"
WHY = "Hier wird Geld für die Vermittlung verlangt."


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def reported(hagen: House, uri: str, comment: str = "Das ist Betrug", mail: str = MAIL) -> int:
    """Report something as a visitor does; return the number."""

    def run(work: Work) -> int:
        actions.complain(work, documents.get(work, uri), comment, mail, "de")
        return store.listing(work)[0].id

    return hagen.write(run)


def published(hagen: House) -> tuple[str, str]:
    """Publish an offer of the library; return both URIs."""
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    hagen.write(organisations.set_mail, library, "info@buecherei.example")
    return library, hagen.write(opportunities.publish, library, offer()).uri


def foreign(work: Work, *, later: int = 0) -> str:
    """Take an offer of another town as its inbox does, or a later state of it."""
    author = samples.READING.attributed_to
    if not later:
        know(work, author)
        add_source(work, author)
    moment = work.now + timedelta(hours=later)
    details = replace(samples.READING.details, confirmed_at=moment, expires_at=work.now + timedelta(days=90))
    details = replace(details, end_date=None, apply_by=None)
    thing: Opportunity = replace(samples.READING, published=work.now, updated=moment, details=details, to=(PUBLIC,))
    kind = Update if later else Create
    activity = kind(id=f"{thing.id}/{later}", actor=author, object=thing, to=(PUBLIC,))
    handle = HANDLERS.find(activity)
    assert handle is not None
    with HANDLERS.together(work):
        handle(work, activity)
    return thing.id


def shown(hagen: House, uri: str) -> bool:
    def run(work: Work) -> Document | None:
        try:
            return documents.get(work, uri)
        except (Gone, NotFound):
            return None

    return hagen.write(run) is not None


def moderator(hagen: House) -> str:
    return hagen.add("mo@hagen.de", "Mo Moderation", Grant(Role.MODERATOR)).id


async def decide(browser: Visit, number: int, measure: Measure, text: str = WHY) -> int:
    path = f"{REPORTS}/{number}"
    await browser.get(path)
    return (await browser.post(path, massnahme=measure, grund=Ground.RULES, text=text, sicher="ja")).status_code


async def test_a_report_is_looked_at_and_decided_once(hagen: House) -> None:
    _, uri = published(hagen)
    number = reported(hagen, uri)
    async with hagen.visit(moderator(hagen)) as browser:
        listed = (await browser.get(REPORTS)).text
        page = (await browser.get(f"{REPORTS}/{number}")).text
        asked = await browser.post(f"{REPORTS}/{number}", massnahme=Measure.REMOVED, grund=Ground.RULES, text=WHY)
        assert shown(hagen, uri)
        assert await decide(browser, number, Measure.REMOVED) == 303
        assert not shown(hagen, uri)
        assert await decide(browser, number, Measure.NOTHING) == 303  # a second click decides nothing
        after = (await browser.get(f"{REPORTS}/{number}?sicher=1")).text
        assert "Keine Meldung wartet" in (await browser.get(REPORTS)).text
        assert "Der Eintrag wird hier nicht mehr gezeigt." in (await browser.get(f"{REPORTS}?stand=erledigt")).text
    assert "Das ist Betrug" in listed
    assert "jemand, der diese Seiten besuchte" in page
    assert MAIL not in listed + page + after
    assert "bekommt eine E-Mail mit Ihrer Begründung" in asked.text
    assert "war schon entschieden" in after


async def test_an_offer_of_ours_is_withdrawn_and_everybody_is_told_why(hagen: House) -> None:
    library, uri = published(hagen)
    number = reported(hagen, uri)
    await hagen.letters()
    mo = moderator(hagen)
    async with hagen.visit(mo) as browser:
        assert await decide(browser, number, Measure.REMOVED) == 303
    letters = {letter["To"]: " ".join(text_of(letter).split()) for letter in await hagen.letters()}
    assert set(letters) == {MAIL, "info@buecherei.example"}
    assert f"nicht mehr gezeigt. {WHY}" in letters[MAIL]
    told = letters["info@buecherei.example"]
    for part in (WHY, "Ein Mensch hat ihn geprüft", "widersprechen", "gegen die Regeln", "Gericht"):
        assert part in told
    assert "Betrug" not in told
    noted = {one.did: one for one in hagen.write(audit.listing, Wanted())}
    assert (noted[Did.WITHDRAWN].person, noted[Did.WITHDRAWN].organisation) == (mo, library)
    assert WHY in noted[Did.REPORT_CLOSED].detail
    async with hagen.visit(hagen.add("eva@buecherei.example", "Eva", Grant(Role.EDITOR, library)).id) as browser:
        desk = (await browser.get("/verwaltung/organisationen/buecherei")).text
    assert "Von der Moderation zurückgezogen" in desk
    assert WHY in desk


async def test_without_an_address_the_owners_are_written_to(hagen: House) -> None:
    library, uri = published(hagen)
    hagen.write(organisations.forget_mail, library)
    hagen.add("eva@buecherei.example", "Eva", Grant(Role.OWNER, library))
    hagen.add("ed@buecherei.example", "Ed", Grant(Role.EDITOR, library))
    hagen.write(actions.take_down, uri, Reasons(Ground.LAW, WHY))
    (letter,) = await hagen.letters()
    assert letter["To"] == "eva@buecherei.example"
    assert "verstößt gegen ein Gesetz" in text_of(letter)
    assert "selbst aufgefallen" in text_of(letter)


async def test_an_offer_of_another_town_is_hidden_until_it_is_shown_again(hagen: House) -> None:
    uri = hagen.write(foreign)
    number = reported(hagen, uri)
    async with hagen.visit(moderator(hagen)) as browser:
        assert await decide(browser, number, Measure.REMOVED) == 303
        hagen.write(foreign, later=1)
        assert not shown(hagen, uri)
        assert "Vorlesen" in (hidden := (await browser.get(f"{REPORTS}/ausgeblendet")).text) or "Lese" in hidden
        for _ in range(2):
            assert (await browser.post(f"{REPORTS}/ausgeblendet", eintrag=uri)).is_redirect
        assert "Nichts ist ausgeblendet" in (await browser.get(f"{REPORTS}/ausgeblendet")).text
    assert shown(hagen, uri)
    hagen.write(foreign, later=2)
    assert shown(hagen, uri)
    assert [one.did for one in hagen.write(audit.listing, Wanted())][:2] == [Did.POST_LET_IN, Did.WITHDRAWN]


@pytest.mark.parametrize(
    ("measure", "severity"),
    [(Measure.HOST_BLOCKED, "block"), (Measure.HOST_LIMITED, "limit"), (Measure.ACTOR_BLOCKED, "block")],
)
async def test_the_source_is_blocked_by_whoever_may(hagen: House, measure: Measure, severity: str) -> None:
    uri = hagen.write(foreign)
    number = reported(hagen, uri)
    clara = hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id
    async with hagen.visit(clara) as browser:
        assert await decide(browser, number, measure) == 422
        assert "sperren" not in (await browser.get(f"{REPORTS}/{number}")).text
    assert hagen.write(restrictions.listing) == []
    async with hagen.visit(moderator(hagen)) as browser:
        assert await decide(browser, number, measure) == 303
    (entry,) = hagen.write(restrictions.listing)
    host = samples.READING.id.split("/")[2]
    assert entry.subject == (samples.READING.attributed_to if measure is Measure.ACTOR_BLOCKED else host)
    assert (entry.severity, entry.reason) == (severity, f"Meldung {number}: {WHY}")
    assert not shown(hagen, uri)
    assert Did.BLOCKED in {one.did for one in hagen.write(audit.listing, Wanted())}


async def test_what_is_wrong_with_a_decision_stands_beside_the_field(hagen: House) -> None:
    _, uri = published(hagen)
    number = reported(hagen, uri)
    async with hagen.visit(moderator(hagen)) as browser:
        assert await decide(browser, number, Measure.REMOVED, "weg") == 422
        assert await decide(browser, number, Measure.REMOVED, "x" * (rules.MAX_DECISION + 1)) == 422
        nothing = await browser.post(f"{REPORTS}/{number}", massnahme="tanzen", text="Das hier bleibt <b>stehen</b>")
        assert (await browser.get(f"{REPORTS}/99999")).status_code == 404
        assert (await browser.get(f"{REPORTS}/x9")).status_code == 404
        assert await decide(browser, number, Measure.HOST_BLOCKED) == 422  # it is ours
        assert await decide(browser, number, Measure.NOTHING, "") == 303
    assert nothing.status_code == 422
    assert "Bitte wählen Sie, was geschehen soll." in nothing.text
    assert "Das hier bleibt &lt;b&gt;stehen&lt;/b&gt;</textarea>" in nothing.text
    assert shown(hagen, uri)
    assert "Der Eintrag bleibt, wie er ist." in text_of((await hagen.letters())[-1])


async def test_the_list_is_paged(hagen: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fediverse_ehrenamt.admin.reports._PAGE", 2)
    _, uri = published(hagen)
    numbers = [reported(hagen, uri, f"Grund {count}", "") for count in range(3)]
    async with hagen.visit(moderator(hagen)) as browser:
        first = (await browser.get(REPORTS)).text
        second = (await browser.get(f"{REPORTS}?nach={numbers[1]}")).text
        none = (await browser.get(f"{REPORTS}?nach={numbers[2]}")).text
        for number in numbers:
            await decide(browser, number, Measure.NOTHING, "")
        closed = (await browser.get(f"{REPORTS}?stand=erledigt")).text
        older = (await browser.get(f"{REPORTS}?stand=erledigt&nach={numbers[1]}")).text
    assert "Grund 0" in first
    assert "Grund 2" not in first
    assert f"nach={numbers[1]}" in first
    assert "Grund 2" in second
    assert "Zum Anfang" in none
    assert "Grund 2" in closed
    assert "Grund 0" not in closed
    assert "Grund 0" in older


async def test_what_organisations_were_told_leaves_after_half_a_year(hagen: House, clock: Clock) -> None:
    library, uri = published(hagen)
    hagen.write(actions.take_down, uri, Reasons(Ground.OUTDATED, WHY))
    assert [one.reason for one in hagen.write(store.measures, library)] == [WHY]
    clock.now += rules.MEASURES_LAST + timedelta(minutes=1)
    assert hagen.write(actions.expire) == 1
    assert hagen.rows([MeasureRow]) == {"MeasureRow": 0}
