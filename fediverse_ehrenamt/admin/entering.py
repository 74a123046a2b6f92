"""An enquiry that a coordinator enters for somebody who has no e-mail: choose the offer, write, print their sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import inbox_pages
from fediverse_ehrenamt.discover import questions, readers, view
from fediverse_ehrenamt.engagements import actions, asking, rules, store, wire
from fediverse_ehrenamt.engagements.actions import Enquiry
from fediverse_ehrenamt.engagements.asking import Offer
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.kit import html, ids, mailbox, qr
from fediverse_ehrenamt.kit.errors import Conflict, Gone, Invalid, NotFound, Problem, TooMany
from fediverse_ehrenamt.matching import week
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web import answers, forms, i18n, rendering
from fediverse_ehrenamt.web.forms import Fields
from fediverse_ehrenamt.work import Work, Workshop

_OFFER, _WORDS, _CONSENT = "angebot", "q", "einwilligung"
_TEXTS: Final = ("name", "telefon", "mail", "erreichbar", "text")
_LONGEST_BODY, _MOST_FIELDS = 32_768, 60
_LONGEST_SEARCH: Final = 200  # characters
SHEET: Final = "blatt"
_MODULE, _QUIET = 5, 2  # pixels of a module, modules of white around


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands in the form: texts by field, the chosen cells, the consent, and the opaque name of this form."""

    texts: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    consent: bool = False
    form: str = ""

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")


@visits.needs(Permission.FOLLOW_UP_ENQUIRIES)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show the search for the offer, or once it is chosen the form."""
    page = request.query_params.get(_OFFER, "")
    if page:
        try:
            return await _form(request, visitor, page, _Typed(form=ids.new_id()))
        except (NotFound, Gone, Conflict) as error:
            return await _choose(request, visitor, error.public)
    return await _choose(request, visitor)


async def _choose(request: Request, visitor: Visitor, problem: str = "") -> Response:
    words = rendering.language_of(request)
    said = html.visible(request.query_params.get(_WORDS, "")).strip()[:_LONGEST_SEARCH]
    if named := _page_of(request, said):
        return RedirectResponse(f"{menu.ENTER}?{urlencode({_OFFER: named})}", HTTPStatus.SEE_OTHER)
    found = await _search(request, said) if said else ()
    reader = await readers.of(request)
    return menu.page(
        request,
        visitor,
        "admin/enquiry_offer.html",
        back=menu.ENQUIRIES,
        action=menu.ENTER,
        said=said,
        problem=words.gettext(problem),
        offers=[(view.card(one, reader), f"{menu.ENTER}?{urlencode({_OFFER: one.id})}") for one in found],
    )


def _page_of(request: Request, said: str) -> str:
    """Return the id in an address of a page of ours, "" for what is none."""
    workshop: Workshop = request.app.state.workshop
    path = said.removeprefix(workshop.settings.url)
    ours = path.startswith(tuple(f"{view.PATHS[kind]}/" for kind in (OPPORTUNITY, EVENT)))
    return view.page_id(urlsplit(path).path.split("/")[2]) if ours else ""


async def _search(request: Request, said: str) -> Sequence[Document]:
    """Return the first open offers and events of this instance that have the words."""
    workshop: Workshop = request.app.state.workshop
    index: Index = request.app.state.index
    host = ids.host(workshop.settings.url)
    query = Query(text=said, kinds=(OPPORTUNITY, EVENT), chosen=(("quelle", host),), literal=True)
    found = await run_in_threadpool(index.find, query, workshop.now())
    return [hit.document for hit in found.hits if hit.document.local and not hit.document.status]


@visits.needs(Permission.FOLLOW_UP_ENQUIRIES)
async def enter(request: Request, visitor: Visitor) -> Response:
    """Note the enquiry, or say beside the field what is wrong."""
    fields = await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    page, typed = dict(fields).get(_OFFER, ""), _read(fields)
    workshop: Workshop = request.app.state.workshop
    try:
        number = await workshop.write(_enter, page, typed, visits.by(visitor))
    except Invalid as invalid:
        return await _form(request, visitor, page, typed, invalid.problems)
    except TooMany as many:
        return await _form(request, visitor, page, typed, [Problem("name", many.public)])
    except (NotFound, Gone, Conflict) as error:
        return await _choose(request, visitor, error.public)
    return RedirectResponse(f"{menu.ENQUIRIES}/{number}/{SHEET}", HTTPStatus.SEE_OTHER)


def _read(fields: Fields) -> _Typed:
    texts = {name: html.visible(value).replace("\r\n", "\n").strip() for name, value in reversed(fields)}
    cells = week.cells(week.mask(value for name, value in fields if name == "zeit"))
    made = texts.get("formular", "")
    said = {name: texts.get(name, "") for name in _TEXTS}
    return _Typed(said, cells, bool(texts.get(_CONSENT)), made if ids.made_at(made) else "")


def _enter(work: Work, page: str, typed: _Typed, by: By) -> int:
    """Enter it once and note who did; return its number."""
    mail = mailbox.read(typed["mail"]) or typed["mail"]
    person = Person(
        name=typed["name"],
        mail=mail,
        phone=typed["telefon"],
        text=typed["text"],
        cells=typed.cells,
        reach=typed["erreichbar"],
    )
    found = rules.problems(person, rules.COORDINATOR_WAY)
    if not typed.consent:
        found += [
            Problem(
                _CONSENT, "Ohne das Einverständnis der Person darf nichts eingetragen werden. Bitte fragen Sie sie."
            )
        ]
    if found:
        raise Invalid(found)
    newest = store.newest(work)
    row = asking.enter(work, view.page_id(page), person, i18n.DEFAULT, typed.form)
    if row.id > newest:  # the same form sent again is the same enquiry
        audit.note(work, by, Did.ENQUIRY_ENTERED, About(row.title, row.about, row.organisation))
    return row.id


async def _form(
    request: Request, visitor: Visitor, page: str, typed: _Typed, found: Sequence[Problem] = ()
) -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    offer: Offer = await workshop.read(asking.offered, view.page_id(page))
    wrong = forms.told(found, words)
    return menu.page(
        request,
        visitor,
        "admin/enquiry_form.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if found else HTTPStatus.OK,
        back=menu.ENTER,
        action=menu.ENTER,
        offer=offer,
        page=page,
        typed=typed,
        problems={name: wrong[name] for name in (*_TEXTS, _CONSENT) if name in wrong},
        days=questions.rows(words),
        parts=questions.columns(words),
        longest=rules.TEXT,
        longest_note=rules.NOTE,
        closed_days=rules.CLOSED_LASTS.days,
    )


# --- the person's sheet -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the person takes home: their enquiry and their private link."""

    enquiry: Enquiry
    link: str


