"""Tiles of the map: out of a file and from a tile server that a test starts, through us, bounded, images only."""

import os
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from pmtiles.tile import TileType, zxy_to_tileid
from starlette.applications import Starlette

from fediverse_ehrenamt.discover import mapping
from fediverse_ehrenamt.kit.buckets import Rate
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.maps import archive, pages, tiles
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import errors, i18n, throttle
from fediverse_ehrenamt.wiring import TABLES
from fediverse_ehrenamt.work import Workshop
from tests import workbench
from tests.maps import making
from tests.workbench import Clock

pytestmark = pytest.mark.anyio

HAGEN = "/karte/kacheln/7/66/42"


@dataclass
class Server:
    """A tile server: what it answers to all, and what it was asked."""

    url: str = ""
    body: bytes = b""
    status: int = 200
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(body=making.png())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            self.send_response(made.status)
            self.send_header("Content-Type", "text/html")  # it is not believed
            self.end_headers()
            self.wfile.write(made.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        made.url = f"http://127.0.0.1:{serving.server_port}/{{z}}/{{x}}/{{y}}.png"
        yield made
        serving.shutdown()
        thread.join()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _at(app: Starlette, host: str = "127.0.0.1") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(host, 4711)), base_url="http://hagen.example")


def _app(workshop: Workshop) -> Starlette:
    app = Starlette(routes=pages.ROUTES, exception_handlers=dict(errors.HANDLERS))
    app.state.workshop, app.state.throttle = workshop, throttle.Throttle()
    return app


async def _client(workshop: Workshop) -> AsyncIterator[httpx.AsyncClient]:
    TABLES.create_all(workshop.engines.writer)
    async with _at(_app(workshop)) as made:
        yield made
    await workshop.close()


def _settings(tmp_path: Path, **changes: str) -> Settings:
    return workbench.settings(f"sqlite:///{tmp_path}/e.sqlite", tmp_path, **changes)


@pytest.fixture
async def from_server(tmp_path: Path, clock: Clock, server: Server) -> AsyncIterator[httpx.AsyncClient]:
    made = _settings(tmp_path, MAP_TILES=server.url, MAP_ATTRIBUTION="© Stadt Hagen")
    tiles._resting.clear()
    async for client in _client(workbench.open_workshop(made, clock)):
        yield client


