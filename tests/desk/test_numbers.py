"""An organisation's own figures, on both databases: its own alone, with what is left of erased enquiries."""

from datetime import date, timedelta

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.engagements import actions as engagements
from fediverse_ehrenamt.engagements import asking, tasks
from fediverse_ehrenamt.engagements import rules as enquiries
from fediverse_ehrenamt.engagements import store as enquiries_store
from fediverse_ehrenamt.engagements.actions import Step
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.views import store as views
from fediverse_ehrenamt.views.rules import Seen
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
NUMBERS = "/verwaltung/organisationen/buecherei/zahlen"
DAY = date(2026, 11, 20)


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def agree(work: Work, page: str, name: str) -> None:
    number = asking.enter(work, page, Person(name=name, phone="02331 123456"), "de").id
    row = enquiries_store.get(work, number, changes=True)
    engagements.take(work, row, Step(enquiries.ORGANISATION, enquiries.AGREE))


async def test_an_organisation_sees_its_own_figures(hagen: House, clock: Clock) -> None:
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    other = hagen.write(add_organisation, "garten", "Gartenfreunde")
    page = hagen.write(opportunities.publish, library, offer()).page
    theirs = hagen.write(opportunities.publish, other, offer("garten")).page
    for number in range(5):
        hagen.write(agree, page, f"Person {number}")
    hagen.write(agree, theirs, "Bert")
    seen = {(DAY, Seen(page, library)): 42, (DAY, Seen(theirs, other)): 1_000}
    hagen.write(views.add, seen | {(DAY - timedelta(days=60), Seen(page, library)): 7})
    anna = hagen.add("anna@hagen.de", "Anna Bücherei", Grant(Role.EDITOR, library)).id
    bert = hagen.add("bert@hagen.de", "Bert Garten", Grant(Role.OWNER, other)).id
    clara = hagen.add("clara@hagen.de", "Clara Koordination", Grant(Role.COORDINATOR)).id
    async with hagen.visit(anna) as browser:
        text = (await browser.get(NUMBERS)).text
        assert NUMBERS in (await browser.get(NUMBERS.rpartition("/")[0])).text
    async with hagen.visit(bert) as browser:
        assert (await browser.get(NUMBERS)).status_code == 403
    async with hagen.visit(clara) as browser:
        assert "Sie handeln im Namen von" in (await browser.get(NUMBERS)).text
    for said in ("November 2026: 42", "September 2026: 7", "November 2026: 5"):
        assert said in text
    assert "1.000" not in text
    assert "antwortet meist innerhalb von 1 Tag" in text
    assert row(text, "November 2026", "Vermittlungen") == "5"
    clock.forward(days=enquiries.UNTOUCHED_LASTS.days + 1)
    hagen.write(tasks.erase_old)
    async with hagen.visit(anna) as browser:
        later = (await browser.get(NUMBERS)).text
    assert row(later, "November 2026", "Vermittlungen") == "5", "what is left of erased ones tells"


def row(text: str, month: str, column: str) -> str:
    """Return what stands in a column of the second table."""
    line = text.rpartition(f"<bdi>{month}</bdi>")[2].partition("</tr>")[0]
    return line.partition(f'data-name="{column}">')[2].partition("<")[0]
