"""What the statistics tell: for each topic a table, month by month or by its parts, and what of it is drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from fediverse_ehrenamt.engagements import rules as enquiries
from fediverse_ehrenamt.figures import rules
from fediverse_ehrenamt.figures.rules import Figure, Figures, What
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import plots
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.web.plots import Plot, Point
from fediverse_ehrenamt.web.spreadsheets import Cell

YEAR = 12
_EVERY_TICK = 12  # months; of more, every third is named
_DRAWN_PARTS = 15
_JANUARY = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is of (`key` for files), its numbers, and the same as words; `later`: see `Figure`."""

    label: str
    key: str
    cells: tuple[float | None, ...]
    words: tuple[str, ...]
    later: bool = False


@dataclass(frozen=True, slots=True)
class Lying:
    """A lying bar, `length` in percent of the longest."""

    label: str
    length: float
    words: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A table with its heading, and its drawing: `plot` of months or `lying` bars of parts."""

    slug: str
    title: str
    help: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    plot: Plot | None = None
    lying: tuple[Lying, ...] = ()

    @property
    def later(self) -> bool:
        """Whether any of it was counted afterwards."""
        return any(row.later for row in self.rows)

    def lines(self) -> list[list[Cell]]:
        """Return the table for a file."""
        return [[row.key, *row.cells] for row in self.rows]


Read = Callable[[date], Figure | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table by months: its heading, where its numbers come from, how many decimals they have."""

    heading: str
    read: Read
    decimals: int = 0


def topics(figures: Figures, months: Sequence[date], words: Language) -> list[Topic]:
    """Return all topics over some months, whose years before are among the figures."""
    t = words.gettext
    read = _reader(figures)
    share = partial(_share, figures)
    states = [Column(t(name), read(What.ENQUIRIES, rules.STATE + state)) for state, name in enquiries.STATES.items()]
    by_month: list[tuple[str, str, str, list[Column]]] = [
        (
            "angebote", t("Offene Angebote"),
            t("Alle Angebote, die hier zu finden sind, am Ende jedes Monats. Beendet ist, was besetzt, abgelaufen oder "
              "zurückgezogen ist."),
            [Column(t("offen"), read(What.OPEN)), Column(t("neu"), read(What.NEW)),
             Column(t("beendet"), read(What.ENDED)), Column(t("davon eigene"), read(What.OWN)),
             Column(t("Termine"), read(What.DATES))],
        ),
        (
            "anfragen", t("Anfragen"),
            t("Anfragen an Organisationen dieses Portals in jedem Monat, und wie es heute um sie steht."),
            [Column(t("Anfragen"), read(What.ENQUIRIES)), *states],
        ),
        (
            "vermittlungen", t("Vermittlungen"),
            t("Anfragen, die in diesem Monat zugesagt wurden."),
            [Column(t("Vermittlungen"), read(What.PLACEMENTS))],
        ),
        (
            "antwortzeit", t("Zeit bis zur ersten Antwort"),
            t("So viele Tage dauerte es höchstens, bis die Hälfte der Anfragen eines Monats beantwortet war. Eine Zahl "
              "steht hier erst ab fünf Antworten."),
            [Column(t("Tage"), read(What.ANSWER))],
        ),
        (
            "frische", t("Wie aktuell die Angebote sind"),
            t("Anteil der offenen Angebote, die innerhalb eines Jahres bestätigt wurden."),
            [Column(t("in einem Jahr bestätigt (%)"), share(What.FRESH_YEAR)),
             Column(t("in drei Monaten bestätigt (%)"), share(What.FRESH_QUARTER)),
             Column(t("mittleres Alter (Tage)"), read(What.AGE))],
        ),
        (
            "organisationen", t("Organisationen und Follower"),
            t("Organisationen dieses Portals, und wie viele Konten ihnen im Fediverse folgen."),
            [Column(t("Organisationen"), read(What.ORGANISATIONS)), Column(t("Follower"), read(What.FOLLOWERS))],
        ),
        (
            "besuche", t("Angesehen und gesucht"),
            t("Wie oft die Seiten von Angeboten und Terminen geöffnet wurden, und wie oft eine Suche nichts fand. "
              "Gezählt wird ohne Cookies; wer was ansieht oder sucht, wird nicht festgehalten."),
            [Column(t("angesehen"), read(What.VIEWS)), Column(t("Suchen"), read(What.SEARCHES)),
             Column(t("ohne Treffer"), read(What.IN_VAIN))],
        ),
    ]  # fmt: skip
    made = [monthly(slug, title, help_, columns, months, words) for slug, title, help_, columns in by_month]
    areas = _by_part(
        "bereiche", t("Angebote nach Bereich"), figures, months, words, (rules.AREA, t("Bereich"), _area(words))
    )
    districts = _by_part(
        "ortsteile", t("Angebote nach Ortsteil"), figures, months, words, (rules.DISTRICT, t("Ortsteil"), str)
    )
    return [made[0], areas, districts, *made[1:]]


