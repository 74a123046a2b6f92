"""What two agree on after an Offer was accepted (FEP-0837): a frozen value, like all in `types`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """FEP-0837: what was agreed on, by whom; its one Commitment `satisfies` an Intent (a URI)."""

    id: str
    attributed_to: str
    satisfies: str
