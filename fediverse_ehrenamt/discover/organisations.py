"""The page of an organisation of this instance: who it is, what it offers now, when, and how to hear of more."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import readers, subscriptions, view
from fediverse_ehrenamt.discover.results import Choice
from fediverse_ehrenamt.discover.view import Card, Listed, OrganisationPage, Reader
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.texts import pages as texts
from fediverse_ehrenamt.texts import rules
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import headers, negotiation, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Workshop

OFFERS, DATES = "angebote", "termine"
"""URL parameters: which page of the offers and of the dates; names of their sections too."""

_MAX_DIGITS = 4
_DESCRIPTION = 200
_PLACES, _AIDS = 6, 12  # places and aids that are named


@dataclass(frozen=True, slots=True)
class Part:
    """What it offers of one kind: a page of cards, how many there are in all, and the other pages."""

    key: str
    title: str
    cards: tuple[Card, ...]
    total: int
    page: int
    pages: tuple[Choice, ...]


async def show(request: Request) -> Response:
    """Show an organisation to people; whoever asks for its actor is sent there. Raises `NotFound`."""
    workshop: Workshop = request.app.state.workshop
    wanted = _number(request, OFFERS), _number(request, DATES)
    page = await workshop.read(request.app.state.lookups.organisation, request.path_params["handle"], *wanted)
    if negotiation.wants_object(request):
        return negotiation.elsewhere(page.actor)
    measured = await workshop.read(request.app.state.lookups.answer_days, page.actor)
    if measured is not None:  # what is measured counts more than what is said
        page = replace(page, answer_days=measured)
    shown = (*page.offers.documents, *page.dates.documents)
    reader = await readers.with_pictures(request, await readers.of(request), shown)
    words = reader.language
    summary = html.shorten(html.text(page.summary), _DESCRIPTION)
    response = rendering.page(
        request,
        "discover/organisation.html",
        page=page,
        summary=html.safe(page.summary),
        summary_text=summary,
        url=html.web_url(page.url),
        facts=_facts(page, words),
        told=_told(shown, words),
        fresh=words.ago(page.fresh_at, reader.now) if page.fresh_at else "",
        since=words.long_day(page.since) if page.since else "",
        texts=_texts(page),
        offered=(
            _part(OFFERS, words.gettext("Angebote"), page, page.offers, reader),
            _part(DATES, words.gettext("Termine"), page, page.dates, reader),
        ),
        subscribe=subscriptions.of_organisation(page.handle, reader.home, words.code),
    )
    return headers.with_form_elsewhere(request, response)


def _texts(page: OrganisationPage) -> list[tuple[str, str]]:
    """Return its imprint and privacy notice: what it wrote here, else what it has elsewhere."""
    found = [(f"{page.path}/{slug}", texts.TITLES[slug]) for slug in page.texts]
    elsewhere = {rules.IMPRINT: page.contact.imprint, rules.PRIVACY: page.contact.privacy}
    return found + [
        (url, texts.TITLES[slug]) for slug, url in elsewhere.items() if slug not in page.texts and html.web_url(url)
    ]


def _number(request: Request, name: str) -> int:
    """Return a page's number; what is none is the first, for a wrong page of a list is no reason to show nothing."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else 1


def _facts(page: OrganisationPage, words: Language) -> list[tuple[str, tuple[str, ...]]]:
    """Return what the organisation says of itself, and how soon it answers."""
    said = [(words.gettext(label), tuple(map(words.gettext, values))) for label, values in page.details]
    if page.answer_days is not None:
        count = max(1, math.ceil(page.answer_days))
        answer = words.ngettext("meist innerhalb eines Tages", "meist innerhalb von %(count)s Tagen", count)
        said.append((words.gettext("Antwortet"), (answer % {"count": words.number(count)},)))
    return said


def _told(shown: Iterable[Document], words: Language) -> list[tuple[str, tuple[str, ...]]]:
    """Return what its offers and dates say together: where they are, and which aids they name."""
    documents = list(shown)
    places = Counter(html.visible(document.place) for document in documents if document.place)
    aids = Counter(slug for document in documents if document.facts for slug in document.facts.accessibility)
    known = [slug for slug in labels.ACCESSIBILITY if slug in aids and slug != "unbekannt"]
    told = [
        (words.gettext("Orte"), tuple(place for place, _times in places.most_common(_PLACES))),
        (
            words.gettext("Barrierefreiheit"),
            tuple(words.gettext(labels.label(labels.ACCESSIBILITY, slug)) for slug in known[:_AIDS]),
        ),
    ]
    return [(label, values) for label, values in told if values]


def _part(key: str, title: str, page: OrganisationPage, listed: Listed, reader: Reader) -> Part:
    cards = tuple(view.card(document, reader) for document in listed.documents)
    others = [
        Choice(str(number), f"{page.path}?{key}={number}#{key}", current=number == listed.page)
        for number in range(1, listed.pages + 1)
    ]
    near = tuple(
        one for one in others if abs(int(one.label) - listed.page) <= _AROUND or one in {others[0], others[-1]}
    )
    return Part(key, title, cards, listed.total, listed.page, near if listed.pages > 1 else ())


_AROUND = 3  # pages on each side of the present one that have a link
ROUTES: list[BaseRoute] = [Route("/organisationen/{handle}", show, name="organisation")]
