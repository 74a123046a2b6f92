"""The search form, what is filtered, the pages and the advice beside the results. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fediverse_ehrenamt.discover.understood import Understood
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.search.filters import BY_DISTANCE, BY_FIT, BY_HITS, DEFAULT_RADIUS_KM, FILTERS, RADII_KM, Filter
from fediverse_ehrenamt.search.query import MAX_CHARACTERS, MAX_PARAMS, Query
from fediverse_ehrenamt.web.i18n import Language

START = "/"
_MAIN = ("q", "ort", "umkreis")
_DATES = {"von", "bis"}
_SORT = "sortierung"
_LEAVE_NOTHING_OUT = {"umkreis", "gefragt", "wortlaut", _SORT}  # a radius alone, how words are read, and an order
_AROUND = 2  # pages on each side of the present one that have a link
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form with what was typed into it and what is wrong with that."""

    filter: Filter
    typed: tuple[str, ...] = ()
    problem: str = ""

    @property
    def value(self) -> str:
        return self.typed[0] if self.typed else ""


@dataclass(frozen=True, slots=True)
class Form:
    """The form in two parts: the few fields everybody sees, and those to open; `error` where something is wrong."""

    main: tuple[Field, ...]
    more: tuple[Field, ...]

    @property
    def wrong(self) -> tuple[Field, ...]:
        return tuple(field for field in (*self.main, *self.more) if field.problem)

    @property
    def opened(self) -> bool:
        """Whether a field among `more` is in use or wrong."""
        return any(field.typed or field.problem for field in self.more)


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes the search."""

    label: str
    href: str
    current: bool = False


def form(typed: Iterable[tuple[str, str]], problems: Iterable[Problem] = (), *, profile: bool = False) -> Form:
    """Return the form with what somebody typed, right or wrong; every kind of field comes from FILTERS.

    `profile` says whether there is one to sort by.
    """
    wrong = {problem.field: problem.message for problem in problems}
    values: dict[str, list[str]] = {}
    for _, (name, value) in zip(range(MAX_PARAMS), typed, strict=False):
        values.setdefault(name, []).append(value[: 2 * MAX_CHARACTERS])
    values.setdefault("umkreis", [str(DEFAULT_RADIUS_KM)])
    fields = {
        item.name: Field(
            _with_usual(item, BY_FIT if profile else BY_HITS, placed=bool(values.get("ort"))),
            tuple(values.get(item.name, ())),
            wrong.get(item.name, ""),
        )
        for item in FILTERS
        if item.widget != "hidden" and not item.fact and item.name != "quelle"
    }
    main = tuple(fields[name] for name in _MAIN)
    return Form(main, tuple(field for name, field in fields.items() if name not in _MAIN))


def _with_usual(item: Filter, usual: str, *, placed: bool) -> Filter:
    """Return the filter; of orders the usual one is first and stands in no URL, and one that cannot be had is none."""
    if item.name != _SORT:
        return item
    away = {usual, BY_FIT} if placed else {usual, BY_FIT, BY_DISTANCE}
    others = [(value, label) for value, label in item.choices if value not in away]
    return replace(item, choices=(("", dict(item.choices)[usual]), *others))


def sorted_by(query: Query, sort: str) -> str:
    """Return the path of the same search in another order, "" for the usual one, from its first page on."""
    return href(replace(query.on_page(1), sort=sort).pairs())


def href(pairs: Pairs) -> str:
    """Return the path of a search."""
    return f"{START}?{urlencode(pairs)}" if pairs else START


def understood(found: Understood | None, words: Language) -> tuple[Choice, ...]:
    """List what was understood of a question, each with the search for its words instead; the last for all of them."""
    if found is None:
        return ()
    parts = [Choice(words.gettext(label), href(pairs)) for label, pairs in found.parts]
    return (*parts, Choice(words.gettext("Nur nach den Wörtern suchen"), href(found.literally)))


def active(query: Query, words: Language, shown: Collection[tuple[str, str]] = ()) -> tuple[Choice, ...]:
    """List what is filtered by, but for what is `shown` elsewhere, each with the search that does without it."""
    first = query.on_page(1)
    return tuple(
        Choice(_shown(name, value, query, words), href(_less(first, name, value)))
        for name, value in first.pairs()
        if name not in _LEAVE_NOTHING_OUT and (name, value) not in shown
    )


def advice(query: Query, words: Language) -> tuple[Choice, ...]:
    """Say how to find more: a wider circle first, then each filter left out."""
    first = query.on_page(1)
    choices: list[Choice] = []
    wider = next((radius for radius in RADII_KM if radius > query.radius_km), None)
    if query.spot is not None and wider is not None:
        wide = replace(first, radius_km=wider)
        choices.append(Choice(words.gettext("Umkreis auf %(km)s km vergrößern") % {"km": wider}, href(wide.pairs())))
    for name in dict.fromkeys(name for name, _ in first.pairs() if name not in _LEAVE_NOTHING_OUT):
        label = words.gettext(_label(name))
        choices.append(
            Choice(words.gettext("Ohne „%(filter)s“ suchen") % {"filter": label}, href(first.without(name).pairs()))
        )
    return tuple(choices)


def undated(query: Query) -> str:
    """Return the path of the same search without its dates."""
    return href(query.without("von").without("bis").pairs())


def everywhere(query: Query) -> str:
    """Return the path of the same search without its circle."""
    return href(query.without("ort").pairs())


def meant(query: Query, text: str) -> str:
    """Return the path of the same search for another text."""
    return href(replace(query.on_page(1), text=text).pairs())


def pages(query: Query, page: int, last: int) -> tuple[Choice, ...]:
    """List the pages around the present one, with the first and the last; a "…" without a link stands for a gap."""
    wanted = sorted({1, last, *range(max(1, page - _AROUND), min(last, page + _AROUND) + 1)})
    choices: list[Choice] = []
    before = 0
    for number in wanted:
        if number - before > 1:
            choices.append(Choice("…", ""))
        choices.append(Choice(str(number), href(query.on_page(number).pairs()), current=number == page))
        before = number
    return tuple(choices)


def _less(query: Query, name: str, value: str) -> Pairs:
    """Leave out one value; without a place there is no circle."""
    if name == "ort":
        return query.without("ort").pairs()
    return tuple(pair for pair in query.pairs() if pair != (name, value))


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
    return words.gettext(_choices(name).get(value, value))


def _choices(name: str) -> Mapping[str, str]:
    return next((dict(item.choices) for item in FILTERS if item.name == name), {})


def _label(name: str) -> str:
    return next((item.label for item in FILTERS if item.name == name), name)
