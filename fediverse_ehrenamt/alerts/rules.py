"""When somebody who saved a search is written to, and how often anybody may ask for that. Pure."""

from datetime import datetime, time, timedelta

from fediverse_ehrenamt.kit.clock import HOME

AT_ONCE, DAILY, WEEKLY = "sofort", "taeglich", "woechentlich"
RHYTHMS = (AT_ONCE, DAILY, WEEKLY)
CONFIRM_WITHIN = timedelta(hours=48)  # after that nothing is left of who did not
LINKS_HOLD = timedelta(days=400)  # of those in letters, to stop them
DAY = timedelta(days=1)
LETTERS_A_DAY = 3  # that ask one address to confirm
ASKED_OF_CLIENT = 50  # a day from one connection
ASKED_A_DAY = 1_000  # in all, unconfirmed: whoever floods us reaches no more people than that
SEARCHES = 20  # of one address
LISTED = 30  # offers in one letter
_PAUSE = timedelta(minutes=15)  # between two letters "at once": what one import brings stands in one
_MORNING, _MONDAY = time(7), 0


def next_letter(rhythm: str, now: datetime, last: datetime | None) -> datetime:
    """Return when what was found now is to be written: soon, the next morning, or on the morning of Monday."""
    if rhythm == AT_ONCE:
        return max(now, last + _PAUSE) if last else now
    here = now.astimezone(HOME)
    days = (_MONDAY - here.weekday()) % 7 if rhythm == WEEKLY else 0
    morning = datetime.combine(here.date() + timedelta(days=days), _MORNING, HOME)
    if morning <= here:
        morning = datetime.combine(morning.date() + timedelta(days=7 if rhythm == WEEKLY else 1), _MORNING, HOME)
    return morning.astimezone(now.tzinfo)
