"""Real payloads: each reads to a value or Malformed, and means what somebody who reads it would say it means."""

from pathlib import Path

import orjson
import pytest

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import codec, jsonld
from fediverse_ehrenamt.vocab.keys import PublicKey
from fediverse_ehrenamt.vocab.quotes import QuoteRequest
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Activity,
    Actor,
    Announce,
    Collection,
    CollectionPage,
    Event,
    Follow,
    Like,
    Note,
    Opportunity,
    OtherActivity,
    Undo,
    Unsupported,
)
from tests.vocab import samples
from tests.wire import expectations
from tests.wire.expectations import Deleted, Dropped, Fetched, Indexed, Refused


@pytest.mark.parametrize("path", samples.everything(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_payload_is_a_value_or_malformed(path: Path) -> None:
    body = path.read_bytes()
    for parse in (codec.parse_activity, codec.parse_object, codec.parse_key_document):
        try:
            assert parse(body) is not None
        except Malformed:
            continue


@pytest.mark.parametrize("path", sorted(samples.OURS.glob("*.json")), ids=lambda path: path.name)
def test_what_we_send_is_read_back_and_written_the_same(path: Path) -> None:
    sample = path.read_bytes()
    value = codec.parse_object(sample)
    assert not isinstance(value, Unsupported)
    assert orjson.loads(codec.write(value)) == orjson.loads(sample)


def _thing(body: bytes) -> Note | Opportunity | Event | None:
    """Return the Note or Event of a payload, out of activities and collections."""
    value: object
    try:
        value = codec.parse_activity(body)
    except Malformed:
        value = codec.parse_object(body)
    if isinstance(value, Collection):
        return next((item for item in value.items if isinstance(item, Note | Opportunity | Event)), None)
    while isinstance(value, Activity):
        if isinstance(value.object, str):
            return None
        value = value.object
    return value if isinstance(value, Note | Opportunity | Event) else None


def _check(thing: Note | Opportunity | Event | None, expected: Indexed) -> None:
    assert thing is not None
    assert thing.public
    assert thing.language == expected.language
    assert (thing.url or thing.id) == expected.url
    assert tuple(tag.name for tag in thing.hashtags) == expected.hashtags
    if expected.kind == expectations.POST:
        assert isinstance(thing, Note)
        return
    assert isinstance(thing, Event)
    assert (thing.name or "Kommt vorbei.") == expected.title
    assert clock.write(thing.starts_at) == expected.starts_at
    assert (clock.write(thing.ends_at) if thing.ends_at else "") == expected.ends_at
    assert (thing.place.name if thing.place else "") == expected.place
    assert (thing.place.latitude if thing.place else None) == expected.latitude
    assert (thing.place.longitude if thing.place else None) == expected.longitude
    assert thing.status == expected.status


@pytest.mark.parametrize(("name", "expected"), expectations.INDEXED.items(), ids=list(expectations.INDEXED))
def test_what_a_town_would_index(name: str, expected: Indexed) -> None:
    _check(_thing(samples.read(name)), expected)


@pytest.mark.parametrize("name", expectations.NOT_INDEXED)
def test_what_a_town_would_not_index(name: str) -> None:
    body, outcome = samples.read(name), expectations.NOT_INDEXED[name]
    try:
        thing = _thing(body)
    except Malformed:  # an example without an id
        thing = None
    if outcome == expectations.NOT_PUBLIC:
        assert thing is None or not thing.public
    elif isinstance(outcome, Fetched):
        assert thing is not None
        assert thing.id == outcome.uri


@pytest.mark.parametrize(("name", "outcome"), expectations.SYNTHETIC.items(), ids=list(expectations.SYNTHETIC))
def test_hostile_and_odd_payloads(name: str, outcome: expectations.Outcome) -> None:
    body = samples.read(f"synthetic/{name}")
    if isinstance(outcome, Refused):
        with pytest.raises(Malformed):
            codec.parse_activity(body)
        return
    activity = codec.parse_activity(body)
    match outcome:
        case Indexed():
            _check(_thing(body), outcome)
        case Fetched() | Deleted():
            inner = activity.object if isinstance(activity.object, Activity) else activity
            assert inner.object_id == outcome.uri
        case Dropped():
            assert activity.actor


_SEVERAL = "lemmy/collections_group_featured_posts.json"  # two posts, where the tables have one for each file


def test_the_tables_name_every_file() -> None:
    if samples.WIRE is None:
        pytest.skip("EHRENAMT_TEST_WIRE names no folder")
    assert {path.name for path in (samples.WIRE / "synthetic").glob("*.json")} == set(expectations.SYNTHETIC)
    named = {*expectations.INDEXED, *expectations.NOT_INDEXED}
    for path in samples.WIRE.glob("*/*.json"):
        name = f"{path.parent.name}/{path.name}"
        if path.parent.name in {"synthetic", "vectors"} or name in named or name == _SEVERAL:
            continue
        try:
            thing = _thing(path.read_bytes())
        except Malformed:
            continue
        assert not isinstance(thing, Event), name
        assert thing is None or thing.in_reply_to or not thing.public, name


# --- single payloads, read by eye -------------------------------------------------------------------------------------
def test_a_mobilizon_event_in_full() -> None:
    event = codec.parse_object(samples.read("mobilizon/objects_event.json"))
    assert isinstance(event, Event)
    assert event.attributed_to == "https://rendezvous.nomagic.uk/@devon_caledonian_society"
    assert (event.timezone, event.category, event.join_mode) == ("Europe/London", "SPORTS", "free")
    assert event.capacity is None  # 0 stands for no limit
    assert event.participants == 0
    assert event.images[0].alt == ""
    assert event.place is not None
    assert (event.place.street, event.place.postcode) == ("Devon Expressway", "EX6 7TW")
    assert (event.place.locality, event.place.region) == ("Teignbridge", "England")
    assert event.place.country == "United Kingdom"


@pytest.mark.parametrize("whole", [True, False])
def test_a_picture_that_is_to_be_hidden_is_not_read(*, whole: bool) -> None:
    """As Mastodon marks all pictures of a post under a warning, and the suite of funfedi.dev a single one."""
    shown, hidden = (
        {"type": "Image", "url": f"https://peer.example/{number}.png", "mediaType": "image/png"} for number in (1, 2)
    )
    note = {"id": "https://peer.example/1", "type": "Note", "attachment": [shown, {**hidden, "sensitive": True}]}
    read = codec.parse_object(orjson.dumps({**note, "sensitive": whole}))
    assert isinstance(read, Note)
    assert [image.url for image in read.images] == ([] if whole else ["https://peer.example/1.png"])


_COW = "https://peer.example/cow.PNG?1"


@pytest.mark.parametrize(
    ("attached", "shown"),
    [
        ({"type": "Document", "url": _COW}, True),
        ({"url": _COW}, True),
        ({"type": "Document", "url": {"type": "Link", "href": _COW, "mediaType": "image/png"}}, True),
        ({"type": "Document", "url": [{"type": "Link", "href": _COW.removesuffix(".PNG?1")}]}, False),
        ({"type": "Document", "url": {"type": "Link", "href": _COW, "mediaType": "text/html"}}, False),
        ({"type": "Document", "url": _COW, "mediaType": "application/pdf"}, False),
        ({"type": "Document", "url": "https://peer.example/terms.pdf?logo.png"}, False),
        ({"type": "Note", "url": _COW}, False),
        ({"type": "Link", "href": _COW, "mediaType": "image/png"}, False),
    ],
)
def test_what_is_attached_is_a_picture_by_what_it_says_or_else_by_its_address(
    attached: dict[str, object], *, shown: bool
) -> None:
    """Mastodon looks at what it fetches; the suite of funfedi.dev leaves media types away."""
    note = {"id": "https://peer.example/1", "type": "Note", "attachment": attached}
    read = codec.parse_object(orjson.dumps(note))
    assert isinstance(read, Note)
    assert [image.url for image in read.images] == ([_COW] if shown else [])


@pytest.mark.parametrize(
    ("attached", "found"),
    [
        (
            {"type": "Document", "url": "https://peer.example/flyer.pdf", "name": "Flyer"},
            "https://peer.example/flyer.pdf",
        ),
        ({"type": "Video", "url": [{"type": "Link", "href": "https://peer.example/v"}]}, "https://peer.example/v"),
        ({"type": "Document", "href": "https://peer.example/t.txt"}, "https://peer.example/t.txt"),
        ({"type": "Document", "url": "https://peer.example/v", "sensitive": True}, ""),
        ({"type": "Document", "url": "https://peer.example/cow.png"}, ""),
        ({"type": "PropertyValue", "url": "https://peer.example/v"}, ""),
        ({"type": "Link", "mediaType": "text/html", "url": "https://peer.example/l"}, "https://peer.example/l"),
        ({"type": "Link", "href": "https://peer.example/l", "url": "https://peer.example/x"}, "https://peer.example/l"),
    ],
)
def test_an_attached_file_is_a_link(attached: dict[str, object], found: str) -> None:
    """To a flyer or a video, which nobody else would tell of."""
    note = {"id": "https://peer.example/1", "type": "Note", "attachment": [attached]}
    read = codec.parse_object(orjson.dumps(note))
    assert isinstance(read, Note)
    assert [(link.href, link.name) for link in read.links] == ([(found, attached.get("name", ""))] if found else [])


def test_mobilizons_banner_comes_first() -> None:
    event = _thing(samples.read("mobilizon/mbz-mobilizon-post-activity-media-2.json"))
    assert event is not None
    assert [image.url[-1] for image in event.images] == ["2", "1"]
    assert [link.name for link in event.links] == ["Another link", "Website"]


def test_places_of_gancio_physical_and_virtual() -> None:
    body = (
        b'{"type":"Event","id":"https://g.example/1","startTime":"2026-12-12T14:00:00Z","location":%s}'
    ) % samples.read("gancio/location-multiple-mixed-locations.json")
    event = codec.parse_object(body)
    assert isinstance(event, Event)
    assert event.place is not None
    assert event.place.name == "Location with a name"
    assert event.online
    assert event.online_url == "https://virtual.location.org"


def test_a_location_by_its_uri_alone() -> None:
    """Elsewhere it is where a meeting on the net is, as people write it; of the event's own server a Place."""
    event: dict[str, object] = {"type": "Event", "id": "https://g.example/1", "startTime": "2026-12-12T14:00:00Z"}
    meeting, own = "https://meet.example/raum", "https://g.example/places/1"
    for said, url in ((meeting, meeting), ([own, meeting], meeting), (own, "")):
        read = codec.parse_object(orjson.dumps(event | {"location": said}))
        assert isinstance(read, Event)
        assert (read.online_url, read.online, read.place) == (url, bool(url), None)


@pytest.mark.parametrize(
    ("name", "kind", "handle"),
    [
        ("gancio/mbz-gancio-actor.json", "Application", "gancio"),
        ("mobilizon/objects_group.json", "Group", "contribateliers"),
        ("mastodon/objects_person.json", "Person", "mastodon"),
        ("friendica/objects_person_1.json", "Person", "jakob"),
        ("wordpress/objects_person.json", "Person", "matthias"),
        ("peertube/objects_group.json", "Group", "thelinuxexperiment_channel"),
    ],
)
def test_actors(name: str, kind: str, handle: str) -> None:
    actor = codec.parse_object(samples.read(name))
    assert isinstance(actor, Actor)
    assert (actor.type, actor.handle) == (kind, handle)
    assert actor.inbox.startswith("https://")
    assert actor.keys[0].owner == actor.id
    assert codec.parse_key_document(samples.read(name)) == actor


def test_the_post_of_a_forum() -> None:
    page = codec.parse_object(samples.read("lemmy/objects_page.json"))
    assert isinstance(page, Note)
    assert (page.name, page.content) == ("Post title", "<p>This is a post in the /c/tenforward community</p>\n")
    assert page.attributed_to == "https://enterprise.lemmy.ml/u/picard"


def test_a_peertube_video_belongs_to_the_person_and_is_found_at_its_page() -> None:
    video = codec.parse_object(samples.read("peertube/objects_video.json"))
    assert isinstance(video, Note)
    assert video.name.startswith("Mesa, Wayland & X.org in trouble")
    assert "/accounts/" in video.attributed_to
    assert video.url.startswith("https://tilvids.com/videos/watch/")
    assert video.content.startswith("<p>Head to ")  # it came as Markdown, whose text is plain


def test_follows_undone_and_not() -> None:
    assert isinstance(codec.parse_activity(samples.read("mastodon/activities_follow.json")), Follow)
    undo = codec.parse_activity(samples.read("mastodon/activities_undo_follow.json"))
    assert isinstance(undo, Undo)
    assert isinstance(undo.object, Follow)
    assert isinstance(codec.parse_activity(samples.read("misskey/plr-misskey-like.json")), Like)
    assert isinstance(codec.parse_activity(samples.read("friendica/activities_dislike_page.json")), OtherActivity)


_MINE = "https://g.example/u"


@pytest.mark.parametrize(
    ("searchable", "listed"),
    [(PUBLIC, True), ("as:Public", True), ([], True), (None, True), (_MINE, False), (["as:Limited"], False)],
)
def test_who_may_find_something(searchable: object, listed: bool) -> None:
    """FEP-268d: of an actor it goes before `indexable`; a list of nobody is none."""
    said = {} if searchable is None else {"searchableBy": searchable}
    note = codec.parse_object(orjson.dumps({"id": f"{_MINE}/1", "type": "Note", "to": [PUBLIC], **said}))
    assert isinstance(note, Note)
    assert (PUBLIC in note.to, note.public) == (listed, True)
    actor = {"id": _MINE, "type": "Person", "inbox": f"{_MINE}/inbox", **said}
    found = [codec.parse_object(orjson.dumps(actor | {"indexable": told})) for told in (True, False)]
    expected = [listed, listed] if searchable else [True, False]
    assert [one.indexable for one in found if isinstance(one, Actor)] == expected


def test_a_link_stands_for_what_it_leads_to() -> None:
    like = {"id": "https://g.example/1", "type": "Like", "actor": "https://g.example/u"}
    link = {"type": "Link", "href": "https://hagen.example/ap/object/offer"}
    for said in (link, [link], {"type": "Mention", **link}):
        read = codec.parse_activity(orjson.dumps(like | {"object": said}))
        assert isinstance(read, Like)
        assert read.object == link["href"]


def test_a_request_to_quote_in_whatever_words() -> None:
    """By Mastodon, and in full IRIs, as a JSON-LD processor may write it."""
    body = (Path(__file__).parent.parent / "wire" / "mastodon" / "quote-request.json").read_bytes()
    asked = codec.parse_activity(body)
    assert isinstance(asked, QuoteRequest)
    assert asked.object == "https://hagen.example/ap/object/offer"
    assert isinstance(asked.instrument, Note)
    assert asked.instrument_id == asked.instrument.id == "https://peer.example/users/anna/statuses/115600000000000001"
    assert asked.instrument.quote == asked.object
    outlined = codec.parse_outline(body).activity
    assert isinstance(outlined, QuoteRequest)
    assert (outlined.instrument_id, outlined.object) == (asked.instrument_id, asked.object)
    (expanded,) = jsonld.expand(orjson.loads(body))
    same = codec.parse_activity(orjson.dumps(expanded))
    assert isinstance(same, QuoteRequest)
    assert isinstance(same.instrument, Note)
    assert (same.object, same.instrument.quote) == (asked.object, asked.instrument.quote)
    named = codec.parse_activity(body.replace(b'"instrument"', b'"x"'))
    assert isinstance(named, QuoteRequest)
    assert named.instrument_id == ""


def test_misskeys_quote() -> None:
    note = codec.parse_object(samples.read("misskey/bf-quote.json"))
    assert isinstance(note, Note)
    assert note.quote == "https://mastodon.local/objects/43479e20-c0f8-4f49-bf7f-13fab8234924"


def test_an_announced_create_keeps_its_own_actor() -> None:
    outer = codec.parse_activity(samples.read("lemmy/activities_community_announce_create_page.json"))
    assert isinstance(outer, Announce)
    assert isinstance(outer.object, Activity)
    assert outer.object.actor != outer.actor


def test_an_outbox_page_and_its_collection() -> None:
    outbox = codec.parse_object(samples.read("lemmy/collections_group_outbox.json"))
    assert isinstance(outbox, Collection)
    assert outbox.items
    assert all(isinstance(item, Announce) for item in outbox.items)
    page = codec.parse_object(
        b'{"type":"OrderedCollectionPage","id":"https://a.example/p","items":"https://a.example/1"}'
    )
    assert page == CollectionPage(id="https://a.example/p", items=("https://a.example/1",))


def test_items_of_an_outbox_without_ids_of_their_own() -> None:
    """Mobilizon's relay gives its Announces none; what they are about has one, else nothing could be told apart."""
    event = {"type": "Event", "id": "https://a.example/e/1", "name": "Fest", "startTime": "2026-12-01T10:00:00Z"}
    actor = "https://a.example/relay"
    create = {"type": "Create", "id": "https://a.example/e/1/activity", "actor": actor, "object": event}
    items = [
        {"type": "Announce", "actor": actor, "object": create},
        {"type": "Announce", "actor": actor, "object": event["id"]},
        {"type": "View", "actor": actor},
        {"type": "Note", "content": "x"},
    ]
    page = codec.parse_object(orjson.dumps({"type": "OrderedCollectionPage", "orderedItems": items}))
    assert isinstance(page, CollectionPage)
    first, second = page.items
    assert isinstance(first, Announce)
    assert isinstance(second, Announce)
    assert (first.id, first.object_id, second.object_id) == ("", create["id"], event["id"])


def test_a_bare_key_and_a_stub() -> None:
    key = PublicKey(id="https://a.example/u/x/main-key", owner="https://a.example/u/x", pem="PEM")
    bare = b'{"type":"CryptographicKey","id":"%s","owner":"%s","publicKeyPem":"PEM"}'
    stub = b'{"type":"Person","id":"https://a.example/u/x","publicKey":{"id":"%s","owner":"%s","publicKeyPem":"PEM"}}'
    for document in (bare, stub):
        assert codec.parse_key_document(document % (key.id.encode(), key.owner.encode())) == key
    with pytest.raises(Malformed):
        codec.parse_key_document(b'{"type":"Person","id":"https://a.example/u/x"}')
