"""The statistics over time: pages with plots and tables, and each table as a file."""

from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu, topics
from fediverse_ehrenamt.figures import actions, rules
from fediverse_ehrenamt.figures.pages import YEAR, Topic
from fediverse_ehrenamt.figures.rules import Figures, What
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.web import rendering, spreadsheets
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Workshop

SPANS = (6, YEAR, 2 * YEAR)  # months
_SPAN = "monate"


@dataclass(frozen=True, slots=True)
class Key:
    """One of the numbers that stand first; `former` is the same a year before, "" where that is unknown."""

    words: str
    value: str
    former: str


@visits.needs(Permission.SEE_STATISTICS)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show all topics over the chosen months."""
    words = rendering.language_of(request)
    months, figures = await _read(request)
    return menu.page(
        request,
        visitor,
        "admin/statistics.html",
        base=menu.STATISTICS,
        spans=SPANS,
        months=len(months),
        keys=_keys(figures, months, words),
        topics=topics.topics(figures, months, words),
        counted=words.span(figures.at, None) if figures.at else "",
    )


@visits.needs(Permission.SEE_STATISTICS)
async def table(request: Request, _visitor: Visitor) -> Response:
    """Give the table of one topic as a file."""
    months, figures = await _read(request)
    topic = _find(topics.topics(figures, months, rendering.language_of(request)), request.path_params["topic"])
    return spreadsheets.answer(f"statistik-{topic.slug}", topic.headings, topic.lines())


def _find(all_: list[Topic], slug: str) -> Topic:
    topic = next((one for one in all_ if one.slug == slug), None)
    if topic is None:
        raise NotFound("Diese Seite gibt es hier nicht.")
    return topic


async def _read(request: Request) -> tuple[list[date], Figures]:
    """Return the chosen months, and their figures with those of the year before."""
    workshop: Workshop = request.app.state.workshop
    asked = request.query_params.get(_SPAN, "")
    chosen = next((span for span in SPANS if str(span) == asked), YEAR)
    months = rules.span(clock.day(workshop.now()), chosen + YEAR)
    return months[YEAR:], await workshop.read(actions.read, months)


def _keys(figures: Figures, months: list[date], words: Language) -> list[Key]:
    t, last = words.gettext, months[-1]
    former = [rules.before(month, YEAR) for month in months]

    def state(name: str, what: What) -> Key:
        return _key(name, figures.value(last, what), figures.value(former[-1], what), words)

    def sum_(name: str, what: What) -> Key:
        comparable = len(months) <= YEAR and all(figures.find(month, what) for month in former)
        return _key(name, figures.total(months, what), figures.total(former, what) if comparable else None, words)

    return [
        state(t("offene Angebote"), What.OPEN),
        state(t("Organisationen"), What.ORGANISATIONS),
        sum_(t("Anfragen"), What.ENQUIRIES),
        sum_(t("Vermittlungen"), What.PLACEMENTS),
        sum_(t("angesehene Seiten"), What.VIEWS),
    ]


def _key(name: str, value: float | None, former: float | None, words: Language) -> Key:
    said = "–" if value is None else words.number(value)
    return Key(name, said, "" if former is None else words.number(former))


ROUTES: list[BaseRoute] = [
    Route(menu.STATISTICS, show, name="admin-statistics"),
    Route(f"{menu.STATISTICS}/{{topic}}.csv", table, name="admin-statistics-table"),
]
