"""Whose proof it is: by itself, and beside an HTTP signature of the same actor."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fediverse_ehrenamt.federation import proofs
from fediverse_ehrenamt.federation.proofs import CURRENT, Held
from fediverse_ehrenamt.federation.signatures import Signed
from fediverse_ehrenamt.kit.errors import BadSignature, EhrenamtError, Unavailable
from fediverse_ehrenamt.vocab import proofs as vocab_proofs
from fediverse_ehrenamt.vocab.proofs import Claim
from tests.workbench import ANNA, PEER, creation

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
METHOD = f"{ANNA}#ed25519-key"


@dataclass
class Keys:
    """A source of keys as a test sets it: what is held, and what the origin says when it is asked."""

    at_hand: Mapping[str, Ed25519PrivateKey] = field(default_factory=dict)
    asked_at: datetime | None = NOW
    fresh: Mapping[str, Ed25519PrivateKey] | EhrenamtError = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)

    async def held(self, _actor: str) -> Held:
        return Held({method: key.public_key() for method, key in self.at_hand.items()}, self.asked_at)

    async def ask(self, actor: str) -> Held:
        self.questions.append(actor)
        if isinstance(self.fresh, EhrenamtError):
            raise self.fresh
        return Held({method: key.public_key() for method, key in self.fresh.items()}, NOW)


def claim(key: Ed25519PrivateKey = KEY, method: str = METHOD) -> Claim:
    found = vocab_proofs.read(vocab_proofs.write(creation(), method, key, NOW), NOW)
    assert found is not None
    return found


def verified(keys: Keys, one: Claim | None = None, actor: str = ANNA) -> Signed:
    return asyncio.run(proofs.verify(one or claim(), actor, keys, NOW))


def checked(keys: Keys, one: Claim | None = None) -> None:
    asyncio.run(proofs.check(one or claim(), ANNA, keys))


# --- by itself --------------------------------------------------------------------------------------------------------
def test_a_proof_by_a_key_that_its_actor_names() -> None:
    keys = Keys({METHOD: KEY})
    assert verified(keys) == Signed(ANNA, claim().covered, "proof")
    assert keys.questions == []


def test_a_key_that_is_not_known_yet_is_asked_for_once() -> None:
    keys = Keys(fresh={METHOD: KEY})
    assert verified(keys).actor == ANNA
    assert keys.questions == [ANNA]
    never_asked = Keys({METHOD: KEY}, asked_at=None, fresh={METHOD: KEY})
    assert verified(never_asked).actor == ANNA
    assert never_asked.questions == [ANNA]


def test_a_key_that_was_replaced() -> None:
    assert verified(Keys({METHOD: OTHER}, fresh={METHOD: KEY})).actor == ANNA
    with pytest.raises(BadSignature, match="does not match"):
        verified(Keys({METHOD: OTHER}, fresh={METHOD: OTHER}))


@pytest.mark.parametrize("fresh", [{}, {f"{METHOD}-2": KEY}])
def test_a_key_that_was_given_up_proves_nothing_once_that_is_known(fresh: dict[str, Ed25519PrivateKey]) -> None:
    """It is believed for as long as what is held counts as current, which is a day."""
    assert verified(Keys({METHOD: KEY}, asked_at=NOW - CURRENT, fresh=fresh)).actor == ANNA
    with pytest.raises(BadSignature, match="among its present keys"):
        verified(Keys({METHOD: KEY}, asked_at=NOW - CURRENT - timedelta(seconds=1), fresh=fresh))


@pytest.mark.parametrize(
    "method",
    ["https://evil.example/users/eve#key", "http://peer.example/users/anna#ed25519-key", f"{PEER}:8443/users/anna#k"],
)
def test_a_key_of_another_origin_is_not_even_looked_for(method: str) -> None:
    keys = Keys({method: KEY}, fresh={method: KEY})
    with pytest.raises(BadSignature, match="another origin"):
        verified(keys, claim(method=method))
    assert keys.questions == []


def test_a_neighbours_key_is_not_the_actors() -> None:
    with pytest.raises(BadSignature, match="does not name"):
        verified(Keys({METHOD: KEY}, fresh={METHOD: KEY}), claim(method=f"{PEER}/users/berta#ed25519-key"))


@pytest.mark.parametrize("fault", [Unavailable("down"), BadSignature("gone")])
def test_keys_that_are_not_to_be_had(fault: EhrenamtError) -> None:
    with pytest.raises(type(fault)):
        verified(Keys(fresh=fault))
    with pytest.raises(type(fault)):
        verified(Keys({METHOD: KEY}, asked_at=NOW - timedelta(days=2), fresh=fault))


# --- beside an HTTP signature of the same actor -----------------------------------------------------------------------
def test_a_good_proof_and_one_by_an_unknown_key_cost_no_question() -> None:
    for keys in (Keys({METHOD: KEY}), Keys({METHOD: KEY}, asked_at=NOW - timedelta(days=99)), Keys()):
        checked(keys)
        assert keys.questions == []


def test_a_wrong_proof_is_refused_after_asking_anew() -> None:
    replaced = Keys({METHOD: OTHER}, fresh={METHOD: KEY})
    checked(replaced)
    assert replaced.questions == [ANNA]
    for fresh in ({METHOD: OTHER}, {}):
        keys = Keys({METHOD: OTHER}, fresh=fresh)
        with pytest.raises(BadSignature, match="does not match"):
            checked(keys)
        assert keys.questions == [ANNA]
    with pytest.raises(Unavailable):
        checked(Keys({METHOD: OTHER}, fresh=Unavailable("down")))
