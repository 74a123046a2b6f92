"""Erasing an enquiry at the wish of whoever made it: asked once, then done. Nobody needs an account."""

from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.engagements import actions, pages, rules
from fediverse_ehrenamt.kit.errors import Forbidden, Gone
from fediverse_ehrenamt.web import answers, forms, rendering
from fediverse_ehrenamt.web.answers import Answer, Button
from fediverse_ehrenamt.work import Work, Workshop

ERASED: Final = "/anfrage-geloescht"
_ERASE: Final = "loeschen"
_LONGEST_BODY, _MOST_FIELDS = 1_024, 5


async def ask_erase(request: Request) -> Response:
    """Ask whether all is really to be erased; looking erases nothing."""
    workshop: Workshop = request.app.state.workshop
    words, path = rendering.language_of(request), request.url.path
    try:
        await workshop.read(actions.admit, rules.PERSON, *pages.link_of(request))
    except (Forbidden, Gone) as error:
        return pages.refused(request, error)
    help_ = words.gettext("Name, Kontakt und alle Nachrichten sind sofort weg. Das lässt sich nicht rückgängig machen.")
    button = Button(words.gettext("Ja, alles löschen"), path, help_)
    answer = Answer(words.gettext("Wirklich alles löschen?"), "", path.removesuffix(f"/{_ERASE}"), [button])
    return answers.page(request, "engagements/erase.html", answer)


async def erase(request: Request) -> Response:
    """Erase all that somebody gave."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    try:
        await workshop.write(_erase, pages.link_of(request))
    except (Forbidden, Gone) as error:
        return pages.refused(request, error)
    return RedirectResponse(ERASED, HTTPStatus.SEE_OTHER, answers.PRIVATE)


def _erase(work: Work, link: tuple[str, str]) -> None:
    actions.erase(work, actions.admit(work, rules.PERSON, *link, changes=True))


async def erased(request: Request) -> Response:
    """Say that all is gone."""
    words = rendering.language_of(request)
    sentence = words.gettext(
        "Name, Kontakt und alle Nachrichten sind gelöscht. Die Organisation sieht nur noch, dass eine Anfrage "
        "zurückgezogen wurde; wir haben sie gebeten, auch ihre E-Mails dazu zu löschen."
    )
    return answers.page(
        request, "engagements/answer.html", Answer(words.gettext("Alles ist gelöscht"), sentence, good=True)
    )


_PATH: Final = f"{pages.PERSON}/{_ERASE}"
ROUTES: list[BaseRoute] = [
    Route(_PATH, ask_erase, name="enquiry-ask-erase"),
    Route(_PATH, erase, methods=["POST"], name="enquiry-erase"),
    Route(ERASED, erased, name="enquiry-erased"),
]
