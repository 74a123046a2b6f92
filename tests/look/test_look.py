"""The look on both databases and over the real app: colours that can be read, a clean logo, taken over by itself."""

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from fediverse_ehrenamt import app
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict, Invalid
from fediverse_ehrenamt.look import actions, rules
from fediverse_ehrenamt.look.actions import Wishes
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work
from tests import servers, workbench
from tests.commands import run
from tests.web import test_contrast
from tests.workbench import HOME

pytestmark = pytest.mark.anyio
BROWN = "#7a3b00"


@asynccontextmanager
async def browser(instance: Instance) -> AsyncIterator[httpx.AsyncClient]:
    made = app.build(instance)
    made.state.instance_name = "Ehrenamt Hagen"
    made.state.look = await instance.workshop.read(actions.current)
    transport = httpx.ASGITransport(made)
    async with httpx.AsyncClient(transport=transport, base_url=HOME, headers={"accept": "text/html"}) as client:
        yield client


def choose(instance: Instance, **wishes: Any) -> actions.Chosen:
    return instance.workshop.write_now(actions.choose, Wishes(**wishes))


def picture(folder: Path, mode: str = "RGBA", size: tuple[int, int] = (1000, 100), **saved: Any) -> Path:
    file = folder / "logo.png"
    Image.new(mode, size, (0, 0, 0, 0) if mode == "RGBA" else 0).save(file, **saved)
    return file


def test_backgrounds_are_those_of_the_style_sheet() -> None:
    for scheme, colours in test_contrast.schemes().items():
        for name, colour in rules.BACKGROUNDS[scheme].items():
            assert rules.read_colour(colours[name]) == colour


@pytest.mark.parametrize("colour", [BROWN, "#f5a623", "#ffff00", "#00ff00", "#000000", "#ffffff", "#0057b8", "#e30613"])
def test_every_nearest_colour_passes_wherever_the_accent_is_used(colour: str) -> None:
    accent = rules.accent(rules.nearest(colour, rules.LIGHT), "")
    style = rules.style(accent)
    blocks = dict(zip(("light", "dark"), style.split("@media"), strict=True))
    for scheme, colours in test_contrast.schemes().items():
        colours |= dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", blocks[scheme]))
        pairs = [pair for pair in test_contrast.TEXT if "brand" in pair[0] + pair[1]]
        assert len(pairs) == 10
        for first, second in pairs:
            assert test_contrast.contrast(colours[first], colours[second]) >= 4.5, (scheme, first, second)


