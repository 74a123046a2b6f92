"""Finding actors by what people have at hand, on a real server that knows the ways one after the other."""

from dataclasses import replace
from typing import Any

import pytest

from fediverse_ehrenamt.federation import discovery
from fediverse_ehrenamt.kit.errors import PeerError, Rejected, Unavailable
from fediverse_ehrenamt.vocab.types import Announce, Create, Tombstone
from fediverse_ehrenamt.work import Workshop
from tests.federation.origin import Answer, Origin
from tests.workbench import note

pytestmark = pytest.mark.anyio
NODEINFO = "/.well-known/nodeinfo"
JSON = "application/json"
APPLICATION = discovery.APPLICATION_REL


def finger_path(resource: str) -> str:
    return f"/.well-known/webfinger?resource={resource}"


def serve_finger(peer: Origin, resource: str, *links: dict[str, Any]) -> None:
    peer.serve(finger_path(resource), {"subject": resource, "links": list(links)}, kind="application/jrd+json")


def self_link(uri: str, **changes: Any) -> dict[str, Any]:
    return {"rel": "self", "type": "application/activity+json", "href": uri} | changes


def host(peer: Origin) -> str:
    return f"127.0.0.1:{peer.port}"


@pytest.mark.parametrize("form", ["@anna@{}", "anna@{}", "acct:anna@{}", "  @anna@{} "])
async def test_by_handle(home: Workshop, peer: Origin, form: str) -> None:
    uri = peer.at("/users/anna")
    page = {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": peer.at("/@anna")}
    serve_finger(peer, f"acct:anna@{host(peer)}", page, self_link(uri))
    assert await discovery.find_actor(home, form.format(host(peer))) == uri


@pytest.mark.parametrize("path", ["/@anna", "/@anna@weg.example"])
async def test_a_page_without_its_scheme_is_no_handle(home: Workshop, peer: Origin, path: str) -> None:
    """As it stands in the address bar of many a browser."""
    anna = peer.actor(path)
    assert await discovery.find_actor(home, f"{host(peer)}{path}") == anna.id


async def test_a_domain_with_umlauts_is_asked_as_it_calls_itself(home: Workshop) -> None:
    asked: list[str] = []

    def refuse(method: str, name: str) -> None:
        asked.append(f"{method} {name}")
        raise Rejected("nobody is asked")

    home.http.guard = refuse
    with pytest.raises(Rejected):
        await discovery.find_actor(home, "@anna@Müller.example")
    assert asked == ["GET xn--mller-kva.example"]


async def test_by_handle_at_another_domain(home: Workshop, peer: Origin, other: Origin) -> None:
    serve_finger(peer, f"acct:thw@{host(peer)}", self_link(other.at("/ap/actor/1")))
    assert await discovery.find_actor(home, f"@thw@{host(peer)}") == other.at("/ap/actor/1")


@pytest.mark.parametrize(
    "link",
    [
        {},
        self_link("not a url"),
        self_link("https://u:p@peer.example/"),
        self_link("http://127.0.0.1/x", type="text/html"),
        self_link("http://127.0.0.1/x", rel="alternate"),
        {"rel": "self", "type": 7, "href": 8},
    ],
)
async def test_links_of_no_use(home: Workshop, peer: Origin, link: dict[str, Any]) -> None:
    serve_finger(peer, f"acct:anna@{host(peer)}", link)
    with pytest.raises(Rejected, match="gibt es auf"):
        await discovery.find_actor(home, f"@anna@{host(peer)}")


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"links": 1}', b'{"links": [1, null, "x"]}', b"{}"])
async def test_hostile_answers(home: Workshop, peer: Origin, body: bytes) -> None:
    peer.answers[finger_path(f"acct:anna@{host(peer)}")] = Answer(body)
    with pytest.raises(Rejected):
        await discovery.find_actor(home, f"@anna@{host(peer)}")


async def test_by_the_actors_address(home: Workshop, peer: Origin) -> None:
    anna = peer.actor()
    assert await discovery.find_actor(home, anna.id) == anna.id


