"""Why the operating system gives no file or port, in our own words: it says so in English."""

import errno

from fediverse_ehrenamt.kit.sentences import sentence

_FORBIDDEN = sentence("der Zugriff darauf ist nicht erlaubt")
_SAID = {
    errno.ENOENT: sentence("das gibt es nicht"),
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EISDIR: sentence("das ist ein Ordner, keine Datei"),
    errno.ENOTDIR: sentence("das ist kein Ordner"),
    errno.EEXIST: sentence("das gibt es schon"),
    errno.ENOSPC: sentence("es ist kein Platz mehr"),
    errno.EROFS: sentence("dort darf nichts geschrieben werden"),
    errno.EADDRINUSE: sentence("ein anderes Programm hört dort schon"),
    errno.EADDRNOTAVAIL: sentence("diese Adresse hat der Rechner nicht"),
}


def of(error: OSError) -> str:
    """Return why it failed; for what is rare, the words of the system."""
    return _SAID.get(error.errno or 0, error.strerror or sentence("das ist nicht möglich"))
