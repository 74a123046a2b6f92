"""Feeds: saved searches that people follow as accounts. Listed, added from a search, renamed, paused and given up.

Which collections elsewhere recommend one is shown where it is changed, and it is taken out of them there.
"""

from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, menu
from fediverse_ehrenamt.admin.asking import Question
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, Did
from fediverse_ehrenamt.discover import results
from fediverse_ehrenamt.feeds import actions
from fediverse_ehrenamt.feeds.actions import Feed
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.organisations.actions import NAME
from fediverse_ehrenamt.quotes import actions as quoting
from fediverse_ehrenamt.quotes import store as quotes
from fediverse_ehrenamt.quotes.rules import ALLOWED
from fediverse_ehrenamt.quotes.store import Shown
from fediverse_ehrenamt.search import filters, saved
from fediverse_ehrenamt.search.query import MAX_CHARACTERS, MAX_PARAMS, Query
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.forms import Fields
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

NEW = f"{menu.FEEDS}/neu"
LISTED = 50
"""How many feeds a page has."""
SUMMARY = 500
"""Characters of the sentence on the page of a feed."""
_EXCERPT = 100
_HANDLE, _NAME, _SUMMARY, _SEARCH = "kuerzel", "name", "satz", "suche"
_FIELD_OF = {"handle": _HANDLE, "name": _NAME, "summary": _SUMMARY, "search": _SEARCH}
_SINGLE, _SEVERAL = ("q", "ort", "umkreis"), ("bereich", "art")
_ORDER = (_NAME, _HANDLE, _SUMMARY, "q", "ort", "umkreis", _SEARCH)
_ADDED, _CHANGED, _PAUSED, _RESUMED, _REMOVED = "angelegt", "geaendert", "pausiert", "laeuft", "entfernt"
_LEFT, _COLLECTION = "herausgenommen", "sammlung"
_NAMED = "konto"


@dataclass(frozen=True, slots=True)
class _Line:
    """A feed as it is read in the list; `asked` is its search in words, `search` the address of what it finds."""

    feed: Feed
    base: str
    asked: tuple[str, ...]
    search: str
    announced: str


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed into the form: its fields by their names, those of the search with several values, its faults."""

    fields: dict[str, str]
    chosen: frozenset[tuple[str, str]]
    wrong: dict[str, str]

    def search(self) -> str:
        """Return the search as the parameters of its address: the pasted one, else that of the form's filters."""
        pasted = self.fields.get(_SEARCH, "").strip()
        if pasted:
            return urlsplit(pasted).query or pasted
        single = [(name, value) for name in _SINGLE if (value := self.fields.get(name, "").strip())]
        return urlencode([*single, *sorted(self.chosen)])


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_SOURCES)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a page of all feeds."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    at = asking.number(request, asking.PAGE, 1)
    found = await workshop.read(actions.listing)
    return menu.page(
        request,
        visitor,
        "admin/feeds.html",
        lines=[_line(one, words) for one in found[(at - 1) * LISTED : at * LISTED]],
        paging=asking.paging(menu.FEEDS, {}, at, LISTED, len(found)),
        notice=_notice(request, words, workshop.settings.handle_domain),
        new=NEW,
    )


def _line(feed: Feed, words: Language) -> _Line:
    query = saved.query(feed.search) or Query()
    return _Line(
        feed=feed,
        base=f"{menu.FEEDS}/{feed.handle}",
        asked=tuple(choice.label for choice in results.active(query, words)),
        search=results.href(query.pairs()),
        announced=words.span(feed.announced_at, None) if feed.announced_at else "",
    )


def _notice(request: Request, words: Language, domain: str) -> str:
    sentence = {
        _ADDED: words.gettext("Das Abo-Konto %(address)s ist angelegt. Es teilt, was von jetzt an dazukommt."),
        _CHANGED: words.gettext("%(address)s heißt und beschreibt sich jetzt so; alle, die folgen, erfahren es."),
        _PAUSED: words.gettext("%(address)s macht Pause: Was jetzt dazukommt, wird nicht geteilt, auch später nicht."),
        _RESUMED: words.gettext("%(address)s teilt wieder, was dazukommt."),
        _LEFT: words.gettext("%(address)s darf in dieser Sammlung nicht mehr stehen."),
        _REMOVED: words.gettext("%(address)s gibt es nicht mehr. Alle, die folgten, erfahren es."),
    }.get(request.query_params.get(asking.DONE, ""), "")
    handle = request.query_params.get(_NAMED, "")[:_LONGEST_HANDLE]
    return sentence % {"address": f"@{handle}@{domain}"} if sentence else ""


_LONGEST_HANDLE = 30


# --- a new one --------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_SOURCES)
async def ask(request: Request, visitor: Visitor) -> Response:
    """Ask what a new feed is to search; a search can come with the address."""
    asked = [pair for pair in request.query_params.multi_items() if pair[0] in {*_SINGLE, *_SEVERAL, _SEARCH}]
    return _form(request, visitor, _typed(asked[:MAX_PARAMS]))


