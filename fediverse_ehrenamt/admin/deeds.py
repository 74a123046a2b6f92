"""What the log keeps of a deed, said in the reader's language; a reason that somebody gave stands as it is.

What the program says is kept as sentences. Roles, steps and notes, which stand alone, are known by what they are.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fediverse_ehrenamt.accounts.rules import Role
from fediverse_ehrenamt.accounts.wire import role_label
from fediverse_ehrenamt.admin import former_deeds
from fediverse_ehrenamt.audit import rules
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Entry
from fediverse_ehrenamt.districts import rules as districts
from fediverse_ehrenamt.kit.sentences import Sentence
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.web.i18n import Language

_GERMAN = i18n.language(i18n.DEFAULT)
_ROLES: Mapping[str, Role] = MappingProxyType(
    {str(role): role for role in Role} | {role_label(_GERMAN, role): role for role in Role}
)
_ROLE_DEEDS: Final = frozenset({Did.INVITED, Did.ROLE_GIVEN, Did.ROLE_TAKEN})
_ALONE: Final = frozenset({*rules.NOTES, *districts.WORDS.values()})


def label(entry: Entry, words: Language) -> str:
    """Return what something was done to; hosts, texts and parts of the program have words of their own."""
    if isinstance(entry.label, Sentence) or entry.label in rules.NOTES:
        return words.gettext(entry.label)
    return former_deeds.label(entry, words)


def detail(entry: Entry, words: Language) -> str:
    """Return what is kept of a deed beside that."""
    kept = entry.detail
    if isinstance(kept, Sentence) or kept in _ALONE:
        return words.gettext(kept)
    if entry.did in _ROLE_DEEDS and kept in _ROLES:
        return role_label(words, _ROLES[kept])
    if kept in rules.STEPS:
        return words.gettext(rules.STEPS[kept])
    return former_deeds.detail(entry, words)
