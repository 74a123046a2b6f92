"""A saved search is followed as an account: from Mastodon and from another town, for what is ours and what is not."""

from fediverse_ehrenamt.duplicates import tasks as duplicates
from fediverse_ehrenamt.feeds.tasks import HOUSEKEEPING
from tests import towns
from tests.flows.conftest import Found
from tests.flows.peer import Letter, Peer
from tests.towns import AS_BROWSER, Country, Town

SEARCH = "bereich=kultur&ort=Hagen"


def _tidy(town: Town) -> None:
    """Do at once what housekeeping does every minute."""
    while sum([town.write(one) for one in (duplicates.follow, *HOUSEKEEPING)]):
        pass


def _feed(town: Town, search: str = SEARCH) -> str:
    """Add a feed and return its actor's URI."""
    made = town.commanded("feed", "add", "kultur", "--search", search, "--name", "Kultur in Hagen")
    return str(made["uri"])


def _follow(town: Town, peer: Peer, actor: str, name: str = "bert") -> None:
    follower = peer.actor(name)
    peer.send(f"{actor}/inbox", peer.activity("Follow", follower, actor))
    town.until(lambda: follower in town.followers(actor), "is followed")


def _about(peer: Peer, uri: str) -> list[tuple[str, str]]:
    return [(letter.type, letter.signer) for letter in peer.letters if _object(letter) == uri]


def _object(letter: Letter) -> str:
    inner = letter.activity["object"]
    return _object(Letter("", inner, "")) if isinstance(inner, dict) and "object" in inner else letter.object_id


def test_the_followers_of_a_feed_get_announce_update_and_delete(found: Found, country: Country) -> None:
    hagen, flensburg, peer = found("Hagen"), found("Flensburg"), Peer(country)
    organisation = hagen.add()
    hagen.publish(towns.opportunity("Küsterin gesucht", key="alt"))
    feed = _feed(hagen)
    _tidy(hagen)
    _follow(hagen, peer, feed)
    assert flensburg.follow(f"@kultur@{hagen.host}").uri == feed
    flensburg.until(lambda: flensburg.actor in hagen.followers(feed), "follows the feed")

    draft = towns.opportunity("Lesepatin gesucht")
    uri = hagen.publish(draft).uri
    _tidy(hagen)
    (announce,) = peer.until("Announce")
    assert (announce.object_id, announce.signer, announce.activity["actor"]) == (uri, feed, feed)
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    assert flensburg.titles("Küsterin") == [], "what was there before is not announced"

    hagen.publish(towns.opportunity("Lesepate gesucht"))
    _tidy(hagen)
    flensburg.until_found("Lesepate", "Lesepate gesucht")
    peer.until("Update")
    hagen.publish(towns.withdrawn(draft))
    _tidy(hagen)
    peer.until("Delete")
    flensburg.until_lost("Lesepate")
    assert _about(peer, uri) == [("Announce", feed), ("Update", organisation), ("Delete", organisation)]


def test_what_comes_from_another_town_is_announced_and_its_changes_are_passed_on(
    found: Found, country: Country
) -> None:
    hagen, flensburg, peer = found("Hagen"), found("Flensburg"), Peer(country)
    organisation = hagen.add()
    flensburg.follow(hagen.url)
    towns.until_followed(flensburg, hagen)
    feed = _feed(flensburg)
    _tidy(flensburg)
    _follow(flensburg, peer, feed)
    draft = towns.opportunity("Lesepatin gesucht")
    uri = hagen.publish(draft).uri
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    _tidy(flensburg)
    peer.until("Announce")
    flensburg.until_quiet()
    hagen.until(lambda: hagen.get(f"{uri}/shares").json()["totalItems"] == 1, "counts that it is shared")

    hagen.publish(towns.opportunity("Lesepate gesucht"))
    flensburg.until_found("Lesepate", "Lesepate gesucht")
    _tidy(flensburg)
    (update,) = peer.until("Update")
    assert (update.signer, update.activity["actor"]) == (feed, organisation)
    assert update.activity["proof"]["verificationMethod"].startswith(organisation), "it proves itself"
    hagen.publish(towns.withdrawn(draft))
    flensburg.until_lost("Lesepate")
    _tidy(flensburg)
    peer.until("Delete")
    peer.until("Undo")
    _tidy(flensburg)
    flensburg.until_quiet()
    assert sorted(_about(peer, uri)) == sorted((kind, feed) for kind in ("Announce", "Update", "Delete", "Undo"))


def test_a_feed_shows_itself_to_people_and_to_peers(country: Country) -> None:
    hagen = country.town("Hagen")
    hagen.add()
    feed = _feed(hagen)
    uri = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    _tidy(hagen)
    actor = hagen.get(feed).json()
    assert (actor["type"], actor["preferredUsername"], actor["name"]) == ("Service", "kultur", "Kultur in Hagen")
    assert actor["url"] == f"{hagen.url}/abos/kultur"
    assert "upcomingEvents" not in actor
    found = hagen.get("/.well-known/webfinger", resource=f"acct:kultur@{hagen.host}").json()
    assert {link["href"] for link in found["links"] if link["rel"] == "self"} == {feed}
    outbox = hagen.get(actor["outbox"]).json()
    assert outbox["totalItems"] == 1
    (item,) = outbox["first"]["orderedItems"]
    assert (item["type"], item["object"]["id"]) == ("Announce", uri)
    assert hagen.get(actor["followers"]).json()["totalItems"] == 0

    assert hagen.get(feed, AS_BROWSER).headers["location"] == actor["url"]
    assert hagen.get(actor["url"]).headers["location"] == feed
    page = hagen.get(actor["url"], AS_BROWSER)
    assert page.status_code == 200
    for words in ("Kultur in Hagen", f"@kultur@{hagen.host}", "20 km um Hagen", "Kultur und Musik"):
        assert words in page.text
    hagen.until(lambda: "Lesepatin gesucht" in hagen.get(actor["url"], AS_BROWSER).text, "shows the newest")

    (listed,) = hagen.commanded("feed", "list")
    assert (listed["handle"], listed["search"]) == ("kultur", "ort=Hagen&bereich=kultur")
    assert "kultur" in hagen.command("feed", "remove", "kultur")
    for address, headers in ((feed, None), (actor["url"], AS_BROWSER)):
        assert hagen.get(address, headers or towns.AS_PEER).status_code == 410
    assert hagen.try_command("feed", "add", "kultur", "--search", SEARCH, "--name", "Kultur").returncode == 1