@visits.needs(Permission.FOLLOW_UP_ENQUIRIES)
async def sheet(request: Request, visitor: Visitor) -> Response:
    """Show the sheet with the private link, to be printed; only of what a coordinator has entered."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    found = await workshop.read(_sheet, inbox_pages.number(request))
    enquiry = found.enquiry
    page = menu.page(
        request,
        visitor,
        "admin/enquiry_sheet.html",
        back=menu.ENTERED,
        state=words.gettext(rules.STATES[enquiry.state]),
        enquiry=enquiry,
        link=found.link,
        code=_code(found.link),
        due=words.long_day(enquiry.due_at) if enquiry.due_at else "",
        asked=words.long_day(enquiry.asked_at),
        contact=[(label, value) for label, value in wire.contact(enquiry.person, words) if value],
        closed_days=rules.CLOSED_LASTS.days,
    )
    page.headers.update(answers.PRIVATE)
    return page


def _sheet(work: Work, number: int) -> _Sheet:
    row = store.get(work, number)
    if row.way != rules.COORDINATOR_WAY or row.erased:
        raise NotFound("Das gibt es hier nicht (mehr).")
    return _Sheet(actions.look(work, row), wire.enquiry_link(work.settings, row, rules.PERSON, work.now))


def _code(link: str) -> str:
    """Draw a link as a QR code that stands in the page itself: no other address has it."""
    return qr.svg(link, light="#fff", xmldecl=False, svgns=False, border=_QUIET, scale=_MODULE).decode()


ROUTES: list[BaseRoute] = [
    Route(menu.ENTER, show, name="admin-enquiry-new"),
    Route(menu.ENTER, enter, methods=["POST"], name="admin-enquiry-enter"),
    Route(f"{menu.ENQUIRIES}/{{number}}/{SHEET}", sheet, name="admin-enquiry-sheet"),
]
