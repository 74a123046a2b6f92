"""Unanswered enquiries of all organisations: how late they are, whom to remind, where to act in somebody's place.

Who asked is read where one acts on behalf, which is noted; here stand only their name and what it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import inbox, inbox_pages, writing
from fediverse_ehrenamt.engagements import actions, rules, store
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

LISTED: Final = 25
_PAGES: Final = 200
_VIEW, _PAGE, _DONE = "stand", "seite", "erledigt"
OVERDUE, WAITING, UNREACHED = "ueberfaellig", "unbeantwortet", "ohne-adresse"
VIEWS: Final[Mapping[str, str]] = MappingProxyType(
    {OVERDUE: "Lange überfällig", WAITING: "Alle unbeantworteten", UNREACHED: "An Organisationen ohne Mailadresse"}
)
_LONGEST_BODY, _MOST_FIELDS = 1_024, 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """An enquiry that waits: its number, who asks and about what; whom, with the handle and mail address ("" for none).

    `reminded_at` is when the organisation was last written to about it.
    """

    id: int
    who: str
    title: str
    organisation: str
    handle: str
    mail: str
    asked_at: datetime
    due_at: datetime
    reminded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One enquiry in the list, in the reader's language; `reminded` is "" where nobody was reminded yet."""

    waiting: Waiting
    href: str
    due: str
    late: bool
    since: str
    reminded: str
    may_remind: bool


@visits.needs(Permission.FOLLOW_UP_ENQUIRIES)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show what waits; what is asked for and does not exist stands for what is long overdue."""
    return await _page(request, visitor)


async def _page(request: Request, visitor: Visitor, problem: str = "") -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    asked = request.query_params
    view = asked.get(_VIEW, "") if asked.get(_VIEW, "") in VIEWS else OVERDUE
    page = min(inbox_pages.page_number(asked.get(_PAGE, "")), _PAGES)
    found = await workshop.read(_find, view, page - 1)
    return menu.page(
        request,
        visitor,
        "admin/enquiries.html",
        HTTPStatus.CONFLICT if problem else HTTPStatus.OK,
        lines=[_line(one, workshop.now(), words) for one in found[:LISTED]],
        views=[(words.gettext(label), _href(name), name == view) for name, label in VIEWS.items()],
        view=view,
        newer=_href(view, page - 1) if page > 1 else "",
        older=_href(view, page + 1) if len(found) > LISTED and page < _PAGES else "",
        enter=menu.ENTER,
        entered=menu.ENTERED,
        remind_action=menu.ENQUIRIES,
        notice=words.gettext("Die Organisation ist erinnert.") if asked.get(_DONE) == "erinnert" else "",
        problem=words.gettext(problem),
        after_days=rules.OVERDUE_AFTER.days,
    )


def _href(view: str, page: int = 1) -> str:
    return f"{menu.ENQUIRIES}?{urlencode({_VIEW: view} | ({_PAGE: page} if page > 1 else {}))}"


def _find(work: Work, view: str, page: int) -> list[Waiting]:
    which = {OVERDUE: [store.is_overdue(work)], UNREACHED: [store.is_unreached()]}
    rows = store.waiting(work, *which.get(view, []), start=page * LISTED, limit=LISTED + 1)
    return [_waiting(work, row) for row in rows]


def _waiting(work: Work, row: EnquiryRow) -> Waiting:
    actor = work.db.get(LocalActorRow, row.organisation)
    assert row.confirmed_at is not None, "it waits"
    assert row.due_at is not None, "it waits"
    return Waiting(
        id=row.id,
        who=store.person(work, row).name,
        title=row.title,
        organisation=actor.name if actor else "",
        handle=actor.handle if actor else "",
        mail=organisations.mail_of(work, row.organisation),
        asked_at=row.confirmed_at,
        due_at=row.due_at,
        reminded_at=row.reminded_at,
    )


def _line(one: Waiting, now: datetime, words: Language) -> Line:
    return Line(
        waiting=one,
        href=f"{writing.PATH}/{one.handle}/{inbox_pages.INBOX}/{inbox.ENQUIRY}/{one.id}",
        due=inbox_pages.due_words(one.due_at, now, words),
        late=one.due_at < now,
        since=words.ago(one.asked_at, now),
        reminded=words.ago(one.reminded_at, now) if one.reminded_at else "",
        may_remind=bool(one.mail) and (one.reminded_at is None or one.reminded_at + rules.DAY <= now),
    )


@visits.needs(Permission.FOLLOW_UP_ENQUIRIES)
async def remind(request: Request, visitor: Visitor) -> Response:
    """Write to the organisation, at most once a day."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    try:
        await workshop.write(_remind, inbox_pages.number(request), visits.by(visitor))
    except Conflict as error:
        return await _page(request, visitor, error.public)
    view = request.query_params.get(_VIEW, OVERDUE)
    return RedirectResponse(f"{menu.ENQUIRIES}?{urlencode({_VIEW: view, _DONE: 'erinnert'})}", HTTPStatus.SEE_OTHER)


def _remind(work: Work, number: int, by: By) -> None:
    row = store.get(work, number, changes=True)
    actions.remind(work, row)
    audit.note(work, by, Did.REMINDED, About(row.title, row.about, row.organisation))


ROUTES: list[BaseRoute] = [
    Route(menu.ENQUIRIES, show, name="admin-enquiries"),
    Route(f"{menu.ENQUIRIES}/{{number}}/erinnern", remind, methods=["POST"], name="admin-enquiry-remind"),
]
