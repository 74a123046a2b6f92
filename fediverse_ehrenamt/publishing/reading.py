"""Reads one entry of a file: its tree against its schema, its place, its image, its draft."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.publishing import judging, plain, schema, tree, wording
from fediverse_ehrenamt.publishing.drafts import dates as read_dates
from fediverse_ehrenamt.publishing.entry import Entry, line_of, located
from fediverse_ehrenamt.publishing.tree import Branch, Leaf, Node
from fediverse_ehrenamt.vocab import reader

_LONGEST_NAME = 255  # as in the schema


@dataclass(frozen=True, slots=True)
class Found:
    label: str
    kind: str
    node: Node


def entry(found: Found, folder: Path, organisation: str) -> Entry:
    """Return an entry; raises `Invalid` with all its problems. `organisation` is whose it is if it does not say."""
    node, form = found.node, schema.entry(found.kind)
    given = plain.value(node, form.schema, _zone(node))
    fields: Mapping[str, Any] = given if isinstance(given, dict) else {}
    problems = [*_oddities(node), *wording.problems(form, given)]
    owner = tree.text(node, "organisation") or organisation
    if fields and not owner:
        problems.append(Problem("organisation", wording.absent(schema.at(form.schema, ("organisation",)))))
    image = judging.tried(problems, _image, folder, fields)
    made = judging.draft(found.kind, fields, problems)
    further = () if made is None else judging.tried(problems, read_dates, fields)
    key = tree.text(node, "id")
    label = f"{found.label} ({tree.shown(key)})" if key else found.label
    lines = {tree.named(path): line for path, _, line in tree.walk(node)}
    if made is None or further is None:
        problems.sort(key=lambda problem: line_of(problem.field, lines, node.line))
        raise Invalid([located(label, node.line, lines, problem) for problem in problems])
    return Entry(owner, node.line, made, image, label, MappingProxyType(lines), further)


def _zone(node: Node) -> tzinfo:
    """Return the zone that an entry names; a wrong name is the schema's business."""
    return reader.zone(tree.text(node, "timezone")) or HOME


def _image(folder: Path, given: Mapping[str, Any]) -> Path | None:
    """Return the image file; it must lie in the folder of the file, whose writer may not be who hands it in."""
    said = given.get("image")
    name = said.get("file") if isinstance(said, dict) else None
    if not isinstance(name, str) or len(name) > _LONGEST_NAME or not name.isprintable():
        return None  # told of already
    try:
        inside = folder.resolve()
        path = (inside / name).resolve()
    except (OSError, RuntimeError) as error:  # too long, or links in a circle
        raise Invalid(
            [Problem("image.file", f"„{tree.shown(name)}“ ist kein Dateiname; richtig wäre bild.jpg")]
        ) from error
    if not path.is_relative_to(inside):
        message = f"„{tree.shown(name)}“ liegt außerhalb des Ordners dieser Datei; bitte das Bild hineinlegen"
        raise Invalid([Problem("image.file", message)])
    return path


def _oddities(node: Node) -> Iterator[Problem]:
    """Yield what the schema does not see: keys given twice, and characters that no database and no peer wants."""
    for path, part, _ in tree.walk(node):
        if isinstance(part, Leaf) and judging.is_unfit(part.text):
            yield Problem(tree.named(path), judging.INVISIBLE)
        elif isinstance(part, Branch):
            for key, line in part.repeated:
                yield Problem(tree.named((*path, key)), tree.twice(part, key, line))
