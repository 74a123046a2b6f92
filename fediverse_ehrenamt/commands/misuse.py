"""What is said to whoever calls a command wrongly: click's faults in German, with the way to the help."""

from typing import NoReturn

import click
from click.exceptions import BadParameter, MissingParameter, NoArgsIsHelpError, NoSuchCommand, NoSuchOption


def end(error: click.UsageError) -> NoReturn:
    """Print what is wrong, and leave with 2; a group that was called without a command shows its help instead."""
    if isinstance(error, NoArgsIsHelpError):
        raise error
    if error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
        click.echo(f"Hilfe: {error.ctx.command_path} --help\n", err=True)
    click.echo(f"Fehler: {said(error)}", err=True)
    raise click.exceptions.Exit(error.exit_code)


def said(error: click.UsageError) -> str:
    """Return what is wrong, as a sentence; our own are in German already."""
    match error:
        case NoSuchCommand():
            return f"Den Befehl „{error.command_name}“ gibt es nicht.{_perhaps(error.possibilities)}"
        case NoSuchOption():
            return f"Die Option „{error.option_name}“ gibt es nicht.{_perhaps(error.possibilities)}"
        case MissingParameter():
            return f"Es fehlt: {_name(error)}."
        case BadParameter():
            return f"Das passt nicht zu {_name(error)}{_wanted(error)}."
    return error.format_message()


def _perhaps(possible: list[str] | None) -> str:
    return f" Meinten Sie {' oder '.join(possible)}?" if possible else ""


def _name(error: BadParameter) -> str:
    """Return how a parameter is called: "--rolle", "DATEI"."""
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.human_readable_name if error.param is not None else "den Angaben"


def _wanted(error: BadParameter) -> str:
    """Return what would be right, "" where the kind of a parameter does not say."""
    kind = error.param.type if error.param is not None else None
    match kind:
        case click.Choice():
            return f"; möglich sind {', '.join(map(str, kind.choices))}"
        case click.IntRange() | click.FloatRange():
            return f"; richtig wäre eine Zahl{_bounds(kind.min, kind.max)}"
        case click.Path() | click.File():
            return "; die Datei oder der Ordner fehlt oder ist nicht lesbar"
    return "; richtig wäre eine ganze Zahl" if kind is click.INT else ""


def _bounds(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f" von {least} bis {most}"
    return f" ab {least}" if least is not None else f" bis {most}" if most is not None else ""