async def test_by_something_it_wrote(home: Workshop, peer: Origin) -> None:
    uri = peer.at("/users/anna")
    thing = note(peer.at("/notes/1"), attributed_to=uri)
    peer.serve("/notes/1", thing)
    peer.serve("/activities/1", Create(id=peer.at("/activities/1"), actor=uri, object=thing))
    peer.serve("/activities/2", Announce(id=peer.at("/activities/2"), actor=uri, object=thing.id))
    for path in ("/notes/1", "/activities/1", "/activities/2"):
        assert await discovery.find_actor(home, peer.at(path)) == uri


async def test_by_a_page_for_people(home: Workshop, peer: Origin) -> None:
    page = peer.serve("/@anna", b"<html>", kind="text/html")
    serve_finger(peer, page, self_link(peer.at("/users/anna")))
    assert await discovery.find_actor(home, page) == peer.at("/users/anna")


async def test_a_page_of_nobody(home: Workshop, peer: Origin) -> None:
    peer.serve("/gone", Tombstone(id=peer.at("/gone")))
    for path in ("/gone", "/missing"):
        with pytest.raises(Rejected):
            await discovery.find_actor(home, peer.at(path))


async def test_an_instance_by_nodeinfo(home: Workshop, peer: Origin) -> None:
    uri = peer.at("/ap/actor/relay")
    foreign = {"rel": APPLICATION, "href": "https://evil.example/actor"}
    peer.serve(NODEINFO, {"links": [foreign, {"rel": APPLICATION, "href": uri}]}, kind=JSON)
    for address in (peer.url, f"{peer.url}/", host(peer)):
        assert await discovery.find_actor(home, address) == uri


async def test_an_instance_by_its_hosts_webfinger(home: Workshop, peer: Origin) -> None:
    peer.serve(NODEINFO, {"links": []}, kind=JSON)
    serve_finger(peer, f"{peer.url}/", self_link(peer.at("/actor"), rel=APPLICATION))
    assert await discovery.find_actor(home, host(peer)) == peer.at("/actor")


async def test_webfinger_of_the_host_comes_before_nodeinfo(home: Workshop, peer: Origin) -> None:
    """What WordPress names in NodeInfo publishes nothing; Gancio answers 400 to what is no account."""
    named = {"rel": APPLICATION, "href": peer.at("/wp-json/activitypub/1.0/application")}
    peer.serve(NODEINFO, {"links": [named]}, kind=JSON)
    serve_finger(peer, f"{peer.url}/", self_link(peer.at("/?author=0")))
    assert await discovery.find_actor(home, peer.url) == peer.at("/?author=0")
    peer.answers[finger_path(f"{peer.url}/")] = Answer(b"Bad request.", status=400, kind="text/html")
    assert await discovery.find_actor(home, peer.url) == named["href"]


async def test_an_instance_by_its_relay(home: Workshop, peer: Origin) -> None:
    serve_finger(peer, f"acct:relay@{host(peer)}", self_link(peer.at("/relay")))
    assert await discovery.find_actor(home, peer.url) == peer.at("/relay")


async def test_an_instance_that_is_an_actor_itself(home: Workshop, peer: Origin) -> None:
    anna = peer.actor("/")
    assert await discovery.find_actor(home, peer.url) == anna.id


async def test_an_instance_that_names_nobody(home: Workshop, peer: Origin) -> None:
    with pytest.raises(Rejected, match="nennt kein Konto"):
        await discovery.find_actor(home, host(peer))


async def test_an_instance_that_is_down(home: Workshop, peer: Origin) -> None:
    """Where one of the ways may lead to it later, it is not said to be none."""
    peer.answers[NODEINFO] = Answer(status=500)
    with pytest.raises(Unavailable):
        await discovery.find_actor(home, host(peer))


@pytest.mark.parametrize("address", ["", "ftp://x.example/", "https://", "://", "a b", "https://u@h.example/x"])
async def test_no_address(home: Workshop, address: str) -> None:
    with pytest.raises(PeerError):
        await discovery.find_actor(home, address)


def serve_software(peer: Origin, name: object, rel: str = discovery.NODEINFO_RELS[0]) -> None:
    peer.serve(NODEINFO, {"links": [{"rel": rel, "href": peer.at("/nodeinfo/2.1")}]}, kind=JSON)
    peer.serve("/nodeinfo/2.1", {"software": name}, kind=JSON)


