"""Marks that only questions have: times in dialect and in other languages, and when somebody cannot.

Somebody who asks tells when they have something else to do, "montags arbeite ich", "mittwochs ist mein Chor": these are
the times at which they cannot, as if they had said "montags nicht". No listing says so.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from fediverse_ehrenamt.language.questions import DENYING
from fediverse_ehrenamt.understanding import question_lexicon
from fediverse_ehrenamt.understanding.asking import Asked
from fediverse_ehrenamt.understanding.lexicon import WORDS
from fediverse_ehrenamt.understanding.marks import Mark, Marks, rewrite

_TIMES = "DPX"
_BETWEEN = "ip"  # tags of words that may stand between "außer" and a day
_MOST_BETWEEN = 2
_IS, _OWN = frozenset(["ist", "sind"]), frozenset(["mein", "meine", "unser", "unsere"])
_ADVERBS = frozenset(["immer", "schon", "leider", "meist", "meistens", "auch", "ja"])
_OFF, _MOST_NAMED = ("frei", "tag", "ehrenamt", "lieblings"), 3
_WANTED = DENYING | {"gern", "gerne", "ehrenamtlich"}  # behind "samstags arbeite ich": then it is the wish, or denied
_BECAUSE, _CLAUSE_ENDS = frozenset(["weil", "denn"]), frozenset([",", ".", ";", "!", "?"])
_FREE = frozenset(["zeit", "frei", "kann", "konnte", "konnen", "passt", "geht", "gut"])
_MOST_BEFORE = 4  # words from "weil" to the time
_BEGINNINGS = question_lexicon.OF_TIMES | _IS
_AND = frozenset(["or", "and", "и", "или", "й", "і", "та", "або", "чи", "ve", "veya", "و", "أو"])
_WORK = re.compile("arbeit|jobb|schul|uni|büro|work|работа|працю|çalış|أعمل", re.IGNORECASE)
_SPOKEN_DAY = re.compile(r"tachs?$")
_PART_OF_A_DAY = re.compile(r"n[ip]{0,3}(?P<day>D)[ip.]{0,2}(?P<part>P)")


def is_work(said: str) -> bool:
    """Say whether somebody cannot at a time because they work or learn: they may in the evening of that day."""
    return bool(_WORK.search(said))


def foreign(asked: Asked) -> Marks:
    """Take the days and dayparts that are said in other languages, each as a mark."""
    found: Marks = []
    at = 0
    while at < len(asked.words):
        keys = (
            asked.keys(at, question_lexicon.LONGEST_OF_TIMES)
            if asked.words[at].key in question_lexicon.OF_TIMES
            else ()
        )
        length = next(_lengths(keys, question_lexicon.TIMES), 0)
        if length:
            mark = question_lexicon.TIMES[asked.keys(at, length)]
            start, end = asked.take(at, at + length)
            found.append(replace(mark, start=start, end=end))
        at += length or 1
    return found


def told(asked: Asked, marks: Marks, foreign: Marks) -> Marks:
    """Return the marks of a question with those of other languages and dialects among them, and what refuses one.

    A refusal has the tag "n", as "nicht" has.
    """
    marks = _merged([_in_dialect(mark) for mark in marks], foreign)
    marks = [replace(mark, tag="|") if _joins(marks, number, foreign) else mark for number, mark in enumerate(marks)]
    marks = _merged(marks, [*_refusals(asked, marks)])
    return rewrite(_merged(marks, [*_reasons(asked, marks)]), _PART_OF_A_DAY, _one_time)


def _in_dialect(mark: Mark) -> Mark:
    """Read "Sünnavend" as a Saturday, "Sonntach" as it is spoken in many places, "koi" and "nüscht" as "nicht"."""
    if mark.tag != "?":
        return mark
    if mark.key in DENYING:
        return replace(mark, tag="n")
    found = question_lexicon.DIALECT.get(mark.key)
    if _SPOKEN_DAY.search(mark.key):
        found = found or WORDS.get(_SPOKEN_DAY.sub("tag", mark.key))
    return replace(found, start=mark.start, end=mark.end) if found and found.tag in _TIMES else mark


def _merged(marks: Marks, others: Sequence[Mark]) -> Marks:
    """Put other marks in the place of those that they cover."""
    left = [mark for mark in marks if not any(mark.start < one.end and one.start < mark.end for one in others)]
    return sorted([*left, *others], key=lambda mark: (mark.start, mark.end))


def _joins(marks: Marks, number: int, foreign: Marks) -> bool:
    """Say whether a word stands between times of which either will do: "weekends or evenings", "weekends, evenings"."""
    around = marks[number - 1 : number] + marks[number + 1 : number + 2]
    if [mark.tag in _TIMES for mark in around] != [True, True]:
        return False
    return marks[number].key in _AND or (marks[number].key == "," and all(mark in foreign for mark in around))


def _refusals(asked: Asked, marks: Marks) -> Iterator[Mark]:
    """Yield what says of the time before or behind it that it is none: "beim Sport" may be understood otherwise too."""
    keys = tuple("" if quoted else word.key for word, quoted in zip(asked.words, asked.quoted, strict=True))
    for at, word in enumerate(asked.words):
        if word.key not in _BEGINNINGS:
            continue
        said = keys[at : at + question_lexicon.LONGEST_OF_TIMES]
        before = next((mark for mark in reversed(marks) if mark.end <= word.start), None)
        length = next(_lengths(said, question_lexicon.REFUSED_BEFORE), 0) or _own(said)
        if length and before and before.tag in _TIMES and not _WANTED.intersection(keys[at + length : at + length + 1]):
            end = asked.words[at + length - 1].end
            yield Mark(tag="n", start=word.start, end=end)
            yield Mark(tag=";", start=end, end=end)  # what follows is another time
        else:
            ends = [asked.words[at + length - 1].end for length in _lengths(said, question_lexicon.REFUSED_BEHIND)]
            found = next((end for end in ends if _begins_time(marks, end)), None)
            if found is not None:
                yield Mark(tag="n", start=word.start, end=found)


def _reasons(asked: Asked, marks: Marks) -> Iterator[Mark]:
    """Yield what leads to a time that is the reason for another: "vormittags, weil nachmittags die Kinder da sind"."""
    for at, word in enumerate(asked.words):
        if word.key not in _BECAUSE or asked.quoted[at]:
            continue
        clause = [one.key for one in takewhile(lambda one: one.key not in _CLAUSE_ENDS, asked.words[at:])]
        last = asked.words[at + len(clause) - 1].end
        times = [mark for mark in marks if word.end <= mark.start and mark.end <= last and mark.tag in _TIMES]
        before = [one for one in asked.words[at : at + len(clause)] if times and one.end <= times[0].start]
        if times and len(before) <= _MOST_BEFORE and not _FREE.intersection(clause):
            yield Mark(tag="n", start=word.start, end=before[-1].end)
            yield Mark(tag=";", start=times[-1].end, end=times[-1].end)


def _begins_time(marks: Marks, start: int) -> bool:
    """Say whether a time stands behind a place in the text, "am" and the like before it."""
    behind = [mark for mark in marks if mark.end > start][: _MOST_BETWEEN + 1]
    return next((mark.start >= start and mark.tag in _TIMES for mark in behind if mark.tag not in _BETWEEN), False)


def _own(said: tuple[str, ...]) -> int:
    """Return how many words say that somebody has an appointment then: "ist immer mein Chor", no "mein freier Tag"."""
    behind = sum(1 for _ in takewhile(_ADVERBS.__contains__, said[1:])) + 1
    named = said[behind + 1 : behind + 1 + _MOST_NAMED]
    if said[0] not in _IS or said[behind : behind + 1] == () or said[behind] not in _OWN:
        return 0
    is_free = any(key.startswith(_OFF) for key in named)
    return behind + 2 if named and named[0].isalpha() and not is_free else 0


def _lengths(keys: tuple[str, ...], phrases: Collection[tuple[str, ...]]) -> Iterator[int]:
    """Yield how many of the first words are one of some phrases, the most first."""
    return (length for length in range(len(keys), 0, -1) if keys[:length] in phrases)


def _one_time(marks: Sequence[Mark], match: "re.Match[str]") -> Mark:
    """Put "not on Monday mornings" together: it refuses no whole Monday, and asks for no mornings."""
    first, day, part = marks[match.start()], marks[match.start("day")], marks[match.start("part")]
    return Mark(tag="i", start=first.start, end=part.end, days=day.days)
