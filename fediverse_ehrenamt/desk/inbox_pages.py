"""The inbox of an organisation: the list of all that came in, and an enquiry in it with the steps that can be taken."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.accounts.visits import Organisation
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.conversations import rules as talking
from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.desk import actions as desk
from fediverse_ehrenamt.desk import inbox, writing
from fediverse_ehrenamt.desk import store as desk_store
from fediverse_ehrenamt.desk.inbox import Item, Listing, Wanted
from fediverse_ehrenamt.engagements import actions, pages, rules, store
from fediverse_ehrenamt.engagements.actions import Enquiry, Step
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.pages import Sheet
from fediverse_ehrenamt.federation import fetch
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound, Problem
from fediverse_ehrenamt.quotes import rules as quoting
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

INBOX = "posteingang"
SENDER, REFUSE, ACCEPT, REPORT = "absender", "ablehnen", "annehmen", "melden"
"""Parts of the paths on which senders are refused, accepted again and reported (`senders`)."""
VIEW, PAGE, DONE = "stand", "seite", "erledigt"
KIND, ABOUT = "art", "zu"
LONGEST_BODY, MOST_FIELDS = 32_768, 10
_MANY_DIGITS = 19
_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list, in the reader's language; `due` says until when there has to be an answer."""

    item: Item
    href: str
    kind: str
    state: str
    since: str
    due: str
    late: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address of the list; `about` names what is published, by its page or key, "" for all."""

    view: str
    kind: str
    about: str

    def query(self, view: str = "", page: int = 1) -> str:
        """Write it as a query, for another view or page."""
        only = {name: value for name, value in ((KIND, self.kind), (ABOUT, self.about)) if value}
        return urlencode({VIEW: view or self.view} | only | ({PAGE: page} if page > 1 else {}))


@dataclass(frozen=True, slots=True)
class Narrowed:
    """To what the list is narrowed, by its title; `erased` enquiries about it are counted and no longer shown."""

    title: str
    erased: int


def home(organisation: Organisation) -> str:
    """Return the path of an organisation's inbox."""
    return f"{writing.PATH}/{organisation.handle}/{INBOX}"


def narrowed(base: str, kind: str, about: str) -> str:
    """Return the address of an inbox (`base`) with what came in of a kind about something published, whatever state."""
    return f"{base}?{Asked(inbox.ALL, kind, about).query()}"


def number(request: Request) -> int:
    """Return the number in a path; raises `NotFound` for what is none."""
    said: str = request.path_params["number"]
    if not (said.isascii() and said.isdecimal() and len(said) < _MANY_DIGITS):
        raise NotFound("Das gibt es hier nicht (mehr).")
    return int(said)


def page_number(said: str) -> int:
    """Return the page that an address asks for, the first for what is no number."""
    return max(int(said), 1) if said.isascii() and said.isdecimal() and len(said) < _MANY_DIGITS else 1


