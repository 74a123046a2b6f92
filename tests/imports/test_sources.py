"""Listings that are read again: by an address that answers only what is new, on a schedule, and who hears of it."""

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation import outbox
from fediverse_ehrenamt.federation.model import HostRow, PublishedRow
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.imports import sources, tasks
from fediverse_ehrenamt.imports.actions import Run
from fediverse_ehrenamt.imports.sources import Wish
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit.errors import Invalid, Rejected, Unavailable
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Announce, Create
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.federation.origin import Answer, Origin, origin
from tests.imports.conftest import Importing
from tests.imports.test_runs import ALL, HEAD, many, said
from tests.imports.wordless import understand_nothing
from tests.listings.reading import sample
from tests.workbench import Clock

pytestmark = pytest.mark.anyio

HOW = Run(understand_nothing)


async def test_an_address_is_asked_only_for_what_is_new(importing: Importing) -> None:
    workshop = importing.instance.workshop
    async with origin() as server:
        tagged = Answer(ALL.encode(), headers=(("etag", '"eins"'), ("last-modified", "Sun, 22 Nov 2026 10:00:00 GMT")))

        def judge(_method: str, _target: str, headers: dict[str, str], _body: bytes) -> Answer:
            return Answer(status=304) if headers.get("if-none-match") == '"eins"' else tagged

        server.judge = judge
        number, found = await sources.read(workshop, server.at("/liste.csv"), Wish(organisation="agentur"), HOW)
        assert said(found) == {"new": 3}
        again = await sources.run(workshop, number, HOW)
        assert again.not_modified
        assert server.headers[-1]["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"
        (listed,) = await workshop.read(sources.listing)
        assert listed.counts == {"new": 3}  # of the last run that read something
        # What is asked for by hand, to see, is read as a whole.
        assert said(await sources.run(workshop, number, Run(understand_nothing, dry=True))) == {"unchanged": 3}


def _page(server: Origin, after: str, *items: tuple[int, str]) -> Answer:
    """A page of an OpenActive feed: the numbers of its items, and what each is called ("": it was deleted)."""
    found = [
        {"state": "updated" if name else "deleted", "kind": "Event", "id": number, "modified": number}
        | ({"data": {"type": "Event", "id": f"{server.url}/e/{number}", "name": name,
                     "startDate": "2026-12-05T09:30:00+01:00", "location": "Hagen"}} if name else {})
        for number, name in items
    ]  # fmt: skip
    return Answer(orjson.dumps({"next": server.at(after), "items": found}), headers=(("etag", '"eins"'),))


async def test_all_pages_of_a_feed_are_read_every_time(importing: Importing) -> None:
    workshop = importing.instance.workshop
    async with origin() as server:
        server.answers = {
            "/feed": _page(server, "/feed?after=2", (1, "Sommerfest"), (2, "Flohmarkt")),
            "/feed?after=2": _page(server, "/feed?after=4", (3, "Lesung"), (1, "")),
            "/feed?after=4": _page(server, "/feed?after=4"),
        }
        number, found = await sources.read(workshop, server.at("/feed"), Wish(organisation="agentur"), HOW)
        assert said(found) == {"new": 2}, "one was deleted on a later page"
        assert found.notes == []
        server.answers["/feed?after=2"] = _page(server, "/feed?after=4", (3, "Lesung"), (1, ""), (2, ""))
        assert said(await sources.run(workshop, number, HOW)) == {"unchanged": 1, "vanished": 1}
        assert "if-none-match" not in server.headers[-1], "the first page may be as it was, and others not"
        server.answers["/feed?after=2"] = Answer(b"<html>Wartung</html>")
        cut = await sources.run(workshop, number, HOW)
        assert "vanished" not in said(cut), "what stands on pages that are not to be had is not gone"
        server.answers["/feed?after=2"] = Answer(status=503)
        with pytest.raises(Unavailable):
            await sources.run(workshop, number, HOW)


async def test_a_feed_that_fails_is_tried_less_often_and_loses_nothing(importing: Importing) -> None:
    workshop = importing.instance.workshop
    async with origin() as server:
        server.answers["/liste.csv"] = Answer(ALL.encode())
        wish = Wish(organisation="agentur", every_hours=2)
        number, _ = await sources.read(workshop, server.at("/liste.csv"), wish, HOW)
        for status, kind in ((500, Unavailable), (404, Rejected)):
            server.answers["/liste.csv"] = Answer(status=status)
            with pytest.raises(kind):
                await sources.run(workshop, number, HOW)
        server.answers["/liste.csv"] = Answer(b"<html><body>Wartung</body></html>")
        with pytest.raises(Invalid):
            await sources.run(workshop, number, HOW)
        (listed,) = await workshop.read(sources.listing)
        assert listed.failures == 3
        assert listed.next_at == workshop.now() + timedelta(hours=16)
        assert len(await importing.documents()) == 3
        server.answers["/liste.csv"] = Answer(ALL.encode())
        await sources.run(workshop, number, HOW)
        (listed,) = await workshop.read(sources.listing)
        assert (listed.failures, listed.error) == (0, "")
        with pytest.raises(Rejected):  # the file stays small or is refused: nothing is kept of what is no source
            await sources.read(workshop, server.at("/gibt-es-nicht.csv"), wish, HOW)
        assert len(await workshop.read(sources.listing)) == 1


async def test_what_was_kept_of_a_source_is_not_taken_by_the_next_one(importing: Importing) -> None:
    workshop = importing.instance.workshop
    importing.file.write_text(ALL)
    number, _ = await sources.read(workshop, str(importing.file), Wish(organisation="agentur"), HOW)
    kept = {key: row.draft for key, row in (await importing.things()).items()}
    await sources.remove(workshop, number, keep=True)
    other = importing.file.with_name("andere.csv")
    other.write_text(HEAD + "1;;Ganz anderes;Sie begleiten Menschen zu Ämtern.;;Soziales;58095;Hagen\n")
    _, found = await sources.read(workshop, str(other), Wish(organisation="agentur"), HOW)
    assert said(found) == {"new": 1}
    now = {key: row.draft for key, row in (await importing.things()).items()}
    assert now.items() >= kept.items()
    assert len(now) == len(kept) + 1


async def test_addresses_inside_are_refused(importing: Importing) -> None:
    for address in ("http://10.0.0.1/liste.csv", "https://169.254.169.254/latest", "http://beispiel.example/liste.csv"):
        with pytest.raises((Rejected, Unavailable)):
            await sources.read(importing.instance.workshop, address, Wish(organisation="agentur"), HOW)


async def test_housekeeping_reads_what_is_due(importing: Importing, clock: Clock) -> None:
    workshop = importing.instance.workshop
    importing.file.write_text(ALL)
    wish = Wish(organisation="agentur", every_hours=24)
    await sources.read(workshop, str(importing.file), wish, HOW)
    runner = Runner(workshop, tasks.jobs(understand_nothing))
    assert await workshop.write(tasks.read_due) == 0
    importing.file.write_text(ALL + "9;;Neues Angebot;Sie helfen beim Aufbau der Bühne.;;Kultur;58095;Hagen\n")
    clock.forward(hours=25)
    assert await workshop.write(tasks.read_due) == 1
    assert await workshop.write(tasks.read_due) == 0
    assert await runner.run_due() == 1
    assert "Neues Angebot" in await importing.documents()
    importing.file.unlink()
    clock.forward(hours=25)
    assert await workshop.write(tasks.read_due) == 1
    await runner.run_due()  # a file that is gone is no fault of the queue
    (listed,) = await workshop.read(sources.listing)
    assert listed.error
    assert len(await importing.documents()) == 4


# --- who hears of it --------------------------------------------------------------------------------------------------
HOSTS = {
    "schwester.example": ("ehrenamt", True),
    "mobilizon.example": ("mobilizon", False),
    "mastodon.example": ("mastodon", False),
}


def follow(work: Work) -> None:
    """Let a sister, a Mobilizon and a Mastodon follow the instance, and the Mastodon the organisation too."""
    for host, (software, sister) in HOSTS.items():
        work.db.add(HostRow(host=host, software=software, sister=sister, asked_at=work.now))
        workbench.add_follower(work, workbench.instance_actor(work), f"https://{host}/actor")
    workbench.add_follower(work, organisations.get(work, "agentur").uri, "https://mastodon.example/users/anna")


def letters(work: Work) -> set[tuple[str, str]]:
    """Return the kinds of activities that wait, with where they go."""
    found: set[tuple[str, str]] = set()
    for job in work.db.scalars(select(JobRow).where(JobRow.name == outbox.DELIVER)):
        delivery = Delivery.of(job.argument)
        body = work.db.scalar(select(PublishedRow.body).where(PublishedRow.uri == delivery.activity))
        activity = codec.parse_activity(body or b"")
        found.add((type(activity).__name__, job.host))
    return found


async def test_many_offers_go_to_sisters_alone(importing: Importing) -> None:
    workshop = importing.instance.workshop
    await workshop.write(follow)
    await importing.run(many(20))
    assert await workshop.read(letters) == {(Create.__name__, "schwester.example")}


async def test_many_dates_go_to_calendars_too(importing: Importing) -> None:
    workshop = importing.instance.workshop
    await workshop.write(follow)
    rows = "".join(
        f"{n};Konzert {n};Musik im Park, alle sind willkommen.;{n + 1:02}.12.2026 19:00\n" for n in range(20)
    )
    found = await importing.run(f"nr;veranstaltung;beschreibung;datum\n{rows}")
    assert said(found) == {"new": 20}
    assert await workshop.read(letters) == {
        (Create.__name__, "schwester.example"),
        (Announce.__name__, "mobilizon.example"),
    }


async def test_a_few_offers_are_shown_to_followers(importing: Importing) -> None:
    workshop = importing.instance.workshop
    await workshop.write(follow)
    await importing.run(many(2))
    assert (Create.__name__, "mastodon.example") in await workshop.read(letters)


async def test_recurring_dates_are_shown_one_at_a_time(importing: Importing) -> None:
    workshop = importing.instance.workshop
    await workshop.write(follow)
    whole = sample("kalender.ics").decode()
    weekly = whole[: whole.index("BEGIN:VEVENT")] + whole[whole.index("BEGIN:VEVENT\nUID:woche") :]
    found = await importing.run(weekly)
    assert found.counts["new"] > 40
    assert await workshop.read(letters) == {(Create.__name__, "schwester.example")}


async def test_headings_alone_are_an_empty_listing(importing: Importing) -> None:
    assert said(await importing.run(HEAD)) == {}


async def test_a_report_calls_entries_as_they_appear(importing: Importing) -> None:
    row = '1;"Putztag &#8211; <b>Park</b>";Wir räumen auf.;Hagen\n'
    report = await importing.run(f"id;Titel;Beschreibung;Ort\n{row}", dry=True)
    assert [line.title for line in report.lines] == ["Putztag – Park"]
