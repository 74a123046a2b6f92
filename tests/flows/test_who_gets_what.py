"""Who gets what (DESIGN §6): sisters and followers get activities, other followers of the instance announcements."""

from collections.abc import Sequence

import orjson
import pytest

from tests import towns
from tests.flows.conftest import Found
from tests.flows.peer import Letter, Peer
from tests.towns import Country, Town


def _follow(town: Town, peer: Peer, actor: str, target: str) -> None:
    """Let an actor of a peer follow an actor of a town, and wait until the town knows what software it runs."""
    before = len(peer.of("Accept"))
    assert peer.send(f"{town.url}/inbox", peer.activity("Follow", actor, target)).status_code == 202
    accept = peer.until("Accept", before + 1)[-1]
    assert accept.signer == target
    assert accept.activity["object"]["actor"] == actor
    town.until_quiet()


def _told(letters: Sequence[Letter]) -> list[tuple[str, str, str]]:
    return [(letter.inbox, letter.type, letter.signer) for letter in letters]


def _kinds(town: Town, thing: str) -> list[tuple[str, str]]:
    """Return (type, actor) of the activities about an object that a town was sent."""
    came = [(orjson.loads(row.body or b"{}"), row.actor) for row in town.received()]
    objects = [(activity, activity.get("object"), actor) for activity, actor in came]
    about = [(activity, part["id"] if isinstance(part, dict) else part, actor) for activity, part, actor in objects]
    return [(activity["type"], actor) for activity, uri, actor in about if uri == thing]


class Everybody:
    """Hagen with a sister, with readers on another server who follow its organisation, and with a Mobilizon."""

    def __init__(self, found: Found, country: Country) -> None:
        self.hagen, self.flensburg = found("Hagen"), found("Flensburg")
        self.organisation = self.hagen.add()
        self.flensburg.follow(self.hagen.url)
        towns.until_followed(self.flensburg, self.hagen)
        self.readers, self.mobilizon = Peer(country, "mastodon"), Peer(country, "mobilizon")
        for name in ("anna", "bela", "cem"):
            _follow(self.hagen, self.readers, self.readers.actor(name), self.organisation)
        _follow(self.hagen, self.readers, self.readers.actor("alone", shared=False), self.organisation)
        _follow(self.hagen, self.mobilizon, self.mobilizon.actor("relay"), self.hagen.actor)
        both = self.mobilizon.actor("both", shared=False)
        _follow(self.hagen, self.mobilizon, both, self.hagen.actor)
        _follow(self.hagen, self.mobilizon, both, self.organisation)


@pytest.fixture
def everybody(found: Found, country: Country) -> Everybody:
    return Everybody(found, country)


def test_a_create_goes_to_sisters_and_followers_an_announce_to_others(everybody: Everybody) -> None:
    hagen, organisation = everybody.hagen, everybody.organisation
    readers, mobilizon = everybody.readers, everybody.mobilizon
    uri = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    everybody.flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    hagen.until(lambda: towns.waiting(hagen) == 0, "has told everybody")
    assert sorted(_told(readers.of("Create", "Announce"))) == [
        ("/inbox", "Create", organisation),  # once for three followers
        ("/users/alone/inbox", "Create", organisation),
    ]
    assert sorted(_told(mobilizon.of("Create", "Announce"))) == [
        ("/inbox", "Announce", hagen.actor),
        ("/users/both/inbox", "Announce", hagen.actor),  # an inbox may be that of people who follow different actors
        ("/users/both/inbox", "Create", organisation),
    ]
    assert [letter.activity["object"] for letter in mobilizon.of("Announce")] == [uri, uri]
    assert readers.of("Create")[0].object_id == uri
    assert _kinds(everybody.flensburg, uri) == [("Create", organisation)]


def test_update_and_delete_go_to_all_that_were_sent_it_once(everybody: Everybody, country: Country) -> None:
    hagen, organisation = everybody.hagen, everybody.organisation
    draft = towns.opportunity("Lesepatin gesucht")
    uri = hagen.publish(draft).uri
    everybody.flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    late = Peer(country, "gotosocial")  # came after the Create: it gets the Update
    _follow(hagen, late, late.actor(), organisation)
    hagen.publish(towns.opportunity("Lesepate gesucht"))
    everybody.flensburg.until_found("Lesepate", "Lesepate gesucht")
    hagen.publish(towns.withdrawn(draft))
    everybody.flensburg.until_lost("Lesepate")
    hagen.until(lambda: towns.waiting(hagen) == 0, "has told everybody")
    expected = {
        everybody.readers: ("/inbox", "/users/alone/inbox"),
        everybody.mobilizon: ("/inbox", "/users/both/inbox"),
    }
    for kind in ("Update", "Delete"):
        for peer, inboxes in {**expected, late: ("/inbox",)}.items():
            assert sorted(_told(peer.of(kind))) == [(inbox, kind, organisation) for inbox in inboxes]
            assert {letter.object_id for letter in peer.of(kind)} == {uri}
    assert [kind for kind, _ in _kinds(everybody.flensburg, uri)] == ["Create", "Update", "Delete"]
    assert late.of("Create", "Announce") == []


def test_a_town_that_is_only_announced_to_fetches_the_object_itself(country: Country) -> None:
    """Before Hagen knows that Flensburg is a sister (or if it never says so), an Announce of the id must do."""
    hagen, flensburg = country.town("Hagen"), country.town("Flensburg")
    hagen.add()
    flensburg.follow(hagen.url)
    towns.until_followed(flensburg, hagen)
    towns.forget_hosts(hagen)
    uri = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    assert _kinds(flensburg, uri) == [("Announce", hagen.actor)]
    hagen.publish(towns.opportunity("Lesepate gesucht"))
    flensburg.until_found("Lesepate", "Lesepate gesucht")
    assert [kind for kind, _ in _kinds(flensburg, uri)] == ["Announce", "Update"]
