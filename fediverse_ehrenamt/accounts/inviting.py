"""Inviting people into a role: by a letter, whether or not the address has an account. All in one Work."""

from dataclasses import dataclass
from datetime import date

from fediverse_ehrenamt.accounts import entering, people, rules, store, wire
from fediverse_ehrenamt.accounts.model import InvitationRow
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.kit.errors import Conflict, Gone
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.web import i18n, sessions
from fediverse_ehrenamt.work import Work


@dataclass(frozen=True, slots=True)
class Invitation:
    """A role that is offered to an address; `organisation` is a name, "" for the instance.

    `known` says whether the address has an account: only whoever holds the link may see that. `name` is what the
    person called themselves before, "" where nobody knows.
    """

    mail: str
    role: Role
    organisation: str
    until: date
    known: bool = False
    name: str = ""


def invite(work: Work, mail: str, given: Grant, inviter: str = "", language: str = i18n.DEFAULT, name: str = "") -> str:
    """Write to an address and offer it a role; return the token of the link. Raises as `offer` does."""
    row, token = offer(work, mail, given, inviter, language, name)
    home, shown = actors.instance(work).name, _shown(work, row)
    to, offered = Recipient(row.mail, row.language), (shown.role, shown.organisation)
    sending.post(work, wire.invitation_letter(work.settings, home, to, offered, token, work.now))
    return token


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
        raise Conflict(f"„{held}“ hat diese Rolle schon.")
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
    """Return what somebody is invited to; raises `Gone` where it is over, taken or withdrawn."""
    return _shown(work, _get(work, token))


def accept(work: Work, token: str, name: str, user_agent: str) -> str:
    """Give the role, to a new account by that name where there is none; return the token of a session.

    Raises `Gone`, and `Invalid` where a name is needed.
    """
    taken = store.take_invitation(work, sessions.digest(token))
    if taken is None:
        raise Gone("Diese Einladung gilt nicht mehr.")
    store.hold(work, taken.mail)
    person = people.find_by_mail(work, taken.mail) or people.add(work, taken.mail, name, taken.language)
    people.grant(work, person.id, Grant(Role(taken.role), taken.organisation))
    return entering.begin(work, person.id, user_agent)


def listing(work: Work, organisation: str) -> list[Invitation]:
    """Return the invitations into an organisation that nobody has taken yet."""
    return [_shown(work, row) for row in store.invitations(work, organisation)]


def withdraw(work: Work, mail: str, organisation: str) -> bool:
    """Take an invitation back; say whether there was one."""
    return bool(store.remove_invitations(work, mail, organisation))


def _get(work: Work, token: str) -> InvitationRow:
    row = store.invitation(work, sessions.digest(token))
    if row is None or row.expires_at <= work.now:
        raise Gone("Diese Einladung gilt nicht mehr.")
    return row


def _shown(work: Work, row: InvitationRow) -> Invitation:
    organisation = store.names(work, [row.organisation]).get(row.organisation, "") if row.organisation else ""
    known = store.of_mail(work, row.mail) is not None
    return Invitation(row.mail, Role(row.role), organisation, row.expires_at.date(), known, row.name)
