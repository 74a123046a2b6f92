"""An entry with several dates: an event for each, found at once, shown one at a time; on both databases."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import peers
from fediverse_ehrenamt.federation.inbox import dispatch
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit.errors import Conflict, Gone, Invalid
from fediverse_ehrenamt.publishing import actions
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things import actions as things
from fediverse_ehrenamt.things import store
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.vocab.types import Event, Like
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.publishing.files import event, opportunity, problems, read
from tests.workbench import ANNA, HOME, PEER, Clock

pytestmark = pytest.mark.anyio
RELAY = f"{HOME}/ap/actor/relay"
WEEKS = tuple(f"2026-12-{day:02} 15:00" for day in (1, 8, 15, 22, 29))  # the clock stands at 22.11.2026


@pytest.fixture
def home(instance: Instance) -> Workshop:
    return instance.workshop


@pytest.fixture
def owner(home: Workshop) -> str:
    """An organisation with a fan; a sister and a Mobilizon follow the instance."""

    def found(work: Work) -> str:
        uri = workbench.add_organisation(work, "stadtbuecherei")
        relays = {"sister.example": True, "mobilizon.example": False}
        for host, sister in relays.items():
            workbench.add_follower(work, RELAY, f"https://{host}/relay")
            peers.note_host(work, host, "", sister=sister)
        workbench.add_follower(work, uri, f"{PEER}/users/fan")
        peers.note_host(work, "peer.example", "mastodon", sister=False)
        return uri

    return home.write_now(found)


def dated(starts: Sequence[str] = WEEKS, *, more: str = "", status: str = "") -> str:
    """Return a file with an opportunity on some days, two hours each."""
    lines = [f"- {{startTime: {start}, endTime: {start.replace('15:', '17:')}{status}}}" for start in starts]
    return opportunity("\n".join([*more.splitlines(), "dates:", *(f"  {line}" for line in lines)]))


async def apply(home: Workshop, text: str) -> list[Outcome]:
    return await home.write(actions.apply, read(text))


def told(work: Work) -> list[tuple[str, str]]:
    """Return (kind of activity, host) of what waits to be delivered, and deliver it."""
    found = []
    for job in work.db.scalars(select(JobRow).where(JobRow.name == "deliver").order_by(JobRow.id)).all():
        activity = Delivery.of(job.argument).activity
        found.append((work.db.scalar(select(PublishedRow.kind).where(PublishedRow.uri == activity)) or "", job.host))
        work.db.delete(job)
    return found


async def test_every_date_is_an_event_of_its_own(home: Workshop, owner: str) -> None:
    parent, *dates = await apply(home, dated())
    assert [outcome.what for outcome in (parent, *dates)] == ["published"] * 6
    assert len({outcome.uri for outcome in dates}) == 5
    first = await home.read(store.get, dates[0].uri)
    assert isinstance(first, Event)
    assert (first.name, first.context, first.attributed_to) == ("Lesepatin gesucht", parent.uri, owner)
    assert first.summary == "Di, 01.12.2026, 15–17 Uhr"
    assert first.opportunity is not None
    assert (first.opportunity.title, first.opportunity.expires_at) == ("Lesepatin gesucht", first.ends_at)
    assert first.details is not None
    assert first.details.kind == "einsatz"
    for outcome in dates:  # all are found at home
        assert (await home.read(search.get, outcome.uri)).starts_at is not None
    assert [outcome.what for outcome in await apply(home, dated())] == ["unchanged"] * 6


async def test_timelines_see_one_date_at_a_time(home: Workshop, owner: str, clock: Clock) -> None:
    assert owner
    await apply(home, dated())
    hosts = ("peer.example", "sister.example")
    assert await home.write(told) == [
        *(("Create", host) for host in hosts), ("Announce", "mobilizon.example"),  # the opportunity
        *(("Create", "sister.example"),) * 5,
    ]  # fmt: skip
    seen = [("Create", "peer.example"), ("Announce", "mobilizon.example")]
    for days in (0, 3):
        clock.forward(days=days)
        assert await home.write(things.show_near) == (1 if days == 0 else 0)
        assert await home.write(told) == (seen if days == 0 else [])
    for week in range(1, 5):
        clock.forward(days=7)  # the date before has begun
        assert await home.write(things.show_near) == 1, week
        assert await home.write(told) == seen
    clock.forward(days=7)
    assert await home.write(things.show_near) == 0


async def test_a_date_far_away_is_not_shown_yet(home: Workshop, owner: str, clock: Clock) -> None:
    assert owner
    [_, date] = await apply(home, dated(["2027-02-01 15:00"]))
    assert await home.write(things.show_near) == 0
    with pytest.raises(Conflict, match="wird von selbst gezeigt"):
        await home.write(_show_again, date.uri)
    clock.forward(days=58)
    assert await home.write(things.show_near) == 1


def _show_again(work: Work, uri: str) -> None:
    row = store.find(work, uri)
    assert row is not None
    assert row.key is not None
    things.show_again(work, row.actor, row.key)


async def test_who_found_a_date_early_takes_it_from_no_neighbour(home: Workshop, owner: str) -> None:
    """Somebody on the server of a follower likes a date that waits; the follower is shown it all the same."""
    assert owner
    _, date, *_ = await apply(home, dated())
    await home.write(workbench.know, ANNA)
    await home.write(dispatch, wiring.HANDLERS, Like(id=f"{ANNA}#l", actor=ANNA, object=date.uri))
    await home.write(told)
    assert await home.write(things.show_near) == 1
    assert await home.write(told) == [("Create", "peer.example"), ("Announce", "mobilizon.example")]


async def test_followers_hear_of_changes_of_what_they_were_shown(home: Workshop, owner: str, clock: Clock) -> None:
    assert owner
    await apply(home, dated())
    await home.write(things.show_near)
    await home.write(told)
    clock.forward(hours=1)
    changed = await apply(home, dated(more="plainLanguage: Sie lesen vor.").replace("Lesepatin g", "Lesepate g"))
    assert [outcome.what for outcome in changed] == ["changed"] * 6
    letters = await home.write(told)
    assert letters.count(("Update", "sister.example")) == 6
    assert letters.count(("Update", "peer.example")) == 2  # the opportunity and the date that was shown
    assert letters.count(("Update", "mobilizon.example")) == 2
    assert {kind for kind, _ in letters} == {"Update"}


async def test_a_date_that_is_no_longer_there_is_cancelled_or_withdrawn(home: Workshop, owner: str) -> None:
    assert owner
    _, first, second, *_ = await apply(home, dated())
    await home.write(things.show_near)
    rest = await apply(home, dated(WEEKS[2:]))
    assert [outcome.what for outcome in rest] == ["unchanged", "changed", "withdrawn", *["unchanged"] * 3]
    shown: Any = await home.read(store.get, first.uri)
    assert shown.name == "ABGESAGT: Lesepatin gesucht"
    with pytest.raises(Gone):
        await home.read(store.get, second.uri)
    again = await apply(home, dated())
    assert [outcome.what for outcome in again[:3]] == ["unchanged", "changed", "published"]
    shown = await home.read(store.get, first.uri)
    assert shown.name == "Lesepatin gesucht"


async def test_a_cancelled_date_is_not_shown_to_those_who_never_saw_it(home: Workshop, owner: str) -> None:
    assert owner
    await apply(home, dated())
    await home.write(told)
    cancelled = dated(WEEKS).replace("17:00", "17:00, status: cancelled", 1)
    outcomes = await apply(home, cancelled)
    assert [outcome.what for outcome in outcomes] == ["unchanged", "changed", *["unchanged"] * 4]
    assert (await home.read(search.get, outcomes[1].uri)).status == "abgesagt"
    assert await home.write(told) == [("Update", "sister.example")]
    assert await home.write(things.show_near) == 0
    none = await apply(home, dated(["2027-01-12 15:00"], status=", status: cancelled").replace("lesepatin", "andere"))
    assert [outcome.what for outcome in none] == ["published"]  # there never was such a date


async def test_a_date_that_is_moved_is_shown_at_once(home: Workshop, owner: str) -> None:
    """It is another date; who reads that the first is cancelled must not learn of the second when it is too late."""
    assert owner
    await apply(home, dated(["2026-11-28 15:00"]))
    assert await home.write(things.show_near) == 1
    await home.write(told)
    moved = await apply(home, dated(["2026-11-29 15:00"]))
    assert [outcome.what for outcome in moved] == ["unchanged", "changed", "published"]
    assert await home.write(things.show_near) == 1
    letters = await home.write(told)
    assert [kind for kind, host in letters if host == "peer.example"] == ["Update", "Create"]


async def test_a_date_that_takes_place_after_all_is_shown_when_it_is_near(
    home: Workshop, owner: str, clock: Clock
) -> None:
    """Followers, who never saw it, hear nothing of it before, neither that it is cancelled nor that it is not."""
    assert owner
    far = ["2026-12-20 15:00"]
    await apply(home, dated(far))
    await home.write(told)
    for status in (", status: cancelled", ""):
        clock.forward(hours=1)
        assert [outcome.what for outcome in await apply(home, dated(far, status=status))] == ["unchanged", "changed"]
        assert await home.write(told) == [("Update", "sister.example")]
    clock.forward(days=14)
    assert await home.write(things.show_near) == 1
    assert await home.write(told) == [("Create", "peer.example"), ("Announce", "mobilizon.example")]


async def test_what_a_text_says_cancels_nothing(home: Workshop, owner: str) -> None:
    assert owner
    text = (
        dated()
        .replace("Einmal in", '"status":"cancelled" sagen wir nie. Einmal in')
        .replace("text: ", "text: >-\n      ")
    )
    await apply(home, text)
    assert await home.write(things.show_near) == 1


async def test_dates_go_with_what_they_belong_to(home: Workshop, owner: str) -> None:
    assert owner
    await apply(home, dated())
    await home.write(things.show_near)
    await home.write(told)
    withdrawn = "organisation: stadtbuecherei\nopportunity: {id: lesepatin, status: zurueckgezogen}"
    assert [outcome.what for outcome in await apply(home, withdrawn)] == ["withdrawn"]
    assert await home.read(search.count) == 0
    letters = await home.write(told)
    assert letters.count(("Delete", "sister.example")) == 6
    assert letters.count(("Delete", "peer.example")) == 2
    assert await home.write(things.show_near) == 0


async def test_of_a_date_that_was_not_shown_only_sisters_are_told_that_it_is_gone(home: Workshop, owner: str) -> None:
    """A sister that came since has it from `upcomingEvents`; a follower who came since knows the offer alone."""
    await apply(home, dated())
    for actor, follower in ((RELAY, "https://new-sister.example/relay"), (owner, "https://new.example/users/n")):
        await home.write(workbench.add_follower, actor, follower)
    await home.write(peers.note_host, "new.example", "mastodon", sister=False)
    await home.write(told)
    await apply(home, "organisation: stadtbuecherei\nopportunity: {id: lesepatin, status: zurueckgezogen}")
    letters = await home.write(told)
    assert letters.count(("Delete", "new-sister.example")) == 6
    assert letters.count(("Delete", "new.example")) == 1


async def test_a_filled_offer_fills_its_dates(home: Workshop, owner: str) -> None:
    assert owner
    _, first, *_ = await apply(home, dated())
    await apply(home, dated(more="status: besetzt"))
    filled: Any = await home.read(store.get, first.uri)
    assert filled.name == "BESETZT: Lesepatin gesucht"
    document = await home.read(search.get, first.uri)
    assert (document.title, document.status) == ("Lesepatin gesucht", "besetzt")


async def test_what_is_over_stays_as_it_is(home: Workshop, owner: str, clock: Clock) -> None:
    assert owner
    _, first, *_ = await apply(home, dated())
    clock.forward(days=10)
    later = await apply(home, dated().replace("Lesepatin g", "Lesepate g"))
    assert [outcome.what for outcome in later] == ["changed"] * 5
    assert first.uri not in {outcome.uri for outcome in later}
    assert await apply(home, dated(WEEKS[1:]))  # a list without it cancels nothing
    past: Any = await home.read(store.get, first.uri)
    assert past.name == "Lesepatin gesucht"


async def test_an_event_with_further_dates(home: Workshop, owner: str) -> None:
    assert owner
    text = event("registerBy: 2026-12-11\ndates:\n  - {startTime: 2026-12-19 14:00, endTime: 2026-12-19 17:00}")
    parent, date = await apply(home, text)
    further: Any = await home.read(store.get, date.uri)
    assert (further.context, further.name) == (parent.uri, "Vorlesefest")
    assert further.summary == "Sa, 19.12.2026, 14–17 Uhr"
    assert further.details.register_by is None
    assert further.opportunity is None
    bodies = select(PublishedRow.body).where(PublishedRow.object == date.uri)
    [body] = await home.read(lambda work: list(work.db.scalars(bodies)))
    assert orjson.loads(body)["object"]["context"] == parent.uri


async def test_problems_name_the_date(home: Workshop, owner: str) -> None:
    assert owner
    far = dated(["2026-12-01 15:00", "2027-01-01 15:00"]).replace("2027-01-01 17:00", "2029-01-01 17:00")
    with pytest.raises(Invalid) as caught:
        await apply(home, far)
    [problem] = caught.value.problems
    assert problem.field == "opportunities[0] (lesepatin), Zeile 10: dates[1].endTime"
    assert "mehr als ein Jahr" in problem.message


async def test_an_offer_holds_until_its_last_date(home: Workshop, owner: str) -> None:
    """Otherwise it would say that it has expired while its dates are still open."""
    assert owner
    for until in ("2026-12-28", "2026-12-29 14:59"):
        with pytest.raises(Invalid) as caught:
            await apply(home, dated(more=f"expiresAt: {until}"))
        [problem] = caught.value.problems
        assert problem.field == "opportunities[0] (lesepatin), Zeile 8: expiresAt"
        assert "liegt vor dem letzten Termin am 29.12.2026" in problem.message
    last_is_off = dated(more="expiresAt: 2026-12-28").replace("2026-12-29 17:00", "2026-12-29 17:00, status: cancelled")
    for text in (
        dated(more="expiresAt: 2026-12-29"),
        last_is_off,
        dated(more="expiresAt: 2026-12-28\nstatus: besetzt"),
    ):
        assert len(await apply(home, text)) == 6


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        (dated(["2026-12-01 15:00"]).replace("17:00", "14:00"), "dates[0].endTime", "nicht nach dem Beginn"),
        (dated([WEEKS[0], WEEKS[0]]), "dates[1].startTime", "steht hier zweimal"),
        (opportunity("dates:\n  - {startTime: 2026-12-01 15:00}"), "dates[0].endTime", "fehlt: Wann es endet"),
        (opportunity("dates:\n  - {startTime: gestern, endTime: x}"), "dates[0].startTime", "ein Tag mit Uhrzeit"),
        (opportunity("dates: morgen"), "dates", "eine Liste"),
        (dated(more="", status=", ort: Hagen"), "dates[0].ort", "kennen wir nicht"),
        (dated().replace("id: lesepatin", f"id: {'x' * 151}"), "id", "höchstens 150 Zeichen"),
    ],
)
def test_dates_that_cannot_be(text: str, where: str, said: str) -> None:
    found = problems(text)
    assert any(place.endswith(f": {where}") and said in message for place, message in found), found


def test_times_are_those_of_germany() -> None:
    [entry] = read(dated(["2027-07-01 15:00"]))
    assert entry.dates[0].ends_at - entry.dates[0].starts_at == timedelta(hours=2)
    assert entry.dates[0].starts_at.hour == 13  # UTC
