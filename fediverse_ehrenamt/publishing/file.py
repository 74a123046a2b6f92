"""From the text of a file to entries: every problem in it is found at once, each with its entry, line and field."""

from collections.abc import Iterator
from pathlib import Path

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.publishing import plain, reading, schema, tree, wording
from fediverse_ehrenamt.publishing.entry import Entry, bounded, located
from fediverse_ehrenamt.publishing.reading import Found
from fediverse_ehrenamt.publishing.tree import Branch, Items, Node

_BEGIN = "richtig wäre eine Datei, die mit „organisation:“ beginnt und mit „opportunities:“ oder „events:“ weitergeht"


def read(text: str, name: str, folder: Path, organisation: str = "") -> list[Entry]:
    """Read a YAML or JSON file; raises `Invalid` naming all problems.

    `name` is the file's name, for messages; images are looked for in `folder`. An entry without an organisation
    belongs to `organisation`, and where none is given to the file's.
    """
    root = tree.parse(text, name)
    if not isinstance(root, Branch):
        raise Invalid([Problem(name, f"ist leer oder keine Liste von Angaben; {_BEGIN}")])
    problems = _around(root, name)
    owner = organisation or tree.text(root, "organisation")
    entries: list[Entry] = []
    for label, kind, node in _entries(root):
        try:
            entries.append(reading.entry(Found(label, kind, node), folder, owner))
        except Invalid as error:
            problems.extend(error.problems)
    problems.extend(_repeated_ids(entries))
    if problems:
        raise Invalid(bounded(problems))
    return entries


# --- around the entries -----------------------------------------------------------------------------------------------
def _around(root: Branch, name: str) -> list[Problem]:
    form = schema.whole()
    value = plain.value(root, form.schema, HOME)
    problems = wording.problems(form, value)
    problems += [Problem(tree.shown(key), tree.twice(root, key, line)) for key, line in root.repeated]
    found = [located(name, root.line, root.lines, problem) for problem in problems]
    if isinstance(value, dict) and not value.keys() & {*schema.LISTS, *schema.LISTS.values()}:
        found.append(Problem(name, f"fehlt: Angebote oder Termine; {_BEGIN}"))
    return found


def _entries(root: Branch) -> Iterator[tuple[str, str, Node]]:
    for name, kind in schema.LISTS.items():
        listed = root.nodes.get(name)
        if isinstance(listed, Items):
            for number, node in enumerate(listed.nodes):
                yield f"{name}[{number}]", kind, node
        alone = root.nodes.get(kind)
        if isinstance(alone, Branch):
            yield kind, kind, alone


def _repeated_ids(entries: list[Entry]) -> Iterator[Problem]:
    """An organisation has one thing under an id; two entries for it would undo each other at every call."""
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        known = first.setdefault((entry.organisation.lower().removeprefix("@"), entry.draft.key), entry)
        if known is not entry:
            message = (
                f"„{tree.shown(entry.draft.key)}“ heißt schon {known.label} in Zeile {known.line}; bitte eine andere id"
            )
            yield entry.located(Problem("id", message))
