"""Requests that must be refused, each with the reason that tells its sender which rule it broke."""

import asyncio
import hashlib
import hmac
from dataclasses import replace

import pytest

from fediverse_ehrenamt.federation import signatures
from fediverse_ehrenamt.federation.signatures import PublicKey, Request
from fediverse_ehrenamt.kit.errors import BadSignature
from tests.federation.signing import (
    BODY,
    DATE,
    ED,
    KEY_ID,
    NOW,
    OTHER_RSA,
    RSA,
    STAMP,
    Cavage,
    Keys,
    Rfc9421,
    b64,
    changed,
    content_digest,
    digest,
    verified,
    with_header,
    without,
)

EVIL = b'{"type":"Delete","actor":"https://peer.example/users/anna"}'
GOOD = Cavage().request()
NEW = Rfc9421().request()
METHOD, TARGET, DIGEST = Rfc9421().components
AUTHORITY, PATH = ("@authority", "hagen.example"), ("@path", "/inbox")
SHA512 = content_digest(name="sha-512").partition("=")[2].strip(":")
CREATED = {"(created)": str(STAMP), "(expires)": str(STAMP + 60)}


def header(text: str) -> Request:
    return changed(GOOD, b"signature", text.encode())


def edited(old: str, new: str) -> Request:
    """The good request with something in its Signature header replaced."""
    text = Cavage().signature_header()
    assert old in text
    return header(text.replace(old, new))


def edited_input(old: str, new: str) -> Request:
    """The good RFC 9421 request with something in its Signature-Input replaced."""
    value = (NEW.value(b"signature-input") or b"").decode()
    assert old in value
    return changed(NEW, b"signature-input", value.replace(old, new).encode())


def hmac_with_the_public_key() -> Request:
    """The oldest confusion: the verifier's public key used as the secret of an HMAC."""
    secret = signatures.make_rsa()[1].encode()
    text = f"(request-target): post /inbox\nhost: hagen.example\ndate: {DATE}\ndigest: {digest()}"
    made = b64(hmac.new(secret, text.encode(), hashlib.sha256).digest())
    return header(
        f'keyId="{KEY_ID}",algorithm="hmac-sha256",headers="(request-target) host date digest",signature="{made}"'
    )


def more_signatures(request: Request, inputs: str) -> Request:
    """The request with further signatures behind its own, all nonsense."""
    labels = [part.strip().partition("=")[0] for part in inputs.split(", ")]
    more = {b"signature-input": inputs, b"signature": ", ".join(f"{label}=:AAAA:" for label in labels)}
    for name, value in more.items():
        request = changed(request, name, (request.value(name) or b"") + b", " + value.encode())
    return request


