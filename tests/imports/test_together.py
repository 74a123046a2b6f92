"""Many new entries at once: published together, with as few questions to the database as for a handful."""

import pytest
from sqlalchemy import event, select

from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.imports import report
from fediverse_ehrenamt.look import actions as look
from fediverse_ehrenamt.look.actions import Wishes
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab.types import Opportunity
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.imports.conftest import Importing

pytestmark = pytest.mark.anyio

HEAD = "angebotsId;einrichtungsname;angebotsname;beschreibung;plz;ort\n"


def listing(rows: range, organisation: str = "") -> str:
    each = (f"{n};{organisation};Fest {n};Sie helfen beim Sommerfest der Schule {n}.;58095;Hagen\n" for n in rows)
    return HEAD + "".join(each)


async def test_three_times_as_many_entries_ask_no_more(importing: Importing) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        asked.append(statement)

    writer = importing.instance.workshop.engines.writer
    event.listen(writer, "before_cursor_execute", note)
    counts = []
    for rows, new in ((range(30), 30), (range(120), 90)):
        asked.clear()
        assert (await importing.run(listing(rows))).counts[report.NEW] == new
        counts.append(sum(one.startswith("SELECT") for one in asked))
    event.remove(writer, "before_cursor_execute", note)
    assert counts[1] <= counts[0] + 5, counts


async def test_each_has_the_hashtag_of_the_instance(importing: Importing) -> None:
    await importing.instance.workshop.write(look.choose, Wishes(hashtag="EhrenamtHagen"))
    await importing.run(listing(range(30)))

    def tags(work: Work) -> list[set[str]]:
        found = [things.get(work, uri) for uri in uris]
        return [{tag.name for tag in one.hashtags} for one in found if isinstance(one, Opportunity)]

    uris = [row.uri for row in (await importing.things()).values()]
    assert await importing.instance.workshop.read(tags) == 30 * [{"EhrenamtHagen", "Ehrenamt"}]


async def test_entries_of_a_suspended_organisation_fail_and_those_of_others_do_not(importing: Importing) -> None:
    await importing.instance.workshop.write(workbench.add_organisation, "chor", "Chor Hagen")

    def suspend(work: Work) -> None:
        work.db.scalars(select(LocalActorRow).filter_by(handle="chor")).one().suspended_at = work.now

    await importing.instance.workshop.write(suspend)
    others = listing(range(30), "Tierheim Hagen").removeprefix(HEAD)
    found = await importing.run(listing(range(100, 130), "Chor Hagen") + others)
    assert (found.counts[report.FAILED], found.counts[report.NEW]) == (30, 30)
    failed = [line for line in found.lines if line.what == report.FAILED]
    assert all("gesperrt" in line.notes[0] for line in failed)
