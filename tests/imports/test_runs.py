"""Runs of an import, on real databases: stable, small, undisturbed by bad rows, never against a local edit."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.commands import import_reports
from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.imports import report, sources, store
from fediverse_ehrenamt.imports.actions import Run
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.kit.errors import Invalid, NotFound
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.search import query as queries
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.understanding import questions
from fediverse_ehrenamt.work import Work
from tests.imports.conftest import Importing, line, tuesdays
from tests.imports.wordless import understand_nothing
from tests.listings import test_workbooks as workbooks
from tests.listings.reading import sample
from tests.workbench import Clock

pytestmark = pytest.mark.anyio

HEAD = "angebotsId;einrichtungsname;angebotsname;beschreibung;zeitlicherrahmen;handlungsfelder;plz;ort\n"
READ = "1;Bücherei Hagen;Vorlesen;Sie lesen Kindern in der Grundschule vor.;dienstags;Kultur;58095;Hagen\n"
DOGS = "2;Tierheim Hagen;Gassigehen;Sie gehen mit unseren Hunden spazieren.;täglich;;58095;Hagen\n"
CAKE = "3;;Kuchen backen;Sie backen für das Nachbarschaftscafé.;;Nachbarschaft;58095;Hagen\n"
BROKEN = "4;;;Hier fehlt der Titel.;;;;\n"
ALL = HEAD + READ + DOGS + CAKE


def said(found: report.Report) -> dict[str, int]:
    return {what: count for what, count in found.counts.items() if count}


def many(count: int, word: str = "Nummer") -> str:
    rows = (
        f"{n};;{word} {n};Sie helfen beim Sommerfest mit der {word} {n}.;;Sport;58095;Hagen\n" for n in range(count)
    )
    return HEAD + "".join(rows)


def draft_of(text: str) -> Draft:
    return values.load(Draft, text)


# --- the second time --------------------------------------------------------------------------------------------------
async def test_a_second_run_does_nothing(importing: Importing) -> None:
    assert said(await importing.run(ALL)) == {"new": 3}
    before, written = await importing.things(), await importing.activities()
    again = await importing.run(ALL)
    assert said(again) == {"unchanged": 3}
    assert await importing.activities() == written
    after = await importing.things()
    assert {key: (row.uri, row.version) for key, row in after.items()} == {
        key: (row.uri, row.version) for key, row in before.items()
    }


async def test_only_what_changed_is_changed(importing: Importing) -> None:
    await importing.run(ALL)
    before, written = await importing.things(), await importing.activities()
    found = await importing.run(ALL.replace("Sie backen für", "Sie backen jeden Samstag für"))
    assert said(found) == {"changed": 1, "unchanged": 2}
    (change,) = line(found, "Kuchen backen").fields
    assert change.field == "text"
    assert "jeden Samstag" in change.after
    after = await importing.things()
    assert {key: row.uri for key, row in after.items()} == {key: row.uri for key, row in before.items()}
    assert await importing.activities() == written + 1  # one Update


async def test_a_dry_run_says_the_same_and_does_nothing(importing: Importing) -> None:
    assert said(await importing.run(ALL, dry=True)) == {"new": 3}
    assert await importing.things() == {}
    await importing.run(ALL)
    written = await importing.activities()
    found = await importing.run(HEAD + READ.replace("Vorlesen", "Vorlesen am Abend") + DOGS, dry=True)
    assert said(found) == {"changed": 1, "unchanged": 1, "vanished": 1}
    assert [change.field for change in line(found, "Vorlesen am Abend").fields] == ["title"]
    assert line(found, "Kuchen backen").what == report.VANISHED
    assert await importing.activities() == written


async def test_headings_between_entries_are_counted_once_and_are_no_faults(importing: Importing) -> None:
    found = await importing.run(HEAD + ";;Tiere;;;;;\n" + DOGS + ";;Stand: November;;;;;\n" + CAKE)
    assert said(found) == {"new": 2}
    assert found.notes == [
        "Zeilen mit nur einer Zelle gelten als Überschriften, nicht als Einträge: 2 („Tiere“, „Stand: November“)"
    ]
    draft = draft_of((await importing.things())["import1-2"].draft)
    assert draft.details.areas == ("umwelt_tiere",)


async def test_a_bad_row_stops_nobody(importing: Importing) -> None:
    found = await importing.run(HEAD + READ + BROKEN + CAKE)
    assert said(found) == {"new": 2, "failed": 1}
    (fault,) = found.of(report.FAILED)
    assert (fault.where, fault.id) == ("Zeile 3", "4")
    assert "Titel" in fault.notes[0]
    (listed,) = await importing.instance.workshop.read(sources.listing)
    assert listed.counts == {"new": 2, "failed": 1}
    assert listed.problems == ("Zeile 3: der Titel fehlt",)


# --- what vanishes ----------------------------------------------------------------------------------------------------
async def test_what_vanished_expires_and_may_come_back(importing: Importing) -> None:
    await importing.run(ALL)
    found = await importing.run(HEAD + READ + DOGS)
    assert said(found) == {"unchanged": 2, "vanished": 1}
    gone = (await importing.things())["import1-3"]
    assert draft_of(gone.draft).details.status == "abgelaufen"
    assert "ABGELAUFEN: Kuchen" in gone.body.decode()
    assert (await importing.documents())["Kuchen backen"].status == "abgelaufen"
    assert said(await importing.run(HEAD + READ + DOGS)) == {"unchanged": 2}
    assert said(await importing.run(ALL)) == {"unchanged": 2, "changed": 1}
    back = (await importing.things())["import1-3"]
    assert back.uri == gone.uri
    assert draft_of(back.draft).details.status == "veroeffentlicht"


async def test_an_empty_or_broken_feed_ends_nothing(importing: Importing) -> None:
    await importing.run(ALL)
    found = await importing.run(HEAD)
    assert said(found) == {"held": 3}
    assert "sie bleiben" in found.notes[0]
    with pytest.raises(Invalid):
        await importing.run("")
    with pytest.raises(Invalid):
        await importing.run(b"\x00\x01\x02")
    assert {draft_of(row.draft).details.status for row in (await importing.things()).values()} == {"veroeffentlicht"}
    assert said(await importing.run(HEAD, force=True)) == {"vanished": 3}
    assert {draft_of(row.draft).details.status for row in (await importing.things()).values()} == {"abgelaufen"}


async def test_a_file_that_breaks_off_ends_nothing(importing: Importing) -> None:
    whole = sample("freinet-broken.xml").decode() + "</angebotsliste>"
    await importing.run(
        whole.replace(
            '</beschreibung>\n  </angebot>\n  <angebot angebotsId="603"',
            '</angebotsname></angebot>\n<angebot angebotsId="603"',
        )
    )
    held = await importing.run(sample("freinet-broken.xml").decode().partition('<angebot angebotsId="603"')[0])
    assert held.counts["vanished"] == 0
    assert held.counts["held"] >= 1


# --- what was changed here --------------------------------------------------------------------------------------------
def edit(work: Work, key: str, title: str) -> None:
    """Change a title, as `ehrenamt publish` does with the same id."""
    owner = organisations.get(work, "agentur").uri
    held = next(row for row in work.db.scalars(select(ThingRow)) if row.key == key)
    draft = draft_of(held.draft)
    opportunities.publish(work, owner, replace(draft, details=replace(draft.details, title=title)))


async def test_a_local_edit_wins_and_is_shown(importing: Importing) -> None:
    await importing.run(ALL)
    await importing.instance.workshop.write(edit, "import1-3", "Kuchen und Torten backen")
    unchanged = await importing.run(ALL)
    assert said(unchanged) == {"unchanged": 2, "kept": 1}
    (kept,) = line(unchanged, "Kuchen backen").fields
    assert (kept.field, kept.before, kept.after) == ("title", "Kuchen und Torten backen", "Kuchen backen")
    assert "hier geändert: Titel („Kuchen und Torten backen“); Quelle sagt „Kuchen backen“" in import_reports.text(
        unchanged
    )
    changed = ALL.replace("Kuchen backen", "Kekse backen").replace("Sie backen für", "Sie backen gern für")
    found = await importing.run(changed)
    assert said(found) == {"unchanged": 2, "changed": 1}
    draft = draft_of((await importing.things())["import1-3"].draft)
    assert draft.details.title == "Kuchen und Torten backen"
    assert "backen gern" in draft.text
    assert "Quelle sagt „Kekse backen“" in import_reports.text(found)
    assert said(await importing.run(changed)) == {"unchanged": 2, "kept": 1}
    agreed = await importing.run(changed.replace("Kekse backen", "Kuchen und Torten backen"))
    assert said(agreed) == {"unchanged": 2, "changed": 1}
    assert said(await importing.run(changed.replace("Kekse backen", "Kuchen und Torten backen"))) == {"unchanged": 3}


async def test_what_was_withdrawn_here_stays_so(importing: Importing) -> None:
    await importing.run(ALL)

    def withdraw(work: Work) -> None:
        owner = organisations.get(work, "agentur").uri
        held = next(row for row in work.db.scalars(select(ThingRow)) if row.key == "import1-3")
        draft = draft_of(held.draft)
        gone = replace(draft, details=replace(draft.details, status="zurueckgezogen"))
        opportunities.publish(work, owner, gone)

    await importing.instance.workshop.write(withdraw)
    for text in (ALL, ALL.replace("Kuchen backen", "Kekse backen")):
        found = await importing.run(text)
        assert said(found) == {"unchanged": 2, "kept": 1}
    assert "import1-3" not in await importing.things()


# --- organisations ----------------------------------------------------------------------------------------------------
async def test_who_publishes(importing: Importing) -> None:
    await importing.run(ALL)
    things, uris = await importing.things(), await importing.instance.workshop.read(organisations.listing)
    by_handle = {one.handle: one.uri for one in uris}
    assert things["import1-2"].actor == by_handle["tierheim"]  # known by its name, without "e. V."
    assert things["import1-1"].actor == by_handle["agentur"]
    assert "Ein Angebot von: Bücherei Hagen" in draft_of(things["import1-1"].draft).text
    assert "Ein Angebot von" not in draft_of(things["import1-2"].draft).text


async def test_nobody_publishes_what_belongs_to_nobody(importing: Importing) -> None:
    found = await importing.run(ALL, organisation=None)
    assert said(found) == {"new": 1, "failed": 2}
    assert "anlegen lassen" in line(found, "Vorlesen").notes[0]
    with pytest.raises(NotFound):
        await importing.run(ALL, organisation="gibtsnicht")


async def test_organisations_are_added_when_asked_for(importing: Importing) -> None:
    found = await importing.run(ALL, organisation="agentur", create=True)
    assert said(found) == {"new": 3}
    listed = {one.name: one for one in await importing.instance.workshop.read(organisations.listing)}
    assert listed["Bücherei Hagen"].handle == "buecherei_hagen"
    assert (await importing.things())["import1-1"].actor == listed["Bücherei Hagen"].uri
    assert said(await importing.run(ALL)) == {"unchanged": 3}


# --- timelines --------------------------------------------------------------------------------------------------------
async def test_many_new_entries_come_quietly_and_are_found(importing: Importing) -> None:
    found = await importing.run(many(30))
    assert said(found) == {"new": 30}
    assert "keine Timelines" in found.notes[0]
    assert len(await importing.documents()) == 30

    def listed(work: Work) -> dict[str, int]:
        kinds = list(work.db.scalars(select(PublishedRow.kind).where(PublishedRow.listed)))
        return {kind: kinds.count(kind) for kind in set(kinds)}

    # Whoever catches up reads both outboxes.
    assert await importing.instance.workshop.read(listed) == {"Create": 30, "Announce": 30}
    assert said(await importing.run(many(30))) == {"unchanged": 30}
    changed = await importing.run(many(30).replace("Nummer 7;", "Nummer sieben;"))
    assert said(changed) == {"changed": 1, "unchanged": 29}


async def test_what_is_imported_is_found_by_search(importing: Importing) -> None:
    await importing.run(sample("freinet.csv"))
    instance = importing.instance
    await instance.feed.follow(instance.workshop)
    instance.index.refresh()
    results = instance.index.find(Query(text="Grundschule vorlesen"), instance.workshop.now())
    assert [hit.document.title for hit in results.hits] == ["Lesepate für die Grundschule"]
    (hit,) = results.hits
    assert hit.document.place == "Haspe, Hagen"
    assert "Muster" not in repr(hit.document)
    assert "123456" not in repr(hit.document)


# --- what a machine understood ----------------------------------------------------------------------------------------
async def test_what_was_understood_is_marked_until_somebody_confirms(importing: Importing) -> None:
    await importing.run(ALL, understand=tuesdays)
    workshop = importing.instance.workshop
    marked = await workshop.read(store.marked, 1, 100)
    assert {one.key: {guess.field for guess in one.understood} for one in marked} == {
        "import1-1": {"availability.cells", "effort", "activities"},
        "import1-2": {"areas", "activities"},
        "import1-3": {"activities"},
    }
    body = (await importing.things())["import1-1"].body.decode()
    assert "di-vormittags" in body
    assert "confidence" not in body
    await workshop.write(store.confirm, "import1-1")
    assert [one.key for one in await workshop.read(store.marked, 1, 100)] == ["import1-2", "import1-3"]
    await importing.run(ALL.replace("Sie lesen", "Sie lesen gern"), understand=tuesdays)
    assert [one.key for one in await workshop.read(store.marked, 1, 100)] == ["import1-2", "import1-3"]
    with pytest.raises(NotFound):
        await workshop.write(store.confirm, "import1-99")


# --- time -------------------------------------------------------------------------------------------------------------
async def test_what_is_still_listed_does_not_expire(importing: Importing, clock: Clock) -> None:
    await importing.run(ALL)
    before = (await importing.things())["import1-1"].expires_at
    clock.forward(days=200)
    assert said(await importing.run(ALL)) == {"unchanged": 3}
    clock.forward(days=100)
    assert said(await importing.run(ALL)) == {"confirmed": 3}
    after = (await importing.things())["import1-1"].expires_at
    assert before is not None
    assert after is not None
    assert after > before
    assert said(await importing.run(ALL)) == {"unchanged": 3}


async def test_dates_of_a_calendar(importing: Importing, clock: Clock) -> None:
    calendar = sample("kalender.ics")
    found = await importing.run(calendar)
    assert found.counts["failed"] == 2
    things = await importing.things()
    choir = [row for key, row in things.items() if "chor@beispiel" in key]
    assert len(choir) == 6
    assert said(await importing.run(calendar))["unchanged"] == found.counts["new"]
    # A date that passes is no date that vanished, and one that comes into view is new.
    clock.forward(days=11)
    later = await importing.run(calendar)
    assert later.counts["vanished"] == later.counts["held"] == 0
    assert later.counts["new"] >= 1
    # One that is taken out of the calendar does not take place.
    without = calendar.decode().replace("EXDATE;TZID=Europe/Berlin:20261208T180000",
                                        "EXDATE;TZID=Europe/Berlin:20261208T180000,20261222T180000")  # fmt: skip
    gone = await importing.run(without)
    assert gone.counts["vanished"] == 1
    cancelled = [values.load(EventDraft, row.draft) for row in (await importing.things()).values()
                 if row.kind == "event" and '"cancelled"' in row.draft]  # fmt: skip
    assert "2026-12-22 18:00" in {f"{one.starts_at:%Y-%m-%d %H:%M}" for one in cancelled}
    assert "Kontakt" not in choir[0].body.decode().replace("Mehr und Kontakt", "")
    assert "98765" not in choir[0].body.decode()


async def test_past_dates_are_passed_over(importing: Importing) -> None:
    text = "nr;titel;beschreibung;gültig bis\n1;Alt;Das ist schon lange vorbei gewesen.;01.01.2020\n"
    found = await importing.run(text)
    assert said(found) == {"past": 1}
    assert found.of(report.PAST) == []  # the source says so itself


async def test_what_is_over_by_its_words_alone_is_told(importing: Importing) -> None:
    old = "5;;Wahlhelfer;Sie zählen Stimmen aus.;14.09.2025 ab 7.30 Uhr;Politik;58095;Hagen\n"
    found = await importing.run(ALL + old)
    assert said(found) == {"new": 3, "past": 1}
    (line,) = found.of(report.PAST)
    assert line.notes == ("nach den Worten des Eintrags bis 14.09.2025; von der Maschine verstanden",)
    assert "· vorbei: „Wahlhelfer“ (Zeile 5" in import_reports.text(found)


# --- sources ----------------------------------------------------------------------------------------------------------
async def test_a_source_is_given_up(importing: Importing) -> None:
    await importing.run(ALL)
    workshop = importing.instance.workshop
    assert await sources.remove(workshop, 1, keep=False) == 3
    assert await importing.things() == {}
    assert await workshop.read(sources.listing) == []
    await importing.run(ALL)
    assert await sources.remove(workshop, (await workshop.read(sources.listing))[0].number, keep=True) == 0
    assert len(await importing.things()) == 3


async def test_a_file_that_is_gone_is_said(importing: Importing, tmp_path: Path) -> None:
    await importing.run(ALL)
    importing.file.unlink()
    with pytest.raises(NotFound, match=r"liste\.csv"):
        await sources.run(importing.instance.workshop, 1, Run(understand_nothing))
    (listed,) = await importing.instance.workshop.read(sources.listing)
    assert listed.failures == 1
    assert str(tmp_path) in listed.error
    assert len(await importing.things()) == 3


# --- districts --------------------------------------------------------------------------------------------------------
PLACED = "angebotsId;angebotsname;beschreibung;stadtteile;plz;ort;geo_breite;geo_laenge\n"
ESSEN = PLACED + (
    "1;Vorlesen;Sie lesen Kindern in der Grundschule vor.;Rüttenscheid;45130;Essen;51,4310;7,0050\n"
    "2;Gassigehen;Sie gehen mit unseren Hunden spazieren.;Rüttenscheid;45130;Essen;51,4330;7,0070\n"
    "3;Kuchen backen;Sie backen für das Nachbarschaftscafé.;Rüttenscheid;45130;Essen;;\n"
    "4;Fahrdienst;Sie fahren ältere Menschen zum Arzt.;Stadtweit;45127;Essen;51,4566;7,0123\n"
    "5;Gärtnern;Sie helfen beim Gießen der Beete.;Werden, Kettwig;45239;Essen;51,3880;7,0040\n"
    "6;Nähen;Sie nähen mit anderen im Treff.;Bitte in allen Stadtteilen fragen;45127;Essen;51,4560;7,0120\n"
    "7;Kochen;Sie kochen einmal im Monat für alle.;;45127;Essen;;\n"
)


@pytest.fixture
def places() -> Iterator[None]:
    """Forget at the end what was learnt."""
    yield
    data.teach(())


@pytest.mark.usefixtures("places")
async def test_a_listing_teaches_the_districts_that_it_names(importing: Importing) -> None:
    dry = await importing.run(ESSEN, dry=True)
    assert gazetteer.districts("Essen") == []
    assert dry.notes == []
    found = await importing.run(ESSEN)
    assert said(found) == said(dry) == {"new": 7}
    assert "Stadtteile gelernt: Essen-Rüttenscheid." in found.notes
    (one,) = gazetteer.districts("Essen")
    assert (one.label, one.latitude, one.longitude, one.learnt) == ("Essen-Rüttenscheid", 51.432, 7.006, True)
    shown = await importing.documents()
    assert {title: document.district for title, document in shown.items() if document.district} == {
        "Vorlesen": "Essen-Rüttenscheid", "Gassigehen": "Essen-Rüttenscheid", "Kuchen backen": "Essen-Rüttenscheid",
    }  # fmt: skip
    assert shown["Kuchen backen"].latitude == 51.432, "the entry that names no coordinates is placed by the others"
    assert said(await importing.run(ESSEN)) == {"unchanged": 7}


@pytest.mark.usefixtures("places")
async def test_what_another_listing_teaches_changes_nothing_here(importing: Importing) -> None:
    own = PLACED + (
        "1;Kuchen backen;Sie backen für das Nachbarschaftscafé.;Rüttenscheid;45130;Essen;;\n"
        "2;Blumen gießen;Sie gießen die Beete am Platz.;Rüttenscheid;45130;Essen;51,4310;7,0050\n"
    )
    await importing.run(own.rpartition("2;")[0])
    other = Importing(importing.instance, importing.file.with_name("andere.csv"))
    assert "Stadtteile gelernt: Essen-Rüttenscheid." in (await other.run(ESSEN)).notes
    before = await importing.activities()
    assert said(await importing.run(own.rpartition("2;")[0])) == {"unchanged": 1}
    assert await importing.activities() == before
    assert said(await importing.run(own)) == {"unchanged": 1, "new": 1}
    assert said(await importing.run(own.replace("51,4310", "51,4390"))) == {"unchanged": 1, "changed": 1}


@pytest.mark.usefixtures("places")
async def test_a_learnt_district_can_be_searched_around(importing: Importing) -> None:
    await importing.run(ESSEN)
    await importing.instance.feed.follow(importing.instance.workshop)
    index, now = importing.instance.index, importing.instance.workshop.now()
    for typed in ("Rüttenscheid", "Essen-Rüttenscheid", "Rüttenscheid, Essen"):
        found = index.find(queries.read([("ort", typed), ("umkreis", "1")]), now)
        assert {hit.document.title for hit in found.hits} == {"Vorlesen", "Gassigehen", "Kuchen backen"}
    counted = index.counts(Query(), now)
    assert (counted.of("stadtteil", ["Essen-Rüttenscheid"]), counted.of("stadtteil", ["unbekannt"])) == (3, 4)


@pytest.mark.usefixtures("places")
async def test_an_everyday_question_means_a_learnt_district(importing: Importing) -> None:
    today = importing.instance.workshop.now().date()
    assert questions.understand("Vorlesen in Rüttenscheid", today).parts == ()
    await importing.run(ESSEN)
    (part,) = questions.understand("Vorlesen in Rüttenscheid", today).parts
    assert part.pairs == (("ort", "Rüttenscheid"),)
    (part,) = questions.understand("Vorlesen Essen-Rüttenscheid", today).parts
    assert part.pairs == (("ort", "Essen-Rüttenscheid"),)
    assert questions.understand("Vorlesen Rüttenscheid", today).parts == (), "it may be any word"


# --- what stands twice ------------------------------------------------------------------------------------------------
async def test_what_is_listed_twice_is_said_and_what_differs_is_not(importing: Importing) -> None:
    twice, nearly = READ.replace("1;", "7;", 1), READ.replace("1;", "8;", 1).replace("dienstags", "mittwochs")
    found = await importing.run(ALL + twice + nearly, dry=True)
    assert said(found) == {"new": 5}
    (note,) = (note for note in found.notes if "doppelt" in note)
    assert note.endswith("1, „Vorlesen“ (Zeile 2; Zeile 5)")
    assert not any("doppelt" in note for note in (await importing.run(ALL, dry=True)).notes)


async def test_sheets_that_were_passed_over_are_named(importing: Importing) -> None:
    data = workbooks.book(
        Archiv=[workbooks.HEAD, workbooks.offer(1, "Alter Fahrer")],
        Gesuche=[workbooks.HEAD, workbooks.offer(2, "Fahrer")],
    )
    found = await importing.run(data, dry=True)
    assert [note.rpartition(": ")[2] for note in found.notes if "Tabellenblätter" in note] == ["„Archiv“"]


async def test_a_day_that_there_is_not_is_told_and_costs_nothing_else(importing: Importing) -> None:
    rows = ("1;Fahrer;Wir fahren Lebensmittel.;31.02.2027", "2;Vorlesen;Wir lesen Kindern vor.;bis Schuljahresende")
    found = await importing.run("\n".join(["Nr;Angebot;Beschreibung;Gültig bis", *rows]), dry=True)
    assert said(found) == {"new": 2}
    notes = {line.title: [note for note in line.notes if "kein Tag" in note] for line in found.lines}
    assert notes == {"Fahrer": ["„31.02.2027“ ist kein Tag, den es gibt"], "Vorlesen": []}


async def test_a_calendar_of_dates_that_were_says_so(importing: Importing) -> None:
    event = "BEGIN:VEVENT\nUID:{0}\nSUMMARY:Sommerfest\nDTSTART:{0}0601T100000Z\nEND:VEVENT"
    found = await importing.run("\n".join(["BEGIN:VCALENDAR", event.format(2020), event.format(2024), "END:VCALENDAR"]))
    assert said(found) == {"past": 2}
    assert not found.notes
