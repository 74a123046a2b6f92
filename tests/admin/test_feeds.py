"""Feeds in the browser, on both databases: made from a search, paused, resumed, given up."""

import json
import re

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import feeds
from fediverse_ehrenamt.audit import store as log
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.feeds import actions
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.quotes import actions as quoting
from fediverse_ehrenamt.quotes import store as quotes
from fediverse_ehrenamt.vocab.featured import FeaturedCollection
from fediverse_ehrenamt.vocab.quotes import FeatureRequest
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.feeds.test_feeds import _keep_house as keep_house
from tests.workbench import ANNA, PEER, Clock, add_follower, add_organisation, know, offer

pytestmark = pytest.mark.anyio
FEEDS = "/verwaltung/abos"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


@pytest.fixture
def clara(hagen: House) -> str:
    return hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id


def told(work: Work) -> list[tuple[str, str]]:
    """Return to which hosts an Update of an actor waits to be delivered, with the name in it."""
    found = []
    for job in work.db.scalars(select(JobRow).where(JobRow.name == "deliver")):
        activity = Delivery.of(job.argument).activity
        body = work.db.scalars(select(PublishedRow.body).where(PublishedRow.uri == activity)).one()
        found.append((job.host, json.loads(body)["object"]["name"]))
    return found


def noted(hagen: House) -> list[Did]:
    return [one.did for one in hagen.write(log.listing, Wanted())]


async def test_a_feed_is_made_from_the_filters(hagen: House, clara: str) -> None:
    async with hagen.visit(clara) as browser:
        empty = (await browser.get(FEEDS)).text
        await browser.get(f"{FEEDS}/neu")
        made = await browser.post(
            f"{FEEDS}/neu", name="Kultur in Hagen", kuerzel="@kultur", satz="Neues.", ort="Hagen", bereich="kultur"
        )
        shown = (await browser.get(made.headers["location"])).text
        twice = await browser.post(f"{FEEDS}/neu", name="Kultur in Hagen", kuerzel="kultur", bereich="kultur")
        public = (await browser.get("/abos/kultur")).text
    assert "Noch gibt es keines." in empty
    (feed,) = hagen.write(actions.listing)
    assert (feed.handle, feed.search, feed.summary) == ("kultur", "ort=Hagen&bereich=kultur", "Neues.")
    assert "Das Abo-Konto @kultur@hagen.example ist angelegt." in shown
    assert "0 Konten folgen" in shown
    assert "noch nichts geteilt" in shown
    assert twice.status_code == 422
    assert "ist schon vergeben" in twice.text
    assert 'value="kultur" checked' in twice.text
    assert "@kultur@hagen.example" in public
    assert noted(hagen) == [Did.FEED_ADDED]


@pytest.mark.parametrize(
    "search",
    ["http://hagen.example/?q=vorlesen&art=angebot", "/?q=vorlesen&art=angebot", "q=vorlesen&art=angebot"],
)
async def test_a_feed_is_made_from_the_address_of_a_search(hagen: House, clara: str, search: str) -> None:
    async with hagen.visit(clara) as browser:
        await browser.get(f"{FEEDS}/neu", params={"suche": search})
        made = await browser.post(f"{FEEDS}/neu", name="Vorlesen", kuerzel="vorlesen", suche=search, ort="Flensburg")
    assert made.is_redirect
    assert hagen.write(actions.show, "vorlesen").search == "q=vorlesen&art=angebot"


async def test_what_is_wrong_is_said_beside_its_field(hagen: House, clara: str) -> None:
    async with hagen.visit(clara) as browser:
        await browser.get(f"{FEEDS}/neu")
        nothing = await browser.post(f"{FEEDS}/neu")
        wrong = await browser.post(f"{FEEDS}/neu", name="xy", kuerzel="Ümläut!", ort="Xyzzyheim", umkreis="weit")
        many = await browser.post(f"{FEEDS}/neu", name="Viel", kuerzel="viel", suche="&".join(["q=x"] * 500))
    assert [one.status_code for one in (nothing, wrong, many)] == [422, 422, 422]
    for field in ("name", "kuerzel", "suche"):
        assert f'id="{field}-problem"' in nothing.text
    for field in ("name", "kuerzel", "ort", "umkreis"):
        assert f'id="{field}-problem"' in wrong.text, field
        assert f'href="#{field}"' in wrong.text, field
    listed = re.findall(r'<li>\s*<a href="#(\w+)"', wrong.text)
    assert listed == ["name", "kuerzel", "ort", "umkreis"], "in the order of the form"
    assert 'value="Xyzzyheim"' in wrong.text
    assert hagen.write(actions.listing) == []
    assert noted(hagen) == []


