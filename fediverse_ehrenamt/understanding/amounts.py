"""Amounts and periods as marks: K hours ("2–3 Std."), L per what ("pro Woche"), z how often ("2x"), Z a rhythm."""

import re
from collections.abc import Sequence
from dataclasses import replace

from fediverse_ehrenamt.understanding.marks import Mark, Marks, joined, rewrite

_LEAST_HOURS, _MOST_HOURS = 1 / 12, 2_000.0
_LONGEST_INTERVAL = 52
_MINUTES = 60.0
_FORTNIGHT = 14
_FEW = 12  # "1,5" is a number, "12,14" a list
_RULES = {"W": "WEEKLY", "m": "MONTHLY", "Y": "YEARLY"}
_DAYS_A_WEEK = 7
_ADJECTIVES, _OCCASIONS = ("liche", "licher", "liches", "lichen"), frozenset("EDPX")
_TWO_WEEKS = "FREQ=WEEKLY;INTERVAL=2"

_DECIMAL = re.compile(r"N[,.]N")
_SLASHED = re.compile(r"N?N/N(?=[HMY])")
_HALF = re.compile(r"[NV]V(?=[HMYm])")
_EVERY_DAYS = re.compile(r"[NV]-?[?D](?!-)|(?<!-)N-T")
_PLUS_ORDINAL = re.compile(r"j(?:o|N\.)W")
_SPAN = re.compile(r"[VN]i?(?:-{1,2}|\|)[VNz]")
_TIMES = re.compile(r"[VNR]-?x")
_EVERY = re.compile(r"a[VN][WTmY]")
_AMOUNT = re.compile(r"[qQA-]?[ci]?\.?(?:[VNR]|(?<=[qQAc.])V)[HhM]\.?|R(?=[^HhM]|$)")
_HOURS_PER = re.compile(r"(?P<amount>[qQ]?\.?c?\.?[VNR])G\.?")
_LABELLED = re.compile(r"(?:H\.?(?:[p/]{1,2}[WmY]\.?)?|G):(?P<amount>[qQA-]?c?\.?[VNR])(?![.:HhMUk])")
_TO = re.compile(r"K-?K")
_BOUND = re.compile(r"[qQA]\.?[ci]?\.?K")
_IN_WEEKS = re.compile(r"Kp[VN][WT]")
_PER = re.compile(r"(?:[p/]{1,3}|p?j)\.?[WmYTEt]\.?|w\.?|(?<=z)[Wm]\.?")  # "1x Woche" has lost its "pro"


def numbers(marks: Marks) -> Marks:
    """Read "1,5", "1 1/2", "eine halbe", "14-tägig"; to be done before clock times are read."""
    marks = rewrite(marks, _DECIMAL, _decimal)
    marks = rewrite(marks, _SLASHED, _slashed)
    marks = rewrite(marks, _HALF, _half)
    return rewrite(marks, _EVERY_DAYS, _every_days)


def read(marks: Marks) -> Marks:
    """Put marks K, L, z and Z in the place of words and numbers; clock times are to be read before."""
    marks = rewrite(marks, _SPAN, _span)
    marks = rewrite(marks, _TIMES, _times)
    marks = rewrite(marks, _EVERY, _every)
    marks = rewrite(marks, _PLUS_ORDINAL, _every_other)
    marks = [replace(mark, tag="Z", unit=_TWO_WEEKS) if mark.tag == "F" else mark for mark in marks]
    marks = rewrite(marks, _HOURS_PER, _hours_per)
    marks = rewrite(marks, _LABELLED, _hours_per)
    marks = rewrite(marks, _AMOUNT, _amount)
    marks = rewrite(marks, _TO, _to)
    marks = rewrite(marks, _BOUND, _bound)
    marks = rewrite(marks, _IN_WEEKS, _in_weeks)
    return rewrite(marks, _PER, _per)


# --- numbers ----------------------------------------------------------------------------------------------------------
def _value(marks: Sequence[Mark], match: "re.Match[str]", number: float) -> Mark:
    start, end = joined(marks, match)
    return Mark(tag="V", start=start, end=end, low=number, high=number)


