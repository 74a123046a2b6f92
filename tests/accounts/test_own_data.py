"""What is kept of whoever has an account, in all tables that there are: it stands in their file, and goes with them.

Columns of a table that comes later fail here until somebody says whose they are: what is kept of people with accounts
is handed out and erased by `wiring.OWN_DATA` and is put down in `keep_everything`.
"""

import re
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import pytest
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.accounts import entering, inviting, moving
from fediverse_ehrenamt.accounts.model import PasskeyRow
from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.alerts import actions as alerts
from fediverse_ehrenamt.alerts.rules import WEEKLY
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did, mailbox
from fediverse_ehrenamt.bringing import store as brought
from fediverse_ehrenamt.bringing.model import BroughtRow
from fediverse_ehrenamt.bringing.rules import State
from fediverse_ehrenamt.engagements import actions as enquiries
from fediverse_ehrenamt.engagements import asking
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.rules import Person as Asking
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.joining import actions as joining
from fediverse_ehrenamt.joining.rules import Wish
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.rules import Ground
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.work import Work
from tests.accounts.house import ANNA, House
from tests.accounts.test_factors import turn_on
from tests.accounts.test_passwords import set_password
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
NAME, BERT = "Anna Unverwechselbar", "bert@beispiel.de"
_PERSONAL: Final = re.compile(
    "person|mail|account|inviter|author|reporter|follower|blocker|writer|member|visitor|user|decided_by|phone|owner"
    "|sealed|reader|sender|actor"
)
"""How a column may be called that names somebody."""

KEPT: Final = frozenset(
    {
        *("people.id", "people.mail", "people.name", "people_roles.person", "people_sessions.person"),
        *("people_passwords.person", "people_factors.person", "people_codes.person", "people_passkeys.person"),
        *("people_challenges.person", "people_links.person", "people_moves.person", "people_moves.former"),
        *("people_invitations.mail", "people_invitations.inviter", "audit_log.person", "audit_log.uri"),
        *("audit_log.label", "joining_requests.account", "joining_requests.mail", "joining_requests.person"),
        *("alerts.mail", "reports.mail", "brought_listings.person", "jobs.argument", "measures.person"),
    }
)
"""Where the id, the mail address or the name of somebody with an account stand once they did all that one can do."""
SEALED: Final = frozenset({"enquiries.sealed", "enquiry_entries.sealed"})
"""What they wrote and nobody can read in the database; found by a hash of the mail address, and looked at below."""
OTHERS: Final = MappingProxyType(
    {
        "an address that somebody else will have: goes with the row": {"people_moves.mail"},
        "actors of organisations of ours": {
            *("former_keys.actor", "followers.actor", "published.actor", "organisation_contacts.actor"),
            *("organisation_profiles.actor", "showings.actor", "brought_listings.actor", "import_entries.actor"),
            *("unfinished.actor", "series.actor", "feeds.actor", "reports.actor", "doubt_letters.actor"),
            *("blocked_by.actor", "held_posts.actor"),
        },
        "people in the fediverse, who are erased by their Delete": {
            *("followers.follower", "blocked_by.blocker", "received.actor", "things.actor", "reviews.actor"),
            *("attendances.actor", "reactions.actor", "replies.author", "quotes.author", "messages.person"),
            *("feed_entries.author", "reports.reporter", "refused_senders.person"),
        },
        "where an organisation is written to, which stays when somebody leaves it": {"organisation_contacts.mail"},
        "an organisation or the instance, as the owner of a text": {"texts.owner"},
        "which side wrote, not who": {"joining_notes.writer", "enquiry_entries.writer"},
        "no name: whether a source is a whole server": {"sources.whole_origin"},
        "what somebody typed at the machine itself": {"duplicate_pairs.decided_by"},
    }
)
"""What may be called alike and is not of people with accounts, by the reason."""


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def test_of_every_column_that_may_name_somebody_it_is_said_whose_it_is() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in wiring.TABLES.tables.values()
        for column in table.columns
        if _PERSONAL.search(column.name)
    }
    said = [*KEPT, *SEALED, *(column for columns in OTHERS.values() for column in columns)]
    assert len(said) == len(set(said)), "one column, one reason"
    assert named - set(said) == set(), "whose is it, and who erases it?"
    columns = {f"{table.name}.{column.name}" for table in wiring.TABLES.tables.values() for column in table.columns}
    assert set(said) - columns == set(), "these are no longer there"


def places(hagen: House, *marks: str) -> set[str]:
    """Return all columns of all tables in which one of these stands."""

    def run(work: Work) -> set[str]:
        found = set()
        for table in wiring.TABLES.tables.values():
            for row in work.db.execute(select(table)).mappings():
                for name, value in row.items():
                    said = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    if any(mark in said for mark in marks):
                        found.add(f"{table.name}.{name}")
        return found

    where: set[str] = hagen.write(run)
    return where


