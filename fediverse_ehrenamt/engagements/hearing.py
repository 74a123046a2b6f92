"""What the fediverse says about helping: messages that are enquiries or go on with one, and what is taken back."""

from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.conversations.model import MessageRow
from fediverse_ehrenamt.engagements import actions, asking, replying, rules, store, wire
from fediverse_ehrenamt.engagements.actions import Step
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.federation import peers
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Conflict, NotFound
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work


def hear(work: Work, message: MessageRow, language: str, way: str = rules.FEDIVERSE_WAY) -> None:
    """Let a direct message about an open offer of ours be an enquiry; one to an organisation that was asked goes on.

    `language` is the tag of what was written, "" where it says none. What is about nothing, or too much for a day,
    stays a message like any other.
    """
    if message.sent or message.public or message.at < work.now:
        return  # the last: it was heard before
    mark = store.fingerprint(work, message.person)
    store.hold(work, mark, message.organisation)
    held = store.find_open(work, message.organisation, mark)
    _, name = talks.named(message.person, peers.find(work, message.person))
    if held is not None:
        _go_on(work, held, name, message, way)
        return
    document = next(iter(documents.among(work, [message.about])), None) if message.about else None
    if document is None or store.count(work, store.since(work) & (EnquiryRow.mark == mark)) >= rules.ASKED_OF_ADDRESS:
        return
    try:
        offer = asking.opened(work, document)
    except (NotFound, Conflict):
        return
    row = asking.new_row(work, offer, way, i18n.choose("", language).code)
    row.mark, row.message = mark, message.id
    store.set_person(work, row, Person(name=html.shorten(html.visible(name), rules.NAME[1]), account=message.person))
    work.db.add(row)
    work.db.flush()
    asking.arrive(work, row, offer.promised, html.text(message.content))


def _go_on(work: Work, row: EnquiryRow, name: str, message: MessageRow, way: str) -> None:
    if row.message == message.id:
        return
    row.changed_at = work.now
    if way == rules.AGREEMENT_WAY and message.about == row.about:
        row.way, row.message = way, message.id  # from now on this is what is accepted or rejected
    to = organisations.recipient(work, row.organisation)
    if to:
        person = Person(name=name, account=message.person)
        said = html.text(message.content)
        sending.post(work, wire.told_organisation(store.sender(work, row), row, to, person, said))


def take_back(work: Work, account: str, offer: str) -> None:
    """Follow somebody who takes back the Offer of an Agreement (by its id): they do not wait any more."""
    for row in store.of_mark(work, store.fingerprint(work, account)) if work.settings.secret else ():
        if (
            row.way == rules.AGREEMENT_WAY
            and rules.may(row.state, rules.WITHDRAW)
            and replying.offer(work, row) == offer
        ):
            actions.take(work, row, Step(rules.PERSON, rules.WITHDRAW))


def lose(work: Work, account: str) -> None:
    """Follow what somebody in the fediverse deleted: an enquiry of which nothing is left was withdrawn."""
    for row in store.of_mark(work, store.fingerprint(work, account)) if work.settings.secret else ():
        if row.message is not None and not talks.said(work, row.organisation, account, row.asked_at):
            actions.erase(work, row)
