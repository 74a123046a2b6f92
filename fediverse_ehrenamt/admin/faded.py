"""Old offers of other portals in the queue of stale ones, source by source: asked for there, kept, or hidden here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu, shown, sources
from fediverse_ehrenamt.admin.shown import Item
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.federation import sources as following
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.things import faded
from fediverse_ehrenamt.things.faded import Faded
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = f"{menu.STALE}/andere"
ANCHOR: Final = "#andere"
_LINES: Final = 20
"""How many offers of a source are shown; what is decided makes room for the next."""
_LONGEST_BODY, _MOST_FIELDS = 100_000, 40  # as many addresses as lines, of whatever length
_URI, _VERB, _SOURCE, _WHOLE = "eintrag", "was", "quelle", "alle"
ASK, KEEP, HIDE = "nachfragen", "behalten", "ausblenden"
VERBS: Final = (ASK, KEEP, HIDE)


@dataclass(frozen=True, slots=True)
class Line:
    """An offer in the reader's language: when it was last confirmed, when its portal was asked for it ("" for never).

    `url` is its page there.
    """

    item: Item
    url: str
    confirmed: str
    asked: str


@dataclass(frozen=True, slots=True)
class Group:
    """What is old of one source: `href` is its page, "" where it is none any more; `count` are all, also unseen ones.

    `whole` names the group in its forms.
    """

    name: str
    host: str
    href: str
    whole: str
    count: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Aged:
    """All that is old, by the names of its groups, with the names of sources by their URIs."""

    offers: Mapping[str, Sequence[Faded]]
    names: Mapping[str, str]


def find(work: Work) -> Aged:
    """Return what is old of others, source by source, the one with the oldest offer first."""
    offers = _grouped(faded.listing(work))
    return Aged(offers, {one.uri: one.name for one in following.listing(work)} if offers else {})


def _grouped(found: Sequence[Faded]) -> dict[str, list[Faded]]:
    groups: dict[str, list[Faded]] = {}
    for one in found:
        groups.setdefault(one.source or one.document.host, []).append(one)
    return groups


def groups(found: Aged, visitor: Visitor, words: Language) -> list[Group]:
    """Return what is old as the page lists it."""
    linked = visitor.may(Permission.MANAGE_SOURCES)
    return [
        Group(
            name=found.names.get(whole) or offers[0].document.host,
            host=offers[0].document.host,
            href=sources.href(whole) if linked and whole in found.names else "",
            whole=whole,
            count=len(offers),
            lines=tuple(_line(one, words) for one in offers[:_LINES]),
        )
        for whole, offers in found.offers.items()
    ]


def _line(one: Faded, words: Language) -> Line:
    said, confirmed, asked = "", one.document.fresh_at, one.asked_at
    if confirmed is not None:
        said = words.gettext("zuletzt bestätigt am %(day)s") % {"day": words.long_day(confirmed)}
    answer = (
        words.gettext("nachgefragt am %(day)s, seitdem unverändert") % {"day": words.long_day(asked)} if asked else ""
    )
    return Line(shown.item(one.document), html.web_url(one.document.url), said, answer)


@visits.needs(Permission.REVIEW_OFFERS)
async def decide(request: Request, visitor: Visitor) -> Response:
    """Ask for what is ticked at its portal, keep it or hide it; or ask for all that is old of a source."""
    fields = await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    typed, uris = dict(reversed(fields)), {value for name, value in fields if name == _URI}
    verb, whole = typed.get(_VERB, ""), typed.get(_SOURCE, "") if _WHOLE in typed else ""
    workshop: Workshop = request.app.state.workshop
    if verb not in VERBS or not (uris or (whole and verb == ASK)):
        words = rendering.language_of(request)
        reason = words.gettext("Bitte kreuzen Sie zuerst an, worum es geht.")
        values = {"reason": reason, "back": f"{menu.STALE}{ANCHOR}"}
        return menu.page(request, visitor, "admin/refused.html", HTTPStatus.UNPROCESSABLE_ENTITY, **values)
    await workshop.write(_decide, verb, uris, whole, visits.by(visitor))
    return RedirectResponse(f"{menu.STALE}?getan={verb}{ANCHOR}", HTTPStatus.SEE_OTHER)


def _decide(work: Work, verb: str, uris: set[str], whole: str, by: By) -> None:
    """Do it with what is still old: what was decided or has left meanwhile stays as it is."""
    offers = _grouped(faded.listing(work))
    named = offers.get(whole, []) if whole else [one for some in offers.values() for one in some]
    wanted = [one for one in named if whole or one.document.uri in uris]
    if verb == ASK:
        wanted, did = faded.ask(work, wanted), Did.REMINDED
    elif verb == KEEP:
        faded.keep(work, wanted)
        did = Did.CONFIRMED
    else:
        faded.hide(work, wanted)
        did = Did.WITHDRAWN
    for one in wanted:
        item = shown.item(one.document)
        audit.note(work, by, did, About(item.title, item.uri), item.host)


ROUTES: list[BaseRoute] = [Route(PATH, decide, methods=["POST"], name="admin-faded")]
