"""What is kept of quotes and collections in tests, and what we have said about them."""

from typing import Any

import orjson
from sqlalchemy import select

from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.work import Work
from tests.hearing import Home


async def rows(home: Home) -> list[QuoteRow]:
    return await home.workshop.read(lambda work: list(work.db.scalars(select(QuoteRow).order_by(QuoteRow.id))))


async def said(home: Home, kind: str) -> list[Any]:
    """What we have said of a kind about quotes, oldest first."""

    def read(work: Work) -> list[Any]:
        chosen = select(PublishedRow.body).where(PublishedRow.kind == kind).order_by(PublishedRow.id)
        return [orjson.loads(body) for body in work.db.scalars(chosen)]

    return await home.workshop.read(read)
