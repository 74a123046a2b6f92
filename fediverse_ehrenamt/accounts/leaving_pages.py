"""What is one's own: the file with all that is kept of somebody, and the end of their account."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import people, rules, store, telling, visits
from fediverse_ehrenamt.accounts.model import InvitationRow
from fediverse_ehrenamt.accounts.people import Kept
from fediverse_ehrenamt.accounts.rules import Visitor
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.web import answers, forms, rendering, sessions
from fediverse_ehrenamt.web.answers import Answer, Button
from fediverse_ehrenamt.work import Work, Workshop

DATA = f"{rules.HOME}/daten.json"
LEAVE = f"{rules.HOME}/loeschen"
_LONGEST_BODY, _MOST_FIELDS = 4_096, 10


@visits.signed_in
async def data(request: Request, visitor: Visitor) -> Response:
    """Hand out all that is kept of somebody, as JSON (GDPR Article 15 and 20)."""
    workshop: Workshop = request.app.state.workshop
    found = await workshop.read(_all, visitor, request.app.state.own_data)
    body = orjson.dumps(found, option=orjson.OPT_INDENT_2)
    fields = {"Content-Disposition": 'attachment; filename="ehrenamt-konto.json"'}
    return Response(body, headers=fields, media_type="application/json")


def _all(work: Work, visitor: Visitor, kept: Mapping[str, Kept]) -> dict[str, Any]:
    """Return all that is kept of a person, here and in other capabilities (`kept`)."""
    person = people.get(work, visitor.id)
    return _own(work, visitor) | {name: one.read(work, person) for name, one in kept.items()}


def _own(work: Work, visitor: Visitor) -> dict[str, Any]:
    """Return what the tables of this package know of a person; secrets are of no use to anybody, and are named only."""
    person, password = people.get(work, visitor.id), store.password(work, visitor.id)
    names = store.names(work, visitor.organisations)
    return {
        "name": person.name,
        "mail": person.mail,
        "language": person.language,
        "created_at": person.created_at,
        "last_seen_on": person.seen_on,
        "written_to_about_what_waits": people.is_called(work, visitor.id),
        "password_since": password.since if password else None,
        "second_step": store.has_factor(work, visitor.id),
        "codes_on_paper": store.count_codes(work, visitor.id),
        "passkeys": [
            {"name": one.name, "since": one.created_at, "last_used_on": one.used_on}
            for one in store.passkeys(work, visitor.id)
        ],
        "roles": [
            {"role": str(one.role), "organisation": one.organisation, "name": names.get(one.organisation, "")}
            for one in person.grants
        ],
        "sign_ins": [
            {"browser": one.browser, "system": one.system, "begun_at": one.created_at, "last_seen_on": one.seen_on}
            for one in store.sessions(work, visitor.id)
        ],
        "log": [
            {"at": one.at, "did": str(one.did), "what": one.label, "detail": one.detail}
            for one in audit.of_person(work, visitor.id, person.mail)
        ],
        "address_changes": [
            {"to": one.mail, "from": one.former, "confirmed": one.confirmed} for one in store.moves(work, visitor.id)
        ],
        "invitations": [_invitation(one) for one in store.invited_by(work, visitor.id)],
        "invitations_received": [_invitation(one) for one in store.invitations_of(work, person.mail)],
    }


def _invitation(row: InvitationRow) -> dict[str, Any]:
    return {
        "mail": row.mail,
        "name": row.name,
        "role": row.role,
        "organisation": row.organisation,
        "until": row.expires_at,
    }


@visits.signed_in
async def ask(request: Request, visitor: Visitor) -> Response:
    """Say what goes, and ask whether that is meant; whoever operates alone is told what has to come first."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    try:
        await workshop.read(people.keep_an_operator, visitor.id)
    except Conflict as error:
        return _answer(request, Answer(words.gettext("Ihr Konto löschen?"), words.gettext(error.public), visitor.mail))
    alone = ", ".join(f"„{name}“" for name in await workshop.read(_left_alone, visitor))
    sentence = words.gettext(
        "Für %(organisations)s ist danach niemand mehr verantwortlich. Machen Sie vorher unter „Team“ jemand anderen "
        "verantwortlich; sonst bekommt die Koordination eine E-Mail und sucht jemanden."
    )
    help_ = words.gettext(
        "Name, Mailadresse, Rollen und Anmeldungen werden sofort gelöscht, auch Anfragen, gespeicherte Suchen und "
        "Anträge von dieser Mailadresse. Wer Ihre Anfrage hat, erfährt, dass Sie nicht mehr warten. Das lässt sich "
        "nicht rückgängig machen. Angebote bleiben bei ihren Organisationen."
    )
    button = Button(words.gettext("Ja, mein Konto löschen"), LEAVE, help_)
    told = sentence % {"organisations": alone} if alone else ""
    return _answer(request, Answer(words.gettext("Ihr Konto löschen?"), told, visitor.mail, [button]))


def _left_alone(work: Work, visitor: Visitor) -> list[str]:
    """Return the names of the organisations for which nobody else is responsible."""
    return sorted(store.names(work, telling.left_alone(work, people.get(work, visitor.id))).values())


@visits.signed_in
async def leave(request: Request, visitor: Visitor) -> Response:
    """Erase the account; whoever operates alone is told what has to come first."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    try:
        await workshop.write(telling.remove, visitor.id, request.app.state.own_data.values())
    except Conflict as error:
        heading = words.gettext("Ihr Konto ist noch da")
        return _answer(request, Answer(heading, words.gettext(error.public), status=HTTPStatus.CONFLICT))
    request.state.visitor = None
    sentence = words.gettext("Es ist nichts mehr über Sie gespeichert. Danke, dass Sie dabei waren.")
    gone = Answer(words.gettext("Ihr Konto ist gelöscht"), sentence, good=True)
    response = answers.page(request, "accounts/answer.html", gone)
    sessions.take(request, response)
    return response


def _answer(request: Request, answer: Answer) -> Response:
    return answers.page(request, "accounts/leaving.html", answer)


ROUTES: list[BaseRoute] = [
    Route(DATA, data, name="account-data"),
    Route(LEAVE, ask, name="account-ask-leave"),
    Route(LEAVE, leave, methods=["POST"], name="account-leave"),
]
