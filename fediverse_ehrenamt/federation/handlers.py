"""The table of who handles what comes in: (activity, object) → function. Filled by wiring.py, never by an import."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from fediverse_ehrenamt.federation import addresses
from fediverse_ehrenamt.jobs.batch import Together
from fediverse_ehrenamt.kit.errors import EhrenamtError, Unavailable
from fediverse_ehrenamt.vocab.types import (
    Accept,
    Activity,
    Actor,
    Delete,
    Flag,
    Follow,
    Join,
    Leave,
    Like,
    Mention,
    Note,
    Offer,
    Reject,
    TentativeAccept,
    Tombstone,
    Undo,
)
from fediverse_ehrenamt.work import Work

_BY_URI = Like | Join | Leave | Offer | TentativeAccept  # whatever they embed, it is ours and we know it better
A = TypeVar("A", bound=Activity)
T = TypeVar("T", Activity, Note, Mention)
_Function = Callable[[Work, A], None]
Foresight = Callable[[Work, Collection[str]], None]
Namer = Callable[[Work, str], str]


@dataclass(frozen=True, slots=True)
class Receiver:
    """One function and what it handles."""

    activity: type[Activity]
    kind: type
    function: Callable[[Work, Activity], None]


def receives(activity: type[A], kind: type) -> Callable[[_Function[A]], Receiver]:
    """Mark a function as the handler of an activity about an object of a kind."""

    def mark(function: _Function[A]) -> Receiver:
        return Receiver(activity, kind, function)  # type: ignore[arg-type] # the table hands it nothing but an A

    return mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost(Activity):
    """Nobody sent this: the origin of `object` (a URI) answers 404, and did so before where this is `again`.

    Then what is held of it goes, and may come again.
    """

    again: bool = False


class Handlers:
    """Finds the handler of an activity.

    Where several capabilities have to do with one pair (a Delete of an actor erases what each of them holds), all are
    called in the order of wiring.py; a capability that has no use for it returns, and raises only for what is its own.
    """

    def __init__(
        self,
        receivers: Iterable[Receiver],
        foresights: Iterable[Foresight] = (),
        writers: Iterable[Together] = (),
        namer: Namer | None = None,
    ) -> None:
        """Foresights are told the objects that a batch is about, before any of it is handled: to ask once for all.

        Writers put off what is written while a batch is handled, to do so once for all. The namer returns the id of
        what is ours for the address of its page, and any other address as it is.
        """
        self._namer = namer
        self._foresights = tuple(foresights)
        self._writers = tuple(writers)
        found: dict[tuple[type[Activity], type], list[Callable[[Work, Activity], None]]] = {}
        for receiver in receivers:
            functions = found.setdefault((receiver.activity, receiver.kind), [])
            assert receiver.function not in functions, f"{receiver.function} is there twice"
            functions.append(receiver.function)
        self._table = {key: _together(functions) for key, functions in found.items()}

    def foresee(self, work: Work, uris: Collection[str]) -> None:
        for foresight in self._foresights:
            foresight(work, uris)

    @contextmanager
    def together(self, work: Work) -> Iterator[None]:
        """Handle what comes in this context as one batch; all of it is written at the end."""
        with ExitStack() as stack:
            for writer in self._writers:
                stack.enter_context(writer(work))
            yield

    def by_ids(self, work: Work, activity: Activity) -> Activity:
        """Return an activity that names what is ours by its id, where it came with the address of its page."""
        if self._namer is None:
            return activity
        find = partial(self._namer, work)
        inner = activity.object
        if isinstance(inner, str):
            activity = _put(activity, object=find(inner))
        elif isinstance(inner, Activity):
            activity = _put(activity, object=self.by_ids(work, inner))
        elif isinstance(inner, Note):
            said = {"in_reply_to": find(inner.in_reply_to), "quote": find(inner.quote)}
            mentions = tuple(_put(mention, href=find(mention.href)) for mention in inner.mentions)
            activity = _put(activity, object=_put(inner, mentions=mentions, **said))
        return _put(activity, objects=tuple(map(find, activity.objects))) if isinstance(activity, Flag) else activity

    def find(self, activity: Activity) -> Callable[[Work, Activity], None] | None:
        """Return the handler of an activity, or None where nobody here has a use for it."""
        return self._table.get((type(activity), kind_of(activity)))


def _put(value: T, **changes: object) -> T:
    """Return a value with other fields; the same one where they are as they were, as in nearly all that comes."""
    differs = any(getattr(value, name) != change for name, change in changes.items())
    return replace(value, **changes) if differs else value  # type: ignore[arg-type] # of the fields' own types


def _together(functions: list[Callable[[Work, Activity], None]]) -> Callable[[Work, Activity], None]:
    """Return the one function, or one that calls them all: what one of them refuses may still concern the others."""

    def each(work: Work, activity: Activity) -> None:
        refused: EhrenamtError | None = None
        for function in functions:
            try:
                function(work, activity)
            except Unavailable:
                raise  # all is done again
            except EhrenamtError as error:
                refused = refused or error
        if refused:
            raise refused

    return functions[0] if len(functions) == 1 else each


def kind_of(activity: Activity) -> type:
    """Return the class of an activity's object; where only its URI is given or counts, what it must be, else `str`."""
    if isinstance(activity, Delete):
        return Actor if activity.object_id == activity.actor else Tombstone
    if isinstance(activity, _BY_URI):
        return str
    if not isinstance(activity.object, str):
        return type(activity.object)
    if isinstance(activity, Follow):
        return Actor
    if isinstance(activity, Accept | Reject) and addresses.is_object(activity.object):
        return str  # Friendica's answer to an invitation: the event stands there, no Follow
    return Follow if isinstance(activity, Accept | Reject | Undo) else str
