"""Events as they federate and as they are searched."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fediverse_ehrenamt.events import wire
from fediverse_ehrenamt.things.wire import Author
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Event, EventDetails, OpportunityDetails
from tests import workbench
from tests.workbench import ANNA, HOME, NOW, fest

NAMES = Names(f"{HOME}/ap/object/1", "1", f"{HOME}/ap/actor/1")
AUTHOR = Author(ANNA, "Anna", "peer.example", ANNA)


def made(tmp_path: Path, **changes: Any) -> Event:
    settings = workbench.settings(f"sqlite:///{tmp_path}/x", tmp_path)
    return wire.to_wire(fest(**changes), settings, NAMES, NOW, NOW)


def test_an_event_reads_back_as_it_was_written(tmp_path: Path) -> None:
    event = made(tmp_path, hashtags=("Kuchen",), image="a.jpg", image_alt="Kuchen", capacity=20)
    found = codec.parse_object(codec.write(event))
    assert isinstance(found, Event)
    assert replace(found, links=()) == replace(event, links=())  # the link to its own page says nothing new
    assert event.summary == "Sa, 12.12.2026, 13–16 Uhr · Bürgerhaus, Hagen"
    assert event.content.startswith("<p><strong>Sommerfest</strong></p>")
    assert (event.join_mode, event.participation_url) == ("external", f"{HOME}/termine/1#mitmachen")
    assert (event.capacity, event.participants) == (20, 0)
    assert event.links[0].href == f"{HOME}/termine/1"


def test_an_online_event(tmp_path: Path) -> None:
    event = made(tmp_path, place=None, online_url="https://meet.example/1", contact_url="https://verein.example/")
    assert event.online
    assert event.summary.endswith(" · online")
    assert event.participation_url == "https://verein.example/"
    document = wire.to_document(event, AUTHOR, "1", local=True)
    assert document.anywhere
    assert document.when == "Sa, 12.12.2026, 13–16 Uhr"


@pytest.mark.parametrize("zone", ["", "Europe/Berlin"])
def test_the_home_zone_where_none_is_known(tmp_path: Path, zone: str) -> None:
    event = replace(made(tmp_path), timezone=zone, ends_at=None)
    document = wire.to_document(event, AUTHOR, "1")
    assert document.when == "Sa, 12.12.2026, 13 Uhr"
    assert document.ends_at == document.starts_at


@pytest.mark.parametrize(
    ("category", "areas"),
    [("SPORTS", ("sport",)), ("theatre", ("kultur",)), ("COMMUNITY", ()), ("MEETING", ()), ("", ()), ("Sonstwas", ())],
)
def test_the_area_of_a_category_of_mobilizon(tmp_path: Path, category: str, areas: tuple[str, ...]) -> None:
    event = replace(made(tmp_path), category=category, details=None)
    assert wire.to_document(event, AUTHOR, "1").areas == areas
    named = replace(event, details=EventDetails(kind="fest", areas=("soziales",)))
    assert wire.to_document(named, AUTHOR, "1").areas == ("soziales",)


def test_areas_of_an_event_or_of_the_offer_it_is_a_shift_of(tmp_path: Path) -> None:
    shift = OpportunityDetails(title="Schicht", kind="schicht", areas=("soziales",))
    event = made(tmp_path)
    assert wire.to_document(event, AUTHOR, "1").areas == ("freizeit",)
    assert wire.to_document(replace(event, details=None, opportunity=shift), AUTHOR, "1").areas == ("soziales",)
    assert wire.to_document(replace(event, details=None), AUTHOR, "1").areas == ()
    ends = EventDetails(kind="fest", expires_at=NOW)
    assert wire.to_document(replace(event, details=ends, opportunity=shift), AUTHOR, "1").areas == ("soziales",)
    assert wire.to_document(replace(event, details=ends), AUTHOR, "1").expires_at == NOW


def test_what_an_event_says_to_those_whom_it_may_fit(tmp_path: Path) -> None:
    event = replace(made(tmp_path), details=EventDetails(kind="fest", audiences=("alle",), accessibility=("aufzug",)))
    facts = wire.to_document(event, AUTHOR, "1").facts
    assert facts is not None
    assert (facts.kind, facts.audiences, facts.accessibility) == ("", ("alle",), ("aufzug",))
    shift = OpportunityDetails(title="Schicht", kind="schicht", areas=("soziales",), minimum_age=16)
    helping = wire.to_document(replace(event, opportunity=shift), AUTHOR, "1").facts
    assert helping is not None
    assert (helping.kind, helping.minimum_age) == ("schicht", 16)
    assert wire.to_document(replace(event, details=None), AUTHOR, "1").facts is None
