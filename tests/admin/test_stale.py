"""Stale offers in the browser, on both databases: doubted or soon over, reminded of, confirmed, withdrawn, hidden."""

from datetime import datetime, timedelta

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import menu, stale
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.doubts import actions as doubts
from fediverse_ehrenamt.freshness import rules
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from tests.accounts.house import House
from tests.admin.test_reports import WHY, foreign, shown
from tests.mail.postoffice import text_of
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
STALE = menu.STALE
DO = f"{STALE}/entscheiden"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def clara(hagen: House) -> str:
    return hagen.add("clara@hagen.de", "Clara Koordination", Grant(Role.COORDINATOR)).id


def end(hagen: House, uri: str) -> datetime:
    found = hagen.write(documents.get, uri).expires_at
    assert found
    return found


def ending(hagen: House, clock: Clock, *, mail: bool = True) -> tuple[str, str]:
    """Publish an offer that ends in a fortnight; return the organisation and it."""
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    if mail:
        hagen.write(organisations.set_mail, library, "info@buecherei.example")
    uri = hagen.write(opportunities.publish, library, offer()).uri
    clock.now = end(hagen, uri) - timedelta(days=14)
    return library, uri


def doubted(hagen: House, uri: str, times: int = 3) -> None:
    page = hagen.write(documents.get, uri).id
    for number in range(times):
        hagen.write(doubts.doubt, page, f"10.0.{number}.1", "besetzt")


async def test_an_organisation_is_reminded_once_a_day(hagen: House, clock: Clock) -> None:
    library, uri = ending(hagen, clock)
    assert hagen.write(stale.count) == 1
    async with hagen.visit(clara(hagen)) as browser:
        before = (await browser.get(STALE)).text
        assert "bekommt eine E-Mail" in (
            await browser.get((await browser.post(DO, eintrag=uri, was="erinnern")).headers["location"])
        ).text  # fmt: skip
        again = await browser.post(DO, eintrag=uri, was="erinnern")
        after = (await browser.get(STALE)).text
        clock.now += rules.BY_HAND
        assert (await browser.post(DO, eintrag=uri, was="erinnern")).is_redirect
    assert "noch nicht erinnert" in before
    assert (again.status_code, "heute schon erinnert" in again.text) == (409, True)
    assert "zuletzt erinnert am" in after
    letters = await hagen.letters()
    assert [letter["To"] for letter in letters] == ["info@buecherei.example"] * 2
    assert "bald abläuft" in text_of(letters[0])
    assert [(one.did, one.organisation) for one in hagen.write(audit.listing, Wanted())] == [
        (Did.REMINDED, library)
    ] * 2


async def test_without_an_address_nobody_is_reminded(hagen: House, clock: Clock) -> None:
    _, uri = ending(hagen, clock, mail=False)
    async with hagen.visit(clara(hagen)) as browser:
        assert "keine Mailadresse hinterlegt" in (await browser.get(STALE)).text
        refused = await browser.post(DO, eintrag=uri, was="erinnern")
    assert (refused.status_code, "Vielleicht hilft ein Anruf" in refused.text) == (409, True)
    assert hagen.write(audit.listing, Wanted()) == []


async def test_a_coordinator_confirms_on_behalf(hagen: House, clock: Clock) -> None:
    _, uri = ending(hagen, clock)
    async with hagen.visit(clara(hagen)) as browser:
        await browser.get(STALE)
        assert (await browser.post(DO, eintrag=uri, was="bestaetigen")).is_redirect
        assert "Kein Angebot ist zweifelhaft" in (await browser.get(f"{STALE}?getan=bestaetigen")).text
        for nonsense in ("tanzen", ""):
            assert (await browser.post(DO, eintrag=uri, was=nonsense)).headers["location"] == STALE
        assert (await browser.post(DO, eintrag="https://nowhere.example/1", was="erinnern")).is_redirect
    assert end(hagen, uri) > clock.now + timedelta(days=300)
    (noted,) = hagen.write(audit.listing, Wanted())
    assert (noted.did, noted.on_behalf) == (Did.CONFIRMED, True)


async def test_what_visitors_doubt_is_asked_about_withdrawn_or_forgotten(hagen: House, clock: Clock) -> None:
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    hagen.write(organisations.set_mail, library, "info@buecherei.example")
    uri = hagen.write(opportunities.publish, library, offer()).uri
    clock.forward(hours=1)
    doubted(hagen, uri, 2)
    assert hagen.write(stale.count) == 0
    doubted(hagen, uri)
    path = f"{STALE}/zurueckziehen/{hagen.write(documents.get, uri).id}"
    async with hagen.visit(clara(hagen)) as browser:
        assert "3 Hinweise: Ist schon besetzt (3); zuletzt heute" in (await browser.get(STALE)).text
        assert (await browser.post(DO, eintrag=uri, was="erinnern")).is_redirect
        assert (await browser.post(DO, eintrag=uri, was="hinweise-vergessen")).is_redirect
        assert hagen.write(stale.count) == 0
        assert 'value="outdated" selected' in " ".join((await browser.get(path)).text.split())
        assert (await browser.post(path, grund="outdated", text=WHY)).headers["location"] == STALE
    assert not shown(hagen, uri)
    asked, told = await hagen.letters()
    assert "ist schon besetzt (3)" in " ".join(text_of(asked).split())
    assert "stimmt nicht mehr oder ist veraltet" in text_of(told)


async def test_an_offer_of_another_town_is_hidden(hagen: House, clock: Clock) -> None:
    uri = hagen.write(foreign)
    clock.forward(hours=1)
    doubted(hagen, uri)
    path = f"{STALE}/zurueckziehen/{hagen.write(documents.get, uri).id}"
    async with hagen.visit(clara(hagen)) as browser:
        page = (await browser.get(STALE)).text
        assert (await browser.post(DO, eintrag=uri, was="erinnern")).headers["location"] == STALE
        assert "nur hier nicht mehr gezeigt" in (await browser.get(path)).text
        assert (await browser.post(path, text=WHY)).is_redirect
        assert "Kein Angebot ist zweifelhaft" in (await browser.get(STALE)).text
    assert "Ausblenden" in page
    assert "Organisation erinnern" not in page
    assert not shown(hagen, uri)
