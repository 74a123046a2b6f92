"""A description as statements: its sentences and list items, each with the heading over it.

"Voraussetzungen:" over a list says of each of its items what it is, and so does "Voraussetzungen: volljährig".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

LONGEST = 8_000  # characters; what follows is not read
_MOST_IN_HEADING = 6  # words
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„\"(•-])")
_SHORTENED = re.compile(
    r"(?:\b(?:Fr|Hr|Dr|Prof|med|phil|jur|Ing|Dipl|Tel|St|Str|Nr|z\. ?B|u\. ?a|ca|bzw|inkl|evtl|e|V|Mo|Di|Mi|Do|Sa|So)"
    r"|\b(?:mind|max|erw|zzgl|Kl|geb|gepl|tägl|mtl|monatl|wöchentl|ggf|Abspr|Min|wg|überw|od)|\bStd"
    r"|\b(?:z\. ?Hd|Soz|Abt|App|Durchw|priv|dienstl|Pfr|Sr|Mob|stellv|Vors|Tel\.-Nr|bzgl|pol|poliz|polizeil)"
    r"|(?:(?<!\d)\s\w|[.-][^\W\d]|\.\d|\d\.\s?[-–/]\s?\d{1,2}))\.$"
)
_TAIL = 20  # characters at the end of a sentence, more than any of these has
_ITEM = re.compile(r"\s*(?:[-–—•*·✓►▪+]|\d{1,2}[.)])\s+")
_INLINE = re.compile(r"(?P<heading>[A-ZÄÖÜ][\w\s/&*-]{2,50}):\s{1,3}(?=\S)")

_HEADING = re.compile(
    r"(?:\w+ ){0,3}(?:aufgaben?|tätigkeit(?:en)?|voraussetzung(?:en)?|anforderung(?:en)?|qualifikation(?:en)?|"
    r"leistungen|(?:wir|das|ihnen|euch) bieten(?: wir)?(?: ihnen| euch| dir)?|bringen sie mit|bringst du mit|"
    r"wünschen uns|erwarten(?: wir)?|profil|rahmenbedingungen|zeit(?:en|aufwand|umfang|rahmen)?|"
    r"\w*zeiten|umfang|wann|wo|ort|"
    r"einsatzort|termine?|kontakt|ansprechpartner(?:in)?|anmeldung|über uns|hintergrund)[?!]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a list item, without its sign; `heading` is what stands over or before it, "" for none."""

    text: str
    heading: str = ""


def sentences(line: str) -> Iterator[str]:
    """Yield the sentences of a line; "Tel. 0201" and "Frau Dr. Muster" end none."""
    begun = ""
    for part in _ENDS.split(line):
        begun = f"{begun} {part}" if begun else part
        if not begun.endswith(".") or not _SHORTENED.search(begun, max(0, len(begun) - _TAIL)):
            yield begun
            begun = ""
    if begun:
        yield begun


def statements(text: str, heading: str = "") -> Iterator[Statement]:
    """Yield the statements of a plain text; those before its first heading have the one that is given."""
    over, said = heading, False
    for line in text[:LONGEST].split("\n"):
        bare = _ITEM.sub("", line, count=1).strip() if _ITEM.match(line) else line.strip()
        if not bare:
            over, said = ("" if said and over != heading else over), False
        elif _is_heading(line, bare):
            over, said = bare.rstrip(": "), False
        else:
            said = not _ITEM.match(line)
            yield from _of_line(bare, over)


def items(said: Iterable[Statement]) -> Iterator[Statement]:
    """Yield statements, those under a heading in the parts of their list: "Masernschutz; keine Scheu vor Krankheit"."""
    for one in said:
        parts = one.text.split(";") if one.heading else [one.text]
        yield from (replace(one, text=part.strip()) for part in parts if part.strip())


def _of_line(line: str, over: str) -> Iterator[Statement]:
    inline = _INLINE.match(line)
    first = inline["heading"].strip() if inline else over
    for number, sentence in enumerate(sentences(line[inline.end() :] if inline else line)):
        yield Statement(sentence, first if number == 0 else over)


def _is_heading(line: str, bare: str) -> bool:
    """Say whether a line is a heading: "Das bringen Sie mit:", or one of those that stand without a colon too."""
    if len(bare.split()) > _MOST_IN_HEADING or _ITEM.match(line):
        return False
    return bare.endswith(":") or bool(_HEADING.fullmatch(bare))
