"""What may be asked of a town by an organisation that wants to take part, and what becomes of it. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Final
from unicodedata import normalize
from urllib.parse import urlsplit

from fediverse_ehrenamt.kit import html, mailbox
from fediverse_ehrenamt.kit.errors import Problem

# --- states -----------------------------------------------------------------------------------------------------------
UNCONFIRMED, WAITING, ASKED = "unconfirmed", "waiting", "asked back"
APPROVED, REFUSED, WITHDRAWN = "approved", "refused", "withdrawn"
OPEN: Final = (WAITING, ASKED)
DECIDED: Final = (APPROVED, REFUSED, WITHDRAWN)
STATES: Final[Mapping[str, str]] = {
    UNCONFIRMED: "noch nicht bestätigt",
    WAITING: "wartet auf Entscheidung",
    ASKED: "Rückfrage gestellt",
    APPROVED: "zugelassen",
    REFUSED: "abgelehnt",
    WITHDRAWN: "zurückgezogen",
}
PERSON, COORDINATOR = "person", "coordinator"
"""Who writes a note."""

# --- what may be asked ------------------------------------------------------------------------------------------------
NAME, HANDLE, PERSON_NAME = (3, 200), (3, 30), (2, 100)  # characters
SUMMARY = (20, 2_000)
TEXT = 2_000  # characters of a question, an answer, a reason
WEBSITE, LOCALITY = 500, 100
NOTES = 40  # in one request
ASKED_OF_ADDRESS = 3  # requests a day from one mail address
ASKED_OF_CLIENT = 10  # a day from one connection
ASKED_A_DAY = 60  # in all: whoever floods us reaches no more people than that
WAITING_MOST = 500  # that are open
DAY = timedelta(days=1)

CONFIRM_WITHIN = timedelta(days=3)  # after that a new link is needed
UNCONFIRMED_KEPT = timedelta(days=7)
DECIDED_KEPT = timedelta(days=180)
UNTOUCHED_KEPT = timedelta(days=365)  # of one that nobody decides about
LINKS_HOLD = timedelta(days=400)  # longer than any request is kept

_POSTCODE = re.compile(r"[0-9]{5}")
_HANDLE = re.compile(r"[a-z0-9_]{3,30}")
_LEGAL = frozenset({"e", "v", "ev", "gmbh", "ggmbh", "gug", "ug", "eg", "mbh", "g"})
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_OTHERS = 8  # numbers that are tried behind a handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody says of an organisation that wants to take part, and of themselves (`person`, `mail`)."""

    name: str
    handle: str = ""
    summary: str = ""
    legal_form: str = ""
    postcode: str = ""
    locality: str = ""
    website: str = ""
    person: str = ""
    mail: str = ""


def problems(wish: Wish, *, invited: bool = False) -> list[Problem]:
    """Say what is wrong with what somebody typed; the fields are those of the form.

    Whoever is `invited` says later how they are called.
    """
    found = [*_of_organisation(wish), *_of_place(wish), *([] if invited else _of_person(wish)), *_of_mail(wish)]
    return [problem for right, problem in found if not right]


_Judged = list[tuple[bool, Problem]]


def _of_organisation(wish: Wish) -> _Judged:
    return [
        (NAME[0] <= len(wish.name) <= NAME[1], Problem("name", "Bitte nennen Sie den Namen der Organisation.")),
        (
            not wish.handle or bool(_HANDLE.fullmatch(wish.handle)),
            Problem("kurzname", "Der Kurzname braucht 3 bis 30 Zeichen: kleine Buchstaben von a bis z, Ziffern und _."),
        ),
        (
            SUMMARY[0] <= len(wish.summary) <= SUMMARY[1],
            Problem("text", "Bitte beschreiben Sie in 20 bis 2000 Zeichen, was die Organisation tut."),
        ),
        (
            not wish.website or (len(wish.website) <= WEBSITE and bool(html.web_url(wish.website))),
            Problem("webseite", "Das ist keine Internetadresse; richtig wäre zum Beispiel https://www.verein.de."),
        ),
    ]


def _of_place(wish: Wish) -> _Judged:
    return [
        (
            not wish.postcode or bool(_POSTCODE.fullmatch(wish.postcode)),
            Problem("plz", "Eine Postleitzahl hat fünf Ziffern; richtig wäre zum Beispiel 58095."),
        ),
        (0 < len(wish.locality) <= LOCALITY, Problem("ort", "Bitte nennen Sie den Ort, zum Beispiel „Hagen“.")),
    ]


