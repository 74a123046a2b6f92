"""How many reports are kept and how long. Pure."""

from datetime import timedelta

OPEN_AT_MOST = 5_000  # of all hosts together
OF_HOST_IN_A_DAY = 100
CLOSED_LAST = timedelta(days=180)
MAX_DECISION = 2_000
