"""Matching in sentences: "Passt zu 82 %: Bereich Umwelt & Tiere ✓, Samstag vormittags ✓, 3,2 km; nicht angegeben: …".

Words are German message ids; `Words` translates them (`web.i18n.Language` does).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.matching import week
from fediverse_ehrenamt.matching.explaining import Explanation, Outcome, Part, Topic
from fediverse_ehrenamt.matching.rules import Order
from fediverse_ehrenamt.vocab import labels

_NAMED = 2  # values of one part that are named; the rest is counted
_RUN = 3  # days in a row that are written "Montag–Freitag"
_LONGEST = 60  # characters of one value that somebody else wrote


class Words(Protocol):
    """The words of one language, and numbers as they are written in it."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, one: str, many: str, count: int) -> str: ...
    def number(self, value: float) -> str: ...
    def distance(self, kilometres: float) -> str: ...
    def language_name(self, tag: str) -> str: ...


TOPICS: Final[Mapping[Topic, str]] = {
    Topic.AREAS: "Bereich",
    Topic.ACTIVITIES: "Tätigkeit",
    Topic.TIME: "Zeiten",
    Topic.FLEXIBLE: "Zeiten",
    Topic.DISTANCE: "Entfernung",
    Topic.ONLINE: "Online",
    Topic.AREA_WIDE: "Überall im Gebiet",
    Topic.SKILLS: "Fähigkeiten",
    Topic.HOURS: "Zeitaufwand",
    Topic.COMMITMENT: "Mindestdauer",
    Topic.AUDIENCES: "Zielgruppe",
    Topic.GERMAN: "Deutschkenntnisse",
    Topic.LANGUAGES: "Weitere Sprachen",
    Topic.KIND: "Art",
    Topic.ACCESSIBILITY: "Barrierefreiheit",
    Topic.CLEARANCE: "Führungszeugnis",
    Topic.MINORS: "Mindestalter",
    Topic.TEXT: "Suchwort",
}
"""What a part is called where it does not fit or is not spoken of."""


def sentence(explanation: Explanation, words: Words) -> str:
    """Write why an offer fits in one sentence; "" where nothing was answered that counts."""
    if explanation.percent is None:
        return ""
    t = words.gettext
    groups = [
        ("", [_said(part, words) for part in explanation.parts if part.outcome in {Outcome.FITS, Outcome.PARTLY}]),
        (t("passt nicht: %(topics)s"), _topics(explanation.parts, Outcome.MISSES, words)),
        (t("nicht angegeben: %(topics)s"), _topics(explanation.parts, Outcome.UNSAID, words)),
    ]
    head = t("Passt zu %(percent)s %%") % {"percent": words.number(explanation.percent)}
    fits, *others = [
        pattern % {"topics": ", ".join(names)} if pattern else ", ".join(names) if names else ""
        for pattern, names in groups
        if names or not pattern
    ]
    return "; ".join([f"{head}: {fits}" if fits else head, *others])


def excluded(order: Order, words: Words) -> str:
    """Write how many offers were left out and why: "12 ausgeschlossen: 7 zu weit weg, 5 nicht mehr offen"; or ""."""
    total = sum(left.count for left in order.left)
    if not total:
        return ""
    counts = ", ".join(f"{words.number(left.count)} {words.gettext(left.gate.counted)}" for left in order.left)
    head = words.gettext("%(number)s ausgeschlossen: %(counts)s")
    return head % {"number": words.number(total), "counts": counts}


def loosening(order: Order) -> tuple[tuple[str, int], ...]:
    """Return which question of the profile keeps out how many offers that pass every other gate, most first."""
    found: dict[str, int] = {}
    for left in order.left:
        if left.gate.question and left.only:
            found[left.gate.question] = found.get(left.gate.question, 0) + left.only
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _topics(parts: Iterable[Part], outcome: Outcome, words: Words) -> list[str]:
    names: list[str] = []
    for part in parts:
        if part.outcome == outcome:
            name = words.gettext(TOPICS[part.topic])
            missing = part.topic == Topic.SKILLS and outcome == Outcome.MISSES and part.values
            names.append(_told(f"{name} ({_foreign(part.values, words)})" if missing else name, part, words))
    return list(dict.fromkeys(names))


def _said(part: Part, words: Words) -> str:
    return _told(_SAID[part.topic](part, words), part, words)


def _told(said: str, part: Part, words: Words) -> str:
    return words.gettext("%(fact)s (aus dem Text gelesen)") % {"fact": said} if part.told else said


# --- one part in words ------------------------------------------------------------------------------------------------
def _labelled(pattern: str, names: Mapping[str, str]) -> Callable[[Part, Words], str]:
    def said(part: Part, words: Words) -> str:
        named = [words.gettext(labels.label(names, slug)) for slug in part.values]
        return words.gettext(pattern) % {"values": _joined(named, words)}

    return said


def _joined(names: Iterable[str], words: Words) -> str:
    """Join names; where there are many, the first two and how many more."""
    listed = list(names)
    if len(listed) <= _NAMED:
        return words.gettext(" und ").join(listed)
    rest = len(listed) - _NAMED + 1
    more = words.ngettext("%(count)s weiteres", "%(count)s weitere", rest) % {"count": rest}
    return words.gettext(" und ").join([*listed[: _NAMED - 1], more])


