"""The profile of an organisation, on both databases: kept, shown to visitors, told to followers."""

import io
from typing import Any

import orjson
import pytest
from PIL import Image
from sqlalchemy import select

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from tests.accounts.house import House, Visit
from tests.workbench import PEER, Clock, add_follower, add_organisation, offer

pytestmark = pytest.mark.anyio
PROFILE = "/verwaltung/organisationen/buecherei/profil"
TYPED: dict[str, Any] = {
    "name": "Stadtbücherei Hagen", "summary": "Lesen für alle.\n\nSeit 1906.", "legal_form": "kommune",
    "website": "www.buecherei.example", "street": "Springe 1", "postcode": "58095", "locality": "Hagen",
    "mail": "hallo@buecherei.example", "phone": "02331 123456", "on_site": "Di und Do 10–12 Uhr",
    "contact": "intern@buecherei.example", "imprint": "https://buecherei.example/impressum", "privacy": "",
    "icon_alt": "",
}  # fmt: skip


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


@pytest.fixture
def library(hagen: House) -> str:
    return hagen.write(add_organisation)


def owner(hagen: House, library: str) -> str:
    return hagen.add("anna@b.de", "Anna", Grant(Role.OWNER, library)).id


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


async def upload(browser: Visit, content: bytes, **changes: str) -> int:
    files = {"bild": ("logo.png", content, "image/png")}
    data = {"siegel": browser.seal, **TYPED, **changes}
    answer = browser._seen(await browser.client.post(PROFILE, data=data, files=files))
    return answer.status_code


async def test_a_picture_that_is_too_large_leaves_the_form_as_it_was_typed(hagen: House, library: str) -> None:
    async with hagen.visit(owner(hagen, library)) as browser:
        await browser.get(PROFILE)
        files = {"bild": ("logo.png", bytes(20_000_001), "image/png")}
        data = {"siegel": browser.seal, **TYPED, "summary": "Neu gesagt."}
        answer = await browser.client.post(PROFILE, data=data, files=files)
    assert answer.status_code == 422
    assert "„logo.png“ ist größer als 20 MB" in answer.text
    assert "Neu gesagt.</textarea>" in answer.text


async def test_reminders_can_be_switched_off_and_on(hagen: House, library: str) -> None:
    box = 'name="erinnerungen" value="ja" checked'
    async with hagen.visit(owner(hagen, library)) as browser:
        assert box in " ".join((await browser.get(PROFILE)).text.split())
        for wanted, said in ((False, TYPED), (True, TYPED | {"erinnerungen": "ja"})):
            await browser.post(PROFILE, **said)
            assert hagen.write(organisations.is_quiet, library) is not wanted
            assert (box in " ".join((await browser.get(PROFILE)).text.split())) is wanted
        wrong = await browser.post(PROFILE, **(TYPED | {"name": "x"}))
        assert box not in " ".join(wrong.text.split()), "what was chosen is kept beside what is wrong"


async def test_what_is_saved_is_shown_and_told(hagen: House, library: str) -> None:
    hagen.write(add_follower, library, f"{PEER}/users/anna")
    async with hagen.visit(owner(hagen, library)) as browser:
        assert 'value="Stadtbücherei Hagen"' in (await browser.get(PROFILE)).text
        assert (await browser.post(PROFILE, **TYPED)).is_redirect
        assert "hallo@buecherei.example" in (await browser.get(f"{PROFILE}?getan=1")).text
    async with hagen.visit() as browser:
        page = (await browser.get("/organisationen/buecherei")).text
    for shown in (
        "Springe 1, 58095 Hagen", 'href="tel:02331123456"', "mailto:hallo@buecherei.example", "Di und Do 10–12 Uhr",
        'href="https://www.buecherei.example"', 'href="https://buecherei.example/impressum"', "Seit 1906.", "Kommune",
    ):  # fmt: skip
        assert shown in page, shown
    assert "intern@" not in page
    assert hagen.write(organisations.mail_of, library) == "intern@buecherei.example"
    assert hagen.write(organisations.profile, library).longitude == pytest.approx(7.47, abs=0.1)
    (update,) = hagen.write(lambda work: work.db.scalars(select(PublishedRow)).all())
    said = orjson.loads(update.body)
    assert (said["type"], said["actor"], said["object"]["id"]) == ("Update", library, library)
    assert said["object"]["summary"].startswith("<p>Lesen für alle.</p>\n<p>Seit 1906.</p>\n<p>")
    assert 'href="https://www.buecherei.example"' in said["object"]["summary"]
    assert [job.host for job in hagen.write(lambda work: work.db.scalars(select(JobRow)).all())] == ["peer.example"]
    (entry,) = hagen.write(audit.listing, Wanted())
    assert entry.did == Did.ORGANISATION_CHANGED
    assert "Telefon für alle" in entry.detail


