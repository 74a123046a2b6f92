"""The examples of RFC 9421: keys of appendix B.1, signatures of B.2, query parameters of section 2.2.8, fields of 2.1.

Their key ids are no URLs, their time is long over and most cover too little, so our door refuses all of them; what is
held against them is how the signed text is made, and what a key makes of it.
"""

import asyncio
import base64
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from fediverse_ehrenamt.federation import components, rfc9421, signatures
from fediverse_ehrenamt.federation.evidence import Algorithm, Evidence, Request
from fediverse_ehrenamt.federation.signatures import PublicKey
from fediverse_ehrenamt.kit.errors import BadSignature
from tests.federation.signing import KEY_ID, RSA, Keys, Rfc9421, b64, content_digest, verified

MADE = datetime.fromtimestamp(1618884473, UTC)
REQUEST = Request(
    "POST",
    "/foo?param=Value&Pet=dog",
    (
        (b"host", b"example.com"),
        (b"date", b"Tue, 20 Apr 2021 02:07:55 GMT"),
        (b"content-type", b"application/json"),
        (
            b"content-digest",
            b"sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
        ),
        (b"content-length", b"18"),
    ),
    b'{"hello": "world"}',
    "https://example.com",
)
_MODULUS = (
    "r4tmm3r20Wd_PbqvP1s2-QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct-Lh1GH45x28Rw3Ry53mm-oAXjyQ86OnDk"
    "Z5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL-Wokqltd11nqq"
    "zi-bJ9cvSKADYdUAAN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4aOT9v6d-nb4b"
    "nNkQVklLQ3fVAvJm-xdDOp9LCNCN48V2pnDOkFV6-U9nV5oyc6XI2w"
)
_PSS: tuple[Algorithm, ...] = ("rsa-pss-sha512",)


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=="), "big")


RSA_PSS = rsa.RSAPublicNumbers(_number("AQAB"), _number(_MODULUS)).public_key()
ED25519 = ed25519.Ed25519PublicKey.from_public_bytes(
    base64.urlsafe_b64decode("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs=")
)
P256 = ec.EllipticCurvePublicNumbers(
    _number("qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA"),
    _number("Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0"),
    ec.SECP256R1(),
).public_key()


@dataclass(frozen=True)
class Vector:
    """One example of B.2: what is covered, with the parameters, and who signed it."""

    written: str
    signature: str
    key: PublicKey
    algorithms: tuple[Algorithm, ...]

    @property
    def request(self) -> Request:
        said = {b"signature-input": f"sig={self.written}", b"signature": f"sig=:{self.signature}:"}
        headers = tuple((name, value.encode()) for name, value in said.items())
        return replace(REQUEST, headers=REQUEST.headers + headers)

    @property
    def base(self) -> bytes:
        members = components.dictionary(self.request, "signature-input")["sig"][0]
        covered = tuple(map(components.read_component, members))
        return rfc9421.signature_base(rfc9421.Claim("", (), covered, self.written, b"", 0), REQUEST)


VECTORS = {
    "B.2.1 minimal": Vector(
        '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
        "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8U"
        "dx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJz"
        "sPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s"
        "++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==",
        RSA_PSS,
        _PSS,
    ),
    "B.2.2 selective": Vector(
        '("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss"'
        ';tag="header-example"',
        "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7"
        "KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTla"
        "qwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVk"
        "SFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==",
        RSA_PSS,
        _PSS,
    ),
    "B.2.3 full": Vector(
        '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length")'
        ';created=1618884473;keyid="test-key-rsa-pss"',
        "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5"
        "p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aY"
        "A2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+Q"
        "IF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==",
        RSA_PSS,
        _PSS,
    ),
    "B.2.6 Ed25519": Vector(
        '("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"',
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
        ED25519,
        ("ed25519",),
    ),
}


def proves(vector: Vector, base: bytes, algorithms: tuple[Algorithm, ...] | None = None) -> bool:
    evidence = Evidence("rfc9421", (base,), base64.b64decode(vector.signature), algorithms or vector.algorithms)
    try:
        signatures._prove(evidence, vector.key)
    except BadSignature:
        return False
    return True


@pytest.mark.parametrize("name", VECTORS)
def test_appendix_b2(name: str) -> None:
    vector = VECTORS[name]
    assert proves(vector, vector.base)
    assert proves(vector, vector.base, rfc9421._ALGORITHMS[None]), "without `alg` the key tells"
    assert not proves(vector, vector.base + b" ")
    assert not proves(vector, vector.base, ("rsa-sha256", "rsa-sha512")), "nothing else is made of the same key"


@pytest.mark.parametrize("name", VECTORS)
def test_none_of_appendix_b2_is_taken_at_our_door(name: str) -> None:
    """Each lacks something: it is no URL that names the key."""
    vector = VECTORS[name]
    with pytest.raises(BadSignature, match="keyId must be an http"):
        asyncio.run(signatures.verify(vector.request, Keys(vector.key), MADE))
    named = replace(vector, written=re.sub('keyid="[^"]+"', f'keyid="{KEY_ID}"', vector.written))
    lacking = "does not match" if name == "B.2.3 full" else "must also cover"
    with pytest.raises(BadSignature, match=lacking):
        asyncio.run(signatures.verify(named.request, Keys(vector.key), MADE))


