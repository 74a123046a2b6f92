"""Takes persons' names and how to reach them out of what strangers wrote: phone numbers, addresses of mail, contacts.

A sentence that is there for the contact goes as a whole ("Bitte melden Sie sich bei Frau Muster, Tel. 0201 123456"); of
a longer one only the number, the address and the name beside it. All work is linear in the length, which is bounded.
"""

import re
from collections.abc import Iterator, Sequence

from fediverse_ehrenamt.understanding import prose

_WHOLE = 220  # characters; a sentence that is longer says more than whom to ask
_LONGEST = 30_000
_SHORT = 8  # words: a role, a name, two numbers

_MAIL = re.compile(
    r"[\w.+-]{1,64}\s{0,2}(?:@|[(\[{](?:at|ät|a)[)\]}])\s{0,2}"
    r"[\w-]{1,64}(?:(?:\.|\(dot\)|\[dot\]|\(punkt\))[\w-]{2,64}){1,5}",
    re.IGNORECASE,
)
# A number that says what it is, or one that begins as those of this country do; dates and times of day do not fit.
_LABEL = (
    r"(?:tel(?:efon)?(?:isch)?(?:nummer|nr)?|fon|mobil(?:telefon)?(?:nummer|nr)?|handy(?:nummer|nr)?|fax|"
    r"ruf(?:nummer)?|whats\s?app|sms)"
)
_LABELLED = re.compile(
    rf"\b{_LABEL}\b\.?\s{{0,3}}(?:unter|an)?\s{{0,3}}:?\s{{0,3}}(?:\+|00|\(|0)?\d[\d\s()/.–-]{{3,24}}\d", re.IGNORECASE
)
_DIALLED = re.compile(
    r"(?<![\d.:/-])(?:\+\s?49|0049|\(\+?\d{2,5}\)|0)[\s/–-]{0,3}(?:\(0\))?\d[\d\s()/–-]{3,22}\d"
    r"(?!\d|[.:]\d|,\d{1,3}(?!\d))"
)
_DOTTED = re.compile(
    r"(?<![\d.,:/-])0\d{2,4}\.\d{5,8}(?![\d.,:]*\d)"
)  # no date has three digits before its first point
_NO_NUMBER = re.compile(
    r"\d{1,2}\s{0,2}[-–]\s{0,2}\d{1,2}\s{0,2}(?:uhr|h\b|jahre)|\d{4}\s?[-–/]\s?\d{2,4}$", re.IGNORECASE
)
_SIGNS = (
    "@", "(at)", "[at]", "{at}", "(ät)", "[ät]", "(a)", "tel", "koordin", "leitung", "leiter", "führer", "vorsitz",
    "ihr", "euer", "eure", "auskünft", "nsprech", "ontakt", "frau ", "herr", "fr. ", "hr. ", "mobil", "handy",
    "fax", "fon", "whats", "sms", "rufnummer", "ruf:", "mail", "rückfrag", "meld", "wend", "hd.", "händen", "pfr",
    "pfarrer", "pastor", "sr. ", "contact", "interess", "bewerb",
)  # fmt: skip
_LEAST_DIGITS = 7
_MOST_DIGITS = 15

