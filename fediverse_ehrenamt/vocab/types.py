"""ActivityStreams 2.0 as we understand it: frozen values, one class for each shape, no behaviour.

`content` and `summary` of remote things are HTML as it came, not yet made safe; all other texts are plain. Times are
aware and in UTC. What is missing is None, "" or (), never a guess. Terms of `VOCABULARY.md` stand in snake case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from fediverse_ehrenamt.vocab.agreements import Agreement
from fediverse_ehrenamt.vocab.featured import FeaturedCollection
from fediverse_ehrenamt.vocab.keys import Multikey, PublicKey

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
EHRENAMT = "https://w3id.org/ehrenamt#"
_NOTHING: Mapping[str, str] = MappingProxyType({})


def _nothing() -> Mapping[str, str]:
    """Return the one empty mapping; dataclasses take no unhashable default."""
    return _NOTHING


# --- parts of objects -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is: an AS2 Place with schema.org's PostalAddress, degrees in WGS 84."""

    id: str = ""
    name: str = ""
    street: str = ""
    postcode: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture; `alt` is its text alternative, `width` and `height` are pixels."""

    url: str
    media_type: str = ""
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    href: str
    name: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashtag:
    """A tag; `name` is without the leading "#"."""

    name: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    href: str
    name: str = ""


# --- our own terms (VOCABULARY.md) ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """When helpers are wanted; `cells` are "<mo…so>-<morgens…nachts>", `recurrence` an RFC 5545 RRULE."""

    cells: tuple[str, ...] = ()
    flexible: bool | None = None
    during_holidays: bool | None = None
    recurrence: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Hours asked for, `per` einmalig, woche, monat or jahr."""

    min_hours: float | None = None
    max_hours: float | None = None
    per: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSize:
    min: int | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    name: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityDetails:
    """The `opportunity` node. Enum values are the slugs of domain.md C3; unknown ones are kept as they came."""

    version: int = 1
    title: str
    kind: str
    areas: tuple[str, ...]
    activities: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    suitable_for: tuple[str, ...] = ()
    mode: str = ""
    availability: Availability | None = None
    effort: Effort | None = None
    minimum_duration: str = ""
    start_date: date | None = None
    end_date: date | None = None
    apply_by: date | None = None
    places: int | None = None
    places_free: int | None = None
    group_size: GroupSize | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    guardian_consent: bool | None = None
    german_level: str = ""
    languages: tuple[str, ...] = ()
    skills: tuple[Skill, ...] = ()
    credentials: tuple[str, ...] = ()
    clearance: str = ""
    accessibility: tuple[str, ...] = ()
    accessibility_note: str = ""
    transit: str = ""
    induction: str = ""
    assistance: bool | None = None
    benefits: tuple[str, ...] = ()
    insurance: tuple[str, ...] = ()
    compensation: str = ""
    trial: bool | None = None
    answer_within_days: int | None = None
    status: str = "veroeffentlicht"
    confirmed_at: datetime | None = None
    expires_at: datetime | None = None
    licence: str = ""
    same_as: tuple[str, ...] = ()
    title_map: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetails:
    """The `eventDetails` node."""

    version: int = 1
    kind: str
    areas: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    accessibility_note: str = ""
    languages: tuple[str, ...] = ()
    livestream: str = ""
    subtitles: tuple[str, ...] = ()
    cost: str = ""
    register_by: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationDetails:
    """The `organisation` node of an Organization actor; `opening_hours` in OpenStreetMap's syntax."""

    version: int = 1
    legal_form: str = ""
    public_benefit: str = ""
    areas: tuple[str, ...] = ()
    opening_hours: str = ""
    answer_days_median: float | None = None


