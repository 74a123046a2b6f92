"""What a town that follows the sender should make of the payloads of other software, written by reading them.

File names are those of the folder that EHRENAMT_TEST_WIRE names. `INDEXED` lists every file with an Event or a public
Note, Article or the like that is no answer and can be shown; `NOT_INDEXED` those that must not appear, with the reason;
`SYNTHETIC` the outcome of every file in synthetic/, each sent to the inbox by its outer `actor`, a followed source with
a valid signature, to an instance that knows nothing yet.

The title of a note is the first line or paragraph of its content as plain text, cut at a word boundary after at most
100 characters with "…". Times are UTC. `url` is the page for people, the id where the object names none.
"""

from dataclasses import dataclass

EVENT, POST, OPPORTUNITY = "event", "post", "opportunity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """What must be found by search afterwards; `status` is that of an event."""

    kind: str
    title: str
    url: str
    starts_at: str = ""
    ends_at: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    language: str = ""
    status: str = "confirmed"
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Answered with this HTTP status."""

    status: int
    why: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Accepted or not, nothing of it may be found."""

    why: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """The body proves nothing: what it speaks of counts only as its own origin serves it."""

    uri: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """The object (or all of the actor) is gone, and a later Create of it stays unseen."""

    uri: str


Outcome = Indexed | Refused | Dropped | Fetched | Deleted


def _post(title: str, url: str, language: str = "", *hashtags: str) -> Indexed:
    return Indexed(kind=POST, title=title, url=url, language=language, hashtags=hashtags)


_MOBILIZON_FR = Indexed(
    kind=EVENT,
    title="My first event",
    url="https://mobilizon.fr/events/39a0c4a6-f2b6-41dc-bbe2-fc5bff76cc93",
    starts_at="2018-02-12T14:08:20Z",
    place="Locaux de Framasoft",
)
_EXAMPLE_ORG = "https://mastodon.example.org/@admin/"
_EXAMPLE_ORG_HTTP = "http://mastodon.example.org/@admin/"
_JOHN = "https://mastodon/@john/9876"

INDEXED: dict[str, Indexed] = {
    "bovine-suite/buffalo_create_note_1.json": _post(
        "I'm literally creating test data.",
        "https://my_domain/name/3c0281b7-bede-460a-a49b-3b6d7d4eb32f",
        "en",
    ),
    "bovine-suite/mastodon_flow_1_create_note.json": _post("Creating Test Data!!! :)", _JOHN, "en"),
    "bovine-suite/mastodon_flow_1_update_note.json": _post("Creating Test Data!!! :)", _JOHN, "en"),
    # Its angle brackets are escaped twice: to everybody they are text.
    "bovine-suite/mastodon_flow_2_create_note.json": _post(
        r"\u003cp\u003eMastodon delete test data generation.\u003c/p\u003e",
        "https://mastodon/@remote-user/109820990504",
        "en",
    ),
    "bovine-suite/munching_cow_create_note_1.json": _post(
        "TEST", "https://my_domain/activitypub/munchingcow/9c1d3b44-c6f6-4310-9113-a0c3d3208cac"
    ),
    "bovine-suite/peertube_create_video_1.json": _post(
        "some title", "https://peertube/videos/watch/some3456-uuid", "en", "fosdem", "hare", "kernels"
    ),
    "fep/fep-044f-example-01.json": _post("I am quoting alice's post", "https://example.com/users/bob/statuses/1"),
    "fep/fep-044f-example-02.json": _post("I am quoting alice's post", "https://example.com/users/bob/statuses/1"),
    "fep/fep-044f-example-03.json": _post(
        "I allow my followers to quote this post", "https://example.com/users/alice/statuses/1"
    ),
    "fep/fep-044f-example-08.json": _post("I am quoting alice's post", "https://example.com/users/bob/statuses/1"),
    "friendica/activities_create_page_1.json": _post(
        "Test post to community", "https://masto.qa.urbanwildlife.biz/@mastodon/110435994705014161", "fr"
    ),
    "gancio/mbz-gancio-event-activity.json": Indexed(
        kind=EVENT,
        title="Demo event",
        url="https://demo.gancio.org/event/demo-event",
        starts_at="2021-07-14T15:30:57Z",
        ends_at="2021-07-14T16:30:57Z",
        place="Colosseo",
        hashtags=("test",),
    ),
    "lemmy/activities_create_or_update_create_page.json": _post("test post", "http://ds9.lemmy.ml/post/1", "ko"),
    "lemmy/activities_create_or_update_update_page.json": _post("test post 1", "http://ds9.lemmy.ml/post/1"),
    "lemmy/objects_page.json": _post("Post title", "https://enterprise.lemmy.ml/post/55143", "fr"),
    "lemmy/objects_page_image_and_link.json": _post(
        "Post with image and link", "https://enterprise.lemmy.ml/post/55999", "fr"
    ),
    "mastodon/bf-mastodon-post-activity-contentmaps.json": _post(
        "cw", "https://mastodon.local/@admin/99512778738411822", "en"
    ),
    "mastodon/bf-note_with_language.json": _post(
        "tag", "https://mocked.local/@akkoma_ap_integration_tester/109671288784583764", "ja"
    ),
    "mastodon/collections_featured.json": _post(
        "Inaugural Post for Lemmy, a decentralized, easily self-hostable #reddit / link aggregator…",
        "https://mastodon.social/@LemmyDev/104246642906910728",
        "en",
        "reddit",
        "fediverse",
        "activitypub",
    ),
    "mastodon/mbz-mastodon-post-activity-hashtag.json": _post(
        "cw", "https://framapiaf.org/@admin/99512778738411822", "", "moo"
    ),
    "mastodon/mbz-mastodon-post-activity.json": _post("cw", "https://framapiaf.org/@admin/99512778738411822"),
    "mastodon/mbz-mastodon-status-2.json": _post(
        "Mobilizon : Finançons un outil pour sortir nos événements de Facebook !",
        "https://framapiaf.org/@Framasoft/102093631881522097",
        "fr",
        "framablog",
        "tootourien",
    ),
    "mastodon/mbz-mastodon-status-4.json": _post(
        "PeerTube v3.1 is out!", "https://framapiaf.org/@peertube/105945857653893100", "en"
    ),
    "mastodon/mbz-mastodon-status.json": _post(
        "PeerTube 2.3 is out! Discover on https://joinpeertube.org/fr_FR/news#release-2-3-0 the list of new…",
        "https://framapiaf.org/@peertube/104584600044284729",
        "en",
    ),
    "mastodon/objects_page.json": _post(
        "@tenforward Variable never resetting at refresh",
        "https://masto.qa.urbanwildlife.biz/110830743680706519",
        "it",
    ),
    "mastodon/plr-mastodon-question-activity.json": _post(
        "Why is Tenshi eating a corndog so cute?", "https://mastodon.sdf.org/@rinpatch/102070944809637304", "en"
    ),
    "mastodon/plr-http___mastodon_example_org_users_admin_status_1234.json": _post(
        "the name's jond (jeans bond)", f"{_EXAMPLE_ORG}100787282858396771", "en"
    ),
    "mastodon/plr-mastodon-create-with-attachment.json": _post(
        "http://mastodon.example.org/media/hw4nrZmV5DPbW2z_hao", f"{_EXAMPLE_ORG_HTTP}99541822081679796"
    ),
    "mastodon/plr-mastodon-note-object.json": _post("yeah.", f"{_EXAMPLE_ORG_HTTP}99541947525187367"),
    "mastodon/plr-mastodon-post-activity-contentmap.json": _post("cw", f"{_EXAMPLE_ORG_HTTP}99512778738411822", "en"),
    "mastodon/plr-mastodon-post-activity-hashtag.json": _post("cw", f"{_EXAMPLE_ORG_HTTP}99512778738411822", "", "moo"),
    "mastodon/plr-mastodon-post-activity-nsfw.json": _post("cw", f"{_EXAMPLE_ORG_HTTP}99512778738411822", "", "NSFW"),
    "mastodon/plr-mastodon-post-activity.json": _post("cw", f"{_EXAMPLE_ORG_HTTP}99512778738411822"),
    "misskey/bf-mfm_underscore_format.json": _post(
        "@akkoma_user@akkoma.local.live linkifylink #dancedance mfm goes here",
        "https://misskey.local/notes/92j1n3owja",
        "",
        "dancedance",
    ),
    "misskey/bf-mfm_x_format.json": _post(
        "this does not get replaced", "https://misskey.local/notes/92j1n3owja_x", "", "dancedance"
    ),
    "misskey/plr-misskey_poll_no_end_date.json": _post(
        "@march@marchgenso.me How are your notifications now?", "https://skippers-bin.com/notes/7x9tmrp97i"
    ),
    "misskey/bf-quote.json": _post("i quompt u", "https://misskey.local/notes/934gok3482"),
    "misskey/bf-recursive_quote.json": _post("i quompt u", "https://misskey.local/notes/934gok3482"),
    "mobilizon/mbz-mobilizon-post-activity-media-1.json": _MOBILIZON_FR,
    "mobilizon/mbz-mobilizon-post-activity-media-2.json": _MOBILIZON_FR,
    "mobilizon/mbz-mobilizon-post-activity-media.json": _MOBILIZON_FR,
    "mobilizon/mbz-mobilizon-post-activity.json": _MOBILIZON_FR,
    "mobilizon/objects_event.json": Indexed(
        kind=EVENT,
        title="Caledonian scottish dance class",
        url="https://rendezvous.nomagic.uk/events/b81c0531-a57c-497d-93ba-af0f8b255498",
        starts_at="2022-12-11T19:00:00Z",
        ends_at="2022-12-11T21:00:00Z",
        place="The Kenn Centre",
        latitude=50.66881615,
        longitude=-3.537739788359949,
        language="en",
        hashtags=("Dance", "Caledonian", "Lesson"),
    ),
    # Its `geo` has latitude and longitude the wrong way round (Nantes is not in Somalia): no coordinates.
    "mobilizon/plr-mobilizon_org-event.json": Indexed(
        kind=EVENT,
        title="Mobilizon Launching Party",
        url="https://mobilizon.org/events/252d5816-00a3-4a89-a66f-15bf65c33e39",
        starts_at="2019-12-18T13:00:00Z",
        ends_at="2019-12-18T14:00:00Z",
        place="Cour du Château des Ducs de Bretagne",
        hashtags=("Mobilizon", "Federation", "ActivityPub", "Party"),
    ),
    "peertube/bf-video-object-mpegURL-only.json": _post(
        'Vu du 20/02/21 : "Planète Mars 2050"',
        "https://peertube.local/videos/watch/abece3c3-b9c6-47f4-8040-f3eed8c602e6",
        "fr",
        "France3",
        "lezapping",
    ),
    "peertube/mbz-peertube-video.json": _post(
        "What is PeerTube?",
        "https://framatube.org/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d",
        "en",
        "framasoft",
        "peertube",
    ),
    "peertube/objects_video.json": _post(
        "Mesa, Wayland & X.org in trouble, Debian leaves X, Facebook blocks Linux: Linux & Open Source News",
        "https://tilvids.com/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1",
        "en",
    ),
    "peertube/plr-peertube-social.json": _post(
        "Twenty Years in Jail: FreeBSD's Jails, Then and Now",
        "https://peertube.social/videos/watch/278d2b7c-0f38-4aaa-afe6-9ecc0c4a34fe",
        "en",
        *("linux", "mug.org", "open", "oss", "source"),
    ),
    # Its links say `mimeType`, which is no term of ActivityStreams: the first of them is the one.
    "peertube/plr-peertube_moe-vid.json": _post(
        "Friday Night",
        "https://peertube.moe/static/webseed/df5f464b-be8d-46fb-ad81-2d4c2d1630e3-480.mp4",
        "",
        "feels",
    ),
    "pleroma/bf-pleroma_note.json": _post(
        "Certified fediverse celebrity", "https://mocked.local/objects/eb3b1181-38cc-4eaf-ba1b-3f5431fa9779"
    ),
    "pleroma/mbz-pleroma-comment-object.json": _post(
        "#animeirl", "https://fedi.absturztau.be/objects/1726cdc7-4f2a-4ddb-9c68-03d27c98c3d9", "", "animeirl"
    ),
    "wordpress/objects_page.json": _post(
        "An Epic 3D-Printed Fan Expansion for Last Light",
        "https://dbzer0.com/blog/an-epic-3d-printed-fan-expansion-for-last-light/",
        "en",
        *("3DPrinting", "ai", "Boardgames", "GenAI", "LastLight"),
    ),
}

NOT_PUBLIC = Dropped("addressed to nobody or not to the public")
UNLISTED = Dropped("for a community, and for the public to read but not to find")
NOT_INDEXED: dict[str, Outcome] = {
    # The examples of FEP-8a8e carry neither `to` nor `attributedTo`.
    **{f"fep/fep-8a8e-example-{number:02}.json": NOT_PUBLIC for number in range(1, 14)},
    "fep/fep-7888-example-01.json": NOT_PUBLIC,
    "fep/fep-8b32-example-01.json": NOT_PUBLIC,
    "fep/fep-8b32-example-02.json": Refused(401, "the example leaves out the value of its proof"),
    "fep/fep-8b32-example-03.json": Refused(401, "the example leaves out the value of its proof"),
    "friendica/activities_create_page_2.json": UNLISTED,
    "friendica/objects_page_2.json": UNLISTED,
    "gancio/outbox-or-event-gancio-v1.22.json": Dropped("an event without a start"),
    "friendica/objects_page_1.json": UNLISTED,
    "lemmy/activities_community_announce_create_page.json": Fetched("http://enterprise.lemmy.ml/post/7"),
    "lemmy/activities_create_or_update_create_private_message.json": NOT_PUBLIC,
    "lemmy/objects_private_message.json": NOT_PUBLIC,
    "mastodon/mbz-mastodon-post-activity-private.json": NOT_PUBLIC,
    "mastodon/plr-bogus-mastodon-announce.json": Fetched(
        "https://mastodon.social/users/emelie/statuses/101849165031453404"
    ),
    "mastodon/plr-mastodon-announce-private.json": NOT_PUBLIC,
    "mobilizon/mbz-mobilizon-post-activity-group.json": NOT_PUBLIC,
    "pleroma/bf-pleroma_private_note.json": NOT_PUBLIC,
    "pleroma/bf-spoofed_pleroma_note.json": Dropped("the author is of another origin than the note"),
    "wordpress/activities_announce.json": Fetched("https://pfefferle.org/lemmy-part-4/"),
}

# --- synthetic/ -------------------------------------------------------------------------------------------------------
_NOTE = "https://verein.example/o/1"
_WANTED = _post("Helfer:innen gesucht", _NOTE)
_BAD_JSON = Refused(400, "not a JSON object")
_OTHER_ORIGIN = Dropped("actor and object are of different origins")
_NOT_HANDLED = Dropped("an activity of a kind that nothing handles")
_NO_START = Dropped("an event without a readable start")


def _open_day(  # the same event in all files but for the property that each is about
    title: str = "Tag der offenen Tür",
    *,
    url: str = "https://verein.example/e/1",
    ends_at: str = "2026-12-12T16:00:00Z",
    place: str = "",
    at: tuple[float, float] | None = None,
    status: str = "confirmed",
    language: str = "",
) -> Indexed:
    latitude, longitude = at or (None, None)
    return Indexed(
        kind=EVENT,
        title=title,
        url=url,
        starts_at="2026-12-12T13:00:00Z",
        ends_at=ends_at,
        place=place,
        latitude=latitude,
        longitude=longitude,
        status=status,
        language=language,
    )


SYNTHETIC: dict[str, Outcome] = {
    "activity-actor-array.json": _WANTED,
    "activity-actor-embedded.json": _WANTED,
    "activity-no-actor.json": Refused(400, "no actor"),
    "activity-no-id.json": _WANTED,
    "activity-type-array.json": _WANTED,
    "activity-type-unknown.json": _NOT_HANDLED,
    "actor-no-inbox.json": Refused(400, "no activity, and no actor either"),
    "actor-publickey-array.json": Refused(400, "no activity (fetched as an actor it has one key)"),
    "announce-announce-create-nested.json": Dropped("an announcement of an announcement"),
    # What is passed on is never believed, not even within one origin: its origin is asked.
    "announce-create-embedded.json": Fetched(_NOTE),
    "announce-delete.json": Fetched(_NOTE),
    "announce-forged-inner-actor.json": _OTHER_ORIGIN,
    "announce-iri.json": Fetched("https://other.example/o/9"),
    "announce-object-embedded.json": Fetched(_NOTE),
    "attachment-null.json": _open_day(),
    "attachment-single-object.json": _open_day(),
    "attachment-without-mediatype.json": _open_day(),
    "context-expanded-properties.json": Fetched(_NOTE),
    "context-missing.json": _WANTED,
    "context-redefines-actor.json": Refused(400, "a context gives `actor` another meaning"),
    "delete-actor.json": Deleted("https://verein.example/u/thw"),
    "delete-cross-origin.json": _OTHER_ORIGIN,
    "delete-iri.json": Deleted(_NOTE),
    "delete-tombstone.json": Deleted(_NOTE),
    "event-bad-starttime.json": _NO_START,
    "event-cancelled-update.json": _open_day(status="cancelled"),
    "event-end-before-start.json": _open_day(ends_at=""),
    "event-html-in-name.json": _open_day("Fest"),
    # Its end says +01:00, so its start without an offset is meant in that too.
    "event-naive-starttime.json": _open_day(),
    # A title is made of the text, as for notes.
    "event-name-empty.json": _open_day("Kommt vorbei."),
    "event-namemap-only.json": _open_day("Titel", language="de"),
    "event-no-starttime.json": _NO_START,
    "flag-multi-object.json": Dropped("its id is not of its actor's origin"),
    "follow-public-relay-style.json": Dropped("nobody here is called Public"),
    "html-xss-content.json": _post("hi", _NOTE),
    "join-event.json": _NOT_HANDLED,
    "jsonld-graph-smuggling.json": Refused(400, "@graph"),
    "jsonld-reverse-smuggling.json": Refused(400, "@reverse"),
    "location-array-hybrid.json": _open_day(place="Bürgerhaus"),
    "location-bogus-coordinates.json": _open_day(place="X"),
    "location-integer-coordinates.json": _open_day(place="X", at=(51.0, 8.0)),
    "location-string.json": _open_day(place="Bürgerhaus, Hauptstr. 1"),
    "malformed-deep-nesting-200.json": Refused(400, "nested too deeply"),
    # Of duplicate keys the last counts, as everywhere: a Delete by evil.example.
    "malformed-duplicate-keys.json": _OTHER_ORIGIN,
    "malformed-nan.json": _BAD_JSON,
    "malformed-top-level-array.json": _BAD_JSON,
    "malformed-top-level-string.json": _BAD_JSON,
    "malformed-truncated.json": _BAD_JSON,
    "move-actor.json": Dropped("nothing is believed of a move until both addresses say so"),
    "object-array.json": Refused(400, "two objects"),
    "object-attributedto-array.json": _WANTED,
    "object-attributedto-mismatch.json": Dropped("the author is of another origin"),
    "object-iri-only.json": Fetched(_NOTE),
    "object-null.json": Refused(400, "no object"),
    "object-other-origin.json": Fetched("https://evil.example/o/1"),
    "offer-agreement.json": _NOT_HANDLED,
    "published-year-99999.json": _WANTED,
    "tag-nameless.json": _WANTED,
    "tag-single-object.json": _post("Helfer:innen gesucht", _NOTE, "", "Ehrenamt"),
    "to-as-string.json": _WANTED,
    "to-compact-public.json": _WANTED,
    "to-missing-unaddressed.json": NOT_PUBLIC,
    "type-array-extension-first.json": _WANTED,
    "type-array-note-event.json": Indexed(kind=EVENT, title="x", url=_NOTE, starts_at="2026-12-12T14:00:00Z"),
    "type-array-note-first.json": _WANTED,
    "type-missing.json": Dropped("an object without a type"),
    "type-unknown-only.json": Dropped("an object of an unknown type"),
    "undo-iri-only.json": Dropped("nothing known that could be undone"),
    # Emoji sequences, combining marks and right-to-left marks are part of the name.
    "unicode-rtl-zwj-name.json": _open_day("\u202eevil\u202c 👨\u200d🚒 \u00dc\u0308bung"),
    # With a newer version known it is dropped; to an instance that knows nothing it is the first.
    "update-older-than-known.json": _WANTED,
    "update-without-updated.json": _post("neu", _NOTE),
    "url-array-of-links.json": _open_day(url="https://verein.example/termine/1"),
}