def _of_person(wish: Wish) -> _Judged:
    return [
        (
            PERSON_NAME[0] <= len(wish.person) <= PERSON_NAME[1],
            Problem("person", "Bitte nennen Sie Ihren Namen, zum Beispiel „Anna Beispiel“."),
        )
    ]


def _of_mail(wish: Wish) -> _Judged:
    return [
        (
            mailbox.read(wish.mail) is not None,
            Problem("mail", "Das ist keine Mailadresse; richtig wäre zum Beispiel anna@beispiel.de."),
        )
    ]


def wrong_text(text: str) -> list[Problem]:
    """Say what is wrong with a question, an answer or a reason."""
    if not text.strip():
        return [Problem("text", "Hier fehlt noch der Text.")]
    return [Problem("text", "Das ist länger als 2000 Zeichen; bitte kürzen Sie es.")] if len(text) > TEXT else []


def address(typed: str) -> str:
    """Return the address of a website as a browser wants it: people leave the scheme out."""
    return typed if not typed or "://" in typed else f"https://{typed}"


# --- handles ----------------------------------------------------------------------------------------------------------
def handles(name: str, locality: str) -> Iterator[str]:
    """Yield handles that fit a name, the nearest first; none for a name without Latin letters."""
    words = [word for word in _words(name) if word not in _LEGAL]
    whole = _joined(words)
    if len(whole) < HANDLE[0]:
        return
    yield whole
    place = _joined(_words(locality))
    if len(words) > 1:
        initials = "".join(word[0] for word in words)
        yield from (one for one in (_joined([words[0], place]), _joined([initials, place])) if len(one) >= HANDLE[0])
    if place and place not in words:
        yield f"{whole[: HANDLE[1] - 1 - len(place[:12])]}_{place[:12]}"
    yield from (f"{whole[: HANDLE[1] - 2]}_{number}" for number in range(2, 2 + _OTHERS))


def _words(text: str) -> list[str]:
    plain = normalize("NFKD", text.casefold().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain)


def _joined(words: Sequence[str]) -> str:
    """Return words as one handle, without the last ones where it gets too long."""
    joined = "_".join(word for word in words if word)
    if len(joined) <= HANDLE[1]:
        return joined
    return joined[: HANDLE[1] + 1].rpartition("_")[0] or joined[: HANDLE[1]]


# --- hints for whoever decides ----------------------------------------------------------------------------------------
_ALIKE = 0.8
_COMPARED = 80  # characters
_FREE_MAIL: Final = frozenset(
    {
        *("gmail.com", "googlemail.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "outlook.com", "outlook.de"),
        *("hotmail.com", "hotmail.de", "yahoo.com", "yahoo.de", "icloud.com", "freenet.de", "aol.com", "posteo.de"),
        *("mailbox.org", "proton.me", "protonmail.com", "live.de", "arcor.de", "online.de"),
    }
)
SAME, OTHER, FREE, UNKNOWN = "same", "other", "free", "unknown"
"""How the domain of a mail address stands to a website: the same, another, a provider's for everybody, not known."""


def alike(name: str, others: Sequence[str]) -> list[str]:
    """Return those of some names that are probably the same organisation's."""
    mine = _compared(name)
    return [
        other
        for other in others
        if mine
        and (theirs := _compared(other))
        and (set(mine.split()) == set(theirs.split()) or SequenceMatcher(None, mine, theirs).ratio() >= _ALIKE)
    ]


def _compared(name: str) -> str:
    return " ".join(word for word in _words(name[:_COMPARED]) if word not in _LEGAL)


def longest_word(name: str) -> str:
    """Return the word of a name that says most about it."""
    return max((word for word in re.findall(r"\w+", name[:_COMPARED])), key=len, default="")


def whose_mail(mail: str, website: str) -> str:
    """Say how the domain of a mail address stands to a website."""
    domain = mail.rpartition("@")[2].lower()
    host = (urlsplit(website).hostname or "").lower().removeprefix("www.")
    if domain in _FREE_MAIL:
        return FREE
    if not domain or not host:
        return UNKNOWN
    return SAME if domain == host or host.endswith(f".{domain}") or domain.endswith(f".{host}") else OTHER
