"""A town moderates its organisations in a real browser: a first offer waits, one is suspended, objects, and is let in.

On each new page axe-core looks for barriers in all modes.
"""

from dataclasses import replace

from playwright.sync_api import Browser, Page, expect

from fediverse_ehrenamt.accounts import entering, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.conversations.model import MessageRow
from fediverse_ehrenamt.desk import drafting, store
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.moderation import actions, wire
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.model import MeasureRow
from fediverse_ehrenamt.moderation.rules import Ground
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.preferences import actions as preferences
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.browser.looking import picture
from tests.browser.test_accessibility import barriers
from tests.towns import Country, Town
from tests.workbench import ANNA, know

DESK = "/verwaltung/organisationen/buecherei"
WHY = "Bitte schreiben Sie dazu, dass die Vermittlung nichts kostet."
AGAINST = "Bei uns kostet nichts etwas; das war ein Tippfehler."


def sign_in(page: Page, town: Town, mail: str, name: str, grant: Grant) -> None:
    person = town.write(people.add, mail, name, "de", [grant])
    page.goto(f"{town.url}/anmelden/{town.write(entering.make_link, person.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()


def look(page: Page, name: str) -> None:
    """Keep pictures of a phone and a desk, and let nobody be kept out."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, f"moderation-{name}-{width}")
    assert barriers(page) == [], name


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def refuse_empty(page: Page, button: str) -> None:
    """Send a form with nothing in it."""
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert barriers(page) == [], f"{button} with faults"


def begin(town: Town, actor: str) -> str:
    """Let the library have begun an offer; return the path of its form."""
    draft = replace(towns.opportunity("Vorlesen in der Kita"), key=ids.new_id())
    town.write(store.keep, actor, drafting.of_published(draft))
    return f"{town.url}{DESK}/angebot/{draft.key}"


def tabs(country: Country, browser: Browser) -> tuple[Town, str, Page, Page]:
    """Return a town, its library's actor, and the tabs of its owner and of a coordinator."""
    town = country.town("Hagen")
    actor = town.add()
    town.write(organisations.set_mail, actor, "info@buecherei.example")
    owner, coordinator = (browser.new_context(locale="de-DE").new_page() for _ in range(2))
    sign_in(owner, town, "eva@buecherei.example", "Eva Bücherei", Grant(Role.OWNER, actor))
    sign_in(coordinator, town, "clara@hagen.example", "Clara Koordination", Grant(Role.COORDINATOR))
    return town, actor, owner, coordinator


def switch(page: Page, town: Town) -> None:
    """Let a town look at first offers."""
    page.goto(f"{town.url}/verwaltung/bereiche")
    page.get_by_label("Erste Angebote neuer Organisationen erst nach Prüfung zeigen").check()
    look(page, "schalter")
    page.get_by_role("button", name="Speichern").click()
    told(page, "Gespeichert;")
    assert town.read(preferences.current).check_first


def test_a_first_offer_waits_for_a_look(country: Country, browser: Browser) -> None:
    town, actor, owner, coordinator = tabs(country, browser)
    switch(coordinator, town)
    owner.goto(begin(town, actor))
    owner.get_by_role("button", name="Zur Prüfung abgeben").click()
    told(owner, "Abgegeben.")
    expect(owner.get_by_text("Wird geprüft")).to_be_visible()
    look(owner, "wartet")
    coordinator.goto(f"{town.url}/verwaltung/beitraege")
    look(coordinator, "pruefliste")
    coordinator.get_by_role("link", name="Ansehen und entscheiden").click()
    look(coordinator, "pruefen")
    refuse_empty(coordinator, "Zurückgeben")
    coordinator.get_by_label("Begründung").fill(WHY)
    coordinator.get_by_role("button", name="Zurückgeben").click()
    told(coordinator, "Zurückgegeben.")
    owner.goto(f"{town.url}{DESK}")
    expect(owner.get_by_text(WHY)).to_be_visible()
    owner.get_by_role("link", name="Vorlesen in der Kita").click()
    look(owner, "zurueckgegeben")
    owner.get_by_role("button", name="Zur Prüfung abgeben").click()
    told(owner, "Abgegeben.")
    coordinator.goto(f"{town.url}/verwaltung/beitraege")
    coordinator.get_by_role("link", name="Ansehen und entscheiden").click()
    assert town.titles("Kita") == []
    coordinator.get_by_role("button", name="Veröffentlichen").click()
    town.until_found("Kita", "Vorlesen in der Kita")


def objection(town: Town) -> str:
    """Return the address of the page on which the one measure is objected to."""

    def read(work: Work) -> str:
        row = work.db.query(MeasureRow).one()
        return wire.objection_link(work.settings, row.id, row.at)

    return town.read(read)


def test_an_organisation_is_suspended(country: Country, browser: Browser) -> None:
    town, _, owner, coordinator = tabs(country, browser)
    town.publish(towns.opportunity("Vorlesen in der Kita", key="kita"))
    town.until_found("Kita", "Vorlesen in der Kita")
    coordinator.goto(f"{town.url}/verwaltung/alle-organisationen")
    look(coordinator, "organisationen")
    coordinator.get_by_role("link", name="Stadtbücherei").click()
    look(coordinator, "organisation")
    coordinator.get_by_role("link", name="Organisation sperren").click()
    look(coordinator, "sperren")
    coordinator.get_by_label("Begründung").fill(WHY)
    coordinator.get_by_role("button", name="Organisation sperren").click()
    told(coordinator, "ist gesperrt und liest, warum")
    look(coordinator, "gesperrt")
    town.until_lost("Kita")
    owner.goto(f"{town.url}{DESK}")
    look(owner, "liest-warum")


def test_an_organisation_objects_and_is_let_in_again(country: Country, browser: Browser) -> None:
    town, actor, owner, coordinator = tabs(country, browser)
    town.publish(towns.opportunity("Vorlesen in der Kita", key="kita"))
    clara = next(one.id for one in town.read(people.listing) if one.mail == "clara@hagen.example")
    town.write(actions.suspend, actor, Reasons(Ground.RULES, WHY, person=clara))
    assert owner.goto(objection(town)) is not None
    look(owner, "widerspruch")
    refuse_empty(owner, "Widerspruch abschicken")
    owner.get_by_label("Warum sind Sie nicht einverstanden?").fill(AGAINST)
    owner.get_by_role("button", name="Widerspruch abschicken").click()
    told(owner, "angekommen")
    coordinator.goto(f"{town.url}/verwaltung/meldungen")
    look(coordinator, "widersprueche")
    coordinator.get_by_role("main").get_by_role("link", name="Stadtbücherei").click()
    expect(coordinator.get_by_text("Das haben Sie selbst entschieden.")).to_be_visible()
    look(coordinator, "widerspruch-entscheiden")
    coordinator.get_by_label("Stattgeben").check()
    coordinator.get_by_role("button", name="Entscheiden").click()
    expect(coordinator.get_by_text("Stattgegeben")).to_be_visible()
    look(coordinator, "widerspruch-entschieden")
    town.until_found("Kita", "Vorlesen in der Kita")
    owner.goto(objection(town))
    expect(owner.get_by_text("Es steht wieder da.")).to_be_visible()


def write(work: Work, actor: str) -> int:
    """Let somebody have written to an organisation; return the number of the message."""
    know(work, ANNA)
    row = MessageRow(
        organisation=actor, person=ANNA, uri=f"{ANNA}/notes/1", sent=False, public=False, in_reply_to="", about="",
        context="", content="<p>Kauft Wundermittel!</p>", url="", version=work.now, at=work.now, activity="",
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()
    return row.id


def test_a_sender_is_reported_and_refused(country: Country, browser: Browser) -> None:
    town, actor, owner, coordinator = tabs(country, browser)
    number = town.write(write, actor)
    owner.goto(f"{town.url}{DESK}/posteingang/nachricht/{number}")
    look(owner, "nachricht")
    owner.get_by_role("link", name="Melden", exact=True).click()
    look(owner, "melden")
    refuse_empty(owner, "Meldung abschicken")
    owner.get_by_label("Was ist hier nicht in Ordnung?").fill("Das ist Werbung.")
    owner.get_by_role("button", name="Meldung abschicken").click()
    told(owner, "Gemeldet.")
    owner.goto(f"{town.url}{DESK}/posteingang/nachricht/{number}")
    owner.get_by_role("button", name="Diesen Absender nicht mehr annehmen").click()
    told(owner, "kommt bei Ihnen nichts mehr an")
    look(owner, "abgelehnt")
    owner.get_by_role("button", name="Wieder annehmen").click()
    expect(owner.get_by_role("button", name="Wieder annehmen")).to_have_count(0)
    coordinator.goto(f"{town.url}/verwaltung/meldungen")
    coordinator.get_by_role("main").get_by_role("link", name=ANNA).click()
    expect(coordinator.get_by_text("> Kauft Wundermittel!")).to_be_visible()
    look(coordinator, "gemeldeter-absender")
