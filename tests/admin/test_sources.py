"""Sources in the browser, on both databases: looked at, added, narrowed, read again, removed; against a real server."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import choosing, sources
from fediverse_ehrenamt.audit import store as log
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.federation import catching_up
from fediverse_ehrenamt.federation import sources as following
from fediverse_ehrenamt.federation.chosen import Choice
from fediverse_ehrenamt.imports.model import ImportSourceRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit.errors import Rejected
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START
from fediverse_ehrenamt.vocab.types import Collection, CollectionPage
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.federation import origin
from tests.federation.origin import Origin
from tests.federation.test_sources import OUTBOX, create_of
from tests.workbench import NOW, Clock, add_source

pytestmark = pytest.mark.anyio
SOURCES = "/verwaltung/quellen"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


@pytest.fixture
def clara(hagen: House) -> str:
    return hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id


@pytest.fixture
async def peer(anyio_backend: str) -> AsyncIterator[Origin]:
    assert anyio_backend == "asyncio"
    async with origin.origin() as one:
        yield one


def publish(peer: Origin, *numbers: int) -> str:
    """Let Anna have published notes; return her URI."""
    peer.actor(outbox=peer.at(OUTBOX), name="Annas Garten", summary="<p>Wir gärtnern.</p><script>x</script>")
    first = CollectionPage(id=peer.at(f"{OUTBOX}?page=1"), items=tuple(create_of(peer, one) for one in numbers))
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), total=len(numbers), first=first))
    return peer.at("/users/anna")


def waiting(work: Work) -> list[str]:
    return list(work.db.scalars(select(JobRow.argument).where(JobRow.name == "read_outbox")))


def indexed(work: Work) -> int:
    return len([change for change in search.changes(work, START) if change.card])


def noted(hagen: House) -> list[tuple[Did, str, str, str]]:
    return [(one.did, one.label, one.uri, one.detail) for one in hagen.write(log.listing, Wanted())]


async def read(hagen: House, uri: str) -> None:
    await catching_up.read_outbox(hagen.instance.workshop, wiring.HANDLERS, uri, whole=True)


async def test_a_source_is_looked_at_and_then_added(hagen: House, clara: str, peer: Origin) -> None:
    anna = publish(peer, 1, 2)
    async with hagen.visit(clara) as browser:
        await browser.get(f"{SOURCES}/neu")
        preview = await browser.post(f"{SOURCES}/neu", adresse=f"  {anna} ")
        assert hagen.write(following.listing) == [], "looking follows nobody"
        wrong = await browser.post(f"{SOURCES}/hinzufuegen", uri=anna, ort="Xyzzyheim", umkreis="weit", bereich="sport")
        assert hagen.write(following.listing) == []
        added = await browser.post(
            f"{SOURCES}/hinzufuegen", uri=anna, ort="Hagen", bereich="sport", art="opportunity", vertrauen="review"
        )
        twice = await browser.post(f"{SOURCES}/hinzufuegen", uri=anna)
        page = (await browser.get(added.headers["location"])).text
        again = await browser.post(f"{SOURCES}/neu", adresse=anna)
        listed = (await browser.get(SOURCES)).text
    for said in ("Annas Garten", "Wir gärtnern.", "2 Einträge in seinem Verzeichnis", "Helfer:innen gesucht"):
        assert said in preview.text
    assert "<script>x" not in preview.text
    assert wrong.status_code == 422
    for said in (
        'value="Xyzzyheim"',
        "„Xyzzyheim“ kennen wir nicht",
        "Das ist keine Entfernung",
        'value="sport" checked',
    ):
        assert said in wrong.text
    assert "Die Quelle ist angefragt." in page
    assert twice.is_redirect
    assert again.headers["location"] == sources.href(anna)
    (one,) = hagen.write(following.listing)
    assert (one.trust, one.choice and one.choice.areas, one.choice and one.choice.radius_km) == (
        "review",
        ("sport",),
        20,
    )
    assert all(said in listed for said in ("Sport", "bis 20", "nach Prüfung"))
    assert noted(hagen) == [(Did.SOURCE_ADDED, "Annas Garten", anna, "")]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "Hier fehlt die Adresse"),
        ("nicht da", "Dort finden wir kein Konto"),
        ("http://hagen.example", "diese Instanz selbst"),
    ],
)
async def test_what_is_no_source_is_said_beside_the_field(hagen: House, clara: str, address: str, said: str) -> None:
    async with hagen.visit(clara) as browser:
        await browser.get(f"{SOURCES}/neu")
        answer = await browser.post(f"{SOURCES}/neu", adresse=address)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{address}"' in answer.text


async def test_a_choice_narrows_what_is_indexed(hagen: House, clara: str, peer: Origin) -> None:
    anna = publish(peer, 1, 2, 3)
    hagen.write(add_source, anna)
    await read(hagen, anna)
    assert hagen.write(indexed) == 3
    async with hagen.visit(clara) as browser:
        page = (await browser.get(sources.href(anna))).text
        wrong = await browser.post(f"{SOURCES}/quelle/aendern", uri=anna, umkreis="20")
        narrowed = await browser.post(f"{SOURCES}/quelle/aendern", uri=anna, art="event", vertrauen="direct")
        told = (await browser.get(narrowed.headers["location"])).text
        same = await browser.post(f"{SOURCES}/quelle/aendern", uri=anna, art="event", vertrauen="direct")
        stray = await browser.post(f"{SOURCES}/quelle/aendern", uri="https://nowhere.example/x")
    assert "Einträge im Index" in page
    assert wrong.status_code == 422
    assert "Zu einer Entfernung gehört ein Ort" in wrong.text
    assert "3 Einträge haben den Index verlassen" in told
    assert same.headers["location"].endswith("anzahl=0")
    assert stray.status_code == 404
    assert hagen.write(indexed) == 0
    assert hagen.write(waiting) == [anna]
    assert noted(hagen) == [(Did.SOURCE_CHANGED, "Annas Garten", anna, "Termin")]


async def test_it_is_read_again_now_and_once(hagen: House, clara: str, peer: Origin) -> None:
    anna = publish(peer, 1)
    hagen.write(add_source, anna)
    async with hagen.visit(clara) as browser:
        await browser.get(sources.href(anna))
        await browser.post(f"{SOURCES}/quelle/lesen", uri=anna)
        done = await browser.post(f"{SOURCES}/quelle/lesen", uri=anna)
        assert "Die Quelle wird jetzt gelesen." in (await browser.get(done.headers["location"])).text
    assert hagen.write(waiting) == [anna]


async def test_removing_asks_first_and_says_what_leaves(hagen: House, clara: str, peer: Origin) -> None:
    anna = publish(peer, 1, 2)
    hagen.write(add_source, anna)
    await read(hagen, anna)
    async with hagen.visit(clara) as browser:
        asked = (await browser.get(f"{SOURCES}/quelle/entfernen", params={"uri": anna})).text
        assert hagen.write(indexed) == 2
        gone = await browser.post(f"{SOURCES}/quelle/entfernen", uri=anna)
        told = (await browser.get(gone.headers["location"])).text
        assert (await browser.get(sources.href(anna))).status_code == 404
    assert "2 Einträge von dort verlassen den Index." in asked
    assert "2 Einträge haben den Index verlassen." in told
    assert hagen.write(following.listing) == []
    assert hagen.write(indexed) == 0
    assert noted(hagen)[0][0] == Did.SOURCE_REMOVED


async def test_without_sources_it_is_said_what_they_are_for(hagen: House, clara: str) -> None:
    async with hagen.visit(clara) as browser:
        text = (await browser.get(SOURCES)).text
    assert "Noch folgt dieses Portal niemandem." in text
    assert "Zurzeit wird keine Liste" in text


async def test_those_with_faults_come_first_and_imports_stand_beside(hagen: House, clara: str) -> None:
    hagen.write(_crowd)
    async with hagen.visit(clara) as browser:
        first = (await browser.get(SOURCES)).text
        second = (await browser.get(SOURCES, params={"seite": "2"})).text
    assert first.index("hat nicht geantwortet") < first.index("host00.example")
    assert "Nächste Seite" in first
    assert "host49.example" in second
    assert "https://freinet.example/liste.xml" in first
    assert "alle 24 Stunden" in first
    assert "Datei fehlt" in first


def _crowd(work: Work) -> None:
    for number in range(sources.LISTED):
        add_source(work, f"https://host{number:02}.example/users/a{number:02}")
    add_source(work, "https://zz.example/users/z")
    following.get(work, "https://zz.example/users/z").error = "hat nicht geantwortet"
    values: dict[str, Any] = {
        "address": "https://freinet.example/liste.xml", "format": "freinet", "organisation": "", "every_hours": 24,
        "create_organisations": False, "added_at": NOW, "mapping": "", "error": "Datei fehlt", "failures": 1,
    }  # fmt: skip
    work.db.add(ImportSourceRow(**values))
    work.db.flush()


async def test_sources_are_spoken_of_in_english(hagen: House, clara: str, peer: Origin) -> None:
    anna = publish(peer, 1)
    async with hagen.visit(clara) as browser:
        browser.client.headers["accept-language"] = "en"
        await browser.get(f"{SOURCES}/neu")
        await browser.post(f"{SOURCES}/neu", adresse=anna)
        await browser.post(f"{SOURCES}/hinzufuegen", uri=anna)
        peer.move(OUTBOX, peer.at(OUTBOX))
        with pytest.raises(Rejected):
            await read(hagen, anna)
        listed = (await browser.get(SOURCES)).text
        one = (await browser.get(sources.href(anna))).text
    for page in (listed, one):
        assert "redirects too often" in page
        assert re.search(r"\bAccount\b|\baccount\b", page)


def test_a_choice_is_read_and_said_again() -> None:
    words = i18n.language("de")
    filled = choosing.read([("bereich", "sport"), ("bereich", "unsinn"), ("ort", "Hagen"), ("umkreis", "7,5")], words)
    assert filled.wrong == {}
    assert (filled.choice.areas, filled.choice.radius_km) == (("sport",), 7.5)
    again = choosing.of(filled.choice, "review")
    assert (again.place, again.radius, again.trust) == (filled.choice.place, "7.5", "review")
    assert choosing.said(None, words) == "alles"
    assert choosing.said(Choice(kinds=("event",)), words) == "Termin"
    for radius in ("0", "1001", "nan", "x" * 400, "1e400", "٣"):
        assert list(choosing.read([("ort", "Hagen"), ("umkreis", radius)], words).wrong) in (["umkreis"], []), radius
