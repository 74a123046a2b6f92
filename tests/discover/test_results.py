"""The search form and what stands beside the results: filters one can take away, pages, advice."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from fediverse_ehrenamt.discover import filtering, results
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search.counting import Counts
from fediverse_ehrenamt.search.filters import FILTERS
from fediverse_ehrenamt.search.model import Facts
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web import i18n
from tests.discover import samples

DE, EN = i18n.language("de"), i18n.language("en")


def read(href: str) -> Query:
    """Read a link of ours back: every one must be a search that we understand."""
    parts = urlsplit(href)
    assert parts.path == "/"
    return searches.read(parse_qsl(parts.query))


SEARCH = read("/?q=garten+kinder&ort=Hagen&umkreis=10&bereich=sport&bereich=kultur&art=termin&von=2026-12-01&seite=3")


def test_every_filter_in_use_can_be_taken_away() -> None:
    choices = {choice.label: read(choice.href) for choice in results.active(SEARCH, DE)}
    assert list(choices) == [
        "„garten kinder“", "10 km um Hagen", "Sport und Bewegung", "Kultur und Musik", "Termine",
        "ab Di., 1. Dez. 2026",
    ]  # fmt: skip
    assert choices["„garten kinder“"].text == ""
    assert choices["10 km um Hagen"].spot is None
    assert choices["Sport und Bewegung"].areas == ("kultur",)
    assert choices["ab Di., 1. Dez. 2026"].since is None
    assert {query.page for query in choices.values()} == {1}
    assert results.active(Query(), DE) == ()


def test_advice_widens_the_circle_first() -> None:
    advice = results.advice(SEARCH, EN, lambda query: int(query == results.EVERYTHING))
    assert [choice.label for choice in advice] == [
        "Widen the radius to 20 km", "Widen the radius to 50 km",
        "Search without “garten kinder”", "Search without “10 km around Hagen”", "Search without “Area”",
        "Search without “Events”", "Search without “from Tue, 1 Dec 2026”",
    ]  # fmt: skip
    assert read(advice[0].href).radius_km == 20
    assert read(advice[4].href).areas == ()
    widest = results.advice(read("/?ort=Hagen&umkreis=200"), DE, lambda query: int(query == results.EVERYTHING))
    assert [choice.label for choice in widest] == ["Ohne „200 km um Hagen“ suchen (1 Treffer)"]


def test_where_nothing_is_published_there_is_no_advice() -> None:
    assert results.advice(SEARCH, DE, lambda _query: 0) == ()


def test_advice_names_the_filter_to_loosen_with_the_hits_that_brings() -> None:
    advice = results.advice(SEARCH, DE, lambda query: 1 if not query.areas else 1200 if query.spot is None else 0)
    assert [choice.label for choice in advice] == [
        "Ohne „10 km um Hagen“ suchen (1.200 Treffer)", "Ohne „Bereich“ suchen (1 Treffer)",
        "Nur nach „garten kinder“ suchen (1 Treffer)",
    ]  # fmt: skip


def test_advice_leaves_both_days_out_at_once_and_says_nothing_twice() -> None:
    dated = read("/?q=garten&von=2026-12-01&bis=2026-12-31")
    advice = results.advice(dated, DE, lambda query: 3 if not query.dated else 0)
    assert [choice.label for choice in advice] == [
        "Ohne „ab Di., 1. Dez. 2026 bis Do., 31. Dez. 2026“ suchen (3 Treffer)"
    ]
    assert read(advice[0].href) == Query(text="garten")
    near = read("/?q=garten&ort=Hagen&umkreis=10")
    wider = results.advice(near, DE, lambda query: 7 if query.radius_km > 10 and query.spot else 0)
    assert [choice.label for choice in wider] == ["Umkreis auf 20 km vergrößern (7 Treffer)"]


def test_advice_leaves_two_filters_out_where_none_alone_is_in_the_way() -> None:
    found = read("/?q=garten&zeit=sa&online=ja&deutsch=a1")
    advice = results.advice(found, DE, lambda query: 5 if len(query.pairs()) <= 2 and query.values("deutsch") else 0)
    assert [choice.label for choice in advice] == [
        "Ohne „garten“ und „Samstag“ suchen (5 Treffer)",
        "Ohne „garten“ und „Von zu Hause aus (online)“ suchen (5 Treffer)",
        "Ohne „Samstag“ und „Von zu Hause aus (online)“ suchen (5 Treffer)",
    ]


def test_nobody_under_age_is_advised_to_leave_that_out() -> None:
    minor, adult = (read(f"/?q=garten&alter={age}&zeit=sa") for age in (15, 30))
    assert [read(one.href).values("alter") for one in results.advice(minor, DE, lambda _query: 1)] == [("15",)] * 2
    assert () in [read(one.href).values("alter") for one in results.advice(adult, DE, lambda _query: 1)]


def test_without_dates_and_without_circle() -> None:
    dated = read("/?q=a&von=2026-12-01&bis=2026-12-31&ort=Hagen")
    assert not read(results.undated(dated)).dated
    assert read(results.everywhere(dated)).spot is None
    assert [choice.label for choice in results.active(dated, EN)][-1] == "until Thu, 31 Dec 2026"


@pytest.mark.parametrize(
    ("page", "last", "labels"),
    [
        (1, 1, ["1"]),
        (1, 9, ["1", "2", "3", "…", "9"]),
        (5, 9, ["1", "…", "3", "4", "5", "6", "7", "…", "9"]),
        (9, 9, ["1", "…", "7", "8", "9"]),
        (3, 500, ["1", "2", "3", "4", "5", "…", "500"]),
    ],
)
def test_pages(page: int, last: int, labels: list[str]) -> None:
    choices = results.pages(SEARCH, page, last)
    assert [choice.label for choice in choices] == labels
    assert [choice.label for choice in choices if choice.current] == [str(page)]
    assert all(read(choice.href).page == int(choice.label) for choice in choices if choice.href)


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong() -> None:
    typed = [("q", "garten"), ("von", "31.2.2026"), ("bereich", "sport"), ("ort", "x" * 900), ("fremd", "1")]
    with pytest.raises(Invalid) as invalid:
        searches.read(typed)
    form = filtering.form(typed, DE, invalid.value.problems)
    fields = {field.filter.name: field for field in (*form.main, *form.more)}
    assert set(fields) == {item.name for item in FILTERS if item.widget != "hidden"} - {"quelle"}
    assert [field.filter.name for field in form.open] == ["bereich", "art", "sortierung"]
    assert [group.slug for group in form.groups if group.wrong] == ["wann"]
    assert fields["q"].value == "garten"
    assert fields["von"].value == "31.2.2026"
    assert fields["umkreis"].value == "20"
    assert len(fields["ort"].value) == 600
    assert [field.filter.name for field in form.wrong] == ["ort", "von"]
    assert form.active == 2
    assert not filtering.form([("q", "garten")], DE).active


COUNTS = Counts(
    {"zielgruppe:kinder": 7, "zielgruppe:unbekannt": 12, "zeit:sa": 3, "zeit:sa-abends": 2, "deutsch:nicht_noetig": 2,
     "deutsch:a1": 3, "deutsch:b2": 4, "sprachen:tr": 1, "bereich:sport": 1, "bereich:unbekannt": 5, "alter:18": 4,
     "alter:unbekannt": 6, "aufwand:ab-w-1": 2, "aufwand:ab-w-3": 3, "aufwand:ab-w-9": 1},
    {"a.example": 9},
)  # fmt: skip


def test_choices_say_how_many_hits_they_bring_and_those_without_any_are_left_out() -> None:
    typed = parse_qsl("zielgruppe=tiere&zeit=mo&aufwand=2.5-woche&alter=16&bereich=sport")
    form = filtering.form(typed, DE, counts=COUNTS)
    offered = {field.filter.name: {option.label: option.hits for option in field.options} for field in form.more}
    assert offered["zielgruppe"] == {"Kinder": 7, "Tiere": 0}
    assert offered["zeit"] == {"Montag": 0, "Samstag": 3, "Samstag abends (18–22 Uhr)": 2}
    assert offered["deutsch"] == {
        "Noch kein Deutsch": 2, "A1 (einzelne Wörter und Sätze)": 5, "A2 (einfache Gespräche)": 5,
        "B1 (Gespräche im Alltag)": 5, "B2 (fließend)": 9, "C1 (sehr gut)": 9,
    }  # fmt: skip
    assert offered["sprachen"] == {"Türkisch": 1}
    assert offered["quelle"] == {"a.example": 9}
    assert offered["taetigkeit"] == {}
    assert offered["ohne"] == {"Kinder": None}, "what hits are for can be left out"
    assert offered["aufwand"]["bis 2,5 Stunden pro Woche"] == 5
    assert offered["aufwand"]["Bis 1 Stunde pro Woche"] == 2
    assert offered["art"] == {}
    fields = {field.filter.name: field for field in form.more}
    assert (fields["zielgruppe"].unsaid, fields["zielgruppe"].silent, fields["zielgruppe"].exact) == (12, True, False)
    assert not fields["deutsch"].silent
    assert {group.slug: group.active for group in form.groups} == {
        "was": 1,
        "wann": 2,
        "wer": 1,
        "herkunft": 0,
    }


def _districts(hits: dict[str, int], typed: str = "") -> dict[str, int | None]:
    """Return the choices of district in the form for hits that lie in some."""
    counts = Counts({"art:angebot": 1} | {f"stadtteil:{name}": number for name, number in hits.items()}, {})
    form = filtering.form(parse_qsl(typed), DE, counts=counts)
    fields = [field for field in form.more if field.filter.name == "stadtteil"]
    return {option.label: option.hits for field in fields for option in field.options}


def test_districts_are_offered_where_hits_are_in_some() -> None:
    assert _districts({}) == _districts({"unbekannt": 9}) == {}
    here = {"Hagen-Boele": 2, "Hagen-Haspe": 7, "unbekannt": 9}
    assert list(_districts(here).items()) == [("Haspe", 7), ("Boele", 2), ("Nicht angegeben", 9)]
    assert _districts({"Hagen-Haspe": 7}) == {"Haspe": 7}
    several = {"Hagen-Haspe": 7, "Flensburg-Altstadt": 8, "Nirgendwo-Nord": 1, "unbekannt": 1}
    assert list(_districts(several)) == ["Flensburg-Altstadt", "Hagen-Haspe", "Nirgendwo-Nord", "Nicht angegeben"]
    assert list(_districts({"Nirgendwo-Nord": 1})) == ["Nirgendwo-Nord"], "a town that nobody knows is shown"
    many = _districts({f"Ort{chr(65 + number)}-Nord": number for number in range(1, 26)} | {"unbekannt": 3})
    assert list(many)[:2] == ["OrtZ-Nord", "OrtY-Nord"]
    assert len(many) == 21


def test_a_district_in_use_stays_in_the_form() -> None:
    assert _districts({"Hagen-Haspe": 7}, "stadtteil=Hagen-Dahl") == {"Haspe": 7, "Hagen-Dahl": 0}
    assert _districts({}, "stadtteil=Hagen-Dahl") == {"Hagen-Dahl": 0}
    assert _districts({}, "stadtteil=unbekannt") == {"Nicht angegeben": 0}
    assert _districts({"Hagen-Haspe": 7}, "stadtteil=<b>") == {"Haspe": 7}
    query = read("/?stadtteil=Hagen-Dahl&stadtteil=unbekannt&bereich=unbekannt")
    assert [choice.label for choice in results.active(query, DE)] == [
        "Bereich: Nicht angegeben", "Stadtteil: Nicht angegeben", "Hagen-Dahl"
    ]  # fmt: skip
    assert read(results.without_district(query)).values("stadtteil") == ("unbekannt",)
    silent = Counts({"stadtteil:unbekannt": 5}, {})
    assert filtering.left(read("/?stadtteil=Hagen-Dahl"), silent) == filtering.Left(district=5)
    assert filtering.left(query, silent) == filtering.left(read("/?q=a"), silent) == filtering.Left()


def test_what_is_left_out_for_being_silent_is_counted() -> None:
    assert filtering.left(read("/?alter=17&bereich=sport"), COUNTS) == filtering.Left(age=6, area=5)
    assert filtering.left(read("/?alter=18&bereich=sport&bereich=unbekannt"), COUNTS) == filtering.Left()
    assert filtering.left(read("/?zielgruppe=kinder"), COUNTS) == filtering.Left()
    assert read(results.without_area(SEARCH)).areas == ("unbekannt",)


def test_chips_say_what_they_stand_for() -> None:
    query = read(
        "/?zielgruppe=kinder&geeignet=senioren&zeit=sa&zeit=mo-abends&kurzfristig=heute&aufwand=ab-5-monat&dauer=3_monate"
        "&online=ja&deutsch=a2&sprachen=tr&alter=16&fuehrungszeugnis=nein&gruppe=12&quelle=a.example&genau=zielgruppe"
    )
    choices = {choice.label: read(choice.href) for choice in results.active(query, DE)}
    assert list(choices) == [
        "Kinder", "Geeignet für: Seniorinnen und Senioren", "Samstag", "Montag abends (18–22 Uhr)",
        "Heute ohne Anmeldung", "ab 5 Stunden pro Monat", "Mindestdauer: Höchstens 3 Monate",
        "Von zu Hause aus (online)", "Ihr Deutsch: A2 (einfache Gespräche)", "Weitere Sprachen: Türkisch",
        "16 Jahre alt", "Ohne Führungszeugnis", "Gruppe von 12", "a.example", "Zielgruppe: nur mit Angabe",
    ]  # fmt: skip
    assert choices["Kinder"].exact == ()
    assert choices["Samstag"].values("zeit") == ("mo-abends",)
    assert choices["Zielgruppe: nur mit Angabe"].values("zielgruppe") == ("kinder",)
    assert read(results.exactly(query)).exact[:2] == ("zielgruppe", "geeignet")


def test_a_hit_says_what_it_meets() -> None:
    one = samples.DOCUMENTS[0]
    query = read("/?zeit=sa&zeit=so&zielgruppe=kinder&deutsch=b1&alter=40&barrierefrei=aufzug&bereich=sport")
    said = Facts(cells=("sa-abends",), audiences=("kinder",), german_level="a2", minimum_age=18)
    assert filtering.met(query, replace(one, facts=said, starts_at=None), DE) == (
        "Kinder · Samstag · Ihr Deutsch: B1 (Gespräche im Alltag)"
    )
    told = replace(one, facts=replace(said, told=("cells",)), starts_at=None)
    assert filtering.met(query, told, DE).startswith("Kinder · Samstag (aus dem Text gelesen) · ")
    assert filtering.met(query, replace(one, facts=Facts(), starts_at=None), DE) == ""
    assert filtering.met(Query(), one, DE) == ""
    minor = read("/?alter=15")
    assert filtering.met(minor, replace(one, facts=Facts(minimum_age=14)), DE) == "15 Jahre alt"


def test_a_hit_says_of_what_it_is_silent() -> None:
    query = read("/?zielgruppe=kinder&zeit=sa&deutsch=a2")
    one = samples.DOCUMENTS[0]
    said = Facts(audiences=("kinder",), cells=("sa-abends",), german_level="a1")
    assert filtering.silent(query, replace(one, facts=said, starts_at=None), DE) == ""
    agreed = replace(said, cells=(), flexible=True, german_level="")
    assert filtering.silent(query, replace(one, facts=agreed, starts_at=None), DE) == (
        "Zeit nach Absprache · nicht angegeben: Ihr Deutsch"
    )
    unread = replace(one, facts=replace(said, cells=()), starts_at=None, when="samstags vormittags, Dauer offen")
    assert filtering.silent(query, unread, DE) == "Zeit nur in Worten angegeben"
    assert filtering.silent(query, replace(unread, when="2 Stunden pro Woche"), DE).startswith("nicht angegeben: Woche")


def test_what_brings_nothing_is_no_advice_to_who_is_under_age() -> None:
    def published(query: Query) -> int:
        return 0 if query.pairs() else 40

    minor, adult = (read(f"/?zielgruppe=kinder&alter={age}") for age in (15, 30))
    assert results.advice(minor, DE, published) == ()
    assert len(results.advice(adult, DE, published)) > 0