async def test_who_wants_no_form_finds_telephone_and_hours_at_each_offer(hagen: House, library: str) -> None:
    page = hagen.write(opportunities.publish, library, offer()).page
    async with hagen.visit(owner(hagen, library)) as browser:
        assert "Lieber ohne Formular?" not in (await browser.get(f"/angebote/{page}")).text
        await browser.get(PROFILE)
        assert (await browser.post(PROFILE, **TYPED)).is_redirect
    async with hagen.visit() as browser:
        text = (await browser.get(f"/angebote/{page}")).text
    assert "Lieber ohne Formular?" in text
    assert 'href="tel:02331123456"' in text
    assert "Di und Do 10–12 Uhr" in text


async def test_what_nobody_elsewhere_sees_is_not_told(hagen: House, library: str) -> None:
    async with hagen.visit(owner(hagen, library)) as browser:
        await browser.get(PROFILE)
        for phone in ("02331 123456", "02331 123457", "02331 123457"):
            assert (await browser.post(PROFILE, **{**TYPED, "phone": phone})).is_redirect
    assert hagen.write(lambda work: len(work.db.scalars(select(PublishedRow)).all())) == 1
    assert [one.detail for one in hagen.write(audit.listing, Wanted())][:-1] == ["Telefon für alle"]


async def test_what_is_wrong_is_said_and_nothing_is_lost(hagen: House, library: str) -> None:
    wrong: dict[str, Any] = {
        "name": "x", "website": "nix nix", "postcode": "580", "mail": "hallo", "phone": "ruf an", "contact": "@",
        "imprint": "javascript:alert(1)", "summary": "x" * 5001, "on_site": "x" * 401, "street": "x" * 121,
    }  # fmt: skip
    async with hagen.visit(owner(hagen, library)) as browser:
        await browser.get(PROFILE)
        answer = await browser.post(PROFILE, **{**TYPED, **wrong})
        assert answer.status_code == 422
        for field in wrong:
            assert f'id="{field}-problem"' in answer.text, field
        assert 'value="ruf an"' in answer.text
    assert hagen.write(organisations.get, "buecherei").website == ""
    assert hagen.write(audit.listing, Wanted()) == []


async def test_a_picture_needs_words_and_goes_to_the_fediverse(hagen: House, library: str) -> None:
    async with hagen.visit(owner(hagen, library)) as browser:
        await browser.get(PROFILE)
        assert await upload(browser, b"no picture", icon_alt="Ein Buch") == 422
        assert await upload(browser, picture()) == 422
        kept = (await browser.post(PROFILE, **TYPED, icon="../../etc/passwd", aktion="speichern")).status_code
        assert kept == 303, "what is no picture of ours is none"
        assert hagen.write(organisations.get, "buecherei").icon == ""
        assert await upload(browser, picture(), icon_alt="Ein offenes Buch") == 303
        name = hagen.write(organisations.get, "buecherei").icon
        assert (await browser.get(f"/media/{name}")).status_code == 200
        assert f'src="/media/{name}" alt="Ein offenes Buch"' in (await browser.get("/organisationen/buecherei")).text
        headers = {"accept": "application/activity+json"}
        said = (await browser.get(library.partition("example")[2], headers=headers)).json()
        assert (said["icon"]["url"], said["icon"]["name"]) == (f"http://hagen.example/media/{name}", "Ein offenes Buch")
        assert (await browser.post(PROFILE, **TYPED, aktion="bild_weg")).is_redirect
    assert hagen.write(organisations.get, "buecherei").icon == ""


async def test_what_is_wrong_is_said_in_the_language_of_the_page(hagen: House, library: str) -> None:
    wrong = {"name": "x", "website": "nein", "phone": "ruft an", "mail": "nein", "postcode": "5", "street": "S" * 121}
    async with hagen.visit(owner(hagen, library)) as browser:
        browser.client.headers["accept-language"] = "en"
        await browser.get(PROFILE)
        page = (await browser.post(PROFILE, **{**TYPED, **wrong})).text
        for said in (
            "needs 3 to 200 characters", "is no telephone number", "is no email address", "has five digits",
            "is longer than 120 characters; please shorten it",
        ):  # fmt: skip
            assert said in page
        files = {"bild": ("logo.png", b"GIF89a nichts", "image/png")}
        answer = await browser.client.post(PROFILE, data={"siegel": browser.seal, **TYPED}, files=files)
        assert "“logo.png” is no picture that we can read; JPEG, PNG, WebP and GIF are possible" in answer.text
