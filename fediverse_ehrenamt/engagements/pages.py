"""The pages of enquiries: the form at an offer, and the private page of each side. Nobody needs an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import questions, view
from fediverse_ehrenamt.engagements import actions, asking, rules, wire
from fediverse_ehrenamt.engagements.actions import Enquiry, Step
from fediverse_ehrenamt.engagements.asking import Offer
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.engagements.store import Entry
from fediverse_ehrenamt.federation import fetch
from fediverse_ehrenamt.kit import html, ids, mailbox
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone, Invalid, Problem, TooMany
from fediverse_ehrenamt.matching import week
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY
from fediverse_ehrenamt.web import answers, forms, rendering, throttle
from fediverse_ehrenamt.web.answers import Answer
from fediverse_ehrenamt.web.forms import Fields
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

FORM, SENT = "anfrage", "anfrage/gesendet"
CONFIRM = "bestaetigen"
"""A step of the person beside those of `rules`."""

_LONGEST_BODY, _MOST_FIELDS = 32_768, 60
_TRAP = "webseite"  # no person sees this field; programs fill it in
_TEXT_FIELDS = ("name", "mail", "telefon", "text")


# --- the form at an offer ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands in the form: texts by field, the chosen cells, and the opaque name of this form."""

    texts: Mapping[str, str] = field(default_factory=dict)
    typed: tuple[str, ...] = ()
    form: str = ""

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")


async def form(request: Request) -> Response:
    """Ask who wants to help; what is not ours or not open any more is told at its own page."""
    offer = await _offered(request)
    return _form(request, offer, _Typed(form=ids.new_id())) if offer else _to_offer(request)


async def send(request: Request) -> Response:
    """Take an enquiry, or say beside the field what is wrong."""
    fields = await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    offer = await _offered(request)
    if offer is None:
        return _to_offer(request)
    if any(value for name, value in fields if name == _TRAP):
        return RedirectResponse(f"{offer.path}/{SENT}", HTTPStatus.SEE_OTHER)
    typed = _typed(fields)
    workshop: Workshop = request.app.state.workshop
    try:
        throttle.check(request, FORM, rules.ASKED_OF_CLIENT, asking.CROWDED)
        row = await workshop.write(_ask, request.path_params["page"], typed, rendering.language_of(request).code)
    except Invalid as invalid:
        return _form(request, offer, typed, invalid.problems)
    except TooMany as many:
        return _form(request, offer, typed, [Problem("name", many.public)], HTTPStatus.TOO_MANY_REQUESTS)
    if row.confirmed_at is None:
        return RedirectResponse(f"{offer.path}/{SENT}", HTTPStatus.SEE_OTHER)
    link = wire.enquiry_link(workshop.settings, row, rules.PERSON, workshop.now())
    return _private(RedirectResponse(link.removeprefix(workshop.settings.url), HTTPStatus.SEE_OTHER))


def _ask(work: Work, page: str, typed: _Typed, language: str) -> EnquiryRow:
    mail = mailbox.read(typed["mail"]) or typed["mail"]
    cells = week.cells(week.mask(typed.typed))
    person = Person(name=typed["name"], mail=mail, phone=typed["telefon"], text=typed["text"], cells=cells)
    return asking.ask(work, view.page_id(page), person, typed.form, language)


async def sent(request: Request) -> Response:
    """Say that a letter is under way, without saying to whom."""
    offer = await _offered(request)
    if offer is None:
        return _to_offer(request)
    words = rendering.language_of(request)
    sentence = words.gettext(
        "Wir haben Ihnen eine E-Mail geschickt. Bitte klicken Sie den Link darin an und bestätigen Sie: Erst dann "
        "bekommt die Organisation Ihre Anfrage. Kommt nichts an, sehen Sie bitte im Spam-Ordner nach."
    )
    answer = Answer(words.gettext("Fast geschafft: Bitte sehen Sie in Ihr Postfach"), sentence, offer, good=True)
    return answers.page(request, "engagements/answer.html", answer)


async def _offered(request: Request) -> Offer | None:
    workshop: Workshop = request.app.state.workshop
    try:
        return await workshop.read(asking.offered, view.page_id(request.path_params["page"]))
    except Conflict:
        return None


def _to_offer(request: Request) -> Response:
    return RedirectResponse(request.url.path.partition(f"/{FORM}")[0], HTTPStatus.SEE_OTHER)