CAVAGE: dict[str, tuple[Request, str]] = {
    # too little is signed
    "only the date": (Cavage(covered="date").request(), "must also cover (request-target) host digest"),
    "no target": (Cavage(covered="host date digest").request(), "must also cover (request-target)"),
    "no host": (Cavage(covered="(request-target) date digest").request(), "must also cover host"),
    "no date": (Cavage(covered="(request-target) host digest").request(), "must also cover date"),
    "no digest": (Cavage(covered="(request-target) host date").request(), "must also cover digest"),
    "no digest at all": (
        without(Cavage(covered="(request-target) host date").request(), b"digest"),
        "must also cover digest",
    ),
    "created there but not signed": (
        Cavage(algorithm="hs2019", covered="(request-target) host digest", parameters=f"created={STAMP},").request(),
        "must also cover date",
    ),
    "no headers parameter": (edited('headers="(request-target) host date digest",', ""), "no headers"),
    "empty headers parameter": (edited('headers="(request-target) host date digest"', 'headers=""'), "no headers"),
    # made for something else
    "other host": (Cavage(headers={"host": "flensburg.example"}).request(), "another host"),
    "other port": (Cavage(headers={"host": "hagen.example:8443"}).request(), "another host"),
    "port of the other scheme": (Cavage(headers={"host": "hagen.example:80"}).request(), "another host"),
    "our host at a longer name": (Cavage(headers={"host": "hagen.example.evil.example"}).request(), "another host"),
    "host set back to ours": (
        changed(Cavage(headers={"host": "flensburg.example"}).request(), b"host", b"hagen.example"),
        "does not match",
    ),
    "other path": (replace(GOOD, target="/users/anna/inbox"), "does not match"),
    "other query": (Cavage(target="/inbox?x=2", signed_target="/inbox?x=1").request(), "does not match"),
    "other method": (replace(GOOD, method="PUT"), "does not match"),
    "another line in the target": (replace(GOOD, target="/inbox\nhost: hagen.example"), "cannot be signed"),
    "another line in the method": (replace(GOOD, method="POST /inbox\nx:"), "cannot be signed"),
    # the body
    "swapped body": (replace(GOOD, body=EVIL), "digest does not match the body"),
    "emptied body": (replace(GOOD, body=b""), "digest does not match the body"),
    "swapped body and digest": (
        changed(replace(GOOD, body=EVIL), b"digest", digest(EVIL).encode()),
        "the signature does not match",
    ),
    "another body's sha-512 alone": (
        replace(Cavage(headers={"digest": f"SHA-512={SHA512}"}).request(), body=EVIL),
        "digest does not match the body",
    ),
    "only md5": (Cavage(headers={"digest": "MD5=rL0Y20zC+Fzt72VPzMSk2A=="}).request(), "must be SHA-256"),
    "empty digest": (Cavage(headers={"digest": ""}).request(), "must be SHA-256"),
    "wrong sha-512 beside a good sha-256": (
        Cavage(headers={"digest": digest() + ",SHA-512=" + SHA512[:-4] + "AA=="}).request(),
        "digest does not match the body",
    ),
    "two of one digest": (Cavage(headers={"digest": digest(EVIL) + "," + digest()}).request(), "does not match"),
    "two of one digest, both good": (Cavage(headers={"digest": digest() + "," + digest()}).request(), "twice"),
    "very many digests": (
        Cavage(headers={"digest": ",".join([digest(), *(f"x{number}=AA==" for number in range(4))])}).request(),
        "too many digests",
    ),
    "digest with spaces in it": (
        Cavage(headers={"digest": digest()[:20] + " " + digest()[20:]}).request(),
        "not base64",
    ),
    "digest without its name": (Cavage(headers={"digest": digest()[8:]}).request(), "must be SHA-256"),
    # the wrong key or algorithm
    "key of a stranger": (Cavage(key=OTHER_RSA).request(), "the signature does not match"),
    "hmac with the public key": (hmac_with_the_public_key(), "algorithm must be"),
    "algorithm none": (edited("rsa-sha256", "none"), "algorithm must be"),
    "rsa-sha1": (edited("rsa-sha256", "rsa-sha1"), "algorithm must be"),
    "ecdsa": (edited("rsa-sha256", "ecdsa-sha256"), "algorithm must be"),
    "ed25519 said of an rsa key": (edited("rsa-sha256", "ed25519"), "does not fit the key"),
    "sha-512 said of sha-256": (edited("rsa-sha256", "rsa-sha512"), "does not match"),
    "sha-256 said of sha-512": (Cavage(hash_name="sha512").request(), "does not match"),
    "ed25519 signature for an rsa key": (Cavage(key=ED, algorithm="hs2019").request(), "does not match"),
    # time
    "yesterday": (Cavage(headers={"date": "Mon, 30 Nov 2026 12:00:00 GMT"}).request(), "too old"),
    "tomorrow": (Cavage(headers={"date": "Wed, 02 Dec 2026 12:00:00 GMT"}).request(), "in the future"),
    "date moved to now": (
        changed(Cavage(headers={"date": "Mon, 30 Nov 2026 12:00:00 GMT"}).request(), b"date", DATE.encode()),
        "does not match",
    ),
    "expired": (
        Cavage(
            algorithm="hs2019",
            covered="(request-target) host date digest (expires)",
            parameters=f"expires={STAMP - 1},",
            pseudo={"(expires)": str(STAMP - 1)},
        ).request(),
        "expired",
    ),
    "an old date under a new created": (
        Cavage(
            algorithm="hs2019",
            covered="(request-target) (created) host date digest",
            parameters=f"created={STAMP},",
            pseudo=CREATED,
            headers={"date": "Mon, 30 Nov 2026 12:00:00 GMT"},
        ).request(),
        "too old",
    ),
    "created moved to now": (
        Cavage(
            algorithm="hs2019",
            covered="(request-target) (created) host digest",
            parameters=f"created={STAMP},",
            pseudo={"(created)": str(STAMP - 86400)},
        ).request(),
        "does not match",
    ),
    "created of long ago": (
        Cavage(
            algorithm="hs2019",
            covered="(request-target) (created) host digest",
            parameters="created=1,",
            pseudo={"(created)": "1"},
        ).request(),
        "too old",
    ),
    "created signed but not said": (
        Cavage(algorithm="hs2019", covered="(request-target) (created) host digest", pseudo=CREATED).request(),
        "parameter is missing",
    ),
    "created with rsa-sha256": (
        Cavage(
            covered="(request-target) (created) host digest", parameters=f"created={STAMP},", pseudo=CREATED
        ).request(),
        "must not be used",
    ),
    "expires with rsa-sha512": (
        Cavage(
            algorithm="rsa-sha512",
            hash_name="sha512",
            covered="(request-target) (expires) host date digest",
            parameters=f"expires={STAMP + 60},",
            pseudo=CREATED,
        ).request(),
        "must not be used",
    ),
    "created in words": (Cavage(parameters='created="now",').request(), "whole seconds"),
    "created below zero": (Cavage(parameters='created="-1",').request(), "whole seconds"),
    "created without end": (Cavage(parameters=f"created={'9' * 40},").request(), "malformed"),
    "no date header": (without(GOOD, b"date"), "date is missing"),
    "a date of another form": (Cavage(headers={"date": "2026-12-01T12:00:00Z"}).request(), "no HTTP date"),
    "a date with a zone": (Cavage(headers={"date": DATE.replace("GMT", "+0100")}).request(), "no HTTP date"),
    "a month that is none": (Cavage(headers={"date": DATE.replace("Dec", "Dez")}).request(), "no HTTP date"),
    "a day that is none": (Cavage(headers={"date": DATE.replace("01 Dec", "32 Dec")}).request(), "no HTTP date"),
    # headers that two programs would read differently
    "two hosts": (with_header(GOOD, b"host", b"flensburg.example"), "host header stands there twice"),
    "two equal hosts": (with_header(GOOD, b"host", b"hagen.example"), "host header stands there twice"),
    "two dates": (with_header(GOOD, b"date", DATE.encode()), "date header stands there twice"),
    "two digest lines": (with_header(GOOD, b"digest", digest(EVIL).encode()), "digest header stands there twice"),
    "two signatures": (
        with_header(GOOD, b"signature", Cavage(key=OTHER_RSA).signature_header().encode()),
        "signature header stands there twice",
    ),
    "two of another signed header": (
        with_header(
            Cavage(
                covered="(request-target) host date digest content-type", headers={"content-type": "text/plain"}
            ).request(),
            b"content-type",
            b"text/html",
        ),
        "content-type header stands there twice",
    ),
    "folded date": (changed(GOOD, b"date", DATE.replace(" 2026", "\r\n 2026").encode()), "folded"),
    "line feed in host": (changed(GOOD, b"host", b"hagen.example\nx: y"), "folded"),
    "carriage return in digest": (changed(GOOD, b"digest", digest().encode() + b"\rx"), "folded"),
    "zero byte in date": (changed(GOOD, b"date", DATE.encode() + b"\x00"), "folded"),
    "folded signature": (
        header(Cavage().signature_header().replace(",headers", ",\r\n headers")),
        "folded",
    ),
    "a header signed twice": (Cavage(covered="(request-target) host date digest date").request(), "listed twice"),
    "a header signed twice in capitals": (edited("host date digest", "host date digest DATE"), "listed twice"),
    "a signed header that is not there": (
        Cavage(covered="(request-target) host date digest x-there", pseudo={"x-there": ""}).request(),
        "x-there is missing",
    ),
    "two spaces between headers": (edited("host date", "host  date"), "is missing"),
    "an unknown pseudo-header": (
        Cavage(covered="(request-target) host date digest (key-id)", pseudo={"(key-id)": KEY_ID}).request(),
        "cannot be signed",
    ),
    "very many signed headers": (
        Cavage(
            covered="(request-target) host date digest " + " ".join(f"x{number}" for number in range(37)),
            headers={f"x{number}": "y" for number in range(37)},
        ).request(),
        "too many headers",
    ),
    # the Signature header itself
    "very long signature header": (Cavage(parameters=f'opaque="{"x" * 8192}",').request(), "too long"),
    "very long signed header": (
        Cavage(covered="(request-target) host date digest x", headers={"x": "y" * 8193}).request(),
        "too long",
    ),
    "empty signature header": (header(""), "no keyId"),
    "empty signature": (header(Cavage().signature_header().partition("signature=")[0] + 'signature=""'), "no sig"),
    "signature without padding": (
        header(Cavage().signature_header().replace('=="', '"')),
        "not base64",
    ),
    "signature with a line feed inside": (edited('signature="', 'signature="\\n'), "not base64"),
    "signature with spaces": (edited('signature="', 'signature=" '), "not base64"),
    "url-safe base64": (
        header(Cavage().signature_header().partition("signature=")[0] + 'signature="_-_-"'),
        "not base64",
    ),
    "shortened signature": (edited('signature="', 'signature="AAAA'), "does not match"),
    "no key id": (edited(f'keyId="{KEY_ID}",', ""), "no keyId"),
    "two key ids": (edited("algorithm=", 'keyId="https://evil.example/k",algorithm='), "twice"),
    "two signatures in one header": (edited("algorithm=", 'signature="AAAA",algorithm='), "twice"),
    "key id in unicode": (Cavage(key_id="https://peer.example/users/änna#main-key").request(), "must be ASCII"),
    "key id as acct": (Cavage(key_id="acct:anna@peer.example").request(), "http(s) URL"),
    "key id as file": (Cavage(key_id="file:///etc/passwd").request(), "http(s) URL"),
    "key id with a space": (Cavage(key_id="https://peer.example/a b").request(), "http(s) URL"),
    "key id with a name and password": (Cavage(key_id="https://a:b@peer.example/k").request(), "http(s) URL"),
    "key id with a tab": (Cavage(key_id="https://peer.example/\tk").request(), "http(s) URL"),
    "very long key id": (Cavage(key_id="https://peer.example/" + "k" * 2048).request(), "too long"),
    "a key that is gone": (Cavage(key_id="https://peer.example/users/berta#main-key").request(), "gone"),
    "no commas": (edited('",', '" '), "malformed"),
    "quotes left open": (header(Cavage().signature_header()[:-1]), "malformed"),
    "the new kind without its first header": (
        without(NEW, b"signature-input"),
        "malformed",
    ),
}

