"""Organisations of this instance: added with a handle, an actor and what is to be known of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import Select, Table, delete, func, or_, select, update

from fediverse_ehrenamt.accounts import people
from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.federation import actors, updates
from fediverse_ehrenamt.federation.model import FollowerRow, LocalActorRow
from fediverse_ehrenamt.kit import mailbox, values
from fediverse_ehrenamt.kit.errors import Invalid, NotFound, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.organisations import rules
from fediverse_ehrenamt.organisations.model import ContactRow, ProfileRow
from fediverse_ehrenamt.organisations.rules import Changes, Profile
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.vocab.types import OrganisationDetails
from fediverse_ehrenamt.work import Work

NAME, SUMMARY = rules.NAME, rules.SUMMARY
_contacts = cast("Table", ContactRow.__table__)
_profiles = cast("Table", ProfileRow.__table__)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as it is listed; `address` is what people type into Mastodon."""

    uri: str
    handle: str
    name: str
    address: str
    url: str
    followers: int
    since: datetime


def add(
    work: Work, handle: str, name: str, summary: str = "", details: OrganisationDetails | None = None, mail: str = ""
) -> Organisation:
    """Add an organisation; `summary` is plain text, `mail` where to write to. Raises `Invalid` naming all faults."""
    problems = actors.wrong_handle(work, handle)
    if not NAME[0] <= len(name.strip()) <= NAME[1]:
        problems.append(
            Problem(
                "name",
                sentence(
                    "braucht %(least)s bis %(most)s Zeichen, z. B. „Stadtbücherei Hagen“",
                    least=NAME[0],
                    most=NAME[1],
                ),
            )
        )
    if len(summary) > SUMMARY:
        problems.append(Problem("summary", sentence("ist länger als %(most)s Zeichen; bitte kürzen", most=SUMMARY)))
    if mail and mailbox.read(mail) is None:
        problems.append(_wrong_mail(mail))
    if problems:
        raise Invalid(problems)
    row = actors.register(
        work,
        handle=handle,
        kind="Organization",
        name=name.strip(),
        summary=summary,
        details=details or OrganisationDetails(),
    )
    if mail:
        set_mail(work, row.uri, mail)
    return _listed(work, row)


def get(work: Work, handle: str) -> LocalActorRow:
    """Return an organisation's actor; raises `NotFound` with the handles that there are."""
    row = work.db.scalar(select(LocalActorRow).where(LocalActorRow.handle == handle.lower().removeprefix("@")))
    if row is None or row.type != "Organization":
        known = ", ".join(work.db.scalars(_all().with_only_columns(LocalActorRow.handle).limit(10))) or sentence(
            "noch keine"
        )
        raise NotFound(
            sentence(
                "Eine Organisation „%(handle)s“ gibt es hier nicht. Vorhanden: %(known)s", handle=handle, known=known
            )
        )
    return row


def set_mail(work: Work, uri: str, mail: str) -> str:
    """Note where an organisation is written to, and return the address in its ASCII form; raises `Invalid`."""
    address = mailbox.read(mail)
    if address is None:
        raise Invalid([_wrong_mail(mail)])
    quiet = mail_of(work, uri) == address and is_quiet(work, uri)  # whoever is new has not asked to be left alone
    row = {"actor": uri, "mail": address, "since": work.now, "quiet": quiet}
    upsert.put(work.db, _contacts, ["actor"], [row])
    return address


# --- what it shows of itself ------------------------------------------------------------------------------------------
def profile(work: Work, uri: str) -> Profile:
    """Return what an organisation shows of itself, an empty one where it said nothing."""
    row = work.db.get(ProfileRow, uri)
    return values.load(Profile, row.profile) if row else Profile()


def towns(work: Work) -> dict[str, str]:
    """Return the towns that organisations say they are in, by URIs."""
    shown = ((row.actor, values.load(Profile, row.profile).locality) for row in work.db.scalars(select(ProfileRow)))
    return {uri: locality for uri, locality in shown if locality}


def set_profile(work: Work, uri: str, shown: Profile) -> None:
    """Keep what an organisation shows of itself, with the coordinates of its place where we know it."""
    spot = (
        gazetteer.find(f"{shown.postcode} {shown.locality}", at_home=True) if shown.postcode or shown.locality else None
    )
    placed = replace(shown, latitude=spot.latitude if spot else None, longitude=spot.longitude if spot else None)
    row = {"actor": uri, "profile": values.dump(placed), "changed_at": work.now}
    upsert.put(work.db, _profiles, ["actor"], [row])


