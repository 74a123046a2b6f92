"""A new mail address: confirmed by a link to it, stopped or taken back by a link to the former one. All in one Work.

Whoever asks hears the same, and two letters leave, whether or not the new address has an account.
"""

from dataclasses import dataclass

from fediverse_ehrenamt.accounts import people, rules, store, wire
from fediverse_ehrenamt.accounts.model import MoveRow
from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.kit.errors import Gone, Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.web import sessions
from fediverse_ehrenamt.work import Work

_OVER = "Dieser Link ist abgelaufen oder wurde schon benutzt."


@dataclass(frozen=True, slots=True)
class Move:
    """What a link is about: the new address, and whether it counts already."""

    mail: str
    former: str
    confirmed: bool


def ask(work: Work, person: str, mail: str) -> None:
    """Write to the new address and to the present one; raises `Invalid` for no address, or the present one.

    An earlier wish that nobody has confirmed is forgotten.
    """
    owner, wanted = people.get(work, person), people.address(mail)
    if wanted == owner.mail:
        raise Invalid([Problem("mail", sentence("ist schon die Adresse dieses Kontos"))])
    store.hold(work, wanted)
    store.remove_waiting_moves(work, person)
    token, stop = sessions.new_token(), sessions.new_token()
    home = actors.instance(work).name
    if (other := store.of_mail(work, wanted)) is None:
        letter = wire.move_letter(work.settings, home, Recipient(wanted, owner.language), token, work.now)
    else:
        letter = wire.taken_letter(work.settings, home, Recipient(wanted, other.language), work.now)
    row = MoveRow(
        digest=sessions.digest(token),
        stop=sessions.digest(stop),
        person=person,
        mail=wanted,
        former=owner.mail,
        confirmed=False,
        expires_at=work.now + rules.MOVE_HOLDS,
    )
    work.db.add(row)
    work.db.flush()
    sending.post(work, letter)
    to = Recipient(owner.mail, owner.language)
    sending.post(work, wire.stop_letter(work.settings, home, to, wanted, stop, work.now))


def look(work: Work, token: str) -> Move:
    """Return what the link to the new address is about; raises `Gone` where it is over."""
    return _shown(_waiting(work, token))


def confirm(work: Work, token: str) -> None:
    """Let the new address count from now on; raises `Gone` where that cannot be any more."""
    row = _waiting(work, token)
    store.hold(work, row.mail)
    person = store.find(work, row.person)
    if person is None or person.mail != row.former or store.of_mail(work, row.mail) is not None:
        raise Gone(_OVER)
    person.mail = row.mail
    row.confirmed, row.expires_at = True, work.now + rules.MOVE_STOPS
    work.db.flush()


def look_to_stop(work: Work, token: str) -> Move:
    """Return what the link to the former address is about; raises `Gone` where it is over."""
    return _shown(_to_stop(work, token))


def stop(work: Work, token: str) -> Move:
    """Stop it, or take it back: then the former address counts again, and everybody is signed out.

    Raises `Gone` where the link is over, or somebody else has the former address by now.
    """
    row = _to_stop(work, token)
    shown = _shown(row)
    person = store.find(work, row.person)
    if row.confirmed:
        store.hold(work, row.former)
        if person is None or store.of_mail(work, row.former) not in {None, person}:
            raise Gone(_OVER)
        person.mail = row.former  # whatever it was changed to since
    store.end_sessions(work, row.person, [one.id for one in store.sessions(work, row.person)])
    store.remove_moves(work, row.person)
    return shown


def _waiting(work: Work, token: str) -> MoveRow:
    row = store.move(work, sessions.digest(token))
    if row is None or row.confirmed or row.expires_at <= work.now:
        raise Gone(_OVER)
    return row


def _to_stop(work: Work, token: str) -> MoveRow:
    row = store.move_to_stop(work, sessions.digest(token))
    if row is None or row.expires_at <= work.now:
        raise Gone(_OVER)
    return row


def _shown(row: MoveRow) -> Move:
    return Move(row.mail, row.former, row.confirmed)
