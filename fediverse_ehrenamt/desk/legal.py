"""The pages on which an organisation writes its imprint and its privacy notice, if it has none elsewhere."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.accounts.visits import Organisation
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import writing
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.texts import actions, rules
from fediverse_ehrenamt.texts.pages import TITLES
from fediverse_ehrenamt.web import forms, i18n, rendering
from fediverse_ehrenamt.work import Work, Workshop

TEXTS = "texte"
_LONGEST_BODY, _MOST_FIELDS = 8 * rules.LONGEST, 10  # of umlauts alone, percent-encoded
_TEXT, _ACTION, _UNDO, _DONE = "text", "aktion", "zurueck", "getan"


@visits.needs_for_organisation(Permission.EDIT_ORGANISATION)
async def show(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show the text as it is written now."""
    return await _page(request, visitor, organisation)


@visits.needs_for_organisation(Permission.EDIT_ORGANISATION)
async def save(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Put a text in the place of the one before it, take it back where nothing was written, or undo the last change."""
    slug = _slug(request)
    typed = dict(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))
    workshop: Workshop = request.app.state.workshop
    text = typed.get(_TEXT, "")
    undo = typed.get(_ACTION) == _UNDO
    try:
        by = visits.by(visitor, organisation.uri)
        await workshop.write(_undo if undo else _write, organisation, slug, text, by)
    except Invalid as error:
        return await _page(request, visitor, organisation, text, error.problems[0].message)
    except Conflict:  # it was taken back before
        pass
    return RedirectResponse(f"{request.url.path}?{_DONE}=1", HTTPStatus.SEE_OTHER)


def _write(work: Work, organisation: Organisation, slug: str, text: str, by: By) -> None:
    if text.strip():
        actions.write(work, slug, i18n.DEFAULT, text, organisation.handle)
    else:
        actions.reset(work, slug, i18n.DEFAULT, organisation.handle)
    _note(work, organisation, slug, by)


def _undo(work: Work, organisation: Organisation, slug: str, _text: str, by: By) -> None:
    actions.undo(work, slug, i18n.DEFAULT, organisation.handle)
    _note(work, organisation, slug, by)


def _note(work: Work, organisation: Organisation, slug: str, by: By) -> None:
    audit.note(work, by, Did.TEXT_CHANGED, About(TITLES[slug], organisation.uri, organisation.uri))


def _slug(request: Request) -> str:
    slug: str = request.path_params["slug"]
    if slug not in rules.OF_ORGANISATIONS:
        raise NotFound("Diese Seite gibt es hier nicht.")
    return slug


async def _page(
    request: Request, visitor: Visitor, organisation: Organisation, typed: str = "", problem: str = ""
) -> Response:
    slug = _slug(request)
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    current = await workshop.read(actions.get, slug, i18n.DEFAULT, organisation.handle)
    base = f"{writing.PATH}/{organisation.handle}"
    return rendering.page(
        request,
        "desk/legal.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        organisation=organisation,
        on_behalf=accounts.on_behalf(visitor.grants, organisation.uri),
        heading=words.gettext(TITLES[slug]),
        back=f"{base}/profil",
        action=f"{base}/{TEXTS}/{slug}",
        public=f"/organisationen/{organisation.handle}/{slug}" if current.source else "",
        text=typed if problem else current.source,
        problem=problem,
        changed=current.edited_at is not None or current.earlier > 0,
        done=_DONE in request.query_params,
        longest=rules.LONGEST,
    )


_PATH = f"{writing.PATH}/{{handle}}/{TEXTS}/{{slug}}"
ROUTES: list[BaseRoute] = [
    Route(_PATH, show, name="organisation-text"),
    Route(_PATH, save, methods=["POST"], name="organisation-text-save"),
]
