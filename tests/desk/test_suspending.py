"""An organisation is suspended and let in again, on both databases: nothing of it is to be seen, then all is new."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.desk import restoring, store
from fediverse_ehrenamt.desk.model import SeriesRow
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.federation import actors, outbox
from fediverse_ehrenamt.federation.model import HostRow, PublishedRow
from fediverse_ehrenamt.imports import actions as imports
from fediverse_ehrenamt.imports.model import ImportEntryRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit import ids, values
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation import rules
from fediverse_ehrenamt.moderation import store as measures
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.model import MeasureRow, TakenRow
from fediverse_ehrenamt.moderation.rules import Ground, Kind
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.search.model import DocumentRow
from fediverse_ehrenamt.things.model import ShowingRow, ThingRow
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Actor, Update
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.desk.test_desk import DESK, WRITTEN, Desk
from tests.desk.test_series import WEEKLY
from tests.mail.postoffice import text_of
from tests.workbench import ANNA, Clock, add_follower, add_organisation, fest, know, offer

pytestmark = pytest.mark.anyio
HOME = f"{menu.ORGANISATIONS}/buecherei"
WHY = "Ihre Angebote verlangen Geld für die Vermittlung."
REASONS = Reasons(Ground.RULES, WHY)


@pytest.fixture
async def desk(instance: Instance, clock: Clock) -> AsyncIterator[Desk]:
    house = House(instance, clock)
    actor = house.write(add_organisation)
    editor = house.add("eva@buecherei.example", "Eva", Grant(Role.OWNER, actor))
    async with house.visit(editor.id) as browser:
        yield Desk(house, browser, actor, editor.id)


def clara(house: House) -> str:
    return house.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id


def uris(desk: Desk) -> dict[str, str]:
    """Return the URIs of all that stands by its key."""

    def read(work: Work) -> dict[str, str]:
        return {row.key or "": row.uri for row in work.db.scalars(select(ThingRow).where(ThingRow.local))}

    found: dict[str, str] = desk.house.write(read)
    return found


def told(desk: Desk, kind: str) -> list[str]:
    """Return what activities of a kind were about, the oldest first."""
    chosen = select(PublishedRow.object).where(PublishedRow.kind == kind, PublishedRow.actor == desk.actor)
    found: list[str] = desk.house.write(lambda work: list(work.db.scalars(chosen.order_by(PublishedRow.id))))
    return found


def indexed(desk: Desk) -> int:
    chosen = select(DocumentRow.uri).where(~DocumentRow.gone)
    count: int = desk.house.write(lambda work: len(work.db.scalars(chosen).all()))
    return count


def document(desk: Desk) -> Actor:
    found: Actor = desk.house.write(lambda work: actors.to_wire(work, actors.by_uri(work, desk.actor)))
    return found


async def test_a_coordinator_suspends_an_organisation_with_a_reason(desk: Desk) -> None:
    house = desk.house
    async with house.visit(clara(house)) as browser:
        assert "Stadtbücherei Hagen" in (await browser.get(f"{menu.ORGANISATIONS}?suche=büch")).text
        assert "Dazu gibt es hier keine Organisation" in (await browser.get(f"{menu.ORGANISATIONS}?suche=thw")).text
        assert "Organisation sperren" in (await browser.get(HOME)).text
        assert "Das folgt daraus" in (await browser.get(f"{HOME}/sperren")).text
        short = await browser.post(f"{HOME}/sperren", grund="law", text="nein")
        assert short.status_code == 422
        assert ">nein</textarea>" in short.text
        for _ in range(2):
            assert (await browser.post(f"{HOME}/sperren", grund="law", text=WHY)).is_redirect
        assert "Gesperrt seit" in (await browser.get(HOME)).text
        assert "gesperrt seit" in (await browser.get(menu.ORGANISATIONS)).text
        assert (await browser.get(f"{HOME}/sperren")).is_redirect
    (letter,) = await house.letters()
    said = " ".join(text_of(letter).split())
    assert letter["To"] == "eva@buecherei.example"
    assert WHY in said
    assert "widersprechen" in said
    assert [one.did for one in house.write(audit.listing, Wanted())] == [Did.ORGANISATION_SUSPENDED]


async def test_nothing_of_a_suspended_organisation_is_to_be_seen(desk: Desk) -> None:
    house = desk.house
    house.write(know, ANNA)
    house.write(add_follower, desk.actor, ANNA)
    house.write(opportunities.publish, desk.actor, offer())
    house.write(events.publish, desk.actor, fest())
    before = uris(desk)
    house.write(moderation.suspend, desk.actor, REASONS)
    assert uris(desk) == {}
    assert indexed(desk) == 0
    assert set(told(desk, "Delete")) == set(before.values())
    assert told(desk, "Create") == []
    async with house.visit() as stranger:
        page = await stranger.get("/organisationen/buecherei")
        assert (page.status_code, "zurzeit gesperrt" in page.text) == (403, True)
        assert (await stranger.get("/organisationen/buecherei.atom")).status_code == 403


async def test_peers_see_a_suspended_actor_that_can_still_sign(desk: Desk) -> None:
    house = desk.house
    house.write(know, ANNA)
    house.write(add_follower, desk.actor, ANNA)
    whole = document(desk)
    house.write(moderation.suspend, desk.actor, REASONS)
    bare = document(desk)
    assert (bare.suspended, bare.name, bare.summary, bare.icon, bare.discoverable) == (
        True,
        "buecherei",
        "",
        None,
        False,
    )
    assert (bare.keys, bare.assertion_methods, bare.inbox) == (whole.keys, whole.assertion_methods, whole.inbox)
    body = codec.write(bare)
    assert b'"suspended":true' in body
    read = codec.parse_object(body)
    assert isinstance(read, Actor)
    assert read.suspended
    (row,) = house.write(lambda work: work.db.query(PublishedRow).filter_by(kind="Update").all())
    sent = codec.parse_activity(row.body)
    assert isinstance(sent, Update)
    assert isinstance(sent.object, Actor)
    assert sent.object.suspended
    async with house.visit() as peer:
        headers = {"accept": "application/activity+json"}
        answer = await peer.get(desk.actor.removeprefix(house.instance.workshop.settings.url), headers=headers)
        assert (answer.status_code, answer.json()["suspended"]) == (200, True)
    house.write(moderation.lift, desk.actor)
    assert b'"suspended":true' not in codec.write(document(desk))
    assert document(desk).name == "Stadtbücherei Hagen"


async def test_its_people_read_why_and_can_publish_nothing(desk: Desk) -> None:
    house = desk.house
    house.write(moderation.suspend, desk.actor, REASONS)
    overview = (await desk.browser.get(DESK)).text
    assert "Diese Organisation ist gesperrt" in overview
    assert WHY in overview
    form = await desk.begin()
    refused = await desk.send(form, WRITTEN)
    assert refused.status_code == 422
    assert "kann nichts veröffentlichen" in refused.text
    assert "Lesepatin für die Grundschule" in (await desk.browser.get(form)).text, "what was typed is kept"
    assert uris(desk) == {}
    with pytest.raises(Conflict, match="gesperrt"):
        house.write(opportunities.publish_quietly, desk.actor, [offer()])


async def test_all_that_stood_is_put_back_under_new_ids(desk: Desk) -> None:
    house = desk.house
    house.write(opportunities.publish, desk.actor, offer())
    house.write(opportunities.publish, desk.actor, offer("alt", expires_at=house.clock.now + timedelta(days=2)))
    assert (await desk.send(await desk.begin("termin"), WEEKLY)).is_redirect
    before = uris(desk)
    enquire(desk, before["lesepatin"])
    house.write(moderation.suspend, desk.actor, REASONS)
    assert house.rows([ThingRow, ShowingRow]) == {"ThingRow": 0, "ShowingRow": 0}
    assert house.rows([TakenRow]) == {"TakenRow": len(before)}
    house.clock.forward(days=4)
    house.write(restoring.lift, desk.actor)
    after = uris(desk)
    assert set(after) == set(before) - {"alt"}
    assert not set(after.values()) & set(before.values())
    assert all(house.write(outbox.is_buried, uri) for uri in before.values())
    assert indexed(desk) == len(after)
    (series,) = house.write(lambda work: work.db.query(SeriesRow).all())
    assert series.context == after[series.first]
    contexts = house.write(lambda work: [values.load(EventDraft, row.draft).series for row in dates(work)])
    assert set(contexts) == {"", series.context}
    assert house.write(lambda work: [row.series for row in work.db.query(ShowingRow) if row.series]) == [
        store.name_of(desk.actor, series.key)
    ] * len(contexts)
    assert house.write(lambda work: work.db.query(EnquiryRow).one().about) == after["lesepatin"]
    assert "Begonnen, noch nicht veröffentlicht" in (await desk.browser.get(DESK)).text, "what is over is not lost"
    assert house.rows([TakenRow]) == {"TakenRow": 0}


async def test_a_coordinator_lifts_a_suspension(desk: Desk) -> None:
    house = desk.house
    for key in ("eins", "zwei"):
        house.write(opportunities.publish, desk.actor, offer(key))
    house.write(moderation.suspend, desk.actor, REASONS)
    await house.letters()
    async with house.visit(clara(house)) as browser:
        assert "Sperre aufheben?" in (await browser.get(f"{HOME}/sperre-aufheben")).text
        done = await browser.post(f"{HOME}/sperre-aufheben")
        assert "2 Einträge stehen wieder da" in (await browser.get(done.headers["location"])).text
        assert (await browser.post(f"{HOME}/sperre-aufheben")).headers["location"] == HOME, "sent twice"
        assert (await browser.get(f"{HOME}/sperre-aufheben")).is_redirect
    (letter,) = await house.letters()
    assert "aufgehoben" in letter["Subject"]
    assert next(one.did for one in house.write(audit.listing, Wanted())) == Did.ORGANISATION_RESTORED
    assert (await desk.send(await desk.begin(), WRITTEN)).is_redirect


def dates(work: Work) -> list[ThingRow]:
    return list(work.db.scalars(select(ThingRow).where(ThingRow.kind == "event")))


def enquire(desk: Desk, about: str) -> None:
    def run(work: Work) -> None:
        row = EnquiryRow(
            code=ids.new_id(), organisation=desk.actor, about=about, title="x", language="de", way="mail", state="new",
            sealed="", asked_at=work.now, confirmed_at=work.now, changed_at=work.now,
        )  # fmt: skip
        work.db.add(row)
        work.db.flush()

    desk.house.write(run)


async def test_many_come_back_quietly(desk: Desk) -> None:
    house = desk.house
    house.write(know, ANNA)
    house.write(add_follower, desk.actor, ANNA)
    house.write(
        lambda work: work.db.add(HostRow(host=ids.host(ANNA), software="mastodon", sister=False, asked_at=work.now))
    )
    many = imports.SHOWN_AT_ONCE + 2
    for number in range(many):
        house.write(opportunities.publish, desk.actor, offer(f"nr-{number}"))
    house.write(moderation.suspend, desk.actor, REASONS)
    house.write(restoring.lift, desk.actor)
    assert len(uris(desk)) == many

    def sent(work: Work) -> int:
        creates = select(PublishedRow.uri).where(PublishedRow.kind == "Create")
        found = set(work.db.scalars(creates))
        jobs = work.db.execute(select(JobRow.argument)).scalars()
        return sum(outbox.Delivery.of(one).activity in found for one in jobs if one.startswith("["))

    assert house.write(sent) == 0, "nobody's timeline is filled"


async def test_what_slips_through_is_swept_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    house = desk.house
    monkeypatch.setattr(moderation, "TAKEN_AT_ONCE", 2)
    for number in range(5):
        house.write(opportunities.publish, desk.actor, offer(f"nr-{number}"))
    house.write(moderation.suspend, desk.actor, REASONS)
    assert len(uris(desk)) == 3
    assert [house.write(moderation.sweep) for _ in range(3)] == [2, 1, 0]
    assert house.write(restoring.lift, desk.actor)[1].count == 5


async def test_entries_of_a_file_are_still_the_same_ones(desk: Desk) -> None:
    house = desk.house
    old = house.write(opportunities.publish, desk.actor, offer()).uri

    def bring(work: Work) -> None:
        work.db.add(
            ImportEntryRow(
                source=1, foreign_id="a", kind="opportunity", actor=desk.actor, key="lesepatin", uri=old, state="shown",
                digest="", imported="", kept="", understood="", confirmed="", version=work.now, renew_at=None,
            )
        )  # fmt: skip
        work.db.flush()

    house.write(bring)
    house.write(moderation.suspend, desk.actor, REASONS)
    house.clock.forward(days=1)
    house.write(restoring.lift, desk.actor)
    row = house.write(lambda work: work.db.query(ImportEntryRow).one())
    thing = house.write(lambda work: work.db.query(ThingRow).one())
    assert (row.uri, row.version) == (thing.uri, thing.version)


async def test_who_is_not_there_or_is_already(desk: Desk) -> None:
    house = desk.house
    with pytest.raises(Conflict, match="ist nicht"):
        house.write(moderation.lift, desk.actor)
    house.write(moderation.suspend, desk.actor, REASONS)
    with pytest.raises(Conflict, match="schon gesperrt"):
        house.write(moderation.suspend, desk.actor, REASONS)


async def test_a_suspension_is_kept_while_it_holds(desk: Desk) -> None:
    house = desk.house
    house.write(opportunities.publish, desk.actor, offer())
    house.write(moderation.suspend, desk.actor, REASONS)
    house.clock.now += rules.MEASURES_LAST + timedelta(days=1)
    house.write(moderation.expire)
    assert [one.kind for one in house.write(measures.measures, desk.actor)] == [Kind.SUSPENDED]
    assert house.rows([TakenRow]) == {"TakenRow": 1}
    house.write(restoring.lift, desk.actor)
    house.write(moderation.expire)
    assert house.rows([MeasureRow, TakenRow]) == {"MeasureRow": 0, "TakenRow": 0}
