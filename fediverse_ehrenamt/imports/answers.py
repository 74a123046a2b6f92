"""Columns that ask one thing, "Führungszeugnis (j/n)": their answers in words, and whether an offer is taken.

The words stand among those about requirements and benefits, where they are read as anybody's words are.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fediverse_ehrenamt.understanding import admission

_LONGEST = 200  # characters of an answer; what is longer is no answer
_MORE = re.compile(r"\berw", re.IGNORECASE)
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


_CLEARANCE: Final = "fuehrungszeugnis"
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
        if _CLEARANCE in name:
            yield _clearance(name, value)
        yield from filter(None, (one.answered(value) for one in _REQUIREMENTS if one.part in name))


def benefits(said: Mapping[str, str]) -> Iterator[str]:
    """Yield what columns (by their folded names) say that helpers get."""
    for name, value in _answers(said):
        asked = [one for one in _BENEFITS if name.startswith(one.part)]
        if asked and not _NOTHING.match(value):
            yield from filter(None, (one.answered(value) for one in asked))


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
    if _MORE.search(value) or name.startswith("erw"):
        return "Erweitertes Führungszeugnis erforderlich"
    return "Führungszeugnis erforderlich" if yes else f"Führungszeugnis: {value}"
