"""The passkeys of a person, as they see them in their account; how one is added and used: `ceremonies`."""

from dataclasses import dataclass
from datetime import date

from fediverse_ehrenamt.accounts import store
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.work import Work


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it; `digest` names it."""

    digest: str
    name: str
    since: date
    used_on: date | None


def listing(work: Work, person: str) -> list[Passkey]:
    return [
        Passkey(row.digest, row.name, clock.day(row.created_at), row.used_on) for row in store.passkeys(work, person)
    ]


def remove(work: Work, person: str, digest: str) -> None:
    """Remove one; without any second step left, sign-ins have shown none."""
    store.remove_passkey(work, person, digest)
    if not store.has_second_step(work, person):
        store.note_strength(work, person, strong=False)
