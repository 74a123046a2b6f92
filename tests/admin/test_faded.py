"""Old offers of other portals, on both databases: source by source, asked for at a real server, kept, hidden."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import faded, menu, stale
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.federation import absence
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.things import faded as old
from fediverse_ehrenamt.things import review
from fediverse_ehrenamt.things.model import HIDDEN, FadedRow
from fediverse_ehrenamt.vocab import lifetimes
from fediverse_ehrenamt.vocab.types import PUBLIC, Create, Opportunity
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.admin.test_reports import shown
from tests.discover import samples
from tests.federation import origin
from tests.federation.origin import Origin
from tests.workbench import ANNA, Clock, add_source, know

pytestmark = pytest.mark.anyio
STALE, DO = menu.STALE, faded.PATH


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


@pytest.fixture
async def peer(anyio_backend: str) -> AsyncIterator[Origin]:
    assert anyio_backend == "asyncio"
    async with origin.origin() as one:
        yield one


def clara(hagen: House) -> str:
    return hagen.add("clara@hagen.de", "Clara Koordination", Grant(Role.COORDINATOR)).id


def made(uri: str, author: str, moment: datetime, title: str) -> Opportunity:
    """Return an offer of another portal as it is confirmed at a moment, without an end of its own."""
    details = replace(samples.READING.details, title=title, confirmed_at=moment)
    details = replace(details, expires_at=None, start_date=None, end_date=None, apply_by=None)
    return replace(
        samples.READING, id=uri, attributed_to=author, published=moment, updated=None, details=details, to=(PUBLIC,)
    )


def take(work: Work, uri: str, author: str = ANNA, title: str = "Lesepatin gesucht", at: datetime | None = None) -> str:
    """Take an offer of another portal as its inbox brings it, confirmed now or at a moment."""
    thing = made(uri, author, at or work.now, title)
    activity = Create(id=f"{uri}/created", actor=author, object=thing, to=(PUBLIC,))
    handle = wiring.HANDLERS.find(activity)
    assert handle is not None
    with wiring.HANDLERS.together(work):
        handle(work, activity)
    return uri


def listed(hagen: House) -> list[str]:
    return [one.document.uri for one in hagen.write(old.listing)]


def aged(hagen: House, count: int = 2) -> list[str]:
    """Take some offers of Anna's portal, and let half a year pass."""
    hagen.write(add_source, ANNA)
    uris = [hagen.write(take, f"{ANNA}/{number}", title=f"Angebot {number}") for number in range(count)]
    assert listed(hagen) == []
    hagen.clock.now += lifetimes.OFFER_FADES
    return uris


async def test_they_are_listed_by_their_sources(hagen: House) -> None:
    other = "https://b.example/users/bert"
    hagen.write(add_source, other)
    hagen.write(take, f"{other}/1", other, "Fahrdienst")
    hagen.clock.forward(days=1)
    aged(hagen, 22)
    assert hagen.write(stale.count) == 23
    async with hagen.visit(clara(hagen)) as browser:
        page = (await browser.get(STALE)).text
    groups = page.split('id="andere"')[1].split("<summary>")[1:]
    assert len(groups) == 2
    assert "Fahrdienst" in groups[0], "the oldest first"
    assert groups[1].count('name="eintrag"') == 20
    assert "Danach warten noch 2." in groups[1]
    assert "zuletzt bestätigt am" in groups[1]


async def test_what_is_kept_is_not_asked_about_for_half_a_year(hagen: House) -> None:
    first, second = aged(hagen)
    async with hagen.visit(clara(hagen)) as browser:
        await browser.get(STALE)
        for _twice in range(2):
            assert (await browser.post(DO, was="behalten", eintrag=first)).is_redirect
        assert "Behalten." in (await browser.get(f"{STALE}?getan=behalten")).text
    assert listed(hagen) == [second]
    assert [(one.did, one.uri) for one in hagen.write(audit.listing, Wanted())] == [(Did.CONFIRMED, first)]
    hagen.clock.now += lifetimes.OFFER_FADES
    assert listed(hagen) == [first, second]
    hagen.clock.forward(days=1)
    assert hagen.write(old.erase_old) == 1
    assert hagen.rows([FadedRow]) == {"FadedRow": 0}


