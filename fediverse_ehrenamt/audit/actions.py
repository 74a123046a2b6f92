"""What is done with the audit log: something is noted in the transaction that does it, and erased after a year."""

from fediverse_ehrenamt.audit import rules, store
from fediverse_ehrenamt.audit.model import EntryRow
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.work import Work

_AT_ONCE = 500


def note(work: Work, by: By, did: Did, about: About, detail: str = "") -> None:
    """Note what somebody did, in the transaction in which it is done; `detail` is a reason or what has changed.

    What the program says in label or detail is a sentence (`kit.sentences`), to be read in other languages.
    """
    work.db.add(
        EntryRow(
            at=work.now,
            person=by.person,
            on_behalf=by.on_behalf,
            did=str(did),
            label=rules.kept(about.label, rules.LABEL, rules.LABEL),
            uri=about.uri,
            organisation=about.organisation,
            detail=rules.kept(detail, rules.DETAIL, rules.WRITTEN),
        )
    )


def erase_old(work: Work) -> int:
    """Erase what is older than a year."""
    return store.erase_before(work, work.now - rules.KEPT, _AT_ONCE)
