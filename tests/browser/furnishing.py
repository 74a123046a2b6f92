"""What the town of the showcase holds: the demo's offers and events, and beside them what is rare, long or foreign."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

import orjson
from PIL import Image, ImageDraw
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.accounts import entering, inviting, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.alerts import actions as alerts
from fediverse_ehrenamt.alerts import wire as alerts_wire
from fediverse_ehrenamt.alerts.model import AlertRow
from fediverse_ehrenamt.alerts.rules import WEEKLY
from fediverse_ehrenamt.audit.rules import By
from fediverse_ehrenamt.conversations.model import MessageRow, ReplyRow
from fediverse_ehrenamt.demo import generator
from fediverse_ehrenamt.demo.towns import TOWNS
from fediverse_ehrenamt.engagements import actions as enquiries
from fediverse_ehrenamt.engagements import asking
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.feeds import actions as feeds
from fediverse_ehrenamt.freshness import rules
from fediverse_ehrenamt.freshness import wire as freshness
from fediverse_ehrenamt.joining import actions as joining
from fediverse_ehrenamt.joining import wire as joining_wire
from fediverse_ehrenamt.joining.rules import Wish
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.mail import links
from fediverse_ehrenamt.media import images
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.quotes import rules as quotes
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import PUBLIC, Create, Note, Opportunity, OrganisationDetails
from fediverse_ehrenamt.work import Work
from tests import towns, workbench
from tests.discover import samples
from tests.media import pictures
from tests.towns import Town

GARDEN: Final = "Hände für den Gemeinschaftsgarten"
READING: Final = samples.READING.details.title
LONG_WORD: Final = "Donaudampfschifffahrtsgesellschaftskapitänsmützenträgerinnenvereinigung"
MAIL: Final = "info@lesewelt.example"
PEOPLE: Final = MappingProxyType({"owner": "Eva Lesewelt", "coordinator": "Clara Koordination"})
"""Who may be signed in on a page, with their names."""
_SPINES = ("#0b5d5a", "#9a3c1c", "#dcab4a", "#473781", "#2f7d79", "#c9683f", "#1747c4")
_SEED, _OFFERS, _EVENTS = 2026, 40, 14
_ABOUT = (
    "Wir bringen Kinder und Bücher zusammen: in Schulen, in der Stadtbücherei und überall, wo vorgelesen wird.\n\n"
    "Rund 80 Menschen zwischen 17 und 84 Jahren lesen bei uns ehrenamtlich vor."
)


def furnish(town: Town) -> Mapping[str, str]:
    """Fill a town and return the ids of pages and the links that the list of pages names."""
    picture = town.folder / "bild.png"
    picture.write_bytes(pictures.written(_drawn(), "PNG"))
    return town.write(_furnish, images.keep(town.settings.data, picture))


def _drawn() -> Image.Image:
    """Draw a shelf of books in the evening, that pages with pictures look like such."""
    made = Image.new("RGB", (960, 540), "#f6dcc0")
    draw = ImageDraw.Draw(made)
    draw.ellipse((640, 60, 860, 280), fill="#f2b277")
    draw.rectangle((0, 455, 960, 540), fill="#7a4a2b")
    left = 60
    for number, colour in enumerate(_SPINES * 2):
        width, height = 34 + 11 * (number % 3), 240 + 37 * (number * 5 % 4)
        draw.rectangle((left, 455 - height, left + width, 454), fill=colour)
        draw.rectangle((left + 8, 455 - height + 34, left + width - 8, 455 - height + 46), fill="#fbf7f1")
        left += width + 5
    return made


def _furnish(work: Work, image: str) -> Mapping[str, str]:
    _demo(work)
    owner = organisations.add(work, "lesewelt", "Lesewelt Hagen e. V.", _ABOUT, _details()).uri
    organisations.set_mail(work, owner, MAIL)
    organisations.add(work, "leer", f"{LONG_WORD} e. V.")
    feeds.add(work, "kultur", "Kultur in Hagen", "bereich=kultur&ort=Hagen", "Neues aus Museen, Bühnen, Büchereien.")
    made = {name: _page(work, uri) for name, uri in _published(work, owner, image).items()}
    _withdraw(work, owner)
    made |= _invite(work, owner)
    made |= _joining(work) | _days(work) | _received(work)  # as a source, before its people write to us
    return made | _links(work, owner, made["voll"]) | _asked(work, owner, made["voll"])


def sign_in(work: Work) -> Mapping[str, str]:
    """Add PEOPLE and return the token of a session of each."""
    organisation = organisations.get(work, "lesewelt").uri
    grants = {"owner": Grant(Role.OWNER, organisation), "coordinator": Grant(Role.COORDINATOR)}
    return {
        who: entering.begin(work, people.add(work, f"{who}@lesewelt.example", name, "de", [grants[who]]).id, "Firefox")
        for who, name in PEOPLE.items()
    }


def _asked(work: Work, owner: str, page: str) -> dict[str, str]:
    """Let people ask and write to an organisation; return the numbers of what came in."""
    uri = f"{work.settings.url}/ap/object/{page}"
    anna = Person(name="Anna Beispiel", mail="anna@beispiel.de", phone="02331 123456", text="Ich lese gern vor. " * 9)
    asked = asking.ask(work, page, anna, "", "de")
    enquiries.confirm(work, asked)
    reached = Person(name=f"Frau {LONG_WORD}"[:80], reach="kommt dienstags", text="Gern!", cells=("di-vormittags",))
    entered = asking.enter(work, page, reached, "de")
    person = samples.READING.attributed_to
    spoken = "<p>Wann trefft ihr euch? Ich würde <b>gern</b> einmal zusehen.</p>"
    for name, more in (("direkt", {"to": (owner,)}), ("antwort", {"to": (PUBLIC,), "in_reply_to": uri})):
        note = Note(id=f"{person}/{name}", attributed_to=person, content=spoken, published=work.now, **more)
        _handle(work, Create(id=f"{note.id}/created", actor=person, object=note, to=note.to))
    message, reply = work.db.scalars(select(MessageRow)).one(), work.db.scalars(select(ReplyRow)).one()
    numbers = {"gefragt": asked.id, "eingetragen": entered.id, "gesagt": message.id, "geantwortet": reply.id}
    numbers |= _shown(work, owner, uri, person)
    return {name: str(number) for name, number in numbers.items()}


def _shown(work: Work, owner: str, uri: str, author: str) -> dict[str, int]:
    """Let somebody quote an offer, recommend its organisation and a feed, with leave; return the numbers of all."""
    feed, gathered = feeds.get(work, "kultur").uri, "<p><strong>Gutes aus unserer Stadt</strong></p><p>Folgt ihnen!</p>"
    rows = {
        name: QuoteRow(
            uri=f"{author}/{name}", url=f"{author}/{name}", object=shown, organisation=by, author=author,
            stamp=f"{uri}/{name}", content=content, published_at=work.now,
            version=work.now, received_at=work.now, state=quotes.ALLOWED, seen=True,
        )
        for name, shown, by, content in (
            ("zitiert", uri, owner, "<p>Das macht <b>Freude</b>, ich war schon da.</p>"),
            ("gesammelt", owner, owner, gathered),
            ("abonniert", feed, feed, gathered),
        )
    }  # fmt: skip
    work.db.add_all(rows.values())
    work.db.flush()
    return {name: row.id for name, row in rows.items()}


def _invite(work: Work, owner: str) -> dict[str, str]:
    """Let an organisation have one colleague more, whose id is returned, and invite another."""
    berta = people.add(work, "berta@hagen.example", "Berta Mitarbeit", "de", [Grant(Role.EDITOR, owner)])
    inviting.invite(work, "carla@hagen.example", Grant(Role.EDITOR, owner))
    return {"berta": berta.id}


def _joining(work: Work) -> dict[str, str]:
    """Let an organisation ask to take part, and coordinators ask something back."""
    wish = Wish(
        name="Foodsharing Hagen e. V.", summary=_ABOUT, postcode="58095", locality="Hagen", legal_form="verein",
        website="https://foodsharing.example", person="Anna Beispiel", mail="anna@web.de",
    )  # fmt: skip
    row = joining.ask(work, wish, "", "de")
    joining.confirm(work, row)
    joining.ask_back(work, row.id, "Seit wann gibt es Sie?", "", By())
    link = joining_wire.request_link(joining.sender(work), row)
    return {joining_wire.PURPOSE: link, "antrag": str(row.id)}


def _demo(work: Work) -> None:
    """Publish as the demo does, a part of it."""
    town = TOWNS[0]
    owners = {
        one.handle: organisations.add(work, one.handle, one.name, one.summary, one.details).uri
        for one in generator.organisations(town, _SEED)
    }
    for entry in generator.entries(town, work.now, _SEED, _OFFERS, _EVENTS):
        owner = owners[entry.organisation]
        if isinstance(entry.draft, EventDraft):
            events.publish(replace(work, now=entry.published_at), owner, entry.draft)
        else:
            opportunities.publish(replace(work, now=entry.confirmed_at), owner, entry.draft)


def _details() -> OrganisationDetails:
    return OrganisationDetails(
        legal_form="verein",
        public_benefit="anerkannt",
        areas=("kultur", "schule_kita"),
        opening_hours="Mo-Fr 09:00-16:00",
    )


def _published(work: Work, owner: str, image: str) -> dict[str, str]:
    """Publish one of each kind that the list of pages names; return their URIs."""
    soon = _soon(work)
    whole = replace(samples.READING.details, confirmed_at=None, expires_at=None, same_as=(), title_map={})
    whole = replace(whole, start_date=None, end_date=None, apply_by=(work.now + timedelta(days=30)).date())
    text = (
        "Einmal in der Woche lesen Sie vier Kindern der zweiten Klasse vor. Sie suchen die Geschichten selbst aus, wir "
        "haben eine gut gefüllte Bücherkiste.\n\nVor dem ersten Mal zeigen wir Ihnen alles, und alle zwei Monate "
        "treffen sich die Patinnen und Paten."
    )
    full = Draft(
        key="voll", details=whole, text=text, plain_language="Kinder hören gern Geschichten.\n\nSie lesen ihnen vor.",
        place=samples.READING.place, hashtags=("vorlesen", "hagen"), image=image,
        image_alt="Ein Regal voller bunter Bücher in der Abendsonne", contact_url="https://lesewelt.example/",
    )  # fmt: skip
    garden = towns.opportunity(GARDEN, "Wir jäten, säen und ernten zusammen, immer samstags.", key="garten")
    long = towns.opportunity(f"{LONG_WORD}: {'sehr lange Überschrift ' * 5}", f"{LONG_WORD * 2} " * 40, key="lang")
    ukrainian = towns.opportunity("Читання для дітей", "Раз на тиждень ви читаєте дітям уголос у бібліотеці.", "uk")
    arabic = towns.opportunity("القراءة للأطفال", "اقرأ مرة في الأسبوع قصصًا للأطفال في مكتبة المدينة.", "ar")
    drafts: list[Draft | EventDraft] = [
        full, long, replace(garden, details=replace(garden.details, areas=("umwelt_tiere",))),
        replace(ukrainian, language="uk"), replace(arabic, language="ar"),
        towns.opportunity("Kasse im Weltladen", key="besetzt", status="besetzt"),
        towns.opportunity("Hilfe beim Umzug der Bücherei", key="weg"),
        towns.event("Lesefest in der Stadtbücherei", soon, "termin", image=image, image_alt="Bunte Bücher"),
        towns.event("Sommerlesung im Park", soon + timedelta(days=9), "abgesagt", status="cancelled"),
    ]  # fmt: skip
    names = ("voll", "lang", "garten", "ukrainisch", "arabisch", "besetzt", "weg", "termin", "abgesagt")
    return {name: _publish(work, owner, draft) for name, draft in zip(names, drafts, strict=True)}


def _soon(work: Work) -> datetime:
    """Return when the first date of the organisation begins."""
    return work.now.replace(minute=0, second=0, microsecond=0) + timedelta(days=12)


def _days(work: Work) -> dict[str, str]:
    """Return the month and the week of that date, as addresses of the calendar have them: it shows no year ago."""
    day = clock.day(_soon(work))
    return {"monat": f"{day:%Y-%m}", "woche": f"{day:%G-W%V}"}


def _publish(work: Work, owner: str, draft: Draft | EventDraft) -> str:
    if isinstance(draft, EventDraft):
        return events.publish(work, owner, draft).uri
    return opportunities.publish(work, owner, draft).uri


def _withdraw(work: Work, owner: str) -> None:
    draft = towns.opportunity("Hilfe beim Umzug der Bücherei", key="weg")
    opportunities.publish(work, owner, towns.withdrawn(draft))


def _received(work: Work) -> dict[str, str]:
    """Take an offer and a post of another town, as if its inbox had brought them."""
    author = samples.READING.attributed_to
    workbench.know(work, author)
    workbench.add_source(work, author)
    offer = replace(samples.READING, published=work.now - timedelta(days=90), updated=work.now - timedelta(days=20))
    details = replace(offer.details, confirmed_at=offer.updated, expires_at=work.now + timedelta(days=160))
    details = replace(details, end_date=None, apply_by=None)
    post = replace(samples.NEWS, attributed_to=author, published=work.now, to=(PUBLIC,))
    return {
        "fremd": _take(work, replace(offer, details=details, to=(PUBLIC,)), author),
        "beitrag": _take(work, _with_a_flyer(post), author),
    }


def _with_a_flyer(post: Note) -> Note:
    """Return a post as it comes with a file attached; we write none ourselves."""
    address = "https://ehrenamt.hagen.example/handzettel.pdf"
    flyer = {"type": "Document", "mediaType": "application/pdf", "url": address, "name": "Handzettel zum Ausdrucken"}
    read = codec.parse_object(orjson.dumps(orjson.loads(codec.write(post)) | {"attachment": [flyer]}))
    assert isinstance(read, Note)
    return read


def _take(work: Work, thing: Opportunity | Note, author: str) -> str:
    _handle(work, Create(id=f"{thing.id}/created", actor=author, object=thing, to=(PUBLIC,)))
    return _page(work, thing.id)


def _handle(work: Work, activity: Create) -> None:
    handle = wiring.HANDLERS.find(activity)
    assert handle is not None
    with wiring.HANDLERS.together(work):
        handle(work, activity)


def _page(work: Work, uri: str) -> str:
    return documents.get(work, uri).id


def _links(work: Work, owner: str, page: str) -> dict[str, str]:
    """Return the links of letters: about an offer, to an organisation, about a saved search."""
    until = work.now + rules.LINKS_HOLD + timedelta(days=1)  # of a letter after the offer was last confirmed
    offer = f"{work.settings.url}/ap/object/{page}"
    subjects = {freshness.CONFIRM: (offer, page), freshness.CLOSE: (offer, page), freshness.STOP: (owner, "lesewelt")}
    alerts.ask(work, "anna@beispiel.de", searches.read([("q", "vorlesen"), ("ort", "Hagen")]), WEEKLY, "de")
    row = work.db.scalars(select(AlertRow)).one()
    asked = alerts_wire.subject_of(row), str(row.id)
    subjects |= {alerts_wire.CONFIRM: asked, alerts_wire.STOP: asked}
    return {purpose: links.link(work.settings, purpose, *subject, until) for purpose, subject in subjects.items()}