_PART = r"[A-ZÀ-ÖØ-ÞÇĆČĐĞİŁŚŞŠŽŻ][\w'’-]{1,30}"  # of a name, also of a Turkish, Polish or Croatian one
_DEGREE = r"(?:(?:Dr|Prof|Dipl)\.[\w.\s-]{0,14}\s{0,2})?"
_BETWEEN = r"(?:\s{1,2}(?:von|van|de|zu|el|al)\s{1,2})?"
_INITIALS = r"(?:[A-ZÄÖÜ]\.[\s-]?){1,3}\s{0,2}"
_NAME = rf"{_DEGREE}(?:{_INITIALS})?{_PART}{_BETWEEN}(?:\s{{1,2}}{_PART}){{0,2}}"
_FULL_NAME = rf"{_DEGREE}(?:{_INITIALS}{_PART}|{_PART}{_BETWEEN}(?:\s{{1,2}}{_PART}){{1,2}})"
_TITLED = re.compile(
    r"\b(?:Herrn?|Frau|Hr\.|Fr\.|Fr(?=\s[A-ZÄÖÜ][a-zäöüß]+\b)|(?:Pfr|Sr|Pfrin)\.|Pfarrer(?:in)?|Pastor(?:in)?|Diakon(?:in)?|"
    rf"Schwester|Pater|Mme|Mlle|Monsieur|Madame|Mrs?\.?|Ms\.?)\s{{1,2}}{_NAME}"
)
_ROLE = (
    r"(?:Ihre?|Deine?|unsere?|Die|Der)?\s{0,2}(?:Ansprech|Kontakt)(?:partner|person)\w{0,6}"
    r"(?:[:*/_]\s?-?in(?:nen)?|\(in(?:nen)?\))?"
)
_CONTACT = re.compile(
    rf"(?:{_ROLE}(?:\s{{1,2}}\w{{1,20}}){{0,3}}\s{{0,2}}(?::|–|-|ist|sind)|\bz\.\s?Hd\.|\bzu Händen\b|"
    r"\bKontakt(?:daten|aufnahme)?\s{0,2}:|\bRückfragen\b|"
    r"\b(?:e-?)?mail(?:adresse)?\s{0,2}:|\btel(?:efon)?\s{0,2}\.?\s{0,2}:|\bmobil\s{0,2}:|\bfax\s{0,2}:)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:meld|wend|anruf|ruf|schreib|kontakt|ansprech|erreich|rückfrag|fragen\b|informier|ausk[uü]nft|anmeld|infos?\b|bewerb|"
    r"contact|interesse\b)|"
    r"\bzur\s{1,2}verfügung\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    rf"\b(?:bei|an|(?:erteil|gib|geb|beantwort|hilf|nimm)\w{{0,4}}(?:\s{{1,2}}(?:Ihnen|Dir|gerne?)){{0,2}})\s{{1,2}}{_FULL_NAME}"
    r"\s{0,2}(?:[,.!(]|$)"
)
# Who has a post is named beside it: "Koordination: Anna Weber", "Geschäftsführerin Anna Weber".
_POST = r"\b\w{0,30}(?:[Kk]oordinator|[Ll]eiter|[Ff]ührer|[Vv]orsitzende|[Bb]eauftragte)(?:[:*/_-]?in|r|n)?"
_WITH_POST = re.compile(rf"{_POST}\s{{1,2}}{_FULL_NAME}")
_POST_HOLDER = re.compile(
    rf"(?:{_POST}|\b\w{{0,30}}(?:[Kk]oordination|[Ll]eitung|[Vv]orsitz(?:ender?)?|[Vv]orstand))\s{{0,2}}[:–]\s{{0,2}}{_NAME}[,.]?"
)
_SIGNED = re.compile(
    rf"(?:(?:Herzlich|Viele|Liebe|Beste|Freundliche)\w{{0,2}}\s{{1,2}}Grüße,?\s{{1,2}})?(?:Ihre?|Eure?|Euer)\s{{1,2}}{_FULL_NAME}[.!]?"
)
_ONLY_NAME = re.compile(rf"(?:(?:Herrn?|Frau|Hr\.|Fr\.)\s)?{_NAME}[,.]?")
_NAMED = re.compile(rf"^\s{{0,3}}{_NAME}\s{{0,2}}[,(:–-]?\s{{0,2}}$")
# What begins a sentence about the contact where the point before it was lost, as where lines were joined.
_UNJOINED = re.compile(
    r"(?<=[a-zäöüß)])[ \t]{1,3}(?=(?:Bitte (?:\w+ ){0,2}(?:bei|an|unter|melde)|Ansprech\w{4,12}\s?:|Kontakt\s?:|"
    r"Tel(?:\.|efon)|Rückfragen|(?:Melden|Rufen|Wenden) Sie|Meld(?:e|et) (?:dich|euch)|Nähere Infos|"
    r"Infos? (?:bei|unter|:)))"
)
_LEAST_UNJOINED = 3  # words before it that say something of their own
# A call that says nothing without the number which stood beside it.
_CALLS = re.compile(
    r"(?:Noch\s)?Fragen\?|(?:Bitte\s)?(?:Rufen|Melden|Sprechen|Schreiben)\sSie\s(?:(?:sich|mich|uns|doch|einfach|gern|gerne|bitte|bei)\s?){0,5}(?:an)?[.!]*",
    re.IGNORECASE,
)
# When somebody can be reached, in a line of its own below how.
_ONLY_HOURS = re.compile(
    r"(?=.*(?:\d|mittags|abends))\(?(?:(?:mo|di|mi|do|fr|sa|so)(?:[a-zäöü]{2,8})?|tägl\w{0,4}|werktags|vormittags|"
    r"nachmittags|abends|uhr|h|von|bis|ab|und|u|oder|zwischen|[\s\d.:,;/–()&+-]){1,40}",
    re.IGNORECASE,
)
_LEFT_OVER = re.compile(r"\(\s*\)|\s+(?=[.,;!?])|[,;:–-]\s*(?=[.!?]$)")
_GAPS = re.compile(r"\n{3,}")


