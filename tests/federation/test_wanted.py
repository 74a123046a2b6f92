"""What is wanted because it concerns us, and whose key is worth a request; sources are in test_inbox.py."""

import pytest
from sqlalchemy import event

from fediverse_ehrenamt.federation import addresses, inbox, wanted
from fediverse_ehrenamt.vocab.quotes import FeatureRequest, QuoteRequest
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Accept,
    Activity,
    Announce,
    Block,
    Create,
    Delete,
    Flag,
    Follow,
    Ignore,
    Join,
    Leave,
    Like,
    Move,
    Object,
    OtherActivity,
    TentativeAccept,
    Undo,
    Unsupported,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import ANNA, HOME, PEER, arrival, creation, note

pytestmark = pytest.mark.anyio
STRANGER = "https://stranger.example/users/s"
OURS = f"{HOME}/ap/object/1"
ACTOR = f"{HOME}/ap/actor/verein"
THEIRS = "https://elsewhere.example/notes/1"


def by(kind: type[Activity], about: Object | Activity | str, *to: str, cc: tuple[str, ...] = ()) -> Activity:
    return kind(id="https://stranger.example/a/1", actor=STRANGER, object=about, to=to, cc=cc)


def reply(to: str) -> Unsupported:
    """A note as the door sees it."""
    return Unsupported(id="https://stranger.example/notes/1", type="", in_reply_to=to)


def quote(of: str) -> Unsupported:
    """A post that quotes something, as the door sees it."""
    return Unsupported(id="https://stranger.example/notes/1", type="", quote=of)


CONCERNS_US: dict[str, Activity] = {
    "a mention": by(Create, reply(""), PUBLIC, cc=(ACTOR,)),
    "a direct note": by(Create, reply(""), ACTOR),
    "a note to the instance": by(Create, reply(""), f"{HOME}/ap/actor/relay"),
    "a reply that names nobody": by(Create, reply(OURS), PUBLIC),
    "a changed mention": by(Update, reply(""), ACTOR),
    "a quote that names nobody": by(Create, quote(OURS), PUBLIC),
    "a request to quote": by(QuoteRequest, OURS),
    "a request to recommend": by(FeatureRequest, ACTOR),
    "a like": by(Like, OURS),
    "a share": by(Announce, OURS, PUBLIC),
    "a share of our Create": by(Announce, Create(id=f"{HOME}/ap/activity/1", actor=ACTOR, object=OURS)),
    "a Join": by(Join, OURS),
    "a Leave": by(Leave, OURS),
    "Friendica's perhaps": by(TentativeAccept, OURS),
    "Friendica's yes": by(Accept, OURS),
    "a block": by(Block, ACTOR),
    "an undone like": by(Undo, by(Like, OURS)),
    "an undone share": by(Undo, by(Announce, OURS)),
    "an undone Join": by(Undo, by(Join, OURS)),
    "an undone id": by(Undo, "https://stranger.example/likes/1"),
}
FLAGS = {
    "about what we wrote": Flag(id="", actor=STRANGER, object=THEIRS, objects=(THEIRS, OURS)),
    "addressed to us": Flag(id="", actor=STRANGER, object=THEIRS, objects=(THEIRS,), to=(ACTOR,)),
}
OF_NO_CONCERN: dict[str, Activity] = {
    "a note to our followers": by(Create, reply(""), f"{ACTOR}/followers"),
    "a note to an inbox": by(Create, reply(""), f"{ACTOR}/inbox"),
    "a reply to others": by(Create, reply(THEIRS), PUBLIC),
    "a note to a name like ours": by(Create, reply(""), f"{HOME}.evil.example/ap/actor/verein"),
    "a quote of others": by(Create, quote(THEIRS), PUBLIC),
    "a request to quote others": by(QuoteRequest, THEIRS),
    "a request to recommend others": by(FeatureRequest, f"{HOME}.evil.example/ap/actor/verein"),
    "a like of others": by(Like, THEIRS),
    "a like of what looks like ours": by(Like, f"{HOME}.evil.example/ap/object/1"),
    "a share of others that names us": by(Announce, THEIRS, PUBLIC, cc=(ACTOR,)),
    "a Join of others": by(Join, THEIRS),
    "a block of others": by(Block, "https://elsewhere.example/users/e"),
    "an undone like of others": by(Undo, by(Like, THEIRS)),
    "what nobody handles": by(OtherActivity, OURS, ACTOR),
    "an Ignore": by(Ignore, OURS),
    "a report about others": Flag(id="", actor=STRANGER, object=THEIRS, objects=(THEIRS,)),
    "a stranger's move": Move(id="", actor=STRANGER, object=STRANGER, target=THEIRS),
    "a stranger's Delete": by(Delete, THEIRS),
    "a stranger's new name": by(Update, workbench.person(STRANGER)),
}


