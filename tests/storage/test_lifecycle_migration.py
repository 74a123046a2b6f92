"""What was published before showings were written down is shown, featured and upcoming as before: on both databases."""

from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import select

from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.storage.engine import Engines
from fediverse_ehrenamt.things import actions, showings
from fediverse_ehrenamt.things.model import ShowingRow
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.workbench import Clock, fest, offer

pytestmark = pytest.mark.anyio
_BEFORE = "0008"


def _to(engines: Engines, revision: str) -> None:
    with engines.writer.begin() as connection:
        made = migrate.config()
        made.attributes["connection"] = connection
        (command.downgrade if revision == _BEFORE else command.upgrade)(made, revision)


def _all(work: Work) -> dict[str, tuple[object, ...]]:
    rows = work.db.scalars(select(ShowingRow))
    return {row.uri: (row.actor, row.series, row.starts_at, row.shown_at, row.announcement) for row in rows}


async def test_showings_are_filled_from_what_there_is(instance: Instance, clock: Clock) -> None:
    home = instance.workshop
    owner = home.write_now(workbench.add_organisation)
    event = home.write_now(events.publish, owner, fest())
    home.write_now(opportunities.publish, owner, offer())
    before = home.read_now(_all)
    assert len(before) == 2
    assert before[event.uri][2] == fest().starts_at
    _to(home.engines, _BEFORE)
    _to(home.engines, "head")
    assert home.read_now(_all) == before
    assert home.read_now(showings.upcoming, owner, 0, 5)[1] == 1
    clock.forward(days=19)
    with pytest.raises(Conflict, match="stand zuletzt am 22"):
        home.write_now(actions.show_again, owner, "lesepatin")
    clock.forward(days=11)
    assert home.write_now(actions.show_again, owner, "lesepatin").again_from == clock.now + timedelta(days=30)
