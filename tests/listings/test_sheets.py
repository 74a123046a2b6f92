"""Tables as clubs make them by hand: days and hours in several cells, sums, parted words, towns over the table."""

import json
from datetime import datetime, timedelta

import pytest

from fediverse_ehrenamt.imports import homes
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.listings.record import EVENT, OFFER, Fault, Record
from tests.listings.reading import read

HEAD = "Datum;Was;von;bis;Wo\n"


def row(*cells: str) -> Record:
    (one,), faults = read(HEAD + ";".join(cells) + "\n")
    assert not faults
    return one


def at(day: int, month: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=HOME)


WHOLE = timedelta(hours=23, minutes=59, seconds=59)


@pytest.mark.parametrize(
    ("cells", "begin", "end"),
    [
        (("09.01.27", "10:00", "12.30"), at(9, 1, 10), at(9, 1, 12, 30)),
        (("Sa 13.2.2027", "14", "18 Uhr"), at(13, 2, 14), at(13, 2, 18)),
        (("06.03.2027", "9:00", ""), at(6, 3, 9), None),
        (("06.03.2027", "8.30 Uhr", "ca. 12 Uhr"), at(6, 3, 8, 30), at(6, 3, 12)),
        (("06.03.2027", "7-14", ""), at(6, 3, 7), at(6, 3, 14)),
        (("06.03.2027", "14:00", "24:00"), at(6, 3, 14), at(7, 3)),
        (("17./18. April 2027", "9", "17"), at(17, 4, 9), at(18, 4, 17)),
        (("17.-18.04.2027", "", ""), at(17, 4), at(18, 4) + WHOLE),
        (("03.10.2027 (Feiertag)", "", ""), at(3, 10), None),
        (("06.03.2027", "25", "99"), at(6, 3), None),
    ],
)
def test_days_and_hours(cells: tuple[str, str, str], begin: datetime, end: datetime | None) -> None:
    day, starts, ends = cells
    one = row(day, "Fest", starts, ends, "Saal")
    assert (one.kind, one.starts_at, one.ends_at) == (EVENT, begin, end)


@pytest.mark.parametrize(
    ("said", "starts", "ends", "times"),
    [
        ("jeden Dienstag", "16.30", "18", "jeden Dienstag 16.30–18 Uhr"),
        ("Mo + Mi", "9 Uhr", "", "Mo + Mi 9 Uhr"),
        ("Juli 2027", "", "", "Juli 2027"),
    ],
)
def test_words_in_the_place_of_a_day_are_times(said: str, starts: str, ends: str, times: str) -> None:
    one = row(said, "Training", starts, ends, "Halle")
    assert (one.kind, one.times) == (OFFER, times)


def test_a_day_that_is_none_is_a_fault_and_no_offer() -> None:
    found, (fault,) = read(f"{HEAD}31.11.2027;Gespensterlauf;18;20;Turm\n")
    assert not found
    assert fault.message == "„31.11.2027“ ist kein Tag, den es gibt"


def test_a_sum_is_no_entry() -> None:
    found, faults = read(f"{HEAD}09.01.2027;Lauf;10;12;Platz\n;Summe Helfer;;;109\n")
    assert [one.title for one in found] == ["Lauf"]
    assert [one.heading for one in faults] == [True]


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("Neujahrs-\nlauf", "Neujahrslauf"),
        ("Kinder-\nund Jugendarbeit", "Kinder- und Jugendarbeit"),
        ("Mathe-\nNachhilfe", "Mathe- Nachhilfe"),
        ("Lauf\nmit Musik", "Lauf mit Musik"),
    ],
)
def test_a_word_that_is_parted_in_a_narrow_cell(cell: str, title: str) -> None:
    assert row("09.01.2027", f'"{cell}"', "", "", "").title == title


