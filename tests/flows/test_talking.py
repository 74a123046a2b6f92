"""Somebody on a Mastodon writes to an organisation, it answers from the shell, and the answer is for them alone."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from fediverse_ehrenamt.vocab.types import PUBLIC
from tests import towns
from tests.flows.conftest import Found
from tests.flows.peer import Letter, Peer
from tests.towns import AS_PEER, Country, Town


@pytest.fixture
def town(found: Found) -> Town:
    made = found("Hagen")
    made.add()
    return made


@pytest.fixture
def peer(country: Country) -> Peer:
    return Peer(country)


def direct(peer: Peer, anna: str, organisation: str, words: str, **fields: Any) -> dict[str, Any]:
    """A direct message as Mastodon sends it."""
    name = f"@buecherei@{organisation.split('/')[2]}"
    mention = {"type": "Mention", "href": organisation, "name": name}
    note = peer.note(anna, words) | {"to": [organisation], "cc": [], "tag": [mention]} | fields
    return peer.activity("Create", anna, note, to=[organisation], cc=[])


def as_mastodon_sees(letter: Letter, person: str, own: Mapping[str, Any]) -> tuple[str, bool]:
    """Return visibility and whether it is threaded, by the rules of Mastodon's `Activity::Create` (interop.md, M)."""
    create = letter.activity
    note = create["object"]
    assert create["type"] == "Create"
    assert note["type"] == "Note"
    assert create["actor"] == note["attributedTo"] == letter.signer
    audience = [*note["to"], *note["cc"]]
    mentioned = [tag["href"] for tag in note["tag"] if tag["type"] == "Mention"]
    if PUBLIC in note["to"]:
        visibility = "public"
    elif PUBLIC in note["cc"]:
        visibility = "unlisted"
    elif any(one.endswith("/followers") for one in audience):
        visibility = "private"
    else:  # whoever is addressed without being mentioned makes it one of limited audience
        visibility = "direct" if mentioned and set(audience) <= set(mentioned) else "limited"
    assert person in mentioned
    return visibility, note["inReplyTo"] == own["id"]


def test_a_question_and_its_answer(town: Town, peer: Peer) -> None:
    organisation, anna = town.owner("buecherei"), peer.actor("anna")
    asked = direct(peer, anna, organisation, "Ist die Stelle noch frei?")
    assert peer.send(f"{organisation}/inbox", asked).status_code == 202
    assert town.until_handled(asked["id"]) == "handled"
    assert town.received(asked["id"])[0].body is None

    (listed,) = town.commanded("message", "list", "--organisation", "buecherei")
    answered = town.commanded("message", "answer", str(listed["id"]), "Ja!\n\nKommen Sie <gern> vorbei.")
    assert answered["person"] == anna
    (letter,) = peer.until("Create")
    assert (letter.inbox, letter.signer) == ("/users/anna/inbox", organisation)
    assert as_mastodon_sees(letter, anna, asked["object"]) == ("direct", True)
    assert "Kommen Sie &lt;gern&gt; vorbei." in letter.activity["object"]["content"]

    town.until_quiet()
    assert len(peer.of("Create")) == 1
    more = [f"{letter.object_id}/{name}" for name in ("likes", "shares", "replies")]
    for private in (letter.activity["id"], letter.object_id, *more):
        assert town.get(private).status_code == 404
    assert letter.object_id not in town.get(f"{organisation}/outbox").text
    assert town.titles("gern") == []


def test_a_conversation_about_an_offer(town: Town, peer: Peer) -> None:
    organisation, anna = town.owner("buecherei"), peer.actor("anna")
    uri = town.publish(towns.opportunity("Vorlesen am Samstag")).uri
    asked = direct(peer, anna, organisation, "Ist die Stelle noch frei?", inReplyTo=uri)
    peer.send(f"{organisation}/inbox", asked)
    assert town.until_handled(asked["id"]) == "handled"
    (listed,) = town.commanded("message", "list")
    assert (listed["person_uri"], listed["about"], listed["answered"]) == (anna, uri, False)
    assert "neu" in town.command("message", "list")
    assert town.command("message", "list", "--organisation", "relay").strip() == "Keine Nachrichten."

    town.command("message", "answer", str(listed["id"]), "Ja!")
    (letter,) = peer.until("Create")
    assert town.commanded("message", "list")[0]["answered"]
    thanks = direct(peer, anna, organisation, "Danke, bis Samstag!", inReplyTo=letter.object_id)
    peer.send(f"{town.url}/inbox", thanks)
    assert town.until_handled(thanks["id"]) == "handled"
    conversation = town.commanded("message", "show", str(listed["id"]))
    assert [(one["sent"], one["about"]) for one in conversation] == [(False, uri), (True, uri), (False, uri)]
    shown = town.command("message", "show", str(listed["id"]))
    assert shown.index("noch frei?") < shown.index("buecherei:") < shown.index("Danke, bis Samstag!")
    assert f"zu {uri}" in shown


