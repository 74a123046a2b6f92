"""Faults of the database in sentences, where an operator can mend them."""

from sqlalchemy.exc import DBAPIError

from fediverse_ehrenamt.kit.errors import Unavailable
from fediverse_ehrenamt.kit.sentences import sentence

_SAID = {
    "disk is full": sentence("Auf der Festplatte ist kein Platz mehr; nichts wurde gespeichert. Bitte Platz schaffen."),
    "disk i/o error": sentence(
        "Die Festplatte meldet einen Fehler; nichts wurde gespeichert. Vielleicht ist sie voll."
    ),
    "database is locked": sentence(
        "Die Datenbank ist gerade belegt; nichts wurde gespeichert. Bitte gleich noch einmal."
    ),
    "readonly database": sentence("Die Datenbank darf nicht beschrieben werden; bitte die Rechte der Datei prüfen."),
    "no space left": sentence("Auf der Festplatte der Datenbank ist kein Platz mehr; nichts wurde gespeichert."),
    "connection failed": sentence("Die Datenbank ist nicht zu erreichen; läuft sie, und stimmt EHRENAMT_DATABASE_URL?"),
    "connection refused": sentence(
        "Die Datenbank ist nicht zu erreichen; läuft sie, und stimmt EHRENAMT_DATABASE_URL?"
    ),
}


def plain(error: DBAPIError) -> Exception:
    """Return a fault as a sentence where an operator can mend it, else the error as it was."""
    # SQLite answers a full disk by a rollback, so that the savepoint that is then given up is the last to complain.
    faults = (error, error.__context__, error.__cause__)
    text = " ".join(str(getattr(fault, "orig", fault)) for fault in faults).lower()
    for sign, said in _SAID.items():
        if sign in text:
            return Unavailable(said)
    return error
