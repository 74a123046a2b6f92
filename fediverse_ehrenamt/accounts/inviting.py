"""Inviting people into a role: by a letter, whether or not the address has an account. All in one Work."""

from dataclasses import dataclass
from datetime import date

from fediverse_ehrenamt.accounts import entering, people, rules, store, wire
from fediverse_ehrenamt.accounts.model import InvitationRow
from fediverse_ehrenamt.accounts.rules import Grant, Permission, Role
from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Conflict, Gone
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.web import i18n, sessions
from fediverse_ehrenamt.work import Work

_OVER = sentence("Diese Einladung gilt nicht mehr.")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A role that is offered to an address; `organisation` is a name, "" for the instance.

    `known` says whether the address has an account: only whoever holds the link may see that. `name` is what the
    person called themselves before, "" where nobody knows. `over` says that it has expired, `renewable` that whoever
    invited may still do so, `suspended` that the organisation publishes nothing meanwhile.
    """

    mail: str
    role: Role
    organisation: str
    until: date
    known: bool = False
    name: str = ""
    over: bool = False
    renewable: bool = True
    suspended: bool = False


def invite(work: Work, mail: str, given: Grant, inviter: str = "", language: str = i18n.DEFAULT, name: str = "") -> str:
    """Write to an address and offer it a role; return the token of the link. Raises as `offer` does."""
    row, token = offer(work, mail, given, inviter, language, name)
    home, shown = actors.instance(work).name, _shown(work, row)
    to, offered = Recipient(row.mail, row.language), (shown.role, shown.organisation)
    sending.post(work, wire.invitation_letter(work.settings, home, to, offered, token, work.now))
    return token


def invite_once(work: Work, mail: str, given: Grant, inviter: str, language: str) -> bool:
    """As `invite`, for a form that a double click sends twice: the second letter would end the first one's link.

    Return whether a letter was written.
    """
    held = people.address(mail)
    store.hold(work, held)
    if store.is_invited_since(work, held, given, inviter, work.now - rules.TWICE):
        return False
    invite(work, mail, given, inviter, language)
    return True


def offer(
    work: Work, mail: str, given: Grant, inviter: str = "", language: str = i18n.DEFAULT, name: str = ""
) -> tuple[InvitationRow, str]:
    """Offer a role to an address without a letter; return the invitation with the token of its link.

    A new one takes an earlier one's place. `inviter` is a person, "" for the command line; `name` is what whoever is
    invited has called themselves, if they have. Raises `Invalid`, and
    `Conflict` where that person is a colleague already or where too many were invited.
    """
    held = people.address(mail)
    store.hold(work, held)
    person = store.of_mail(work, held)
    if person is not None and given in store.grants_of(work, person.id):
        raise Conflict(sentence("„%(mail)s“ hat diese Rolle schon.", mail=held))
    if inviter and store.invited_since(work, inviter, work.now - rules.A_DAY) >= rules.INVITATIONS_A_DAY:
        raise Conflict("Heute haben Sie schon sehr viele eingeladen. Bitte morgen weiter.")
    store.remove_invitations(work, held, given.organisation)
    token = sessions.new_token()
    row = InvitationRow(
        digest=sessions.digest(token),
        mail=held,
        role=str(given.role),
        organisation=given.organisation,
        inviter=inviter,
        name=name[: rules.NAME],
        language=person.language if person else language,
        created_at=work.now,
        expires_at=work.now + rules.INVITATION_HOLDS,
    )
    work.db.add(row)
    work.db.flush()
    return row, token


def look(work: Work, token: str) -> Invitation:
    """Return what somebody is or was invited to; raises `Gone` where it is forgotten, taken or withdrawn."""
    return _shown(work, _get(work, token))


def ask_again(work: Work, token: str) -> None:
    """Invite an address once more whose invitation is over, in the name of whoever did.

    The letter goes to that address alone. Raises as `look` does, `Gone` where nobody may invite in that name any more,
    and as `offer` does.
    """
    row = _get(work, token)
    if not _may_still_invite(work, row):
        raise Gone(_OVER)
    if row.expires_at <= work.now:
        invite(work, row.mail, Grant(Role(row.role), row.organisation), row.inviter, row.language, row.name)


def accept(work: Work, token: str, name: str, user_agent: str) -> str:
    """Give the role, to a new account by that name where there is none; return the token of a session.

    Raises `Gone`, and `Invalid` where a name is needed.
    """
    taken = store.take_invitation(work, sessions.digest(token))
    if taken is None:
        raise Gone(_OVER)
    store.hold(work, taken.mail)
    person = people.find_by_mail(work, taken.mail) or people.add(work, taken.mail, name, taken.language)
    people.grant(work, person.id, Grant(Role(taken.role), taken.organisation))
    return entering.begin(work, person.id, user_agent)


def listing(work: Work, organisation: str) -> list[Invitation]:
    """Return the invitations into an organisation that nobody has taken yet, expired ones too."""
    return [_shown(work, row) for row in store.invitations(work, organisation)]


def withdraw(work: Work, mail: str, organisation: str) -> bool:
    """Take an invitation back; say whether there was one."""
    return bool(store.remove_invitations(work, mail, organisation))


def _get(work: Work, token: str) -> InvitationRow:
    row = store.invitation(work, sessions.digest(token))
    if row is None:
        raise Gone(_OVER)
    return row


def _may_still_invite(work: Work, row: InvitationRow) -> bool:
    """Say whether whoever invited still may: who has left an organisation asks nobody into it."""
    needed = Permission.MANAGE_COLLEAGUES if row.organisation else Permission.MANAGE_PEOPLE
    return not row.inviter or rules.may(store.grants_of(work, row.inviter), needed, row.organisation)


def _shown(work: Work, row: InvitationRow) -> Invitation:
    organisation = store.names(work, [row.organisation]).get(row.organisation, "") if row.organisation else ""
    return Invitation(
        row.mail,
        Role(row.role),
        organisation,
        clock.day(row.expires_at),
        known=store.of_mail(work, row.mail) is not None,
        name=row.name,
        over=row.expires_at <= work.now,
        renewable=_may_still_invite(work, row),
        suspended=bool(row.organisation) and store.is_suspended(work, row.organisation),
    )
