"""Servers that cannot be run here, played byte by byte: how they find us, follow, react, say it again and leave.

What each demands of our answers is written down from its source, which `speakers` names.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from fediverse_ehrenamt.federation import peers
from fediverse_ehrenamt.federation.keyring import STALE_AFTER
from fediverse_ehrenamt.vocab.types import PUBLIC
from tests import towns
from tests.flows import speakers
from tests.flows.peer import Peer
from tests.flows.speakers import Answer, Dialect, Speaker
from tests.towns import Country, Town

_AS2 = "https://www.w3.org/ns/activitystreams"
_NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/2."
Json = dict[str, Any]


def _speaker(peer: Peer, country: Country, dialect: Dialect) -> Speaker:
    return Speaker(country, dialect, peer.key)


# --- GoToSocial -------------------------------------------------------------------------------------------------------
def _kind(content_type: str) -> list[str]:
    """Take a Content-Type apart as internal/api/util/mime.go does: in small letters, without the charset."""
    parts = [part.strip().lower() for part in content_type.split(";")]
    return [part for part in parts if not part.startswith("charset=")]


def _is_activity(answer: Answer) -> bool:
    ld = ["application/ld+json", f'profile="{_AS2}"']
    return answer.status == 200 and _kind(answer.kind) in (["application/activity+json"], ld)


@pytest.fixture
def gotosocial(country: Country) -> Peer:
    """One that shows nothing to whoever does not sign, and keeps each key under an address of its own."""
    peer = Peer(country, "gotosocial")
    uri = peer.actor("zork", shared=False)
    document = peer.documents["/users/zork"]
    document["publicKey"] = {**document["publicKey"], "id": f"{uri}/main-key"}
    names = ("id", "type", "preferredUsername", "publicKey")
    peer.documents["/users/zork/main-key"] = {name: document[name] for name in names}
    peer.secure = True
    return peer


def test_gotosocial_finds_us(hagen: Town, country: Country, gotosocial: Peer) -> None:
    speaker, key = _speaker(gotosocial, country, speakers.GOTOSOCIAL), f"{gotosocial.url}/users/zork/main-key"
    resource = quote(f"acct:buecherei@{hagen.host}", safe="")
    finger = speaker.get(f"{hagen.url}/.well-known/webfinger?resource={resource}", key, "application/jrd+json")
    assert (finger.status, _kind(finger.kind)) == (200, ["application/jrd+json"])
    found = finger.value
    assert found["subject"] == f"acct:buecherei@{hagen.host}"
    uri = next(one["href"] for one in found["links"] if one["rel"] == "self" and "activity+json" in one["type"])

    actor = speaker.get(uri, key)
    assert _is_activity(actor)
    assert actor.value["id"] == uri == hagen.owner("buecherei")
    for name in ("followers", "following", "outbox", "featured"):
        collection = speaker.get(actor.value[name], key)
        assert _is_activity(collection)
        assert collection.value["totalItems"] == 0

    # It asks what software that is in its own way first, and of the links it takes the last one.
    assert speaker.get(f"{hagen.url}/api/v1/instance", key, "application/json").status == 404
    links = speaker.get(f"{hagen.url}/.well-known/nodeinfo", key, "application/json")
    assert _kind(links.kind) == ["application/json"]
    named = links.value["links"]
    last = [one["href"] for one in named if one["rel"].startswith(_NODEINFO)][-1]
    document = speaker.get(last, key, "application/json")
    assert _kind(document.kind) == ["application/json", f'profile="{_NODEINFO}0#"']
    assert document.value["version"] == "2.0"


@pytest.fixture
def zork(gotosocial: Peer) -> str:
    return f"{gotosocial.url}/users/zork"


@pytest.fixture
def say(hagen: Town, country: Country, gotosocial: Peer, zork: str) -> Callable[..., int]:
    """Let Zork say something under a name to an organisation; return the answer's status."""
    speaker, owner = _speaker(gotosocial, country, speakers.GOTOSOCIAL), hagen.owner("buecherei")

    def post(name: str, **said: Any) -> int:
        activity = {"@context": _AS2, "id": f"{zork}/{name}", "actor": zork, "to": owner, **said}
        return speaker.post(f"{owner}/inbox", activity, f"{zork}/main-key").status

    return post


