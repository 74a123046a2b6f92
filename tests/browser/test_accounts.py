"""Signing in in a real browser, each way there is: by a link, a password, and passkeys of a virtual authenticator."""

import base64
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Concatenate

import pytest
import uvicorn
from playwright.sync_api import Browser, CDPSession, Page, expect

from fediverse_ehrenamt import app, server, setup
from fediverse_ehrenamt.accounts import entering, factors, inviting, people, rules
from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.mail import folder
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import P, T, Work
from tests import servers
from tests.browser.looking import look, open_page
from tests.mail.postoffice import taken, text_of
from tests.workbench import SECRET, add_keyless

ANNA = "anna@beispiel.de"
_SECONDS = 30.0


class Town:
    """A town that really serves, on a name: browsers know passkeys on names only."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.url = instance.workshop.settings.url

    def write(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.instance.workshop.write_now(function, *args, **kwargs)

    def add(self, *grants: Grant, mail: str = ANNA) -> Person:
        return self.write(people.add, mail, "Anna Beispiel", "de", grants)

    def link(self) -> str:
        """Return the link in the letter that comes."""
        place = folder.place(self.instance.workshop.settings)
        servers.wait_until(lambda: place.is_dir() and any(place.glob("*.eml")), "a letter")
        (letter,) = taken(self.instance.workshop.settings)
        return next(line for line in text_of(letter).splitlines() if line.startswith(f"{self.url}/"))

    def sign_in(self, page: Page, person: Person) -> None:
        page.goto(f"{self.url}/anmelden/{self.write(entering.make_link, person.id)}")
        page.get_by_role("button", name="Jetzt anmelden").click()
        page.goto(f"{self.url}/konto")
        expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Konto")


@pytest.fixture
def hagen(tmp_path: Path) -> Iterator[Town]:
    port = servers.free_port()
    given = {"URL": f"http://localhost:{port}", "DATA": str(tmp_path), "SECRET": SECRET}
    settings = Settings.load({f"EHRENAMT_{name}": value for name, value in given.items()})
    instance = open_instance(settings)
    setup.create(instance, "Ehrenamt Hagen", "Ehrenamt in Hagen.", None)
    serving = uvicorn.Server(server.configured(app.build(instance)))
    thread = threading.Thread(target=serving.run, args=([server.listening("127.0.0.1", port)],))
    thread.start()
    servers.wait_until(lambda: serving.started, f"port {port}")
    yield Town(instance)
    serving.should_exit = True
    thread.join(_SECONDS)


def authenticator(page: Page) -> tuple[CDPSession, str]:
    """Give a browser a fingerprint reader of its own that knows the finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, str(made["authenticatorId"])


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")])
def test_every_page_fits(hagen: Town, browser: Browser, width: int, scheme: str) -> None:
    library = hagen.write(add_keyless)
    anna = hagen.add(Grant(Role.COORDINATOR), Grant(Role.OWNER, library))
    page = open_page(browser, width, scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{hagen.url}/konto")
    look(page, f"anmelden-{width}-{scheme}")
    page.goto(f"{hagen.url}/einladung/{hagen.write(inviting.invite, 'b@b.de', Grant(Role.EDITOR, library))}")
    look(page, f"einladung-{width}-{scheme}")
    hagen.sign_in(page, anna)
    look(page, f"konto-{width}-{scheme}")
    for name in ("passwort", "loeschen"):
        page.goto(f"{hagen.url}/konto/{name}")
        look(page, f"konto-{name}-{width}-{scheme}")
    assert complaints == []
    page.context.close()


def test_by_link_and_password_without_scripts(hagen: Town, browser: Browser) -> None:
    hagen.add()
    page = open_page(browser, 320, "light", scripts=False)
    page.goto(f"{hagen.url}/konto/passwort")
    expect(page.get_by_role("button", name="Passkey")).to_be_hidden()
    page.get_by_label("Ihre Mailadresse").first.fill(ANNA)
    page.get_by_role("button", name="Link zum Anmelden schicken").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Postfach")
    page.goto(hagen.link())
    page.get_by_role("button", name="Jetzt anmelden").click()
    page.get_by_label("Neues Passwort").fill("1111111111111")
    page.get_by_role("button", name="Passwort speichern").click()
    expect(page.locator("#passwort-problem")).to_contain_text("leicht zu raten")
    look(page, "passwort-falsch")
    page.get_by_label("Neues Passwort").fill("vier Wörter sind besser")
    page.get_by_role("button", name="Passwort speichern").click()
    expect(page.get_by_role("status")).to_contain_text("Gespeichert")
    page.get_by_role("button", name="Hier abmelden").click()
    page.get_by_role("link", name="Anmelden", exact=True).click()
    page.get_by_text("Lieber mit Passwort anmelden").click()
    page.get_by_label("Ihre Mailadresse").last.fill(ANNA)
    page.get_by_label("Passwort", exact=True).fill("falsch")
    page.get_by_role("button", name="Mit Passwort anmelden").click()
    expect(page.locator("#passwort-problem")).to_contain_text("passen nicht zusammen")
    look(page, "anmelden-passwort-falsch")
    page.get_by_label("Passwort", exact=True).fill("vier Wörter sind besser")
    page.get_by_role("button", name="Mit Passwort anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Konto")
    page.context.close()


def test_by_passkey(hagen: Town, browser: Browser) -> None:
    page = open_page(browser, 320, "light")
    reader, number = authenticator(page)
    hagen.sign_in(page, hagen.add())
    page.get_by_label("Wie soll er heißen?").fill("Mein Telefon")
    page.get_by_role("button", name="Passkey hinzufügen").click()
    expect(page.get_by_text("Passkey: Mein Telefon")).to_be_visible()
    expect(page.get_by_text("noch nicht benutzt")).to_be_visible()
    look(page, "konto-passkey")
    page.get_by_label("Wie soll er heißen?").fill("Noch einer")
    page.get_by_role("button", name="Passkey hinzufügen").click()
    expect(page.get_by_role("alert")).to_contain_text("Das hat nicht geklappt")
    page.get_by_role("button", name="Hier abmelden").click()

    page.goto(f"{hagen.url}/konto/passwort")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Passwort festlegen")
    page.goto(f"{hagen.url}/konto")
    expect(page.get_by_text("zuletzt benutzt")).to_be_visible()

    held = reader.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"][0]
    page.get_by_role("button", name="Entfernen: Mein Telefon").click()
    expect(page.get_by_text("Mein Telefon")).to_be_hidden()
    page.get_by_role("button", name="Hier abmelden").click()
    page.goto(f"{hagen.url}/anmelden")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("Das hat nicht geklappt")
    look(page, "anmelden-passkey-falsch")
    assert held["isResidentCredential"]
    page.context.close()


def sign_in_with_code(hagen: Town, page: Page, anna: Person, given: str) -> None:
    """Sign in with a code at the second try, and out again."""
    page.goto(f"{hagen.url}/anmelden/{hagen.write(entering.make_link, anna.id)}")
    page.get_by_role("button", name="Jetzt anmelden").click()
    page.get_by_label("Code aus Ihrer App").fill("000000")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.locator("#code-problem")).to_be_visible()
    look(page, "code-falsch")
    page.get_by_label("Code aus Ihrer App").fill(given)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Verwaltung")
    page.goto(f"{hagen.url}/konto")
    page.get_by_role("button", name="Hier abmelden").click()


