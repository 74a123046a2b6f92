"""How often and how much, read from marks: recurrence, hours per period, holidays, months, least duration."""

import re
from dataclasses import dataclass

from fediverse_ehrenamt.understanding.lexicon import DAYS
from fediverse_ehrenamt.understanding.marks import Mark, Marks, tags
from fediverse_ehrenamt.vocab.types import Effort

_STATED, _JOINED, _GUESSED, _UNCLEAR = 0.97, 0.9, 0.8, 0.6
_BYDAY = dict(zip(DAYS, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))
_FREQUENCY = {"woche": "FREQ=WEEKLY", "monat": "FREQ=MONTHLY", "jahr": "FREQ=YEARLY"}
_PERIOD = {rule: period for period, rule in _FREQUENCY.items()}
_RULE = _FREQUENCY | {
    "zweimonat": "FREQ=MONTHLY;INTERVAL=2",
    "quartal": "FREQ=MONTHLY;INTERVAL=3",
    "halbjahr": "FREQ=MONTHLY;INTERVAL=6",
}
_A_YEAR = {"zweimonat": 6, "quartal": 4, "halbjahr": 2}  # what is said per such a period is told per year
_LEAST = 0.01  # hours
_EVERY_SECOND = 2
_IN_TURNS = "y"
_NEAR = 4  # words between an amount and what it is of
_MONTHS, _LONGEST_MONTHS = 12, 36  # a helper is asked for at most so many months; "ab 6 Jahren" is an age
_DURATIONS = {1: "1_monat", 3: "3_monate", 6: "6_monate", 12: "1_jahr"}

_ORDINAL = re.compile(
    r"(?P<each>j?)(?P<which>(?:o|N\.)(?:[,|/-]{1,2}(?:o|N\.)){0,3})(?P<day>[DX])\.?[PC]?[,i]?(?P<month>L|p?m)?"
)
_EACH = re.compile(r"j[DX]")
# "wöchentlich oder einmal im Monat", "von alle zwei Monate bis einmal pro Woche": as often as helpers like.
_EITHER = re.compile(r"(?P<one>[ZL])[cip]{0,2}(?:,?[|-]|,[czip]{0,3}[ZL][cip]{0,2}[,|])[czip]{0,3}(?P<other>[ZL])")
_OFTEN = (
    re.compile(r"(?P<count>z)[pic,]{0,2}K?[pic,]{0,2}(?P<per>L)"),
    re.compile(r"(?P<per>L)[pic,]{0,2}(?P<count>z)"),
    re.compile(r"(?P<count>[VNR])[PXDTE][pi]{0,2}(?P<per>L)"),
    re.compile(r"(?P<per>L)[pic,]{0,2}(?P<count>[VN])[PXDTE]"),
)
_BOUND = re.compile(r"(?P<how>[qQ])[.ci]{0,2}$")
_PER_AFTER = re.compile(r"(?P<amount>K)[,ic.(]{0,2}(?P<per>L)(?![ic.:]{0,2}K)")
_PER_BEFORE = re.compile(r"(?P<per>L)[,ic.(:]{0,3}(?P<amount>K)")
_SEASON = re.compile(r"v?(?P<first>O)\.?-(?P<last>O)")
_AT_LEAST = re.compile(r"(?:q\.?|r)[:ci]{0,2}(?P<count>[VNR])(?P<period>[Ym])")
_HOLIDAYS = re.compile(r"(?P<no>n?)[pi]{0,3}(?P<what>[Ss])")
_FLEXIBLE = re.compile(r"(?P<no>n?)i?f")
_FIXED = re.compile(r"(?P<no>n?)[ip]{0,2}g")  # "nicht an feste Zeiten gebunden" says that they are not


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One field's value, in the attribute that fits it, how sure it is, and the marks it was read from."""

    used: tuple[Mark, ...]
    sure: float = _STATED
    text: str = ""
    yes: bool = False
    months: tuple[int, ...] = ()
    low: float | None = None
    high: float | None = None


def read(marks: Marks, cells: tuple[str, ...]) -> dict[str, Reading]:
    """Return a Reading for each field of Times, but cells, about which something is said."""
    letters = tags(marks)
    often = frequency(marks, letters)
    found = {
        "recurrence": _recurrence(marks, letters, often),
        "effort": _amount(marks, letters, often, cells),
        "flexible": _flexible(marks, letters),
        "during_holidays": _holidays(marks, letters),
        "minimum_duration": _duration(marks, letters),
        "months": _season(marks, letters),
    }
    return {name: reading for name, reading in found.items() if reading is not None}


def effort(readings: dict[str, Reading]) -> Effort | None:
    reading = readings.get("effort")
    return Effort(min_hours=reading.low, max_hours=reading.high, per=reading.text) if reading else None


