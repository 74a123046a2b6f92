"""What is written into the audit log, how it is called, and how long it is kept. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from fediverse_ehrenamt.kit import sentences
from fediverse_ehrenamt.kit.sentences import Sentence

KEPT = timedelta(days=365)
LABEL, DETAIL = 300, 2_000  # characters; what is longer is cut
WRITTEN = 10_000  # characters of a detail as it is written down, so that it can be said in any language

COMMAND_LINE = ""
"""Stands for whoever sits at the machine itself, as the one who did something."""
STRANGER = "stranger"
"""Stands for whoever has no account and asked from outside."""
GONE = "gone"
"""Stands for somebody whose account was deleted since."""


class Did(StrEnum):
    """What somebody did; the value is what the database keeps, so it never changes."""

    ORGANISATION_ASKED = "organisation asked for"
    ORGANISATION_APPROVED = "organisation approved"
    ORGANISATION_REFUSED = "organisation refused"
    ORGANISATION_CHANGED = "organisation changed"
    ORGANISATION_SUSPENDED = "organisation suspended"
    ORGANISATION_RESTORED = "organisation restored"
    INVITED = "invited"
    ROLE_GIVEN = "role given"
    ROLE_TAKEN = "role taken"
    PERSON_REMOVED = "person removed"
    HANDED_IN = "handed in"
    PUBLISHED = "published"
    CONFIRMED = "confirmed"
    STATE_CHANGED = "state changed"
    SHOWN_AGAIN = "shown again"
    WITHDRAWN = "withdrawn"
    IMPORTED = "imported"
    ENQUIRY_ENTERED = "enquiry entered"
    ENQUIRY_ANSWERED = "enquiry answered"
    MESSAGE_ANSWERED = "message answered"
    QUOTE_REVOKED = "quote revoked"
    COLLECTION_LEFT = "collection left"
    REPORT_CLOSED = "report closed"
    OBJECTION_UPHELD = "objection upheld"
    OBJECTION_REJECTED = "objection rejected"
    POST_LET_IN = "post let in"
    POST_KEPT_OUT = "post kept out"
    REMINDED = "reminded"
    DUPLICATE_JOINED = "duplicate joined"
    DUPLICATE_PARTED = "duplicate parted"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    HOST_ALLOWED = "host allowed"
    HOST_STRUCK = "host struck off the list"
    SOURCE_ADDED = "source added"
    SOURCE_CHANGED = "source changed"
    SOURCE_REMOVED = "source removed"
    FEED_ADDED = "feed added"
    FEED_CHANGED = "feed changed"
    FEED_REMOVED = "feed removed"
    TEXT_CHANGED = "text changed"
    LOOK_CHANGED = "look changed"
    INSTANCE_CHANGED = "instance changed"
    DISTRICT_ADDED = "district added"
    DISTRICT_CHANGED = "district changed"
    DISTRICT_HIDDEN = "district hidden"
    SENT_AGAIN = "sent again"
    GIVEN_UP = "given up"
    SET_UP = "set up"


WORDS: Mapping[Did, str] = MappingProxyType(
    {
        Did.ORGANISATION_ASKED: "Organisation beantragt",
        Did.ORGANISATION_APPROVED: "Organisation zugelassen",
        Did.ORGANISATION_REFUSED: "Organisation abgelehnt",
        Did.ORGANISATION_CHANGED: "Organisation geändert",
        Did.ORGANISATION_SUSPENDED: "Organisation gesperrt",
        Did.ORGANISATION_RESTORED: "Sperre einer Organisation aufgehoben",
        Did.INVITED: "eingeladen",
        Did.ROLE_GIVEN: "Rolle vergeben",
        Did.ROLE_TAKEN: "Rolle entzogen",
        Did.PERSON_REMOVED: "Konto gelöscht",
        Did.HANDED_IN: "zur Prüfung gegeben",
        Did.PUBLISHED: "veröffentlicht oder geändert",
        Did.CONFIRMED: "bestätigt",
        Did.STATE_CHANGED: "Zustand geändert",
        Did.SHOWN_AGAIN: "noch einmal gezeigt",
        Did.WITHDRAWN: "zurückgezogen",
        Did.IMPORTED: "eingelesen",
        Did.ENQUIRY_ENTERED: "Anfrage eingetragen",
        Did.ENQUIRY_ANSWERED: "Anfrage beantwortet",
        Did.MESSAGE_ANSWERED: "Nachricht beantwortet",
        Did.QUOTE_REVOKED: "Zitat nicht mehr erlaubt",
        Did.COLLECTION_LEFT: "aus einer Sammlung genommen",
        Did.REPORT_CLOSED: "Meldung entschieden",
        Did.OBJECTION_UPHELD: "Widerspruch stattgegeben",
        Did.OBJECTION_REJECTED: "Widerspruch zurückgewiesen",
        Did.POST_LET_IN: "Beitrag freigegeben",
        Did.POST_KEPT_OUT: "Beitrag zurückgehalten",
        Did.REMINDED: "erinnert",
        Did.DUPLICATE_JOINED: "Dubletten zusammengelegt",
        Did.DUPLICATE_PARTED: "Dubletten getrennt",
        Did.BLOCKED: "gesperrt oder eingeschränkt",
        Did.UNBLOCKED: "Sperre aufgehoben",
        Did.HOST_ALLOWED: "Host erlaubt",
        Did.HOST_STRUCK: "Host nicht mehr erlaubt",
        Did.SOURCE_ADDED: "Quelle hinzugefügt",
        Did.SOURCE_CHANGED: "Quelle geändert",
        Did.SOURCE_REMOVED: "Quelle entfernt",
        Did.FEED_ADDED: "Abo-Konto angelegt",
        Did.FEED_CHANGED: "Abo-Konto geändert",
        Did.FEED_REMOVED: "Abo-Konto entfernt",
        Did.TEXT_CHANGED: "Text geändert",
        Did.LOOK_CHANGED: "Aussehen geändert",
        Did.INSTANCE_CHANGED: "Einstellung geändert",
        Did.DISTRICT_ADDED: "Stadtteil angelegt",
        Did.DISTRICT_CHANGED: "Stadtteil geändert",
        Did.DISTRICT_HIDDEN: "Stadtteil ausgeblendet",
        Did.SENT_AGAIN: "erneut zugestellt",
        Did.GIVEN_UP: "Zustellung aufgegeben",
        Did.SET_UP: "Portal eingerichtet",
    }
)
STEPS: Mapping[str, str] = MappingProxyType(
    {
        "bestaetigen": "bestätigt",
        "pausieren": "pausiert",
        "besetzt": "als besetzt gekennzeichnet",
        "oeffnen": "wieder geöffnet",
        "absagen": "abgesagt",
        "gelesen": "gelesen",
        "antworten": "geantwortet",
        "im-gespraech": "im Gespräch",
        "zusagen": "zugesagt",
        "abschliessen": "abgeschlossen",
    }
)
"""Slugs that stand alone as the detail of an entry: what became of an offer, an event or an enquiry."""
NOTES: Final = (
    "alle Hosts", "Hinweise vergessen", "Ort, Sprachen, Bereiche", "Rückfrage", "pausiert", "teilt wieder",
    "zurück zur Vorlage", "zurückgenommen",
)  # fmt: skip
"""What is noted in these words, alone."""
PARTS: Final = (
    "alles", "ausgeblendet", "Bild", "erst nach Prüfung", "erste Angebote", "Erinnerungen", "Logo", "nach Prüfung",
    "Ort", "Sprachen", "zuerst",
)  # fmt: skip
"""Words of which, among others, details are made that say what was chosen or changed."""
SEVERITIES: Mapping[str, str] = MappingProxyType({"block": "gesperrt", "limit": "eingeschränkt", "none": "sonst frei"})
"""With which slugs the detail of a block begins."""


@dataclass(frozen=True, slots=True)
class By:
    """Who did something: a person's id, or COMMAND_LINE; `on_behalf` where they do not belong to the organisation."""

    person: str = COMMAND_LINE
    on_behalf: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What it was done to, as people call it (`label`), and where it is known: the URI of an actor or object of ours,
    a host, or the id of a person, whose name leaves the log with their account.
    """

    label: str
    uri: str = ""
    organisation: str = ""


def mailbox(mail: str) -> str:
    """Return the `uri` of something that was done to an address which may have no account yet."""
    return f"mailto:{mail}"


def kept(text: str, longest: int, bound: int) -> str:
    """Return what is written down of a text, at most `longest` characters, or of a sentence `bound`, with its parts."""
    written = sentences.dump(text)
    whole = isinstance(text, Sentence) and len(text) <= longest and len(written) <= bound
    return written if whole else cut(text, longest)


def cut(text: str, longest: int) -> str:
    """Return a text of one line, shortened where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
