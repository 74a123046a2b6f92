"""How many reports are kept and how long. Pure."""

from datetime import timedelta

OPEN_AT_MOST = 5_000  # of all hosts together
OF_HOST_IN_A_DAY = 100
CLOSED_LAST = timedelta(days=180)
MAX_DECISION = 2_000
OF_VISITORS_IN_A_DAY = 200  # of all together
MIN_COMMENT, MAX_COMMENT = 5, 4_000  # characters of a visitor's report
RECEIPTS_IN_A_DAY = 3  # to one address: nobody can have us fill a stranger's mailbox
