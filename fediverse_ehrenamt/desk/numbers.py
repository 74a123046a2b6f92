"""An organisation's own figures: how often its pages were opened, and what became of the enquiries to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.accounts.visits import Organisation
from fediverse_ehrenamt.desk import writing
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.engagements import store as enquiries
from fediverse_ehrenamt.figures import rules, store
from fediverse_ehrenamt.figures.pages import YEAR, Column, Read, Topic, monthly
from fediverse_ehrenamt.figures.rules import Figure
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.views import store as views
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

NUMBERS: Final = "zahlen"


@dataclass(frozen=True, slots=True)
class _Month:
    """What happened in a month; `days` is within how many half of its enquiries were answered, None for too few."""

    views: int
    asked: int
    placed: int
    days: int | None


@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def show(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show the figures of the last twelve months."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    months = rules.span(clock.day(workshop.now()), YEAR)
    known, days = await workshop.read(_count, organisation.uri, months)
    return rendering.page(
        request,
        "desk/numbers.html",
        organisation=organisation,
        home=f"{writing.PATH}/{organisation.handle}",
        on_behalf=accounts.on_behalf(visitor.grants, organisation.uri),
        topics=_topics(known, months, words),
        answering=view.answering(days, words),
    )


def _count(work: Work, organisation: str, months: Sequence[date]) -> tuple[dict[date, _Month], int | None]:
    known = {}
    for month in months:
        asked = store.asked(work, month, organisation)
        seen = views.of_organisation(work, organisation, month, rules.last_day(month))
        placed = store.placements(work, month, organisation)
        known[month] = _Month(seen, sum(asked.states.values()), placed, asked.days)
    return known, enquiries.usual_days(work, organisation)


def _topics(known: Mapping[date, _Month], months: Sequence[date], words: Language) -> list[Topic]:
    t = words.gettext

    def read(name: str) -> Read:
        def of(month: date) -> Figure | None:
            value = getattr(known[month], name) if month in known else None
            return None if value is None else Figure(value)

        return of

    seen = t("Wie oft die Seiten Ihrer Angebote und Termine geöffnet wurden, ohne Ihre eigenen Besuche.")
    asked = t(
        "Wie viele Anfragen kamen, wie viele Sie zugesagt haben, und in wie vielen Tagen die Hälfte beantwortet war."
    )
    columns = [Column(t("Anfragen"), read("asked")), Column(t("Vermittlungen"), read("placed"))]
    columns.append(Column(t("Tage bis zur Antwort"), read("days")))
    return [
        monthly("angesehen", t("Angesehen"), seen, [Column(t("angesehen"), read("views"))], months, words),
        monthly("anfragen", t("Anfragen"), asked, columns, months, words),
    ]


ROUTES: list[BaseRoute] = [Route(f"{writing.PATH}/{{handle}}/{NUMBERS}", show, name="desk-numbers")]
