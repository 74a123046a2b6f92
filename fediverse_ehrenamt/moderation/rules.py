"""How many reports are kept and how long, what can be decided, and whose posts are looked at first. Pure."""

from datetime import timedelta
from enum import StrEnum

OPEN_AT_MOST = 5_000  # of all hosts together
OF_HOST_IN_A_DAY = 100
CLOSED_LAST = timedelta(days=180)
MAX_DECISION = 2_000
OF_CLIENT_IN_A_DAY = 20
OF_VISITORS_IN_A_DAY = 200  # of all together
MIN_COMMENT, MAX_COMMENT = 5, 4_000  # characters of a visitor's report
RECEIPTS_IN_A_DAY = 3  # to one address: nobody can have us fill a stranger's mailbox

FIRST_POSTS = 3
"""How many offers and dates of a new organisation somebody looks at; they are published at once all the same."""
NEW_FOR = timedelta(days=30)  # an organisation, from the day on which it was added
LOOKED_AT_WITHIN = timedelta(days=90)  # then a first post is no news any more, and leaves the list
MEASURES_LAST = timedelta(days=180)  # six months to object, as the DSA gives (Art. 20 (1))
MIN_REASON = 10  # characters that tell an organisation why
OBJECTION = (10, 4_000)  # characters of what an organisation says against it


class Measure(StrEnum):
    """What was decided; the value is what the database keeps."""

    NOTHING = "nothing"
    REMOVED = "removed"  # ours: withdrawn everywhere; another's: hidden here
    ACTOR_BLOCKED = "actor blocked"
    HOST_LIMITED = "host limited"
    HOST_BLOCKED = "host blocked"


ABOUT_SOURCE = (Measure.ACTOR_BLOCKED, Measure.HOST_LIMITED, Measure.HOST_BLOCKED)
"""The measures that are about the host or the actor that something came from."""


class Kind(StrEnum):
    """What was done to an organisation; the value is what the database keeps."""

    REMOVED = "removed"  # one of its things
    SUSPENDED = "suspended"  # the organisation itself, with all its things


class Outcome(StrEnum):
    """What was decided about an objection; the value is what the database keeps."""

    UPHELD = "upheld"  # what was taken down is put back
    REJECTED = "rejected"


class Ground(StrEnum):
    """Why something was taken down (DSA Art. 17 (3) d and e); the value is what the database keeps."""

    RULES = "rules"
    LAW = "law"
    OUTDATED = "outdated"
