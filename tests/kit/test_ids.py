"""Opaque ids, and the origin of a URI in one canonical form."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit import ids


def test_ids_are_short_opaque_and_distinct() -> None:
    made = [ids.new_id() for _ in range(1_000)]
    assert len(set(made)) == 1_000
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{22}", one) for one in made)


def test_ids_sort_by_the_time_of_their_making(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for milliseconds in (1_700_000_000_000, 1_700_000_000_001, 1_900_000_000_000):
        monkeypatch.setattr("time.time_ns", lambda now=milliseconds: now * 1_000_000)
        made.append(ids.new_id())
        assert ids.made_at(made[-1]) == datetime.fromtimestamp(milliseconds / 1_000, UTC)
    assert made == sorted(made)


@given(text=st.text(max_size=30) | st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=22, max_size=22))
def test_what_is_no_id_of_ours_has_no_time(text: str) -> None:
    found = ids.made_at(text)
    assert found is None or len(text) == 22


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://A.example/x?y#z", "https://a.example"),
        ("https://a.example:443/", "https://a.example"),
        ("http://a.example:80", "http://a.example"),
        ("https://a.example:80", "https://a.example:80"),
        ("HTTPS://a.example", "https://a.example"),
        ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443"),
        ("http://127.0.0.1:8001/x", "http://127.0.0.1:8001"),
        ("https://Straße.Müller.example:444/ä", "https://xn--strae-oqa.xn--mller-kva.example:444"),
        ("https://xn--mller-kva.example/", "https://xn--mller-kva.example"),
        ("https://mü_ller.example/", ""),
        ("https://" + "ü" * 70 + ".example/", ""),
        ("https://u:p@a.example/", ""),
        ("https://@a.example/", ""),
        ("ftp://a.example", ""),
        ("//a.example", ""),
        ("https://", ""),
        ("https://a.example:x", ""),
        ("https://a.example:99999", ""),
        ("https://[::1", ""),
        ("", ""),
        ("javascript:alert(1)", ""),
        ("https:a.example", ""),
    ],
)
def test_the_origin_of_a_uri(uri: str, origin: str) -> None:
    assert ids.origin(uri) == origin
    assert ids.host(uri) == origin.partition("://")[2]


def test_one_authority() -> None:
    assert ids.same_origin("https://a.example/1", "https://A.example:443/2")
    assert not ids.same_origin("https://a.example/", "http://a.example/")
    assert not ids.same_origin("https://a.example/", "https://a.example:8443/")
    assert not ids.same_origin("https://a.example/", "https://b.a.example/")
    assert not ids.same_origin("", "")
    assert not ids.same_origin("x", "x")


@given(
    second=st.sampled_from(
        ["https://a.example", "https://A.example/1", "http://a.example:8443/", "https://[::1]:8443", "x"]
    ),
    tail=st.text("/?#@:.\\\t\n a8[]ü", max_size=8),
)
def test_what_is_said_of_two_is_what_their_origins_say(second: str, tail: str) -> None:
    for first in (second + tail, ids.origin(second) + tail):
        same = ids.origin(first) == ids.origin(second) != ""
        assert ids.same_origin(first, second) == ids.same_origin(second, first) == same


@given(st.text())
def test_any_text_has_an_origin_or_none(text: str) -> None:
    origin = ids.origin(text)
    assert origin == "" or ids.origin(origin) == origin


@pytest.mark.parametrize(
    ("first", "second", "related"),
    [
        ("https://a.example/x", "https://a.example/inbox", True),
        ("https://a.example/x", "https://a.example:8443/inbox", True),
        ("https://stadt.social.example/x", "https://inbox.social.example/y", True),
        ("https://hagen.de", "https://social.hagen.de", True),
        ("https://thw.de/x", "https://social.thw.de/y", True),
        ("https://a.example/x", "https://b.example/x", False),
        ("https://a.co.uk/x", "https://b.co.uk/x", False),
        ("https://a.gv.at/x", "https://b.gv.at/x", False),
        ("https://in.b.co.uk/x", "https://b.co.uk/x", True),
        ("https://evil-hagen.de/x", "https://hagen.de/x", False),
        ("https://hagen.de.evil.example/x", "https://hagen.de/x", False),
        ("http://127.0.0.1:1/x", "http://127.0.0.1:1/y", True),
        ("http://10.0.0.1/x", "http://127.0.0.1/x", False),
        ("http://[::1]/x", "http://[::2]/x", False),
        ("https://localhost/x", "https://other/x", False),
        ("https://a.example/x", "", False),
        ("", "", False),
        ("https://a.example/x", "https://[", False),
    ],
)
def test_hosts_of_one_owner_as_far_as_names_tell(first: str, second: str, related: bool) -> None:
    assert ids.related(first, second) is related
    assert ids.related(second, first) is related