def _typed(fields: Fields) -> _Typed:
    texts = {name: html.visible(value).replace("\r\n", "\n").strip() for name, value in reversed(fields)}
    chosen = tuple(value for name, value in fields if name == "zeit")
    made = texts.get("formular", "")
    return _Typed({name: texts.get(name, "") for name in _TEXT_FIELDS}, chosen, made if ids.made_at(made) else "")


def _form(
    request: Request,
    offer: Offer,
    typed: _Typed,
    found: list[Problem] | tuple[Problem, ...] = (),
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    words = rendering.language_of(request)
    page = rendering.page(
        request,
        "engagements/form.html",
        status if found else HTTPStatus.OK,
        offer=offer,
        action=f"{offer.path}/{FORM}",
        heading=words.gettext("Ich möchte helfen") if offer.helps else words.gettext("Anmelden oder nachfragen"),
        promise=_promise(words, offer),
        typed=typed,
        problems=forms.told(found, words),
        days=questions.rows(words),
        parts=questions.columns(words),
        trap=_TRAP,
        longest=rules.TEXT,
        closed_days=rules.CLOSED_LASTS.days,
        untouched_days=rules.UNTOUCHED_LASTS.days,
    )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        page.headers["Retry-After"] = str(int(rules.DAY.total_seconds()))
    return _private(page)


def _private(response: Response) -> Response:
    response.headers.update(answers.PRIVATE)
    return response


# --- the private page of either side ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sheet:
    """What one side's page shows beside the enquiry: where its forms go, what was typed, wrong or done.

    `template` extends that of the private page and may be given `more`.
    """

    side: str
    action: str
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notice: str = ""
    status: HTTPStatus = HTTPStatus.OK
    template: str = "engagements/enquiry.html"
    more: Mapping[str, object] = field(default_factory=dict)


async def show_person(request: Request) -> Response:
    """Show somebody what became of their enquiry."""
    return await _show(request, rules.PERSON)


async def act_person(request: Request) -> Response:
    """Confirm, write or withdraw."""
    return await _act(request, rules.PERSON)


async def show_organisation(request: Request) -> Response:
    """Show the organisation an enquiry."""
    return await _show(request, rules.ORGANISATION)


async def act_organisation(request: Request) -> Response:
    """Take a step of the organisation."""
    return await _act(request, rules.ORGANISATION)


async def _show(request: Request, side: str) -> Response:
    workshop: Workshop = request.app.state.workshop
    try:
        found = await workshop.read(actions.look_by_link, side, *link_of(request))
    except (Forbidden, Gone) as error:
        return refused(request, error)
    return sheet(request, found, Sheet(side, request.url.path, notice=request.query_params.get("erledigt", "")))


async def _act(request: Request, side: str) -> Response:
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))  # the first of each counts
    workshop: Workshop = request.app.state.workshop
    link = link_of(request)
    path = request.url.path
    try:
        account = await workshop.read(actions.account, side, *link)
        if account and side != rules.PERSON:  # where their inbox is may have been forgotten
            await fetch.ensure_actor(workshop, account)
        done = await workshop.write(_do, side, link, typed)
    except (Forbidden, Gone) as error:
        return refused(request, error)
    except (Invalid, Conflict) as error:
        problems = error.problems if isinstance(error, Invalid) else (Problem("", error.public),)
        found = await workshop.read(actions.look_by_link, side, *link)
        return sheet(request, found, Sheet(side, path, typed, problems, status=HTTPStatus(error.status)))
    return _private(RedirectResponse(f"{path}?erledigt={done}", HTTPStatus.SEE_OTHER))


def _do(work: Work, side: str, link: tuple[str, str], typed: Mapping[str, str]) -> str:
    """Take the step that was asked for; return it."""
    row = actions.admit(work, side, *link, changes=True)
    wanted = typed.get("schritt", "")
    if side == rules.PERSON and wanted == CONFIRM:
        actions.confirm(work, row)
    else:
        actions.take(work, row, step_of(side, typed))
    return wanted


def step_of(writer: str, typed: Mapping[str, str]) -> Step:
    """Return the step that a form asks for; raises `Invalid` for one that `writer` cannot take."""
    wanted = typed.get("schritt", "")
    if wanted not in rules.STEPS[writer]:
        raise Invalid([Problem("schritt", "Bitte wählen Sie, was geschehen soll.")])
    text = html.visible(typed.get("text", "")).replace("\r\n", "\n")
    return Step(writer, wanted, text, typed.get("grund", ""), typed.get("formular", ""))


