"""What is compared of a Document, and which of several is the original."""

import pytest

from fediverse_ehrenamt.duplicates import wire
from fediverse_ehrenamt.duplicates.grouping import ordered
from tests.duplicates.making import TEXT, document


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.a.example/angebote/1/#top", "a.example/angebote/1"),
        ("http://a.example/?id=7&utm_source=news", "a.example?id=7"),
        ("https://a.example/", ""),
        ("https://a.example", ""),
        ("mailto:a@a.example", ""),
        ("nonsense", ""),
    ],
)
def test_addresses_that_can_be_compared(url: str, address: str) -> None:
    found = wire.addresses(document(url=url)) - {"a.example/ap/1"}
    assert found == ({address} if address else set())


def test_many_addresses_are_cut() -> None:
    many = tuple(f"https://c.example/{number}" for number in range(100))
    assert len(wire.addresses(document(same_as=many))) == wire.MAX_ADDRESSES


def test_a_mark_changes_with_what_is_compared_only() -> None:
    before = wire.mark(wire.listing(document()))
    assert wire.mark(wire.listing(document(fresh_at=None, image="https://a.example/1.jpg", areas=("sport",)))) == before
    for changes in ({"title": "Neu"}, {"text": TEXT + "!"}, {"same_as": ("https://c.example/1",)}, {"when": "montags"}):
        assert wire.mark(wire.listing(document(**changes))) != before


def test_copies_that_name_one_another_never_stand_for_the_original() -> None:
    first = document(1)
    copy = document(2, "b.example", same_as=(first.uri,), text=TEXT * 5, image="https://b.example/1.jpg")
    third = document(3, "c.example", same_as=(copy.uri,), text=TEXT * 5)
    fourth = document(4, "d.example", url=first.url, text=TEXT * 5, image="https://d.example/1.jpg")
    for order in ((first, copy, third, fourth), (fourth, third, copy, first)):
        assert ordered(wire.members(order))[0].uri == first.uri
