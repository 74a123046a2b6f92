"""Pages about what fits whom: the few questions of the profile, and how matching works, from the rules themselves."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import profile as profiles
from fediverse_ehrenamt.discover import questions, results
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.matching import explaining, gates, params, parts, rules, week, weights, wording
from fediverse_ehrenamt.matching.offers import Offer
from fediverse_ehrenamt.matching.profile import Profile, Where
from fediverse_ehrenamt.matching.weights import CRITERIA, Weights
from fediverse_ehrenamt.search.engine import COMPARED
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language

PROFILE, EXPLAINED = "/passung", "/so-funktioniert-die-passung"
_LONGEST_BODY = 16_384  # bytes
_STATE, _ACTION, _DELETE, _SHOW = "stand", "aktion", "loeschen", "zeigen"
_KEPT, _KEPT_WITHOUT, _FORGOTTEN = "gemerkt", "ohne_bedarf", "geloescht"
_NOT_ASKED = {_STATE, _ACTION, rendering.LANGUAGE_PARAMETER}


async def ask(request: Request) -> Response:
    """Show the questions with what the browser has kept, or with the answers in the URL."""
    given = [pair for pair in request.query_params.multi_items() if pair[0] not in _NOT_ASKED]
    kept = profiles.find(request)
    try:
        shown = params.read(given) if given else kept
    except Invalid as invalid:
        return _page(request, questions.form(given, invalid.problems), kept)
    return _page(request, questions.form(params.write(shown)), kept)


async def answer(request: Request) -> Response:
    """Have the browser keep the answers or forget them, or say beside each field what is wrong with it.

    Whoever wants to see what fits is led there at once, unless they have to hear first that something was not kept.
    """
    typed = await forms.posted(request, _LONGEST_BODY, params.MAX_PARAMS)
    if (_ACTION, _DELETE) in typed:
        response = _back(_FORGOTTEN)
        profiles.forget(request, response)
        return response
    try:
        said = params.read([pair for pair in typed if pair[0] not in _NOT_ASKED])
        whole = said.kept() == said
        response = _to_offers() if whole and (_ACTION, _SHOW) in typed else _back(_KEPT if whole else _KEPT_WITHOUT)
        profiles.keep(request, response, said)
    except Invalid as invalid:
        return _page(request, questions.form(typed, invalid.problems), profiles.find(request))
    return response


async def explained(request: Request) -> Response:
    """Say how matching works; every number on the page is the one that is used."""
    words, instance = rendering.language_of(request), profiles.weights(request)
    return rendering.page(
        request,
        "discover/matching.html",
        gates=[_filled(one.rule, words) for one in gates.GATES],
        criteria=criteria(instance, profiles.find(request), words),
        example=example(instance, words),
        rules=rules,
        unsaid=parts.UNSAID,
        freshness=rules.FRESHNESS,
        most=weights.MOST,
        compared=COMPARED,
    )


def _page(request: Request, form: questions.Form, kept: Profile) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.wrong else HTTPStatus.OK
    state, words = request.query_params.get(_STATE, ""), rendering.language_of(request)
    response = rendering.page(
        request,
        "discover/profile.html",
        status,
        form=form,
        kept=kept != Profile(),
        notice=state if state in {_KEPT, _KEPT_WITHOUT, _FORGOTTEN} else "",
        days=questions.rows(words),
        parts=questions.columns(words),
    )
    response.headers["Cache-Control"] = "no-store"  # whoever uses the machine next shall not find it by going back
    return response


def _to_offers() -> RedirectResponse:
    return RedirectResponse(results.href((("art", "angebot"),)), HTTPStatus.SEE_OTHER)


def _back(state: str) -> RedirectResponse:
    return RedirectResponse(f"{PROFILE}?{_STATE}={state}", HTTPStatus.SEE_OTHER)


# --- how it works -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """One criterion on the page: in words, with its weight here and, where they changed it, for the visitor."""

    label: str
    judged: str
    weight: str
    own: str


def criteria(instance: Weights, profile: Profile, words: Language) -> tuple[Row, ...]:
    """Return all criteria with the weights of an instance and of a visitor, in words."""
    own = instance.personal(profile.levels).values
    changed = {slug for slug, _ in profile.levels}
    return tuple(
        Row(
            words.gettext(one.label),
            _filled(one.judged, words),
            words.number(instance.values[number]),
            words.number(own[number]) if one.slug in changed else "",
        )
        for number, one in enumerate(CRITERIA)
    )


def _filled(sentence: str, words: Language) -> str:
    """Return a sentence in the reader's language with the numbers of the rules in it."""
    filled = words.gettext(sentence) % {
        "days": words.number(gates.HOLDS_DAYS),
        "flexible": _percent(parts.FLEXIBLE, words),
        "online": _percent(parts.FROM_HOME, words),
        "area_wide": _percent(parts.AREA_WIDE, words),
    }
    return filled.replace(" %", "\N{NO-BREAK SPACE}%")


def _percent(part: float, words: Language) -> str:
    return words.number(round(100 * part))


_EXAMPLE_PROFILE: Final = Profile(
    areas=frozenset({"umwelt_tiere"}),
    activities=frozenset({"garten_naturpflege", "tiere_versorgen"}),
    cells=week.mask(["sa-vormittags", "sa-nachmittags"]),
    where=Where("Hagen", 51.3608, 7.4717, 20, "hagen"),
    needs=frozenset({"stufenlos"}),
)
_EXAMPLE_OFFER: Final = Offer(
    uri="",
    areas=("umwelt_tiere",),
    activities=("garten_naturpflege",),
    cells=week.mask(["sa-vormittags"]),
    latitude=51.3608,
    longitude=7.5176,
)


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up match, worked out by the rules: the sentence, and each criterion with its weight and its share."""

    sentence: str
    rows: tuple[tuple[str, str, str], ...]


def example(instance: Weights, words: Language) -> Example:
    """Return one match as the rules of this instance judge it."""
    counted = rules.breakdown(_EXAMPLE_OFFER, _EXAMPLE_PROFILE, instance)
    return Example(
        wording.sentence(explaining.explain(_EXAMPLE_OFFER, _EXAMPLE_PROFILE, instance), words),
        tuple(
            (
                words.gettext(CRITERIA[one.criterion].label),
                words.number(one.weight),
                _percent(parts.UNSAID if one.part is None else one.part, words),
            )
            for one in counted
        ),
    )


ROUTES: list[BaseRoute] = [
    Route(PROFILE, ask, name="profile"),
    Route(PROFILE, answer, methods=["POST"], name="profile-answer"),
    Route(EXPLAINED, explained, name="matching"),
]
