"""Remote pictures: fetched by a job, one copy of each, harmless, bounded, given up in time, gone with their use."""

import io
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from fediverse_ehrenamt import app, wiring
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.media import remote
from fediverse_ehrenamt.media.model import PictureRow, PictureUseRow
from fediverse_ehrenamt.work import Work, Workshop
from tests import servers, workbench
from tests.federation import origin
from tests.federation.origin import Answer, Origin
from tests.media import pictures
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
ONE, TWO = "https://peer.example/notes/1", "https://peer.example/notes/2"


@pytest.fixture
async def peer(anyio_backend: str) -> AsyncIterator[Origin]:
    assert anyio_backend == "asyncio"
    async with origin.origin() as one:
        yield one


def serve(peer: Origin, path: str, content: bytes, **changes: Any) -> str:
    return peer.serve(path, content, **{"kind": "image/png", **changes})


async def want(workshop: Workshop, **wanted: str) -> None:
    """Let things show pictures and run what follows from that."""
    await workshop.write(remote.assign, {f"https://peer.example/notes/{key}": url for key, url in wanted.items()})
    await run(workshop)


async def run(workshop: Workshop) -> None:
    await workshop.write(remote.enqueue_due)
    await Runner(workshop, wiring.JOBS).run_due()


def row(work: Work, url: str) -> PictureRow | None:
    return work.db.get(PictureRow, url)


async def state(workshop: Workshop, url: str) -> str:
    found = await workshop.read(row, url)
    return found.state if found else ""


def file(workshop: Workshop, url: str) -> Path:
    return remote.path(workshop.settings.data, remote.name(url))


def jobs(work: Work) -> list[JobRow]:
    return list(work.db.scalars(select(JobRow)))


async def test_a_picture_is_kept_without_what_it_must_not_tell(workshop: Workshop, peer: Origin) -> None:
    taken = pictures.photograph()
    assert b"Geheimkamera" in taken
    url = serve(peer, "/foto.jpg", taken, kind="image/jpeg")
    await want(workshop, a=url)
    kept = file(workshop, url).read_bytes()
    assert kept.startswith(b"\xff\xd8\xff")
    assert all(secret not in kept for secret in (b"Exif", b"Geheimkamera", b"Erika", b"privat"))
    found = await workshop.read(row, url)
    assert found is not None
    assert (found.state, found.size, found.try_at, found.error) == ("here", len(kept), None, "")
    assert remote.shown(workshop.settings.data, [url, "https://other.example/x", ""]) == {url}
    assert await workshop.read(jobs) == []


async def test_large_ones_are_made_small_enough(workshop: Workshop, peer: Origin) -> None:
    content = pictures.noise(1_500)
    assert len(content) > 2_000_000
    url = serve(peer, "/gross.jpg", content)
    await want(workshop, a=url)
    assert 0 < file(workshop, url).stat().st_size <= remote.KEPT_BYTES
    with Image.open(file(workshop, url)) as opened:
        opened.load()
        assert max(opened.size) <= 1280


async def test_one_url_is_fetched_and_kept_once_and_leaves_with_its_last_use(workshop: Workshop, peer: Origin) -> None:
    url = serve(peer, "/a.png", pictures.content())
    await want(workshop, a=url, b=url)
    await want(workshop, c=url)
    assert peer.asked("/a.png") == 1
    assert len(list((workshop.settings.data / "pictures").rglob("*.jpg"))) == 1
    await want(workshop, a="", c="")
    assert file(workshop, url).is_file()
    await want(workshop, b="")
    assert not file(workshop, url).exists()
    assert await workshop.read(row, url) is None
    assert await workshop.read(lambda work: work.db.scalars(select(PictureUseRow)).all()) == []


async def test_narrower_copies_come_and_leave_with_it(workshop: Workshop, peer: Origin) -> None:
    url = serve(peer, "/breit.jpg", pictures.photograph((900, 450)), kind="image/jpeg")
    await want(workshop, a=url)
    lying = sorted(one.name for one in file(workshop, url).parent.iterdir())
    assert lying == sorted(f"{remote.name(url)[:-4]}{end}" for end in (".jpg", "-320.jpg", "-640.jpg"))
    found = await workshop.read(row, url)
    assert found is not None
    assert found.size == sum(one.stat().st_size for one in file(workshop, url).parent.iterdir())
    await want(workshop, a="")
    assert list(file(workshop, url).parent.iterdir()) == []


