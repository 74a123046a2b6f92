"""The editor of texts, on both databases: the instance's and an organisation's, their versions, and who may write."""

import re

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import beginning, menu
from fediverse_ehrenamt.audit import store
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.texts import actions, rules
from tests.accounts.house import House
from tests.workbench import Clock, add_organisation

pytestmark = pytest.mark.anyio
IMPRINT = f"{menu.TEXTS}/impressum/de"
OF = "/verwaltung/organisationen/buecherei/texte"


@pytest.fixture
def hagen(town: Instance, clock: Clock) -> House:
    return House(town, clock)


def before(page: str) -> str:
    numbers: list[str] = re.findall(r'name="vorher" value="([0-9]+)"', page)
    return numbers[0]


async def test_an_imprint_is_filled_in_and_an_earlier_version_taken_back(hagen: House) -> None:
    olga = hagen.add_operator().id
    async with hagen.visit(olga) as browser:
        listed = (await browser.get(menu.TEXTS)).text
        assert "noch die Vorlage" in listed
        assert "noch 10 Stellen auszufüllen" in listed
        page = (await browser.get(IMPRINT)).text
        assert "<li>Mailadresse</li>" in page
        preview = await browser.post(IMPRINT, text="# Wir\n\n**Stadt** Hagen [[Ort]]", aktion="vorschau", vorher="0")
        assert "<strong>Stadt</strong> Hagen <mark>[Ort]</mark>" in preview.text
        assert hagen.write(actions.history, "impressum", "de") == []
        for _ in range(2):  # sent twice
            answer = await browser.post(IMPRINT, text="# Wir\r\n\r\nStadt Hagen", vorher="0")
            assert answer.headers["location"] == f"{menu.TEXTS}?getan=1"
        hagen.clock.forward(days=1)
        first = hagen.write(actions.history, "impressum", "de")[0].number
        await browser.post(IMPRINT, text="# Wir\n\nStadt Wetter", vorher=str(first))
        assert "eigener Text vom 23. November 2026" in (await browser.get(f"{menu.TEXTS}?getan=1")).text
        assert "Stadt Wetter" in (await browser.get("/impressum")).text
        old = (await browser.get(f"{IMPRINT}?fassung={first}")).text
        assert "Das ist die Fassung vom" in old
        assert "Stadt Hagen" in old
        await browser.post(IMPRINT, text="# Wir\n\nStadt Hagen", vorher=before(old))
        assert "Stadt Hagen" in (await browser.get("/impressum")).text
        for _ in range(2):
            assert (await browser.post(IMPRINT, aktion="vorlage")).is_redirect
        assert "[Mailadresse]" in (await browser.get("/impressum")).text
        assert "zurück zur Vorlage" in (await browser.get(IMPRINT)).text
    entries = hagen.write(store.listing, Wanted())
    assert [(one.did, one.person, one.label) for one in entries] == [
        (Did.TEXT_CHANGED, olga, "Impressum (Deutsch)")
    ] * 4


@pytest.mark.parametrize(("text", "said"), [
    ("  \n", "Der Text ist leer"),
    ("<div></div>", "Der Text ist leer"),
    ("x" * (rules.LONGEST + 1), "höchstens 50.000 Zeichen"),
])  # fmt: skip
async def test_what_cannot_be_a_text_stays_in_the_form(hagen: House, text: str, said: str) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:
        await browser.get(IMPRINT)
        answer = await browser.post(IMPRINT, text=text, vorher="0")
        assert answer.status_code == 422
        assert said in answer.text
        assert 'aria-invalid="true"' in answer.text
        for path in ("/x/de", "/impressum/fr"):
            assert (await browser.get(menu.TEXTS + path)).status_code == 404


async def test_of_two_who_write_neither_loses_anything(hagen: House) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:
        page = (await browser.get(IMPRINT)).text
        hagen.write(actions.write, "impressum", "de", "# Anders")
        answer = await browser.post(IMPRINT, text="# Meines", vorher=before(page))
        assert answer.status_code == 409
        assert "# Meines</textarea>" in answer.text
        assert "jemand anderes" in answer.text
        assert (await browser.post(IMPRINT, text="# Meines", vorher=before(answer.text))).is_redirect
    assert [one.source for one in hagen.write(actions.history, "impressum", "de")] == ["# Meines\n", "# Anders\n"]


async def test_an_organisation_has_its_own(hagen: House) -> None:
    library = hagen.write(add_organisation)
    owner, editor = (hagen.add(f"{role}@b.de", "Anna", Grant(role, library)).id for role in (Role.OWNER, Role.EDITOR))
    clara = hagen.add("clara@b.de", "Clara", Grant(Role.COORDINATOR)).id
    async with hagen.visit(editor) as browser:
        assert (await browser.get(OF)).status_code == 403
        assert OF not in (await browser.get("/verwaltung/organisationen/buecherei")).text
    async with hagen.visit(owner) as browser:
        assert OF in (await browser.get("/verwaltung/organisationen/buecherei")).text
        assert "gibt es noch nicht" in (await browser.get(OF)).text
        assert (await browser.get(f"{OF}/regeln/de")).status_code == 404
        await browser.get(f"{OF}/impressum/de")
        assert (
            (await browser.post(f"{OF}/impressum/de", text="Bücherei", vorher="0")).headers["location"].startswith(OF)
        )
        assert "Bücherei" in (await browser.get("/organisationen/buecherei/impressum")).text
        emptied = await browser.post(f"{OF}/impressum/de", text=" \n", vorher="1")
        assert emptied.is_redirect, "emptied is taken away"
        assert (await browser.get("/organisationen/buecherei/impressum")).status_code == 404
        assert "/buecherei/impressum" not in (await browser.get("/organisationen/buecherei")).text
        empty = await browser.post(f"{OF}/impressum/de", text="", vorher="0")
        assert (empty.status_code, "Vorlage" in empty.text.partition("text-problem")[2][:300]) == (422, False)
        again = (await browser.get(f"{OF}/impressum/de")).text
        assert (await browser.post(f"{OF}/impressum/de", text="Bücherei", vorher=before(again))).is_redirect
    async with hagen.visit(clara) as browser:
        await browser.get(f"{OF}/impressum/de")
        assert (await browser.post(f"{OF}/impressum/de", aktion="vorlage")).is_redirect
        assert (await browser.get("/organisationen/buecherei/impressum")).status_code == 404
    taken, written, _emptied, _first = hagen.write(store.listing, Wanted())
    assert (taken.person, taken.on_behalf, taken.detail) == (clara, True, "zurück zur Vorlage")
    assert (written.person, written.on_behalf, written.organisation) == (owner, False, library)


async def test_what_is_next_is_ticked_when_it_is_done(hagen: House) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:
        page = (await browser.get(menu.PATH)).text
        assert "Als Nächstes" in page
        assert f'href="{IMPRINT}"' in page
        hagen.write(actions.write, "impressum", "de", "# Wir\n\nStadt Hagen")
        hagen.write(add_organisation)
        page = (await browser.get(menu.PATH)).text
        assert page.count("Erledigt:") == 2
        assert f'href="{IMPRINT}"' not in page
        hagen.clock.now += beginning.NEW
        hagen.clock.forward(days=1)
    async with hagen.visit(hagen.add_operator("o2@b.de").id) as browser:
        assert "Als Nächstes" not in (await browser.get(menu.PATH)).text
