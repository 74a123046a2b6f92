"""What FEDERATION.md shows to those who write another program: sent as it stands there, it is found here."""

import json
import re
from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator

from fediverse_ehrenamt.kit import clock, resources
from fediverse_ehrenamt.vocab import jsonld
from fediverse_ehrenamt.vocab.types import EHRENAMT
from tests import towns
from tests.flows.conftest import Found
from tests.flows.peer import Peer
from tests.towns import Country

_SAID = re.compile(r"^```json\n(.*?)^```", re.DOTALL | re.MULTILINE)
_MOMENT = re.compile(r"(?<=\")20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=\")")
_THEIRS = "https://verein.example"


def _shown(actor: str) -> dict[str, Any]:
    """Return the activity that the document shows, as this actor would send it."""
    (said,) = _SAID.findall((resources.folder("schemas").parent / "FEDERATION.md").read_text("utf-8"))
    said = said.replace(f"{_THEIRS}/actor", actor).replace(f"{_THEIRS}/followers", f"{actor}/followers")
    activity: dict[str, Any] = json.loads(said.replace(_THEIRS, actor.partition("/users/")[0]))
    return activity


def _sent(activity: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return what the document shows as of something that is published now: its days go by."""
    later = now - datetime.fromisoformat(activity["object"]["published"])
    moved = _MOMENT.sub(
        lambda said: clock.write(datetime.fromisoformat(said[0]) + later), json.dumps(activity, ensure_ascii=False)
    )
    sent: dict[str, Any] = json.loads(moved)
    return sent


def test_the_offer_of_the_document_is_found_and_says_all_it_knows(found: Found, country: Country) -> None:
    hagen, peer = found("Hagen"), Peer(country, "")
    actor = peer.actor("verein")
    del peer.documents["/users/verein"]["indexable"]  # of which the document speaks for posts alone
    hagen.follow(actor)
    (follow,) = peer.until("Follow")
    peer.send(f"{hagen.url}/inbox", peer.activity("Accept", actor, follow.activity["id"]))
    activity = _sent(_shown(actor), country.clock.now())
    assert peer.send(f"{hagen.url}/inbox", activity).status_code == 202
    assert hagen.until_handled(activity["id"]) == "handled"
    hagen.until_found("vorlesen", "Vorlesen im Kindergarten")
    wanted = {"ort": "Hagen", "bereich": "schule_kita", "zeit": "di-vormittags", "engagement": "regelmaessig"}
    (card,) = hagen.search("vorlesen", **wanted, aufwand="2")
    assert card.title == "Vorlesen im Kindergarten"
    page = hagen.get(card.href, towns.AS_BROWSER).text
    for fact in (
        "Kölner Str. 1",
        "58135 Hagen",
        "1 Stunde",
        "die Bücher sind da",
        f'href="{activity["object"]["url"]}"',
    ):
        assert fact in page, fact


def test_the_offer_of_the_document_is_well_formed() -> None:
    activity = _shown(f"{_THEIRS}/users/verein")
    schema = json.loads((resources.folder("schemas") / "opportunity.schema.json").read_bytes())
    Draft202012Validator(schema).validate(activity["object"]["opportunity"])
    (expanded,) = jsonld.expand(activity)
    thing: Any = expanded["https://www.w3.org/ns/activitystreams#object"]
    (offer,) = thing[0][f"{EHRENAMT}opportunity"]
    assert offer[f"{EHRENAMT}title"] == [{"@value": "Vorlesen im Kindergarten"}]
    assert offer[f"{EHRENAMT}effort"][0][f"{EHRENAMT}minHours"] == [{"@value": 1}]
