"""Makes the instance that the page describes: as `init` does, and in the same transaction its operator and its look."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from fediverse_ehrenamt import setup
from fediverse_ehrenamt.accounts import entering, passwords, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.audit.rules import By
from fediverse_ehrenamt.federation import addresses, discovery, sources
from fediverse_ehrenamt.first_run import reading
from fediverse_ehrenamt.first_run.reading import Typed
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import EhrenamtError
from fediverse_ehrenamt.look import actions as look
from fediverse_ehrenamt.look.actions import Wishes
from fediverse_ehrenamt.preferences import actions as preferences
from fediverse_ehrenamt.preferences import rules
from fediverse_ehrenamt.preferences.rules import Preferences
from fediverse_ehrenamt.settings import ENV_FILE, Settings
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop


@dataclass(frozen=True, slots=True)
class Made:
    """The instance, and the token of its operator's first session."""

    instance: Instance
    session: str


async def wrong_sources(workshop: Workshop, typed: Typed, words: Language) -> str:
    """Ask each source what it runs, all at once; return what is wrong with them, "" for nothing."""
    asked = typed.addresses
    if len(asked) > reading.MOST_SOURCES:
        return words.gettext("Bitte höchstens %(number)s; weitere fügen Sie später hinzu.") % {
            "number": words.number(reading.MOST_SOURCES)
        }
    found = await asyncio.gather(*(_wrong_source(workshop, one, words) for one in asked))
    return " ".join(one for one in found if one)


async def _wrong_source(workshop: Workshop, address: str, words: Language) -> str:
    origin = ids.origin(address)
    named = {"address": address}
    if not origin:
        return words.gettext("„%(address)s“ ist keine Adresse; richtig wäre https://ehrenamt.beispiel.de.") % named
    if addresses.is_ours(workshop.settings, origin):
        return words.gettext("„%(address)s“ ist dieses Portal selbst.") % named
    try:
        if await discovery.software(workshop, origin):
            return ""
    except EhrenamtError as error:
        return f"„{address}“: {error.public}"
    return words.gettext("Unter „%(address)s“ haben wir kein Portal und keinen Dienst des Fediverse gefunden.") % named


def create(settings: Settings, typed: Typed, hashed: str, language: str, agent: str) -> Made:
    """Make the instance; raises `Conflict` where there is one meanwhile. `hashed` is a password's digest or ""."""
    instance = open_instance(settings)
    session: list[str] = []

    def also(work: Work) -> By:
        person, token = _furnish(work, typed, hashed, (language, agent))
        session.append(token)
        return By(person)

    try:
        setup.create(instance, typed.name, typed.summary, Path(ENV_FILE), also)
    except EhrenamtError:
        asyncio.run(instance.close())  # this is a thread without a loop
        raise
    return Made(instance, session[0])


def _furnish(work: Work, typed: Typed, hashed: str, browser: tuple[str, str]) -> tuple[str, str]:
    language, agent = browser
    roles = [Role.OPERATOR, *([Role.COORDINATOR] if typed.coordinates else [])]
    person = people.add(work, typed.mail, typed.person, language, [Grant(role) for role in roles]).id
    if hashed:
        passwords.put(work, person, "", hashed)
    if typed.accent != reading.BRAND:
        look.choose(work, Wishes(accent=typed.accent))
    spoken = rules.languages(typed.languages, i18n.LOCALES, i18n.DEFAULT)
    preferences.put(work, Preferences(reading.home(typed), spoken))
    sources.add_later(work, typed.addresses)
    return person, entering.begin(work, person, agent)
