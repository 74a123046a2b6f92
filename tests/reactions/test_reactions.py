"""Who likes and shares what is ours: counted once, taken back in whatever way peers do that; on both databases."""

import orjson
import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation import outbox, peers
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.reactions import store
from fediverse_ehrenamt.reactions.model import ReactionRow
from fediverse_ehrenamt.reactions.store import Counts
from fediverse_ehrenamt.vocab.types import Announce, Delete, Note, Undo
from fediverse_ehrenamt.work import Work
from tests import hearing
from tests.hearing import BERTA, CARLA, UNWANTED, Home, Json
from tests.workbench import ANNA, HOME, PEER, Clock, offer

LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
pytestmark = pytest.mark.anyio


@pytest.fixture
def home(instance: Instance) -> Home:
    return hearing.found(instance)


async def counts(home: Home, uri: str = "") -> Counts:
    return await home.workshop.read(store.counts, uri or home.offer)


def like(about: object, actor: str = ANNA, number: int = 1, kind: str = "Like") -> Json:
    """A Like as Mastodon sends it: without receivers, its id in the fragment."""
    context = "https://www.w3.org/ns/activitystreams"
    return {"@context": context, "id": f"{actor}#likes/{number}", "type": kind, "actor": actor, "object": about}


def share(about: str, actor: str = ANNA, number: int = 1) -> Announce:
    return Announce(id=f"{actor}/statuses/{number}/activity", actor=actor, object=about)


async def test_a_like_counts_once_for_each_actor(home: Home) -> None:
    assert await home.say(like(home.offer)) == "handled"
    await home.say(like(home.offer))
    await home.say(like(home.offer, number=2))
    assert await counts(home) == (1, 0)
    await home.say(like(home.offer, BERTA))
    assert await counts(home) == (2, 0)
    assert await counts(home, home.event) == (0, 0)


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Like", "content": "👍", "_misskey_reaction": "👍", "cc": [f"{HOME}/ap/actor/x"]},
        {"type": "EmojiReact", "content": ":blobcat:", "to": ["https://www.w3.org/ns/activitystreams#Public"]},
        {"type": "Like", "diaspora:guid": "ec054ce7", "published": "2026-11-22T11:00:00Z", "instrument": {}},
        {"type": ["Like"], "audience": "https://lemmy.example/c/ehrenamt"},
    ],
    ids=["Misskey", "Pleroma", "Friendica", "a list"],
)
async def test_likes_of_all_software(home: Home, shape: Json) -> None:
    assert await home.say(like(home.event) | shape) == "handled"
    assert await counts(home, home.event) == (1, 0)


async def test_an_embedded_object_counts_by_its_id_only(home: Home) -> None:
    forged = {"id": home.offer, "type": "Note", "attributedTo": ANNA, "content": "<p>Meins</p>"}
    assert await home.say(like(forged)) == "handled"
    assert await counts(home) == (1, 0)


async def test_a_dislike_is_nothing_to_us(home: Home) -> None:
    assert await home.say(like(home.offer, kind="Dislike")) == UNWANTED
    assert await counts(home) == (0, 0)


async def test_what_is_not_ours_or_was_never_there(home: Home) -> None:
    assert await home.say(like(f"{PEER}/notes/1")) == UNWANTED
    assert (await home.say(like(f"{HOME}/ap/object/none"))).startswith("dropped: ")
    assert await home.workshop.read(lambda work: work.db.scalars(select(ReactionRow)).all()) == []


async def test_what_was_withdrawn_takes_its_reactions_with_it(home: Home) -> None:
    await home.say(like(home.offer))
    await home.workshop.write(opportunities.publish, home.owner, offer(status="zurueckgezogen"))
    assert await counts(home) == (0, 0)
    assert "withdrawn" in await home.say(like(home.offer, BERTA))
    assert (await home.get(f"{home.offer}/likes")).status_code == 410


# --- taking back ------------------------------------------------------------------------------------------------------
def undo(what: object, actor: str = ANNA) -> Json:
    return {"id": f"{actor}#undo/{orjson.dumps(what)[:40].hex()}", "type": "Undo", "actor": actor, "object": what}