RFC9421: dict[str, tuple[Request, str]] = {
    # too little is signed
    "no method": (Rfc9421(components=(TARGET, DIGEST)).request(), "must also cover @method"),
    "no target": (Rfc9421(components=(METHOD, DIGEST)).request(), "must also cover @method and @target-uri"),
    "only the path": (Rfc9421(components=(METHOD, PATH, DIGEST)).request(), "must also cover @method and @target-uri"),
    "only the authority": (Rfc9421(components=(METHOD, AUTHORITY, DIGEST)).request(), "must also cover"),
    "only the request target": (
        Rfc9421(components=(METHOD, ("@request-target", "/inbox"), DIGEST)).request(),
        "must also cover",
    ),
    "path without the query that is there": (
        Rfc9421(target="/inbox?x=1", components=(METHOD, AUTHORITY, PATH, DIGEST)).request(),
        "must also cover",
    ),
    "the host header is not the authority": (
        Rfc9421(components=(METHOD, ("host", "hagen.example"), PATH, DIGEST)).request(),
        "must also cover",
    ),
    "no digest": (Rfc9421(components=(METHOD, TARGET)).request(), "must also cover content-digest"),
    "the old digest": (
        Rfc9421(components=(METHOD, TARGET, ("digest", digest())), headers={"digest": digest()}).request(),
        "must also cover content-digest",
    ),
    "nothing": (Rfc9421(components=()).request(), "must also cover"),
    # made for something else
    "other host": (
        Rfc9421(
            components=(METHOD, ("@target-uri", "https://flensburg.example/inbox"), DIGEST),
            headers={"host": "flensburg.example"},
        ).request(),
        "does not match",
    ),
    "other authority": (
        Rfc9421(
            components=(METHOD, ("@authority", "flensburg.example"), PATH, DIGEST),
            headers={"host": "flensburg.example"},
        ).request(),
        "does not match",
    ),
    "other scheme": (
        Rfc9421(components=(METHOD, ("@target-uri", "http://hagen.example/inbox"), DIGEST)).request(),
        "does not match",
    ),
    "other path": (replace(NEW, target="/users/anna/inbox"), "does not match"),
    "other query": (replace(NEW, target="/inbox?x=1"), "does not match"),
    "other method": (replace(NEW, method="PUT"), "does not match"),
    "another line in the target": (replace(NEW, target='/inbox\n"x": y'), "cannot be signed"),
    # the body
    "swapped body": (replace(NEW, body=EVIL), "content-digest does not match the body"),
    "emptied body": (replace(NEW, body=b""), "content-digest does not match the body"),
    "swapped body and digest": (
        changed(replace(NEW, body=EVIL), b"content-digest", content_digest(EVIL).encode()),
        "the signature does not match",
    ),
    "only md5": (changed(NEW, b"content-digest", b"md5=:rL0Y20zC+Fzt72VPzMSk2A==:"), "sha-256 or sha-512"),
    "empty digest": (changed(NEW, b"content-digest", b""), "sha-256 or sha-512"),
    "digest as a string": (
        changed(NEW, b"content-digest", content_digest().replace(":", '"').encode()),
        "content-digest does not match",
    ),
    "a wrong digest beside a good one": (
        changed(NEW, b"content-digest", (content_digest() + ", " + content_digest(EVIL, "sha-512")).encode()),
        "content-digest does not match",
    ),
    "two of one digest": (
        changed(NEW, b"content-digest", (content_digest(EVIL) + ", " + content_digest()).encode()),
        "twice",
    ),
    "malformed digest": (changed(NEW, b"content-digest", b"sha-256=:AAAA"), "content-digest header is malformed"),
    "no digest header": (without(NEW, b"content-digest"), "content-digest is missing"),
    # the wrong key or algorithm
    "key of a stranger": (Rfc9421(key=OTHER_RSA).request(), "the signature does not match"),
    "hmac": (Rfc9421(parameters=f';created={STAMP};keyid="{KEY_ID}";alg="hmac-sha256"').request(), "alg must be"),
    "alg none": (Rfc9421(parameters=f';created={STAMP};keyid="{KEY_ID}";alg="none"').request(), "alg must be"),
    "alg of the old kind": (
        Rfc9421(parameters=f';created={STAMP};keyid="{KEY_ID}";alg="rsa-sha256"').request(),
        "alg must be",
    ),
    "alg as bytes": (Rfc9421(parameters=f';created={STAMP};keyid="{KEY_ID}";alg=:AAAA:').request(), "alg must be"),
    "ed25519 said of an rsa key": (
        Rfc9421(parameters=f';created={STAMP};keyid="{KEY_ID}";alg="ed25519"').request(),
        "does not fit the key",
    ),
    "alg put in afterwards": (edited_input(";created", ';alg="rsa-v1_5-sha256";created'), "does not match"),
    # time
    "yesterday": (Rfc9421(parameters=f';created={STAMP - 86400};keyid="{KEY_ID}"').request(), "too old"),
    "tomorrow": (Rfc9421(parameters=f';created={STAMP + 86400};keyid="{KEY_ID}"').request(), "in the future"),
    "expired": (
        Rfc9421(parameters=f';created={STAMP - 60};expires={STAMP - 1};keyid="{KEY_ID}"').request(),
        "expired",
    ),
    "created moved to now": (
        changed(
            Rfc9421(parameters=f';created={STAMP - 86400};keyid="{KEY_ID}"').request(),
            b"signature-input",
            NEW.value(b"signature-input") or b"",
        ),
        "does not match",
    ),
    "expiry taken out": (
        changed(
            Rfc9421(parameters=f';created={STAMP};expires={STAMP - 1};keyid="{KEY_ID}"').request(),
            b"signature-input",
            NEW.value(b"signature-input") or b"",
        ),
        "does not match",
    ),
    "no created": (Rfc9421(parameters=f';keyid="{KEY_ID}"').request(), "created must be there"),
    "created as a flag": (Rfc9421(parameters=f';created;keyid="{KEY_ID}"').request(), "created must be there"),
    "created as a string": (
        Rfc9421(parameters=f';created="{STAMP}";keyid="{KEY_ID}"').request(),
        "created must be there",
    ),
    "created with a fraction": (
        Rfc9421(parameters=f';created={STAMP}.5;keyid="{KEY_ID}"').request(),
        "created must be there",
    ),
    "expires as a flag": (Rfc9421(parameters=f';created={STAMP};expires;keyid="{KEY_ID}"').request(), "created must"),
    # headers that two programs would read differently
    "two signature lines": (with_header(NEW, b"signature", b"sig2=:AAAA:"), "signature header stands there twice"),
    "two input lines": (
        with_header(NEW, b"signature-input", b"sig2=();created=1"),
        "signature-input header stands there twice",
    ),
    "two digest lines": (
        with_header(NEW, b"content-digest", content_digest(EVIL).encode()),
        "content-digest header stands there twice",
    ),
    "two of another signed header": (
        with_header(Rfc9421(components=(METHOD, TARGET, DIGEST, ("date", DATE))).request(), b"date", DATE.encode()),
        "date header stands there twice",
    ),
    "folded digest": (changed(NEW, b"content-digest", content_digest().encode() + b"\r\n "), "folded"),
    "folded input": (edited_input(";created", ";\r\n created"), "folded"),
    "a component signed twice": (
        Rfc9421(components=(METHOD, TARGET, DIGEST, METHOD)).request(),
        "listed twice",
    ),
    "very many components": (
        Rfc9421(
            components=(METHOD, TARGET, DIGEST, *((f"x{number}", "y") for number in range(38))),
            headers={f"x{number}": "y" for number in range(38)},
        ).request(),
        "too many headers",
    ),
    "a component of the request that was answered": (edited_input('"@method"', '"@method";req'), "not taken with req"),
    "a header of the request that was answered": (edited_input('"content-digest"', '"date";req'), "not taken with req"),
    "a trailer": (edited_input('"content-digest"', '"content-digest";tr'), "not taken with tr"),
    "bytes of a structure": (edited_input('"content-digest"', '"content-digest";bs;sf'), "not taken with bs, sf"),
    "bytes of a member": (edited_input('"content-digest"', '"content-digest";bs;key="sha-256"'), "not taken with bs"),
    "a header that may not be structured": (edited_input('"content-digest"', '"date";sf'), "not taken with sf"),
    "a flag with a value": (edited_input('"content-digest"', '"content-digest";sf="yes"'), "not taken with sf"),
    "a key that is no string": (edited_input('"content-digest"', '"content-digest";key=a'), "not taken with key"),
    "a parameter of the query without a name": (
        edited_input('"content-digest"', '"content-digest" "@query-param"'),
        "not known for a request",
    ),
    "a parameter of the query with more": (
        edited_input('"@method"', '"@method" "@query-param";name="x";req'),
        "not taken with name, req",
    ),
    "a parameter of the query by a number": (
        edited_input('"@method"', '"@method" "@query-param";name=1'),
        "not taken with name",
    ),
    "a parameter of the query that is missing": (
        Rfc9421(components=(METHOD, TARGET, DIGEST, ('"@query-param";name="x"', "1"))).request(),
        "must stand in the query once",
    ),
    "a parameter of the query that stands there twice": (
        Rfc9421(
            target="/inbox?x=1&x=2",
            components=(METHOD, (TARGET[0], f"{TARGET[1]}?x=1&x=2"), DIGEST, ('"@query-param";name="x"', "1")),
        ).request(),
        "must stand in the query once",
    ),
    "very many parameters of the query": (
        Rfc9421(
            target="/inbox?" + "&".join(["x"] * 1_001),
            components=(METHOD, ("@query", "?"), AUTHORITY, PATH, DIGEST, ('"@query-param";name="x"', "1")),
        ).request(),
        "too many parameters",
    ),
    "nothing but one parameter of the query": (
        Rfc9421(
            target="/inbox?x=1", components=(METHOD, AUTHORITY, PATH, DIGEST, ('"@query-param";name="x"', "1"))
        ).request(),
        "must also cover @method and @target-uri",
    ),
    "a digest by another key, cut out": (edited_input('"content-digest"', '"content-digest";key="sha-256"'), "match"),
    "a digest by a key that is not there": (
        Rfc9421(components=(METHOD, TARGET, ('"content-digest";key="sha-512"', ":AAAA:"))).request(),
        "no member of the name",
    ),
    "a digest by a key that we cannot check": (
        Rfc9421(
            components=(METHOD, TARGET, ('"content-digest";key="md5"', ":AAAA:")),
            headers={"content-digest": f"md5=:AAAA:, {content_digest()}"},
        ).request(),
        "must also cover content-digest",
    ),
    "another body under a digest by its key": (
        replace(
            Rfc9421(components=(METHOD, TARGET, ('"content-digest";key="sha-256"', content_digest()[8:]))).request(),
            body=EVIL,
        ),
        "does not match the body",
    ),
    "the method as bytes": (edited_input('"@method"', '"@method";bs'), "not taken with bs"),
    "pss said of pkcs1": (
        Rfc9421(parameters=f';created={STAMP};keyid="{KEY_ID}";alg="rsa-pss-sha512"').request(),
        "does not match",
    ),
    "a component that is no string": (edited_input('"@method"', "@123"), "must be strings"),
    "an unknown derived component": (
        Rfc9421(components=(METHOD, TARGET, DIGEST, ("@status", "200"))).request(),
        "is not known",
    ),
    "the parameters as a component": (edited_input('"@method"', '"@method" "@signature-params"'), "is not known"),
    "a component in capitals": (
        Rfc9421(components=(METHOD, TARGET, DIGEST, ("Date", DATE))).request(),
        "is missing",
    ),
    # the two headers themselves
    "two signatures that cover too little each": (
        more_signatures(
            Rfc9421(components=(METHOD,)).request(), f'sig2=("@target-uri");created={STAMP};keyid="{KEY_ID}"'
        ),
        "must also cover",
    ),
    "very many signatures": (
        more_signatures(NEW, ", ".join(f"x{number}=()" for number in range(4))),
        "too many signatures",
    ),
    "one label twice": (
        changed(NEW, b"signature-input", b"sig1=(), " + (NEW.value(b"signature-input") or b"")),
        "stands there twice",
    ),
    "one parameter twice": (edited_input(";created", ";created=1;created"), "stands there twice"),
    "other label": (edited_input("sig1", "sig2"), "same label"),
    "no signature header": (without(NEW, b"signature"), "signature is missing"),
    "signature as a string": (changed(NEW, b"signature", b'sig1="AAAA"'), "byte sequence"),
    "input as an item": (changed(NEW, b"signature-input", b'sig1="x"'), "inner list"),
    "empty input": (changed(NEW, b"signature-input", b""), "there must be a signature"),
    "empty signature": (changed(NEW, b"signature", b"sig1=::"), "does not match"),
    "malformed input": (changed(NEW, b"signature-input", b"sig1=("), "signature-input header is malformed"),
    "very long input": (edited_input(";created", f';nonce="{"x" * 8192}";created'), "too long"),
    "no key id": (Rfc9421(parameters=f";created={STAMP}").request(), "keyid must be there"),
    "key id as a token": (Rfc9421(parameters=f";created={STAMP};keyid=abc").request(), "keyid must be there"),
    "key id as acct": (Rfc9421(parameters=f';created={STAMP};keyid="acct:a@b"').request(), "http(s) URL"),
    "key id in unicode": (
        Rfc9421(parameters=f';created={STAMP};keyid="https://peer.example/ä"').request(),
        "malformed",
    ),
    "very long key id": (
        Rfc9421(parameters=f';created={STAMP};keyid="https://peer.example/{"k" * 2048}"').request(),
        "too long",
    ),
}


