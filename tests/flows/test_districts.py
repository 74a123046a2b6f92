"""Districts across processes: what one learns or a coordinator changes, all others of the instance know soon after."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from fediverse_ehrenamt.districts import actions as districts
from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.places.districts import District
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.vocab.types import Place
from tests.flows.test_workers import _scaled as scaled
from tests.flows.test_workers import _worker as worker
from tests.towns import Country, Town
from tests.workbench import offer

_SOON = 3.0  # seconds: processes look every second
MITTE = District("Hagen", "Haspe-Mitte", 51.3485, 7.42, "58135", learnt=True)
LISTING = (
    "angebotsId;angebotsname;beschreibung;stadtteile;plz;ort;geo_breite;geo_laenge\n"
    "1;Vorlesen;Sie lesen Kindern in der Grundschule vor.;Rüttenscheid;45130;Essen;51,4310;7,0050\n"
)


@pytest.fixture(autouse=True)
def forgetting() -> Iterator[None]:
    """Know at the end no more than at the beginning."""
    yield
    data.teach(())


def _district(town: Town, uri: str) -> str:
    return town.read(search.get, uri).district


def test_what_a_command_learns_a_running_server_knows(country: Country) -> None:
    hagen = country.town("Hagen")
    hagen.add()
    assert gazetteer.district("Essen-Rüttenscheid") is None
    (hagen.folder / "liste.csv").write_text(LISTING, "utf-8")
    said = hagen.command("import", "read", "liste.csv", "--organisation", "buecherei")
    assert "Stadtteile gelernt: Essen-Rüttenscheid." in said
    hagen.until(lambda: gazetteer.district("Essen-Rüttenscheid") is not None, "knows the district", _SOON)
    assert "Essen-Rüttenscheid (51.4310, 7.0050), gelernt" in hagen.command("places", "list", "Essen")


def test_a_worker_that_runs_already_places_by_what_was_changed_since(
    country: Country, migrated_postgresql_url: str, redis_url: str
) -> None:
    hagen = scaled(country, "Hagen", migrated_postgresql_url, redis_url)
    hagen.add()
    place = Place(name="Haspe-Mitte", locality="Hagen", postcode="58135", country="DE")
    uri = hagen.publish(replace(offer(), place=place), "buecherei").uri
    assert _district(hagen, uri) == ""
    with worker(hagen):
        hagen.write(districts.learn, [MITTE])
        hagen.until(lambda: _district(hagen, uri) == "Hagen-Haspe-Mitte", "is placed")
        hagen.write(districts.merge, ("hagen", "haspe mitte"), ("hagen", "haspe"))
        hagen.until(lambda: _district(hagen, uri) == "Hagen-Haspe", "is placed again")
        hagen.until(lambda: gazetteer.district("Hagen-Haspe-Mitte") is not None, "knows the other name", _SOON)
