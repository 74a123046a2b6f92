"""What tests of questions ask on a certain day, and how they read the answer."""

from datetime import date

from fediverse_ehrenamt.understanding.questions import Question, understand

TODAY = date(2026, 11, 27)  # a Friday


def ask(text: str, today: date = TODAY) -> Question:
    return understand(text, today)


def pairs(text: str) -> set[str]:
    return {f"{name}={value}" for name, value in ask(text).pairs()}
