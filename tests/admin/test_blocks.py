"""Blocks in the browser, on both databases: asked for first, put, changed, lifted, taken in from a list, given out."""

import httpx
import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.federation import domain_blocks, restrictions
from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.things import moderating
from tests.accounts.house import House, Visit
from tests.workbench import ANNA, Clock, add_source

pytestmark = pytest.mark.anyio
BLOCKS = menu.BLOCKS
HEADER = ",".join(domain_blocks.HEADER)


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def moderator(hagen: House) -> str:
    return hagen.add("mo@hagen.de", "Mo Moderation", Grant(Role.MODERATOR)).id


def entries(hagen: House) -> list[Restriction]:
    return hagen.write(restrictions.listing)


async def put(browser: Visit, address: str, severity: str = "block", **more: str) -> httpx.Response:
    await browser.get(f"{BLOCKS}/neu")
    return await browser.post(f"{BLOCKS}/neu", headers=None, adresse=address, stufe=severity, **more)


async def upload(browser: Visit, content: bytes) -> httpx.Response:
    await browser.get(f"{BLOCKS}/liste")
    files = {"datei": ("liste.csv", content, "text/csv")}
    return await browser.client.post(f"{BLOCKS}/liste", data={"siegel": browser.seal, "grund": "Verbund"}, files=files)


async def test_a_block_says_what_follows_before_it_holds(hagen: House) -> None:
    hagen.write(add_source)
    async with hagen.visit(moderator(hagen)) as browser:
        assert "Noch ist niemand gesperrt" in (await browser.get(BLOCKS)).text
        asked = await put(browser, "https://Peer.example/", grund="Hetze", keine_bilder="ja")
        assert entries(hagen) == []
        await put(browser, "peer.example", grund="Hetze", keine_bilder="ja", sicher="ja")
        done = await put(browser, "peer.example", grund="Hetze", keine_bilder="ja", sicher="ja")
        page = (await browser.get(done.headers["location"])).text
    assert "peer.example sperren?" in asked.text
    assert "1 Quelle geht auf Dauer verloren." in asked.text
    assert "Konten von dort" not in asked.text, "of what there is none of nothing is said"
    assert 'name="adresse" value="peer.example"' in asked.text
    (entry,) = entries(hagen)
    assert (entry.subject, entry.severity, entry.reject_media, entry.reason) == ("peer.example", "block", True, "Hetze")
    assert "gesperrt, keine Bilder" in page
    assert "Hetze" in page
    assert hagen.write(lambda work: restrictions.touched(work, [entry]).sources) == 0
    assert [one.did for one in hagen.write(audit.listing, Wanted())] == [Did.BLOCKED, Did.BLOCKED]


async def test_the_address_of_a_page_is_said_to_be_one_account(hagen: House) -> None:
    async with hagen.visit(moderator(hagen)) as browser:
        asked = (await put(browser, "https://boese.example/about")).text
    assert "Meinen Sie alle von dort, nennen Sie den Host: boese.example" in asked
    assert "Zurzeit ist von dort nichts hier." in asked


async def test_an_entry_is_lifted_and_put_again(hagen: House) -> None:
    entry = Restriction(ANNA, "limit", reason="Werbung", public_comment="Spam", obfuscate=True)
    hagen.write(moderating.restrict, entry)
    async with hagen.visit(moderator(hagen)) as browser:
        form = (await browser.get(f"{BLOCKS}/neu?adresse={ANNA}")).text
        assert "Werbung</textarea>" in form
        lifted = await browser.post(f"{BLOCKS}/aufheben", eintrag=ANNA)
        assert entries(hagen) == []
        assert (await browser.post(f"{BLOCKS}/aufheben", eintrag=ANNA)).headers["location"] == BLOCKS
        notice = (await browser.get(lifted.headers["location"])).text
        again = next(part for part in notice.split(f'href="{BLOCKS}/neu?')[1:] if part.startswith("adresse="))
        again = again.partition('"')[0]
        offered = (await browser.get(f"{BLOCKS}/neu?{again.replace('&amp;', '&')}")).text
        assert "Spam</textarea>" in offered
        assert (await put(browser, ANNA, "limit", grund="Werbung", oeffentlich="Spam", sicher="ja")).is_redirect
    assert "ist wieder frei" in notice
    assert [(one.subject, one.severity) for one in entries(hagen)] == [(ANNA, "limit")]
    assert [one.did for one in hagen.write(audit.listing, Wanted())] == [Did.BLOCKED, Did.UNBLOCKED]


