"""The pages on which an organisation looks after its offers and dates: the list of them, and what is done with each."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.accounts.visits import Organisation
from fediverse_ehrenamt.desk import (
    actions,
    choosing,
    holding,
    inbox,
    inbox_pages,
    message_pages,
    numbers,
    profile,
    quote_pages,
    senders,
    store,
    team,
    writing,
)
from fediverse_ehrenamt.desk.actions import Entry
from fediverse_ehrenamt.desk.drafting import Written
from fediverse_ehrenamt.desk.store import Held
from fediverse_ehrenamt.desk.writing import SLUGS
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.kit.errors import Conflict, Invalid
from fediverse_ehrenamt.moderation import rules as moderation_rules
from fediverse_ehrenamt.moderation import store as moderation
from fediverse_ehrenamt.moderation import wire as moderation_wire
from fediverse_ehrenamt.moderation.rules import Kind
from fediverse_ehrenamt.moderation.store import Decision
from fediverse_ehrenamt.search.model import EVENT
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import answers, forms, once, rendering
from fediverse_ehrenamt.web.answers import Answer, Button
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH = writing.PATH
_LONGEST_BODY, _MOST_FIELDS = 1_024, 5
_VERB, _DONE, _ABOUT = "was", "getan", "eintrag"


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the list: its `verb` (`actions.VERBS`) and its words."""

    verb: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One offer or date in the list; all texts are in the reader's language, `note` says what may have to be done.

    `enquiries`, `replies` and `quotes` lead to those about it. `held` counts those of its `dates` that take place.
    """

    entry: Entry
    href: str
    edit: str
    copy: str
    enquiries: str
    replies: str
    quotes: str
    state: str
    when: str
    note: str
    actions: tuple[Action, ...]
    dates: tuple["Line", ...] = ()
    held: int = 0


@dataclass(frozen=True, slots=True)
class Begun:
    """Something unfinished in the list."""

    title: str
    saved: str
    href: str
    drop: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for somebody's look, or was given back for a `reason`."""

    kind: str
    title: str
    state: str
    when: str
    reason: str
    href: str
    drop: str


@dataclass(frozen=True, slots=True)
class _Found:
    """All that the list is made of; `new` is how much in the inbox is new."""

    entries: list[Entry]
    begun: list[tuple[Written, writing.Moment]]
    held: list[Held]
    taken: list[Decision]
    new: int