# --- how often --------------------------------------------------------------------------------------------------------
def frequency(marks: Marks, letters: str) -> Reading | None:
    """Find "1–2x pro Woche", "zweimal im Monat", "ein Abend pro Woche": times from low to high, `text` the period."""
    for pattern in _OFTEN:
        match = pattern.search(letters)
        if match is None:
            continue
        count, per = marks[match.start("count")], marks[match.start("per")]
        if per.unit in _RULE:
            high = count.high if count.high is not None else count.low
            bound = _BOUND.search(letters, 0, match.start("count"))
            how = bound["how"] if bound else ""
            low, high = None if how == "Q" else count.low, None if how == "q" else high
            return Reading(used=(count, per), text=per.unit, low=low, high=high)
    return None


def _recurrence(marks: Marks, letters: str, often: Reading | None) -> Reading | None:
    reading = _ordinal(marks, letters)
    if reading is not None:
        return reading
    if any(_differ(marks[match.start("one")], marks[match.start("other")]) for match in _EITHER.finditer(letters)):
        return None
    stated = next(
        (
            one
            for number, one in enumerate(marks)
            if one.tag == "Z" and not _of_a_training(letters, number) and not _is_besides(marks, number)
        ),
        None,
    )
    if stated is not None:
        return Reading(used=(stated,), text=stated.unit)
    if often is not None:
        once = often.low == often.high == 1
        return Reading(used=often.used, text=_RULE[often.text]) if once else None
    match = _EACH.search(letters)
    if match is not None:
        return Reading(used=(marks[match.start()],), text="FREQ=WEEKLY", sure=_JOINED)
    return _adverb(marks, letters)


def _differ(one: Mark, other: Mark) -> bool:
    """Say whether two marks that are joined by "or" or "to" name different rhythms."""
    rules = {_RULE.get(mark.unit, mark.unit) for mark in (one, other)}
    return len(rules) > 1 and "" not in rules


def _adverb(marks: Marks, letters: str) -> Reading | None:
    """Read "wöchentlich", "jede Woche" where it does not say how much."""
    taken = {match.start("per") for pattern in (_PER_AFTER, _PER_BEFORE) for match in pattern.finditer(letters)}
    for number, mark in enumerate(marks):
        if (
            mark.tag == "L"
            and mark.key == "rhythm"
            and number not in taken
            and mark.unit in _RULE
            and not _is_otherwise(marks, number)
        ):
            return Reading(used=(mark,), text=_RULE[mark.unit], sure=_JOINED)
    return None


def _is_besides(marks: Marks, number: int) -> bool:
    """Say whether a rhythm is only possible too: "mittwochs, auch 14-tägig"."""
    return number > 0 and marks[number - 1].key == "auch"


def _is_otherwise(marks: Marks, number: int) -> bool:
    """Say whether it is "mehrmals wöchentlich" or "nicht jede Woche"."""
    return number > 0 and (marks[number - 1].tag == "n" or marks[number - 1].key.startswith(("mehr", "ofter")))


def _ordinal(marks: Marks, letters: str) -> Reading | None:
    """Read "jeden 1. und 3. Samstag im Monat"; "jeden zweiten Dienstag" without a month is every other week."""
    match = _ORDINAL.search(letters)
    if match is None:
        return None
    span = marks[match.start() : match.end()]
    numbers = [int(mark.low or 0) for mark in marks[slice(*match.span("which"))] if mark.tag in "oN"]
    day = marks[match.start("day")]
    monthly = match["month"] is not None and (span[-1].unit == "monat" or span[-1].tag == "m")
    if not monthly and not match["each"]:
        return None
    used = tuple(mark for mark in span if mark.tag not in "DXPC,.")
    if numbers == [_EVERY_SECOND] and not monthly and "m" in letters[: match.start()]:
        return None  # "in geraden Monaten, jeden 2. Sonntag" may be either
    if numbers == [_EVERY_SECOND] and not monthly:
        return Reading(used=used, text="FREQ=WEEKLY;INTERVAL=2", sure=_GUESSED)
    if any(number not in range(-1, 6) or number == 0 for number in numbers):
        return None
    by_day = ",".join(f"{number}{_BYDAY[name]}" for number in numbers for name in day.days)
    return Reading(used=used, text=f"FREQ=MONTHLY;BYDAY={by_day}", sure=_STATED if monthly else _UNCLEAR)


# --- how much ---------------------------------------------------------------------------------------------------------
def _amount(marks: Marks, letters: str, often: Reading | None, cells: tuple[str, ...]) -> Reading | None:
    stated = _stated(marks, letters, often)
    if stated is not None:
        return stated
    amount = next(
        (
            mark
            for number, mark in enumerate(marks)
            if mark.tag == "K" and not (_of_a_training(letters, number) or _of_preparation(marks, number))
        ),
        None,
    )
    if amount is None:
        return None
    used = (amount,)
    if often is not None:
        return _times(amount, often.low, often.high, often.text, (*used, *often.used))
    rule = next((mark for mark in marks if mark.tag == "Z"), None)
    if rule is not None:
        frequency, _, interval = rule.unit.partition(";INTERVAL=")
        share = 1 / float(interval or 1)
        return _times(amount, share, share, _PERIOD[frequency], (*used, rule))
    once = next((mark for mark in marks if mark.tag == "e"), None)
    if once is not None:
        return _times(amount, 1, 1, "einmalig", (*used, once))
    return _of_the_day(amount, marks, letters, cells)