# The rules that issue 3 names, with the attacks above that show them; those on keys are in test_attacks_on_keys.py.
RULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "signature over too few headers": (
        ("only the date", "no target", "no host", "no date", "no digest", "no headers parameter"),
        ("no method", "no target", "only the path", "no digest", "the old digest", "nothing"),
    ),
    "other host": (
        ("other host", "other port", "our host at a longer name", "host set back to ours"),
        ("other host", "other authority", "other scheme"),
    ),
    "other path": (("other path", "other query"), ("other path", "other query")),
    "swapped body": (("swapped body", "emptied body"), ("swapped body", "emptied body")),
    "swapped digest": (
        ("swapped body and digest", "two of one digest", "wrong sha-512 beside a good sha-256"),
        ("swapped body and digest", "two of one digest", "a wrong digest beside a good one"),
    ),
    "algorithm confusion": (
        ("hmac with the public key", "algorithm none", "ed25519 said of an rsa key", "sha-512 said of sha-256"),
        ("hmac", "alg none", "ed25519 said of an rsa key", "alg put in afterwards"),
    ),
    "key of another": (("key of a stranger",), ("key of a stranger",)),
    "expired": (("yesterday", "expired", "an old date under a new created"), ("yesterday", "expired")),
    "future": (("tomorrow",), ("tomorrow",)),
    "duplicated headers": (
        ("two hosts", "two equal hosts", "two dates", "two digest lines", "two signatures"),
        ("two signature lines", "two input lines", "two digest lines", "two of another signed header"),
    ),
    "folded headers": (("folded date", "folded signature", "line feed in host"), ("folded digest", "folded input")),
    "unicode in keyId": (("key id in unicode",), ("key id in unicode",)),
    "keyId that is no URL": (("key id as acct", "key id as file"), ("key id as acct",)),
}


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule: str) -> None:
    """Each rule is shown for both schemes, each time by a request that was good but for that."""
    for names, attacks in zip(RULES[rule], (CAVAGE, RFC9421), strict=True):
        assert names
        for name in names:
            refuse(*attacks[name], RSA.public_key())


