"""What people on ten other servers should see of our events, written by hand.

Lemmy wants a community addressed, NodeBB takes no events. Where `SHORTCOMINGS` names a row, the row says what should be
seen and the reason why it is not.
"""

from dataclasses import replace

from tests.peers.consumers.seen import Seen

PAGE = "https://ehrenamt.hagen.example/termine/…"
JOIN = f"{PAGE}#mitmachen"
DOOR = (("https://ehrenamt.hagen.example/media/tuer.jpg", "Eine offene Tür"),)
TAGS = ("Waffeln", "Ehrenamt")
SMALL_TAGS = ("waffeln", "ehrenamt")
NOWHERE_ELSE = {
    "lemmy": Seen(refused="no community is addressed"),
    "nodebb": Seen(refused="this type of post is not accepted"),
}

# --- texts ------------------------------------------------------------------------------------------------------------
SATURDAY = "Sa, 12.12.2026, 14–17 Uhr · Bürgerhaus, Lippstadt"
SUNDAY = "So, 13.12.2026, 14–17 Uhr · Stadtbücherei, Hagen"

OPEN = """Tag der offenen Tür

Sa, 12.12.2026, 14–17 Uhr · Bürgerhaus, Lippstadt

Führungen & Waffeln.

Mehr dazu <https://ehrenamt.hagen.example/termine/…>

#Waffeln #Ehrenamt"""

BARE = """Treffen der Helfer

Sa, 12.12.2026, 14–17 Uhr

Führungen & Waffeln.

Mehr dazu <https://ehrenamt.hagen.example/termine/…>

#Waffeln #Ehrenamt"""

BARE_CANCELLED = """ABGESAGT: Treffen der Helfer

Sa, 12.12.2026, 14–17 Uhr

Führungen & Waffeln.

Mehr dazu <https://ehrenamt.hagen.example/termine/…>

#Waffeln #Ehrenamt"""

IN_TOWN = """Marktstand

Sa, 12.12.2026, 14–17 Uhr · Hagen

Führungen & Waffeln.

Mehr dazu <https://ehrenamt.hagen.example/termine/…>

#Waffeln #Ehrenamt"""

ONLINE = """Sprechstunde im Netz

Sa, 12.12.2026, 14–17 Uhr · online

Führungen & Waffeln.

Mehr dazu <https://ehrenamt.hagen.example/termine/…>

#Waffeln #Ehrenamt"""

ONLINE_CHANGED = """Große Sprechstunde im Netz

Sa, 12.12.2026, 14–17 Uhr · online

Führungen & Waffeln.

Mehr dazu <https://ehrenamt.hagen.example/termine/…>

#Waffeln #Ehrenamt"""

BOTH = """Vortrag

Sa, 12.12.2026, 14–17 Uhr · Bürgerhaus, Lippstadt

Führungen & Waffeln.

Mehr dazu <https://ehrenamt.hagen.example/termine/…>

#Waffeln #Ehrenamt"""

MOVED = """Tag der offenen Tür

So, 13.12.2026, 14–17 Uhr · Stadtbücherei, Hagen

Führungen & Waffeln.

Mehr dazu <https://ehrenamt.hagen.example/termine/…>

#Waffeln #Ehrenamt"""

CANCELLED = """ABGESAGT: Tag der offenen Tür

Sa, 12.12.2026, 14–17 Uhr · Bürgerhaus, Lippstadt

Führungen & Waffeln.

Mehr dazu <https://ehrenamt.hagen.example/termine/…>

#Waffeln #Ehrenamt"""

FILLED = """BESETZT: Waffeln backen

Sa, 12.12.2026, 14–17 Uhr · Bürgerhaus, Lippstadt

Führungen & Waffeln.

Mehr dazu <https://ehrenamt.hagen.example/termine/…>

#Waffeln #Ehrenamt"""

