"""Doubtful duplicates in the browser, on both databases: side by side, joined, parted, taken back."""

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import comparing, menu
from fediverse_ehrenamt.admin.comparing import Piece
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.duplicates import store
from fediverse_ehrenamt.duplicates.model import WAITING
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.search import store as documents
from tests.accounts.house import House
from tests.duplicates.making import TEXT, document, put, shown
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
PAIRS = menu.DUPLICATES


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def doubtful(hagen: House) -> int:
    """Bring two listings in that may be the same; return the number of the pair."""
    text = TEXT.replace("Bilderbücher", "dicke Bücher")
    copy = document(2, "b.example", title="Vorlesen <b>im</b> Haus", text=text, when="dienstags")
    put(hagen.instance.workshop, document(), copy)
    (row,) = hagen.write(lambda work: [one.id for one in store.listed(work, [WAITING])])
    return int(row)


async def test_a_pair_is_joined_parted_and_asked_about_again(hagen: House) -> None:
    pair = doubtful(hagen)
    clara = hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id
    async with hagen.visit(clara) as browser:
        assert "Vorlesen &lt;b&gt;im&lt;/b&gt; Haus" in (await browser.get(PAIRS)).text
        page = (await browser.get(f"{PAIRS}/{pair}")).text
        await browser.post(f"{PAIRS}/{pair}", was="dasselbe")
        joined = await browser.post(f"{PAIRS}/{pair}", was="dasselbe")
        assert len(shown(hagen.instance.workshop)) == 1
        assert "Rückgängig machen" in (await browser.get(joined.headers["location"])).text
        assert "Trennen" in (await browser.get(f"{PAIRS}?stand=zusammen")).text
        await browser.post(f"{PAIRS}/{pair}", was="verschieden")
        assert len(shown(hagen.instance.workshop)) == 2
        assert "b.example" in (await browser.get(f"{PAIRS}?stand=verschieden")).text
        assert "Kein Paar wartet" in (await browser.get(PAIRS)).text
        await browser.post(f"{PAIRS}/{pair}", was="zuruecknehmen")
        assert "b.example" in (await browser.get(PAIRS)).text
    assert "<mark>Bilderbücher</mark>" in page
    assert "<mark>dicke Bücher</mark>" in page
    noted = [one.did for one in hagen.write(audit.listing, Wanted())]
    assert noted == [Did.DUPLICATE_PARTED, Did.DUPLICATE_PARTED, Did.DUPLICATE_JOINED]


async def test_what_is_not_there_is_not_decided(hagen: House) -> None:
    pair = doubtful(hagen)
    async with hagen.visit(hagen.add_operator().id) as browser:
        assert (await browser.get(f"{PAIRS}/4711")).status_code == 404
        assert (await browser.get(f"{PAIRS}?stand=x&ab=99999999")).status_code == 200
        assert (await browser.post(f"{PAIRS}/{pair}", was="tanzen")).headers["location"] == f"{PAIRS}/{pair}"
        assert (await browser.post(f"{PAIRS}/4711", was="dasselbe")).status_code == 404
        hagen.write(documents.remove, [document(2, "b.example").uri])
        assert (await browser.get(f"{PAIRS}/{pair}")).status_code == 404
    assert hagen.write(audit.listing, Wanted()) == []


def test_what_stands_in_one_text_only_is_marked() -> None:
    one, other = comparing.beside("a b c", "a x c d")
    assert one == [Piece("a", alone=False), Piece("b", alone=True), Piece("c", alone=False)]
    assert other[1::2] == [Piece("x", alone=True), Piece("d", alone=True)]
    assert comparing.beside("", "neu") == ([], [Piece("neu", alone=True)])
    assert sum(len(piece.text.split()) for piece in comparing.beside("w " * 2_000, "")[0]) == comparing.WORDS
