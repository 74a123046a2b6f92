"""`message …` and `reply …`: what people wrote to the organisations of this instance, and what is answered."""

from collections.abc import Iterator
from dataclasses import asdict

import click

from fediverse_ehrenamt.commands import moments, shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.conversations import actions, rules, store, tasks
from fediverse_ehrenamt.conversations.store import Message, Reply
from fediverse_ehrenamt.federation import addresses
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.work import Work

_LINE = 80
_STATES = {"wartet": rules.WAITING, "gezeigt": rules.SHOWN, "verborgen": rules.HIDDEN}
_WORDS = {state: word for word, state in _STATES.items()}
_ORGANISATION = click.option(
    "--organisation", "handle", default="", help="Nur die einer Organisation (Handle); „relay“ für die Instanz selbst."
)


def _actor(work: Work, handle: str) -> str:
    """Return the URI of whoever is meant: an organisation, the instance, or everybody ("")."""
    if not handle:
        return ""
    if handle == addresses.INSTANCE_HANDLE:
        return addresses.instance_actor(work.settings)
    return organisations.get(work, handle).uri


def _name(work: Work, uri: str) -> str:
    row = work.db.get(LocalActorRow, uri)
    return row.handle if row else uri


@click.group(cls=Group)
def message() -> None:
    """Nachrichten an Organisationen: direkte und öffentliche Erwähnungen aus dem Fediverse."""


@message.command(name="list")
@_ORGANISATION
@JSON
def message_list(handle: str, *, as_json: bool) -> None:
    """Die neuesten Nachrichten zeigen; „neu“ ist, worauf noch keine Antwort ging."""

    def run(work: Work) -> list[tuple[str, Message]]:
        return [(_name(work, one.organisation), one) for one in store.messages(work, _actor(work, handle))]

    found = shell.write(run)

    def text() -> str:
        lines = [
            f"{one.id:>6} {'' if one.answered else 'neu':<4} {moments.minute(one.at)} {one.person} an {name}: "
            f"{html.beginning(one.content, _LINE)}"
            for name, one in found
        ]
        return "\n".join(lines) or "Keine Nachrichten."

    shell.show([asdict(one) for _, one in found], as_json=as_json, text=text)


@message.command(name="show")
@click.argument("number", metavar="NUMMER", type=int)
@JSON
def message_show(number: int, *, as_json: bool) -> None:
    """Eine Nachricht mit allem zeigen, was die beiden einander geschrieben haben."""

    def run(work: Work) -> tuple[str, list[Message]]:
        found = store.conversation(work, number)
        return _name(work, found[0].organisation), found

    name, found = shell.write(run)

    def text() -> str:
        return "\n\n".join("\n".join(_written(one, name)) for one in found)

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


def _written(one: Message, name: str) -> Iterator[str]:
    """Yield the lines of one message of a conversation."""
    writer = name if one.sent else f"{one.person_name} ({one.person})"
    yield f"[{one.id}] {moments.minute(one.at)} {writer}{', öffentlich' if one.public else ''}:"
    if one.about and not one.sent:
        yield f"zu {one.about}"
    yield html.text(one.content)


@message.command(name="answer")
@click.argument("number", metavar="NUMMER", type=int)
@click.argument("text")
@JSON
def message_answer(number: int, text: str, *, as_json: bool) -> None:
    """Auf eine Nachricht antworten: nur die Person bekommt es, als direkte Nachricht der Organisation."""

    async def run(instance: Instance) -> tuple[int, str]:
        sent = await tasks.answer(instance.workshop, number, text)
        return sent.id, sent.person

    own, person = shell.online(run)
    shell.show(
        {"id": own, "person": person},
        as_json=as_json,
        text=lambda: f"✓ Antwort an {person} ist auf dem Weg, sobald `ehrenamt serve` läuft.",
    )


@click.group(cls=Group)
def reply() -> None:
    """Öffentliche Antworten auf Angebote und Termine: erst was erlaubt wird, wird gezeigt."""


@reply.command(name="list")
@_ORGANISATION
@click.option("--state", type=click.Choice(list(_STATES)), default=None, help="Nur die in diesem Zustand.")
@JSON
def reply_list(handle: str, state: str | None, *, as_json: bool) -> None:
    """Die neuesten Antworten zeigen."""

    def run(work: Work) -> list[Reply]:
        return store.replies(work, _actor(work, handle), _STATES[state] if state else "")

    found = shell.write(run)

    def text() -> str:
        lines = [
            f"{one.id:>6} {_WORDS[one.state]:<9} {moments.minute(one.published_at)} {one.author} zu {one.object}: "
            f"{html.beginning(one.content, _LINE)}"
            for one in found
        ]
        return "\n".join(lines) or "Keine Antworten."

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


@reply.command(name="allow")
@click.argument("number", metavar="NUMMER", type=int)
def reply_allow(number: int) -> None:
    """Eine Antwort zeigen lassen."""
    _moderate(number, rules.SHOWN)


@reply.command(name="hide")
@click.argument("number", metavar="NUMMER", type=int)
def reply_hide(number: int) -> None:
    """Eine Antwort verbergen."""
    _moderate(number, rules.HIDDEN)


def _moderate(number: int, state: str) -> None:
    shell.write(actions.moderate, number, state)
    click.echo(f"✓ Antwort {number}: {_WORDS[state]}.")


COMMANDS = [message, reply]