async def test_what_is_hidden_can_be_shown_again(hagen: House) -> None:
    first, second = aged(hagen)
    async with hagen.visit(clara(hagen)) as browser:
        await browser.get(STALE)
        for _twice in range(2):
            assert (await browser.post(DO, was="ausblenden", eintrag=first)).is_redirect
    assert (shown(hagen, first), shown(hagen, second)) == (False, True)
    assert [one.uri for one in hagen.write(review.waiting, "", HIDDEN)] == [first]
    assert [(one.did, one.uri) for one in hagen.write(audit.listing, Wanted())] == [(Did.WITHDRAWN, first)]


@pytest.mark.parametrize(
    ("verb", "eintrag", "alle"), [("behalten", "", ""), ("loeschen", ANNA, ""), ("ausblenden", "", "ja")]
)
async def test_nothing_is_done_where_nothing_is_chosen(hagen: House, verb: str, eintrag: str, alle: str) -> None:
    uris = aged(hagen)
    async with hagen.visit(clara(hagen)) as browser:
        await browser.get(STALE)
        chosen = {"eintrag": eintrag} if eintrag else {}
        answer = await browser.client.post(
            DO, data={"siegel": browser.seal, "was": verb, "quelle": ANNA, **chosen, **({"alle": alle} if alle else {})}
        )
    assert answer.status_code == 422
    assert "Bitte kreuzen Sie zuerst an" in answer.text
    assert listed(hagen) == uris


async def test_what_is_ours_or_new_or_filled_is_not_touched(hagen: House) -> None:
    (uri,) = aged(hagen, 1)
    new = hagen.write(take, f"{ANNA}/new")
    async with hagen.visit(clara(hagen)) as browser:
        await browser.get(STALE)
        assert (await browser.post(DO, was="ausblenden", eintrag=new)).is_redirect
    assert shown(hagen, new)
    assert listed(hagen) == [uri]


async def test_their_portals_are_asked(hagen: House, peer: Origin) -> None:
    author = peer.actor(name="Lesewelt").id
    hagen.write(know, author)
    hagen.write(add_source, author)
    gone, same, changed = (hagen.write(take, peer.at(f"/o/{name}"), author, name) for name in ("weg", "da", "neu"))
    peer.serve("/o/da", made(same, author, hagen.clock.now, "da"))
    hagen.clock.now += lifetimes.OFFER_FADES
    newer = replace(made(changed, author, hagen.clock.now, "Jetzt anders"), updated=hagen.clock.now)
    peer.serve("/o/neu", newer)
    async with hagen.visit(clara(hagen)) as browser:
        await browser.get(STALE)
        for _twice in range(2):
            assert (await browser.post(DO, was="nachfragen", quelle=author, alle="ja")).is_redirect
        jobs = hagen.write(lambda work: [row.argument for row in work.db.query(JobRow) if row.name == "obtain"])
        assert sorted(one.partition(" ")[0] for one in jobs) == sorted([gone, same, changed]), "each once"
        await hagen.letters()  # all that waits is done
        assert shown(hagen, gone), "a 404 may pass"
        hagen.clock.now += absence.AGAIN_AFTER
        await hagen.letters()
        page = (await browser.get(STALE)).text
    assert not shown(hagen, gone)
    assert hagen.write(documents.get, changed).title == "Jetzt anders"
    assert listed(hagen) == [same]
    assert "nachgefragt am" in page
    assert [one.did for one in hagen.write(audit.listing, Wanted())] == [Did.REMINDED] * 3
