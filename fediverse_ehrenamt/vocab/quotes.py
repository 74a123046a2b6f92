"""Quotes (FEP-044f): who asks to quote a thing, and the stamp that says to everybody that they may. Frozen values."""

from dataclasses import dataclass

from fediverse_ehrenamt.vocab.types import Activity, Object


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRequest(Activity):
    """The actor wants to quote `object` (always a URI) in `instrument`, a post of theirs: whole, or its URI."""

    instrument: Object | str = ""

    @property
    def instrument_id(self) -> str:
        """The URI of the quoting post, embedded or not."""
        return self.instrument if isinstance(self.instrument, str) else self.instrument.id


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAuthorization:
    """The stamp: `attributed_to` lets `interacting_object`, the quoting post, quote `interaction_target` (URIs)."""

    id: str
    attributed_to: str
    interacting_object: str
    interaction_target: str
