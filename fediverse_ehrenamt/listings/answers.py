"""Columns that ask one thing, "Führungszeugnis (j/n)", "Mo", "Std./Wo.": their answers in words; whether it is taken.

The words stand among those about requirements, benefits and times, where they are read as anybody's words are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from fediverse_ehrenamt.understanding import admission

_LONGEST = 200  # characters of an answer; what is longer is no answer
_MORE = re.compile(r"\berw|\beFZ\b", re.IGNORECASE)
_NOTHING = re.compile(r"kein\w{0,2}|nichts?|unentgeltlich|0\s?(?:€|euro)", re.IGNORECASE)
_TAKEN = re.compile(r"besetzt|vergeben|belegt|voll|erledigt", re.IGNORECASE)
_IS_TAKEN = r"(?:erledigt|besetzt|vergeben|belegt)"
_SAYS_TAKEN = re.compile(
    r"\bnicht mehr aktuell\b|"
    rf"\b(?:stelle|platz|angebot|bereits|schon|leider|zurzeit|derzeit|z\. ?Zt\.) (?:ist )?{_IS_TAKEN}\b|"
    rf"[(\[:–-]\s?{_IS_TAKEN}\W{{0,3}}(?:$|[)\]])|^\W{{0,3}}(?:archiviert|{_IS_TAKEN})\W",
    re.IGNORECASE,
)
_SAYS_NOTHING_ELSE = re.compile(
    r"\W{0,9}(?:(?:die|diese|der|unsere|alle)\s)?(?:stellen?|plätze|platz|angebot|aufgabe)?\s?(?:(?:ist|sind)\s)?"
    rf"(?:\w+\s)?(?:{_IS_TAKEN}|nicht mehr aktuell)\W{{0,9}}",
    re.IGNORECASE,
)
_OF_TAKEN, _STATUS = "besetzt", "status"


@dataclass(frozen=True, slots=True)
class _Question:
    """What a column asks by a part of its folded name, and what a yes and a no mean; "" where a no says nothing."""

    part: str
    name: str
    yes: str
    no: str = ""

    def answered(self, said: str) -> str:
        """Return the answer in words: those of a yes or no, else what was said."""
        if (yes := admission.answer(said)) is not None:
            return self.yes if yes else self.no
        return f"{self.name}: {said}"


_CLEARANCE: Final = re.compile(r".*fuehrungsz|(?:e|erw|erweitertes|pol|polizeil)?fz(?:janein|jn)?$")
_AGE: Final = frozenset({"alter", "abalter", "mindestalter", "alterab"})
_BARE_AGE = re.compile(r"(?:ab\s)?\d{1,2}(?:\s?(?:j\.?|jahren?))?", re.IGNORECASE)
# "Familien" alone may be one of the columns in which target groups are ticked.
_FOR = re.compile(
    r"(?:auch|geeignet)?fuer(?P<whom>familien|gruppen|schueler|studierende|senioren|unternehmen|firmen)"
    r"(?:geeignet|moeglich|janein|jn|x)?|(?P<group>gruppen)(?:geeignet|moeglich|janein|jn)?"
)
_WHOM = {"familien": "Familien", "gruppen": "Gruppen", "schueler": "Schüler", "studierende": "Studierende",
         "senioren": "Senioren", "unternehmen": "Unternehmen", "firmen": "Firmen"}  # fmt: skip
_ALSO_YES = re.compile(r"(?:ja|x)\b[\s,;:.–-]{0,3}(?P<more>.{0,100})", re.IGNORECASE)
_REQUIREMENTS = (
    _Question("masern", "Masernschutz", "Masernschutz erforderlich"),
    _Question("fuehrerschein", "Führerschein", "Führerschein erforderlich"),
    _Question("juleica", "Juleica", "Juleica erforderlich"),
    _Question("deutschkenntnis", "Deutschkenntnisse", "", "Deutschkenntnisse nicht nötig"),
)
_BENEFITS = (
    _Question("fahrtkosten", "Fahrtkosten", "Fahrtkostenerstattung"),
    _Question("aufwandsentschaedigung", "Aufwandsentschädigung", "Aufwandsentschädigung"),
    _Question("verguetung", "Vergütung", ""),
    _Question("verpflegung", "Verpflegung", "Verpflegung"),
)


def requirements(said: Mapping[str, str]) -> Iterator[str]:
    """Yield what columns (by their folded names) say that helpers must bring."""
    for name, value in _answers(said):
        if _is_clearance(name):
            yield _clearance(name, value)
        if name in _AGE and not (name != "alter" and _BARE_AGE.fullmatch(value)):
            yield f"Alter: ab {value}" if value.isdecimal() else f"Alter: {value}"
        if (whom := _whom(name)) and (yes := _ALSO_YES.fullmatch(value)):
            yield f"Geeignet für {whom}" + (f", {yes['more']}" if yes["more"] else "")
        yield from filter(None, (one.answered(value) for one in _REQUIREMENTS if one.part in name))


@lru_cache(4096)
def _is_clearance(name: str) -> bool:
    return bool(_CLEARANCE.match(name))


@lru_cache(4096)
def _whom(name: str) -> str:
    """Return whom a column asks for, whether an offer suits them; "" where it asks something else."""
    asked = _FOR.fullmatch(name)
    return _WHOM[asked["whom"] or asked["group"]] if asked else ""


def benefits(said: Mapping[str, str]) -> Iterator[str]:
    """Yield what columns (by their folded names) say that helpers get."""
    for name, value in _answers(said):
        asked = [one for one in _BENEFITS if name.startswith(one.part)]
        if asked and not _NOTHING.match(value):
            yield from filter(None, (one.answered(value) for one in asked))


# --- when -------------------------------------------------------------------------------------------------------------
_DAYS = {
    name: short
    for short, long in (("Mo", "montag"), ("Di", "dienstag"), ("Mi", "mittwoch"), ("Do", "donnerstag"),
                        ("Fr", "freitag"), ("Sa", "samstag"), ("So", "sonntag"))
    for name in (short.lower(), long, f"{long}s")
}  # fmt: skip
_LEAST_DAYS = 5  # columns that are called after days of the week; "So" alone is a word
_HOURS_PER = re.compile(
    r"(?:std|stdn|stunden?|h)(?:pro|je|im|inder)?(?P<per>wo|woche|mon|monat|jahr)$|(?P<of>wochen|monats|jahres)(?:std|stunden)$"
)
_PER = {"wo": "Woche", "mo": "Monat", "ja": "Jahr"}
_BARE_AMOUNT = re.compile(
    r"(?:(?:ca|mind|max)\.?\s?|bis(?:\szu)?\s)?\d{1,2}(?:[.,]\d{1,2})?(?:\s?(?:-|–|bis)\s?\d{1,2}(?:[.,]\d{1,2})?)?",
    re.IGNORECASE,
)


def names_days(names: Iterable[str]) -> bool:
    """Say whether columns (by their folded names) are those of the days of a week, as in a plan to tick."""
    return len({_DAYS[name] for name in names if name in _DAYS}) >= _LEAST_DAYS


def days(said: Mapping[str, str]) -> str:
    """Return the days that are ticked in columns of their own: "Mo, Mi", with their hours where these stand there."""
    if _DAYS.keys().isdisjoint(said) or not names_days(said):
        return ""
    told = ((_DAYS[name], value, admission.answer(value)) for name, value in _answers(said) if name in _DAYS)
    return ", ".join(day if yes else f"{day} {value}" for day, value, yes in told if yes is not False)


def amount(name: str, value: str) -> str:
    """Return a bare amount with what its column (by its folded name) counts: "2-3" below "Std./Wo."; "" for others."""
    found = _HOURS_PER.search(name)
    if found is None:
        return ""
    per = _PER[(found["per"] or found["of"])[:2]]
    return f"{value} Std. pro {per}" if _BARE_AMOUNT.fullmatch(value) else value


def is_done(name: str, value: str) -> bool:
    """Say whether a column (by its folded name) that ticks off what is over has its tick."""
    return name in _DONE and admission.answer(value) is True


_DONE = frozenset({"erledigt", "abgeschlossen", "vorbei", "beendet"})


def is_taken(said: Mapping[str, str]) -> bool:
    """Say whether a column ("offen/besetzt", "Status") says that nobody is sought any more."""
    return any(
        (_OF_TAKEN in name or name == _STATUS)
        and (bool(_TAKEN.fullmatch(value)) or (name.startswith(_OF_TAKEN) and admission.answer(value) is True))
        for name, value in _answers(said)
    )


def says_taken(title: str, text: str) -> bool:
    """Say whether a title says that nobody is sought any more ("… (erledigt)"), or a text says nothing else."""
    return bool(_SAYS_TAKEN.search(title) or _SAYS_NOTHING_ELSE.fullmatch(text[:_LONGEST]))


def _answers(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, bare) for name, value in said.items() if (bare := value.strip()) and len(bare) <= _LONGEST)


def _clearance(name: str, value: str) -> str:
    yes = admission.answer(value)
    if yes is False:
        return "Kein Führungszeugnis nötig"
    if _MORE.search(value) or name.startswith(("erw", "efz")):
        return "Erweitertes Führungszeugnis erforderlich"
    return "Führungszeugnis erforderlich" if yes else f"Führungszeugnis: {value}"
