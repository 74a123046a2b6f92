"""What counts as a view, and where views wait to be written: in memory, since no page waits for a count. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

KEPT = timedelta(days=400)  # so that a month can be compared with that of the year before
RECENT = timedelta(days=30)
WAITING = 20_000  # pages with views that were not yet written; of more, the views are lost

SEARCHES, EMPTY_SEARCHES = "suchen", "suchen-ohne-treffer"
"""Stand in the place of a page's id, and are none: how often was searched at all, and how often in vain."""

_LONGEST_AGENT = 1_000
# Who fetches pages without reading them names itself so, or says nothing: crawlers, previews, monitors, libraries.
_NO_BROWSER = re.compile(
    r"(?<!cu)bot(?:\b|[_-])|crawl|spider|slurp|preview|fetch|monitor|scan|feed|headless|lighthouse|archive|"
    r"curl|wget|python|java/|go-http|okhttp|http\.rb|node|axios|libwww|php|ruby|"
    r"mastodon|pleroma|akkoma|misskey|gotosocial|friendica|mobilizon|gancio|lemmy|"
    r"facebookexternalhit|whatsapp|telegram|signal|slack|discord|embedly|validator",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was opened: the id of a page (`Document.id`), and the organisation of ours that it is of, "" for others'."""

    page: str
    organisation: str = ""


class Tally:
    """The views that are not yet written. Only one thread may use it: that of the requests."""

    def __init__(self) -> None:
        self._counts: dict[tuple[date, Seen], int] = {}

    def add(self, day: date, seen: Seen) -> None:
        """Count one view; where too many pages wait already, one of another page is lost."""
        key = day, seen
        if key in self._counts or len(self._counts) < WAITING:
            self._counts[key] = self._counts.get(key, 0) + 1

    def take(self) -> dict[tuple[date, Seen], int]:
        """Return what waits, which from now on is the caller's."""
        taken, self._counts = self._counts, {}
        return taken

    def give_back(self, counts: Mapping[tuple[date, Seen], int]) -> None:
        """Let wait again what could not be written."""
        for key, count in counts.items():
            if key in self._counts or len(self._counts) < WAITING:
                self._counts[key] = self._counts.get(key, 0) + count


def by_a_person(method: str, headers: Mapping[str, str]) -> bool:
    """Say whether a request is that of somebody who looks: not of a program, and not made ahead by a browser."""
    agent = headers.get("user-agent", "")[:_LONGEST_AGENT]
    ahead = any(_AHEAD.search(headers.get(name, "")) for name in ("purpose", "sec-purpose", "x-moz", "x-purpose"))
    return method == "GET" and bool(agent) and not _NO_BROWSER.search(agent) and not ahead
