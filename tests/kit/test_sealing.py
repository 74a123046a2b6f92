"""Sealed texts: nothing of them can be read, changed or moved without the secret, and each says whose it is."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit import sealing

SECRET, OTHER = "ein-geheimnis-von-dreiunddreissig-zeichen", "ein-anderes-geheimnis-von-vierzig-zeichen"
PLACE = "https://hagen.example/ap/actor/1 rsa"


@given(st.text(), st.text())
def test_what_was_sealed_comes_back(text: str, place: str) -> None:
    sealed = sealing.seal(SECRET, text, place)
    assert sealing.unseal(SECRET, sealed, place) == text
    assert sealing.is_sealed(sealed)
    assert sealing.is_sealed_by(SECRET, sealed)
    assert not sealing.is_sealed_by(OTHER, sealed)


def test_nothing_of_it_can_be_read() -> None:
    sealed = sealing.seal(SECRET, "-----BEGIN PRIVATE KEY-----", PLACE)
    assert "PRIVATE" not in sealed
    assert b"PRIVATE" not in base64.urlsafe_b64decode(sealed.rpartition(".")[2])
    assert SECRET not in sealed
    assert sealing.seal(SECRET, "-----BEGIN PRIVATE KEY-----", PLACE) != sealed


@pytest.mark.parametrize(
    ("secret", "place", "old", "new"),
    [
        (OTHER, PLACE, "", ""),
        (SECRET, PLACE + "x", "", ""),
        (SECRET, "", "", ""),
        (SECRET, PLACE, "sealed1", "sealed2"),
        (SECRET, PLACE, "sealed1.", "sealed1.00"),
    ],
)
def test_another_secret_or_place(secret: str, place: str, old: str, new: str) -> None:
    sealed = sealing.seal(SECRET, "text", PLACE).replace(old, new, 1)
    with pytest.raises(sealing.WrongSecret):
        sealing.unseal(secret, sealed, place)


def test_every_changed_byte_is_found() -> None:
    head, _, data = sealing.seal(SECRET, "text", PLACE).rpartition(".")
    raw = base64.urlsafe_b64decode(data)
    for place in range(len(raw)):
        bent = bytearray(raw)
        bent[place] ^= 1
        with pytest.raises(sealing.WrongSecret):
            sealing.unseal(SECRET, f"{head}.{base64.urlsafe_b64encode(bent).decode()}", PLACE)
    for short in ("", "A", "AAAA", "ä", "!!!!"):
        with pytest.raises(sealing.WrongSecret):
            sealing.unseal(SECRET, f"{head}.{short}", PLACE)


def test_a_key_as_text_is_not_sealed() -> None:
    assert not sealing.is_sealed("-----BEGIN PRIVATE KEY-----")
    assert not sealing.is_sealed("")


def test_secrets_are_long_and_never_the_same() -> None:
    made = {sealing.new_secret() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) >= sealing.MIN_SECRET
