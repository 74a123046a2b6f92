"""`person …`: who may sign in, and with which roles."""

from dataclasses import asdict

import click

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.accounts import entering, factors, inviting, people, telling, wire
from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.accounts.rules import OF_INSTANCE, OF_ORGANISATION, Grant, Role
from fediverse_ehrenamt.accounts.telling import Decider
from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.work import Work

_HERE = click.Choice(sorted(role.value for role in OF_INSTANCE))
_THERE = click.Choice(sorted(role.value for role in OF_ORGANISATION))


@click.group(cls=Group)
def person() -> None:
    """Menschen, die sich anmelden dürfen, und was sie dürfen."""


@person.command(name="add")
@click.argument("mail")
@click.option("--name", required=True, help="Wie sie heißt.")
@click.option("--role", "roles", type=_HERE, multiple=True, help="Rolle in der Instanz; mehrere sind möglich.")
@JSON
def person_add(mail: str, name: str, roles: tuple[str, ...], *, as_json: bool) -> None:
    """Eine Person eintragen und einen Link zeigen, mit dem sie sich einmal anmelden kann (30 Minuten lang).

    So geht es auch ohne Mailserver. Später schickt die Seite /anmelden solche Links.
    """

    def run(work: Work) -> tuple[Person, str]:
        added = people.add(work, mail, name, grants=[Grant(Role(role)) for role in roles])
        return added, wire.sign_in_url(work.settings, entering.make_link(work, added.id))

    added, url = shell.write(run)
    shell.show(_plain(added) | {"link": url}, as_json=as_json, text=lambda: f"✓ {_line(added)}\n  Anmelden: {url}")


@person.command(name="link")
@click.argument("mail")
@click.option(
    "--without-code", is_flag=True, help="Ihren zweiten Schritt (Codes und Passkeys) löschen, wenn sie ihn verlor."
)
@JSON
def person_link(mail: str, *, without_code: bool, as_json: bool) -> None:
    """Einen neuen Link zeigen, mit dem sich eine Person einmal anmelden kann (30 Minuten lang)."""

    def run(work: Work) -> str:
        found = people.get_by_mail(work, mail)
        if without_code:
            factors.lose(work, found.id)
        return wire.sign_in_url(work.settings, entering.make_link(work, found.id))

    url = shell.write(run)
    shell.show({"mail": mail, "link": url}, as_json=as_json, text=lambda: url)


@person.command(name="list")
@JSON
def person_list(*, as_json: bool) -> None:
    """Alle Personen mit ihren Rollen zeigen."""
    found = shell.write(people.listing)

    def text() -> str:
        return "\n".join(map(_line, found)) or "Noch keine. Eine eintragen: ehrenamt person add MAIL --name NAME"

    shell.show([_plain(one) for one in found], as_json=as_json, text=text)


@person.command(name="role")
@click.argument("mail")
@click.argument("role", type=click.Choice([one.value for one in Role]))
@click.option("--organisation", "handle", default="", help="Handle der Organisation, für owner und editor.")
@click.option("--remove", is_flag=True, help="Die Rolle wieder nehmen.")
@JSON
def person_role(mail: str, role: str, handle: str, *, remove: bool, as_json: bool) -> None:
    """Einer Person eine Rolle geben oder nehmen.

    In der Instanz: operator, coordinator, moderator. In einer Organisation: owner, editor, eine von beiden.
    """
    if bool(handle) != (role in OF_ORGANISATION):
        raise click.UsageError("owner und editor brauchen --organisation, die anderen Rollen gelten für die Instanz.")

    def run(work: Work) -> Person:
        found = people.get_by_mail(work, mail)
        given = Grant(Role(role), organisations.get(work, handle).uri if handle else "")
        if (given in found.grants) is remove:
            (people.revoke if remove else people.grant)(work, found.id, given)
            telling.tell(work, found, given, Decider(rendering.IMPRINT), taken=remove)
        return people.get(work, found.id)

    changed = shell.write(run)
    shell.show(_plain(changed), as_json=as_json, text=lambda: f"✓ {_line(changed)}")


@person.command(name="remove")
@click.argument("mail")
@click.option("--reason", default="", help="Warum; das steht in der E-Mail an sie.")
@JSON
def person_remove(mail: str, reason: str, *, as_json: bool) -> None:
    """Eine Person mit allem löschen, was über sie gespeichert ist; sie ist sofort überall abgemeldet.

    Sie bekommt darüber eine E-Mail.
    """

    def run(work: Work) -> Person:
        found = people.get_by_mail(work, mail)
        telling.remove(work, found.id, wiring.OWN_DATA.values(), Decider(rendering.IMPRINT), reason)
        return found

    gone = shell.write(run)
    shell.show(_plain(gone), as_json=as_json, text=lambda: f"✓ gelöscht: {gone.mail}")


@person.command(name="invite")
@click.argument("mail")
@click.option("--organisation", "handle", required=True, help="Handle der Organisation.")
@click.option("--role", type=_THERE, default="editor", show_default=True, help="Rolle in der Organisation.")
@JSON
def person_invite(mail: str, handle: str, role: str, *, as_json: bool) -> None:
    """Jemanden per E-Mail in eine Organisation einladen; der Link gilt 14 Tage und wird hier auch gezeigt."""

    def run(work: Work) -> str:
        given = Grant(Role(role), organisations.get(work, handle).uri)
        return wire.invitation_url(work.settings, inviting.invite(work, mail, given))

    url = shell.write(run)
    said = {"mail": mail, "organisation": handle, "role": role, "link": url}
    shell.show(said, as_json=as_json, text=lambda: f"✓ Die Einladung an {mail} ist unterwegs.\n  {url}")


def _plain(one: Person) -> dict[str, object]:
    return asdict(one)


def _line(one: Person) -> str:
    roles = ", ".join(f"{grant.role} {grant.organisation}".strip() for grant in one.grants) or "keine Rolle"
    seen = f"zuletzt {one.seen_on:%d.%m.%Y}" if one.seen_on else "noch nie angemeldet"
    return f"{one.mail:<40} {one.name}: {roles}; {seen}"


COMMANDS = [person]
