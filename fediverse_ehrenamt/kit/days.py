"""Days as people write them in German: months by name, years of two digits."""

import re
from typing import Final

MONTHS: Final = (
    "januar", "februar", "märz", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "dezember",
)  # fmt: skip
_BEGINS = 3  # letters that tell a month from all others
_NUMBERS = {name[:_BEGINS]: number for number, name in enumerate(MONTHS, 1)} | {"mrz": 3}
NAMED: Final = rf"(?:{'|'.join(_NUMBERS)})[a-zä]{{0,6}}\.?"
"""A pattern of a month's name in lower case, also shortened: "Sept.", "Mrz"."""

_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2}\.\s?\d{1,2}\.)(\d{2})(?![\d.:]|\s?(?:uhr|h)\b)", re.IGNORECASE)


def month(name: str) -> int:
    """Return the number of a month by its name, which may be shortened; raises `KeyError` for any other word."""
    return _NUMBERS[name.lower()[:_BEGINS]]


def long_years(text: str, since: int = 0) -> str:
    """Return a text in which "12.12.26" has four digits of its year; years below `since` may be hours and stay."""
    return _SHORT_YEAR.sub(lambda found: f"{found[1]}20{found[2]}" if int(found[2]) >= since else found[0], text)
