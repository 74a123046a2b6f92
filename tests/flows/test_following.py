"""Following, again, no longer; and what was published before somebody followed."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.kit.errors import Conflict, PeerError
from fediverse_ehrenamt.search import store as documents
from tests import servers, towns
from tests.flows.conftest import Found
from tests.flows.peer import Peer
from tests.towns import Country, Town


def _until_followers(town: Town, actor: str, *expected: str) -> None:
    town.until(lambda: town.followers(actor) == sorted(expected), f"is followed by {expected}")


def test_what_was_published_before_comes_through_the_outbox(found: Found) -> None:
    hagen, flensburg = found("Hagen"), found("Flensburg")
    hagen.add()
    for number in range(45):  # more than two pages
        hagen.publish(towns.opportunity(f"Lesepatin Nummer {number}", key=f"angebot-{number}"))
    hagen.publish(towns.opportunity("Lesepatin Nummer 7a", key="angebot-7"))
    hagen.publish(towns.withdrawn(towns.opportunity("Lesepatin Nummer 8", key="angebot-8")))
    flensburg.follow(hagen.url)
    towns.until_followed(flensburg, hagen)
    flensburg.until_found("7a", "Lesepatin Nummer 7a")
    flensburg.until(lambda: flensburg.read(documents.count) == 44, "has all that is left")
    assert flensburg.titles("8") == []
    assert all("/activity/" in row.activity for row in flensburg.received())
    assert len(flensburg.received()) == 1, "only the Accept was sent"


def test_a_handle_a_page_and_a_domain_name_the_same_organisation(country: Country) -> None:
    hagen, flensburg = country.town("Hagen"), country.town("Flensburg")
    organisation = hagen.add()
    hagen.add("sport", "Sportverein")
    for address in (f"@buecherei@{hagen.host}", f"acct:buecherei@{hagen.host}", organisation):
        assert flensburg.follow(address).uri == organisation
    towns.until_followed(flensburg, hagen, organisation)
    hagen.publish(towns.opportunity("Lesepatin gesucht"), "buecherei")
    hagen.publish(towns.opportunity("Übungsleiterin gesucht"), "sport")
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    hagen.until_quiet()
    flensburg.until_quiet()
    assert flensburg.titles("Übungsleiterin") == [], "only the organisation is followed, not the town"
    for address in (hagen.host, hagen.url, f"{hagen.url}/", f"@relay@{hagen.host}"):
        assert flensburg.follow(address).uri == hagen.actor


@pytest.mark.parametrize("address", ["@niemand@{host}", "{url}/nichts", "http://127.0.0.1:9", "kein verein"])
def test_what_is_no_actor_is_refused_with_a_reason(country: Country, address: str) -> None:
    hagen, flensburg = country.town("Hagen"), country.town("Flensburg")
    with pytest.raises(PeerError) as caught:
        flensburg.follow(address.format(host=hagen.host, url=hagen.url))
    assert " " in caught.value.public
    assert "404" not in caught.value.public
    assert flensburg.read(sources.listing) == []


def test_nobody_follows_itself(country: Country) -> None:
    hagen = country.town("Hagen")
    with pytest.raises(Conflict):
        hagen.follow(hagen.url)


def test_a_repeated_follow_is_answered_again(country: Country) -> None:
    hagen, peer = country.town("Hagen"), Peer(country)
    organisation = hagen.add()
    anna = peer.actor()
    for count in (1, 2):
        follow = peer.activity("Follow", anna, organisation)
        assert peer.send(f"{organisation}/inbox", follow).status_code == 202
        accept = peer.until("Accept", count)[-1]
        assert (accept.inbox, accept.signer) == ("/users/anna/inbox", organisation)
        assert accept.activity["object"]["id"] == follow["id"]
        assert hagen.followers(organisation) == [anna]


def test_a_follow_under_the_same_id_counts_after_an_undo(country: Country) -> None:
    """Misskey's ids of Follow and Undo are made of the two accounts, and so the same each time."""
    hagen, peer = country.town("Hagen"), Peer(country)
    organisation, anna = hagen.add(), peer.actor()
    follow = {**peer.activity("Follow", anna, organisation), "id": f"{peer.url}/follows/anna/buecherei"}
    undo = {**peer.activity("Undo", anna, follow), "id": f"{follow['id']}/undo"}
    for count in (1, 2):
        country.clock.advance(seconds=1)  # or it would be the same request, byte for byte
        peer.send(f"{hagen.url}/inbox", follow)
        peer.until("Accept", count)
        _until_followers(hagen, organisation, anna)
        peer.send(f"{hagen.url}/inbox", undo)
        _until_followers(hagen, organisation)


@pytest.mark.parametrize("embedded", [True, False])
def test_unfollowing_whole_or_by_id(country: Country, embedded: bool) -> None:
    hagen, peer = country.town("Hagen"), Peer(country)
    organisation, anna, bela = hagen.add(), peer.actor("anna"), peer.actor("bela")
    follows = {actor: peer.activity("Follow", actor, organisation) for actor in (anna, bela)}
    for follow in follows.values():
        peer.send(f"{hagen.url}/inbox", follow)
    _until_followers(hagen, organisation, anna, bela)
    undo = peer.activity("Undo", anna, follows[anna] if embedded else follows[anna]["id"])
    peer.send(f"{hagen.url}/inbox", undo)
    _until_followers(hagen, organisation, bela)
    # Nobody ends what is somebody else's.
    foreign = peer.activity("Undo", anna, follows[bela] if embedded else follows[bela]["id"])
    peer.send(f"{hagen.url}/inbox", foreign)
    hagen.until_quiet()
    assert hagen.followers(organisation) == [bela]