async def test_a_feed_is_taken_out_of_a_collection(hagen: House, clara: str) -> None:
    feed = hagen.write(actions.add, "kultur", "Kultur in Hagen", "bereich=kultur&ort=Hagen", "Neues.")
    collection = f"{PEER}/collections/7"
    asked = FeatureRequest(id=f"{ANNA}/q/1", actor=ANNA, object=feed.uri, instrument=collection)
    hagen.write(know, ANNA)
    hagen.write(quoting.answer, asked)
    found = FeaturedCollection(id=collection, attributed_to=ANNA, name="Gutes aus Hagen", url=f"{PEER}/@anna/7")
    hagen.write(quoting.look, found)
    async with hagen.visit(clara) as browser:
        form = (await browser.get(f"{FEEDS}/kultur/aendern")).text
        left = [await browser.post(f"{FEEDS}/kultur/sammlung", sammlung=collection) for _ in range(2)]
        shown = (await browser.get(left[0].headers["location"])).text
        again = (await browser.get(f"{FEEDS}/kultur/aendern")).text
        none = await browser.post(f"{FEEDS}/kultur/sammlung", sammlung="")
    assert "Gutes aus Hagen" in form
    assert f'href="{PEER}/@anna/7"' in form
    assert "@anna@peer.example" in form
    assert "@kultur@hagen.example darf in dieser Sammlung nicht mehr stehen." in shown
    assert "Gutes aus Hagen" not in again
    assert none.is_redirect
    assert noted(hagen) == [Did.COLLECTION_LEFT]
    assert hagen.write(quotes.collections_with, feed.uri) == []


async def test_a_feed_is_renamed_and_its_followers_are_told(hagen: House, clara: str) -> None:
    feed = hagen.write(actions.add, "kultur", "Kultur in Hagen", "bereich=kultur&ort=Hagen", "Neues.")
    hagen.write(add_follower, feed.uri, "https://mastodon.example/users/anna")
    form = f"{FEEDS}/kultur/aendern"
    async with hagen.visit(clara) as browser:
        shown = (await browser.get(form)).text
        wrong = await browser.post(form, name="x", satz="y" * 600)
        done = await browser.post(form, name="Bühnen in Hagen", satz="  Neues von   den Bühnen. ")
        await browser.post(form, name="Bühnen in Hagen", satz="Neues von den Bühnen.")
        page = (await browser.get(done.headers["location"])).text
        nothing = await browser.post(f"{FEEDS}/gibtesnicht/aendern", name="Bühnen")
    assert 'value="Kultur in Hagen"' in shown
    assert "20 km um Hagen" in shown
    assert wrong.status_code == 422
    assert 'id="name-problem"' in wrong.text
    assert 'value="x"' in wrong.text
    assert "@kultur@hagen.example heißt und beschreibt sich jetzt so" in page
    assert nothing.status_code == 404
    changed = hagen.write(actions.show, "kultur")
    assert (changed.name, changed.summary, changed.search) == ("Bühnen in Hagen", "Neues von den Bühnen.", feed.search)
    assert noted(hagen) == [Did.FEED_CHANGED], "the second press changes nothing"
    assert hagen.write(told) == [("mastodon.example", "Bühnen in Hagen")]


async def test_a_pause_shares_nothing_now_or_later(hagen: House, clara: str) -> None:
    library = hagen.write(add_organisation)
    hagen.write(actions.add, "kultur", "Kultur", "bereich=kultur")
    keep_house(hagen.instance.workshop)
    async with hagen.visit(clara) as browser:
        await browser.get(FEEDS)
        paused = await browser.post(f"{FEEDS}/kultur/pause")
        await browser.post(f"{FEEDS}/kultur/pause")
        told = (await browser.get(paused.headers["location"])).text
        public = (await browser.get("/abos/kultur")).text
        hagen.write(opportunities.publish, library, offer("erstes"))
        keep_house(hagen.instance.workshop)
        assert hagen.write(actions.show, "kultur").announced_at is None
        resumed = await browser.post(f"{FEEDS}/kultur/weiter")
        keep_house(hagen.instance.workshop)
        assert hagen.write(actions.show, "kultur").announced_at is None
        hagen.write(opportunities.publish, library, offer("zweites", title="Vorlesen im Museum"))
        keep_house(hagen.instance.workshop)
        last = (await browser.get(resumed.headers["location"])).text
    assert "macht Pause" in told
    assert "Weiter teilen" in told
    assert "Dieses Konto macht gerade Pause" in public
    assert "teilt wieder" in last
    assert hagen.write(actions.show, "kultur").announced_at == hagen.clock.now
    assert "zuletzt geteilt:" in last
    assert noted(hagen) == [Did.FEED_CHANGED, Did.FEED_CHANGED]


async def test_giving_up_asks_first(hagen: House, clara: str) -> None:
    hagen.write(actions.add, "kultur", "Kultur", "bereich=kultur")
    async with hagen.visit(clara) as browser:
        asked = (await browser.get(f"{FEEDS}/kultur/aufgeben")).text
        assert len(hagen.write(actions.listing)) == 1
        gone = await browser.post(f"{FEEDS}/kultur/aufgeben")
        told = (await browser.get(gone.headers["location"])).text
        twice = await browser.post(f"{FEEDS}/kultur/aufgeben")
        stray = await browser.post(f"{FEEDS}/nirgends/pause")
    assert "Sein Kürzel wird nie wieder vergeben." in asked
    assert "@kultur@hagen.example gibt es nicht mehr." in told
    assert (twice.status_code, stray.status_code) == (410, 404)
    assert hagen.write(actions.listing) == []
    assert noted(hagen) == [Did.FEED_REMOVED]


async def test_the_list_is_paged(hagen: House, clara: str) -> None:
    for number in range(feeds.LISTED + 1):
        hagen.write(actions.add, f"abo_{number:02}", f"Abo {number:02}", f"q=wort{number}")
    async with hagen.visit(clara) as browser:
        first = (await browser.get(FEEDS)).text
        second = (await browser.get(FEEDS, params={"seite": "2"})).text
    assert "Abo 50" not in first
    assert "Abo 50" in second
    assert "Vorige Seite" in second
