"""`ehrenamt map`: a file of tiles, from the disk or a server, checked first, gone on with where it broke off."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pmtiles.tile import TileType

from fediverse_ehrenamt.commands import maps
from tests import commands
from tests.commands import Run
from tests.maps import making


@dataclass
class Server:
    """Serves one file in pieces, as web servers do; after `most` answers it breaks off."""

    url: str = ""
    body: bytes = b""
    mark: str = '"1"'
    most: int = 10_000
    whole: bool = False
    ranges: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers["Range"]
            made.ranges.append(wanted)
            first, last = map(int, wanted.removeprefix("bytes=").split("-"))
            piece = made.body if made.whole else made.body[first : last + 1]
            self.send_response(500 if len(made.ranges) > made.most else 200 if made.whole else 206)
            self.send_header("Content-Range", f"bytes {first}-{first + len(piece) - 1}/{len(made.body)}")
            self.send_header("ETag", made.mark)
            self.end_headers()
            self.wfile.write(piece)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        made.url = f"http://127.0.0.1:{serving.server_port}/karte.pmtiles"
        yield made
        serving.shutdown()
        thread.join()


@pytest.fixture
def run(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(begun)
    monkeypatch.setenv("EHRENAMT_ALLOWED_NETWORKS", "127.0.0.0/8")
    monkeypatch.setattr(maps, "_CHUNK", 10_000)
    commands.run("init", "--name", "Ehrenamt Hagen", "--url", "https://ehrenamt.hagen.example")
    return commands.run


def _target(tmp_path: Path) -> Path:
    return tmp_path / "data" / "map" / "karte.pmtiles"


def test_a_file_is_taken_shown_and_removed(run: Run, tmp_path: Path) -> None:
    assert "Umrisse und Ortsnamen" in run("map", "show").output
    given = making.archive(tmp_path / "hagen.pmtiles")
    assert "image/png, Stufen 0 bis 3" in run("map", "fetch", str(given)).output
    assert _target(tmp_path).read_bytes() == given.read_bytes()
    shown = json.loads(run("map", "show", "--json").output)
    assert (shown["file"], shown["attribution"]) == (str(_target(tmp_path)), "© OSM")
    run("map", "remove")
    assert not _target(tmp_path).exists()
    assert "Es gibt keine geholte Kartendatei." in run("map", "remove", ends=1).output


def test_what_cannot_be_shown_is_refused_and_the_old_file_stays(run: Run, tmp_path: Path, server: Server) -> None:
    run("map", "fetch", str(making.archive(tmp_path / "a.pmtiles")))
    vector = making.archive(tmp_path / "b.pmtiles", TileType.MVT)
    server.body = vector.read_bytes()
    for source in (str(vector), server.url):
        assert "Vektorkacheln" in run("map", "fetch", source, ends=1).output
    assert len(server.ranges) == 1  # the beginning says it
    assert "fehlt" in run("map", "fetch", str(tmp_path / "none"), ends=1).output
    assert "image/png" in run("map", "show").output


def test_what_broke_off_goes_on_where_it_ended(run: Run, tmp_path: Path, server: Server) -> None:
    server.body = making.archive(tmp_path / "a.pmtiles").read_bytes()
    assert len(server.body) > 40_000
    server.most = 3
    assert "antwortet mit 500" in run("map", "fetch", server.url, ends=1).output
    assert not _target(tmp_path).exists()
    server.most = 10_000
    server.ranges.clear()
    run("map", "fetch", server.url)
    assert server.ranges[:2] == ["bytes=0-9999", "bytes=30000-39999"]
    assert _target(tmp_path).read_bytes() == server.body
    assert list(_target(tmp_path).parent.iterdir()) == [_target(tmp_path)]


def test_a_newer_file_begins_anew(run: Run, tmp_path: Path, server: Server) -> None:
    server.body = making.archive(tmp_path / "a.pmtiles").read_bytes()
    server.most = 3
    run("map", "fetch", server.url, ends=1)
    server.body = making.archive(tmp_path / "b.pmtiles", attribution="© neu").read_bytes()
    server.most, server.mark = 10_000, '"2"'
    run("map", "fetch", server.url)
    assert _target(tmp_path).read_bytes() == server.body


def test_a_server_that_gives_whole_files_may_give_a_small_one(
    run: Run, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.body, server.whole = making.archive(tmp_path / "a.pmtiles").read_bytes(), True
    assert "größer als" in run("map", "fetch", server.url, ends=1).output
    monkeypatch.setattr(maps, "_CHUNK", 1_000_000)
    run("map", "fetch", server.url)
    assert _target(tmp_path).read_bytes() == server.body


def test_without_a_server_it_is_said(run: Run) -> None:
    assert "ist nicht zu holen" in run("map", "fetch", "http://127.0.0.1:9/karte.pmtiles", ends=1).output


def test_a_server_of_tiles_is_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EHRENAMT_MAP_TILES", "https://t.example/{z}/{x}/{y}.png")
    monkeypatch.setenv("EHRENAMT_MAP_ATTRIBUTION", "© Stadt")
    assert "Vom Kachelserver https://t.example/{z}/{x}/{y}.png (© Stadt)" in run("map", "show").output
