"""Weekday × daypart: which day belongs to which daypart in a row of marks, and what is excepted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fediverse_ehrenamt.understanding import clock_times
from fediverse_ehrenamt.understanding.lexicon import DAYS, PARTS, WAKING, WEEKEND, WORKDAYS
from fediverse_ehrenamt.understanding.marks import Mark, Marks, rewrite, tags

_DAY_ALONE, _PART_ALONE, _EXCEPTED = 0.9, 0.85, 0.9  # how often the reading of an open side is right
_SUREST, _BESIDE_TRAINING = 0.97, 0.4  # "ein Wochenende zur Schulung" is no time of the task
_FAR = 6  # words of another kind between two marks that do not belong together any more

_RANGE = re.compile(r"D\.?-D\.?|P\.?-P\.?")
_EXCEPTION = re.compile(r"n[ip]{0,3}(?P<what>[DPX](?:(?:[,|/-][ip]{0,2})[DX]){0,6})")
_AFTERWARDS = re.compile(r"(?P<what>[PX]|D(?:[|/]D){0,2})\.?i{0,4}[nl][Ek]?(?=[,;.]|$)")
_OWN_PART = re.compile(r"Di{0,2}[PC]")
_WITHIN = re.compile(r"D(?=[^DPXCn|/;-]{0,3}D)")
_OF_A_TRAINING = re.compile(r"b[?ipr]{0,3}[VN]\??(?P<behind>[DPX])|[VN](?P<before>[DPX])[ip?r]{0,2}b")
_IN_THE_OFFICE = re.compile(
    r"I[:i(]{0,2}(?P<behind>(?:[DXPC][-,|/:.(i]{0,2}){1,8})|(?P<before>(?:[DXPC][-,|/:.i]{0,2}){0,7}[DXPC])i{0,2}I"
)
_SCHOOL_DAY = "schultag"
_BESIDES = frozenset(["auch", "besonders", "insbesondere"])  # "täglich, auch am Wochenende"


@dataclass(slots=True)
class Group:
    """Days and dayparts that belong together, and their marks; `first` says which came first, `besides` "auch"."""

    days: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    marks: Marks = field(default_factory=list)
    clocked: bool = False
    first: str = ""
    sure: float = 1.0
    besides: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells in the order of the week, how sure they are, and the marks they were read from."""

    cells: tuple[str, ...]
    sure: float
    used: tuple[Mark, ...]


def read(marks: Marks) -> Cells:
    """Read all cells of a row of marks in which clock times and amounts are read already."""
    found, excepted = groups(marks)
    clear = {day for group in found if group.parts for day in group.days}
    found = [group for group in found if group.parts or not set(group.days) <= clear]  # "Sa 9-12, 2 Samstage im Monat"
    away = {
        cell for mark in excepted if mark.tag not in "nl" for cell in _cells(mark.days or DAYS, mark.parts or PARTS)
    }
    any_day = WORKDAYS if any(mark.key.startswith(_SCHOOL_DAY) for mark in marks) else DAYS
    wanted = {cell for group in found for cell in _cells(group.days or any_day, group.parts or WAKING)}
    cells = tuple(cell for cell in _cells(DAYS, PARTS) if cell in wanted - away)
    used = tuple(mark for group in found for mark in group.marks) + excepted
    sure = min((_sure(group) for group in found), default=1.0) * (_EXCEPTED if excepted else 1.0)
    return Cells(cells, min(sure, _SUREST) * (_BESIDE_TRAINING if "b" in tags(marks) else 1.0), used)


def groups(marks: Marks) -> tuple[list[Group], tuple[Mark, ...]]:
    """Return the groups of days and dayparts, and the marks of what is excepted from all of them.

    Where only days are excepted, the one group is the whole week.
    """
    excepted, marks = _exceptions(_ranges(_of_the_task(marks)))
    marks = _narrowed(marks)
    found = [group for group in _groups(marks) if group.days or group.parts]
    if not found and any(mark.days and not mark.parts for mark in excepted):
        found = [Group(days=list(DAYS), sure=_EXCEPTED)]
    return found, excepted


def _sure(group: Group) -> float:
    if not group.parts:
        return group.sure * _DAY_ALONE
    return group.sure if group.days else group.sure * _PART_ALONE


def _cells(days: tuple[str, ...] | list[str], parts: tuple[str, ...] | list[str]) -> list[str]:
    return [f"{day}-{part}" for day in days for part in parts]


def _of_the_task(marks: Marks) -> Marks:
    """Leave the days of a training out ("an zwei Wochenenden"), and the hours in which an office answers."""
    left = list(marks)
    for pattern in (_OF_A_TRAINING, _IN_THE_OFFICE):
        for match in pattern.finditer(tags(left)):
            for number in range(*match.span(match.lastgroup or 0)):
                if left[number].tag in "DPXC":
                    left[number] = _blank(left[number])
    return left


