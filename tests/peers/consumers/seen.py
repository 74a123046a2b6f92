"""What a person sees of a thing on another server, and the few ways of reading that the models of all of them share."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

Json = Mapping[str, Any]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
AS2 = "https://www.w3.org/ns/activitystreams"
_BERLIN = ZoneInfo("Europe/Berlin")
_BLOCKS = {"p", "h1", "h2", "h3", "ul", "ol", "blockquote", "div"}
_GAP = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Seen:
    """A thing as a person finds it there. Empty: that server has no such place, or shows nothing in it.

    `warning` is what must be clicked away before the text is read, `images` are addresses with their text alternatives,
    `starts` and `ends` are in Berlin's time, `join` is where its button for taking part leads. `refused` says why
    nothing of it is there; then all else is empty. `more` holds what only that server shows.
    """

    title: str = ""
    text: str = ""
    warning: str = ""
    link: str = ""
    images: tuple[tuple[str, str], ...] = ()
    starts: str = ""
    ends: str = ""
    place: str = ""
    tags: tuple[str, ...] = ()
    join: str = ""
    refused: str = ""
    more: tuple[str, ...] = field(default=())


See = Callable[[Json, Seen | None], Seen]
"""(activity, what was seen before) → what is seen then."""


def follow(activities: Sequence[Json], see: See) -> Seen:
    """Return what a follower sees after all the activities came in their order."""
    seen: Seen | None = None
    for activity in activities:
        seen = see(activity, seen)
    assert seen is not None, "something was sent"
    return seen


def gone(before: Seen | None) -> Seen:
    """What is left of a thing that was deleted."""
    return before if before is not None and before.refused else Seen(refused="deleted")


def listed(value: Any) -> list[Any]:
    """Return a value as the list that many parsers make of it."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def public(thing: Json) -> bool:
    return PUBLIC in listed(thing.get("to"))


def moment(text: str | None) -> str:
    """Return "12.12.2026 14:00"; servers show local time."""
    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone(_BERLIN).strftime("%d.%m.%Y %H:%M")


# --- HTML as it is read -----------------------------------------------------------------------------------------------
class _Reader(HTMLParser):
    """Writes down what stands on the screen; a link as `words <address>` unless it is a hashtag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "a" and values.get("rel") != "tag":
            self._link = values.get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self._link:
            self.parts.append(f" <{self._link}>")
            self._link = ""

    def handle_data(self, data: str) -> None:
        self.parts.append(" ".join(data.split("\n")))


def on_screen(html: str) -> str:
    """Return HTML as a person reads it: blank lines between paragraphs, no markup."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.parts).split("\n")]
    return _GAP.sub("\n\n", "\n".join(lines)).strip()
