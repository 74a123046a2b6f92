"""`enquiry …`: what a coordinator sees of enquiries and does in place of an organisation."""

from collections.abc import Iterator
from dataclasses import asdict

import click

from fediverse_ehrenamt.commands import moments, shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.engagements import actions, asking, rules, store, wire
from fediverse_ehrenamt.engagements.actions import Enquiry, Step
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.federation import fetch
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import mailbox
from fediverse_ehrenamt.matching import week
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work

_WORDS = {word: state for state, word in rules.STATES.items()}
_NUMBER = click.argument("number", metavar="NUMMER", type=int)


@click.group(cls=Group)
def enquiry() -> None:
    """Anfragen von Menschen, die mithelfen möchten."""


@enquiry.command(name="list")
@click.option("--organisation", "handle", default="", help="Nur die an eine Organisation (Handle).")
@click.option("--state", type=click.Choice(list(_WORDS)), default=None, help="Nur die in diesem Stand.")
@click.option("--overdue", is_flag=True, help="Nur die, auf die seit Tagen eine versprochene Antwort fehlt.")
@click.option("--unreached", is_flag=True, help="Nur neue an Organisationen, deren Mailadresse fehlt.")
@JSON
def enquiry_list(handle: str, state: str | None, *, overdue: bool, unreached: bool, as_json: bool) -> None:
    """Die neuesten Anfragen zeigen."""

    def run(work: Work) -> list[Enquiry]:
        organisation = organisations.get(work, handle).uri if handle else ""
        states = [_WORDS[state]] if state else [rules.NEW] if unreached else []
        found = [actions.look(work, row) for row in store.listing(work, organisation, states, overdue=overdue)]
        return [one for one in found if not (unreached and one.told)]

    found = shell.write(run)
    shell.show(
        [asdict(one) for one in found],
        as_json=as_json,
        text=lambda: "\n".join(map(_line, found)) or "Keine Anfragen.",
    )


def _line(one: Enquiry) -> str:
    unreached = "" if one.told else " (Organisation ohne Mailadresse)"
    due = f"bis {moments.day(one.due_at)}" if one.due_at and one.answered_at is None else ""
    who = f"{one.person.name or '–'} an {one.name}: {one.title}"
    return f"{one.id:>6} {rules.STATES[one.state]:<14} {due:<14} {who}{unreached}"


@enquiry.command(name="show")
@_NUMBER
@JSON
def enquiry_show(number: int, *, as_json: bool) -> None:
    """Eine Anfrage zeigen, mit dem privaten Link, über den die Organisation antworten kann."""

    def run(work: Work) -> tuple[Enquiry, str]:
        row = store.get(work, number)
        return actions.look(work, row), wire.enquiry_link(work.settings, row, rules.ORGANISATION, work.now)

    found, link = shell.write(run)
    shell.show(
        {**asdict(found), "link": link}, as_json=as_json, text=lambda: "\n".join([*_all(found), "", f"Link: {link}"])
    )


def _all(one: Enquiry) -> Iterator[str]:
    yield _line(one)
    for label, value in wire.contact(one.person, i18n.language(i18n.DEFAULT)):
        if value:
            yield f"{label}: {value}"
    if one.reason:
        yield f"Grund: {rules.REASONS[one.reason]}"
    if one.person.text:
        yield f"\n[{moments.minute(one.asked_at)}] {one.person.name}:\n{one.person.text}"
    names = {
        rules.PERSON: one.person.name,
        rules.ORGANISATION: one.name,
        rules.COORDINATOR: f"Koordination für {one.name}",
    }
    for entry in one.entries:
        yield f"\n[{moments.minute(entry.at)}] {names[entry.writer]} ({entry.step}):\n{entry.text}".rstrip(":\n")


@enquiry.command(name="add")
@click.argument("page", metavar="SEITE")
@click.option("--name", required=True, help="Name der Person.")
@click.option("--phone", default="", help="Telefonnummer.")
@click.option("--mail", default="", help="Mailadresse; Antworten kommen dann dorthin.")
@click.option("--text", default="", help="Was die Person dazu sagt.")
@click.option(
    "--time",
    "times",
    multiple=True,
    type=click.Choice(week.CELLS),
    metavar="ZEIT",
    help="Wann es passt, z. B. mo-abends; mehrfach möglich.",
)
@JSON
def enquiry_add(page: str, *, as_json: bool, times: tuple[str, ...], **said: str) -> None:
    """Eine Anfrage für jemanden eintragen, der kein Formular ausfüllen möchte oder keine E-Mail hat.

    SEITE ist die Adresse des Angebots oder Termins auf dieser Instanz. Die Organisation bekommt die Anfrage sofort.
    """
    mail = mailbox.read(said["mail"]) or said["mail"]
    person = Person(name=said["name"].strip(), mail=mail, phone=said["phone"].strip(), text=said["text"], cells=times)

    def run(work: Work) -> Enquiry:
        last = page.rstrip("/").rpartition("/")[2]
        return actions.look(work, asking.enter(work, view.page_id(last), person, i18n.DEFAULT))

    made = shell.write(run)
    shell.show(asdict(made), as_json=as_json, text=lambda: f"✓ Anfrage {made.id} an {made.name}: {made.title}")


@enquiry.command(name="answer")
@_NUMBER
@click.argument("text")
@click.option("--agree", "step", flag_value=rules.AGREE, help="Damit zusagen.")
@click.option("--decline", "step", flag_value=rules.DECLINE, help="Damit absagen.")
@JSON
def enquiry_answer(number: int, text: str, step: str | None, *, as_json: bool) -> None:
    """In Vertretung der Organisation antworten; die Person sieht, dass die Koordination schreibt."""
    _take(number, Step(rules.COORDINATOR, step or rules.ANSWER, text), as_json=as_json)


@enquiry.command(name="close")
@_NUMBER
@click.option("--reason", required=True, type=click.Choice(list(rules.REASONS)), help="Warum.")
@JSON
def enquiry_close(number: int, reason: str, *, as_json: bool) -> None:
    """Eine Anfrage abschließen, aus der nichts wird."""
    _take(number, Step(rules.COORDINATOR, rules.CLOSE, reason=reason), as_json=as_json)


def _take(number: int, step: Step, *, as_json: bool) -> None:
    async def run(instance: Instance) -> Enquiry:
        account = await instance.workshop.read(lambda work: store.person(work, store.get(work, number)).account)
        if account:  # where their inbox is may have been forgotten
            await fetch.ensure_actor(instance.workshop, account)
        return await instance.workshop.write(_done, number, step)

    done = shell.online(run)
    shell.show(asdict(done), as_json=as_json, text=lambda: f"✓ Anfrage {number}: {rules.STATES[done.state]}.")


def _done(work: Work, number: int, step: Step) -> Enquiry:
    row = store.get(work, number, changes=True)
    actions.take(work, row, step)
    return actions.look(work, row)


COMMANDS = [enquiry]
