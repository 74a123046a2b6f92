"""What is done about requests to take part: ask, confirm, ask back, answer, decide, withdraw, erase. Each in one Work.

Looking at a private link changes nothing, for mail scanners follow every link that they see.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Final

from fediverse_ehrenamt.accounts import inviting, people
from fediverse_ehrenamt.accounts import store as accounts
from fediverse_ehrenamt.accounts import wire as accounts_wire
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import STRANGER, About, By, Did
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.joining import rules, store, wire
from fediverse_ehrenamt.joining.model import NoteRow, RequestRow
from fediverse_ehrenamt.joining.rules import Wish
from fediverse_ehrenamt.kit import ids, mailbox
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone, Invalid, Problem, TooMany
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.kit.tokens import WrongToken
from fediverse_ehrenamt.mail import links, sending
from fediverse_ehrenamt.mail.notices import From
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.organisations.actions import Organisation
from fediverse_ehrenamt.organisations.rules import Profile
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.vocab.types import OrganisationDetails
from fediverse_ehrenamt.work import Work

DESK: Final = "/verwaltung/organisationen"
CROWDED: Final = sentence("Heute kamen schon zu viele Anträge. Bitte versuchen Sie es morgen noch einmal.")
_OFFERED, _AT_ONCE = 3, 500  # handles, erased requests


@dataclass(frozen=True, slots=True)
class Hints:
    """What whoever decides should know: names of organisations like it, here (by handle) and elsewhere (by URI).

    `mail` is how the domain of the mail address stands to the website (`rules.SAME` and so on).
    """

    here: dict[str, str]
    elsewhere: dict[str, str]
    mail: str


# --- asking -----------------------------------------------------------------------------------------------------------
def ask(work: Work, wish: Wish, form: str, language: str, account: str = "") -> RequestRow:
    """Note that an organisation wants to take part; by mail they are asked to confirm, an account needs not.

    The same form sent again is the same request. Raises `Invalid`, and `TooMany` with a sentence.
    """
    store.hold(work)
    wish = replace(wish, mail=(mailbox.read(wish.mail) or wish.mail).lower())
    formed = hashlib.sha256(f"{form} {wish!r}".encode()).hexdigest() if form else None
    held = store.find_form(work, formed) if formed else None
    if held is not None:
        return held
    wish = replace(wish, handle=wish.handle or next(iter(free_handles(work, wish)), ""))
    if found := [*rules.problems(wish), *_unknown_place(wish), *_wrong_handle(work, wish.handle)]:
        raise Invalid(found)
    _bound(work, wish.mail)
    row = RequestRow(
        code=ids.new_id(),
        state=rules.UNCONFIRMED,
        name=wish.name,
        handle=wish.handle,
        summary=wish.summary,
        legal_form=wish.legal_form,
        postcode=wish.postcode,
        locality=wish.locality,
        website=wish.website,
        person=wish.person,
        mail=wish.mail,
        account=account,
        language=language,
        form=formed,
        asked_at=work.now,
        changed_at=work.now,
    )
    work.db.add(row)
    work.db.flush()
    if account:
        _arrive(work, row)
    else:
        sending.post(work, wire.question(sender(work), row))
    return row


def _bound(work: Work, mail: str) -> None:
    """Raise `TooMany` where somebody asks too often, or too many do."""
    today = RequestRow.asked_at > work.now - rules.DAY
    bounds = (
        (rules.ASKED_OF_ADDRESS, (today, RequestRow.mail == mail)),
        (rules.ASKED_A_DAY, (today,)),
        (rules.WAITING_MOST, (RequestRow.state.in_(rules.OPEN),)),
    )
    if any(store.count(work, *which) >= most for most, which in bounds):
        raise TooMany(CROWDED, rules.DAY.total_seconds())


def _unknown_place(wish: Wish) -> list[Problem]:
    if not wish.locality or gazetteer.find(f"{wish.postcode} {wish.locality}"):
        return []
    return [Problem("ort", "Diesen Ort kennen wir nicht. Bitte nennen Sie die Gemeinde, zum Beispiel „Hagen“.")]


def _wrong_handle(work: Work, handle: str, but: int = 0) -> list[Problem]:
    if not handle:
        return [Problem("kurzname", "Bitte denken Sie sich einen Kurznamen aus, zum Beispiel „buecherei_hagen“.")]
    if actors.wrong_handle(work, handle) or store.wanted_handle(work, handle, but):
        return [
            Problem(
                "kurzname", "Diesen Kurznamen gibt es schon, oder er ist reserviert. Bitte wählen Sie einen anderen."
            )
        ]
    return []  # fmt: skip


def free_handles(work: Work, wish: Wish) -> list[str]:
    """Return up to `_OFFERED` handles that fit a name and are free, the nearest first."""
    found = []
    for handle in dict.fromkeys(rules.handles(wish.name, wish.locality)):
        if not _wrong_handle(work, handle):
            found.append(handle)
        if len(found) == _OFFERED:
            break
    return found


def confirm(work: Work, row: RequestRow) -> None:
    """Say that a request is one's own; once more changes nothing."""
    if row.state == rules.UNCONFIRMED:
        _arrive(work, row)


