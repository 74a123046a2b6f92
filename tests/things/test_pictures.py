"""The picture of a remote thing on our pages: our copy and nothing else, gone when the thing goes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from fediverse_ehrenamt import app, wiring
from fediverse_ehrenamt.federation import inbox as received
from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.media import remote
from fediverse_ehrenamt.media.model import PictureRow
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things import moderating, origins, pictures
from fediverse_ehrenamt.vocab.types import PUBLIC, Create, Delete, Event, Image, Tombstone, Update
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation import origin
from tests.federation.origin import Origin
from tests.media import pictures as files
from tests.workbench import NOW, Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
async def peer(anyio_backend: str) -> AsyncIterator[Origin]:
    assert anyio_backend == "asyncio"
    async with origin.origin() as one:
        one.serve("/plakat.png", files.content(), kind="image/png")
        yield one


@pytest.fixture
async def anna(peer: Origin, instance: Instance) -> str:
    """An actor of the peer whom the instance follows."""
    uri = peer.at("/users/anna")
    await instance.workshop.write(workbench.add_source, uri)
    return uri


def feast(peer: Origin, picture: str = "/plakat.png", **changes: Any) -> Event:
    values: dict[str, Any] = {
        "id": peer.at("/events/1"),
        "attributed_to": peer.at("/users/anna"),
        "name": "Apfelfest",
        "content": "<p>Mit Saft.</p>",
        "starts_at": NOW + timedelta(days=20),
        "published": NOW,
        "to": (PUBLIC,),
        "images": (Image(url=peer.at(picture), alt="Ein Korb Äpfel"),) if picture else (),
    }
    return Event(**values | changes)


async def hear(workshop: Workshop, activity: Any) -> None:
    assert await workshop.write(received.dispatch, wiring.HANDLERS, activity) == "handled"


async def settle(workshop: Workshop) -> None:
    """Do what housekeeping and the queue do beside requests."""
    for _ in range(10):
        if not sum([await workshop.write(tidy) for tidy in wiring.HOUSEKEEPING]):
            break
    await Runner(workshop, wiring.JOBS).run_due()


def create(thing: Event) -> Create:
    return Create(id="", actor=thing.attributed_to, object=thing, to=(PUBLIC,))


async def published(instance: Instance, peer: Origin) -> str:
    """Let the peer publish an event with a picture that we then have; return the picture's URL."""
    await hear(instance.workshop, create(feast(peer)))
    await settle(instance.workshop)
    assert is_here(instance.workshop, peer)
    return peer.at("/plakat.png")


def is_here(workshop: Workshop, peer: Origin) -> bool:
    return bool(remote.shown(workshop.settings.data, [peer.at("/plakat.png")]))


def row(work: Work, url: str) -> PictureRow | None:
    return work.db.get(PictureRow, url)


async def page(instance: Instance, peer: Origin) -> str:
    document = await instance.workshop.read(search.get, peer.at("/events/1"))
    front = app.build(instance)
    front.state.instance_name = "Hagen"  # as its lifespan does, which would also close the instance
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url=workbench.HOME) as client:
        answer = await client.get(f"/termine/{document.id}", headers={"accept": "text/html"})
        assert answer.status_code == 200
        return answer.text


async def test_our_copy_is_shown_once_it_is_there_with_its_alternative_text(
    instance: Instance, peer: Origin, anna: str
) -> None:
    assert anna
    await hear(instance.workshop, create(feast(peer)))
    assert peer.requests == [], "nobody waits for a picture"
    before = await page(instance, peer)
    assert "<img" not in before
    await settle(instance.workshop)
    after = await page(instance, peer)
    assert f'src="{remote.PATH}{remote.name(peer.at("/plakat.png"))}"' in after
    assert 'alt="Ein Korb Äpfel"' in after
    for shown in (before, after):
        assert "plakat.png" not in shown, "the reader's browser never learns of the origin's picture"


