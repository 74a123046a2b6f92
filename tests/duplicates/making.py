"""What the tests of duplicates are made of: listings with sensible defaults, of two portals."""

from typing import Any

from fediverse_ehrenamt.duplicates import rules, tasks, wire
from fediverse_ehrenamt.duplicates.rules import Profile
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Document
from fediverse_ehrenamt.work import Work, Workshop
from tests.workbench import NOW

TEXT = (
    "Einmal in der Woche lesen Sie in unserer Kinderecke Bilderbücher vor. Acht bis zwölf Kinder zwischen vier und "
    "sieben Jahren kommen regelmäßig, viele sprechen zu Hause eine andere Sprache. Die Bücher suchen wir gemeinsam aus."
)
OTHER_TEXT = (
    "Mit dem Kühltransporter holen Sie bei den Supermärkten ab, was übrig ist, und bringen es in den Laden. Zu zweit "
    "im Auto, eine Tour dauert drei Stunden. Ein Führerschein der Klasse B genügt."
)
HERE, NEAR, FAR = (51.3594, 7.4750), (51.3600, 7.4755), (52.5, 13.4)
_MOST = 50


def document(number: int = 1, host: str = "a.example", **changes: Any) -> Document:
    place = changes.pop("at", HERE)
    values: dict[str, Any] = {
        "uri": f"https://{host}/ap/{number}",
        "id": f"{host.replace('.', '')}x{number}",
        "kind": "opportunity",
        "title": "Lesepatin oder Lesepate gesucht",
        "text": TEXT,
        "url": f"https://{host}/angebote/{number}",
        "host": host,
        "local": False,
        "organisation": "Stadtbücherei Hagen",
        "organisation_uri": f"https://{host}/ap/buecherei",
        "language": "de",
        "place": "Stadtbücherei, Hagen",
        "latitude": place[0] if place else None,
        "longitude": place[1] if place else None,
        "fresh_at": NOW,
    }
    return Document(**values | changes)


def profile(number: int = 1, host: str = "a.example", **changes: Any) -> Profile:
    return rules.profile(wire.listing(document(number, host, **changes)))


def put(workshop: Workshop, *documents: Document) -> None:
    workshop.write_now(search.put, documents)
    follow(workshop)


def remove(workshop: Workshop, *documents: Document) -> None:
    workshop.write_now(search.remove, [one.uri for one in documents])
    follow(workshop)


def follow(workshop: Workshop) -> None:
    """Let housekeeping do all there is to do, its own changes included; it comes to an end."""
    for _ in range(_MOST):
        if not workshop.write_now(tasks.follow):
            return
    raise AssertionError("housekeeping never ends")


def shown(workshop: Workshop) -> dict[str, tuple[str, ...]]:
    """Return the Documents that are shown by themselves, by "host/number", with the hosts named beside them."""

    def read(work: Work) -> dict[str, tuple[str, ...]]:
        changes = search.changes(work, START)
        found = search.among(work, [change.uri for change in changes if change.card])
        return {
            one.uri.removeprefix("https://").replace("/ap", ""): tuple(sorted(host for host, _ in one.also))
            for one in found
            if not one.covered
        }

    return workshop.read_now(read)
