"""What the log keeps of deeds from before it kept sentences: German alone, of which the parts are known again.

Nothing like it is written any more. A year after it was last, the log has forgotten all of it, and this module can go.
"""

import re
from typing import Final

from fediverse_ehrenamt.admin import texts
from fediverse_ehrenamt.audit import rules
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Entry
from fediverse_ehrenamt.desk import profile
from fediverse_ehrenamt.imports import report
from fediverse_ehrenamt.moderation import wire as moderation
from fediverse_ehrenamt.search import filters
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web.i18n import Language

_COUNT = re.compile(r"(\d+) (.+)")
_IMPORTED = frozenset(report.WORDS.values())
_CHOICES: Final = frozenset({
    Did.ORGANISATION_CHANGED, Did.INSTANCE_CHANGED, Did.SOURCE_CHANGED, Did.LOOK_CHANGED,
})  # fmt: skip
_AROUND = re.compile(r"bis (.+) um (.+)")  # as `choosing.said` writes where a source is to be from
_NAMED = re.compile(r"([^:]+): (.+)")
_LABELLED = re.compile(r"(.+)( \(.+\))")
_FIELDS: Final = frozenset(field.label for _title, group in profile.GROUPS for field in group)
_KNOWN: Final = sorted(
    {*rules.PARTS, *_FIELDS, *labels.DOCUMENT_KIND.values(), *(label for _slug, label in filters.AREAS)}, key=len
)[::-1]
"""What lists of fields and choices are made of, the longest first: some have commas in them."""


def label(entry: Entry, words: Language) -> str:
    """Return what something was done to; hosts, texts and parts of the program have words of their own."""
    titled = _LABELLED.fullmatch(entry.label) if entry.did is Did.TEXT_CHANGED else None
    if titled and titled[1] in texts.NAMES.values():
        return words.gettext(titled[1]) + titled[2]
    return _counted(entry.label, words) or entry.label


def detail(entry: Entry, words: Language) -> str:
    """Return what is kept of a deed beside that."""
    if entry.did in _CHOICES:
        return "; ".join(_chosen(part, words) for part in entry.detail.split("; "))
    return _counted(entry.detail, words) or _begins(entry, words)


def _chosen(part: str, words: Language) -> str:
    """Say one part of what was chosen or changed: a list, where it is, or a name with its value."""
    if around := _AROUND.fullmatch(part):
        return words.gettext("bis %(distance)s um %(place)s") % {"distance": around[1], "place": around[2]}
    named = _NAMED.fullmatch(part)
    if named and named[1] in rules.PARTS:
        return f"{words.gettext(named[1])}: {_listed(named[2], words)}"
    return _listed(part, words)


def _listed(kept: str, words: Language) -> str:
    """Say a list of what is known, areas by their slugs too; any other text stands as it is."""
    found, rest = [], kept
    while rest:
        one = next((known for known in _KNOWN if rest == known or rest.startswith(f"{known}, ")), "")
        one = one or rest.partition(", ")[0]
        found.append(words.gettext(labels.AREA_SHORT.get(one, one)))
        rest = rest[len(one) :].removeprefix(", ")
    return ", ".join(found)


def _begins(entry: Entry, words: Language) -> str:
    """Say a decision on a report, or a severity, before the reason behind it."""
    sentences = rules.SEVERITIES if entry.did is Did.BLOCKED else {said: said for said in moderation.MEASURES.values()}
    for kept, said in sentences.items():
        if entry.detail == kept or entry.detail.startswith(f"{kept} "):
            return words.gettext(said) + entry.detail.removeprefix(kept)
    return entry.detail


def _counted(kept: str, words: Language) -> str:
    """Say numbers of things, "" for what is none: "12 Aufträge", "3 neu, 1 geändert"."""
    parts = [
        _part(int(found[1]), found[2], words) if found else "" for found in map(_COUNT.fullmatch, kept.split(", "))
    ]
    return ", ".join(parts) if all(parts) else ""


def _part(number: int, word: str, words: Language) -> str:
    if word in _IMPORTED:
        return f"{words.number(number)} {words.gettext(word)}"
    counted = {
        "Auftrag": words.ngettext("%(number)s Auftrag", "%(number)s Aufträge", number),
        "Einträge": words.ngettext("%(number)s Eintrag", "%(number)s Einträge", number),
        "eingelesene Einträge": words.ngettext(
            "%(number)s eingelesener Eintrag", "%(number)s eingelesene Einträge", number
        ),
        "Hosts": words.ngettext("%(number)s Host", "%(number)s Hosts", number),
    }
    sentence = counted.get("Auftrag" if word == "Aufträge" else word, "")
    return sentence % {"number": words.number(number)} if sentence else ""
