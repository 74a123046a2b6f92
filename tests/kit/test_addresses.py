"""Which addresses count as a stranger's, and the form of a URL that goes on the wire."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit import addresses


@pytest.mark.parametrize(
    "text",
    [
        *("0.0.0.7", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1"),
        *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1"),
        *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *(
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00::1",
        ),
        *("ff02::1", "100::1", "2001:db8::1", "3fff::1", "2002:7f00:1::1", "2002:a00:1::1", "2001:0:7f00:1::1"),
        *("64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "5f00::1", "192.88.99.1"),
    ],
)
def test_not_public(text: str) -> None:
    address = addresses.read(text)
    assert address is not None
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "text",
    [
        *("1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.167.1.1", "223.255.255.255"),
        *("2606:4700::1111", "2001:4860:4860::8888", "2a01:4f8::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"),
    ],
)
def test_public(text: str) -> None:
    address = addresses.read(text)
    assert address is not None
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    ("host", "subscriber", "site"),
    [
        ("2a01:4f8:1:2::3", "2a01:4f8:1:2::/64", "2a01:4f8:1::/48"),
        ("8.8.8.8", "8.8.8.8", ""),
        ("::ffff:8.8.8.8", "::ffff:8.8.8.8", ""),
        ("testclient", "testclient", ""),
        ("", "", ""),
    ],
)
def test_what_stands_for_a_customer(host: str, subscriber: str, site: str) -> None:
    assert (addresses.subscriber(host), addresses.site(host)) == (subscriber, site)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters="\x7f\\#"), max_size=40))
def test_the_form_on_the_wire_is_the_same_in_every_layer(tail: str) -> None:
    wire = addresses.target(f"https://peer.example/{tail}").wire
    assert addresses.target(wire).wire == wire
    assert str(httpx.URL(wire)) == wire


@pytest.mark.parametrize(
    "url", ["https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1%25lo]/"]
)
def test_a_host_that_is_not_the_same_to_all_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"0:0|127|%"):
        addresses.target(url)
