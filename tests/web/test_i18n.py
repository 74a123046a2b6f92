"""Languages: every message has its English words, and dates, numbers and plurals are written as people write them."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.messages.pofile import read_po

from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import i18n
from tests.web import messages

DE, EN = i18n.language("de"), i18n.language("en")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)s")


@pytest.mark.parametrize("code", i18n.LOCALES)
def test_catalogues_hold_every_message_and_no_other(code: str) -> None:
    with (i18n.TRANSLATIONS / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    assert messages.known(catalogue) == set(messages.extract())
    assert code == i18n.DEFAULT or messages.missing(catalogue) == []
    assert not [message.id for message in catalogue if message.fuzzy and message.id]


def test_extraction_sees_templates_code_labels_and_filters() -> None:
    found = messages.extract()
    for message in (
        "Wo möchten Sie mithelfen?",
        "Die Aufgabe",
        "Diese Seite gibt es hier nicht.",
        "Umkreis",
        "Juleica",
    ):
        assert any(message in one for one in found), message
    assert ("%(number)s Treffer", "%(number)s Treffer") in found


def test_translations_keep_their_placeholders() -> None:
    for message in messages.extract():
        one, many = (message, message) if isinstance(message, str) else message
        for count in (1, 2):
            made = EN.gettext(one) if one == many else EN.ngettext(one, many, count)
            assert sorted(PLACEHOLDER.findall(made)) == sorted(PLACEHOLDER.findall(one if count == 1 else many)), one


def test_every_label_is_said_in_english() -> None:
    same = {"Supervision", "Online", "Sport"}
    for names in labels.ALL:
        for label in names.values():
            assert EN.gettext(label) != label or label in same, label


@pytest.mark.parametrize(
    ("wish", "accepted", "code"),
    [
        ("en", "de", "en"),
        ("de", "en", "de"),
        ("", "en-GB,en;q=0.9,de;q=0.8", "en"),
        ("", "fr, de;q=0.3, en;q=0.5", "en"),
        ("", "en;q=0, de", "de"),
        ("", "en;q=x", "de"),
        ("de-simple", "en", "en"),
        ("../../etc", "", "de"),
        ("", "fr;q=1," * 50 + "en", "de"),
    ],
)
def test_choice_of_language(wish: str, accepted: str, code: str) -> None:
    assert i18n.choose(wish, accepted).code == code


def test_numbers_and_distances() -> None:
    assert DE.number(12345) == "12.345"
    assert EN.number(1234.5) == "1,234.5"
    assert DE.distance(3.24) == "3,2 km"
    assert EN.distance(3.24) == "3.2 km"
    assert DE.distance(14.4) == "14 km"


def test_times_are_those_of_germany() -> None:
    winter, summer = datetime(2026, 12, 12, 13, 0, tzinfo=UTC), datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert DE.span(winter, winter + timedelta(hours=3)) == "Sa., 12. Dez. 2026, 14:00–17:00 Uhr"
    assert EN.span(winter, winter + timedelta(hours=3)) == "Sat, 12 Dec 2026, 14:00–17:00"
    assert DE.span(summer, None) == "Do., 2. Juli 2026, 00:30 Uhr"
    assert DE.long_day(summer) == "2. Juli 2026"
    assert DE.long_day(date(2026, 7, 1)) == "1. Juli 2026"


def test_whole_days_and_long_spans() -> None:
    midnight = datetime(2026, 12, 11, 23, 0, tzinfo=UTC)
    assert DE.span(midnight, midnight + timedelta(days=1)) == "Sa., 12. Dez. 2026"
    assert DE.span(midnight, midnight + timedelta(hours=47, minutes=59)) == "Sa., 12. Dez. 2026 – So., 13. Dez. 2026"
    assert DE.span(midnight, midnight - timedelta(hours=1)) == "Sa., 12. Dez. 2026, 00:00 Uhr"
    late = datetime(2026, 12, 12, 20, 0, tzinfo=UTC)
    assert DE.span(late, late + timedelta(hours=5)) == "Sa., 12. Dez. 2026, 21:00 Uhr – So., 13. Dez. 2026, 02:00 Uhr"


@pytest.mark.parametrize(
    ("days", "german", "english"),
    [(0, "heute", "today"), (1, "vor 1 Tag", "1 day ago"), (21, "vor 3 Wochen", "3 weeks ago"),
     (340, "vor 11 Monaten", "11 months ago"), (800, "vor 2 Jahren", "2 years ago")],
)  # fmt: skip
def test_ago(days: int, german: str, english: str) -> None:
    then = NOW - timedelta(days=days, hours=1)
    assert DE.ago(then, NOW) == german
    assert EN.ago(then, NOW) == english


def test_names_of_languages() -> None:
    assert DE.language_name("uk") == "Ukrainisch"
    assert EN.language_name("de-simple") == "Easy German"
    assert DE.language_name("xx-nonsense-" * 9) == "xx-nonsense-" * 9
    assert DE.language_name("!") == "!"
    assert DE.direction == "ltr"
    assert DE.gettext("") == ""
