"""What people on ten other servers should see of our undated offers, written by hand.

Mobilizon, Gancio and Event Bridge list events only; Lemmy wants a community addressed. They show no offers at all.
"""

from tests.peers.consumers.seen import Seen

PAGE = "https://ehrenamt.hagen.example/angebote/…"
PICTURE = (("https://ehrenamt.hagen.example/media/kinder.jpg", "Kinder hören zu"),)
TAGS = ("Lesen", "Ehrenamt")
ONLY_OURS = ("Ehrenamt",)
NOWHERE_ELSE = {
    "mobilizon": Seen(refused="a Note is a comment, and this is none"),
    "gancio": Seen(refused="a note is only a reply"),
    "event bridge": Seen(refused="only public events are taken"),
    "lemmy": Seen(refused="no community is addressed"),
}

OPEN = """Lesepatin gesucht

📍 Stadtbücherei, Hagen · 🕒 2 Std./Woche · dienstags nachmittags · 3 Plätze

Wir lesen Kindern vor.

Das macht Freude.

Mehr und Kontakt <https://ehrenamt.hagen.example/angebote/…>

#Lesen #Ehrenamt"""

BARE = """Kassenwart gesucht

Der Verein braucht jemanden, der gut rechnet.

Mehr und Kontakt <https://ehrenamt.hagen.example/angebote/…>

#Ehrenamt"""

ONLINE = """Webseite pflegen

📍 online

Von zu Hause aus, wann es passt.

Mehr und Kontakt <https://verein.example/mitmachen>

#Ehrenamt"""

CHANGED = """Lesepatin oder Lesepate gesucht

📍 Stadtbücherei, Hagen · 🕒 2 Std./Woche · dienstags nachmittags · 1 Platz

Wir lesen Kindern vor.

Das macht Freude.

Mehr und Kontakt <https://ehrenamt.hagen.example/angebote/…>

#Lesen #Ehrenamt"""

FILLED = """BESETZT: Lesepatin gesucht

📍 Stadtbücherei, Hagen · 🕒 2 Std./Woche · dienstags nachmittags

Wir lesen Kindern vor.

Das macht Freude.

Mehr und Kontakt <https://ehrenamt.hagen.example/angebote/…>

#Lesen #Ehrenamt"""

EXPIRED = """ABGELAUFEN: Lesepatin gesucht

📍 Stadtbücherei, Hagen · 🕒 2 Std./Woche · dienstags nachmittags · 3 Plätze

Wir lesen Kindern vor.

Das macht Freude.

Mehr und Kontakt <https://ehrenamt.hagen.example/angebote/…>

#Lesen #Ehrenamt"""

GONE = Seen(refused="deleted")
MISSKEY_STILL_OPEN = Seen(text=OPEN, link=PAGE, images=PICTURE, tags=TAGS)  # it does nothing with Updates of notes