# --- who sees it how --------------------------------------------------------------------------------------------------
# What is the same in every row of a server; the rows say all that differs.
MASTODON = Seen(link=PAGE, tags=TAGS, more=("public", "de"))
EDITED = replace(MASTODON, more=("public", "de", "edited"))
GOTOSOCIAL = Seen(link=PAGE, tags=SMALL_TAGS, more=("de",))
TAKAHE = Seen(link=PAGE, tags=SMALL_TAGS, more=("public",))
TAKAHE_EDITED = replace(TAKAHE, more=("public", "edited"))
MISSKEY = Seen(link=PAGE, tags=TAGS)
TWO_TO_FIVE = Seen(starts="12.12.2026 14:00", ends="12.12.2026 17:00", tags=TAGS)
SUNDAY_TWO_TO_FIVE = Seen(starts="13.12.2026 14:00", ends="13.12.2026 17:00", tags=TAGS)
FRIENDICA = replace(TWO_TO_FIVE, link=PAGE)
MOBILIZON = replace(TWO_TO_FIVE, join=JOIN, more=("confirmed", "listed", "comments", "de"))
WITH_PLACES = ("confirmed", "listed", "40 places", "comments", "de")

OPEN_ON_MISSKEY = replace(MISSKEY, text=OPEN, warning=SATURDAY, images=DOOR)  # it does nothing with Updates
BARE_ON_GANCIO = replace(TWO_TO_FIVE, title="Treffen der Helfer", text=BARE)
GONE = Seen(refused="deleted")

