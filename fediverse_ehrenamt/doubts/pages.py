"""The pages of "Stimmt nicht mehr" and of reports: one click counts, a reason may follow; what offends is reported."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import pages as discover
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.doubts import actions, rules
from fediverse_ehrenamt.kit import mailbox
from fediverse_ehrenamt.kit.errors import Unavailable
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation import rules as moderation_rules
from fediverse_ehrenamt.search.model import KINDS, OPPORTUNITY, Document
from fediverse_ehrenamt.web import forms, rendering, throttle
from fediverse_ehrenamt.work import Work, Workshop

_DOUBT, _REPORT = "stimmt-nicht-mehr", "melden"
_REASON, _TEXT, _MAIL = "grund", "text", "mail"
_THANKS = "danke"
_LONGEST_BODY, _MOST_FIELDS = 40_000, 10  # a report of umlauts alone, percent-encoded
_COUNTED, _REASONED = "1", "2"


# --- doubts -----------------------------------------------------------------------------------------------------------
async def ask_doubt(request: Request) -> Response:
    """Ask whether it does not hold any more, or thank for having said so and ask why."""
    workshop: Workshop = request.app.state.workshop
    document = await workshop.read(actions.look, _page_id(request))
    words = rendering.language_of(request)
    return rendering.page(
        request,
        "doubts/doubt.html",
        title=view.title(document, words),
        path=view.path(document),
        action=f"{_short(document)}/{_DOUBT}",
        report_href=f"{_short(document)}/{_REPORT}",
        local=document.local,
        host=document.host,
        stage=request.query_params.get(_THANKS, ""),
        reasons=[(slug, words.gettext(label)) for slug, label in rules.REASONS.items()],
    )


async def doubt(request: Request) -> Response:
    """Count the doubt, once a day for each client; a second click, or a reason, changes no number."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))  # the first of each counts
    reason, page_id = typed.get(_REASON, ""), _page_id(request)
    path = f"{view.PATHS[OPPORTUNITY]}/{page_id}"
    if reason == rules.OFFENSIVE:
        return RedirectResponse(f"{path}/{_REPORT}", HTTPStatus.SEE_OTHER)
    known = reason if reason in rules.REASONS else ""
    throttle.check(request, _DOUBT, rules.OF_CLIENT, actions.CROWDED)
    client = request.client.host if request.client else ""
    workshop: Workshop = request.app.state.workshop
    await workshop.write(actions.doubt, page_id, client, known)
    return RedirectResponse(f"{path}/{_DOUBT}?{_THANKS}={_REASONED if known else _COUNTED}", HTTPStatus.SEE_OTHER)


# --- reports ----------------------------------------------------------------------------------------------------------
async def ask_report(request: Request) -> Response:
    """Ask what is wrong with a page, or say that it was received."""
    return await _report(request)


async def report(request: Request) -> Response:
    """Hand a report to the moderators, or say on the page what is wrong with it."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))  # the first of each counts
    text, said = typed.get(_TEXT, "").strip(), typed.get(_MAIL, "").strip()
    mail = mailbox.read(said) if said else ""
    words = rendering.language_of(request)
    problems: dict[str, str] = {}
    if len(text) < moderation_rules.MIN_COMMENT:
        problems[_TEXT] = words.gettext("Bitte schreiben Sie in einem Satz, was hier nicht in Ordnung ist.")
    elif long := forms.too_long(text, moderation_rules.MAX_COMMENT, words):
        problems[_TEXT] = long
    if mail is None:
        problems[_MAIL] = words.gettext("Das ist keine Mailadresse; richtig wäre zum Beispiel anna@beispiel.de.")
    document = await _document(request)
    if problems or mail is None:
        return await _report(request, text, said, problems)
    workshop: Workshop = request.app.state.workshop
    try:
        throttle.check(request, _REPORT, moderation_rules.OF_CLIENT_IN_A_DAY, moderation.CROWDED)
        await workshop.write(moderation.complain, document, text, mail, words.code)
    except Unavailable as crowded:
        told = {_TEXT: words.gettext(crowded.public)}
        return await _report(request, text, said, told, HTTPStatus(crowded.status))
    thanks = f"{_short(document)}/{_REPORT}?{_THANKS}={'mail' if mail else '1'}"
    return RedirectResponse(thanks, HTTPStatus.SEE_OTHER)


async def _report(
    request: Request,
    text: str = "",
    mail: str = "",
    problems: dict[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    document = await _document(request)
    return rendering.page(
        request,
        "doubts/report.html",
        status if problems else HTTPStatus.OK,
        title=view.title(document, rendering.language_of(request)),
        path=view.path(document),
        action=f"{_short(document)}/{_REPORT}",
        thanks=request.query_params.get(_THANKS, "") if not problems else "",
        text=text,
        mail=mail,
        problems=problems or {},
        longest=moderation_rules.MAX_COMMENT,
    )


async def _document(request: Request) -> Document:
    workshop: Workshop = request.app.state.workshop
    lookups, kind, page_id = request.app.state.lookups, discover.kind_of(request), _page_id(request)

    def read(work: Work) -> Document:
        return discover.read(work, lookups, kind, page_id).document

    return await workshop.read(read)


def _page_id(request: Request) -> str:
    return view.page_id(request.path_params["page"])


def _short(document: Document) -> str:
    return f"{view.PATHS[document.kind]}/{document.id}"


_DOUBTS = f"{view.PATHS[OPPORTUNITY]}/{{page}}/{_DOUBT}"
_REPORTS = [(kind, f"{view.PATHS[kind]}/{{page}}/{_REPORT}") for kind in KINDS]
ROUTES: list[BaseRoute] = [
    Route(_DOUBTS, ask_doubt, name="ask-doubt"),
    Route(_DOUBTS, doubt, methods=["POST"], name="doubt"),
    *(Route(path, ask_report, name=f"{kind}-ask-report") for kind, path in _REPORTS),
    *(Route(path, report, methods=["POST"], name=f"{kind}-report") for kind, path in _REPORTS),
]
