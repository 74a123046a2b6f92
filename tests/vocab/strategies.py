"""Values as this software makes them, for the round trip: what is written must be read back the same."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from hypothesis import strategies as st

from fediverse_ehrenamt.kit import resources
from fediverse_ehrenamt.vocab import keys, quotes, types
from fediverse_ehrenamt.vocab.types import PUBLIC

_LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéçABCDEFÄÖÜ0123456789عربيукр–„“"
ENUMS: dict[str, list[str]] = {}
for _name in ("opportunity", "event-details", "organisation"):
    _schema = orjson.loads((resources.folder("schemas") / f"{_name}.schema.json").read_bytes())
    ENUMS |= {name: definition["enum"] for name, definition in _schema["$defs"].items() if "enum" in definition}

words = st.text(_LETTERS, min_size=1, max_size=12)
lines = st.lists(words, min_size=1, max_size=4).map(" ".join)
titles = lines.filter(lambda text: 3 <= len(text) <= 200)
markup = lines.map(lambda text: f"<p>{text} &amp; <b>mehr</b></p>")
moments = st.integers(0, 4_000_000_000).map(
    lambda seconds: datetime(1950, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
days = st.dates(date(1950, 1, 1), date(2190, 1, 1))
languages = st.sampled_from(["de", "en", "uk", "ar", "de-simple", "de-AT", "sr-Latn"])
counts = st.integers(0, 1000)
hours = st.floats(0, 400).map(lambda number: round(number, 2))
names = st.text("abcdefghij0123456789-", min_size=1, max_size=8)


@st.composite
def uris(draw: st.DrawFn) -> str:
    path = "/".join(draw(st.lists(names, min_size=1, max_size=3)))
    return f"https://{draw(st.sampled_from(['hagen.example', 'verein.example:8443', 'xn--tst-qla.example']))}/{path}"


def unique(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most, unique=True).map(tuple)


def some(strategy: st.SearchStrategy[Any], nothing: object = None) -> st.SearchStrategy[Any]:
    return st.just(nothing) | strategy


def slug(name: str) -> st.SearchStrategy[str]:
    return some(st.sampled_from(ENUMS[name]), "")


def slugs(name: str, most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return unique(st.sampled_from(ENUMS[name]), most)


def built(make: Callable[..., Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Build a value; a node with nothing in it says the same as no node."""
    return st.builds(make, **fields)


cells = st.builds("{}-{}".format, st.sampled_from(["mo", "di", "sa", "so"]), st.sampled_from(["morgens", "abends"]))
availabilities = built(
    types.Availability,
    cells=unique(cells),
    flexible=some(st.booleans()),
    during_holidays=some(st.booleans()),
    recurrence=some(st.just("FREQ=WEEKLY;BYDAY=TU"), ""),
    text=some(lines, ""),
).filter(lambda node: node != types.Availability())
efforts = built(types.Effort, min_hours=some(hours), max_hours=some(hours), per=slug("per")).filter(
    lambda node: node != types.Effort()
)
group_sizes = built(types.GroupSize, min=some(counts), max=some(counts)).filter(lambda node: node != types.GroupSize())
skills = built(types.Skill, name=lines, required=st.booleans())
maps = st.dictionaries(languages, titles, max_size=3)

opportunity_details = built(
    types.OpportunityDetails,
    title=titles,
    kind=st.sampled_from(ENUMS["kind"]),
    areas=st.lists(st.sampled_from(ENUMS["area"]), min_size=1, max_size=3, unique=True).map(tuple),
    activities=slugs("activity"),
    audiences=slugs("audience"),
    suitable_for=slugs("suitability"),
    mode=slug("mode"),
    availability=some(availabilities),
    effort=some(efforts),
    minimum_duration=slug("minimumDuration"),
    start_date=some(days),
    end_date=some(days),
    apply_by=some(days),
    places=some(counts),
    places_free=some(counts),
    group_size=some(group_sizes),
    minimum_age=some(st.integers(0, 120)),
    maximum_age=some(st.integers(0, 120)),
    guardian_consent=some(st.booleans()),
    german_level=slug("germanLevel"),
    languages=unique(languages),
    skills=unique(skills),
    credentials=slugs("credential"),
    clearance=slug("clearance"),
    accessibility=slugs("accessibility"),
    accessibility_note=some(lines, ""),
    transit=some(lines, ""),
    induction=some(lines, ""),
    assistance=some(st.booleans()),
    benefits=slugs("benefit"),
    insurance=slugs("insurance"),
    compensation=slug("compensation"),
    trial=some(st.booleans()),
    answer_within_days=some(counts),
    status=st.sampled_from(ENUMS["status"]),
    confirmed_at=some(moments),
    expires_at=moments,
    licence=some(st.sampled_from(["CC-BY-4.0", "CC0-1.0"]), ""),
    same_as=unique(uris()),
    title_map=maps,
)
event_details = built(
    types.EventDetails,
    kind=st.sampled_from(ENUMS["eventKind"]),
    areas=slugs("area"),
    audiences=slugs("audience"),
    accessibility=slugs("accessibility"),
    accessibility_note=some(lines, ""),
    languages=unique(languages),
    livestream=some(uris(), ""),
    subtitles=unique(languages),
    cost=some(lines, ""),
    register_by=some(moments),
    expires_at=some(moments),
)
organisation_details = built(
    types.OrganisationDetails,
    legal_form=slug("legalForm"),
    public_benefit=slug("publicBenefit"),
    areas=slugs("area"),
    opening_hours=some(lines, ""),
    answer_days_median=some(hours),
)

