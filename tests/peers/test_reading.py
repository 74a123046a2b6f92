"""What Fedify's own readers find at ours (WebFinger, NodeInfo, collections), and ours at Fedify."""

from datetime import UTC, datetime, timedelta

from fediverse_ehrenamt.federation.discovery import NODEINFO_RELS
from fediverse_ehrenamt.federation.model import HostRow
from tests import towns
from tests.peers.conftest import NEXT, FedifyPeer, Organisation, follow_ours, follow_theirs, until
from tests.towns import Town

_START = datetime(NEXT, 6, 1, 12, 0, tzinfo=UTC)
_SERVICE = "https://www.w3.org/ns/activitystreams#Service"
_ACTIVITY_JSON = "application/activity+json"


def _self_links(found: dict[str, list[dict[str, str]]], rel: str = "self") -> list[str]:
    return [one["href"] for one in found["links"] if one["rel"] == rel and one["type"] == _ACTIVITY_JSON]


def test_webfinger(hagen: Town, fedify: FedifyPeer, organisation: Organisation) -> None:
    subject = f"acct:{organisation.handle}@{hagen.host}"
    page = f"{hagen.url}/organisationen/{organisation.handle}"
    for resource in (subject, organisation.uri, page):
        found = fedify.order("webfinger", resource=resource)["found"]
        assert found["subject"] == subject
        assert _self_links(found) == [organisation.uri]
        assert set(found["aliases"]) == {organisation.uri, page}
    for resource in (f"acct:relay@{hagen.host}", f"{hagen.url}/"):
        found = fedify.order("webfinger", resource=resource)["found"]
        assert _self_links(found) == _self_links(found, _SERVICE) == [hagen.actor]
    assert fedify.order("webfinger", resource=f"acct:niemand@{hagen.host}")["found"] is None


def test_nodeinfo(hagen: Town, fedify: FedifyPeer, organisation: Organisation) -> None:
    before = fedify.order("nodeinfo", url=hagen.url)["found"]
    organisation.publish(towns.opportunity("Lesepatin gesucht"))
    after = fedify.order("nodeinfo", url=hagen.url)["found"]
    assert set(after) == set(NODEINFO_RELS)
    for rel, found in after.items():
        assert found["software"]["name"] == "ehrenamt"
        assert found["protocols"] == ["activitypub"]
        assert found["usage"]["localPosts"] == before[rel]["usage"]["localPosts"] + 1
        assert found["usage"]["users"]["activeMonth"] == before[rel]["usage"]["users"]["activeMonth"] + 1

    follow_theirs(hagen, fedify)
    host = f"127.0.0.1:{fedify.port}"
    until(hagen, lambda: _software(hagen, host) == "fedify-peer", "reads Fedify's NodeInfo")


def _software(hagen: Town, host: str) -> str:
    row = hagen.read(lambda work: work.db.get(HostRow, host))
    return row.software if row else ""


def test_collections(hagen: Town, fedify: FedifyPeer, organisation: Organisation) -> None:
    follow_ours(hagen, fedify, organisation.uri)
    offers = [organisation.publish(towns.opportunity(f"Lesepatin Nummer {n}", key=f"angebot-{n}")) for n in range(22)]
    dates = [
        organisation.publish(towns.event("Vorlesefest", _START + timedelta(days=day), key=f"termin-{day}"))
        for day in (7, 0)
    ]
    me = organisation.uri

    outbox = fedify.collection(f"{me}/outbox")  # over two pages
    assert (outbox["type"], outbox["total"], len(outbox["items"])) == ("OrderedCollection", 24, 24)
    assert {item["type"] for item in outbox["items"]} == {"Create"}
    assert [item["object"]["id"] for item in outbox["items"]] == [*reversed(dates), *reversed(offers)]

    followers = fedify.collection(f"{me}/followers")
    assert (followers["total"], [item["id"] for item in followers["items"]]) == (1, [fedify.actor])
    assert fedify.collection(f"{me}/following")["total"] == 0

    featured = fedify.collection(f"{me}/featured")
    assert [(item["type"], item["id"]) for item in featured["items"]] == [("Note", uri) for uri in offers[:-6:-1]]

    document = hagen.get(me).json()
    upcoming = fedify.collection(document["upcomingEvents"])
    assert [(item["type"], item["id"]) for item in upcoming["items"]] == [("Event", uri) for uri in reversed(dates)]
    everywhere = fedify.collection(f"{hagen.actor}/upcoming")
    assert set(dates) <= {item["id"] for item in everywhere["items"]}


def test_whom_we_follow(hagen: Town, fedify: FedifyPeer) -> None:
    follow_theirs(hagen, fedify)
    newest = hagen.get(f"{hagen.actor}/following", page="1").json()["orderedItems"][0]
    assert newest == fedify.actor
    found = fedify.fetch(hagen.actor)
    assert found is not None
    assert (found["type"], found["preferredUsername"]) == ("Application", "relay")