def change(work: Work, uri: str, wanted: Changes) -> bool:
    """Let an organisation be as wanted, and tell those who follow it; say whether anything they see has changed.

    Raises `Invalid` naming all faults.
    """
    if found := rules.problems(wanted):
        raise Invalid(found)
    row = actors.by_uri(work, uri)
    work.db.refresh(row, with_for_update=True)
    before = _shown(row)
    row.name, row.summary, row.website = wanted.name, wanted.summary, wanted.website
    row.icon, row.icon_alt = wanted.icon, wanted.icon_alt if wanted.icon else ""
    details = values.load(OrganisationDetails, row.details) if row.details else OrganisationDetails()
    row.details = values.dump(replace(details, legal_form=wanted.legal_form))
    work.db.flush()
    set_profile(work, uri, wanted.profile)
    if wanted.contact:
        set_mail(work, uri, wanted.contact)
        be_quiet(work, uri, quiet=not wanted.reminders)
    else:
        forget_mail(work, uri)
    changed = _shown(row) != before
    if changed:
        updates.tell(work, uri)
    return changed


def _shown(row: LocalActorRow) -> tuple[str, ...]:
    """Return what of an actor goes to others."""
    return row.name, row.summary, row.website, row.icon, row.icon_alt, row.details


def forget_mail(work: Work, uri: str) -> bool:
    """Write to an organisation no more; say whether there was an address."""
    return bool(work.db.connection().execute(delete(_contacts).where(_contacts.c.actor == uri)).rowcount)


def mail_of(work: Work, uri: str) -> str:
    """Return where an organisation is written to, "" for nowhere."""
    return work.db.scalar(select(ContactRow.mail).where(ContactRow.actor == uri)) or ""


def recipient(work: Work, uri: str) -> Recipient | None:
    """Return where an organisation is written to and in which language, None for nowhere."""
    mail = mail_of(work, uri)
    return Recipient(mail, people.language_at(work, mail, uri)) if mail else None


def be_quiet(work: Work, uri: str, *, quiet: bool) -> None:
    """Note whether an organisation wants no reminders of its offers; without an address there is nothing to note."""
    work.db.execute(update(_contacts).where(_contacts.c.actor == uri).values(quiet=quiet))


def is_quiet(work: Work, uri: str) -> bool:
    return bool(work.db.scalar(select(_contacts.c.quiet).where(_contacts.c.actor == uri)))


def with_mail(work: Work) -> int:
    """Count the organisations that can be written to."""
    return work.db.scalar(select(func.count()).select_from(ContactRow)) or 0


def _wrong_mail(mail: str) -> Problem:
    return Problem(
        "mail", sentence("„%(mail)s“ ist keine Mailadresse; richtig wäre zum Beispiel info@verein.de", mail=mail)
    )


def listing(work: Work) -> list[Organisation]:
    return [_listed(work, row) for row in work.db.scalars(_all()).all()]


@dataclass(frozen=True, slots=True)
class Found:
    """An organisation as the administration lists it; `suspended_at` is None while it may publish."""

    uri: str
    handle: str
    name: str
    suspended_at: datetime | None


def find(work: Work, sought: str, limit: int, after: int) -> tuple[list[Found], int]:
    """Return organisations in whose name or handle something occurs, suspended ones first, and the number of all."""
    lowered = sought.lower()
    chosen = select(LocalActorRow).where(LocalActorRow.type == "Organization", LocalActorRow.gone_at.is_(None))
    if lowered:
        names = func.lower(LocalActorRow.name), LocalActorRow.handle
        chosen = chosen.where(or_(*(name.contains(lowered, autoescape=True) for name in names)))
    ordered = chosen.order_by(LocalActorRow.suspended_at.is_(None), LocalActorRow.name, LocalActorRow.handle)
    rows = work.db.scalars(ordered.limit(limit).offset(after))
    count = work.db.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    return [Found(row.uri, row.handle, row.name, row.suspended_at) for row in rows], count


def name_of(work: Work, uri: str) -> str:
    """Return the name of an organisation of ours; raises `NotFound`."""
    return actors.by_uri(work, uri).name


def followers(work: Work, uri: str) -> int:
    chosen = select(func.count()).select_from(FollowerRow).where(FollowerRow.actor == uri)
    return work.db.scalar(chosen) or 0


def _all() -> Select[LocalActorRow]:
    return select(LocalActorRow).where(LocalActorRow.type == "Organization").order_by(LocalActorRow.handle)


def _listed(work: Work, row: LocalActorRow) -> Organisation:
    address = f"@{row.handle}@{work.settings.handle_domain}"
    return Organisation(row.uri, row.handle, row.name, address, row.url, followers(work, row.uri), row.created_at)
