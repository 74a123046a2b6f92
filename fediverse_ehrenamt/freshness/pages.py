"""The pages behind the links of a reminder: looking changes nothing, one button does; nobody logs in."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.freshness import actions, wire
from fediverse_ehrenamt.freshness.actions import Offer, Reader
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import answers, rendering
from fediverse_ehrenamt.web.answers import Answer, Button
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

_TEMPLATE = "freshness/answer.html"
_FILLED, _GONE, _AGAIN = "besetzt", "weg", "wieder"


async def ask_confirm(request: Request) -> Response:
    """Show the offer and the button that confirms it."""
    return await _answer(request, _asked_confirm, actions.look, wire.CONFIRM)


async def confirm(request: Request) -> Response:
    """Confirm it."""
    return await _answer(request, _confirmed, actions.confirm, changes=True)


async def ask_close(request: Request) -> Response:
    """Show the offer and the buttons that end it."""
    return await _answer(request, _asked_close, actions.look, wire.CLOSE)


async def fill(request: Request) -> Response:
    """Say that it is filled."""
    return await _answer(request, _filled, actions.fill, changes=True)


async def withdraw(request: Request) -> Response:
    """Take it back."""
    return await _answer(request, _withdrawn, actions.withdraw, changes=True)


async def ask_stop(request: Request) -> Response:
    """Show whose reminders would end."""
    return await _answer(request, _asked_stop, actions.reader)


async def stop(request: Request) -> Response:
    """End them; mail programs post here by themselves when their own button is pressed (RFC 8058)."""
    return await _answer(request, _stopped, actions.stop, changes=True)


async def go_on(request: Request) -> Response:
    """Take that back."""
    return await _answer(request, _goes_on, actions.go_on, changes=True)


async def _answer(
    request: Request,
    worded: Callable[..., Answer],
    action: Callable[..., Offer | Reader],
    *given: str,
    changes: bool = False,
) -> Response:
    """Do `action(work, *given, name, token)`; show what it returned as `worded(language, found, path)` says it."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    name, token = request.path_params["name"], request.path_params["token"]

    def act(work: Work) -> Offer | Reader:
        return action(work, *given, name, token)

    try:
        found = await (workshop.write(act) if changes else workshop.read(act))
        answer = worded(words, found, request.url.path)
    except (Forbidden, Gone, Conflict) as error:
        answer = _refused(words, error)
    return answers.page(request, _TEMPLATE, answer)


# --- words ------------------------------------------------------------------------------------------------------------
def _asked_confirm(words: Language, offer: Offer, path: str) -> Answer:
    if offer.status:
        return _closed(words, offer)
    if offer.confirmed:
        return Answer(words.gettext("Dieses Angebot ist schon bestätigt"), _holds(words, offer), offer, good=True)
    button = Button(
        words.gettext("Ja, es stimmt noch"),
        path,
        words.gettext("Dann gilt es ein weiteres Jahr und bleibt in der Suche."),
    )
    return Answer(words.gettext("Stimmt dieses Angebot noch?"), "", offer, [button])


def _confirmed(words: Language, offer: Offer, _path: str) -> Answer:
    if offer.status:
        return _closed(words, offer)
    return Answer(words.gettext("Vielen Dank! Das Angebot ist bestätigt"), _holds(words, offer), offer, good=True)


def _holds(words: Language, offer: Offer) -> str:
    assert offer.expires_at is not None, "what we publish has an end"
    day = words.long_day(offer.expires_at)
    return words.gettext("Es gilt bis zum %(day)s. Auch andere Portale erfahren davon.") % {"day": day}


def _closed(words: Language, offer: Offer) -> Answer:
    state = words.gettext(labels.label(labels.STATUS, offer.status))
    sentence = words.gettext("Sein Stand ist: %(state)s. Bestätigen lässt sich nur, was offen ist.") % {"state": state}
    return Answer(words.gettext("Dieses Angebot ist nicht mehr offen"), sentence, offer, status=HTTPStatus.CONFLICT)


