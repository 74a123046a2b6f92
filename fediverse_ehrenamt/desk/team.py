"""The page on which an organisation looks after its colleagues: who works there, who is invited, who may do what."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import inviting, people, telling, visits, wire
from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts.inviting import Invitation
from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.accounts.rules import Grant, Permission, Role, Visitor
from fediverse_ehrenamt.accounts.telling import Decider
from fediverse_ehrenamt.accounts.visits import Organisation
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, Did
from fediverse_ehrenamt.desk import writing
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.web import answers, forms, rendering
from fediverse_ehrenamt.web.answers import Answer, Button
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

TEAM = "team"
_LONGEST_BODY, _MOST_FIELDS = 4_096, 10
_MAIL, _ROLE, _PERSON, _VERB, _DONE = "mail", "rolle", "person", "was", "getan"
_INVITE, _INVITATION, LEAVE = "einladen", "einladung", "austreten"
_AGAIN, _BACK = "erneut", "zurueckziehen"


@dataclass(frozen=True, slots=True)
class _Colleague:
    """Somebody who works there; `other` is the role that they can be given instead, with its words."""

    id: str
    name: str
    mail: str
    role: str
    seen: str
    me: bool
    other: str
    other_words: str


@dataclass(frozen=True, slots=True)
class _Invited:
    """An invitation that nobody has taken yet."""

    mail: str
    role: str
    until: str
    over: bool


@dataclass(frozen=True, slots=True)
class _Typed:
    """What somebody has typed who invites, and what is wrong with it (`asked`) or with what else was wanted here."""

    mail: str = ""
    role: Role = Role.EDITOR
    problem: str = ""
    status: HTTPStatus = HTTPStatus.OK
    asked: bool = False


@visits.needs_for_organisation(Permission.MANAGE_COLLEAGUES)
async def show(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show who works there and who is invited."""
    return await _page(request, visitor, organisation)


async def _page(request: Request, visitor: Visitor, organisation: Organisation, typed: _Typed = _Typed()) -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    found, invited = await workshop.read(_find, organisation.uri)
    base = _base(organisation)
    return rendering.page(
        request,
        "desk/team.html",
        typed.status,
        organisation=organisation,
        on_behalf=accounts.on_behalf(visitor.grants, organisation.uri),
        home=f"{writing.PATH}/{organisation.handle}",
        base=base,
        colleagues=[_colleague(words, one, organisation.uri, visitor) for one in found],
        invited=[
            _Invited(one.mail, wire.role_label(words, one.role), words.long_day(one.until), one.over) for one in invited
        ],
        roles=[(str(role), wire.role_label(words, role)) for role in (Role.EDITOR, Role.OWNER)],
        notice=_notice(words, request.query_params.get(_DONE, "")),
        typed=typed,
    )


async def _refused(request: Request, visitor: Visitor, organisation: Organisation, error: Conflict) -> Response:
    """Show the page with what cannot be done to a colleague or an invitation, and why."""
    return await _page(request, visitor, organisation, _Typed(problem=error.public, status=HTTPStatus.CONFLICT))


def _find(work: Work, uri: str) -> tuple[list[Person], list[Invitation]]:
    return people.colleagues(work, uri), inviting.listing(work, uri)


def _colleague(words: Language, one: Person, uri: str, visitor: Visitor) -> _Colleague:
    role = next(grant.role for grant in one.grants if grant.organisation == uri)
    other = Role.EDITOR if role == Role.OWNER else Role.OWNER
    change = words.gettext("Soll nur mitarbeiten") if role == Role.OWNER else words.gettext("Verantwortlich machen")
    seen = words.long_day(one.seen_on) if one.seen_on else ""
    return _Colleague(
        one.id, one.name, one.mail, wire.role_label(words, role), seen, one.id == visitor.id, str(other), change
    )


def _notice(words: Language, done: str) -> str:
    return {
        _INVITE: words.gettext("Die Einladung ist unterwegs. Der Link darin gilt 14 Tage."),
        _AGAIN: words.gettext("Eine neue Einladung ist unterwegs; der Link der früheren gilt nicht mehr."),
        _BACK: words.gettext("Die Einladung ist zurückgezogen."),
        _ROLE: words.gettext("Die Rolle ist geändert."),
        LEAVE: words.gettext("Die Person arbeitet hier nicht mehr mit."),
    }.get(done, "")


