"""The folder of letters that no mail server sends: files of messages (RFC 5322), erased as those that wait in vain."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fediverse_ehrenamt.jobs import again
from fediverse_ehrenamt.kit import reasons
from fediverse_ehrenamt.kit.errors import Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work

KEPT = again.GIVEN_UP_LAST
_FOLDER, _OWNER_ONLY, _OWNERS_FOLDER = "mail", 0o600, 0o700
_WRITTEN = "%Y%m%d-%H%M%S"  # when, at the beginning of a name: names are in the order of time
_SOFT_BREAK = b"=\r\n"  # of quoted-printable (RFC 2045 §6.7)
_OURS = re.compile(r"[0-9]{8}-[0-9]{6}-.+\.(?:eml|part)")


def place(settings: Settings) -> Path:
    """Return where letters go that no mail server sends."""
    return settings.data / _FOLDER


def is_lost_on_people(settings: Settings) -> bool:
    """Say whether letters of a portal that is open to all end here, where nobody gets them."""
    return not settings.smtp_url and settings.url.startswith("https://")


def put(settings: Settings, letter: Letter, message: bytes) -> Path:
    """Write a letter to a file that only we may read; the same letter again is the same file."""
    folder = place(settings)
    file = folder / f"{letter.written_at:{_WRITTEN}}-{letter.id}.eml"
    try:
        folder.mkdir(_OWNERS_FOLDER, parents=True, exist_ok=True)
        half = file.with_suffix(".part")
        half.touch(_OWNER_ONLY)
        half.write_bytes(message)
        half.replace(file)
    except OSError as error:
        raise Unavailable(
            sentence(
                "Briefe lassen sich nicht nach %(folder)s schreiben: %(reason)s",
                folder=str(folder),
                reason=reasons.of(error),
            )
        ) from error
    return file


def forget(settings: Settings, wanted: Callable[[str], bool]) -> None:
    """Erase the letters that are `wanted` by their source, in which no line of the text is broken."""
    for file in _files(settings):
        with suppress(FileNotFoundError):  # taken or erased meanwhile
            if wanted(file.read_bytes().replace(_SOFT_BREAK, b"").decode("utf-8", "replace")):
                file.unlink()


def erase_old(work: Work) -> int:
    """Erase letters once they are as old as those may become that were given up; return how many.

    They hold names, wishes and links by which people sign in, and whoever wanted to send them has had the time.
    """
    before = f"{work.now - KEPT:{_WRITTEN}}"
    old = [file for file in _files(work.settings) if file.name < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _files(settings: Settings) -> list[Path]:
    folder = place(settings)
    return [file for file in folder.iterdir() if _OURS.fullmatch(file.name)] if folder.is_dir() else []
