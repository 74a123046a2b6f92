"""Opportunities as they federate and as they are searched."""

from dataclasses import replace
from pathlib import Path

import pytest

from fediverse_ehrenamt.discover import detail
from fediverse_ehrenamt.discover.view import Detail
from fediverse_ehrenamt.opportunities import wire
from fediverse_ehrenamt.things.wire import Author
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Availability, Opportunity, Skill
from tests import workbench
from tests.workbench import ANNA, HOME, NOW, offer

NAMES = Names(f"{HOME}/ap/object/1", "1", f"{HOME}/ap/actor/1")
AUTHOR = Author(ANNA, "Anna", "peer.example", ANNA)


@pytest.fixture
def made(tmp_path: Path) -> Opportunity:
    draft = replace(
        offer(mode="vor_ort", places=2),
        plain_language="Wir suchen Sie.",
        image="a.jpg",
        image_alt="Ein Kind liest",
        hashtags=("Lesen",),
        contact_url="https://verein.example/helfen",
    )
    return wire.to_wire(draft, workbench.settings(f"sqlite:///{tmp_path}/x", tmp_path), NAMES, NOW, NOW)


def test_an_opportunity_reads_back_as_it_was_written(made: Opportunity) -> None:
    assert codec.parse_object(codec.write(made)) == made
    assert (made.name, made.summary) == ("", "")
    assert made.content.startswith("<p><strong>Lesepatin gesucht</strong></p><p>📍 Bücherei, Hagen · 2 Plätze</p>")
    assert '<a href="https://verein.example/helfen">' in made.content
    assert made.content_map["de-simple"] == "<p>Wir suchen Sie.</p>"
    assert [tag.name for tag in made.hashtags] == ["Lesen", "Ehrenamt"]


def test_how_an_opportunity_is_searched(made: Opportunity) -> None:
    document = wire.to_document(made, AUTHOR, "1", local=True)
    assert (document.title, document.kind, document.status) == ("Lesepatin gesucht", "opportunity", "")
    assert (document.image, document.image_alt) == (f"{HOME}/media/a.jpg", "Ein Kind liest")
    assert document.fresh_at == NOW
    assert document.text == "Lesepatin gesucht\n\n" + offer().text, "without what is for timelines"
    online = replace(made, details=replace(made.details, mode="online", status="besetzt", confirmed_at=None))
    received = wire.to_document(online, AUTHOR, "1")
    assert (received.anywhere, received.status, received.image) == (True, "besetzt", f"{HOME}/media/a.jpg")


@pytest.mark.parametrize("address", ["", "https://verein.example/helfen"])
def test_its_page_has_no_link_to_itself_and_its_hashtags_once(tmp_path: Path, address: str) -> None:
    draft = replace(offer(), hashtags=("Lesen",), contact_url=address)
    thing = wire.to_wire(draft, workbench.settings(f"sqlite:///{tmp_path}/x", tmp_path), NAMES, NOW, NOW)
    shown = detail.body(thing.content, Detail(wire.to_document(thing, AUTHOR, "1", local=True), thing))
    assert shown.startswith(f"<p>{offer().text}</p>")
    assert "#" not in shown
    assert ("Mehr und Kontakt" in shown) == bool(address)


def test_what_an_opportunity_says_to_those_whom_it_may_fit(made: Opportunity) -> None:
    full = replace(
        made.details,
        mode="beliebig_im_gebiet",
        activities=("unterrichten_vorlesen",),
        availability=Availability(cells=("di-nachmittags",), flexible=True),
        skills=tuple(Skill(name=f"{number}" * 500) for number in range(90)),
        minimum_age=16,
    )
    facts = wire.to_document(replace(made, details=full), AUTHOR, "1").facts
    assert facts is not None
    assert (facts.kind, facts.mode, facts.minimum_age, facts.places) == (full.kind, full.mode, 16, 2)
    assert (facts.activities, facts.cells, facts.flexible) == (full.activities, ("di-nachmittags",), True)
    assert facts.municipality == "hagen"
    assert (len(facts.skills), {len(skill.name) for skill in facts.skills}) == (24, {100}), "a card stays small"
    here = wire.to_document(made, AUTHOR, "1").facts
    assert here is not None
    assert (here.municipality, here.cells, here.flexible) == ("", (), None)
