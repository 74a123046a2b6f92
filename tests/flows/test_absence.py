"""A server that is away for a minute, behind a proxy that answers 404 for it, loses nothing at its followers."""

from datetime import timedelta

from fediverse_ehrenamt.federation import absence
from tests.flows.conftest import Found
from tests.flows.peer import Peer
from tests.towns import Country


def test_a_server_that_is_being_restarted_loses_nothing(found: Found, country: Country) -> None:
    hagen, peer = found("Hagen"), Peer(country)
    anna = peer.actor("anna")
    hagen.follow(anna)
    (follow,) = peer.until("Follow")
    door = f"{hagen.url}/inbox"
    peer.send(door, peer.activity("Accept", anna, dict(follow.activity)))
    notes = [peer.note(anna, f"Der Chor sucht Stimmen im {voice}", name=voice) for voice in ("Alt", "Bass")]
    for note in notes:
        peer.documents[f"/notes/{note['id'].rpartition('/')[2]}"] = note
        assert peer.send(door, peer.activity("Create", anna, note)).status_code == 202
    hagen.until(lambda: len(hagen.search("Stimmen")) == 2, "finds both")

    served, away = peer.documents, {path: made for path, made in peer.documents.items() if "/notes/" not in path}
    peer.documents = away
    for note in notes:
        share = peer.activity("Announce", anna, note["id"])
        peer.send(door, share)
        hagen.until_handled(share["id"])
    hagen.until_quiet()
    assert len(hagen.search("Stimmen")) == 2
    country.clock.advance(minutes=1)
    peer.documents = {path: made for path, made in served.items() if path != "/notes/Bass"}
    country.clock.advance(seconds=absence.AGAIN_AFTER / timedelta(seconds=1))
    hagen.until(lambda: len(hagen.search("Stimmen")) == 1, "lets go of the one that is still missing")
    hagen.until_quiet()
    assert hagen.search("Alt Stimmen")
