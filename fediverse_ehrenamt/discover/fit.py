"""Hits in the order of what somebody said of themselves, with why each fits. Pure but for the index it asks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Final

from fediverse_ehrenamt.matching import explaining, gates, rules, week, wording
from fediverse_ehrenamt.matching.offers import ONLINE, Offer
from fediverse_ehrenamt.matching.profile import Profile
from fediverse_ehrenamt.matching.rules import Left, Order
from fediverse_ehrenamt.matching.weights import Weights
from fediverse_ehrenamt.search import facets
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.engine import COMPARED, PAGE_SIZE, Hit, Index, Results
from fediverse_ehrenamt.search.model import EVENT, POST, Document, Facts
from fediverse_ehrenamt.search.query import MAX_PAGE, Query
from fediverse_ehrenamt.web.i18n import Language

CHANGEABLE: Final = {"umkreis": "Umkreis", "online": "Online", "zeugnis": "Führungszeugnis"}
"""Questions that somebody may answer otherwise to see more; one's age, needs and German are as they are."""
_KEPT = 4_096  # offers in memory: two pages of other people's hits
_LEAST_AROUND_KM = 30.0  # what serves a whole municipality may lie outside of a small radius
_NOTHING = Facts()


@dataclass(frozen=True, slots=True)
class Fitting:
    """One page of hits as they fit somebody: `results` counts only those that nothing leaves out.

    `sentences` say why, by URI; not every hit has one. `left` says what was left out, "" for nothing; `more` are
    questions of `CHANGEABLE` and how many more there would be without their answer. `compared` is how many of
    `matching` hits were looked at.
    """

    results: Results
    sentences: dict[str, str]
    left: str
    more: tuple[tuple[str, int], ...]
    compared: int
    matching: int


def counts(profile: Profile) -> bool:
    """Say whether somebody answered anything that orders offers or leaves some out."""
    return bool(rules.answered(profile)) or gates.standing(profile) != gates.standing(Profile())


def find(index: Index, query: Query, profile: Profile, weights: Weights, words: Language, now: datetime) -> Fitting:
    """Return a page of the best hits of a search as they fit somebody; what cannot be judged (posts) comes last."""
    best = index.best(query, now, COMPARED, _around(profile))
    judged = {hit.document.uri: hit for hit in best.hits if hit.document.kind != POST}
    unsure = {hit.document.uri for hit in best.hits[best.total - best.unsure :]}
    offers = [_asked(hit, now) for hit in judged.values()]
    order = rules.order(offers, profile, weights, now, unsure=unsure)
    if not order.matches and any(left.gate.reason == gates.UNCONFIRMED for left in order.left):
        order = rules.order(list(map(_believed, offers)), profile, weights, now, unsure=unsure)
    order = _with_far(order, best.far)
    posts = [hit for hit in best.hits if hit.document.kind == POST]
    page = min(max(query.page, 1), MAX_PAGE)
    shown = tuple(islice(_ranked(order, judged, posts), (page - 1) * PAGE_SIZE, page * PAGE_SIZE))
    total = len(order.matches) + len(posts)
    return Fitting(
        results=replace(best, hits=shown, total=total, page=page, pages=min(-(-total // PAGE_SIZE), MAX_PAGE)),
        sentences={
            hit.document.uri: wording.sentence(explaining.explain(_asked(hit, now), profile, weights), words)
            for hit in shown
            if _is_known(hit.document)
        },
        left=wording.excluded(order, words),
        more=tuple((name, number) for name, number in wording.loosening(order) if name in CHANGEABLE),
        compared=len(best.hits),
        matching=best.total,
    )


def _ranked(order: Order, judged: dict[str, Hit], posts: list[Hit]) -> Iterator[Hit]:
    yield from (judged[match.offer.uri] for match in order.matches)
    yield from posts


def _is_known(document: Document) -> bool:
    """Say whether one can tell what a thing does not say: not of posts, nor of a card from before cards had facts."""
    return document.kind == EVENT or (document.kind != POST and document.facts is not None)


def _around(profile: Profile) -> Circle | None:
    """Return where to look first if there is too much to look at all of it."""
    where = profile.where
    if where is None:
        return None
    return Circle(where.latitude, where.longitude, max(float(where.radius_km), _LEAST_AROUND_KM))


def _with_far(order: Order, far: int) -> Order:
    """Return the order with those counted too that were not even looked at; `only` cannot count them."""
    if not far:
        return order
    gate = next(one for one in gates.GATES if one.reason == gates.TOO_FAR)
    found = next((left for left in order.left if left.gate is gate), Left(gate, 0, 0))
    others = tuple(left for left in order.left if left.gate is not gate)
    return replace(order, left=(*others, replace(found, count=found.count + far)))  # it is the last of GATES


# --- from a Document to an Offer --------------------------------------------------------------------------------------
def _asked(hit: Hit, now: datetime) -> Offer:
    """Return the offer of a hit; those that were searched by words, and events, are made for this search alone."""
    if hit.document.kind == EVENT:
        return replace(offer(hit.document, hit.text_score), confirmed_at=now)
    return _kept_offer(hit.document) if hit.text_score is None else offer(hit.document, hit.text_score)


def _believed(one: Offer) -> Offer:
    """Return an offer that its age does not leave out: where all of a listing is old, that is better than nothing."""
    return replace(one, confirmed_at=None)


def offer(document: Document, text_score: float | None = None) -> Offer:
    """Return what matching must know of an offer or event.

    An event says when and where it is and its area, most say no more. Nobody confirms events, their date says enough.
    """
    said = document.facts or _NOTHING
    return Offer(
        uri=document.uri,
        organisation_uri=document.organisation_uri,
        title=document.title,
        kind=said.kind,
        areas=document.areas,
        activities=said.activities,
        audiences=said.audiences,
        suitable_for=said.suitable_for,
        mode=ONLINE if document.anywhere else said.mode,
        cells=week.mask(facets.event_cells(document) if document.starts_at else said.cells),
        flexible=said.flexible,
        effort=said.effort,
        minimum_duration=said.minimum_duration,
        latitude=document.latitude,
        longitude=document.longitude,
        municipality=said.municipality,
        german_level=said.german_level,
        languages=said.languages,
        skills=said.skills,
        minimum_age=said.minimum_age,
        maximum_age=said.maximum_age,
        clearance=said.clearance,
        accessibility=said.accessibility,
        told=() if document.starts_at else said.told,
        status=document.status,
        apply_by=said.apply_by,
        end=said.end_date,
        expires_at=document.expires_at,
        confirmed_at=None if document.kind == EVENT else document.fresh_at,
        places=said.places,
        text_score=text_score,
    )


_kept_offer = lru_cache(_KEPT)(offer)  # by the whole Document, so that one that changed is read anew
