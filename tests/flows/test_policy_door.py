"""The policy at the inbox's door, over real HTTP: blocked hosts 403, too much 429, strangers limited, sources not."""

import time

import pytest

from fediverse_ehrenamt.federation import policy, restrictions
from fediverse_ehrenamt.federation.rules import Restriction
from tests.flows.peer import Peer
from tests.towns import Country, Town


@pytest.fixture
def town(country: Country) -> Town:
    made = country.town("Hagen", EHRENAMT_INBOX_PER_MINUTE="5", EHRENAMT_STRANGERS_PER_DAY="3")
    made.add()
    return made


@pytest.fixture
def peer(country: Country) -> Peer:
    return Peer(country)


def _refresh(town: Town) -> None:
    town.clock.advance(seconds=policy.REFRESH_SECONDS)
    town.stage.run(policy.of(town.workshop).refresh())


def _host(peer: Peer) -> str:
    return f"127.0.0.1:{peer.port}"


def _follow(town: Town, peer: Peer, actor: str) -> int:
    return peer.send(f"{town.url}/inbox", peer.activity("Follow", actor, town.actor)).status_code


def test_a_blocked_host_is_refused_before_its_key_is_asked_for(town: Town, peer: Peer) -> None:
    town.write(restrictions.put, [Restriction(_host(peer), "block", public_comment="Spam")])
    _refresh(town)
    anna = peer.actor("anna")
    del peer.documents["/users/anna"]
    answer = peer.send(f"{town.url}/inbox", peer.activity("Follow", anna, town.actor))
    assert (answer.status_code, answer.json()["error"]) == (403, f"{_host(peer)} is blocked here: Spam")
    town.write(restrictions.remove, _host(peer))
    _refresh(town)
    assert _follow(town, peer, peer.actor("bela")) == 202
    peer.until("Accept")


def test_a_block_by_the_command_line_is_seen_seconds_later(town: Town, peer: Peer) -> None:
    anna = peer.actor("anna")
    assert _follow(town, peer, anna) == 202
    town.until(lambda: town.followers() == [anna], "is followed")
    assert "1 Folgender" in town.command("block", "add", _host(peer))
    assert town.followers() == []
    deadline = time.monotonic() + 20
    while _follow(town, peer, anna) != 403:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_who_sends_too_much_is_told_when_to_come_back_and_a_source_may_go_on(town: Town, peer: Peer) -> None:
    anna = peer.actor("anna")
    assert [_follow(town, peer, anna) for _ in range(5)] == [202] * 5
    late = peer.send(f"{town.url}/inbox", peer.activity("Follow", anna, town.actor))
    assert late.status_code == 429
    assert 1 <= int(late.headers["retry-after"]) <= 12
    town.follow(anna)
    _refresh(town)
    assert {_follow(town, peer, anna) for _ in range(20)} == {202}  # what 3 seconds bring a source


def test_bad_signatures_in_somebodys_name_use_nothing_of_theirs_up(town: Town, peer: Peer, country: Country) -> None:
    other, anna = Peer(country), peer.actor("anna")
    follow = peer.activity("Follow", anna, town.actor)
    assert {other.send(f"{town.url}/inbox", follow).status_code for _ in range(20)} == {401}
    assert _follow(town, peer, anna) == 202


def test_strangers_of_one_domain_are_limited_and_known_ones_go_on(town: Town, peer: Peer) -> None:
    assert [_follow(town, peer, peer.actor(f"name{number}")) for number in range(4)] == [202, 202, 202, 429]
    assert _follow(town, peer, peer.actor("name0")) == 202
