"""Wordings for times: what is understood of them, what is not, and that nothing in them does harm."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.understanding import times
from fediverse_ehrenamt.understanding.lexicon import WAKING
from fediverse_ehrenamt.understanding.marks import LONGEST
from fediverse_ehrenamt.vocab.labels import DAYPART, WEEKDAY
from tests.evaluation import times as evaluation

CELLS = {f"{day}-{part}" for day in WEEKDAY for part in DAYPART}
PIECES = (
    "Mo", "Mo-Fr", "so", "Fr.", "dienstags", "nicht", "außer", "in den Ferien", "9-12", "15 Uhr", "ab 16", "2", "1,5",
    "1/2", "12.12.", "Std.", "pro Woche", "14-tägig", "jeden", "1.", "2x", "mind.", "bis zu", "h", "-", ",", "und", "ß",
    "½", "vor-", "und nachmittags", "Tel.", "am Wochenende", "nach Absprache", "Kurs", "alle", "0", "24", "\n", "٣",
    "Wochenstunden", "5000",
)  # fmt: skip


def _cells(days: str, parts: str) -> set[str]:
    return {f"{day}-{part}" for day in days.split() for part in parts.split()}


@pytest.mark.parametrize("text", ["n. Abspr.", "nach Abspr.", "n. Vereinb.", "nach Vereinb.", "n.V.", "n. Absprache"])
def test_arrangement_is_written_short(text: str) -> None:
    assert times.read(text).flexible is True


@pytest.mark.parametrize(
    ("text", "flexible"),
    [
        ("Ort nach Absprache, freitags", None),
        ("Dauer n. V.", None),
        ("Zeit und Ort nach Absprache", True),
        ("Ort: ganze Stadt; nach Absprache", True),
        ("Sie sollten zeitlich flexibel sein", None),
        ("Flexibilität ist Voraussetzung", None),
        ("Flexible Zeiten, Führerschein erforderlich", True),
        ("zeitlich nicht flexibel", False),
        ("individuelle Begleitung", None),
        ("auf Abruf", None),
        ("je nach Bedarf", None),
        ("nach Bedarf und Absprache", True),
        ("feste Termine", False),
        ("keine festen Termine", True),
        ("nicht an feste Zeiten gebunden", True),
        ("selbstständige Zeiteinteilung", True),
    ],
)
def test_only_what_helpers_may_agree_on_is_flexible(text: str, flexible: bool | None) -> None:
    assert times.read(text).flexible is flexible


@pytest.mark.parametrize(
    ("text", "days", "parts"),
    [
        ("Mo–Fr nachmittags", "mo di mi do fr", "nachmittags"),
        ("Sa-Mo abends", "sa so mo", "abends"),
        ("14-tägig dienstags ab 15 Uhr", "di", "nachmittags"),
        ("Mi. 14tägig 9h–12h", "mi", "vormittags"),
        ("Di + Do 16.30 bis 18 Uhr", "di do", "nachmittags"),
        ("Freitags zwischen 10 und 12", "fr", "vormittags"),
        ("Di.,Mi.,Do. 13-15 h", "di mi do", "mittags nachmittags"),
        ("jeden letzten Samstag im Monat 11–15 h", "sa", "vormittags mittags nachmittags"),
        ("Di. im Monat 15 h", "di", "nachmittags"),
        ("tägl. zw. 10 u. 16 Uhr", "mo di mi do fr sa so", "vormittags mittags nachmittags"),
        ("Di 1.12. 15 Uhr", "di", "nachmittags"),
        ("einmalig am 11.10. 7-15 Uhr", "", ""),
        ("am 24.12. von 16 bis 20 Uhr", "", ""),
        ("ab 1.3. von 16 bis 18 Uhr", " ".join(WEEKDAY), "nachmittags"),
        ("nachmittags, bis Schuljahresende (30.06.2027)", " ".join(WEEKDAY), "nachmittags"),
        ("1.4. bis 30.9. 16-18 Uhr", " ".join(WEEKDAY), "nachmittags"),
        ("Sa 5 h", "sa", "morgens vormittags mittags nachmittags abends"),
        ("alle 14 Tage Mi. 19.30h", "mi", "abends"),
        ("Samtags vormitags", "sa", "vormittags"),
        ("Samstags von neun bis zwölf Uhr", "sa", "vormittags"),
        ("Wochentage und Uhrzeit nach Absprache", "", ""),
        ("22-6 Uhr am Freitag", "fr", "nachts"),
        ("Mo früh", "mo", "morgens"),
        ("rund um die Uhr", " ".join(WEEKDAY), " ".join(DAYPART)),
        ("samstags (außer in den Ferien) von 10 bis 12 Uhr", "sa", "vormittags"),
        ("1. u. 3. Di. i. Monat 15 h", "di", "nachmittags"),
        ("1. + 3. Do i. M. 15 h", "do", "nachmittags"),
        ("letzter Fr. i. Mt., 19 h", "fr", "abends"),
        ("3. Do im Quartal 19 h", "do", "abends"),
        ("Mi 14 tägig 15h", "mi", "nachmittags"),
        ("Mi. (15 h)", "mi", "nachmittags"),
        ("Dienstag, den 3. Dezember 2026, 15 h", "di", "nachmittags"),
        ("jeden ersten So. im Monat, 11 h - 13 h", "so", "vormittags mittags"),
        ("tgl. 9-12 Uhr", "mo di mi do fr sa so", "vormittags"),
        ("Mo ab 15h bis ca. 18h", "mo", "nachmittags"),
        ("Sa 15.30 (2h)", "sa", "nachmittags"),
        ("Mo 8-12 oder 12-16 h", "mo", "morgens vormittags mittags nachmittags"),
        ("bis 18 h", "mo di mi do fr sa so", "nachmittags"),
        ("gg. 17 h", "mo di mi do fr sa so", "nachmittags abends"),
        ("8 - 20 h", "mo di mi do fr sa so", "morgens vormittags mittags nachmittags abends"),
        ("Mo ab 9, Mi ab 10 Uhr; Kinder ab 6", "mo mi", "vormittags"),
        ("täglich (Mo–Fr) 9–12 Uhr", "mo di mi do fr", "vormittags"),
        ("täglich, auch sonntags, 9–12 Uhr", "mo di mi do fr sa so", "vormittags"),
        ("am Wochenende, nur samstags, 9–12 Uhr", "sa", "vormittags"),
        ("Mo von morgens bis abends", "mo", "morgens vormittags mittags nachmittags abends"),
        ("Bürozeiten: Mo–Do 9–12 Uhr, Sa 10–12 Uhr", "", ""),
        ("Mo–Fr 9–12 Uhr erreichbar, Hilfe samstags 14–16 Uhr", "sa", "nachmittags"),
        ("Sa 10–12 Uhr, mit dem Bus erreichbar", "sa", "vormittags"),
        ("erreichbar mit Bus 3, Sa 10–12 Uhr", "sa", "vormittags"),
        ("zwei Wochenenden Schulung, dann Di 15–17 Uhr", "di", "nachmittags"),
        ("So., 1-2 x im Monat, 11-17 h", "so", "vormittags mittags nachmittags"),
        ("Sa 9-12, mind. 2 Samstage/Monat", "sa", "vormittags"),
        ("Mo - Fr in der Zeit von 14-16", "mo di mi do fr", "nachmittags"),
        ("Sa 15.10 Fest", "sa", "morgens vormittags mittags nachmittags abends"),
    ],
)
def test_weekdays_and_dayparts(text: str, days: str, parts: str) -> None:
    assert set(times.read(text).cells) == _cells(days, parts)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("mo od. mi 4. Std.", ("mo-vormittags", "mi-vormittags")),
        ("mittwochs 3./4. Std.", ("mi-vormittags",)),
        ("dienstags 7. und 8. Stunde", ("di-nachmittags",)),
        ("Fr 1. bis 4. Stunde", ("fr-morgens", "fr-vormittags")),
    ],
)
def test_lessons_of_a_school(text: str, cells: tuple[str, ...]) -> None:
    assert times.read(text).cells == cells


@pytest.mark.parametrize(
    "text", ["1. Stunde kostenlos", "2.-3. Std. pro Woche", "jede 2. Stunde", "Di 3. Std. im Monat"]
)
def test_hours_with_a_point_that_are_no_lessons(text: str) -> None:
    assert len(times.read(text).cells) in (0, len(WAKING))


def test_how_often_is_no_time_of_day() -> None:
    assert "sa-nachmittags" in times.read("Sa., 6-8 Termine/Jahr").cells


@pytest.mark.parametrize(
    "text", ["Frühdienst 6-10 oder Spätdienst 14-18 Uhr", "ein halber Tag pro Woche (10-14 / 14-18 Uhr)"]
)
def test_a_clock_time_beside_one_that_is_written_out_is_as_sure(text: str) -> None:
    assert times.read(text).confidence["cells"] >= 0.7


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("mi ab 14 Uhr, sa vormittag", _cells("mi", "nachmittags") | _cells("sa", "vormittags")),
        ("Sa 20.3.27 9-12", _cells("sa", "vormittags")),
        ("werktags 9-12 Uhr, auch am Wochenende", _cells("mo di mi do fr sa so", "vormittags")),
        ("Mo 9-12 Uhr, samstags", _cells("mo", "vormittags") | {f"sa-{part}" for part in WAKING}),
        ("di ab 15°° Uhr und do 9⁰⁰ bis 12⁰⁰", _cells("di", "nachmittags") | _cells("do", "vormittags")),
        ("Mo 14-16 Uhr, bald auch an einem zweiten Wochentag", _cells("mo", "nachmittags")),
        ("Schultage 7.20-7.50", _cells("mo di mi do fr", "morgens")),
    ],
)
def test_days_as_people_type_them(text: str, cells: set[str]) -> None:
    assert set(times.read(text).cells) == cells


@pytest.mark.parametrize("text", ["so ab 14 Uhr geht es los", "wir sind so ab 16 da"])
def test_the_word_so_before_an_hour_is_no_sunday(text: str) -> None:
    assert not any(cell.startswith("so-") and len(times.read(text).cells) < 7 for cell in times.read(text).cells)


def test_each_day_keeps_its_own_dayparts() -> None:
    found = times.read("Mo–Do: 8–16 Uhr; Fr: 8–13 Uhr; abends am Wochenende")
    assert set(found.cells) == (
        _cells("mo di mi do", "morgens vormittags mittags nachmittags")
        | _cells("fr", "morgens vormittags mittags")
        | _cells("sa so", "abends")
    )


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("täglich außer Montag", "mo"),
        ("nicht am Wochenende", "sa"),
        ("Montags bis freitags (außer mittwochs)", "mi"),
        ("jeden Tag außer Sa und So", "so"),
        ("dienstags nicht, sonst jeden Tag", "di"),
        ("Mo - Fr 8.00 - 16.00 Uhr, Sa. geschlossen", "sa"),
        ("kein Abenddienst, kein Wochenende", "so"),
        ("sonntags frei, sonst täglich 16–18 Uhr", "so"),
        ("Samstag und Sonntag frei", "sa"),
        ("an Sonn- und Feiertagen keine Einsätze", "so"),
    ],
)
def test_what_is_excepted_is_never_a_cell(text: str, never: str) -> None:
    found = times.read(text)
    assert found.cells
    assert not [cell for cell in found.cells if cell.startswith(never)]


def test_dayparts_that_come_first_do_not_take_the_next_day_with_its_own() -> None:
    found = times.read("nachmittags unter der Woche, samstags auch vormittags")
    assert set(found.cells) == _cells("mo di mi do fr", "nachmittags") | _cells("sa", "vormittags")


def test_not_only_excepts_nothing() -> None:
    assert {cell[:2] for cell in times.read("nicht nur am Wochenende, auch unter der Woche").cells} == set(WEEKDAY)


@pytest.mark.parametrize(
    "text",
    [
        "5 Kinder im Alter von 8 bis 12 Jahren",
        "Tel. 0233 9-12 345",
        "Ansprechpartnerin Fr. Schulte, Tel. 02331 14-16 20",
        "So können Sie helfen",
        "Für Kinder ab 3 Jahren, 12 Plätze, 2. Etage, Raum 14-16",
        "Hausnr. 9-12, 45127 Essen",
        "Spende von 50 € pro Monat",
        "Mittagstisch, Abendbrot und Montage",
        "IBAN DE12 3456 7890",
        "0 Stunden pro Woche",
        "0 Wochenstunden",
        "an einem der drei oben genannten Wochentage",
        "1/224 Std.",
        "alle 5000 Wochen",
        "",
    ],
)
def test_what_is_no_time_never_becomes_one(text: str) -> None:
    found = times.read(text)
    assert (found.cells, found.effort, found.recurrence, found.spans) == ((), None, "", ())
    assert not found.confidence


@pytest.mark.parametrize(
    ("text", "low", "high", "per"),
    [
        ("2–3 Std. pro Woche", 2, 3, "woche"),
        ("2Std.proWoche", 2, 2, "woche"),
        ("1x wöchentlich 90 Min.", 1.5, 1.5, "woche"),
        ("1 1/2 Std. wöchentlich", 1.5, 1.5, "woche"),
        ("1½ Stunden pro Woche", 1.5, 1.5, "woche"),
        ("alle zwei Wochen 2 Stunden", 1, 1, "woche"),
        ("zwischen 1 und 5 Stunden pro Monat", 1, 5, "monat"),
        ("bis zu 5 Wochenstunden", None, 5, "woche"),
        ("mindestens ca. 2 Stunden", 2, None, ""),
        ("einmalig ca. 5 Stunden", 5, 5, "einmalig"),
        ("dienstags 2 Std.", 2, 2, "woche"),
        ("je 30 Minuten, dienstags und freitags", 1, 1, "woche"),
        ("Jeweils zwei Stunden", 2, 2, ""),
        ("einmal pro Woche je 2 Std., vorher ein Kurs", 2, 2, "woche"),
        ("10 Stunden im Jahr", 10, 10, "jahr"),
        ("ein- bis zweimal pro Woche für 2 Std.", 2, 4, "woche"),
        ("1-2 mal die Woche je zwei bis drei Stunden", 2, 6, "woche"),
        ("30 Min. bis 1 Std. wöchentlich", 0.5, 1, "woche"),
        ("dreistündig, jede Woche", 3, 3, "woche"),
        ("mind. 10 Wochenstunden", 10, None, "woche"),
        ("höchstens eine halbe Stunde", None, 0.5, ""),
        ("15 h/Woche", 15, 15, "woche"),
        ("Mo-Fr 15 h/Wo.", 15, 15, "woche"),
        ("ca. 15 h im Monat", 15, 15, "monat"),
        ("8-20 h im Monat", 8, 20, "monat"),
        ("wö. 2 Std.", 2, 2, "woche"),
        ("Di u. Fr jew. 3 h", 6, 6, "woche"),
        ("Sa/So im Wechsel, je 4 Std.", 4, 4, ""),
        ("2 Schichten pro Monat à 4h", 8, 8, "monat"),
        ("3 Stunden pro Einsatz, ca. 2 Einsätze im Monat", 6, 6, "monat"),
        ("2 x 2 Stunden pro Woche", 4, 4, "woche"),
        ("mindestens einmal im Monat 3 Std.", 3, None, "monat"),
        ("max. zweimal pro Woche je 2 Std.", None, 4, "woche"),
        ("mindestens einmal pro Woche höchstens 3 Std.", None, 3, ""),
        ("3 Stunden pro Quartal", 12, 12, "jahr"),
        ("einmal im Quartal 3 Stunden", 12, 12, "jahr"),
        ("4 Stunden in 14 Tagen", 2, 2, "woche"),
        ("4 Stunden in 5 Tagen", 4, 4, ""),
        ("alle zwei Monate 3 Stunden", 1.5, 1.5, "monat"),
        ("mehr als 5 Stunden in der Woche", 5, None, "woche"),
        ("unter 3 Stunden im Monat", None, 3, "monat"),
        ("100 Stunden übers Jahr", 100, 100, "jahr"),
        ("Stunden pro Woche: 2-3", 2, 3, "woche"),
        ("Stunden: 3-5/Woche", 3, 5, "woche"),
        ("Wochenstunden: max. 6", None, 6, "woche"),
        ("Ihr monatlicher Aufwand beträgt ca. 5 Stunden", 5, 5, "monat"),
        ("2 Std./W", 2, 2, "woche"),
        ("1 Std./W., vormittags", 1, 1, "woche"),
        ("2 h / W", 2, 2, "woche"),
        ("3 Std./M", 3, 3, "monat"),
        ("1x Woche 3-4 Std.", 3, 4, "woche"),
        ("1x Wo. 2-3 h ab 17 Uhr", 2, 3, "woche"),
        ("2 Std. (m/w/d)", 2, 2, ""),
        ("Sa/So 10-17 Uhr, Dienste je 3,5 Std.", 3.5, 3.5, ""),
        ("Sa/So je 3 Std.", 6, 6, "woche"),
        ("Café 3-5 Std., Ausflug 2-3 Std., im Monat ca. 7-8 Std.", 7, 8, "monat"),
    ],
)
def test_amounts(text: str, low: float | None, high: float | None, per: str) -> None:
    effort = times.read(text).effort
    assert effort is not None
    assert (effort.min_hours, effort.max_hours, effort.per) == (low, high, per)


def test_the_hours_of_a_course_are_not_those_of_the_task() -> None:
    assert times.read("Vorher steht ein Kurs von 100 Stunden").effort is None
    assert times.read("Eine Schulung über 30 Stunden ist vorgeschrieben").effort is None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("14-tägig", "FREQ=WEEKLY;INTERVAL=2"),
        ("Di. 19:30 (14-tg.)", "FREQ=WEEKLY;INTERVAL=2"),
        ("alle 3 Wochen", "FREQ=WEEKLY;INTERVAL=3"),
        ("jede zweite Woche", "FREQ=WEEKLY;INTERVAL=2"),
        ("2-wöchig", "FREQ=WEEKLY;INTERVAL=2"),
        ("alle 21 Tage", "FREQ=WEEKLY;INTERVAL=3"),
        ("alle zwei Monate", "FREQ=MONTHLY;INTERVAL=2"),
        ("einmal im Quartal", "FREQ=MONTHLY;INTERVAL=3"),
        ("jeden 1. Samstag im Monat", "FREQ=MONTHLY;BYDAY=1SA"),
        ("am 2. und 4. Montag im Monat", "FREQ=MONTHLY;BYDAY=2MO,4MO"),
        ("jeden letzten Freitag im Monat", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("jeden zweiten Dienstag", "FREQ=WEEKLY;INTERVAL=2"),
        ("jeden Mittwoch", "FREQ=WEEKLY"),
        ("mehrmals wöchentlich", ""),
        ("zweimal im Monat", ""),
        ("mind. 1 Nachmittag/Woche", ""),
        ("2–3 Std. pro Woche", ""),
        ("1. u. 3. Di. i. Monat 15 h", "FREQ=MONTHLY;BYDAY=1TU,3TU"),
        ("jd. 2. u. 4. Mi. im Monat, 14.30 h", "FREQ=MONTHLY;BYDAY=2WE,4WE"),
        ("2. So. i. M.", "FREQ=MONTHLY;BYDAY=2SU"),
        ("alle 14 Tg. Fr. nachm.", "FREQ=WEEKLY;INTERVAL=2"),
        ("1x wö.", "FREQ=WEEKLY"),
        ("1/4-jährlich", "FREQ=MONTHLY;INTERVAL=3"),
        ("1 Dienst pro Woche", "FREQ=WEEKLY"),
        ("monatliche Treffen", "FREQ=MONTHLY"),
        ("monatliche Pauschale von 50 €", ""),
        ("monatl. 1 Abend", "FREQ=MONTHLY"),
        ("nicht jede Woche", ""),
        ("1 Beratung im Monat à 2 Std.", "FREQ=MONTHLY"),
        ("mittwochs 9-12 Uhr, auch 14-tägig möglich", ""),
        ("Wir treffen uns 1. So können Sie helfen", ""),
    ],
)
def test_rhythms(text: str, rule: str) -> None:
    assert times.read(text).recurrence == rule


@pytest.mark.parametrize(
    "text",
    [
        "wöchentlich oder einmal im Monat",
        "14-tägig oder wöchentlich, 2 Stunden",
        "1x wöchentlich, oder 14-tägig",
        "von einmal alle zwei Monate bis einmal pro Woche",
        "wöchentlich, 14-tägig oder monatlich",
        "in geraden Monaten, jeden 2. Sonntag, 15 - 18 Uhr",
    ],
)
def test_of_several_rhythms_none_is_the_one(text: str) -> None:
    assert times.read(text).recurrence == ""


def test_preparation_is_not_the_time_itself() -> None:
    read = times.read("Mittwochs 11:45 - 12:45 Uhr und Vor- und Nachbereitung im Umfang von ca. 30 Minuten")
    assert (read.effort, read.cells) == (None, ("mi-vormittags", "mi-mittags"))


def test_what_else_a_wording_says() -> None:
    found = times.read("von Oktober bis März, feste Zeiten, nicht in den Ferien, mindestens ein halbes Jahr")
    assert found.months == (10, 11, 12, 1, 2, 3)
    assert (found.flexible, found.during_holidays, found.minimum_duration) == (False, False, "6_monate")


def test_the_rest_stays_text_and_what_is_unsure_can_be_left_out() -> None:
    found = times.read("Frühstück für Obdachlose, So 8-11 Uhr, nach Absprache")
    assert found.rest == "Frühstück für Obdachlose"
    whole, sure = found.availability("Wortlaut"), found.availability("Wortlaut", least=0.99)
    assert (whole.text, whole.flexible, len(whole.cells)) == ("Wortlaut", True, 2)
    assert (sure.text, sure.flexible, sure.cells) == ("Wortlaut", None, ())


def test_what_is_guessed_is_less_sure_than_what_is_said() -> None:
    said, open_side = times.read("dienstags 15-17 Uhr"), times.read("dienstags")
    misspelt, excepted = times.read("dinstags 15-17 Uhr"), times.read("täglich außer dienstags 15-17 Uhr")
    assert said.confidence["cells"] > open_side.confidence["cells"]
    assert said.confidence["cells"] > misspelt.confidence["cells"]
    assert said.confidence["cells"] > excepted.confidence["cells"]


# What `make eval` reports may not get worse unseen.
@pytest.mark.parametrize(
    ("name", "cells", "effort"), [("tuning", 0.98, 0.98), ("held_out", 0.89, 0.9), ("other_authors", 0.92, 0.92)]
)
def test_the_labelled_wordings_are_still_understood(name: str, cells: float, effort: float) -> None:
    labelled = evaluation.load(name)
    figures = evaluation.measure(labelled, [times.read(one.text) for one in labelled])
    assert figures["cell_precision"] >= cells
    assert figures["cell_recall"] >= cells
    assert figures["effort_accuracy"] >= effort


def test_the_evaluation_tells_good_from_bad() -> None:
    labelled = evaluation.load("tuning")
    plain = evaluation.measure(labelled, [times.Times(confidence={"cells": 0.9}) for _ in labelled])
    assert plain["cell_recall"] == plain["effort_accuracy"] == 0
    assert plain["calibration_error"] > 0.3
    others = [times.read(one.text) for one in labelled[1:] + labelled[:1]]
    assert evaluation.measure(labelled, others)["cell_precision"] < 0.5


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)))
def test_any_text_is_read(text: str) -> None:
    found = times.read(text)
    assert set(found.cells) <= CELLS
    assert all(0 < sure <= 1 for sure in found.confidence.values())
    assert all(0 <= span.start < span.end <= len(text) and span.field in times.FIELDS for span in found.spans)
    assert {span.field for span in found.spans} == set(found.confidence)
    for name in found.confidence:
        assert getattr(found, name) not in ((), None, "")
    effort = found.effort
    if effort is not None:
        assert 0 < (effort.min_hours or effort.max_hours or 0) <= 10_000


@pytest.mark.parametrize(
    "unit", ["Mo-", "1-", "1.", "montag und ", "jeden 1. und 3. ", "bis zu ca. ", "qwertzuiop ", "2 Std. "]
)
def test_reading_is_linear_in_the_length_of_the_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        best = 9.0
        for _ in range(5):
            started = time.process_time()  # not the clock on the wall: the machine has other work
            times.read(text)
            best = min(best, time.process_time() - started)
        return best

    times.read("erst die Tabellen: donerstag")
    assert seconds(LONGEST) < 40 * seconds(LONGEST // 10) + 0.02  # a quadratic one takes 100 times as long


def test_what_is_beyond_the_longest_text_is_not_read() -> None:
    assert not times.read("x " * LONGEST + " montags").cells
