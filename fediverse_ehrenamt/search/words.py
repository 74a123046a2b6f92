"""Words: Documents' texts and visitors' questions as the index's terms and conditions, as `language` reads them."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise

import tantivy
from tantivy import Occur

from fediverse_ehrenamt.language import folding, lexicon, questions
from fediverse_ehrenamt.language.analysis import Analyser, Memo
from fediverse_ehrenamt.language.folding import fold, words
from fediverse_ehrenamt.language.questions import Way, Wish
from fediverse_ehrenamt.language.stems import LANGUAGES
from fediverse_ehrenamt.places import data, gazetteer

MAX_NAME = 80  # characters of a title that is suggested as a whole
_MOST_KEPT = 10_000  # organisations, places and hashtags come again and again
SHORTEST = 4  # letters of a word that is suggested
SHOWN = "|"  # between a word as it is looked up and as it is shown; in no folded word
_TOWN, _TOWN_LETTERS = 1_000, 6  # inhabitants and letters of a town whose name is no compound
SLOP = 8  # terms between two that belong together, each word having one to three
_TITLE, _BOOSTS = 3.0, (("hashtags", 1.0), ("organisation", 0.5))  # on top of being found at all
_SURE, _MOST_TITLED = 0.3, 5  # in titles all ways above this weight are looked for, of others so many: each takes time
_WHOLE, _PART = 1.0, 0.2  # what a wish that is there counts beside how well, and what a part of one does
_DENIED = -20.0  # what the title of something counts that a question denies; as much as the word in a title, taken off
_OFFERER, _NAMED_BY = 20.0, range(2, 7)  # what a whole name of who offers it counts, and by how many words
_ASIDE = 2.0  # what a word of the question counts that became a filter
_TIE = 0.1  # how much a second way of the same wish adds to the best one
_MOST_TAGS, _MOST_LANGUAGES = 50, 6  # of Documents; each language costs every search a term
_HUMP = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")

Many = tuple[tantivy.Query, ...]


@cache
def analyser() -> Analyser:
    """Return the one Analyser of this process; it leaves the names of German towns whole."""
    towns = (fold(word) for spot in gazetteer.towns(_TOWN) for word in words(spot.name))
    return Analyser(frozenset(name for name in towns if len(name) >= _TOWN_LETTERS))


def terms(chunks: Iterable[str], language: str = "") -> str:
    """Return the terms of what `folding.chunks` returns, with blanks between them, in their order."""
    return analyser().terms(chunks, language)


@lru_cache(_MOST_KEPT)
def of_organisation(text: str) -> tuple[str, str]:
    """Return the terms of an organisation's name, and that name as it may be suggested."""
    return terms(folding.chunks(text)), name(text)