EXPECTED: dict[str, dict[str, Seen]] = {
    "event": {
        "mastodon": replace(MASTODON, title="Tag der offenen Tür", text=SATURDAY, images=DOOR),
        "gotosocial": replace(GOTOSOCIAL, text=OPEN, warning=SATURDAY, images=DOOR),
        "takahe": replace(TAKAHE, text=OPEN, warning=SATURDAY, images=DOOR, more=("public", "file Website")),
        "misskey": replace(MISSKEY, text=OPEN, warning=SATURDAY, images=DOOR),
        "friendica": replace(
            FRIENDICA, title="Tag der offenen Tür", text=OPEN, warning=SATURDAY, images=DOOR, place="Bürgerhaus"
        ),
        "mobilizon": replace(
            MOBILIZON,
            title="Tag der offenen Tür",
            text=OPEN,
            link=PAGE,
            images=DOOR,
            place="Bürgerhaus Am Markt 2 59555 Lippstadt DE (51.67, 8.34)",
            more=WITH_PLACES,
        ),
        "gancio": replace(
            TWO_TO_FIVE,
            title="Tag der offenen Tür",
            text=OPEN,
            images=DOOR,
            place="Bürgerhaus, Am Markt 2, Lippstadt, DE",
        ),
        "event bridge": replace(
            TWO_TO_FIVE,
            title="Tag der offenen Tür",
            text=OPEN,
            images=DOOR,
            place="Bürgerhaus, Am Markt 2, 59555, Lippstadt, DE",
        ),
        **NOWHERE_ELSE,
    },
    "event without place and picture": {
        "mastodon": replace(MASTODON, title="Treffen der Helfer", text="Sa, 12.12.2026, 14–17 Uhr"),
        "gotosocial": replace(GOTOSOCIAL, text=BARE, warning="Sa, 12.12.2026, 14–17 Uhr"),
        "takahe": replace(TAKAHE, text=BARE, warning="Sa, 12.12.2026, 14–17 Uhr"),
        "misskey": replace(MISSKEY, text=BARE, warning="Sa, 12.12.2026, 14–17 Uhr"),
        "friendica": replace(FRIENDICA, title="Treffen der Helfer", text=BARE, warning="Sa, 12.12.2026, 14–17 Uhr"),
        "mobilizon": replace(MOBILIZON, title="Treffen der Helfer", text=BARE),
        "gancio": BARE_ON_GANCIO,
        "event bridge": replace(TWO_TO_FIVE, title="Treffen der Helfer", text=BARE),
        **NOWHERE_ELSE,
    },
    "event without place cancelled": {
        "mastodon": replace(EDITED, title="ABGESAGT: Treffen der Helfer", text="Fällt aus: Sa, 12.12.2026, 14–17 Uhr"),
        "gotosocial": replace(GOTOSOCIAL, text=BARE_CANCELLED, warning="Fällt aus: Sa, 12.12.2026, 14–17 Uhr"),
        "takahe": replace(TAKAHE_EDITED, text=BARE_CANCELLED, warning="Fällt aus: Sa, 12.12.2026, 14–17 Uhr"),
        "misskey": replace(MISSKEY, text=BARE, warning="Sa, 12.12.2026, 14–17 Uhr"),
        "friendica": replace(
            FRIENDICA,
            title="ABGESAGT: Treffen der Helfer",
            text=BARE_CANCELLED,
            warning="Fällt aus: Sa, 12.12.2026, 14–17 Uhr",
        ),
        "mobilizon": replace(
            MOBILIZON,
            title="ABGESAGT: Treffen der Helfer",
            text=BARE_CANCELLED,
            more=("cancelled", "listed", "comments", "de"),
        ),
        "gancio": replace(TWO_TO_FIVE, title="ABGESAGT: Treffen der Helfer", text=BARE_CANCELLED),
        "event bridge": replace(TWO_TO_FIVE, title="ABGESAGT: Treffen der Helfer", text=BARE_CANCELLED),
        **NOWHERE_ELSE,
    },
    "event in a town": {
        "mastodon": replace(MASTODON, title="Marktstand", text="Sa, 12.12.2026, 14–17 Uhr · Hagen"),
        "gotosocial": replace(GOTOSOCIAL, text=IN_TOWN, warning="Sa, 12.12.2026, 14–17 Uhr · Hagen"),
        "takahe": replace(TAKAHE, text=IN_TOWN, warning="Sa, 12.12.2026, 14–17 Uhr · Hagen"),
        "misskey": replace(MISSKEY, text=IN_TOWN, warning="Sa, 12.12.2026, 14–17 Uhr · Hagen"),
        "friendica": replace(
            FRIENDICA, title="Marktstand", text=IN_TOWN, warning="Sa, 12.12.2026, 14–17 Uhr · Hagen", place="Hagen"
        ),
        "mobilizon": replace(MOBILIZON, title="Marktstand", text=IN_TOWN, place="Hagen 58095 Hagen DE"),
        "gancio": replace(TWO_TO_FIVE, title="Marktstand", text=IN_TOWN, place="Hagen, Hagen, DE"),
        "event bridge": replace(TWO_TO_FIVE, title="Marktstand", text=IN_TOWN, place="Hagen, 58095, Hagen, DE"),
        **NOWHERE_ELSE,
    },
    "event online": {
        "mastodon": replace(MASTODON, title="Sprechstunde im Netz", text="Sa, 12.12.2026, 14–17 Uhr · online"),
        "gotosocial": replace(GOTOSOCIAL, text=ONLINE, warning="Sa, 12.12.2026, 14–17 Uhr · online"),
        "takahe": replace(TAKAHE, text=ONLINE, warning="Sa, 12.12.2026, 14–17 Uhr · online"),
        "misskey": replace(MISSKEY, text=ONLINE, warning="Sa, 12.12.2026, 14–17 Uhr · online"),
        "friendica": replace(
            FRIENDICA,
            title="Sprechstunde im Netz",
            text=ONLINE,
            warning="Sa, 12.12.2026, 14–17 Uhr · online",
            place="online",
        ),
        "mobilizon": replace(
            MOBILIZON,
            title="Sprechstunde im Netz",
            text=ONLINE,
            place="online",
            more=("confirmed", "listed", "online", "comments", "de"),
        ),
        "gancio": replace(
            TWO_TO_FIVE,
            title="Sprechstunde im Netz",
            text=ONLINE,
            place="online",
            more=("https://meet.example/sprechstunde",),
        ),
        "event bridge": replace(TWO_TO_FIVE, title="Sprechstunde im Netz", text=ONLINE),
        **NOWHERE_ELSE,
    },
    "event online changed": {
        "mastodon": replace(EDITED, title="Große Sprechstunde im Netz", text="Sa, 12.12.2026, 14–17 Uhr · online"),
        "gotosocial": replace(GOTOSOCIAL, text=ONLINE_CHANGED, warning="Sa, 12.12.2026, 14–17 Uhr · online"),
        "takahe": replace(TAKAHE_EDITED, text=ONLINE_CHANGED, warning="Sa, 12.12.2026, 14–17 Uhr · online"),
        "misskey": replace(MISSKEY, text=ONLINE, warning="Sa, 12.12.2026, 14–17 Uhr · online"),
        "friendica": replace(
            FRIENDICA,
            title="Große Sprechstunde im Netz",
            text=ONLINE_CHANGED,
            warning="Sa, 12.12.2026, 14–17 Uhr · online",
            place="online",
        ),
        "mobilizon": replace(
            MOBILIZON,
            title="Große Sprechstunde im Netz",
            text=ONLINE_CHANGED,
            place="online",
            more=("confirmed", "listed", "online", "comments", "de"),
        ),
        "gancio": replace(TWO_TO_FIVE, title="Große Sprechstunde im Netz", text=ONLINE_CHANGED, place="online"),
        "event bridge": replace(TWO_TO_FIVE, title="Große Sprechstunde im Netz", text=ONLINE_CHANGED),
        **NOWHERE_ELSE,
    },
    "event in both": {
        "mastodon": replace(MASTODON, title="Vortrag", text=SATURDAY, images=DOOR),
        "gotosocial": replace(GOTOSOCIAL, text=BOTH, warning=SATURDAY, images=DOOR),
        "takahe": replace(TAKAHE, text=BOTH, warning=SATURDAY, images=DOOR, more=("public", "file Website")),
        "misskey": replace(MISSKEY, text=BOTH, warning=SATURDAY, images=DOOR),
        "friendica": replace(FRIENDICA, title="Vortrag", text=BOTH, warning=SATURDAY, images=DOOR, place="Bürgerhaus"),
        "mobilizon": replace(
            MOBILIZON,
            title="Vortrag",
            text=BOTH,
            link="https://meet.example/vortrag",
            images=DOOR,
            place="Bürgerhaus Am Markt 2 59555 Lippstadt DE (51.67, 8.34)",
            more=("confirmed", "listed", "online", "40 places", "comments", "de"),
        ),
        "gancio": replace(
            TWO_TO_FIVE, title="Vortrag", text=BOTH, images=DOOR, place="Bürgerhaus, Am Markt 2, Lippstadt, DE"
        ),
        "event bridge": replace(
            TWO_TO_FIVE, title="Vortrag", text=BOTH, images=DOOR, place="Bürgerhaus, Am Markt 2, 59555, Lippstadt, DE"
        ),
        **NOWHERE_ELSE,
    },
    "event moved": {
        "mastodon": replace(EDITED, title="Tag der offenen Tür", text=SUNDAY, images=DOOR),
        "gotosocial": replace(GOTOSOCIAL, text=MOVED, warning=SUNDAY, images=DOOR),
        "takahe": replace(
            TAKAHE_EDITED, text=MOVED, warning=SUNDAY, images=DOOR, more=("public", "edited", "file Website")
        ),
        "misskey": OPEN_ON_MISSKEY,
        "friendica": replace(
            SUNDAY_TWO_TO_FIVE,
            link=PAGE,
            title="Tag der offenen Tür",
            text=MOVED,
            warning=SUNDAY,
            images=DOOR,
            place="Stadtbücherei",
        ),
        "mobilizon": Seen(
            join=JOIN,
            starts=SUNDAY_TWO_TO_FIVE.starts,
            ends=SUNDAY_TWO_TO_FIVE.ends,
            tags=TAGS,
            title="Tag der offenen Tür",
            text=MOVED,
            link=PAGE,
            images=DOOR,
            place="Stadtbücherei Springe 1 58095 Hagen DE (51.36, 7.47)",
            more=WITH_PLACES,
        ),
        "gancio": replace(
            SUNDAY_TWO_TO_FIVE, title="Tag der offenen Tür", text=MOVED, images=DOOR, place="Stadtbücherei, Springe 1"
        ),
        "event bridge": replace(
            SUNDAY_TWO_TO_FIVE,
            title="Tag der offenen Tür",
            text=MOVED,
            images=DOOR,
            place="Stadtbücherei, Springe 1, 58095, Hagen, DE",
        ),
        **NOWHERE_ELSE,
    },
    "event cancelled": {
        "mastodon": replace(EDITED, title="ABGESAGT: Tag der offenen Tür", text=f"Fällt aus: {SATURDAY}", images=DOOR),
        "gotosocial": replace(GOTOSOCIAL, text=CANCELLED, warning=f"Fällt aus: {SATURDAY}", images=DOOR),
        "takahe": replace(
            TAKAHE_EDITED,
            text=CANCELLED,
            warning=f"Fällt aus: {SATURDAY}",
            images=DOOR,
            more=("public", "edited", "file Website"),
        ),
        "misskey": OPEN_ON_MISSKEY,
        "friendica": replace(
            FRIENDICA,
            title="ABGESAGT: Tag der offenen Tür",
            text=CANCELLED,
            warning=f"Fällt aus: {SATURDAY}",
            images=DOOR,
            place="Bürgerhaus",
        ),
        "mobilizon": replace(
            MOBILIZON,
            title="ABGESAGT: Tag der offenen Tür",
            text=CANCELLED,
            link=PAGE,
            images=DOOR,
            place="Bürgerhaus Am Markt 2 59555 Lippstadt DE (51.67, 8.34)",
            more=("cancelled", "listed", "40 places", "comments", "de"),
        ),
        "gancio": replace(
            TWO_TO_FIVE,
            title="ABGESAGT: Tag der offenen Tür",
            text=CANCELLED,
            images=DOOR,
            place="Bürgerhaus, Am Markt 2, Lippstadt, DE",
        ),
        "event bridge": replace(
            TWO_TO_FIVE,
            title="ABGESAGT: Tag der offenen Tür",
            text=CANCELLED,
            images=DOOR,
            place="Bürgerhaus, Am Markt 2, 59555, Lippstadt, DE",
        ),
        **NOWHERE_ELSE,
    },
    "shift filled": {
        "mastodon": replace(EDITED, title="BESETZT: Waffeln backen", text=SATURDAY, images=DOOR),
        "gotosocial": replace(GOTOSOCIAL, text=FILLED, warning=SATURDAY, images=DOOR),
        "takahe": replace(
            TAKAHE_EDITED, text=FILLED, warning=SATURDAY, images=DOOR, more=("public", "edited", "file Website")
        ),
        "misskey": replace(OPEN_ON_MISSKEY, text=OPEN.replace("Tag der offenen Tür", "Waffeln backen")),
        "friendica": replace(
            FRIENDICA, title="BESETZT: Waffeln backen", text=FILLED, warning=SATURDAY, images=DOOR, place="Bürgerhaus"
        ),
        "mobilizon": replace(
            MOBILIZON,
            title="BESETZT: Waffeln backen",
            text=FILLED,
            link=PAGE,
            images=DOOR,
            place="Bürgerhaus Am Markt 2 59555 Lippstadt DE (51.67, 8.34)",
            more=WITH_PLACES,
        ),
        "gancio": replace(
            TWO_TO_FIVE,
            title="BESETZT: Waffeln backen",
            text=FILLED,
            images=DOOR,
            place="Bürgerhaus, Am Markt 2, Lippstadt, DE",
        ),
        "event bridge": replace(
            TWO_TO_FIVE,
            title="BESETZT: Waffeln backen",
            text=FILLED,
            images=DOOR,
            place="Bürgerhaus, Am Markt 2, 59555, Lippstadt, DE",
        ),
        **NOWHERE_ELSE,
    },
    "event withdrawn": {
        "mastodon": GONE,
        "gotosocial": GONE,
        "takahe": GONE,
        "misskey": GONE,
        "friendica": GONE,
        "mobilizon": GONE,
        "gancio": GONE,
        "event bridge": GONE,
        **NOWHERE_ELSE,
    },
}

_NO_PLACE = "Gancio lists no event without a place, and takes no Update of one"
SHORTCOMINGS: dict[tuple[str, str], str] = {
    ("event without place and picture", "gancio"): _NO_PLACE,
    ("event without place cancelled", "gancio"): _NO_PLACE,
}
