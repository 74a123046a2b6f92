"""The shapes that single peers need, and what this software refuses to send."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Collection,
    Create,
    Event,
    Image,
    Link,
    Mention,
    Note,
    Opportunity,
    OpportunityDetails,
    OtherActivity,
    Place,
    Unsupported,
)

_EVENT = Event(
    id="https://hagen.example/e/1",
    attributed_to="https://hagen.example/u/thw",
    name="Fest",
    content="<p>Waffeln</p>",
    language="de",
    url="https://hagen.example/termine/1",
    to=(PUBLIC,),
    starts_at=datetime(2026, 7, 1, 12, tzinfo=UTC),
    ends_at=datetime(2026, 12, 12, 13, tzinfo=UTC),
    timezone="Europe/Berlin",
)
_PICTURE = Image(url="https://hagen.example/media/1")


def _written(value: Any) -> dict[str, Any]:
    written = orjson.loads(codec.write(value))
    assert isinstance(written, dict)
    return written


def test_times_stand_in_the_events_time_zone() -> None:
    written = _written(_EVENT)
    assert (written["startTime"], written["endTime"]) == ("2026-07-01T14:00:00+02:00", "2026-12-12T14:00:00+01:00")
    assert _written(replace(_EVENT, timezone=""))["startTime"] == "2026-07-01T12:00:00Z"


def test_the_language_of_the_content_is_said_in_both_ways() -> None:
    written = _written(_EVENT)
    assert (written["contentMap"], written["inLanguage"]) == ({"de": "<p>Waffeln</p>"}, "de")


def test_the_page_is_linked_as_website_after_the_picture_only() -> None:
    assert _written(replace(_EVENT, links=(Link(href="https://x.example/"),)))["attachment"] == []
    first, link = _written(replace(_EVENT, images=(_PICTURE,)))["attachment"]
    assert first == {"type": "Image", "mediaType": "image/jpeg", "url": _PICTURE.url}
    assert link == {"type": "Link", "mediaType": "text/html", "name": "Website", "href": _EVENT.url}


def test_an_online_room_beside_a_place_is_the_website_and_comes_back() -> None:
    room = "https://meet.example/fest"
    hybrid = replace(_EVENT, place=Place(name="Rathaus"), online=True, online_url=room, images=(_PICTURE,))
    written = _written(hybrid)
    assert written["location"] == {"type": "Place", "name": "Rathaus"}
    assert written["attachment"][1]["href"] == room
    back = codec.parse_object(codec.write(hybrid))
    assert isinstance(back, Event)
    assert (back.online, back.online_url) == (True, room)


def test_what_mobilizon_would_refuse_is_not_sent() -> None:
    assert _written(replace(_EVENT, join_mode="none"))["joinMode"] == "external"
    assert _written(_EVENT)["externalParticipationUrl"] == _EVENT.url
    assert _written(replace(_EVENT, place=Place(name="x", latitude=51, longitude=7)))["location"]["latitude"] == 51.0


@pytest.mark.parametrize(
    ("url", "media_type"),
    [
        ("https://a.example/1.png", "image/png"),
        ("https://a.example/1.html", "image/jpeg"),
        ("https://a.example/", "image/jpeg"),
    ],
)
def test_every_picture_has_a_media_type(url: str, media_type: str) -> None:
    assert _written(replace(_EVENT, images=(Image(url=url),)))["attachment"][0]["mediaType"] == media_type


def test_every_tag_has_a_name() -> None:
    note = Note(id="https://a.example/1", mentions=(Mention(href="https://b.example/users/anna"),))
    assert _written(note)["tag"][0]["name"] == "@anna"


def test_an_opportunity_shows_no_name_and_says_its_places_in_the_terms_of_fep_0837() -> None:
    details = OpportunityDetails(
        title="Fahren", kind="projekt", areas=("soziales",), activities=("fahren_transport",), places=3
    )
    written = _written(Opportunity(id="https://a.example/1", name="x", summary="y", details=details))
    assert not {"name", "summary"} & written.keys()
    assert written["publishes"] == {
        "type": "Intent",
        "id": "https://a.example/1#primary",
        "action": "deliverService",
        "resourceConformsTo": "https://w3id.org/ehrenamt#fahren_transport",
        "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "3"},
    }


def test_only_the_terms_that_are_needed_stand_in_the_context() -> None:
    create = Create(id="https://a.example/c", actor="https://a.example/u", object=_EVENT)
    assert "opportunity" not in _written(create)["@context"][1]
    bare = Create(id="https://a.example/c", actor="https://a.example/u", object="https://a.example/1")
    assert _written(bare)["@context"] == "https://www.w3.org/ns/activitystreams"


def test_only_what_is_for_everybody_may_be_quoted_by_everybody() -> None:
    note = Note(id="https://a.example/1", to=("https://a.example/u",))
    assert "interactionPolicy" not in _written(note)
    listed = _written(replace(note, to=(), cc=(PUBLIC,)))
    assert listed["interactionPolicy"] == {"canQuote": {"automaticApproval": [PUBLIC]}}


def test_an_empty_collection_has_its_list() -> None:
    assert _written(Collection(id="https://a.example/c", total=0))["orderedItems"] == []


@pytest.mark.parametrize(
    "value",
    [
        Unsupported(id="https://a.example/1", type="Page"),
        OtherActivity(id="https://a.example/1", actor="https://a.example/u", object="https://a.example/2"),
    ],
)
def test_what_is_not_understood_is_not_sent(value: Any) -> None:
    with pytest.raises(ValueError, match="written"):
        codec.write(value)
