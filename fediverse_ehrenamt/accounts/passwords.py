"""Passwords of those who want one, kept as Argon2id leaves them. `digest` and `fits` take 20 ms and 19 MiB each."""

from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from fediverse_ehrenamt.accounts import entering, rules, store
from fediverse_ehrenamt.work import Work

# RFC 9106 names more; a small server stands this one, which OWASP's cheat sheet names as the least.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = ""


@dataclass(frozen=True, slots=True)
class Held:
    """The password of an address; `person` is "" where there is none, and then nothing fits."""

    person: str
    hash: str


def digest(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(rules.prepared(password))


def fits(held: Held, password: str) -> bool:
    """Say whether that is the password; it takes as long where there is none."""
    given = rules.prepared(password)[: rules.PASSWORD[1] + 1]
    good = _check(held.hash or _nobodys(), given)
    return good and held.person != _NOBODY


def _check(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash("the password of nobody")


def held(work: Work, mail: str) -> Held:
    """Return the password of an address, of nobody where there is no account or it has none."""
    person = store.of_mail(work, mail)
    row = store.password(work, person.id) if person else None
    return Held(row.person, row.hash) if row else Held(_NOBODY, "")


def has(work: Work, person: str) -> bool:
    return store.password(work, person) is not None


def put(work: Work, person: str, session: str, hashed: str) -> None:
    """Keep a new password; everywhere but in this session its owner is signed out."""
    store.put_password(work, person, hashed)
    entering.end_others(work, person, session)


def remove(work: Work, person: str) -> None:
    store.remove_password(work, person)
