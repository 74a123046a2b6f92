"""An organisation that wants to take part in a town: what it types, and the links of the letters that it gets."""

import re
from email.message import EmailMessage
from typing import Any

import httpx

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.joining.model import RequestRow
from fediverse_ehrenamt.kit import ids
from tests.accounts.house import House, Visit
from tests.mail.postoffice import text_of
from tests.workbench import HOME

FORM = "/organisation-anmelden"
QUEUE = "/verwaltung/antraege"
ANNA = "anna@foodsharing-hagen.de"
TYPED: dict[str, Any] = {
    "name": "Foodsharing Hagen e. V.",
    "text": "Wir retten Lebensmittel, die sonst weggeworfen würden, und verteilen sie.",
    "plz": "58095",
    "ort": "Hagen",
    "webseite": "www.foodsharing-hagen.de",
    "person": "Anna Beispiel",
    "mail": ANNA,
    "regeln": "ja",
}
_LINK = re.compile(rf"{HOME}(/mein-antrag/\S+)")


async def apply(browser: Visit, **changes: str) -> httpx.Response:
    """Send the form, as a new one each time unless `formular` is named."""
    typed: dict[str, Any] = {**TYPED, "formular": ids.new_id(), **changes}
    return await browser.post(FORM, **typed)


def private(letter: EmailMessage) -> str:
    """Return the path of the private page that a letter links to."""
    return str(_LINK.findall(text_of(letter))[-1])


def rows(house: House) -> list[RequestRow]:
    return house.write(lambda work: work.db.query(RequestRow).order_by(RequestRow.id).all())


def coordinator(house: House) -> str:
    return house.add("clara@hagen.de", "Clara Koordination", Grant(Role.COORDINATOR)).id


async def applied(house: House, **changes: str) -> tuple[str, RequestRow]:
    """Ask and confirm; return the private page and the request. All letters are taken."""
    async with house.visit() as browser:
        assert (await apply(browser, **changes)).status_code == 303
        (question,) = await house.letters()
        page = private(question)
        assert (await browser.post(page, schritt="bestaetigen")).status_code == 303
    receipt = next(one for one in await house.letters() if one["To"] == changes.get("mail", ANNA))
    return private(receipt), rows(house)[-1]
