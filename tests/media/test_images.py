"""Images: re-encoded without what they must not tell, bounded, refused where they are none."""

import io
import random
import struct
import zlib
from pathlib import Path

import httpx
import pytest
from PIL import ExifTags, Image

from fediverse_ehrenamt import app
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.media import images, limits

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(size: tuple[int, int] = (40, 20), mode: str = "RGB") -> Image.Image:
    made = Image.new("RGB", size, RED)
    made.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    return made.convert(mode)


def saved(made: Image.Image, file: Path, kind: str, **options: object) -> Path:
    made.save(file, kind, **options)
    return file


def kept(data: Path, file: Path) -> Image.Image:
    with Image.open(images.path(data, images.keep(data, file))) as opened:
        opened.load()
        return opened


def refused(data: Path, file: Path) -> str:
    with pytest.raises(Invalid) as caught:
        images.keep(data, file)
    (problem,) = caught.value.problems
    assert problem.field == "image.file"
    assert list(data.rglob("*.part")) == []
    return problem.message


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


def test_where_it_was_taken_stays_with_the_photographer(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Geheimkamera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 21.0, 0.0)
    exif[ExifTags.Base.Orientation] = 6  # a quarter turn
    file = saved(picture(), tmp_path / "foto.jpg", "JPEG", exif=exif, comment=b"privat")
    assert b"Geheimkamera" in file.read_bytes()
    name = images.keep(tmp_path, file)
    content = images.path(tmp_path, name).read_bytes()
    assert b"Exif" not in content
    assert b"Geheimkamera" not in content
    assert b"privat" not in content
    upright = kept(tmp_path, file)
    assert upright.size == (20, 40)
    assert len(upright.getexif()) == 0


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_becomes_white(tmp_path: Path, kind: str) -> None:
    made = Image.new("RGBA", (30, 30), (*RED, 255))
    made.paste((0, 0, 0, 0), (0, 0, 15, 30))
    found = kept(tmp_path, saved(made, tmp_path / "x", kind, **({"lossless": True} if kind == "WEBP" else {})))
    assert (found.format, found.mode) == ("JPEG", "RGB")
    assert near(found.getpixel((3, 15)), (255, 255, 255))
    assert near(found.getpixel((25, 15)), RED)


@pytest.mark.parametrize(
    ("kind", "mode"), [("GIF", "P"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "1"), ("JPEG", "CMYK"), ("JPEG", "L")]
)
def test_all_kinds_of_colours(tmp_path: Path, kind: str, mode: str) -> None:
    assert kept(tmp_path, saved(picture(mode=mode), tmp_path / "x", kind)).size == (40, 20)


@pytest.mark.parametrize("options", [{}, {"transparency": 40_000}])
def test_greys_of_16_bits(tmp_path: Path, options: dict[str, int]) -> None:
    row = struct.pack("<30H", *[10_000] * 15, *[40_000] * 15)
    made = Image.frombytes("I;16", (30, 30), row * 30)
    found = kept(tmp_path, saved(made, tmp_path / "x", "PNG", **options))
    assert near(found.getpixel((3, 15)), (39, 39, 39))
    assert near(found.getpixel((25, 15)), (156, 156, 156))


def test_large_ones_are_made_smaller_and_small_ones_left(tmp_path: Path) -> None:
    assert kept(tmp_path, saved(picture((2600, 1300)), tmp_path / "x", "JPEG")).size == (1280, 640)
    assert kept(tmp_path, saved(picture((10, 10)), tmp_path / "y", "JPEG")).size == (10, 10)


def test_the_same_content_has_the_same_name(tmp_path: Path) -> None:
    first, second = (saved(picture(), tmp_path / name, "PNG") for name in ("a", "b"))
    assert images.keep(tmp_path, first) == images.keep(tmp_path, second)
    assert len(list(images.folder(tmp_path).rglob("*.jpg"))) == 1


@pytest.mark.parametrize("content", [b"", b"kein Bild", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff"])
def test_no_image(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.jpg"
    file.write_bytes(content)
    assert "ist kein Bild" in refused(tmp_path, file)


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO"])
def test_kinds_that_are_not_taken(tmp_path: Path, kind: str) -> None:
    assert "JPEG, PNG, WebP und GIF" in refused(tmp_path, saved(picture(), tmp_path / "x", kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_broken_ones_are_refused_or_read_and_never_break_us(tmp_path: Path, kind: str) -> None:
    whole = saved(picture((64, 64)), tmp_path / "whole", kind).read_bytes()
    chance = random.Random(7)  # noqa: S311 - the same damage in every run
    file = tmp_path / "broken"
    for _ in range(120):
        damaged = bytearray(whole[: chance.randrange(1, len(whole))] if chance.random() < 0.5 else whole)
        for _ in range(chance.randrange(4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        file.write_bytes(damaged)
        try:
            images.keep(tmp_path, file)
        except Invalid:
            continue


def test_a_jpeg_of_many_scans(tmp_path: Path) -> None:
    """Its last scan again and again: some bytes each, and all pixels are gone over each time."""
    whole = saved(picture((64, 64)), tmp_path / "whole.jpg", "JPEG", progressive=True).read_bytes()
    last = whole.rindex(b"\xff\xda")
    file = tmp_path / "scans.jpg"
    for again, scans in ((20, True), (200, False)):
        file.write_bytes(whole[:-2] + whole[last:-2] * again + whole[-2:])
        if scans:
            assert kept(tmp_path, file).size == (64, 64)
        else:
            assert "ist kein Bild" in refused(tmp_path, file)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("width", "height", "reason"),
    [(8_000, 8_000, "das ist zu viel"), (10_000, 10_000, "kein Bild"), (60_000, 60_000, "kein Bild")],
)
def test_bombs(tmp_path: Path, width: int, height: int, reason: str) -> None:
    file = tmp_path / "bomb.png"
    file.write_bytes(bomb(width, height))
    assert reason in refused(tmp_path, file)


def test_a_file_that_is_too_large_or_not_there(tmp_path: Path) -> None:
    file = tmp_path / "x.jpg"
    with file.open("wb") as opened:
        opened.truncate(limits.BYTES + 1)
    assert "größer als 20 MB" in refused(tmp_path, file)
    assert "kann nicht gelesen werden" in refused(tmp_path, tmp_path / "missing.jpg")
    assert "kann nicht gelesen werden" in refused(tmp_path, tmp_path)


@pytest.mark.anyio
async def test_images_are_served_for_ever_and_nothing_else_is(town: Instance, tmp_path: Path) -> None:
    name = images.keep(tmp_path, saved(picture(), tmp_path / "x", "PNG"))
    front = app.build(town)
    front.state.instance_name = "Hagen"  # as its lifespan does, which would also close the instance
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://hagen.example") as client:
        answer = await client.get(f"/media/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        with Image.open(io.BytesIO(answer.content)) as opened:
            assert opened.size == (40, 20)
        for wrong in (f"{'0' * 32}.jpg", "..%2f..%2fehrenamt.sqlite", "ehrenamt.sqlite", f"{name}.part"):
            assert (await client.get(f"/media/{wrong}")).status_code == 404
