"""What templates become: their indentation is dropped, and nothing may grow together by that."""

import re

import pytest

from fediverse_ehrenamt.web import rendering

_PAGES = sorted(path.relative_to(rendering.TEMPLATES).as_posix() for path in rendering.TEMPLATES.rglob("*.html"))
_GLUED = re.compile(r'[\w"](?:\{%[^%]*%\})+\n[ \t]*(?:\{%[^%]*%\})*\w')
"""A word or an attribute, a block that ends its line, and a word: the end of the line goes with the block."""


@pytest.mark.parametrize("name", _PAGES)
def test_no_attribute_grows_together_with_the_next(name: str) -> None:
    """`required{% if … %}` and `checked` on the next line would be "requiredchecked", and neither."""
    assert _GLUED.findall((rendering.TEMPLATES / name).read_text("utf-8")) == []