def _arrive(work: Work, row: RequestRow) -> None:
    """Let a request wait for the coordinators from now on, who are told by `admin.calling`."""
    row.state, row.changed_at = rules.WAITING, work.now
    sending.post(work, wire.receipt(sender(work), row))
    audit.note(work, By(row.account or STRANGER), Did.ORGANISATION_ASKED, About(row.name))


def sender(work: Work) -> From:
    return From(work.settings, actors.instance(work).name, work.now)


# --- the private link -------------------------------------------------------------------------------------------------
def admit(work: Work, code: str, token: str) -> tuple[RequestRow, bool]:
    """Return the request of a private link, held, and whether the link is over, for which `send_link` writes another.

    Raises `Forbidden` where the link was not made here, `Gone` where the request was erased.
    """
    store.hold(work)
    try:
        until = links.valid_until(work.settings, wire.PURPOSE, code, token)
    except WrongToken as error:
        raise Forbidden("Dieser Link ist unvollständig oder nicht von uns.") from error
    row = store.find(work, code)
    if row is None:
        raise Gone("Dieser Antrag ist gelöscht.")
    return row, until <= work.now


def send_link(work: Work, code: str, token: str) -> None:
    """Send a new link in the place of one that is over, to the same address; raises as `admit` does."""
    row, _over = admit(work, code, token)
    if row.mail:
        sending.post(work, wire.again(sender(work), row))


def answer(work: Work, row: RequestRow, text: str, form: str) -> None:
    """Answer a question, or add something, while nobody has decided. Raises `Conflict` and `Invalid`."""
    if row.state not in rules.OPEN:
        raise Conflict("Das geht nicht mehr: Über diesen Antrag ist schon entschieden.")
    if _note(work, row, rules.PERSON, text, form) and row.state == rules.ASKED:
        row.state, row.changed_at = rules.WAITING, work.now


def withdraw(work: Work, row: RequestRow) -> None:
    """Take a request back and erase what it said; once more changes nothing. Raises `Conflict` once it is decided."""
    if row.state == rules.WITHDRAWN:
        return
    if row.state in rules.DECIDED:
        raise Conflict("Das geht nicht mehr: Über diesen Antrag ist schon entschieden.")
    row.state, row.changed_at, row.form = rules.WITHDRAWN, work.now, None
    row.summary = row.website = row.person = row.mail = row.account = ""
    store.erase_notes(work, row.id)
    sending.forget_about(work, [wire.PURPOSE], [row.code])


def is_empty(work: Work, row: RequestRow) -> bool:
    """Say whether nobody works for the organisation that was made of a request."""
    return not people.colleagues(work, row.organisation)


def enter_again(work: Work, row: RequestRow) -> None:
    """Send the way into an organisation once more, as long as nobody works there: so no one who left comes back."""
    if row.state != rules.APPROVED or not is_empty(work, row):
        raise Conflict("Bitte melden Sie sich mit Ihrer Mailadresse an.")
    inviting.invite(work, row.mail, Grant(Role.OWNER, row.organisation), language=row.language, name=row.person)


def _note(work: Work, row: RequestRow, writer: str, text: str, form: str) -> bool:
    """Write down what was said; say whether it is new."""
    formed = hashlib.sha256(f"{form} {row.code} {text}".encode()).hexdigest() if form else None
    if formed and store.was_sent(work, formed):
        return False
    if found := rules.wrong_text(text):
        raise Invalid(found)
    if len(store.notes(work, row.id)) >= rules.NOTES:
        raise Conflict("Zu diesem Antrag wurde schon sehr viel geschrieben. Bitte telefonieren Sie miteinander.")
    work.db.add(NoteRow(request=row.id, at=work.now, writer=writer, text=text.strip(), form=formed))
    work.db.flush()
    return True


# --- deciding ---------------------------------------------------------------------------------------------------------
def decidable(work: Work, number: int) -> RequestRow:
    """Return a request that waits for a decision, held; raises `NotFound`, and `Conflict` once it is decided."""
    store.hold(work)
    row = store.get(work, number)
    work.db.refresh(row)
    if row.state not in rules.OPEN:
        raise Conflict("Über diesen Antrag ist schon entschieden, oder er wurde zurückgezogen.")
    return row


def ask_back(work: Work, number: int, text: str, form: str, by: By) -> None:
    """Ask the person something; raises as `decidable`, and `Invalid`."""
    row = decidable(work, number)
    if _note(work, row, rules.COORDINATOR, text, form):
        row.state, row.changed_at = rules.ASKED, work.now
        sending.post(work, wire.asked_back(sender(work), row, text.strip()))
        audit.note(work, by, Did.ORGANISATION_ASKED, About(row.name), "Rückfrage")


