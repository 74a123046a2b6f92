"""Words as they are compared: folded, without legal forms, gender forms and endings, and without what is no content.

Pure. All work is linear in the length, which is bounded.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from heapq import nsmallest
from zlib import crc32

from fediverse_ehrenamt.kit import html

MAX_TEXT = 4_000  # characters of a text that are compared
MAX_LINE = 300  # of a title, an organisation's name, a place
SHINGLE = 5  # characters
_RUN = 4  # words of one run
SKETCH = 16  # runs that are kept of a text
_MAX_WORDS = 14  # of a title or a name
_CONTACT_LENGTH = 220
_LEAST_STEM = 4
_ENDING_LETTERS = 3
_LAYERS = 3  # tags, and what was escaped once or twice
_LEAST_END, _LEAST_PART, _PART = 4, 6, 0.7  # "basar" in "kinderbasar"
_LETTERS = (("ä", "a"), ("ö", "o"), ("ü", "u"), ("–", " "), ("„", " "), ("“", " "))  # in nearly every German text
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_WORD = re.compile(r"[a-z0-9]+")
_GENDER = re.compile(r"[*:·_/(](?<=[a-zäöüß].)-?in(?:nen)?\)?(?![a-zäöüß])")  # looks back from the rare sign
_ENDING = re.compile(r"(?:innen|in|e[nmrs]?|n|s)$")
_SENTENCE_ENDS = (".", "!", "?")
_ADDRESS_SIGNS = ("@", "://", "www.")
_DIGIT = re.compile(r"[0-9]")
_CONTACT = re.compile(
    r"\W{0,3}(?:(?:kontakt|ansprechpartner(?:in)?|ansprechperson|tel|telefon|e-?mail|mail|infos?|informationen|quelle"
    r"|adresse|anschrift|wo|ort|erreichbar|anmeldung|rückfragen|anmelden)\b|(?:weitere|mehr|nähere) info|mehr dazu"
    r"|mehr und kontakt|bei (?:interesse|fragen)|interess(?:e|iert)|(?:bitte )?meld(?:en|e|et)? (?:sie|dich|euch)"
    r"|(?:ruf|schreib)(?:en|t|e)? (?:sie|uns|einfach|mich|an)\b|anruf genügt|(?:wir )?freuen? (?:wir )?uns)"
)
_LEGAL_FORMS = "ev e v eg ggmbh gmbh gug ug mbh ag kg kdor kdoer gag eingetragener gemeinnutzige gemeinnutziger"
_LINK_WORDS = """der die das den dem des ein eine einen einem einer und oder fur mit im in am an auf bei beim von vom zu
zum zur aus uber unter vor nach als wir sie du ihr uns unser unsere unserer unserem ihre dich sich es ist sind nicht
auch"""
_CALL_WORDS = """gesucht gesuch suchen sucht suche such werden werde wird dringend neu jetzt bitte gern ehrenamt
ehrenamtlich ehrenamtliche ehrenamtlicher ehrenamtlichen freiwillig freiwillige freiwilliger freiwilligen unterstutzung
unterstutzen mitmachen mithelfen helfen mitarbeit mitarbeiten menschen mwd wmd weitergabe termin veranstaltung"""
_LEGAL, _LINKS, _CALLS = (frozenset(listed.split()) for listed in (_LEGAL_FORMS, _LINK_WORDS, _CALL_WORDS))
_LONG_FORMS = {
    "drk": "deutsches rotes kreuz",
    "brk": "bayerisches rotes kreuz",
    "awo": "arbeiterwohlfahrt",
    "asb": "arbeiter samariter bund",
    "thw": "technisches hilfswerk",
    "dlrg": "deutsche lebens rettungs gesellschaft",
    "nabu": "naturschutzbund",
    "vhs": "volkshochschule",
    "skf": "sozialdienst katholischer frauen",
    "skm": "sozialdienst katholischer manner",
    "kv": "kreisverband",
    "ov": "ortsverein",
    "lv": "landesverband",
    "bv": "bezirksverband",
    "og": "ortsgruppe",
    "ff": "freiwillige feuerwehr",
    "st": "sankt",
    "kath": "katholische",
    "evang": "evangelische",
    "evgl": "evangelische",
}
_LEVELS = {
    "kreis": "kreisverband kreisgruppe kreisverein kirchenkreis",
    "ort": "ortsverein ortsverband ortsgruppe",
    "stadt": "stadtverband",
    "land": "landesverband landesgruppe",
    "bezirk": "bezirksverband",
    "region": "regionalverband",
    "bund": "bundesverband",
    "dekanat": "dekanat",
}
"""Which words say which level of an association a branch is."""

Words = tuple[str, ...]


def fold(text: str) -> str:
    """Return a text in lower case without accents: "Hausärztin", "Hausaerztin" and "HAUSARZTIN" become one."""
    folded = text.casefold()
    for letter, plain in _LETTERS:
        folded = folded.replace(letter, plain)
    if not folded.isascii():  # taking accents off one by one costs thirty times as much
        folded = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    for long, short in _UMLAUTS:
        folded = folded.replace(long, short)
    return folded


def stem(word: str) -> str:
    """Return a folded word without its ending: "lesepatin", "lesepaten" and "lesepate" become "lesepat"."""
    for _ in range(2):  # "lesepatinnen" is a plural of a feminine
        shorter = _ENDING.sub("", word)
        if len(shorter) < _LEAST_STEM or shorter == word:
            break
        word = shorter
    return word


_LEVEL_OF = {stem(word): level for level, listed in _LEVELS.items() for word in listed.split()}


@lru_cache(maxsize=1_024)
def title(text: str) -> Words:
    """Return the stems of a title's words that say what it is about; of a title that has no other, all."""
    words = _words(text)
    return _stems([word for word in words if word not in _CALLS]) or _stems(words)


