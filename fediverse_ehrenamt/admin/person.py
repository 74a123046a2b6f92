"""The page of one person: roles given and taken, all sign-ins ended, the account removed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import people, roster, rules, store, telling, visits, wire
from fediverse_ehrenamt.accounts.people import Kept, Person
from fediverse_ehrenamt.accounts.roster import Member
from fediverse_ehrenamt.accounts.rules import Grant, Permission, Role, Visitor
from fediverse_ehrenamt.accounts.telling import Decider
from fediverse_ehrenamt.admin import asking, menu
from fediverse_ehrenamt.admin import people as listing
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, Did
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Conflict, NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

_ID = "id"
_ROLE, _ORGANISATION = "rolle", "organisation"
_GIVEN, _TAKEN, _ENDED = "vergeben", "entzogen", "abgemeldet"
_WHY, _REASON = "text", 1_000  # characters of a reason
_SHOWN = 500
"""How many organisations can be chosen; who works for one of more is invited there."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A role in the list; `role` and `organisation` (a URI) are posted to take it."""

    label: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class _Found:
    member: Member
    names: dict[str, str]
    sign_ins: int
    organisations: list[organisations.Organisation]


@visits.needs(Permission.MANAGE_PEOPLE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a person."""
    return await _page(request, visitor)


async def _page(request: Request, visitor: Visitor, wrong: str = "", role: str = "", where: str = "") -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    found = await workshop.read(_find, request.path_params[_ID])
    person = found.member.person
    base = f"{menu.PEOPLE}/{person.id}"
    return menu.page(
        request,
        visitor,
        "admin/person.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        person=person,
        since=words.long_day(person.created_at),
        seen=words.long_day(person.seen_on) if person.seen_on else "",
        proof=listing.proof_of(found.member, words),
        needed=rules.needs_two(person.grants) and not (found.member.second_step or found.member.passkey),
        sign_ins=found.sign_ins,
        held=[_held(grant, found.names, words) for grant in person.grants],
        roles=[("", words.gettext("bitte wählen")), *((str(one), wire.role_label(words, one)) for one in Role)],
        organisations=[("", words.gettext("keine: für das ganze Portal")), *_named(found.organisations)],
        wrong=wrong,
        role=role,
        organisation=where,
        itself=person.id == visitor.id,
        base=base,
        back=menu.PEOPLE,
        notice=_notice(request, words),
    )


def _find(work: Work, person: str) -> _Found:
    member = roster.get(work, person)
    named = [grant.organisation for grant in member.person.grants if grant.organisation]
    return _Found(member, store.names(work, named), roster.signed_in(work, person), organisations.listing(work))


def _named(found: list[organisations.Organisation]) -> list[tuple[str, str]]:
    return sorted(((one.uri, one.name) for one in found[:_SHOWN]), key=lambda one: one[1].casefold())


def _held(grant: Grant, names: dict[str, str], words: Language) -> _Held:
    return _Held(listing.role_of(grant, names, words), str(grant.role), grant.organisation)


def _notice(request: Request, words: Language) -> str:
    number = asking.number(request, asking.NUMBER)
    return {
        _GIVEN: words.gettext("Die Rolle ist vergeben."),
        _TAKEN: words.gettext("Die Rolle ist entzogen."),
        _ENDED: words.ngettext(
            "An einer Stelle abgemeldet.", "An %(number)s Stellen abgemeldet.", number
        ) % {"number": words.number(number)},
    }.get(request.query_params.get(asking.DONE, ""), "")  # fmt: skip


# --- roles ------------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_PEOPLE)
async def give(request: Request, visitor: Visitor) -> Response:
    """Give a role."""
    typed = await asking.typed(request)
    words = rendering.language_of(request)
    role, where = typed.get(_ROLE, ""), typed.get(_ORGANISATION, "")
    if role not in list(Role):
        return await _page(request, visitor, words.gettext("Bitte wählen Sie eine der Rollen."), "", where)
    if Role(role) in rules.OF_INSTANCE and where:
        wrong = words.gettext("Diese Rolle gilt für das ganze Portal; lassen Sie die Organisation bitte leer.")
        return await _page(request, visitor, wrong, role, where)
    if Role(role) in rules.OF_ORGANISATION and not where:
        wrong = words.gettext("Zu dieser Rolle gehört eine Organisation; bitte wählen Sie eine.")
        return await _page(request, visitor, wrong, role, where)
    return await _change(request, visitor, _give, Grant(Role(role), where), _GIVEN)


@visits.needs(Permission.MANAGE_PEOPLE)
async def take(request: Request, visitor: Visitor) -> Response:
    """Take a role; the last operator keeps theirs."""
    typed = await asking.typed(request)
    role, where = typed.get(_ROLE, ""), typed.get(_ORGANISATION, "")
    if role not in list(Role) or (Role(role) in rules.OF_ORGANISATION) != bool(where):
        raise NotFound("Diese Rolle gibt es nicht.")
    return await _change(request, visitor, _take, Grant(Role(role), where), _TAKEN)


async def _change(
    request: Request, visitor: Visitor, change: Callable[[Work, Visitor, str, Grant], None], given: Grant, done: str
) -> Response:
    workshop: Workshop = request.app.state.workshop
    person = request.path_params[_ID]
    base = f"{menu.PEOPLE}/{person}"
    try:
        await workshop.write(change, visitor, person, given)
    except Conflict as error:
        return asking.refused(request, visitor, error.public, base)
    if change is _take and person == visitor.id and given.role == Role.OPERATOR:
        return RedirectResponse(rules.HOME, HTTPStatus.SEE_OTHER)  # this page is not theirs any more
    return asking.back(base, done)


def _give(work: Work, visitor: Visitor, person: str, given: Grant) -> None:
    known = people.get(work, person)
    if given.organisation and not store.names(work, [given.organisation]):
        raise NotFound("Diese Organisation gibt es hier nicht.")
    if given not in known.grants:
        people.grant(work, person, given)
        _note(work, visitor, Did.ROLE_GIVEN, listing.about(known, given.organisation), listing.logged(given.role))
        _tell(work, visitor, known, given)


def _take(work: Work, visitor: Visitor, person: str, given: Grant) -> None:
    known = people.get(work, person)
    if people.revoke(work, person, given):
        _note(work, visitor, Did.ROLE_TAKEN, listing.about(known, given.organisation), listing.logged(given.role))
        _tell(work, visitor, known, given, taken=True)


def _tell(work: Work, visitor: Visitor, known: Person, given: Grant, *, taken: bool = False) -> None:
    """Write to whoever it concerns, unless they did it themselves."""
    if known.id != visitor.id:
        telling.tell(work, known, given, Decider(rendering.IMPRINT, "" if taken else visitor.name), taken=taken)


def _note(work: Work, visitor: Visitor, did: Did, about: About, detail: str = "") -> None:
    audit.note(work, visits.by(visitor), did, about, detail)


# --- sign-ins and the account -----------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_PEOPLE)
async def end_all(request: Request, _visitor: Visitor) -> Response:
    """Sign a person out everywhere: nothing is lost by that, so it is not asked."""
    await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    person = request.path_params[_ID]
    count = await workshop.write(_end_all, person)
    return asking.back(f"{menu.PEOPLE}/{person}", _ENDED, count)


def _end_all(work: Work, person: str) -> int:
    return roster.end_all(work, people.get(work, person).id)


@visits.needs(Permission.MANAGE_PEOPLE)
async def ask_remove(request: Request, visitor: Visitor) -> Response:
    """Say what goes, and ask whether that is meant."""
    return await _ask_remove(request, visitor)


async def _ask_remove(request: Request, visitor: Visitor, reason: str = "", wrong: str = "") -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    person = await workshop.read(people.get, request.path_params[_ID])
    base = f"{menu.PEOPLE}/{person.id}"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    gone = words.gettext("%(name)s (%(mail)s) ist dann sofort überall abgemeldet.")
    return menu.page(
        request,
        visitor,
        "admin/person_remove.html",
        status,
        gone=gone % {"name": person.name, "mail": person.mail},
        told=person.id != visitor.id,
        longest=_REASON,
        typed={_WHY: reason},
        problems={_WHY: wrong} if wrong else {},
        back=base,
        action=f"{base}/loeschen",
    )


@visits.needs(Permission.MANAGE_PEOPLE)
async def remove(request: Request, visitor: Visitor) -> Response:
    """Erase an account; the last operator's stays. A reason that is too long is kept."""
    said = (await asking.typed(request)).get(_WHY, "").replace("\r\n", "\n").strip()
    workshop: Workshop = request.app.state.workshop
    person = request.path_params[_ID]
    reason = "\n".join(html.visible(line) for line in said.splitlines())
    if len(reason) > _REASON:
        words = rendering.language_of(request)
        wrong = words.gettext(sentence("ist länger als %(most)s Zeichen; bitte kürzen", most=words.number(_REASON)))
        return await _ask_remove(request, visitor, said, wrong)
    try:
        await workshop.write(_remove, visitor, person, request.app.state.own_data.values(), reason)
    except Conflict as error:
        return asking.refused(request, visitor, error.public, f"{menu.PEOPLE}/{person}")
    return asking.back(menu.PEOPLE, listing.REMOVED)


def _remove(work: Work, visitor: Visitor, person: str, kept: Iterable[Kept], reason: str) -> None:
    telling.remove(work, person, kept, Decider(rendering.IMPRINT) if person != visitor.id else None, reason)
    _note(work, visitor, Did.PERSON_REMOVED, About(""))


_ONE = f"{menu.PEOPLE}/{{{_ID}}}"
ROUTES: list[BaseRoute] = [
    Route(_ONE, show, name="admin-person"),
    Route(f"{_ONE}/rolle", give, methods=["POST"], name="admin-person-give"),
    Route(f"{_ONE}/rolle-entziehen", take, methods=["POST"], name="admin-person-take"),
    Route(f"{_ONE}/abmelden", end_all, methods=["POST"], name="admin-person-end-all"),
    Route(f"{_ONE}/loeschen", ask_remove, name="admin-person-ask-remove"),
    Route(f"{_ONE}/loeschen", remove, methods=["POST"], name="admin-person-remove"),
]
