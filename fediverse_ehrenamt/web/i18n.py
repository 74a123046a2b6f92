"""Languages of the interface: words through gettext (German is the source), dates and numbers through Babel.

Catalogues are .po files read once when the process starts using a language: there is no build step. Times are shown in
Germany's time zone, whatever the language.
"""

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from gettext import GNUTranslations
from pathlib import Path
from types import MappingProxyType

import babel
from babel import dates, numbers, units
from babel.core import UnknownLocaleError
from babel.messages import mofile, pofile

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.clock import HOME, whole_days
from fediverse_ehrenamt.kit.sentences import Sentence

TRANSLATIONS = Path(__file__).parent / "translations"
DEFAULT = "de"
PEERS = "en"
"""What programs elsewhere are told things in, which ask for no language: whoever reads their log may know no German."""
# The region decides how dates and numbers are written: English readers here live in Europe.
PLAIN = "de-simple"
"""The BCP 47 tag of Leichte Sprache, here and in `contentMap`."""
LOCALES: Mapping[str, str] = MappingProxyType({"de": "de_DE", PLAIN: "de_DE", "en": "en_GB", "uk": "uk_UA", "ar": "ar"})
OWN_NAMES: Mapping[str, str] = MappingProxyType(
    {"de": "Deutsch", PLAIN: "Leichte Sprache", "en": "English", "uk": "Українська", "ar": "العربية"}
)
WORKING = (DEFAULT, "en")
"""The languages of the pages of organisations and coordinators.

A catalogue may lack the words of such pages alone: a page is never mixed from two languages, which a screen reader
would read aloud with the wrong voice.
"""
VISITED = frozenset(
    {
        *("alerts", "conversations", "discover", "doubts", "engagements", "federation", "freshness", "joining"),
        *("keeping", "look", "media", "moderation", "reactions", "texts", "things", "web"),
    }
)
"""The packages whose pages visitors see, or that write to them: in all languages."""

