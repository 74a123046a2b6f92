"""NUL in a path, a query or a form is an error of nobody: PostgreSQL refuses every text that holds one."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Route

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from tests.accounts.house import House
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
HANDLE = "buecherei"
QUERY = (
    "q",
    "ort",
    "zu",
    "wer",
    "was",
    "von",
    "resource",
    "vorlage",
    "a",
    "weg",
    "host",
    "uri",
    "name",
    "suche",
    "seite",
)
FIELDS: dict[str, Any] = dict.fromkeys(("mail", "name", "text", "person", "uri", "host", "wer", "beitrag"), "a\0b")
ENDING = ("/abmelden", "/konto/loeschen", "/konto/sitzungen/andere-beenden")
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def filled(path: str, bad: str, page: str) -> str:
    """Return the path of a route with NUL in the place of one of its parameters."""
    good = {"handle": HANDLE, "page": page, "kind": "angebot"}
    return _PARAMETER.sub(lambda found: "a%00b" if found[1] == bad else good.get(found[1], "x"), path)


def paths(method: str, page: str) -> Iterator[str]:
    """Yield the path of each route, once for each of its parameters."""
    for route in wiring.ROUTES:
        if isinstance(route, Route) and method in (route.methods or ()) and route.path not in ENDING:
            yield from (filled(route.path, bad, page) for bad in _PARAMETER.findall(route.path) or [""])


@pytest.mark.unmeasured
async def test_nul_is_no_error(instance: Instance, clock: Clock) -> None:
    hagen = House(instance, clock)
    owner = hagen.write(add_organisation)
    page = hagen.write(opportunities.publish, owner, offer()).page
    anna = hagen.add("anna@b.de", "Anna", Grant(Role.OPERATOR), Grant(Role.COORDINATOR), Grant(Role.OWNER, owner)).id
    asked = "&".join(f"{name}=a%00b" for name in QUERY)
    async with hagen.visit(anna) as browser:
        answers = {f"GET {path}": await browser.get(f"{path}?{asked}") for path in paths("GET", page)}
        for path in paths("POST", page):
            answers[f"POST {path}"] = await browser.post(path, **FIELDS)
        assert await browser.signed_in()
    assert [asked for asked, answer in answers.items() if answer.status_code >= 500] == []
