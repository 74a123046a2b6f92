"""Which HTTP signatures Fedify and we send each other, whom we knock at how often, and who passes on whose words.

A site that takes one scheme only refuses the other with 401, though Fedify verifies it, and though a proof vouches for
what is in it: so every delivery that gets through has the signature that its receiver wanted.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fediverse_ehrenamt.conversations import store as conversations
from fediverse_ehrenamt.federation.model import HostRow
from tests import towns
from tests.peers.conftest import (
    PATIENCE,
    FedifyPeer,
    OpenSite,
    Organisation,
    came_from,
    follow_ours,
    follow_theirs,
    until_handled,
    until_received,
)
from tests.towns import Town

_COMPONENT = re.compile(r'"([@a-z-]+)"')


def _arrived(fedify: FedifyPeer) -> list[tuple[str, bool, int]]:
    """Return scheme, whether Fedify verified it, and answer of each request to an inbox, oldest first."""
    return [(one.scheme, one.verified, one.status) for one in fedify.state().arrivals]


def _remembered(town: Town, fedify: FedifyPeer) -> str | None:
    return town.read(lambda work: work.db.get_one(HostRow, f"127.0.0.1:{fedify.port}").scheme)


def _publish(organisation: Organisation, fedify: FedifyPeer, key: str) -> None:
    uri = organisation.publish(towns.opportunity("Lesepatin gesucht", key=key))
    until_received(organisation.town, fedify, "Create", uri)


# --- ours -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("challenge", [False, True], ids=["bare 401", "Accept-Signature"])
def test_who_takes_rfc9421_only_is_knocked_at_twice_once(
    hagen: Town, open_site: OpenSite, organisation: Organisation, *, challenge: bool
) -> None:
    fedify = open_site(accept="rfc9421", challenge=challenge)
    follow_ours(hagen, fedify, organisation.uri)
    assert _arrived(fedify) == [("cavage", True, 401), ("rfc9421", True, 202)]
    refused, taken = fedify.state().arrivals
    assert (refused.challenge is not None) == challenge
    if refused.challenge is not None:
        assert taken.signature is not None
        assert set(_COMPONENT.findall(refused.challenge)) <= set(_COMPONENT.findall(taken.signature))
        (nonce,) = re.findall(r';nonce="([^"]+)"', refused.challenge)
        assert f';nonce="{nonce}"' in taken.signature

    _publish(organisation, fedify, "eins")
    hagen.stop()
    hagen.start()
    _publish(organisation, fedify, "zwei")
    assert _arrived(fedify)[2:] == [("rfc9421", True, 202)] * 2
    assert _remembered(hagen, fedify) == "rfc9421"


def test_who_takes_cavage_only_is_knocked_at_once(hagen: Town, open_site: OpenSite, organisation: Organisation) -> None:
    fedify = open_site(accept="cavage")
    follow_ours(hagen, fedify, organisation.uri)
    _publish(organisation, fedify, "eins")
    assert _arrived(fedify) == [("cavage", True, 202)] * 2
    assert _remembered(hagen, fedify) is None


def test_who_changes_their_mind_is_understood_again(
    hagen: Town, open_site: OpenSite, organisation: Organisation
) -> None:
    fedify = open_site(accept="rfc9421")
    follow_ours(hagen, fedify, organisation.uri)
    fedify.order("site", accept="cavage")
    _publish(organisation, fedify, "eins")
    _publish(organisation, fedify, "zwei")
    refused = [("rfc9421", True, 401)]
    assert _arrived(fedify)[2:] == [*refused, ("cavage", True, 202), ("cavage", True, 202)]
    assert _remembered(hagen, fedify) == "cavage"


# --- theirs -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("first", ["rfc9421", "cavage"])
def test_we_take_what_it_signs_first_at_the_first_knock(
    hagen: Town, open_site: OpenSite, organisation: Organisation, first: str
) -> None:
    fedify = open_site(firstKnock=first)
    follow_ours(hagen, fedify, organisation.uri)
    follow_theirs(hagen, fedify)
    offer = organisation.publish(towns.opportunity("Lesepatin gesucht"))
    liked = fedify.say("Like", offer, to=organisation.uri)
    post = fedify.post(f"<p>Erntedank nach Art von {first}</p>")
    hagen.until_found(f"Erntedank {first}", f"Erntedank nach Art von {first}", PATIENCE)
    assert until_handled(hagen, liked) == until_handled(hagen, f"{post}#create") == "handled"
    assert came_from(hagen, fedify) == [(first, "handled")] * 4
    assert fedify.state().knocks_at(hagen.url) == [(first, 202)] * 4
    fedify.delete(post)
    hagen.until_lost(f"Erntedank {first}", PATIENCE)


# --- whoever asks must sign -------------------------------------------------------------------------------------------
@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Town]:
    """A town in secure mode."""
    with towns.country(tmp_path) as country:
        yield country.town("Iserlohn", EHRENAMT_SECURE_MODE="on")


def test_in_secure_mode_both_schemes_open_the_door(strict: Town, open_site: OpenSite) -> None:
    actor = strict.add()
    uri = strict.publish(towns.opportunity("Lesepatin gesucht")).uri
    sites = {first: open_site(firstKnock=first) for first in ("rfc9421", "cavage")}
    for first, fedify in sites.items():
        assert fedify.fetch(uri) is None
        found = fedify.fetch(uri, signed=True)
        assert found is not None
        assert "Lesepatin gesucht" in found["content"]
        asked = [(one.scheme, one.status) for one in fedify.state().knocks if one.url == uri]
        assert asked == [(first, 200)]
        follow_ours(strict, fedify, actor)
    later = strict.publish(towns.opportunity("Lesepate gesucht", key="zwei")).uri
    for fedify in sites.values():
        until_received(strict, fedify, "Create", later)
        assert _arrived(fedify) == [("cavage", True, 202)] * 2


# --- forwarded --------------------------------------------------------------------------------------------------------
def test_what_another_site_passes_on_is_believed_by_its_proof(
    hagen: Town, open_site: OpenSite, organisation: Organisation
) -> None:
    author, forwarder = open_site(), open_site()
    offer = organisation.publish(towns.opportunity("Lesepatin gesucht"))
    forwarder.order("forward", to=organisation.uri)
    answer = author.post(
        "<p>Auch am Samstag?</p>", inReplyTo=offer, mentions=[organisation.uri], tell=[forwarder.actor]
    )
    assert until_handled(hagen, f"{answer}#create") == "handled"
    (row,) = hagen.received(f"{answer}#create")
    assert (row.actor, row.how) == (author.actor, "proof")
    assert author.state().knocks_at(hagen.url) == []
    assert forwarder.state().knocks_at(hagen.url) == [("rfc9421", 202)]
    (kept,) = hagen.read(conversations.replies, organisation.uri)
    assert (kept.uri, kept.author_uri) == (answer, author.actor)
    assert kept.content == "<p>Auch am Samstag?</p>"
