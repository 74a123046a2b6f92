"""What is to be done next in a portal that is new: a list on the first page of the administration, ticked by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.federation import actors, sources
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.texts import actions as texts
from fediverse_ehrenamt.texts import rules
from fediverse_ehrenamt.work import Work

NEW = timedelta(days=60)
"""How long after setting up what is still to be done is shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, in the reader's words (`words`, `help` are German); `done` looks whether it is."""

    words: str
    help: str
    href: str
    done: Callable[[Work], bool]


@dataclass(frozen=True, slots=True)
class Shown:
    """A step with its state."""

    step: Step
    done: bool


def _written(slug: str) -> Callable[[Work], bool]:
    return lambda work: not texts.gaps(work, slug)


STEPS: Sequence[Step] = (
    Step(
        "Impressum ausfüllen",
        "Ohne Impressum darf das Portal nicht öffentlich sein. Die Vorlage sagt, was hineingehört.",
        f"{menu.TEXTS}/{rules.IMPRINT}/de",
        _written(rules.IMPRINT),
    ),
    Step(
        "Datenschutzerklärung ergänzen",
        "Sie beschreibt schon, was dieses Programm speichert; Namen und Anschriften fehlen noch.",
        f"{menu.TEXTS}/{rules.PRIVACY}/de",
        _written(rules.PRIVACY),
    ),
    Step(
        "Die erste Organisation anlegen",
        "Ein Verein, eine Einrichtung oder das Rathaus selbst.",
        f"{menu.APPLICATIONS}/neu",
        lambda work: bool(organisations.listing(work)),
    ),
    Step(
        "Angebote einlesen oder schreiben",
        "Aus einer Liste, die Sie schon haben, oder das erste von Hand.",
        menu.BRINGING,
        lambda work: documents.count(work) > 0 or bool(audit.listing(work, Wanted(did=Did.IMPORTED), 1)),
    ),
    Step(
        "Einer Quelle folgen",
        "Dann stehen hier auch die Angebote der Nachbarorte.",
        menu.SOURCES,
        lambda work: sources.count(work) > 0,
    ),
)


def left(work: Work) -> list[Shown]:
    """Return all steps while any is to be done and the portal is new, else none."""
    if actors.instance(work).created_at < work.now - NEW:
        return []
    found = [Shown(one, one.done(work)) for one in STEPS]
    return [] if all(one.done for one in found) else found