@dataclass(frozen=True, slots=True)
class TakenDown:
    """Something that a moderator took down: when, why, and until when the organisation may object.

    `objection` is how that stands, "" for none yet, `href` the page on which it objects, "" where it cannot there.
    """

    title: str
    day: str
    ground: str
    reason: str
    until: str
    reported: bool
    objection: str
    href: str


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def overview(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show all that an organisation has published or begun, with what can be done about it."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    found = await workshop.read(_all, organisation.uri)
    base = _home(organisation)
    suspended = next((_taken(one, words, workshop.settings) for one in found.taken if _is_suspension(one)), None)
    return rendering.page(
        request,
        "desk/overview.html",
        organisation=organisation,
        base=base,
        inbox_href=inbox_pages.home(organisation),
        new=found.new,
        on_behalf=accounts.on_behalf(visitor.grants, organisation.uri),
        lines=[_line(entry, base, words) for entry in found.entries],
        taken=[_taken(one, words, workshop.settings) for one in found.taken if one.kind is Kind.REMOVED],
        suspended=suspended,
        begun=[_begun(written, words.ago(saved, workshop.now()), base, words) for written, saved in found.begun],
        held=[_waits(one, base, words) for one in found.held],
        notice=_notice(request, organisation, found.entries, words),
        bounded=len(found.entries) == store.LISTED,
        withdraw=actions.WITHDRAW,
        links=_links(visitor, organisation, words, suspended=suspended is not None),
    )


def _links(visitor: Visitor, organisation: Organisation, words: Language, *, suspended: bool) -> list[tuple[str, str]]:
    """Return the other pages of the organisation that somebody may see, with their words."""
    base = _home(organisation)
    found = [(f"{base}/{numbers.NUMBERS}", words.gettext("Zahlen"))]
    if not suspended:
        found += [
            (f"/organisationen/{organisation.handle}", words.gettext("So sehen Gäste Ihre Seite")),
            (f"{base}/einlesen", words.gettext("Liste einlesen")),
        ]
    if visitor.may(Permission.EDIT_ORGANISATION, organisation.uri):
        found += [
            (f"{base}/{profile.PROFILE}", words.gettext("Profil")),
            (f"{base}/texte", words.gettext("Impressum und Datenschutz")),
        ]
    if visitor.may(Permission.MANAGE_COLLEAGUES, organisation.uri):
        found.append((f"{base}/{team.TEAM}", words.gettext("Team")))
    else:
        found.append((f"{base}/{team.TEAM}/austreten", words.gettext("Austreten")))
    return found


def _all(work: Work, actor: str) -> _Found:
    held = store.held_of(work, actor)
    waiting = {one.written.key for one in held}
    begun = [one for one in store.all_begun(work, actor) if one[0].key not in waiting]
    taken, new = moderation.measures(work, actor), inbox.count_new(work, actor)
    return _Found(actions.entries(work, actor), begun, held, taken, new)


def _line(entry: Entry, base: str, words: Language) -> Line:
    kind = SLUGS[entry.kind]
    state = (
        words.gettext("Vorbei") if entry.state == actions.OVER else words.gettext(labels.STATUS.get(entry.state, ""))
    )
    ends = words.day(entry.ends_at) if entry.ends_at else ""
    if entry.starts_at:
        when = words.span(entry.starts_at, entry.ends_at)
    elif entry.state == actions.OPENED and ends:
        when = words.gettext("gilt bis %(day)s") % {"day": ends}
    else:
        when = ""
    return Line(
        entry=entry,
        href=f"{view.PATHS[entry.kind]}/{entry.dates[0].page if entry.dates else entry.page}",
        edit=f"{base}/{kind}/{entry.page}",
        copy=f"{base}/{kind}/neu?{urlencode({writing.TEMPLATE: entry.page})}",
        enquiries=inbox_pages.narrowed(f"{base}/{inbox_pages.INBOX}", inbox.ENQUIRY, entry.page),
        replies=inbox_pages.narrowed(f"{base}/{inbox_pages.INBOX}", inbox.REPLY, entry.page),
        quotes=inbox_pages.narrowed(f"{base}/{inbox_pages.INBOX}", inbox.QUOTE, entry.page),
        state=state or words.gettext("Offen"),
        when=when,
        note=words.gettext("abgelaufen; bestätigen Sie es, wenn es noch gilt")
        if entry.state == actions.EXPIRED
        else "",
        actions=tuple(Action(verb, _words_of(verb, words)) for verb in actions.verbs(entry)),
        dates=tuple(_line(date, base, words) for date in entry.dates),
        held=sum(date.state == actions.OPENED for date in entry.dates),
    )


def _begun(written: Written, saved: str, base: str, words: Language) -> Begun:
    title = written.first("name" if written.kind == EVENT else "title") or words.gettext("Ohne Titel")
    href = f"{base}/{SLUGS[written.kind]}/{written.key}"
    return Begun(title, words.gettext("gespeichert %(ago)s") % {"ago": saved}, href, f"{href}/verwerfen")


def _waits(one: Held, base: str, words: Language) -> Waits:
    href = f"{base}/{SLUGS[one.written.kind]}/{one.written.key}"
    if one.returned_at is None:
        state, day = words.gettext("Wird geprüft"), words.long_day(one.handed_in_at)
        when = words.gettext("abgegeben am %(day)s; sehen kann es noch niemand") % {"day": day}
    else:
        state, day = words.gettext("Zurückgegeben"), words.long_day(one.returned_at)
        when = words.gettext("zurückgegeben am %(day)s; bitte ändern und noch einmal abgeben") % {"day": day}
    return Waits(one.written.kind, one.title, state, when, one.reason, href, f"{href}/verwerfen")


def _taken(one: Decision, words: Language, settings: Settings) -> TakenDown:
    return TakenDown(
        title=one.title,
        day=words.long_day(one.at),
        ground=words.gettext(moderation_wire.GROUNDS.get(one.ground, "")),
        reason=one.reason,
        until=words.long_day(one.at + moderation_rules.MEASURES_LAST),
        reported=one.reported,
        objection=_objection(one, words),
        href=moderation_wire.objection_link(settings, one.id, one.at).removeprefix(settings.url),
    )


def _objection(one: Decision, words: Language) -> str:
    """Return how an objection stands, "" where there is none."""
    if one.objected_at is None:
        return ""
    if one.answered_at is None:
        return words.gettext("Ihr Widerspruch wird geprüft.")
    if one.outcome == moderation_rules.Outcome.UPHELD:
        return words.gettext("Ihrem Widerspruch wurde stattgegeben: Es steht wieder da.")
    return words.gettext("Ihr Widerspruch wurde zurückgewiesen.")


def _is_suspension(one: Decision) -> bool:
    return one.kind is Kind.SUSPENDED and one.lifted_at is None


def _words_of(verb: str, words: Language) -> str:
    return {
        actions.CONFIRM: words.gettext("Gilt noch"),
        actions.PAUSE: words.gettext("Pausieren"),
        actions.FILL: words.gettext("Ist besetzt"),
        actions.OPEN: words.gettext("Wieder öffnen"),
        actions.SHOW: words.gettext("Noch einmal zeigen"),
        actions.CANCEL: words.gettext("Absagen"),
    }[verb]


def _notice(request: Request, organisation: Organisation, entries: list[Entry], words: Language) -> str:
    """Say what was just done, from the parameters that the redirect set."""
    done, about = request.query_params.get(_DONE, ""), request.query_params.get(_ABOUT, "")
    pages = {one.page: one.title for entry in entries for one in (entry, *entry.dates)}
    title = pages.get(about, "")
    sentences = {
        writing.PUBLISHED: words.gettext("„%(title)s“ ist veröffentlicht."),
        actions.CONFIRM: words.gettext("„%(title)s“ gilt ein weiteres Jahr."),
        actions.PAUSE: words.gettext("„%(title)s“ ist pausiert; das steht überall dabei."),
        actions.FILL: words.gettext("„%(title)s“ ist als besetzt gekennzeichnet."),
        actions.OPEN: words.gettext("„%(title)s“ ist wieder offen."),
        actions.SHOW: words.gettext("„%(title)s“ wird Ihren Followern noch einmal gezeigt."),
        actions.CANCEL: words.gettext("„%(title)s“ ist abgesagt; alle, die davon wissen, erfahren es."),
    }
    if done == once.WELCOME:
        return words.gettext("Willkommen! Sie arbeiten jetzt für „%(name)s“ mit.") % {"name": organisation.name}
    if done == writing.HANDED_IN:
        return words.gettext(
            "Abgegeben. Jemand von der Koordination sieht es sich an; dann wird es veröffentlicht, und Sie hören davon."
        )
    if done == actions.WITHDRAW:
        return words.gettext("Der Eintrag ist zurückgezogen und wird überall gelöscht.")
    return sentences[done] % {"title": title} if title and done in sentences else ""


# --- doing ------------------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def change(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Do what a button of the list says; withdrawing has to be confirmed on a page of its own."""
    typed = dict(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))
    workshop: Workshop = request.app.state.workshop
    verb, page = typed.get(_VERB, ""), request.path_params["page"]
    try:
        await workshop.write(actions.change, organisation.uri, page, verb, visits.by(visitor, organisation.uri))
    except (Conflict, Invalid) as error:
        return _refused(request, organisation, error)
    return _back(organisation, verb, page)