def test_appendix_b24_is_of_a_response_and_of_a_kind_of_key_that_no_actor_has() -> None:
    covered = '("@status" "content-type" "content-digest" "content-length")'
    written = f'{covered};created=1618884473;keyid="test-key-ecc-p256"'
    made = "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw=="
    vector = Vector(written, made, RSA_PSS, _PSS)
    with pytest.raises(BadSignature, match="@status is not known for a request"):
        assert vector.base
    pem = P256.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(BadSignature, match="must be RSA or Ed25519"):
        signatures.load_public(pem.decode())


def test_appendix_b25_is_by_a_secret_that_two_would_share() -> None:
    written = f'("date" "@authority" "content-type");created=1618884473;keyid="{KEY_ID}";alg="hmac-sha256"'
    vector = Vector(written, "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=", RSA_PSS, _PSS)
    with pytest.raises(BadSignature, match="alg must be"):
        asyncio.run(signatures.verify(vector.request, Keys(RSA_PSS), MADE))


# --- what a component says --------------------------------------------------------------------------------------------
def said(written: str, target: str = "/", **headers: str) -> str:
    """Return the value of a component of a request."""
    lines = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    request = Request(
        "GET", target, (*lines, (b"signature-input", f"a=({written})".encode())), b"", "https://example.com"
    )
    (member,) = components.dictionary(request, "signature-input")["a"][0]
    line = components.line(components.read_component(member), request).decode()
    assert line.startswith(f"{written}: ")
    return line.removeprefix(f"{written}: ")


_MULTILINE = (
    "/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something"
)


@pytest.mark.parametrize(
    ("target", "name", "value"),
    [
        ("/path?param=value&foo=bar&baz=batman&qux=", "baz", "batman"),
        ("/path?param=value&foo=bar&baz=batman&qux=", "qux", ""),
        ("/path?param=value&foo=bar&baz=batman&qux=", "param", "value"),
        (
            _MULTILINE,
            "var",
            "this%20is%20a%20big%0Amultiline%20value",
        ),
        (
            _MULTILINE,
            "bar",
            "with%20plus%20whitespace",
        ),
        (
            _MULTILINE,
            "fa%C3%A7ade%22%3A%20",
            "something",
        ),
        ("/?a=~*-._b", "a", "%7E*-._b"),
    ],
)
def test_section_228(target: str, name: str, value: str) -> None:
    assert said(f'"@query-param";name="{name}"', target) == value


@pytest.mark.parametrize(
    ("written", "value", "wanted"),
    [
        ('"priority";sf', "  a=1,    b=2;x=1;y=2,   c=(a   b   c), d", "a=1, b=2;x=1;y=2, c=(a b c), d"),
        ('"priority";key="a"', "  a=1, b=2;x=1;y=2, c=(a   b    c), d", "1"),
        ('"priority";key="d"', "  a=1, b=2;x=1;y=2, c=(a   b    c), d", "?1"),
        ('"priority";key="b"', "  a=1, b=2;x=1;y=2, c=(a   b    c), d", "2;x=1;y=2"),
        ('"priority";sf;key="c"', "  a=1, b=2;x=1;y=2, c=(a   b    c), d", "(a b c)"),
        ('"priority";bs', "value, with, lots, of, commas", ":dmFsdWUsIHdpdGgsIGxvdHMsIG9mLCBjb21tYXM=:"),
    ],
)
def test_section_21(written: str, value: str, wanted: str) -> None:
    assert said(written, priority=value) == wanted


def test_what_is_covered_by_other_components_is_taken_at_our_door() -> None:
    method, target = Rfc9421().components[:2]
    digest = content_digest()
    for covered in (
        ('"content-digest";key="sha-256"', digest.removeprefix("sha-256=")),
        ('"content-digest";sf', digest),
        ('"content-digest";bs', f":{b64(digest.encode())}:"),
    ):
        assert verified(Rfc9421(components=(method, target, covered)).request()).how == "rfc9421"
    asked = (target[0], f"{target[1]}?x=a+b")
    covered = ('"@query-param";name="x"', "a%20b")
    whole = Rfc9421(target="/inbox?x=a+b", components=(method, asked, Rfc9421().components[2], covered))
    assert verified(whole.request()).how == "rfc9421"


def by_pss(key: object, text: str) -> str:
    assert isinstance(key, rsa.RSAPrivateKey)
    return b64(key.sign(text.encode(), padding.PSS(padding.MGF1(hashes.SHA512()), 64), hashes.SHA512()))


@pytest.mark.parametrize("alg", ["", ';alg="rsa-pss-sha512"'])
def test_rsa_pss_is_taken_at_our_door(alg: str) -> None:
    signed = Rfc9421(sign=by_pss)
    assert verified(replace(signed, parameters=signed.parameters + alg).request(), RSA.public_key()).how == "rfc9421"
