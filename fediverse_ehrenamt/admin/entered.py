"""The enquiries that coordinators entered for people without e-mail: found again when they call, with their state."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import entering, menu
from fediverse_ehrenamt.desk import inbox, inbox_pages, writing
from fediverse_ehrenamt.engagements import rules, store
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.web import answers, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

_WORDS = "q"
_LONGEST_WORDS = 100


@dataclass(frozen=True, slots=True)
class _Entered:
    """An enquiry with who asks and of whom; `handle` is the organisation's."""

    row: EnquiryRow
    person: rules.Person
    organisation: str
    handle: str


@dataclass(frozen=True, slots=True)
class _Line:
    """One of them in the list, in the reader's language."""

    who: str
    title: str
    organisation: str
    contact: str
    state: str
    asked: str
    changed: str
    sheet: str
    inbox: str


@visits.needs(Permission.FOLLOW_UP_ENQUIRIES)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show what was entered, the newest first; names and numbers are looked through, since they are kept sealed."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    sought = html.visible(request.query_params.get(_WORDS, "")).strip()[:_LONGEST_WORDS]
    found, bounded = await workshop.read(_find, sought)
    page = menu.page(
        request,
        visitor,
        "admin/entered.html",
        lines=[_line(one, words) for one in found],
        sought=sought,
        longest=_LONGEST_WORDS,
        most=store.LISTED if bounded else 0,
        back=menu.ENQUIRIES,
        enter=menu.ENTER,
    )
    page.headers.update(answers.PRIVATE)
    return page


def _find(work: Work, sought: str) -> tuple[Sequence[_Entered], bool]:
    """Return what is sought, and whether there may be older ones that were not looked at."""
    every = [_entered(work, row) for row in store.entered(work)]
    found = [one for one in every if all(part in _text(one) for part in sought.casefold().split())]
    return found, len(every) == store.LISTED


def _entered(work: Work, row: EnquiryRow) -> _Entered:
    actor = actors.by_uri(work, row.organisation)
    return _Entered(row, store.person(work, row), html.visible(actor.name), actor.handle)


def _text(one: _Entered) -> str:
    """Return all by which an enquiry is found; a number also without its spaces."""
    said = one.person.name, one.person.phone, one.person.phone.replace(" ", ""), one.person.reach, one.row.title
    return " ".join((*said, one.organisation)).casefold()


def _line(one: _Entered, words: Language) -> _Line:
    row = one.row
    return _Line(
        who=one.person.name,
        title=row.title,
        organisation=one.organisation,
        contact=" · ".join(said for said in (one.person.phone, one.person.mail, one.person.reach) if said),
        state=words.gettext(rules.STATES[row.state]),
        asked=words.long_day(row.asked_at),
        changed=words.long_day(row.changed_at),
        sheet=f"{menu.ENQUIRIES}/{row.id}/{entering.SHEET}",
        inbox=f"{writing.PATH}/{one.handle}/{inbox_pages.INBOX}/{inbox.ENQUIRY}/{row.id}",
    )


ROUTES: list[BaseRoute] = [Route(menu.ENTERED, show, name="admin-enquiries-entered")]
