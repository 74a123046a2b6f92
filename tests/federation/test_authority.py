"""Who may say what: every way an activity can be believed, asked for at its origin, or refused."""

from typing import Any

import pytest

from fediverse_ehrenamt.federation.authority import Judgement, Refetch, Refused, Trusted, judge
from fediverse_ehrenamt.vocab.types import (
    Accept,
    Activity,
    Actor,
    Announce,
    Create,
    Delete,
    Follow,
    OtherActivity,
    Tombstone,
    Undo,
    Unsupported,
    Update,
)
from tests.workbench import ANNA, PEER, note, person

BERTA = f"{PEER}/users/berta"
EVIL = "https://evil.example/users/eve"
MINE = f"{PEER}/notes/1"
THEIRS = "https://other.example/notes/1"
ID = f"{PEER}/activities/1"


def by_anna(kind: type[Activity], about: object, **changes: str) -> Activity:
    fields: dict[str, Any] = {"id": ID, "actor": ANNA, "object": about} | changes
    return kind(**fields)


def creation(thing: object = None, **changes: str) -> Activity:
    return by_anna(Create, thing or note(), **changes)


def unsupported(uri: str, author: str = "") -> Unsupported:
    return Unsupported(id=uri, type="Video", attributed_to=author)


TRUSTED: dict[str, Activity] = {
    "a note of one's own": creation(),
    "without an id of the activity": creation(id=""),
    "a note without an author": creation(note(attributed_to="")),
    "a note of a neighbour on one server": creation(note(attributed_to=BERTA)),
    "a changed note": by_anna(Update, note()),
    "a changed self": by_anna(Update, person()),
    "something unknown of one's own origin": creation(unsupported(MINE, BERTA)),
    "a deletion by id": by_anna(Delete, MINE),
    "a deletion with a tombstone": by_anna(Delete, Tombstone(id=MINE)),
    "the end of oneself": by_anna(Delete, ANNA),
    "an undone Follow": by_anna(Undo, Follow(id=f"{PEER}/f/1", actor=ANNA, object="https://hagen.example/ap/actor/x")),
    "an undone Follow without an id": by_anna(Undo, Follow(id="", actor=ANNA, object=EVIL)),
    "an undone id": by_anna(Undo, f"{PEER}/f/1"),
    "a deleted activity of one's own": by_anna(Delete, creation()),
    "a Follow": by_anna(Follow, "https://hagen.example/ap/actor/relay"),
    "an Accept of what is ours": by_anna(Accept, "https://hagen.example/ap/activity/1"),
    "what nobody handles": by_anna(OtherActivity, THEIRS),
}
REFETCHED: dict[str, tuple[Activity, str]] = {
    "a bare id": (creation(MINE), MINE),
    "a bare id of elsewhere": (creation(THEIRS), THEIRS),
    "an object of elsewhere": (creation(note(THEIRS, attributed_to=ANNA)), THEIRS),
    "a changed object of elsewhere": (by_anna(Update, note(THEIRS)), THEIRS),
    "the same host with another port": (creation(note(f"{PEER}:8443/notes/1")), f"{PEER}:8443/notes/1"),
    "the same host unencrypted": (creation(note("http://peer.example/notes/1")), "http://peer.example/notes/1"),
    "a sub-domain": (creation(note("https://a.peer.example/1")), "https://a.peer.example/1"),
    "an announced id": (by_anna(Announce, THEIRS), THEIRS),
    "an announced note, even of one's own": (by_anna(Announce, note()), MINE),
    "an announced note of elsewhere": (by_anna(Announce, note(THEIRS)), THEIRS),
    "an announced creation": (by_anna(Announce, creation(note(THEIRS))), THEIRS),
    "an announced creation with a forged actor": (
        by_anna(Announce, Create(id="https://other.example/a/1", actor="https://other.example/u/x", object=note())),
        MINE,
    ),
    "an announced deletion": (by_anna(Announce, by_anna(Delete, MINE)), MINE),
    "an announced creation of an id": (by_anna(Announce, creation(THEIRS)), THEIRS),
}
REFUSED: dict[str, tuple[Activity, str]] = {
    "an id of elsewhere": (creation(id="https://other.example/activities/1"), "not of its actor's origin"),
    "an id of another port": (creation(id=f"{PEER}:444/activities/1"), "not of its actor's origin"),
    "an author of elsewhere": (creation(note(attributed_to=EVIL)), "of another origin"),
    "an author of another scheme": (creation(note(attributed_to="http://peer.example/users/anna")), "another origin"),
    "something unknown by an author of elsewhere": (creation(unsupported(MINE, EVIL)), "of another origin"),
    "somebody else's actor": (by_anna(Update, person(BERTA)), "may not change"),
    "an actor of elsewhere": (by_anna(Update, person(EVIL)), "may not change"),
    "a created activity": (creation(by_anna(Follow, MINE)), "an activity is no object"),
    "a deletion elsewhere": (by_anna(Delete, THEIRS), "not https://peer.example/users/anna's"),
    "a deleted actor elsewhere": (by_anna(Delete, EVIL), "to delete or undo"),
    "a deleted activity of a neighbour": (
        by_anna(Delete, Create(id=ID, actor=BERTA, object=MINE)),
        "to delete or undo",
    ),
    "an undone Follow of a neighbour": (by_anna(Undo, Follow(id=f"{PEER}/f", actor=BERTA, object=MINE)), "or undo"),
    "an undone Follow of elsewhere": (by_anna(Undo, Follow(id="", actor=EVIL, object=MINE)), "or undo"),
    "an undone id of elsewhere": (by_anna(Undo, "https://other.example/f/1"), "or undo"),
    "an announced announcement": (by_anna(Announce, by_anna(Announce, THEIRS)), "announcement of an announcement"),
    "an announcement in a creation in an announcement": (
        by_anna(Announce, creation(by_anna(Announce, THEIRS))),
        "announcement of an announcement",
    ),
    "three deep": (by_anna(Announce, creation(creation(creation(THEIRS)))), "announcement of an announcement"),
    "nothing announced": (by_anna(Announce, unsupported("")), "announcement of an announcement"),
}


@pytest.mark.parametrize("activity", TRUSTED.values(), ids=TRUSTED)
def test_believed(activity: Activity) -> None:
    assert judge(ANNA, activity) == Trusted()


@pytest.mark.parametrize(("activity", "uri"), REFETCHED.values(), ids=REFETCHED)
def test_asked_for_at_its_origin(activity: Activity, uri: str) -> None:
    assert judge(ANNA, activity) == Refetch(uri)


@pytest.mark.parametrize(("activity", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(activity: Activity, reason: str) -> None:
    judgement = judge(ANNA, activity)
    assert isinstance(judgement, Refused)
    assert reason in judgement.reason


@pytest.mark.parametrize("signer", [EVIL, BERTA, f"{PEER}:444/users/anna", ""])
@pytest.mark.parametrize(
    "activity", [creation(), by_anna(Announce, THEIRS), by_anna(Follow, MINE), by_anna(Delete, MINE)]
)
def test_nobody_signs_for_another(signer: str, activity: Activity) -> None:
    judgement: Judgement = judge(signer, activity)
    assert judgement == Refused(f"signed by {signer} for {ANNA}")


def test_an_actor_is_no_thing_to_be_created_for_another() -> None:
    berta: Actor = person(BERTA)
    assert isinstance(judge(ANNA, creation(berta)), Refused)
    assert judge(BERTA, Create(id="", actor=BERTA, object=berta)) == Trusted()