def link_of(request: Request) -> tuple[str, str]:
    """Return the code of an enquiry and the token of a side, as a private link names them."""
    return request.path_params["code"], request.path_params["token"]


def refused(request: Request, error: Forbidden | Gone) -> Response:
    """Say why a private link leads nowhere."""
    words = rendering.language_of(request)
    advice = words.gettext("Bitte öffnen Sie ihn noch einmal aus der E-Mail; er steht dort in einer Zeile.")
    sentence = advice if isinstance(error, Forbidden) else ""
    answer = Answer(words.gettext(error.public).rstrip("."), sentence, status=HTTPStatus(error.status))
    return answers.page(request, "engagements/answer.html", answer)


def sheet(request: Request, enquiry: Enquiry, shown: Sheet) -> Response:
    """Return the page of an enquiry for one side; whoever calls this has decided that they may see it."""
    words = rendering.language_of(request)
    page = rendering.page(
        request,
        shown.template,
        shown.status,
        **shown.more,
        enquiry=enquiry,
        sheet=shown,
        heading=_heading(words, enquiry, shown.side),
        may={step for step in rules.STEPS[shown.side] if not enquiry.erased and rules.may(enquiry.state, step)},
        state=words.gettext(rules.STATES[enquiry.state]),
        standing=_standing(words, enquiry, shown.side),
        contact=[(label, value) for label, value in wire.contact(enquiry.person, words) if value],
        talk=[_line(words, enquiry, one, shown.side) for one in enquiry.entries],
        asked=words.long_day(enquiry.asked_at),
        notice=_notice(words, shown.notice),
        problems=[words.gettext(one.message) for one in shown.problems],
        failed=shown.typed.get("schritt", "") if shown.problems else "",
        reasons=rules.REASONS,
        longest=rules.TEXT,
        form=ids.new_id(),
        decline_text=_decline_text(words, enquiry),
        closed_days=rules.CLOSED_LASTS.days,
        untouched_days=rules.UNTOUCHED_LASTS.days,
    )
    return _private(page)


# --- words ------------------------------------------------------------------------------------------------------------
def _promise(words: Language, offer: Offer) -> str:
    """Say how soon there will be an answer, by what was measured before what was promised."""
    if offer.usual is not None:
        return view.answering(offer.usual, words)
    if offer.promised is not None:
        days = {"number": words.number(offer.promised)}
        return (
            words.ngettext(
                "Versprochen ist eine Antwort innerhalb von %(number)s Tag.",
                "Versprochen ist eine Antwort innerhalb von %(number)s Tagen.",
                offer.promised,
            )
            % days
        )
    return words.gettext("Wenn nach %(number)s Tagen keine Antwort da ist, erinnern wir die Organisation.") % {
        "number": words.number(rules.USUAL_PROMISE)
    }


def _heading(words: Language, enquiry: Enquiry, side: str) -> str:
    if side == rules.PERSON:
        return words.gettext("Ihre Anfrage")
    name = enquiry.person.name
    return words.gettext("Anfrage von %(name)s") % {"name": name} if name else words.gettext("Eine Anfrage")


def _standing(words: Language, enquiry: Enquiry, side: str) -> str:
    """Say what the state means for whoever looks."""
    t = words.gettext
    if enquiry.state == rules.CLOSED and enquiry.reason:
        return t(rules.REASONS[enquiry.reason])
    day = words.long_day(enquiry.due_at) if enquiry.due_at else ""
    mine = {
        rules.NEW: t(
            "Die Organisation hat Ihre Anfrage. Sie sollte bis zum %(day)s antworten; sonst erinnern wir sie."
        ),
        rules.READ: t(
            "Die Organisation hat Ihre Anfrage gelesen. Sie sollte bis zum %(day)s antworten; sonst erinnern wir sie."
        ),
        rules.TALKING: t("Sie sind mit der Organisation im Gespräch."),
        rules.AGREED: t("Die Organisation freut sich auf Sie."),
        rules.DECLINED: t("Diesmal hat es leider nicht geklappt."),
        rules.WITHDRAWN: t("Sie haben die Anfrage zurückgezogen."),
    }
    theirs = {
        rules.NEW: t("Bitte antworten Sie bis zum %(day)s."),
        rules.READ: t("Bitte antworten Sie bis zum %(day)s."),
        rules.TALKING: t("Wie geht es weiter? Sagen Sie zu oder ab, sobald es feststeht."),
        rules.AGREED: t("Sie haben zugesagt."),
        rules.DECLINED: t("Sie haben abgesagt."),
        rules.WITHDRAWN: t("Die Anfrage wurde zurückgezogen. Sie müssen nichts mehr tun."),
    }
    return (mine if side == rules.PERSON else theirs).get(enquiry.state, "") % {"day": day}


