"""What an organisation shows of itself beside its name: where it is and how it is reached. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from fediverse_ehrenamt.kit import html, mailbox
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import Sentence, sentence

NAME: Final = (3, 200)  # characters
SUMMARY: Final = 5_000
WEBSITE, LINE, ON_SITE, ALT = 500, 120, 400, 500
_PHONE_DIGITS, _PHONE_LONGEST = 6, 40
_POSTCODE = re.compile(r"[0-9]{5}")
_PHONE = re.compile(r"\+?[0-9 ()/.\-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What everybody may see; all is "" (coordinates, WGS 84 degrees, None) where nothing was said.

    `on_site` says in words when somebody is there, `imprint` and `privacy` are addresses of pages elsewhere.
    """

    street: str = ""
    postcode: str = ""
    locality: str = ""
    latitude: float | None = None
    longitude: float | None = None
    mail: str = ""
    phone: str = ""
    on_site: str = ""
    imprint: str = ""
    privacy: str = ""

    @property
    def place(self) -> str:
        """The place in one line: "Springe 1, 58095 Hagen"."""
        town = " ".join(part for part in (self.postcode, self.locality) if part)
        return ", ".join(part for part in (self.street, town) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """An organisation as it is to be from now on; `contact` is where it is written to, never shown.

    `reminders` says whether that is also done before an offer ends.
    """

    name: str
    summary: str
    website: str
    legal_form: str
    contact: str
    profile: Profile
    icon: str = ""
    icon_alt: str = ""
    reminders: bool = True


def problems(wanted: Changes) -> list[Problem]:
    """Say what is wrong with what somebody typed; the fields are named as in `Changes` and `Profile`."""
    shown = wanted.profile
    web = sentence("ist keine Internetadresse; richtig wäre zum Beispiel https://www.verein.de")
    mail = sentence("ist keine Mailadresse; richtig wäre zum Beispiel info@verein.de")
    phone = sentence("ist keine Telefonnummer; richtig wäre z. B. 02331 123456")
    no_alt = sentence("fehlt: Ein Satz genügt, zum Beispiel „Unser Logo“")
    found = [
        (
            NAME[0] <= len(wanted.name) <= NAME[1],
            "name",
            sentence("braucht %(least)s bis %(most)s Zeichen", least=NAME[0], most=NAME[1]),
        ),
        (len(wanted.summary) <= SUMMARY, "summary", _too_long(SUMMARY)),
        (is_web(wanted.website), "website", web),
        (not wanted.contact or mailbox.read(wanted.contact) is not None, "contact", mail),
        (not shown.mail or mailbox.read(shown.mail) is not None, "mail", mail),
        (not shown.phone or is_phone(shown.phone), "phone", phone),
        (
            not shown.postcode or bool(_POSTCODE.fullmatch(shown.postcode)),
            "postcode",
            sentence("hat fünf Ziffern, z. B. 58095"),
        ),
        (len(shown.street) <= LINE, "street", _too_long(LINE)),
        (len(shown.locality) <= LINE, "locality", _too_long(LINE)),
        (len(shown.on_site) <= ON_SITE, "on_site", _too_long(ON_SITE)),
        (is_web(shown.imprint), "imprint", web),
        (is_web(shown.privacy), "privacy", web),
        (not wanted.icon or bool(wanted.icon_alt), "icon_alt", no_alt),
        (len(wanted.icon_alt) <= ALT, "icon_alt", _too_long(ALT)),
    ]
    return [Problem(field, message) for right, field, message in found if not right]


def _too_long(most: int) -> Sentence:
    return sentence("ist länger als %(most)s Zeichen; bitte kürzen", most=most)


def is_web(address: str) -> bool:
    return not address or (len(address) <= WEBSITE and bool(html.web_url(address)))


def is_phone(said: str) -> bool:
    digits = sum(character.isdigit() for character in said)
    return len(said) <= _PHONE_LONGEST and digits >= _PHONE_DIGITS and bool(_PHONE.fullmatch(said))
