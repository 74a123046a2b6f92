"""`look …`: the colour, logo, tagline and hashtag of the instance."""

from dataclasses import asdict
from pathlib import Path

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.look import actions
from fediverse_ehrenamt.look.actions import Chosen, Wishes


@click.group(cls=Group)
def look() -> None:
    """Aussehen der Instanz: Farbe, Logo, Leitsatz, Hashtag. Laufende Prozesse übernehmen es binnen einer Sekunde."""


@look.command(name="set")
@click.option("--accent", help="Farbe von Links und Knöpfen, z. B. '#7a3b00'; ihr Kontrast wird geprüft.")
@click.option("--accent-dark", help="Dieselbe für die dunkle Ansicht; ohne sie wird --accent aufgehellt.")
@click.option(
    "--logo", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Bild: PNG, JPEG, WebP, GIF."
)
@click.option("--no-logo", is_flag=True, help="Das Logo wieder wegnehmen.")
@click.option("--tagline", help="Ein Satz unter der Überschrift der Startseite.")
@click.option("--hashtag", help="Steht unter jedem neuen Angebot und Termin, z. B. EhrenamtHagen.")
@JSON
def set_(*, as_json: bool, no_logo: bool, logo: Path | None, **words: str | None) -> None:
    """Ändern, was genannt ist; das andere bleibt. Leer ('') nimmt es weg."""
    if logo and no_logo:
        raise click.UsageError("Bitte entweder --logo oder --no-logo.")
    _show(shell.write(actions.choose, Wishes(**words, logo=logo, without_logo=no_logo)), as_json=as_json)


@look.command()
@JSON
def show(*, as_json: bool) -> None:
    """Zeigen, was gewählt ist, mit den gemessenen Kontrasten."""
    _show(shell.write(actions.show), as_json=as_json)


@look.command()
def reset() -> None:
    """Zum mitgelieferten Aussehen zurückkehren."""
    shell.write(actions.reset)
    click.echo("✓ Es gilt wieder das mitgelieferte Aussehen.")


def _show(chosen: Chosen, *, as_json: bool) -> None:
    def text() -> str:
        lines = []
        if chosen.accent:
            light, dark = (f"{ratio:.1f}".replace(".", ",") for ratio in chosen.contrast)
            lines += [f"Farbe hell:   {chosen.accent} (Kontrast mindestens {light}:1)"]
            lines += [f"Farbe dunkel: {chosen.accent_dark} (Kontrast mindestens {dark}:1)"]
        if chosen.logo:
            lines.append(f"Logo:         {chosen.logo[0]} × {chosen.logo[1]} Bildpunkte")
        if chosen.tagline:
            lines.append(f"Leitsatz:     {chosen.tagline}")
        if chosen.hashtag:
            lines.append(f"Hashtag:      #{chosen.hashtag}")
        return "\n".join(lines) or "Das mitgelieferte Aussehen; `ehrenamt look set --help` sagt, was sich ändern lässt."

    shell.show(asdict(chosen), as_json=as_json, text=text)


COMMANDS = [look]
