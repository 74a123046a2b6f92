"""Asking an origin: whose word a document is, and what becomes of answers that are none."""

from dataclasses import replace

import pytest

from fediverse_ehrenamt.federation import fetch, peers
from fediverse_ehrenamt.kit.errors import Gone, Malformed, Missing, Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.kit.http import Response
from fediverse_ehrenamt.vocab.types import Actor, Create, Note
from fediverse_ehrenamt.work import Workshop
from tests.federation.origin import Answer, Origin
from tests.workbench import note, person

pytestmark = pytest.mark.anyio
PATH = "/notes/1"


def note_at(peer: Origin, path: str = PATH, **changes: str) -> Note:
    return note(peer.at(path), **{"attributed_to": peer.at("/users/anna"), "url": peer.at(path)} | changes)


async def test_a_document_under_its_own_id(home: Workshop, peer: Origin) -> None:
    uri = peer.serve(PATH, note_at(peer))
    signed, value = await fetch.from_origin(home, uri)
    assert isinstance(value, Note)
    assert (signed.actor, signed.how) == (peer.at("/users/anna"), "origin")
    assert value.id == uri
    assert signed.body == peer.answers[PATH].body
    (headers,) = peer.headers
    assert "application/activity+json" in headers["accept"]
    assert 'keyId="http://hagen.example/ap/actor/relay#main-key"' in headers["signature"]


@pytest.mark.parametrize(
    "kind",
    [
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        "Application/Activity+JSON",
        "application/activity+json; charset=utf-8",
    ],
)
async def test_content_types_of_activitypub(home: Workshop, peer: Origin, kind: str) -> None:
    uri = peer.serve(PATH, note_at(peer), kind=kind)
    assert (await fetch.from_origin(home, uri))[1].id == uri


@pytest.mark.parametrize(
    "kind",
    [
        "text/html",
        "text/plain",
        "image/png",
        "",
        "application/json",
        "application/ld+json",
        "application/ld+json; profile=x",
    ],
)
async def test_other_content_types_are_nobodys_word(home: Workshop, peer: Origin, kind: str) -> None:
    """Files that people upload come with such types, "x.json" and "x.jsonld" too (FEP-fe34)."""
    with pytest.raises(Rejected, match="kein ActivityPub"):
        await fetch.from_origin(home, peer.serve(PATH, note_at(peer), kind=kind))


async def test_another_id_of_the_same_origin_is_asked_for_once(home: Workshop, peer: Origin) -> None:
    peer.serve("/@anna/1", note_at(peer))
    peer.serve(PATH, note_at(peer, content="<p>das Original</p>"))
    _, value = await fetch.from_origin(home, peer.at("/@anna/1"))
    assert isinstance(value, Note)
    assert value.content == "<p>das Original</p>"
    assert peer.requests == ["GET /@anna/1", f"GET {PATH}"]


async def test_a_chain_of_ids_is_not_followed(home: Workshop, peer: Origin) -> None:
    """The second answer names a third id: an upload could speak for any object of its server that way."""
    peer.serve("/uploads/1", note_at(peer, "/uploads/2"))
    peer.serve("/uploads/2", note_at(peer, "/notes/victim"))
    peer.serve("/notes/victim", note_at(peer, "/notes/victim"))
    with pytest.raises(Rejected, match="anderen id"):
        await fetch.from_origin(home, peer.at("/uploads/1"))


async def test_an_id_of_another_origin(home: Workshop, peer: Origin, other: Origin) -> None:
    uri = peer.serve(PATH, note_at(other))
    with pytest.raises(Rejected, match="einen anderen Host"):
        await fetch.from_origin(home, uri)
    assert other.requests == []


async def test_an_author_of_another_origin(home: Workshop, peer: Origin, other: Origin) -> None:
    uri = peer.serve(PATH, note_at(peer, attributed_to=other.at("/users/anna")))
    with pytest.raises(Rejected, match="also von einem anderen Host"):
        await fetch.from_origin(home, uri)


async def test_an_activity_of_another_actor(home: Workshop, peer: Origin, other: Origin) -> None:
    made = Create(id=peer.at("/a/1"), actor=other.at("/users/anna"), object=note_at(peer))
    with pytest.raises(Rejected, match="also von einem anderen Host"):
        await fetch.from_origin(home, peer.serve("/a/1", made))


