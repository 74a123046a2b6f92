"""What is done with districts: learnt, entered, changed, merged, hidden, taken back; and how each process knows them.

A change comes with a job that looks through what is published, which `things.placing` does.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from fediverse_ehrenamt.districts import rules, store
from fediverse_ehrenamt.districts.rules import Origin, Typed, What
from fediverse_ehrenamt.districts.store import State, States
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.places.districts import District, Kept, Key, joined, root
from fediverse_ehrenamt.work import Work

PLACE_AGAIN: Final = "place_again"
"""The job that looks through what is published after a change."""
_teaching = threading.Lock()


@dataclass(frozen=True, slots=True)
class Listed:
    """A district, or where it is `hidden` what is none any more."""

    key: Key
    district: District
    origin: Origin
    hidden: bool = False


# --- knowing ----------------------------------------------------------------------------------------------------------
def teach(work: Work) -> int:
    """Let this process know the districts as they are now, and return their edition."""
    with _teaching:  # what is read later is newer
        edition = store.edition(work)
        data.teach(tuple(store.kept(work).values()))
        return edition


def listing(work: Work, town: str = "") -> list[Listed]:
    """Return all districts, or those of a town, by their labels; the hidden ones are the last of their town."""
    kept, origins = store.kept(work), store.origins(work)
    shown = joined(gazetteer.own_districts(), kept.values())
    found = [Listed(key, one, origins.get(key, Origin.OWN)) for key, one in shown.items()]
    found += [Listed(key, one.district, origins[key], hidden=True) for key, one in kept.items() if one.hidden]
    chosen = [one for one in found if not town or one.key[0] == gazetteer.fold(town)]
    return sorted(chosen, key=lambda one: (one.key[0], one.hidden, one.key[1]))


def present(work: Work, labels: Iterable[str]) -> dict[str, str]:
    """Return what districts are called now that were called otherwise, by their former labels ("Hagen-Haspe").

    One that was merged is called as the one that it was merged with. What is no district any more keeps its label.
    """
    kept = store.kept(work)
    shown = joined(gazetteer.own_districts(), kept.values())
    found = {}
    for label in labels:
        dashes = (at for at, letter in enumerate(label) if letter == "-")  # towns have some too
        keys = (root(gazetteer.key(label[:at], label[at + 1 :]), kept) for at in dashes)
        now = next((shown[key].label for key in keys if key in shown), label)
        if now != label:
            found[label] = now
    return found


def changed_since(work: Work, moment: datetime) -> set[str]:
    """Return the towns in which what is published was put into other districts since a moment, or is yet to be."""
    return store.placed_since(work, moment)


def get(work: Work, key: Key) -> Listed:
    """Return a district that is shown or hidden, also by another name of it; raises `NotFound`."""
    return _exactly(work, root(key, store.kept(work)))


def _exactly(work: Work, key: Key) -> Listed:
    found = next((one for one in listing(work, key[0]) if one.key == key), None)
    if found is None:
        raise NotFound("Diesen Stadtteil gibt es hier nicht (mehr).")
    return found


# --- changing ---------------------------------------------------------------------------------------------------------
def learn(work: Work, found: Sequence[District], origin: Origin = Origin.LEARNT) -> list[District]:
    """Keep those of some districts that nobody knows, also not as another name or as hidden; return them."""
    store.hold(work)
    kept, own = store.kept(work), gazetteer.own_districts()
    new: dict[Key, District] = {}
    for one in found:
        key = gazetteer.key(one.town, one.name)
        if all(key) and key not in own and key not in kept and len(kept) + len(new) < rules.MOST:
            new.setdefault(key, one)
    if new:
        store.add_all(work, new, origin)
        labels = [one.label for one in new.values()]
        store.note(work, What.LEARNT, ", ".join(labels)[:_LONGEST_LABEL], (one.town for one in new.values()))
        _look_through(work)
    return list(new.values())


_LONGEST_LABEL = 300


def add(work: Work, typed: Typed) -> Listed:
    """Enter a district; raises `Invalid`."""
    store.hold(work)
    district = _read(typed)
    key = gazetteer.key(district.town, district.name)
    _require_free(work, key)
    _require_room(work)
    _change(work, What.ADDED, district.label, [State(*key, Kept(key, district), Origin.ENTERED)])
    return get(work, key)


def change(work: Work, key: Key, typed: Typed) -> Listed:
    """Name or place a district otherwise; its former name stays another one of it. Raises `Invalid`, `NotFound`."""
    store.hold(work)
    before = _shown(work, key)
    key = before.key
    read = _read(replace(typed, town=before.district.town))
    district = replace(read, town=before.district.town, learnt=before.district.learnt)
    new = key[0], gazetteer.fold(district.name)
    if before.district.alone == district:
        return before
    if new != key and root(new, store.kept(work)) != key:
        _require_free(work, new)
    after = [State(*new, Kept(new, district), before.origin)]
    if new != key:
        _require_room(work)
        after.append(_standing(before, new))
    label = district.label if before.district.name == district.name else f"{before.district.label} → {district.name}"
    _change(work, What.CHANGED, label, after)
    return get(work, new)


def merge(work: Work, key: Key, into: Key) -> Listed:
    """Let a district be another name of another one of its town; where it is one already, nothing changes.

    Raises `Invalid`, `NotFound`.
    """
    store.hold(work)
    one, other = _shown(work, key), _shown(work, into)
    if one.key[0] != other.key[0]:
        raise Invalid([Problem(rules.NAME, "geht nur mit einem anderen Stadtteil desselben Ortes")])
    if one.key != other.key:
        _require_room(work)
        _change(work, What.MERGED, f"{one.district.label} → {other.district.name}", [_standing(one, other.key)])
    return other


def part(work: Work, key: Key) -> Listed:
    """Let another name be a district of its own, with the point that it had; one that is, stays it.

    Raises `NotFound`.
    """
    store.hold(work)
    state = store.state(work, key)
    if state.kept is not None and state.kept.stands_for:
        alone = replace(state.kept, stands_for="")
        _change(work, What.PARTED, alone.district.label, [replace(state, kept=alone)])
    return get(work, key)


def hide(work: Work, key: Key) -> Listed:
    """Let a district be none, which is not learnt again either; raises `Invalid`, `NotFound`."""
    return _hide(work, key, hidden=True)


def show(work: Work, key: Key) -> Listed:
    """Let what is hidden be a district again; raises `Invalid`, `NotFound`."""
    return _hide(work, key, hidden=False)


def _hide(work: Work, key: Key, *, hidden: bool) -> Listed:
    store.hold(work)
    one = _exactly(work, key)
    if one.hidden != hidden:
        _require_room(work)
        district = one.district.alone
        after = State(*key, Kept(key, district, hidden=hidden), one.origin)
        _change(work, What.HIDDEN if hidden else What.SHOWN, one.district.label, [after])
    return one


def undo(work: Work, number: int) -> str:
    """Take a change back and return its label; raises `NotFound`, or `Conflict` where more was changed since."""
    store.hold(work)
    label, before, after = store.take_back(work, number)
    changed_since = any(store.state(work, (one.town_key, one.name_key)) != one for one in after.rows)
    store.put(work, before.rows)
    if changed_since or not _are_whole(store.kept(work)):
        raise Conflict("Seitdem wurde hier noch etwas geändert; bitte nehmen Sie zuerst das zurück.")
    store.note(work, What.UNDONE, label, _towns([*before.rows, *after.rows]))
    _look_through(work)
    return label


def _are_whole(kept: Mapping[Key, Kept]) -> bool:
    """Say whether all other names lead to a district, and not to one that was never there or around in a ring."""
    ends = {root(key, kept) for key in kept}
    return all(not kept[end].stands_for if end in kept else end in gazetteer.own_districts() for end in ends)


def _read(typed: Typed) -> District:
    district, wrong = rules.settled(typed)
    if district is None:
        raise Invalid(wrong)
    return district


def _shown(work: Work, key: Key) -> Listed:
    one = get(work, key)
    if one.hidden:
        raise NotFound("Dieser Stadtteil ist ausgeblendet; bitte zeigen Sie ihn zuerst wieder.")
    return one


def _require_free(work: Work, key: Key) -> None:
    kept = store.kept(work)
    one = kept.get(key)
    if one is None and key not in gazetteer.own_districts():
        return
    if one is None or not (one.stands_for or one.hidden):
        raise Invalid([Problem(rules.NAME, "gibt es in diesem Ort schon. Sie können beide zusammenlegen")])
    if one.hidden:
        raise Invalid([Problem(rules.NAME, "ist hier ausgeblendet. Sie können ihn unten wieder zeigen")])
    named = joined(gazetteer.own_districts(), kept.values()).get(root(key, kept), one.district).name
    raise Invalid(
        [
            Problem(
                rules.NAME,
                sentence("ist schon ein anderer Name von %(name)s. Dort können Sie ihn abtrennen", name=named),
            )
        ]
    )


def _require_room(work: Work) -> None:
    if store.count(work) >= rules.MOST:
        raise Invalid(
            [
                Problem(
                    rules.NAME, sentence("passt nicht mehr dazu: Mehr als %(most)s sind nicht möglich", most=rules.MOST)
                )
            ]
        )


def _standing(one: Listed, into: Key) -> State:
    """Return a district as another name of another one."""
    return State(*one.key, Kept(one.key, one.district.alone, into[1]), one.origin)


def _change(work: Work, did: What, label: str, after: Sequence[State]) -> None:
    """Keep some rows in the place of what was kept by their keys, so that it can be taken back."""
    before = [store.state(work, (one.town_key, one.name_key)) for one in after]
    store.put(work, after)
    store.note(work, did, label, _towns(after), (States(tuple(before)), States(tuple(after))))
    _look_through(work)


def _towns(states: Iterable[State]) -> list[str]:
    return [one.kept.district.town for one in states if one.kept is not None]


def _look_through(work: Work) -> None:
    queue.enqueue(work, [NewJob(queue.LOCAL, PLACE_AGAIN, "", key="districts")])