@pytest.fixture
async def from_file(tmp_path: Path, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    async for client in _client(workbench.open_workshop(_settings(tmp_path), clock)):
        yield client


async def test_a_file_gives_its_tiles(from_file: httpx.AsyncClient, tmp_path: Path) -> None:
    assert (await from_file.get("/karte/kacheln/1/1/0")).status_code == 404
    making.archive(tmp_path / "map" / "karte.pmtiles")
    answer = await from_file.get("/karte/kacheln/1/1/0")
    assert answer.content == making.png((zxy_to_tileid(1, 1, 0), 200, 100))
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "public, max-age=604800"
    for outside in ("4/0/0", "1/2/0", "1/0/2", "3/7/0", "20/0/0", "-1/0/0", "99/1/1", f"1/1/{'1' * 5_000}"):
        assert (await from_file.get(f"/karte/kacheln/{outside}")).status_code == 404, outside


def test_a_file_says_what_it_is(tmp_path: Path) -> None:
    found = archive.about(making.archive(tmp_path / "a.pmtiles"))
    assert (found.media_type, found.least_zoom, found.most_zoom) == ("image/png", 0, 3)
    assert (found.west, found.north, found.attribution) == (-180, 85, "© OSM")


def test_vector_tiles_are_refused_and_it_is_said_why(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="Vektorkacheln; gebraucht werden Bildkacheln"):
        archive.about(making.archive(tmp_path / "a.pmtiles", TileType.MVT))
    with pytest.raises(Invalid, match="keine Bildkacheln"):
        archive.about(making.archive(tmp_path / "b.pmtiles", TileType.UNKNOWN))


@pytest.mark.parametrize("content", [b"", b"PMTiles", b"PMTiles\x02" + b"\0" * 200, b"\x89PNG" * 100, b"\0" * 127])
def test_what_is_no_file_of_tiles_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(Invalid, match="ist keine Kartendatei"):
        archive.about(tmp_path / "a")
    with pytest.raises(Invalid, match="fehlt oder ist nicht lesbar"):
        archive.about(tmp_path / "none")


def test_a_damaged_file_is_no_crash(tmp_path: Path) -> None:
    whole = making.archive(tmp_path / "whole.pmtiles").read_bytes()
    for cut in range(0, len(whole), len(whole) // 40):
        path = tmp_path / f"{cut}.pmtiles"
        path.write_bytes(whole[:cut] + b"\xff" * 60 + whole[cut + 60 :])
        try:
            archive.about(path)
            archive.tile(path, 2, 1, 1)
        except Invalid:
            continue
    huge = bytearray(whole)
    huge[16:24] = (2**40).to_bytes(8, "little")  # the length of the first directory
    (tmp_path / "huge").write_bytes(huge)
    with pytest.raises(Invalid, match="beschädigt"):
        archive.tile(tmp_path / "huge", 0, 0, 0)


async def test_a_server_is_asked_once_and_learns_of_no_visitor(
    from_server: httpx.AsyncClient, server: Server, clock: Clock
) -> None:
    first = await from_server.get(HAGEN, headers={"Referer": "http://hagen.example/karte?q=geheim", "Cookie": "a=b"})
    assert (first.status_code, first.content, first.headers["content-type"]) == (200, making.png(), "image/png")
    assert (await from_server.get(HAGEN)).content == making.png()
    assert server.asked == ["/7/66/42.png"]
    clock.forward(days=31)
    server.body = making.png((1, 2, 3))
    assert (await from_server.get(HAGEN)).content == making.png((1, 2, 3))
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b""), (204, b""), (200, b"<html><script>alert(1)</script>"), (200, b"")],
)
async def test_what_is_no_image_is_none_and_not_asked_for_again_that_day(
    from_server: httpx.AsyncClient, server: Server, clock: Clock, status: int, body: bytes
) -> None:
    server.status, server.body = status, body
    for _ in range(2):
        assert (await from_server.get(HAGEN)).status_code == 404
    assert len(server.asked) == 1
    clock.forward(days=2)
    server.status, server.body = 200, making.png()
    assert (await from_server.get(HAGEN)).status_code == 200


async def test_while_the_server_is_out_of_reach_old_tiles_do_and_it_is_left_alone(
    from_server: httpx.AsyncClient, server: Server, clock: Clock
) -> None:
    await from_server.get(HAGEN)
    clock.forward(days=31)
    server.status = 500
    assert (await from_server.get(HAGEN)).content == making.png()
    assert (await from_server.get("/karte/kacheln/7/66/43")).status_code == 503
    assert len(server.asked) == 2  # not for the second tile: it rests
    clock.forward(minutes=1)
    server.status, server.body = 200, b"\x89PNG\r\n\x1a\n" + b"\0" * tiles.TILE_BYTES
    assert (await from_server.get("/karte/kacheln/7/66/43")).status_code == 503
    assert len(server.asked) == 3


@pytest.mark.parametrize("place", ["7/0/0", "19/0/0", "20/1/1", "8/1/300", "12/4000/1300"])
async def test_a_server_is_asked_about_germany_only(from_server: httpx.AsyncClient, server: Server, place: str) -> None:
    assert (await from_server.get(f"/karte/kacheln/{place}")).status_code == 404
    assert server.asked == []
    assert (await from_server.get("/karte/kacheln/3/0/0")).status_code == 200