def _stated(marks: Marks, letters: str, often: Reading | None) -> Reading | None:
    """Read the first amount that says per what: "2–3 Std. pro Woche", "wöchentlich 2 Stunden"."""
    counted = often.used if often is not None else ()
    for amount in marks:
        if amount.tag == "K" and amount.unit:
            return _times(amount, 1, 1, amount.unit, (amount,))
    for pattern in (_PER_AFTER, _PER_BEFORE):
        for match in pattern.finditer(letters):
            amount, per = marks[match.start("amount")], marks[match.start("per")]
            if per.unit in _RULE and per not in counted:
                return _times(amount, 1, 1, per.unit, (amount, per), _STATED)
    return None


def _of_a_training(letters: str, number: int) -> bool:
    """Say whether the hours are those of a course that comes first: "ein Kurs von 100 Stunden"."""
    return "b" in letters[max(0, number - _NEAR) : number + _NEAR]


def _of_preparation(marks: Marks, number: int) -> bool:
    """Say whether it is what comes on top: "und Vor- und Nachbereitung im Umfang von 30 Minuten"."""
    return any(mark.key.endswith("bereitung") for mark in marks[max(0, number - _NEAR) : number])


def _of_the_day(amount: Mark, marks: Marks, letters: str, cells: tuple[str, ...]) -> Reading:
    """Read an amount beside one weekday as so much a week, beside several only where "je" stands before it."""
    days = {cell[:2] for cell in cells}
    number = marks.index(amount)
    ordinal = _ordinal(marks, letters)
    if ordinal is not None and "MONTHLY" in ordinal.text:
        times = ordinal.text.count(",") + 1
        return _times(amount, times, times, "monat", (amount,), _GUESSED)
    each = number > 0 and marks[number - 1].key in ("je", "jeweils", "jew")
    if _IN_TURNS in letters or (each and number > 1 and marks[number - 2].tag == "E"):  # "Dienste je 3 Std."
        return _times(amount, 1, 1, "", (amount,), _GUESSED)
    if len(days) == 1 or (each and 0 < len(days) < len(DAYS)):
        return _times(amount, len(days), len(days), "woche", (amount,), _GUESSED)
    return _times(amount, 1, 1, "", (amount,), _GUESSED)


def _times(
    amount: Mark, least: float | None, most: float | None, per: str, used: tuple[Mark, ...], sure: float = _JOINED
) -> Reading:
    """Take an amount so many times in a period; None is an open side."""
    count = _A_YEAR.get(per, 1)
    low = None if amount.low is None or least is None else max(_LEAST, round(amount.low * least * count, 2))
    high = None if amount.high is None or most is None else max(_LEAST, round(amount.high * most * count, 2))
    if low is high is None:  # "mindestens einmal die Woche höchstens 3 Stunden" bounds no week
        return Reading(used=(amount,), low=amount.low, high=amount.high, sure=min(_GUESSED, amount.sure))
    period = "jahr" if per in _A_YEAR else per
    return Reading(used=used, text=period, low=low, high=high, sure=min(sure, amount.sure))


# --- the rest ---------------------------------------------------------------------------------------------------------
def _flexible(marks: Marks, letters: str) -> Reading | None:
    match = _FLEXIBLE.search(letters)
    fixed = None if match else _FIXED.search(letters)
    found = match or fixed
    if found is None:
        return None
    return Reading(used=tuple(marks[found.start() : found.end()]), yes=(match is not None) is not bool(found["no"]))


def _holidays(marks: Marks, letters: str) -> Reading | None:
    match = _HOLIDAYS.search(letters)
    if match is None:
        return None
    used = tuple(mark for mark in marks[match.start() : match.end()] if mark.tag in "nSs")
    return Reading(used=used, yes=(match["what"] == "S") is not bool(match["no"]))


def _duration(marks: Marks, letters: str) -> Reading | None:
    match = _AT_LEAST.search(letters)
    if match is None:
        return None
    months = (marks[match.start("count")].low or 0) * (_MONTHS if match["period"] == "Y" else 1)
    slug = "laenger" if _MONTHS < months <= _LONGEST_MONTHS else _DURATIONS.get(int(months), "")
    if not slug or months != int(months):
        return None
    return Reading(used=tuple(marks[match.start() : match.end()]), text=slug, sure=_JOINED)


def _season(marks: Marks, letters: str) -> Reading | None:
    """Read "von Oktober bis März"."""
    match = _SEASON.search(letters)
    if match is None:
        return None
    first, last = (int(marks[match.start(name)].low or 1) for name in ("first", "last"))
    count = (last - first) % _MONTHS + 1
    months = tuple((first - 1 + step) % _MONTHS + 1 for step in range(count))
    return Reading(used=tuple(marks[match.start() : match.end()]), months=months)
