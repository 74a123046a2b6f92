"""Lists of blocked hosts as Mastodon's administrators exchange them (CSV). Pure.

Format: Mastodon's `ExportDomainBlocksController` and `Admin::Import`: a header, then one host a line; a file without
the header is a list of hosts to block. Severities are suspend, silence and noop. Lists for the public star out the
middle of some hosts; nobody can know which those are.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fediverse_ehrenamt.federation import rules
from fediverse_ehrenamt.federation.rules import Restriction, Severity
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence

BYTES = 5_000_000
ROWS = 20_000  # as Mastodon
COMMENT_LENGTH = 2_000
PROBLEMS = 100  # that are named
_FILE = sentence("Datei")

HEADER = ("#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate")
SEVERITIES: Mapping[str, Severity] = MappingProxyType({"suspend": "block", "silence": "limit", "noop": "none"})
_WORDS = {severity: word for word, severity in SEVERITIES.items()}
_YES = frozenset({"true", "t", "1", "yes", "y", "on"})
_NO = frozenset({"false", "f", "0", "no", "n", "off", ""})


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that says nothing that could be done, and why."""

    line: int
    domain: str
    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a file says: entries in its order, each host once."""

    entries: tuple[Restriction, ...]
    skipped: tuple[Skipped, ...]


def read(content: bytes, ours: Collection[str]) -> Listed:
    """Read a list; `ours` are the hosts of this instance. Raises `Invalid` naming every row that is wrong."""
    entries: dict[str, Restriction] = {}
    skipped: list[Skipped] = []
    problems: list[Problem] = []
    for line, row in _rows(content):
        try:
            found = _entry(line, row, ours)
        except ValueError as error:
            problems.append(Problem(sentence("Zeile %(line)s", line=line), error.args[0]))
            continue
        if isinstance(found, Skipped):
            skipped.append(found)
        elif found.subject in entries:
            skipped.append(Skipped(line, found.subject, sentence("steht schon weiter oben")))
        else:
            entries[found.subject] = found
    if len(problems) > PROBLEMS:
        more = sentence("und %(number)s weitere falsche Zeilen", number=len(problems) - PROBLEMS)
        problems[PROBLEMS:] = [Problem(_FILE, more)]
    if problems:
        raise Invalid(problems)
    return Listed(tuple(entries.values()), tuple(skipped))


def write(entries: Iterable[Restriction], *, public: bool = False) -> str:
    """Return the list of those entries that are about hosts; the format has no word for actors.

    One for the `public` does not spell out the hosts that are obfuscated.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for entry in entries:
        if not entry.is_actor:
            words = (_word(entry.reject_media), _word(entry.reject_reports), entry.public_comment)
            host = rules.obfuscated(entry.subject) if public and entry.obfuscate else entry.subject
            writer.writerow((host, _WORDS[entry.severity], *words, _word(entry.obfuscate)))
    return out.getvalue()


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows by column, each with the number of its line."""
    if len(content) > BYTES:
        raise Invalid([Problem(_FILE, sentence("ist größer als %(most)s MB", most=BYTES // 1_000_000))])
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        lines = list(_numbered(reader))
    except UnicodeDecodeError as error:
        raise Invalid([Problem(_FILE, sentence("ist kein Text in UTF-8"))]) from error
    except csv.Error as error:
        raise Invalid([Problem(_FILE, sentence("ist kein CSV: %(error)s", error=error))]) from error
    names = [_column(cell) for cell in lines[0][1]] if lines else []
    headed = "domain" in names
    if len(lines) - headed > ROWS:
        raise Invalid([Problem(_FILE, sentence("hat mehr als %(most)s Zeilen", most=ROWS))])
    for line, cells in lines[headed:]:
        yield line, dict(zip(names if headed else ["domain"], cells, strict=False))


def _numbered(reader: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield what is no empty line, with the line where it begins; a comment in quotes may go over several."""
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = getattr(reader, "line_num", begins) + 1


def _column(cell: str) -> str:
    return cell.strip().lower().removeprefix("#")


def _entry(line: int, row: Mapping[str, str], ours: Collection[str]) -> Restriction | Skipped:
    """Return what a row says; raises ValueError with a `Sentence` for one that is wrong."""
    domain = row.get("domain", "").strip().removeprefix("*.")
    if "*" in domain:
        return Skipped(line, domain, sentence("ist verschleiert; gemeint sein könnten mehrere"))
    if rules.is_top_level(domain):
        return Skipped(line, domain, sentence("ist kein Host, sondern eine ganze Endung"))
    subject = rules.subject_of(domain)
    if not subject or "://" in subject:
        raise ValueError(sentence("„%(said)s“ ist kein Host; richtig wäre beispiel.de", said=domain))
    if any(subject in rules.covering(host) for host in ours):
        raise ValueError(sentence("„%(said)s“ ist diese Instanz selbst", said=domain))
    word = row.get("severity", "").strip().lower() or "suspend"
    if word not in SEVERITIES:
        raise ValueError(
            sentence("„%(said)s“ gibt es nicht; möglich: %(known)s", said=word, known=", ".join(SEVERITIES))
        )
    comment = row.get("public_comment", "").strip()
    if len(comment) > COMMENT_LENGTH:
        raise ValueError(sentence("der Kommentar hat mehr als %(most)s Zeichen", most=COMMENT_LENGTH))
    media, reports, obfuscate = _switches(row, ("reject_media", "reject_reports", "obfuscate"))
    if word == "noop" and not (media or reports):
        return Skipped(line, subject, sentence("verlangt nichts (noop)"))
    return Restriction(subject, SEVERITIES[word], media, reports, "", comment, obfuscate)


def _switches(row: Mapping[str, str], names: Sequence[str]) -> list[bool]:
    found: list[bool] = []
    for name in names:
        value = row.get(name, "").strip().lower()
        if value not in _YES and value not in _NO:
            raise ValueError(sentence("#%(name)s ist „%(said)s“; möglich: true, false", name=name, said=value))
        found.append(value in _YES)
    return found


def _word(value: bool) -> str:  # noqa: FBT001 - a cell
    return "true" if value else "false"
