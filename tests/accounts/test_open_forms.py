"""Forms that anybody may send: one client cannot use up what all together may send in a day, and loses no word."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fediverse_ehrenamt.alerts import rules as alerts
from fediverse_ehrenamt.doubts import rules as doubts
from fediverse_ehrenamt.engagements import rules as enquiries
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.joining import rules as joining
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.moderation import rules as moderation
from fediverse_ehrenamt.opportunities import actions as opportunities
from tests import workbench
from tests.accounts.house import House
from tests.joining.applying import TYPED
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
ONE, SAME, OTHER, PROXY = "2a01:4f8:1:2::3", "2a01:4f8:1:2::4", "85.214.1.2", "127.0.0.1"

Filled = Callable[[int], Mapping[str, Any]]


def enquiry(number: int) -> Mapping[str, Any]:
    return {"name": "Anna", "mail": f"a{number}@beispiel.de", "text": "Gern", "formular": ids.new_id()}


def request(number: int) -> Mapping[str, Any]:
    name = f"Verein {number} {'abcdefghijklmn'[number]}"
    return {**TYPED, "name": name, "mail": f"a{number}@beispiel.de", "formular": ids.new_id()}


FORMS: dict[str, tuple[str, int, Filled]] = {
    "enquiry": ("{offer}/anfrage", enquiries.ASKED_OF_CLIENT, enquiry),
    "saved search": (
        "/suche-merken?q=vorlesen",
        alerts.ASKED_OF_CLIENT,
        lambda number: {"mail": f"a{number}@beispiel.de", "rhythmus": alerts.DAILY},
    ),
    "organisation": ("/organisation-anmelden", joining.ASKED_OF_CLIENT, request),
    "report": ("{offer}/melden", moderation.OF_CLIENT_IN_A_DAY, lambda number: {"text": f"Das ist Betrug {number}."}),
    "doubt": ("{offer}/stimmt-nicht-mehr", doubts.OF_CLIENT, lambda _: {}),
}


@pytest.mark.parametrize("form", FORMS)
async def test_one_client_cannot_use_up_what_all_may_send(town: Instance, clock: Clock, form: str) -> None:
    hagen = House(town, clock)
    owner = hagen.write(workbench.add_organisation)
    offer = f"/angebote/{hagen.write(opportunities.publish, owner, workbench.offer()).page}"
    path, most, filled = FORMS[form]
    path = path.format(offer=offer)

    async def send(at: str, number: int) -> tuple[int, str]:
        async with hagen.visit(at=at) as browser:
            answer = await browser.post(path, **filled(number))
            return answer.status_code, answer.text

    taken = [(await send(ONE if number % 2 else SAME, number))[0] for number in range(most)]
    assert set(taken) <= {200, 303}
    status, page = await send(ONE, most)
    assert (status, "zu viele" in page) == (429, True)
    assert all(str(value) in page for name, value in filled(most).items() if name in {"mail", "text"})
    assert (await send(OTHER, most + 1))[0] in {200, 303}
    assert (await send(PROXY, most + 2))[0] in {200, 303}
    clock.forward(days=1)
    assert (await send(SAME, most + 3))[0] in {200, 303}
