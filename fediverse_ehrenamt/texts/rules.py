"""Which texts there are, who may have which, and what one has to be. Pure."""

from collections.abc import Sequence

from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import sentence

IMPRINT, PRIVACY, RULES, ACCESSIBILITY, ABOUT = SLUGS = (
    "impressum",
    "datenschutz",
    "regeln",
    "barrierefreiheit",
    "ueber",
)
PUBLIC = SLUGS[:-1]
"""Those with a page of their own; `ABOUT` stands on the page about the instance."""
OF_ORGANISATIONS = (IMPRINT, PRIVACY)
INSTANCE = ""
"""The owner of the instance's own texts; those of an organisation belong to its handle."""
LONGEST = 50_000  # characters of Markdown
VERSIONS = 10  # earlier ones that are kept of each text


def order(wanted: str, default: str) -> Sequence[str]:
    """Return the languages in which a text is looked for, the best first."""
    return tuple(dict.fromkeys((wanted, default)))


def problems(owner: str, slug: str, language: str, known: Sequence[str]) -> list[Problem]:
    """Say why there can be no such text."""
    slugs = OF_ORGANISATIONS if owner else SLUGS
    found = []
    if slug not in slugs:
        found.append(
            Problem(
                "page", sentence("„%(slug)s“ gibt es nicht; möglich sind %(known)s", slug=slug, known=", ".join(slugs))
            )
        )
    if language not in known:
        found.append(
            Problem(
                "language",
                sentence(
                    "„%(language)s“ kennen wir nicht; möglich sind %(known)s", language=language, known=", ".join(known)
                ),
            )
        )
    return found


def wrong_source(source: str) -> list[Problem]:
    """Say what is wrong with a text that was handed in, before it is read as Markdown."""
    if not source.strip():
        return [Problem("text", sentence("ist leer; `ehrenamt page reset` nimmt einen Text zurück"))]
    if len(source) > LONGEST:
        return [
            Problem(
                "text",
                sentence(
                    "hat %(number)s Zeichen; mehr als %(most)s werden es nicht, bitte kürzen",
                    number=len(source),
                    most=LONGEST,
                ),
            )
        ]
    return []