@lru_cache(_MOST_KEPT)
def of_hashtags(hashtags: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return the terms of hashtags, and the chunks that may be suggested."""
    parts = folding.chunks(_apart(hashtags))
    return terms(parts), parts


@lru_cache(_MOST_KEPT)
def of_place(place: str, district: str) -> str:
    """Return the terms of a Document's place: its town and its district are about nothing, what stands there may be."""
    name, comma, town = place.rpartition(", ")
    if not comma:
        name, town = place, ""
    is_district = district in (name, f"{town}-{name}") or (not town and district.endswith(f"-{name}"))
    parts = folding.chunks(name)
    return f"{analyser().names(parts) if is_district else terms(parts)} {analyser().names(folding.chunks(town))}"


def _apart(hashtags: Iterable[str]) -> str:
    """Return hashtags as a text, those with humps ("EhrenamtHagen") also as the words they are made of."""
    found = []
    for tag in hashtags:
        found.append(tag)
        if _HUMP.search(tag):
            found.append(_HUMP.sub(" ", tag))
    return " ".join(found)


def written(chunks: Iterable[str]) -> str:
    """Return those words that may be suggested, with blanks between them: folded, SHOWN, as they are written."""
    return _written.join(chunks)


def _as_written(word: str) -> str:
    folded = fold(word)
    useful = len(folded) >= SHORTEST and folded.isascii() and folded.isalpha() and folded not in lexicon.stop_words()
    return f"{folded}{SHOWN}{word}" if useful else ""


_written, _folded = Memo(_as_written), Memo(fold)


def name(text: str) -> str:
    """Return a title or a name as it may be suggested as a whole, "" where it is too long."""
    shown = " ".join(text.encode("utf-8", "replace").decode().split()) if len(text) <= MAX_NAME else ""
    key = " ".join(filter(None, map(_folded.__getitem__, folding.chunks(shown))))
    return f"{key}{SHOWN}{shown}" if key else ""


def conditions(fields: tantivy.Schema, text: str, languages: tuple[str, ...]) -> tuple[Many, Many]:
    """Return what has to match, one for each wish, and what makes a match better; nothing for a text of blanks.

    `languages` are those beside German that Documents are in (ISO 639).
    """
    if not text.strip():
        return (), ()
    wishes = questions.read(analyser(), text, languages)
    if not wishes:  # signs only: there is nothing they could be found by
        return (tantivy.Query.empty_query(),), ()
    return tuple(condition(fields, wish) for wish in wishes), (*_better(fields, wishes), *_offered_by(fields, text))


def _offered_by(fields: tantivy.Schema, text: str) -> Iterable[tantivy.Query]:
    """Return what somebody offers whose name has all words of a text: "Freunde alter Menschen" is a name too."""
    stems = {analyser().stem(word) for word in words(text) if fold(word) not in lexicon.stop_words()} - {""}
    if len(stems) in _NAMED_BY:
        named = [(Occur.Must, tantivy.Query.term_query(fields, "organisation", stem, "freq")) for stem in stems]
        yield tantivy.Query.const_score_query(tantivy.Query.boolean_query(named), _OFFERER)


def hints(fields: tantivy.Schema, asked: str, languages: tuple[str, ...]) -> Many:
    """Return what orders all that meets the filters which a whole question was understood as, nothing without one.

    What has none of its words stands behind, in its usual order. What the question denies is not looked for.
    """
    wanted, better = conditions(fields, questions.affirmed(asked), languages)
    found = (*wanted, *better, *_without(fields, asked, languages))
    return (tantivy.Query.const_score_query(tantivy.Query.all_query(), 1.0), *found) if found else ()


def asides(fields: tantivy.Schema, asked: str, text: str, languages: tuple[str, ...]) -> Many:
    """Return what makes a match for a text better: the other words of the question that it was left of.

    A filter lets through what is silent about it; that may say in its words what the question did.
    """
    known = {wish.ways for wish in questions.read(analyser(), text, languages)}
    meant = questions.affirmed(questions.unquoted(asked))
    others = (wish for wish in questions.read(analyser(), meant, languages) if wish.ways not in known)
    found = (tantivy.Query.boost_query(condition(fields, wish), _ASIDE) for wish in others)
    return (*found, *_without(fields, asked, languages))


def _without(fields: tantivy.Schema, asked: str, languages: tuple[str, ...]) -> Iterable[tantivy.Query]:
    """Return what has one of the things in its title that a question denies: it counts less, and is not left out."""
    for wish in questions.read(analyser(), " ".join(questions.denied(asked)), languages):
        here = [_way(fields, "title", way, 1.0) for way in (*wish.ways[:1], *wish.better) if len(way.terms) == 1]
        if here:
            any_of_it = tantivy.Query.boolean_query([(Occur.Should, query) for query in here])
            yield tantivy.Query.const_score_query(any_of_it, _DENIED)


def some(fields: tantivy.Schema, text: str, languages: tuple[str, ...], *, parts: bool) -> Many:
    """Return for each wish what matches it, with `parts` also what has a part of a compound, which counts little.

    Who has more of the wishes stands before who has few of them better.
    """
    wishes = questions.read(analyser(), questions.unquoted(text), languages)
    return tuple(
        tantivy.Query.boolean_query([(Occur.Should, query) for query in _some(fields, wish, parts=parts)])
        for wish in wishes
    )


def _some(fields: tantivy.Schema, wish: Wish, *, parts: bool) -> Iterable[tantivy.Query]:
    whole = condition(fields, wish)
    yield whole
    yield tantivy.Query.const_score_query(whole, _WHOLE)
    terms = dict.fromkeys(term for way in wish.ways if way.near for term in way.terms) if parts else ()
    for term in terms:
        if term not in _faint_parts():
            yield tantivy.Query.boost_query(tantivy.Query.term_query(fields, "text", term, "freq"), _PART)


@cache
def _faint_parts() -> frozenset[str]:
    """Return the parts of compounds that nearly every offer could have: "-hilf"."""
    return frozenset(filter(None, map(analyser().part, lexicon.faint_words())))


def condition(fields: tantivy.Schema, wish: Wish) -> tantivy.Query:
    """Return what matches a wish in one of its ways; the best one counts."""
    found = [_way(fields, "text", way, way.weight) for way in ways(wish)]
    return found[0] if len(found) == 1 else tantivy.Query.disjunction_max_query(found, _TIE)


def ways(wish: Wish) -> tuple[Way, ...]:
    """Return the ways of a wish, and the word itself where only its parts are one and a district is called so.

    A district called as a compound or a noun has no parts in the index: that it is let through counts nothing.
    """
    if fold(wish.typed) not in _of_districts(data.edition()):
        return wish.ways
    itself = (analyser().stem(wish.typed),)
    return (*wish.ways, *(replace(way, weight=0.0) for way in wish.better[:1] if way.terms == itself))


@lru_cache(1)
def _of_districts(_edition: int) -> frozenset[str]:
    """Return the words of the names of all districts that are known."""
    return frozenset(fold(word) for district in gazetteer.districts() for word in words(district.name))


def _better(fields: tantivy.Schema, wishes: Iterable[Wish]) -> Iterable[tantivy.Query]:
    """Return what counts more: the word itself, and a wish in the title, or in a tag or the name of who offers it."""
    for wish in wishes:
        for way in wish.better:
            yield _way(fields, "text", way, way.weight)
        for way in (*_titled(wish.ways), *wish.better):
            yield _way(fields, "title", way, _TITLE * way.weight)
        first = wish.ways[0]
        yield from (_way(fields, field, first, boost * first.weight) for field, boost in _BOOSTS)


def _titled(ways: tuple[Way, ...]) -> Iterable[Way]:
    return (way for place, way in enumerate(ways) if place < _MOST_TITLED or way.weight > _SURE)


def _way(fields: tantivy.Schema, field: str, way: Way, boost: float) -> tantivy.Query:
    if way.row and field == "text":
        parts = [tantivy.Query.phrase_query(fields, field, list(way.terms))]
    elif way.near and field == "text":  # by twos: of three, the engine begins with whichever is rarest in its files
        parts = [tantivy.Query.phrase_query(fields, field, list(pair), slop=SLOP) for pair in pairwise(way.terms)]
    else:
        parts = [tantivy.Query.term_query(fields, field, term, "freq") for term in way.terms]
    query = parts[0] if len(parts) == 1 else tantivy.Query.boolean_query([(Occur.Must, part) for part in parts])
    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def languages(searcher: tantivy.Searcher) -> tuple[str, ...]:
    """Return the languages beside German that Documents are in, the most frequent first (ISO 639)."""
    tags = searcher.terms_with_prefix("language", "", limit=_MOST_TAGS)
    codes = dict.fromkeys(tag.partition("-")[0].lower() for tag, _count in tags)
    return tuple(code for code in codes if code in LANGUAGES)[:_MOST_LANGUAGES]