def is_on_behalf(visitor: Visitor, organisation: Organisation) -> bool:
    """Say whether somebody acts for an organisation that they do not belong to."""
    return accounts.on_behalf(visitor.grants, organisation.uri)


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.ANSWER_ENQUIRIES)
async def show(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show a page of what came in; what is asked for and does not exist stands for what is to be done."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    asked, page = _asked(request), min(page_number(request.query_params.get(PAGE, "")), inbox.PAGES)
    found, only = await workshop.read(_found, organisation.uri, asked, page - 1)
    refused = await workshop.read(talks.refused, organisation.uri)
    if only is None:
        asked = replace(asked, kind="", about="")
    base, now = home(organisation), workshop.now()
    return rendering.page(
        request,
        "desk/inbox.html",
        organisation=organisation,
        back=f"{writing.PATH}/{organisation.handle}",
        on_behalf=is_on_behalf(visitor, organisation),
        lines=[_line(item, base, now, words) for item in found.items],
        views=[
            (words.gettext(label), f"{base}?{asked.query(name)}", name == asked.view)
            for name, label in inbox.VIEWS.items()
        ],
        view=asked.view,
        only=_only(asked.kind, only.title, words) if only else "",
        erased=only.erased if only else 0,
        everything=f"{base}?{Asked(asked.view, '', '').query()}",
        newer=f"{base}?{asked.query(page=page - 1)}" if page > 1 else "",
        older=f"{base}?{asked.query(page=page + 1)}" if found.more and page < inbox.PAGES else "",
        refused=[(one, words.long_day(one.since)) for one in refused],
        accept=f"{base}/{SENDER}/{ACCEPT}",
        notice=_notice(request.query_params.get(DONE, ""), words),
    )


def _notice(done: str, words: Language) -> str:
    return {
        "geloescht": words.gettext("Der Nachrichtenwechsel ist gelöscht."),
        REFUSE: words.gettext("Von diesem Absender kommt bei Ihnen nichts mehr an. Unten nehmen Sie das zurück."),
        ACCEPT: words.gettext("Was dieser Absender schreibt, kommt bei Ihnen wieder an."),
        REPORT: words.gettext("Gemeldet. Die Koordination sieht es sich an."),
    }.get(done, "")


def _asked(request: Request) -> Asked:
    said = request.query_params
    view, kind = said.get(VIEW, ""), said.get(KIND, "")
    return Asked(
        view if view in inbox.VIEWS else inbox.WAITING,
        kind if kind in inbox.KINDS else "",
        said.get(ABOUT, ""),
    )


def _found(work: Work, organisation: str, asked: Asked, page: int) -> tuple[Listing, Narrowed | None]:
    """Return what is listed, and to what that is narrowed: to nothing where it is no longer published."""
    try:
        title = desk.named(work, organisation, asked.about)
    except NotFound:
        return inbox.listing(work, organisation, Wanted(asked.view), page), None
    about = desk_store.uris_of(work, organisation, asked.about)
    found = inbox.listing(work, organisation, Wanted(asked.view, asked.kind, about), page)
    counts = asked.kind in {"", inbox.ENQUIRY}
    return found, Narrowed(title, inbox.count_erased(work, organisation, about) if counts else 0)


def _only(kind: str, title: str, words: Language) -> str:
    said = {
        inbox.ENQUIRY: words.gettext("Nur Anfragen zu „%(title)s“"),
        inbox.MESSAGE: words.gettext("Nur Nachrichten zu „%(title)s“"),
        inbox.REPLY: words.gettext("Nur öffentliche Antworten zu „%(title)s“"),
        inbox.QUOTE: words.gettext("Nur Zitate von „%(title)s“"),
    }
    return said.get(kind, words.gettext("Nur, was zu „%(title)s“ gekommen ist")) % {"title": title}


def _line(item: Item, base: str, now: datetime, words: Language) -> Line:
    kinds = {
        inbox.ENQUIRY: words.gettext("Anfrage"),
        inbox.MESSAGE: words.gettext("Nachricht"),
        inbox.REPLY: words.gettext("Öffentliche Antwort"),
        inbox.QUOTE: words.gettext("Zitat"),
        inbox.COLLECTION: words.gettext("Sammlung"),
    }
    return Line(
        item=item,
        href=f"{base}/{item.kind}/{item.id}",
        kind=kinds[item.kind],
        state=words.gettext(rules.STATES[item.state]) if item.kind == inbox.ENQUIRY else _talking(item.state, words),
        since=words.ago(item.since, now),
        due=due_words(item.due_at, now, words) if item.due_at else "",
        late=item.due_at is not None and item.due_at < now,
    )


def _talking(state: str, words: Language) -> str:
    return {
        talking.NEW: words.gettext("neu"),
        talking.SEEN: words.gettext("gelesen"),
        talking.DONE: words.gettext("erledigt"),
        talking.WAITING: words.gettext("wartet auf Freigabe"),
        talking.SHOWN: words.gettext("wird gezeigt"),
        talking.HIDDEN: words.gettext("verborgen"),
        quoting.ALLOWED: words.gettext("erlaubt"),
        quoting.UNASKED: words.gettext("ohne Nachfrage"),
        quoting.REVOKED: words.gettext("nicht mehr erlaubt"),
    }[state]


def due_words(due_at: datetime, now: datetime, words: Language) -> str:
    """Say until when there has to be an answer, or for how long it is late: "seit 2 Tagen überfällig"."""
    day = clock.day(due_at)
    ahead = (day - clock.day(now)).days
    if ahead < 0:
        late = {"number": words.number(-ahead)}
        return words.ngettext("seit %(number)s Tag überfällig", "seit %(number)s Tagen überfällig", -ahead) % late
    if ahead == 0:
        today = words.gettext("bitte heute antworten")
        return words.gettext("seit heute überfällig") if due_at < now else today
    until = words.weekdays()[day.weekday()][0] if ahead < _A_WEEK else words.long_day(due_at)
    return words.gettext("bitte bis %(day)s antworten") % {"day": until}


# --- an enquiry -------------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.ANSWER_ENQUIRIES)
async def show_enquiry(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show an enquiry; who works for the organisation has thereby read it, a coordinator only looks."""
    workshop: Workshop = request.app.state.workshop
    enquiry_id = number(request)
    found, unread = await workshop.read(_look, organisation.uri, enquiry_id)
    if unread and not is_on_behalf(visitor, organisation) and is_looking(request):
        found = await workshop.write(_read, organisation.uri, enquiry_id)
    shown = _sheet(request, visitor, organisation, Sheet("", "", notice=request.query_params.get(DONE, "")))
    return pages.sheet(request, found, shown)


def is_looking(request: Request) -> bool:
    """Say whether somebody sees the page: a browser may fetch what it guesses will be opened next."""
    return request.method == "GET" and not request.headers.get("sec-purpose", "").startswith("prefetch")


@visits.needs_for_organisation(Permission.ANSWER_ENQUIRIES)
async def act_enquiry(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Take a step; what no longer fits is said, with what was typed."""
    typed = dict(reversed(await forms.posted(request, LONGEST_BODY, MOST_FIELDS)))  # the first of each counts
    workshop: Workshop = request.app.state.workshop
    enquiry_id = number(request)
    side = rules.COORDINATOR if is_on_behalf(visitor, organisation) else rules.ORGANISATION
    found, _ = await workshop.read(_look, organisation.uri, enquiry_id)
    if found.person.account:  # where their inbox is may have been forgotten
        await fetch.ensure_actor(workshop, found.person.account)
    try:
        step = pages.step_of(side, typed)
        await workshop.write(_take, organisation.uri, enquiry_id, step, visits.by(visitor, organisation.uri))
    except (Invalid, Conflict) as error:
        problems = error.problems if isinstance(error, Invalid) else (Problem("", error.public),)
        found, _ = await workshop.read(_look, organisation.uri, enquiry_id)
        wrong = Sheet("", "", typed, tuple(problems), status=HTTPStatus(error.status))
        return pages.sheet(request, found, _sheet(request, visitor, organisation, wrong))
    return RedirectResponse(f"{request.url.path}?{urlencode({DONE: step.step})}", HTTPStatus.SEE_OTHER)


def _sheet(request: Request, visitor: Visitor, organisation: Organisation, shown: Sheet) -> Sheet:
    behalf = is_on_behalf(visitor, organisation)
    return Sheet(
        rules.COORDINATOR if behalf else rules.ORGANISATION,
        request.url.path,
        shown.typed,
        shown.problems,
        shown.notice,
        shown.status,
        "desk/enquiry.html",
        {"back": home(organisation), "on_behalf": behalf, "organisation": organisation, "here": request.url.path},
    )


def _get(work: Work, organisation: str, enquiry_id: int, *, changes: bool = False) -> EnquiryRow:
    row = store.get(work, enquiry_id, changes=changes)
    if row.organisation != organisation:
        raise NotFound("Das gibt es hier nicht (mehr).")
    return row


def _look(work: Work, organisation: str, enquiry_id: int) -> tuple[Enquiry, bool]:
    """Return an enquiry, and whether there is something in it that nobody has read."""
    row = _get(work, organisation, enquiry_id)
    return actions.look(work, row), row.state == rules.NEW or inbox.is_news(work, row)


def _read(work: Work, organisation: str, enquiry_id: int) -> Enquiry:
    row = _get(work, organisation, enquiry_id, changes=True)
    inbox.see(work, row)
    if row.state == rules.NEW and not row.erased:
        actions.take(work, row, Step(rules.ORGANISATION, rules.ACKNOWLEDGE))
    return actions.look(work, row)


def _take(work: Work, organisation: str, enquiry_id: int, step: Step, by: By) -> None:
    row = _get(work, organisation, enquiry_id, changes=True)
    if actions.take(work, row, step):
        inbox.see(work, row)
        audit.note(work, by, Did.ENQUIRY_ANSWERED, About(row.title, row.about, row.organisation), step.step)


_BASE = f"{writing.PATH}/{{handle}}/{INBOX}"
_ENQUIRY = f"{_BASE}/{inbox.ENQUIRY}/{{number}}"
ROUTES: list[BaseRoute] = [
    Route(_BASE, show, name="desk-inbox"),
    Route(_ENQUIRY, show_enquiry, name="desk-enquiry"),
    Route(_ENQUIRY, act_enquiry, methods=["POST"], name="desk-enquiry-act"),
]