def _narrowed(marks: Marks) -> Marks:
    """Leave "täglich", "werktags" and "am Wochenende" out where the days are named behind: "täglich (Mo-Fr)"."""
    left = list(marks)
    for match in _WITHIN.finditer(tags(marks)):
        behind = next(number for number in range(match.end(), len(marks)) if marks[number].tag == "D")
        whole, named = marks[match.start()], marks[behind]
        between = {mark.key for mark in marks[match.end() : behind]}
        if whole.key and set(named.days) < set(whole.days) and not between & _BESIDES:
            left[match.start()] = _blank(whole)
    return left


def _ranges(marks: Marks) -> Marks:
    """Put one mark in the place of "Mo bis Fr" and "morgens bis abends"."""
    return rewrite(marks, _RANGE, _range)


def _range(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    first, last = (mark for mark in marks[match.start() : match.end()] if mark.tag in "DP")
    if any(len(mark.days) > 1 or len(mark.parts) > 1 for mark in (first, last)):
        return None
    days, parts = _from_to(DAYS, first.days, last.days), _from_to(PARTS, first.parts, last.parts)
    sure = min(first.sure, last.sure)
    return Mark(tag=first.tag, start=first.start, end=last.end, days=days, parts=parts, sure=sure)


def _from_to(all_of_them: tuple[str, ...], first: tuple[str, ...], last: tuple[str, ...]) -> tuple[str, ...]:
    """Return what lies between two ends; "Sa-Mo" goes over the end of the week."""
    if not first:
        return ()
    start, end = all_of_them.index(first[0]), all_of_them.index(last[0])
    return all_of_them[start : end + 1] if start <= end else (*all_of_them[: end + 1], *all_of_them[start:])


def _exceptions(marks: Marks) -> tuple[tuple[Mark, ...], Marks]:
    """Take out what is excepted: "außer montags", "nicht vormittags", "dienstags nicht"."""
    excepted: list[Mark] = []
    left = list(marks)
    for pattern in (_EXCEPTION, _AFTERWARDS):
        for match in pattern.finditer(tags(left)):
            for number in range(*match.span("what")):
                if left[number].tag in "DPX":
                    excepted.append(left[number])
                    left[number] = _blank(left[number])
            for number in range(match.start(), match.end()):
                if left[number].tag in "nl":
                    excepted.append(left[number])
                    left[number] = _blank(left[number])
    return tuple(excepted), left


def _blank(mark: Mark) -> Mark:
    return Mark(tag="i", start=mark.start, end=mark.end)


def _groups(marks: Marks) -> Iterator[Group]:
    group, before = Group(), Group()
    gap, besides = "", False
    letters = tags(marks)
    for number, mark in enumerate(marks):
        if mark.tag not in "DPXC":
            gap += mark.tag
            besides = besides or mark.key in _BESIDES
            continue
        if _apart(group, mark, gap) or (_is_turned(group) and _OWN_PART.match(letters, number)):
            yield _as_before(group, before)
            group, before = Group(besides=besides), group
        _add(group, mark, gap)
        gap, besides = "", False
    yield _as_before(group, before)


def _as_before(group: Group, before: Group) -> Group:
    """Return days that are only named besides with the dayparts of those before: "täglich 9-12, auch am Wochenende"."""
    if group.besides and not group.parts:
        group.parts += before.parts
    return group


def _is_turned(group: Group) -> bool:
    """Say whether the dayparts came first: "nachmittags unter der Woche"."""
    return group.first == "P" and bool(group.days)


def _apart(group: Group, mark: Mark, gap: str) -> bool:
    """Say whether a mark begins a group of its own."""
    if ";" in gap or gap.count("?") > _FAR or mark.tag == "X":
        return bool(group.days or group.parts)
    listed = "|" in gap or "/" in gap
    if mark.tag == "D":
        return _day_apart(group, mark, listed=listed, after_comma="," in gap)
    if not group.days or mark.tag != "P":
        return False
    return group.first == "P" if group.parts else listed


def _day_apart(group: Group, mark: Mark, *, listed: bool, after_comma: bool) -> bool:
    """Say whether a day begins a group: never behind days, always behind "Mo vormittags", else as it is joined."""
    if not group.parts or group.first == "D":
        return bool(group.parts)
    weekend = set(mark.days) <= set(WEEKEND)
    return listed and weekend if group.days else listed or (after_comma and weekend)


def _add(group: Group, mark: Mark, gap: str) -> None:
    group.first = group.first or ("D" if mark.tag in "DX" else "P")
    group.sure = min(group.sure, mark.sure)
    group.marks.append(mark)
    group.days += mark.days
    listed = any(sign in gap for sign in "|,/")
    before = group.marks[-2] if len(group.marks) > 1 else None
    if mark.tag == "C":
        assert mark.low is not None
        assert mark.high is not None
        # "vormittags von 8 bis 13 Uhr": the clock says it more exactly
        if not listed and not group.clocked:
            group.parts.clear()
        elif not listed and before is not None and before.tag == "P":  # "… oder Spätdienst 14-18 Uhr"
            del group.parts[len(group.parts) - len(before.parts) :]
        group.parts += clock_times.dayparts(mark.low, mark.high)
        group.clocked = True
    elif listed or not group.clocked:
        group.parts += mark.parts