EXPECTED: dict[str, dict[str, Seen]] = {
    "offer": {
        "mastodon": Seen(text=OPEN, link=PAGE, images=PICTURE, tags=TAGS, more=("public", "de")),
        "gotosocial": Seen(text=OPEN, link=PAGE, images=PICTURE, tags=("lesen", "ehrenamt"), more=("de",)),
        "takahe": Seen(text=OPEN, link=PAGE, images=PICTURE, tags=("lesen", "ehrenamt"), more=("public",)),
        "misskey": Seen(text=OPEN, link=PAGE, images=PICTURE, tags=TAGS),
        "friendica": Seen(text=OPEN, link=PAGE, images=PICTURE, place="Stadtbücherei", tags=TAGS),
        "nodebb": Seen(title="Lesepatin gesucht", text=OPEN, link=PAGE, images=PICTURE, tags=TAGS),
        **NOWHERE_ELSE,
    },
    "offer without place and picture": {
        "mastodon": Seen(text=BARE, link=PAGE, tags=ONLY_OURS, more=("public", "de")),
        "gotosocial": Seen(text=BARE, link=PAGE, tags=("ehrenamt",), more=("de",)),
        "takahe": Seen(text=BARE, link=PAGE, tags=("ehrenamt",), more=("public",)),
        "misskey": Seen(text=BARE, link=PAGE, tags=ONLY_OURS),
        "friendica": Seen(text=BARE, link=PAGE, tags=ONLY_OURS),
        "nodebb": Seen(title="Kassenwart gesucht", text=BARE, link=PAGE, tags=ONLY_OURS),
        **NOWHERE_ELSE,
    },
    "offer online": {
        "mastodon": Seen(text=ONLINE, link=PAGE, tags=ONLY_OURS, more=("public", "de")),
        "gotosocial": Seen(text=ONLINE, link=PAGE, tags=("ehrenamt",), more=("de",)),
        "takahe": Seen(text=ONLINE, link=PAGE, tags=("ehrenamt",), more=("public",)),
        "misskey": Seen(text=ONLINE, link=PAGE, tags=ONLY_OURS),
        "friendica": Seen(text=ONLINE, link=PAGE, tags=ONLY_OURS),
        "nodebb": Seen(title="Webseite pflegen", text=ONLINE, link=PAGE, tags=ONLY_OURS),
        **NOWHERE_ELSE,
    },
    "offer changed": {
        "mastodon": Seen(text=CHANGED, link=PAGE, images=PICTURE, tags=TAGS, more=("public", "de", "edited")),
        "gotosocial": Seen(text=CHANGED, link=PAGE, images=PICTURE, tags=("lesen", "ehrenamt"), more=("de",)),
        "takahe": Seen(text=CHANGED, link=PAGE, images=PICTURE, tags=("lesen", "ehrenamt"), more=("public", "edited")),
        "misskey": MISSKEY_STILL_OPEN,
        "friendica": Seen(text=CHANGED, link=PAGE, images=PICTURE, place="Stadtbücherei", tags=TAGS),
        "nodebb": Seen(title="Lesepatin oder Lesepate gesucht", text=CHANGED, link=PAGE, images=PICTURE, tags=TAGS),
        **NOWHERE_ELSE,
    },
    "offer filled": {
        "mastodon": Seen(text=FILLED, link=PAGE, images=PICTURE, tags=TAGS, more=("public", "de", "edited")),
        "gotosocial": Seen(text=FILLED, link=PAGE, images=PICTURE, tags=("lesen", "ehrenamt"), more=("de",)),
        "takahe": Seen(text=FILLED, link=PAGE, images=PICTURE, tags=("lesen", "ehrenamt"), more=("public", "edited")),
        "misskey": MISSKEY_STILL_OPEN,
        "friendica": Seen(text=FILLED, link=PAGE, images=PICTURE, place="Stadtbücherei", tags=TAGS),
        "nodebb": Seen(title="BESETZT: Lesepatin gesucht", text=FILLED, link=PAGE, images=PICTURE, tags=TAGS),
        **NOWHERE_ELSE,
    },
    "offer expired": {
        "mastodon": Seen(text=EXPIRED, link=PAGE, images=PICTURE, tags=TAGS, more=("public", "de", "edited")),
        "gotosocial": Seen(text=EXPIRED, link=PAGE, images=PICTURE, tags=("lesen", "ehrenamt"), more=("de",)),
        "takahe": Seen(text=EXPIRED, link=PAGE, images=PICTURE, tags=("lesen", "ehrenamt"), more=("public", "edited")),
        "misskey": MISSKEY_STILL_OPEN,
        "friendica": Seen(text=EXPIRED, link=PAGE, images=PICTURE, place="Stadtbücherei", tags=TAGS),
        "nodebb": Seen(title="ABGELAUFEN: Lesepatin gesucht", text=EXPIRED, link=PAGE, images=PICTURE, tags=TAGS),
        **NOWHERE_ELSE,
    },
    "offer withdrawn": {
        "mastodon": GONE,
        "gotosocial": GONE,
        "takahe": GONE,
        "misskey": GONE,
        "friendica": GONE,
        "nodebb": GONE,
        **NOWHERE_ELSE,
    },
}