async def keep_everything(hagen: House, library: str) -> Person:
    """Let somebody do everything after which something is kept of them."""
    anna = hagen.add(ANNA, NAME, Grant(Role.OWNER, library), Grant(Role.COORDINATOR))
    await set_password(hagen, anna.id)
    await turn_on(hagen, anna.id)
    async with hagen.visit(anna.id) as browser:
        await browser.post("/konto/passkeys/start")
    await hagen.letters()

    def run(work: Work) -> None:
        thing = opportunities.publish(work, library, offer()).uri
        page = thing.rpartition("/")[2]
        work.db.add(
            PasskeyRow(
                digest="0" * 64, person=anna.id, credential=b"1", public_key=b"2", sign_count=0, name="Telefon",
                created_at=work.now, used_on=None,
            )
        )  # fmt: skip
        entering.make_link(work, anna.id)
        moving.ask(work, anna.id, "neu@beispiel.de")
        inviting.invite(work, BERT, Grant(Role.EDITOR, library), anna.id)
        other = organisations.add(work, "tafel", "Tafel Hagen").uri
        inviting.invite(work, ANNA, Grant(Role.EDITOR, other))
        audit.note(work, By(anna.id), Did.PUBLISHED, About("Lesepatin gesucht", thing, library))
        audit.note(work, By(), Did.ROLE_GIVEN, About(NAME, anna.id))
        audit.note(work, By(), Did.INVITED, About(ANNA, mailbox(ANNA)))
        wish = Wish(
            name="Repair-Café Hagen", handle="repair", summary="Wir reparieren, was kaputt ist.", postcode="58095",
            locality="Hagen", person=NAME, mail=ANNA,
        )  # fmt: skip
        joining.ask(work, wish, "", "de", anna.id)
        joining.ask(work, replace(wish, name="Lesebühne Hagen", handle="lesebuehne"), "", "de")
        alerts.ask(work, ANNA, searches.read([("q", "Vorlesen")]), WEEKLY, "de")
        row = asking.ask(work, page, Asking(name=NAME, mail=ANNA, text="Ich lese gern vor."), "", "de")
        enquiries.confirm(work, row)
        moderation.complain(work, documents.get(work, thing), "Das stimmt so nicht", ANNA, "de")
        work.db.add(_listing(anna.id, work))
        theirs = opportunities.publish(work, other, offer()).uri
        moderation.take_down(work, theirs, Reasons(Ground.RULES, "Das verlangt Geld von Helfenden.", person=anna.id))

    hagen.write(run)
    return anna


def _listing(person: str, work: Work) -> BroughtRow:
    return BroughtRow(
        id=ids.new_id(), actor="", name="angebote.csv", address="", content=b"", digest="", format="csv", mapping="",
        organisation="", create_organisations=False, replaces=0, every_hours=0, force=False, state=State.WAITING,
        person=person, on_behalf=False, source=0, planned=0, written=0, report="", error="", added_at=work.now,
    )  # fmt: skip


async def test_all_of_it_is_handed_out_and_erased(hagen: House) -> None:
    library = hagen.write(add_organisation)
    anna = await keep_everything(hagen, library)
    assert places(hagen, anna.id, ANNA, NAME) == KEPT
    async with hagen.visit(anna.id) as browser:
        found = (await browser.get("/konto/daten.json")).json()
        assert len(found["requests_to_join"]) == 2
        assert found["saved_searches"][0]["search"] == "q=Vorlesen"
        assert [(one["text"], one["name"]) for one in found["enquiries"]] == [("Ich lese gern vor.", NAME)]
        assert [one["comment"] for one in found["reports"]] == ["Das stimmt so nicht"]
        assert [one["name"] for one in found["listings_under_way"]] == ["angebote.csv"]
        assert [one["mail"] for one in found["invitations"]] == [BERT]
        assert [one["mail"] for one in found["invitations_received"]] == [ANNA]
        assert {one["what"] for one in found["log"]} >= {"Lesepatin gesucht", NAME, ANNA}
        assert (found["codes_on_paper"] > 0, len(found["passkeys"])) == (True, 1)
        await browser.get("/konto/loeschen")
        assert "Ihr Konto ist gelöscht" in (await browser.post("/konto/loeschen")).text
    assert places(hagen, anna.id, ANNA, NAME) == set()
    left = hagen.write(lambda work: [(row.sealed, row.mark, row.erased) for row in work.db.scalars(select(EnquiryRow))])
    assert left == [("", "", True)], "it is counted, and says nothing of anybody"
    assert {one["To"] for one in await hagen.letters()} == {"neu@beispiel.de", BERT}, "none to them, all others"
    assert places(hagen, anna.id, ANNA, NAME) == set()


async def test_what_is_of_others_stays(hagen: House) -> None:
    library = hagen.write(add_organisation)
    anna = await keep_everything(hagen, library)
    bert = hagen.add(BERT, "Bert Beispiel")

    def more(work: Work) -> None:
        alerts.ask(work, BERT, searches.read([("q", "Garten")]), WEEKLY, "de")
        work.db.add(_listing(bert.id, work))

    hagen.write(more)
    olga = hagen.add_operator()
    async with hagen.visit(olga.id) as browser:
        await browser.get(f"/verwaltung/personen/{anna.id}/loeschen")
        assert (await browser.post(f"/verwaltung/personen/{anna.id}/loeschen")).is_redirect
    assert places(hagen, anna.id, ANNA, NAME) == {"jobs.argument"}, "the letter that says so"
    assert {"alerts.mail", "brought_listings.person", "jobs.argument"} <= places(hagen, bert.id, BERT)
    running = hagen.write(lambda work: [row.state for row in brought.had_read_by(work, "gone")])
    assert running == [State.WAITING], "it is read all the same"
    assert ANNA in {one["To"] for one in await hagen.letters()}
    assert places(hagen, anna.id, ANNA, NAME) == set(), "once it is sent"


async def test_a_letter_to_an_address_that_holds_theirs_is_another_one(hagen: House) -> None:
    async def waiting(mail: str) -> bool:
        return "jobs.argument" in places(hagen, f'"{mail}"')

    anna = hagen.add(ANNA, NAME)
    longer = f"die-{ANNA}"

    def run(work: Work) -> None:
        for mail in (ANNA, longer):
            alerts.ask(work, mail, searches.read([("q", "Vorlesen")]), WEEKLY, "de")

    hagen.write(run)
    hagen.write(sending.forget, anna.mail)
    assert (await waiting(ANNA), await waiting(longer)) == (False, True)
