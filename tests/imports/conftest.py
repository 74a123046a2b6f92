"""An instance with two organisations, a folder that a listing lies in, and what imports it."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.imports import sources
from fediverse_ehrenamt.imports.actions import Run
from fediverse_ehrenamt.imports.report import Line, Report
from fediverse_ehrenamt.imports.sources import Wish
from fediverse_ehrenamt.imports.understood import Times, Understand
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import Document, DocumentRow
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab.types import Effort
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.imports.wordless import understand_nothing


@dataclass
class Importing:
    """A listing in a file, and the instance that imports it."""

    instance: Instance
    file: Path

    async def run(
        self,
        text: str | bytes,
        *,
        organisation: str | None = "agentur",
        dry: bool = False,
        force: bool = False,
        create: bool | None = None,
        understand: Understand = understand_nothing,
    ) -> Report:
        """Write the listing and import it."""
        self.file.write_bytes(text.encode() if isinstance(text, str) else text)
        wish = Wish(organisation=organisation, create_organisations=create)
        how = Run(understand, dry=dry, force=force)
        _, found = await sources.read(self.instance.workshop, str(self.file), wish, how)
        return found

    async def things(self) -> dict[str, ThingRow]:
        rows = await self.instance.workshop.read(lambda work: work.db.scalars(select(ThingRow)).all())
        return {row.key or "": row for row in rows}

    async def documents(self) -> dict[str, Document]:
        """Return what is searched, by titles."""

        def read(work: Work) -> dict[str, Document]:
            uris = work.db.scalars(select(DocumentRow.uri).where(~DocumentRow.gone))
            found = [documents.get(work, uri) for uri in uris.all()]
            return {one.title: one for one in found}

        return await self.instance.workshop.read(read)

    async def activities(self) -> int:
        """Return how many activities were ever written."""
        count = select(func.count()).select_from(PublishedRow)
        return await self.instance.workshop.read(lambda work: work.db.scalar(count) or 0)


@pytest.fixture
async def importing(instance: Instance, tmp_path: Path) -> Importing:
    await instance.workshop.write(workbench.add_organisation, "agentur", "Freiwilligenagentur Hagen")
    await instance.workshop.write(workbench.add_organisation, "tierheim", "Tierheim Hagen e. V.")
    return Importing(instance, tmp_path / "liste.csv")


def tuesdays(words: str) -> Times:
    """Understand one wording, as the parser of times would."""
    if "dienstags" not in words:
        return Times()
    return Times(("di-vormittags",), None, Effort(min_hours=2, max_hours=2, per="woche"), 0.9)


def line(found: Report, title: str) -> Line:
    return next(one for one in found.lines if one.title == title)
