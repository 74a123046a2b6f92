"""Which function gets which activity."""

import pytest

from fediverse_ehrenamt.federation.handlers import Handlers, kind_of, receives
from fediverse_ehrenamt.kit.errors import Conflict, NotFound, Unavailable
from fediverse_ehrenamt.vocab.types import (
    Accept,
    Activity,
    Actor,
    Announce,
    Create,
    Delete,
    Follow,
    Note,
    Reject,
    Tombstone,
    Undo,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop
from tests.workbench import ANNA, PEER, creation, note, person

MINE = f"{PEER}/notes/1"


@receives(Create, Note)
def on_note(_work: Work, _activity: Create) -> None:
    raise AssertionError


@receives(Delete, Actor)
def on_end(_work: Work, _activity: Delete) -> None:
    raise AssertionError


@pytest.mark.parametrize(
    ("activity", "kind"),
    [
        (creation(), Note),
        (Create(id="", actor=ANNA, object=MINE), str),
        (Update(id="", actor=ANNA, object=person()), Actor),
        (Delete(id="", actor=ANNA, object=MINE), Tombstone),
        (Delete(id="", actor=ANNA, object=Tombstone(id=MINE)), Tombstone),
        (Delete(id="", actor=ANNA, object=note()), Tombstone),
        (Delete(id="", actor=ANNA, object=ANNA), Actor),
        (Delete(id="", actor=ANNA, object=Tombstone(id=ANNA)), Actor),
        (Follow(id="", actor=ANNA, object=MINE), Actor),
        (Accept(id="", actor=ANNA, object=MINE), Follow),
        (Reject(id="", actor=ANNA, object=MINE), Follow),
        (Undo(id="", actor=ANNA, object=MINE), Follow),
        (Undo(id="", actor=ANNA, object=Announce(id="", actor=ANNA, object=MINE)), Announce),
        (Announce(id="", actor=ANNA, object=MINE), str),
    ],
)
def test_the_kind_of_what_an_activity_is_about(activity: Activity, kind: type) -> None:
    assert kind_of(activity) is kind


def test_a_handler_is_found_by_activity_and_kind() -> None:
    handlers = Handlers([on_note, on_end])
    assert handlers.find(creation()) is on_note.function
    assert handlers.find(Delete(id="", actor=ANNA, object=ANNA)) is on_end.function
    assert handlers.find(Update(id="", actor=ANNA, object=note())) is None


def test_the_same_handler_twice_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="twice"):
        Handlers([on_note, on_end, on_note])


def test_all_who_have_to_do_with_it_are_called_in_order(home: Workshop) -> None:
    called: list[str] = []

    @receives(Delete, Actor)
    def first(_work: Work, activity: Delete) -> None:
        called.append(f"first {activity.object_id}")

    @receives(Delete, Actor)
    def second(_work: Work, activity: Delete) -> None:
        called.append(f"second {activity.object_id}")

    function = Handlers([on_note, first, second]).find(Delete(id="", actor=ANNA, object=ANNA))
    assert function is not None
    home.read_now(function, Delete(id="", actor=ANNA, object=ANNA))
    assert called == [f"first {ANNA}", f"second {ANNA}"]


@pytest.mark.parametrize(
    ("fault", "went_on"), [(NotFound("nothing"), True), (Conflict("no"), True), (Unavailable("later"), False)]
)
def test_what_one_refuses_still_concerns_the_others(home: Workshop, fault: Exception, went_on: bool) -> None:
    """What cannot be done now is done again as a whole."""
    called: list[str] = []

    @receives(Delete, Actor)
    def first(_work: Work, _activity: Delete) -> None:
        raise fault

    @receives(Delete, Actor)
    def second(_work: Work, activity: Delete) -> None:
        called.append(activity.object_id)

    function = Handlers([first, second]).find(Delete(id="", actor=ANNA, object=ANNA))
    assert function is not None
    with pytest.raises(type(fault)) as caught:
        home.read_now(function, Delete(id="", actor=ANNA, object=ANNA))
    assert caught.value is fault
    assert called == ([ANNA] if went_on else [])