def test_what_stands_over_the_table_names_the_town() -> None:
    found: list[Record | Fault] = []
    for part in read(f"SV Blau-Weiß Hagen 1911 e.V. – Helferliste;;;;\n;;;;\n{HEAD}09.01.2027;Lauf;10;12;Platz\n"):
        found.extend(part)
    assert homes.find(found, "liste.xlsx") == homes.Home("Hagen", homes.NAMED)


def test_what_is_to_be_done_is_the_title_where_there_is_no_other() -> None:
    head = "Ansprechp.;Was ist zu tun?;Wer sucht;Wie oft / wann;Einsatz-Ort"
    table = f"{head}\nFr. Lotze;Bänke streichen;Heimatverein;im Frühjahr;Leuchtberg\n"
    (one,), _ = read(table)
    assert (one.title, one.organisation, one.times, one.venue) == (
        "Bänke streichen", "Heimatverein", "im Frühjahr", "Leuchtberg",
    )  # fmt: skip


def test_objects_in_json_for_texts_and_places() -> None:
    entries = [
        {
            "titel": "Gärtnern",
            "beschreibung": {"kurz": "Beete", "lang": "<p>Sie legen Beete an.</p>"},
            "einsatzort": {"ort": "Zittau"},
        },
        {
            "titel": "Flohmarkt",
            "beschreibung": "Aufbau",
            "einsatzort": {"name": "Turnhalle", "ort": "Zittau", "plz": "02763"},
        },
    ]
    (garden, market), _ = read(json.dumps({"data": entries}))
    assert (garden.text, garden.locality, garden.venue) == ("<p>Sie legen Beete an.</p>", "Zittau", "")
    assert (market.venue, market.locality, market.postcode) == ("Turnhalle", "Zittau", "02763")


def test_a_town_behind_a_comma_is_the_town() -> None:
    one = row("09.01.2027", "Lauf", "", "", "Kita Struth, Eschwege")
    assert (one.venue, one.locality) == ("Kita Struth", "Eschwege")


PLAN = "Was wird gesucht?;Träger;Mo;Di;Mi;Do;Fr;Sa;So;Uhrzeit;Std./Wo.;ab Alter;FZ?;rollst.-ger.\n"


def planned(*cells: str) -> Record:
    (one,), faults = read(PLAN + ";".join(cells) + "\n")
    assert not faults
    return one


@pytest.mark.parametrize(
    ("days", "hours", "amount", "times"),
    [
        (("x", "X", "", "ja", "", "", ""), "11-13.30", "2,5", "Mo, Di, Do, 2,5 Std. pro Woche 11-13.30"),
        (("", "", "", "", "", "x", "nein"), "", "2-3", "Sa, 2-3 Std. pro Woche"),
        (("14-16", "", "9-11", "", "", "", ""), "", "nach Bedarf", "Mo 14-16, Mi 9-11, nach Bedarf"),
        (("",) * 7, "n. V.", "ca. 3", "ca. 3 Std. pro Woche n. V."),
    ],
)
def test_days_that_are_ticked_in_columns_of_their_own(
    days: tuple[str, ...], hours: str, amount: str, times: str
) -> None:
    assert planned("Bücher austragen", "Bücherei", *days, hours, amount, "", "", "").times == times


@pytest.mark.parametrize(
    ("age", "minimum", "requirements"), [("18", 18, ""), ("ab 14 mit Eltern", None, "Alter: ab 14 mit Eltern")]
)
def test_an_age_that_is_more_than_a_number_stays_in_words(age: str, minimum: int | None, requirements: str) -> None:
    one = planned("Bücher austragen", "Bücherei", *[""] * 9, age, "?", "nein (Treppe)")
    assert (one.minimum_age, one.requirements, one.accessibility) == (minimum, requirements, "nein (Treppe)")


def test_what_is_ticked_off_does_not_appear() -> None:
    found, (fault,) = read("Datum;Was;Ort;erledigt\n6.3.2027;Fest;Treff Brücke;\n7.3.2027;Markt;Hagen;ja\n")
    assert [one.title for one in found] == ["Fest"]
    assert "erledigt" in fault.message
