"""Document: what the index knows of one thing, enough to draw its card. Its table is the source the index follows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, Boolean, Index, Sequence, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime
from fediverse_ehrenamt.vocab.types import Effort, GroupSize, Skill

OPPORTUNITY, EVENT, POST = "opportunity", "event", "post"
KINDS = (OPPORTUNITY, EVENT, POST)
AFTER_EVENT = timedelta(days=1)  # an event can still be found on the day after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a thing says to those whom it may fit; named and written as in `vocab.types.OpportunityDetails`.

    None, "" and an empty tuple mean that nothing is said. `cells` are those of `availability`. `municipality` is a
    town's name as `places.gazetteer.fold` gives it, set where it serves the whole of it. `registration` says whether
    one has to sign up. `told` names those fields that a program read in the organisation's own words.
    """

    kind: str = ""
    activities: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    suitable_for: tuple[str, ...] = ()
    mode: str = ""
    cells: tuple[str, ...] = ()
    flexible: bool | None = None
    effort: Effort | None = None
    minimum_duration: str = ""
    municipality: str = ""
    german_level: str = ""
    languages: tuple[str, ...] = ()
    skills: tuple[Skill, ...] = ()
    minimum_age: int | None = None
    maximum_age: int | None = None
    clearance: str = ""
    accessibility: tuple[str, ...] = ()
    apply_by: date | None = None
    start_date: date | None = None
    end_date: date | None = None
    places: int | None = None
    group_size: GroupSize | None = None
    registration: bool | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A thing as it is searched and listed; texts are plain, times UTC, degrees WGS 84.

    `uri` is its ActivityPub id, `id` the opaque id of its page here, `url` its page at its origin, `host` the origin's
    host, `local` whether that is this instance. `when` is the one line of time and effort that a card shows.
    `district` is what `places.districts.District.label` says of where it is ("Hagen-Haspe"), "" where that is not sure.
    `starts_at` and `ends_at` are set for events (one without an end has `ends_at` = `starts_at`). `anywhere` means
    online or the whole area. `fresh_at` is when somebody last said that it holds. It leaves the index by itself at
    `expires_at`. `status` is "" while it is open, else "besetzt", "pausiert", "abgelaufen" or "abgesagt". `same_as` are
    addresses under which its author says that it stands too. `facts` are for `matching`, None where it has none.

    `store` alone sets the last three: `also` are (host, url) of other Documents of the same thing, and what is
    `covered` is shown by one of them; `after` is when the date before this one in its series is over (`series.py`).
    """

    uri: str
    id: str
    kind: str
    title: str
    text: str
    url: str
    host: str
    local: bool
    organisation: str
    organisation_uri: str
    language: str = ""
    areas: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    when: str = ""
    place: str = ""
    district: str = ""
    latitude: float | None = None
    longitude: float | None = None
    anywhere: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    published_at: datetime | None = None
    fresh_at: datetime | None = None
    expires_at: datetime | None = None
    image: str = ""
    image_alt: str = ""
    status: str = ""
    same_as: tuple[str, ...] = ()
    facts: Facts | None = None
    covered: bool = False
    also: tuple[tuple[str, str], ...] = ()
    after: datetime | None = None


class DocumentRow(Base):
    """One Document as the index follows it: `card` is the whole of it (see `card.py`), "" once it is `gone`.

    (`xid`, `seq`) numbers the changes. `seq` is new with every change; `xid` is the PostgreSQL transaction that made
    it, 0 on SQLite, where one writer at a time already gives the order. Rows are never deleted: a row that is gone
    tells the index to forget, and keeps the numbers growing. `leaves_at` is when housekeeping takes it out. `beside` is
    what it is shown beside (`card.beside`), "" for a Document that stands alone; a newer `card` leaves it as it is.
    `series` is its `series.code`, None for what is no date or gone.
    """

    __tablename__ = "documents"
    uri: Mapped[str] = mapped_column(String(2100), primary_key=True)
    id: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    host: Mapped[str] = mapped_column(String(300))
    leaves_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    xid: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger)
    gone: Mapped[bool] = mapped_column(Boolean, default=False)
    card: Mapped[str] = mapped_column(Text)
    beside: Mapped[str] = mapped_column(Text, server_default=text("''"))
    series: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        Index("ix_documents_change", "xid", "seq"),
        Index("ix_documents_series", "series"),
        Index("ix_documents_leaving", "leaves_at", sqlite_where=text("NOT gone"), postgresql_where=text("NOT gone")),
    )


CHANGES = Sequence("documents_change", metadata=Base.metadata)  # PostgreSQL only


class Cursor(NamedTuple):
    """How far somebody has followed the changes; compares in the order in which the index applies them."""

    xid: int
    seq: int


START = Cursor(0, 0)


def leaves_at(document: Document) -> datetime | None:
    """Return when a Document is of no use to anybody: at its expiry, and for an event a day after its end."""
    ends = document.ends_at or document.starts_at
    moments = [document.expires_at, ends + AFTER_EVENT if ends and document.kind == EVENT else None]
    return min((moment for moment in moments if moment), default=None)
