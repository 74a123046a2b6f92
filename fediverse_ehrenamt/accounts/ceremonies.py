"""The two ceremonies of WebAuthn (Level 3): a passkey is made, a passkey is shown. Each challenge is used up once.

A challenge is made here and kept as its SHA-256. A passkey that has checked who holds it (fingerprint, face, PIN: user
verification) is two factors in one.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from fediverse_ehrenamt.accounts import people, rules, store
from fediverse_ehrenamt.accounts.model import ChallengeRow, PasskeyRow
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.kit import clock, ids
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import sessions
from fediverse_ehrenamt.work import Work

_ANYBODY = ""


@dataclass(frozen=True, slots=True)
class Proven:
    """Who has shown a passkey; `verified` if it has checked that it is them."""

    person: str
    verified: bool


def start_adding(work: Work, person: str) -> str:
    """Return what the browser needs to make a passkey for a person, as JSON."""
    owner = people.get(work, person)
    options = generate_registration_options(
        rp_id=_domain(work.settings),
        rp_name=actors.instance(work).name,
        user_id=owner.id.encode(),
        user_name=owner.mail,
        user_display_name=owner.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=held.credential) for held in store.passkeys(work, person)
        ],
    )
    _remember(work, options.challenge, person)
    return options_to_json(options)


def add(work: Work, person: str, answer: str, name: str, session: str = "") -> None:
    """Keep the passkey that a browser has made; raises `Forbidden` where it is not what was asked for.

    If it has checked who holds it, the `session` in which that is done has shown a second step so. Raises `Conflict`
    where a person has too many, or one of that kind already.
    """
    try:
        given = parse_registration_credential_json(answer)
        challenge = parse_client_data_json(given.response.client_data_json).challenge
        _use(work, challenge, person)
        made = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=_domain(work.settings),
            expected_origin=ids.origin(work.settings.url),
        )
    except (WebAuthnException, ValueError) as error:
        raise _refused() from error
    digest = _digest(made.credential_id)
    if len(store.passkeys(work, person)) >= rules.PASSKEYS or store.passkey(work, digest) is not None:
        raise Conflict("Diesen Passkey gibt es hier schon, oder es sind zu viele.")
    row = PasskeyRow(
        digest=digest,
        person=person,
        credential=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=" ".join(name.split())[: rules.PASSKEY_NAME] or "Passkey",
        created_at=work.now,
        used_on=None,
        verified=made.user_verified,
    )
    work.db.add(row)
    if made.user_verified and session:
        store.note_strength(work, person, strong=True, session=session)


def start_sign_in(work: Work) -> str:
    """Return what the browser needs to ask for a passkey, as JSON; which one, its owner chooses."""
    options = generate_authentication_options(rp_id=_domain(work.settings))
    _remember(work, options.challenge, _ANYBODY)
    return options_to_json(options)


def prove(work: Work, answer: str) -> Proven:
    """Return who has shown a passkey; raises `Forbidden` where it proves nothing."""
    try:
        given = parse_authentication_credential_json(answer)
        challenge = parse_client_data_json(given.response.client_data_json).challenge
        _use(work, challenge, _ANYBODY)
        row = store.passkey(work, _digest(given.raw_id))
        if row is None or given.response.user_handle not in {None, row.person.encode()}:
            raise _refused()
        used = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=_domain(work.settings),
            expected_origin=ids.origin(work.settings.url),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
        )
    except (WebAuthnException, ValueError) as error:
        raise _refused() from error
    row.sign_count, row.used_on = used.new_sign_count, clock.day(work.now)
    row.verified = row.verified or used.user_verified
    return Proven(row.person, used.user_verified)


def _remember(work: Work, challenge: bytes, person: str) -> None:
    until = work.now + rules.CHALLENGE_HOLDS
    work.db.add(ChallengeRow(digest=_digest(challenge), person=person, expires_at=until))


def _use(work: Work, challenge: bytes, person: str) -> None:
    if not store.take_challenge(work, _digest(challenge), person):
        raise _refused()


def _refused() -> Forbidden:
    return Forbidden("Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.")


def _digest(held: bytes) -> str:
    return sessions.digest(held.hex())


def _domain(settings: Settings) -> str:
    return urlsplit(settings.url).hostname or ""
