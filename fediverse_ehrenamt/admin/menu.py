"""The sections of the administration: which there are, who may see them, and the frame that all their pages share."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.web import rendering

PATH: Final = visits.ADMINISTRATION
PEOPLE: Final = f"{PATH}/personen"
APPLICATIONS: Final = f"{PATH}/antraege"
SOURCES: Final = f"{PATH}/quellen"
FEEDS: Final = f"{PATH}/abos"
NETWORK: Final = f"{PATH}/netz"
JOBS: Final = f"{PATH}/auftraege"
LOG: Final = f"{PATH}/protokoll"
TEXTS: Final = f"{PATH}/texte"
LOOK: Final = f"{PATH}/aussehen"
AREAS: Final = f"{PATH}/bereiche"
DISTRICTS: Final = f"{PATH}/stadtteile"
REPORTS: Final = f"{PATH}/meldungen"
FIRST_POSTS: Final = f"{PATH}/beitraege"
REVIEWS: Final = f"{PATH}/quellen-pruefen"
DUPLICATES: Final = f"{PATH}/dubletten"
STALE: Final = f"{PATH}/veraltet"
BLOCKS: Final = f"{PATH}/sperren"
ENQUIRIES: Final = f"{PATH}/anfragen"
ENTER: Final = f"{ENQUIRIES}/neu"
ENTERED: Final = f"{ENQUIRIES}/eingetragen"
ORGANISATIONS: Final = f"{PATH}/alle-organisationen"
STATISTICS: Final = f"{PATH}/statistik"
BRINGING: Final = f"{PATH}/einlesen"
SET_UP: Final = "eingerichtet"
"""What `asking.DONE` says after the set-up."""
QUEUES, PORTAL, TECHNIQUE = "Zu erledigen", "Portal", "Technik"


@dataclass(frozen=True, slots=True)
class Section:
    """A section: `path` of its first page, below which all others are, its `words` (German) and its `group`."""

    path: str
    words: str
    permission: Permission
    group: str


SECTIONS: Final[Sequence[Section]] = (
    Section(ENQUIRIES, "Anfragen", Permission.FOLLOW_UP_ENQUIRIES, QUEUES),
    Section(APPLICATIONS, "Neue Organisationen", Permission.APPROVE_ORGANISATIONS, QUEUES),
    Section(FIRST_POSTS, "Erste Beiträge", Permission.MODERATE, QUEUES),
    Section(REVIEWS, "Aus Quellen", Permission.REVIEW_OFFERS, QUEUES),
    Section(REPORTS, "Meldungen", Permission.MODERATE, QUEUES),
    Section(STALE, "Veraltet", Permission.REVIEW_OFFERS, QUEUES),
    Section(DUPLICATES, "Dubletten", Permission.REVIEW_DUPLICATES, QUEUES),
    Section(STATISTICS, "Statistik", Permission.SEE_STATISTICS, PORTAL),
    Section(ORGANISATIONS, "Organisationen", Permission.MODERATE, PORTAL),
    Section(SOURCES, "Quellen", Permission.MANAGE_SOURCES, PORTAL),
    Section(BRINGING, "Listen einlesen", Permission.MANAGE_SOURCES, PORTAL),
    Section(FEEDS, "Abo-Konten", Permission.MANAGE_SOURCES, PORTAL),
    Section(PEOPLE, "Personen und Rollen", Permission.MANAGE_PEOPLE, PORTAL),
    Section(TEXTS, "Texte", Permission.EDIT_INSTANCE, PORTAL),
    Section(LOOK, "Name und Aussehen", Permission.EDIT_INSTANCE, PORTAL),
    Section(AREAS, "Ort, Sprachen, Bereiche", Permission.EDIT_INSTANCE, PORTAL),
    Section(DISTRICTS, "Stadtteile", Permission.EDIT_INSTANCE, PORTAL),
    Section(BLOCKS, "Sperren", Permission.BLOCK, TECHNIQUE),
    Section(NETWORK, "Netz", Permission.OPERATE, TECHNIQUE),
    Section(JOBS, "Aufträge", Permission.OPERATE, TECHNIQUE),
    Section(LOG, "Protokoll", Permission.SEE_LOG, TECHNIQUE),
)
"""In the order of the menu: what waits longest for somebody first."""
GROUPS: Final = (QUEUES, PORTAL, TECHNIQUE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu in the reader's language."""

    words: str
    href: str
    current: bool


def sections(visitor: Visitor) -> list[Section]:
    """Return the sections that somebody may see."""
    return [section for section in SECTIONS if visitor.may(section.permission)]


def page(
    request: Request, visitor: Visitor, template: str, status: int = HTTPStatus.OK, **values: object
) -> HTMLResponse:
    """Render a page of the administration, whose template extends "admin/base.html", with the menu beside it.

    On narrow screens the menu is the way to the overview and the group that the page belongs to (`own_group`).
    """
    words = rendering.language_of(request)
    path = request.url.path
    seen = sections(visitor)
    menu = []
    for group in GROUPS:
        mine = [
            Entry(words.gettext(section.words), section.path, f"{path}/".startswith(f"{section.path}/"))
            for section in seen
            if section.group == group
        ]
        if mine:
            menu.append((words.gettext(group), mine))
    own = next(((group, entries) for group, entries in menu if any(one.current for one in entries)), None)
    overview = Entry(words.gettext("Übersicht"), PATH, path == PATH)
    return rendering.page(request, template, status, menu=menu, own_group=own, overview=overview, **values)