async def test_a_redirect_within_the_origin(home: Workshop, peer: Origin) -> None:
    peer.serve(PATH, note_at(peer))
    assert (await fetch.from_origin(home, peer.move("/1", PATH)))[1].id == peer.at(PATH)


async def test_a_redirect_that_ends_at_another_origin(home: Workshop, peer: Origin, other: Origin) -> None:
    """What is there is the other origin's word, under its own id; under the first one's it is a lie."""
    honest = other.serve(PATH, note_at(other))
    _, value = await fetch.from_origin(home, peer.move("/1", honest))
    assert value.id == honest
    other.serve("/lie", note_at(peer, "/2"))
    with pytest.raises(Rejected, match="einen anderen Host"):
        await fetch.from_origin(home, peer.move("/2", other.at("/lie")))


async def test_a_collection_needs_no_id(home: Workshop, peer: Origin) -> None:
    uri = peer.serve("/outbox", {"type": "OrderedCollection", "orderedItems": [peer.at(PATH)]})
    assert (await fetch.from_origin(home, uri))[1].id == uri


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(b"[]"), Malformed),
        (Answer(b'{"type":"Note"}'), Malformed),
        (Answer(status=404), Gone),
        (Answer(status=410), Gone),
        (Answer(status=401), Rejected),
        (Answer(status=500), Unavailable),
        (Answer(status=501), Rejected),
        (Answer(b"x" * 1_000_001), Rejected),
    ],
)
async def test_what_is_no_document(home: Workshop, peer: Origin, answer: Answer, fault: type[Exception]) -> None:
    peer.answers[PATH] = answer
    with pytest.raises(fault):
        await fetch.from_origin(home, peer.at(PATH))


@pytest.mark.parametrize(
    ("status", "header", "fault", "wait"),
    [
        (200, "", None, None),
        (299, "", None, None),
        (301, "", Rejected, None),
        (400, "", Rejected, None),
        (403, "60", Rejected, None),
        (404, "", Missing, None),
        (408, "", Unavailable, None),
        (410, "", Gone, None),
        (425, "5", Unavailable, 5.0),
        (429, "120", Unreachable, 120.0),
        (429, "Wed, 21 Oct 2026 07:28:00 GMT", Unreachable, None),
        (503, "9999999", Unreachable, None),
        (500, "", Unavailable, None),
        (502, "-1", Unavailable, None),
        (599, "", Unavailable, None),
    ],
)
def test_what_a_status_means(status: int, header: str, fault: type[Exception] | None, wait: float | None) -> None:
    response = Response(status, "https://peer.example/x", {"retry-after": header} if header else {}, b"")
    if fault is None:
        fetch.check_status(response)
        return
    with pytest.raises(fault) as caught:
        fetch.check_status(response)
    assert type(caught.value) is fault
    assert getattr(caught.value, "retry_after", None) == wait
    assert str(status) in str(caught.value)


async def test_an_actor_is_remembered(home: Workshop, peer: Origin) -> None:
    anna = peer.actor()
    assert await fetch.actor(home, anna.id) == anna
    await fetch.ensure_actor(home, anna.id)
    assert peer.asked("/users/anna") == 1
    await fetch.ensure_actor(home, peer.actor("/users/berta").id)
    assert peer.asked("/users/berta") == 1
    row = await home.read(peers.find, anna.id)
    assert row is not None
    assert (row.name, row.shared_inbox, row.origin) == ("Anna", peer.at("/inbox"), peer.url)


async def test_what_is_no_actor(home: Workshop, peer: Origin) -> None:
    with pytest.raises(Rejected, match="ist kein Konto"):
        await fetch.actor(home, peer.serve(PATH, note_at(peer)))


async def test_a_shared_inbox_of_elsewhere_is_not_believed(home: Workshop, peer: Origin, other: Origin) -> None:
    """Otherwise one actor could let us send everything to a third server."""
    anna: Actor = person(peer.at("/users/anna"))
    await fetch.actor(home, peer.serve("/users/anna", replace(anna, shared_inbox=other.at("/inbox"), name="")))
    row = await home.read(peers.find, anna.id)
    assert row is not None
    assert (row.shared_inbox, row.name) == ("", "anna")
