"""A Document as JSON and back, whole and with the beginning of its text."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from fediverse_ehrenamt.search import card
from tests.search.making import document

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(_TEXTS, _TEXTS, st.integers(0, 40))
@example('"text":"Ende"', "Ende", 2)
@example('","text":"', '","text":"', 3)
@example('\\"text\\":""', "", 0)
@example("gleich", "gleich", 3)
def test_the_beginning_of_a_text_is_written_as_if_it_were_all_of_it(title: str, text: str, most: int) -> None:
    whole = document(title=title, text=text, image_alt=text)
    assert card.write_beginning(whole, most) == card.write(replace(whole, text=text[:most]))
    assert card.read(card.write(whole)) == whole
