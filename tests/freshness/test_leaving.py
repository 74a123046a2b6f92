"""What nobody confirms leaves the index, our own offers and those of others at the same moment."""

from datetime import timedelta

import pytest

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import inbox
from fediverse_ehrenamt.kit.errors import Gone
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things import tasks
from fediverse_ehrenamt.vocab import lifetimes
from fediverse_ehrenamt.vocab.types import PUBLIC, Create, Opportunity, OpportunityDetails, Update
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.freshness.asking import Town
from tests.workbench import ANNA, PEER, Clock

pytestmark = pytest.mark.anyio
THEIRS = f"{PEER}/offers/1"


def hear(work: Work, kind: type[Create | Update]) -> None:
    """Be told by a source of an offer that says when it was confirmed, and nothing of its end."""
    details = OpportunityDetails(title="Lesen", kind="regelmaessig", areas=("kultur",), confirmed_at=work.now)
    thing = Opportunity(
        id=THEIRS, attributed_to=ANNA, content="<p>x</p>", published=workbench.NOW, to=(PUBLIC,), details=details
    )
    inbox.dispatch(work, wiring.HANDLERS, kind(id="", actor=ANNA, object=thing, to=(PUBLIC,)))


def tidy(work: Work) -> None:
    opportunities.expire(work)
    tasks.expire(work)


def listed(town: Town, uri: str) -> bool:
    try:
        town.write(search.get, uri)
    except Gone:
        return False
    return True


@pytest.mark.parametrize("confirmed", [False, True])
async def test_a_year_without_a_word(hagen: Town, clock: Clock, confirmed: bool) -> None:
    ours = hagen.publish().uri
    hagen.write(workbench.add_source)
    hagen.write(hear, Create)
    if confirmed:
        clock.forward(days=200)
        hagen.write(opportunities.confirm, hagen.owner, "lesepatin")
        hagen.write(hear, Update)
    clock.now += lifetimes.OFFER_HOLDS - timedelta(minutes=1)
    hagen.write(tidy)
    assert (listed(hagen, ours), listed(hagen, THEIRS)) == (True, True)
    clock.forward(minutes=2)
    hagen.write(tidy)
    assert (listed(hagen, ours), listed(hagen, THEIRS)) == (False, False)