async def test_the_cache_has_a_bound_and_the_oldest_leave(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = workbench.open_workshop(_settings(tmp_path), clock)
    assert made.read_now(tiles.make_room) == 0
    folder = tmp_path / "map" / "tiles" / "7" / "1"
    folder.mkdir(parents=True)
    for number in range(10):
        (folder / f"{number}").write_bytes(b"\x89PNG" * 25_000)
        os.utime(folder / f"{number}", (number, number))
    assert made.read_now(tiles.make_room) == 0
    monkeypatch.setattr(tiles, "CACHE_MB", 0.5)
    assert made.read_now(tiles.make_room) == 0  # once an hour is enough
    clock.forward(hours=2)
    assert made.read_now(tiles.make_room) == 6
    assert sorted(path.name for path in folder.iterdir()) == ["6", "7", "8", "9"]
    await made.close()


def test_a_page_says_whose_the_tiles_are(tmp_path: Path) -> None:
    words = i18n.language("de")
    assert mapping.setup(words, _settings(tmp_path))["tiles"] == ""
    path = making.archive(tmp_path / "karte.pmtiles", attribution="© <b>Stadt</b> & Land")
    found = mapping.setup(words, _settings(tmp_path, MAP_TILES=str(path)))
    assert (found["tiles"], found["zooms"]) == ("/karte/kacheln/{z}/{x}/{y}", (0, making.MOST_ZOOM))
    assert found["attribution"] == f"{mapping.OUTLINES} · © Stadt &amp; Land"
    given = mapping.setup(words, _settings(tmp_path, MAP_TILES=str(path), MAP_ATTRIBUTION="<b>wir</b>"))
    assert given["attribution"] == f"{mapping.OUTLINES} · &lt;b&gt;wir&lt;/b&gt;"
    server = _settings(tmp_path, MAP_TILES="https://t.example/{z}/{x}/{y}", MAP_ATTRIBUTION="© X")
    assert mapping.setup(words, server)["zooms"] == (0, tiles.MOST_ZOOM)
    gone = mapping.setup(words, _settings(tmp_path, MAP_TILES=str(tmp_path / "none.pmtiles")))
    assert (gone["tiles"], gone["attribution"]) == ("", f"{mapping.OUTLINES} · {mapping.PLACES}")


@pytest.mark.parametrize(
    ("template", "fits"),
    [
        ("https://t.example/{z}/{x}/{y}.png", True),
        ("https://t.example/{z}/{x}.png", False),
        ("https://t.example/{z}/{x}/{y}/{s}.png", False),
        ("ftp://t.example/{z}/{x}/{y}.png", False),
        ("https://{x}/{y}/{z}", False),
    ],
)
def test_the_setting_is_a_server_that_can_be_asked(tmp_path: Path, template: str, fits: bool) -> None:
    if fits:
        assert _settings(tmp_path, MAP_TILES=template, MAP_ATTRIBUTION="© X").map_tiles == template
        with pytest.raises(Invalid, match="EHRENAMT_MAP_ATTRIBUTION"):
            _settings(tmp_path, MAP_TILES=template)
        return
    with pytest.raises(Invalid, match="EHRENAMT_MAP_TILES"):
        _settings(tmp_path, MAP_TILES=template, MAP_ATTRIBUTION="© X")


def test_tiles_of_a_day_are_missed_no_longer() -> None:
    assert timedelta() < tiles.MISSED < tiles.KEPT


async def test_one_connection_cannot_have_us_ask_without_end(
    tmp_path: Path, clock: Clock, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ASKED", Rate(2, 600))
    tiles._resting.clear()
    workshop = workbench.open_workshop(
        _settings(tmp_path, MAP_TILES=server.url, MAP_ATTRIBUTION="© Stadt Hagen"), clock
    )
    app = _app(workshop)

    async def ask(host: str, *columns: int) -> list[int]:
        async with _at(app, host) as client:
            return [(await client.get(f"/karte/kacheln/7/{column}/42")).status_code for column in columns]

    assert await ask("2a01:4f8:1:2::3", 66, 67, 68) == [200, 200, 429]
    assert await ask("2a01:4f8:1:2::4", 66, 67, 68) == [200, 200, 429], "what is here already costs nobody anything"
    assert await ask("85.214.1.2", 68) == [200]
    assert len(server.asked) == 3
    await workshop.close()