def refuse(work: Work, number: int, reason: str, by: By) -> None:
    """Say no, and why; raises as `decidable`, and `Invalid`."""
    row = decidable(work, number)
    if found := rules.wrong_text(reason):
        raise Invalid(found)
    row.state, row.changed_at, row.reason = rules.REFUSED, work.now, reason.strip()
    sending.post(work, wire.refused(sender(work), row))
    audit.note(work, by, Did.ORGANISATION_REFUSED, About(row.name), row.reason)


def approve(work: Work, number: int, handle: str, by: By) -> Organisation:
    """Let an organisation take part under a handle, and let the person in. Raises as `decidable`, and `Invalid`."""
    row = decidable(work, number)
    if found := _wrong_handle(work, handle, row.id):
        raise Invalid(found)
    wish = Wish(
        name=row.name, handle=handle, summary=row.summary, legal_form=row.legal_form, postcode=row.postcode,
        locality=row.locality, website=row.website, person=row.person, mail=row.mail,
    )  # fmt: skip
    made = _make(work, wish, by)
    row.state, row.changed_at, row.handle, row.organisation = rules.APPROVED, work.now, handle, made.uri
    sending.post(work, wire.approved(sender(work), row, handle, _way_in(work, row, made)))
    return made


def create(work: Work, wish: Wish, by: By, language: str) -> Organisation:
    """Add an organisation that nobody has asked for, and invite the one who is to look after it. Raises `Invalid`."""
    store.hold(work)
    wish = replace(wish, handle=wish.handle or next(iter(free_handles(work, wish)), ""))
    found = [*rules.problems(wish, invited=True), *_unknown_place(wish), *_wrong_handle(work, wish.handle)]
    if found:
        raise Invalid(found)
    made = _make(work, wish, by)
    inviting.invite(work, wish.mail, Grant(Role.OWNER, made.uri), by.person, language)
    audit.note(work, by, Did.INVITED, About(wish.name, made.uri, made.uri))
    return made


def _make(work: Work, wish: Wish, by: By) -> Organisation:
    details = OrganisationDetails(legal_form=wish.legal_form)
    made = organisations.add(work, wish.handle, wish.name, wish.summary, details, wish.mail)
    organisations.set_profile(work, made.uri, Profile(postcode=wish.postcode, locality=wish.locality))
    actors.by_uri(work, made.uri).website = wish.website
    audit.note(work, by, Did.ORGANISATION_APPROVED, About(wish.name, made.uri, made.uri))
    return made


def _way_in(work: Work, row: RequestRow, made: Organisation) -> str:
    """Return the link that leads in: an invitation for an address, for an account that asked its own page."""
    given = Grant(Role.OWNER, made.uri)
    if row.account and accounts.find(work, row.account) is not None:
        people.grant(work, row.account, given)
        return f"{work.settings.url}{DESK}/{made.handle}"
    _invitation, token = inviting.offer(work, row.mail, given, language=row.language, name=row.person)
    return accounts_wire.invitation_url(work.settings, token)


# --- looking ----------------------------------------------------------------------------------------------------------
def hints(work: Work, row: RequestRow) -> Hints:
    """Return what whoever decides should know."""
    here = store.names_here(work)
    word = rules.longest_word(row.name)
    elsewhere = store.names_elsewhere(work, word) if word else {}
    near, far = (set(rules.alike(row.name, list(known.values()))) for known in (here, elsewhere))
    return Hints(
        {handle: name for handle, name in here.items() if name in near and handle != row.handle},
        {uri: name for uri, name in elsewhere.items() if name in far},
        rules.whose_mail(row.mail, row.website),
    )


def of_person(work: Work, asking: people.Person) -> list[dict[str, object]]:
    """Return what is kept of somebody who asked, as it goes into the file of their own data."""
    return [
        {
            "name": row.name, "handle": row.handle, "summary": row.summary, "place": row.locality, "state": row.state,
            "website": row.website, "person": row.person, "mail": row.mail, "asked_at": row.asked_at,
            "notes": [note.text for note in store.notes(work, row.id)],
        }
        for row in store.of_person(work, asking.id, asking.mail)
    ]  # fmt: skip


def erase_person(work: Work, asking: people.Person) -> None:
    """Erase what somebody asked for; an organisation that was made of it stays."""
    store.erase_those(work, [row.id for row in store.of_person(work, asking.id, asking.mail)])


# --- housekeeping -----------------------------------------------------------------------------------------------------
def erase_unconfirmed(work: Work) -> int:
    """Erase what nobody confirmed."""
    return store.erase(work, [rules.UNCONFIRMED], work.now - rules.UNCONFIRMED_KEPT, _AT_ONCE)


def erase_old(work: Work) -> int:
    """Erase what was decided long ago, and what nobody will decide any more."""
    decided = store.erase(work, rules.DECIDED, work.now - rules.DECIDED_KEPT, _AT_ONCE)
    return decided + store.erase(work, rules.OPEN, work.now - rules.UNTOUCHED_KEPT, _AT_ONCE)


def forget_accounts(work: Work) -> int:
    """Erase what those asked for who have deleted their account since; an organisation that was made of it stays."""
    return store.erase_without_account(work, _AT_ONCE)
