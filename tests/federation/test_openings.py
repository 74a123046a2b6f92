"""What many bodies begin with is kept once, and every body comes back as it came; on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import inbox, openings
from fediverse_ehrenamt.federation.inbox import Gate
from fediverse_ehrenamt.federation.model import OpeningRow, ReceivedRow
from fediverse_ehrenamt.federation.wanted import Arrival
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import PEER, Clock, arrival, creation, note, verdicts

pytestmark = pytest.mark.anyio
STRANGER = "https://stranger.example/users/s"


_BYTES = st.binary(max_size=300) | st.text(' \t\0{}[]",ü', max_size=9).map(str.encode)


@pytest.fixture
def following(instance: Instance) -> Workshop:
    instance.workshop.write_now(workbench.add_source)
    return instance.workshop


def _arrival(number: int, terms: str = "") -> Arrival:
    """A letter as the door hands it on, its context a long one that is named by `terms`."""
    one = arrival(creation(note(f"{PEER}/notes/{number}"), activity=f"{PEER}/activities/{number}"))
    context = ["https://www.w3.org/ns/activitystreams", {f"term{terms}{n}": f"as:term{n}" for n in range(10)}]
    body = orjson.dumps({**orjson.loads(one.signed.body), "@context": context})
    outlined = codec.parse_outline(body)
    assert outlined.activity is not None
    return Arrival(replace(one.signed, body=body), outlined.activity, outlined.opening)


def _bodies(work: Work) -> list[bytes | None]:
    return [row.body for row in work.db.scalars(select(ReceivedRow).order_by(ReceivedRow.id))]


def _bytes_of_rows(work: Work) -> int:
    return sum(len(rest or b"") for rest in work.db.scalars(select(ReceivedRow.rest)))


def _count(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(OpeningRow)) or 0


async def _store(workshop: Workshop, arrivals: Sequence[Arrival]) -> None:
    await workshop.write(inbox.store, arrivals)


async def _came(workshop: Workshop, arrivals: Sequence[Arrival]) -> bool:
    return await workshop.read(_bodies) == [one.signed.body for one in arrivals]


async def test_a_beginning_is_kept_once(following: Workshop) -> None:
    arrivals = [_arrival(number) for number in range(40)]
    await _store(following, arrivals[:20])
    await _store(following, arrivals[20:])
    assert await following.read(_count) == 1
    assert await _came(following, arrivals)
    whole = sum(len(one.signed.body) for one in arrivals)
    assert await following.read(_bytes_of_rows) == whole - 40 * len(arrivals[0].opening)
    assert await following.write(inbox.process, wiring.HANDLERS) == 40
    assert await following.read(verdicts) == ["handled"] * 40


async def test_the_gate_hands_it_on(following: Workshop) -> None:
    gate, one = Gate(following), _arrival(1)
    await gate.take(one)
    assert await following.read(_count) == 1
    assert await _came(following, [one])


async def test_nothing_is_kept_of_what_nobody_wants(following: Workshop) -> None:
    one = _arrival(1)
    stranger = replace(one.activity, actor=STRANGER, id="https://stranger.example/activities/1")
    await _store(following, [Arrival(replace(one.signed, actor=STRANGER), stranger, one.opening)])
    assert await following.read(_count) == 0


async def test_a_body_that_begins_otherwise_stays_whole(following: Workshop) -> None:
    """The proof in a letter may vouch for other bytes than its sender's signature."""
    one = _arrival(1)
    spaced = orjson.dumps(orjson.loads(one.signed.body), option=orjson.OPT_INDENT_2)
    other = replace(one, signed=replace(one.signed, body=spaced))
    await _store(following, [other, _arrival(2)])
    assert await _came(following, [other, _arrival(2)])


async def test_there_is_room_for_some(following: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openings, "MOST", 3)
    arrivals = [_arrival(number, f"of{number}") for number in range(8)]
    await _store(following, arrivals[:2])
    await _store(following, arrivals[2:])
    assert await following.read(_count) == 3
    assert await _came(following, arrivals)


