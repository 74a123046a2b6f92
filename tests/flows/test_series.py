"""Weekly shifts between servers: sisters find every date at once, timelines see one at a time; an offer confirmed."""

from datetime import datetime, timedelta

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.search import store as documents
from tests import towns
from tests.flows.conftest import Found
from tests.flows.peer import Peer
from tests.towns import Country, Town

OFFER = """\
organisation: buecherei
opportunities:
  - id: vorlesen
    title: Vorlesen am Dienstag
    kind: schicht
    areas: [kultur]
    text: Wir suchen Menschen, die Kindern vorlesen.
    place: {name: Stadtbücherei, postcode: 58095, locality: Hagen}
    dates:
"""


def _follow(town: Town, peer: Peer, actor: str, target: str) -> None:
    assert peer.send(f"{town.url}/inbox", peer.activity("Follow", actor, target)).status_code == 202
    peer.until("Accept")
    town.until_quiet()


def _publish(town: Town, text: str) -> list[str]:
    """Publish a file as an operator does and return what became of each entry."""
    file = town.folder / "angebote.yaml"
    file.write_text(text, encoding="utf-8")
    return [outcome["what"] for outcome in town.commanded("publish", file)]


def _weeks(count: int) -> str:
    starts = [clock.now() + timedelta(days=5 + 7 * week) for week in range(count)]
    lines = [
        f"      - {{startTime: {start:%Y-%m-%d} 15:00, endTime: {start:%Y-%m-%d} 16:30}}" for start in starts
    ]  # fmt: skip
    return "\n".join([*lines, ""])


def _names(peer: Peer) -> list[str]:
    return [letter.activity["object"].get("name", "") for letter in peer.of("Create")]


def _listed(town: Town) -> int:
    """Return how many entries a search has in the order of time, where each date stands for itself."""
    return len(town.search("vorlesen", sortierung="beginn"))


def test_sisters_find_every_date_and_timelines_see_one(found: Found, country: Country) -> None:
    hagen, flensburg = found("Hagen"), found("Flensburg")
    organisation = hagen.add()
    flensburg.follow(hagen.url)
    towns.until_followed(flensburg, hagen)
    readers, mobilizon = Peer(country, "mastodon"), Peer(country, "mobilizon")
    _follow(hagen, readers, readers.actor(), organisation)
    _follow(hagen, mobilizon, mobilizon.actor("relay"), hagen.actor)

    assert _publish(hagen, OFFER + _weeks(6)) == ["published"] * 7
    hagen.until(lambda: _listed(hagen) == 7, "finds the offer and its dates")
    flensburg.until(lambda: _listed(flensburg) == 7, "finds the offer and its dates")
    assert _names(readers) == [""]  # the offer alone: it is a Note

    _housekeep(hagen)
    parent, date = readers.of("Create")
    assert date.activity["object"]["context"] == parent.object_id
    assert len(mobilizon.until("Announce", 2)) == 2
    _housekeep(hagen)
    assert _names(readers) == ["", "Vorlesen am Dienstag"]

    late = found("Neubrandenburg")
    late.follow(hagen.url)
    late.until(lambda: _listed(late) == 7, "finds also the dates that its outbox does not list yet")

    country.clock.advance(days=6)  # the first date is over, the next is near
    _housekeep(hagen)
    assert _names(readers) == ["", "Vorlesen am Dienstag", "Vorlesen am Dienstag"]
    assert len({letter.object_id for letter in mobilizon.of("Announce")}) == 3

    withdrawn = "organisation: buecherei\nopportunity: {id: vorlesen, status: zurueckgezogen}\n"
    assert _publish(hagen, withdrawn) == ["withdrawn"]
    flensburg.until_lost("vorlesen")
    hagen.until(lambda: towns.waiting(hagen) == 0, "has told everybody")
    assert len(readers.of("Delete")) == 3
    assert len(mobilizon.of("Delete")) == 3


def test_a_confirmation_reaches_sisters_and_disturbs_nobody(found: Found, country: Country) -> None:
    hagen, flensburg = found("Hagen"), found("Flensburg")
    organisation = hagen.add()
    flensburg.follow(hagen.url)
    towns.until_followed(flensburg, hagen)
    readers = Peer(country, "mastodon")
    _follow(hagen, readers, readers.actor(), organisation)
    uri = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    flensburg.until_found("Lesepatin", "Lesepatin gesucht")
    before = _expiry(flensburg, uri)
    outcome = hagen.commanded("confirm", "buecherei", "angebot")
    assert (outcome["what"], outcome["uri"]) == ("confirmed", uri)
    flensburg.until(lambda: _expiry(flensburg, uri) > before, "has the new date")
    hagen.until(lambda: towns.waiting(hagen) == 0, "has told everybody")
    assert readers.of("Update") == []
    refused = hagen.try_command("announce", "buecherei", "angebot")
    assert refused.returncode == 1
    assert "wieder ab" in refused.stderr


def _expiry(town: Town, uri: str) -> datetime:
    expires_at = town.read(documents.get, uri).expires_at
    assert expires_at is not None
    return expires_at


def _housekeep(town: Town) -> None:
    """Let housekeeping do its rounds now, and all that follows from it."""
    for tidy in wiring.HOUSEKEEPING:
        town.write(tidy)
    town.until(lambda: towns.waiting(town) == 0, "has told everybody")
