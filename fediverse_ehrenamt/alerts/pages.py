"""The pages of searches that are saved by mail: asking for letters, and what the links in them lead to."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.alerts import actions, rules, wire
from fediverse_ehrenamt.alerts.actions import Alert
from fediverse_ehrenamt.discover import results
from fediverse_ehrenamt.kit import mailbox
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone, Invalid, Unavailable
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search import saved
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web import answers, forms, rendering, throttle
from fediverse_ehrenamt.web.answers import Answer, Button
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH = "/suche-merken"
_MAIL, _RHYTHM = "mail", "rhythmus"
_LONGEST_BODY, _MOST_FIELDS = 4_096, 10
_ALL = "alle"


@dataclass(frozen=True, slots=True)
class Search:
    """A saved search as a page shows it: in words, where it is, and how often somebody is written to."""

    words: str
    href: str
    rhythm: str


# --- asking -----------------------------------------------------------------------------------------------------------
async def form(request: Request) -> Response:
    """Ask for the address to write to; the search is that of the page's own parameters."""
    query = _query(request)
    if query is None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    return _form(request, query)


async def send(request: Request) -> Response:
    """Send the letter that asks for confirmation, or say on the page what is wrong."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))  # the first of each counts
    query = _query(request)
    if query is None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    words = rendering.language_of(request)
    said, rhythm = typed.get(_MAIL, "").strip(), typed.get(_RHYTHM, "")
    mail = mailbox.read(said)
    if mail is None or rhythm not in rules.RHYTHMS:
        wrong = words.gettext("Das ist keine Mailadresse; richtig wäre zum Beispiel anna@beispiel.de.")
        return _form(request, query, said, "" if mail else wrong, rhythm)
    workshop: Workshop = request.app.state.workshop
    try:
        throttle.check(request, "suchen", rules.ASKED_OF_CLIENT, actions.CROWDED)
        await workshop.write(actions.ask, mail, query, rhythm, words.code)
    except Unavailable as crowded:
        return _form(request, query, said, words.gettext(crowded.public), rhythm, HTTPStatus(crowded.status))
    sentence = words.gettext(
        "Wir haben eine E-Mail an %(mail)s geschickt. Erst wenn Sie den Link darin anklicken und bestätigen, bekommen "
        "Sie Neues zu dieser Suche. Kommt nichts an, sehen Sie bitte im Spam-Ordner nach."
    ) % {"mail": mail}
    return _answer(request, Answer(words.gettext("Bitte sehen Sie in Ihr Postfach"), sentence, good=True))


def _query(request: Request) -> Query | None:
    """Return the search of a page, None where it has none that could be saved."""
    try:
        query = saved.plain(searches.read(request.query_params.multi_items()))
    except Invalid:
        return None
    return None if query == Query() else query


def _form(
    request: Request,
    query: Query,
    typed: str = "",
    problem: str = "",
    rhythm: str = "",
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    words = rendering.language_of(request)
    page = rendering.page(
        request,
        "alerts/form.html",
        status if problem else HTTPStatus.OK,
        asked=[choice.label for choice in results.active(query, words)],
        action=f"{PATH}?{query.params()}",
        back=results.href(query.pairs()),
        typed=typed,
        problem=problem,
        rhythms=_rhythms(words).items(),
        rhythm=rhythm if rhythm in rules.RHYTHMS else rules.WEEKLY,
    )
    page.headers.update(answers.PRIVATE)
    return page


def _rhythms(words: Language) -> dict[str, str]:
    return {
        rules.WEEKLY: words.gettext("einmal in der Woche, montags"),
        rules.DAILY: words.gettext("einmal am Tag, morgens"),
        rules.AT_ONCE: words.gettext("sofort"),
    }


# --- links in letters -------------------------------------------------------------------------------------------------
async def ask_confirm(request: Request) -> Response:
    """Show the search and the button that confirms it."""
    return await _act(request, _asked_confirm, lambda work, *link: actions.look(work, wire.CONFIRM, *link))


async def confirm(request: Request) -> Response:
    """Confirm it."""
    return await _act(request, _confirmed, actions.confirm, changes=True)


async def ask_stop(request: Request) -> Response:
    """Show which letters would end."""
    return await _act(request, _asked_stop, lambda work, *link: actions.look(work, wire.STOP, *link))


async def set_rhythm(request: Request) -> Response:
    """Write at other times."""
    rhythm = request.path_params[_RHYTHM]
    return await _act(
        request, _set_otherwise, lambda work, *link: actions.set_rhythm(work, rhythm, *link), changes=True
    )


async def stop(request: Request) -> Response:
    """End them; mail programs post here by themselves when their own button is pressed (RFC 8058)."""
    return await _act(request, _stopped, actions.stop, changes=True)


async def stop_all(request: Request) -> Response:
    """End all letters to the same address."""
    return await _act(request, _stopped, actions.stop_all, changes=True)


async def _act(
    request: Request,
    worded: Callable[[Language, Alert | None, str], Answer],
    action: Callable[[Work, str, str], Alert | None],
    *,
    changes: bool = False,
) -> Response:
    """Do `action(work, number, token)`; show what it returned as `worded(language, found, path)` says it."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    link = request.path_params["number"], request.path_params["token"]
    try:
        found = await (workshop.write(action, *link) if changes else workshop.read(action, *link))
        return _answer(request, worded(words, found, request.url.path))
    except (Forbidden, Gone, Conflict) as error:
        status = HTTPStatus(error.status)
        return _answer(request, Answer(words.gettext(error.public).rstrip("."), status=status))


