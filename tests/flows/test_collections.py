"""A Mastodon puts a library into a collection: it asks, gets a stamp, shows it to others, and is left."""

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.quotes import actions
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.things import moderating
from fediverse_ehrenamt.work import Work
from tests.flows.peer import Peer
from tests.towns import Country, Town


@pytest.fixture
def peer(country: Country) -> Peer:
    return Peer(country)


def _contents(work: Work) -> list[str]:
    return list(work.db.scalars(select(QuoteRow.content)))


def _leave(work: Work) -> None:
    actions.revoke(work, work.db.scalars(select(QuoteRow)).one())


def test_a_collection_from_its_request_to_its_end(hagen: Town, peer: Peer) -> None:
    """Mastodon's requests name nobody: whoever signs them asks (`FeatureRequestSerializer`, main of 2026-08)."""
    organisation, anna = hagen.owner("buecherei"), peer.actor("anna")
    path = "/ap/users/1/collections/7"
    peer.documents[path] = {
        "id": f"{peer.url}{path}",
        "type": "FeaturedCollection",
        "attributedTo": anna,
        "name": "Gutes aus Hagen",
        "url": f"{peer.url}/collections/7",
        "totalItems": 0,
        "orderedItems": [],
    }
    asked = peer.activity("FeatureRequest", anna, organisation, instrument=f"{peer.url}{path}")
    unnamed = {name: value for name, value in asked.items() if name not in {"actor", "to"}}
    assert peer.send(f"{organisation}/inbox", unnamed, signer=anna).status_code == 202
    (accept,) = peer.until("Accept")
    assert (accept.signer, accept.object_id) == (organisation, asked["id"])
    stamp = accept.activity["result"]
    shown = hagen.get(stamp).json()
    assert (shown["type"], shown["interactingObject"], shown["interactionTarget"]) == (
        "FeatureAuthorization", f"{peer.url}{path}", organisation,
    )  # fmt: skip
    hagen.until(lambda: hagen.read(_contents) == ["<p><strong>Gutes aus Hagen</strong></p>"], "asks what it is called")
    hagen.write(_leave)
    (delete,) = peer.until("Delete")
    assert (delete.signer, delete.object_id) == (organisation, stamp)
    assert hagen.get(stamp).status_code == 410


def test_a_request_that_nobody_signs_is_nobodys(hagen: Town, peer: Peer) -> None:
    organisation, anna = hagen.owner("buecherei"), peer.actor("anna")
    asked = peer.activity("FeatureRequest", anna, organisation, instrument=f"{peer.url}/collections/7")
    del asked["actor"]
    assert peer.send(f"{organisation}/inbox", asked, signer=anna, body=b"{}").status_code == 400
    forged = peer.send(f"{organisation}/inbox", asked, signer=f"{peer.url}/users/berta")
    assert forged.status_code in {401, 503}
    assert peer.of("Accept") == []


def test_who_is_blocked_may_not_ask_by_naming_nobody(hagen: Town, peer: Peer) -> None:
    organisation, anna = hagen.owner("buecherei"), peer.actor("anna")
    asked = peer.activity("FeatureRequest", anna, organisation, instrument=f"{peer.url}/collections/7")
    del asked["actor"]
    assert peer.send(f"{organisation}/inbox", asked, signer=anna).status_code == 202
    peer.until("Accept")
    hagen.write(moderating.restrict, Restriction(anna, "block"))

    def refused() -> bool:
        return peer.send(f"{organisation}/inbox", asked | {"id": f"{peer.url}/2"}, signer=anna).status_code == 403

    hagen.until(refused, "refuses them at the door")
    assert len(peer.of("Accept")) == 1
