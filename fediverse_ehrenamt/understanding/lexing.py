"""From a text to marks: phrases before words, misspelt words, what only looks like a weekday, telephone numbers."""

import re
from dataclasses import replace
from functools import cache, lru_cache
from itertools import takewhile

from fediverse_ehrenamt.understanding import lexicon
from fediverse_ehrenamt.understanding.marks import Mark, Marks, pieces, tags

_TYPO = 0.8
_ABBREVIATED = 0.95
_WEEK = "wo"  # as "Wo." and "wö." are folded
_LONGEST_WORD = 30
_LONGEST_NUMBER = 4  # digits; longer ones are postcodes and telephone numbers
_ABBREVIATION = 2  # letters of "Mo"
_TELEPHONE = frozenset(["tel", "telefon", "telefonnummer", "fon", "mobil", "handy", "fax", "ruf", "rufnummer", "plz"])
_OF_NUMBERS = frozenset("/-+()–:.")
_MOST_OF_A_NUMBER = 14  # marks
_TRAININGS, _COMPOUND = ("schulung", "fortbildung", "ausbildung", "lehrgang"), 8  # letters of a compound
_CLOSE = 4  # words
_THINGS = frozenset([
    "ort", "orte", "einsatzort", "einsatzorte", "treffpunkt", "kosten", "fahrtkosten", "fahrkosten",
    "kostenerstattung", "fahrtkostenerstattung", "entschadigung", "aufwandsentschadigung", "vergutung",
    "honorar", "einarbeitung", "einfuhrung", "aufgabe", "aufgaben", "thema", "themen",
    "daur",  # as "Dauer" is folded
])  # fmt: skip
_DEMANDS = frozenset([
    "sollten", "sollte", "solltest", "sollen", "mussen", "musst", "bist", "erforderlich", "notwendig", "notig",
    "voraussetzung", "voraussetzungen", "vorausgesetzt", "erwunscht", "gewunscht", "wunschenswert", "wunschen",
    "erwarten", "mitbringen", "bringen",
])  # fmt: skip
_PUNCTUATION = {",": ",", ";": ";", ".": ".", ":": ":", "/": "/", "(": "(", ")": ")", "!": ";", "?": ";", "\n": ";"}

# What stands beside a weekday's abbreviation: times, a list of days, an end.
_LOWER_DAY = re.compile(r"\.?(?:[-,/|]\.?D|N[-:.U]|NN|X|P)")
_FROM_AN_HOUR = re.compile(r"\.?A\.?N")
_LOWER_BEFORE = re.compile(r"D\.?[-,/|]$")
_SO_AFTER = re.compile(r"\.?(?:[-/]|[,|]\.?[DN]|\(?[NPXvA:;)]|$|,)")
_OF_MONTH = re.compile(r"\.?[p/]?[mL]")


def lex(text: str) -> Marks:
    """Return the marks of a text; of words and signs that say nothing about time the tag is "?"."""
    words = pieces(text)
    marks: Marks = []
    at = 0
    while at < len(words):
        mark, length = _phrase(words, at) or (_single(words[at], text), 1)
        marks.append(mark)
        at += length
    return _elisions(_no_telephones(_true_days(_no_wishes(_of_times(_initials(marks))), text)))


def _phrase(words: Marks, at: int) -> tuple[Mark, int] | None:
    """Find the longest phrase that begins at a word."""
    keys = tuple(word.key for word in words[at : at + lexicon.LONGEST_PHRASE])
    for length in range(len(keys), 0, -1):
        found = lexicon.PHRASES.get(keys[:length])
        if found is not None:
            return replace(found, start=words[at].start, end=words[at + length - 1].end), length
    return None


