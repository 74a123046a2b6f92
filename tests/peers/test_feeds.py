"""A real Fedify server follows a saved search of ours, and is told of what is new in it."""

from fediverse_ehrenamt.duplicates import tasks as duplicates
from fediverse_ehrenamt.feeds import actions
from fediverse_ehrenamt.feeds.tasks import HOUSEKEEPING
from tests import towns
from tests.peers.conftest import FedifyPeer, Organisation, follow_ours, until_received
from tests.towns import Town


def _tidy(town: Town) -> None:
    """Do at once what housekeeping does every minute."""
    while sum([town.write(one) for one in (duplicates.follow, *HOUSEKEEPING)]):
        pass


def test_it_follows_a_feed_and_sees_announce_update_and_delete(
    hagen: Town, fedify: FedifyPeer, organisation: Organisation
) -> None:
    handle = f"abo_{organisation.handle}"
    feed = hagen.write(actions.add, handle, "Kultur in Hagen", f"q={organisation.handle}&bereich=kultur")
    found = fedify.lookup(f"@{handle}@{hagen.host}")
    assert found is not None
    assert (found["type"], found["id"], found["url"]) == ("Service", feed.uri, f"{hagen.url}/abos/{handle}")
    follow_ours(hagen, fedify, feed.uri)

    draft = towns.opportunity("Lesepatin gesucht", f"Einmal in der Woche vorlesen, {organisation.handle} bittet darum.")
    uri = organisation.publish(draft)
    other = organisation.publish(towns.opportunity("Küsterin gesucht", key="zwei"))
    _tidy(hagen)
    announce = until_received(hagen, fedify, "Announce", uri)
    assert announce.actor == feed.uri
    assert announce.cc == (f"{feed.uri}/followers", organisation.uri)

    organisation.publish(
        towns.opportunity("Lesepate gesucht", f"Zweimal vorlesen, {organisation.handle} bittet darum.")
    )
    _tidy(hagen)
    update = until_received(hagen, fedify, "Update", uri)
    assert update.actor == organisation.uri
    organisation.publish(towns.withdrawn(draft))
    _tidy(hagen)
    assert until_received(hagen, fedify, "Delete", uri).actor == organisation.uri
    hagen.until_quiet()
    told = [(one.activity, one.object_id) for one in fedify.state().received if one.object_id in {uri, other}]
    assert told == [("Announce", uri), ("Update", uri), ("Delete", uri)]
