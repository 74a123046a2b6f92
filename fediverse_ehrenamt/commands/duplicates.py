"""`duplicates …`: decides whether two listings of different sources are one and the same need."""

import difflib
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from itertools import zip_longest

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.duplicates import actions, store, wording
from fediverse_ehrenamt.duplicates.actions import Case
from fediverse_ehrenamt.duplicates.model import AUTOMATIC, DIFFERENT, SAME, WAITING
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.work import Work

_STATES = {AUTOMATIC: "automatisch", WAITING: "wartet", SAME: "dasselbe", DIFFERENT: "verschieden"}
_PARTS = {"text": "Text", "title": "Titel", "organisation": "Organisation", "near": "Nähe"}
_BY = "Befehlszeile"
_COLUMN = 56
_WORDS = 800  # of each text that are compared
_IDS = click.argument("ids", metavar="NUMMER…", nargs=-1, required=True, type=click.IntRange(1))


@click.group(name="duplicates", cls=Group)
def duplicates() -> None:
    """Dubletten: Einträge verschiedener Quellen, die dasselbe meinen, erscheinen als einer.

    Was sicher dasselbe ist, wird von selbst zusammen gezeigt; was unsicher ist, wartet hier. Kein Eintrag wird
    gelöscht oder geändert, und jede Entscheidung lässt sich zurücknehmen.
    """


@duplicates.command(name="list")
@click.option("--waiting", "only", flag_value="waiting", default=True, help="Nur, was auf eine Entscheidung wartet.")
@click.option("--all", "only", flag_value="all", help="Alle Paare, auch die entschiedenen.")
@JSON
def duplicates_list(only: str, *, as_json: bool) -> None:
    """Die Paare zeigen, die ähnlichsten zuerst (bis zu 200)."""
    states = tuple(_STATES) if only == "all" else (WAITING,)

    def run(work: Work) -> list[Case]:
        return actions.cases(work, store.listed(work, states))

    found = shell.write(run)
    shell.show([_plain(one) for one in found], as_json=as_json, text=lambda: _lines(found) or "✓ Nichts wartet.")


@duplicates.command(name="show")
@click.argument("number", metavar="NUMMER", type=click.IntRange(1))
@JSON
def duplicates_show(number: int, *, as_json: bool) -> None:
    """Beide Einträge nebeneinander zeigen; was nur in einem steht, steht in [Klammern]."""

    def run(work: Work) -> list[Case]:
        return actions.cases(work, store.get(work, [number]))

    for case in shell.write(run):
        shell.show(_plain(case), as_json=as_json, text=partial(_text, case))


@duplicates.command(name="same")
@_IDS
def duplicates_same(ids: tuple[int, ...]) -> None:
    """Sagen, dass beide dasselbe meinen: Sie erscheinen von nun an als ein Eintrag mit beiden Quellen."""
    click.echo(f"✓ {shell.write(actions.decide, ids, SAME, _BY)} Paare sind dasselbe.")


@duplicates.command(name="different")
@_IDS
def duplicates_different(ids: tuple[int, ...]) -> None:
    """Sagen, dass beide Verschiedenes meinen: Sie erscheinen einzeln und werden nicht wieder vorgelegt."""
    click.echo(f"✓ {shell.write(actions.decide, ids, DIFFERENT, _BY)} Paare sind verschieden.")


@duplicates.command(name="reset")
@_IDS
def duplicates_reset(ids: tuple[int, ...]) -> None:
    """Eine Entscheidung zurücknehmen: Es gilt wieder, was ohne sie gelten würde."""
    click.echo(f"✓ {shell.write(actions.reset, ids)} Entscheidungen zurückgenommen.")


def _plain(case: Case) -> dict[str, object]:
    sides = [
        {name: getattr(side, name) for name in ("uri", "url", "host", "title", "organisation", "place", "when", "text")}
        for side in (case.one, case.other)
    ]
    judgement = asdict(case.judgement) | {"parts": dict(case.judgement.parts)}
    return {"id": case.id, "state": case.state, "score": case.score, "judgement": judgement, "listings": sides}


def _lines(found: Sequence[Case]) -> str:
    return "\n".join(
        f"{case.id:>6}  {case.score:.2f}  {_STATES[case.state]}\n"
        + "\n".join(
            f"        „{_line(side.title)}“ von {_line(side.organisation)} ({side.host})" for side in _sides(case)
        )
        for case in found
    )


def _sides(case: Case) -> tuple[Document, Document]:
    return case.one, case.other


def _text(case: Case) -> str:
    return "\n".join(_beside(case))


def _beside(case: Case) -> Iterator[str]:
    parts = [
        f"{_PARTS[name]} {'–' if value is None else f'{value:.2f}'}" for name, value in case.judgement.parts.items()
    ]
    by = f" ({case.decided_by})" if case.decided_by else ""
    yield f"Paar {case.id}: {_STATES[case.state]}{by}, Ähnlichkeit {case.score:.2f} ({', '.join(parts)})"
    if case.judgement.against:
        yield f"Dagegen spricht: {', '.join(wording.AGAINST.get(name, name) for name in case.judgement.against)}"
    yield ""
    for name in ("title", "organisation", "place", "when", "host", "url"):
        yield from _row(*(_line(getattr(side, name)) for side in _sides(case)), mark=True)
    yield ""
    yield from _row(*_marked(*(html.visible(side.text).split()[:_WORDS] for side in _sides(case))))


def _row(left: str, right: str, *, mark: bool = False) -> Iterator[str]:
    """Lay two texts side by side, and mark the first line where they differ."""
    sign = "≠" if mark and left != right else " "
    columns = (textwrap.wrap(left, _COLUMN) or [""], textwrap.wrap(right, _COLUMN) or [""])
    for number, (one, other) in enumerate(zip_longest(*columns, fillvalue="")):
        yield f"{one:<{_COLUMN}} {' ' if number else sign} {other}".rstrip()


def _marked(left: list[str], right: list[str]) -> tuple[str, str]:
    """Return both texts with brackets around the words that the other has not at this place."""
    found: tuple[list[str], list[str]] = ([], [])
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for side, some in zip(found, (left[a:b], right[c:d]), strict=True):
            said = " ".join(some)
            side.append(said if kind == "equal" or not said else f"[{said}]")
    return " ".join(filter(None, found[0])), " ".join(filter(None, found[1]))


def _line(words: str) -> str:
    return " ".join(html.visible(words).split())


COMMANDS = [duplicates]