@pytest.mark.parametrize(
    ("address", "severity", "says"),
    [
        ("", "block", "Bitte nennen Sie einen Host"),
        ("de", "block", "weder ein Host"),
        ("hagen.example", "block", "diese Instanz selbst"),
        ("peer.example", "tanzen", "Bitte wählen Sie"),
        ("peer.example", "none", "Bilder, Meldungen oder beides"),
        ("@niemand@127.0.0.1:1", "block", "lässt sich nur der ganze Host sperren: 127.0.0.1:1"),
        ("x" * 3_000, "block", "Bitte nennen Sie einen Host"),
    ],
)
async def test_what_is_wrong_stands_beside_the_field(hagen: House, address: str, severity: str, says: str) -> None:
    async with hagen.visit(moderator(hagen)) as browser:
        answer = await put(browser, address, severity, grund="Das bleibt stehen", sicher="ja")
        too_long = await put(browser, "peer.example", grund="x" * (domain_blocks.COMMENT_LENGTH + 1))
    assert answer.status_code == 422
    assert says in answer.text
    assert "Das bleibt stehen</textarea>" in answer.text
    assert too_long.status_code == 422
    assert entries(hagen) == []


async def test_a_list_is_shown_before_it_is_taken_in(hagen: House) -> None:
    hagen.write(moderating.restrict, Restriction("old.example", "limit"))
    lines = [
        "boese.example,suspend,false,false,Hetze,false",
        "old.example,suspend,false,false,,false",
        "b*.example,,,,,",
    ]
    content = "\n".join([HEADER, *lines]).encode()
    async with hagen.visit(moderator(hagen)) as browser:
        preview = await upload(browser, content)
        assert len(entries(hagen)) == 1
        kept = {"liste": "\n".join([HEADER, lines[0]]), "grund": "Verbund", "sicher": "ja"}
        assert f'<input type="hidden" name="liste" value="{HEADER}\n{lines[0]}' in preview.text
        await browser.post(f"{BLOCKS}/liste", headers=None, **kept)
        done = await browser.post(f"{BLOCKS}/liste", headers=None, **kept)
        assert "0 neue Einträge" in (await browser.get(done.headers["location"])).text
        out = (await browser.get(f"{BLOCKS}/liste.csv")).text
    assert "Neu: 1" in preview.text
    assert "ist verschleiert" in preview.text
    assert {(one.subject, one.severity, one.reason) for one in entries(hagen)} == {
        ("boese.example", "block", "Verbund"), ("old.example", "limit", ""),
    }  # fmt: skip
    assert out.splitlines()[1:] == [lines[0], "old.example,silence,false,false,,false"]
    (noted,) = hagen.write(audit.listing, Wanted())
    assert "boese.example" in noted.detail


async def test_a_list_that_is_wrong_is_not_taken_in(hagen: House) -> None:
    async with hagen.visit(moderator(hagen)) as browser:
        for content, says in (
            (b"", "Bitte wählen Sie eine Datei aus."),
            (b"\xff\xfe\x00", "ist kein Text in UTF-8"),
            (f"{HEADER}\nde\xe4.example!,tanzen".encode(), "Zeile 2"),
        ):
            answer = await upload(browser, content)
            assert answer.status_code == 422
            assert says in answer.text
            assert "Verbund</textarea>" in answer.text
        browser.client.headers["accept-language"] = "en"
        answer = await upload(browser, f"{HEADER}\nnichts!,tanzen\n".encode())
        assert "Line 2: “nichts!” is no host; beispiel.de would be right" in answer.text
        seen = await upload(browser, f"{HEADER}\n*.de,suspend\nboese.example,noop\n".encode())
        assert "is no host but a whole top-level domain" in seen.text
        assert "demands nothing (noop)" in seen.text
    assert entries(hagen) == []


async def test_the_list_is_paged_and_narrowed(hagen: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fediverse_ehrenamt.admin.blocks._PAGE", 2)
    hagen.write(moderating.restrict, *(Restriction(f"{name}.example", "block", obfuscate=True) for name in "abc"))
    async with hagen.visit(moderator(hagen)) as browser:
        first = (await browser.get(BLOCKS)).text
        second = (await browser.get(f"{BLOCKS}?nach=b.example")).text
        narrowed = (await browser.get(f"{BLOCKS}?q=c.ex")).text
        nothing = (await browser.get(f"{BLOCKS}?q=%25")).text
        public = (await browser.get(f"{BLOCKS}/liste.csv?oeffentlich=1")).text
    assert "c.example" not in first
    assert "nach=b.example" in first
    assert "c.example" in second
    assert "a.example" not in narrowed
    assert "Dazu gibt es keinen Eintrag." in nothing
    assert "a.example" not in public
