"""FEP-521a: Ed25519 keys as Multikey. The vector is the FEP's own (CC0-1.0, codeberg.org/fediverse/fep)."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import multikey

_KEY = bytes.fromhex("2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6")
_MULTIBASE = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
# The start of the FEP's RSA key: multicodec 0x1205, which is no Ed25519.
_RSA = (
    "z4MXj1wBzi9jUstyPMS4jQqB6KdJaiatPkAtVtGc6bQEQEEsKTic4G7Rou3iBf9vPmT5dbkm9qsZsuVNjq8HCuW1w24nhBFGkRE4cd2Uf2tfrB3N"
)


def test_the_vector_of_the_fep() -> None:
    assert multikey.encode(_KEY) == _MULTIBASE
    assert multikey.decode(_MULTIBASE) == _KEY


def test_the_scenarios_of_the_fep() -> None:
    """Of the two kinds of keys we read one; RSA keys come in `publicKey`."""
    ed25519, rsa = orjson.loads((Path(__file__).parent / "vectors" / "fep-521a.json").read_bytes())
    key = bytes.fromhex(ed25519["steps"][0].split('"')[1])
    assert multikey.encode(key) == ed25519["documents"][0]["publicKeyMultibase"]
    assert multikey.decode(ed25519["documents"][0]["publicKeyMultibase"]) == key
    with pytest.raises(Malformed, match="no Ed25519"):
        multikey.decode(rsa["documents"][0]["publicKeyMultibase"])


@given(st.binary(min_size=32, max_size=32))
def test_every_key_comes_back(key: bytes) -> None:
    assert multikey.decode(multikey.encode(key)) == key


@given(st.binary(max_size=80))
def test_base58_keeps_leading_zeros(data: bytes) -> None:
    assert multikey.from_base58(multikey.base58(data)) == data


@pytest.mark.parametrize(
    "text", ["", "z", _RSA, _MULTIBASE[1:], "u" + _MULTIBASE[1:], _MULTIBASE + "1", "z0OIl", "z" + "2" * 2000]
)
def test_other_keys_are_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        multikey.decode(text)
