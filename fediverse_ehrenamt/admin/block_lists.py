"""Lists of blocked hosts as Mastodon's administrators exchange them: taken in after a preview, and given out."""

from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import blocks, menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.federation import domain_blocks, restrictions
from fediverse_ehrenamt.federation.domain_blocks import Listed
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.things import moderating
from fediverse_ehrenamt.things.moderating import Plan
from fediverse_ehrenamt.web import rendering, uploads
from fediverse_ehrenamt.work import Work, Workshop

_REASON, _CONTENT, _SURE, _PUBLIC = "grund", "liste", "sicher", "oeffentlich"
_SHOWN = 200  # entries of a preview
# The preview sends what it read once more, percent-encoded; hosts and comments are mostly plain letters.
_LONGEST_BODY, _MOST_FIELDS = 2 * domain_blocks.BYTES, 5


@visits.needs(Permission.BLOCK)
async def ask(request: Request, visitor: Visitor) -> Response:
    """Show the form for a list."""
    return _form(request, visitor, "", [])


@visits.needs(Permission.BLOCK)
async def take_in(request: Request, visitor: Visitor) -> Response:
    """Show what a list would do; and do that, once somebody has seen it."""
    fields, upload = await uploads.posted(request, _LONGEST_BODY, _MOST_FIELDS, domain_blocks.BYTES)
    typed = dict(reversed(fields))
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    reason = typed.get(_REASON, "").strip()[: domain_blocks.COMMENT_LENGTH]
    content = upload.content if upload else typed.get(_CONTENT, "").encode()
    if not content:
        return _form(request, visitor, reason, [words.gettext("Bitte wählen Sie eine Datei aus.")])
    try:
        listed = domain_blocks.read(content, moderating.ours(workshop.settings))
    except Invalid as error:
        faults = [f"{words.gettext(one.field)}: {words.gettext(one.message)}" for one in error.problems]
        return _form(request, visitor, reason, faults)
    if _SURE not in typed:
        return _preview(request, visitor, await workshop.read(moderating.plan, listed), listed, reason)
    plan = await workshop.write(_take_in, listed, reason, visits.by(visitor))
    await workshop.write(moderating.sweep)  # what is more than one step, housekeeping drops
    told = urlencode({blocks.DONE: "eingelesen", "eintrag": len(plan.new)})
    return RedirectResponse(f"{blocks.PATH}?{told}", HTTPStatus.SEE_OTHER)


def _form(request: Request, visitor: Visitor, reason: str, problems: list[str]) -> Response:
    return menu.page(
        request,
        visitor,
        "admin/block_list.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        reason=reason,
        faults=problems,
        longest=domain_blocks.COMMENT_LENGTH,
        action=blocks.LIST,
        base=blocks.PATH,
    )


def _preview(request: Request, visitor: Visitor, plan: Plan, listed: Listed, reason: str) -> Response:
    words = rendering.language_of(request)
    return menu.page(
        request,
        visitor,
        "admin/block_preview.html",
        lines=[blocks.line(one, words) for one in plan.new[:_SHOWN]],
        new=len(plan.new),
        more=max(0, len(plan.new) - _SHOWN),
        known=len(plan.known),
        skipped=[replace(one, why=words.gettext(one.why)) for one in listed.skipped[:_SHOWN]],
        touched=plan.touched,
        kept=[(_CONTENT, domain_blocks.write(plan.new)), (_REASON, reason), (_SURE, "ja")],
        action=blocks.LIST,
        back=blocks.LIST,
    )


def _take_in(work: Work, listed: Listed, reason: str, by: By) -> Plan:
    plan = moderating.take_in(work, listed, reason)
    if plan.new:
        subjects = ", ".join(one.subject for one in plan.new)
        said = sentence("Hosts: %(number)s", number=len(plan.new))
        audit.note(work, by, Did.BLOCKED, About(said), " ".join(filter(None, (reason, subjects))))
    return plan


@visits.needs(Permission.BLOCK)
async def export(request: Request, _visitor: Visitor) -> Response:
    """Give the list of hosts out as CSV; one to be published does not spell out those that are not to be named."""
    workshop: Workshop = request.app.state.workshop
    public = bool(request.query_params.get(_PUBLIC))
    found = await workshop.read(restrictions.listing)
    name = "sperrliste-oeffentlich.csv" if public else "sperrliste.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(domain_blocks.write(found, public=public), media_type="text/csv", headers=headers)


ROUTES: list[BaseRoute] = [
    Route(blocks.LIST, ask, name="admin-block-list-ask"),
    Route(blocks.LIST, take_in, methods=["POST"], name="admin-block-list"),
    Route(blocks.EXPORT, export, name="admin-block-export"),
]