# --- invitations ------------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.MANAGE_COLLEAGUES)
async def invite(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Invite somebody by mail."""
    typed = dict(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))
    workshop: Workshop = request.app.state.workshop
    mail, given = typed.get(_MAIL, "").strip(), Grant(_role(typed), organisation.uri)
    try:
        await workshop.write(_invite, mail, given, visitor, organisation)
    except Invalid:
        wrong = "Das ist keine Mailadresse; richtig wäre zum Beispiel anna@beispiel.de."
        again = _Typed(mail, given.role, wrong, HTTPStatus.UNPROCESSABLE_ENTITY, asked=True)
        return await _page(request, visitor, organisation, again)
    except Conflict as error:
        again = _Typed(mail, given.role, error.public, HTTPStatus.CONFLICT, asked=True)
        return await _page(request, visitor, organisation, again)
    return _back(organisation, _INVITE)


def _role(typed: dict[str, str]) -> Role:
    """Return the role that was chosen; whoever chooses none of the two means the one that may do less."""
    return Role.OWNER if typed.get(_ROLE) == Role.OWNER else Role.EDITOR


def _invite(work: Work, mail: str, given: Grant, visitor: Visitor, organisation: Organisation) -> None:
    if inviting.invite_once(work, mail, given, visitor.id, visitor.language):
        _note(work, visitor, organisation, Did.INVITED, About(organisation.name, organisation.uri), given.role)


@visits.needs_for_organisation(Permission.MANAGE_COLLEAGUES)
async def change_invitation(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Take an invitation back, or send it once more; one that is taken or over needs neither."""
    typed = dict(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))
    workshop: Workshop = request.app.state.workshop
    verb = _AGAIN if typed.get(_VERB) == _AGAIN else _BACK
    try:
        await workshop.write(_change_invitation, typed.get(_MAIL, ""), verb, visitor, organisation)
    except Conflict as error:
        return await _refused(request, visitor, organisation, error)
    return _back(organisation, verb)


def _change_invitation(work: Work, mail: str, verb: str, visitor: Visitor, organisation: Organisation) -> None:
    found = next((one for one in inviting.listing(work, organisation.uri) if one.mail == mail), None)
    if found is None:
        return
    if verb == _AGAIN:
        _invite(work, mail, Grant(found.role, organisation.uri), visitor, organisation)
    else:
        inviting.withdraw(work, mail, organisation.uri)


