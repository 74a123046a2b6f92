"""What becomes of an enquiry: its states and steps, when it is late, what may be asked and how often. Pure."""

import math
import re
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fediverse_ehrenamt.kit import mailbox
from fediverse_ehrenamt.kit.errors import Conflict, Problem

# --- states -----------------------------------------------------------------------------------------------------------
NEW, READ, TALKING, AGREED = "new", "read", "talking", "agreed"
DECLINED, WITHDRAWN, CLOSED = "declined", "withdrawn", "closed"
OPEN: Final = (NEW, READ, TALKING, AGREED)
STATES: Final[Mapping[str, str]] = {
    NEW: "neu",
    READ: "gelesen",
    TALKING: "im Gespräch",
    AGREED: "zugesagt",
    DECLINED: "abgesagt",
    WITHDRAWN: "zurückgezogen",
    CLOSED: "abgeschlossen",
}

# --- steps: slugs as they stand in forms ------------------------------------------------------------------------------
ACKNOWLEDGE, ANSWER, TALK, AGREE = "gelesen", "antworten", "im-gespraech", "zusagen"
DECLINE, CLOSE = "absagen", "abschliessen"
WRITE, WITHDRAW = "schreiben", "zurueckziehen"
PERSON, ORGANISATION, COORDINATOR = "person", "organisation", "coordinator"
"""Who takes a step; a coordinator acts for an organisation and is named as such."""
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    PERSON: (WRITE, WITHDRAW),
    ORGANISATION: (ACKNOWLEDGE, ANSWER, TALK, AGREE, DECLINE, CLOSE),
    COORDINATOR: (ACKNOWLEDGE, ANSWER, TALK, AGREE, DECLINE, CLOSE),
}
FIRST_ANSWERS: Final = frozenset({ANSWER, TALK, AGREE, DECLINE})  # any of them ends the wait for an answer
WORDED: Final = frozenset({ANSWER, DECLINE, WRITE})  # that are nothing without a text

_AFTER: Final[Mapping[tuple[str, str], str]] = {
    (NEW, ACKNOWLEDGE): READ,
    **{(state, ANSWER): TALKING for state in (NEW, READ, TALKING, DECLINED, CLOSED)},  # also to take it up again
    (AGREED, ANSWER): AGREED,
    **{(state, TALK): TALKING for state in (NEW, READ)},
    **{(state, AGREE): AGREED for state in (NEW, READ, TALKING)},
    **{(state, DECLINE): DECLINED for state in OPEN},
    **{(state, CLOSE): CLOSED for state in OPEN},
    **{(state, WRITE): state for state in OPEN},
    **{(state, WITHDRAW): WITHDRAWN for state in OPEN},
}

REASONS: Final[Mapping[str, str]] = {
    "nicht_erreicht": "Die Person war nicht zu erreichen.",
    "passt_nicht": "Es passt für beide nicht.",
    "besetzt": "Es wird niemand mehr gesucht.",
    "keine_antwort": "Die Organisation antwortet nicht.",
    "doppelt": "Die Anfrage gibt es doppelt.",
    "unerwuenscht": "Die Anfrage war nicht ernst gemeint.",
}
"""Why an enquiry is closed: neither agreed nor declined."""


def may(state: str, step: str) -> bool:
    return (state, step) in _AFTER


def after(state: str, step: str) -> str:
    """Return the state after a step; raises `Conflict` where a state does not allow it."""
    if (state, step) not in _AFTER:
        raise Conflict("Das geht nicht mehr: Der Stand dieser Anfrage hat sich inzwischen geändert.")
    return _AFTER[state, step]


# --- what may be asked ------------------------------------------------------------------------------------------------
NAME, PHONE = (2, 80), (6, 30)  # characters
TEXT = 2_000
NOTE = 200  # on how somebody is reached who has neither mail nor telephone
DIGITS = 6  # in a telephone number, at least: without area code
_PHONE = re.compile(r"\+?[0-9 ()/.\-]+")
MAIL_WAY, PHONE_WAY, COORDINATOR_WAY = "mail", "phone", "coordinator"
FEDIVERSE_WAY, AGREEMENT_WAY = "fediverse", "agreement"
"""How an enquiry came: confirmed by mail, with a telephone number only, entered for somebody, by a direct message from
the fediverse, by an Offer of an Agreement (FEP-0837).
"""

