"""Name and look of the portal, changed in the browser, on both databases: refused, logged, told, taken back."""

import httpx
import pytest
from PIL import Image
from sqlalchemy import delete, select

from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import store
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.look import actions, rules
from fediverse_ehrenamt.look.model import FORMER, LookRow
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.accounts.house import House, Visit
from tests.media import pictures
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
GIVEN = {"name": "Mithelfen in Hagen", "leitsatz": "Zeit  schenken", "farbe": "#7a3b00", "hashtag": "#EhrenamtHagen"}


@pytest.fixture
def hagen(town: Instance, clock: Clock) -> House:
    return House(town, clock)


async def send(browser: Visit, logo: bytes = b"", **changes: str) -> httpx.Response:
    fields = GIVEN | changes | {"siegel": browser.seal}
    files = {"logo": ("logo.png", logo)} if logo else None
    return await browser.client.post(menu.LOOK, data=fields, files=files)


async def test_it_is_changed_shown_told_logged_and_taken_back(hagen: House) -> None:
    olga = hagen.add_operator().id
    hagen.write(workbench.know, workbench.ANNA)
    hagen.write(lambda work: workbench.add_follower(work, workbench.instance_actor(work), workbench.ANNA))
    async with hagen.visit(olga) as browser:
        assert f'value="{rules.USUAL}"' in (await browser.get(menu.LOOK)).text
        for _ in range(2):  # sent twice
            answer = await send(browser, pictures.written(Image.new("RGB", (800, 400), "red"), "PNG"))
            assert answer.status_code == 303
        page = (await browser.get(f"{menu.LOOK}?getan=1")).text
        assert "<span>Mithelfen in Hagen</span>" in page
        assert 'value="Zeit schenken"' in page
        assert 'width="192"' in page
        chosen = hagen.write(actions.show)
        assert (chosen.accent, chosen.hashtag, chosen.logo) == ("#7a3b00", "EhrenamtHagen", (192, 96))

        def told(work: Work) -> tuple[str, int]:
            name = work.db.scalar(select(LocalActorRow.name).where(LocalActorRow.type == "Application"))
            return name or "", len(work.db.scalars(select(JobRow).where(JobRow.host == "peer.example")).all())

        assert hagen.write(told) == ("Mithelfen in Hagen", 1)
        assert (await browser.post(menu.LOOK, aktion="rueckgaengig")).is_redirect
        chosen = hagen.write(actions.show)
        assert (chosen.accent, chosen.tagline, chosen.hashtag, chosen.logo) == ("", "", "", None)
        assert "<span>Ehrenamt Hagen</span>" in (await browser.get(menu.LOOK)).text
    entries = hagen.write(store.listing, Wanted(did=Did.LOOK_CHANGED))
    assert {one.person for one in entries} == {olga}
    assert entries[-1].detail.startswith("Ehrenamt Hagen → Mithelfen in Hagen; – → Zeit schenken")


@pytest.mark.parametrize(("change", "name", "said"), [
    ({"farbe": "#ffff00"}, "farbe", "Am nächsten liegt #"),
    ({"name": "x"}, "name", "braucht 3 bis 200"),
    ({"leitsatz": "x" * 121}, "leitsatz", "höchstens 120"),
    ({"hashtag": "zwei Wörter"}, "hashtag", "kein Hashtag"),
    ({"logo": "x"}, "logo", "kein Bild"),
])  # fmt: skip
async def test_what_is_wrong_is_said_beside_it(hagen: House, change: dict[str, str], name: str, said: str) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:
        await browser.get(menu.LOOK)
        text = dict(change)
        answer = await send(browser, text.pop("logo", "").encode(), **text)
        assert answer.status_code == 422
        assert said in answer.text
        assert f'id="{name}-problem"' in answer.text
        assert hagen.write(actions.show).accent == ""
        if name == "farbe":
            assert (await send(browser, farbe="#ffff00", farbe_stattdessen="#7a3b00")).status_code == 303
            assert hagen.write(actions.show).accent == "#7a3b00"


async def test_all_that_is_wrong_is_said_at_once(hagen: House) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:
        await browser.get(menu.LOOK)
        answer = await send(browser, b"x", name="x", farbe="#ffff00", hashtag="zwei Wörter", leitsatz="Zeit schenken")
    assert answer.status_code == 422
    assert all(f'id="{field}-problem"' in answer.text for field in ("name", "farbe", "hashtag", "logo"))
    assert 'value="Zeit schenken"' in answer.text
    assert hagen.write(actions.show).tagline == ""


async def test_a_logo_that_is_too_large_leaves_what_was_typed(hagen: House) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:
        await browser.get(menu.LOOK)
        answer = await send(browser, bytes(20_000_001), leitsatz="Zeit schenken")
    assert answer.status_code == 422
    assert "ist größer als 20 MB; bitte verkleinern" in answer.text
    assert 'value="Zeit schenken"' in answer.text


@pytest.mark.parametrize(("change", "said"), [
    ({"farbe": "#ffff00"}, "before light surfaces; 4.5:1 is needed. The nearest is #"),
    ({"farbe": "braun"}, "“braun” is no colour"),
    ({"name": "x"}, "needs 3 to 200 characters"),
    ({"hashtag": "zwei Wörter"}, "“zwei Wörter” is no hashtag"),
])  # fmt: skip
async def test_what_is_wrong_is_said_in_the_language_of_the_page(
    hagen: House, change: dict[str, str], said: str
) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:
        browser.client.headers["accept-language"] = "en"
        await browser.get(menu.LOOK)
        assert said in (await send(browser, b"", **change)).text


def png(colour: str, width: int) -> bytes:
    return pictures.written(Image.new("RGB", (width, 96), colour), "PNG")


async def test_the_logo_comes_back_and_goes_again(hagen: House) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:

        async def undo() -> bytes:
            page = (await browser.get(menu.LOOK)).text
            assert "Letzte Änderung zurücknehmen" in page
            assert (await browser.post(menu.LOOK, aktion="rueckgaengig")).is_redirect
            logo: bytes = hagen.write(actions.logo)
            return logo

        await browser.get(menu.LOOK)
        await send(browser, png("red", 96))
        red = hagen.write(actions.logo)
        await send(browser, png("blue", 192))
        blue, size = hagen.write(actions.logo), hagen.write(actions.show).logo
        assert red != blue
        assert (await undo(), hagen.write(actions.show).logo) == (red, (96, 96))
        assert (await undo(), hagen.write(actions.show).logo) == (blue, size)
        await send(browser, logo_weg="ja")
        assert (hagen.write(actions.logo), await undo()) == (b"", blue)
        assert await undo() == b"", "what was taken back is itself taken back"
        served = await browser.client.get("/aussehen/logo.png")
        assert served.status_code == 404


async def test_a_logo_of_which_nothing_former_was_kept_stays(hagen: House) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:
        await browser.get(menu.LOOK)
        await send(browser, png("red", 96))
        red = hagen.write(actions.logo)
        hagen.write(lambda work: work.db.execute(delete(LookRow).where(LookRow.id == FORMER)))  # as an older version
        await browser.post(menu.LOOK, aktion="rueckgaengig")
        assert (hagen.write(actions.logo), hagen.write(actions.show).accent) == (red, "")
