"""The letters of an instance that somebody is only trying out, to be read in the browser: no mail server sends them.

There are such pages on the machine itself alone, for whoever reads a letter may sign in with its link.
"""

import asyncio
import ipaddress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.mail import folder
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Workshop

PATH = "/briefe"
_MOST, _LARGEST = 100, 1_000_000  # letters that are listed, the newest; bytes that are read of one
_UNKEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it is read: `text` is HTML that is safe."""

    to: str
    subject: str
    at: str
    text: str


def here(settings: Settings) -> bool:
    """Say whether letters are shown: an instance on this machine alone, which no mail server serves."""
    host = urlsplit(settings.url).hostname or ""
    if settings.smtp_url:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def listing(request: Request) -> Response:
    """Show the newest letters; raises `NotFound` where there is no such page, or another name was asked for it."""
    workshop: Workshop = request.app.state.workshop
    settings = workshop.settings
    if not here(settings) or request.url.netloc != urlsplit(settings.url).netloc:
        raise NotFound("Diese Seite gibt es hier nicht.")
    place, words = folder.place(settings), rendering.language_of(request)
    letters = [_written(one, words) for one in await asyncio.to_thread(_newest, place)]
    response = rendering.page(request, "mail/letters.html", letters=letters, place=place, most=_MOST)
    response.headers.update(_UNKEPT)
    return response


def _newest(place: Path) -> list[EmailMessage]:
    files = islice(sorted(place.glob("*.eml"), reverse=True), _MOST)  # their names begin with the time
    return [message_from_bytes(file.read_bytes()[:_LARGEST], EmailMessage, policy=policy.default) for file in files]


def _written(letter: EmailMessage, words: Language) -> Written:
    body, at = letter.get_body(("plain",)), parsedate_to_datetime(letter["Date"])
    text = html.paragraphs(body.get_content()) if body is not None else ""
    return Written(letter["To"], letter["Subject"], words.span(at, None), text)


ROUTES: list[BaseRoute] = [Route(PATH, listing, name="letters")]
