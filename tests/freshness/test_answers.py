"""The links of a letter: looking changes nothing, one button does, and forged, old and used ones say what is wrong."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation import outbox, peers
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.freshness import actions
from fediverse_ehrenamt.kit import tokens
from fediverse_ehrenamt.kit.errors import Conflict, Gone
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things import tasks
from fediverse_ehrenamt.vocab.types import Opportunity
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.freshness.asking import Town
from tests.workbench import PEER, SECRET, Clock

pytestmark = pytest.mark.anyio
FAN, SISTER = f"{PEER}/users/fan", "https://sister.example/ap/actor/relay"
CONFIRM, CLOSE, STOP = "stimmt-noch", "nicht-mehr", "keine-erinnerungen"


@pytest.fixture
def asked(hagen: Town, clock: Clock) -> str:
    """The URI of an offer that is about to expire; a fan follows the organisation, a sister the instance."""
    uri = hagen.publish().uri

    def follow(work: Work) -> None:
        workbench.add_follower(work, hagen.owner, FAN)
        workbench.add_follower(work, workbench.instance_actor(work), SISTER)
        peers.note_host(work, "peer.example", "mastodon", sister=False)
        peers.note_host(work, "sister.example", "ehrenamt", sister=True)

    hagen.write(follow)
    clock.forward(days=340)
    return uri


def told(work: Work) -> list[str]:
    """The kinds of all activities that were published, in their order."""
    return list(work.db.scalars(select(PublishedRow.kind).order_by(PublishedRow.id)))


def details(hagen: Town, uri: str) -> Opportunity:
    thing = hagen.write(things.get, uri)
    assert isinstance(thing, Opportunity)
    return thing


async def test_one_click_and_one_button(hagen: Town, clock: Clock, asked: str) -> None:
    links = await hagen.links()
    before = hagen.write(told)
    page = await hagen.get(links[CONFIRM])
    assert page.status_code == 200
    assert "Stimmt dieses Angebot noch?" in page.text
    assert "Lesepatin gesucht" in page.text
    assert f'<form method="post" action="{links[CONFIRM]}">' in page.text
    assert hagen.write(told) == before
    done = await hagen.post(links[CONFIRM])
    assert done.status_code == 200
    assert "Das Angebot ist bestätigt" in done.text
    assert "28. Oktober 2028" not in done.text
    assert "27. Oktober 2028" in done.text
    assert details(hagen, asked).details.expires_at == clock.now + timedelta(days=365)
    assert hagen.write(search.get, asked).fresh_at == clock.now
    # No word was changed, so sisters alone are told (FEDERATION.md).
    assert hagen.write(told)[len(before) :] == ["Update"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_mail_scanner_confirms_nothing(hagen: Town, asked: str, method: str) -> None:
    before = details(hagen, asked)
    for path in (await hagen.links()).values():
        answer = await hagen._ask(method, path, {"accept": "*/*"})
        assert answer.status_code == 200
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
    assert details(hagen, asked) == before
    assert hagen.write(organisations.mail_of, hagen.owner)


async def test_a_used_link_says_so(hagen: Town, clock: Clock, asked: str) -> None:
    links = await hagen.links()
    await hagen.post(links[CONFIRM])
    ends, before = details(hagen, asked).details.expires_at, hagen.write(told)
    clock.forward(days=2)
    for answer in (await hagen.get(links[CONFIRM]), await hagen.post(links[CONFIRM])):
        assert answer.status_code == 200
        assert "bestätigt" in answer.text
        assert "<form" not in answer.text
    assert details(hagen, asked).details.expires_at == ends
    assert hagen.write(told) == before


async def test_it_opens_again_what_has_expired(hagen: Town, clock: Clock, asked: str) -> None:
    links = await hagen.links()
    clock.forward(days=26)
    hagen.write(opportunities.expire)
    hagen.write(tasks.expire)
    assert details(hagen, asked).content.startswith("<p><strong>ABGELAUFEN: ")
    with pytest.raises(Gone):
        hagen.write(search.get, asked)
    assert (await hagen.get(links[CONFIRM])).status_code == 200
    assert "ist bestätigt" in (await hagen.post(links[CONFIRM])).text
    assert details(hagen, asked).content.startswith("<p><strong>Lesepatin gesucht")
    assert hagen.write(search.get, asked).status == ""


async def test_an_end_that_was_named_goes_too(hagen: Town, clock: Clock) -> None:
    uri = hagen.publish(expires_at=clock.now + timedelta(days=90)).uri
    clock.forward(days=80)
    links = await hagen.links()
    assert (await hagen.post(links[CONFIRM])).status_code == 200
    assert details(hagen, uri).details.expires_at == clock.now + timedelta(days=365)


# --- it is over -------------------------------------------------------------------------------------------------------
async def test_filled(hagen: Town, asked: str) -> None:
    links = await hagen.links()
    page = await hagen.get(links[CLOSE])
    assert f'action="{links[CLOSE]}/besetzt"' in page.text
    assert f'action="{links[CLOSE]}/weg"' in page.text
    done = await hagen.post(f"{links[CLOSE]}/besetzt")
    assert (done.status_code, "als besetzt gemeldet" in done.text) == (200, True)
    assert details(hagen, asked).content.startswith("<p><strong>BESETZT: ")
    assert hagen.write(told)[-1] == "Update"
    again = await hagen.get(links[CLOSE])
    assert "ist als besetzt gemeldet" in again.text
    for answer in (await hagen.get(links[CONFIRM]), await hagen.post(links[CONFIRM])):
        assert answer.status_code == 409
        assert "Sein Stand ist: Besetzt." in answer.text
    assert details(hagen, asked).details.status == "besetzt"


async def test_withdrawn(hagen: Town, asked: str) -> None:
    links = await hagen.links()
    done = await hagen.post(f"{links[CLOSE]}/weg")
    assert (done.status_code, "Das Angebot ist entfernt." in done.text) == (200, True)
    assert hagen.write(outbox.is_buried, asked)
    assert hagen.write(told)[-1] == "Delete"
    for path in (links[CONFIRM], links[CLOSE]):
        answer = await hagen.get(path)
        assert answer.status_code == 410
        assert "wurde zurückgezogen" in answer.text
    assert (await hagen.post(links[CONFIRM])).status_code == 410
    assert (await hagen.post(f"{links[CLOSE]}/weg")).status_code == 410


# --- links that count no more, or never did ---------------------------------------------------------------------------
async def test_a_link_expires(hagen: Town, clock: Clock, asked: str) -> None:
    links = await hagen.links()
    before = details(hagen, asked)
    clock.forward(days=60, seconds=-1)
    assert (await hagen.get(links[CONFIRM])).status_code == 200
    clock.forward(seconds=1)
    for path in links.values():
        answer = await hagen.get(path)
        assert answer.status_code == 410
        assert "Dieser Link ist abgelaufen" in answer.text
    assert (await hagen.post(links[CONFIRM])).status_code == 410
    assert details(hagen, asked) == before


async def test_forged_links(hagen: Town, clock: Clock, asked: str) -> None:
    links = await hagen.links()
    other = hagen.publish("anderes")
    before = hagen.write(told)
    _, _, page, token = links[CONFIRM].split("/")
    until = clock.now + timedelta(days=60)
    elsewhere = tokens.sign("x" * 40, CONFIRM, asked, until)
    forged = [
        f"/{CONFIRM}/{other.page}/{token}",  # for another offer
        f"/{CONFIRM}/{page}/{links[CLOSE].rpartition('/')[2]}",  # for another purpose
        f"/{CONFIRM}/{page}/{links[STOP].rpartition('/')[2]}",
        f"/{CONFIRM}/{page}/{elsewhere}",  # by another secret
        f"/{CONFIRM}/{page}/ffffffff{token[8:]}",  # for longer
        f"/{CONFIRM}/{page}/{token[:-1]}",  # cut by a mail program
        f"/{CONFIRM}/{page}/{token[:-2]}%00a",
        f"/{CONFIRM}/gibtesnicht/{token}",
        f"/{CONFIRM}/..%2f..%2factor%2frelay/{token}",
        f"/{STOP}/relay/{links[STOP].rpartition('/')[2]}",
        f"/{STOP}/niemand/{links[STOP].rpartition('/')[2]}",
    ]
    for path in forged:
        for answer in (await hagen.get(path), await hagen.post(path)):
            assert answer.status_code == (404 if "%2f" in path else 403), path
    assert "unvollständig oder nicht von uns" in (await hagen.get(forged[0])).text
    assert hagen.write(told) == before
    assert hagen.write(organisations.mail_of, hagen.owner)


async def test_links_outlive_a_change_of_the_secret(hagen: Town, asked: str) -> None:
    links = await hagen.links()
    assert asked
    hagen.with_secret(secret="n" * 40)
    assert (await hagen.get(links[CONFIRM])).status_code == 403
    hagen.with_secret(former_secret=SECRET)
    assert (await hagen.get(links[CONFIRM])).status_code == 200


# --- no more reminders ------------------------------------------------------------------------------------------------
async def test_one_button_ends_reminders(hagen: Town, clock: Clock, asked: str) -> None:
    links = await hagen.links()
    assert asked
    assert "Keine Erinnerungen mehr für „Stadtbücherei Hagen“?" in (await hagen.get(links[STOP])).text
    done = await hagen.post(links[STOP], **{"content-type": "application/x-www-form-urlencoded"})
    assert (done.status_code, "bekommt keine Erinnerungen mehr" in done.text) == (200, True)
    assert hagen.write(organisations.mail_of, hagen.owner), "what people ask still reaches it"
    assert "Keine Erinnerungen mehr für" not in (await hagen.get(links[STOP])).text
    clock.forward(days=18)
    assert hagen.write(actions.remind) == 0
    with pytest.raises(Conflict, match="möchte keine Erinnerungen"):
        hagen.write(actions.remind_about, asked)
    again = await hagen.post(f"{links[STOP]}/wieder")
    assert (again.status_code, "bekommt wieder Erinnerungen" in again.text) == (200, True)
    assert hagen.write(actions.remind) == 1


def test_another_address_is_reminded_again(hagen: Town) -> None:
    hagen.write(organisations.be_quiet, hagen.owner, quiet=True)
    hagen.write(organisations.set_mail, hagen.owner, hagen.write(organisations.mail_of, hagen.owner))
    assert hagen.write(organisations.is_quiet, hagen.owner)
    hagen.write(organisations.set_mail, hagen.owner, "neu@buecherei.example")
    assert not hagen.write(organisations.is_quiet, hagen.owner)


async def test_pages_speak_english_too(hagen: Town, asked: str) -> None:
    links = await hagen.links()
    assert asked
    page = await hagen.get(links[CONFIRM], **{"accept-language": "en"})
    assert "Does this offer still hold?" in page.text
    assert "Yes, it still holds" in page.text
