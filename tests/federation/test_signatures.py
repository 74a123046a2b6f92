"""Signatures that must be accepted: what we sign, what each peer sends, the specifications' own examples."""

import asyncio
import base64
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.federation import cavage, rfc9421, signatures
from fediverse_ehrenamt.federation.signatures import PublicKey, Request, SigningKey
from fediverse_ehrenamt.kit.errors import BadSignature, Rejected, Unavailable
from tests.federation.signing import (
    ACTOR,
    BODY,
    DATE,
    ED,
    KEY_ID,
    NOW,
    ORIGIN,
    OTHER_RSA,
    RSA,
    STAMP,
    Cavage,
    Keys,
    Rfc9421,
    by_library,
    by_library_verified,
    changed,
    content_digest,
    digest,
    received,
    verified,
    with_header,
    without,
)

OURS = SigningKey("https://hagen.example/ap/a/1#main-key", RSA)


# --- what we sign ---


def test_a_post_is_signed_as_every_peer_reads_it() -> None:
    berlin = NOW.astimezone(timezone(timedelta(hours=1)))
    headers = signatures.sign(OURS, "POST", "https://peer.example/inbox?x=1", BODY, berlin)
    assert list(headers) == ["host", "date", "digest", "signature"]
    assert (headers["host"], headers["date"], headers["digest"]) == ("peer.example", DATE, digest())
    start, _, encoded = headers["signature"].partition(',signature="')
    assert start == f'keyId="{OURS.id}",algorithm="rsa-sha256",headers="(request-target) host date digest"'
    text = f"(request-target): post /inbox?x=1\nhost: peer.example\ndate: {DATE}\ndigest: {digest()}"
    signature = base64.b64decode(encoded.removesuffix('"'), validate=True)
    RSA.public_key().verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_a_get_has_no_digest() -> None:
    headers = signatures.sign(OURS, "GET", "https://peer.example/users/anna", b"", NOW)
    assert list(headers) == ["host", "date", "signature"]
    assert 'headers="(request-target) host date"' in headers["signature"]
    assert list(signatures.sign(OURS, "POST", "https://peer.example/inbox", b"", NOW)) == [
        "host",
        "date",
        "digest",
        "signature",
    ]


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://peer.example", "peer.example", "/"),
        ("https://Peer.example:443/inbox#x?y", "peer.example", "/inbox"),
        ("http://127.0.0.1:8001/inbox?", "127.0.0.1:8001", "/inbox?"),
        ("https://[2001:db8::1]:8443/a/b?c=d&e=f", "[2001:db8::1]:8443", "/a/b?c=d&e=f"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_we_sign_is_what_goes_over_the_wire(method: str, url: str, host: str, target: str) -> None:
    body = BODY if method == "POST" else b""
    headers = signatures.sign(replace(OURS, id=KEY_ID), method, url, body, NOW)
    assert headers["host"] == host
    request = replace(received(headers, target, body, method), origin=url.partition("://")[0] + "://" + host)
    assert verified(request).actor == ACTOR


@pytest.mark.parametrize(
    "url", ["", "ftp://peer.example/", "https://a:b@peer.example/", "https://peer.example/ä", "/x"]
)
def test_an_address_that_is_none_is_given_up(url: str) -> None:
    with pytest.raises(Rejected, match="address"):
        signatures.sign(OURS, "POST", url, BODY, NOW)


# --- what peers send ---

CREATED = {"(created)": str(STAMP), "(expires)": str(STAMP + 60)}


def with_input(request: Request, member: str) -> Request:
    """The request with another member first in Signature-Input."""
    return changed(request, b"signature-input", f"{member}, ".encode() + (request.value(b"signature-input") or b""))


def beside(request: Request, member: str) -> Request:
    """The request with a signature of somebody else's before the actor's."""
    value = f"{member.partition('=')[0]}=:AAAA:, ".encode() + (request.value(b"signature") or b"")
    return changed(with_input(request, member), b"signature", value)


def as_credentials(made: Cavage, scheme: str = "Signature") -> Request:
    """The request with its signature in the Authorization header (section 3 of the draft)."""
    return received({"authorization": f"{scheme} {made.signature_header()}", **made.all_headers()})


def signature_amid(made: Cavage) -> str:
    """The parameters in another order than all peers have them; the draft (section 2.1) asks for none."""
    key, _, rest = made.signature_header().partition(",")
    rest, _, signature = rest.rpartition(",")
    return f"{key},{signature},{rest}"


SAMPLES: dict[str, tuple[Request, PublicKey]] = {
    "mastodon, misskey, gancio, nodebb, pleroma": (Cavage().request(), RSA.public_key()),
    "gotosocial, discourse": (Cavage(algorithm="hs2019").request(), RSA.public_key()),
    "friendica, path only": (
        Cavage(target="/inbox?x=1", signed_target="/inbox", algorithm="rsa-sha512", hash_name="sha512").request(),
        RSA.public_key(),
    ),
    "mobilizon, path only": (
        Cavage(
            target="/inbox?x=1",
            covered="(request-target) host content-length digest date",
            headers={"content-length": str(len(BODY))},
        ).request(),
        RSA.public_key(),
    ),
    "mastodon, with query": (Cavage(target="/inbox?x=1", signed_target="/inbox?x=1").request(), RSA.public_key()),
    "lemmy, numbers": (
        Cavage(
            algorithm="hs2019",
            covered="(request-target) (created) (expires) host digest",
            parameters=f"created={STAMP},expires={STAMP + 60},",
            pseudo=CREATED,
        ).request(),
        RSA.public_key(),
    ),
    "lemmy, numbers in quotes and spaces between": (
        Cavage(
            algorithm="hs2019",
            covered="(request-target) (created) host digest",
            parameters=f'created="{STAMP}" , ',
            pseudo=CREATED,
        ).request(),
        RSA.public_key(),
    ),
    "fedify, all it sends, path only": (
        Cavage(
            target="/inbox?x=1",
            covered="(request-target) accept content-type user-agent host digest date",
            headers={"accept": "*/*", "content-type": "application/activity+json"},
            pseudo={"user-agent": "Peer/1.0"},
        ).request(),
        RSA.public_key(),
    ),
    "no algorithm": (Cavage(algorithm=None).request(), RSA.public_key()),
    "hs2019 with sha-512": (Cavage(algorithm="hs2019", hash_name="sha512").request(), RSA.public_key()),
    "hs2019 with ed25519": (Cavage(algorithm="hs2019", key=ED).request(), ED.public_key()),
    "ed25519": (Cavage(algorithm="ed25519", key=ED).request(), ED.public_key()),
    "an unknown parameter": (Cavage(parameters='opaque="x",').request(), RSA.public_key()),
    "the signature before other parameters": (
        changed(Cavage().request(), b"signature", signature_amid(Cavage()).encode()),
        RSA.public_key(),
    ),
    "names in capitals": (
        changed(
            Cavage().request(), b"signature", Cavage().signature_header().replace("host date", "Host Date").encode()
        ),
        RSA.public_key(),
    ),
    "default port in host": (Cavage(headers={"host": "hagen.example:443"}).request(), RSA.public_key()),
    "host in capitals": (Cavage(headers={"host": "Hagen.Example"}).request(), RSA.public_key()),
    "a day of one digit": (Cavage(headers={"date": "Tue, 1 Dec 2026 12:00:00 GMT"}).request(), RSA.public_key()),
    "digest name in small letters": (
        Cavage(headers={"digest": digest().replace("SHA", "sha")}).request(),
        RSA.public_key(),
    ),
    "several digests": (
        Cavage(
            headers={
                "digest": "md5=whatever, "
                + digest()
                + ",SHA-512="
                + content_digest(name="sha-512").partition("=")[2].strip(":")
            }
        ).request(),
        RSA.public_key(),
    ),
    "only sha-512": (
        Cavage(headers={"digest": "SHA-512=" + content_digest(name="sha-512").partition("=")[2].strip(":")}).request(),
        RSA.public_key(),
    ),
    "misskey's name for ed25519": (Cavage(algorithm="ed25519-sha512", key=ED).request(), ED.public_key()),
    "an unknown parameter with a figure and a hyphen": (Cavage(parameters='x-v2="x",').request(), RSA.public_key()),
    "a date as mails have it": (
        Cavage(headers={"date": "Tue, 01 Dec 2026 12:00:00 -0000"}).request(),
        RSA.public_key(),
    ),
    "peertube's library as it comes, as credentials": (as_credentials(Cavage()), RSA.public_key()),
    "space around a value": (
        changed(Cavage().request(), b"host", b" \thagen.example "),
        RSA.public_key(),
    ),
    "mastodon, wordpress by rfc 9421": (Rfc9421().request(), RSA.public_key()),
    "fedify by rfc 9421": (
        Rfc9421(
            components=(
                ("@method", "POST"),
                ("@target-uri", "https://hagen.example/inbox"),
                ("@authority", "hagen.example"),
                ("host", "hagen.example"),
                ("date", DATE),
                ("content-digest", content_digest()),
            ),
            parameters=f';alg="rsa-v1_5-sha256";keyid="{KEY_ID}";created={STAMP}',
        ).request(),
        RSA.public_key(),
    ),
    "wordpress by rfc 9421": (
        Rfc9421(
            components=(
                ("@method", "POST"),
                ("@target-uri", "https://hagen.example/inbox"),
                ("@authority", "hagen.example"),
                ("collection-synchronization", 'collectionId="x"'),
                ("content-digest", content_digest()),
            ),
            headers={"collection-synchronization": 'collectionId="x"'},
            parameters=f';created={STAMP};keyid="{KEY_ID}";alg="rsa-v1_5-sha256"',
            label="wp",
        ).request(),
        RSA.public_key(),
    ),
    "a second signature, of a content network, by rfc 9421": (
        beside(
            Rfc9421().request(), f'cdn=("@authority" "cf-ray");created={STAMP};keyid="cdn-7";alg="ecdsa-p256-sha256"'
        ),
        RSA.public_key(),
    ),
    "a second signature without its value by rfc 9421": (
        with_input(Rfc9421().request(), f'sig2=("@method");created={STAMP}'),
        RSA.public_key(),
    ),
    "mastodon 4.7 with ed25519": (
        Rfc9421(parameters=f';created={STAMP};keyid="{KEY_ID}";alg="ed25519"', key=ED).request(),
        ED.public_key(),
    ),
    "ed25519 by the key alone": (Rfc9421(key=ED).request(), ED.public_key()),
    "an unknown digest beside a known one": (
        Rfc9421(
            components=(
                ("@method", "POST"),
                ("@target-uri", "https://hagen.example/inbox"),
                ("content-digest", "unixsum=:AAA=:, " + content_digest()),
            ),
            headers={"content-digest": "unixsum=:AAA=:, " + content_digest()},
        ).request(),
        RSA.public_key(),
    ),
}


@pytest.mark.parametrize(
    ("host", "ours"),
    [("hagen.example", True), ("hagen.example:8443", True), ("hagen.example:443", False), ("hagen.example:8", False)],
)
def test_a_host_may_leave_our_port_out_and_name_no_other(host: str, ours: bool) -> None:
    """Gancio and Takahē send and sign the name alone."""
    request = replace(Cavage(headers={"host": host}).request(), origin=f"{ORIGIN}:8443")
    if ours:
        assert verified(request).actor == ACTOR
    else:
        with pytest.raises(BadSignature, match="another host"):
            verified(request)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_peers_send_is_accepted(name: str) -> None:
    request, key = SAMPLES[name]
    signed = verified(request, key)
    assert (signed.actor, signed.body) == (ACTOR, BODY)
    assert signed.how == ("rfc9421" if "rfc 9421" in name or request.value(b"signature-input") else "cavage")
    assert signatures.key_id(request) == KEY_ID


@pytest.mark.parametrize(
    ("components", "target"),
    [
        (("@method", "@target-uri"), "/inbox"),
        (("@method", "@target-uri"), "/inbox?x=1&y=%C3%A4"),
        (("@authority", "@path", "@method"), "/inbox"),
        (("@authority", "@path", "@query", "@method", "@scheme"), "/inbox?x=1"),
        (("@method", "@authority", "@request-target", "date"), "/inbox?x=1"),
        (("date", "host", "@target-uri", "@method", "@query"), "/inbox"),
    ],
)
@pytest.mark.parametrize("include_alg", [True, False])
@pytest.mark.parametrize("key", [RSA, ED])
def test_another_implementation_of_rfc9421_agrees(
    components: tuple[str, ...], target: str, *, include_alg: bool, key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
) -> None:
    expires = NOW + timedelta(minutes=5)
    request = by_library(components, target, key, include_alg=include_alg, expires=expires)
    assert verified(request, key.public_key()).how == "rfc9421"
    with pytest.raises(BadSignature, match="does not match"):
        verified(replace(request, body=BODY + b" "), key.public_key())
    with pytest.raises(BadSignature, match=r"does not match|missing"):
        verified(replace(request, target="/other" + target), key.public_key())


def test_rfc9421_is_preferred_where_its_header_is_there() -> None:
    mixed = with_header(Rfc9421().request(), b"digest", digest().encode())
    assert verified(mixed).how == "rfc9421"
    with pytest.raises(BadSignature):  # a signature of the old kind under the new kind's header is none
        verified(changed(mixed, b"signature", Cavage().signature_header().encode()))


def test_a_get_needs_no_digest() -> None:
    request = replace(Cavage(covered="(request-target) host date", body=b"").request(), body=b"")
    assert verified(without(request, b"digest")).body == b""
    request = Rfc9421(components=Rfc9421().components[:2], body=b"").request()
    assert verified(without(request, b"content-digest")).body == b""


def test_what_we_sign_by_rfc9421_another_implementation_reads() -> None:
    for method, url, body in (
        ("POST", "https://hagen.example/inbox", BODY),
        ("POST", "https://hagen.example:8443/inbox?x=1&y=%C3%A4", b""),
        ("GET", "https://hagen.example", b""),
    ):
        headers = rfc9421.sign(replace(OURS, id=KEY_ID), method, url, body, NOW, fields={})
        assert ("content-digest" in headers) == (method == "POST")
        target = url.removeprefix("https://hagen.example").removeprefix(":8443") or "/"
        request = replace(received(headers, target, body, method), origin=url.removesuffix(target))
        assert verified(request).how == "rfc9421"
        assert (
            by_library_verified(request)
            == ("@method", "@target-uri", "content-digest")[: 3 if body or method == "POST" else 2]
        )


@pytest.mark.parametrize(
    "url", ["", "ftp://peer.example/", "https://a:b@peer.example/", "https://peer.example/ä", "/x"]
)
def test_an_address_that_is_none_is_given_up_by_rfc9421_too(url: str) -> None:
    with pytest.raises(Rejected, match="address"):
        rfc9421.sign(OURS, "POST", url, BODY, NOW, fields={})


# --- the specifications' own examples ---

CAVAGE_PUBLIC = """-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3
6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6
Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw
oYi+1hqp1fIekaxsyQIDAQAB
-----END PUBLIC KEY-----
"""
CAVAGE_REQUEST = Request(
    "POST",
    "/foo?param=value&pet=dog",
    (
        (b"host", b"example.com"),
        (b"date", b"Sun, 05 Jan 2014 21:31:40 GMT"),
        (b"content-type", b"application/json"),
        (b"digest", b"SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
        (b"content-length", b"18"),
    ),
    b'{"hello": "world"}',
    "https://example.com",
)


@pytest.mark.parametrize(
    ("covered", "signature"),
    [
        (  # C.2, Basic Test
            "(request-target) host date",
            (
                "qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfEdKFYRqzi"
                "c+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0="
            ),
        ),
        (  # C.3, All Headers Test; its signature was made without the (created) and (expires) that it prints
            "(request-target) host date content-type digest content-length",
            (
                "vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120V01IL+"
                "TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE="
            ),
        ),
    ],
)
def test_draft_cavage_appendix_c(covered: str, signature: str) -> None:
    """The examples' key has 1024 bits and the id "Test", both of which we refuse: so the text is held to it alone."""
    header = f'keyId="https://example.com/Test",algorithm="rsa-sha256",headers="{covered}",signature="{signature}"'
    claim = cavage.read(header.encode())
    key = serialization.load_pem_public_key(CAVAGE_PUBLIC.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    text = cavage.signing_string(claim.terms, CAVAGE_REQUEST, CAVAGE_REQUEST.target)
    key.verify(claim.signature, text, padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(BadSignature, match="bits"):
        signatures.load_public(CAVAGE_PUBLIC)


# --- clocks ---

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "request_", [Cavage().request(), Rfc9421().request(), SAMPLES["lemmy, numbers in quotes and spaces between"][0]]
)
@pytest.mark.parametrize(
    ("offset", "reason"),
    [
        (12 * HOUR, None),
        (12 * HOUR + timedelta(seconds=1), "too old"),
        (-HOUR, None),
        (-HOUR - timedelta(seconds=1), "in the future"),
    ],
)
def test_the_clock_may_differ_so_much_and_no_more(request_: Request, offset: timedelta, reason: str | None) -> None:
    if reason is None:
        assert verified(request_, now=NOW + offset).actor == ACTOR
    else:
        with pytest.raises(BadSignature, match=reason):
            verified(request_, now=NOW + offset)


@pytest.mark.parametrize(
    "request_",
    [
        SAMPLES["lemmy, numbers"][0],
        Cavage(parameters=f"expires={STAMP + 60},").request(),
        Rfc9421(parameters=f';created={STAMP};expires={STAMP + 60};keyid="{KEY_ID}"').request(),
    ],
)
def test_an_expiry_is_kept_to_the_second(request_: Request) -> None:
    assert verified(request_, now=NOW + timedelta(seconds=60)).actor == ACTOR
    with pytest.raises(BadSignature, match="expired"):
        verified(request_, now=NOW + timedelta(seconds=61))


# --- keys ---


def test_a_changed_key_is_fetched_anew_once() -> None:
    keys = Keys(OTHER_RSA.public_key(), RSA.public_key())
    assert asyncio.run(signatures.verify(Cavage().request(), keys, NOW)).actor == ACTOR
    assert keys.asked == [(KEY_ID, False), (KEY_ID, True)]


def test_a_key_of_another_kind_may_replace_the_known_one() -> None:
    keys = Keys(ED.public_key(), RSA.public_key())
    assert asyncio.run(signatures.verify(Cavage().request(), keys, NOW)).actor == ACTOR


@pytest.mark.parametrize("published", [OTHER_RSA.public_key(), ED.public_key()])
def test_a_signature_of_a_stranger_stays_one(published: PublicKey) -> None:
    keys = Keys(OTHER_RSA.public_key(), published)
    with pytest.raises(BadSignature, match="does not"):
        asyncio.run(signatures.verify(Cavage().request(), keys, NOW))
    assert keys.asked == [(KEY_ID, False), (KEY_ID, True)]


def test_a_good_signature_asks_for_the_key_once() -> None:
    keys = Keys(RSA.public_key())
    asyncio.run(signatures.verify(Cavage().request(), keys, NOW))
    assert keys.asked == [(KEY_ID, False)]


def test_the_owner_is_the_one_of_the_key_that_fits() -> None:
    keys = Keys(OTHER_RSA.public_key(), RSA.public_key())
    keys.published = replace(keys.published, owner="https://peer.example/users/berta")
    assert asyncio.run(signatures.verify(Cavage().request(), keys, NOW)).actor == "https://peer.example/users/berta"


def test_only_who_has_the_key_is_said_to_have_it() -> None:
    keys = Keys(RSA.public_key())
    signed = asyncio.run(signatures.verify(Cavage().request(), keys, NOW))
    again = asyncio.run(signatures.verify(Cavage().request(), keys, NOW))
    assert keys.good == [KEY_ID, KEY_ID]
    assert signed.mark == again.mark
    assert len(signed.mark) == 32
    other = Keys(OTHER_RSA.public_key())
    with pytest.raises(BadSignature):
        asyncio.run(signatures.verify(Cavage().request(), other, NOW))
    assert other.good == []


class Nowhere:
    async def find(self, key_id: str, *, refresh: bool = False) -> signatures.OwnedKey:
        raise Unavailable(f"{key_id} cannot be had now ({refresh})", retry_after=60)

    def proved(self, key_id: str) -> None:
        raise AssertionError(f"nobody has {key_id}")


def test_a_key_that_cannot_be_had_is_no_bad_signature() -> None:
    with pytest.raises(Unavailable):
        asyncio.run(signatures.verify(Cavage().request(), Nowhere(), NOW))


def test_a_worthless_request_asks_for_no_key() -> None:
    for request in (replace(Cavage().request(), body=b"{}"), Cavage(covered="date").request(), received({})):
        with pytest.raises(BadSignature):
            asyncio.run(signatures.verify(request, Nowhere(), NOW))


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "Signatures"])
def test_credentials_of_another_scheme_are_no_signature(scheme: str) -> None:
    with pytest.raises(BadSignature, match="not signed"):
        verified(as_credentials(Cavage(), scheme))


@pytest.mark.parametrize("request_", [Cavage().request(), Rfc9421().request(), as_credentials(Cavage(), "Signature")])
def test_what_claims_to_be_signed(request_: Request) -> None:
    signatures.check_claimed(request_)


def test_key_id_is_empty_where_nothing_is_signed() -> None:
    assert signatures.key_id(received({"host": "hagen.example"})) == ""
    with pytest.raises(BadSignature, match="not signed"):
        verified(received({"host": "hagen.example"}))


def test_our_keys_come_back_as_they_were_made() -> None:
    private, public = signatures.make_rsa()
    loaded = signatures.load_private(private)
    assert loaded.key_size == 2048
    assert loaded.public_key() == signatures.load_public(public)
    headers = signatures.sign(SigningKey(KEY_ID, loaded), "POST", ORIGIN + "/inbox", BODY, NOW)
    assert verified(received(headers), loaded.public_key()).actor == ACTOR


def test_what_is_no_key_of_ours_is_not_loaded() -> None:
    pem = ED.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    with pytest.raises(ValueError, match="not an RSA key"):
        signatures.load_private(pem)


def public_pem(key: rsa.RSAPublicKey | ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | dsa.DSAPublicKey) -> str:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def rsa_pem(bits: int, exponent: int = 65537) -> str:
    """A public key of any size, without the time that making a real one takes."""
    return public_pem(rsa.RSAPublicNumbers(exponent, (1 << (bits - 1)) + 1).public_key())


def test_keys_of_peers() -> None:
    assert signatures.load_public(public_pem(RSA.public_key())) == RSA.public_key()
    assert signatures.load_public(public_pem(ED.public_key())) == ED.public_key()
    for bits in (2048, 4096, 8192):
        assert isinstance(signatures.load_public(rsa_pem(bits)), rsa.RSAPublicKey)
    pkcs1 = RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1).decode()
    assert signatures.load_public(pkcs1) == RSA.public_key()


