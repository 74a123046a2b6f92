"""The lives of actors on both sides: a new name, other keys, a move, an end; told by one, believed by the other."""

import httpx
import pytest

from fediverse_ehrenamt.conversations import store as conversations
from fediverse_ehrenamt.federation import keyring, sending
from fediverse_ehrenamt.federation.model import MoveRow, RemoteActorRow, TombstoneRow
from tests import towns
from tests.peers.conftest import (
    PATIENCE,
    VEREIN,
    FedifyPeer,
    Organisation,
    came_from,
    follow_ours,
    follow_theirs,
    known,
    until,
    until_handled,
    until_received,
)
from tests.towns import Town


# --- changes ----------------------------------------------------------------------------------------------------------
def test_its_new_name_and_its_new_keys(hagen: Town, fedify: FedifyPeer) -> None:
    follow_theirs(hagen, fedify)
    former = known(hagen, fedify.actor)
    fedify.order("change", name="Neuer Nachbarverein", rotate=True)
    hagen.clock.advance(seconds=keyring.REFETCH_AFTER.total_seconds() + 1)  # a key is not fetched again at once
    assert until_handled(hagen, str(fedify.order("tell", to=[hagen.actor])["id"])) == "handled"
    now = known(hagen, fedify.actor)
    assert now.name == "Neuer Nachbarverein"
    assert now.key_id == former.key_id
    assert now.key_pem != former.key_pem
    assert now.proof_keys != former.proof_keys
    post = fedify.post("<p>Rübenfest im Garten</p>")
    card = hagen.until_found("Rübenfest", "Rübenfest im Garten", PATIENCE)
    assert "Neuer Nachbarverein" in card.text
    assert until_handled(hagen, f"{post}#create") == "handled"
    assert {how for how, _ in came_from(hagen, fedify)} == {"rfc9421"}


def test_our_new_keys(hagen: Town, fedify: FedifyPeer, organisation: Organisation) -> None:
    follow_ours(hagen, fedify, organisation.uri)
    first = organisation.publish(towns.opportunity("Lesepatin gesucht", key="eins"))
    until_received(hagen, fedify, "Create", first)
    hagen.command("keys", "rotate", organisation.handle)
    update = until_received(hagen, fedify, "Update", organisation.uri)
    assert update.object is not None
    assert update.object["publicKeys"] == [f"{organisation.uri}#main-key-2"]
    assert update.object["assertionMethods"] == [f"{organisation.uri}#ed25519-key{n}" for n in ("-2", "")]
    hagen.clock.advance(seconds=sending.KEYS_LAST.total_seconds())  # the serving process looks after its keys
    second = organisation.publish(towns.opportunity("Vorleserin gesucht", key="zwei"))
    until_received(hagen, fedify, "Create", second)
    signed = [(one.verified, "#main-key-2" in str(one.signature)) for one in fedify.state().arrivals]
    # The Accept, the Create and the Update itself with the key that it knew, what came later with the new one.
    assert signed == [(True, False)] * 3 + [(True, True)]
    assert fedify.state().unverified == ()
    assert fedify.fetch(organisation.uri) == update.object


# --- moves ------------------------------------------------------------------------------------------------------------
def _move(old: FedifyPeer, new: FedifyPeer, to: str) -> str:
    old.order("change", movedTo=new.actor)
    return old.say("Move", old.actor, target=new.actor, to=to)


def test_a_source_that_moves_is_followed_there(hagen: Town, fedify: FedifyPeer) -> None:
    follow_theirs(hagen, fedify)
    before = fedify.post("<p>Zwiebelfest im alten Garten</p>")
    hagen.until_found("Zwiebelfest", "Zwiebelfest im alten Garten", PATIENCE)
    new = fedify.another("nachfolger", name="Nachfolger des Vereins", alsoKnownAs=[fedify.actor])
    assert until_handled(hagen, _move(fedify, new, hagen.actor)) == "handled"
    until(hagen, lambda: _state(hagen, new.actor) == "accepted", "follows the new one")
    assert hagen.source(fedify.actor) is None
    until(hagen, lambda: fedify.state().followers == (), "no longer follows the old one")
    assert new.state().followers == (hagen.actor,)
    new.post("<p>Lauchfest im neuen Garten</p>")
    hagen.until_found("Lauchfest", "Lauchfest im neuen Garten", PATIENCE)
    assert hagen.titles("Zwiebelfest") == ["Zwiebelfest im alten Garten"]
    fedify.order("delete", id=before)


