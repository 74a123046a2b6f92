"""When doubts about an offer count, whom they come from without knowing who it is, and what follows from them. Pure."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from fediverse_ehrenamt.kit import addresses

FILLED, OVER, WRONG, SILENT, OFFENSIVE = "besetzt", "abgelaufen", "falsch", "antwort", "anstoessig"
REASONS: Mapping[str, str] = MappingProxyType(
    {
        FILLED: "Ist schon besetzt",
        OVER: "Ist vorbei",
        WRONG: "Angaben sind falsch",
        SILENT: "Niemand antwortet",
    }
)
"""Why it does not hold, in words; OFFENSIVE is no doubt but a report, which people decide about."""

WINDOW = timedelta(days=30)  # after that a doubt is forgotten
ENOUGH = 3  # doubts of different ones for a coordinator to look; never do they hide anything by themselves
LETTER_PAUSE = timedelta(days=7)  # between two letters about one offer
ORGANISATION_PAUSE = timedelta(days=1)  # between two to one organisation: what comes meanwhile stands in the next
MARKS_LAST = timedelta(days=1)
OF_CLIENT = 100  # a day from one connection
A_DAY = 2_000  # doubts of all together: whoever floods us reaches no more than that


def mark(secret: str, day: date, uri: str, client: str) -> str:
    """Return what tells a second click of one client from that of another one, for one offer and one day only.

    Nobody can tell from it who it was, nor whether it was the same one at another offer or on another day.
    """
    key = hmac.digest(secret.encode(), f"doubts {day.isoformat()}".encode(), hashlib.sha256)
    return hmac.new(key, f"{uri}\0{addresses.subscriber(client)}".encode(), hashlib.sha256).hexdigest()[:32]