@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def ask_withdraw(request: Request, _visitor: Visitor, organisation: Organisation) -> Response:
    """Ask whether something is really to be deleted everywhere."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    opened = await workshop.read(actions.look_up, organisation.uri, request.path_params["page"])
    button = Button(words.gettext("Ja, überall löschen"), request.url.path, _what_follows(opened, words))
    heading = words.gettext("„%(title)s“ zurückziehen?") % {"title": opened.title}
    if opened.day:
        day = words.long_day(opened.day)
        heading = words.gettext("„%(title)s“ am %(day)s zurückziehen?") % {"title": opened.title, "day": day}
    return answers.page(request, "desk/answer.html", Answer(heading, "", _home(organisation), [button]))


def _what_follows(opened: actions.Named, words: Language) -> str:
    """Say what is deleted, and what would be better where something is only filled or cancelled."""
    if opened.kind != EVENT:
        return words.gettext(
            "Es wird hier und in allen anderen Orten gelöscht. Suchen Sie nur niemanden mehr, ist „Ist besetzt“ besser."
        )
    if opened.repeats:
        return words.gettext(
            "Alle künftigen Termine werden hier und in allen anderen Orten gelöscht. Fallen sie nur aus, ist „Absagen“ "
            "besser: Dann erfahren es alle, die kommen wollten."
        )
    return words.gettext(
        "Der Termin wird hier und in allen anderen Orten gelöscht. Fällt er nur aus, ist „Absagen“ besser: Dann "
        "erfahren es alle, die kommen wollten."
    )


@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def withdraw(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Delete something everywhere."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    page = request.path_params["page"]
    by = visits.by(visitor, organisation.uri)
    await workshop.write(actions.change, organisation.uri, page, actions.WITHDRAW, by)
    return _back(organisation, actions.WITHDRAW, page)


@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def drop(request: Request, _visitor: Visitor, organisation: Organisation) -> Response:
    """Forget something unfinished, or that waits."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    await workshop.write(holding.take_back, organisation.uri, request.path_params["name"])
    return RedirectResponse(_home(organisation), HTTPStatus.SEE_OTHER)


