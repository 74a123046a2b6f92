"""What is done about people and their roles: add, change, grant, revoke, remove. All in one Work."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from fediverse_ehrenamt.accounts import rules, store
from fediverse_ehrenamt.accounts.model import GrantRow, PersonRow
from fediverse_ehrenamt.accounts.rules import Grant, Permission, Role
from fediverse_ehrenamt.kit import ids, mailbox
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work

_OPERATORS = "operators"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in; `seen_on` is the last day on which they were here."""

    id: str
    name: str
    mail: str
    language: str
    grants: tuple[Grant, ...]
    created_at: datetime
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What another capability keeps of whoever has an account, by their id and by their mail address.

    `read` gives it for the file that they can have, `erase` ends it when they go.
    """

    read: Callable[[Work, Person], list[dict[str, object]]]
    erase: Callable[[Work, Person], None]


def address(mail: str) -> str:
    """Return a mail address as it is kept; raises `Invalid` where it is none."""
    read = mailbox.read(mail)
    if read is None:
        wrong = sentence("„%(mail)s“ ist keine Mailadresse; richtig wäre zum Beispiel anna@beispiel.de", mail=mail)
        raise Invalid([Problem("mail", wrong)])
    return read.lower()


def add(work: Work, mail: str, name: str, language: str = i18n.DEFAULT, grants: Iterable[Grant] = ()) -> Person:
    """Add somebody; raises `Invalid`, and `Conflict` where the address has an account."""
    held = address(mail)
    store.hold(work, held)
    if store.of_mail(work, held) is not None:
        raise Conflict(sentence("„%(mail)s“ hat schon ein Konto.", mail=held))
    row = PersonRow(id=ids.new_id(), mail=held, name="", language="", created_at=work.now, seen_on=None)
    _change(row, name, language)
    work.db.add(row)
    work.db.flush()
    for one in grants:
        grant(work, row.id, one)
    return get(work, row.id)


def change(work: Work, person: str, name: str, language: str) -> None:
    """Change what somebody says of themselves; raises `Invalid`."""
    _change(_get(work, person), name, language)


def _change(row: PersonRow, name: str, language: str) -> None:
    said = " ".join(name.split())
    problems = []
    if not 0 < len(said) <= rules.NAME or not said.isprintable():
        problems.append(
            Problem("name", sentence("braucht 1 bis %(most)s Zeichen, z. B. „Anna Beispiel“", most=rules.NAME))
        )
    if language not in i18n.LOCALES:
        known = ", ".join(i18n.LOCALES)
        wrong = sentence("„%(named)s“ gibt es nicht; möglich: %(known)s", named=language, known=known)
        problems.append(Problem("language", wrong))
    if problems:
        raise Invalid(problems)
    row.name, row.language = said, language


def is_called(work: Work, person: str) -> bool:
    """Say whether somebody wants to be written to when something waits for their decision; raises `NotFound`."""
    return _get(work, person).called


def want_calls(work: Work, person: str, *, wanted: bool) -> None:
    """Note whether somebody wants to be written to when something waits for their decision; raises `NotFound`."""
    _get(work, person).called = wanted


def grant(work: Work, person: str, given: Grant) -> None:
    """Give somebody a role; in one organisation they have one at a time."""
    if given.organisation:
        store.remove_grants(work, person, given.organisation)
    elif given in store.grants_of(work, person):
        return
    work.db.add(GrantRow(person=person, organisation=given.organisation, role=str(given.role), since=work.now))
    work.db.flush()


def revoke(work: Work, person: str, taken: Grant) -> bool:
    """Take a role; say whether they had it. Raises `Conflict` for the last operator."""
    if taken.role == Role.OPERATOR:
        store.hold(work, _OPERATORS)
        keep_an_operator(work, person)
    return bool(store.remove_grants(work, person, taken.organisation, taken.role))


def change_role(work: Work, person: str, given: Grant) -> bool:
    """Give a colleague another role in their organisation; say whether it is another.

    Raises `NotFound` for somebody who does not work there, `Conflict` for the last one who is responsible.
    """
    held = _role_in(work, person, given.organisation)
    if held == given.role:
        return False
    keep_an_owner(work, person, given.organisation)
    grant(work, person, given)
    return True


def leave(work: Work, person: str, organisation: str) -> Role:
    """Take a colleague out of their organisation, and return the role that they had; raises as `change_role` does."""
    held = _role_in(work, person, organisation)
    keep_an_owner(work, person, organisation)
    store.remove_grants(work, person, organisation)
    return held


def _role_in(work: Work, person: str, organisation: str) -> Role:
    """Return the role of a colleague, held until this transaction ends."""
    store.hold(work, f"of {organisation}")
    found = [one.role for one in store.grants_of(work, person) if one.organisation == organisation]
    if not found:
        raise NotFound("Diese Person arbeitet hier nicht (mehr).")
    return found[0]


def keep_an_owner(work: Work, person: str, organisation: str) -> None:
    """Raise `Conflict` where nobody would be responsible for an organisation without a person."""
    if owners(work, organisation) == [person]:
        raise Conflict(
            "Das geht erst, wenn noch jemand verantwortlich ist: Bitte machen Sie zuerst jemand anderen verantwortlich."
        )


def owners(work: Work, organisation: str) -> list[str]:
    """Return the ids of those who are responsible for an organisation."""
    found = store.grants(work, store.of_organisation(work, organisation))
    return [person for person, held in found.items() if Grant(Role.OWNER, organisation) in held]


def remove(work: Work, person: str, kept: Iterable[Kept]) -> None:
    """Erase a person with everything that is kept of them, elsewhere too (`wiring.OWN_DATA`).

    Raises `NotFound`, and `Conflict` for the last operator.
    """
    store.hold(work, _OPERATORS)
    keep_an_operator(work, person)
    known = get(work, person)
    for one in kept:
        one.erase(work, known)
    sending.forget(work, known.mail)
    store.erase(work, person)


def keep_an_operator(work: Work, person: str) -> None:
    """Raise `Conflict` where nobody would operate the instance without a person."""
    if store.with_roles(work, [Role.OPERATOR]) == [person]:
        raise Conflict(
            "Das geht erst, wenn noch jemand die Rolle „Betrieb des Portals“ hat: Sonst könnte es niemand verwalten."
        )


# --- looking ----------------------------------------------------------------------------------------------------------
def get(work: Work, person: str) -> Person:
    """Return a person; raises `NotFound`."""
    return those(work, [_get(work, person)])[0]


def find_by_mail(work: Work, mail: str) -> Person | None:
    row = store.of_mail(work, address(mail))
    return those(work, [row])[0] if row else None


def language_at(work: Work, mail: str, organisation: str) -> str:
    """Return the language in which an organisation is written to at an address: that of the account with the address,
    else of the oldest account that is responsible for it, else the one that every instance speaks.
    """
    row = store.of_mail(work, mail.lower())
    if row is not None:
        return row.language
    owner = Grant(Role.OWNER, organisation)
    responsible = [one for one in colleagues(work, organisation) if owner in one.grants]
    return min(responsible, key=lambda one: one.created_at).language if responsible else i18n.DEFAULT


def get_by_mail(work: Work, mail: str) -> Person:
    """Return the person with an address; raises `NotFound`."""
    found = find_by_mail(work, mail)
    if found is None:
        raise NotFound(
            sentence(
                "Ein Konto mit der Adresse „%(mail)s“ gibt es nicht; `ehrenamt person list` zeigt alle.", mail=mail
            )
        )
    return found


def listing(work: Work) -> list[Person]:
    return those(work, store.everybody(work))


def colleagues(work: Work, organisation: str) -> list[Person]:
    """Return who works for an organisation."""
    return those(work, store.some(work, store.of_organisation(work, organisation)))


def who_may(work: Work, permission: Permission, organisation: str = "") -> list[Person]:
    """Return everybody who may do something, for whoever writes to them; raises as `rules.may` does."""
    people = store.with_roles(work, rules.ALLOWED[permission], organisation)
    found = those(work, store.some(work, people))
    return [person for person in found if rules.may(person.grants, permission, organisation)]


def _get(work: Work, person: str) -> PersonRow:
    row = store.find(work, person)
    if row is None:
        raise NotFound("Dieses Konto gibt es hier nicht.")
    return row


def those(work: Work, rows: Collection[PersonRow]) -> list[Person]:
    """Return people with their roles, in the order of their rows."""
    grants = store.grants(work, [row.id for row in rows])
    return [
        Person(row.id, row.name, row.mail, row.language, grants.get(row.id, ()), row.created_at, row.seen_on)
        for row in rows
    ]
