"""Days in an entry's words: what is wanted once is known by its day and over behind it, what comes again is not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fediverse_ehrenamt.imports import drafts, plan, wordings
from fediverse_ehrenamt.listings import days
from fediverse_ehrenamt.listings.days import Days
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.opportunities.rules import Draft
from tests.listings.reading import NOW

ENTRY = Record(id="1", where="Zeile 2", title="Helfer beim Stadtfest", text="Getränke ausschenken und abbauen.")


def read(times: str, **changes: Any) -> Days:
    return days.read(replace(ENTRY, times=times, **changes))


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("Sa, 18.04.2026, 10-13 Uhr", date(2026, 4, 18), date(2026, 4, 18)),
        ("Sonntag 13. September 2026", date(2026, 9, 13), date(2026, 9, 13)),
        ("30.05. - 01.06.2026", date(2026, 5, 30), date(2026, 6, 1)),
        ("11. und 12. Oktober 2026", date(2026, 10, 11), date(2026, 10, 12)),
        ("vom 18.6. bis zum 20.6.2027", date(2027, 6, 18), date(2027, 6, 20)),
        ("Sa 11.10.26, 9-15 Uhr", date(2026, 10, 11), date(2026, 10, 11)),
        ("31.12. bis 1.1.2027", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_what_is_wanted_on_some_days_is_wanted_once(words: str, first: date, last: date) -> None:
    assert read(words) == Days(first, last, None, once=True)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("28.11. - 20.12.2026, in Schichten", date(2026, 11, 28), date(2026, 12, 20)),
        ("01.03.2026 bis 31.10.2026 samstags", date(2026, 3, 1), date(2026, 10, 31)),
        ("Mi 12.03.2027 und Mi 19.03.2027", date(2027, 3, 12), date(2027, 3, 19)),
        ("jeden Montag bis 31.01.2027", None, date(2027, 1, 31)),
        ("bis 31.12.2026", None, date(2026, 12, 31)),
        ("Juli-August 2021", date(2021, 7, 1), date(2021, 8, 31)),
        ("im Dez. 2026, Mo-Fr 9-17", date(2026, 12, 1), date(2026, 12, 31)),
        ("November bis Januar 2027", date(2026, 11, 1), date(2027, 1, 31)),
    ],
)
def test_a_longer_time_has_its_ends(words: str, first: date | None, last: date | None) -> None:
    assert read(words) == Days(first, last, None, once=False)


@pytest.mark.parametrize(
    "words",
    [
        "ab 01.03.2026 dienstags",
        "nächster Termin: 12.03.2026",
        "dienstags 14 Uhr, Sommerfest am 12.6.2026",
        "täglich außer 24.12.2026",
        "Stand 12.3.2024",
        "Stand: März 2024",
        "ab Mai 2024",
        "Infoabend am 12.3.2026",
        "14. September",
        "11.10. 15 Uhr",
        "31.02.2026",
        "1.2.3.2026",
        "",
    ],
)
def test_what_may_come_again_or_is_no_day_has_no_end(words: str) -> None:
    assert read(words) == Days()


def test_a_title_may_name_the_day_and_a_field_of_the_source_wins() -> None:
    assert read("", title="Wahlhelfer zur Kommunalwahl am 14. September 2025").last == date(2025, 9, 14)
    assert read("Sa, 18.04.2026", last_day=date(2026, 5, 1)) == Days()


def test_until_when_one_may_apply() -> None:
    assert read("", text="Es werden Schöffen gesucht. Bewerbungsschluss: 31.03.2027").apply_by == date(2027, 3, 31)
    assert read("", text="Anmeldung bitte bis zum 31. März 2027 im Büro.").apply_by == date(2027, 3, 31)
    assert read("Sa 12.6.2027", text="Anmeldeschluss 1.6.2027").apply_by == date(2027, 6, 1)
    assert read("", text="Anmeldeschluss 1.6.2027, für den zweiten Kurs Anmeldeschluss 1.9.2027").apply_by is None
    assert read("", text="Anmeldeschluss 1.6.2027", apply_by=date(2027, 5, 1)).apply_by is None


def test_what_a_draft_makes_of_it_is_marked() -> None:
    made = drafts.make(replace(ENTRY, times="18.06.2027 8-14 Uhr"), "import1-1", wordings.read)
    assert isinstance(made.draft, Draft)
    said = made.draft.details
    assert (said.kind, said.start_date, said.end_date) == ("einmalig", date(2027, 6, 18), date(2027, 6, 18))
    assert said.availability is not None
    assert {cell.partition("-")[0] for cell in said.availability.cells} == {"fr"}  # no other day than its own
    assert {guess.field for guess in made.understood} >= {"kind", "startDate", "endDate", "availability.cells"}


def test_what_is_over_is_not_imported() -> None:
    assert plan.is_over(replace(ENTRY, times="14.09.2025 ab 7.30 Uhr"), NOW)
    assert plan.is_over(replace(ENTRY, text="Bewerbungsschluss 31.03.2023"), NOW)
    assert plan.is_over(replace(ENTRY, times="sofort", text="Wir brauchen jede Hand! (03.06.2013)"), NOW)
    assert not plan.is_over(replace(ENTRY, times="sofort", text="Uns gibt es seit dem 03.06.2013."), NOW)
    assert not plan.is_over(replace(ENTRY, times="dienstags", text="Wir brauchen jede Hand! (03.06.2013)"), NOW)
    assert not plan.is_over(replace(ENTRY, times=f"{NOW:%d.%m.%Y}"), NOW)
    assert not plan.is_over(replace(ENTRY, times="ab 14.09.2025 dienstags"), NOW)


def test_cells_of_some_days_are_on_their_weekdays() -> None:
    draft = drafts.make(replace(ENTRY, times="10.-12. März 2027, jew. 8-12 Uhr"), "k", wordings.read).draft
    assert isinstance(draft, Draft)
    assert draft.details.availability is not None
    assert {cell.partition("-")[0] for cell in draft.details.availability.cells} == {"mi", "do", "fr"}


def test_a_deadline_beside_a_contact_is_kept() -> None:
    text = "Wir begleiten Schulklassen. <p>Bewerbung bis <b>15.02.2027</b> an kinderuni@beispiel.de</p>"
    draft = drafts.make(replace(ENTRY, text=text), "k", wordings.read).draft
    assert isinstance(draft, Draft)
    assert draft.details.apply_by == date(2027, 2, 15)
    assert "@" not in draft.text


def test_times_in_another_language_stay_words() -> None:
    made = drafts.make(replace(ENTRY, times="Tous les mardis de 19h à 22h", language="fr"), "k", wordings.read)
    assert isinstance(made.draft, Draft)
    assert made.draft.details.effort is None
    assert made.draft.details.availability is not None
    assert made.draft.details.availability.text == "Tous les mardis de 19h à 22h"


def test_two_weekends_are_all_their_days() -> None:
    words = "12./13. und 19./20. Dezember 2026, jeweils 10-16 Uhr"
    found = days.read(Record(id="1", where="Zeile 1", title="Verkauf", times=words))
    assert (found.first, found.last) == (date(2026, 12, 12), date(2026, 12, 20))
    assert found.once
    assert found.weekdays == ("sa", "so")
