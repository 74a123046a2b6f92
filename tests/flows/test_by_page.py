"""Whoever names what is ours by the address of its page, as people paste it, means it as well as who names its id."""

from datetime import timedelta

import pytest

from fediverse_ehrenamt.attendance import store as places
from tests import towns
from tests.flows.peer import Peer
from tests.towns import Country, Town


@pytest.fixture
def peer(country: Country) -> Peer:
    return Peer(country, "wordpress")


def _page(town: Town, uri: str) -> str:
    """Return where a browser is sent that asks for an id, with what people copy along."""
    return f"{town.get(uri, towns.AS_BROWSER).headers['location']}-irgendwie-genannt?sprache=en#mitmachen"


def test_a_page_leads_a_peer_to_the_id(hagen: Town) -> None:
    """What Mastodon and GoToSocial do with an address that is pasted into their search."""
    uri, owner = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri, hagen.owner("buecherei")
    pages = {_page(hagen, uri): uri, f"{hagen.url}/organisationen/buecherei": owner, f"{hagen.url}/@buecherei": owner}
    for page, meant in {**pages, f"{hagen.url}/": hagen.actor, f"{hagen.url}/ueber": hagen.actor}.items():
        answer = hagen.get(page)
        assert (answer.status_code, answer.headers["location"]) == (303, meant)
        assert hagen.get(meant).json()["id"] == meant


def test_a_page_of_ours_of_what_is_anothers_leads_to_its_id_there(hagen: Town, peer: Peer) -> None:
    anna = peer.actor("anna")
    hagen.follow(anna)
    (follow,) = peer.until("Follow")
    note = peer.note(anna, "Der Chor sucht Stimmen")
    for said in (peer.activity("Accept", anna, dict(follow.activity)), peer.activity("Create", anna, note)):
        peer.send(f"{hagen.url}/inbox", said)
    page = hagen.until_found("Stimmen", "Der Chor sucht Stimmen").href
    assert (hagen.get(page).status_code, hagen.get(page).headers["location"]) == (303, note["id"])
    link = f'<link rel="alternate"\n              type="application/activity+json"\n              href="{note["id"]}">'
    assert "".join(link.split()) in "".join(hagen.get(page, towns.AS_BROWSER).text.split())


def test_a_blog_answers_an_offer_by_its_page(hagen: Town, peer: Peer) -> None:
    """As the block for replies of the ActivityPub plugin for WordPress does."""
    uri, anna = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri, peer.actor("anna")
    note = peer.note(anna, "Da war ich schon, schön!") | {"inReplyTo": _page(hagen, uri)}
    create = peer.activity("Create", anna, note)
    assert peer.send(f"{hagen.url}/inbox", create).status_code == 202
    assert hagen.until_handled(create["id"]) == "handled"
    (listed,) = hagen.commanded("reply", "list", "--state", "wartet")
    assert (listed["uri"], listed["object"]) == (note["id"], uri)


def test_reactions_by_the_page_count_and_are_taken_back(hagen: Town, peer: Peer) -> None:
    uri, anna = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri, peer.actor("anna")
    said = [peer.activity(kind, anna, _page(hagen, uri)) for kind in ("Like", "Announce")]
    for activity in said:
        peer.send(f"{hagen.url}/inbox", activity)
        assert hagen.until_handled(activity["id"]) == "handled"
    shown = hagen.get(uri).json()
    assert (shown["likes"]["totalItems"], shown["shares"]["totalItems"]) == (1, 1)
    undo = peer.activity("Undo", anna, said[0])
    peer.send(f"{hagen.url}/inbox", undo)
    assert hagen.until_handled(undo["id"]) == "handled"
    assert hagen.get(uri).json()["likes"]["totalItems"] == 0


@pytest.mark.parametrize("page", ["/organisationen/buecherei", "/@buecherei"])
def test_an_organisation_is_followed_by_its_page(hagen: Town, peer: Peer, page: str) -> None:
    anna, owner = peer.actor("anna"), hagen.owner("buecherei")
    follow = peer.activity("Follow", anna, f"{hagen.url}{page}")
    peer.send(f"{hagen.url}/inbox", follow)
    (accept,) = peer.until("Accept")
    assert (accept.signer, accept.object_id, accept.activity["object"]["object"]) == (owner, follow["id"], owner)
    assert hagen.followers(owner) == [anna]
    undo = peer.activity("Undo", anna, follow)
    peer.send(f"{hagen.url}/inbox", undo)
    hagen.until_handled(undo["id"])
    assert hagen.followers(owner) == []


def test_an_event_is_joined_by_its_page(hagen: Town, peer: Peer) -> None:
    event = hagen.publish(towns.event("Sommerfest", hagen.clock.now() + timedelta(days=5))).uri
    peer.send(f"{hagen.url}/inbox", peer.activity("Join", peer.actor("anna"), _page(hagen, event)))
    peer.until("Accept")
    assert hagen.read(places.taken, event) == 1


def test_a_report_by_the_page_is_about_the_offer(hagen: Town, peer: Peer) -> None:
    uri = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    flag = peer.activity("Flag", peer.actor("anna"), [_page(hagen, uri)], content="Das ist Werbung.")
    peer.send(f"{hagen.url}/inbox", flag)
    assert hagen.until_handled(flag["id"]) == "handled"
    assert [one["objects"] for one in hagen.commanded("report", "list")] == [[uri]]


@pytest.mark.parametrize(
    "path", ["/angebote/06f5x1x1x1x1x1x1x1x1x1", "/suche", "/organisationen/niemand", "//[", "/termine/x"]
)
def test_a_page_of_nothing_is_nothing(hagen: Town, peer: Peer, path: str) -> None:
    like = peer.activity("Like", peer.actor("anna"), f"{hagen.url}{path}")
    peer.send(f"{hagen.url}/inbox", like)
    assert hagen.until_handled(like["id"]).startswith("dropped: ")


def test_what_is_pasted_into_the_search_is_shown(hagen: Town, peer: Peer) -> None:
    uri, anna = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri, peer.actor("anna")
    hagen.follow(anna)
    (follow,) = peer.until("Follow")
    note = peer.note(anna, "Der Chor sucht Stimmen")
    for said in (peer.activity("Accept", anna, dict(follow.activity)), peer.activity("Create", anna, note)):
        peer.send(f"{hagen.url}/inbox", said)
    hagen.until_found("Stimmen", "Der Chor sucht Stimmen")

    def shown(pasted: str) -> str:
        answer = hagen.get("/", towns.AS_BROWSER, q=pasted)
        return hagen.get(answer.headers["location"], towns.AS_BROWSER).text if answer.status_code == 303 else ""

    for offer in (uri, _page(hagen, uri), f" {uri} "):
        assert "<title>Lesepatin gesucht" in shown(offer)
    assert "<title>Der Chor sucht Stimmen" in shown(note["id"])
    for organisation in (f"@buecherei@{hagen.host}", hagen.owner("buecherei"), f"{hagen.url}/@buecherei"):
        assert "<title>Stadtbücherei" in shown(organisation)
    for nothing in (f"{uri}0", anna, "@niemand@nirgendwo.example", "https://nirgendwo.example:58095/"):
        assert shown(nothing) == "", nothing
    for words in ("@buecherei", "https://\x00", "@ @"):
        assert shown(words) == "", words
