"""Whatever comes of bending real payloads: no fault of ours, and nobody changes what is another origin's.

All mutations are signed and sent through the real door of a real instance, handled, and the tables are held against
what they were; a part of them is read by the codec alone, also as documents that were asked for.
EHRENAMT_TEST_MUTATIONS sets how many.
"""

import asyncio
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from random import Random

import pytest

from fediverse_ehrenamt.kit.errors import EhrenamtError
from fediverse_ehrenamt.vocab import codec
from tests import servers
from tests.federation import mutated_town
from tests.federation.mutated_town import PEERS, Town
from tests.federation.mutations import Corpus, Plan

pytestmark = [pytest.mark.anyio, pytest.mark.unmeasured]
_ALL = int(os.environ.get("EHRENAMT_TEST_MUTATIONS", "20000"))  # noqa: TID251 - a setting of the tests, not the program's
_BATCH = 50
_SEED = 20_261_128
_READ = _ALL // 4
_SENT = {"sqlite": _ALL, "postgresql": _ALL // 40}
_SERVER_FAULT, _ACCEPTED = 500, 202
_MOST, _SHOWN = 10, 2_000  # of what went wrong, and of each


def _batches(mutations: int) -> Iterator[tuple[int, list[Plan]]]:
    """Say who sends what at once, the same in every run. To draw it by hypothesis takes as long as to handle it."""
    dice = Random(_SEED)  # noqa: S311 - no secret
    for _ in range(max(1, mutations // _BATCH)):
        yield dice.randrange(len(PEERS)), [_plan(dice) for _ in range(_BATCH)]


def _plan(dice: Random) -> Plan:
    bends = ((dice.randrange(19), dice.randrange(1000), dice.randrange(1000)) for _ in range(dice.randint(1, 3)))
    return dice.randrange(100_000), tuple(bends)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Town]:
    assert anyio_backend == "asyncio"
    folder = tmp_path_factory.mktemp("town")
    if request.param == "sqlite":
        async with mutated_town.open_town(f"sqlite:///{folder / 'ehrenamt.sqlite'}", folder) as made:
            yield made
        return
    server: servers.Postgres = request.getfixturevalue("postgres_server")
    with server.database() as name:
        async with mutated_town.open_town(server.url(name), folder) as made:
            yield made


@pytest.fixture(scope="module")
def corpora(town: Town) -> list[Corpus]:
    """What each peer sends, before it is bent."""
    return [Corpus(tuple(mutated_town.corpus(town, peer)), mutated_town.others(town, peer)) for peer in PEERS]


class _Faults(logging.Handler):
    """Collects what is logged as an error: a handler that failed, which the worker survives."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(f"{record.getMessage()} {record.exc_info}")


@pytest.fixture
def faults() -> Iterator[_Faults]:
    handler, logger = _Faults(), logging.getLogger("fediverse_ehrenamt")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


# --- the codec --------------------------------------------------------------------------------------------------------
async def test_the_codec_reads_everything_or_says_why_not(town: Town, corpora: list[Corpus]) -> None:
    if not town.instance.workshop.engines.sqlite:
        pytest.skip("no database takes part")
    ends: Counter[str] = Counter()

    for sender, plans in _batches(_READ):
        for plan in plans:
            body = corpora[sender].bent(plan)
            for parse in (codec.parse_activity, codec.parse_object):
                ends[_end(parse, body)] += 1
    assert ends.total() >= 2 * _READ * 9 // 10
    assert ends["read"] > ends.total() // 10  # bent, not shredded: what is refused at once proves little
    assert ends["refused"] > ends.total() // 10


def _end(parse: Callable[[bytes], object], body: bytes) -> str:
    """Read a body and say how that ended; anything but our own errors is raised."""
    try:
        parse(body)
    except EhrenamtError as error:
        if error.status >= _SERVER_FAULT:
            raise AssertionError(body) from error
        return "refused"
    return "read"


# --- the door ---------------------------------------------------------------------------------------------------------
async def test_nothing_that_is_sent_harms_anybody(town: Town, corpora: list[Corpus], faults: _Faults) -> None:
    sqlite = town.instance.workshop.engines.sqlite
    statuses: Counter[int] = Counter()
    verdicts: Counter[str] = Counter()
    wrong: list[tuple[list[str], bytes]] = []

    async def exchange(sender: int, bodies: list[bytes]) -> list[str]:
        """Send all at once and return what is wrong then."""
        peer = PEERS[sender]
        faults.records.clear()
        town.reset()
        answered = await asyncio.gather(*(town.post(peer, body) for body in bodies))
        await town.handle()
        statuses.update(answered)
        verdicts.update(verdict.split(" ")[0].rstrip(":") for verdict in await town.verdicts())
        failed = [f"answered {status}" for status in answered if status >= _SERVER_FAULT]
        return failed + faults.records + town.harm(await town.instance.workshop.read(town.rows), peer)

    async def judge(sender: int, bodies: list[bytes]) -> list[tuple[list[str], bytes]]:
        """Return each body that does harm by itself; all of them where it takes several."""
        if not (harm := await exchange(sender, bodies)):
            return []
        alone = [(found, body) for body in bodies if (found := await exchange(sender, [body]))]
        return alone or [(harm, body) for body in bodies]

    for sender, plans in _batches(_SENT["sqlite" if sqlite else "postgresql"]):
        if len(wrong) < _MOST:
            wrong += await judge(sender, [corpora[sender].bent(plan) for plan in plans])
    assert not wrong, "\n\n".join(f"{found}\n{body[:_SHOWN].decode(errors='replace')}" for found, body in wrong[:_MOST])
    assert statuses.total() >= _SENT["sqlite" if sqlite else "postgresql"] * 9 // 10
    assert statuses[_ACCEPTED] > statuses.total() // 4, statuses
    assert verdicts["handled"] > statuses.total() // 50, verdicts


# --- the test itself --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE things SET body = 'x' WHERE uri = 'https://opfer.example/o/note'",
        "DELETE FROM things WHERE uri = 'https://opfer.example/o/event'",
        "DELETE FROM documents WHERE uri = 'https://opfer.example/o/event'",
        "UPDATE remote_actors SET name = 'Mallory' WHERE uri = 'https://opfer.example/users/otto'",
        "DELETE FROM followers WHERE follower = 'https://opfer.example/users/otto'",
        "UPDATE sources SET state = 'rejected' WHERE uri = 'https://opfer.example/users/otto'",
        "DELETE FROM reactions WHERE actor = 'https://opfer.example/users/otto'",
        "UPDATE local_actors SET name = 'Mallory'",
        "DELETE FROM published",
        "UPDATE reactions SET actor = 'https://sonst.example/x' WHERE actor = 'https://verein.example/u/thw'",
    ],
)
async def test_harm_would_be_seen(town: Town, harm: str) -> None:
    """A comparison that sees nothing would prove nothing."""
    town.reset()
    workshop = town.instance.workshop
    assert town.harm(workshop.read_now(town.rows), PEERS[0]) == []
    await workshop.write(lambda work: work.db.connection().exec_driver_sql(harm))
    assert town.harm(workshop.read_now(town.rows), PEERS[0])
