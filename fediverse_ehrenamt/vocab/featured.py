"""A collection of actors that somebody recommends to others (FEP-7aa9), as Mastodon 4.6 and later publish it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturedCollection:
    """`featured` are the URIs of what is recommended, None where they are not all listed in it.

    `name` is plain, `summary` HTML as it came, `url` the page for people.
    """

    id: str
    attributed_to: str = ""
    name: str = ""
    summary: str = ""
    url: str = ""
    featured: tuple[str, ...] | None = None
