"""A club's WordPress with the ActivityPub plugin 8.2.0, played as it spoke when one ran beside a town of ours.

Its blog is a `Group`, its posts are `Article`s with an excerpt for a `summary`, and it deletes by the bare id.
"""

from typing import Any

import pytest

from tests import towns
from tests.flows.conftest import Found
from tests.flows.peer import Peer
from tests.towns import Country, Town

Json = dict[str, Any]
_GTS = {
    term: {"@id": f"gts:{term}", "@type": "@id"}
    for term in (
        *("interactionPolicy", "canQuote", "canReply", "canLike", "canAnnounce"),
        *("automaticApproval", "manualApproval", "always"),
    )
}
_PREFIXES = {"Hashtag": "as:Hashtag", "sensitive": "as:sensitive", "gts": "https://gotosocial.org/ns#"}
_CONTEXT = ["https://www.w3.org/ns/activitystreams", {**_PREFIXES, **_GTS}]
_PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@pytest.fixture
def hagen(found: Found) -> Town:
    return found("Hagen")


@pytest.fixture
def blog(country: Country) -> Peer:
    peer = Peer(country, "wordpress")
    peer.actor("feuerwehr")
    peer.documents["/users/feuerwehr"] |= {"type": "Group", "name": "Feuerwehr Hagen", "discoverable": True}
    return peer


@pytest.fixture
def author(hagen: Town, blog: Peer) -> str:
    """The blog's actor, which Hagen follows."""
    uri = f"{blog.url}/users/feuerwehr"
    hagen.follow(uri)
    (follow,) = blog.until("Follow")
    blog.send(f"{hagen.url}/inbox", blog.activity("Accept", uri, dict(follow.activity)))
    hagen.until(lambda: (one := hagen.source(uri)) is not None and one.state == "accepted", "is accepted")
    return uri


def _article(blog: Peer, author: str, title: str, text: str) -> Json:
    policy = {one: {"automaticApproval": _PUBLIC, "always": _PUBLIC} for one in ("canAnnounce", "canLike", "canReply")}
    uri = f"{blog.url}/?p=14"
    return {
        "id": uri,
        "type": "Article",
        "attachment": [],
        "attributedTo": author,
        "content": f"<p>Die <b>Feuerwehr</b> {text}</p>",
        "context": f"{blog.url}/wp-json/activitypub/1.0/posts/14/context",
        "contentMap": {"de": f"<p>Die <b>Feuerwehr</b> {text}</p>"},
        "name": title,
        "nameMap": {"de": title},
        "preview": {"type": "Note", "content": f"Die Feuerwehr {text}"},
        "published": blog.ago(minutes=5),
        "summary": f"Die Feuerwehr {text[:20]} […]",
        "summaryMap": {"de": f"Die Feuerwehr {text[:20]} […]"},
        "tag": [{"type": "Hashtag", "href": f"{blog.url}/tag/ehrenamt/", "name": "#Ehrenamt"}],
        "url": f"{blog.url}/2026/11/wir-suchen-helfer/",
        "to": [_PUBLIC],
        "cc": [f"{author}/followers"],
        "mediaType": "text/html",
        "likes": {"id": f"{uri}&likes", "type": "Collection", "totalItems": 0},
        "interactionPolicy": policy,
    }


def test_the_posts_of_a_blog_come_change_and_go(hagen: Town, blog: Peer, author: str) -> None:
    def say(kind: str, thing: Json | str) -> None:
        activity = blog.activity(kind, author, thing, cc=[f"{author}/followers"]) | {"@context": _CONTEXT}
        assert blog.send(f"{hagen.url}/inbox", activity).status_code == 202
        assert hagen.until_handled(activity["id"]) == "handled"

    first = _article(blog, author, "Wir suchen Helfer & Helferinnen", "sucht Leute, die beim Löschfest ausschenken.")
    say("Create", first)
    card = hagen.until_found("ausschenken", "Wir suchen Helfer & Helferinnen")
    assert card.origin_url == first["url"]
    assert "[…]" not in card.text

    later = {"updated": blog.ago(minutes=1)}
    say("Update", _article(blog, author, "Wir suchen Löschende", "sucht Leute, die schleppen.") | later)
    hagen.until_found("schleppen", "Wir suchen Löschende")
    assert not hagen.titles("ausschenken")

    say("Delete", first["id"])
    hagen.until_lost("schleppen")


def test_posts_of_a_blog_that_does_not_want_to_be_searched_stay_out(hagen: Town, blog: Peer, author: str) -> None:
    """What is not said to be `indexable` is not (FEP-5feb), be it as long as it may."""
    actor = {key: value for key, value in blog.documents["/users/feuerwehr"].items() if key != "indexable"}
    blog.documents["/users/feuerwehr"] = actor
    update = blog.activity("Update", author, actor)
    blog.send(f"{hagen.url}/inbox", update)
    assert hagen.until_handled(update["id"]) == "handled"
    create = blog.activity("Create", author, _article(blog, author, "Wir suchen", "sucht Leute zum Schleppen."))
    blog.send(f"{hagen.url}/inbox", create)
    hagen.until_handled(create["id"])
    assert not hagen.titles("Schleppen")


def test_a_blog_answers_an_offer(hagen: Town, blog: Peer) -> None:
    """In a post with the block that answers, whom it is for stands in a paragraph of its own."""
    organisation = hagen.add()
    offer = hagen.publish(towns.opportunity("Lesepatin gesucht")).uri
    author = f"{blog.url}/users/feuerwehr"
    mention = f'<p><a rel="mention ugc" href="{offer}" title="buecherei@{hagen.host}">@buecherei</a></p>'
    note = blog.note(author, "") | {
        "content": f"{mention}<p>Wir helfen gern mit!</p>",
        "inReplyTo": offer,
        "cc": [f"{author}/followers", organisation],
        "tag": [],
    }
    create = blog.activity("Create", author, note, cc=note["cc"])
    assert blog.send(f"{hagen.url}/inbox", create).status_code == 202
    assert hagen.until_handled(create["id"]) == "handled"
    listed = hagen.command("reply", "list")
    assert listed.strip().endswith(f"zu {offer}: @buecherei Wir helfen gern mit!")