def test_whoever_is_written_to_is_found_by_name(town: Town) -> None:
    """What Mastodon does before it can address anybody: WebFinger, then the actor with its inbox."""
    host = town.host
    finger = town.get("/.well-known/webfinger", resource=f"acct:buecherei@{host}").json()
    actor = next(link["href"] for link in finger["links"] if link["rel"] == "self")
    assert actor == town.owner("buecherei")
    assert town.get(actor, AS_PEER).json()["inbox"] == f"{actor}/inbox"


def test_a_public_reply_waits_until_it_is_allowed(town: Town, peer: Peer) -> None:
    organisation, anna = town.owner("buecherei"), peer.actor("anna")
    uri = town.publish(towns.opportunity("Vorlesen am Samstag")).uri
    note = peer.note(anna, "Da war ich schon, schön!") | {"inReplyTo": uri, "cc": [organisation]}
    create = peer.activity("Create", anna, note, cc=[organisation])
    assert peer.send(f"{town.url}/inbox", create).status_code == 202
    assert town.until_handled(create["id"]) == "handled"
    (listed,) = town.commanded("reply", "list", "--state", "wartet")
    assert listed["uri"] == note["id"]
    assert town.get(f"{uri}/replies").json()["totalItems"] == 0
    assert "gezeigt" in town.command("reply", "allow", str(listed["id"]))
    assert town.get(f"{uri}/replies").json()["orderedItems"] == [note["id"]]
    assert town.titles("schön") == []  # said to the organisation, not published here
    assert "verborgen" in town.command("reply", "hide", str(listed["id"]))
    assert town.get(f"{uri}/replies").json()["totalItems"] == 0
    gone = peer.activity("Delete", anna, {"id": note["id"], "type": "Tombstone"})
    peer.send(f"{town.url}/inbox", gone)
    town.until_handled(gone["id"])
    assert town.command("reply", "list").strip() == "Keine Antworten."


def test_a_report_reaches_the_operator(town: Town, peer: Peer) -> None:
    organisation, reporter = town.owner("buecherei"), peer.actor("actor")
    uri = town.publish(towns.opportunity("Vorlesen am Samstag")).uri
    flag = peer.activity("Flag", reporter, [organisation, uri], content="Das ist Werbung.")
    del flag["to"]
    assert peer.send(f"{town.url}/inbox", flag).status_code == 202
    assert town.until_handled(flag["id"]) == "handled"
    (listed,) = town.commanded("report", "list")
    assert (listed["actor"], listed["objects"], listed["comment"]) == (
        organisation,
        [organisation, uri],
        "Das ist Werbung.",
    )
    shown = town.command("report", "show", str(listed["id"]))
    assert re.search(r"Meldung \d+ vom .*, von http://127", shown)
    town.command("report", "close", str(listed["id"]), "--note", "Kein Verstoß")
    assert town.command("report", "list").strip() == "✓ Keine offenen Meldungen."
    assert "Kein Verstoß" in town.command("report", "show", str(listed["id"]))
    assert town.commanded("report", "list", "--all")[0]["decision"] == "Kein Verstoß"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["message", "show", "99"], "Nummer 99 gibt es nicht"),
        (["message", "answer", "99", "Ja"], "Nummer 99 gibt es nicht"),
        (["message", "list", "--organisation", "niemand"], "„niemand“ gibt es hier nicht"),
        (["reply", "allow", "99"], "Nummer 99 gibt es nicht"),
        (["report", "close", "99"], "Nummer 99 gibt es nicht"),
    ],
)
def test_wrong_words_get_a_sentence(country: Country, words: list[str], complaint: str) -> None:
    done = country.town("Hagen").try_command(*words)
    assert done.returncode == 1
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