@lru_cache(maxsize=1_024)
def organisation(text: str) -> Words:
    """Return the stems of an organisation's name without its legal form; what is often shortened is written out.

    The level of an association's branch (Ortsverein, Kreisverband) stays: it tells branches apart.
    """
    long = " ".join(_LONG_FORMS.get(word, word) for word in _words(text) if word not in _LEGAL)
    words = ["evangelische" if word == "ev" and number == 0 else word for number, word in enumerate(long.split())]
    if fold(text[:MAX_LINE]).lstrip().startswith(("ev. ", "ev.-")):  # the church, not the legal form
        words = ["evangelische", *words]
    return _stems(words)


def levels(words: Iterable[str]) -> frozenset[str]:
    """Return which levels of an association the stems of its name speak of."""
    return frozenset(_LEVEL_OF[word] for word in words if word in _LEVEL_OF)


@lru_cache(maxsize=1_024)
def place(text: str) -> Words:
    return _stems(_words(text))


def _words(text: str) -> list[str]:
    plain = text[:MAX_LINE]
    plain = html.text(plain) if "<" in plain or "&" in plain else plain
    plain = _GENDER.sub("", unicodedata.normalize("NFC", plain))
    return [word for word in _WORD.findall(fold(plain)) if word not in _LINKS and (len(word) > 1 or word.isdigit())]


def _stems(words: Iterable[str]) -> Words:
    return tuple(dict.fromkeys(stem(word) for word in words))[:_MAX_WORDS]


@lru_cache(maxsize=1_024)
def content(text: str) -> str:
    """Return what a text says, as folded words between single spaces.

    Left out are HTML and what is left of it, addresses and numbers, and sentences that say how to get in touch: each
    portal has its own.
    """
    plain = text[:MAX_TEXT]
    for _ in range(_LAYERS):
        plain = html.text(plain) if "<" in plain or "&" in plain else plain
    plain = _GENDER.sub("", unicodedata.normalize("NFC", plain)).casefold()
    for end in _SENTENCE_ENDS:
        plain = plain.replace(f"{end} ", f"{end}\n")
    kept = " ".join([part for part in plain.split("\n") if not _is_contact(part)])
    if any(sign in kept for sign in _ADDRESS_SIGNS):
        kept = " ".join(word for word in kept.split() if not any(sign in word for sign in _ADDRESS_SIGNS))
    found = _WORD.findall(fold(kept))
    return " ".join([word for word in found if not word.isdecimal()] if _DIGIT.search(kept) else found)


def _is_contact(sentence: str) -> bool:
    return len(sentence) <= _CONTACT_LENGTH and _CONTACT.match(sentence) is not None


@lru_cache(maxsize=128)
def shingles(text: str) -> frozenset[str]:
    """Return all runs of `SHINGLE` characters of a content; remembered for a moment, each is compared several times."""
    count = max(0, len(text) - SHINGLE + 1)
    return frozenset(map(text.__getitem__, map(slice, range(count), range(SHINGLE, SHINGLE + count))))


@lru_cache(maxsize=1_024)
def runs(text: str) -> tuple[int, ...]:
    """Return the `SKETCH` smallest hashes of runs of four words of a content (of a shorter one, of all), rising.

    The same ones are the smallest wherever the same text stands (MinHash; Broder 1997). A hash of 32 bits is quick and
    evenly spread; nobody gains by finding two with the same.
    """
    words = text.encode().split()
    if len(words) < _RUN:
        return (crc32(b" ".join(words)),) if words else ()
    hashes = {crc32(b" ".join(four)) for four in zip(words, words[1:], words[2:], words[3:], strict=False)}
    return tuple(nsmallest(SKETCH, hashes))


@lru_cache(maxsize=20_000)
def _trigrams(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def nearest(word: str, others: Collection[str]) -> float:
    """Return how alike the most alike of some stems is; most have nothing to do with one another."""
    if word in others:
        return 1.0
    head, tail = word[0], word[-_ENDING_LETTERS:]
    near = [
        alike(word, other)
        for other in others
        if other[0] == head or other[-_ENDING_LETTERS:] == tail or word in other or other in word
    ]
    return max(near, default=0.0)


@lru_cache(maxsize=50_000)
def alike(one: str, other: str) -> float:
    """Return how alike two stems are, 0 to 1: by common trigrams, or by what compounds share.

    Words with a number in them are the same or not alike: "u10" is another team than "u12".
    """
    if one == other:
        return 1.0
    if any(map(str.isdigit, one + other)):
        return 0.0
    mine, yours = _trigrams(one), _trigrams(other)
    dice = 2 * len(mine & yours) / (len(mine) + len(yours))
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    shorter, longer = sorted((one, other), key=len)
    ends = len(shorter) >= _LEAST_END and (longer.startswith(shorter) or longer.endswith(shorter))
    part = ends or (len(shorter) >= _LEAST_PART and shorter in longer)
    return max(dice, common / len(longer), _PART if part else 0.0)