def _asked_close(words: Language, offer: Offer, path: str) -> Answer:
    gone = Button(
        words.gettext("Gibt es nicht mehr"),
        f"{path}/{_GONE}",
        words.gettext("Es wird hier und in anderen Portalen entfernt. Das lässt sich nicht rückgängig machen."),
        second=True,
    )
    if offer.status == _FILLED:
        return Answer(words.gettext("Dieses Angebot ist als besetzt gemeldet"), "", offer, [gone], good=True)
    filled = Button(
        words.gettext("Ist besetzt"),
        f"{path}/{_FILLED}",
        words.gettext("Es bleibt zu sehen und sagt, dass niemand mehr gesucht wird."),
    )
    return Answer(words.gettext("Ist es besetzt, oder gibt es das nicht mehr?"), "", offer, [filled, gone])


def _filled(words: Language, offer: Offer, _path: str) -> Answer:
    sentence = words.gettext("Das Angebot ist jetzt als besetzt gemeldet. Auch andere Portale erfahren davon.")
    return Answer(words.gettext("Vielen Dank!"), sentence, offer, good=True)


def _withdrawn(words: Language, offer: Offer, _path: str) -> Answer:
    sentence = words.gettext("Das Angebot ist entfernt. Auch andere Portale erfahren davon.")
    return Answer(words.gettext("Vielen Dank!"), sentence, offer, good=True)


def _asked_stop(words: Language, reader: Reader, path: str) -> Answer:
    if not reader.reached:
        return _stopped(words, reader, path)
    heading = words.gettext("Keine Erinnerungen mehr für „%(name)s“?") % {"name": reader.name}
    button = Button(
        words.gettext("Keine Erinnerungen mehr"),
        path,
        words.gettext(
            "Anfragen bekommt die Organisation weiter. Angebote laufen dann nach einem Jahr ohne Nachfrage ab."
        ),
    )
    return Answer(heading, "", buttons=[button])


def _stopped(words: Language, reader: Reader, path: str) -> Answer:
    sentence = words.gettext("„%(name)s“ bekommt keine Erinnerungen mehr. Anfragen kommen weiter an.")
    again = Button(words.gettext("Doch wieder erinnern"), f"{path}/{_AGAIN}", second=True)
    return Answer(words.gettext("Erledigt"), sentence % {"name": reader.name}, buttons=[again], good=True)


def _goes_on(words: Language, reader: Reader, _path: str) -> Answer:
    sentence = words.gettext("„%(name)s“ bekommt wieder Erinnerungen, bevor ein Angebot abläuft.")
    return Answer(words.gettext("Erledigt"), sentence % {"name": reader.name}, good=True)


def _refused(words: Language, error: Forbidden | Gone | Conflict) -> Answer:
    advice = {
        Forbidden: words.gettext("Bitte öffnen Sie ihn noch einmal aus der E-Mail; er steht dort in einer Zeile."),
        Gone: words.gettext("Wenn etwas zu tun ist, kommt rechtzeitig eine neue E-Mail."),
        Conflict: "",
    }
    return Answer(words.gettext(error.public).rstrip("."), advice[type(error)], status=HTTPStatus(error.status))


_CONFIRM, _CLOSE, _STOP = (f"/{purpose}/{{name}}/{{token}}" for purpose in (wire.CONFIRM, wire.CLOSE, wire.STOP))
ROUTES: list[BaseRoute] = [
    Route(_CONFIRM, ask_confirm, name="ask-confirm"),
    Route(_CONFIRM, confirm, methods=["POST"], name="confirm"),
    Route(_CLOSE, ask_close, name="ask-close"),
    Route(f"{_CLOSE}/{_FILLED}", fill, methods=["POST"], name="fill"),
    Route(f"{_CLOSE}/{_GONE}", withdraw, methods=["POST"], name="withdraw"),
    Route(_STOP, ask_stop, name="ask-stop"),
    Route(_STOP, stop, methods=["POST"], name="stop"),
    Route(f"{_STOP}/{_AGAIN}", go_on, methods=["POST"], name="stop-again"),
]
