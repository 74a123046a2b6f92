"""What was typed into the page for setting up, and what in it is wrong; nothing that was typed is lost."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from fediverse_ehrenamt import setup
from fediverse_ehrenamt.accounts import password_pages, people, rules
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.look import rules as look
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.preferences.rules import Home
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.web.forms import Fields
from fediverse_ehrenamt.web.i18n import Language

NAME, SUMMARY, URL, HANDLES, TRIAL, PLACE, LANGUAGES = (
    *("name", "satz", "adresse", "handles", "probe", "ort", "sprachen"),
)
PERSON, MAIL, PASSWORD, COORDINATES, ACCENT, SOURCES = "person", "mail", "passwort", "koordination", "farbe", "quellen"
INSTEAD: Final = f"{ACCENT}_stattdessen"
"""The button that takes the nearest colour that fits."""
LONGEST_SUMMARY = 500
MOST_SOURCES = 5
_LONGEST = 2_000  # characters of any field
_NO_PUBLIC_NAMES = (".local", ".localhost", ".example", ".test", ".invalid", ".internal", ".lan")
Problems = dict[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the page; `sources` are lines, `trial` says that an address is wrong on purpose."""

    name: str = ""
    summary: str = ""
    url: str = ""
    handle_domain: str = ""
    trial: bool = False
    place: str = ""
    languages: tuple[str, ...] = tuple(i18n.LOCALES)
    person: str = ""
    mail: str = ""
    password: str = ""
    coordinates: bool = True
    accent: str = look.USUAL
    sources: str = ""

    @property
    def addresses(self) -> list[str]:
        """The sources as addresses, each once."""
        lines = [line.strip().rstrip("/") for line in self.sources.splitlines()]
        return list(dict.fromkeys(line if "://" in line else f"https://{line}" for line in lines if line))


def read(fields: Fields) -> Typed:
    """Return what was sent, each field cut where nobody goes on typing."""
    said = {name: value[:_LONGEST] for name, value in reversed(fields)}

    def line(name: str) -> str:
        return " ".join(said.get(name, "").split())

    return Typed(
        name=line(NAME),
        summary=line(SUMMARY),
        url=line(URL).rstrip("/"),
        handle_domain=line(HANDLES).removeprefix("@"),
        trial=TRIAL in said,
        place=line(PLACE),
        languages=tuple(value for name, value in fields if name == LANGUAGES and value in i18n.LOCALES),
        person=line(PERSON),
        mail=line(MAIL),
        password=said.get(PASSWORD, ""),
        coordinates=COORDINATES in said,
        accent=line(INSTEAD) or line(ACCENT) or look.USUAL,
        sources=said.get(SOURCES, ""),
    )


def settings(typed: Typed, words: Language) -> tuple[Settings | None, Problems]:
    """Return the settings of the instance to be, with a secret; what the operator has set already stays."""
    given = {"EHRENAMT_URL": typed.url, "EHRENAMT_HANDLE_DOMAIN": typed.handle_domain}
    open_ = {
        "EHRENAMT_URL": not Settings.is_given("url"),
        "EHRENAMT_HANDLE_DOMAIN": not Settings.is_given("handle_domain"),
    }
    names = {"EHRENAMT_URL": URL, "EHRENAMT_HANDLE_DOMAIN": HANDLES}
    try:
        return setup.settings_for_init({key: value for key, value in given.items() if value and open_[key]}), {}
    except Invalid as error:
        return None, {names.get(problem.field, URL): words.gettext(problem.message) for problem in error.problems}


def looks_wrong(url: str) -> bool:
    """Say whether nobody outside could reach this address, or only unencrypted."""
    host = ids.host(url).partition(":")[0].lower()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return not url.startswith("https://") or "." not in host or host.endswith(_NO_PUBLIC_NAMES)
    return True


def home(typed: Typed) -> Home | None:
    """Return where the instance is at home, None where no such place is known."""
    spot = gazetteer.find(typed.place) if typed.place else None
    return Home(spot.name, spot.latitude, spot.longitude) if spot else None


def problems(typed: Typed, words: Language) -> Problems:
    """Say what is wrong, by field, as far as nobody has to be asked."""
    found: Problems = {}
    for wrong in setup.wrong_name(typed.name):
        found[NAME] = words.gettext(wrong.message)
    if len(typed.summary) > LONGEST_SUMMARY:
        found[SUMMARY] = words.gettext("Das ist zu lang; richtig sind höchstens %(number)s Zeichen.") % {
            "number": words.number(LONGEST_SUMMARY)
        }
    if wrong_place := _of_place(typed, words):
        found[PLACE] = wrong_place
    if colour := look.problem(ACCENT, typed.accent, look.LIGHT):
        found[ACCENT] = words.gettext(colour.message)
    return found | _of_person(typed, words)


def _of_place(typed: Typed, words: Language) -> str:
    """Say what is wrong with the place; of one that has a longer name, that others may begin likewise."""
    if not typed.place:
        return words.gettext("Bitte nennen Sie einen Ort oder eine Postleitzahl, zum Beispiel Hagen oder 58095.")
    there = home(typed)
    if there is None:
        return words.gettext(gazetteer.unknown(typed.place))
    if not gazetteer.fold(there.place).startswith(f"{gazetteer.fold(typed.place)} "):
        return ""
    return words.gettext(
        "Meinen Sie „%(place)s“? Dann schreiben Sie es bitte so; sonst nennen Sie die Postleitzahl."
    ) % {"place": there.place}


def _of_person(typed: Typed, words: Language) -> Problems:
    found: Problems = {}
    if not 0 < len(typed.person) <= rules.NAME or not typed.person.isprintable():
        found[PERSON] = words.gettext("Bitte nennen Sie Ihren Namen, zum Beispiel Anna Beispiel.")
    try:
        people.address(typed.mail)
    except Invalid:
        found[MAIL] = words.gettext("Das ist keine Mailadresse; richtig wäre zum Beispiel anna@beispiel.de.")
    if typed.password:
        weak = rules.weakness(rules.prepared(typed.password), typed.person, typed.mail)
        if weak is not None:
            found[PASSWORD] = password_pages.worded(words, weak)
    return found


def without_secrets(typed: Typed) -> Typed:
    """Return what comes back in the page: a password does not."""
    return replace(typed, password="")


def first_of(names: Mapping[str, str], found: Problems) -> list[tuple[str, str, str]]:
    """Return the problems in the order of the page: field, label, what is wrong."""
    return [(name, label, found[name]) for name, label in names.items() if name in found]
