"""What is filtered, the pages and the advice beside the results. Pure."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fediverse_ehrenamt.discover import filtering
from fediverse_ehrenamt.discover.understood import Understood
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search.filters import BY_NAME, BY_START, DISTRICT, RADII_KM, UNSAID
from fediverse_ehrenamt.search.model import EVENT, Document
from fediverse_ehrenamt.search.query import Query, beginning
from fediverse_ehrenamt.web.i18n import Language

START = "/"
_DATES = {"von", "bis"}
_SORT = "sortierung"
_LEAVE_NOTHING_OUT = {"umkreis", "gefragt", "wortlaut", _SORT}  # a radius alone, how words are read, and an order
_WIDER = 2  # circles that are tried
_AROUND = 2  # pages on each side of the present one that have a link
Pairs = tuple[tuple[str, str], ...]


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


def advice(query: Query, words: Language, count: Callable[[Query], int]) -> tuple[Choice, ...]:
    """Say what to loosen where nothing was found: a wider circle first, then each filter left out, with its hits.

    What brings nothing either is no advice, unless nothing does.
    """
    looser = [(label, other, count(other)) for label, other in _looser(query.on_page(1), words)]
    useful = [one for one in looser if one[2]] or looser
    return tuple(Choice(_with_hits(label, hits, words), href(other.pairs())) for label, other, hits in useful)


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
    used = dict.fromkeys(name for name, _ in query.pairs() if name not in _LEAVE_NOTHING_OUT)
    for name in used:
        label = words.gettext(BY_NAME[name].label)
        yield words.gettext("Ohne „%(filter)s“ suchen") % {"filter": label}, query.without(name)
    if len(used) > 1 and query.text:
        yield words.gettext("Nur nach „%(text)s“ suchen") % {"text": query.text}, Query(text=query.text)


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
        return words.gettext("%(km)s km um %(place)s") % {"km": query.radius_km, "place": value}
    if name in _DATES:
        day = query.since if name == "von" else query.until
        assert day is not None
        pattern = words.gettext("ab %(day)s") if name == "von" else words.gettext("bis %(day)s")
        return pattern % {"day": words.day(day)}
    if name == "genau":
        return words.gettext("%(filter)s: nur mit Angabe") % {"filter": words.gettext(BY_NAME[value].label)}
    return filtering.chip(BY_NAME[name], value, words)
