"""First posts and what comes from reviewed sources, on both databases: listed until somebody looks, then decided."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import first_posts, menu, reviews
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.conversations import rules as reply_rules
from fediverse_ehrenamt.conversations.model import ReplyRow
from fediverse_ehrenamt.federation.model import RemoteActorRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.moderation import actions, rules, store
from fediverse_ehrenamt.moderation.model import LookRow
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.things import review
from fediverse_ehrenamt.things.model import WAITING, ReviewRow
from fediverse_ehrenamt.things.tasks import expire
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.admin.test_reports import WHY, foreign, shown
from tests.workbench import ANNA, Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
POSTS, REVIEWS = menu.FIRST_POSTS, menu.REVIEWS


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def clara(hagen: House) -> str:
    return hagen.add("clara@hagen.de", "Clara Koordination", Grant(Role.COORDINATOR)).id


def publish(hagen: House, organisation: str, number: int) -> str:
    draft = offer(key=f"nr-{number}")
    named = replace(draft, details=replace(draft.details, title=f"Angebot Nummer {number}"))
    return hagen.write(opportunities.publish, organisation, named).uri


def listed(hagen: House) -> list[str]:
    return [one.uri for one in hagen.write(store.first_posts)]


async def test_the_first_three_posts_of_a_new_organisation_are_looked_at(hagen: House, clock: Clock) -> None:
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    uris = []
    for number in range(4):
        uris.append(publish(hagen, library, number))
        clock.forward(minutes=1)
    assert listed(hagen) == uris[:3]
    assert hagen.write(first_posts.count) == 3
    async with hagen.visit(clara(hagen)) as browser:
        assert "Angebot Nummer 0" in (await browser.get(POSTS)).text
        for _ in range(2):
            assert (await browser.post(f"{POSTS}/in-ordnung", eintrag=uris[0])).is_redirect
        assert (await browser.post(f"{POSTS}/in-ordnung", eintrag=uris[3])).is_redirect  # is not asked about
        assert "Angebot Nummer 0" not in (await browser.get(POSTS)).text
    assert listed(hagen) == uris[1:3]
    assert all(shown(hagen, uri) for uri in uris)
    (noted,) = hagen.write(audit.listing, Wanted())
    assert (noted.did, noted.organisation) == (Did.POST_LET_IN, library)


async def test_what_has_expired_is_still_called_by_its_title(hagen: House, clock: Clock) -> None:
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    draft = offer(key="kurz", title="Nur eine Woche lang", expires_at=clock.now + timedelta(days=7))
    uri = hagen.write(opportunities.publish, library, draft).uri
    clock.forward(days=8)
    while hagen.write(expire):
        pass
    assert not shown(hagen, uri)
    async with hagen.visit(clara(hagen)) as browser:
        page = (await browser.get(POSTS)).text
    assert "<bdi>Nur eine Woche lang</bdi>" in page
    assert "Das ist hier nicht mehr zu sehen. · " in page
    assert f"<bdi>{uri}" not in page


async def test_what_comes_later_or_was_not_looked_at_for_long_is_no_question(hagen: House, clock: Clock) -> None:
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    first = publish(hagen, library, 1)
    clock.now += rules.NEW_FOR + timedelta(days=1)
    publish(hagen, library, 2)
    assert listed(hagen) == [first]
    hagen.write(actions.approve, first)
    clock.now += rules.LOOKED_AT_WITHIN + timedelta(days=1)
    assert listed(hagen) == []
    hagen.write(actions.expire)
    assert hagen.rows([LookRow]) == {"LookRow": 0}


async def test_a_first_post_is_withdrawn_with_a_reason(hagen: House) -> None:
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    uri = publish(hagen, library, 1)
    path = f"{POSTS}/zurueckziehen/{uri.rpartition('/')[2]}"
    async with hagen.visit(clara(hagen)) as browser:
        assert "eine Mailadresse kennen wir nicht" in (await browser.get(path)).text
        without = await browser.post(path, grund="rules", text="zu kurz")
        assert without.status_code == 422
        assert shown(hagen, uri)
        for _ in range(2):
            assert (await browser.post(path, grund="law", text=WHY)).headers["location"] == POSTS
        assert (await browser.get(path)).status_code == 404
        assert "Alle ersten Beiträge sind angesehen." in (await browser.get(POSTS)).text
    assert not shown(hagen, uri)
    assert [(one.ground, one.reason) for one in hagen.write(store.measures, library)] == [("law", WHY)]
    assert [one.did for one in hagen.write(audit.listing, Wanted())] == [Did.WITHDRAWN]


async def test_replies_wait_until_somebody_lets_them_through(hagen: House) -> None:
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    uri = publish(hagen, library, 1)

    def reply(work: Work) -> int:
        row = ReplyRow(
            uri=f"{ANNA}/1", object=uri, in_reply_to=uri, organisation=library, author=ANNA, url="", language="de",
            content="<p>Ist noch <b>Platz</b>?</p>", warning="", state=reply_rules.WAITING,
            published_at=work.now, version=work.now, received_at=work.now,
        )  # fmt: skip
        work.db.add(row)
        work.db.flush()
        return row.id

    number = str(hagen.write(reply))
    assert hagen.write(first_posts.count) == 2
    async with hagen.visit(clara(hagen)) as browser:
        assert "Ist noch Platz?" in (await browser.get(POSTS)).text
        for verdict in ("zeigen", "zeigen", "verbergen"):
            assert (await browser.post(f"{POSTS}/antwort", nummer=number, was=verdict)).is_redirect
        for nonsense in ("x", "99999", ""):
            assert (await browser.post(f"{POSTS}/antwort", nummer=nonsense, was="zeigen")).is_redirect
        assert "Keine Antwort wartet." in (await browser.get(POSTS)).text
    assert hagen.write(lambda work: work.db.get_one(ReplyRow, int(number)).state) == reply_rules.HIDDEN
    assert [one.did for one in hagen.write(audit.listing, Wanted())] == [Did.POST_KEPT_OUT, Did.POST_LET_IN]


async def test_what_comes_from_a_source_is_let_in_or_refused(hagen: House) -> None:
    uri = hagen.write(foreign)
    title = hagen.write(review.hide, uri)
    hagen.write(lambda work: setattr(work.db.get(ReviewRow, uri), "state", WAITING))
    assert hagen.write(reviews.count) == 1
    async with hagen.visit(clara(hagen)) as browser:
        assert title in (await browser.get(REVIEWS)).text
        assert (await browser.post(REVIEWS, was="aufnehmen")).headers["location"] == REVIEWS
        assert (await browser.post(REVIEWS, eintrag=uri, was="tanzen")).headers["location"] == REVIEWS
        assert not shown(hagen, uri)
        for _ in range(2):
            assert (await browser.post(REVIEWS, eintrag=uri, was="aufnehmen")).is_redirect
        assert "Nichts wartet." in (await browser.get(f"{REVIEWS}?getan=aufnehmen")).text
    assert shown(hagen, uri)
    (noted,) = hagen.write(audit.listing, Wanted())
    assert (noted.did, noted.label) == (Did.POST_LET_IN, title)


async def test_what_a_suspended_account_published_is_not_let_in(hagen: House) -> None:
    uri = hagen.write(foreign)
    title = hagen.write(review.hide, uri)

    def suspend(work: Work) -> None:
        row = work.db.get_one(ReviewRow, uri)
        row.state = WAITING
        work.db.get_one(RemoteActorRow, row.actor).suspended = True

    hagen.write(suspend)
    async with hagen.visit(clara(hagen)) as browser:
        assert "Von seinem eigenen Server gesperrt" in (await browser.get(REVIEWS)).text
        refused = await browser.post(REVIEWS, eintrag=uri, was="aufnehmen")
        assert refused.status_code == 409
        assert f"wenn er die Sperre aufhebt: „{title}“" in refused.text
        assert f'value="{uri}" checked' in " ".join(refused.text.split())
        assert not shown(hagen, uri)
        assert hagen.write(audit.listing, Wanted()) == []
        assert (await browser.post(REVIEWS, eintrag=uri, was="ablehnen")).is_redirect
        assert "Nichts wartet." in (await browser.get(REVIEWS)).text


async def test_what_is_refused_does_not_come_back(hagen: House) -> None:
    uri = hagen.write(foreign)
    hagen.write(review.hide, uri)
    hagen.write(lambda work: setattr(work.db.get(ReviewRow, uri), "state", WAITING))
    async with hagen.visit(clara(hagen)) as browser:
        await browser.get(REVIEWS)
        assert (await browser.post(REVIEWS, eintrag=uri, was="ablehnen")).is_redirect
        assert "Abgelehnt." in (await browser.get(f"{REVIEWS}?getan=ablehnen")).text
    assert hagen.write(reviews.count) == 0
    assert not shown(hagen, uri)
    assert [one.did for one in hagen.write(audit.listing, Wanted())] == [Did.POST_KEPT_OUT]