def test_gotosocial_follows_and_reads(
    hagen: Town, country: Country, gotosocial: Peer, zork: str, say: Callable[..., int]
) -> None:
    owner = hagen.owner("buecherei")
    assert say("follow/1", type="Follow", object=owner) == 202
    (accept,) = gotosocial.until("Accept")
    assert (accept.signer, accept.inbox) == (owner, "/users/zork/inbox")  # it has no shared one
    inner = accept.activity["object"]
    assert (inner["id"], inner["actor"], inner["object"]) == (f"{zork}/follow/1", zork, owner)
    offer = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    (create,) = gotosocial.until("Create")
    assert create.signer == owner
    read = _speaker(gotosocial, country, speakers.GOTOSOCIAL).get(offer, f"{zork}/main-key")
    assert _is_activity(read)
    assert read.value["published"] == create.activity["object"]["published"]  # it refuses whatever dates itself anew
    follow = {"id": f"{zork}/follow/1", "type": "Follow", "actor": zork, "object": owner, "to": owner}
    assert say("undo/1", type="Undo", object=follow) == 202
    hagen.until(lambda: hagen.followers(owner) == [], "knows that nobody follows")


def test_a_small_gotosocial_gets_the_time_that_it_needs_to_show_its_key(
    hagen: Town, gotosocial: Peer, zork: str, say: Callable[..., int]
) -> None:
    """It answers a stranger after it has read who that is, picture and all, and sends nothing after a 503.

    In 0.20.0 the second try of a delivery has no body (internal/httpclient/client.go).
    """
    gotosocial.takes["/users/zork"] = 3.5
    assert say("follow/1", type="Follow", object=hagen.owner("buecherei")) == 202
    hagen.until(lambda: hagen.followers(hagen.owner("buecherei")) == [zork], "is followed")


def test_two_that_show_nothing_to_the_unsigned_read_each_other(country: Country, gotosocial: Peer, zork: str) -> None:
    """Each asks for the other's key while the other waits: ours is the instance's, which anybody may have."""
    town = country.town("Flensburg", EHRENAMT_SECURE_MODE="on")
    owner = town.add()
    assert town.get(owner).status_code == 401
    speaker = _speaker(gotosocial, country, speakers.GOTOSOCIAL)
    for url in (owner, f"{owner}/outbox", f"{owner}/outbox?page=first"):
        assert _is_activity(speaker.get(url, f"{zork}/main-key")), url
    assert speaker.get(owner, f"{zork}/other-key").status == 401


def test_gotosocial_reacts_and_leaves(
    hagen: Town, country: Country, gotosocial: Peer, zork: str, say: Callable[..., int]
) -> None:
    owner, offer = hagen.owner("buecherei"), hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    assert say("liked/1", type="Like", object=offer) == 202
    boost = {"cc": [owner, f"{zork}/followers"], "to": PUBLIC, "published": gotosocial.ago(minutes=1)}
    assert say("statuses/1", type="Announce", object=offer, **boost) == 202
    hagen.until(lambda: _counts(hagen, offer) == (1, 1), "counts both")
    like = {"id": f"{zork}/liked/1", "type": "Like", "actor": zork, "object": offer}
    assert say("undo/1", type="Undo", object=like) == 202
    hagen.until(lambda: _counts(hagen, offer) == (0, 1), "counts the share alone")

    # Of its interaction policies: approvals of something of ours, and a request for one.
    approval = {"object": f"{hagen.url}/ap/object/none", "target": f"{zork}/statuses/2", "result": f"{zork}/approval"}
    assert say("accepts/1", type="Accept", **approval) == 202
    assert say("accepts/2", type="Accept", **{**approval, "object": {"type": "Note", "id": approval["object"]}}) == 202
    assert say("requests/1", type="ReplyRequest", object=offer, instrument=f"{zork}/statuses/3") == 202
    hagen.until_quiet()
    assert all("fail" not in row.verdict for row in hagen.received())

    # The account is gone long after it was last heard of: key and document are taken down before it says so.
    country.clock.advance(seconds=STALE_AFTER.total_seconds() + 1)
    for path in ("/users/zork", "/users/zork/main-key"):
        gotosocial.documents[path] = {"type": "Tombstone"}
    assert say("delete", type="Delete", object=zork, to=PUBLIC) == 202
    hagen.until(lambda: hagen.read(peers.find, zork) is None, "forgets who left")
    hagen.until(lambda: _counts(hagen, offer) == (0, 0), "forgets what they did")


