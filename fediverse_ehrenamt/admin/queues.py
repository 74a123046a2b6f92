"""What waits for somebody of the instance: one number for each queue, on the first page of the administration."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from fediverse_ehrenamt.admin import first_posts, menu, reviews, stale
from fediverse_ehrenamt.duplicates import store as duplicates
from fediverse_ehrenamt.engagements import store as enquiries
from fediverse_ehrenamt.joining import store as joining
from fediverse_ehrenamt.moderation import store as moderation
from fediverse_ehrenamt.work import Work

COUNTS: Mapping[str, Callable[[Work], int]] = MappingProxyType(
    {
        menu.APPLICATIONS: joining.waiting,
        menu.REPORTS: moderation.count_waiting,
        menu.FIRST_POSTS: first_posts.count,
        menu.REVIEWS: reviews.count,
        menu.ENQUIRIES: enquiries.count_overdue,
        menu.DUPLICATES: duplicates.count_waiting,
        menu.STALE: stale.count,
    }
)
"""By the path of a section (`menu.SECTIONS`): how many there wait to be decided."""


def waiting(work: Work, paths: list[str]) -> dict[str, int]:
    """Count what waits in the sections with these paths; sections that are no queues have no number."""
    return {path: COUNTS[path](work) for path in paths if path in COUNTS}
