"""What makes an opportunity fit to be published, and how it reads."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fediverse_ehrenamt.opportunities import rules
from fediverse_ehrenamt.vocab.types import Availability, Effort, GroupSize
from tests.workbench import NOW, offer

PAST, FUTURE = date(2026, 1, 1), date(2027, 1, 1)
ACCENTS: dict[str, tuple[dict[str, Any], str]] = {
    "no title": ({"title": " x "}, "title"),
    "a long title": ({"title": "x" * 201}, "title"),
    "an unknown state": ({"status": "erfunden"}, "status"),
    "an end before the start": ({"start_date": date(2027, 2, 1), "end_date": FUTURE}, "endDate"),
    "an end in the past": ({"end_date": PAST}, "endDate"),
    "a deadline in the past": ({"apply_by": PAST}, "applyBy"),
    "expired": ({"expires_at": NOW}, "expiresAt"),
    "confirmed in the future": ({"confirmed_at": NOW + timedelta(days=2)}, "confirmedAt"),
    "more free than there are": ({"places": 2, "places_free": 3}, "placesFree"),
    "too old and too young": ({"minimum_age": 30, "maximum_age": 20}, "minimumAge"),
    "hours": ({"effort": Effort(min_hours=3.5, max_hours=2)}, "effort.minHours"),
    "a group": ({"group_size": GroupSize(min=5, max=2)}, "groupSize.min"),
}


@pytest.mark.parametrize(("details", "field"), ACCENTS.values(), ids=ACCENTS)
def test_each_wrong_fact_is_named(details: dict[str, Any], field: str) -> None:
    (problem,) = rules.problems(offer(**details), NOW)
    assert problem.field == field
    assert len(problem.message) > 10


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": ""}, "id"),
        ({"key": "x" * 201}, "id"),
        ({"text": "zu kurz"}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"image": "a.jpg"}, "image.alt"),
        ({"contact_url": "javascript:alert(1)"}, "contactUrl"),
    ],
)
def test_each_wrong_field_is_named(changes: dict[str, Any], field: str) -> None:
    (problem,) = rules.problems(replace(offer(), **changes), NOW)
    assert problem.field == field


def test_a_day_is_past_from_midnight_on() -> None:
    eve, last = date(2026, 12, 31), datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    assert rules.problems(offer(end_date=eve, confirmed_at=None), last) == []
    (problem,) = rules.problems(offer(end_date=eve, confirmed_at=None), last + timedelta(minutes=1))
    assert "31.12.2026" in str(problem.message)


def test_all_problems_are_named_at_once() -> None:
    broken = replace(offer(title="x", status="?"), text="", contact_url="x")
    assert [problem.field for problem in rules.problems(broken, NOW)] == ["title", "text", "status", "contactUrl"]


def test_what_is_right_has_no_problems() -> None:
    assert rules.problems(offer(), NOW) == []
    full = offer(
        places=3,
        places_free=3,
        minimum_age=16,
        maximum_age=16,
        effort=Effort(min_hours=2, max_hours=2),
        group_size=GroupSize(min=2),
        start_date=FUTURE,
        end_date=FUTURE,
        apply_by=NOW.date(),
        confirmed_at=NOW,
        expires_at=NOW + timedelta(seconds=1),
    )
    assert (
        rules.problems(replace(full, image="a.jpg", image_alt="Ein Kind", contact_url="https://a.example/"), NOW) == []
    )


@pytest.mark.parametrize("status", ["pausiert", "besetzt", "abgelaufen", "zurueckgezogen"])
def test_what_is_not_open_may_lie_in_the_past(status: str) -> None:
    assert rules.problems(offer(status=status, end_date=PAST, expires_at=NOW - timedelta(days=9)), NOW) == []


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({}, NOW + timedelta(days=365)),
        ({"expires_at": NOW}, NOW),
        ({"end_date": date(2027, 1, 2)}, datetime(2027, 1, 2, 22, 59, 59, tzinfo=UTC)),
        (
            {"end_date": date(2027, 1, 2), "expires_at": datetime(2027, 5, 1, tzinfo=UTC)},
            datetime(2027, 1, 2, 22, 59, 59, tzinfo=UTC),
        ),
        ({"end_date": date(2027, 7, 2), "apply_by": date(2027, 7, 1)}, datetime(2027, 7, 1, 21, 59, 59, tzinfo=UTC)),
    ],
)
def test_when_an_offer_leaves_by_itself(details: dict[str, Any], expected: datetime) -> None:
    assert rules.expires_at(offer(**details).details, NOW) == expected


@pytest.mark.parametrize(
    ("status", "first"),
    [
        ("veroeffentlicht", "Lesepatin"),
        ("besetzt", "BESETZT: Lesepatin"),
        ("abgelaufen", "ABGELAUFEN: Lesepatin"),
        ("pausiert", "PAUSIERT: Lesepatin"),
    ],
)
def test_the_first_words(status: str, first: str) -> None:
    assert rules.headline(offer(status=status).details).startswith(first)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, None, ""),
        (date(2027, 2, 1), None, "ab 1.2.2027"),
        (None, date(2027, 3, 31), "bis 31.3.2027"),
        (date(2027, 2, 1), date(2027, 3, 31), "1.2. bis 31.3.2027"),
        (date(2026, 12, 1), date(2027, 1, 31), "1.12.2026 bis 31.1.2027"),
        (date(2027, 2, 1), date(2027, 2, 1), "am 1.2.2027"),
    ],
)
def test_in_which_days(first: date | None, last: date | None, said: str) -> None:
    assert rules.period(first, last) == said
    line = rules.when(offer(start_date=first, end_date=last, effort=Effort(min_hours=2, per="woche")).details)
    assert line == (f"{said} · 2 Std./Woche" if said else "2 Std./Woche")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Sa, 01.02.2027, 10-13 Uhr", "Sa, 01.02.2027, 10-13 Uhr"),
        ("Montag 1. Februar 2027", "Montag 1. Februar 2027"),
        ("ab 21.3. abends", "am 1.2.2027 · 2 Std./Woche · ab 21.3. abends"),
        ("2 h / Woche", "am 1.2.2027 · 2 h / Woche"),
        ("45 Min. montags", "am 1.2.2027 · 45 Min. montags"),
    ],
)
def test_nothing_is_said_twice(words: str, said: str) -> None:
    day, amount = date(2027, 2, 1), Effort(min_hours=2, per="woche")
    named = offer(start_date=day, end_date=day, effort=amount, availability=Availability(text=words)).details
    assert rules.when(named).removeprefix("2 Std./Woche · ") == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (None, ""),
        (Effort(), ""),
        (Effort(per="woche"), ""),
        (Effort(min_hours=2, max_hours=3, per="woche"), "2–3 Std./Woche"),
        (Effort(min_hours=1.5, max_hours=1.5, per="monat"), "1,5 Std./Monat"),
        (Effort(min_hours=4, per="einmalig"), "4 Std. einmalig"),
        (Effort(max_hours=4, per="jahr"), "bis 4 Std./Jahr"),
        (Effort(min_hours=4), "4 Std."),
        (Effort(min_hours=4, per="erfunden"), "4 Std."),
    ],
)
def test_how_much_time(amount: Effort | None, said: str) -> None:
    assert rules.effort(amount) == said
    read = rules.amount_of(said)
    assert rules.effort(read) == said
    assert (read is None) == (said == "")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 2, 1), None),
        (None, date(2027, 3, 31)),
        (date(2027, 2, 1), date(2027, 3, 31)),
        (date(2026, 12, 28), date(2027, 1, 3)),
        (date(2027, 2, 1), date(2027, 2, 1)),
    ],
)
def test_days_are_read_as_they_were_written(first: date | None, last: date | None) -> None:
    assert rules.period_of(rules.period(first, last)) == (first, last)


@pytest.mark.parametrize(
    "said", ["", "ab sofort", "ab 31.2.2027", "1.2. bis 30.2.2027", "bis 1.2.", "ab 1.2.2027 abends"]
)
def test_own_words_for_days_are_none(said: str) -> None:
    assert rules.period_of(said) is None


@pytest.mark.parametrize("cells", [("di-nachmittags",), ("mo-morgens", "so-nachts"), ("mo-abends",) * 5])
def test_cells_are_read_as_they_were_written(cells: tuple[str, ...]) -> None:
    line = rules.availability(Availability(cells=cells))
    assert rules.cells_of(line) == (cells[:4], " …" if len(cells) > 4 else "")


@pytest.mark.parametrize("said", ["", "di nachmittags", "Di nachmittags ab 15 Uhr", "Di nachmittag", "Xx abends", " …"])
def test_own_words_for_times_are_no_cells(said: str) -> None:
    assert rules.cells_of(said) == ((), "")


@pytest.mark.parametrize(
    "said", ["ca. 2 Std./Woche", "2 Std. pro Woche", "2 Stunden", "Std.", "2–3 Std./Woche nachmittags"]
)
def test_own_words_for_how_much_time_are_no_amount(said: str) -> None:
    assert rules.amount_of(said) is None


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (None, ""),
        (Availability(), ""),
        (Availability(flexible=True), "flexibel nach Absprache"),
        (Availability(text="dienstags nach der Schule", cells=("di-nachmittags",)), "dienstags nach der Schule"),
        (Availability(cells=("di-nachmittags", "sa-morgens")), "Di nachmittags, Sa morgens"),
        (
            Availability(cells=tuple(f"{day}-abends" for day in ("mo", "di", "mi", "do", "fr"))),
            "Mo abends, Di abends, Mi abends, Do abends …",
        ),
    ],
)
def test_when(times: Availability | None, said: str) -> None:
    assert rules.availability(times) == said


@pytest.mark.parametrize(
    ("details", "place", "said"),
    [
        ({}, "", ""),
        ({}, "Hagen", "📍 Hagen"),
        ({"mode": "online"}, "Hagen", "📍 online"),
        ({"mode": "beliebig_im_gebiet"}, "Hagen", "📍 Hagen und Umgebung"),
        ({"mode": "beliebig_im_gebiet"}, "", ""),
        ({"mode": "vor_ort"}, "Hagen", "📍 Hagen"),
        ({"places": 1}, "", "1 Platz"),
        ({"places": 3, "places_free": 2}, "", "2 Plätze"),
        ({"places": 3, "places_free": 0}, "", ""),
        (
            {"effort": Effort(min_hours=2, per="woche"), "availability": Availability(text="dienstags")},
            "Hagen",
            "📍 Hagen · 🕒 2 Std./Woche · dienstags",
        ),
    ],
)
def test_the_line_of_facts(details: dict[str, Any], place: str, said: str) -> None:
    assert rules.facts(offer(**details).details, place) == said
