"""Every format is known by its content, and what is none of them is refused in a sentence."""

import pytest

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import formats
from tests.listings.reading import NOW, parted, sample


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("freinet.csv", formats.FREINET_CSV),
        ("freinet-windows.csv", formats.FREINET_CSV),
        ("freinet.xml", formats.FREINET_XML),
        ("freinet.json", formats.FREINET_JSON),
        ("kalender.ics", formats.ICALENDAR),
        ("seite.html", formats.JSONLD),
        ("missionen.json", formats.ENGAGEMENT),
    ],
)
def test_a_format_is_known_by_its_content(name: str, form: str) -> None:
    assert formats.detect(sample(name)) == form


@pytest.mark.parametrize("form", formats.FORMATS)
@pytest.mark.parametrize(
    "data",
    [b"", b"\x00" * 50, b"{", b"[[[[", b"<", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", b"a;b\n\x81;\xff",
     b'{"data": 1}', b"<angebot><angebot_details/></angebot>", b'[{"@type": 1, "title": [1, {"x": null}]}]',
     "ä".encode("utf-16")],
)  # fmt: skip
def test_nonsense_is_refused_in_a_sentence(form: str, data: bytes) -> None:
    try:
        parted(formats.read(data, form, NOW))
    except Invalid as error:
        assert error.public  # noqa: PT017 - both are right: to refuse it, or to find nothing in it