async def test_a_thing_that_changes_its_picture_gives_the_old_one_up(workshop: Workshop, peer: Origin) -> None:
    old, new = serve(peer, "/a.png", pictures.content()), serve(peer, "/b.png", pictures.content())
    await want(workshop, a=old)
    await want(workshop, a=new)
    assert not file(workshop, old).exists()
    assert await state(workshop, new) == "here"


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (pictures.SVG, {"kind": "image/svg+xml"}),
        (pictures.HTML, {"kind": "image/jpeg"}),
        (pictures.content("JPEG")[:200], {"kind": "image/jpeg"}),
        (pictures.bomb(5_000, 5_000), {}),
        (pictures.bomb(60_000, 60_000), {}),
        (pictures.content("TIFF"), {"kind": "image/png"}),
        (b"", {}),
        (b"\0" * (remote.BYTES + 1), {}),
        (pictures.content(), {"status": 404}),
        (pictures.content(), {"status": 410}),
        (pictures.content(), {"status": 403}),
        (pictures.content(), {"headers": (("Content-Encoding", "gzip"),)}),
    ],
    ids=lambda value: str(value)[:20],
)
async def test_what_is_no_picture_for_us_is_given_up_at_once(
    workshop: Workshop, peer: Origin, content: bytes, changes: dict[str, Any]
) -> None:
    url = serve(peer, "/x", content, **changes)
    await want(workshop, a=url)
    assert await state(workshop, url) == "failed"
    assert not (workshop.settings.data / "pictures").exists()
    await want(workshop, b=url)
    assert peer.asked("/x") == 1
    assert await workshop.read(jobs) == [], "nothing is left for operators to look at"


@pytest.mark.parametrize(
    "url", ["https://10.0.0.1/x.png", "https://[::1]/x.png", "https://192.168.1.1/x", "file:///etc/passwd", "no url"]
)
async def test_what_must_not_be_asked_is_not(workshop: Workshop, url: str) -> None:
    await want(workshop, a=url)
    assert await state(workshop, url) == "failed"


async def test_the_type_is_read_from_the_content(workshop: Workshop, peer: Origin) -> None:
    url = serve(peer, "/x", pictures.content("WEBP"), kind="text/html")
    await want(workshop, a=url)
    assert await state(workshop, url) == "here"


async def test_a_fault_that_may_pass_is_tried_a_few_times(workshop: Workshop, peer: Origin, clock: Clock) -> None:
    url = serve(peer, "/x", pictures.content(), status=500)
    await want(workshop, a=url)
    for tries in range(1, remote.TRIES):
        assert (await state(workshop, url), peer.asked("/x")) == ("wanted", tries)
        await run(workshop)
        assert peer.asked("/x") == tries, "not before its time"
        clock.forward(days=1, seconds=1)
        await run(workshop)
    assert (await state(workshop, url), peer.asked("/x")) == ("failed", remote.TRIES)
    clock.forward(days=9)
    await run(workshop)
    assert peer.asked("/x") == remote.TRIES


async def test_it_comes_when_the_fault_has_passed(workshop: Workshop, peer: Origin, clock: Clock) -> None:
    url = serve(peer, "/x", pictures.content(), status=503)
    await want(workshop, a=url)
    serve(peer, "/x", pictures.content())
    clock.forward(minutes=6)
    await run(workshop)
    assert await state(workshop, url) == "here"


async def test_all_of_a_host_that_is_not_there_wait_together(workshop: Workshop, clock: Clock) -> None:
    dead = f"http://127.0.0.1:{servers.free_port()}"
    await want(workshop, **{f"n{number}": f"{dead}/{number}.png" for number in range(20)})

    def rows(work: Work) -> list[PictureRow]:
        return list(work.db.scalars(select(PictureRow)))

    waiting = await workshop.read(rows)
    assert {(one.state, one.tries) for one in waiting} == {("wanted", 1)}
    assert {one.try_at for one in waiting} == {clock() + remote._WAITS[0]}
    for _ in range(remote.TRIES):
        clock.forward(days=2)
        await run(workshop)
    assert {one.state for one in await workshop.read(rows)} == {"failed"}
    assert await workshop.read(jobs) == []


async def test_a_round_is_bounded_and_fair(workshop: Workshop) -> None:
    wanted = {f"many{number}": f"https://many.example/{number}" for number in range(50)}
    wanted |= {f"host{number}": f"https://host{number}.example/x" for number in range(3)}
    await workshop.write(remote.assign, wanted)
    urls = await workshop.write(remote.begin)
    assert len(urls) == remote.PER_HOST + 3
    assert sum("many.example" in url for url in urls) == remote.PER_HOST
    assert not set(urls) & set(await workshop.write(remote.begin)), "a try counts from its beginning"


