"""The second step of signing in: one-time codes of an app (RFC 6238), and ten codes on paper for whoever loses it."""

import base64
import secrets
from urllib.parse import quote, urlencode

from fediverse_ehrenamt.accounts import entering, people, rules, store
from fediverse_ehrenamt.accounts.model import FactorRow
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.kit import qr, sealing
from fediverse_ehrenamt.web import sessions
from fediverse_ehrenamt.work import Work

_SECRET_BYTES = 20  # RFC 4226 §4 recommends 160 bits
_PAPER_BYTES, _GROUP = 10, 4  # 80 bits, written in groups of four


def start(work: Work, person: str) -> None:
    """Make a secret that an app is to learn; until a code confirms that, nothing is asked for."""
    row = store.factor(work, person)
    if row is None:
        secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()
        sealed = sealing.seal(work.settings.secret, secret, _place(person))
        work.db.add(FactorRow(person=person, secret=sealed, confirmed=False, last_step=0))


def secret(work: Work, person: str) -> str:
    """Return the secret that an app has yet to learn, in letters; "" where there is none to be shown."""
    row = store.factor(work, person)
    return _secret(work, row) if row and not row.confirmed else ""


def picture(work: Work, person: str) -> bytes | None:
    """Return the secret as a QR code (SVG) that apps read; None where there is none to be shown."""
    shown = secret(work, person)
    if not shown:
        return None
    home, mail = actors.instance(work).name, people.get(work, person).mail
    address = (
        f"otpauth://totp/{quote(f'{home}:{mail}')}?{urlencode({'secret': shown, 'issuer': home}, quote_via=quote)}"
    )
    return qr.svg(address, scale=5, light="#fff")


def confirm(work: Work, person: str, code: str, session: str = "") -> list[str] | None:
    """Turn it on if the app knows the secret; return the codes for paper, None for a wrong code.

    The `session` in which that is done has shown a second step so; all those end that have not.
    """
    row = store.factor(work, person, held=True)
    if row is None or row.confirmed or not _fits(work, row, code):
        return None
    row.confirmed = True
    if session:
        store.note_strength(work, person, strong=True, session=session)
    store.end_weak(work, person)
    return new_codes(work, person)


def new_codes(work: Work, person: str) -> list[str]:
    """Return ten new codes for paper; those before are of no use any more."""
    made = [_on_paper() for _ in range(rules.CODES)]
    store.put_codes(work, person, [_digest(person, code) for code in made])
    return made


def complete(work: Work, token: str, code: str, user_agent: str) -> str | None:
    """Finish a sign-in that waits for its second step; return the token of the session, None for a wrong code."""
    person = entering.waiting(work, token)
    row = store.factor(work, person, held=True) if person else None
    if row is None or not (_fits(work, row, code) or store.take_code(work, person, _digest(person, code))):
        return None
    half = store.session(work, sessions.digest(token))
    if half is not None:
        work.db.delete(half)
    return entering.begin(work, person, user_agent, proven=True)


def turn_off(work: Work, person: str) -> None:
    """Ask for no code any more; without any second step left, sign-ins have shown none."""
    store.remove_factor(work, person)
    if not store.has_second_step(work, person):
        store.note_strength(work, person, strong=False)


def lose(work: Work, person: str) -> None:
    """Forget every second step of somebody who has lost telephone and paper: codes and passkeys."""
    store.remove_passkeys(work, person)
    turn_off(work, person)


def seal_all(work: Work) -> int:
    """Seal all secrets with the present `EHRENAMT_SECRET`; return how many were sealed with the former one."""
    stale = [row for row in store.factors(work) if not sealing.is_sealed_by(work.settings.secret, row.secret)]
    for row in stale:
        row.secret = sealing.seal(work.settings.secret, _secret(work, row), _place(row.person))
    return len(stale)


def _fits(work: Work, row: FactorRow, code: str) -> bool:
    step = rules.step_of(base64.b32decode(_secret(work, row)), code, work.now, row.last_step)
    row.last_step = step or row.last_step
    return step is not None


def _secret(work: Work, row: FactorRow) -> str:
    settings = work.settings
    present = sealing.is_sealed_by(settings.secret, row.secret)
    return sealing.unseal(settings.secret if present else settings.former_secret, row.secret, _place(row.person))


def _place(person: str) -> str:
    return f"second step of {person}"


def _on_paper() -> str:
    letters = base64.b32encode(secrets.token_bytes(_PAPER_BYTES)).decode().lower()
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def _digest(person: str, code: str) -> str:
    return sessions.digest(f"{person} {''.join(filter(str.isalnum, code.lower()))}")