@dataclass(frozen=True, slots=True)
class _Line:
    """One step in the conversation as it is shown; `mine` if whoever looks took it."""

    who: str
    did: str
    when: str
    text: str
    mine: bool


def _line(words: Language, enquiry: Enquiry, entry: Entry, side: str) -> _Line:
    t = words.gettext
    names = {
        rules.PERSON: enquiry.person.name or t("Die Person"),
        rules.ORGANISATION: enquiry.name,
        rules.COORDINATOR: t("Die Koordination für %(name)s") % {"name": enquiry.name},
    }
    did = {
        rules.ACKNOWLEDGE: (t("hat die Anfrage gelesen"), t("haben die Anfrage gelesen")),
        rules.TALK: (t("ist schon im Gespräch"), t("sind schon im Gespräch")),
        rules.AGREE: (t("hat zugesagt"), t("haben zugesagt")),
        rules.DECLINE: (t("hat abgesagt"), t("haben abgesagt")),
        rules.CLOSE: (t("hat die Anfrage abgeschlossen"), t("haben die Anfrage abgeschlossen")),
        rules.WITHDRAW: (t("hat die Anfrage zurückgezogen"), t("haben die Anfrage zurückgezogen")),
    }
    they, you = did.get(entry.step, (t("hat geschrieben"), t("haben geschrieben")))
    mine = (entry.writer == rules.PERSON) == (side == rules.PERSON)
    said_you = mine and entry.writer != rules.COORDINATOR
    who = t("Sie") if said_you else names[entry.writer]
    when = f"{words.long_day(entry.at)}, {words.clock(entry.at)}"
    return _Line(who, you if said_you else they, when, entry.text, mine)


def _notice(words: Language, done: str) -> str:
    """Say what was done just now."""
    t = words.gettext
    said = {
        CONFIRM: t("Vielen Dank! Ihre Anfrage ist jetzt bei der Organisation."),
        rules.WRITE: t("Ihre Nachricht ist bei der Organisation."),
        rules.WITHDRAW: t("Ihre Anfrage ist zurückgezogen."),
        rules.ACKNOWLEDGE: t("Die Person sieht jetzt, dass Sie die Anfrage gelesen haben."),
        rules.ANSWER: t("Ihre Antwort ist unterwegs."),
        rules.TALK: t("Gut! Wir erinnern Sie nicht mehr."),
        rules.AGREE: t("Ihre Zusage ist unterwegs."),
        rules.DECLINE: t("Ihre Absage ist unterwegs."),
        rules.CLOSE: t("Die Anfrage ist abgeschlossen."),
    }
    return said.get(done, "")


def _decline_text(words: Language, enquiry: Enquiry) -> str:
    return words.gettext(
        "Guten Tag %(name)s,\n\nvielen Dank für Ihre Anfrage! Leider können wir Ihnen diesmal "
        "nichts anbieten. Wir wünschen Ihnen, dass Sie bald etwas Passendes finden.\n\nHerzliche Grüße\n"
        "%(organisation)s"
    ) % {"name": enquiry.person.name, "organisation": enquiry.name}


PERSON, _ORGANISATION = (f"/{wire.PURPOSES[side]}/{{code}}/{{token}}" for side in (rules.PERSON, rules.ORGANISATION))
ROUTES: list[BaseRoute] = [
    *(
        Route(f"{view.PATHS[kind]}/{{page}}/{path}", endpoint, methods=[method], name=f"{kind}-{name}")
        for kind in (OPPORTUNITY, EVENT)
        for path, endpoint, method, name in (
            (FORM, form, "GET", "enquire"),
            (FORM, send, "POST", "enquire-send"),
            (SENT, sent, "GET", "enquiry-sent"),
        )
    ),
    Route(PERSON, show_person, name="enquiry-person"),
    Route(PERSON, act_person, methods=["POST"], name="enquiry-person-act"),
    Route(_ORGANISATION, show_organisation, name="enquiry-organisation"),
    Route(_ORGANISATION, act_organisation, methods=["POST"], name="enquiry-organisation-act"),
]