async def test_an_undo_with_the_like_or_its_id(home: Home) -> None:
    await home.say(like(home.offer))
    await home.say(like(home.offer, BERTA))
    assert await home.say(undo(like(home.offer))) == "handled"
    assert await counts(home) == (1, 0)
    assert await home.say(undo(f"{BERTA}#likes/1", BERTA)) == "handled"
    assert await counts(home) == (0, 0)


async def test_nobody_takes_back_what_is_anothers(home: Home) -> None:
    await home.say(like(home.offer))
    await home.say(undo(f"{ANNA}#likes/1", BERTA))
    await home.say(undo(like(home.offer), BERTA))
    await home.say(undo(like(home.offer, BERTA), BERTA))
    assert await counts(home) == (1, 0)


async def test_an_undo_that_overtakes_its_like(home: Home) -> None:
    await home.say(undo(like(home.offer)))
    await home.say(undo(f"{BERTA}#likes/1", BERTA))
    assert await home.say(like(home.offer)) == "dropped: it was undone before it came"
    assert await home.say(like(home.offer, BERTA)) == "dropped: it was undone before it came"
    assert await counts(home) == (0, 0)
    await home.say(like(home.offer))
    assert await counts(home) == (1, 0), "the next one under the same id, as Takahē makes it, counts"


def undone(work: Work) -> list[str]:
    return list(work.db.scalars(select(ReactionRow.activity).where(ReactionRow.kind == "undone")))


async def test_what_was_undone_is_remembered_for_a_week(home: Home, clock: Clock) -> None:
    await home.say(undo(like(home.offer)))
    clock.forward(days=7)
    await home.tidy()
    assert await home.workshop.read(undone) == [f"{ANNA}#likes/1"]
    clock.forward(seconds=1)
    await home.tidy()
    assert await home.workshop.read(undone) == []


async def test_an_undo_takes_no_id_of_another_origin(home: Home) -> None:
    stranger = "https://stranger.example/users/s"
    await home.say(undo({**like(home.offer), "actor": stranger}, stranger))
    assert await home.say(like(home.offer)) == "handled"


async def test_misskeys_change_of_the_emoji(home: Home) -> None:
    await home.say(like(home.offer))
    await home.say(undo(like(home.offer)))
    await home.say(like(home.offer, number=2))
    assert await counts(home) == (1, 0)


async def test_a_deleted_like_is_gone(home: Home) -> None:
    await home.say(like(home.offer))
    await home.say(Delete(id=f"{ANNA}#d", actor=ANNA, object=f"{ANNA}#likes/1"))
    assert await counts(home) == (0, 0)


async def test_whoever_leaves_takes_everything_along(home: Home) -> None:
    await home.say(like(home.offer))
    await home.say(like(home.event))
    await home.say(like(home.event, BERTA))
    await home.say(Delete(id=f"{ANNA}#delete", actor=ANNA, object=ANNA))
    assert await counts(home) == (0, 0)
    assert await counts(home, home.event) == (1, 0)


async def test_whoever_reacted_stays_known_and_can_take_it_back(home: Home, clock: Clock) -> None:
    await home.say(like(home.offer))
    clock.forward(days=2)
    await home.tidy()
    assert await home.workshop.read(peers.find, ANNA) is not None
    assert await home.workshop.read(peers.find, BERTA) is None
    await home.say(Delete(id=f"{ANNA}#delete", actor=ANNA, object=ANNA))
    assert await counts(home) == (0, 0)


# --- shares -----------------------------------------------------------------------------------------------------------
async def test_shares_are_counted_and_taken_back(home: Home) -> None:
    assert await home.hand(share(home.event)) == "handled"
    await home.hand(share(home.event, number=2))
    await home.hand(share(home.event, BERTA))
    assert await counts(home, home.event) == (0, 2)
    await home.hand(Undo(id=f"{ANNA}#u", actor=ANNA, object=share(home.event)))
    await home.hand(Undo(id=f"{BERTA}#u", actor=BERTA, object=f"{BERTA}/statuses/1/activity"))
    assert await counts(home, home.event) == (0, 0)