def _foreign(values: Iterable[str], words: Words) -> str:
    return _joined([html.shorten(html.visible(value), _LONGEST) for value in values], words)


def _times(part: Part, words: Words) -> str:
    return f"{_joined(_groups(part.values, words), words)} ✓"


def _groups(cells: Iterable[str], words: Words) -> list[str]:
    """Gather cells into days with the same parts: "Montag–Freitag nachmittags", "Samstag vormittags"."""
    by_day: dict[str, tuple[str, ...]] = {}
    for cell in cells:
        day, _, part = cell.partition("-")
        by_day[day] = (*by_day.get(day, ()), part)
    by_parts: dict[tuple[str, ...], list[str]] = {}
    for day, parts in by_day.items():
        by_parts.setdefault(parts, []).append(day)
    return [f"{_days(days, words)} {_dayparts(parts, words)}".strip() for parts, days in by_parts.items()]


def _days(days: list[str], words: Words) -> str:
    named = [words.gettext(labels.WEEKDAY[day]) for day in days]
    if len(days) == len(week.DAYS):
        return words.gettext("täglich")
    in_a_row = week.DAYS.index(days[-1]) - week.DAYS.index(days[0]) == len(days) - 1
    return f"{named[0]}–{named[-1]}" if in_a_row and len(days) >= _RUN else ", ".join(named)


def _dayparts(parts: tuple[str, ...], words: Words) -> str:
    """Name parts of the day without their hours; all of them need no word."""
    if len(parts) == len(week.PARTS):
        return ""
    return "/".join(words.gettext(labels.DAYPART[part]).partition(" (")[0] for part in parts)


def _kilometres(part: Part, words: Words) -> str:
    return words.distance(part.number or 0.0)


def _german(part: Part, words: Words) -> str:
    level = part.values[0]
    if part.outcome == Outcome.PARTLY:
        return words.gettext("Deutsch %(level)s gewünscht") % {"level": level.upper()}
    if level == "nicht_noetig":
        return words.gettext("kein Deutsch nötig")
    return words.gettext("Deutsch %(level)s reicht") % {"level": level.upper()}


def _languages(part: Part, words: Words) -> str:
    return f"{_joined(map(words.language_name, part.values), words)} ✓"


def _hours(part: Part, words: Words) -> str:
    if part.outcome == Outcome.PARTLY:
        return words.gettext("etwas mehr Zeitaufwand als gewünscht")
    return words.gettext("Zeitaufwand ✓")


def _commitment(part: Part, words: Words) -> str:
    if part.outcome == Outcome.PARTLY:
        return words.gettext("etwas länger als gewünscht")
    return words.gettext("Mindestdauer ✓")


def _minors(part: Part, words: Words) -> str:
    if part.number is None:
        return words.gettext("für Minderjährige geeignet ✓")
    return words.gettext("ab %(age)s Jahren ✓") % {"age": words.number(part.number)}


def _skills(part: Part, words: Words) -> str:
    return f"{_foreign(part.values, words)} ✓"


def _text(part: Part, words: Words) -> str:
    return words.gettext("Suchwort eher am Rande") if part.outcome == Outcome.PARTLY else words.gettext("Suchwort ✓")


def _plain(message: str) -> Callable[[Part, Words], str]:
    return lambda _part, words: words.gettext(message)


# Message ids that stand in tables and not in a call of gettext; `tests/web/messages.py` gathers them from here.
PATTERNS: Final = {
    Topic.AREAS: "Bereich %(values)s ✓",
    Topic.ACTIVITIES: "%(values)s ✓",
    Topic.AUDIENCES: "für: %(values)s ✓",
    Topic.KIND: "Art: %(values)s ✓",
    Topic.ACCESSIBILITY: "Barrierefreiheit: %(values)s ✓",
}
PLAIN: Final = {
    Topic.FLEXIBLE: "Zeiten nach Absprache ✓",
    Topic.ONLINE: "online ✓",
    Topic.AREA_WIDE: "überall im Gebiet ✓",
    Topic.CLEARANCE: "ohne Führungszeugnis ✓",
}
_LABELS = {
    Topic.AREAS: labels.AREA_SHORT,
    Topic.ACTIVITIES: labels.ACTIVITY,
    Topic.AUDIENCES: labels.AUDIENCE,
    Topic.KIND: labels.KIND,
    Topic.ACCESSIBILITY: labels.ACCESSIBILITY,
}
_SAID: Final[dict[Topic, Callable[[Part, Words], str]]] = {
    **{topic: _labelled(pattern, _LABELS[topic]) for topic, pattern in PATTERNS.items()},
    **{topic: _plain(message) for topic, message in PLAIN.items()},
    Topic.TIME: _times,
    Topic.DISTANCE: _kilometres,
    Topic.SKILLS: _skills,
    Topic.HOURS: _hours,
    Topic.COMMITMENT: _commitment,
    Topic.GERMAN: _german,
    Topic.LANGUAGES: _languages,
    Topic.MINORS: _minors,
    Topic.TEXT: _text,
}