def _reader(figures: Figures) -> Callable[..., Read]:
    def of(what: What, part: str = "") -> Read:
        return lambda month: figures.find(month, what, part)

    return of


def _share(figures: Figures, what: What) -> Read:
    def read(month: date) -> Figure | None:
        found = rules.share(figures.value(month, what), figures.value(month, What.OPEN))
        return None if found is None else Figure(found)

    return read


# --- by months --------------------------------------------------------------------------------------------------------
def monthly(
    slug: str, title: str, help_: str, columns: Sequence[Column], months: Sequence[date], words: Language
) -> Topic:
    """Return a topic by months, the last first in the table; its first column is drawn beside the year before."""
    first = columns[0]
    compared = any(first.read(rules.before(month, YEAR)) for month in months)
    headings = [words.gettext("Monat"), *(column.heading for column in columns)]
    if compared:
        columns = [*columns, Column("", lambda month: first.read(rules.before(month, YEAR)), first.decimals)]
        headings.append(words.gettext("%(what)s im Vorjahr") % {"what": first.heading})
    rows = [_row(month, columns, words) for month in months]
    plot = plots.upright([_point(row, month, number, months, words, compared=compared)
                          for number, (row, month) in enumerate(zip(rows, months, strict=True))])  # fmt: skip
    return Topic(slug, title, help_, tuple(headings), tuple(reversed(rows)), plot)


def _row(month: date, columns: Sequence[Column], words: Language) -> Row:
    found = [column.read(month) for column in columns]
    cells = tuple(
        None if one is None else round(one.value, column.decimals)
        for one, column in zip(found, columns, strict=True)
    )  # fmt: skip
    later = any(one.later for one in found if one is not None)
    return Row(words.month(month), f"{month:%Y-%m}", cells, tuple(_said(cell, words) for cell in cells), later)


def _said(cell: float | None, words: Language) -> str:
    return "–" if cell is None else words.number(cell)


def _point(
    row: Row, month: date, number: int, months: Sequence[date], words: Language, *, compared: bool
) -> Point:  # fmt: skip
    said = f"{row.label}: {row.words[0]}"
    former = row.cells[-1] if compared else None
    if former is not None:
        said = words.gettext("%(said)s (im Vorjahr: %(former)s)") % {"said": said, "former": row.words[-1]}
    named = len(months) <= _EVERY_TICK or month.month % 3 == _JANUARY
    under = str(month.year) if month.month == _JANUARY or (number == 0 and month.month <= YEAR - 2) else ""
    return Point(row.cells[0], former, said, words.month_letter(month) if named else "", under)


# --- by parts ---------------------------------------------------------------------------------------------------------
def _by_part(
    slug: str,
    title: str,
    figures: Figures,
    months: Sequence[date],
    words: Language,
    kind: tuple[str, str, Callable[[str], str]],
) -> Topic:
    """Return a topic by the parts of a kind (its beginning, its name, how each is called); the largest first."""
    t, last = words.gettext, months[-1]
    beginning, heading, name = kind
    rows = []
    for part in figures.parts(What.OPEN, beginning):
        cells = (
            figures.value(last, What.OPEN, part),
            figures.total(months, What.NEW, part),
            figures.total(months, What.ENDED, part),
            figures.value(rules.before(last, YEAR), What.OPEN, part),
        )
        label = name(part.removeprefix(beginning))
        if any(cells):
            rows.append(Row(label, label, cells, tuple(_said(cell, words) for cell in cells)))
    rows.sort(key=lambda row: (-(row.cells[0] or 0), row.label))
    drawn = rows[:_DRAWN_PARTS]
    lengths = plots.lengths([row.cells[0] or 0 for row in drawn])
    return Topic(
        slug,
        title,
        t("Was jetzt offen ist, und was im gewählten Zeitraum dazukam und endete."),
        (heading, t("offen"), t("neu"), t("beendet"), t("vor einem Jahr offen")),
        tuple(rows),
        lying=tuple(Lying(row.label, length, row.words[0]) for row, length in zip(drawn, lengths, strict=True)),
    )


def _area(words: Language) -> Callable[[str], str]:
    short: Mapping[str, str] = labels.AREA_SHORT
    return lambda slug: words.gettext(labels.label(short, slug))
