"""The page of the audit log: who did what, the newest first, to be narrowed by what was done and by whom."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import people, visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import deeds, menu
from fediverse_ehrenamt.audit import rules, store
from fediverse_ehrenamt.audit.store import Entry, Wanted
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

_DID, _PERSON, _ORGANISATION, _BEFORE = "was", "wer", "organisation", "vor"


@dataclass(frozen=True, slots=True)
class _Line:
    """One entry as it is read; `organisation` is a name, "" for none."""

    at: str
    who: str
    did: str
    label: str
    organisation: str
    on_behalf: bool
    detail: str


@dataclass(frozen=True, slots=True)
class _Found:
    """Entries with the names of the people (by their ids) and organisations (by their URIs) that can be chosen."""

    entries: list[Entry]
    people: dict[str, str]
    organisations: dict[str, str]


@visits.needs(Permission.SEE_LOG)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a page of the log; what is asked for and does not exist stands for everything."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    asked = request.query_params
    before = asked.get(_BEFORE, "")
    wanted = Wanted(
        did=asked.get(_DID, "") if asked.get(_DID, "") in list(rules.Did) else "",
        person=asked.get(_PERSON, ""),
        organisation=asked.get(_ORGANISATION, ""),
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < _MANY_DIGITS else 0,
    )
    found = await workshop.read(_find, wanted)
    more = found.entries[store.LISTED - 1].id if len(found.entries) > store.LISTED else 0
    return menu.page(
        request,
        visitor,
        "admin/log.html",
        lines=[_line(entry, found, words) for entry in found.entries[: store.LISTED]],
        verbs=sorted(((str(did), words.gettext(name)) for did, name in rules.WORDS.items()), key=lambda one: one[1]),
        people=found.people.items(),
        organisations=found.organisations.items(),
        wanted=wanted,
        older=f"{menu.LOG}?{_query(wanted, more)}" if more else "",
        newest=f"{menu.LOG}?{_query(wanted, 0)}" if wanted.before else "",
        kept=rules.KEPT.days,
    )


_MANY_DIGITS = 19


def _query(wanted: Wanted, before: int) -> str:
    every = {_DID: wanted.did, _PERSON: wanted.person, _ORGANISATION: wanted.organisation}
    return urlencode({name: value for name, value in {**every, _BEFORE: before or ""}.items() if value})


def _find(work: Work, wanted: Wanted) -> _Found:
    known = {person.id: person.name for person in people.listing(work) if person.grants}
    named = {one.uri: one.name for one in organisations.listing(work)}
    return _Found(store.listing(work, wanted, store.LISTED + 1), known, named)


def _line(entry: Entry, found: _Found, words: Language) -> _Line:
    known = {
        rules.COMMAND_LINE: words.gettext("Befehlszeile"),
        rules.STRANGER: words.gettext("jemand ohne Konto"),
        rules.GONE: words.gettext("gelöschtes Konto"),
        **found.people,
    }
    return _Line(
        at=words.span(entry.at, None),
        who=known.get(entry.person, words.gettext("jemand ohne Rolle")),
        did=words.gettext(rules.WORDS[entry.did]),
        label=deeds.label(entry, words),
        organisation=found.organisations.get(entry.organisation, ""),
        on_behalf=entry.on_behalf,
        detail=deeds.detail(entry, words),
    )


ROUTES: list[BaseRoute] = [Route(menu.LOG, show, name="admin-log")]