def _single(word: Mark, text: str) -> Mark:
    key = word.key
    if key.endswith(_TRAININGS) and len(key) > _COMPOUND:
        return replace(word, tag="b")
    if key.isdecimal():
        if len(key) > _LONGEST_NUMBER or not key.isascii():
            return word
        return replace(word, tag="N", low=float(key))
    if key == _WEEK and "ö" in text[word.start : word.end].lower():
        key = lexicon.WEEKLY  # "1x wö." has lost more than its ending
    found, sure = lexicon.WORDS.get(key), 1.0
    if found is None and len(key) >= lexicon.SHORTEST_TYPO:
        found, sure = _misspelt(key), _TYPO
    if found is None:
        return replace(word, tag=_PUNCTUATION.get(text[word.start : word.end], "?"))
    return replace(found, start=word.start, end=word.end, key=key, sure=sure)


@lru_cache(maxsize=4_096)
def _misspelt(key: str) -> Mark | None:
    """Return the mark of the one word that is a letter away: left out, doubled, swapped or wrong."""
    if len(key) > _LONGEST_WORD or key in lexicon.OTHER_WORDS:
        return None
    spelled = _without_one_letter()
    for form in (key, *_shortened(key)):
        if form in spelled:
            return lexicon.WORDS[spelled[form]]
    return None


@cache
def _without_one_letter() -> dict[str, str]:
    """Return each word that people misspell, and it without each of its letters."""
    forms = {form: word for word in lexicon.SPELLED for form in _shortened(word)}
    return forms | {word: word for word in lexicon.SPELLED}


