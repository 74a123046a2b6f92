"""Narrower copies of pictures: they tell as little as the picture, are never enlarged, and leave with it."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from PIL import Image

from fediverse_ehrenamt import app
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.media import images, remote, widths
from fediverse_ehrenamt.opportunities import actions as opportunities
from tests.accounts.house import House
from tests.media import pictures
from tests.workbench import HOME, Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
SECRETS = (b"Exif", b"Geheimkamera", b"Erika", b"privat", b"GPS")


def kept(folder: Path, content: bytes) -> Path:
    return images.path(folder, images.keep_content(folder, content))


def size(content: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(content)) as opened:
        opened.load()
        assert not opened.getexif()
        return opened.size


def test_where_it_was_taken_stays_with_the_photographer_in_every_width(tmp_path: Path) -> None:
    photograph = pictures.photograph((1600, 800))
    assert all(secret in photograph for secret in SECRETS[:4])
    file = kept(tmp_path, photograph)
    found = [file, *(widths.find(file, width) for width in widths.WIDTHS)]
    assert [size(one.read_bytes()) for one in found] == [(1280, 640), (320, 160), (640, 320)]
    for one in found:
        content = one.read_bytes()
        assert [secret for secret in SECRETS if secret in content] == []


def test_nothing_is_enlarged(tmp_path: Path) -> None:
    small, middling = (kept(tmp_path, pictures.content(size=(side, 90))) for side in (320, 500))
    assert [widths.find(small, width) for width in widths.WIDTHS] == [small, small]
    assert size(widths.find(middling, 320).read_bytes()) == (320, 58)
    assert widths.find(middling, 640) == middling
    assert widths.copies(small.read_bytes()) == {}


def test_a_line_stays_a_line(tmp_path: Path) -> None:
    line = kept(tmp_path, pictures.content(size=(1280, 1)))
    assert size(widths.find(line, 320).read_bytes()) == (320, 1)


def test_all_who_ask_at_once_get_the_same_copy(tmp_path: Path) -> None:
    file = kept(tmp_path, pictures.content(size=(900, 900)))
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: size(widths.find(file, 320).read_bytes()), range(16)))
    assert found == [(320, 320)] * 16
    widths.remove(file)
    assert list(file.parent.iterdir()) == []
    with pytest.raises(NotFound):
        widths.find(file, 320)


async def test_copies_are_served_like_their_pictures(town: Instance) -> None:
    data = town.workshop.settings.data
    name = images.keep_content(data, pictures.content(size=(800, 400)))
    far = remote.path(data, name)
    images.write(far, images.path(data, name).read_bytes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app.build(town)), base_url=HOME) as client:
        for base in ("/media", "/media/fern"):
            whole = await client.get(f"{base}/{name}")
            narrow = await client.get(f"{base}/320/{name}")
            assert (size(whole.content), size(narrow.content)) == ((800, 400), (320, 160))
            assert whole.headers["cache-control"] == narrow.headers["cache-control"]
            assert narrow.headers["content-type"] == "image/jpeg"
            for wrong in (f"{base}/321/{name}", f"{base}/320/{'0' * 32}.jpg", f"{base}/320/{name[:-4]}-320.jpg"):
                assert (await client.get(wrong)).status_code == 404


async def test_pages_offer_all_widths_and_a_place_of_the_right_shape(town: Instance, clock: Clock) -> None:
    hagen = House(town, clock)
    library = hagen.write(add_organisation)
    name = images.keep_content(town.workshop.settings.data, pictures.content(size=(800, 400)))
    pictured = replace(offer(), image=name, image_alt="Ein Regal voller Bücher")
    page = hagen.write(opportunities.publish, library, pictured).page
    async with hagen.visit() as browser:
        text = (await browser.get(f"/angebote/{page}")).text
    assert f'srcset="/media/320/{name} 320w, /media/640/{name} 640w, /media/{name} 1280w"' in text
    assert 'width="960"' in text


def test_a_browser_chooses_among_widths() -> None:
    assert widths.srcset("/media/ab.jpg") == "/media/320/ab.jpg 320w, /media/640/ab.jpg 640w, /media/ab.jpg 1280w"
    assert widths.srcset("/media/fern/ab.jpg").startswith("/media/fern/320/ab.jpg 320w, ")
    assert widths.srcset("") == ""
