"""The lines of a calendar (RFC 5545): unfolded, and those of an event mended where programs write other than it says.

What is mended is what can only be meant in one way: "20261212Z" is a day, "MO, TU" are two. A line that is none goes on
with the text above it, as programs write that do not fold.
"""

import quopri
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

_ENDS = re.compile(r"\r\n|\n|\r")
_NAME = re.compile(r"([A-Za-z0-9-]+)[;:]")
_PARAMETERS = re.compile(r"""([A-Za-z0-9-]+)((?:;(?:[^":;]|"[^"]{0,500}"){0,500}){0,20}):(.*)""", re.DOTALL)
_ASSIGNED = re.compile(r"[A-Z][A-Z-]+=")  # 'ORGANIZER="mailto:…"', which no reader can take for anything
_KNOWN = frozenset({
    "ATTACH", "ATTENDEE", "BEGIN", "CATEGORIES", "CLASS", "COLOR", "COMMENT", "CONFERENCE", "CONTACT", "CREATED",
    "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "DUE", "DURATION", "END", "EXDATE", "EXRULE", "GEO", "IMAGE",
    "LAST-MODIFIED", "LOCATION", "ORGANIZER", "PRIORITY", "RDATE", "RECURRENCE-ID", "RELATED-TO", "RESOURCES",
    "RRULE", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "UID", "URL",
})  # fmt: skip
_TEXTS = frozenset({"DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT", "CONTACT", "X-ALT-DESC"})
_MOMENTS = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE"})
_OF_MOMENTS = "0123456789TtZz:,+- \t"  # all that days and moments are written with
_VALUE = re.compile(r":\s{0,9}(?=\d{4})")
_RIGHT = re.compile(r"\d{8}(?:T\d{6}Z?)?(?:,\d{8}(?:T\d{6}Z?)?)*")
_DAY, _WITHOUT_SECONDS = re.compile(r"(\d{8})Z?"), re.compile(r"(\d{8}T\d{4})(Z?)")
_PACKED = "ENCODING=QUOTED-PRINTABLE"  # vCalendar 1.0
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": None, ",": "\\,", ";": "\\;"})
_GREGORIAN = re.compile(r"(?:^|;)(?:RSCALE=GREGORIAN|SKIP=[A-Z]{1,10})(?=;|$)", re.IGNORECASE)

Line = tuple[int, str]
Zones = Callable[[str], str]


def unfolded(text: str) -> Iterator[Line]:
    """Yield the lines of a calendar that hold anything, each with its number where it begins; linear in the length."""
    begins, parts = 0, [""]
    for number, line in enumerate(_ENDS.split(text), 1):
        if line[:1] in {" ", "\t"}:
            parts.append(line[1:])
        elif _PACKED in parts[0].upper() and parts[-1].endswith("="):  # it goes on where it was packed
            parts[-1:] = [parts[-1][:-1], line]
        elif line:
            if begins:
                yield begins, "".join(parts)
            begins, parts = number, [line]
    if begins:
        yield begins, "".join(parts)


def mended(lines: Sequence[str], zone: Zones) -> list[str]:
    """Return the lines of an event as a reader takes them, without its alarms; `zone` says how it names a time zone."""
    found: list[str] = []
    depth = 0
    last = ""
    for line in lines:
        word = line.strip().upper()
        depth += word.startswith("BEGIN:")
        if depth <= 1:
            name = _named(line)
            if name:
                found.append(_written(name, line, zone))
                last = name
            elif last in _TEXTS and not _ASSIGNED.match(line):
                found[-1] = f"{found[-1]}\\n{line}"
        depth -= word.startswith("END:")
    return [line for line in found if line]


def _written(name: str, line: str, zone: Zones) -> str:
    if name in _MOMENTS:
        return _moment(line, zone)
    if name == "RRULE":
        return _rule(line)
    return _unpacked(line) if name in _TEXTS and _PACKED in line.upper() else line


def _named(line: str) -> str:
    """Return the property that a line is of, "" where it is none: "Ort: Rathaus" goes on with a text."""
    found = _NAME.match(line)
    name = found[1] if found else ""
    upper = name.upper()
    return upper if upper in _KNOWN or upper.startswith("X-") or name.isupper() else ""


def _moment(line: str, zone: Zones) -> str:
    """Return a property of days or moments as they are written: "2026-12-12T14:00" is 20261212T140000."""
    begins = len(line.rstrip(_OF_MOMENTS))
    found = _VALUE.search(line, begins)
    if found is None:
        return line
    value = line[found.end() :].strip().upper()
    if not _RIGHT.fullmatch(value):
        value = ",".join(_compact(one.strip()) for one in value.split(",") if one.strip())
    parameters = [one for one in (_zoned(part, zone) for part in _parts(line[: found.start()])) if one]
    if "T" not in value:
        parameters = [one for one in parameters if not one.upper().startswith(("TZID=", "VALUE="))] + ["VALUE=DATE"]
    return f"{';'.join(parameters)}:{value}"


def _parts(said: str) -> list[str]:
    """Return parameters apart; a quoted one may hold what parts them."""
    return re.findall(r'[^;"]*(?:"[^"]*"[^;"]*)*', said)


def _zoned(parameter: str, zone: Zones) -> str:
    name, _, value = parameter.strip().partition("=")
    if name.upper() != "TZID":
        return parameter.strip()
    known = zone(value.strip().strip('"').strip())
    return f'TZID="{known}"' if known else ""


def _compact(moment: str) -> str:
    if "-" in moment or ":" in moment:
        try:
            read = datetime.fromisoformat(moment)
        except ValueError:
            return moment
        if len(moment) <= len("2026-12-12"):
            return f"{read:%Y%m%d}"
        return f"{read.astimezone(UTC):%Y%m%dT%H%M%SZ}" if read.tzinfo else f"{read:%Y%m%dT%H%M%S}"
    if day := _DAY.fullmatch(moment):
        return day[1]
    short = _WITHOUT_SECONDS.fullmatch(moment)
    return f"{short[1]}00{short[2]}" if short else moment


def _rule(line: str) -> str:
    """Return a rule without spaces and without the calendar that all are of; "" where it says nothing."""
    name, _, value = line.partition(":")
    rule = _GREGORIAN.sub("", "".join(value.split())).strip(";")
    return f"{name}:{rule}" if rule else ""


def _unpacked(line: str) -> str:
    """Return a text of vCalendar 1.0, which is packed as mail was, as one of iCalendar."""
    found = _PARAMETERS.fullmatch(line)
    if found is None:
        return line
    charset = re.search(r"CHARSET=([\w-]{1,20})", found[2], re.IGNORECASE)
    data = quopri.decodestring(found[3].encode("utf-8", "replace"))
    try:
        text = data.decode(charset[1] if charset else "utf-8")
    except (LookupError, UnicodeDecodeError):
        text = data.decode("cp1252", "replace")
    return f"{found[1]}:{text.translate(_ESCAPES)}"
