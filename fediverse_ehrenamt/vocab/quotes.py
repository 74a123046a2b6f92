"""Asking before something of ours is shown in something of theirs, and the stamps that say to all that it may be.

Quotes of things (FEP-044f) and collections of actors (FEP-7aa9) differ in their names alone. Frozen values.
"""

from dataclasses import dataclass

from fediverse_ehrenamt.vocab.types import Activity, Object


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionRequest(Activity):
    """The actor wants to show `object` (always a URI) in `instrument`, which is theirs: whole, or its URI."""

    instrument: Object | str = ""

    @property
    def instrument_id(self) -> str:
        """The URI of what would show it, embedded or not."""
        return self.instrument if isinstance(self.instrument, str) else self.instrument.id


class QuoteRequest(InteractionRequest):
    """`instrument` is a post that quotes a thing."""


class FeatureRequest(InteractionRequest):
    """`instrument` is a collection that recommends an actor; `actor` is "" where it came without, as Mastodon's do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionAuthorization:
    """The stamp: `attributed_to` lets `interacting_object` show `interaction_target` (URIs)."""

    id: str
    attributed_to: str
    interacting_object: str
    interaction_target: str


class QuoteAuthorization(InteractionAuthorization):
    """A post may quote a thing."""


class FeatureAuthorization(InteractionAuthorization):
    """A collection may recommend an actor."""
