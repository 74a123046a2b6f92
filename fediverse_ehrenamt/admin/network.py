"""The hosts around this instance: how it goes with each, and what an operator does about that."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, jobs, menu
from fediverse_ehrenamt.admin.asking import Question
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, Did
from fediverse_ehrenamt.federation import neighbours
from fediverse_ehrenamt.federation.neighbours import Neighbour, Portrait
from fediverse_ehrenamt.jobs import again
from fediverse_ehrenamt.jobs.overview import Trouble
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

ONE = f"{menu.NETWORK}/host"
LISTED = 50
"""How many hosts a page has."""
HOST = "host"
_ONLY, _FAULTY = "nur", "probleme"
_AGAIN, _GIVEN_UP = "erneut", "aufgegeben"
_LONGEST = 300
_SOURCES = 20
"""How many sources of a host are shown."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A host as it is read; `fault` is what last went wrong, moments are in the reader's language, "" for never."""

    host: str
    href: str
    software: str
    one: Neighbour
    success: str
    heard: str
    since: str
    until: str
    fault: str


@dataclass(frozen=True, slots=True)
class _Failed:
    """A job that failed, as it is read."""

    name: str
    tries: int
    when: str
    error: str


def href(host: str) -> str:
    """Return the address of a host's page."""
    return f"{ONE}?{urlencode({HOST: host})}"


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.OPERATE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a page of all hosts, or of those in trouble."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    faulty = request.query_params.get(_ONLY, "") == _FAULTY
    part = request.query_params.get(HOST, "").strip().lower()[:_LONGEST]
    at = asking.number(request, asking.PAGE, 1)
    found = [one for one in await workshop.read(neighbours.listing, failing=faulty) if part in one.host]
    kept = {_ONLY: _FAULTY if faulty else "", HOST: part}
    return menu.page(
        request,
        visitor,
        "admin/network.html",
        lines=[_line(one, words) for one in found[(at - 1) * LISTED : at * LISTED]],
        count=len(found),
        faulty=faulty,
        part=part,
        paging=asking.paging(menu.NETWORK, kept, at, LISTED, len(found)),
        notice=_notice(request, words),
        again=f"{menu.NETWORK}/erneut",
    )


def _line(one: Neighbour, words: Language) -> _Line:
    sister = words.gettext("Schwesterinstanz") if one.sister else ""
    return _Line(
        host=one.host,
        href=href(one.host),
        software=sister or one.software or words.gettext("unbekannte Software"),
        one=one,
        success=_said(one.last_success_at, words),
        heard=_said(one.heard_at, words),
        since=_said(one.failing_since, words),
        until=_said(one.opened_until, words),
        fault=(one.unread or one.error) if one.in_trouble else "",
    )


def _said(moment: datetime | None, words: Language) -> str:
    return words.span(moment, None) if moment else ""


def _notice(request: Request, words: Language) -> str:
    number = asking.number(request, asking.NUMBER)
    tried = words.ngettext(
        "%(number)s Auftrag wird jetzt noch einmal versucht.", "%(number)s Aufträge werden jetzt noch einmal versucht.",
        number,
    )  # fmt: skip
    ended = words.ngettext("%(number)s Auftrag ist aufgegeben.", "%(number)s Aufträge sind aufgegeben.", number)
    sentence = {_AGAIN: tried, _GIVEN_UP: ended}.get(request.query_params.get(asking.DONE, ""), "")
    return sentence % {"number": words.number(number)} if sentence else ""


