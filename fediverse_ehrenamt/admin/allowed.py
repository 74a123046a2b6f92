"""The page of allowed hosts: with whom alone this portal speaks, where its operator has decided so."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.federation import domain_blocks, restrictions, rules
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = f"{menu.BLOCKS}/erlaubt"
STRIKE: Final = f"{PATH}/streichen"
_LONGEST_BODY, _MOST_FIELDS = 10_000, 5
_HOST, _REASON, _DONE = "host", "grund", "getan"
_ALLOWED, _STRUCK = "erlaubt", "gestrichen"
_LONGEST_HOST = 2_100


@visits.needs(Permission.BLOCK)
async def show(request: Request, visitor: Visitor) -> Response:
    """List the hosts, with a form for one more."""
    return await _page(request, visitor, {}, {})


@visits.needs(Permission.BLOCK)
async def allow(request: Request, visitor: Visitor) -> Response:
    """Allow a host; one that is allowed already gets the new reason."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    host, reason = _host(typed), typed.get(_REASON, "").strip()
    problems = _problems(host, reason, rendering.language_of(request))
    if problems:
        return await _page(request, visitor, typed, problems)
    await workshop.write(_allow, host, reason, visits.by(visitor))
    return _back(_ALLOWED, host, "")


@visits.needs(Permission.BLOCK)
async def strike(request: Request, visitor: Visitor) -> Response:
    """Take a host off the list; the answer offers to put it back, so nothing is asked."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    host = typed.get(_HOST, "")
    try:
        reason = await workshop.write(_strike, host, visits.by(visitor))
    except NotFound:  # it was struck already
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)
    return _back(_STRUCK, host, reason)


async def _page(request: Request, visitor: Visitor, typed: Mapping[str, str], problems: Mapping[str, str]) -> Response:
    workshop: Workshop = request.app.state.workshop
    found = await workshop.read(restrictions.allowed)
    words = rendering.language_of(request)
    done, host = request.query_params.get(_DONE, ""), request.query_params.get(_HOST, "")[:_LONGEST_HOST]
    sentences = {
        _ALLOWED: words.gettext("%(host)s ist erlaubt."),
        _STRUCK: words.gettext("%(host)s ist nicht mehr erlaubt."),
    }
    return menu.page(
        request,
        visitor,
        "admin/allowed.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        allowed=[(one.host, one.reason, words.long_day(one.since)) for one in found],
        holds=workshop.settings.federation == "allowlist",
        notice=sentences[done] % {"host": host} if done in sentences and host and not problems else "",
        again=(host, request.query_params.get(_REASON, "")) if done == _STRUCK and host else None,
        typed={_HOST: "", _REASON: "", **typed},
        problems=problems,
        longest=domain_blocks.COMMENT_LENGTH,
        paths_of={"blocks": menu.BLOCKS, "allow": PATH, "strike": STRIKE},
    )


def _host(typed: Mapping[str, str]) -> str:
    """Return the host that was typed in its one spelling, "" where it is none."""
    subject = rules.subject_of(typed.get(_HOST, "").strip()[:_LONGEST_HOST])
    return "" if "://" in subject else subject


def _problems(host: str, reason: str, words: Language) -> dict[str, str]:
    problems = {}
    if not host:
        problems[_HOST] = words.gettext("Bitte nennen Sie einen Host, zum Beispiel ehrenamt.beispiel.de.")
    if said := forms.too_long(reason, domain_blocks.COMMENT_LENGTH, words):
        problems[_REASON] = said
    return problems


def _allow(work: Work, host: str, reason: str, by: By) -> None:
    restrictions.allow(work, host, reason)
    audit.note(work, by, Did.HOST_ALLOWED, About(host, host), reason)


def _strike(work: Work, host: str, by: By) -> str:
    """Return the reason for which it was allowed; raises `NotFound`."""
    reason = restrictions.disallow(work, host).reason
    audit.note(work, by, Did.HOST_STRUCK, About(host, host), reason)
    return reason


def _back(done: str, host: str, reason: str) -> Response:
    told = {_DONE: done, _HOST: host, **({_REASON: reason} if reason else {})}
    return RedirectResponse(f"{PATH}?{urlencode(told)}", HTTPStatus.SEE_OTHER)


ROUTES: list[BaseRoute] = [
    Route(PATH, show, name="admin-allowed"),
    Route(PATH, allow, methods=["POST"], name="admin-allow"),
    Route(STRIKE, strike, methods=["POST"], name="admin-disallow"),
]