def test_a_removed_source_is_told_and_what_came_from_it_goes(found: Found) -> None:
    hagen, flensburg = found("Hagen"), found("Flensburg")
    hagen.add()
    draft = towns.opportunity("Lesepatin gesucht")
    hagen.publish(draft)
    flensburg.follow(hagen.url)
    towns.until_followed(flensburg, hagen)
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")

    assert "1 Eintrag gelöscht" in flensburg.command("source", "remove", hagen.actor)
    flensburg.until_lost("Lesepatin")
    _until_followers(hagen, hagen.actor)
    hagen.publish(towns.opportunity("Märchenerzähler gesucht"))
    hagen.until_quiet()
    assert flensburg.titles("Märchenerzähler") == []

    flensburg.follow(hagen.url)  # and back again
    towns.until_followed(flensburg, hagen)
    flensburg.until_found("Märchenerzähler", "Märchenerzähler gesucht")


def test_what_was_read_in_an_outbox_goes_when_it_is_withdrawn(found: Found) -> None:
    """Flensburg was sent nothing: it follows since, and read."""
    hagen, flensburg = found("Hagen"), found("Flensburg")
    hagen.add()
    draft = towns.opportunity("Lesepatin gesucht")
    hagen.publish(draft)
    flensburg.follow(hagen.url)
    towns.until_followed(flensburg, hagen)
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    hagen.publish(towns.withdrawn(draft))
    flensburg.until_lost("Lesepatin")


def test_an_undo_does_not_overtake_its_follow(country: Country) -> None:
    flensburg, peer = country.town("Flensburg"), Peer(country)
    anna = peer.actor()
    peer.statuses["/users/anna/inbox"] = 500
    flensburg.follow(anna)
    flensburg.until(lambda: towns.tries(flensburg) == 1, "tried in vain")
    del peer.statuses["/users/anna/inbox"]
    flensburg.write(sources.remove, anna)
    flensburg.until_quiet()
    assert peer.of("Follow", "Undo") == []
    flensburg.clock.advance(minutes=2)
    peer.until("Undo")
    follow, undo = peer.of("Follow", "Undo")
    assert (follow.type, undo.type) == ("Follow", "Undo")
    assert undo.activity["object"]["id"] == follow.activity["id"]


def test_a_source_that_says_no_is_no_longer_indexed(country: Country) -> None:
    flensburg, peer = country.town("Flensburg"), Peer(country)
    anna = peer.actor()
    flensburg.follow(anna)
    follow = peer.until("Follow")[0].activity
    assert follow["object"] == anna
    for kind, state in (("Accept", "accepted"), ("Reject", "rejected")):
        answer = peer.activity(kind, anna, follow)
        peer.send(f"{flensburg.url}/inbox", answer)
        assert flensburg.until_handled(answer["id"]) == "handled"
        source = flensburg.source(anna)
        assert source is not None
        assert source.state == state
    create = peer.activity("Create", anna, peer.note(anna, "Apfelfest im Garten"))
    assert peer.send(f"{flensburg.url}/inbox", create).status_code == 202
    assert flensburg.received(create["id"]) == []


def test_nobody_answers_for_somebody_else(country: Country) -> None:
    flensburg, peer = country.town("Flensburg"), Peer(country)
    anna, bela = peer.actor("anna"), peer.actor("bela")
    flensburg.follow(anna)
    follow = peer.until("Follow")[0].activity
    forged = peer.activity("Accept", bela, follow)
    peer.send(f"{flensburg.url}/inbox", forged)
    assert flensburg.until_handled(forged["id"]).startswith("dropped")
    source = flensburg.source(anna)
    assert source is not None
    assert source.state == "pending"


def test_handles_may_have_another_domain_than_the_server(country: Country) -> None:
    domain_port = servers.free_port()
    domain = f"127.0.0.1:{domain_port}"
    hagen = country.town("Hagen", EHRENAMT_HANDLE_DOMAIN=domain)
    flensburg = country.town("Flensburg")
    organisation = hagen.add()

    def forward(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{hagen.url}/.well-known/webfinger?{request.url.query}")

    country.serve(Starlette(routes=[Route("/.well-known/webfinger", forward)]), domain_port)
    for host in (domain, hagen.host):
        found = hagen.get("/.well-known/webfinger", resource=f"acct:buecherei@{host}")
        assert found.status_code == 200
        assert found.headers["content-type"] == "application/jrd+json"
        assert found.json()["subject"] == f"acct:buecherei@{domain}"
        assert {link["href"] for link in found.json()["links"] if link["rel"] == "self"} == {organisation}
    assert hagen.get("/.well-known/webfinger", resource="acct:buecherei@anderswo.example").status_code == 404
    assert hagen.get("/.well-known/webfinger").status_code == 400
    actor = hagen.get(organisation).json()
    assert actor["webfinger"] == f"buecherei@{domain}"
    assert actor["preferredUsername"] == "buecherei"

    assert flensburg.follow(f"@buecherei@{domain}").uri == organisation
    towns.until_followed(flensburg, hagen, organisation)
    hagen.publish(towns.opportunity("Lesepatin gesucht"))
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