def public(text: str, persons: Sequence[str] = ()) -> tuple[str, int]:
    """Return a plain text without contact data, and how many lines or sentences were touched.

    `persons` are known to be contacts: their names go wherever they stand.
    """
    text = text[:_LONGEST]
    persons = [name for name in persons if name in text]
    if not persons and not _may_hold(text):
        return text, 0
    kept: list[str] = []
    taken, after_contact = 0, False
    for line in text.split("\n"):
        if after_contact and (_ONLY_NAME.fullmatch(line.strip()) or _ONLY_HOURS.fullmatch(line.strip())):
            taken += 1
            continue
        shown, touched, ends = _line(line, persons)
        if touched and kept and _NAMED.match(kept[-1]) and kept[-1].strip():
            kept.pop()  # a name alone in the line above a number
        taken += touched
        after_contact = ends
        if shown.strip() or not touched:
            kept.append(shown)
    return (_GAPS.sub("\n\n", "\n".join(kept)).strip(), taken) if taken else (text, 0)


def without_numbers(text: str) -> str:
    """Return a text, however little is left of it, without numbers and addresses: for titles, which must stay."""
    bare = _MAIL.sub("", text[:_LONGEST])
    for number in list(_numbers(bare)):
        bare = bare.replace(number, "")
    return " ".join(_TITLED.sub("", bare).split())


def _may_hold(text: str) -> bool:
    """Say cheaply whether a look is worth while: most texts name nobody."""
    lowered = text.lower()
    if any(sign in lowered for sign in _SIGNS):
        return True
    return ("0" in text or "+" in text) and bool(_DIALLED.search(text) or _DOTTED.search(text))


def _line(line: str, persons: Sequence[str]) -> tuple[str, int, bool]:
    """Return what is left of a line, how many of its sentences were touched, and whether it ended with a contact."""
    parts = [part for sentence in prose.sentences(line) for part in _unjoined(sentence)]
    shown = [_sentence(part, persons) for part in parts]
    touched = sum(one != part for one, part in zip(shown, parts, strict=True))
    kept = [one for one in shown if one and not (touched and _CALLS.fullmatch(one.strip()))]
    return " ".join(kept), touched, bool(parts) and bool(parts[-1].strip()) and not shown[-1].strip()


def _unjoined(sentence: str) -> Iterator[str]:
    """Yield a sentence, in two where a contact follows what it does not belong to: "… im Heim Bitte melden bei …"."""
    cut = _UNJOINED.search(sentence) if _may_hold(sentence) else None
    if cut is None or len(sentence[: cut.start()].split()) < _LEAST_UNJOINED:
        yield sentence
    else:
        yield sentence[: cut.start()]
        yield sentence[cut.end() :]


def _sentence(sentence: str, persons: Sequence[str]) -> str:
    known = [name for name in persons if name in sentence]
    if not known and not _may_hold(sentence):
        return sentence
    reached = bool(_MAIL.search(sentence)) or any(_numbers(sentence))
    points = bool(_CONTACT.search(sentence))
    asks = bool(_ASKS.search(sentence))
    if _POST_HOLDER.fullmatch(sentence.strip()) or _SIGNED.fullmatch(sentence.strip()):
        return ""
    named = bool(
        known
        or _TITLED.search(sentence)
        or (asks and (_ASKED.search(sentence) or _WITH_POST.search(sentence)))
        or (reached and _POST_HOLDER.search(sentence))
    )
    if not (known or reached or (named and (points or asks)) or (points and _is_short(sentence))):
        return sentence
    if len(sentence) <= _WHOLE and (points or asks or (named and reached) or _is_short(sentence)):
        return ""
    for name in known:
        sentence = sentence.replace(name, "")
    return " ".join(_LEFT_OVER.sub("", without_numbers(sentence)).split())


def _is_short(sentence: str) -> bool:
    """Say whether a sentence is hardly more than a contact: "Ansprechpartnerin: Maria Muster"."""
    return len(sentence.split()) <= _SHORT


def _numbers(text: str) -> Iterator[str]:
    for found in _LABELLED.finditer(text):
        yield found[0]
    for found in _DOTTED.finditer(text):
        yield found[0]
    for found in _DIALLED.finditer(text):
        digits = sum(character.isdigit() for character in found[0])
        around = text[found.start() : found.end() + 5]
        if _LEAST_DIGITS <= digits <= _MOST_DIGITS and not _NO_NUMBER.search(around):
            yield found[0]
