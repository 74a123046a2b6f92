"""What `passkeys.js` asks while somebody adds a passkey or signs in with one: JSON both ways, sent as forms."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import entering, pages, passkeys, rules, visits
from fediverse_ehrenamt.accounts.rules import Visitor
from fediverse_ehrenamt.kit.buckets import Rate
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden
from fediverse_ehrenamt.web import forms, rendering, throttle
from fediverse_ehrenamt.work import Work, Workshop

PATH = f"{rules.HOME}/passkeys"
START = f"{PATH}/start"
STARTS = Rate(30, 600)
_ANSWER, _NAME = "antwort", "name"
_LONGEST_BODY, _MOST_FIELDS = 65_536, 10  # an attestation brings certificates


@visits.signed_in
async def start_adding(request: Request, visitor: Visitor) -> Response:
    """Begin to add one."""
    from fediverse_ehrenamt.accounts import ceremonies

    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    await visits.require_for_ways(request, visitor)
    workshop: Workshop = request.app.state.workshop
    return _json(await workshop.write(ceremonies.start_adding, visitor.id))


@visits.signed_in
async def add(request: Request, visitor: Visitor) -> Response:
    """Keep it."""
    from fediverse_ehrenamt.accounts import ceremonies

    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    await visits.require_for_ways(request, visitor)
    answer, name = typed.get(_ANSWER, ""), typed.get(_NAME, "")
    workshop: Workshop = request.app.state.workshop
    try:
        await workshop.write(ceremonies.add, visitor.id, answer, name, visitor.session)
    except (Forbidden, Conflict) as error:
        return _refused(request, error)
    asked = request.query_params.get(rendering.ONWARD, "")
    return JSONResponse({rendering.ONWARD: rules.local(asked) if asked else f"{rules.HOME}?fertig=1"})


@visits.signed_in
async def remove(request: Request, visitor: Visitor) -> Response:
    """Remove one."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    await visits.require_for_ways(request, visitor)
    workshop: Workshop = request.app.state.workshop
    await workshop.write(passkeys.remove, visitor.id, request.path_params["digest"])
    return RedirectResponse(f"{rules.HOME}?fertig=1", HTTPStatus.SEE_OTHER)


async def start(request: Request) -> Response:
    """Begin to sign in."""
    from fediverse_ehrenamt.accounts import ceremonies

    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    if too_often := _too_often(request, "passkey"):
        return too_often
    workshop: Workshop = request.app.state.workshop
    return _json(await workshop.write(ceremonies.start_sign_in))


def _too_often(request: Request, kind: str) -> Response | None:
    wait = throttle.of(request).wait(request, kind, STARTS)
    if not wait:
        return None
    said = {"fehler": pages.too_often(rendering.language_of(request), wait)}
    return JSONResponse(said, HTTPStatus.TOO_MANY_REQUESTS)


async def enter(request: Request) -> Response:
    """Sign in."""
    from fediverse_ehrenamt.accounts import ceremonies

    answer = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))).get(_ANSWER, "")
    agent = request.headers.get("user-agent", "")
    if too_often := _too_often(request, "passkey shown"):
        return too_often

    def run(work: Work) -> str:
        shown = ceremonies.prove(work, answer)
        return entering.begin(work, shown.person, agent, proven=shown.verified)

    workshop: Workshop = request.app.state.workshop
    try:
        token = await workshop.write(run)
    except Forbidden as error:
        return _refused(request, error)
    onward = rules.local(request.query_params.get(rendering.ONWARD, ""))
    answered = JSONResponse({rendering.ONWARD: await pages.after(request, token, onward)})
    return await pages.admit(request, answered, token)


def _json(text: str) -> Response:
    return Response(text, headers={"Cache-Control": "no-store"}, media_type="application/json")


def _refused(request: Request, error: Forbidden | Conflict) -> Response:
    words = rendering.language_of(request)
    return JSONResponse({"fehler": words.gettext(error.public)}, HTTPStatus.UNPROCESSABLE_ENTITY)


ROUTES: list[BaseRoute] = [
    Route(START, start_adding, methods=["POST"], name="passkey-start-adding"),
    Route(PATH, add, methods=["POST"], name="passkey-add"),
    Route(f"{PATH}/{{digest}}/entfernen", remove, methods=["POST"], name="passkey-remove"),
    Route(f"{pages.BY_PASSKEY}/start", start, methods=["POST"], name="passkey-start"),
    Route(pages.BY_PASSKEY, enter, methods=["POST"], name="sign-in-passkey"),
]