# --- roles ------------------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.MANAGE_COLLEAGUES)
async def change_role(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Give a colleague the other role."""
    typed = dict(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))
    workshop: Workshop = request.app.state.workshop
    person, given = typed.get(_PERSON, ""), Grant(_role(typed), organisation.uri)
    try:
        await workshop.write(_change_role, person, given, visitor, organisation)
    except Conflict as error:
        return await _refused(request, visitor, organisation, error)
    if person == visitor.id and given.role == Role.EDITOR:  # who gives this page away is led elsewhere
        return RedirectResponse(f"{writing.PATH}/{organisation.handle}", HTTPStatus.SEE_OTHER)
    return _back(organisation, _ROLE)


def _change_role(work: Work, person: str, given: Grant, visitor: Visitor, organisation: Organisation) -> None:
    known = people.get(work, person)
    if people.change_role(work, person, given):
        _note(work, visitor, organisation, Did.ROLE_GIVEN, About(known.name, person), given.role)
        if person != visitor.id:
            telling.tell(work, known, given, _decider(visitor, organisation))


@visits.needs_for_organisation(Permission.MANAGE_COLLEAGUES)
async def ask_remove(request: Request, _visitor: Visitor, organisation: Organisation) -> Response:
    """Ask whether somebody is really to work there no more."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    name, mail = await workshop.read(_leaving, request.path_params[_PERSON], organisation)
    help_ = words.gettext(
        "Die Person bekommt eine E-Mail. Ihr Konto bleibt bestehen, und Sie können sie jederzeit wieder einladen."
    )
    button = Button(words.gettext("Ja, entfernen"), request.url.path, help_)
    heading = words.gettext("%(name)s aus dem Team entfernen?") % {"name": name}
    told = words.gettext(
        "Anfragen an die Organisation gehen bisher an die Adresse dieser Person, %(mail)s. Bitte ändern Sie das im "
        "Profil."
    )
    answer = Answer(heading, told % {"mail": mail} if mail else "", _base(organisation), [button])
    return answers.page(request, "desk/team_answer.html", answer)


def _leaving(work: Work, person: str, organisation: Organisation) -> tuple[str, str]:
    """Return the name of a colleague, and their address where enquiries go to it, else "".

    Raises `NotFound`: who works elsewhere is nobody's business here.
    """
    known = next((one for one in people.colleagues(work, organisation.uri) if one.id == person), None)
    if known is None:
        raise NotFound("Diese Person arbeitet hier nicht (mehr).")
    return known.name, _if_asked_there(work, known.mail, organisation)


def _if_asked_there(work: Work, mail: str, organisation: Organisation) -> str:
    """Return an address if enquiries to the organisation go there, else ""."""
    return mail if organisations.mail_of(work, organisation.uri).lower() == mail.lower() else ""


@visits.needs_for_organisation(Permission.MANAGE_COLLEAGUES)
async def remove(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Take somebody out of the organisation."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    person = request.path_params[_PERSON]
    try:
        await workshop.write(_remove, person, visitor, organisation)
    except Conflict as error:
        return await _refused(request, visitor, organisation, error)
    return _back(organisation, LEAVE)


@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def ask_leave(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Ask somebody whether they really want to leave; whoever is responsible alone is told what has to come first."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    help_ = words.gettext("Sie können dann nichts mehr für diese Organisation tun. Ihr Konto bleibt bestehen.")
    button = Button(words.gettext("Ja, austreten"), request.url.path, help_)
    heading = words.gettext("Bei „%(name)s“ austreten?") % {"name": organisation.name}
    try:
        await workshop.read(people.keep_an_owner, visitor.id, organisation.uri)
    except Conflict as error:
        answer = Answer(heading, words.gettext(error.public), _base(organisation))
        return answers.page(request, "desk/team_answer.html", answer)
    home = f"{writing.PATH}/{organisation.handle}"
    mail = await workshop.read(_if_asked_there, visitor.mail, organisation)
    told = words.gettext(
        "Anfragen an die Organisation gehen bisher an Ihre Adresse, %(mail)s, und das bleibt so. Wer verantwortlich "
        "ist, kann es im Profil ändern."
    )
    answer = Answer(heading, told % {"mail": mail} if mail else "", home, [button])
    return answers.page(request, "desk/team_answer.html", answer)


@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def leave(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Leave an organisation oneself."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    try:
        await workshop.write(_remove, visitor.id, visitor, organisation)
    except Conflict as error:
        home = f"{writing.PATH}/{organisation.handle}"
        heading = words.gettext("Das geht gerade nicht")
        answer = Answer(heading, words.gettext(error.public), home, status=HTTPStatus.CONFLICT)
        return answers.page(request, "desk/team_answer.html", answer)
    return RedirectResponse(f"{writing.PATH}?{urlencode({_DONE: LEAVE})}", HTTPStatus.SEE_OTHER)


def _remove(work: Work, person: str, visitor: Visitor, organisation: Organisation) -> None:
    known = people.get(work, person)
    role = people.leave(work, person, organisation.uri)
    _note(work, visitor, organisation, Did.ROLE_TAKEN, About(known.name, person), role)
    if person != visitor.id:
        taken = Grant(role, organisation.uri)
        telling.tell(work, known, taken, _decider(visitor, organisation), taken=True)


def _decider(visitor: Visitor, organisation: Organisation) -> Decider:
    """Return whom a colleague may ask about what was decided: the one who did, or the instance's own people."""
    if accounts.on_behalf(visitor.grants, organisation.uri):
        return Decider(rendering.IMPRINT)
    return Decider(f"/organisationen/{organisation.handle}", visitor.name)


def _note(work: Work, visitor: Visitor, organisation: Organisation, did: Did, about: About, role: Role) -> None:
    by = visits.by(visitor, organisation.uri)
    audit.note(work, by, did, About(about.label, about.uri, organisation.uri), str(role))


def _base(organisation: Organisation) -> str:
    return f"{writing.PATH}/{organisation.handle}/{TEAM}"


def _back(organisation: Organisation, done: str) -> Response:
    return RedirectResponse(f"{_base(organisation)}?{urlencode({_DONE: done})}", HTTPStatus.SEE_OTHER)


_TEAM = f"{writing.PATH}/{{handle}}/{TEAM}"
ROUTES: list[BaseRoute] = [
    Route(_TEAM, show, name="team"),
    Route(f"{_TEAM}/{_INVITE}", invite, methods=["POST"], name="team-invite"),
    Route(f"{_TEAM}/{_INVITATION}", change_invitation, methods=["POST"], name="team-invitation"),
    Route(f"{_TEAM}/{_ROLE}", change_role, methods=["POST"], name="team-role"),
    Route(f"{_TEAM}/{LEAVE}", ask_leave, name="team-ask-leave"),
    Route(f"{_TEAM}/{LEAVE}", leave, methods=["POST"], name="team-leave"),
    Route(f"{_TEAM}/entfernen/{{person}}", ask_remove, name="team-ask-remove"),
    Route(f"{_TEAM}/entfernen/{{person}}", remove, methods=["POST"], name="team-remove"),
]
