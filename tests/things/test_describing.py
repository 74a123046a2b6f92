"""Facts that the search did not know when an offer came are read again from the offer; nothing else is written."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import inbox as received
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.things import describing
from fediverse_ehrenamt.vocab.types import Create, Opportunity, OpportunityDetails
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import ANNA, NOW, PEER, note, offer

pytestmark = pytest.mark.anyio
FIRST, LAST = date(2027, 1, 11), date(2027, 3, 31)
URI = f"{PEER}/offers/1"


@pytest.fixture
def home(instance: Instance) -> Workshop:
    instance.workshop.write_now(workbench.add_source, ANNA)
    return instance.workshop


def forget(work: Work, uris: list[str]) -> int:
    """Let the search know as little of some offers as before it learnt of first days."""

    def decide(held: Any) -> list[Document]:
        return [replace(one, facts=replace(one.facts, start_date=None)) for one in held]

    return search.amend(work, uris, decide)


async def test_offers_of_our_own_and_of_others_are_described_anew(home: Workshop) -> None:
    details = OpportunityDetails(
        title="Kleider sortieren", kind="regelmaessig", areas=("soziales",), start_date=FIRST, end_date=LAST
    )
    foreign = Opportunity(id=URI, attributed_to=ANNA, name="Kleider", published=NOW, to=note().to, details=details)
    await home.write(received.dispatch, wiring.HANDLERS, Create(id="", actor=ANNA, object=foreign))
    library = await home.write(workbench.add_organisation)
    drafted = offer(key="garten")
    own = await home.write(
        opportunities.publish, library, replace(drafted, details=replace(drafted.details, start_date=FIRST))
    )
    untouched = await home.write(opportunities.publish, library, offer(key="lesen"))
    assert await home.write(forget, [URI, own.uri]) == 2
    before = await home.read(search.newest)

    job = Job(1, "", "", describing.DESCRIBE_AGAIN, "", 0, NOW)
    await wiring.JOBS[describing.DESCRIBE_AGAIN](home, job)

    changed = await home.read(search.changes, before)
    assert {change.uri for change in changed} == {URI, own.uri}, "what has become no different is not written"
    for uri, last in ((URI, LAST), (own.uri, drafted.details.end_date)):
        facts = (await home.read(search.get, uri)).facts
        assert facts is not None
        assert (facts.start_date, facts.end_date) == (FIRST, last)
    after = await home.read(search.newest)
    await wiring.JOBS[describing.DESCRIBE_AGAIN](home, job)
    assert await home.read(search.newest) == after
    assert (await home.read(search.get, untouched.uri)).facts is not None
