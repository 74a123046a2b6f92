"""Our own keys: an RSA and an Ed25519 pair for each actor, sealed at rest, replaced by others under new ids.

Peers keep what they fetched under a key's id, some for ever, so an id never gets another key: `#main-key` is followed
by `#main-key-2`. The private half that was replaced signs one thing more, the Update that tells followers of the new
one; the public half of the proving key stays in the actor's document while activities proved by it are under way.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from sqlalchemy import delete, select

from fediverse_ehrenamt.federation import signatures
from fediverse_ehrenamt.federation.model import FormerKeyRow, LocalActorRow
from fediverse_ehrenamt.federation.signatures import SigningKey
from fediverse_ehrenamt.kit import sealing
from fediverse_ehrenamt.kit.errors import Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.vocab import multikey
from fediverse_ehrenamt.vocab.keys import Multikey
from fediverse_ehrenamt.work import Work

FORMER_LASTS = timedelta(days=3)  # longer than a delivery is tried
_ERASED_AT_ONCE = 500
_ROWS_AT_ONCE = 500
_RSA, _ED25519 = "rsa", "ed25519"

MISSING = sentence(
    "EHRENAMT_SECRET fehlt. Damit sind die privaten Schlüssel verschlüsselt; `ehrenamt init` hat es in ehrenamt.env "
    "geschrieben. Bitte diese Datei in den aktuellen Ordner legen oder die Variable setzen."
)
WRONG = sentence(
    "EHRENAMT_SECRET passt nicht zu den gespeicherten Schlüsseln. Bitte das Geheimnis einsetzen, mit dem diese Instanz "
    "bisher lief; wurde es gewechselt, das alte als EHRENAMT_FORMER_SECRET dazu."
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two new pairs as text, for `put`: made before a transaction, since making them takes about 40 ms."""

    rsa_private: str
    rsa_public: str
    ed25519_private: str
    ed25519_public: str


@dataclass(frozen=True, slots=True)
class ProvingKey:
    """The key with which an actor of ours proves what it publishes (FEP-8b32), and its id in `assertionMethod`."""

    id: str
    private: ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Keys:
    """What an actor of ours signs requests with; `former`, if any, signs the activity `announcement` only."""

    current: SigningKey
    former: SigningKey | None = None
    announcement: str = ""

    def for_activity(self, activity: str) -> SigningKey:
        """Return the key with which the delivery of an activity ("" for any other request) is signed."""
        return self.former if self.former is not None and activity == self.announcement else self.current


# --- ids --------------------------------------------------------------------------------------------------------------
def rsa_id(row: LocalActorRow) -> str:
    return f"{row.uri}#main-key{_number(row)}"


def ed25519_id(row: LocalActorRow) -> str:
    return f"{row.uri}#ed25519-key{_number(row)}"


def _number(row: LocalActorRow) -> str:
    return "" if row.key_number == 1 else f"-{row.key_number}"


# --- making and replacing ---------------------------------------------------------------------------------------------
def generate() -> Pairs:
    """Make two new pairs (about 40 ms); nothing is stored yet."""
    rsa_private, rsa_public = signatures.make_rsa()
    private = ed25519.Ed25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")
    return Pairs(rsa_private, rsa_public, pem, multikey.encode(private.public_key().public_bytes_raw()))


def put(work: Work, row: LocalActorRow, pairs: Pairs) -> None:
    """Give an actor its pairs, sealed; raises `Unavailable` without a secret to seal them with."""
    row.rsa_private, row.rsa_public = _sealed(work, row.uri, _RSA, pairs.rsa_private), pairs.rsa_public
    row.ed25519_private = _sealed(work, row.uri, _ED25519, pairs.ed25519_private)
    row.ed25519_public = pairs.ed25519_public
    work.db.flush()


def replace(work: Work, row: LocalActorRow, pairs: Pairs, announcement: str) -> None:
    """Give an actor other pairs under new ids. The old ones are kept for the activity `announcement`, "" for not."""
    work.db.execute(delete(FormerKeyRow).where(FormerKeyRow.actor == row.uri))
    if announcement:
        former = FormerKeyRow(
            actor=row.uri,
            rsa_id=rsa_id(row),
            rsa_private=_sealed(work, row.uri, _RSA, _plain(work, row.uri, _RSA, row.rsa_private)),
            ed25519_id=ed25519_id(row),
            ed25519_public=row.ed25519_public,
            announcement=announcement,
            retired_at=work.now,
        )
        work.db.add(former)
    row.key_number += 1
    row.keys_made_at = work.now
    put(work, row, pairs)


