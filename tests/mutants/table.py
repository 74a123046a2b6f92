"""Hand-made faults in what guards us: each is one small change that a good test must notice."""

from dataclasses import dataclass

SIGNATURES, CAVAGE = "federation/signatures.py", "federation/cavage.py"
RFC9421, EVIDENCE = "federation/rfc9421.py", "federation/evidence.py"
PARTS = "federation/components.py"
AUTHORITY, RETRY = "federation/authority.py", "jobs/retry.py"
JCS, PROOFS, VOUCHING = "vocab/jcs.py", "vocab/proofs.py", "federation/proofs.py"

SIGNING_TESTS = ("tests/federation/test_attacks.py", "tests/federation/test_signatures.py")
TESTS: dict[str, tuple[str, ...]] = {
    SIGNATURES: SIGNING_TESTS,
    CAVAGE: SIGNING_TESTS,
    RFC9421: SIGNING_TESTS,
    EVIDENCE: SIGNING_TESTS,
    PARTS: SIGNING_TESTS,
    AUTHORITY: ("tests/federation/test_authority.py",),
    RETRY: ("tests/jobs/test_retry.py",),
    JCS: ("tests/vocab/test_jcs.py",),
    PROOFS: ("tests/vocab/test_proofs.py",),
    VOUCHING: ("tests/federation/test_proofs.py",),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """In `file` of the package, `old` (which stands there once) becomes `new`."""

    file: str
    old: str
    new: str


MUTANTS = (
    # who signed
    Mutant(SIGNATURES, 'raise BadSignature("the signature does not match the request and the key")', "return"),
    Mutant(SIGNATURES, "InvalidSignature:\n        return False", "InvalidSignature:\n        return True"),
    Mutant(SIGNATURES, "return Signed(owned.owner,", "return Signed(claim.key_id,"),
    Mutant(SIGNATURES, "        _prove(evidence, fresh.key)\n", ""),
    Mutant(SIGNATURES, "if not MIN_KEY_BITS <= key.key_size <= MAX_KEY_BITS:", "if key.key_size > MAX_KEY_BITS:"),
    Mutant(SIGNATURES, "if (algorithm in _RSA) == is_rsa]", "]"),
    # what was signed: the older scheme
    Mutant(CAVAGE, 'needed = [b"(request-target)", b"host"]', 'needed = [b"host"]'),
    Mutant(CAVAGE, 'needed = [b"(request-target)", b"host"]', 'needed = [b"(request-target)"]'),
    Mutant(CAVAGE, '        needed.append(b"digest")', "        pass"),
    Mutant(CAVAGE, "        _check_host(request)\n", ""),
    Mutant(CAVAGE, "        _check_times(self.terms, request, now)\n", ""),
    Mutant(CAVAGE, "            _check_digest(request)\n", "            pass\n"),
    Mutant(CAVAGE, "        if name in found:\n", "        if False:\n"),
    Mutant(CAVAGE, "    if seen.isdisjoint(_HASHES):", "    if not seen:"),
    Mutant(CAVAGE, "request.method.lower()} {target}", "request.method.lower()} /inbox"),
    # what was signed: RFC 9421
    Mutant(RFC9421, 'if "@method" not in covered or not any', "if not any"),
    Mutant(RFC9421, "    if request.body and not any(_covers_body", "    if False and not any(_covers_body"),
    Mutant(RFC9421, ', "sha-256") in _HASHES', ', "sha-256")'),
    Mutant(RFC9421, "            _check_digest(request)\n", "            pass\n"),
    Mutant(RFC9421, "        check_made(self.created, now)\n", ""),
    Mutant(PARTS, "lambda request: ids.host(request.origin)", 'lambda request: str(request.value(b"host"), "ascii")'),
    Mutant(PARTS, "frozenset(parameters) not in _FIELD_PARAMETERS", "False"),
    Mutant(PARTS, "or name in _DICTIONARIES", "or True"),
    Mutant(PARTS, "    if len(values) != 1:", "    if not values:"),
    Mutant(RFC9421, "if len(labels) > MAX_SIGNATURES:", "if False:"),
    Mutant(RFC9421, "            _check_coverage(claim.covered, request)\n", ""),
    # when and how often
    Mutant(EVIDENCE, "if age > MAX_AGE:", "if age > 10 * MAX_AGE:"),
    Mutant(EVIDENCE, "if age < -MAX_AHEAD:", "if False:"),
    Mutant(EVIDENCE, "None if name in values else value", "value"),
    Mutant(EVIDENCE, "expires < now.timestamp():", "expires < 0:"),
    # who may say it
    Mutant(AUTHORITY, "if signer != activity.actor:", "if False:"),
    Mutant(AUTHORITY, "if signer != activity.actor:", "if not same_origin(signer, activity.actor):"),
    Mutant(AUTHORITY, "if activity.id and not same_origin(activity.id, signer):", "if False:"),
    Mutant(AUTHORITY, "        return _announced(activity)", "        return Trusted()"),
    Mutant(AUTHORITY, "    if not same_origin(thing.id, signer):\n        return Refetch(thing.id)\n", ""),
    Mutant(AUTHORITY, "if author and not same_origin(author, signer):", "if False:"),
    Mutant(AUTHORITY, "if thing.id == signer else", "if same_origin(thing.id, signer) else"),
    Mutant(AUTHORITY, "if isinstance(activity, _ENDING) and", "if isinstance(activity, Delete) and"),
    Mutant(AUTHORITY, "return inner.actor == signer if", "return True if"),
    Mutant(AUTHORITY, "for _ in range(2):", "for _ in range(9):"),
    # what is hashed
    Mutant(JCS, "if together.isascii() or max(together) <= _LAST_OF_EQUAL_ORDER:", "if True:"),
    Mutant(JCS, " < _EASY_BELOW or number.is_integer()", " < _EASY_BELOW"),
    Mutant(JCS, "_EASY_FROM, _EASY_BELOW = 1e-4, 1e15", "_EASY_FROM, _EASY_BELOW = 0.0, 1e300"),
    Mutant(JCS, "if abs(number) > MAX_INTEGER:", "if False:"),
    Mutant(JCS, "if seen > MAX_VALUES:", "if False:"),
    # what a proof is
    Mutant(PROOFS, "InvalidSignature:\n        return False", "InvalidSignature:\n        return True"),
    Mutant(PROOFS, 'if key not in {"proof", "signature"}}', 'if key != "proof"}'),
    Mutant(PROOFS, 'if key != "proofValue"}', 'if key not in {"proofValue", "expires"}}'),
    Mutant(PROOFS, 'if key != "proofValue"}', 'if key in {"@context", "type", "cryptosuite", "created"}}'),
    Mutant(PROOFS, 'if proof.get("proofPurpose") != PURPOSE:', "if False:"),
    Mutant(PROOFS, 'if "previousProof" in proof:', "if False:"),
    Mutant(PROOFS, "if created > now + MAX_AHEAD:", "if False:"),
    Mutant(PROOFS, "if expires is not None and expires <= now:", "if False:"),
    Mutant(PROOFS, 'return "@context" not in proof or proof["@context"] == document.get("@context")', "return True"),
    Mutant(PROOFS, 'proof.get("cryptosuite") != SUITE or ', ""),
    Mutant(PROOFS, "if len(proofs) > MAX_PROOFS:", "if False:"),
    Mutant(PROOFS, "covered = body if whole else", "covered = body if body else"),
    Mutant(PROOFS, "if len(signature) != _SIGNATURE_BYTES:", "if False:"),
    # whose proof it is
    Mutant(VOUCHING, "if not same_origin(claim.method, actor):", "if False:"),
    Mutant(VOUCHING, "now - held.asked_at > CURRENT", "now - held.asked_at > 2 * CURRENT"),
    Mutant(VOUCHING, "if claim.method not in held.keys:", "if False:"),
    Mutant(VOUCHING, "    if not _proves(claim, held):\n", "    if False:\n"),
    Mutant(VOUCHING, "if fresh is None or not proofs.verifies(claim, fresh):", "if fresh is None:"),
    Mutant(VOUCHING, "if key is None or proofs.verifies(claim, key):", "if claim:"),
    Mutant(VOUCHING, "return Signed(actor, claim.covered", "return Signed(claim.method, claim.covered"),
    Mutant(VOUCHING, "return key is not None and proofs.verifies(claim, key)", "return key is not None"),
    # when it is tried again
    Mutant(RETRY, "if tries >= MAX_TRIES:", "if tries > MAX_TRIES:"),
    Mutant(RETRY, "** (tries - 1), _LONGEST)", "** tries, _LONGEST)"),
    Mutant(RETRY, "_JITTER = 0.2", "_JITTER = 0.0"),
    Mutant(RETRY, "max(seconds, min(retry_after or 0.0, _LONGEST))", "max(seconds, retry_after or 0.0)"),
    Mutant(RETRY, "max(seconds, min(retry_after or 0.0, _LONGEST))", "min(retry_after or seconds, _LONGEST)"),
    Mutant(RETRY, "2.0 ** (openings - 1), _BREAKER_LONGEST)", "2.0 ** (openings - 1), 1e9)"),
    Mutant(RETRY, "FAILING_JOBS_TO_OPEN = 5", "FAILING_JOBS_TO_OPEN = 6"),
)  # fmt: skip
