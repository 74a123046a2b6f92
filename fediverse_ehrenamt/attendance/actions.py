"""Coming to an event of ours, and not coming after all. Each is one transaction that holds the event."""

from dataclasses import replace
from datetime import datetime

from fediverse_ehrenamt.attendance import rules, store
from fediverse_ehrenamt.attendance.rules import Occasion
from fediverse_ehrenamt.attendance.store import Place
from fediverse_ehrenamt.federation import answers, outbox, recipients
from fediverse_ehrenamt.kit.errors import Conflict, Gone, NotFound
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.things.wire import Thing
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Accept, Event, Ignore, Join, Note, Opportunity, Reject
from fediverse_ehrenamt.work import Work


def join(work: Work, asked: Join) -> None:
    """Give the asker a place and say so, or say that there is none; who asks again is answered again.

    What is ours but has no date cannot be joined: the answer is Ignore (FEP-8a8e).
    """
    asker = answers.asker(work, asked.actor)
    row, thing = _ours(work, asked.object_id)
    bare = replace(asked, object=thing.id, to=(), cc=(), published=None, message="")
    if not isinstance(thing, Event):
        answers.send(work, Ignore, thing.attributed_to, asked.id or bare, asker)
        return
    why = _admit(work, row, thing, Place(thing.id, asked.actor, asked.id, asked.message))
    if why:
        answers.send(work, Reject, thing.attributed_to, bare, asker)
        return
    recipients.send_changes_to(work, thing.id, asker)
    answers.send(work, Accept, thing.attributed_to, bare, asker)


def promise(work: Work, place: Place) -> None:
    """Give a place to one who says that they come, and does not ask (Friendica); object only where there is none."""
    asker = answers.asker(work, place.actor)
    row, thing = _ours(work, place.event)
    if not isinstance(thing, Event):
        raise NotFound("only an event can be attended")
    if _admit(work, row, thing, place):
        answers.send(work, Reject, thing.attributed_to, place.activity or thing.id, asker)
    else:
        recipients.send_changes_to(work, thing.id, asker)


def leave(work: Work, event: str, actor: str) -> None:
    """Free the place of one who does not come; raises `NotFound` where they had none."""
    row, thing = _ours(work, event)
    held = store.find(work, event, actor)
    if held is None or not store.is_coming(held) or not isinstance(thing, Event):
        raise NotFound("they had no place there")
    store.give_back(work, Place(event, actor, held.activity))
    _show(work, row, thing)


def undo(work: Work, place: Place) -> None:
    """Take back one Join, named by its id: a later one stands. One that comes after its Undo will give no place."""
    row, thing = _ours(work, place.event)
    held = store.find(work, place.event, place.actor)
    if not isinstance(thing, Event) or (held is not None and place.activity not in {"", held.activity}):
        raise NotFound("what is undone does not stand")
    store.give_back(work, place)
    _show(work, row, thing)


def forget(work: Work, actor: str) -> None:
    """Erase an actor wherever it would have come, and free its places."""
    for event in store.forget_actor(work, actor):
        row = store.lock(work, event)
        thing = codec.parse_object(row.body) if row else None  # a date goes with its series
        if row is not None and isinstance(thing, Event):
            _show(work, row, thing)


def _ours(work: Work, uri: str) -> tuple[ThingRow, Thing]:
    """Return a thing of ours, held until this transaction ends; `Gone` or `NotFound` where it is none."""
    row = store.lock(work, uri)
    if row is None or not row.local:
        raise Gone("it was withdrawn") if outbox.is_buried(work, uri) else NotFound("it is nothing of ours")
    thing = codec.parse_object(row.body)
    assert isinstance(thing, Note | Opportunity | Event), "nothing else is published here"
    return row, thing


def _admit(work: Work, row: ThingRow, event: Event, place: Place) -> str:
    """Give out a place, or return why not; a Join that came late, after its own Leave, gives none."""
    held = store.find(work, event.id, place.actor)
    if held is not None and not store.is_coming(held) and place.activity and held.activity == place.activity:
        raise Conflict("they have left since")
    occasion = _occasion(event)
    if not store.is_coming(held):
        why = rules.refusal(occasion, store.taken(work, event.id), work.now)
        if why:
            return why
    store.take(work, place, occasion.ends_at + rules.KEPT)
    _show(work, row, event)
    return ""


def _occasion(event: Event) -> Occasion:
    register_by = event.details.register_by if event.details else None
    return Occasion(event.status == "cancelled", end(event), register_by, event.capacity)


def end(event: Event) -> datetime:
    """Return when an event is over; one without an end is over when it begins."""
    return event.ends_at or event.starts_at


def _show(work: Work, row: ThingRow, event: Event) -> None:
    """Let whoever asks for the event read how many come now.

    Nobody is sent anything: an Update for each who joins would be noise, and Mastodon would mark the post as edited.
    When the event becomes full, or has places again, `events.actions.tell_full` tells all who know it.
    """
    coming = store.count(work, event.id, event.capacity)
    if coming == event.participants:
        return
    shown = replace(event, participants=coming)
    row.body = codec.write(shown)
    outbox.refresh_creates(work, shown)