@visits.needs(Permission.MANAGE_SOURCES)
async def add(request: Request, visitor: Visitor) -> Response:
    """Add it, or say what is wrong; a second press finds its handle taken, which is said."""
    typed = _typed(await asking.fields(request))
    workshop: Workshop = request.app.state.workshop
    try:
        handle = await workshop.write(_add, visitor, typed)
    except Invalid as error:
        typed.wrong.update(_told(error, request))
        return _form(request, visitor, typed)
    return asking.back(f"{menu.FEEDS}?{urlencode({_NAMED: handle})}", _ADDED)


def _typed(fields: Fields) -> _Typed:
    chosen = frozenset((name, value) for name, value in fields if name in _SEVERAL)
    return _Typed({name: value for name, value in reversed(fields) if name not in _SEVERAL}, chosen, {})


def _told(error: Invalid, request: Request) -> dict[str, str]:
    """Return what is wrong beside the fields of the form, in its order."""
    placed = [replace(one, field=_place(one.field)) for one in error.problems]
    return forms.told(placed, rendering.language_of(request), _ORDER)


def _place(field: str) -> str:
    """Return the field of the form beside which a fault is said."""
    return _FIELD_OF.get(field, field if field in _SINGLE else _SEARCH)


def _add(work: Work, visitor: Visitor, typed: _Typed) -> str:
    handle = typed.fields.get(_HANDLE, "").strip().removeprefix("@")
    name, summary = typed.fields.get(_NAME, ""), " ".join(typed.fields.get(_SUMMARY, "").split())
    made = actions.add(work, handle, name, typed.search(), summary)
    _note(work, visitor, Did.FEED_ADDED, made)
    return made.handle


def _note(work: Work, visitor: Visitor, did: Did, feed: Feed, detail: str = "") -> None:
    audit.note(work, visits.by(visitor), did, About(f"{feed.name} ({feed.address})", feed.uri), detail)


def _form(request: Request, visitor: Visitor, typed: _Typed) -> Response:
    words = rendering.language_of(request)
    workshop: Workshop = request.app.state.workshop
    return menu.page(
        request,
        visitor,
        "admin/feed_new.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if typed.wrong else HTTPStatus.OK,
        typed=typed.fields,
        chosen=typed.chosen,
        wrong=typed.wrong,
        labels=_labels(words),
        kinds=[(slug, words.gettext(labels.DOCUMENT_KIND[kind])) for slug, kind in filters.KINDS.items()],
        areas=[(slug, words.gettext(label)) for slug, label in filters.AREAS],
        domain=workshop.settings.handle_domain,
        longest={_NAME: NAME[1], _SUMMARY: SUMMARY, "q": MAX_CHARACTERS},
        action=NEW,
        back=menu.FEEDS,
    )


def _labels(words: Language) -> dict[str, str]:
    return {
        _NAME: words.gettext("Name"), _HANDLE: words.gettext("Kürzel"), _SUMMARY: words.gettext("Ein Satz dazu"),
        _SEARCH: words.gettext("Adresse einer Suche"), "q": words.gettext("Stichwort"), "ort": words.gettext("Ort"),
        "umkreis": words.gettext("Umkreis in Kilometern"),
    }  # fmt: skip


# --- another name -----------------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_SOURCES)
async def ask_change(request: Request, visitor: Visitor) -> Response:
    """Show how a feed is called and described, to be changed."""
    workshop: Workshop = request.app.state.workshop
    feed = await workshop.read(actions.show, request.path_params["name"])
    typed = _Typed({_NAME: feed.name, _SUMMARY: feed.summary}, frozenset(), {})
    return await _change_form(request, visitor, feed, typed)


@visits.needs(Permission.MANAGE_SOURCES)
async def change(request: Request, visitor: Visitor) -> Response:
    """Call and describe it otherwise, or say what is wrong."""
    typed = _typed(await asking.fields(request))
    workshop: Workshop = request.app.state.workshop
    handle = request.path_params["name"]

    def run(work: Work) -> None:
        before = actions.show(work, handle)
        summary = " ".join(typed.fields.get(_SUMMARY, "").split())
        if actions.describe(work, handle, typed.fields.get(_NAME, ""), summary):
            feed = actions.show(work, handle)
            _note(work, visitor, Did.FEED_CHANGED, feed, before.name if before.name != feed.name else "")

    try:
        await workshop.write(run)
    except Invalid as error:
        typed.wrong.update(_told(error, request))
        return await _change_form(request, visitor, await workshop.read(actions.show, handle), typed)
    return asking.back(f"{menu.FEEDS}?{urlencode({_NAMED: handle})}", _CHANGED)


