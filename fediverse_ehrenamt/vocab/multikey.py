"""Ed25519 public keys as Multikey (FEP-521a): multibase "z", then base58btc of multicodec prefix and key."""

from fediverse_ehrenamt.kit.errors import Malformed

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {character: digit for digit, character in enumerate(_ALPHABET)}
_ED25519 = b"\xed\x01"  # multicodec ed25519-pub as a varint
_KEY_BYTES = 32
MAX_LENGTH = 1_000  # base58 takes quadratic time; an Ed25519 key has 48 characters, a proof 88


def base58(data: bytes) -> str:
    """Write bytes in base58btc."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    """Read base58btc; raises Malformed for other characters and beyond 1,000 of them."""
    if len(text) > MAX_LENGTH:
        raise Malformed("The multibase value is too long.")
    number = 0
    for character in text:
        if character not in _DIGITS:
            raise Malformed("The multibase value is not base58btc.")
        number = number * 58 + _DIGITS[character]
    return b"\0" * (len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode(key: bytes) -> str:
    """Write the 32 bytes of an Ed25519 public key as "z6Mk…"."""
    assert len(key) == _KEY_BYTES, "an Ed25519 public key has 32 bytes"
    return "z" + base58(_ED25519 + key)


def decode(multibase: str) -> bytes:
    """Return the 32 bytes of an Ed25519 public key; raises Malformed for any other kind of key."""
    if not multibase.startswith("z"):
        raise Malformed("Only multibase z (base58btc) is read.")
    data = from_base58(multibase[1:])
    if not data.startswith(_ED25519) or len(data) != len(_ED25519) + _KEY_BYTES:
        raise Malformed("The key is no Ed25519 public key.")
    return data.removeprefix(_ED25519)
