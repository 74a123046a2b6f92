"""Registration: whether a text says that one has to sign up, in the words that listings have for it. Pure."""

import re

MOST = 4_000  # characters that are read
_CLUES = ("meld", "Meld", "vorbei")
_SUBJECT = r"(?:vor|voran|an)meldung(?:en)?"
_NOT_NEEDED = re.compile(
    rf"(?:ohne|keine|kein)\s+(?:vorherige|verbindliche|gesonderte|extra\s+)?\s*{_SUBJECT}"
    rf"|{_SUBJECT}\s+(?:ist\s+|sind\s+|wird\s+)?(?:dafür\s+|dazu\s+|hierfür\s+)?nicht\s+(?:nötig|notwendig|erforderlich|gefordert|benötigt)"
    r"|(?:einfach|spontan|gerne|gern)\s+(?:\w{1,20}\s+){0,2}?(?:vorbei\s?(?:kommen|komm|kommt|schauen|schau|schaut))"
    r"|(?:komm|kommt|kommen\s+sie|schau|schaut|schauen\s+sie)\s+(?:\w{1,20}\s+){0,2}?vorbei"
)
_NEEDED = re.compile(
    rf"{_SUBJECT}\s+(?:ist\s+|sind\s+)?(?:\w{{1,20}}\s+){{0,3}}?(?:erforderlich|nötig|notwendig|erwünscht|erbeten|bis|unter|per|bei|über|an|über)\b"
    rf"|um\s+(?:vorherige\s+|verbindliche\s+|eine\s+)?{_SUBJECT}"
    rf"|(?:nur|bitte)\s+(?:\w{{1,20}}\s+){{0,2}}?(?:mit|nach)\s+(?:vorheriger\s+)?{_SUBJECT}"
    r"|(?:bitte|müssen|muss|vorher)\s+(?:\w{1,20}\s+){0,6}?(?:anmelden|melden\s+sie\s+sich\s+\w{0,20}\s?an)\b"
    r"|melden\s+sie\s+sich\s+(?:\S{1,40}\s+){0,6}?an\b"
)


def read(text: str) -> bool | None:
    """Return whether one has to sign up, None where a text does not say."""
    if not any(clue in text for clue in _CLUES):  # most texts; what is all in capitals is left unread
        return None
    words = text[:MOST].lower()
    may_say = "meld" in words
    if _NOT_NEEDED.search(words):
        return False
    return True if may_say and _NEEDED.search(words) else None
