"""What is filtered, the pages and the advice beside the results. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations, pairwise
from typing import Final
from urllib.parse import urlencode

from fediverse_ehrenamt.discover import filtering
from fediverse_ehrenamt.discover.understood import Understood
from fediverse_ehrenamt.places import telling
from fediverse_ehrenamt.search import facets
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search.filters import BY_NAME, BY_START, DISTRICT, RADII_KM, UNSAID
from fediverse_ehrenamt.search.model import EVENT, Document
from fediverse_ehrenamt.search.query import Query, beginning
from fediverse_ehrenamt.web.i18n import Language

START = "/"
EVERYTHING: Final = Query()
_DATES = {"von", "bis"}
_FROM = "von"  # names both days
_AGE = "alter"
_SORT = "sortierung"
_LEAVE_NOTHING_OUT = {"umkreis", "gefragt", "wortlaut", _SORT}  # a radius alone, how words are read, and an order
_WIDER = 2  # circles that are tried
_MOST_PAIRED, _MOST_BY_TWO = 6, 3  # filters that are left out by twos, and such advice that is given
_ALL_BUT_TEXT = 2  # a text and one filter
_AROUND = 2  # pages on each side of the present one that have a link
Pairs = tuple[tuple[str, str], ...]
Looser = tuple[str, Query, int]  # what to do, the search that it is, and its hits


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes the search."""

    label: str
    href: str
    current: bool = False


def href(pairs: Pairs) -> str:
    """Return the path of a search."""
    return f"{START}?{urlencode(pairs)}" if pairs else START


def without_place(query: Query) -> str:
    """Return the path of the same search that says that no place is wanted."""
    return href((*query.on_page(1).pairs(), ("ort", "")))


def dates_of(document: Document) -> str:
    """Return the path of the list of all dates that have the name of one."""
    return href(Query(text=beginning(document.title), kinds=(EVENT,), literal=True, sort=BY_START).pairs())


def sorted_by(query: Query, sort: str) -> str:
    """Return the path of the same search in another order, "" for the usual one, from its first page on."""
    return href(replace(query.on_page(1), sort=sort).pairs())


def is_shortened(typed: str, query: Query) -> bool:
    """Say whether more was typed than is searched for."""
    return bool(query.text) and len(" ".join(typed.split())) > len(query.text)


def understood(found: Understood | None, words: Language) -> tuple[Choice, ...]:
    """List what was understood of a question, each with the search for its words instead; the last for all of them."""
    if found is None:
        return ()
    spoken = words.gettext("auf %(language)s")
    tongues = {label: spoken % {"language": words.language_name(code)} for label, code in found.tongues.items()}
    parts = [Choice(tongues.get(label) or words.gettext(label), href(pairs)) for label, pairs in found.parts]
    return (*parts, Choice(words.gettext("Nur nach den Wörtern suchen"), href(found.literally)))


def active(
    query: Query, words: Language, shown: Collection[tuple[str, str]] = (), to: Callable[[Pairs], str] = href
) -> tuple[Choice, ...]:
    """List what is filtered by, but for what is `shown` elsewhere, each with the search that does without it.

    `to` makes the path of a search.
    """
    first = query.on_page(1)
    return tuple(
        Choice(_shown(name, value, query, words), to(_less(first, name, value)))
        for name, value in first.pairs()
        if name not in _LEAVE_NOTHING_OUT and (name, value) not in shown
    )


def namesakes(query: Query) -> tuple[Choice, ...]:
    """List the places that the name of the one searched in may mean too, each with the search there instead.

    The first is the one that is meant; there are none where the name is clear.
    """
    first = query.on_page(1)
    others = telling.others(query.place) if query.place else ()
    if not others:
        return ()
    there = tuple(pair for pair in first.pairs() if pair[0] not in {"ort", _SORT, "gefragt", "wortlaut"})
    kept = tuple(pair for pair in first.pairs() if pair[0] == _SORT)
    choices = (Choice(other, href((*there, ("ort", other), *kept))) for other in others)
    return (Choice(telling.apart(query.place), "", current=True), *choices)


def advice(query: Query, words: Language, count: Callable[[Query], int]) -> tuple[Choice, ...]:
    """Say what to loosen where nothing was found: a wider circle first, then each filter left out, with its hits.

    What brings nothing either is no advice: where no filter alone is in the way two of them are, and the text alone
    may have hits. Unless nothing has; where nothing is published at all, there is no advice. Nobody who is under age is
    advised to leave that out, nor to try what brings them nothing: the page tells them why that is.
    """
    first = query.on_page(1)
    looser = [(label, other, count(other)) for label, other in _looser(first, words)]
    useful = [one for before, one in pairwise([None, *looser]) if one and one[2] and not _is_needless(before, one)]
    if not useful:
        by_twos = [(label, other, count(other)) for label, other in _looser_by_two(first, words)]
        useful = sorted((one for one in by_twos if one[2]), key=lambda one: -one[2])[:_MOST_BY_TWO]
    if not useful and not _is_minor(first) and count(EVERYTHING):
        useful = looser
    useful += [(label, other, hits) for label, other in _text_alone(first, words) if (hits := count(other))]
    return tuple(Choice(_with_hits(label, hits, words), href(other.pairs())) for label, other, hits in useful)


def _is_needless(before: Looser | None, one: Looser) -> bool:
    """Say whether a circle brings no more than the smaller one before it."""
    return before is not None and before[1].radius_km < one[1].radius_km and before[2] == one[2]