def _counts(town: Town, uri: str) -> tuple[int, int]:
    found = town.get(uri).json()
    return found["likes"]["totalItems"], found["shares"]["totalItems"]


# --- Takahē -----------------------------------------------------------------------------------------------------------
def test_takahe_says_it_again_under_the_same_ids(hagen: Town, country: Country) -> None:
    peer = Peer(country, "takahe")
    speaker, anna = _speaker(peer, country, speakers.TAKAHE), peer.actor("@anna@takahe.example")
    owner, key = hagen.owner("buecherei"), f"{anna}#main-key"
    assert speaker.get(owner, key).status == 200  # it signs what it accepts, and its Host has no port

    def say(said: Json, url: str) -> int:
        return speaker.post(url, {"@context": [_AS2, {"Hashtag": "as:Hashtag"}], "actor": anna, **said}, key).status

    follow = {"id": f"{anna}/follow/1/", "type": "Follow", "actor": anna, "object": owner}
    for times in (1, 2):
        assert say(follow, f"{owner}/inbox") == 202
        assert [one.signer for one in peer.until("Accept", times)] == [owner] * times
        assert say({"id": f"{anna}/follow/1/#undo", "type": "Undo", "object": follow}, f"{owner}/inbox") == 202
        hagen.until(lambda: hagen.followers(owner) == [], "knows that nobody follows")
        country.clock.advance(seconds=2)

    hagen.follow(anna)
    peer.until("Follow")
    note = {
        "id": f"{anna}/posts/1/",
        "type": "Note",
        "attributedTo": anna,
        "content": "<p>Apfelfest im Garten</p>",
        "published": peer.ago(days=2),
        "sensitive": False,
        "to": "as:Public",
    }
    created = {"id": f"{anna}/posts/1/#create", "type": "Create", "object": note, "to": "as:Public"}
    assert say(created, f"{hagen.url}/inbox") == 202
    hagen.until_found("Apfelfest", "Apfelfest im Garten")
    for words, days in (("Birnenfest im Garten", 1), ("Quittenfest im Garten", 0)):
        changed = {**note, "content": f"<p>{words}</p>", "updated": peer.ago(days=days)}
        said = {"id": f"{anna}/posts/1/#update", "type": "Update", "object": changed, "to": "as:Public"}
        assert say(said, f"{hagen.url}/inbox") == 202
        hagen.until_found(words.partition(" ")[0], words)
    assert say({"id": f"{anna}/posts/1/#delete", "type": "Delete", "object": note}, f"{hagen.url}/inbox") == 202
    hagen.until_lost("Quittenfest")
    whole = peer.documents["/users/@anna@takahe.example"]
    assert say({"id": f"{anna}#delete", "type": "Delete", "object": whole}, f"{hagen.url}/inbox") == 202
    hagen.until(lambda: hagen.read(peers.find, anna) is None, "forgets who left")


