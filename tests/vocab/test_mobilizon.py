"""What Mobilizon says of an event beside it, in the words of its own `EventMetadata`."""

from typing import Any

import orjson
import pytest

from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Event, EventDetails

MEETING, LIVE = "https://meet.jit.si/hagen", "https://video.example/w/abc"


def said(key: str, value: object, **more: object) -> dict[str, object]:
    return {"type": "PropertyValue", "propertyID": key, "value": value, **more}


def event(*attached: dict[str, object], **more: Any) -> Event:
    made = {
        "@context": "https://www.w3.org/ns/activitystreams", "id": "https://mobilizon.example/events/1",
        "type": "Event", "name": "Bachputz", "startTime": "2026-12-12T10:00:00Z", "attachment": list(attached),
    }  # fmt: skip
    read = codec.parse_object(orjson.dumps(made | more))
    assert isinstance(read, Event)
    return read


@pytest.mark.parametrize(
    ("attached", "slugs"),
    [
        ([said("mz:accessibility:wheelchairAccessible", "fully")], ("stufenlos",)),
        (
            [
                said("mz:accessibility:wheelchairAccessible", "partially"),
                said("mz:accessibility:live:sign_language", True),
            ],
            ("teilweise_rollstuhlgerecht", "gebaerdensprache"),
        ),
        ([said("mz:accessibility:wheelchairAccessible", "no")], ("nicht_barrierefrei",)),
    ],
)
def test_for_whom_it_is_accessible(attached: list[dict[str, object]], slugs: tuple[str, ...]) -> None:
    assert event(*attached).details == EventDetails(kind="unbekannt", accessibility=slugs)


@pytest.mark.parametrize(
    "attached",
    [
        [],
        [said("mz:accessibility:wheelchairAccessible", "maybe"), said("mz:accessibility:live:sign_language", False)],
        [said("mz:accessibility:wheelchairAccessible", 7), said("mz:live:peertube:url", "javascript:x")],
        [{"type": "PropertyValue", "name": "Web", "value": "<a href='https://x.example'>x</a>"}],
    ],
)
def test_what_says_nothing_is_nothing(attached: list[dict[str, object]]) -> None:
    found = event(*attached)
    assert (found.details, found.online_url, found.participation_url, found.links) == (None, "", "", ())


def test_where_it_takes_place_in_the_net_and_where_tickets_are() -> None:
    attached: tuple[dict[str, object], ...] = (
        said("mz:visio:jitsi_meet", MEETING), said("mz:live:peertube:url", LIVE, name="Stream"),
        said("mz:ticket:external_url", "https://tickets.example/1"),
        {"type": "Link", "href": "https://verein.example/", "name": "Website", "mediaType": "text/html"},
    )  # fmt: skip
    found = event(*attached, isOnline=True)
    assert (found.online_url, found.participation_url) == (MEETING, "https://tickets.example/1")
    assert found.details == EventDetails(kind="unbekannt", livestream=LIVE)


def test_what_the_event_itself_says_comes_first() -> None:
    attached = (said("mz:visio:zoom", MEETING), said("mz:ticket:external_url", MEETING), said("mz:live:x:url", MEETING),
                said("mz:accessibility:wheelchairAccessible", "no"))  # fmt: skip
    found = event(
        *attached,
        location={"type": "VirtualLocation", "url": "https://bbb.example/1"},
        externalParticipationUrl="https://verein.example/1",
        eventDetails={"kind": "fest", "accessibility": ["aufzug"], "livestream": LIVE},
    )
    assert (found.online_url, found.participation_url) == ("https://bbb.example/1", "https://verein.example/1")
    assert found.details == EventDetails(kind="fest", accessibility=("aufzug",), livestream=LIVE)
