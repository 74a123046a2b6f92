"""What an organisation tells about times in words alone can be found by it, and is named as read."""

import pytest

from fediverse_ehrenamt.things import timing, wire
from fediverse_ehrenamt.vocab.types import Availability, Effort, OpportunityDetails


def details(text: str, effort: Effort | None = None, **stated: object) -> OpportunityDetails:
    return OpportunityDetails(
        title="Vorlesen",
        kind="regelmaessig",
        areas=("soziales",),
        availability=Availability(text=text, **stated),  # type: ignore[arg-type]
        effort=effort,
    )


def test_words_say_days_amount_and_that_times_can_be_agreed() -> None:
    read = timing.when(details("samstags vormittags, 2 Std. pro Woche, nach Absprache"), "de-DE")
    assert read.cells == ("sa-vormittags",)
    assert read.effort == Effort(min_hours=2, max_hours=2, per="woche")
    assert read.flexible is True
    assert read.told == (timing.CELLS, timing.FLEXIBLE, timing.EFFORT)


def test_what_is_stated_counts_and_is_not_named_as_read() -> None:
    stated = details("samstags vormittags, 2 Std. pro Woche", Effort(min_hours=5, per="monat"), cells=("mo-abends",))
    read = timing.when(stated, "de")
    assert (read.cells, read.effort, read.told) == (("mo-abends",), Effort(min_hours=5, per="monat"), ())
    fixed = timing.when(details("dienstags ab 15 Uhr nach Absprache", flexible=False), "")
    assert (fixed.flexible, fixed.told) == (False, (timing.CELLS,))


@pytest.mark.parametrize(
    ("text", "language"), [("samstags vormittags", "nl"), ("wenn es passt", "de"), ("", "de"), ("  ", "")]
)
def test_of_other_languages_and_of_what_is_unsure_nothing_is_read(text: str, language: str) -> None:
    assert timing.when(details(text), language) == timing.When((), None, None)
    assert timing.when(OpportunityDetails(title="Vorlesen", kind="einmalig", areas=("soziales",)), language).told == ()


def test_the_search_learns_what_was_read() -> None:
    facts = wire.facts(details("montags 17 bis 19 Uhr"), None, "de")
    assert facts.cells == ("mo-nachmittags", "mo-abends")
    assert facts.told == (timing.CELLS,)