@pytest.mark.parametrize("name", CAVAGE)
def test_refused_by_draft_cavage(name: str) -> None:
    refuse(*CAVAGE[name], RSA.public_key())


@pytest.mark.parametrize("name", RFC9421)
def test_refused_by_rfc9421(name: str) -> None:
    refuse(*RFC9421[name], RSA.public_key())


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (GOOD, "does not fit the key"),
        (Cavage(key=ED).request(), "does not fit the key"),
        (Rfc9421(key=ED, parameters=f';created={STAMP};keyid="{KEY_ID}";alg="rsa-v1_5-sha256"').request(), "fit the"),
        (Cavage(algorithm="hs2019").request(), "does not match"),
        (NEW, "does not match"),
    ],
)
def test_refused_with_an_ed25519_key(request_: Request, reason: str) -> None:
    refuse(request_, reason, ED.public_key())


def refuse(request: Request, reason: str, key: PublicKey) -> None:
    """The request is refused with a 401, for this reason and no other, and no refusal asks for a key twice over."""
    keys = Keys(key)
    with pytest.raises(BadSignature) as caught:
        asyncio.run(signatures.verify(request, keys, NOW))
    assert reason in caught.value.public
    assert caught.value.status == 401
    assert len(caught.value.public) < 200
    assert len(keys.asked) <= 2


def test_the_bent_requests_were_good_before() -> None:
    for request in (GOOD, NEW):
        assert verified(request).body == BODY