# --- objects ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What Note, Opportunity and Event share.

    `language` is the BCP 47 tag of `content`, `content_map` all versions (HTML) by language. `url` is the page for
    people. `attributed_to` is one actor's URI. `place` is the first physical place, `online_url` that of a virtual one.
    `likes` and `shares` are how many, never who: None where it does not say. `raw` is the JSON as it came, whole.
    """

    id: str
    attributed_to: str = ""
    name: str = ""
    summary: str = ""
    content: str = ""
    content_map: Mapping[str, str] = field(default_factory=_nothing)
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    url: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    hashtags: tuple[Hashtag, ...] = ()
    mentions: tuple[Mention, ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    place: Place | None = None
    online_url: str = ""
    in_reply_to: str = ""
    context: str = ""
    likes: int | None = None
    shares: int | None = None
    raw: bytes = field(default=b"", compare=False, repr=False)

    @property
    def public(self) -> bool:
        """Addressed to everybody, listed or not."""
        return PUBLIC in self.to or PUBLIC in self.cc


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Thing):
    """A text that is no offer of help and no date, with a `name` if it is an Article; `quote` is what it quotes."""

    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity(Thing):
    """A Note with `opportunity` (VOCABULARY.md) and FEP-0837's terms; `purpose` "request" or "offer"."""

    details: OpportunityDetails
    purpose: str = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Thing):
    """A thing at a time (FEP-8a8e, Mobilizon, Gancio); `status` is "confirmed", "tentative" or "cancelled".

    `timezone` is an IANA name. `opportunity` is set where the event is a shift somebody may help in. `name_map` are
    names in other languages by their BCP 47 tags. `participation_url` may be a `mailto:`.
    """

    name_map: Mapping[str, str] = field(default_factory=_nothing)
    starts_at: datetime
    ends_at: datetime | None = None
    timezone: str = ""
    status: str = "confirmed"
    online: bool = False
    join_mode: str = ""
    participation_url: str = ""
    capacity: int | None = None
    participants: int | None = None
    category: str = ""
    details: EventDetails | None = None
    opportunity: OpportunityDetails | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    id: str
    former_type: str = ""
    deleted: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """A well-formed object of a type we have no use for; `type` is its type, "" where it had none."""

    id: str
    type: str
    attributed_to: str = ""
    in_reply_to: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody with an inbox; `type` is Person, Organization, Application, Service or Group.

    `upcoming_events` is FEP-8a8e's, `implements` FEP-844e's, `suspended` Mastodon's; `keys_elsewhere` are addresses.
    """

    id: str
    type: str
    handle: str
    inbox: str
    name: str = ""
    summary: str = ""
    url: str = ""
    outbox: str = ""
    followers: str = ""
    following: str = ""
    featured: str = ""
    upcoming_events: str = ""
    implements: tuple[Link, ...] = ()
    shared_inbox: str = ""
    webfinger: str = ""
    keys: tuple[PublicKey, ...] = ()
    assertion_methods: tuple[Multikey, ...] = ()
    keys_elsewhere: tuple[str, ...] = ()
    icon: Image | None = None
    published: datetime | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    manually_approves_followers: bool = False
    also_known_as: tuple[str, ...] = ()
    moved_to: str = ""
    suspended: bool = False
    featured_by: tuple[str, ...] = ()  # who may put it into a collection unasked (FEP-7aa9)
    organisation: OrganisationDetails | None = None


Object = Note | Opportunity | Event | Tombstone | Unsupported | Actor | FeaturedCollection


# --- activities -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something an actor did to `object`: a URI, an embedded thing or (Accept, Undo, Announce) an activity.

    `id` may be "" for the few peers that send none. `via` is never on the wire: who passed on what is another's, where
    we asked the other's origin for it.
    """

    id: str
    actor: str
    object: "Object | Activity | str"
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    published: datetime | None = None
    target: str = ""
    via: str = ""

    @property
    def object_id(self) -> str:
        """The URI of the object, embedded or not."""
        return self.object if isinstance(self.object, str) else self.object.id


class Create(Activity):
    pass


class Update(Activity):
    pass


class Delete(Activity):
    pass


class Announce(Activity):
    pass


class Follow(Activity):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Activity):
    result: Agreement | str | None = None  # FEP-0837; the URI of a stamp (FEP-044f, FEP-7aa9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Activity):
    content: str = ""  # plain


class Undo(Activity):
    pass


class Block(Activity):
    """The actor wants nothing of whoever is blocked; `object` is always a URI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Activity):
    """A report to moderators about `objects` (actors and what they wrote); `object` is the first, `content` plain."""

    objects: tuple[str, ...] = ()
    content: str = ""


class Move(Activity):
    """The account `object` goes on as `target` (both URIs); to be believed only if the target says so too."""


class Like(Activity):
    """Somebody likes a thing, with whatever emoji; Pleroma's EmojiReact counts as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Activity):
    """Somebody wants to take part in an event; `message` is what they say with it (Mobilizon), plain."""

    message: str = ""


class Leave(Activity):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Activity):
    """FEP-0837: somebody commits to a proposal (`object`, its URI; of other Offers what they name, or "")."""

    message: str = ""  # plain


class Ignore(Activity):
    """The answer to a Join where joining means nothing (FEP-8a8e)."""


class TentativeAccept(Activity):
    """Somebody may come to an event (Friendica)."""


class OtherActivity(Activity):
    """An activity of a kind that nothing here handles (Dislike, View …)."""


# --- collections ------------------------------------------------------------------------------------------------------
Item = Object | Activity | str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPage:
    """One page of an OrderedCollection, newest first."""

    id: str
    part_of: str = ""
    next: str = ""
    prev: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """An OrderedCollection: `first` is a page, its URI or "", `items` those that stand in the collection itself."""

    id: str
    total: int | None = None
    first: CollectionPage | str = ""
    items: tuple[Item, ...] = field(default=())
