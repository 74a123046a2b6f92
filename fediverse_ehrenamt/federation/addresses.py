"""Where our own things live: every URI of ours that peers ever see is made here. They are opaque and never change."""

from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.settings import Settings

INSTANCE_HANDLE = "relay"  # Mobilizon looks for `acct:relay@host` where NodeInfo names no Application actor


def actor(settings: Settings, key: str) -> str:
    return f"{settings.url}/ap/actor/{key}"


def instance_actor(settings: Settings) -> str:
    return actor(settings, INSTANCE_HANDLE)


def shared_inbox(settings: Settings) -> str:
    return f"{settings.url}/inbox"


def followers(actor_uri: str) -> str:
    return f"{actor_uri}/followers"


def new_object(settings: Settings) -> tuple[str, str]:
    """Return a new opaque id and the object's URI that holds it."""
    key = ids.new_id()
    return key, f"{settings.url}/ap/object/{key}"


def new_activity(settings: Settings) -> str:
    return f"{settings.url}/ap/activity/{ids.new_id()}"


def new_stamp(settings: Settings) -> str:
    return f"{settings.url}/ap/quote/{ids.new_id()}"


def is_actor(settings: Settings, uri: str) -> bool:
    """Say whether a URI is that of an actor of ours; that of its followers or its inbox is not."""
    begin = actor(settings, "")
    return uri.startswith(begin) and "/" not in uri[len(begin) :]


def is_object(uri: str) -> bool:
    """Say whether a URI has the form of our objects, as opposed to our activities."""
    return "/ap/object/" in uri


def is_ours(settings: Settings, uri: str) -> bool:
    """Say whether a URI is under this instance's authority."""
    return ids.same_origin(uri, settings.url)