@pytest.mark.parametrize(
    ("pem", "reason"),
    [
        ("", "cannot be read"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "cannot be read"),
        (public_pem(RSA.public_key()).replace("A", "Ä"), "cannot be read"),
        (" " * 8193, "too long"),
        (rsa_pem(2040), "bits"),
        (rsa_pem(8200), "bits"),
        (rsa_pem(2048, (1 << 40) + 1), "exponent"),
        (public_pem(ec.generate_private_key(ec.SECP256R1()).public_key()), "must be RSA or Ed25519"),
    ],
)
def test_keys_that_are_refused(pem: str, reason: str) -> None:
    with pytest.raises(BadSignature, match=reason):
        signatures.load_public(pem)


# --- anything at all ---

HEADER_TEXT = st.one_of(
    st.binary(max_size=200),
    st.text(alphabet='keyId="(),;:=@ \\\tabs0189.?%sig1-', max_size=200).map(str.encode),
)


SIGNED = (
    *((Cavage().request(), name) for name in (b"host", b"date", b"digest", b"signature")),
    *((SAMPLES["fedify by rfc 9421"][0], name) for name in (b"host", b"date", b"content-digest", b"signature-input")),
)


@given(HEADER_TEXT, HEADER_TEXT, st.booleans())
def test_whatever_stands_in_the_signature_is_refused_in_order(first: bytes, second: bytes, new: bool) -> None:
    request = with_header(received({"host": "hagen.example", "date": DATE}), b"signature", first)
    if new:
        request = with_header(request, b"signature-input", second)
    with pytest.raises(BadSignature):
        verified(request)


@given(st.sampled_from(SIGNED), HEADER_TEXT)
def test_whatever_stands_in_a_signed_header_is_refused_in_order(sample: tuple[Request, bytes], value: bytes) -> None:
    with pytest.raises(BadSignature):
        verified(changed(*sample, value))
