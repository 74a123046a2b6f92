"""What answers a search nearly: some of its words, or its meaning, always within its filters."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from fediverse_ehrenamt.search import nearby, schema
from fediverse_ehrenamt.search.engine import Index, Results
from fediverse_ehrenamt.search.model import Document, Facts
from fediverse_ehrenamt.search.query import Query, read
from tests.search.making import HAGEN, NOW, document, event, filled

BERLIN = {"latitude": 52.52, "longitude": 13.4}
NEAR_HAGEN = {"latitude": 51.36, "longitude": 7.47}


def listing(number: int, title: str, **changes: object) -> Document:
    return document(number, title=title, text="", **changes)


def beside(results: Results) -> list[str]:
    return [hit.document.title for hit in results.beside]


class Thesaurus:
    """A meaning that knows one order of Documents, for tests of what is done with it."""

    def __init__(self, *documents: Document) -> None:
        self.keys = [schema.key(one.uri) for one in documents]

    def nearest(self, text: str, keys: Sequence[int] | None, limit: int) -> list[int]:
        assert text
        return [key for key in self.keys if keys is None or key in keys][:limit]

    def order(self, text: str, keys: Sequence[int]) -> list[int]:
        return self.nearest(text, keys, len(keys))


def test_some_of_the_words_where_none_has_all(tmp_path: Path) -> None:
    index = filled(
        tmp_path, [listing(1, "Streit schlichten"), listing(2, "Schule"), listing(3, "Fest"), listing(4, "Schule")]
    )
    found = index.find(Query(text="Streit schlichten Schule"), NOW)
    assert found.total == 0
    assert beside(found) == ["Streit schlichten", "Schule", "Schule"], "most words first, the rest is left out"
    assert {hit.nearly for hit in found.beside} == {nearby.SOME_WORDS}


def test_who_has_more_of_the_words_stands_before_who_has_one_in_the_title(tmp_path: Path) -> None:
    index = filled(
        tmp_path,
        [listing(1, "Schule Schule"), document(2, title="Haus", text="Wir schlichten manchen Streit auf dem Hof.")],
    )
    assert beside(index.find(Query(text="Streit schlichten Schule"), NOW)) == ["Haus", "Schule Schule"]


def test_where_none_has_a_compound_its_parts_are_near_but_for_those_that_all_have(tmp_path: Path) -> None:
    index = filled(tmp_path, [listing(1, "Ferien am See"), listing(2, "Hilfe im Haus"), listing(3, "Garten")])
    assert beside(index.find(Query(text="Waldferien"), NOW)) == ["Ferien am See"]
    assert beside(index.find(Query(text="Ferienhilfe"), NOW)) == ["Ferien am See"]
    assert beside(index.find(Query(text="Garten"), NOW)) == []


def test_what_has_all_words_stands_first_and_once(tmp_path: Path) -> None:
    index = filled(tmp_path, [listing(1, "Garten"), listing(2, "Garten für Bienen")])
    found = index.find(Query(text="Garten Bienen"), NOW)
    assert [hit.document.title for hit in found.hits] == ["Garten für Bienen"]
    assert found.total == 1
    assert beside(found) == ["Garten"]
    assert not found.hits[0].nearly


def test_nothing_is_beside_one_word_or_many_hits(tmp_path: Path) -> None:
    index = filled(tmp_path, [listing(number, "Garten für Bienen") for number in range(nearby.FEW + 1)])
    assert not index.find(Query(text="Garten Bienen"), NOW).beside, "there is enough"
    assert not index.find(Query(text="Honig"), NOW).beside
    assert not index.find(Query(), NOW).beside


def test_only_the_last_page_has_it(tmp_path: Path) -> None:
    index = filled(
        tmp_path, [listing(number, "Garten für Bienen") for number in range(nearby.FEW)] + [listing(99, "Garten")]
    )
    assert beside(index.find(Query(text="Garten Bienen"), NOW)) == ["Garten"]
    assert beside(index.find(Query(text="Garten Bienen", page=2), NOW)) == ["Garten"], "beyond the last"


def test_filters_hold_for_what_is_near(tmp_path: Path) -> None:
    here, away, fest = (
        listing(1, "Streit", areas=("schule_kita",), **NEAR_HAGEN),
        listing(2, "Schule", areas=("schule_kita",), **BERLIN),
        event(3, NOW, title="Schule", text=""),
    )
    index = filled(tmp_path, [here, away, fest])
    query = Query(text="Streit Schule", place="Hagen", spot=HAGEN)
    assert beside(index.find(query, NOW)) == ["Streit"]
    index = Index(index.folder.path, Thesaurus(away, fest, here))
    assert beside(index.find(query, NOW)) == ["Streit"]
    assert beside(index.find(Query(text="qqq", areas=("schule_kita",)), NOW)) == ["Schule", "Streit"]
    assert beside(index.find(Query(text="qqq", kinds=("event",)), NOW)) == ["Schule"]


def test_what_is_silent_about_a_filter_stands_behind(tmp_path: Path) -> None:
    silent, said, other = (
        listing(1, "Streit"),
        listing(2, "Schule Schule Schule und noch viel mehr", facts=Facts(audiences=("kinder",))),
        listing(3, "Streit", facts=Facts(audiences=("aeltere",))),
    )
    index = filled(tmp_path, [silent, said, other])
    query = read([("q", "Streit Schule"), ("zielgruppe", "kinder")])
    assert beside(index.find(query, NOW)) == [said.title, silent.title]
    assert beside(index.find(read([*query.pairs(), ("genau", "zielgruppe")]), NOW)) == [said.title]


def test_what_is_silent_about_a_filter_but_has_more_of_the_words_is_nearer(tmp_path: Path) -> None:
    silent = listing(1, "Streit in der Schule")
    said = [listing(number, "Hof", facts=Facts(audiences=("kinder",))) for number in range(2, nearby.MOST + 3)]
    index = filled(tmp_path, [silent, *said])
    query = read([("q", "Streit Schule Hof"), ("zielgruppe", "kinder")])
    assert beside(index.find(query, NOW))[0] == silent.title


def test_meaning_finds_what_no_word_does(tmp_path: Path) -> None:
    reading, chess = listing(1, "Vorlesen"), listing(2, "Schach")
    index = filled(tmp_path, [reading, chess])
    assert not index.find(Query(text="zzyzx"), NOW).beside
    index = Index(index.folder.path, Thesaurus(reading))
    found = index.find(Query(text="zzyzx"), NOW)
    assert found.total == 0
    assert [(hit.document.title, hit.nearly) for hit in found.beside] == [("Vorlesen", nearby.MEANING)]
    assert index.best(Query(text="zzyzx"), NOW).beside == found.beside


def test_meaning_and_words_are_joined(tmp_path: Path) -> None:
    both, word, sense = listing(1, "Streit"), listing(2, "Schule Tor"), listing(3, "Konflikt")
    index = filled(tmp_path, [both, word, sense])
    index = Index(index.folder.path, Thesaurus(both, sense))
    assert beside(index.find(Query(text="Streit Schule"), NOW))[0] == "Streit"
    assert set(beside(index.find(Query(text="Streit Schule"), NOW))) == {"Streit", "Schule Tor", "Konflikt"}


def test_many_documents_are_asked_for_the_nearest_of_all(tmp_path: Path) -> None:
    documents = [listing(number, "Chor", areas=("kultur",)) for number in range(nearby.COMPARED + 1)]
    wanted = replace(documents[7], title="Singen", areas=("sport",))
    documents[7] = wanted
    index = filled(tmp_path, documents)
    index = Index(index.folder.path, Thesaurus(documents[3], wanted))
    assert beside(index.find(Query(text="zzyzx"), NOW)) == ["Chor", "Singen"]
    assert beside(index.find(Query(text="zzyzx", areas=("sport",)), NOW)) == ["Singen"]


def test_meaning_orders_what_the_words_found(tmp_path: Path) -> None:
    first, second, third = (listing(number, f"Garten {name}") for number, name in enumerate("ABC", 1))
    index = filled(tmp_path, [first, second, third])
    by_words = [hit.document.uri for hit in index.find(Query(text="Garten"), NOW).hits]
    index = Index(index.folder.path, Thesaurus(*(one for one in (first, second, third) if one.uri == by_words[-1])))
    found = index.find(Query(text="Garten"), NOW)
    assert [hit.document.uri for hit in found.hits] == [by_words[-1], *by_words[:-1]]
    assert found.total == 3
    newest = index.find(Query(text="Garten", sort="datum"), NOW)
    assert [hit.document.uri for hit in newest.hits] == by_words, "who asks for the newest gets the newest"


def test_pages_of_an_order_by_meaning_do_not_overlap(tmp_path: Path) -> None:
    documents = [listing(number, "Garten") for number in range(1, 231)]
    index = filled(tmp_path, documents)
    index = Index(index.folder.path, Thesaurus(*documents[100:130]))
    pages = [index.find(Query(text="Garten", page=page), NOW).hits for page in range(1, 13)]
    seen = [hit.document.uri for page in pages for hit in page]
    assert len(seen) == len(set(seen)) == 230


def test_a_search_in_another_language_gets_what_means_the_same_among_its_hits(tmp_path: Path) -> None:
    word, sense, far = (
        listing(1, "Hunde", **NEAR_HAGEN),
        listing(2, "Bello ausführen", **NEAR_HAGEN),
        listing(3, "Wauwau", **BERLIN),
    )
    index = filled(tmp_path, [word, sense, far])
    index = Index(index.folder.path, Thesaurus(sense, far, word))
    found = index.find(Query(text="dogs", place="Hagen", spot=HAGEN), NOW)
    assert {(hit.document.title, hit.nearly) for hit in found.hits} == {
        ("Hunde", ""),
        ("Bello ausführen", nearby.MEANING),
    }
    assert found.total == 2
    assert not found.beside
    german = index.find(Query(text="Hunde", place="Hagen", spot=HAGEN), NOW)
    assert german.total == 1, "who searches in German finds the words"
    assert beside(german) == ["Bello ausführen"]


def test_who_quotes_words_that_are_there_gets_nothing_by_its_meaning(tmp_path: Path) -> None:
    index = filled(tmp_path, [listing(1, "Erste Hilfe"), listing(2, "Sanitäter")])
    index.meaning = Thesaurus(listing(1, ""), listing(2, ""))
    assert [hit.document.id[-1] for hit in index.find(Query(text='"Erste Hilfe"'), NOW).beside] == []
    assert [hit.document.id[-1] for hit in index.find(Query(text='"Zweite Hilfe"'), NOW).beside] == ["1", "2"]


def test_without_a_date_where_nothing_is_on_the_days_that_are_asked_for(tmp_path: Path) -> None:
    offers = [listing(1, "Gärtnern"), listing(2, "Vorlesen"), listing(3, "Gartenfest", areas=("sport",))]
    index = filled(tmp_path, [*offers, event(4, NOW, title="Gartenführung", text="")])
    later = (NOW + timedelta(days=9)).date()
    found = index.find(Query(text="garten", since=later), NOW)
    assert (found.total, found.undated, set(beside(found))) == (0, 2, {"Gärtnern", "Gartenfest"})
    assert {hit.nearly for hit in found.beside} == {nearby.UNDATED}
    assert beside(index.find(Query(since=later, areas=("sport",)), NOW)) == ["Gartenfest"], "words or none"
    assert beside(index.find(Query(since=NOW.date()), NOW)) == [], "one is on that day"
    soon = index.find(read((("kurzfristig", "woche"), ("q", "vorlesen"))), NOW)
    assert beside(soon) == ["Vorlesen"]