DAY = timedelta(days=1)
SAME_LASTS: Final = timedelta(minutes=10)  # so soon the same again is no other enquiry
ASKED_OF_ADDRESS = 5  # enquiries a day from one mail address
ASKED_OF_PHONE = 2
ASKED_OF_CLIENT = 50  # a day from one connection, which may be that of a whole school
ASKED_UNCONFIRMED = 500  # a day in all: whoever floods us reaches no more people than that
PHONES_A_DAY, PHONES_OF_ORGANISATION = 100, 10  # nobody confirms them, so they are few
KEPT_OF_ORGANISATION = 5_000  # that are open
ENTRIES = 200  # in one enquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who asks, and what: all that is sealed. `cells` as in `matching.week`, `account` a fediverse actor's URI.

    `reach` says in words how they are reached; only a coordinator enters that.
    """

    name: str
    mail: str = ""
    phone: str = ""
    text: str = ""
    cells: tuple[str, ...] = ()
    account: str = ""
    reach: str = ""


def problems(person: Person, way: str = MAIL_WAY) -> list[Problem]:
    """Say what is wrong with what somebody typed; the fields are those of the form."""
    found: list[Problem] = []
    if not NAME[0] <= len(person.name) <= NAME[1]:
        found.append(Problem("name", "Bitte nennen Sie einen Namen mit 2 bis 80 Zeichen; ein Vorname genügt."))
    if person.mail and mailbox.read(person.mail) is None:
        found.append(Problem("mail", "Das ist keine Mailadresse; richtig wäre zum Beispiel anna@beispiel.de."))
    if person.phone and not _is_phone(person.phone):
        found.append(Problem("telefon", "Das ist keine Telefonnummer; richtig wäre zum Beispiel 02331 123456."))
    if len(person.reach) > NOTE:
        found.append(Problem("erreichbar", "Das ist länger als 200 Zeichen; bitte kürzen Sie es."))
    if way == COORDINATOR_WAY and not (person.mail or person.phone or person.reach):
        found.append(
            Problem("telefon", "Bitte sagen Sie, wie man die Person erreicht: Telefon, E-Mail oder ein Hinweis.")
        )
    elif way != COORDINATOR_WAY and not (person.mail or person.phone):
        found.append(Problem("mail", "Bitte geben Sie eine Mailadresse oder eine Telefonnummer an; eines genügt."))
    return found + too_long(person.text)


def too_long(text: str) -> list[Problem]:
    return [Problem("text", "Das ist länger als 2000 Zeichen; bitte kürzen Sie es.")] if len(text) > TEXT else []


def wrong_text(step: str, text: str) -> list[Problem]:
    """Say what is wrong with the text of a step."""
    if step in WORDED and not text.strip():
        return [Problem("text", "Hier fehlt noch der Text.")]
    return too_long(text)


def wrong_reason(step: str, reason: str) -> list[Problem]:
    if step == CLOSE and reason not in REASONS:
        return [Problem("grund", "Bitte wählen Sie, warum die Anfrage abgeschlossen wird.")]
    return []


def _is_phone(said: str) -> bool:
    digits = sum(character.isdigit() for character in said)
    return PHONE[0] <= len(said) <= PHONE[1] and digits >= DIGITS and bool(_PHONE.fullmatch(said))


# --- times ------------------------------------------------------------------------------------------------------------
CONFIRM_WITHIN = timedelta(days=3)  # after that nothing is left of who did not
USUAL_PROMISE = 7  # days, where the organisation promised nothing
LONGEST_PROMISE = 60
LINKS_HOLD = timedelta(days=400)  # longer than any enquiry is kept untouched
CLOSED_LASTS, UNTOUCHED_LASTS = timedelta(days=90), timedelta(days=180)
COUNTED = timedelta(days=730)  # that an enquiry without its personal data is kept, to be counted

NOT_TOLD, BEFORE, LATE, OVERDUE = 0, 1, 2, 3
OVERDUE_AFTER = timedelta(days=4)  # three days after the second reminder


def due(asked_at: datetime, promised_days: int | None) -> datetime:
    """Return until when the organisation promised to answer."""
    days = USUAL_PROMISE if promised_days is None else min(max(promised_days, 1), LONGEST_PROMISE)
    return asked_at + timedelta(days=days)


def stage(asked_at: datetime, due_at: datetime, now: datetime) -> int:
    """Return how late an answer is: 1 due within a day, 2 a day late, 3 so late that the coordinator sees it.

    What is promised within a day needs no reminder before.
    """
    if now >= due_at + OVERDUE_AFTER:
        return OVERDUE
    if now >= due_at + DAY:
        return LATE
    return BEFORE if due_at - DAY <= now < due_at and due_at - asked_at > DAY else NOT_TOLD


def next_look(asked_at: datetime, due_at: datetime, now: datetime) -> datetime | None:
    """Return when the next reminder falls due, None where both are over."""
    moments = (due_at - DAY, due_at + DAY) if due_at - asked_at > DAY else (due_at + DAY,)
    return next((moment for moment in moments if moment > now), None)


# --- how soon they answer ---------------------------------------------------------------------------------------------
ANSWERED_AT_LEAST = 5  # before anything is said about an organisation
ANSWERS_COUNT = timedelta(days=365)  # what is older tells nothing of today


@dataclass(frozen=True, slots=True)
class Waited:
    """One enquiry as the time of its answer is measured; `answered_at` None while there is none."""

    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None


def usual_days(waits: Iterable[Waited], now: datetime) -> int | None:
    """Return within how many days half of all are answered, at least 1; None where too few are, or half never are.

    One that is not answered when its time is over counts as never: leaving people waiting must not look quick.
    """
    times = [_days(one, now) for one in waits]
    answered = sum(math.isfinite(time) for time in times if time is not None)
    counted = [time for time in times if time is not None]
    if answered < ANSWERED_AT_LEAST:
        return None
    middle = statistics.median_high(counted)
    return max(1, math.ceil(middle)) if math.isfinite(middle) else None


def _days(one: Waited, now: datetime) -> float | None:
    if one.answered_at is not None:
        return (one.answered_at - one.asked_at) / DAY
    return math.inf if now > one.due_at else None