def _shortened(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def _initials(marks: Marks) -> Marks:
    """Read "2 Std./W" and "3 h/M" as per week and month; elsewhere a letter alone says nothing ("m/w/d")."""
    letters = tags(marks)
    return [
        replace(lexicon.WORDS[_PERIODS[mark.key]], start=mark.start, end=mark.end)
        if mark.key in _PERIODS and _PER_BEFORE.search(letters, max(0, number - _CLOSE), number)
        else mark
        for number, mark in enumerate(marks)
    ]


_PERIODS = {"w": "woche", "m": "monat"}
_PER_BEFORE = re.compile(r"[HhMxE]\.?[p/]$")


# --- what only looks like a time --------------------------------------------------------------------------------------
def _of_times(marks: Marks) -> Marks:
    """Let only times be flexible: neither "Ort nach Absprache" nor "Sie sollten flexibel sein" says it of them."""
    return [
        replace(mark, tag="?") if mark.tag == "f" and (_is_of_a_thing(marks, at) or _is_asked(marks, at)) else mark
        for at, mark in enumerate(marks)
    ]


def _is_of_a_thing(marks: Marks, at: int) -> bool:
    """Say whether what is arranged is no time; of "Zeit und Ort nach Absprache" one is."""
    before = at - 1
    while before > 0 and at - before <= _CLOSE and marks[before].tag == "i":
        before -= 1
    listed = before > 0 and marks[before - 1].tag in "|/"
    return before >= 0 and marks[before].key in _THINGS and not listed


def _is_asked(marks: Marks, at: int) -> bool:
    """Say whether helpers are to be flexible: "zeitliche Flexibilität erforderlich"."""
    if not marks[at].key.startswith("flexib"):
        return False
    before = takewhile(_goes_on, reversed(marks[max(0, at - _CLOSE) : at]))
    behind = takewhile(_goes_on, marks[at + 1 : at + 1 + _CLOSE])
    return any(mark.key in _DEMANDS for mark in (*before, *behind))


def _goes_on(mark: Mark) -> bool:
    return mark.tag not in ",;."


def _no_wishes(marks: Marks) -> Marks:
    """Take no day from "Wochentage und Uhrzeit nach Absprache", nor from "ein zweiter Wochentag"."""
    letters = tags(marks)
    return [
        replace(mark, tag="i", days=())
        if mark.key in _SOME_DAYS
        and (_ARRANGED.match(letters, number + 1) or (number and marks[number - 1].key in _FURTHER))
        else mark
        for number, mark in enumerate(marks)
    ]


def _true_days(marks: Marks, text: str) -> Marks:
    """Leave "so", "do", "mi", "Fr. Schulte" alone where they are no weekdays; "morgen" is tomorrow."""
    letters = tags(marks)
    kept: Marks = []
    for number, mark in enumerate(marks):
        if mark.tag != "D" or mark.end - mark.start != _ABBREVIATION:
            kept.append(mark)
        elif _is_day(marks, number, letters, text):
            kept.append(replace(mark, sure=_ABBREVIATED))
        else:
            kept.append(replace(mark, tag="i" if mark.key == "so" else "?", days=()))
    return kept


def _is_day(marks: Marks, number: int, letters: str, text: str) -> bool:
    mark = marks[number]
    before, after = letters[max(0, number - 3) : number], letters[number + 1 : number + 5]
    written = text[mark.start : mark.end]
    in_list = _LOWER_BEFORE.search(before) is not None
    if written.islower():
        since = mark.key != "so" and _FROM_AN_HOUR.match(after) is not None  # "mi ab 14 Uhr"
        return in_list or since or _LOWER_DAY.match(after) is not None
    if mark.key == "so":
        return in_list or _SO_AFTER.match(after) is not None or _is_counted(before, after)
    if mark.key == "fr":
        return in_list or not _is_name(marks, number + 1, text)
    return True


def _is_counted(before: str, after: str) -> bool:
    """Say whether "So" is one of several: "jeden So", "2. So. im Monat"; "1. So können Sie helfen" is none."""
    return before.endswith(("j", "o")) or (before.endswith("N.") and _OF_MONTH.match(after) is not None)


def _is_name(marks: Marks, number: int, text: str) -> bool:
    """Say whether a word stands there that is written large and has nothing to do with time, after "." or at once."""
    following = [mark for mark in marks[number : number + 2] if mark.tag != "."][:1]
    return bool(following) and following[0].tag == "?" and text[following[0].start].isupper()


def _no_telephones(marks: Marks) -> Marks:
    """Take the figures behind "Tel." for what they are."""
    kept: Marks = []
    left = 0
    for mark in marks:
        if mark.key in _TELEPHONE:
            left = _MOST_OF_A_NUMBER
        elif left and (mark.tag == "N" or mark.key.isdecimal() or mark.key in _OF_NUMBERS or mark.tag in ".:-/+|"):
            left -= 1
            kept.append(replace(mark, tag="?"))
            continue
        else:
            left = 0
        kept.append(mark)
    return kept


def _elisions(marks: Marks) -> Marks:
    """Read the first half of "vor- und nachmittags", "Dienstag- und Donnerstagvormittag", and "Mo früh"."""
    letters = tags(marks)
    kept = list(marks)
    for number, mark in enumerate(marks):
        part = lexicon.ELIDED.get(mark.key)
        if part is not None and _ELIDED_AFTER.match(letters, number + 1):
            kept[number] = replace(part, start=mark.start, end=mark.end)
        elif mark.tag == "D" and (halved := _DAYS_OF_ONE_PART.match(letters, number)):
            kept[number] = replace(mark, tag="X", parts=marks[halved.end() - 1].parts)
        elif mark.key in _EARLY and number and (marks[number - 1].tag == "D" or marks[number - 1].key in _SOON):
            kept[number] = replace(lexicon.ELIDED["fruh"], start=mark.start, end=mark.end, parts=lexicon.PARTS[:1])
    return kept


_ELIDED_AFTER = re.compile("-[,|/]")
_DAYS_OF_ONE_PART = re.compile("D(?:-[,|/]D)*-[,|/]X")
_EARLY = frozenset(["fruh", "morgen"])
_SOON = frozenset(["heute", "morgen", "ubermorgen"])
_FURTHER = frozenset(
    f"{stem}{end}" for stem in ("zweite", "dritte", "weitere", "andere", "zusatzliche") for end in ("", "n", "r", "m")
)
_SOME_DAYS = frozenset(["wochentag", "wochentage", "tag", "tage"])
_ARRANGED = re.compile("[i|U,/?]{0,3}f")
