"""`block …` and `allow …`: whom this instance does not speak to, or whom alone."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.federation import domain_blocks, restrictions, rules
from fediverse_ehrenamt.federation.domain_blocks import Listed
from fediverse_ehrenamt.federation.rules import Restriction, Severity
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.counts import counted
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.things import moderating
from fediverse_ehrenamt.things.moderating import Dropped, Plan
from fediverse_ehrenamt.work import Workshop

_STEPS = 10_000  # of dropping; what is left then, housekeeping drops
_WORDS: dict[Severity, str] = {"block": "gesperrt", "limit": "eingeschränkt", "none": "sonst frei"}


@click.group(cls=Group)
def block() -> None:
    """Sperren: mit wem diese Instanz nicht oder nur eingeschränkt spricht."""


@block.command(name="add")
@click.argument("address")
@click.option(
    "--limit", "severity", flag_value="limit", help="Nicht sperren: nur was selbst Quelle ist, bleibt im Index."
)
@click.option("--only", "severity", flag_value="none", help="Nicht sperren: nur, was --reject-… sagt.")
@click.option("--reject-media", is_flag=True, help="Keine Bilder von dort zeigen.")
@click.option("--reject-reports", is_flag=True, help="Meldungen von dort nicht annehmen.")
@click.option("--reason", default="", help="Grund, nur für die Verwaltung.")
@click.option("--public-comment", default="", help="Was alle, auch die Gesperrten, als Grund lesen dürfen.")
@click.option("--obfuscate", is_flag=True, help="In öffentlichen Listen nicht ausschreiben.")
@JSON
def block_add(  # noqa: PLR0913 - one for each option
    address: str,
    severity: Severity | None,
    *,
    reject_media: bool,
    reject_reports: bool,
    reason: str,
    public_comment: str,
    obfuscate: bool,
    as_json: bool,
) -> None:
    """Einen Host samt Subdomains (beispiel.de) oder ein Konto (@name@beispiel.de) sperren oder einschränken.

    Gesperrt heißt: nichts wird angenommen, geholt, zugestellt; was von dort hier liegt, wird gelöscht, auch Folgende
    und Quellen. Ein zweiter Aufruf ersetzt den Eintrag.
    """
    if severity == "none" and not (reject_media or reject_reports):
        raise Invalid([Problem("--only", "braucht --reject-media oder --reject-reports")])

    async def run(instance: Instance) -> tuple[Restriction, Dropped]:
        workshop = instance.workshop
        entry = Restriction(
            await moderating.subject(workshop, address),
            severity or "block",
            reject_media,
            reject_reports,
            reason,
            public_comment[: domain_blocks.COMMENT_LENGTH],
            obfuscate,
        )
        await workshop.write(moderating.restrict, entry)
        return entry, _sweep(workshop)

    entry, dropped = shell.online(run)
    shell.show(
        {**asdict(entry), "dropped": asdict(dropped)},
        as_json=as_json,
        text=lambda: f"✓ {entry.subject}: {_said(entry)}. {_told(dropped)}",
    )


@block.command(name="remove")
@click.argument("subject")
def block_remove(subject: str) -> None:
    """Einen Eintrag zurücknehmen, so geschrieben wie in `block list`; Gelöschtes kommt nicht von selbst wieder."""
    subject = rules.subject_of(subject) or subject
    shell.write(moderating.lift, subject)
    click.echo(f"✓ {subject} ist wieder frei. Quellen von dort bitte neu hinzufügen.")


@block.command(name="list")
@JSON
def block_list(*, as_json: bool) -> None:
    """Alle Sperren und Einschränkungen zeigen."""
    found = shell.write(restrictions.listing)

    def text() -> str:
        lines = [f"{one.subject:<40} {_said(one)}{_because(one)}" for one in found]
        return "\n".join(lines) or "Noch keine. Eine hinzufügen: ehrenamt block add beispiel.de --reason …"

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


@block.command(name="export")
@click.option("--public", is_flag=True, help="Zum Veröffentlichen: Hosts mit --obfuscate nicht ausschreiben.")
def block_export(*, public: bool) -> None:
    """Die Liste der Hosts als CSV ausgeben, wie Mastodon sie liest und schreibt (Konten kennt das Format nicht)."""
    found = shell.write(restrictions.listing)
    click.echo(domain_blocks.write(found, public=public), nl=False)
    actors = sum(one.is_actor for one in found)
    if actors:
        click.echo(f"{actors} gesperrte oder eingeschränkte Konten stehen nicht in der Liste.", err=True)


@block.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Nur zeigen, was geschähe.")
@click.option("--reason", default="", help="Grund für alle neuen Einträge, nur für die Verwaltung.")
@JSON
def block_import(file: Path, *, dry_run: bool, reason: str, as_json: bool) -> None:
    """Eine Sperrliste im CSV-Format von Mastodon übernehmen.

    Entweder alles oder, wenn eine Zeile falsch ist, nichts. Was schon einen Eintrag hat, bleibt, wie es ist.
    """
    with shell.opened() as instance:
        workshop = instance.workshop
        with file.open("rb") as opened:
            listed = domain_blocks.read(opened.read(domain_blocks.BYTES + 1), moderating.ours(workshop.settings))
        plan = (
            workshop.read_now(moderating.plan, listed)
            if dry_run
            else workshop.write_now(moderating.take_in, listed, reason)
        )
        dropped = Dropped() if dry_run else _sweep(workshop)
    skipped = [asdict(one) for one in listed.skipped]
    value = {
        "dry_run": dry_run,
        "added": [asdict(one) for one in plan.new],
        "known": plan.known,
        "skipped": skipped,
        "touched": asdict(plan.touched),
        "dropped": asdict(dropped),
    }
    shell.show(value, as_json=as_json, text=lambda: _report(plan, listed, dropped, dry_run=dry_run))


def _report(plan: Plan, listed: Listed, dropped: Dropped, *, dry_run: bool) -> str:
    new = counted(len(plan.new), "käme hinzu", "kämen hinzu") if dry_run else f"{len(plan.new)} hinzugefügt"
    known = counted(len(plan.known), "war", "waren")
    lines = [f"✓ {new}, {known} schon da, {len(listed.skipped)} übersprungen."]
    if dry_run:
        lines += [f"  + {one.subject:<40} {_said(one)}" for one in plan.new]
        followers, sources = _ended(plan.touched.followers, plan.touched.sources)
        lines.append(f"  Es endeten {followers} und {sources}.")
    else:
        lines.append(f"  {_told(dropped)}")
    lines += [f"  Zeile {one.line}: {one.domain} {one.why}" for one in listed.skipped]
    return "\n".join(lines)


# --- the allow-list ---------------------------------------------------------------------------------------------------
@click.group(cls=Group)
def allow() -> None:
    """Erlaubte Hosts; sie gelten mit EHRENAMT_FEDERATION=allowlist."""


@allow.command(name="add")
@click.argument("host")
@click.option("--reason", default="", help="Grund, nur für die Verwaltung.")
def allow_add(host: str, reason: str) -> None:
    """Einen Host erlauben, genau diesen, ohne Subdomains; zum Konto @verein@hagen.de gehören oft zwei Hosts."""
    name = _host(host)
    with shell.opened() as instance:
        instance.workshop.write_now(restrictions.allow, name, reason)
        mode = instance.workshop.settings.federation
    hint = "" if mode == "allowlist" else " Die Liste gilt erst mit EHRENAMT_FEDERATION=allowlist."
    click.echo(f"✓ {name} ist erlaubt.{hint}")


@allow.command(name="remove")
@click.argument("host")
def allow_remove(host: str) -> None:
    """Einen Host von der Liste nehmen."""
    name = _host(host)
    shell.write(restrictions.disallow, name)
    click.echo(f"✓ {name} steht nicht mehr auf der Liste.")


@allow.command(name="list")
@JSON
def allow_list(*, as_json: bool) -> None:
    """Alle erlaubten Hosts zeigen."""
    found = shell.write(restrictions.allowed)
    text = "\n".join(f"{one.host:<40} {one.reason}".rstrip() for one in found)
    shell.show(
        [asdict(one) for one in found],
        as_json=as_json,
        text=lambda: text or "Noch keine. Einen erlauben: ehrenamt allow add ehrenamt.beispiel.de",
    )


# --- words ------------------------------------------------------------------------------------------------------------
def _host(text: str) -> str:
    subject = rules.subject_of(text)
    if not subject or "://" in subject:
        raise Invalid([Problem("host", f"„{text}“ ist kein Host; richtig wäre ehrenamt.beispiel.de")])
    return subject


def _sweep(workshop: Workshop) -> Dropped:
    total = Dropped()
    for _ in range(_STEPS):
        step = workshop.write_now(moderating.sweep)
        total += step
        if step == Dropped():
            break
    return total


def _said(entry: Restriction) -> str:
    more: Sequence[str] = [
        words
        for words, is_so in (("keine Bilder", entry.reject_media), ("keine Meldungen", entry.reject_reports))
        if is_so
    ]
    return ", ".join([_WORDS[entry.severity], *more])


def _because(entry: Restriction) -> str:
    return "".join(f" – {text}" for text in (entry.reason, entry.public_comment) if text)


def _told(dropped: Dropped) -> str:
    things = counted(dropped.things, "Eintrag", "Einträge")
    return f"Gelöscht: {', '.join([things, *_ended(dropped.followers, dropped.sources)])}."


def _ended(followers: int, sources: int) -> tuple[str, str]:
    return counted(followers, "Folgender", "Folgende"), counted(sources, "Quelle", "Quellen")


COMMANDS = [block, allow]