def _refused(request: Request, organisation: Organisation, error: Conflict | Invalid) -> Response:
    words = rendering.language_of(request)
    reason = words.gettext(error.problems[0].message if isinstance(error, Invalid) else error.public)
    answer = Answer(
        words.gettext("Das geht gerade nicht"), reason, _home(organisation), status=HTTPStatus(error.status)
    )
    return answers.page(request, "desk/answer.html", answer)


def _home(organisation: Organisation) -> str:
    return f"{PATH}/{organisation.handle}"


def _back(organisation: Organisation, done: str, page: str) -> Response:
    told = urlencode({_DONE: done, _ABOUT: page})
    return RedirectResponse(f"{_home(organisation)}?{told}", HTTPStatus.SEE_OTHER)


_ENTRY = f"{PATH}/{{handle}}/eintrag/{{page}}"
ROUTES: list[BaseRoute] = [
    *choosing.ROUTES,
    Route(f"{PATH}/{{handle}}", overview, name="desk-overview"),
    *team.ROUTES,
    *profile.ROUTES,
    *numbers.ROUTES,
    *inbox_pages.ROUTES,
    *message_pages.ROUTES,
    *quote_pages.ROUTES,
    *senders.ROUTES,
    Route(_ENTRY, change, methods=["POST"], name="desk-change"),
    Route(f"{_ENTRY}/{actions.WITHDRAW}", ask_withdraw, name="desk-ask-withdraw"),
    Route(f"{_ENTRY}/{actions.WITHDRAW}", withdraw, methods=["POST"], name="desk-withdraw"),
    Route(f"{PATH}/{{handle}}/{{kind}}/{{name}}/verwerfen", drop, methods=["POST"], name="desk-drop"),
    *writing.ROUTES,
]
