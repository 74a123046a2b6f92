"""Organisations of an instance, on both databases."""

import pytest

from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Invalid, NotFound
from fediverse_ehrenamt.organisations import actions
from fediverse_ehrenamt.vocab.types import OrganisationDetails
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.workbench import ANNA, Clock

pytestmark = pytest.mark.anyio


async def test_added_found_and_listed(instance: Instance, clock: Clock) -> None:
    home = instance.workshop
    details = OrganisationDetails(legal_form="verein")

    def add(work: Work) -> actions.Organisation:
        return actions.add(work, "thw", "  THW Hagen ", "Wir helfen.", details)

    added = await home.write(add)
    assert (added.name, added.address) == ("THW Hagen", "@thw@hagen.example")
    assert (added.url, added.since, added.followers) == ("http://hagen.example/organisationen/thw", clock.now, 0)
    await home.write(workbench.add_organisation)
    await home.write(workbench.add_follower, added.uri, ANNA)
    assert [(one.handle, one.followers) for one in await home.read(actions.listing)] == [("buecherei", 0), ("thw", 1)]
    for handle in ("thw", "THW", "@thw"):
        assert (await home.read(actions.get, handle)).uri == added.uri
    assert '"legal_form":"verein"' in (await home.read(actions.get, "thw")).details


@pytest.mark.parametrize(
    ("name", "summary", "fields"),
    [
        ("x", "", ["name"]),
        ("x" * 201, "", ["name"]),
        ("   x   ", "x" * 5_001, ["name", "summary"]),
    ],
)
async def test_what_cannot_be(town: Instance, name: str, summary: str, fields: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        await town.workshop.write(actions.add, "thw", name, summary)
    assert [problem.field for problem in caught.value.problems] == fields
    assert await town.workshop.read(actions.listing) == []


@pytest.mark.parametrize("handle", ["relay", "Ä b", "buecherei"], ids=["reserved", "no handle", "taken"])
async def test_all_that_cannot_be_is_said_at_once(town: Instance, handle: str) -> None:
    await town.workshop.write(workbench.add_organisation)
    with pytest.raises(Invalid) as caught:
        await town.workshop.write(actions.add, handle, "x")
    assert [problem.field for problem in caught.value.problems] == ["handle", "name"]


async def test_what_is_missing_names_what_there_is(town: Instance) -> None:
    with pytest.raises(NotFound, match="noch keine"):
        await town.workshop.read(actions.get, "thw")
    await town.workshop.write(workbench.add_organisation)
    with pytest.raises(NotFound, match="Vorhanden: buecherei"):
        await town.workshop.read(actions.get, "relay")


async def test_where_it_is_written_to(instance: Instance) -> None:
    home = instance.workshop

    def add(work: Work, mail: str) -> str:
        return actions.add(work, "thw", "THW Hagen", mail=mail).uri

    with pytest.raises(Invalid, match="keine Mailadresse"):
        await home.write(add, "info@verein.de\nBcc: x@y.de")
    uri = await home.write(add, "Info@Bücherei.de")
    assert await home.read(actions.mail_of, uri) == "Info@xn--bcherei-n2a.de"
    assert await home.read(actions.with_mail) == 1
    assert await home.write(actions.set_mail, uri, "neu@verein.de") == "neu@verein.de"
    assert await home.read(actions.mail_of, uri) == "neu@verein.de"
    with pytest.raises(Invalid):
        await home.write(actions.set_mail, uri, "verein.de")
    assert await home.write(actions.forget_mail, uri)
    assert not await home.write(actions.forget_mail, uri)
    assert await home.read(actions.mail_of, uri) == ""
