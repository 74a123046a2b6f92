"""What somebody in the fediverse is answered: a direct Note, and for an Offer of theirs Accept or Reject (FEP-0837)."""

from fediverse_ehrenamt.conversations import actions as conversations
from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.conversations.model import MessageRow
from fediverse_ehrenamt.engagements import rules, wire
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.federation import answers, outbox
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.work import Work


def answer(work: Work, row: EnquiryRow, person: Person, step: str, text: str) -> None:
    """Answer the newest message of somebody by a direct one; raises as `conversations.actions.answer` does.

    What they offered is accepted with a yes, and rejected with a no or when the enquiry is closed.
    """
    notes = talks.said(work, row.organisation, person.account, row.asked_at)
    if not notes:
        raise Conflict("Die Nachricht, auf die geantwortet würde, gibt es nicht mehr.")
    said = text or wire.plainly(row, step)
    conversations.answer(work, notes[-1].id, said)
    offered = offer(work, row)
    if offered and step in {rules.AGREE, rules.DECLINE, rules.CLOSE}:
        asker = answers.asker(work, person.account)
        outbox.send(work, wire.settled(work.settings, row, asker.uri, offered, said, work.now), [asker.inbox])


def offer(work: Work, row: EnquiryRow) -> str:
    """Return the id of the Offer that an enquiry came by, "" where it came otherwise or that is gone."""
    message = work.db.get(MessageRow, row.message) if row.way == rules.AGREEMENT_WAY and row.message else None
    return message.uri if message else ""