# --- Gancio -----------------------------------------------------------------------------------------------------------
def test_gancio_follows_reads_and_leaves(hagen: Town, country: Country) -> None:
    peer = Peer(country, "gancio")
    speaker, relay = _speaker(peer, country, speakers.GANCIO), peer.actor("relay")
    owner, key = hagen.owner("buecherei"), f"{relay}#main-key"
    hagen.publish(towns.opportunity("Lesepatin gesucht"))
    event = hagen.publish(towns.event("Apfelfest", country.clock.now() + timedelta(days=3))).uri
    actor = speaker.get(owner, key).value
    shared = actor["endpoints"]["sharedInbox"]
    # Its ids have the address of whom it follows in them, and an Undo does not say whose Follow it takes back.
    name = f"{peer.url}/federation/m/{owner}"
    follow = {"@context": _AS2, "id": f"{name}#follow", "type": "Follow", "actor": relay, "object": owner}
    assert speaker.post(shared, follow, key).status == 202
    (accept,) = peer.until("Accept")
    assert accept.activity["object"]["id"] == f"{name}#follow"

    first = speaker.get(actor["outbox"], key).value["first"]
    creates = [one for one in first["orderedItems"] if one["type"] == "Create" and one["object"]["type"] == "Event"]
    assert [one["object"]["id"] for one in creates] == [event]

    undone = {"id": f"{name}#follow", "type": "Follow", "object": owner}
    undo = {"@context": _AS2, "id": f"{name}#unfollow", "type": "Undo", "actor": relay, "object": undone}
    assert speaker.post(shared, undo, key).status == 202
    hagen.until(lambda: hagen.followers(owner) == [], "knows that nobody follows")


def test_gancio_hands_our_whole_follow_back(hagen: Town, country: Country) -> None:
    peer = Peer(country, "gancio")
    speaker, relay = _speaker(peer, country, speakers.GANCIO), peer.actor("relay")
    hagen.follow(relay)
    (follow,) = peer.until("Follow")
    assert isinstance(follow.activity["object"], str)  # an object in full gets no answer there
    answer = {"@context": _AS2, "id": f"{peer.url}/federation/1f", "type": "Accept", "actor": relay}
    assert speaker.post(f"{hagen.url}/inbox", {**answer, "object": follow.activity}, f"{relay}#main-key").status == 202
    hagen.until(lambda: (found := hagen.source(relay)) is not None and found.state == "accepted", "is let in")


# --- Mobilizon --------------------------------------------------------------------------------------------------------
def test_mobilizon_follows_and_fetches_what_is_announced(hagen: Town, country: Country) -> None:
    peer = Peer(country, "mobilizon")
    speaker, relay = _speaker(peer, country, speakers.MOBILIZON), peer.actor("relay")
    key = f"{relay}#main-key"
    links = speaker.get(f"{hagen.url}/.well-known/nodeinfo", key, "application/json")
    assert links.kind.startswith("application/json")
    named = links.value["links"]
    assert next(one["href"] for one in named if one["rel"] == f"{_AS2}#Application") == hagen.actor
    follow = {
        "@context": [_AS2, "https://litepub.social/litepub/context.jsonld", {"sc": "http://schema.org#"}],
        "id": f"{peer.url}/follow/1",
        "type": "Follow",
        "actor": relay,
        "object": hagen.actor,
        "to": [hagen.actor],
        "cc": [PUBLIC],
    }
    assert speaker.post(f"{hagen.url}/inbox", follow, key).status == 202
    (accept,) = peer.until("Accept")
    assert accept.activity["object"]["id"] == f"{peer.url}/follow/1"
    hagen.until_quiet()
    event = hagen.publish(towns.event("Apfelfest", country.clock.now() + timedelta(days=3))).uri
    (announce,) = peer.until("Announce")
    assert (announce.signer, announce.object_id) == (hagen.actor, event)
    fetched = speaker.get(event, key)  # its client says what it accepts twice
    assert (fetched.status, fetched.kind) == (200, "application/activity+json")
    assert fetched.value["id"] == event
    assert fetched.value["attributedTo"] == hagen.owner("buecherei")
