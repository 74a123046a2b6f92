"""Hand-made faults in what guards us: each is one small change that a good test must notice."""

from dataclasses import dataclass

SIGNATURES, CAVAGE = "federation/signatures.py", "federation/cavage.py"
RFC9421, EVIDENCE = "federation/rfc9421.py", "federation/evidence.py"
AUTHORITY, RETRY = "federation/authority.py", "jobs/retry.py"

SIGNING_TESTS = ("tests/federation/test_attacks.py", "tests/federation/test_signatures.py")
TESTS: dict[str, tuple[str, ...]] = {
    SIGNATURES: SIGNING_TESTS,
    CAVAGE: SIGNING_TESTS,
    RFC9421: SIGNING_TESTS,
    EVIDENCE: SIGNING_TESTS,
    AUTHORITY: ("tests/federation/test_authority.py",),
    RETRY: ("tests/jobs/test_retry.py",),
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
    Mutant(SIGNATURES, "if (algorithm in _RSA_HASHES) == is_rsa]", "]"),
    # what was signed: the older scheme
    Mutant(CAVAGE, 'needed = ["(request-target)", "host"]', 'needed = ["host"]'),
    Mutant(CAVAGE, 'needed = ["(request-target)", "host"]', 'needed = ["(request-target)"]'),
    Mutant(CAVAGE, '        needed.append("digest")', "        pass"),
    Mutant(CAVAGE, "        _check_host(request)\n", ""),
    Mutant(CAVAGE, "        _check_times(self, request, now)\n", ""),
    Mutant(CAVAGE, "            _check_digest(request)\n", "            pass\n"),
    Mutant(CAVAGE, "        if name in found:\n", "        if False:\n"),
    Mutant(CAVAGE, '    if b"sha-256" not in seen:', "    if not seen:"),
    Mutant(CAVAGE, "request.method.lower()} {target}", "request.method.lower()} /inbox"),
    # what was signed: RFC 9421
    Mutant(RFC9421, 'if "@method" not in covered or not any', "if not any"),
    Mutant(RFC9421, '    if request.body and "content-digest" not in covered:', "    if False:"),
    Mutant(RFC9421, "            _check_digest(request)\n", "            pass\n"),
    Mutant(RFC9421, "        check_made(self.created, now)\n", ""),
    Mutant(RFC9421, "lambda request: ids.host(request.origin)", 'lambda request: str(request.value(b"host"), "ascii")'),
    Mutant(RFC9421, "if len(inputs) != 1 or inputs.keys()", "if inputs.keys()"),
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
    Mutant(AUTHORITY, "if isinstance(activity, Delete | Undo) and", "if isinstance(activity, Delete) and"),
    Mutant(AUTHORITY, "return inner.actor == signer if", "return True if"),
    Mutant(AUTHORITY, "for _ in range(2):", "for _ in range(9):"),
    # when it is tried again
    Mutant(RETRY, "if tries >= MAX_TRIES:", "if tries > MAX_TRIES:"),
    Mutant(RETRY, "** (tries - 1), _LONGEST)", "** tries, _LONGEST)"),
    Mutant(RETRY, "_JITTER = 0.2", "_JITTER = 0.0"),
    Mutant(RETRY, "max(seconds, min(retry_after or 0.0, _LONGEST))", "max(seconds, retry_after or 0.0)"),
    Mutant(RETRY, "max(seconds, min(retry_after or 0.0, _LONGEST))", "min(retry_after or seconds, _LONGEST)"),
    Mutant(RETRY, "2.0 ** (openings - 1), _BREAKER_LONGEST)", "2.0 ** (openings - 1), 1e9)"),
    Mutant(RETRY, "FAILING_JOBS_TO_OPEN = 5", "FAILING_JOBS_TO_OPEN = 6"),
)  # fmt: skip
