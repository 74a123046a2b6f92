"""Mail addresses: those in use are read, everything that could be more than one address is not."""

import pytest

from fediverse_ehrenamt.kit import mailbox


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("info@stadt.de", "info@stadt.de"),
        (" Info@Stadt.DE ", "Info@stadt.de"),
        ("a.b+c_d@x-y.co.uk", "a.b+c_d@x-y.co.uk"),
        ("info@bücherei-hagen.de", "info@xn--bcherei-hagen-wob.de"),
        ("info@straße.de", "info@xn--strae-oqa.de"),
        ("info@xn--strae-oqa.de", "info@xn--strae-oqa.de"),
    ],
)
def test_addresses(typed: str, read: str) -> None:
    assert mailbox.read(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        *("", "@", "info", "info@", "@stadt.de", "info@stadt", "info@stadt.de.", "a..b@x.de", ".a@x.de", "a@-x.de"),
        *("a@1.2.3.4", "a@[1.2.3.4]", "a@x..de", "a@x_y.de", "ü@x.de", '"a b"@x.de', "a@b@x.de", "<a@x.de>"),
        *(
            "a@x.de,b@x.de",
            "a@x.de b@x.de",
            "a@x.de\nBcc: b@x.de",
            "a\r\n@x.de",
            "a@x.de\x00",
            "a@x.de>",
            "Anna <a@x.de>",
        ),
        *("a" * 65 + "@x.de", "a@" + "x" * 64 + ".de", "a@" + "x." * 126 + "de", "a" * 100_000, "a@" + "\u202e.de"),
    ],
)
def test_what_is_none(typed: str) -> None:
    assert mailbox.read(typed) is None
