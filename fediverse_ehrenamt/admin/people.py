"""The list of people: who has an account and which role, found page by page, and invitations into roles."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import inviting, roster, store, visits, wire
from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.accounts.roster import Invited, Member, Sought
from fediverse_ehrenamt.accounts.rules import Grant, Permission, Role, Visitor, needs_two
from fediverse_ehrenamt.admin import asking, menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, Did, mailbox
from fediverse_ehrenamt.kit import mailbox as addresses
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.web import i18n, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

INVITE = f"{menu.PEOPLE}/einladen"
_AGAIN, _WITHDRAW = f"{menu.PEOPLE}/einladung/erneut", f"{menu.PEOPLE}/einladung/zurueckziehen"
_WORDS, _ROLE, _MAIL = "suche", "rolle", "mail"
INVITED, WITHDRAWN, REMOVED = "eingeladen", "zurueckgezogen", "geloescht"
_LONGEST_WORDS = 100
_OF_INSTANCE = (Role.OPERATOR, Role.COORDINATOR, Role.MODERATOR)


@dataclass(frozen=True, slots=True)
class _Line:
    """One person in the list; `roles` are in the reader's language, `seen` is "" for never."""

    name: str
    mail: str
    href: str
    roles: tuple[str, ...]
    seen: str
    proof: str


@dataclass(frozen=True, slots=True)
class _Offer:
    """One open invitation in the list."""

    mail: str
    role: str
    value: str
    until: str
    inviter: str
    over: bool


@dataclass(frozen=True, slots=True)
class _Found:
    members: list[Member]
    count: int
    names: dict[str, str]
    invitations: list[Invited]


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_PEOPLE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a page of all people and the open invitations."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    known = {*Role, roster.NO_ROLE}
    role = request.query_params.get(_ROLE, "")
    sought = Sought(
        words=request.query_params.get(_WORDS, "").strip()[:_LONGEST_WORDS],
        role=role if role in known else "",
        page=min(asking.number(request, asking.PAGE, 1), roster.PAGES),
    )
    found = await workshop.read(_find, sought)
    kept = {_WORDS: sought.words, _ROLE: sought.role}
    return menu.page(
        request,
        visitor,
        "admin/people.html",
        lines=[_line(one, found.names, words) for one in found.members],
        count=found.count,
        sought=sought,
        roles=_choices(words),
        offers=[_offer(one, words) for one in found.invitations],
        paging=asking.paging(menu.PEOPLE, kept, sought.page, roster.LISTED, found.count),
        notice=_notice(request, words),
        invite=INVITE,
        again=_AGAIN,
        withdraw=_WITHDRAW,
    )


def _find(work: Work, sought: Sought) -> _Found:
    members, count = roster.find(work, sought)
    named = {grant.organisation for one in members for grant in one.person.grants if grant.organisation}
    return _Found(members, count, store.names(work, named), roster.invitations(work))


def _choices(words: Language) -> list[tuple[str, str]]:
    named = [(str(role), wire.role_label(words, role)) for role in Role]
    return [("", words.gettext("alle")), *named, (roster.NO_ROLE, words.gettext("ohne Rolle"))]


def _line(member: Member, names: dict[str, str], words: Language) -> _Line:
    person = member.person
    return _Line(
        name=person.name,
        mail=person.mail,
        href=f"{menu.PEOPLE}/{person.id}",
        roles=tuple(role_of(grant, names, words) for grant in person.grants),
        seen=words.long_day(person.seen_on) if person.seen_on else "",
        proof=proof_of(member, words),
    )


def role_of(grant: Grant, names: dict[str, str], words: Language) -> str:
    """Return a role as people read it, with the name of its organisation."""
    label = wire.role_label(words, grant.role)
    return f"{names.get(grant.organisation, grant.organisation)}: {label}" if grant.organisation else label


def proof_of(member: Member, words: Language) -> str:
    """Say which second step somebody has, and that it is missing only where their role needs one."""
    if member.second_step:
        return words.gettext("mit Code")
    if member.passkey:
        return words.gettext("mit Passkey")
    return words.gettext("fehlt") if needs_two(member.person.grants) else words.gettext("keiner, nicht nötig")


def _offer(invited: Invited, words: Language) -> _Offer:
    label = wire.role_label(words, invited.role)
    return _Offer(invited.mail, label, str(invited.role), words.long_day(invited.until), invited.inviter, invited.over)


