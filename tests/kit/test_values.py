"""Frozen values to JSON text and back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.vocab.types import Availability, Effort, OpportunityDetails, Place, Skill
from tests.workbench import offer


@dataclass(frozen=True)
class Inner:
    name: str
    day: date | None = None


@dataclass(frozen=True)
class Outer:
    number: int
    inner: Inner | None
    all: tuple[Inner, ...] = ()
    words: tuple[str, ...] = ()
    at: datetime | None = None


def test_nested_values_come_back() -> None:
    at = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
    value = Outer(1, Inner("ä", date(2026, 1, 2)), (Inner("b"), Inner("")), ("x", "y"), at)
    assert values.load(Outer, values.dump(value)) == value
    assert values.load(Outer, values.dump(Outer(0, None)).encode()) == Outer(0, None)


def test_fields_that_are_gone_are_dropped_and_new_ones_have_their_default() -> None:
    assert values.load(Outer, '{"number":1,"inner":{"name":"a","old":7},"older":[]}') == Outer(1, Inner("a"))


def test_a_whole_draft() -> None:
    details = OpportunityDetails(
        title="Lesepatin",
        kind="amt",
        areas=("kultur",),
        availability=Availability(cells=("mo-abends",), flexible=True),
        effort=Effort(min_hours=1.5, per="woche"),
        skills=(Skill(name="Lesen", required=True),),
        start_date=date(2026, 12, 1),
        confirmed_at=datetime(2026, 12, 1, tzinfo=UTC),
        title_map=MappingProxyType({"en": "Reading"}),
    )
    draft = Draft(key="a", details=details, text="x", place=Place(name="Hagen", latitude=51.0))
    assert values.load(Draft, values.dump(draft)) == draft


@given(st.text(), st.lists(st.text()), st.integers(-(2**53), 2**53))
def test_any_text(name: str, words: list[str], number: int) -> None:
    try:
        name.encode()
        "".join(words).encode()
    except UnicodeEncodeError:  # half a character is no text
        return
    value = Outer(number, Inner(name), words=tuple(words))
    assert values.load(Outer, values.dump(value)) == value


def test_equal_values_have_equal_texts() -> None:
    assert values.dump(offer()) == values.dump(offer())


def test_what_is_no_plain_value_is_refused() -> None:
    with pytest.raises(TypeError):
        values.dump(Outer(1, Inner(object())))  # type: ignore[arg-type] # that is the mistake