async def test_a_picture_that_kills_the_process_is_given_up(workshop: Workshop, clock: Clock) -> None:
    await workshop.write(remote.assign, {ONE: "https://deadly.example/x"})
    for _ in range(remote.TRIES):
        assert await workshop.write(remote.begin) == ["https://deadly.example/x"]
        clock.forward(days=2)
    assert await workshop.write(remote.begin) == []
    assert await state(workshop, "https://deadly.example/x") == "failed"


async def test_what_nobody_wants_any_more_when_it_comes_is_not_kept(workshop: Workshop) -> None:
    url = "https://peer.example/x.png"
    await workshop.write(remote.assign, {ONE: url})
    await workshop.write(remote.assign, {ONE: ""})
    await workshop.write(remote._keep, url, pictures.content("JPEG"), {})
    assert not file(workshop, url).exists()


async def test_there_is_one_job_at_a_time(workshop: Workshop) -> None:
    await workshop.write(remote.assign, {ONE: "https://a.example/x", TWO: "https://b.example/x"})
    assert await workshop.write(remote.enqueue_due) == 1
    assert await workshop.write(remote.enqueue_due) == 0
    (job,) = await workshop.read(jobs)
    assert (job.host, job.name) == ("", remote.JOB)
    assert await workshop.write(remote.enqueue_due, job.id) == 1, "the next one, while this one ends"


async def test_without_room_nothing_is_fetched(migrated_sqlite_url: str, tmp_path: Path, clock: Clock) -> None:
    made = workbench.open_workshop(workbench.settings(migrated_sqlite_url, tmp_path, PICTURES_MB="0"), clock)
    try:
        await made.write(remote.assign, {ONE: "https://a.example/x"})
        assert await made.write(remote.enqueue_due) == 0
    finally:
        await made.close()


async def test_those_not_shown_for_longest_make_room_and_come_back_when_wanted(
    migrated_url: str, tmp_path: Path, clock: Clock, peer: Origin
) -> None:
    made = workbench.open_workshop(workbench.settings(migrated_url, tmp_path, PICTURES_MB="1"), clock)
    try:
        content = pictures.noise(800)
        urls = {f"n{number}": serve(peer, f"/{number}.jpg", content) for number in range(6)}
        await want(made, **urls)
        size = file(made, urls["n0"]).stat().st_size
        assert 6 * size > 1_000_000 > 2 * size
        clock.forward(days=3)
        remote.note_use(file(made, urls["n4"]), clock())
        clock.forward(hours=1)
        remote.note_use(file(made, urls["n4"]), clock())  # the same day
        assert file(made, urls["n4"]).stat().st_mtime == (clock().timestamp() - 3600)
        left = await made.write(remote.make_room)
        assert left >= 1
        kept = [key for key, url in urls.items() if file(made, url).is_file()]
        assert "n4" in kept
        assert len(kept) == 6 - left
        assert len(kept) * size <= 1_000_000
        assert await made.write(remote.make_room) == 0
        gone = next(key for key in urls if key not in kept)
        await want(made, **{gone: urls[gone]})
        assert not file(made, urls[gone]).exists(), "what nothing asks for anew stays away"
        await want(made, other=urls[gone])
        assert file(made, urls[gone]).is_file()
    finally:
        await made.close()


async def test_they_are_served_as_what_they_are(town: Instance, peer: Origin, clock: Clock) -> None:
    url = serve(peer, "/x.png", pictures.content("PNG", (30, 10)))
    await want(town.workshop, a=url)
    front = app.build(town)
    front.state.instance_name = "Hagen"  # as its lifespan does, which would also close the instance
    os.utime(file(town.workshop, url), (0, 0))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url=workbench.HOME) as client:
        answer = await client.get(remote.PATH + remote.name(url), headers={"accept": "application/activity+json"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert "max-age=2592000" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        with Image.open(io.BytesIO(answer.content)) as opened:
            assert opened.size == (30, 10)
        for wrong in (f"{'0' * 32}.jpg", "..%2f..%2fehrenamt.sqlite", remote.name(url)[:-4]):
            assert (await client.get(remote.PATH + wrong)).status_code == 404
    assert file(town.workshop, url).stat().st_mtime == clock().timestamp()


async def test_a_slow_one_does_not_hold_up_the_rest(workshop: Workshop, peer: Origin, monkeypatch: Any) -> None:
    monkeypatch.setattr(remote, "_SECONDS", 2.0)
    peer.answers["/slow"] = Answer(pictures.content(), wait=20.0, kind="image/png")
    quick = serve(peer, "/quick", pictures.content())
    await want(workshop, a=peer.at("/slow"), b=quick)
    assert (await state(workshop, peer.at("/slow")), await state(workshop, quick)) == ("wanted", "here")
