"""What is private leaves the raw store at once: its body is erased in the transaction that handles it (DESIGN §4.8)."""

from sqlalchemy import update

from fediverse_ehrenamt.federation.model import ReceivedRow
from fediverse_ehrenamt.vocab.types import Activity
from fediverse_ehrenamt.work import Work


def erase_body(work: Work, activity: Activity) -> None:
    """Erase the body in which an activity came; its id stays, so that a repetition is recognised.

    Where handling it fails and is rolled back to be tried again, so is this.
    """
    if activity.id:
        mine = ReceivedRow.activity == activity.id, ReceivedRow.actor == activity.actor
        work.db.execute(update(ReceivedRow).where(*mine).values(rest=None))
