"""An offer of another town as a template: what holds anywhere is copied, whose it was is said."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.desk import store
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.vocab.types import PUBLIC, Create, Event, Opportunity
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.accounts.house import House
from tests.desk.test_desk import DESK, Desk
from tests.discover import samples
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(instance: Instance, clock: Clock) -> AsyncIterator[Desk]:
    house = House(instance, clock)
    actor = house.write(add_organisation)
    editor = house.add("eva@buecherei.example", "Eva", Grant(Role.EDITOR, actor))
    async with house.visit(editor.id) as browser:
        yield Desk(house, browser, actor, editor.id)


def take(work: Work, thing: Opportunity | Event) -> str:
    """Take a thing of another town as its inbox brings it, and return the id of its page."""
    workbench.know(work, thing.attributed_to)
    workbench.add_source(work, thing.attributed_to)
    activity = Create(id=f"{thing.id}/created", actor=thing.attributed_to, object=thing, to=(PUBLIC,))
    handle = wiring.HANDLERS.find(activity)
    assert handle is not None
    with wiring.HANDLERS.together(work):
        handle(work, activity)
    return documents.get(work, thing.id).id


def foreign(desk: Desk) -> str:
    now = desk.house.clock.now
    details = replace(
        samples.READING.details, confirmed_at=now, expires_at=None, end_date=None, apply_by=None, start_date=None
    )
    content = (
        f"<p><strong>{details.title}</strong></p><p>Sie lesen vier Kindern vor.</p>"
        "<p>Rufen Sie bitte Frau Muster an, Tel. 02331 123456.</p>"
        '<p><a href="https://lesewelt.example/">Mehr und Kontakt</a></p>'
        '<p><a href="https://x.example/">#<span>vorlesen</span></a></p>'
    )
    thing = replace(
        samples.READING, content=content, content_map={}, details=details, published=now, updated=None, to=(PUBLIC,)
    )
    return desk.house.write(take, thing)


async def test_what_holds_anywhere_is_copied_and_its_origin_is_named(desk: Desk) -> None:
    page = foreign(desk)
    shown = (await desk.browser.get(f"/angebote/{page}")).text
    assert f'href="/verwaltung/vorlage/{page}"' in shown
    chosen = await desk.browser.get(f"/verwaltung/vorlage/{page}")
    assert chosen.headers["location"] == f"{DESK}/angebot/neu?vorlage={page}", "there is one to choose"
    begun = await desk.browser.get(chosen.headers["location"])
    form = (await desk.browser.get(begun.headers["location"])).text
    assert samples.READING.details.title in form
    assert re.search(r"Als Vorlage genommen:.*?" + re.escape(samples.READING.details.title), form, re.DOTALL)
    key = begun.headers["location"].partition("?")[0].rpartition("/")[2]
    begun_form = desk.house.write(store.begun, desk.actor, key)
    assert begun_form
    written, _ = begun_form
    assert written.typed["text"] == ["Sie lesen vier Kindern vor."]
    assert written.typed["areas"] == list(samples.READING.details.areas)
    assert not [term for term in written.typed if term.startswith(("place", "image", "contact", "startDate", "avail"))]
    assert desk.house.write(store.published, desk.actor) == [], "nothing is published"


async def test_an_event_and_the_path_of_a_page_serve_too(desk: Desk) -> None:
    now = datetime(2027, 3, 1, 18, tzinfo=UTC)
    event = Event(
        id="https://peer.example/events/1", attributed_to=samples.READING.attributed_to, name="Lesenacht",
        content="<p>Wir lesen bis Mitternacht.</p>", published=desk.house.clock.now, to=(PUBLIC,),
        starts_at=now, url="https://peer.example/events/1",
    )  # fmt: skip
    page = desk.house.write(take, event)
    begun = await desk.browser.get(f"{DESK}/angebot/neu?vorlage=/termine/{page}-lesenacht")
    assert begun.headers["location"].startswith(f"{DESK}/termin/")
    form = (await desk.browser.get(begun.headers["location"])).text
    assert 'value="Lesenacht"' in form
    assert "2027-03-01" not in form
    assert (await desk.browser.get(f"{DESK}/angebot/neu?vorlage=gibtesnicht")).status_code == 404


async def test_who_may_write_nowhere_sees_no_such_link(desk: Desk) -> None:
    page = foreign(desk)
    stranger = desk.house.add("otto@beispiel.example", "Otto")
    async with desk.house.visit(stranger.id) as browser:
        assert "/verwaltung/vorlage/" not in (await browser.get(f"/angebote/{page}")).text
        assert "gehört zu keiner Organisation" in (await browser.get(f"/verwaltung/vorlage/{page}")).text
    second = desk.house.write(add_organisation, "lesewelt", "Lesewelt")
    both = desk.house.add("ida@beispiel.example", "Ida", Grant(Role.EDITOR, desk.actor), Grant(Role.OWNER, second))
    async with desk.house.visit(both.id) as browser:
        choice = (await browser.get(f"/verwaltung/vorlage/{page}")).text
        assert f'href="/verwaltung/organisationen/lesewelt/angebot/neu?vorlage={page}"' in choice
    desk.house.write(opportunities.publish, desk.actor, offer())
    assert "/verwaltung/vorlage/" not in (await desk.browser.get(f"/angebote/{desk.page()}")).text, "it is its own"
