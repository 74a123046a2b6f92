"""The search form and what stands beside the results: filters one can take away, pages, advice."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from fediverse_ehrenamt.discover import results
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web import i18n

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
    advice = results.advice(SEARCH, EN)
    assert advice[0].label == "Widen the radius to 20 km"
    assert read(advice[0].href).radius_km == 20
    assert [choice.label for choice in advice[1:]] == [
        "Search without “Search word”", "Search without “Town or postcode”", "Search without “Area”",
        "Search without “Kind”", "Search without “From”",
    ]  # fmt: skip
    assert read(advice[3].href).areas == ()
    widest = results.advice(read("/?ort=Hagen&umkreis=200"), DE)
    assert [choice.label for choice in widest] == ["Ohne „Ort oder Postleitzahl“ suchen"]


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
    form = results.form(typed, invalid.value.problems)
    fields = {field.filter.name: field for field in (*form.main, *form.more)}
    assert list(fields) == ["q", "ort", "umkreis", "bereich", "art", "von", "bis", "sortierung"]
    assert fields["q"].value == "garten"
    assert fields["von"].value == "31.2.2026"
    assert fields["umkreis"].value == "20"
    assert len(fields["ort"].value) == 400
    assert [field.filter.name for field in form.wrong] == ["ort", "von"]
    assert form.opened
    assert not results.form([("q", "garten")]).opened