async def _change_form(request: Request, visitor: Visitor, feed: Feed, typed: _Typed) -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    found = await workshop.read(quotes.collections_with, feed.uri)
    query = saved.query(feed.search) or Query()
    return menu.page(
        request,
        visitor,
        "admin/feed_change.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if typed.wrong else HTTPStatus.OK,
        feed=feed,
        collections=[(one, html.beginning(one.content, _EXCERPT) or one.uri) for one in found],
        leave=f"{menu.FEEDS}/{feed.handle}/{_COLLECTION}",
        asked=[choice.label for choice in results.active(query, words)],
        another=f"{NEW}?{urlencode({_SEARCH: results.href(query.pairs())})}",
        typed=typed.fields,
        wrong=typed.wrong,
        labels=_labels(words),
        longest={_NAME: NAME[1], _SUMMARY: SUMMARY},
        action=request.url.path,
        back=menu.FEEDS,
    )


@visits.needs(Permission.MANAGE_SOURCES)
async def leave(request: Request, visitor: Visitor) -> Response:
    """Take a feed out of a collection of somebody elsewhere; twice is once."""
    typed = await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    handle = request.path_params["name"]

    def run(work: Work) -> None:
        feed = actions.show(work, handle)
        row = quotes.find(work, typed.get(_COLLECTION, ""), Shown(feed.uri, feed.uri))
        if row is not None and row.state == ALLOWED:
            quoting.revoke(work, row)
            _note(work, visitor, Did.COLLECTION_LEFT, feed)

    await workshop.write(run)
    return asking.back(f"{menu.FEEDS}?{urlencode({_NAMED: handle})}", _LEFT)


# --- pausing and giving up --------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_SOURCES)
async def pause(request: Request, visitor: Visitor) -> Response:
    """Let it share nothing new."""
    return await _pause(request, visitor, paused=True)


@visits.needs(Permission.MANAGE_SOURCES)
async def resume(request: Request, visitor: Visitor) -> Response:
    """Let it share again."""
    return await _pause(request, visitor, paused=False)


async def _pause(request: Request, visitor: Visitor, *, paused: bool) -> Response:
    await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    handle = request.path_params["name"]

    def run(work: Work) -> None:
        if actions.pause(work, handle, paused=paused):
            _note(work, visitor, Did.FEED_CHANGED, actions.show(work, handle), "pausiert" if paused else "teilt wieder")

    await workshop.write(run)
    return asking.back(f"{menu.FEEDS}?{urlencode({_NAMED: handle})}", _PAUSED if paused else _RESUMED)


@visits.needs(Permission.MANAGE_SOURCES)
async def ask_remove(request: Request, visitor: Visitor) -> Response:
    """Say what giving up means, and ask whether that is meant."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    feed = await workshop.read(actions.show, request.path_params["name"])
    followers = words.ngettext("%(number)s Konto folgt ihm.", "%(number)s Konten folgen ihm.", feed.followers)
    facts = [
        followers % {"number": words.number(feed.followers)},
        words.gettext(
            "Was es geteilt hat, verschwindet aus seinem Verzeichnis, und alle, die folgen, erfahren das Ende."
        ),
        words.gettext(
            "Sein Kürzel wird nie wieder vergeben. Soll es nur eine Weile still sein, ist eine Pause besser."
        ),
    ]
    question = Question(
        heading=words.gettext("%(address)s aufgeben?") % {"address": feed.address},
        facts=facts,
        back=menu.FEEDS,
        button=words.gettext("Ja, für immer aufgeben"),
        action=request.url.path,
    )
    return asking.page(request, visitor, question)


@visits.needs(Permission.MANAGE_SOURCES)
async def remove(request: Request, visitor: Visitor) -> Response:
    """Give a feed up for good."""
    await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    handle = request.path_params["name"]

    def run(work: Work) -> None:
        feed = actions.show(work, handle)
        actions.remove(work, handle)
        _note(work, visitor, Did.FEED_REMOVED, feed)

    await workshop.write(run)
    return asking.back(f"{menu.FEEDS}?{urlencode({_NAMED: handle})}", _REMOVED)


_ONE = f"{menu.FEEDS}/{{name}}"
ROUTES: list[BaseRoute] = [
    Route(menu.FEEDS, show, name="admin-feeds"),
    Route(NEW, ask, name="admin-feed-ask"),
    Route(NEW, add, methods=["POST"], name="admin-feed-add"),
    Route(f"{_ONE}/aendern", ask_change, name="admin-feed-ask-change"),
    Route(f"{_ONE}/aendern", change, methods=["POST"], name="admin-feed-change"),
    Route(f"{_ONE}/{_COLLECTION}", leave, methods=["POST"], name="admin-feed-leave"),
    Route(f"{_ONE}/pause", pause, methods=["POST"], name="admin-feed-pause"),
    Route(f"{_ONE}/weiter", resume, methods=["POST"], name="admin-feed-resume"),
    Route(f"{_ONE}/aufgeben", ask_remove, name="admin-feed-ask-remove"),
    Route(f"{_ONE}/aufgeben", remove, methods=["POST"], name="admin-feed-remove"),
]