async def test_what_a_host_runs(home: Workshop, peer: Origin) -> None:
    assert await discovery.software(home, peer.url) == ""
    serve_software(peer, {"name": "ehrenamt"})
    assert await discovery.software(home, peer.url) == "ehrenamt"
    serve_software(peer, {"name": "Gancio"}, discovery.NODEINFO_RELS[1])
    assert await discovery.software(home, peer.url) == "gancio"
    serve_software(peer, "nothing")
    assert await discovery.software(home, peer.url) == ""
    peer.serve(NODEINFO, {"links": [{"rel": discovery.NODEINFO_RELS[0], "href": "https://evil.example/n"}]}, kind=JSON)
    assert await discovery.software(home, peer.url) == ""
    peer.answers[NODEINFO] = Answer(status=503)
    with pytest.raises(Unavailable):
        await discovery.software(home, peer.url)


async def test_a_secure_instance_asks_nobody_in_the_clear(home: Workshop, peer: Origin) -> None:
    """Only who tries things out on one machine looks up handles without TLS."""
    serve_finger(peer, f"acct:anna@{host(peer)}", self_link(peer.at("/users/anna")))
    serious = replace(home.settings, url="https://hagen.example")
    workshop = Workshop(home.engines, home.http, serious, home.now)
    with pytest.raises(Unavailable):  # it spoke TLS to a server that does not
        await discovery.find_actor(workshop, f"@anna@{host(peer)}")
    assert peer.requests == []


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="application/activity+json" href="{}">',
        "<LINK HREF='{}' REL='alternate me' TYPE='application/activity+json; charset=utf-8' />",
        '<link rel=alternate type=application/ld+json href="/users/anna?a=1&amp;b=2">',
    ],
)
async def test_by_what_a_page_names(home: Workshop, peer: Origin, link: str) -> None:
    """A homepage that is no profile, and whose WebFinger knows nothing of it: WordPress, Mobilizon, Ghost."""
    anna = peer.actor("/users/anna?a=1&b=2")
    other = '<link rel="alternate" type="application/rss+xml" href="/feed"><link rel="stylesheet" href="/x.css">'
    page = peer.serve("/verein", f"<html><head>{other}{link.format(anna.id)}</head>".encode(), kind="text/html")
    assert await discovery.find_actor(home, page) == anna.id


async def test_by_the_event_on_a_page(home: Workshop, peer: Origin) -> None:
    group = peer.at("/@gruppe")
    peer.serve("/events/1", note(peer.at("/events/1"), attributed_to=group))
    link = b'<link rel="alternate" type="application/activity+json" href="/events/1">'
    assert await discovery.find_actor(home, peer.serve("/termin", link, kind="text/html")) == group


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b'<link rel="alternate" type="application/activity+json">',
        b'<link rel="alternate" type="application/activity+json" href="//[">',
        b'<link rel="alternate" type="application/activity+json" href="javascript:alert(1)">',
        b'<link rel="alternate" type="application/activity+json" href="/verein">',
        b'<link rel="icon" type="application/activity+json" href="/users/anna">',
        b'<link rel="alternate" type="application/activity+json" href="/users/anna',
        b"<link " + b"a=" * 100_000,
    ],
)
async def test_a_page_that_names_nobody(home: Workshop, peer: Origin, page: bytes) -> None:
    peer.actor()
    with pytest.raises(Rejected, match="kein Konto"):
        await discovery.find_actor(home, peer.serve("/verein", page, kind="text/html"))


@pytest.mark.parametrize(
    ("software", "kind", "said"),
    [
        ("mobilizon", "Group", "Mobilizon-Gruppe"),
        ("mobilizon", "Application", "Mobilizon-Instanz"),
        ("gancio", "Application", "Gancio-Kalender"),
        ("wordpress", "Group", "WordPress-Blog"),
        ("mastodon", "Person", "Mastodon-Konto"),
        ("ehrenamt", "Application", "Schwesterinstanz"),
        ("ehrenamt", "Organization", "Organisation einer Schwesterinstanz"),
        ("", "Person", "Konto"),
        ("", "", "Konto"),
    ],
)
def test_what_somebody_is_in_words(software: str, kind: str, said: str) -> None:
    assert discovery.describe(software, kind) == said