def _answer(request: Request, answer: Answer) -> Response:
    return answers.page(request, "alerts/answer.html", answer)


def _search(alert: Alert, words: Language) -> Search:
    query = saved.query(alert.params) or Query()
    return Search(wire.shown(alert.params, words), results.href(query.pairs()), _rhythms(words)[alert.rhythm])


def _asked_confirm(words: Language, alert: Alert | None, path: str) -> Answer:
    assert alert is not None
    if alert.confirmed:
        return _confirmed(words, alert, path)
    button = Button(words.gettext("Ja, schreiben Sie mir"), path)
    return Answer(words.gettext("Neues zu dieser Suche per E-Mail?"), "", _search(alert, words), [button])


def _confirmed(words: Language, alert: Alert | None, _path: str) -> Answer:
    assert alert is not None
    sentence = words.gettext("Sobald es Neues gibt, schreiben wir Ihnen. In jeder E-Mail steht ein Link zum Beenden.")
    return Answer(words.gettext("Ihre Suche ist gespeichert"), sentence, _search(alert, words), good=True)


def _set_otherwise(words: Language, alert: Alert | None, _path: str) -> Answer:
    assert alert is not None
    return Answer(
        words.gettext("Erledigt"), words.gettext("So oft schreiben wir ab jetzt."), _search(alert, words), good=True
    )


def _asked_stop(words: Language, alert: Alert | None, path: str) -> Answer:
    assert alert is not None
    help_ = words.gettext("Wir löschen dazu Ihre Mailadresse.")
    buttons = [Button(words.gettext("Keine E-Mails mehr zu dieser Suche"), path, help_)]
    if alert.others:
        buttons.append(Button(words.gettext("Alle meine Suchen beenden"), f"{path}/{_ALL}", second=True))
    for rhythm, said in _rhythms(words).items():
        if rhythm != alert.rhythm:
            label = words.gettext("Nur ändern: %(rhythm)s") % {"rhythm": said}
            buttons.append(Button(label, f"{path}/{_RHYTHM}/{rhythm}", second=True))
    return Answer(words.gettext("E-Mails beenden?"), "", _search(alert, words), buttons)


def _stopped(words: Language, _alert: Alert | None, _path: str) -> Answer:
    sentence = words.gettext("Sie bekommen dazu keine E-Mails mehr; die Mailadresse ist gelöscht.")
    return Answer(words.gettext("Erledigt"), sentence, good=True)


_CONFIRM, _STOP = (f"/{purpose}/{{number}}/{{token}}" for purpose in (wire.CONFIRM, wire.STOP))
ROUTES: list[BaseRoute] = [
    Route(PATH, form, name="save-search"),
    Route(PATH, send, methods=["POST"], name="save-search-send"),
    Route(_CONFIRM, ask_confirm, name="alert-ask-confirm"),
    Route(_CONFIRM, confirm, methods=["POST"], name="alert-confirm"),
    Route(_STOP, ask_stop, name="alert-ask-stop"),
    Route(_STOP, stop, methods=["POST"], name="alert-stop"),
    Route(f"{_STOP}/{_RHYTHM}/{{{_RHYTHM}}}", set_rhythm, methods=["POST"], name="alert-set-rhythm"),
    Route(f"{_STOP}/{_ALL}", stop_all, methods=["POST"], name="alert-stop-all"),
]
