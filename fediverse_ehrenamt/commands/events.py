"""`event …`: who comes to the events of this instance."""

from dataclasses import asdict, dataclass

import click

from fediverse_ehrenamt.attendance import store
from fediverse_ehrenamt.attendance.store import Attendee
from fediverse_ehrenamt.commands import moments, shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab.types import Event
from fediverse_ehrenamt.work import Work


@dataclass(frozen=True, slots=True)
class _List:
    """An event with all who come; `capacity` is None where there is no limit."""

    event: str
    name: str
    capacity: int | None
    coming: int
    attendees: list[Attendee]


@click.group(cls=Group)
def event() -> None:
    """Veranstaltungen dieser Instanz."""


@event.command(name="attendees")
@click.argument("event_name", metavar="EVENT")
@JSON
def event_attendees(event_name: str, *, as_json: bool) -> None:
    """Zeigen, wer sich aus dem Fediverse angemeldet hat; EVENT ist die Adresse der Veranstaltung oder ihre id.

    Die Liste ist nur für die Organisation; sieben Tage nach dem Ende der Veranstaltung wird sie gelöscht.
    """
    found = shell.write(_list, event_name)

    def text() -> str:
        places = f"{found.coming} von {found.capacity} Plätzen" if found.capacity else f"{found.coming} angemeldet"
        lines = [f"{moments.minute(one.since)}  {_who(one)}" for one in found.attendees]
        return "\n".join([f"{found.name}: {places}", *lines])

    shell.show(asdict(found), as_json=as_json, text=text)


def _list(work: Work, named: str) -> _List:
    row = store.get_event(work, named)
    thing = things.get(work, row.uri)
    assert isinstance(thing, Event)
    return _List(row.uri, thing.name, thing.capacity, store.taken(work, row.uri), store.attendees(work, row.uri))


def _who(one: Attendee) -> str:
    said = f"  „{' '.join(one.message.split())}“" if one.message else ""
    return f"{one.name or one.handle} {one.actor}{said}".strip()


COMMANDS = [event]
