"""What is said of a pair, in words (German); whoever shows them to people translates them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

AGAINST: Final[Mapping[str, str]] = MappingProxyType(
    {
        "place": "anderer Ort",
        "subject": "anderer Gegenstand im Titel",
        "days": "andere Wochentage",
        "ages": "anderes Alter",
        "dates": "andere Daten",
        "numbers": "andere Zahlen im Titel",
        "postcode": "andere Postleitzahl",
        "time": "andere Uhrzeit",
    }
)
"""What speaks against two entries being the same (`rules`)."""