def _with_hits(label: str, hits: int, words: Language) -> str:
    if not hits:
        return label
    counted = words.ngettext("%(hits)s Treffer", "%(hits)s Treffer", hits) % {"hits": words.number(hits)}
    return f"{label} ({counted})"


def _looser(query: Query, words: Language) -> Iterator[tuple[str, Query]]:
    wider = [radius for radius in RADII_KM if radius > query.radius_km][:_WIDER]
    for radius in wider if query.spot is not None else []:
        wide = replace(query, radius_km=radius)
        yield words.gettext("Umkreis auf %(km)s km vergrößern") % {"km": radius}, wide
    for names, said in _in_use(query, words):
        yield words.gettext("Ohne „%(filter)s“ suchen") % {"filter": said}, _without(query, names)


def _looser_by_two(query: Query, words: Language) -> Iterator[tuple[str, Query]]:
    for (names, said), (others, also) in combinations(_in_use(query, words)[:_MOST_PAIRED], 2):
        label = words.gettext("Ohne „%(filter)s“ und „%(other)s“ suchen") % {"filter": said, "other": also}
        yield label, _without(query, (*names, *others))


def _text_alone(query: Query, words: Language) -> Iterator[tuple[str, Query]]:
    """Yield the search for the text alone, unless one filter less is that already."""
    if query.text and len(_in_use(query, words)) > _ALL_BUT_TEXT:
        age = tuple(pair for pair in query.chosen if pair[0] == _AGE and _is_minor(query))
        yield words.gettext("Nur nach „%(text)s“ suchen") % {"text": query.text}, Query(text=query.text, chosen=age)


def _is_minor(query: Query) -> bool:
    return any(int(age) < facets.ADULT for age in query.values(_AGE))


def _in_use(query: Query, words: Language) -> list[tuple[tuple[str, ...], str]]:
    """Return what filters, as names that are left out together, and what it says there: its value, or of several its
    name.
    """
    values: dict[str, list[str]] = {}
    for name, value in query.pairs():
        if name not in _LEAVE_NOTHING_OUT and name != "genau" and not (name == _AGE and _is_minor(query)):
            values.setdefault(_FROM if name in _DATES else name, []).append(_shown(name, value, query, words))
    return [
        (tuple(sorted(_DATES)) if name == _FROM else (name,), _of_filter(name, said, query, words))
        for name, said in values.items()
    ]


def _of_filter(name: str, said: list[str], query: Query, words: Language) -> str:
    if name == "q":
        return query.text
    if name == _FROM:
        return " ".join(said)
    return said[0] if len(said) == 1 else words.gettext(BY_NAME[name].label)


def _without(query: Query, names: Iterable[str]) -> Query:
    return reduce(lambda left, name: left.without(name), names, query)


def undated(query: Query) -> str:
    """Return the path of the same search without its dates."""
    return href(query.without("von").without("bis").pairs())


def everywhere(query: Query) -> str:
    """Return the path of the same search without its circle."""
    return href(query.without("ort").pairs())


def meant(query: Query, text: str) -> str:
    """Return the path of the same search for another text."""
    return href(replace(query.on_page(1), text=text).pairs())


def pages(query: Query, page: int, last: int, to: Callable[[Pairs], str] = href) -> tuple[Choice, ...]:
    """List the pages around the present one, with the first and the last; a "…" without a link stands for a gap.

    `to` makes the path of a search.
    """
    wanted = sorted({1, last, *range(max(1, page - _AROUND), min(last, page + _AROUND) + 1)})
    choices: list[Choice] = []
    before = 0
    for number in wanted:
        if number - before > 1:
            choices.append(Choice("…", ""))
        choices.append(Choice(str(number), to(query.on_page(number).pairs()), current=number == page))
        before = number
    return tuple(choices)


def _less(query: Query, name: str, value: str) -> Pairs:
    """Leave out one value; without a place there is no circle, and without a filter none that is taken exactly."""
    if name == "ort":
        return query.without("ort").pairs()
    left = [pair for pair in query.pairs() if pair != (name, value)]
    names = {other for other, _value in left}
    return tuple(pair for pair in left if pair[0] != "genau" or pair[1] in names)


def exactly(query: Query) -> str:
    """Return the path of the same search without what is silent about one of its filters."""
    return href(searches.read([*query.on_page(1).pairs(), *(("genau", name) for name, _value in query.chosen)]).pairs())


def without_area(query: Query) -> str:
    """Return the path of the same search among what names no area."""
    return href(replace(query.on_page(1), areas=(UNSAID,)).pairs())


def without_district(query: Query) -> str:
    """Return the path of the same search among what names no district."""
    return href(searches.read([*query.without(DISTRICT).pairs(), (DISTRICT, UNSAID)]).pairs())


def _shown(name: str, value: str, query: Query, words: Language) -> str:
    if name == "q":
        return f"„{value}“"
    if name == "ort":
        return words.gettext("%(km)s km um %(place)s") % {"km": query.radius_km, "place": telling.apart(value)}
    if name in _DATES:
        day = query.since if name == "von" else query.until
        assert day is not None
        pattern = words.gettext("ab %(day)s") if name == "von" else words.gettext("bis %(day)s")
        return pattern % {"day": words.day(day)}
    if name == "genau":
        return words.gettext("%(filter)s: nur mit Angabe") % {"filter": words.gettext(BY_NAME[value].label)}
    return filtering.chip(BY_NAME[name], value, words)
