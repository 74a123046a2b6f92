"""Feeds on both databases: each new match is announced once, whatever comes again; what goes is taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.duplicates import tasks as duplicates
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import collections, outbox, peers
from fediverse_ehrenamt.federation.model import LocalActorRow, PublishedRow
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.feeds import actions, store
from fediverse_ehrenamt.feeds.model import EntryRow, FeedRow
from fediverse_ehrenamt.feeds.tasks import HOUSEKEEPING
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit.errors import Invalid, NotFound
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.things import actions as things
from fediverse_ehrenamt.things import tasks
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Activity, CollectionPage
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import ANNA, Clock, fest, offer

pytestmark = pytest.mark.anyio
FOLLOWER = "https://mastodon.example/users/bert"
INBOX = "https://mastodon.example/inbox"


@pytest.fixture
def hagen(instance: Instance) -> Workshop:
    instance.workshop.write_now(workbench.add_organisation)
    return instance.workshop


def _add(hagen: Workshop, search: str = "bereich=kultur", handle: str = "kultur") -> str:
    uri = hagen.write_now(actions.add, handle, "Kultur in Hagen", search).uri
    hagen.write_now(workbench.know, FOLLOWER)
    hagen.write_now(workbench.add_follower, uri, FOLLOWER, INBOX)
    return uri


def _publish(hagen: Workshop, draft: Draft) -> str:
    def publish(work: Work) -> str:
        owner = _owner(work)
        return opportunities.publish(work, owner, draft).uri

    return hagen.write_now(publish)


def _owner(work: Work) -> str:
    return work.db.scalars(select(LocalActorRow.uri).where(LocalActorRow.type == "Organization")).one()


def _keep_house(hagen: Workshop) -> None:
    tidy: list[Callable[[Work], int]] = [duplicates.follow, *HOUSEKEEPING]
    for _ in range(50):
        if not sum([hagen.write_now(one) for one in tidy]):
            return
    raise AssertionError("housekeeping never ends")


def _said(hagen: Workshop, feed: str) -> list[tuple[str, str]]:
    """Return what a feed has said: kind and object."""
    return hagen.read_now(
        lambda work: [
            (row.kind, row.object)
            for row in work.db.scalars(select(PublishedRow).where(PublishedRow.actor == feed).order_by(PublishedRow.id))
        ]
    )


def _sent(hagen: Workshop, inbox: str = INBOX) -> list[str]:
    """Return the kinds of the activities that wait for an inbox, in their order."""

    def read(work: Work) -> list[str]:
        waiting = work.db.scalars(select(JobRow).where(JobRow.name == outbox.DELIVER).order_by(JobRow.id)).all()
        ids = [one.activity for one in (Delivery.of(job.argument) for job in waiting) if one.inbox == inbox]
        kinds = {row.uri: row.kind for row in work.db.scalars(select(PublishedRow))}
        return [kinds[one] for one in ids if one in kinds]

    return hagen.read_now(read)


def _outbox(hagen: Workshop, feed: str) -> list[str]:
    def read(work: Work) -> list[str]:
        page = collections.read_outbox(work, feed, "first")
        assert isinstance(page, CollectionPage)
        return [item.object_id for item in page.items if isinstance(item, Activity)]

    return hagen.read_now(read)


def _remote(number: int = 1, **changes: Any) -> Document:
    values: dict[str, Any] = {
        "uri": f"https://peer.example/notes/{number}", "id": f"d{number}", "kind": "opportunity", "title": "Chorprobe",
        "text": "Wir singen.", "url": f"https://peer.example/{number}", "host": "peer.example", "local": False,
        "organisation": "Anna", "organisation_uri": ANNA, "areas": ("kultur",),
    }  # fmt: skip
    return Document(**values | changes)


# --- what is announced ------------------------------------------------------------------------------------------------
async def test_what_is_new_is_announced_once_whatever_comes_again(hagen: Workshop) -> None:
    feed = _add(hagen)
    one = _publish(hagen, offer())
    _publish(hagen, offer("sport", areas=("sport",)))
    _keep_house(hagen)
    assert _said(hagen, feed) == [("Announce", one)]
    assert _sent(hagen) == ["Announce"]
    body = hagen.read_now(lambda work: work.db.scalar(select(PublishedRow.body).where(PublishedRow.actor == feed)))
    assert body is not None
    said = codec.parse_activity(body)
    assert (said.actor, said.object, said.cc) == (feed, one, (f"{feed}/followers", hagen.read_now(_owner)))
    assert _outbox(hagen, feed) == [one]

    _publish(hagen, offer(text="Wir suchen Menschen, die jetzt erst recht vorlesen."))
    _keep_house(hagen)
    hagen.write_now(_look_at_all_again)  # as after a restored copy, or a new feed's beginning
    _keep_house(hagen)
    assert _said(hagen, feed) == [("Announce", one)]
    assert _sent(hagen) == ["Announce", "Update"], "the organisation's own Update goes to the feed's followers"


def _look_at_all_again(work: Work) -> None:
    for row in work.db.scalars(select(FeedRow)):
        row.xid, row.seq = 0, 0


async def test_what_was_there_before_the_feed_is_not_announced_then_nor_when_it_changes(hagen: Workshop) -> None:
    before = _publish(hagen, offer())
    feed = _add(hagen)
    _keep_house(hagen)
    _publish(hagen, offer(text="Wir suchen noch immer Menschen, die vorlesen."))
    new = _publish(hagen, offer("chor", text="Wir singen jeden Montag.", title="Chor"))
    _keep_house(hagen)
    assert before != new
    assert _said(hagen, feed) == [("Announce", new)]


async def test_a_feed_of_a_district_announces_what_is_in_it(hagen: Workshop) -> None:
    feed = _add(hagen, "stadtteil=haspe, hagen", "haspe")
    _keep_house(hagen)
    hagen.write_now(search.put, [_remote(1, district="Hagen-Haspe"), _remote(2, district="Hagen-Boele"), _remote(3)])
    _keep_house(hagen)
    assert _said(hagen, feed) == [("Announce", _remote(1).uri)]


async def test_what_comes_to_fit_is_new_and_what_fits_no_more_leaves_the_outbox(hagen: Workshop) -> None:
    feed = _add(hagen)
    one = _publish(hagen, offer(areas=("sport",)))
    _keep_house(hagen)
    assert _said(hagen, feed) == []
    _publish(hagen, offer(areas=("kultur",)))
    _keep_house(hagen)
    assert _outbox(hagen, feed) == [one]
    _publish(hagen, offer(areas=("sport",)))
    _keep_house(hagen)
    assert _outbox(hagen, feed) == []
    assert _sent(hagen) == ["Announce", "Update"], "who saw it hears what becomes of it"
    _publish(hagen, offer(areas=("kultur",), title="Lesepatin dringend gesucht"))
    _keep_house(hagen)
    assert _outbox(hagen, feed) == [one]
    assert [kind for kind, _ in _said(hagen, feed)] == ["Announce"]


async def test_ours_ends_by_its_own_delete(hagen: Workshop) -> None:
    feed = _add(hagen)
    draft = offer()
    one = _publish(hagen, draft)
    _keep_house(hagen)
    _publish(hagen, replace(draft, details=replace(draft.details, status="zurueckgezogen")))
    _keep_house(hagen)
    assert hagen.read_now(outbox.is_buried, one)
    assert _said(hagen, feed) == []
    assert _sent(hagen) == ["Delete"], "the Announce that still waited is not sent any more"


async def test_who_follows_the_feed_since_hears_of_the_delete_too(hagen: Workshop) -> None:
    feed = hagen.write_now(actions.add, "kultur", "Kultur in Hagen", "bereich=kultur").uri
    draft = offer()
    _publish(hagen, draft)
    _keep_house(hagen)
    assert _sent(hagen) == []
    hagen.write_now(workbench.add_follower, feed, FOLLOWER, INBOX)  # reads the outbox
    _publish(hagen, replace(draft, details=replace(draft.details, status="zurueckgezogen")))
    assert _sent(hagen) == ["Delete"]


# --- of others --------------------------------------------------------------------------------------------------------
async def test_what_is_anothers_is_announced_to_its_author_too_and_taken_back_when_it_goes(hagen: Workshop) -> None:
    feed = _add(hagen)
    hagen.write_now(workbench.know, ANNA)
    theirs = hagen.read_now(lambda work: getattr(peers.find(work, ANNA), "shared_inbox", ""))
    hagen.write_now(search.put, [_remote()])
    _keep_house(hagen)
    assert _said(hagen, feed) == [("Announce", _remote().uri)]
    assert _sent(hagen) == _sent(hagen, theirs) == ["Announce"]
    hagen.write_now(search.remove, [_remote().uri])
    _keep_house(hagen)
    assert _said(hagen, feed) == [("Undo", _remote().uri)]
    assert _outbox(hagen, feed) == []
    hagen.write_now(search.put, [_remote()])
    _keep_house(hagen)
    assert _said(hagen, feed) == [("Undo", _remote().uri)], "it was announced once"


async def test_what_ends_by_itself_is_not_taken_back(hagen: Workshop, clock: Clock) -> None:
    feed = _add(hagen)
    hagen.write_now(search.put, [_remote(expires_at=clock.now + timedelta(days=2))])
    _keep_house(hagen)
    clock.forward(days=3)
    assert hagen.write_now(tasks.expire) == 1
    _keep_house(hagen)
    assert [kind for kind, _ in _said(hagen, feed)] == ["Announce"]
    assert _outbox(hagen, feed) == []


async def test_one_need_in_two_portals_is_announced_once(hagen: Workshop) -> None:
    feed = _add(hagen)
    one = _remote(title="Lesepatin gesucht", text="Vorlesen im Seniorenheim am Nordpark, jeden Dienstag um drei Uhr.")
    copy = replace(one, uri="https://b.example/1", id="b1", url="https://b.example/1", host="b.example",
                   organisation_uri="https://b.example/a", same_as=(one.url,))  # fmt: skip
    hagen.write_now(search.put, [one])
    _keep_house(hagen)
    hagen.write_now(search.put, [copy])
    _keep_house(hagen)
    assert [kind for kind, _ in _said(hagen, feed)] == ["Announce"]


async def test_nothing_is_announced_before_it_was_compared_with_others(hagen: Workshop) -> None:
    feed = _add(hagen)
    _publish(hagen, offer())
    assert hagen.write_now(actions.follow) == 0
    assert _said(hagen, feed) == []
    _keep_house(hagen)
    assert len(_said(hagen, feed)) == 1


async def test_dates_of_a_series_are_announced_when_they_are_near(hagen: Workshop, clock: Clock) -> None:
    feed = _add(hagen, "art=termin", "termine")
    first = fest("reihe")
    far = [fest(f"date-{week}", starts_at=clock.now + timedelta(days=30 + 7 * week),
                ends_at=clock.now + timedelta(days=30 + 7 * week, hours=2)) for week in range(3)]  # fmt: skip

    def publish(work: Work) -> list[str]:
        owner = _owner(work)
        series = events.publish(work, owner, first).uri
        return [events.publish(work, owner, replace(draft, series=series)).uri for draft in far]

    dates = hagen.write_now(publish)
    _keep_house(hagen)
    assert [uri for _, uri in _said(hagen, feed) if uri in dates] == []
    for week in range(len(dates)):
        clock.now = far[week].starts_at - timedelta(days=6)  # the one before has begun
        while hagen.write_now(things.show_near):
            pass
        clock.forward(hours=2)
        _keep_house(hagen)
        assert [uri for _, uri in _said(hagen, feed) if uri in dates] == dates[: week + 1]


async def test_a_course_of_others_is_announced_date_by_date(hagen: Workshop, clock: Clock) -> None:
    feed = _add(hagen)
    begins = [clock.now + timedelta(days=3, weeks=2 * turn) for turn in range(4)]
    course = [_remote(number, kind="event", starts_at=one, ends_at=one) for number, one in enumerate(begins)]
    hagen.write_now(search.put, course)
    for turn, moment in enumerate(begins):
        _keep_house(hagen)
        assert [uri for _, uri in _said(hagen, feed)] == [one.uri for one in course[: turn + 1]]
        clock.now = moment


# --- several feeds ----------------------------------------------------------------------------------------------------
async def test_a_new_feed_catches_up_quietly_beside_one_that_goes_on(hagen: Workshop) -> None:
    words = [f"{first}{second}" for first in "abcdefghijklmnopqrstuvwxyz" for second in "abcdefghij"][:250]
    choirs = [_remote(number, title=f"Chorprobe {word * 3}", text=word * 4) for number, word in enumerate(words)]
    hagen.write_now(search.put, choirs)
    _keep_house(hagen)
    old = _add(hagen)
    _keep_house(hagen)
    young = _add(hagen, "q=Chorprobe", "chor")
    hagen.write_now(search.put, [_remote(1_000)])
    _keep_house(hagen)
    for feed in (old, young):
        assert _said(hagen, feed) == [("Announce", _remote(1_000).uri)]
    cursors = hagen.read_now(lambda work: {store.cursor(row) for row in work.db.scalars(select(FeedRow))})
    assert len(cursors) == 1
    known = hagen.read_now(lambda work: len(work.db.scalars(select(EntryRow)).all()))
    assert 2 * 240 < known <= 2 * 251, "but for those that duplicates takes for one"


async def test_a_restored_database_announces_nothing_twice(hagen: Workshop) -> None:
    feed = _add(hagen)
    one = _publish(hagen, offer())
    _keep_house(hagen)

    def far_ahead(work: Work) -> None:
        for row in work.db.scalars(select(FeedRow)):
            row.xid, row.seq = 1 << 60, 1 << 60

    hagen.write_now(far_ahead)
    _keep_house(hagen)
    two = _publish(hagen, offer("chor", title="Chor"))
    _keep_house(hagen)
    assert _said(hagen, feed) == [("Announce", one), ("Announce", two)]


# --- adding and removing ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("handle", "name", "search", "field"),
    [
        ("Kultur!", "Kultur", "bereich=kultur", "handle"),
        ("relay", "Kultur", "bereich=kultur", "handle"),
        ("buecherei", "Kultur", "bereich=kultur", "handle"),
        ("kultur", "K", "bereich=kultur", "name"),
        ("kultur", "Kultur", "", "search"),
        ("kultur", "Kultur", "unsinn=1&sortierung=datum", "search"),
        ("kultur", "Kultur", "bereich=unsinn", "bereich"),
        ("kultur", "Kultur", "ort=Nirgendwohausen", "ort"),
        ("kultur", "Kultur", "&".join(["q=a"] * 300), "search"),
    ],
)
async def test_what_is_wrong_with_a_feed_is_said(
    hagen: Workshop, handle: str, name: str, search: str, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        hagen.write_now(actions.add, handle, name, search)
    assert field in [problem.field for problem in caught.value.problems]
    assert hagen.read_now(actions.listing) == []


async def test_a_feed_is_removed_for_good(hagen: Workshop) -> None:
    feed = _add(hagen)
    _publish(hagen, offer())
    _keep_house(hagen)
    hagen.write_now(actions.remove, "kultur")
    assert _said(hagen, feed) == [("Delete", feed)]
    assert _sent(hagen)[-1] == "Delete"
    assert hagen.read_now(lambda work: work.db.scalars(select(EntryRow)).all()) == []
    with pytest.raises(NotFound):
        hagen.write_now(actions.remove, "kultur")
    with pytest.raises(Invalid):
        _add(hagen)
    _publish(hagen, offer("chor", title="Chor"))
    _keep_house(hagen)
    assert _said(hagen, feed) == [("Delete", feed)]


async def test_what_is_long_gone_is_forgotten(hagen: Workshop, clock: Clock) -> None:
    _add(hagen)
    hagen.write_now(search.put, [_remote()])
    _keep_house(hagen)
    hagen.write_now(search.remove, [_remote().uri])
    _keep_house(hagen)
    for days, left in ((399, 1), (2, 0)):
        clock.forward(days=days)
        _keep_house(hagen)
        assert hagen.read_now(lambda work: len(work.db.scalars(select(EntryRow)).all())) == left
