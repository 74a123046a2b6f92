"""What the inbox answers at the door, over real HTTP: each refusal with its status, strangers' posts dropped."""

import gzip
import json
import logging
from typing import Any

import httpx
import pytest

from fediverse_ehrenamt.federation.door import BODY_LIMIT
from tests import servers
from tests.flows.peer import Peer
from tests.towns import ACTIVITY_JSON, Country, Town

_TYPE = {"Content-Type": ACTIVITY_JSON}


@pytest.fixture
def town(country: Country) -> Town:
    made = country.town("Hagen")
    made.add()
    return made


@pytest.fixture
def peer(country: Country) -> Peer:
    return Peer(country)


@pytest.fixture
def anna(town: Town, peer: Peer) -> str:
    """An actor of the peer whom the town follows."""
    uri = peer.actor("anna")
    town.follow(uri)
    peer.until("Follow")
    town.until_quiet()
    return uri


def _post(town: Town, body: bytes, headers: dict[str, str] | None = None, path: str = "/inbox") -> httpx.Response:
    return town.client.post(f"{town.url}{path}", content=body, headers=headers or _TYPE)


def _reason(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/json"
    return str(answer.json()["error"])


@pytest.mark.parametrize("path", ["/inbox", "/ap/actor/relay/inbox"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_inbox_takes_post_only(town: Town, path: str, method: str) -> None:
    answer = town.client.request(method, f"{town.url}{path}")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_what_is_too_large_is_refused_announced_or_not(town: Town) -> None:
    large = b'{"type":"' + b"x" * BODY_LIMIT + b'"}'
    assert _post(town, large).status_code == 413

    def pieces() -> Any:
        for start in range(0, len(large), 100_000):
            yield large[start : start + 100_000]

    answer = town.client.post(f"{town.url}/inbox", content=pieces(), headers=_TYPE)
    assert answer.status_code == 413
    assert str(BODY_LIMIT) in _reason(answer)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b'"text"',
        b"{}",
        b'{"type":"Create"}',
        b'{"type":"Follow","actor":"javascript:alert(1)","object":"x"}',
        b"\xff\xfe",
        b"[" * 100_000,
        gzip.compress(b"{}"),  # without saying so
    ],
)
def test_what_is_no_activity_is_refused(town: Town, body: bytes) -> None:
    answer = _post(town, body)
    assert answer.status_code == 400
    assert _reason(answer)


def test_what_is_compressed_is_refused_with_what_would_be_read(town: Town) -> None:
    """RFC 9110, section 15.5.16; nobody among our peers compresses what they send."""
    answer = _post(town, gzip.compress(b"{}"), {**_TYPE, "Content-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")
    assert "compressed" in _reason(answer)
    assert _post(town, b"{}", {**_TYPE, "Content-Encoding": "identity"}).status_code == 400


def test_an_undo_may_bring_the_id_alone_in_whatever_form(town: Town, peer: Peer) -> None:
    anna = peer.actor()
    for about in (lambda uri: uri, lambda uri: {"id": uri}, lambda uri: [{"id": uri}]):
        follow = peer.activity("Follow", anna, town.actor)
        assert peer.send(f"{town.url}/inbox", follow).status_code == 202
        town.until(lambda: town.followers() == [anna], "is followed")
        assert peer.send(f"{town.url}/inbox", peer.activity("Undo", anna, about(follow["id"]))).status_code == 202
        town.until(lambda: not town.followers(), "is followed no longer")


def test_what_is_not_signed_is_refused(town: Town, peer: Peer) -> None:
    follow = peer.activity("Follow", peer.actor(), town.actor)
    answer = _post(town, json.dumps(follow).encode())
    assert answer.status_code == 401
    assert "signed" in _reason(answer)
    assert answer.headers["www-authenticate"].endswith('headers="(request-target) host date digest"')
    assert town.followers() == []


def test_what_is_badly_signed_is_refused(town: Town, peer: Peer, country: Country) -> None:
    anna, other = peer.actor("anna"), Peer(country)
    follow = peer.activity("Follow", anna, town.actor)
    changed = json.dumps({**follow, "object": f"{town.actor}#other"}).encode()
    assert peer.send(f"{town.url}/inbox", follow, body=changed).status_code == 401
    body = json.dumps(follow).encode()
    headers = peer.signed(f"{town.url}/inbox", body, anna)
    assert _post(town, body, headers, "/ap/actor/relay/inbox").status_code == 401  # signed for another address
    assert _post(town, body, {**headers, "signature": "keyId=x"}).status_code == 401
    forged = other.signed(f"{town.url}/inbox", body, anna)  # with a key that isn't Anna's
    assert _post(town, body, forged).status_code == 401
    country.clock.advance(days=2)
    assert _post(town, body, headers).status_code == 401  # long ago
    assert town.received() == []
    assert town.followers() == []


def test_a_key_that_is_nowhere_is_refused(town: Town, peer: Peer) -> None:
    peer.actor("anna")
    missing = f"{peer.url}/users/niemand"
    follow = peer.activity("Follow", missing, town.actor)
    assert peer.send(f"{town.url}/inbox", follow).status_code == 401


def test_a_key_that_cannot_be_had_now_is_asked_for_later(town: Town, peer: Peer, country: Country) -> None:
    anna = peer.actor("anna")
    follow = peer.activity("Follow", anna, town.actor)
    peer.stop()
    answer = peer.send(f"{town.url}/inbox", follow)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    peer.start()
    country.clock.advance(minutes=2)  # the failure is remembered for a while
    assert peer.send(f"{town.url}/inbox", follow).status_code == 202
    peer.until("Accept")


def test_a_strangers_post_is_taken_and_not_stored(town: Town, peer: Peer) -> None:
    stranger = peer.actor("anna")
    for kind, thing in (("Create", peer.note(stranger, "Apfelfest im Garten")), ("Announce", f"{peer.url}/notes/7")):
        activity = peer.activity(kind, stranger, thing)
        assert peer.send(f"{town.url}/inbox", activity).status_code == 202
    town.until_quiet()
    assert town.received() == []
    assert town.titles("Apfelfest") == []


def test_a_strangers_delete_costs_no_fetch(town: Town, peer: Peer) -> None:
    gone = f"http://127.0.0.1:{servers.free_port()}/users/weg"
    delete = {**peer.activity("Delete", gone, gone), "id": f"{gone}#delete"}
    assert peer.send(f"{town.url}/inbox", delete).status_code == 202
    assert town.received() == []


def _foreign(peer: Peer, anna: str, other: Peer) -> dict[str, dict[str, Any]]:
    theirs = other.actor("bela")
    note = other.note(theirs, "Birnenfest im Garten")
    mine = peer.note(anna, "Apfelfest im Garten")
    return {
        "the deletion of what is another server's": peer.activity("Delete", anna, note["id"]),
        "the deletion of another server's account": peer.activity("Delete", anna, theirs),
        "an Update of another account": peer.activity("Update", anna, {**other.documents["/users/bela"]}),
        "a note in the name of another server's account": peer.activity(
            "Create", anna, {**mine, "attributedTo": theirs}
        ),
        "an id of another server": {**peer.activity("Create", anna, mine), "id": f"{other.url}/activities/99"},
    }


def test_claims_about_what_is_somebody_elses_are_dropped_with_the_reason(
    town: Town, peer: Peer, anna: str, country: Country, caplog: pytest.LogCaptureFixture
) -> None:
    other = Peer(country)
    caplog.set_level(logging.INFO, "fediverse_ehrenamt")
    for what, activity in _foreign(peer, anna, other).items():
        caplog.clear()
        assert peer.send(f"{town.url}/inbox", activity).status_code == 202, what
        town.until_quiet()
        said = [record.getMessage() for record in caplog.records if activity["id"] in record.getMessage()]
        said += [row.verdict for row in town.received(activity["id"])]
        assert any("dropped: " in line for line in said), what
    assert town.titles("Garten") == []


def test_an_activity_of_another_signer_is_dropped(town: Town, peer: Peer, anna: str) -> None:
    bela = peer.actor("bela")
    create = peer.activity("Create", anna, peer.note(anna, "Apfelfest im Garten"))
    assert peer.send(f"{town.url}/inbox", create, signer=bela).status_code == 202
    town.until_quiet()
    assert town.titles("Apfelfest") == []
    assert peer.send(f"{town.url}/inbox", create).status_code == 202  # and does not stand in the way of the true one
    town.until_found("Apfelfest", "Apfelfest im Garten")


def test_another_servers_object_is_believed_to_its_own_origin_only(
    town: Town, peer: Peer, anna: str, country: Country
) -> None:
    other = Peer(country)
    bela = other.actor("bela")
    note = other.note(bela, "Birnenfest im Garten")
    other.documents[f"/{note['id'].split('/', 3)[3]}"] = note
    forged = {**note, "content": "<p>Gefälschtes Fest im Garten</p>"}
    announce = peer.activity("Announce", anna, forged)
    assert peer.send(f"{town.url}/inbox", announce).status_code == 202
    town.until_found("Birnenfest", "Birnenfest im Garten")
    assert town.titles("Gefälschtes") == []
    assert town.until_handled(announce["id"]) == f"asking the origin of {note['id']}"


def test_a_forged_activity_cannot_occupy_the_id_of_a_true_one(town: Town, peer: Peer, country: Country) -> None:
    other = Peer(country)
    anna, bela = peer.actor("anna"), other.actor("bela")
    follow = peer.activity("Follow", anna, town.actor)
    thief = {**other.activity("Follow", bela, town.actor), "id": follow["id"]}
    assert other.send(f"{town.url}/inbox", thief).status_code == 202
    town.until_quiet()
    assert peer.send(f"{town.url}/inbox", follow).status_code == 202
    peer.until("Accept")
    assert town.followers() == [anna]
