"""All messages of the interface, gathered from templates, code, labels and filters.

`python -m tests.web.messages` brings the catalogues up to date: new messages come in empty, old ones go.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from enum import Enum
from functools import cache
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

from fediverse_ehrenamt.admin import beginning, calling, menu
from fediverse_ehrenamt.admin import districts as admin_districts
from fediverse_ehrenamt.admin import enquiries as admin_enquiries
from fediverse_ehrenamt.admin import texts as admin_texts
from fediverse_ehrenamt.audit import rules as audit
from fediverse_ehrenamt.bringing import rules as bringing
from fediverse_ehrenamt.bringing import showing
from fediverse_ehrenamt.desk import fields, hints, inbox, profile, repeating, versions
from fediverse_ehrenamt.discover import fit, questions
from fediverse_ehrenamt.districts import rules as districts
from fediverse_ehrenamt.doubts import rules as doubts
from fediverse_ehrenamt.duplicates import wording as duplicates
from fediverse_ehrenamt.engagements import rules as enquiries
from fediverse_ehrenamt.joining import rules as joining
from fediverse_ehrenamt.kit.sentences import Sentence
from fediverse_ehrenamt.listings import formats
from fediverse_ehrenamt.matching import wording
from fediverse_ehrenamt.matching.gates import GATES
from fediverse_ehrenamt.matching.weights import CRITERIA
from fediverse_ehrenamt.moderation import wire as moderation
from fediverse_ehrenamt.publishing import schema
from fediverse_ehrenamt.search.filters import FILTERS, GROUPS
from fediverse_ehrenamt.texts import pages as texts
from fediverse_ehrenamt.understanding import question_lexicon, question_times
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web.i18n import LOCALES, TRANSLATIONS, VISITED
from fediverse_ehrenamt.web.rendering import TEMPLATES

PACKAGE = TEMPLATES.parent.parent
# What is wrong with sources, blocks, colours and feeds only coordinators read, though visitors have pages of the same
# packages.
_OF_PEERS = (
    *(
        f"federation/{name}.py"
        for name in (
            *("delivery", "discovery", "domain_blocks", "fetch", "moves", "neighbours", "outboxes", "peers", "policy"),
            *("restrictions", "rotation", "sources"),
        )
    ),
    *(f"conversations/{name}.py" for name in ("actions", "rules", "store")),
    *(f"things/{name}.py" for name in ("actions", "bulk", "moderating", "review")),
    *(
        "jobs/again.py",
        "look/actions.py",
        "look/rules.py",
        "feeds/actions.py",
        "search/feed.py",
        "settings.py",
        "setup.py",
    ),
    *("texts/actions.py", "texts/rules.py"),
)
_FOR_COORDINATORS = frozenset(PACKAGE / name for name in _OF_PEERS)
_ONLY_FOR_VISITORS = VISITED | {"matching", "feeds", "search", "places", "understanding", PACKAGE.name}
CODE = (
    *PACKAGE.glob("web/*.py"),
    *PACKAGE.glob("discover/*.py"),
    *PACKAGE.glob("matching/*.py"),
    *PACKAGE.glob("freshness/*.py"),
    *PACKAGE.glob("feeds/*.py"),
    *PACKAGE.glob("alerts/*.py"),
    *PACKAGE.glob("desk/*.py"),
    *PACKAGE.glob("admin/*.py"),
    *PACKAGE.glob("first_run/*.py"),
    *PACKAGE.glob("bringing/*.py"),
    *PACKAGE.glob("accounts/*.py"),
    *PACKAGE.glob("figures/*.py"),
    *PACKAGE.glob("keeping/*.py"),
    *PACKAGE.glob("doubts/*.py"),
    PACKAGE / "moderation" / "pages.py",
    PACKAGE / "moderation" / "wire.py",
    *PACKAGE.glob("texts/*.py"),
    *PACKAGE.glob("maps/*.py"),
    *PACKAGE.glob("organisations/*.py"),
    *PACKAGE.glob("media/*.py"),
    PACKAGE / "kit" / "http.py",
    PACKAGE / "search" / "store.py",
    PACKAGE / "search" / "query.py",
    PACKAGE / "places" / "gazetteer.py",
    *(PACKAGE / "understanding" / f"question_{name}.py" for name in ("denials", "places", "text")),
    PACKAGE / "federation" / "actors.py",
)
# `t` is short for gettext in lists of facts; an error's words for people are translated where they are shown.
# Elsewhere faults are also what peers are told, in English: there whatever people read is marked by `sentence`.
MARKED = {**DEFAULT_KEYWORDS, "t": None, "sentence": None}
KEYWORDS = {**MARKED, "NotFound": None, "Gone": None, "Forbidden": None, "Conflict": None}
BESIDE_FIELDS = {**KEYWORDS, "TooMany": (1,), "Problem": (2,), "Fault": (2,)}

Message = str | tuple[str, ...]


class _Marks(Enum):
    """By which calls the messages of a file are known."""

    BESIDE = BESIDE_FIELDS
    FAULTS = KEYWORDS
    SENTENCES = MARKED

    @classmethod
    def of(cls, file: Path, beside: AbstractSet[Path]) -> "_Marks":
        if file in beside:
            return cls.BESIDE
        return cls.FAULTS if file in CODE or file.suffix == ".html" else cls.SENTENCES


def extract(*, visited: bool = False) -> list[Message]:
    """Return every message once, a plural as its two forms, in the order of their places.

    Those of pages that visitors see, if `visited`.
    """
    folders = _ONLY_FOR_VISITORS if visited else None
    return list(dict.fromkeys(message for message in _all(folders) if message))


def _all(folders: AbstractSet[str] | None) -> Iterator[Message]:
    yield from _of_files(folders)
    yield from _of_labels()
    yield from _of_matching()
    yield from (*moderation.MEASURES.values(), *moderation.GROUNDS.values())
    if folders is None:
        yield from _of_the_desk()
        yield from duplicates.AGAINST.values()
        for known in (
            bringing.FIELDS,
            bringing.FORMATS,
            bringing.EVERY,
            bringing.UNDERSTOOD,
            admin_districts.ORIGINS,
            districts.WORDS,
            showing.WORDS,
            showing.TERMS,
            formats.NO_LISTS,
        ):
            yield from known.values()
        yield from showing.PLACES
        yield from schema.descriptions()
        yield from (
            *audit.WORDS.values(),
            *audit.STEPS.values(),
            *audit.NOTES,
            *audit.PARTS,
            *audit.SEVERITIES.values(),
            *menu.GROUPS,
            *(section.words for section in menu.SECTIONS),
        )
        yield from (queue.words for queue in calling.QUEUES)
        yield from admin_enquiries.VIEWS.values()
        yield from (*admin_texts.NAMES.values(), *(words for one in beginning.STEPS for words in (one.words, one.help)))


def _of_files(folders: AbstractSet[str] | None) -> Iterator[Message]:
    folders_beside = (
        "engagements",
        "joining",
        "imports",
        "listings",
        "districts",
        "opportunities",
        "events",
        "publishing",
    )
    named = (file for folder in folders_beside for file in PACKAGE.glob(f"{folder}/*.py"))
    single = ("admin/entering.py", "admin/district.py", "moderation/actions.py")
    of_forms = (f"desk/{name}.py" for name in ("drafting", "reading", "repeating", "versions", "writing"))
    beside = frozenset((*named, *(PACKAGE / name for name in (*single, *of_forms)), *_FOR_COORDINATORS))
    files = [("jinja2.ext:babel_extract", file) for file in sorted(TEMPLATES.rglob("*.html"))]
    files += [("python", file) for file in (*sorted(CODE), *sorted(beside), *sorted(PACKAGE.rglob("*.py")))]
    for method, file in dict.fromkeys(files):
        if folders is None or (file.parent.name in folders and file not in _FOR_COORDINATORS):
            yield from _of_file(method, file, _Marks.of(file, beside))


def _of_labels() -> Iterator[Message]:
    known = (*labels.ALL, GROUPS, doubts.REASONS, enquiries.STATES, enquiries.REASONS, joining.STATES, texts.TITLES)
    yield from (message for names in known for message in names.values())
    yield from (entry.label for entry in question_lexicon.PHRASES.values() if not isinstance(entry.label, Sentence))
    yield from (*labels.DAYPART, *question_times.JOINTS)
    for item in FILTERS:
        yield from (item.label, item.help)
        if item.name not in {"sprachen", "zeit"}:  # what Babel names, and what is put together
            yield from (label for _value, label in item.choices)


def _of_matching() -> Iterator[Message]:
    yield from fit.CHANGEABLE.values()
    for question in questions.ALL:
        yield from (question.label, question.help)
        yield from (question.choices or {}).values()
    for gate in GATES:
        yield from (gate.counted, gate.rule)
    for criterion in CRITERIA:
        yield from (criterion.label, criterion.judged)
    for messages in (wording.TOPICS, wording.PATTERNS, wording.PLAIN):
        yield from messages.values()


def _of_the_desk() -> Iterator[Message]:
    for field in (*fields.OFFER, *fields.EVENT, *versions.of(["de-simple"])):
        yield from (field.label, field.help)
    yield from (*fields.GROUPS, *fields.NOTHING.values(), *repeating.EVERY.values(), *inbox.VIEWS.values())
    for title, group in profile.GROUPS:
        yield from (title, *(words for one in (*group, profile.ALT) for words in (one.label, one.help)))
    yield from (name for _terms, name in (*hints.WISHED, *hints.WISHED_OF_EVENTS))


@cache
def _of_file(method: str, file: Path, marks: _Marks) -> tuple[Message, ...]:
    """Return the messages of a file, read once in a process: each catalogue asks for all of them."""
    found = extract_from_file(method, file, marks.value, options={"trimmed": "true", "encoding": "utf-8"})
    return tuple(message if isinstance(message, str) else tuple(message) for _line, message, *_ in found)


def update(code: str) -> int:
    """Bring one catalogue up to date; return how many messages still need words."""
    path = TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        old = read_po(file, locale=_locale(code))
    new = Catalog(
        _locale(code), header_comment="# Messages of the interface.", project="fediverse_ehrenamt", fuzzy=False
    )
    new.version, new.msgid_bugs_address, new.last_translator, new.language_team = "0.1", "", "", code
    for message in extract():
        before = old.get(message if isinstance(message, str) else message[0])
        new.add(message, before.string if before else "" if isinstance(message, str) else ("",) * new.num_plurals)
    new.creation_date = new.revision_date = old.creation_date
    with path.open("wb") as file:
        write_po(file, new, width=120, omit_header=False)
    return len(missing(new))


def _locale(code: str) -> str:
    return LOCALES[code].partition("_")[0]


def missing(catalogue: Catalog) -> list[Message]:
    """Return the messages of a catalogue that have no words, or not in every plural form."""
    return [_key(message.id) for message in catalogue if message.id and not all(_forms(message.string))]


def known(catalogue: Catalog) -> set[Message]:
    return {_key(message.id) for message in catalogue if message.id}


def _key(message_id: str | list[str] | tuple[str, ...]) -> Message:
    return message_id if isinstance(message_id, str) else tuple(message_id)


def _forms(string: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (string or "",) if isinstance(string, str) or string is None else tuple(string)


if __name__ == "__main__":
    for language in LOCALES:
        print(language, update(language))  # noqa: T201 - a tool for translators
