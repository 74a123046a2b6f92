"""The Fedify peer is a whole fediverse server: so a failing test against it is a fault of ours, not of the peer."""

from pathlib import Path

import httpx

from tests import servers
from tests.peers.conftest import FedifyPeer

_ACTIVITY = {"Accept": "application/activity+json"}
_FEDIFY = Path(__file__).parent / "fedify"


def test_it_serves_its_actor_under_webfinger(fedify: FedifyPeer) -> None:
    resource = f"acct:{fedify.handle.removeprefix('@')}"
    jrd = httpx.get(f"{fedify.origin}/.well-known/webfinger", params={"resource": resource}).json()
    assert jrd["subject"] == resource
    assert [link["href"] for link in jrd["links"] if link["rel"] == "self"] == [fedify.actor]
    actor = httpx.get(fedify.actor, headers=_ACTIVITY).json()
    assert actor["id"] == fedify.actor
    assert actor["type"] == "Organization"
    assert actor["publicKey"]["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY-----")
    assert any(key["publicKeyMultibase"].startswith("z6Mk") for key in actor["assertionMethod"])


def test_its_outbox_has_pages_and_leaves_out_what_was_deleted(fedify: FedifyPeer) -> None:
    posts = [fedify.post(f"<p>Nummer {number}</p>") for number in range(4)]
    fedify.delete(posts[1])
    outbox = httpx.get(f"{fedify.actor}/outbox", headers=_ACTIVITY).json()
    first = httpx.get(outbox["first"], headers=_ACTIVITY).json()
    second = httpx.get(first["next"], headers=_ACTIVITY).json()
    listed = [*first["orderedItems"], *second["orderedItems"]]
    assert [activity["object"]["id"] for activity in listed] == [posts[3], posts[2], posts[0]]
    assert "next" not in second
    assert httpx.get(posts[1], headers=_ACTIVITY).status_code == httpx.codes.NOT_FOUND


def test_an_unsigned_activity_is_refused(fedify: FedifyPeer) -> None:
    follow = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{fedify.origin}/forged",
        "type": "Follow",
        "actor": fedify.actor,
        "object": fedify.actor,
    }
    answer = httpx.post(f"{fedify.origin}/inbox", json=follow, headers={"Content-Type": "application/activity+json"})
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert fedify.state().followers == ()


def test_two_peers_follow_each_other_and_understand_what_is_posted(
    fedify: FedifyPeer, second_fedify: FedifyPeer
) -> None:
    found = second_fedify.lookup(fedify.handle)
    assert found is not None
    assert found["id"] == fedify.actor
    second_fedify.follow(fedify.actor)
    servers.wait_until(lambda: any(one.state == "accepted" for one in second_fedify.state().following), "Accept")
    assert fedify.state().followers == (second_fedify.actor,)

    place = {"name": "Volkspark", "latitude": 51.36, "longitude": 7.47}
    post = fedify.post("<p>Mit Musik</p>", name="Sommerfest", startTime="2027-06-01T12:00:00Z", location=place)
    servers.wait_until(lambda: bool(second_fedify.state().of("Create")), "Create")
    parsed = second_fedify.state().of("Create")[0].object
    assert parsed is not None
    assert (parsed["type"], parsed["id"], parsed["name"]) == ("Event", post, "Sommerfest")
    assert (parsed["startTime"], parsed["location"]) == ("2027-06-01T12:00:00Z", place)

    fedify.update(post, name="Winterfest")
    fedify.delete(post)
    servers.wait_until(lambda: bool(second_fedify.state().of("Delete")), "Delete")
    updated = second_fedify.state().of("Update")[0].object
    assert updated is not None
    assert updated["name"] == "Winterfest"
    assert second_fedify.state().of("Delete")[0].object_id == post
    assert second_fedify.state().unverified == ()


def test_it_does_not_leave_the_machine(fedify: FedifyPeer) -> None:
    assert fedify.lookup("@somebody@peer.example") is None
    assert fedify.fetch("https://peer.example/notes/1") is None


def test_its_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (_FEDIFY / "package-lock.json").read_text()
