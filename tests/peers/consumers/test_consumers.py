"""Our objects as each consumer parses them: asserted is what a person there sees, against a table written by hand."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.peers.consumers import (
    event_bridge,
    expected_events,
    expected_offers,
    friendica,
    gancio,
    gotosocial,
    lemmy,
    mastodon,
    misskey,
    mobilizon,
    nodebb,
    publishing,
    seen,
    takahe,
)
from tests.peers.consumers.publishing import NOW, Sent
from tests.peers.consumers.seen import See, Seen
from tests.workbench import Clock

_EXPECTED = expected_offers.EXPECTED | expected_events.EXPECTED
_GROUP = "https://forum.example/c/ehrenamt"
# Each row meets a fresh server: some of them remember places.
CONSUMERS: dict[str, Callable[[], See]] = {
    "mastodon": lambda: mastodon.see,
    "gotosocial": lambda: gotosocial.see,
    "takahe": lambda: takahe.see,
    "misskey": lambda: misskey.see,
    "friendica": lambda: friendica.see,
    "mobilizon": mobilizon.server,
    "gancio": gancio.server,
    "event bridge": lambda: event_bridge.at(NOW),
    "lemmy": lambda: lemmy.with_communities(_GROUP),
    "nodebb": lambda: nodebb.see,
}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Sent]]:
    """All that our instance sent, by case."""
    clock = Clock(NOW)
    with publishing.instance(tmp_path_factory.mktemp("hagen"), clock) as one:
        owner = publishing.add_owner(one)
        found: dict[str, Sent] = {}
        for name, drafts in publishing.CASES.items():
            clock.now = NOW
            found[name] = publishing.send(one, clock, owner, drafts, name)
        yield found


def _rows() -> Iterator[Any]:
    for case in publishing.CASES:
        for consumer in CONSUMERS:
            reason = expected_events.SHORTCOMINGS.get((case, consumer))
            marks = [pytest.mark.xfail(reason=reason)] if reason else []
            yield pytest.param(case, consumer, marks=marks, id=f"{case} – {consumer}")


def _readable(found: Seen) -> dict[str, Any]:
    """Return what is seen field by field, with opaque ids as "…"."""
    values: dict[str, Any] = {}
    for name, value in vars(found).items():
        if name == "images":
            values[name] = tuple((publishing.readable(url), alt) for url, alt in value)
        else:
            values[name] = (
                publishing.readable(value) if isinstance(value, str) else tuple(map(publishing.readable, value))
            )
    return values


@pytest.mark.parametrize(("case", "consumer"), list(_rows()))
def test_what_a_person_there_sees(sent: dict[str, Sent], case: str, consumer: str) -> None:
    found = seen.follow(sent[case].activities, CONSUMERS[consumer]())
    assert _readable(found) == vars(_EXPECTED[case][consumer])


def test_every_case_has_a_row_for_every_consumer() -> None:
    assert set(_EXPECTED) == set(publishing.CASES)
    for rows in _EXPECTED.values():
        assert set(rows) == set(CONSUMERS)
    assert set(expected_events.SHORTCOMINGS) <= {(case, consumer) for case in _EXPECTED for consumer in CONSUMERS}


@pytest.mark.parametrize("case", ["offer", "event"])
def test_in_a_community_a_thing_is_a_post_with_a_title(sent: dict[str, Sent], case: str) -> None:
    """Lemmy, once a working group passes it on: our shape is one that it parses."""
    (created,) = sent[case].activities
    addressed = {**created["object"], "cc": [*created["object"]["cc"], _GROUP]}
    found = seen.follow([{**created, "object": addressed}], CONSUMERS["lemmy"]())
    offer = case == "offer"
    assert found.title == ("Lesepatin gesucht" if offer else "Tag der offenen Tür")
    assert found.images == (expected_offers.PICTURE if offer else expected_events.DOOR)
    text = expected_offers.OPEN if offer else f"{expected_events.OPEN}\n\n{expected_events.PAGE}"
    assert publishing.readable(found.text) == text


def test_what_is_over_is_not_imported(sent: dict[str, Sent]) -> None:
    later = event_bridge.at(NOW.replace(year=2027))
    assert seen.follow(sent["event"].activities, later).refused == "it is over"


# --- the models refuse what the sources refuse ------------------------------------------------------------------------
def _changed(sent: Sent, **changes: Any) -> list[dict[str, Any]]:
    (created,) = sent.activities
    thing = {key: value for key, value in {**created["object"], **changes}.items() if value != "absent"}
    return [{**created, "object": thing}]


@pytest.mark.parametrize(
    ("consumer", "changes", "reason"),
    [
        ("mobilizon", {"type": ["Note", "Event"]}, "a Note is a comment, and this is none"),
        ("mobilizon", {"attachment": {}}, "its attachments are no list"),
        ("mobilizon", {"image": None}, "its image is null"),
        ("mobilizon", {"joinMode": "none"}, "its way of joining is not known"),
        ("mobilizon", {"status": "EventScheduled"}, "its status is not known"),
        ("mobilizon", {"name": "x" * 201}, "no title of 3 to 200 characters"),
        ("mobilizon", {"endTime": "2026-12-12T13:00:00+01:00"}, "it ends before it starts"),
        ("mobilizon", {"to": "absent"}, "it has no receivers"),
        ("gancio", {"name": ""}, "name required"),
        ("gancio", {"attachment": [{"type": "Image", "url": "https://a.example/b.jpg"}]}, "without mediaType"),
        ("lemmy", {"attachment": [{"type": "PropertyValue", "name": "x", "value": "y"}]}, "an attachment cannot be"),
        ("gotosocial", {"to": [], "cc": []}, "neither to nor cc"),
        ("gotosocial", {"updated": "2026-11-22T11:00:00Z"}, "updated predates published"),
        ("takahe", {"type": "Place"}, "no post"),
        ("takahe", {"attributedTo": "https://elsewhere.example/u"}, "somebody else's post"),
        ("misskey", {"url": "https://elsewhere.example/1"}, "its page is on another host"),
        ("mastodon", {"type": "Proposal"}, "this type is not known"),
    ],
)
def test_what_would_be_lost_is_lost_in_the_model(
    sent: dict[str, Sent], consumer: str, changes: dict[str, Any], reason: str
) -> None:
    """A model that takes everything proves nothing: each of these traps is in the source of that server."""
    found = seen.follow(_changed(sent["event"], **changes), CONSUMERS[consumer]())
    assert reason in found.refused


def test_coordinates_that_are_no_floats_lose_the_map_in_mobilizon(sent: dict[str, Sent]) -> None:
    place = sent["event"].activities[0]["object"]["location"] | {"latitude": 51, "longitude": 8}
    found = seen.follow(_changed(sent["event"], location=place), CONSUMERS["mobilizon"]())
    assert found.place == "Bürgerhaus Am Markt 2 59555 Lippstadt DE"


def test_a_corrected_address_reaches_mobilizon_only_under_a_new_id(sent: dict[str, Sent]) -> None:
    """It reads an address once for each id, so that ours hold their content."""
    server = CONSUMERS["mobilizon"]()
    first = server(sent["event"].activities[0], None)
    place = sent["event"].activities[0]["object"]["location"]
    same_id = place | {"name": "Rathaus"}
    kept = server(_changed(sent["event"], location=same_id)[0], first)
    assert kept.place == first.place
    moved = seen.follow(sent["event moved"].activities, server)
    assert moved.place.startswith("Stadtbücherei")