def test_a_second_step_with_a_code_and_without_scripts(hagen: Town, browser: Browser) -> None:
    anna = hagen.add(Grant(Role.OPERATOR))
    page = open_page(browser, 320, "light", scripts=False)
    hagen.sign_in(page, anna)
    expect(page.get_by_text("Mit Ihrer Rolle nötig")).to_be_visible()
    page.get_by_role("link", name="Einrichten").click()
    look(page, "zweiter-schritt")
    page.get_by_role("button", name="Einrichten").click()
    expect(page.get_by_role("img", name="QR-Code")).to_have_js_property("complete", value=True)
    assert page.get_by_role("img", name="QR-Code").evaluate("image => image.naturalWidth") > 100
    look(page, "zweiter-schritt-qr")
    secret = base64.b32decode("".join(page.locator("main code").inner_text().split()))

    def code(steps: int = 0) -> str:
        return rules.one_time_code(secret, int(hagen.instance.workshop.now().timestamp()) // 30 + steps)

    page.get_by_label("Code aus Ihrer App").fill(code())
    page.get_by_role("button", name="Einschalten").click()
    expect(page.locator(".codes code")).to_have_count(10)
    paper = page.locator(".codes code").all_inner_texts()
    look(page, "ersatzcodes")
    page.get_by_role("link", name="Ich habe sie aufgeschrieben").click()
    page.get_by_role("button", name="Hier abmelden").click()
    for given in (code(1), paper[3]):
        sign_in_with_code(hagen, page, anna, given)
    page.context.close()


def test_a_passkey_that_knows_its_owner_needs_no_code(hagen: Town, browser: Browser) -> None:
    anna = hagen.add()
    page = open_page(browser, 320, "light")
    authenticator(page)
    hagen.sign_in(page, anna)
    page.get_by_label("Wie soll er heißen?").fill("Mein Telefon")
    page.get_by_role("button", name="Passkey hinzufügen").click()
    expect(page.get_by_text("Passkey: Mein Telefon")).to_be_visible()
    hagen.write(with_second_step, anna.id)
    page.get_by_role("button", name="Hier abmelden").click()
    page.goto(f"{hagen.url}/konto")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Konto")
    page.context.close()


def with_second_step(work: Work, person: str) -> None:
    """Let somebody have an app that knows their secret."""
    factors.start(work, person)
    secret = base64.b32decode(factors.secret(work, person))
    assert factors.confirm(work, person, rules.one_time_code(secret, int(work.now.timestamp()) // 30))


def test_a_copied_passkey_and_an_old_challenge_prove_nothing(hagen: Town, browser: Browser) -> None:
    page = open_page(browser, 320, "light")
    reader, number = authenticator(page)
    hagen.sign_in(page, hagen.add())
    page.get_by_label("Wie soll er heißen?").fill("Mein Telefon")
    page.get_by_role("button", name="Passkey hinzufügen").click()
    expect(page.get_by_text("Passkey: Mein Telefon")).to_be_visible()
    copy = reader.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"][0]
    page.get_by_role("button", name="Hier abmelden").click()
    page.goto(f"{hagen.url}/anmelden")
    answers: list[str] = []
    page.on("request", lambda request: answers.append(request.post_data or "") if request.method == "POST" else None)
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Konto")
    page.get_by_role("button", name="Hier abmelden").click()

    said = next(answer for answer in answers if "antwort=" in answer)
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": hagen.url}
    again = page.request.post(f"{hagen.url}/anmelden/passkey", data=said, headers=form)
    assert again.status == 422, "what was signed once is of no use twice"

    reader.send("WebAuthn.clearCredentials", {"authenticatorId": number})
    reader.send("WebAuthn.addCredential", {"authenticatorId": number, "credential": copy})
    page.goto(f"{hagen.url}/anmelden")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("Das hat nicht geklappt")
    page.context.close()
