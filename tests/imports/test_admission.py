"""Prices and getting in, of events and offers: read from the text where no field says so, and marked then."""

import pytest

from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.imports import drafts
from fediverse_ehrenamt.listings.record import EVENT, OFFER, Record
from fediverse_ehrenamt.opportunities.rules import Draft as OfferDraft
from tests.imports.wordless import understand_nothing
from tests.listings.reading import NOW

TEXT = "Wir singen zusammen. Eintritt: 5 € / erm. 3 €. Der Saal ist barrierefrei zugänglich, mit Induktionsschleife."


def event(text: str, cost: str = "", accessibility: str = "") -> Record:
    return Record(
        id="1", where="Zeile 1", title="Singen", kind=EVENT, text=text, starts_at=NOW, cost=cost,
        accessibility=accessibility,
    )  # fmt: skip


def test_an_event_has_what_its_text_says_marked() -> None:
    made = drafts.make(event(TEXT), "k", understand_nothing)
    assert isinstance(made.draft, EventDraft)
    assert made.draft.details.cost == "5 € / erm. 3 €"
    assert made.draft.details.accessibility == ("induktionsschleife", "stufenlos")
    assert {one.field for one in made.understood} >= {"cost", "accessibility"}


@pytest.mark.parametrize(("stated", "cost"), [("0,00 €", "kostenlos"), ("8 €", "8 €")])
def test_a_field_goes_before_the_text_and_is_no_guess(stated: str, cost: str) -> None:
    made = drafts.make(event(TEXT, cost=stated), "k", understand_nothing)
    assert isinstance(made.draft, EventDraft)
    assert made.draft.details.cost == cost
    assert "cost" not in {one.field for one in made.understood}


@pytest.mark.parametrize(
    ("said", "slugs", "note"),
    [
        ("ja", ("stufenlos",), ""),
        ("nein", ("nicht_barrierefrei",), ""),
        ("WC im Keller", (), "WC im Keller"),
        ("teilweise barrierefrei", (), "teilweise barrierefrei"),
    ],
)
def test_a_field_for_getting_in(said: str, slugs: tuple[str, ...], note: str) -> None:
    made = drafts.make(event("Wir singen zusammen.", accessibility=said), "k", understand_nothing)
    assert isinstance(made.draft, EventDraft)
    assert (made.draft.details.accessibility, made.draft.details.accessibility_note) == (slugs, note)


def test_an_offer_says_how_one_gets_in() -> None:
    record = Record(id="1", where="Zeile 1", title="Vorlesen", kind=OFFER, text="Unsere Räume sind rollstuhlgerecht.")
    made = drafts.make(record, "k", understand_nothing)
    assert isinstance(made.draft, OfferDraft)
    assert made.draft.details.accessibility == ("stufenlos",)
    assert "accessibility" in {one.field for one in made.understood}