async def test_of_a_group_with_many_beginnings_few_are_looked_at(following: Workshop) -> None:
    arrivals = [_arrival(number, f"of{number}") for number in range(openings._AT_ONCE + 8)]
    await _store(following, arrivals)
    assert await following.read(_count) == openings._AT_ONCE
    assert await _came(following, arrivals)


async def test_what_no_body_begins_with_any_more_is_forgotten(following: Workshop, clock: Clock) -> None:
    await _store(following, [_arrival(1), _arrival(2, "other")])
    await following.write(inbox.process, wiring.HANDLERS)
    await _store(following, [_arrival(5)])  # is not handled for a week, and begins otherwise
    clock.forward(days=7, seconds=1)
    assert await following.write(inbox.erase_bodies) == 2
    await _store(following, [_arrival(3)])
    assert await following.write(openings.forget_unused) == 0
    clock.forward(days=1)
    assert await following.write(openings.forget_unused) == 1
    assert await following.read(_count) == 1
    await _store(following, [_arrival(4, "other")])
    left = [body for body in await following.read(_bodies) if body]
    assert left == [one.signed.body for one in (_arrival(5), _arrival(3), _arrival(4, "other"))]


async def test_what_still_waits_to_be_handled_keeps_its_beginning(following: Workshop, clock: Clock) -> None:
    await _store(following, [_arrival(1)])
    clock.forward(hours=23)  # so soon, the use is not noted again
    await _store(following, [_arrival(2)])
    clock.forward(days=30)
    assert await following.write(inbox.erase_bodies) == 0
    assert await following.write(openings.forget_unused) == 0
    assert await _came(following, [_arrival(1), _arrival(2)])
    assert await following.write(inbox.process, wiring.HANDLERS) == 2
    assert await following.write(inbox.erase_bodies) == 2
    assert await following.write(openings.forget_unused) == 1


async def test_who_uses_a_beginning_while_it_is_forgotten_keeps_it(
    following: Workshop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the question which are there and the note that one is used, another process forgets it."""
    await _store(following, [_arrival(1)])
    await following.write(inbox.process, wiring.HANDLERS)
    clock.forward(days=9)
    await following.write(inbox.erase_bodies)
    held, asked = openings._held, 0

    def forgotten(work: Work, digests: dict[str, bytes]) -> dict[str, openings._Held]:
        nonlocal asked
        found = held(work, digests)
        asked += 1
        if asked == 1:
            assert openings.forget_unused(work) == len(found) == 1
        return found

    monkeypatch.setattr(openings, "_held", forgotten)
    await _store(following, [_arrival(2)])
    assert asked == 2
    assert (await following.read(_bodies))[1] == _arrival(2).signed.body


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(st.tuples(_BYTES, _BYTES, st.booleans()), min_size=1, max_size=6))
async def test_every_body_comes_back_byte_for_byte(following: Workshop, parts: list[tuple[bytes, bytes, bool]]) -> None:
    """Whatever was cut off: bytes that are no JSON, no UTF-8, with zeros, empty, and beginnings of beginnings."""
    before = await following.read(_bodies)
    template, start = arrival(creation()), len(before)
    arrivals = [
        Arrival(
            replace(template.signed, body=first + second),
            replace(template.activity, id=f"{PEER}/activities/{start + place}"),
            first if is_cut else second,
        )
        for place, (first, second, is_cut) in enumerate(parts)
    ]
    await _store(following, arrivals)
    assert (await following.read(_bodies))[start:] == [one.signed.body for one in arrivals]


async def test_uses_are_noted_once_a_day(following: Workshop, clock: Clock) -> None:
    def used(work: Work) -> list[timedelta]:
        return [clock.now - at for at in work.db.scalars(select(OpeningRow.used_at))]

    await _store(following, [_arrival(1)])
    clock.forward(hours=20)
    await _store(following, [_arrival(2)])
    assert await following.read(used) == [timedelta(hours=20)]
    clock.forward(hours=5)
    await _store(following, [_arrival(3)])
    assert await following.read(used) == [timedelta(0)]
