"""A source that goes on under another address is followed there, if both addresses say so; filter and trust stay.

Followers of ours that move need nothing of us: their new server sends a Follow of its own, and an old follow that is
left behind ends with its account (Mastodon's MoveWorker re-follows only on the side of who is followed).
"""

from dataclasses import dataclass
from datetime import timedelta

import orjson
from sqlalchemy import delete, or_, select

from fediverse_ehrenamt.federation import addresses, fetch, sources
from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.federation.model import MoveRow, SourceRow
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import Job, NewJob
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Conflict, Gone, NotFound, Rejected
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.vocab.types import Actor, Move
from fediverse_ehrenamt.work import Work, Workshop

COOLDOWN = timedelta(days=7)  # as Mastodon's: whoever moves again and again moves nobody


@dataclass(frozen=True, slots=True)
class Wish:
    """The argument of a `move` job: the source's URI and where it says that it goes on."""

    old: str
    target: str

    def text(self) -> str:
        return orjson.dumps([self.old, self.target]).decode()

    @classmethod
    def of(cls, text: str) -> "Wish":
        return cls(*orjson.loads(text))


@receives(Move, str)
def on_move(work: Work, activity: Move) -> None:
    """Remember that a source says it moved, and ask both addresses: a handler cannot reach them."""
    wish = Wish(activity.actor, activity.target)
    if activity.object_id != wish.old or wish.target in {"", wish.old} or addresses.is_ours(work.settings, wish.target):
        raise NotFound("only an account itself can move, to somewhere else")
    source = work.db.scalar(select(SourceRow).where(SourceRow.uri == wish.old).with_for_update())
    if source is None or source.state == "rejected":
        raise NotFound(f"{wish.old} is no source here")
    if _moved_lately(work, wish.old):
        raise Conflict(f"{wish.old} moved less than {COOLDOWN.days} days ago")
    work.db.merge(MoveRow(old=wish.old, target=wish.target, said_at=work.now, moved_at=None))
    work.db.flush()
    queue.enqueue(work, [NewJob(ids.host(wish.target), "move", wish.text(), key=wish.old)])


def _moved_lately(work: Work, uri: str) -> bool:
    """Say whether an account has said so lately, or came to where it is by a move."""
    lately = MoveRow.said_at > work.now - COOLDOWN
    return work.db.scalar(select(MoveRow.old).where(or_(MoveRow.old == uri, MoveRow.target == uri), lately)) is not None


async def move(workshop: Workshop, job: Job) -> None:
    """Follow a source to its new address. Raises `Rejected` where the two do not name each other, `Unavailable`."""
    wish = Wish.of(job.argument)
    try:
        new = await fetch.actor(workshop, wish.target)
        await _check(workshop, wish, new)
    except (Rejected, Gone) as error:
        await workshop.write(_forget, wish)
        said = sentence(
            "%(old)s geht nicht als %(new)s weiter: %(reason)s", old=wish.old, new=wish.target, reason=error.public
        )
        raise Rejected(said) from error
    await workshop.write(follow_there, wish, new)


async def _check(workshop: Workshop, wish: Wish, new: Actor) -> None:
    """Let both sides say it: the signed Move may be years old, or of somebody who had the key for a day."""
    if wish.old not in new.also_known_as:
        raise Rejected(sentence("das neue Konto nennt das alte nicht (alsoKnownAs)"))
    try:
        old = await fetch.actor(workshop, wish.old)
    except Gone:
        return  # whoever has moved may close the old account
    if old.moved_to not in {wish.target, new.id}:
        raise Rejected(sentence("das alte Konto nennt das neue nicht (movedTo)"))


def _forget(work: Work, wish: Wish) -> None:
    """Let a corrected Move be heard before the cooldown is over."""
    work.db.execute(delete(MoveRow).where(MoveRow.old == wish.old, MoveRow.target == wish.target))


def follow_there(work: Work, wish: Wish, new: Actor) -> None:
    """Follow `new` as the old source was followed, the old one no longer; what it published stays till it expires."""
    old = work.db.scalar(select(SourceRow).where(SourceRow.uri == wish.old).with_for_update())
    row = work.db.get(MoveRow, wish.old)
    if old is None or old.state == "rejected" or row is None or row.target != wish.target:
        return  # removed by a coordinator meanwhile, or done by another worker
    if work.db.get(SourceRow, new.id) is None:
        sources.follow(work, new, like=old)
    sources.remove(work, wish.old)
    row.moved_at = work.now
    row.target = new.id  # the address may have led on to another; a second move from there is one too many
    work.db.flush()


HANDLERS = [on_move]
JOBS = {"move": move}
