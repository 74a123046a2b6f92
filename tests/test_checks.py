"""`ehrenamt check`: each finding, good and bad."""

import shutil
from collections import namedtuple
from dataclasses import replace

import pytest

from fediverse_ehrenamt import checks
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import actors, addresses, own_keys
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob, Outcome
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Rejected
from fediverse_ehrenamt.maps import tiles
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.federation import origin
from tests.mail.postoffice import post_office
from tests.maps import making
from tests.workbench import fest

pytestmark = pytest.mark.anyio
SETUP, DISK, NETWORK, HANDLES, INDEX, JOBS, _KEYS, MAIL, _TEXTS, MAP = range(10)
_Usage = namedtuple("_Usage", "total used free")  # noqa: PYI024 - as shutil makes it


async def finding(town: Instance, number: int) -> checks.Finding:
    return (await checks.run(town))[number]


async def test_the_instance(town: Instance) -> None:
    assert (await finding(town, SETUP)).sentence.startswith("„Ehrenamt Hagen“ ist eingerichtet unter http://hagen")


async def test_the_disk(town: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, good in ((499_999_999, False), (5_000_000_000, True)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: _Usage(10**12, 0, free))
        found = await finding(town, DISK)
        assert found.good is good
        assert ("499 MB" in found.sentence) is not good


async def test_open_networks_are_for_trying_things_out(town: Instance) -> None:
    assert (await finding(town, NETWORK)).good
    town.workshop.settings = replace(town.workshop.settings, url="https://hagen.example")
    found = await finding(town, NETWORK)
    assert not found.good
    assert "127.0.0.0/8" in found.sentence


async def test_handles_are_asked_for_as_peers_do(town: Instance) -> None:
    workshop = town.workshop
    async with origin.origin() as server:
        domain = ids.host(server.url)
        workshop.settings = replace(workshop.settings, handle_domain=domain)
        found = await finding(town, HANDLES)
        assert not found.good
        assert f"https://{domain}/.well-known/webfinger" in found.sentence
        path = f"/.well-known/webfinger?resource=acct:relay@{domain}"
        link = {"rel": "self", "type": "application/activity+json", "href": "http://elsewhere.example/relay"}
        server.serve(path, {"links": [link]}, kind="application/jrd+json")
        assert "führt zu http://elsewhere.example/relay" in (await finding(town, HANDLES)).sentence
        link["href"] = addresses.instance_actor(workshop.settings)
        server.serve(path, {"links": [link]}, kind="application/jrd+json")
        assert (await finding(town, HANDLES)).good


async def test_nobody_is_told_to_redirect_a_domain_to_itself(town: Instance) -> None:
    async with origin.origin() as server:
        workshop, domain = town.workshop, ids.host(server.url)
        workshop.settings = replace(workshop.settings, url=f"https://{domain}", handle_domain=domain)
        found = await finding(town, HANDLES)
    assert not found.good
    assert "umleiten" not in found.sentence
    assert f"was nach https://{domain} geht?" in found.sentence


async def test_the_index_is_held_against_the_database(town: Instance) -> None:
    assert (await finding(town, INDEX)).good
    owner = await town.workshop.write(workbench.add_organisation)
    await town.workshop.write(events.publish, owner, fest())
    assert "hinkt hinterher" in (await finding(town, INDEX)).sentence
    await town.feed.follow(town.workshop)
    assert "(1 Eintrag)" in (await finding(town, INDEX)).sentence


def _give_up(work: Work) -> None:
    queue.enqueue(work, [NewJob("a.example", "deliver", "x"), NewJob("b.example", "deliver", "y")])
    lane, _ = queue.claim(work, 2)
    queue.settle(work, [[Outcome(lane.jobs[0], Rejected("nein"))]])


async def test_jobs_that_were_given_up_are_reported(town: Instance) -> None:
    assert (await finding(town, JOBS)).sentence.startswith("0 Aufträge stehen aus")
    await town.workshop.write(_give_up)
    assert (await finding(town, JOBS)).sentence.startswith("1 Auftrag wurde aufgegeben")


async def the_keys(town: Instance) -> checks.Finding:
    return next(one for one in await checks.run(town) if "Schlüssel" in one.sentence)


def _lay_open(work: Work) -> None:
    row = actors.with_keys(work, addresses.instance_actor(work.settings))
    row.rsa_private = own_keys.generate().rsa_private


async def test_keys_are_sealed_with_the_secret_of_the_settings(town: Instance) -> None:
    found = await the_keys(town)
    assert (found.good, "1 Konto" in found.sentence) == (True, True)
    settings = town.workshop.settings
    town.workshop.settings = replace(settings, secret="x" * 40, former_secret=settings.secret)
    found = await the_keys(town)
    assert (found.good, "`ehrenamt keys reencrypt`" in found.sentence) == (False, True)
    town.workshop.settings = settings
    await town.workshop.write(_lay_open)
    found = await the_keys(town)
    assert (found.good, "`ehrenamt migrate`" in found.sentence) == (False, True)


async def test_letters_without_a_mail_server(town: Instance) -> None:
    """They are a fault where an organisation waits for one."""
    found = await finding(town, MAIL)
    assert (found.good, str(town.workshop.settings.data / "mail") in found.sentence) == (True, True)
    assert "nach 30 Tagen gelöscht" in found.sentence
    town.workshop.settings = replace(town.workshop.settings, url="https://hagen.example")
    assert (await finding(town, MAIL)).good
    uri = await town.workshop.write(workbench.add_organisation)
    await town.workshop.write(organisations.set_mail, uri, "info@buecherei.example")
    found = await finding(town, MAIL)
    assert (found.good, "keine Post bekommen: 1." in found.sentence) == (False, True)


async def test_the_mail_server_is_greeted(town: Instance) -> None:
    with post_office() as office:
        town.workshop.settings = replace(town.workshop.settings, smtp_url=f"smtp://127.0.0.1:{office.port}")
        found = await finding(town, MAIL)
        assert (found.good, "ehrenamt@hagen.example" in found.sentence) == (True, True)
    assert office.taken == []
    found = await finding(town, MAIL)
    assert (found.good, "EHRENAMT_SMTP_URL" in found.sentence) == (False, True)


async def test_the_file_of_the_map_is_looked_at(town: Instance) -> None:
    settings = town.workshop.settings
    found = await finding(town, MAP)
    assert (found.good, "`ehrenamt map fetch`" in found.sentence) == (True, True)
    file = making.archive(tiles.file(settings))
    found = await finding(town, MAP)
    assert (found.good, str(file) in found.sentence) == (True, True)
    making.archive(file, attribution="")
    assert "EHRENAMT_MAP_ATTRIBUTION" in (await finding(town, MAP)).sentence
    file.write_bytes(b"no map at all")
    found = await finding(town, MAP)
    assert (found.good, "PMTiles" in found.sentence) == (False, True)


async def test_the_tile_server_of_the_map_is_asked(town: Instance) -> None:
    town.workshop.settings = replace(town.workshop.settings, map_tiles="http://127.0.0.1:9/{z}/{x}/{y}.png")
    found = await finding(town, MAP)
    assert (found.good, "nicht zu erreichen" in found.sentence) == (False, True)
