"""Figures of two years as they would have been counted day by day, for pages to show."""

from datetime import date

from fediverse_ehrenamt.engagements.rules import STATES
from fediverse_ehrenamt.figures import rules, store
from fediverse_ehrenamt.figures.rules import What
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.work import Work

_AREAS = ("soziales", "kultur", "umwelt_tiere", "sport", "schule_kita")
_DISTRICTS = ("Hagen-Haspe", "Hagen-Wehringhausen", "Hagen-Hohenlimburg", "Hagen-Emst")
_MONTHS = 24


def remember(work: Work, months: int = _MONTHS) -> None:
    """Write figures that grow from month to month; the older half was counted afterwards."""
    for number, month in enumerate(rules.span(work.now.astimezone(HOME).date(), months)):
        store.put(work, month, _of_month(number, month), later=number < months // 2)


def _of_month(number: int, month: date) -> dict[tuple[What, str], float]:
    swing = 1 + month.month % 4
    values: dict[tuple[What, str], float] = {
        (What.OPEN, ""): 60 + 4 * number + swing, (What.OWN, ""): 40 + 2 * number, (What.NEW, ""): 9 + swing,
        (What.ENDED, ""): 4 + swing, (What.DATES, ""): 12 + swing, (What.FRESH_YEAR, ""): 50 + 4 * number,
        (What.FRESH_QUARTER, ""): 20 + number, (What.AGE, ""): 90.5 - number, (What.FOLLOWERS, ""): 100 + 21 * number,
        (What.ORGANISATIONS, ""): 10 + number // 2, (What.ENQUIRIES, ""): 7 * swing, (What.PLACEMENTS, ""): 2 * swing,
        (What.ANSWER, ""): swing, (What.VIEWS, ""): 1_200 + 333 * swing, (What.SEARCHES, ""): 800 + number,
        (What.IN_VAIN, ""): 40 + number,
    }  # fmt: skip
    values |= {(What.ENQUIRIES, rules.STATE + state): swing for state in STATES}
    for place, part in enumerate([rules.AREA + area for area in _AREAS] + [rules.DISTRICT + one for one in _DISTRICTS]):
        values |= {(What.OPEN, part): 3 * place + number, (What.NEW, part): place, (What.ENDED, part): swing}
    return values