_MAX_WISHES = 20
_MAX_TAG = 35
_NEAR_KM = 10
_SHORT = 3  # letters
_WRITTEN = 4_096  # numbers, distances and days of which each is kept as it is written
_A_DAY = timedelta(days=1)
_LAST_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the interface; `code` is its BCP 47 tag."""

    code: str
    locale: babel.Locale
    catalogue: GNUTranslations

    @property
    def direction(self) -> str:
        """Which way it is written, "ltr" or "rtl"."""
        return str(self.locale.text_direction)

    def gettext(self, message: str) -> str:
        """Say a message, or a `Sentence` with its values, in this language; one that it lacks as it stands."""
        if isinstance(message, Sentence):
            values = {
                name: self.gettext(one) if isinstance(one, Sentence) else one for name, one in message.values.items()
            }
            return self._gettext(message.template) % values
        return self._gettext(message)

    def _gettext(self, message: str) -> str:
        return self.catalogue.gettext(message) if message else ""  # under "" catalogues keep their header

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.catalogue.ngettext(one, many, count)

    def number(self, value: float) -> str:
        return _number(self.code, value)

    def distance(self, kilometres: float) -> str:
        """Write a distance: "3,2 km", from ten kilometres on "14 km"."""
        return _distance(self.code, round(kilometres, 1) if kilometres < _NEAR_KM else round(kilometres))

    def day(self, day: date | datetime) -> str:
        """Write a day: "Sa., 12. Dez. 2026"."""
        return _day(self.code, clock.day(day) if isinstance(day, datetime) else day)

    def long_day(self, day: date | datetime) -> str:
        """Write a day in full: "12. Dezember 2026"."""
        local = clock.day(day) if isinstance(day, datetime) else day
        return dates.format_date(local, "long", locale=self.locale)

    def full_day(self, day: date) -> str:
        """Write a day with its weekday: "Samstag, 12. Dezember 2026"."""
        return dates.format_date(day, "full", locale=self.locale)

    def day_of_month(self, day: date) -> str:
        """Write a day without its year: "12. Dez."."""
        return dates.format_skeleton("MMMd", day, locale=self.locale)

    def month(self, day: date) -> str:
        """Write the month of a day: "Dezember 2026"."""
        return dates.format_skeleton("yMMMM", day, locale=self.locale)

    def month_letter(self, day: date) -> str:
        """Write the month of a day as shortly as can be: "D" for December."""
        return str(dates.get_month_names("narrow", "stand-alone", locale=self.locale)[day.month])

    def days(self, first: date, last: date) -> str:
        """Write the days from one to another: "7.–13. Dez. 2026"."""
        return dates.format_interval(first, last, "yMMMd", locale=self.locale)

    def weekdays(self) -> tuple[tuple[str, str], ...]:
        """Name the days of a week from Monday on, in full and short: ("Montag", "Mo")."""
        full, short = (
            dates.get_day_names(width, context="stand-alone", locale=self.locale) for width in ("wide", "short")
        )
        return tuple((full[number], short[number].rstrip(".")) for number in range(7))

    def short_day(self, weekday: int) -> str:
        """Name a day of the week (0 is Monday) in at most three letters: "Mo"."""
        names = [dates.get_day_names("short", locale=self.locale)[day].rstrip(".") for day in range(7)]
        if max(map(len, names)) > _SHORT:
            names = [dates.get_day_names("narrow", locale=self.locale)[day] for day in range(7)]
        return str(names[weekday])

    def clock(self, moment: datetime) -> str:
        """Write a time of day in Germany: "14:00"."""
        return _clock(self.code, moment.astimezone(HOME).time().replace(second=0, microsecond=0))

    def span(self, start: datetime, end: datetime | None) -> str:
        """Write when something takes place, in one line; whole days are written without times."""
        first = start.astimezone(HOME)
        last = end.astimezone(HOME) if end is not None and end > start else first
        if whole_days(first, last):
            final = (last - _LAST_MINUTE).date()
            return self.day(first) if final <= first.date() else f"{self.day(first)} – {self.day(final)}"
        if last == first:
            return self.gettext("%(day)s, %(start)s Uhr") % {"day": self.day(first), "start": self.clock(first)}
        if last.date() == first.date():
            words = {"day": self.day(first), "start": self.clock(first), "end": self.clock(last)}
            return self.gettext("%(day)s, %(start)s–%(end)s Uhr") % words
        return f"{self.span(start, None)} – {self.span(last, None)}"

    def ago(self, moment: datetime, now: datetime) -> str:
        """Write how many days ago something was: "vor 3 Wochen", "heute"; what was late last night was a day ago."""
        passed = clock.day(now) - clock.day(moment)
        if passed < _A_DAY:
            return self.gettext("heute")
        return dates.format_timedelta(-passed, granularity="day", threshold=1, add_direction=True, locale=self.locale)

    def language_name(self, tag: str) -> str:
        """Name a language in this one: "uk" is "Ukrainisch"; what Babel does not know stays as it is."""
        if tag.lower() == PLAIN:
            return self.gettext("Leichte Sprache")
        try:
            return babel.Locale.parse(tag[:_MAX_TAG], sep="-").get_display_name(self.locale) or tag
        except (ValueError, UnknownLocaleError):
            return tag


# A page writes hundreds of numbers, of which few are new; Babel takes its patterns apart for each.
@lru_cache(_WRITTEN, typed=True)
def _number(code: str, value: float) -> str:
    return numbers.format_decimal(value, locale=LOCALES[code])


@lru_cache(_WRITTEN, typed=True)
def _distance(code: str, kilometres: float) -> str:
    return units.format_unit(kilometres, "length-kilometer", "short", locale=LOCALES[code])


@lru_cache(_WRITTEN)
def _clock(code: str, moment: time) -> str:
    return dates.format_time(moment, "short", locale=LOCALES[code])


@lru_cache(_WRITTEN)
def _day(code: str, day: date) -> str:
    return dates.format_skeleton("yMMMEd", day, locale=LOCALES[code])


@lru_cache
def language(code: str) -> Language:
    """Return the language with this code, which must be one of `LOCALES`."""
    return Language(code, babel.Locale.parse(LOCALES[code]), _catalogue(code))


def choose(wish: str, accepted: str, offered: Collection[str] = LOCALES) -> Language:
    """Return the language a visitor wants of those that are offered: the `wish`, else the best of an Accept-Language.

    Leichte Sprache is German, where it is not offered.
    """
    if wish in offered:
        return language(wish)
    tags = [DEFAULT] if wish == PLAIN else _tags(accepted)
    return language(next((tag for tag in tags if tag in offered), DEFAULT))


def offered(package: str) -> Sequence[str]:
    """Return the languages of the pages of a package of ours."""
    return tuple(LOCALES) if package in VISITED else WORKING


def of_letters(wish: str, package: str) -> Language:
    """Return the language in which a package of ours writes to somebody: the `wish`, German if its words lack in it."""
    return choose(wish, "", offered(package))


def _tags(accepted: str) -> list[str]:
    """Return the primary tags of an Accept-Language header, the most wanted first (RFC 9110 §12.5.4)."""
    wishes: list[tuple[float, str]] = []
    for part in accepted.split(",")[:_MAX_WISHES]:
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.partition("=")[2]) if quality else 1.0
        except ValueError:
            continue
        if weight > 0:
            wishes.append((-weight, tag.partition("-")[0].lower()))
    return [tag for _, tag in sorted(wishes, key=lambda wish: wish[0])]


def _catalogue(code: str) -> GNUTranslations:
    with (TRANSLATIONS / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = pofile.read_po(file, locale=LOCALES[code])
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