# --- parts ------------------------------------------------------------------------------------------------------------
images = built(
    types.Image,
    url=uris().map(lambda uri: f"{uri}.jpg"),
    media_type=st.sampled_from(["image/jpeg", "image/png", "image/webp"]),
    alt=some(lines, ""),
    width=some(st.integers(1, 5000)),
    height=some(st.integers(1, 5000)),
)
links = built(
    types.Link, href=uris().map(lambda uri: f"{uri}#l"), name=st.just("Website"), media_type=st.just("text/html")
)
hashtags = built(types.Hashtag, name=words, href=some(uris(), ""))
mentions = built(types.Mention, href=uris(), name=words.map(lambda word: f"@{word}@hagen.example"))


@st.composite
def places(draw: st.DrawFn) -> types.Place:
    known = draw(st.booleans())
    return types.Place(
        id=draw(some(uris(), "")),
        name=draw(lines),
        street=draw(some(lines, "")),
        postcode=draw(some(st.just("58095"), "")),
        locality=draw(some(lines, "")),
        region=draw(some(lines, "")),
        country=draw(some(st.just("DE"), "")),
        latitude=draw(st.floats(47, 55)) if known else None,
        longitude=draw(st.floats(5, 15)) if known else None,
    )


@st.composite
def shared(draw: st.DrawFn) -> dict[str, Any]:
    """The attributes of Thing, without those that depend on its type."""
    content, language = draw(markup), draw(languages)
    versions = draw(st.dictionaries(languages, markup.map(lambda text: f"{text}<br>"), max_size=2))
    return {
        "id": draw(uris()),
        "attributed_to": draw(uris()),
        "content": content,
        "content_map": versions | {language: content},
        "language": language,
        "published": draw(some(moments)),
        "updated": draw(some(moments)),
        "url": draw(uris()),
        "to": draw(st.sampled_from([(PUBLIC,), ()])),
        "cc": draw(unique(uris())),
        "hashtags": draw(st.lists(hashtags, max_size=3, unique_by=lambda tag: tag.name.lower()).map(tuple)),
        "mentions": draw(st.lists(mentions, max_size=2, unique_by=lambda tag: tag.href).map(tuple)),
        "images": draw(st.lists(images, max_size=2, unique_by=lambda image: image.url).map(tuple)),
        "in_reply_to": draw(some(uris(), "")),
        "context": draw(some(uris(), "")),
        "likes": draw(some(counts)),
        "shares": draw(some(counts)),
    }


@st.composite
def notes(draw: st.DrawFn) -> types.Note:
    return types.Note(
        **draw(shared()), name=draw(some(lines, "")), summary=draw(some(lines, "")), place=draw(some(places()))
    )


@st.composite
def opportunities(draw: st.DrawFn) -> types.Opportunity:
    return types.Opportunity(
        **draw(shared()),
        place=draw(some(places())),
        details=draw(opportunity_details),
        purpose=draw(st.sampled_from(["request", "offer"])),
    )


@st.composite
def events(draw: st.DrawFn) -> types.Event:
    """An event; one with a picture carries the link "Website", which writing would add otherwise."""
    facts, place, starts_at = draw(shared()), draw(some(places())), draw(moments)
    facts["links"] = (draw(links),) if facts["images"] else ()
    online_url = "" if place else draw(some(uris(), ""))
    online = bool(online_url) or (place is None and not facts["links"] and draw(st.booleans()))
    return types.Event(
        **facts,
        name=draw(titles),
        summary=draw(some(lines, "")),
        place=place,
        online_url=online_url,
        online=online,
        starts_at=starts_at,
        ends_at=draw(some(st.integers(0, 10**6).map(lambda seconds: starts_at + timedelta(seconds=seconds)))),
        timezone=draw(st.sampled_from(["Europe/Berlin", "America/New_York", ""])),
        status=draw(st.sampled_from(["confirmed", "tentative", "cancelled"])),
        join_mode=draw(st.sampled_from(["external", "free"])),
        participation_url=draw(uris()),
        capacity=draw(some(st.integers(1, 500))),
        participants=draw(some(counts)),
        category=draw(some(st.just("COMMUNITY"), "")),
        details=draw(some(event_details)),
        opportunity=draw(some(opportunity_details)),
    )


