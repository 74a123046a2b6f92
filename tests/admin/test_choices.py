"""Place, languages and areas of the portal, chosen in the browser, on both databases; forms and pages follow."""

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import store
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.places import data
from fediverse_ehrenamt.preferences import actions, rules
from fediverse_ehrenamt.preferences.rules import Preferences
from fediverse_ehrenamt.vocab import labels
from tests.accounts.house import House
from tests.workbench import Clock, add_organisation

pytestmark = pytest.mark.anyio
GIVEN = {"ort": "58095", "sprachen": "uk", "bereich-sport": "aus", "bereich-kultur": "zuerst"}


@pytest.fixture
def hagen(town: Instance, clock: Clock) -> House:
    return House(town, clock)


async def test_forms_and_pages_follow(hagen: House) -> None:
    library = hagen.write(add_organisation)
    clara = hagen.add("clara@b.de", "Clara", Grant(Role.COORDINATOR), Grant(Role.OWNER, library)).id
    desk = "/verwaltung/organisationen/buecherei/angebot/neu"
    async with hagen.visit(clara) as browser:
        assert 'value="sport"' in (await browser.get(desk, follow_redirects=True)).text
        assert 'hreflang="ar"' in (await browser.get("/impressum")).text
        await browser.get(menu.AREAS)
        sealed = GIVEN | {"siegel": browser.seal}
        for _ in range(2):  # sent twice
            assert (await browser.client.post(menu.AREAS, data=sealed)).headers["location"] == f"{menu.AREAS}?getan=1"
        page = (await browser.get(f"{menu.AREAS}?getan=1")).text
        assert 'value="Hagen"' in page
        written = (await browser.get(desk, follow_redirects=True)).text
        assert 'value="sport"' not in written
        assert written.index('value="kultur"') < written.index('value="soziales"')
        front = (await browser.get("/")).text
        assert "bereich=sport" not in front
        assert "bereich=kultur" in front
        imprint = (await browser.get("/impressum")).text
        assert 'hreflang="uk"' in imprint
        assert 'hreflang="ar"' not in imprint
    preferred = hagen.write(actions.current)
    assert preferred.home is not None
    assert data.home() == (preferred.home.latitude, preferred.home.longitude)  # names mean places there from now on
    assert (preferred.languages, preferred.first_areas, preferred.hidden_areas) == (
        ("de", "uk"),
        ("kultur",),
        ("sport",),
    )
    (entry,) = hagen.write(store.listing, Wanted(did=Did.INSTANCE_CHANGED))
    assert entry.detail == "Ort: Hagen; Sprachen: de, uk; zuerst: Kultur & Musik; ausgeblendet: Sport"


async def test_what_cannot_be_chosen_is_said(hagen: House) -> None:
    async with hagen.visit(hagen.add_operator().id) as browser:
        await browser.get(menu.AREAS)
        answer = await browser.post(menu.AREAS, ort="Xyzzyheim")
        assert answer.status_code == 422
        assert "„Xyzzyheim“ kennen wir nicht" in answer.text
        assert 'value="Xyzzyheim"' in answer.text
        hidden = {f"bereich-{slug}": "aus" for slug in labels.AREA_SHORT} | {"siegel": browser.seal}
        answer = await browser.client.post(menu.AREAS, data=hidden)
        assert answer.status_code == 422
        assert "nicht alle Bereiche" in answer.text
    assert hagen.write(actions.current) == Preferences()


def test_what_is_hidden_is_offered_to_those_who_chose_it() -> None:
    choices = (("a", "A"), ("b", "B"), ("c", "C"))
    preferred = Preferences(first_areas=("c", "gone"), hidden_areas=("b",))
    assert rules.offered(choices, preferred) == [("c", "C"), ("a", "A")]
    assert rules.offered(choices, preferred, ("b",)) == [("c", "C"), ("a", "A"), ("b", "B")]
    assert rules.languages((), ("de", "en"), "de") == ("de",)
    assert rules.languages(("en",), ("de", "en"), "de") == ()
