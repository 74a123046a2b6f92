"""How long `ehrenamt import` takes for a FreiNet export of 10,000 offers: read, published, handed to the index.

The export has the flaws that real ones have: a quarter has no category, a third no time, descriptions are HTML, half
name somebody to call. The figures are of a process of its own, its start included, on one core.
"""

import csv
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from random import Random

import psutil

from fediverse_ehrenamt.demo import generator
from fediverse_ehrenamt.demo.towns import TOWNS
from fediverse_ehrenamt.kit import clock, html
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.vocab import labels
from tests import servers
from tests.benchmarks.measuring import Figures, cores, on_core
from tests.benchmarks.site import Site

ROWS = 10_000
_EACH = 1_200  # offers of one town and seed
_ORGANISATIONS = 300
_CONTACT = "<p>Bitte melden Sie sich bei Frau Muster, Tel. 02331 123456, muster@beispiel.example.</p>"
_HEADINGS = (
    "angebotsId", "agenturId", "einrichtungsname", "angebotsname", "kurz_beschreibung", "beschreibung",
    "zeitlicherrahmen", "anforderungen", "handlungsfelder", "zielgruppen", "stadtteile", "strasse", "plz", "ort",
    "geo_breite", "geo_laenge", "anzahl_gesuche", "bearbeitet", "nachname", "telefon",
)  # fmt: skip


def run(folder: Path) -> Figures:
    """Measure with a fresh instance below `folder`."""
    site = Site(folder / "importing", servers.free_port())
    instance = site.open()
    instance.workshop.write_now(organisations.add, "agentur", "Freiwilligenagentur")
    instance.workshop.engines.close()
    export = folder / "freinet.csv"
    write(export, clock.now())
    first, mb = _imported(site, export)
    assert site.ask("SELECT count(*) FROM documents WHERE NOT gone") >= ROWS * 0.99, "hardly a row is refused"
    again, _ = _imported(site, export)
    return {"import_10k_s": first, "import_10k_mb": mb, "import_10k_again_s": again}


def _imported(site: Site, export: Path) -> tuple[float, float]:
    """Return the seconds that the command takes, and the most memory that it was seen to hold, in MB."""
    program = Path(sysconfig.get_path("scripts")) / "ehrenamt"
    command: list[str | Path] = [program, "import", str(export), "--organisation", "agentur", "--json"]
    most = 0.0
    core, _ = cores()
    with on_core(core):
        started = time.perf_counter()
        process = subprocess.Popen(command, env=servers.environ(**site.environ), stdout=subprocess.DEVNULL)
    while process.poll() is None:
        most = max(most, psutil.Process(process.pid).memory_info().rss / 1e6)
        time.sleep(0.05)
    assert process.returncode == 0
    return time.perf_counter() - started, most


def write(path: Path, now: datetime, rows: int = ROWS) -> None:
    """Write an export with our own texts, each row with words of its own."""
    rng = Random(10_000)  # noqa: S311 - no secret
    with path.open("w", encoding="cp1252", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_HEADINGS)
        for number, draft in enumerate(islice(_drafts(now), rows)):
            writer.writerow(_row(number, draft, now, rng))


def _drafts(now: datetime) -> Iterator[Draft]:
    for seed in range(1, 100):
        for town in TOWNS:
            for entry in generator.entries(town, now, seed, _EACH, 0):
                assert isinstance(entry.draft, Draft), "no events were asked for"
                yield entry.draft


def _row(number: int, draft: Draft, now: datetime, rng: Random) -> list[object]:
    details, place = draft.details, draft.place
    categories = ", ".join(labels.AREA[area] for area in details.areas if area != "sonstiges")
    contact = _CONTACT if rng.random() < 0.5 else ""
    edited = details.confirmed_at or now
    return [
        10_000 + number, 12, f"Verein {number % _ORGANISATIONS} e. V.", details.title, "",
        html.paragraphs(f"{draft.text}\n\nNummer {number} unserer Liste.") + contact,
        details.availability.text if details.availability else "", "Zuverlässigkeit",
        categories, ", ".join(labels.AUDIENCE.get(slug, slug) for slug in details.audiences),
        place.name if place else "", place.street if place else "", place.postcode if place else "",
        place.locality if place else "", place.latitude if place else "", place.longitude if place else "",
        details.places or 0, int(edited.timestamp()), "Muster", "02331 123456",
    ]  # fmt: skip
