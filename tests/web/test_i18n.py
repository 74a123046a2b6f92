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


@pytest.mark.unmeasured
@pytest.mark.parametrize("code", i18n.LOCALES)
def test_catalogues_hold_every_message_and_no_other(code: str) -> None:
    with (i18n.TRANSLATIONS / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=messages._locale(code))
    assert messages.known(catalogue) == set(messages.extract())
    demanded = set(messages.extract(visited=code not in i18n.WORKING))
    assert code == i18n.DEFAULT or demanded.isdisjoint(messages.missing(catalogue))
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


@pytest.mark.parametrize("code", i18n.LOCALES)
def test_translations_keep_their_placeholders(code: str) -> None:
    language = i18n.language(code)
    for message in messages.extract():
        if isinstance(message, str):
            made = language.gettext(message)
            assert sorted(PLACEHOLDER.findall(made)) == sorted(PLACEHOLDER.findall(message)), message
            assert made.count("%%") == message.count("%%"), message
            continue
        one, many = message
        allowed = set(PLACEHOLDER.findall(many))
        for count in (0, 1, 2, 3, 5, 11, 21, 100):
            found = set(PLACEHOLDER.findall(language.ngettext(one, many, count)))
            # A form for exactly one, two or none may say so in words; all others name the number.
            assert found <= allowed, message
            assert found == allowed or count < 3 or (code != "ar" and count % 10 == 1), message


@pytest.mark.parametrize(("code", "days"), [("de", "MoDiMiDoFrSaSo"), ("uk", "пнвтсрчтптсбнд"), ("ar", "نثرخجسح")])
def test_days_in_the_head_of_a_row_are_short(code: str, days: str) -> None:
    assert "".join(i18n.language(code).short_day(day) for day in range(7)) == days


def test_plural_forms() -> None:
    hits = "%(number)s Treffer"
    uk, ar = i18n.language("uk"), i18n.language("ar")
    assert [uk.ngettext(hits, hits, n).split()[-1] for n in (1, 3, 5, 11, 21)] == [
        "результат", "результати", "результатів", "результатів", "результат",
    ]  # fmt: skip
    assert [ar.ngettext(hits, hits, n) % {"number": n} for n in (0, 1, 2, 3, 11, 100)] == [
        "لا نتائج", "نتيجة واحدة", "نتيجتان", "3 نتائج", "11 نتيجة", "100 نتيجة",
    ]  # fmt: skip


def test_leichte_sprache_parts_long_words_and_leaves_out_what_is_hard() -> None:
    """After the rules of Netzwerk Leichte Sprache: short sentences, no conjunctive, no genitive article."""
    plain = i18n.language(i18n.PLAIN)
    hard = re.compile(r"\b(würden?|könnten?|möge|sodass|bezüglich|jedoch)\b")
    for message in messages.extract(visited=True):
        said = plain.gettext(message) if isinstance(message, str) else plain.ngettext(message[0], message[1], 2)
        assert not hard.search(said), said
        for sentence in re.split(r"[.?!:]\s", said):
            assert len(sentence.split()) <= 15, sentence


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
        ("de-simple", "en", "de-simple"),
        ("", "ar-SY,ar;q=0.9,en;q=0.8", "ar"),
        ("uk", "ar", "uk"),
        ("../../etc", "", "de"),
        ("", "fr;q=1," * 50 + "en", "de"),
    ],
)
def test_choice_of_language(wish: str, accepted: str, code: str) -> None:
    assert i18n.choose(wish, accepted).code == code


@pytest.mark.parametrize(
    ("wish", "accepted", "code"), [("uk", "de", "de"), ("ar", "ar,en;q=0.5", "en"), ("de-simple", "en", "de")]
)
def test_pages_for_work_are_offered_in_fewer_languages(wish: str, accepted: str, code: str) -> None:
    assert i18n.choose(wish, accepted, i18n.offered("accounts")).code == code
    assert i18n.choose(wish, accepted, i18n.offered("discover")).code == wish


def test_numbers_and_distances() -> None:
    assert DE.number(12345) == "12.345"
    assert EN.number(1234.5) == "1,234.5"
    assert DE.distance(3.24) == "3,2 km"
    assert EN.distance(3.24) == "3.2 km"
    assert DE.distance(14.4) == "14 km"
    assert i18n.language("ar").distance(14.4) == "14 كم"
    assert i18n.language("uk").distance(3.24) == "3,2 км"


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


def test_today_begins_at_midnight() -> None:
    midnight = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    early = midnight + timedelta(minutes=30)
    assert DE.ago(midnight, early) == "heute"
    assert DE.ago(midnight - timedelta(minutes=1), early) == "vor 1 Tag"


def test_names_of_languages() -> None:
    assert DE.language_name("uk") == "Ukrainisch"
    assert EN.language_name("de-simple") == "Easy German"
    assert DE.language_name("xx-nonsense-" * 9) == "xx-nonsense-" * 9
    assert DE.language_name("!") == "!"
    assert DE.direction == "ltr"
    assert i18n.language("ar").direction == "rtl"
    assert DE.gettext("") == ""
