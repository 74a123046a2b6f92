"""The queue of stale offers: doubted by visitors, soon over, old; reminded of, confirmed, withdrawn, hidden."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import faded, menu, shown, withdrawing
from fediverse_ehrenamt.admin.shown import Item
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import actions as desk
from fediverse_ehrenamt.doubts import actions as doubts
from fediverse_ehrenamt.doubts import rules as doubt_rules
from fediverse_ehrenamt.doubts.actions import Doubted
from fediverse_ehrenamt.freshness import actions as freshness
from fediverse_ehrenamt.freshness import rules as freshness_rules
from fediverse_ehrenamt.freshness.actions import Nearing
from fediverse_ehrenamt.kit.errors import Conflict, Gone, Invalid, NotFound
from fediverse_ehrenamt.moderation.rules import Ground
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.things import faded as old
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = menu.STALE
_DO: Final = f"{PATH}/entscheiden"
_WITHDRAW: Final = f"{PATH}/zurueckziehen"
_PAGE, _MOST = 25, 200  # _MOST: of each kind
_LONGEST_BODY, _MOST_FIELDS = 8_000, 5
_FROM, _URI, _VERB, _DONE = "ab", "eintrag", "was", "getan"
_REMIND, _CONFIRM, _CLEAR = "erinnern", "bestaetigen", "hinweise-vergessen"
_VERBS = (_REMIND, _CONFIRM, _CLEAR)


@dataclass(frozen=True, slots=True)
class _Stale:
    """An offer with what makes it stale."""

    uri: str
    doubted: Doubted | None
    nearing: Nearing | None


@dataclass(frozen=True, slots=True)
class _Line:
    """An offer in the list, in the reader's language; `asked` says when and how often its organisation was asked."""

    item: Item
    doubts: str
    ends: str
    asked: str
    remindable: bool


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.REVIEW_OFFERS)
async def overview(request: Request, visitor: Visitor) -> Response:
    """Show the offers that visitors doubt, those that end soon unless somebody confirms them, old ones of others."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    begins = min(shown.number(request, _FROM), 2 * _MOST)
    found, about = await workshop.read(_listed, begins)
    aged = await workshop.read(faded.find)
    done = request.query_params.get(_DONE, "")
    return menu.page(
        request,
        visitor,
        "admin/stale.html",
        lines=[_line(one, about[one.uri], words, workshop.now()) for one in found[:_PAGE]],
        begins=begins,
        further=f"{PATH}?{_FROM}={begins + _PAGE}" if len(found) > _PAGE else "",
        done=done if done in (*_VERBS, *faded.VERBS) else "",
        groups=[] if begins else faded.groups(aged, visitor, words),
        enough=doubt_rules.ENOUGH,
        paths_of={"base": PATH, "do": _DO, "withdraw": _WITHDRAW, "faded": faded.PATH},
    )


def _listed(work: Work, begins: int) -> tuple[list[_Stale], Mapping[str, Item]]:
    found = _all(work)[begins : begins + _PAGE + 1]
    return found, shown.items(work, (one.uri for one in found))


def _all(work: Work) -> list[_Stale]:
    nearing = {one.uri: one for one in freshness.nearing(work, _MOST)}
    doubted = doubts.listing(work)
    both = [_Stale(one.uri, one, nearing.pop(one.uri, None)) for one in doubted]
    return both + [_Stale(uri, None, one) for uri, one in nearing.items()]


def count(work: Work) -> int:
    """Count what waits in this queue, as far as it is listed."""
    aged = (one.document.uri for one in old.listing(work))
    return len({*freshness.nearing_uris(work, _MOST), *(one.uri for one in doubts.listing(work)), *aged})


def _line(one: _Stale, item: Item, words: Language, now: datetime) -> _Line:
    doubted, nearing = one.doubted, one.nearing
    ends = ""
    if nearing is not None:
        told = {"ends": words.long_day(nearing.expires_at), "confirmed": words.long_day(nearing.confirmed_at)}
        ends = words.gettext("endet am %(ends)s, zuletzt bestätigt am %(confirmed)s") % told
    remindable = item.local and _may_be_reminded(one, now)
    return _Line(item, _doubts(doubted, words, now) if doubted else "", ends, _asked(one, words), remindable)


def _may_be_reminded(one: _Stale, now: datetime) -> bool:
    """Say whether the organisation can be written to now, as far as is known here: at most once a day."""
    if one.nearing is not None and not one.nearing.reached:
        return False
    last = _last_asked(one)
    return last is None or last + freshness_rules.BY_HAND <= now


def _last_asked(one: _Stale) -> datetime | None:
    moments = [one.doubted.asked_at if one.doubted else None, one.nearing.reminded_at if one.nearing else None]
    return max((moment for moment in moments if moment), default=None)


def _doubts(doubted: Doubted, words: Language, now: datetime) -> str:
    reasons = [
        f"{words.gettext(doubt_rules.REASONS.get(slug, '')) or words.gettext('ohne Grund')} ({words.number(number)})"
        for slug, number in doubted.reasons.items()
    ]
    counted = words.ngettext("%(number)s Hinweis", "%(number)s Hinweise", doubted.count) % {
        "number": words.number(doubted.count)
    }
    last = words.gettext("zuletzt %(ago)s") % {"ago": words.ago(doubted.last_at, now)}
    return f"{counted}: {', '.join(reasons)}; {last}"


def _asked(one: _Stale, words: Language) -> str:
    """Say when the organisation was last reminded, and how often of this offer's end."""
    last = _last_asked(one)
    if one.nearing is not None and not one.nearing.reached:
        return words.gettext("Die Organisation hat keine Mailadresse hinterlegt oder möchte keine Erinnerungen.")
    if last is None:
        return words.gettext("Die Organisation wurde noch nicht erinnert.") if one.nearing else ""
    times = one.nearing.stage if one.nearing else 0
    if times:
        said = words.gettext("Organisation zuletzt erinnert am %(day)s, an dieses Ende %(number)s-mal")
    else:
        said = words.gettext("Organisation zuletzt erinnert am %(day)s")
    return said % {"day": words.long_day(last), "number": words.number(times)}


