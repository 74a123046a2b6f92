"""Query: what is typed is read leniently, said back canonically, and refused with a way out."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.search.filters import FILTERS, GROUPS
from fediverse_ehrenamt.search.query import MAX_CHARACTERS, MAX_PAGE, MAX_WORDS, Query, read

_NAMES = [item.name for item in FILTERS]
_CHOICES = [value for item in FILTERS for value, _label in item.choices]


def _problems(*params: tuple[str, str]) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        read(params)
    return {problem.field: problem.message for problem in caught.value.problems}


def test_reads_every_filter() -> None:
    query = read(
        parse_qsl(
            "q=+vorlesen++Kinder&ort=58095&umkreis=50&bereich=sport&bereich=kultur&art=termin"
            "&von=24.12.2026&bis=2026-12-31&seite=3&utm_source=x"
        )
    )
    assert query.text == "vorlesen Kinder"
    assert query.spot is not None
    assert (query.spot.name, query.place, query.radius_km) == ("Hagen", "58095", 50)
    assert (query.areas, query.kinds) == (("sport", "kultur"), ("event",))
    assert (query.since, query.until, query.page) == (date(2026, 12, 24), date(2026, 12, 31), 3)
    assert query.params() == (
        "q=vorlesen+Kinder&ort=58095&umkreis=50&bereich=sport&bereich=kultur&art=termin"
        "&von=2026-12-24&bis=2026-12-31&seite=3"
    )


def test_nothing_given_filters_nothing() -> None:
    assert read([]) == read([("q", "  "), ("ort", ""), ("umkreis", "50"), ("bereich", "")]) == Query()
    assert Query().params() == ""


def test_order_and_repetition_do_not_matter() -> None:
    one = read([("bereich", "kultur"), ("bereich", "sport"), ("bereich", "kultur"), ("q", "a"), ("q", "b")])
    assert one == read([("q", "a"), ("bereich", "sport"), ("bereich", "kultur")])


def test_an_unknown_place_is_answered_with_a_guess() -> None:
    assert _problems(("ort", "Hagne"))["ort"].startswith("„Hagne“ kennen wir nicht. Meinten Sie Hagen")
    assert "„58095“" in _problems(("ort", "Xqzvwkjy"))["ort"]


@pytest.mark.parametrize(
    "text", ["31.02.2026", "morgen", "2026-13-01", "24.12.26", "1.1.0001", "²4.12.2026", "١٢.١٢.٢٠٢٦"]
)
def test_a_wrong_date_is_answered_with_a_right_one(text: str) -> None:
    assert "24.12.2026" in _problems(("von", text))["von"]


def test_of_a_long_text_the_beginning_is_searched_for() -> None:
    assert read([("q", "Garten " * 1_000)]).text == " ".join(["Garten"] * MAX_WORDS)
    assert read([("q", "x" * 100_000)]).text == "x" * MAX_CHARACTERS
    whole = "Hausaufgabenbetreuung " * 20
    assert read([("q", whole)]).text == " ".join(["Hausaufgabenbetreuung"] * 13), "no half word"
    assert read([("q", "vorlesen"), ("gefragt", "y" * 5_000)]).asked == "y" * MAX_CHARACTERS


def test_all_problems_are_named_at_once() -> None:
    found = _problems(
        ("ort", "Xqzvwkjy"),
        ("umkreis", "201"),
        ("zielgruppe", "kind"),
        ("alter", "0"),
        ("quelle", "<b>"),
        ("stadtteil", "haspe"),
        ("bereich", "spott"),
        ("art", "event"),
        ("von", "2026-12-24"),
        ("bis", "2026-12-23"),
        ("seite", "501"),
    )
    assert set(found) == {
        "ort", "umkreis", "bereich", "zielgruppe", "art", "bis", "alter", "quelle", "stadtteil", "seite"
    }  # fmt: skip
    assert "wie hagen.de" in found["quelle"]
    assert "wie Hagen-Haspe" in found["stadtteil"]
    assert "1 bis 200 km" in found["umkreis"]
    assert "kinder, jugendliche" in found["zielgruppe"]
    assert "24.12.2026" in found["bis"]
    assert "angebot, termin, beitrag" in found["art"]
    assert set(_problems(("seite", "0"))) == {"seite"}


def test_taking_a_filter_away() -> None:
    query = read(parse_qsl("q=a&ort=Hagen&umkreis=5&bereich=sport&art=angebot&von=2026-12-24&seite=2"))
    for name in _NAMES:
        assert name not in dict(query.without(name).pairs())
        assert query.without(name).page == 1
    assert query.without("ort").radius_km == 20
    assert query.on_page(9000).page == MAX_PAGE
    assert query.on_page(-1).page == 1


def test_labels_and_choices_are_there_for_the_form() -> None:
    assert _NAMES[:4] == ["q", "ort", "umkreis", "bereich"]
    assert _NAMES[-3:] == ["genau", "sortierung", "seite"]
    assert len(set(_NAMES)) == len(_NAMES)
    assert all(item.label and item.help for item in FILTERS)
    assert all(item.group in {"", *GROUPS} for item in FILTERS)
    assert all(item.reads(value) for item in FILTERS for value, _label in item.choices)


def test_facts_are_read_in_their_order_and_written_back() -> None:
    typed = (
        "genau=dauer&genau=zielgruppe&alter=016&zeit=so&zeit=abends&zeit=mo-morgens&zeit=so&aufwand=2.5-woche"
        "&kurzfristig=ja&zielgruppe=tiere&zielgruppe=kinder&quelle=b.example&quelle=a.example:8443"
    )
    query = read(parse_qsl(typed))
    assert query.values("zeit") == ("so", "abends", "mo-morgens")
    assert query.values("zielgruppe") == ("kinder", "tiere")
    assert query.values("quelle") == ("a.example:8443", "b.example")
    assert query.values("alter") == ("16",)
    assert query.exact == ("zielgruppe",), "of a filter that is not in use there is nothing to leave out"
    assert query.params() == (
        "zielgruppe=kinder&zielgruppe=tiere&zeit=so&zeit=abends&zeit=mo-morgens&kurzfristig=woche"
        "&aufwand=2.5-woche&alter=16&quelle=a.example%3A8443&quelle=b.example&genau=zielgruppe"
    )
    assert query.without("zielgruppe").exact == ()
    assert query.without("genau").values("zielgruppe") == ("kinder", "tiere")


def test_a_district_is_written_in_one_way() -> None:
    assert read([("stadtteil", "haspe, hagen"), ("stadtteil", "Hagen-Haspe")]).params() == "stadtteil=Hagen-Haspe"
    query = read([("stadtteil", name) for name in ("Halle (Saale)-Büschdorf", "unbekannt", "Neustadt a.d. Aisch-Nord")])
    assert query.values("stadtteil") == ("unbekannt", "Halle (Saale)-Büschdorf", "Neustadt a.d. Aisch-Nord")
    assert read(parse_qsl(query.params())) == query


@pytest.mark.parametrize(
    "text", ["-", "Hagen-", "-Haspe", "Hagen", "a-b" * 60, "Hagen-Haspe2", "Hagen-\ud800", "Hagen-\x00", "<b>-<i>"]
)
def test_what_is_no_district_is_answered_with_one(text: str) -> None:
    assert "Hagen-Haspe" in _problems(("stadtteil", text))["stadtteil"]


def test_soon_is_counted_from_the_day_on_which_somebody_looks() -> None:
    friday = date(2026, 12, 4)
    assert read([("kurzfristig", "heute")]).days(friday) == (friday, friday)
    assert read([("kurzfristig", "woche")]).days(friday) == (friday, date(2026, 12, 10))
    later = read([("kurzfristig", "woche"), ("von", "2026-12-06"), ("bis", "2027-12-06")])
    assert later.days(friday) == (date(2026, 12, 6), date(2026, 12, 10))
    assert read([("von", "2026-12-06")]).days(friday) == (date(2026, 12, 6), None)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*_NAMES, "other"]),
            st.one_of(
                st.sampled_from([*_CHOICES, "Hagen", "58095", "1", "24.12.2026", "2026-12-24"]),
                st.text(max_size=30),
                st.dates().map(str),
            ),
        ),
        max_size=12,
    )
)
def test_reading_is_total_and_writing_its_inverse(params: list[tuple[str, str]]) -> None:
    problems = _faults(params)
    assert problems <= set(_NAMES)
    if problems:
        return
    query = read(params)
    if not any("\ud800" <= character <= "\udfff" for character in query.text + query.place):
        assert read(parse_qsl(query.params())) == query


def _faults(params: list[tuple[str, str]]) -> set[str]:
    try:
        read(params)
    except Invalid as invalid:
        return {problem.field for problem in invalid.problems}
    return set()
