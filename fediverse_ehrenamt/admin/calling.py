"""Letters to those who decide: that something has come which waits for them, gathered, and nothing of what it says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fediverse_ehrenamt.accounts import people
from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts import store as accounts_store
from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.accounts.rules import Permission
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.conversations import store as conversations
from fediverse_ehrenamt.desk import store as desk
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.joining import store as joining
from fediverse_ehrenamt.mail import notices, sending
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.mail.notices import From, Notice
from fediverse_ehrenamt.moderation import store as moderation
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work

PAUSE: Final = timedelta(hours=1)  # between two letters to one person
PATIENCE: Final = timedelta(minutes=5)  # somebody who is at work already needs no letter


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in a section (`path`) for whoever has a permission: its `words` (German), and since when each does."""

    path: str
    words: str
    permission: Permission
    since: Callable[[Work], list[datetime]]


QUEUES: Final[Sequence[Queue]] = (
    Queue(menu.APPLICATIONS, "Neue Organisationen", Permission.APPROVE_ORGANISATIONS, joining.since_when),
    Queue(menu.FIRST_POSTS, "Erste Beiträge", Permission.MODERATE, desk.held_since),
    Queue(menu.FIRST_POSTS, "Erste Beiträge, schon zu sehen", Permission.MODERATE, moderation.first_published),
    Queue(menu.FIRST_POSTS, "Antworten aus dem Fediverse", Permission.MODERATE, conversations.waiting_since),
    Queue(menu.REPORTS, "Meldungen", Permission.MODERATE, moderation.reported_when),
    Queue(menu.REPORTS, "Widersprüche", Permission.MODERATE, moderation.objected_when),
)


def call(work: Work) -> int:
    """Write to whom it concerns about what has come since their last letter and still waits; return how many letters.

    What was decided meanwhile is in none of them.
    """
    rows = accounts_store.to_call(work, work.now - PAUSE)
    waiting = {queue: queue.since(work) for queue in QUEUES} if rows else {}
    home = actors.instance(work).name if any(waiting.values()) else ""
    written = 0
    for row, person in zip(rows, people.those(work, rows), strict=True):
        came = _came(waiting, person, (row.called_at or row.created_at) - PATIENCE, work.now - PATIENCE)
        if came:
            row.called_at = work.now
            sending.post(work, _letter(From(work.settings, home, work.now), person, came))
            written += 1
    return written


def _came(
    waiting: Mapping[Queue, Sequence[datetime]], person: Person, after: datetime, until: datetime
) -> dict[Queue, int]:
    """Return how many came in each queue of a person after a moment, until another one."""
    mine = {queue: held for queue, held in waiting.items() if accounts.may(person.grants, queue.permission)}
    counts = {queue: sum(after < moment <= until for moment in held) for queue, held in mine.items()}
    return {queue: count for queue, count in counts.items() if count}


def _letter(sender: From, person: Person, came: Mapping[Queue, int]) -> Letter:
    words = i18n.of_letters(person.language, "admin")
    url, paths, count = sender.settings.url, {queue.path for queue in came}, sum(came.values())
    subject = words.ngettext(
        "%(number)s Eintrag wartet auf eine Entscheidung", "%(number)s Einträge warten auf eine Entscheidung", count
    )
    said = Notice(
        subject=subject % {"number": words.number(count)},
        opening=words.gettext("auf „%(home)s“ ist etwas angekommen, das auf eine Entscheidung wartet:")
        % {"home": sender.home},
        facts=tuple((words.gettext(queue.words), _told(words, url, queue, came, paths)) for queue in came),
        button=words.gettext("Ansehen und entscheiden"),
        href=url + (paths.pop() if len(paths) == 1 else menu.PATH),
        closing=(
            words.gettext("Was inzwischen jemand entschieden hat, steht dort nicht mehr."),
            words.gettext(
                "Sie bekommen höchstens eine solche E-Mail in der Stunde. Abschalten können Sie das in Ihrem Konto: "
                "%(account)s"
            )
            % {"account": url + accounts.HOME},
        ),
    )
    return notices.letter(sender, person.mail, words.code, said)


def _told(words: Language, url: str, queue: Queue, came: Mapping[Queue, int], paths: set[str]) -> str:
    """Return how many came, and where they are unless the button leads there."""
    number = words.number(came[queue])
    return number if len(paths) == 1 else f"{number} – {url}{queue.path}"


HOUSEKEEPING: Final[list[Callable[[Work], int]]] = [call]
