"""The only conversions of conversations: a received Note → row; an answer → the Note that is sent."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from fediverse_ehrenamt.conversations import rules
from fediverse_ehrenamt.conversations.model import MessageRow, ReplyRow
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.vocab.types import Mention, Note


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a reply belongs: the object of ours at its beginning, and the actor of ours that published that."""

    object: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom an answer goes to; `name` is "@anna@peer.example", `url` the page for people."""

    uri: str
    name: str
    url: str


def version(note: Note, now: datetime) -> datetime:
    """Return the time by which states of one note are told apart; a date that lies ahead counts as now."""
    return min(note.updated or note.published or now, now)


def is_newer(note: Note, held: datetime, now: datetime, *, edit: bool) -> bool:
    """Say whether a note is a newer state; an Update without `updated` is one by its own word."""
    found = version(note, now)
    return found >= held if edit else found > held


def page(note: Note) -> str:
    """Return where people read a note; an address elsewhere than with its author is not believed."""
    return note.url if html.web_url(note.url) and ids.same_origin(note.url, note.id) else note.id


def write_reply(row: ReplyRow, note: Note, now: datetime) -> None:
    """Write what may change of a reply."""
    content = rules.kept(note.content)
    row.state = rules.state_after_change(row.state, same_text=row.content == content)
    row.content = content
    row.warning = rules.warning(note.summary)
    row.language = note.language[:40]
    row.url = page(note)
    row.version = version(note, now)


def new_reply(note: Note, author: str, thread: Thread, now: datetime) -> ReplyRow:
    row = ReplyRow(
        uri=note.id,
        object=thread.object,
        in_reply_to=note.in_reply_to,
        organisation=thread.organisation,
        author=author,
        content="",
        published_at=min(note.published or now, now),
        received_at=now,
        state=rules.WAITING,
    )
    write_reply(row, note, now)
    return row


def write_message(row: MessageRow, note: Note, now: datetime) -> None:
    """Write what may change of a message."""
    warning = rules.warning(note.summary)
    content = (html.paragraphs(warning) + "\n" if warning else "") + rules.kept(note.content)
    row.state = row.state if row.content == content else rules.NEW
    row.content = content
    row.public = note.public
    row.context = note.context
    row.url = page(note)
    row.version = version(note, now)


def new_message(note: Note, person: str, organisation: str, about: str, now: datetime) -> MessageRow:
    row = MessageRow(
        organisation=organisation,
        person=person,
        uri=note.id,
        sent=False,
        in_reply_to=note.in_reply_to,
        about=about,
        at=now,
        activity="",
    )
    write_message(row, note, now)
    return row


def answer(uri: str, message: MessageRow, to: Addressee, text: str, now: datetime) -> Note:
    """Return the direct Note that answers a message.

    Mastodon takes it for a direct message only if nobody but the person is in `to` and a Mention names them
    (`Create#process_audience`), and threads it by `inReplyTo`, which is its own status; Pleroma and Friendica by
    `context`, so that is given back as it came.
    """
    greeting = (
        f'<span class="h-card"><a href="{escape(to.url)}" class="u-url mention">'
        f"@<span>{escape(to.name.lstrip('@').partition('@')[0])}</span></a></span>"
    )
    return Note(
        id=uri,
        attributed_to=message.organisation,
        content=f"<p>{greeting}</p>{html.paragraphs(html.visible(text))}",
        published=now,
        to=(to.uri,),
        mentions=(Mention(href=to.uri, name=to.name),),
        in_reply_to=message.uri,
        context=message.context,
    )


def sent_message(note: Note, message: MessageRow, activity: str, now: datetime) -> MessageRow:
    """Return the row of an answer of ours."""
    return MessageRow(
        organisation=message.organisation,
        person=message.person,
        uri=note.id,
        sent=True,
        public=False,
        in_reply_to=message.uri,
        about=message.about,
        context=message.context,
        content=note.content,
        url="",
        version=now,
        at=now,
        activity=activity,
        state=rules.DONE,
    )