# --- deciding ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.REVIEW_OFFERS)
async def decide(request: Request, visitor: Visitor) -> Response:
    """Remind an organisation of an offer, confirm it on its behalf, or forget what visitors said against it."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    verb, uri = typed.get(_VERB, ""), typed.get(_URI, "")
    try:
        await workshop.write(_decide, uri, verb, visitor)
    except (Gone, NotFound):  # it was decided about meanwhile
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)
    except (Conflict, Invalid) as error:
        reason = error.problems[0].message if isinstance(error, Invalid) else error.public
        values = {"reason": words.gettext(reason), "back": PATH}
        return menu.page(request, visitor, "admin/refused.html", error.status, **values)
    return RedirectResponse(f"{PATH}?{_DONE}={verb}", HTTPStatus.SEE_OTHER)


def _decide(work: Work, uri: str, verb: str, visitor: Visitor) -> None:
    document = documents.get(work, uri)
    item = shown.item(document)
    organisation = item.organisation_uri if item.local else ""
    by: By = visits.by(visitor, organisation)
    if verb == _CONFIRM and item.local:
        desk.change(work, organisation, document.id, desk.CONFIRM, by)
    elif verb == _REMIND and item.local:
        doubts.remind(work, uri)
        audit.note(work, visits.by(visitor), Did.REMINDED, About(item.title, uri, organisation))
    elif verb == _CLEAR:
        doubts.clear(work, document.id)
        audit.note(work, visits.by(visitor), Did.CONFIRMED, About(item.title, uri, organisation), "Hinweise vergessen")
    else:
        raise NotFound("Das geht bei diesem Eintrag nicht.")


ROUTES: list[BaseRoute] = [
    Route(PATH, overview, name="admin-stale"),
    Route(_DO, decide, methods=["POST"], name="admin-stale-decide"),
    *faded.ROUTES,
    *withdrawing.pages(Permission.REVIEW_OFFERS, _WITHDRAW, PATH, Ground.OUTDATED),
]