def _decimal(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    whole, sign, part = marks[match.start() : match.end()]
    following = marks[match.end()].tag if match.end() < len(marks) else "$"
    close = whole.end == sign.start and sign.end == part.start and part.end - part.start == 1
    if not close or (whole.low or 0) > _FEW or (sign.tag == "." and following not in "Hh-"):
        return None
    return _value(marks, match, (whole.low or 0) + (part.low or 0) / 10)


def _slashed(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    found = marks[match.start() : match.end()]
    upper, lower = found[-3].low or 0, found[-1].low or 0
    whole = (found[0].low or 0) if len(found) > len("1/2") else 0
    return _value(marks, match, whole + upper / lower) if 0 < upper < lower else None


def _half(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "eine halbe" as 0.5 and "1½" as 1.5."""
    first, second = marks[match.start()], marks[match.start() + 1]
    if second.low is None or second.low >= 1:
        return None
    return _value(marks, match, second.low + (first.low or 0 if first.tag == "N" else 0))


def _every_days(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "14-tägig", "2-wöchig", "3-stündig"."""
    number, word = marks[match.start()].low, marks[match.end() - 1].key
    start, end = joined(marks, match)
    if number == _FORTNIGHT and word.startswith(("tag", "tg")):
        return Mark(tag="Z", start=start, end=end, unit=_TWO_WEEKS)
    if word.startswith("wochig") and number and 1 < number <= _LONGEST_INTERVAL:
        return Mark(tag="Z", start=start, end=end, unit=f"FREQ=WEEKLY;INTERVAL={number:.0f}")
    if word.startswith("stundig") and number:
        return Mark(tag="K", start=start, end=end, low=number, high=number)
    return None


def _span(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "zwei bis drei", "ein oder zwei", "ein- bis zweimal"."""
    first, second = marks[match.start()], marks[match.end() - 1]
    if first.low is None or (second.high is None and second.low is None):
        return None
    high = second.high if second.high is not None else second.low
    assert high is not None
    start, end = joined(marks, match)
    if first.low >= high:
        return None
    return Mark(tag="z" if second.tag == "z" else "V", start=start, end=end, low=first.low, high=high)


def _times(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    first = marks[match.start()]
    start, end = joined(marks, match)
    high = first.high if first.high is not None else first.low
    return Mark(tag="z", start=start, end=end, low=first.low, high=high)


# --- rhythms ----------------------------------------------------------------------------------------------------------
def _every(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "alle zwei Wochen", "alle 14 Tage", "alle 2 Monate"."""
    number, period = marks[match.start() + 1], marks[match.end() - 1]
    count = number.low or 0
    if number.low != number.high and number.high is not None:
        return None
    letter = period.tag
    if letter == "T":
        if not count or count % _DAYS_A_WEEK:
            return None
        count, letter = count / _DAYS_A_WEEK, "W"
    if not 1 <= count <= _LONGEST_INTERVAL:
        return None
    start, end = joined(marks, match)
    interval = f";INTERVAL={count:.0f}" if count > 1 else ""
    return Mark(tag="Z", start=start, end=end, unit=f"FREQ={_RULES[letter]}{interval}")


def _every_other(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "jede zweite Woche", "jede 3. Woche"."""
    start, end = joined(marks, match)
    count = marks[match.start() + 1].low or 0
    if not 1 < count <= _LONGEST_INTERVAL:
        return None
    return Mark(tag="Z", start=start, end=end, unit=f"FREQ=WEEKLY;INTERVAL={count:.0f}")


# --- hours ------------------------------------------------------------------------------------------------------------
def _bounded(how: str, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    if how in ("q", "A"):
        return low, None if low == high else high
    if how in ("Q", "-"):
        return None if low == high else low, high
    return low, high


def _amount(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "2–3 Std.", "mind. 2 Stunden", "bis 90 Min.", "8-10 h"."""
    found = marks[match.start() : match.end()]
    number = next(mark for mark in found if mark.tag in "VNR")
    if len(found) == 1 and number.unit != "h":
        return None
    divisor = _MINUTES if any(mark.tag == "M" for mark in found) else 1.0
    low = (number.low or 0) / divisor
    high = (number.high if number.high is not None else number.low or 0) / divisor
    if not _LEAST_HOURS <= low <= high <= _MOST_HOURS:
        return None
    start, end = joined(marks, match)
    least, most = _bounded(found[0].tag, round(low, 2), round(high, 2))
    return Mark(tag="K", start=start, end=end, low=least, high=most, sure=min(0.95, number.sure + 0.15))


def _hours_per(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "5 Wochenstunden", and of a form "Stunden pro Woche: 2-3"."""
    found = marks[match.start() : match.end()]
    number = next(mark for mark in found if mark.tag in "VNR")
    unit = next((mark.unit for mark in found if mark.tag in "GWmY"), "")
    low = number.low or 0
    high = number.high if number.high is not None else low
    if not _LEAST_HOURS <= low <= high <= _MOST_HOURS:
        return None
    least, most = _bounded(marks[match.start("amount")].tag, low, high)
    start, end = joined(marks, match)
    return Mark(tag="K", start=start, end=end, low=least, high=most, unit=unit)


def _to(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "30 Min. bis 1 Std."; the "bis" is part of the second amount, which has no lower bound then."""
    first, second = marks[match.start()], marks[match.end() - 1]
    if match.end() - match.start() == len("KK") and (second.low is not None or first.low != first.high):
        return None
    if first.low is None or second.high is None or first.low > second.high:
        return None
    return replace(second, start=first.start, low=first.low)


def _bound(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read what stands before an amount with a word between: "mindestens ca. 2 Stunden"."""
    amount = marks[match.end() - 1]
    least, most = _bounded(marks[match.start()].tag, amount.low, amount.high)
    return replace(amount, start=marks[match.start()].start, low=least, high=most)


def _in_weeks(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "4 Stunden in 14 Tagen" as so much a week."""
    amount, _, number, period = marks[match.start() : match.end()]
    weeks = (number.low or 0) / (_DAYS_A_WEEK if period.tag == "T" else 1)
    if weeks < 1 or number.high not in (None, number.low):
        return None
    low, high = (None if side is None else side / weeks for side in (amount.low, amount.high))
    return replace(amount, end=period.end, low=low, high=high, unit="woche")


def _per(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    start, end = joined(marks, match)
    period = next(mark for mark in marks[match.start() : match.end()] if mark.tag in "WmYTEtw")
    # "monatliche Kosten" says nothing of how often somebody helps, "monatliche Treffen" does
    following = match.string[match.end() : match.end() + 1]
    of_a_noun = period.key.endswith(_ADJECTIVES) and following not in _OCCASIONS
    rhythm = match[0][0] in "wj" and not of_a_noun
    return Mark(tag="L", start=start, end=end, unit=period.unit, key="rhythm" if rhythm else "")