tombstones = built(
    types.Tombstone, id=uris(), former_type=st.sampled_from(["Note", "Event", ""]), deleted=some(moments)
)


@st.composite
def actors(draw: st.DrawFn) -> types.Actor:
    own = draw(uris())
    return types.Actor(
        id=own,
        type=draw(st.sampled_from(["Person", "Organization", "Application", "Service", "Group"])),
        handle=draw(names),
        inbox=f"{own}/inbox",
        name=draw(some(lines, "")),
        summary=draw(some(markup, "")),
        url=draw(some(uris(), "")),
        outbox=draw(some(uris(), "")),
        followers=draw(some(uris(), "")),
        following=draw(some(uris(), "")),
        featured=draw(some(uris(), "")),
        upcoming_events=draw(some(uris(), "")),
        implements=draw(some(st.just((types.Link(href="https://a.example/rfc9421", name="RFC-9421"),)), ())),
        shared_inbox=draw(some(uris(), "")),
        webfinger=draw(some(st.just("thw@hagen.example"), "")),
        keys=draw(some(st.just((keys.PublicKey(id=f"{own}#main-key", owner=own, pem="-----BEGIN\n"),)), ())),
        assertion_methods=draw(some(st.just((keys.Multikey(id=f"{own}#k", controller=own, multibase="z6Mk"),)), ())),
        icon=draw(some(images)),
        published=draw(some(moments)),
        discoverable=draw(some(st.booleans())),
        indexable=draw(some(st.booleans())),
        manually_approves_followers=draw(st.booleans()),
        also_known_as=draw(unique(uris())),
        moved_to=draw(some(uris(), "")),
        organisation=draw(some(organisation_details)),
    )


objects = notes() | opportunities() | events() | tombstones


@st.composite
def _naming(draw: st.DrawFn, facts: dict[str, Any]) -> types.Activity:
    """An activity that names what it is about by ids only."""
    own, named = draw(uris()), draw(st.lists(uris(), min_size=1, max_size=4, unique=True))
    kind = draw(st.sampled_from([types.Block, types.Flag, types.Move]))
    if kind is types.Flag:
        return types.Flag(id=own, object=named[0], objects=tuple(named), content=draw(some(words, "")), **facts)
    if kind is types.Move:
        return types.Move(id=own, object=named[0], target=draw(uris()), **facts)
    return types.Block(id=own, object=named[0], **facts)


@st.composite
def _reacting(draw: st.DrawFn, facts: dict[str, Any]) -> types.Activity:
    """An activity with which somebody reacts to a thing."""
    about = {"id": draw(uris()), "object": draw(uris()), **facts}
    kind = draw(st.sampled_from([types.Like, types.Join, types.Leave, types.Ignore, types.TentativeAccept]))
    if draw(st.integers(0, 5)) == 0:
        asked = draw(st.sampled_from([quotes.QuoteRequest, quotes.FeatureRequest]))
        return asked(**about, instrument=draw(uris()))
    return types.Join(**about, message=draw(some(lines, ""))) if kind is types.Join else kind(**about)


@st.composite
def activities(draw: st.DrawFn) -> types.Activity:
    facts = {
        "actor": draw(uris()),
        "to": draw(unique(uris())),
        "cc": draw(unique(uris())),
        "published": draw(some(moments)),
    }
    kind = draw(st.sampled_from([types.Create, types.Update, types.Delete, types.Announce, types.Follow]))
    if kind in {types.Create, types.Update} and not facts["to"] + facts["cc"]:
        facts["to"] = (draw(uris()),)  # else it is read as said to those whom its object addresses
    about = uris() if kind is types.Follow else objects | uris()  # whom a Follow embeds is known by the id
    made = kind(id=draw(uris()), object=draw(about), **facts)
    if draw(st.integers(0, 4)) == 0:
        made = draw(_naming(facts))
    elif draw(st.integers(0, 4)) == 0:
        made = draw(_reacting(facts))
    if draw(st.booleans()):
        return made
    outer = draw(st.sampled_from([types.Announce, types.Undo, types.Accept, types.Reject]))
    return outer(id=draw(uris()), object=made, **facts)


pages = built(
    types.CollectionPage,
    id=uris(),
    part_of=some(uris(), ""),
    next=some(uris(), ""),
    prev=some(uris(), ""),
    items=st.lists(activities() | objects | uris(), max_size=2).map(tuple),
)
collections = built(
    types.Collection,
    id=uris(),
    total=some(counts),
    first=some(uris() | pages, ""),
    items=st.lists(objects | uris(), max_size=2).map(tuple),
)
documents = objects | actors() | activities() | pages | collections
