"""Who may ask the service: the secret, and what is signed with it. Everything is compared in constant time."""

import base64
import binascii
import hmac
import secrets
from hashlib import sha256

from annotate.errors import UsageError

__all__ = ["SECRET_HEADER", "SIGNATURE_HEADER", "TICKET_HEADER", "USER", "Guard"]

USER = "annotate"  # of basic authentication, the only kind that Label Studio can be told
SECRET_HEADER = "x-annotate-secret"  # noqa: S105 - a name
SIGNATURE_HEADER = "x-annotate-signature"
TICKET_HEADER = "x-annotate-ticket"

_LEAST = 16  # characters


class Guard:
    """Knows the secret and shows it to nobody."""

    def __init__(self, secret: str | None = None) -> None:
        """Take a secret, or make one up.

        Raises:
            UsageError: it is too short, or holds what a header cannot.
        """
        if secret is not None and (len(secret) < _LEAST or not secret.isascii() or not secret.isprintable()):
            raise UsageError(f"the secret of the backend must be {_LEAST} or more characters of printable ASCII")
        self._secret = secret or secrets.token_urlsafe(24)

    @property
    def password(self) -> str:
        """The secret itself, for Label Studio to be told."""
        return self._secret

    def admits(self, authorization: str | None, secret: str | None) -> bool:
        """Whether a request shows the secret.

        Args:
            authorization: the header Authorization: `Basic` with the user `annotate` and the secret as password.
            secret: the header X-Annotate-Secret.
        """
        if secret is not None:
            return _equal(secret, self._secret)
        kind, _, encoded = (authorization or "").partition(" ")
        if kind.lower() != "basic":
            return False
        try:
            given = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return False
        return _equal(given, f"{USER}:{self._secret}")

    def ticket(self, project: int) -> str:
        """What Label Studio sends along with each webhook of a project.

        It cannot sign what it sends, only add headers that stay the same and that whoever may change the project can
        read. So it is not given the secret, but this: good for the webhook of this one project, and for nothing else.
        """
        return self._sign(f"annotate webhook of project {project}".encode())

    def signed(self, project: int, body: bytes, signature: str | None, ticket: str | None) -> bool:
        """Whether a webhook comes from somebody who knows the secret, or bears the ticket of its project.

        Args:
            project: the one that the webhook's address names.
            body: of the request.
            signature: the header X-Annotate-Signature: `sha256=` and the HMAC-SHA256 of the body in hexadecimal.
            ticket: the header X-Annotate-Ticket.
        """
        if signature is not None:
            return _equal(signature, f"sha256={self._sign(body)}")
        return ticket is not None and _equal(ticket, self.ticket(project))

    def _sign(self, message: bytes) -> str:
        return hmac.new(self._secret.encode(), message, sha256).hexdigest()


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode())
