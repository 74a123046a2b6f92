"""A newspaper's Mastodon quotes an offer: it asks, gets a stamp, hears of changes, and of the stamp's end."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.quotes import actions
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.things import moderating
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.flows.peer import Letter, Peer
from tests.towns import Country, Town


@pytest.fixture
def peer(country: Country) -> Peer:
    return Peer(country)


def request(peer: Peer, author: str, thing: str) -> dict[str, Any]:
    """A request with the post in it, as Mastodon 4.5 sends it."""
    note = peer.note(author, "Wer liest gern vor?") | {"quote": thing, "quoteUri": thing, "_misskey_quote": thing}
    return peer.activity("QuoteRequest", author, thing, instrument=note, to=[])


def accepts(letter: Letter, asked: dict[str, Any], organisation: str) -> str:
    """Return the stamp that an Accept brings, if Mastodon takes it (`Accept#accept_quote!`)."""
    accept = letter.activity
    assert letter.signer == accept["actor"] == organisation
    given = accept["object"]
    assert (given["type"], given["id"]) == ("QuoteRequest", asked["id"])
    assert (given["object"], given["instrument"]) == (asked["object"], asked["instrument"]["id"])
    return str(accept["result"])


def verifies(answer: httpx.Response, asked: dict[str, Any], organisation: str) -> bool:
    """Say whether a third server takes what it got for a stamp (Mastodon's `VerifyQuoteService`)."""
    if answer.status_code != 200:
        return False
    stamp = answer.json()
    return bool(
        answer.headers["content-type"].startswith("application/activity+json")
        and "https://www.w3.org/ns/activitystreams" in stamp["@context"]
        and stamp["type"] == "QuoteAuthorization"
        and stamp["attributedTo"] == organisation
        and stamp["interactingObject"] == asked["instrument"]["id"]
        and stamp["interactionTarget"] == asked["object"]
    )


def _revoke(work: Work) -> None:
    actions.revoke(work, work.db.scalars(select(QuoteRow)).one())


def test_a_quote_from_its_request_to_its_end(hagen: Town, country: Country, peer: Peer) -> None:
    reader = Peer(country)
    organisation, anna = hagen.owner("buecherei"), peer.actor("anna", shared=False)
    thing = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    follower = reader.actor("leserin")
    assert reader.send(f"{organisation}/inbox", reader.activity("Follow", follower, organisation)).status_code == 202
    reader.until("Accept")

    asked = request(peer, anna, thing)
    assert peer.send(f"{organisation}/inbox", asked).status_code == 202
    stamp = accepts(peer.until("Accept")[0], asked, organisation)
    assert verifies(hagen.get(stamp), asked, organisation)

    hagen.publish(towns.opportunity("Vorleser gesucht"))
    (update,) = peer.until("Update")
    assert update.object_id == thing, "what is shown below the post changes there, too"

    hagen.write(_revoke)
    for server in (peer, reader):
        (delete,) = server.until("Delete")
        assert (delete.object_id, delete.signer, delete.activity["actor"]) == (stamp, organisation, organisation)
    assert hagen.get(stamp).status_code == 410
    assert not verifies(hagen.get(stamp), asked, organisation)

    country.clock.advance(seconds=1)
    assert peer.send(f"{organisation}/inbox", asked).status_code == 202
    (reject,) = peer.until("Reject")
    assert reject.object_id == asked["id"]
    assert hagen.get(stamp).status_code == 410


def test_a_newspaper_that_is_blocked_quotes_no_more(hagen: Town, peer: Peer) -> None:
    organisation, anna = hagen.owner("buecherei"), peer.actor("anna")
    thing = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    asked = request(peer, anna, thing)
    peer.send(f"{organisation}/inbox", asked)
    stamp = accepts(peer.until("Accept")[0], asked, organisation)
    hagen.write(moderating.restrict, Restriction(anna, "block"))
    hagen.write(actions.enforce)
    hagen.until(lambda: hagen.get(stamp).status_code == 410, "lets the stamp go")
    door = f"{organisation}/inbox"
    # What is blocked is read again every few seconds by each process; until then the inbox drops what it took.
    hagen.until(lambda: peer.send(door, request(peer, anna, thing)).status_code == 403, "refuses them at the door")
    assert len(peer.of("Accept")) == 1


def test_misskey_quotes_without_asking(hagen: Town, peer: Peer) -> None:
    organisation, anna = hagen.owner("buecherei"), peer.actor("anna")
    thing = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    create = peer.activity("Create", anna, peer.note(anna, "Hört!") | {"_misskey_quote": thing, "quoteUrl": thing})
    assert peer.send(f"{organisation}/inbox", create).status_code == 202
    assert hagen.until_handled(create["id"]) == "handled"
    (author,) = hagen.read(lambda work: list(work.db.scalars(select(QuoteRow.author))))
    assert author == anna
    assert peer.of("Accept", "Reject") == []
