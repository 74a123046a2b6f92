"""The states of an enquiry and every step between them; when it is late; how soon an organisation answers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fediverse_ehrenamt.engagements import rules
from fediverse_ehrenamt.engagements.rules import (
    ACKNOWLEDGE,
    AGREE,
    AGREED,
    ANSWER,
    CLOSE,
    CLOSED,
    DECLINE,
    DECLINED,
    NEW,
    READ,
    TALK,
    TALKING,
    WITHDRAW,
    WITHDRAWN,
    WRITE,
    Person,
    Waited,
)
from fediverse_ehrenamt.kit.errors import Conflict
from tests.workbench import NOW

STEPS = (ACKNOWLEDGE, ANSWER, TALK, AGREE, DECLINE, CLOSE, WRITE, WITHDRAW)
AFTER = {
    NEW: (READ, TALKING, TALKING, AGREED, DECLINED, CLOSED, NEW, WITHDRAWN),
    READ: (None, TALKING, TALKING, AGREED, DECLINED, CLOSED, READ, WITHDRAWN),
    TALKING: (None, TALKING, None, AGREED, DECLINED, CLOSED, TALKING, WITHDRAWN),
    AGREED: (None, AGREED, None, None, DECLINED, CLOSED, AGREED, WITHDRAWN),
    DECLINED: (None, TALKING, None, None, None, None, None, None),
    WITHDRAWN: (None,) * 8,
    CLOSED: (None, TALKING, None, None, None, None, None, None),
}


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_from_every_state(state: str, step: str) -> None:
    expected = AFTER[state][STEPS.index(step)]
    assert rules.may(state, step) == (expected is not None)
    if expected is None:
        with pytest.raises(Conflict):
            rules.after(state, step)
    else:
        assert rules.after(state, step) == expected


def test_each_step_belongs_to_one_side() -> None:
    own = set(rules.STEPS[rules.PERSON])
    assert own.isdisjoint(rules.STEPS[rules.ORGANISATION])
    assert own.union(rules.STEPS[rules.ORGANISATION]) == set(STEPS)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"mail": "", "phone": "02331 / 20-70"}, []),
        ({"phone": "+49 (2331) 207.0"}, []),
        ({"name": "A"}, ["name"]),
        ({"name": "x" * 81}, ["name"]),
        ({"mail": "anna"}, ["mail"]),
        ({"mail": ""}, ["mail"]),
        ({"phone": "12345"}, ["telefon"]),
        ({"phone": "ruf mich an 123456"}, ["telefon"]),
        ({"phone": "1" * 31}, ["telefon"]),
        ({"text": "x" * 2_001}, ["text"]),
        ({"text": "x" * 2_000}, []),
        ({"name": "", "mail": "anna@", "phone": "x"}, ["name", "mail", "telefon"]),
    ],
)
def test_what_somebody_typed(changes: dict[str, Any], fields: list[str]) -> None:
    person = replace(Person(name="Anna", mail="anna@beispiel.de"), **changes)
    assert [problem.field for problem in rules.problems(person)] == fields


def test_words_and_reasons_where_they_are_needed() -> None:
    for step in (ANSWER, DECLINE, WRITE):
        assert rules.wrong_text(step, " \n")
    assert not rules.wrong_text(AGREE, "")
    assert rules.wrong_text(AGREE, "x" * 2_001)
    assert rules.wrong_reason(CLOSE, "weil") == rules.wrong_reason(CLOSE, "")
    assert rules.wrong_reason(CLOSE, "") != []
    assert rules.wrong_reason(CLOSE, "doppelt") == rules.wrong_reason(AGREE, "") == []


@pytest.mark.parametrize(("promised", "days"), [(None, 7), (3, 3), (0, 1), (1, 1), (900, 60)])
def test_until_when_an_answer_is_due(promised: int | None, days: int) -> None:
    assert rules.due(NOW, promised) == NOW + timedelta(days=days)


@pytest.mark.parametrize(
    ("promised", "days", "stage", "upcoming"),
    [
        (7, 0, rules.NOT_TOLD, 6), (7, 5.9, rules.NOT_TOLD, 6), (7, 6, rules.BEFORE, 8), (7, 7, rules.NOT_TOLD, 8),
        (7, 8, rules.LATE, None), (7, 10.9, rules.LATE, None), (7, 11, rules.OVERDUE, None),
        (1, 0, rules.NOT_TOLD, 2), (1, 0.5, rules.NOT_TOLD, 2), (1, 2, rules.LATE, None), (2, 1, rules.BEFORE, 3),
    ],
)  # fmt: skip
def test_reminders(promised: int, days: float, stage: int, upcoming: float | None) -> None:
    due, now = rules.due(NOW, promised), NOW + timedelta(days=days)
    assert rules.stage(NOW, due, now) == stage
    assert rules.next_look(NOW, due, now) == (None if upcoming is None else NOW + timedelta(days=upcoming))


def waits(*days: float | None) -> list[Waited]:
    """Enquiries of a month ago that were answered after so many days, or not yet."""
    asked = NOW - timedelta(days=30)
    return [
        Waited(asked, asked + timedelta(days=7), None if day is None else asked + timedelta(days=day)) for day in days
    ]


@pytest.mark.parametrize(
    ("days", "usual"),
    [
        ((1, 1, 1, 1), None),
        ((1, 1, 1, 1, 1), 1),
        ((0.1, 0.2, 0.1, 0.1, 0.1), 1),
        ((1, 1, 2.5, 9, 9), 3),
        ((1, 1, 1, 1, 1, None, None, None, None), 1),
        ((1, 1, 1, 1, 1, None, None, None, None, None), None),
        ((), None),
    ],
)
def test_how_soon_they_answer(days: tuple[float | None, ...], usual: int | None) -> None:
    assert rules.usual_days(waits(*days), NOW) == usual


def test_what_is_not_due_yet_says_nothing() -> None:
    fresh = [Waited(NOW - timedelta(hours=1), NOW + timedelta(days=7), None)] * 50
    assert rules.usual_days([*waits(2, 2, 2, 2, 2), *fresh], NOW) == 2