def test_the_nearest_colour_is_no_further_than_it_must_be() -> None:
    assert rules.nearest(BROWN, rules.LIGHT) == BROWN
    found = rules.nearest("#f5a623", rules.LIGHT)
    assert 4.5 <= rules.weakest(found, rules.LIGHT) < 4.6
    assert rules.contrast("#ffffff", "#000000") == pytest.approx(21)


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"accent": "#f5a623"}, "hellen Flächen nur einen Kontrast von 1,63:1; nötig sind 4,5:1. Am nächsten liegt #"),
        ({"accent": BROWN, "accent_dark": BROWN}, "vor dunklen Flächen nur einen Kontrast von 1,"),
        ({"accent": "braun"}, "„braun“ ist keine Farbe"),
        ({"accent": "#12345"}, "keine Farbe"),
        ({"tagline": "x" * 121}, "hat 121 Zeichen"),
        ({"hashtag": "zwei Worte"}, "ist kein Hashtag"),
        ({"hashtag": "123"}, "ist kein Hashtag"),
        ({"hashtag": "x" * 51}, "ist kein Hashtag"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_can(instance: Instance, wishes: dict[str, str], said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        choose(instance, **wishes)
    for proposed in re.findall(r"liegt (#\w{6})", refused.value.public):
        assert rules.problem("accent", proposed, rules.DARK if "dunklen" in said else rules.LIGHT) is None
    assert instance.workshop.read_now(actions.show) == actions.Chosen("", "", (), "", "", None)


def test_a_dark_accent_alone_is_half_a_look(instance: Instance) -> None:
    with pytest.raises(Conflict, match="auch --accent"):
        choose(instance, accent_dark="#ffffff")


async def test_pages_wear_the_look(instance: Instance, tmp_path: Path) -> None:
    async with browser(instance) as plain:
        before = (await plain.get("/")).text
        assert "aussehen.css" not in before
        assert (await plain.get("/logo.png")).status_code == 404
        assert (await plain.get("/aussehen.css")).text == ""
    chosen = choose(instance, accent="#7A3B00", tagline=" Hagen <b>hilft</b> ", logo=picture(tmp_path))
    assert (chosen.accent, chosen.logo) == (BROWN, (360, 36))
    async with browser(instance) as client:
        page = (await client.get("/")).text
        assert '<p class="lead"><bdi>Hagen &lt;b&gt;hilft&lt;/b&gt;</bdi></p>' in page
        href = re.findall(r'href="(/aussehen\.css\?v=\w+)"', page)[0]
        assert page.index("ehrenamt.css") < page.index(href)
        style = await client.get(href)
        assert f"--brand:{BROWN}" in style.text
        assert style.headers["content-type"] == "text/css; charset=utf-8"
        assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert (await client.get("/aussehen.css")).headers["cache-control"] == "no-cache"
        again = await client.get(href, headers={"if-none-match": style.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        source = re.findall(r'src="(/logo\.png\?v=\w+)"\s*alt=""\s*width="360"\s*height="36"', page)[0]
        assert "<span>Ehrenamt Hagen</span>" in page
        logo = await client.get(source)
        assert logo.headers["content-type"] == "image/png"
        assert Image.open(io.BytesIO(logo.content)).getpixel((0, 0)) == (0, 0, 0, 0)
    choose(instance, accent="", without_logo=True, tagline="")
    async with browser(instance) as client:
        assert (await client.get("/")).text == before


async def test_a_change_is_taken_over_without_a_restart(instance: Instance) -> None:
    made = app.build(instance)
    pages = made._pages
    async with pages.router.lifespan_context(pages):
        assert pages.state.look.style == ""
        await instance.workshop.write(actions.choose, Wishes(accent=BROWN))
        await asyncio.to_thread(servers.wait_until, lambda: pages.state.look.style != "", "the new look", 10)


def test_a_logo_loses_all_but_its_pixels(instance: Instance, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "geheimer Ort"
    choose(instance, logo=picture(tmp_path, "RGB", (50, 80), exif=exif))
    content = instance.workshop.read_now(actions.logo)
    assert b"geheim" not in content
    assert Image.open(io.BytesIO(content)).size == (50, 80)
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    with pytest.raises(Invalid, match=r"logo: logo\.svg ist kein Bild, das wir lesen können; möglich sind JPEG, PNG"):
        choose(instance, logo=tmp_path / "logo.svg")
    with pytest.raises(Invalid, match="Bildpunkte; das ist zu viel"):
        choose(instance, logo=picture(tmp_path, "1", (10_000, 6_100)))
    assert instance.workshop.read_now(actions.logo) == content


def test_posts_carry_the_hashtag_of_the_instance(instance: Instance) -> None:
    def publish(work: Work) -> None:
        owner = workbench.add_organisation(work)
        actions.choose(work, Wishes(hashtag="#EhrenamtHagen"))
        opportunities.publish(work, owner, workbench.offer())
        events.publish(work, owner, workbench.fest(hashtags=("ehrenamthagen", "fest")))

    instance.workshop.write_now(publish)
    bodies = instance.workshop.read_now(lambda work: {row.kind: row.body for row in work.db.scalars(select(ThingRow))})
    assert b'"#EhrenamtHagen"' in _bytes(bodies["opportunity"])
    assert b"EhrenamtHagen" not in _bytes(bodies["event"])
    assert b'"#ehrenamthagen"' in _bytes(bodies["event"])


def _bytes(body: bytes | str) -> bytes:
    return body if isinstance(body, bytes) else body.encode()


def test_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("init", "--name", "Ehrenamt Hagen", "--url", "https://ehrenamt.hagen.example")
    assert "Das mitgelieferte Aussehen" in run("look", "show").output
    words = ("--accent", BROWN, "--tagline", "Hagen hilft", "--hashtag", "#EhrenamtHagen")
    said = run("look", "set", *words, "--logo", str(picture(tmp_path))).output
    assert "Farbe hell:   #7a3b00 (Kontrast mindestens 6,9:1)" in said
    assert re.search(r"Farbe dunkel: #\w{6} \(Kontrast mindestens 4,5:1\)", said)
    assert "360 × 36 Bildpunkte" in said
    assert "#EhrenamtHagen" in said
    assert json.loads(run("look", "show", "--json").output)["tagline"] == "Hagen hilft"
    assert "Am nächsten liegt" in run("look", "set", "--accent", "#ff0", ends=1).output
    assert "entweder --logo oder --no-logo" in run("look", "set", "--logo", "logo.png", "--no-logo", ends=2).output
    run("look", "set", "--no-logo", "--accent-dark", "#ffd9a0")
    assert "ffd9a0" in run("look", "show").output
    assert "mitgelieferte Aussehen" in run("look", "reset").output
    assert json.loads(run("look", "show", "--json").output)["accent"] == ""
