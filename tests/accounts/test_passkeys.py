"""Passkeys of an authenticator in a few lines, which can also do what no browser would: all that must be refused.

The whole ceremony in a browser is in `tests/browser/test_accounts.py`.
"""

import base64
import hashlib
import json
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

from fediverse_ehrenamt.accounts import rules
from fediverse_ehrenamt.accounts.model import ChallengeRow, PasskeyRow
from fediverse_ehrenamt.instance import Instance
from tests.accounts.house import House, Visit
from tests.accounts.test_factors import turn_on
from tests.workbench import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class Key:
    """A security key: `verified` says whether it checks who holds it, `count` how often it was used."""

    def __init__(self, name: bytes = b"key-1", *, verified: bool = True, site: str = "http://hagen.example") -> None:
        self.name, self.verified, self.site, self.count = name, verified, site, 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: dict[str, Any]) -> str:
        """Answer `create` (WebAuthn §6.5, attestation "none")."""
        numbers = self._key.public_key().public_numbers()
        cose = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.name).to_bytes(2, "big") + self.name + cose
        whole = encode_cbor({"fmt": "none", "attStmt": {}, "authData": self._data(0x40) + attested})
        client = self._client("webauthn.create", options["challenge"])
        return self._written({"clientDataJSON": text(client), "attestationObject": text(whole)})

    def show(self, options: dict[str, Any], owner: str | None = None) -> str:
        """Answer `get`, as the key of `owner`."""
        self.count += 1
        data, client = self._data(0), self._client("webauthn.get", options["challenge"])
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature)}
        return self._written(response | ({"userHandle": text(owner.encode())} if owner else {}))

    def _data(self, flags: int) -> bytes:
        flags |= 0x01 | (0x04 if self.verified else 0)
        return hashlib.sha256(b"hagen.example").digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.site}).encode()

    def _written(self, response: dict[str, str]) -> str:
        name = text(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


async def add(browser: Visit, key: Key, name: str = "Mein Schlüssel") -> httpx.Response:
    options = (await browser.post("/konto/passkeys/start", name=name)).json()
    return await browser.post("/konto/passkeys", antwort=key.make(options), name=name)


async def enter(browser: Visit, key: Key, owner: str | None = None) -> httpx.Response:
    options = (await browser.post("/anmelden/passkey/start")).json()
    return await browser.post("/anmelden/passkey?weiter=/ueber", antwort=key.show(options, owner))


async def test_a_key_is_added_used_and_removed(hagen: House) -> None:
    anna, key = hagen.add(), Key()
    async with hagen.visit(anna.id) as browser, hagen.visit() as elsewhere:
        assert (await add(browser, key)).json() == {"weiter": "/konto?fertig=1"}
        assert "noch nicht benutzt" in (await browser.get("/konto")).text
        entered = await enter(elsewhere, key, anna.id)
        assert (entered.status_code, entered.json()) == (200, {"weiter": "/ueber"})
        assert await elsewhere.signed_in()
        page = (await browser.get("/konto")).text
        assert "zuletzt benutzt 22. November 2026" in page
        (found,) = (await browser.get("/konto/daten.json")).json()["passkeys"]
        assert found["name"] == "Mein Schlüssel"
        again = await add(browser, key)
        assert (again.status_code, "gibt es hier schon" in again.json()["fehler"]) == (422, True)
        path = next(part for part in page.split('"') if part.startswith("/konto/passkeys/") and "entfernen" in part)
        async with hagen.visit(hagen.add("bert@beispiel.de", "Bert").id) as bert:
            await bert.post(path)
        assert hagen.rows([PasskeyRow]) == {"PasskeyRow": 1}, "nobody removes those of others"
        await browser.post(path)
        assert hagen.rows([PasskeyRow]) == {"PasskeyRow": 0}
        assert (await enter(elsewhere, key, anna.id)).status_code == 422


async def test_what_a_thief_could_try_is_refused(hagen: House) -> None:
    anna, bert, key = hagen.add(), hagen.add("bert@beispiel.de", "Bert"), Key()
    async with hagen.visit(anna.id) as browser, hagen.visit() as thief:
        assert (await add(browser, Key(site="https://evil.example"))).status_code == 422, "made for another site"
        await add(browser, key)
        options = (await thief.post("/anmelden/passkey/start")).json()
        answer = key.show(options)
        assert (await browser.post("/anmelden/passkey", antwort=answer)).status_code == 200
        assert (await thief.post("/anmelden/passkey", antwort=answer)).status_code == 422, "signed once, used twice"
        key.count = 0
        assert (await enter(thief, key)).status_code == 422, "a copy counts less"
        key.count = 5
        assert (await enter(thief, Key(key.name))).status_code == 422, "by the same name, but another key"
        assert (await enter(thief, key, bert.id)).status_code == 422, "of somebody else"
        options = (await thief.post("/anmelden/passkey/start")).json()
        hagen.clock.forward(minutes=5)
        assert (await thief.post("/anmelden/passkey", antwort=key.show(options))).status_code == 422, "too late"
        assert not await thief.signed_in()


@pytest.mark.parametrize(("verified", "where"), [(True, "/ueber"), (False, "/anmelden/code?weiter=%2Fueber")])
async def test_a_key_that_checks_its_owner_is_two_steps_in_one(hagen: House, where: str, *, verified: bool) -> None:
    anna, key = hagen.add(), Key(verified=verified)
    async with hagen.visit(anna.id) as browser:
        await add(browser, key)
    await turn_on(hagen, anna.id)
    async with hagen.visit() as browser:
        assert (await enter(browser, key, anna.id)).json() == {"weiter": where}
        assert await browser.signed_in() == verified


async def test_there_are_only_so_many(hagen: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PASSKEYS", 1)
    async with hagen.visit(hagen.add().id) as browser:
        assert (await add(browser, Key(b"1"), " ")).status_code == 200
        assert (await add(browser, Key(b"2"))).status_code == 422
        assert "Passkey: <bdi>Passkey</bdi>" in (await browser.get("/konto")).text


def written(challenge: str, kind: str = "webauthn.get") -> str:
    """Return the answer of a passkey that has signed nothing."""
    client = json.dumps({"type": kind, "challenge": challenge, "origin": "http://hagen.example"}).encode()
    plain = base64.urlsafe_b64encode(client).decode().rstrip("=")
    response = {"clientDataJSON": plain, "authenticatorData": "AAAA", "signature": "AAAA", "attestationObject": "AAAA"}
    return json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": response})


async def test_options_name_the_person_and_us(hagen: House) -> None:
    anna = hagen.add()
    async with hagen.visit(anna.id) as browser:
        options = (await browser.post("/konto/passkeys/start", name="Telefon")).json()
        assert options["rp"] == {"name": "Ehrenamt Hagen", "id": "hagen.example"}
        assert base64.urlsafe_b64decode(options["user"]["id"] + "==").decode() == anna.id
        assert options["authenticatorSelection"]["residentKey"] == "required"
        again = (await browser.post("/konto/passkeys/start", name="Telefon")).json()
        assert options["challenge"] != again["challenge"]
        asked = (await browser.post("/anmelden/passkey/start")).json()
        assert asked.get("allowCredentials", []) == [], "who has one is not said"


async def test_what_proves_nothing_is_refused(hagen: House) -> None:
    async with hagen.visit(hagen.add().id) as browser, hagen.visit() as stranger:
        adding = (await browser.post("/konto/passkeys/start", name="x")).json()["challenge"]
        entering = (await stranger.post("/anmelden/passkey/start")).json()["challenge"]
        for answer in ("", "{}", "[]", "null", "x", written("AAAA"), written(entering), written(adding)):
            refused = await browser.post("/konto/passkeys", antwort=answer, name="x")
            assert (refused.status_code, "nicht geklappt" in refused.json()["fehler"]) == (422, True)
            assert (await stranger.post("/anmelden/passkey", antwort=answer)).status_code == 422
        assert not await stranger.signed_in()
    assert hagen.rows([PasskeyRow]) == {"PasskeyRow": 0}


async def test_challenges_end(hagen: House) -> None:
    async with hagen.visit() as stranger:
        await stranger.post("/anmelden/passkey/start")
        hagen.tidy()
        assert hagen.rows([ChallengeRow]) == {"ChallengeRow": 1}
        hagen.clock.forward(minutes=5)
        hagen.tidy()
        assert hagen.rows([ChallengeRow]) == {"ChallengeRow": 0}
        for _ in range(29):
            assert (await stranger.post("/anmelden/passkey/start")).status_code == 200
        hagen.tidy()
        await stranger.post("/anmelden/passkey/start")
        statuses = {(await stranger.post("/anmelden/passkey/start")).status_code for _ in range(20)}
        assert 429 in statuses
