"""Commands and groups of them, with the help that click writes around them in German.

The help of a group says of each command all that its first paragraph says; click cuts a sentence off where a line is
full.
"""

import click


class Command(click.Command):
    """A command whose help is in German."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        for english, german in {"[OPTIONS]": "[OPTIONEN]", "COMMAND [ARGS]...": "BEFEHL …"}.items():
            pieces = pieces.replace(english, german)
        formatter.write_usage(ctx.command_path, pieces, "Aufruf: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        rows = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        if rows:
            with formatter.section("Optionen"):
                formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Zeigt diese Hilfe."
        return option


class Group(Command, click.Group):
    """A group of commands whose help is in German, and goes on in a next line where one is full."""

    command_class = Command
    group_class = type

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Command.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, _first_paragraph(command)) for name, command in commands if command and not command.hidden]
        if rows:
            with formatter.section("Befehle"):
                formatter.write_dl(rows)


def _first_paragraph(command: click.Command) -> str:
    return " ".join((command.help or "").partition("\n\n")[0].split())
