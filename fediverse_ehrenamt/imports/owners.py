"""Who publishes an imported entry: the organisation that it names if it is here, else the one who imports.

An organisation is found by its handle or by its name, however its legal form is written. One that is not here is
added only when asked for, and says of itself that nobody has taken it over yet.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select

from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.work import Work

_SUMMARY = (
    "Diese Seite hat die Organisation noch nicht selbst übernommen. Ihre Angebote und Termine stammen aus einem Import."
)
_FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": "+"})
_WORDS = re.compile(r"[a-z0-9]+")
_LEGAL = frozenset({"e", "v", "ev", "ggmbh", "gmbh", "gag", "ag", "der", "die", "das", "und", "gug", "mbh", "kg", "eg"})
_LONGEST_HANDLE, _SHORTEST_HANDLE = 30, 3
_ATTEMPTS = 100


@dataclass(slots=True)
class Owners:
    """The organisations of this instance: their URIs by folded name and by handle, names and towns by URI."""

    by_name: dict[str, str] = field(default_factory=dict)
    by_handle: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    towns: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> str:
        """Return the URI of the organisation with a name or a handle, "" where there is none."""
        asked = name.strip()
        return self.by_handle.get(asked.lower().removeprefix("@")) or self.by_name.get(fold(asked), "")

    def only(self, handle: str) -> "Owners":
        """Return one organisation alone: nobody publishes in another's name by writing it into a column."""
        uri = self.by_handle.get(handle.lower().removeprefix("@"), "")
        found = Owners()
        if uri:
            found.add(uri, handle.lower().removeprefix("@"), self.names[uri])
            found.towns = self.towns
        return found

    def add(self, uri: str, handle: str, name: str) -> None:
        self.by_name.setdefault(fold(name), uri)
        self.by_handle[handle] = uri
        self.names[uri] = name


@lru_cache(4096)
def fold(name: str) -> str:
    """Return the form in which "Lebenshilfe Hagen e. V." and "Lebenshilfe Hagen" meet."""
    words = _WORDS.findall(name[:200].lower().translate(_FOLDS))
    return " ".join([word for word in words if word not in _LEGAL] or words)


def read(work: Work) -> Owners:
    """Return all organisations of this instance."""
    found = Owners()
    listed = select(LocalActorRow.uri, LocalActorRow.handle, LocalActorRow.name)
    for row in work.db.execute(listed.where(LocalActorRow.type == "Organization").order_by(LocalActorRow.handle)):
        found.add(row.uri, row.handle, row.name)
    found.towns = organisations.towns(work)
    return found


def create(work: Work, name: str) -> organisations.Organisation:
    """Add an organisation that nobody has taken over yet, under a handle made from its name."""
    base = "_".join(_WORDS.findall(name.lower().translate(_FOLDS)))[:_LONGEST_HANDLE].strip("_")
    base = base.ljust(_SHORTEST_HANDLE, "_")
    for number in range(1, _ATTEMPTS):
        handle = base if number == 1 else f"{base[: _LONGEST_HANDLE - 3]}_{number}"
        if not actors.wrong_handle(work, handle):
            return organisations.add(work, handle, name[: organisations.NAME[1]], _SUMMARY)
    raise Invalid(
        [
            Problem(
                "organisation",
                sentence("für „%(name)s“ ist kein Handle mehr frei; bitte selbst anlegen", name=name[:60]),
            )
        ]
    )
