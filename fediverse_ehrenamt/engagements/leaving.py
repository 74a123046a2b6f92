"""What is kept of enquiries by whoever has an account, by their mail address: handed out, and erased when they go."""

from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.engagements import actions, store
from fediverse_ehrenamt.work import Work


def of_person(work: Work, person: Person) -> list[dict[str, object]]:
    """Return the enquiries that were made by somebody's mail address, as they go into the file of their own data."""
    if not work.settings.secret:
        return []
    found = [actions.look(work, row) for row in store.made_by(work, store.fingerprint(work, person.mail))]
    return [
        {
            "about": one.title, "to": one.organisation, "state": one.state, "asked_at": one.asked_at,
            "name": one.person.name, "mail": one.person.mail, "phone": one.person.phone, "text": one.person.text,
            "said": [{"at": said.at, "by": said.writer, "text": said.text} for said in one.entries],
        }
        for one in found
    ]  # fmt: skip


def erase_person(work: Work, person: Person) -> None:
    """Erase the enquiries that were made by somebody's mail address; their organisations see them as withdrawn."""
    for row in store.of_mark(work, store.fingerprint(work, person.mail)) if work.settings.secret else ():
        actions.erase(work, row)
