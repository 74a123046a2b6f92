"""Passkeys without a browser: what proves nothing is refused. The whole ceremony is tested in `tests/browser`."""

import base64
import json

import pytest

from fediverse_ehrenamt.accounts.model import ChallengeRow, PasskeyRow
from fediverse_ehrenamt.instance import Instance
from tests.accounts.house import House
from tests.workbench import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


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
