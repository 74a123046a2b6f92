"""Who is blocked, limited or allowed: by host and all below it, whatever way its name is written."""

import timeit

import pytest

from fediverse_ehrenamt.federation import rules
from fediverse_ehrenamt.federation.rules import Restriction, Rules, Verdict

ANNA = "https://evil.example/users/anna"


def refused(found: Rules, host: str) -> bool:
    return bool(found.of_host(host).refusal)


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "a.evil.example", "a.b.evil.example", "evil.example:8443", "a.evil.example:8443"),
        *("EVIL.example", "evil.example.", "a.evil.example.:8443", "ｅvil.example"),
    ],
)
def test_a_host_is_blocked_with_all_below_it_however_it_is_written(host: str) -> None:
    assert refused(Rules([Restriction("evil.example", "block")]), host)


@pytest.mark.parametrize("host", ["notevil.example", "evil.example.org", "example", "evil", "xevil.example:8443"])
def test_others_are_not(host: str) -> None:
    assert Rules([Restriction("evil.example", "block")]).of_host(host) == Verdict()


def test_names_in_other_scripts_are_one_host() -> None:
    found = Rules([Restriction(rules.subject_of("bücher.example"), "block")])
    assert refused(found, "xn--bcher-kva.example")
    assert refused(found, "Bücher.example")
    assert refused(found, "www.bücher.example")


def test_a_host_with_its_port_is_one_of_several() -> None:
    found = Rules([Restriction("127.0.0.1:8001", "block")])
    assert refused(found, "127.0.0.1:8001")
    assert not refused(found, "127.0.0.1:8002")
    assert refused(Rules([Restriction("127.0.0.1", "block")]), "127.0.0.1:8002")
    assert not refused(Rules([Restriction("0.0.1", "block")]), "127.0.0.1")


def test_the_most_specific_entry_decides() -> None:
    found = Rules(
        [
            Restriction("evil.example", "block"),
            Restriction("good.evil.example", "none", reject_media=True),
            Restriction("half.evil.example", "limit", reject_reports=True),
        ]
    )
    assert found.of_host("a.good.evil.example") == Verdict(reject_media=True)
    assert found.of_host("half.evil.example") == Verdict(limited=True, reject_reports=True)
    blocked = found.of_host("other.evil.example")
    assert blocked == Verdict("evil.example is blocked here", reject_media=True, reject_reports=True)


def test_the_public_comment_is_told_to_whom_it_concerns_unless_it_is_obfuscated() -> None:
    told, kept = (Rules([Restriction("a.example", "block", False, False, "R", "spam", hide)]) for hide in (False, True))
    assert told.of_host("a.example").refusal == "a.example is blocked here: spam"
    assert kept.of_host("a.example").refusal == "a.example is blocked here"


def test_an_actor_is_blocked_alone_and_with_its_host() -> None:
    one = Rules([Restriction(ANNA, "block")])
    assert one.of(ANNA).refusal
    assert one.of("https://evil.example/users/bela") == Verdict()
    assert not refused(one, "evil.example")
    both = Rules([Restriction(ANNA, "none", reject_media=True), Restriction("evil.example", "limit")])
    assert both.of(ANNA) == Verdict(limited=True, reject_media=True)
    assert Rules([Restriction(ANNA, "none"), Restriction("evil.example", "block")]).of(ANNA).refusal


def test_the_allow_list_means_exactly_its_hosts() -> None:
    found = Rules([Restriction("b.example", "block")], frozenset({"a.example", "b.example", "hagen.example"}))
    assert not refused(found, "a.example")
    assert not refused(found, "A.example:8443")
    assert "not listed" in found.of_host("sub.a.example").refusal
    assert "not listed" in found.of_host("c.example").refusal
    assert "blocked" in found.of_host("b.example").refusal
    assert refused(found, "no host")


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("Evil.Example", "evil.example"),
        (" https://evil.example/ ", "evil.example"),
        ("*.evil.example", "evil.example"),
        ("evil.example.", "evil.example"),
        ("müller.example", "xn--mller-kva.example"),
        (ANNA, ANNA),
        ("https://Evil.example:443/users/anna", ANNA),
        ("https://evil.example?x", "evil.example"),
        ("https://u:p@evil.example/users/anna", ""),
        ("127.0.0.1:80", "127.0.0.1:80"),
        ("de", ""),  # all of Germany
        ("", ""),
        ("a b", ""),
        ("ftp://evil.example", ""),
        ("@anna@evil.example", ""),
        ("evil.example/pfad", ""),
        ("evil.example?x", ""),
        ("evil.example#x", ""),
    ],
)
def test_what_an_entry_is_about(typed: str, subject: str) -> None:
    assert rules.subject_of(typed) == subject


@pytest.mark.parametrize(
    ("host", "registered"),
    [
        ("example.org", "example.org"),
        ("a.b.example.org", "example.org"),
        ("a.example.co.uk", "example.co.uk"),
        ("stadt.com.de", "stadt.com.de"),
        ("a.stadt.com.de", "stadt.com.de"),
        ("hagen.de:8443", "hagen.de"),
        ("127.0.0.1:8001", "127.0.0.1:8001"),
        ("localhost", "localhost"),
    ],
)
def test_what_somebody_registered(host: str, registered: str) -> None:
    assert rules.registrable(host) == registered


def test_public_lists_do_not_spell_out_what_is_obfuscated() -> None:
    assert rules.obfuscated("evil.example") == "evil.****ple"
    assert rules.obfuscated("very-evil.example.org") == "very-e***.******e.org"


def test_asking_costs_next_to_nothing_however_long_the_list_is() -> None:
    found = Rules(Restriction(f"host{number}.example", "block") for number in range(20_000))
    uri = "https://mastodon.example/users/anna"
    assert found.of(uri) == Verdict()
    seconds = min(timeit.repeat(lambda: found.of(uri), number=10_000, repeat=5)) / 10_000
    assert seconds < 100e-6  # some fiftieth of it on an idle machine