async def test_a_picture_of_others_that_claims_to_be_ours_is_not_shown(
    instance: Instance, peer: Origin, anna: str
) -> None:
    assert anna
    ours = Image(url=f"{workbench.HOME}/media/{'0' * 32}.jpg")
    await hear(instance.workshop, create(feast(peer, images=(ours,))))
    await settle(instance.workshop)
    assert "<img" not in await page(instance, peer)
    assert await instance.workshop.read(row, ours.url) is None


async def test_it_goes_with_the_thing(instance: Instance, peer: Origin, anna: str) -> None:
    url = await published(instance, peer)
    gone = Delete(id="", actor=anna, object=Tombstone(id=peer.at("/events/1")))
    await hear(instance.workshop, gone)
    await settle(instance.workshop)
    assert not is_here(instance.workshop, peer)
    assert await instance.workshop.read(row, url) is None


async def test_it_goes_when_the_things_time_is_over(instance: Instance, peer: Origin, anna: str, clock: Clock) -> None:
    assert anna
    await published(instance, peer)
    clock.forward(days=30)
    await settle(instance.workshop)
    assert not is_here(instance.workshop, peer)


async def test_it_goes_with_the_source(instance: Instance, peer: Origin, anna: str) -> None:
    await published(instance, peer)
    await instance.workshop.write(lambda work: origins.drop(work, sources.remove(work, anna)))
    await instance.workshop.write(pictures.follow)
    assert not is_here(instance.workshop, peer)


async def test_another_picture_takes_its_place(instance: Instance, peer: Origin, anna: str) -> None:
    await published(instance, peer)
    other = peer.serve("/neu.png", files.content("PNG", (9, 9)), kind="image/png")
    await hear(instance.workshop, Update(id="", actor=anna, object=feast(peer, "/neu.png", updated=NOW), to=(PUBLIC,)))
    await settle(instance.workshop)
    assert not is_here(instance.workshop, peer)
    assert remote.name(other) in await page(instance, peer)


@pytest.mark.parametrize("subject", ["127.0.0.1", "actor"])
async def test_it_goes_when_pictures_of_a_host_or_an_actor_are_refused_and_comes_back(
    instance: Instance, peer: Origin, anna: str, subject: str
) -> None:
    await published(instance, peer)
    subject = anna if subject == "actor" else subject
    await instance.workshop.write(moderating.restrict, Restriction(subject, "none", reject_media=True))
    await settle(instance.workshop)
    assert not is_here(instance.workshop, peer)
    assert "<img" not in await page(instance, peer)
    await hear(instance.workshop, Update(id="", actor=anna, object=feast(peer, updated=NOW), to=(PUBLIC,)))
    await settle(instance.workshop)
    assert peer.asked("/plakat.png") == 1
    await instance.workshop.write(moderating.lift, subject)
    await settle(instance.workshop)
    assert is_here(instance.workshop, peer)


async def test_two_workers_do_not_follow_at_once_and_nothing_is_missed(
    instance: Instance, peer: Origin, anna: str
) -> None:
    assert anna
    for number in range(5):
        await hear(instance.workshop, create(feast(peer, f"/{number}.png", id=peer.at(f"/events/{number}"))))
    assert await instance.workshop.write(pictures.follow) == 5
    assert await instance.workshop.write(pictures.follow) == 0
    await hear(instance.workshop, create(feast(peer, "/9.png", id=peer.at("/events/9"))))
    assert await instance.workshop.write(pictures.follow) == 1
    for number in (0, 1, 2, 3, 4, 9):
        assert await instance.workshop.read(row, peer.at(f"/{number}.png")) is not None


async def test_after_a_restore_that_counts_anew_all_is_looked_at_again(
    instance: Instance, peer: Origin, anna: str
) -> None:
    assert anna
    await hear(instance.workshop, create(feast(peer)))
    await instance.workshop.write(remote.note_followed, 2**40, 5)
    assert await instance.workshop.write(pictures.follow) == 0
    assert await instance.workshop.write(pictures.follow) >= 1
    assert await instance.workshop.read(row, peer.at("/plakat.png")) is not None