def erase_former(work: Work) -> int:
    """Erase keys that were replaced so long ago that nothing they were kept for is under way."""
    old = select(FormerKeyRow.actor).where(FormerKeyRow.retired_at < work.now - FORMER_LASTS).limit(_ERASED_AT_ONCE)
    found = list(work.db.scalars(old))
    work.db.execute(delete(FormerKeyRow).where(FormerKeyRow.actor.in_(found)))
    return len(found)


# --- using ------------------------------------------------------------------------------------------------------------
def load(work: Work, row: LocalActorRow) -> Keys:
    """Return the signing keys of an actor that has them; raises `Unavailable` where the secret does not fit."""
    current = _loaded(rsa_id(row), _plain(work, row.uri, _RSA, row.rsa_private))
    former = work.db.get(FormerKeyRow, row.uri)
    if former is None:
        return Keys(current)
    old = _loaded(former.rsa_id, _plain(work, row.uri, _RSA, former.rsa_private))
    return Keys(current, old, former.announcement)


def load_proving(work: Work, row: LocalActorRow) -> ProvingKey:
    """Return the proving key of an actor that has its keys; raises as `load` does."""
    return _loaded_ed25519(ed25519_id(row), _plain(work, row.uri, _ED25519, row.ed25519_private))


def assertion_methods(work: Work, row: LocalActorRow) -> tuple[Multikey, ...]:
    """Return the public proving keys of an actor's document, the present one first."""
    present = Multikey(id=ed25519_id(row), controller=row.uri, multibase=row.ed25519_public)
    former = work.db.get(FormerKeyRow, row.uri)
    if former is None or former.retired_at < work.now - FORMER_LASTS:
        return (present,)
    return present, Multikey(id=former.ed25519_id, controller=row.uri, multibase=former.ed25519_public)


@lru_cache(maxsize=1024)
def _loaded(key_id: str, pem: str) -> SigningKey:
    return SigningKey(key_id, signatures.load_private(pem))


@lru_cache(maxsize=1024)
def _loaded_ed25519(key_id: str, pem: str) -> ProvingKey:
    private = serialization.load_pem_private_key(pem.encode("ascii"), None)
    assert isinstance(private, ed25519.Ed25519PrivateKey), "that is what `generate` made"
    return ProvingKey(key_id, private)


# --- sealing ----------------------------------------------------------------------------------------------------------
def is_sealed(row: LocalActorRow) -> bool:
    """Say whether the keys of an actor that has some are sealed, with whatever secret."""
    return sealing.is_sealed(row.rsa_private) and sealing.is_sealed(row.ed25519_private)


def is_current(work: Work, row: LocalActorRow) -> bool:
    """Say whether the keys of an actor that has some are sealed with the secret of the settings."""
    return all(sealing.is_sealed_by(work.settings.secret, text) for text in (row.rsa_private, row.ed25519_private))


def seal(work: Work, row: LocalActorRow) -> bool:
    """Seal the keys of an actor with the secret of the settings, unless they are; say whether that was needed."""
    if not row.rsa_private or is_current(work, row):
        return False
    row.rsa_private = _sealed(work, row.uri, _RSA, _plain(work, row.uri, _RSA, row.rsa_private))
    row.ed25519_private = _sealed(work, row.uri, _ED25519, _plain(work, row.uri, _ED25519, row.ed25519_private))
    return True


def seal_all(work: Work) -> int:
    """Seal every key, plain or sealed with the former secret, with the present one; return the number of actors."""
    rows = select(LocalActorRow).where(LocalActorRow.rsa_private != "").with_for_update()
    changed = sum([seal(work, row) for row in work.db.scalars(rows.execution_options(yield_per=_ROWS_AT_ONCE))])
    for former in work.db.scalars(select(FormerKeyRow).with_for_update()):
        former.rsa_private = _sealed(work, former.actor, _RSA, _plain(work, former.actor, _RSA, former.rsa_private))
    return changed


def anything_sealed(work: Work) -> bool:
    """Say whether there is a key for which a secret is needed."""
    found = work.db.scalar(select(LocalActorRow).where(LocalActorRow.rsa_private != "").limit(1))
    return found is not None and is_sealed(found)


def _sealed(work: Work, uri: str, kind: str, plain: str) -> str:
    if not work.settings.secret:
        raise Unavailable(MISSING)
    return sealing.seal(work.settings.secret, plain, f"{uri} {kind}")


def _plain(work: Work, uri: str, kind: str, text: str) -> str:
    if not sealing.is_sealed(text):
        return text  # written before keys were sealed
    settings = work.settings
    if not settings.secret:
        raise Unavailable(MISSING)
    known = (secret for secret in (settings.secret, settings.former_secret) if secret)
    secret = next((one for one in known if sealing.is_sealed_by(one, text)), settings.secret)
    try:
        return sealing.unseal(secret, text, f"{uri} {kind}")
    except sealing.WrongSecret as error:
        raise Unavailable(WRONG) from error