# --- one host ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.OPERATE)
async def portrait(request: Request, visitor: Visitor) -> Response:
    """Show a host with its sources and what failed there."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    host = request.query_params.get(HOST, "")[:_LONGEST]
    found: Portrait = await workshop.read(neighbours.get, host)
    return menu.page(
        request,
        visitor,
        "admin/host.html",
        line=_line(found.neighbour, words),
        sources=found.sources[:_SOURCES],
        source=f"{menu.SOURCES}/quelle",
        failed=[_failed(job, words) for job in found.troubles],
        again=f"{ONE}/erneut",
        give_up=f"{ONE}/aufgeben?{urlencode({HOST: found.neighbour.host})}",
        notice=_notice(request, words),
        back=menu.NETWORK,
        kept=again.GIVEN_UP_LAST.days,
    )


def _failed(job: Trouble, words: Language) -> _Failed:
    if job.given_up_at:
        when = words.gettext("aufgegeben: %(day)s") % {"day": words.span(job.given_up_at, None)}
    else:
        when = words.gettext("wieder: %(day)s") % {"day": words.span(job.due_at, None)}
    return _Failed(jobs.name_of(job.name, words), job.tries, when, job.error)


# --- trying again and giving up ---------------------------------------------------------------------------------------
@visits.needs(Permission.OPERATE)
async def replay_all(request: Request, visitor: Visitor) -> Response:
    """Try again, at all hosts, what waits."""
    await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    count = await workshop.write(_replay, visitor, "", given_up=False)
    return asking.back(menu.NETWORK, _AGAIN, count)


@visits.needs(Permission.OPERATE)
async def replay(request: Request, visitor: Visitor) -> Response:
    """Try again, at one host, what waits, and what was given up where that is wished."""
    typed = await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    host = typed.get(HOST, "")[:_LONGEST]
    count = await workshop.write(_replay, visitor, host, given_up=_GIVEN_UP in typed)
    return asking.back(href(host), _AGAIN, count)


def _replay(work: Work, visitor: Visitor, host: str, *, given_up: bool) -> int:
    found = neighbours.get(work, host).neighbour.host if host else ""
    done = again.replay(work, found or None, given_up=given_up)
    count = done.waiting + done.given_up
    if count:
        _note(work, visitor, Did.SENT_AGAIN, found or "alle Hosts", count)
    return count


@visits.needs(Permission.OPERATE)
async def ask_give_up(request: Request, visitor: Visitor) -> Response:
    """Say what giving up means for a host, and ask whether that is meant."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    found = await workshop.read(neighbours.get, request.query_params.get(HOST, "")[:_LONGEST])
    one = found.neighbour
    waits = words.ngettext("%(number)s Auftrag wartet dort.", "%(number)s Aufträge warten dort.", one.waiting)
    facts = [
        waits % {"number": words.number(one.waiting)},
        words.gettext(
            "Was aufgegeben ist, erfährt dieser Host nicht mehr von selbst. %(days)s Tage lang können Sie es noch "
            "einmal versuchen, danach wird es gelöscht."
        )
        % {"days": again.GIVEN_UP_LAST.days},
    ]
    heading = words.gettext("Alles für %(host)s aufgeben?") % {"host": one.host}
    fields = [(HOST, one.host)]
    question = Question(heading, facts, href(one.host), words.gettext("Ja, aufgeben"), f"{ONE}/aufgeben", fields)
    return asking.page(request, visitor, question)


@visits.needs(Permission.OPERATE)
async def give_up(request: Request, visitor: Visitor) -> Response:
    """Give up what waits for a host."""
    typed = await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    host = typed.get(HOST, "")[:_LONGEST]
    count = await workshop.write(_give_up, visitor, host)
    return asking.back(href(host), _GIVEN_UP, count)


def _give_up(work: Work, visitor: Visitor, host: str) -> int:
    found = neighbours.get(work, host).neighbour.host
    count = again.give_up(work, found)
    if count:
        _note(work, visitor, Did.GIVEN_UP, found, count)
    return count


def _note(work: Work, visitor: Visitor, did: Did, host: str, count: int) -> None:
    audit.note(work, visits.by(visitor), did, About(host, host), sentence("Aufträge: %(number)s", number=count))


ROUTES: list[BaseRoute] = [
    Route(menu.NETWORK, show, name="admin-network"),
    Route(f"{menu.NETWORK}/erneut", replay_all, methods=["POST"], name="admin-network-again"),
    Route(ONE, portrait, name="admin-host"),
    Route(f"{ONE}/erneut", replay, methods=["POST"], name="admin-host-again"),
    Route(f"{ONE}/aufgeben", ask_give_up, name="admin-host-ask-give-up"),
    Route(f"{ONE}/aufgeben", give_up, methods=["POST"], name="admin-host-give-up"),
]
