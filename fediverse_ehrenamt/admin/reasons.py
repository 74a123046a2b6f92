"""Why something is decided, as whoever decides writes it: read from a form, and what is wrong with it."""

from collections.abc import Mapping
from typing import Final

from fediverse_ehrenamt.audit.rules import By
from fediverse_ehrenamt.moderation import rules, wire
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.rules import Ground
from fediverse_ehrenamt.web import forms
from fediverse_ehrenamt.web.i18n import Language

GROUND, TEXT = "grund", "text"
"""The names of the fields (`admin/items.html`)."""
LONGEST: Final = rules.MAX_DECISION


def problem(text: str, words: Language, *, needed: bool = True) -> str:
    """Say what is wrong with a reason that somebody is to be told, where it is `needed` or given; "" for nothing."""
    if needed and len(text.strip()) < rules.MIN_REASON:
        return words.gettext("Bitte schreiben Sie in einem Satz, warum. Betroffene haben ein Recht darauf.")
    return forms.too_long(text, LONGEST, words)


def read(typed: Mapping[str, str], by: By, ground: Ground = Ground.RULES, *, reported: bool = False) -> Reasons:
    """Return the reasons that somebody typed; `ground` where none was chosen."""
    said = typed.get(GROUND, "")
    chosen = Ground(said) if said in list(Ground) else ground
    return Reasons(chosen, typed.get(TEXT, "").strip(), reported, by.person)


def grounds(words: Language) -> list[tuple[str, str]]:
    """Return the grounds that can be chosen: value and words."""
    return [(str(ground), words.gettext(wire.GROUNDS[ground])) for ground in Ground]
