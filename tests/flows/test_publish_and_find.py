"""Publish in one town, find it in the others; change it, withdraw it, cancel it."""

import json
from datetime import timedelta
from functools import partial

from tests import towns
from tests.flows.conftest import Found
from tests.towns import Town


def test_an_offer_is_found_elsewhere_changes_and_goes(found: Found) -> None:
    hagen, flensburg, greifswald = found("Hagen"), found("Flensburg"), found("Greifswald")
    hagen.add()
    towns.befriend(hagen, flensburg, greifswald)

    draft = towns.opportunity("Lesepatin gesucht", "Einmal in der Woche Kindern Geschichten vorlesen.")
    published = hagen.publish(draft)
    assert published.what == "published"
    hrefs: dict[str, str] = {}
    for town in (flensburg, greifswald):
        card = town.until_found("vorlesen", "Lesepatin gesucht")
        assert hagen.host in card.origin
        assert card.origin_url == f"{hagen.url}/angebote/{published.page}"
        detail = town.get(card.href, towns.AS_BROWSER)
        assert detail.status_code == 200
        assert card.origin_url in detail.text
        assert "Stadtbücherei" in detail.text
        hrefs[town.url] = card.href
    assert hagen.until_found("vorlesen", "Lesepatin gesucht").origin == ""

    changed = towns.opportunity("Märchenerzähler gesucht", "Einmal in der Woche Kindern Sagen erzählen.")
    assert hagen.publish(changed).what == "changed"
    for town in (hagen, flensburg, greifswald):
        town.until_found("Sagen", "Märchenerzähler gesucht")
        assert town.titles("vorlesen") == []
    assert hagen.publish(changed).what == "unchanged"

    assert hagen.publish(towns.withdrawn(draft)).what == "withdrawn"
    for town in (hagen, flensburg, greifswald):
        town.until_lost("Sagen")
    for town in (flensburg, greifswald):
        assert town.get(hrefs[town.url], towns.AS_BROWSER).status_code == 410
    _gone(hagen, published.uri, f"/angebote/{published.page}")


def _gone(town: Town, uri: str, page: str) -> None:
    """The object is a Tombstone for peers and a page that says so for people; nothing of it is served any more."""
    answer = town.get(uri)
    assert answer.status_code == 410
    assert answer.headers["content-type"] == towns.ACTIVITY_JSON
    tombstone = answer.json()
    assert (tombstone["id"], tombstone["type"], tombstone["formerType"]) == (uri, "Tombstone", "Note")
    assert tombstone["deleted"]
    for path in (page, uri):
        shown = town.get(path, towns.AS_BROWSER)
        assert shown.status_code == 410
        assert "zurückgezogen" in shown.text
    actor = town.get("/.well-known/webfinger", resource=f"acct:buecherei@{town.host}").json()["links"][1]["href"]
    outbox = town.get(f"{actor}/outbox?page=first")
    assert outbox.status_code == 200
    assert outbox.json()["orderedItems"] == []


def test_an_event_is_found_changed_and_cancelled(found: Found) -> None:
    hagen, flensburg, greifswald = found("Hagen"), found("Flensburg"), found("Greifswald")
    hagen.add()
    towns.befriend(hagen, flensburg, greifswald)

    start = (hagen.clock.now() + timedelta(days=40)).replace(hour=12, minute=0, second=0, microsecond=0)
    published = hagen.publish(towns.event("Vorlesefest", start))
    for town in (flensburg, greifswald):
        card = town.until_found("Waffeln", "Vorlesefest")
        assert hagen.host in card.origin
        assert card.status == ""
        assert f" {start.day}. " in card.text
        assert town.titles("Vorlesefest")

    later = start + timedelta(days=1)
    hagen.publish(towns.event("Vorlesefest am Abend", later))
    for town in (flensburg, greifswald):
        card = town.until_found("Waffeln", "Vorlesefest am Abend")
        assert f" {later.day}. " in card.text

    hagen.publish(towns.event("Vorlesefest am Abend", later, status="cancelled"))
    wire = hagen.get(published.uri).json()
    assert wire["name"] == "ABGESAGT: Vorlesefest am Abend"
    assert wire["status"] == "CANCELLED" or wire.get("ical:status") == "CANCELLED"
    for town in (flensburg, greifswald):
        town.until(partial(_shows_cancelled, town), "shows that it is cancelled")
    sent = json.loads(flensburg.received()[-1].body or b"{}")
    assert (sent["type"], sent["object"]["name"]) == ("Update", "ABGESAGT: Vorlesefest am Abend")


def _shows_cancelled(town: Town) -> bool:
    card = town.search("Waffeln")[0]
    return card.title.endswith("Vorlesefest am Abend") and card.status == "Abgesagt"
