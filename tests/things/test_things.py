"""The life of things, our own and others': on both databases, Document and row always in step."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy import update as sql_update

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import inbox as received
from fediverse_ehrenamt.federation import outbox, peers
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Gone, Invalid, NotFound
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.things import origins, review, store, tasks, wire, writing
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab.types import (
    Create,
    Delete,
    Event,
    Hashtag,
    Note,
    Opportunity,
    OpportunityDetails,
    Place,
    Tombstone,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import ANNA, NOW, PEER, Clock, fest, note, offer

pytestmark = pytest.mark.anyio
URI = f"{PEER}/notes/1"


@pytest.fixture
def home(instance: Instance) -> Workshop:
    instance.workshop.write_now(workbench.add_source, ANNA)
    return instance.workshop


def row_of(work: Work, uri: str) -> ThingRow:
    return work.db.get_one(ThingRow, uri)


async def hear(home: Workshop, activity: Any) -> str:
    return await home.write(received.dispatch, wiring.HANDLERS, activity)


def create(thing: Any) -> Create:
    return Create(id="", actor=ANNA, object=thing)


def update(thing: Any) -> Update:
    return Update(id="", actor=ANNA, object=thing)


async def title(home: Workshop, uri: str = URI) -> str:
    return (await home.read(search.get, uri)).title


# --- what others send -------------------------------------------------------------------------------------------------
async def test_a_received_thing_and_its_document(home: Workshop) -> None:
    assert await hear(home, create(note())) == "handled"
    document = await home.read(search.get, URI)
    assert (document.kind, document.host, document.local) == ("post", "peer.example", False)
    assert (document.organisation, document.organisation_uri) == ("Anna", ANNA)
    row = await home.read(row_of, URI)
    assert (row.id, row.kind, row.actor, row.local, row.key) == (document.id, "post", ANNA, False, None)
    assert await home.read(store.get, URI) == note()


async def test_without_an_author_it_is_its_senders(home: Workshop) -> None:
    await hear(home, create(note(attributed_to="")))
    assert (await home.read(search.get, URI)).organisation == "Anna"
    assert (await home.read(row_of, URI)).actor == ANNA


async def test_an_author_nobody_knows_is_named_by_the_host(home: Workshop) -> None:
    event = Event(id=URI, attributed_to=f"{PEER}/users/x", name="Fest", starts_at=NOW, to=note().to)
    await hear(home, create(event))
    document = await home.read(search.get, URI)
    assert (document.organisation, document.organisation_uri) == ("peer.example", f"{PEER}/users/x")


@pytest.mark.parametrize(
    ("activity", "wins"),
    [
        (create(note(content="<p>neu</p>")), False),
        (create(note(content="<p>neu</p>", updated=NOW)), True),
        (create(note(content="<p>neu</p>", published=NOW - timedelta(days=1))), False),
        (update(note(content="<p>neu</p>")), True),
        (update(note(content="<p>neu</p>", updated=NOW - timedelta(days=1))), False),
        (update(note(content="<p>neu</p>", updated=NOW)), True),
        (update(note(content="<p>neu</p>", published=None)), False),
    ],
)
async def test_newer_states_replace_older_ones(home: Workshop, activity: Any, *, wins: bool) -> None:
    await hear(home, create(note(content="<p>alt</p>")))
    before = await home.read(search.get, URI)
    await hear(home, activity)
    after = await home.read(search.get, URI)
    assert after.title == ("neu" if wins else "alt")
    assert after.id == before.id


@pytest.mark.parametrize("trust", ["direct", "review"])
async def test_a_clock_that_is_ahead_does_not_hide_what_follows(home: Workshop, clock: Clock, trust: str) -> None:
    """As of a blog that writes its local time as if it were UTC, in one of the two dates."""
    await home.write(lambda work: work.db.execute(sql_update(SourceRow).values(trust=trust)))
    await hear(home, create(note(content="<p>eins</p>", published=NOW + timedelta(hours=2))))
    for number, word in enumerate(("zwei", "drei"), 1):
        clock.forward(minutes=10)
        await hear(home, update(note(content=f"<p>{word}</p>", updated=NOW + timedelta(minutes=10 * number))))
    if trust == "review":
        await home.write(review.accept, [URI])
    assert await title(home) == "drei"


async def test_updates_out_of_order_end_with_the_newest(home: Workshop) -> None:
    newest = update(note(content="<p>drei</p>", updated=NOW))
    for activity in (newest, update(note(content="<p>zwei</p>", updated=NOW - timedelta(minutes=1))), create(note())):
        await hear(home, activity)
    assert await title(home) == "drei"


async def test_private_things_are_not_kept(home: Workshop) -> None:
    await hear(home, create(note(to=(f"{PEER}/users/b",))))
    assert await home.read(search.count) == 0


@pytest.mark.parametrize("content", ["", "<script>alert('Hallo')</script>", '<img src="https://peer.example/1.png">'])
async def test_what_says_nothing_is_not_kept(home: Workshop, content: str) -> None:
    """A card needs a title, and nobody would find it. What said something before is gone then."""
    await hear(home, create(note(content=content)))
    assert await home.read(search.count) == 0
    await hear(home, create(note(content="<p>Hallo</p>", updated=NOW - timedelta(minutes=2))))
    assert await title(home) == "Hallo"
    await hear(home, update(note(content=content, updated=NOW)))
    assert await home.read(search.count) == 0


@pytest.mark.parametrize("kind", [Create, Update])
async def test_answers_are_talk(home: Workshop, kind: type[Create | Update]) -> None:
    await hear(home, kind(id="", actor=ANNA, object=note(in_reply_to=f"{PEER}/notes/0")))
    assert await home.read(search.count) == 0


@pytest.mark.parametrize("about", [URI, Tombstone(id=URI)])
async def test_deleted_is_deleted_for_ever(home: Workshop, about: Any) -> None:
    await hear(home, create(note()))
    await hear(home, Delete(id="", actor=ANNA, object=about))
    with pytest.raises(Gone):
        await home.read(search.get, URI)
    with pytest.raises(Gone):
        await home.read(store.get, URI)
    await hear(home, create(note(updated=NOW)))
    assert await home.read(search.count) == 0


async def test_a_deletion_may_come_before_its_creation(home: Workshop) -> None:
    await hear(home, Delete(id="", actor=ANNA, object=URI))
    await hear(home, create(note()))
    assert await home.read(search.count) == 0
    with pytest.raises(NotFound):
        await home.read(store.get, f"{PEER}/notes/2")


async def test_with_an_actor_all_that_is_theirs_goes(home: Workshop) -> None:
    other = f"{PEER}/notes/9"
    await home.write(workbench.add_source, f"{PEER}/users/b")
    await hear(home, create(note()))
    await hear(home, create(note(other, attributed_to=f"{PEER}/users/b")))
    await hear(home, Delete(id="", actor=ANNA, object=ANNA))
    assert await home.read(peers.find, ANNA) is None
    assert await home.read(outbox.is_buried, ANNA)
    assert await home.read(search.count) == 1
    assert await title(home, other)


@pytest.mark.parametrize("kind", [Create, Update])
async def test_opportunities_and_events_of_others(home: Workshop, kind: type[Create | Update]) -> None:
    details = OpportunityDetails(title="Lesepatin gesucht", kind="regelmaessig", areas=("kultur",), mode="online")
    base: dict[str, Any] = {"attributed_to": ANNA, "content": "<p>x</p>", "published": NOW, "to": note().to}
    chance = Opportunity(id=f"{PEER}/o/1", details=replace(details, status="besetzt"), **base)
    event = Event(id=f"{PEER}/e/1", name="Fest", starts_at=NOW, status="cancelled", **base)
    for thing in (chance, event):
        assert await hear(home, kind(id="", actor=ANNA, object=thing)) == "handled"
    found = await home.read(search.get, chance.id)
    assert (found.kind, found.title, found.areas, found.status) == (
        "opportunity",
        "Lesepatin gesucht",
        ("kultur",),
        "besetzt",
    )
    assert found.anywhere
    found = await home.read(search.get, event.id)
    assert (found.kind, found.title, found.status) == ("event", "Fest", "abgesagt")
    assert found.starts_at == found.ends_at == NOW
    assert found.when == "So, 22.11.2026, 13 Uhr"


async def test_what_an_origin_sent(home: Workshop) -> None:
    await hear(home, create(note()))
    for uri in ("https://peer.example.evil/notes/1", f"{PEER}:444/notes/1", f"{PEER}/notes_1"):
        await home.write(_put, note(uri))
    whole = SourceRow(uri=f"{PEER}/relay", origin=PEER, whole_origin=True)
    before = set(await home.read(store.of_actor, ANNA))
    await home.write(_choose_nobody)
    assert await home.write(origins.drop, whole) == 2
    assert before - set(await home.read(store.of_actor, ANNA)) == {URI, f"{PEER}/notes_1"}


def _choose_nobody(work: Work) -> None:
    work.db.execute(delete(SourceRow))


async def test_what_an_actor_sent(home: Workshop) -> None:
    await hear(home, create(note()))
    await home.write(_put, note(f"{PEER}/notes_1"))
    assert set(await home.read(store.of_actor, ANNA)) > {URI}


def _put(work: Work, thing: Note) -> None:
    store.put(work, thing, wire.document(thing, store.author(work, ANNA), thing.id[-30:], "post", local=False))


# --- what we publish --------------------------------------------------------------------------------------------------
@pytest.fixture
def owner(home: Workshop) -> str:
    return home.write_now(workbench.add_organisation)


async def test_handed_in_changed_and_withdrawn(home: Workshop, owner: str, clock: Clock) -> None:
    first = await home.write(opportunities.publish, owner, offer())
    assert first.what == "published"
    assert (await home.write(opportunities.publish, owner, offer())).what == "unchanged"
    changed = await home.write(opportunities.publish, owner, offer(title="Vorleser gesucht"))
    assert (changed.what, changed.uri, changed.page) == ("changed", first.uri, first.page)
    assert await title(home, first.uri) == "Vorleser gesucht"
    row = await home.read(row_of, first.uri)
    assert (row.version, row.published_at) == (clock.now + timedelta(seconds=1), clock.now)
    gone = await home.write(opportunities.publish, owner, offer(status="zurueckgezogen"))
    assert gone.what == "withdrawn"
    assert await home.read(search.count) == 0
    absent = await home.write(opportunities.publish, owner, offer(status="zurueckgezogen"))
    assert (absent.what, absent.uri) == ("absent", "lesepatin")
    again = await home.write(opportunities.publish, owner, offer())
    assert again.what == "published"
    assert again.uri != first.uri


async def test_one_name_for_one_kind_of_thing(home: Workshop, owner: str) -> None:
    await home.write(opportunities.publish, owner, offer("x"))
    with pytest.raises(Invalid, match="schon etwas anderes"):
        await home.write(events.publish, owner, fest("x"))
    other = await home.write(workbench.add_organisation, "andere")
    assert (await home.write(events.publish, other, fest("x"))).what == "published"


async def test_what_cannot_be_published_leaves_nothing(home: Workshop, owner: str) -> None:
    with pytest.raises(Invalid):
        await home.write(opportunities.publish, owner, offer(title="x"))
    with pytest.raises(Invalid):
        await home.write(events.publish, owner, fest(name=""))
    assert await home.read(search.count) == 0
    assert (await home.write(events.publish, owner, fest(status="withdrawn"))).what == "absent"


async def test_a_cancelled_event_says_so_once(home: Workshop, owner: str) -> None:
    first = await home.write(events.publish, owner, fest())
    await home.write(events.publish, owner, fest(status="cancelled"))
    document = await home.read(search.get, first.uri)
    assert (document.title, document.status) == ("Sommerfest", "abgesagt")
    thing = await home.read(store.get, first.uri)
    assert isinstance(thing, Event)
    assert thing.name == "ABGESAGT: Sommerfest"
    assert thing.summary.startswith("Fällt aus: ")


async def test_an_offer_whose_time_is_over_says_so_to_all(home: Workshop, owner: str, clock: Clock) -> None:
    outcome = await home.write(opportunities.publish, owner, offer())
    kept = await home.write(opportunities.publish, owner, offer("besetzt", status="besetzt"))
    before = await home.read(store.get, outcome.uri)
    assert isinstance(before, Opportunity)
    assert await home.write(opportunities.expire) == 0
    clock.forward(days=366)
    assert await home.write(opportunities.expire) == 1
    assert await home.write(opportunities.expire) == 0
    thing = await home.read(store.get, outcome.uri)
    assert isinstance(thing, Opportunity)
    assert thing.content.startswith("<p><strong>ABGELAUFEN: Lesepatin gesucht")
    assert thing.details.status == "abgelaufen"
    # Its end is no confirmation: it keeps its dates, and so leaves the index.
    assert thing.details.confirmed_at == before.details.confirmed_at
    assert thing.details.expires_at == before.details.expires_at
    assert await home.write(tasks.expire) == 2
    assert (await home.read(row_of, kept.uri)).local
    renewed = await home.write(opportunities.publish, owner, offer())
    assert (renewed.what, renewed.uri) == ("changed", outcome.uri)
    document = await home.read(search.get, outcome.uri)
    assert (document.status, document.fresh_at) == ("", clock.now + timedelta(seconds=1))


async def test_many_offers_expire_bit_by_bit(home: Workshop, owner: str, clock: Clock) -> None:
    def publish_many(work: Work) -> None:
        for number in range(opportunities.EXPIRED_AT_ONCE + 1):
            opportunities.publish(work, owner, offer(str(number)))

    await home.write(publish_many)
    clock.forward(days=400)
    assert [await home.write(opportunities.expire) for _ in range(3)] == [50, 1, 0]
    assert len(await home.read(lambda work: list(work.db.scalars(select(ThingRow))))) == 51


# --- conversions ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("place", "label"),
    [
        (None, ""),
        (Place(), ""),
        (Place(name="Bürgerhaus", locality="Lippstadt"), "Bürgerhaus, Lippstadt"),
        (Place(name="Bürgerhaus Lippstadt", locality="lippstadt"), "Bürgerhaus Lippstadt"),
        (Place(locality="Hagen"), "Hagen"),
        (Place(street="Hauptstr. 1"), "Hauptstr. 1"),
    ],
)
def test_how_a_place_is_said(place: Place | None, label: str) -> None:
    assert wire.place_label(place) == label


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (None, False),
        (Place(), False),
        (Place(latitude=51.3), False),
        (Place(postcode="58095"), True),
        (Place(locality="Hagen", country="Deutschland"), True),
        (Place(postcode="00000", locality="Hagen"), True),
        (Place(postcode="58095", country="FR"), False),
        (Place(postcode="58095", locality="Hagen"), True),
        (Place(postcode="58095", locality="Châtillon-en-Dunois"), False),
        (Place(locality="Nirgendwohausen"), False),
    ],
)
def test_where_a_place_is(place: Place | None, *, found: bool) -> None:
    latitude, longitude = wire.coordinates(place)
    assert (latitude is not None) is found
    assert (longitude is not None) is found
    if latitude is not None and longitude is not None:
        assert abs(latitude - 51.36) < 0.2
        assert abs(longitude - 7.47) < 0.2


def test_given_coordinates_count_most() -> None:
    assert wire.coordinates(Place(latitude=1.5, longitude=2.5, postcode="58095", country="FR")) == (1.5, 2.5)


@pytest.mark.parametrize(
    ("place", "district"),
    [
        (None, ""),
        (Place(), ""),
        (Place(name="Bürgerhaus Haspe", locality="Hagen", country="DE"), "Hagen-Haspe"),
        (Place(locality="Hagen-Haspe"), "Hagen-Haspe"),
        (Place(locality="Hagen-Haspe", country="AT"), ""),
        (Place(name="Bürgerhaus", locality="Hagen", latitude=51.3485, longitude=7.419), "Hagen-Haspe"),
        (Place(street="Kölner Str. 1", locality="Hagen", latitude=51.3485, longitude=7.419), "Hagen-Haspe"),
        (Place(locality="Hagen", latitude=51.3485, longitude=7.419), ""),
        (Place(name="Bürgerhaus", locality="Hagen", latitude=51.3485), ""),
    ],
)
def test_in_which_district_a_place_is(place: Place | None, district: str) -> None:
    assert wire.district(place) == district
    thing = note(content="<p>Text</p>", place=place)
    author = wire.Author(ANNA, "Anna", "peer.example", ANNA)
    assert wire.document(thing, author, "1", "post", local=False).district == district


def test_a_documents_common_part() -> None:
    tags = (Hashtag(name="Ehrenamt"), Hashtag(name="Ehrenamt"), Hashtag(name="Lesen"))
    thing = note(content="<p>Erste Zeile</p><p>zweite</p>", hashtags=tags, url="", language="de")
    document: Document = wire.document(thing, wire.Author(ANNA, "Anna", "peer.example", ANNA), "1", "post", local=False)
    assert (document.title, document.url, document.hashtags) == ("Erste Zeile", URI, ("Ehrenamt", "Lesen"))
    assert (document.image, document.image_alt, document.fresh_at) == ("", "", thing.published)


def test_how_a_thing_of_ours_is_written(workshop: Workshop) -> None:
    settings = workshop.settings
    tags = writing.hashtags(settings, ["Lesen", "Ehrenamt", "Lesen"])
    assert [tag.name for tag in tags] == ["Lesen", "Ehrenamt"]
    assert tags[0].href == "http://hagen.example/?q=%23Lesen"
    text = writing.content("A & B", "", "<b>\n\nzwei", ("https://x.example/?a=1&b=2", "Mehr"), tags)
    assert text.startswith("<p><strong>A &amp; B</strong></p>")
    assert "<b>" not in text
    assert "?a=1&amp;b=2" in text
    assert "📍" in writing.content("A", "📍 Hagen", "x", ("https://x.example", "Mehr"), tags)
    assert writing.place(settings, None) is None
    spot, moved = Place(name="A", latitude=1.0), Place(name="A", latitude=2.0)
    placed = writing.place(settings, spot)
    assert placed is not None
    assert placed == writing.place(settings, placed)
    assert placed != writing.place(settings, moved)
    nameless = (Place(street="Weg 1", locality="Hagen", postcode="58095"), Place(postcode="58095", country="DE"))
    assert [named.name for one in nameless if (named := writing.place(settings, one))] == ["Weg 1, Hagen", "58095"]
    assert writing.images(settings, "", "") == ()
    assert writing.images(settings, "a.jpg", "alt")[0].url == "http://hagen.example/media/a.jpg"
