"""Setting up once, on both databases; what later commands are told when something does not fit."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fediverse_ehrenamt import setup
from fediverse_ehrenamt.federation.model import InstanceRow, LocalActorRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.workbench import Clock

pytestmark = pytest.mark.anyio


async def test_an_instance_is_set_up_once(database_url: str, tmp_path: Path) -> None:
    workshop = workbench.open_workshop(workbench.settings(database_url, tmp_path), Clock())
    index = Index(tmp_path / "index")
    made = Instance(workshop, index, Feed(index))
    with pytest.raises(NotFound, match="ehrenamt init"):
        setup.require(made)
    with pytest.raises(Invalid):
        setup.create(made, " x ", "", None)
    assert setup.create(made, " Hagen ", " Ein Satz. ", None) is None
    setup.require(made)
    with pytest.raises(Conflict, match="schon eingerichtet"):
        setup.create(made, "Hagen", "", None)

    def look(work: Work) -> tuple[InstanceRow, LocalActorRow]:
        return work.db.scalars(select(InstanceRow)).one(), work.db.scalars(select(LocalActorRow)).one()

    row, actor = await workshop.read(look)
    assert (row.name, row.summary, row.handle_domain) == ("Hagen", "Ein Satz.", "hagen.example")
    assert (actor.uri, actor.handle, actor.type) == ("http://hagen.example/ap/actor/relay", "relay", "Application")
    assert actor.rsa_private
    assert actor.ed25519_public
    await made.close()


@pytest.mark.parametrize(("name", "value"), [("url", "https://other.example"), ("handle_domain", "other.example")])
async def test_ids_and_handles_never_change(town: Instance, name: str, value: str) -> None:
    changed: dict[str, Any] = {name: value}
    town.workshop.settings = replace(town.workshop.settings, **changed)
    with pytest.raises(Invalid, match="nicht mehr änderbar"):
        setup.require(town)