def arrival_of(activity: Activity) -> wanted.Arrival:
    return wanted.Arrival(arrival(creation(), STRANGER).signed, activity)


def is_wanted(work: Work, activity: Activity) -> bool:
    one = arrival_of(activity)
    return wanted.Wanted(work, [one])(one)


@pytest.mark.parametrize("activity", [*CONCERNS_US.values(), *FLAGS.values()], ids=[*CONCERNS_US, *FLAGS])
async def test_what_concerns_us_is_wanted_from_anybody(home: Workshop, activity: Activity) -> None:
    assert await home.read(is_wanted, activity)
    assert await wanted.worth_a_key(home, activity)


@pytest.mark.parametrize("activity", OF_NO_CONCERN.values(), ids=OF_NO_CONCERN)
async def test_what_does_not_is_not(home: Workshop, activity: Activity) -> None:
    assert not await home.read(is_wanted, activity)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "a request to quote others",
            "a like of others",
            "a Join of others",
            "a block of others",
            "a report about others",
            "a stranger's move",
        ),
        *("a stranger's Delete", "a stranger's new name"),
    ],
)
async def test_a_strangers_key_is_not_fetched_for_what_is_nothing_to_us(home: Workshop, name: str) -> None:
    assert not await wanted.worth_a_key(home, OF_NO_CONCERN[name])


async def test_the_known_may_delete_move_and_change(home: Workshop) -> None:
    await home.write(workbench.know, STRANGER)
    for name in ("a stranger's Delete", "a stranger's move", "a stranger's new name"):
        assert await home.read(is_wanted, OF_NO_CONCERN[name])
        assert await wanted.worth_a_key(home, OF_NO_CONCERN[name])


@pytest.mark.parametrize(
    ("uri", "ours"),
    [
        (ACTOR, True),
        (f"{HOME}/ap/actor/relay", True),
        (f"{ACTOR}/followers", False),
        (f"{HOME}/ap/object/1", False),
        (HOME, False),
        ("https://hagen.example/ap/actor/verein", False),
    ],
)
def test_actors_of_ours(home: Workshop, uri: str, ours: bool) -> None:
    assert addresses.is_actor(home.settings, uri) is ours


async def test_a_group_of_creates_costs_one_question(home: Workshop) -> None:
    """The busiest path: no more is asked than who is followed, however many there are and whomever they name."""
    await home.write(workbench.add_source)
    strangers = [by(Create, reply(OURS), ACTOR), by(Like, OURS)]
    mine = [creation(note(f"{PEER}/notes/{number}"), f"{PEER}/a/{number}") for number in range(50)]
    arrivals = [*map(arrival, mine), *map(arrival_of, strangers)]
    asked: list[str] = []

    def count(*call: object) -> None:
        asked.append(str(call[2]))

    def judge(work: Work) -> int:
        connection = work.db.connection()
        event.listen(connection, "before_cursor_execute", count)
        decide = wanted.Wanted(work, arrivals)
        found = sum(decide(one) for one in arrivals)
        event.remove(connection, "before_cursor_execute", count)
        return found

    assert await home.write(judge) == 52
    assert len(asked) == 1
    assert "FROM sources" in asked[0]


async def test_a_follow_of_ours_by_anybody(home: Workshop) -> None:
    assert await home.write(inbox.store, [arrival(Follow(id=f"{PEER}/f", actor=ANNA, object=ACTOR))]) == 1
