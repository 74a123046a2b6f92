"""Who asks where web servers stand before ours: said by those alone that are trusted, asked for over real connections.

A client is known by the bound that it shares with nobody else: so often may it begin to sign in, then no more.
"""

import itertools
from collections.abc import Iterator
from typing import Self

import httpx
import pytest

from fediverse_ehrenamt.accounts.passkey_pages import STARTS
from tests import towns
from tests.towns import Country, Town

PROXY, STRANGER = "127.0.0.1", "127.0.0.7"
ANNA, BERT = "85.214.1.2", "85.214.1.3"
TRUSTED = f"{PROXY}/32, 10.0.0.0/8, fd00::/8"
Hops = tuple[str, ...]
"""The X-Forwarded-For headers of a request."""


@pytest.fixture
def town(country: Country) -> Town:
    return country.town("hagen", EHRENAMT_TRUSTED_PROXIES=TRUSTED)


class Caller:
    """Connections from an address of this machine, each of its own."""

    def __init__(self, town: Town, address: str) -> None:
        transport = httpx.HTTPTransport(local_address=address, limits=towns.EACH_ANEW)
        self._client = httpx.Client(transport=transport, base_url=town.url, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def begin(self, hops: Hops) -> int:
        """Begin to sign in, as if that came over some hops; return the status."""
        headers = [("Sec-Fetch-Site", "same-origin"), *(("X-Forwarded-For", hop) for hop in hops)]
        return self._client.post("/anmelden/passkey/start", headers=headers).status_code

    def is_told_to_encrypt(self, protocol: str) -> bool:
        """Say whether a page over this protocol tells browsers to come encrypted from now on."""
        answer = self._client.get("/datenschutz", headers={"X-Forwarded-Proto": protocol})
        assert answer.is_success
        return "strict-transport-security" in answer.headers


@pytest.fixture
def proxy(town: Town) -> Iterator[Caller]:
    with Caller(town, PROXY) as caller:
        yield caller


@pytest.fixture
def stranger(town: Town) -> Iterator[Caller]:
    with Caller(town, STRANGER) as caller:
        yield caller


def use_up(caller: Caller, *ways: Hops) -> None:
    """Begin as often as one client may, in all these ways in turn."""
    for hops in itertools.islice(itertools.cycle(ways), int(STARTS.burst)):
        assert caller.begin(hops) == 200, hops


SAME: dict[str, tuple[Hops, ...]] = {
    "the proxy adds whom it sees": ((ANNA,), (f"1.2.3.4, {ANNA}",), (f"{BERT},{ANNA}",)),
    "or names that in a header of its own": (("1.2.3.4", ANNA), (ANNA,)),
    "with a port": ((f"{ANNA}:4711",), (ANNA,)),
    "over hops that are trusted": ((f"{ANNA}, 10.0.0.7",), (f"{BERT}, {ANNA}, 10.1.2.3, fd00::7",)),
    "nonsense before it": ((f"unknown, {ANNA}",), (f"_hidden,, {ANNA}",), (f"{'x' * 3000}, {ANNA}",)),
    "one connection of IPv6": (("2a01:4f8:1:2::3",), ("[2a01:4f8:1:2::4]:4711",), ("1.2.3.4, 2a01:4f8:1:2:ffff::",)),
}  # fmt: skip


@pytest.mark.parametrize("ways", SAME.values(), ids=SAME)
def test_a_client_is_the_last_that_no_proxy_of_ours_is(proxy: Caller, ways: tuple[Hops, ...]) -> None:
    use_up(proxy, *ways)
    assert {proxy.begin(hops) for hops in ways} == {429}
    assert proxy.begin((BERT,)) == 200
    assert proxy.begin((f"{ANNA}, {BERT}",)) == 200, "what stands before is only said by whoever asks"
    assert proxy.begin(()) == 200, "the proxy itself has asked nothing yet"


def test_strangers_are_believed_nothing(proxy: Caller, stranger: Caller) -> None:
    use_up(stranger, (ANNA,), (f"{BERT}, 10.0.0.7",), ("2a01:4f8:1:2::3",), ())
    assert {stranger.begin(hops) for hops in ((ANNA,), ("8.8.8.8",), (PROXY,), ())} == {429}
    assert proxy.begin((ANNA,)) == 200, "nobody else's tries are used up"
    assert proxy.begin((STRANGER,)) == 429, "it is the same that the proxy sees"


def test_encryption_is_believed_where_a_proxy_says_it(proxy: Caller, stranger: Caller) -> None:
    assert proxy.is_told_to_encrypt("https")
    assert not proxy.is_told_to_encrypt("http")
    assert not proxy.is_told_to_encrypt("wss://x")
    assert not stranger.is_told_to_encrypt("https")
