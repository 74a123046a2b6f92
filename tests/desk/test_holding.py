"""First offers that somebody looks at before anybody sees them, on both databases: waiting, let out, given back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import first_posts, menu
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.bringing import actions as bringing
from fediverse_ehrenamt.bringing.rules import Desk as BringingDesk
from fediverse_ehrenamt.desk import store
from fediverse_ehrenamt.desk.model import HeldRow
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.moderation import actions as suspending
from fediverse_ehrenamt.moderation import store as moderation
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.rules import Ground
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.preferences import actions as preferences
from fediverse_ehrenamt.preferences.rules import Preferences
from fediverse_ehrenamt.search.model import DocumentRow
from fediverse_ehrenamt.things.model import ThingRow
from tests.accounts.house import House
from tests.desk.test_desk import DESK, WRITTEN, Desk, with_
from tests.mail.postoffice import text_of
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
TITLE = "Lesepatin für die Grundschule"
WHY = "Bitte schreiben Sie dazu, wer die Kinder begleitet."
NOTHING = {"ThingRow": 0, "PublishedRow": 0, "DocumentRow": 0}


@pytest.fixture
async def desk(instance: Instance, clock: Clock) -> AsyncIterator[Desk]:
    house = House(instance, clock)
    house.write(preferences.put, Preferences(check_first=True))
    actor = house.write(add_organisation)
    editor = house.add("eva@buecherei.example", "Eva", Grant(Role.EDITOR, actor))
    house.add("otto@buecherei.example", "Otto", Grant(Role.OWNER, actor))
    async with house.visit(editor.id) as browser:
        yield Desk(house, browser, actor, editor.id)


def clara(house: House) -> str:
    return house.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id


def public(house: House) -> dict[str, int]:
    return house.rows([ThingRow, PublishedRow, DocumentRow])


def waiting(desk: Desk) -> list[store.Held]:
    found: list[store.Held] = desk.house.write(store.queue)
    return found


async def handed_in(desk: Desk, **changes: str | None) -> str:
    path = await desk.begin()
    sent = await desk.send(path, with_(WRITTEN, **changes))
    assert sent.headers["location"] == f"{DESK}?getan=abgegeben"
    return path


def seen(held: store.Held) -> str:
    return held.handed_in_at.isoformat()


async def test_the_first_offer_waits(desk: Desk) -> None:
    form = await desk.begin()
    assert "Zur Prüfung abgeben" in (await desk.browser.get(form)).text
    assert (await desk.send(form, with_(WRITTEN, title="x"))).status_code == 422, "judged as ever"
    for _ in range(2):  # sent twice
        sent = await desk.send(form, WRITTEN)
        assert sent.headers["location"] == f"{DESK}?getan=abgegeben"
    overview = (await desk.browser.get(f"{DESK}?getan=abgegeben")).text
    assert "Wird geprüft" in overview
    assert TITLE in overview
    assert "Wird geprüft." in (await desk.browser.get(form)).text
    assert public(desk.house) == NOTHING
    assert desk.begun() == 0
    assert len(waiting(desk)) == 1
    noted = [one.did for one in desk.house.write(audit.listing, Wanted())]
    assert noted == [Did.HANDED_IN]


async def test_what_waits_is_let_out(desk: Desk) -> None:
    house = desk.house
    await handed_in(desk)
    (held,) = waiting(desk)
    assert house.write(first_posts.count) == 1
    house.clock.forward(days=1)
    async with house.visit(clara(house)) as browser:
        assert TITLE in (await browser.get(menu.FIRST_POSTS)).text
        page = f"{menu.FIRST_POSTS}/pruefen/{held.id}"
        assert "Einmal in der Woche lesen Sie Kindern vor" in (await browser.get(page)).text
        for _ in range(2):
            assert (await browser.post(f"{page}/veroeffentlichen", stand=seen(held))).is_redirect
        assert (await browser.get(page)).status_code == 404
        told = (await browser.get(f"{menu.FIRST_POSTS}?getan=veroeffentlicht")).text
        assert "Veröffentlicht. Die Organisation erfährt es." in told
    (row,) = house.write(lambda work: work.db.query(ThingRow).all())
    assert row.published_at == house.clock.now, "as if the organisation published it now"
    assert house.rows([HeldRow]) == {"HeldRow": 0}
    assert house.write(moderation.first_posts) == [], "somebody has looked at it"
    (letter,) = await house.letters()
    assert (letter["To"], TITLE in letter["Subject"]) == ("otto@buecherei.example", True)
    noted = [(one.did, one.on_behalf) for one in house.write(audit.listing, Wanted())]
    assert noted == [(Did.POST_LET_IN, False), (Did.PUBLISHED, True), (Did.HANDED_IN, False)]
    sent = await desk.send(await desk.begin(), with_(WRITTEN, title="Noch ein Angebot"))
    assert "getan=veroeffentlicht" in sent.headers["location"], "further ones stand at once"


async def test_what_is_given_back_is_changed_and_handed_in_again(desk: Desk) -> None:
    house = desk.house
    form = await handed_in(desk)
    (held,) = waiting(desk)
    page = f"{menu.FIRST_POSTS}/pruefen/{held.id}"
    async with house.visit(clara(house)) as browser:
        assert "Die Organisation bekommt eine E-Mail mit Ihrem Grund" in (await browser.get(page)).text
        short = await browser.post(f"{page}/zurueckgeben", text="nein", stand=seen(held))
        assert short.status_code == 422
        assert ">nein</textarea>" in short.text
        for _ in range(2):
            assert (await browser.post(f"{page}/zurueckgeben", text=WHY, stand=seen(held))).is_redirect
    assert house.write(first_posts.count) == 0
    (letter,) = await house.letters()
    assert WHY in " ".join(text_of(letter).split())
    assert WHY in (await desk.browser.get(DESK)).text
    shown = (await desk.browser.get(form)).text
    assert WHY in shown
    assert TITLE in shown
    assert (await desk.send(form, with_(WRITTEN, title="Lesepatin mit Begleitung"))).is_redirect
    (again,) = waiting(desk)
    assert (again.id, again.title, again.reason) == (held.id, "Lesepatin mit Begleitung", "")
    assert public(house) == NOTHING
    noted = [(one.did, one.detail) for one in house.write(audit.listing, Wanted(did=Did.POST_KEPT_OUT))]
    assert noted == [(Did.POST_KEPT_OUT, WHY)]


async def test_nothing_is_published_that_nobody_looked_at(desk: Desk) -> None:
    house = desk.house
    form = await handed_in(desk)
    (before,) = waiting(desk)
    house.clock.forward(minutes=1)
    await desk.send(form, with_(WRITTEN, title="Etwas ganz anderes"))
    page = f"{menu.FIRST_POSTS}/pruefen/{before.id}"
    async with house.visit(clara(house)) as browser:
        await browser.get(page)
        for what in ("veroeffentlichen", "zurueckgeben"):
            answer = await browser.post(f"{page}/{what}", text=WHY, stand=seen(before))
            assert answer.status_code == 422
            assert "inzwischen geändert" in answer.text
    assert public(house) == NOTHING
    assert (await desk.browser.post(f"{form}/verwerfen")).is_redirect
    assert waiting(desk) == []
    assert "Wird geprüft" not in (await desk.browser.get(DESK)).text


async def test_what_is_over_meanwhile_can_only_be_given_back(desk: Desk) -> None:
    house = desk.house
    await handed_in(desk, applyBy=f"{house.clock.now + timedelta(days=2):%Y-%m-%d}")
    (held,) = waiting(desk)
    house.clock.forward(days=30)
    async with house.visit(clara(house)) as browser:
        page = f"{menu.FIRST_POSTS}/pruefen/{held.id}"
        assert "So kann es nicht mehr veröffentlicht werden" in (await browser.get(page)).text
        assert (await browser.post(f"{page}/veroeffentlichen", stand=seen(held))).status_code == 422
        assert (await browser.post(f"{page}/zurueckgeben", text=WHY, stand=seen(held))).is_redirect


async def test_who_is_not_checked(desk: Desk) -> None:
    house = desk.house
    library = house.write(add_organisation, "thw", "THW Hagen")
    house.write(opportunities.publish, library, offer())
    helper = house.add("tom@thw.example", "Tom", Grant(Role.EDITOR, library)).id
    for person, handle in ((helper, "thw"), (clara(house), "buecherei")):
        async with house.visit(person) as browser:
            base = DESK.replace("buecherei", handle)
            other = Desk(house, browser, library, person)
            path = (await browser.get(f"{base}/angebot/neu")).headers["location"]
            assert "Zur Prüfung abgeben" not in (await browser.get(path)).text
            sent = await other.send(path, WRITTEN)
            assert "getan=veroeffentlicht" in sent.headers["location"]


async def test_a_list_is_no_way_round(desk: Desk) -> None:
    house = desk.house
    at = BringingDesk(f"{DESK}/einlesen", desk.actor, "buecherei", "Stadtbücherei Hagen")
    listing = b"Titel;Beschreibung;Bereich\nVorlesen;Einmal in der Woche lesen Sie Kindern vor;kultur\n"
    name: Any = await bringing.bring_file(house.instance.workshop, at, "liste.csv", listing)
    refused = await desk.browser.post(f"{DESK}/einlesen/{name}", aktion="einlesen")
    assert refused.status_code == 409
    assert "schreiben Sie eines von Hand" in refused.text
    assert public(house) == NOTHING


async def test_a_suspended_organisation_hands_in_nothing(desk: Desk) -> None:
    form = await desk.begin()
    desk.house.write(suspending.suspend, desk.actor, Reasons(Ground.LAW, WHY))
    refused = await desk.send(form, WRITTEN)
    assert (refused.status_code, "ist gesperrt" in refused.text) == (422, True)
    assert waiting(desk) == []


async def test_old_ones_are_erased_and_very_many_refused(desk: Desk) -> None:
    house = desk.house
    await handed_in(desk)
    (held,) = waiting(desk)
    house.write(store.give_back, held.id, WHY)
    house.clock.now += store.KEPT + timedelta(days=1)
    assert house.write(store.erase_old) == 1
    assert house.rows([HeldRow]) == {"HeldRow": 0}

    def fill(work: Any) -> None:
        for number in range(50):
            work.db.add(
                HeldRow(
                    actor=desk.actor, key=f"k{number}", kind="opportunity", typed="{}", image="", title="x",
                    handed_in_at=work.now, returned_at=None, reason="",
                )
            )  # fmt: skip
        work.db.flush()

    house.write(fill)
    with pytest.raises(Conflict, match="wartet schon sehr viel"):
        house.write(store.hold_back, desk.actor, held.written, "x")
