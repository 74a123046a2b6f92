"""`page …`: the texts of the instance (imprint, privacy, rules, accessibility) and the imprints of organisations."""

from dataclasses import asdict
from pathlib import Path

import click

from fediverse_ehrenamt.commands import moments, shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.texts import actions, rules
from fediverse_ehrenamt.texts.actions import Summary, Text
from fediverse_ehrenamt.work import Work

_SLUG = click.argument("slug")
_LANGUAGE = click.option("--language", default="de", show_default=True, help="In welcher Sprache, z. B. en.")
_OWNER = click.option("--organisation", default="", help="Der Text dieser Organisation statt der Instanz.")
_MOST_BYTES = 4 * rules.LONGEST


@click.group(cls=Group)
def page() -> None:
    """Texte der Instanz: Impressum, Datenschutz, Regeln, Barrierefreiheit, und was unter „Über uns“ steht.

    Sie sind in Markdown geschrieben. [[Anschrift]] markiert, was noch fehlt; {{portal}}, {{adresse}} und {{host}}
    werden zu Name, Adresse und Host der Instanz.
    """


@page.command(name="list")
@JSON
def list_(*, as_json: bool) -> None:
    """Alle Texte, und was in ihnen noch auszufüllen ist."""
    found = shell.write(actions.listing)
    shell.show([asdict(one) for one in found], as_json=as_json, text=lambda: "\n".join(map(_line, found)))


@page.command()
@_SLUG
@_LANGUAGE
@_OWNER
@JSON
def show(slug: str, language: str, organisation: str, *, as_json: bool) -> None:
    """Einen Text in Markdown ausgeben, auch als Vorlage: ehrenamt page show impressum > impressum.md."""

    def run(work: Work) -> Text:
        return actions.get(work, slug, language, _owner(work, organisation))

    text = shell.write(run)
    shell.show(asdict(text), as_json=as_json, text=lambda: text.source.rstrip("\n"))


@page.command(name="set")
@_SLUG
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_LANGUAGE
@_OWNER
@JSON
def set_(slug: str, file: Path, language: str, organisation: str, *, as_json: bool) -> None:
    """Einen Text aus einer Datei übernehmen. Er ist sofort zu sehen; `page undo` nimmt das zurück."""

    def run(work: Work) -> Summary:
        return actions.write(work, slug, language, _read(file), _owner(work, organisation))

    made = shell.write(run)
    shell.show(asdict(made), as_json=as_json, text=lambda: "\n".join(_told(made)))


@page.command()
@_SLUG
@_LANGUAGE
@_OWNER
def reset(slug: str, language: str, organisation: str) -> None:
    """Zum mitgelieferten Text zurückkehren; bei einer Organisation: den Text wegnehmen."""
    shell.write(lambda work: actions.reset(work, slug, language, _owner(work, organisation)))
    click.echo(f"✓ „{slug}“ ({language}) ist zurückgesetzt. Rückgängig: ehrenamt page undo {slug}")


@page.command()
@_SLUG
@_LANGUAGE
@_OWNER
@JSON
def undo(slug: str, language: str, organisation: str, *, as_json: bool) -> None:
    """Die letzte Änderung eines Textes zurücknehmen; die letzten 10 Fassungen sind aufgehoben."""

    def run(work: Work) -> Text:
        return actions.undo(work, slug, language, _owner(work, organisation))

    text = shell.write(run)

    def told() -> str:
        now = f"die Fassung vom {moments.minute(text.edited_at)}" if text.edited_at else "der mitgelieferte Text"
        return f"✓ Es gilt wieder {now}."

    shell.show(asdict(text), as_json=as_json, text=told)


def _owner(work: Work, organisation: str) -> str:
    return organisations.get(work, organisation).handle if organisation else rules.INSTANCE


def _read(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(_MOST_BYTES + 1)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Cut within a letter, or no UTF-8: whoever cut it hears first that it is too long.
        if len(content) > _MOST_BYTES:
            return content.decode("utf-8", "replace")
        message = f"{file.name} ist kein Text in UTF-8; bitte so speichern"
        raise Invalid([Problem("text", message)]) from error


def _line(one: Summary) -> str:
    whose = f"{one.owner}/" if one.owner else ""
    state = f"eigener Text vom {moments.day(one.edited_at)}" if one.edited_at else "mitgelieferter Text"
    missing = f"; noch auszufüllen: {len(one.gaps)}" if one.gaps else ""
    return f"{whose + one.slug:<30} {one.language:<10} {state}{missing}"


def _told(made: Summary) -> list[str]:
    lines = [f"✓ „{made.slug}“ ({made.language}) ist übernommen: {made.characters} Zeichen."]
    if made.gaps:
        lines.append(f"  Noch auszufüllen: {', '.join(made.gaps)}")
    if made.dropped:
        lines.append(f"  Weggelassen, weil hier nur Markdown ohne Bilder und HTML gilt: {', '.join(made.dropped)}")
    return lines


COMMANDS = [page]
