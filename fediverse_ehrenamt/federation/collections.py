"""Our collections with their pages: newest first, whole objects in the outbox so that readers ask only once."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import func, select

from fediverse_ehrenamt.federation import addresses, outbox
from fediverse_ehrenamt.federation.model import FollowerRow, PublishedRow, SourceRow
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Activity, Collection, CollectionPage, Create
from fediverse_ehrenamt.work import Work

PAGE = 20
_DIGITS = 15  # of an id

Reader = Callable[[Work, str, str | None], Collection | CollectionPage]


def read_outbox(work: Work, actor: str, page: str | None) -> Collection | CollectionPage:
    """`page` is "first" or "before-<number>"."""
    uri = f"{actor}/outbox"
    before = number(page.removeprefix("before-")) if page and page != "first" else None
    found, total = outbox.outbox_page(work, actor, before, PAGE + 1)
    rows = found[:PAGE]
    first = CollectionPage(
        id=f"{uri}?page={page or 'first'}",
        part_of=uri,
        next=f"{uri}?page=before-{rows[-1].id}" if len(found) > PAGE else "",
        items=tuple(_whole(work, rows)),
    )
    return first if page else Collection(id=uri, total=total, first=first if rows else "")


def _whole(work: Work, rows: Sequence[PublishedRow]) -> list[Activity]:
    """Return activities with their objects embedded, those of announcements too, where they are ours."""
    items = [codec.parse_activity(row.body) for row in rows]
    announced = [item.object_id for item in items if isinstance(item.object, str)]
    creates = select(PublishedRow.object, PublishedRow.body).where(
        PublishedRow.object.in_(announced), PublishedRow.kind == "Create"
    )
    bodies = {row.object: row.body for row in work.db.execute(creates)} if announced else {}
    return [_embedded(item, bodies.get(item.object_id)) for item in items]


def _embedded(item: Activity, create: bytes | None) -> Activity:
    if create is None:
        return item
    whole = codec.parse_activity(create)
    assert isinstance(whole, Create)
    return replace(item, object=whole.object)


def read_followers(work: Work, actor: str, page: str | None) -> Collection | CollectionPage:
    chosen = select(FollowerRow.follower).where(FollowerRow.actor == actor)
    uris = work.db.scalars(chosen.order_by(FollowerRow.since.desc()).limit(PAGE).offset(_offset(page))).all()
    return _listed(
        f"{actor}/followers", page, uris, work.db.scalar(select(func.count()).select_from(chosen.subquery()))
    )


def read_following(work: Work, actor: str, page: str | None) -> Collection | CollectionPage:
    """Only the instance follows anybody: its sources."""
    mine = actor == addresses.instance_actor(work.settings)
    chosen = select(SourceRow.uri).where(SourceRow.state == "accepted" if mine else SourceRow.state == "")
    uris = work.db.scalars(chosen.order_by(SourceRow.added_at.desc()).limit(PAGE).offset(_offset(page))).all()
    return _listed(
        f"{actor}/following", page, uris, work.db.scalar(select(func.count()).select_from(chosen.subquery()))
    )


def _listed(uri: str, page: str | None, uris: Sequence[str], total: int | None) -> Collection | CollectionPage:
    here = number(page) if page else 1
    listed = CollectionPage(
        id=f"{uri}?page={here}",
        part_of=uri,
        next=f"{uri}?page={here + 1}" if here * PAGE < (total or 0) else "",
        items=tuple(uris),
    )
    return listed if page else Collection(id=uri, total=total or 0, first=listed.id if uris else "")


def _offset(page: str | None) -> int:
    return (number(page) - 1) * PAGE if page else 0


def number(text: str) -> int:
    """Return the number that a page's name holds; raises `NotFound` for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS or int(text) < 1:
        raise NotFound("no such page")
    return int(text)


READERS: dict[str, Reader] = {"outbox": read_outbox, "followers": read_followers, "following": read_following}
