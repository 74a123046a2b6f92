"""The one tree of errors; `public` is the only text a person or a peer is shown.

EhrenamtError
├── NotFound 404 · Gone 410 · Forbidden 403 · Conflict 409 · Invalid 422 (problems, one for each field)
├── SignInNeeded 401: nobody is signed in (browsers are sent to sign in, and back)
├── SecondStepNeeded 403: a second step is missing (browsers are sent to show it or to set it up, and back)
├── Missing 404, a Gone: a peer knows nothing of what was asked for, now at least
├── Malformed 400 · TooLarge 413 · BadSignature 401      what a peer sent us
└── PeerError                                            what a peer answered us
    ├── Rejected      never try again (the peer said no, or its answer is of no use)
    └── Unavailable   try again later (503 where the fault reaches a caller)
        ├── Unreachable   … and so would everything else be that we want of this host now
        └── TooMany 429   … because whoever asks has asked too often
"""

from dataclasses import dataclass

from fediverse_ehrenamt.kit.sentences import sentence


class EhrenamtError(Exception):
    """An expected fault: `public` may be shown to whoever asked, `status` is its HTTP status."""

    status = 500

    def __init__(self, public: str) -> None:
        super().__init__(public)
        self.public = public


class NotFound(EhrenamtError):
    status = 404


class Gone(EhrenamtError):
    status = 410


class Missing(Gone):
    """A peer's 404: it may be a fault that passes, so nothing is buried for it as for a 410."""

    status = 404


class Forbidden(EhrenamtError):
    status = 403


class SignInNeeded(EhrenamtError):
    """Nobody is signed in, or no longer; `path` is where they wanted to go."""

    status = 401

    def __init__(self, path: str) -> None:
        super().__init__(sentence("Bitte melden Sie sich dafür an."))
        self.path = path


class SecondStepNeeded(EhrenamtError):
    """Somebody is signed in, but for this they have to show a second step; `path` is where they wanted to go."""

    status = 403

    def __init__(self, path: str) -> None:
        super().__init__(sentence("Dafür brauchen Sie mit Ihrer Rolle einen zweiten Schritt beim Anmelden."))
        self.path = path


class Conflict(EhrenamtError):
    status = 409


class Malformed(EhrenamtError):
    status = 400


class BadSignature(EhrenamtError):
    """`challenge` is what every answer of this status has to ask for (RFC 9110 §15.5.2; draft-cavage-12, section 3)."""

    status = 401
    challenge = 'Signature realm="ActivityPub",headers="(request-target) host date"'


class TooLarge(EhrenamtError):
    status = 413


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, and what would be right."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class Invalid(EhrenamtError):
    """What a person handed in cannot be taken; every problem is named at once."""

    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class PeerError(EhrenamtError):
    status = 502


class Rejected(PeerError):
    """The peer refused for good; `peer_status` is its HTTP status where it gave one."""

    def __init__(self, public: str, peer_status: int | None = None) -> None:
        super().__init__(public)
        self.peer_status = peer_status


class Unavailable(PeerError):
    """The peer cannot be had now; `retry_after` is in seconds where it named a time."""

    status = 503

    def __init__(self, public: str, retry_after: float | None = None) -> None:
        super().__init__(public)
        self.retry_after = retry_after


class Unreachable(Unavailable):
    """No connection, or the host as a whole asks for peace (429, 503): nothing else would get through now either."""


class TooMany(Unavailable):
    """Whoever asks has asked too often, or has us ask others too often; always with `retry_after`."""

    status = 429