def test_nobody_is_moved_to_one_who_does_not_say_so(hagen: Town, fedify: FedifyPeer) -> None:
    follow_theirs(hagen, fedify)
    stranger = fedify.another("fremder")
    assert until_handled(hagen, _move(fedify, stranger, hagen.actor)) == "handled"  # heard, and asked about
    until(hagen, lambda: not hagen.read(lambda work: work.db.get(MoveRow, fedify.actor)), "is told no")
    assert hagen.source(stranger.actor) is None
    assert _state(hagen, fedify.actor) == "accepted"
    assert fedify.state().followers == (hagen.actor,)


def test_a_follower_that_moves_comes_back_by_itself(
    hagen: Town, fedify: FedifyPeer, organisation: Organisation
) -> None:
    follow_ours(hagen, fedify, organisation.uri)
    new = fedify.another("nachfolger", alsoKnownAs=[fedify.actor])
    assert "no source here" in until_handled(hagen, _move(fedify, new, organisation.uri))
    follow_ours(hagen, new, organisation.uri)
    fedify.order("leave", to=[organisation.uri])
    until(hagen, lambda: hagen.followers(organisation.uri) == [new.actor], "lets the old one go")


def _state(hagen: Town, uri: str) -> str:
    source = hagen.source(uri)
    return source.state if source else ""


# --- ends -------------------------------------------------------------------------------------------------------------
def test_who_leaves_takes_all_of_it_with_them(hagen: Town, fedify: FedifyPeer, organisation: Organisation) -> None:
    offer = organisation.publish(towns.opportunity("Lesepatin gesucht"))
    follow_ours(hagen, fedify, organisation.uri)
    follow_theirs(hagen, fedify)
    fedify.post("<p>Kürbisfest im Garten</p>")
    hagen.until_found("Kürbisfest", "Kürbisfest im Garten", PATIENCE)
    mentions = {"mentions": [organisation.uri], "tell": [organisation.uri]}
    said = [
        fedify.say("Like", offer, to=organisation.uri),
        f"{fedify.post('<p>Auch am Samstag?</p>', inReplyTo=offer, **mentions)}#create",
        f"{fedify.post('<p>Unter uns: wann?</p>', direct=True, **mentions)}#create",
    ]
    for one in said:
        assert until_handled(hagen, one) == "handled"
    assert hagen.get(f"{offer}/likes").json()["totalItems"] == 1

    leaving = str(fedify.order("leave", to=[organisation.uri])["id"])
    assert until_handled(hagen, leaving) == "handled"
    assert httpx.get(fedify.actor, headers=towns.AS_PEER).status_code == httpx.codes.GONE
    hagen.until_lost("Kürbisfest", PATIENCE)
    assert hagen.followers(organisation.uri) == []
    assert _state(hagen, fedify.actor) == "gone"
    assert hagen.get(f"{offer}/likes").json()["totalItems"] == 0
    assert hagen.read(conversations.replies, organisation.uri) == []
    assert hagen.read(conversations.messages, organisation.uri) == []
    assert hagen.read(lambda work: work.db.get(RemoteActorRow, fedify.actor)) is None
    assert hagen.read(lambda work: work.db.get(TombstoneRow, fedify.actor)) is not None


def test_a_stranger_that_leaves_is_no_news(hagen: Town, fedify: FedifyPeer) -> None:
    """Of servers that tell everybody when an account is closed, the key is gone by then: so it isn't asked for."""
    stranger = fedify.another("unbekannt")
    leaving = str(stranger.order("leave", to=[hagen.actor])["id"])
    until(hagen, lambda: bool(fedify.state().knocks_at(hagen.url)), "is told")
    assert [status for _, status in fedify.state().knocks_at(hagen.url)] == [httpx.codes.ACCEPTED]
    assert hagen.received(leaving) == []
    assert hagen.read(lambda work: work.db.get(RemoteActorRow, stranger.actor)) is None


@pytest.mark.parametrize("name", [VEREIN, "anna"])
def test_each_actor_of_a_site_stands_for_itself(
    hagen: Town, fedify: FedifyPeer, organisation: Organisation, name: str
) -> None:
    """One server's actors are told apart by their keys, in both directions."""
    who = fedify if name == VEREIN else fedify.another(name, type="Person", name="Anna Apfel")
    follow_ours(hagen, who, organisation.uri)
    assert known(hagen, who.actor).key_id == f"{who.actor}#main-key"
    assert hagen.followers(organisation.uri) == [who.actor]
    assert who.state().arrivals[0].path == f"/users/{name}/inbox"