async def test_the_share_of_our_create_is_one_of_its_object(home: Home) -> None:
    outbox = (await home.get(f"{home.owner}/outbox")).json()
    create = next(item for item in outbox["first"]["orderedItems"] if item["object"]["id"] == home.offer)
    await home.hand(share(create["id"]))
    assert await counts(home) == (0, 1)
    await home.hand(Undo(id=f"{ANNA}#u", actor=ANNA, object=share(create["id"])))
    assert await counts(home) == (0, 0)


async def test_a_note_that_is_liked_by_announcing_something_else(home: Home) -> None:
    assert (await home.hand(share(f"{PEER}/notes/1"))).startswith("dropped: ")
    assert await home.hand(Announce(id="", actor=ANNA, object=Note(id=home.offer))) != "handled"


# --- what they hear of it ---------------------------------------------------------------------------------------------
async def _reached(home: Home, kind: str) -> list[str]:
    """Return the inboxes that an activity waits for."""

    def read(work: Work) -> list[str]:
        jobs = work.db.scalars(select(JobRow.argument).where(JobRow.name == outbox.DELIVER)).all()
        letters = [outbox.Delivery.of(job) for job in jobs]
        kinds = {row.uri: row.kind for row in work.db.scalars(select(PublishedRow))}
        return sorted(letter.inbox for letter in letters if kinds[letter.activity] == kind)

    return await home.workshop.read(read)


async def test_servers_of_those_who_like_or_share_it_hear_of_its_changes(home: Home) -> None:
    """It stands there, though nobody follows here: that it is filled, or gone, must be seen."""
    mobilizon = "https://mobilizon.example/inbox"
    await home.say(like(home.offer))
    await home.say(like(home.offer, BERTA))
    await home.say(undo(like(home.offer), ANNA))
    await home.hand(share(home.offer, CARLA))
    await home.workshop.write(opportunities.publish, home.owner, offer(status="besetzt"))
    assert await _reached(home, "Update") == [mobilizon, f"{PEER}/inbox"]  # one letter to a server
    await home.workshop.write(opportunities.publish, home.owner, offer(status="zurueckgezogen"))
    assert await _reached(home, "Delete") == [mobilizon, f"{PEER}/inbox"]


async def test_of_whom_no_inbox_is_known_the_reaction_counts_all_the_same(home: Home) -> None:
    assert await home.hand(share(home.offer, "https://stranger.example/users/s")) == "handled"
    assert await counts(home) == (0, 1)


# --- what peers read --------------------------------------------------------------------------------------------------
async def test_the_object_says_how_many(home: Home) -> None:
    """Mastodon reads `likes.totalItems` and `shares.totalItems` of an embedded collection."""
    found = (await home.get(home.offer)).json()
    assert found["likes"] == {"id": f"{home.offer}/likes", "type": "OrderedCollection", "totalItems": 0}
    await home.say(like(home.offer))
    await home.say(like(home.offer, BERTA))
    await home.hand(share(home.offer))
    found = (await home.get(home.offer)).json()
    assert found["likes"]["totalItems"] == 2
    assert found["shares"] == {"id": f"{home.offer}/shares", "type": "OrderedCollection", "totalItems": 1}
    assert ANNA not in orjson.dumps(found).decode()


async def test_the_collections_are_there_and_name_nobody(home: Home) -> None:
    for name in ("likes", "shares"):
        empty = (await home.get(f"{home.event}/{name}")).json()
        assert (empty["totalItems"], empty["orderedItems"]) == (0, [])
    await home.say(like(home.event))
    found = await home.get(f"{home.event}/likes")
    assert found.headers["content-type"] == "application/activity+json"
    assert found.json() == {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{home.event}/likes",
        "type": "OrderedCollection",
        "totalItems": 1,
    }
    linked = await home.get(f"{home.event}/likes", LD_JSON)
    assert (linked.headers["content-type"], linked.json()) == (LD_JSON, found.json())
    assert (await home.get("/ap/object/none/likes")).status_code == 404
    assert (await home.get(f"{home.event}/dislikes")).status_code == 404