def _notice(request: Request, words: Language) -> str:
    return {
        INVITED: words.gettext("Die Einladung ist unterwegs. Sie gilt 14 Tage."),
        WITHDRAWN: words.gettext("Die Einladung gilt nicht mehr."),
        REMOVED: words.gettext("Das Konto ist gelöscht."),
    }.get(request.query_params.get(asking.DONE, ""), "")


# --- inviting ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_PEOPLE)
async def ask(request: Request, visitor: Visitor) -> Response:
    """Ask whom to invite into which role."""
    return _form(request, visitor, "", str(Role.COORDINATOR), {})


@visits.needs(Permission.MANAGE_PEOPLE)
async def invite(request: Request, visitor: Visitor) -> Response:
    """Send an invitation, or say what is wrong with it; one that is sent again takes the earlier one's place."""
    typed = await asking.typed(request)
    words = rendering.language_of(request)
    mail, role = typed.get(_MAIL, "").strip(), typed.get(_ROLE, "")
    wrong = {}
    if addresses.read(mail) is None:
        wrong[_MAIL] = words.gettext("Das ist keine Mailadresse; richtig wäre zum Beispiel anna@beispiel.de.")
    if role not in _OF_INSTANCE:
        wrong[_ROLE] = words.gettext("Bitte wählen Sie eine der Rollen.")
    if wrong:
        return _form(request, visitor, mail, role, wrong)
    workshop: Workshop = request.app.state.workshop
    try:
        await workshop.write(_invite, visitor, mail, Role(role), words.code)
    except Conflict as error:
        return _form(request, visitor, mail, role, {_MAIL: words.gettext(error.public)})
    return asking.back(menu.PEOPLE, INVITED)


def _invite(work: Work, visitor: Visitor, mail: str, role: Role, language: str) -> None:
    if inviting.invite_once(work, mail, Grant(role), visitor.id, language):
        _note(work, visitor, Did.INVITED, mail, role)


def _form(request: Request, visitor: Visitor, mail: str, role: str, wrong: dict[str, str]) -> Response:
    words = rendering.language_of(request)
    return menu.page(
        request,
        visitor,
        "admin/invite.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        mail=mail,
        role=role,
        wrong=wrong,
        roles=[(str(one), wire.role_label(words, one), says(one, words)) for one in _OF_INSTANCE],
        action=INVITE,
        back=menu.PEOPLE,
    )


def says(role: Role, words: Language) -> str:
    """Say in a sentence what a role of the instance may do."""
    return {
        Role.OPERATOR: words.gettext("Sieht nach der Technik, vergibt Rollen und bestimmt über Quellen und Aussehen."),
        Role.COORDINATOR: words.gettext(
            "Lässt Organisationen zu, handelt für sie, prüft Angebote und fragt bei Anfragen nach."
        ),
        Role.MODERATOR: words.gettext("Entscheidet über Meldungen und erste Beiträge und sperrt, wer stört."),
    }[role]


@visits.needs(Permission.MANAGE_PEOPLE)
async def withdraw(request: Request, visitor: Visitor) -> Response:
    """Take an invitation back."""
    typed = await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    await workshop.write(_withdraw, visitor, typed.get(_MAIL, ""))
    return asking.back(menu.PEOPLE, WITHDRAWN)


def _withdraw(work: Work, visitor: Visitor, mail: str) -> None:
    found = next((one for one in roster.invitations(work) if one.mail == mail), None)
    if found is not None and inviting.withdraw(work, mail, ""):
        _note(work, visitor, Did.ROLE_TAKEN, mail, found.role)


def _note(work: Work, visitor: Visitor, did: Did, mail: str, role: Role) -> None:
    held = mail.lower()
    audit.note(work, visits.by(visitor), did, About(held, mailbox(held)), logged(role))


def logged(role: Role) -> str:
    """Return what the log, which has one language, calls a role."""
    return wire.role_label(i18n.language(i18n.DEFAULT), role)


def about(person: Person, organisation: str = "") -> About:
    """Return a person as the log names them."""
    return About(person.name, person.id, organisation)


ROUTES: list[BaseRoute] = [
    Route(menu.PEOPLE, show, name="admin-people"),
    Route(INVITE, ask, name="admin-people-ask"),
    Route(INVITE, invite, methods=["POST"], name="admin-people-invite"),
    Route(_AGAIN, invite, methods=["POST"], name="admin-people-invite-again"),
    Route(_WITHDRAW, withdraw, methods=["POST"], name="admin-people-withdraw"),
]
