"""A PostgreSQL behind the embedded Label Studio: what its address says, and what Label Studio is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from annotate.errors import UsageError

__all__ = ["Database", "holds_password"]

_PASSWORD = "PGPASSWORD"  # noqa: S105 - the name of libpq's variable


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL database; its password is never shown."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str, environment: Mapping[str, str]) -> "Database":
        """Read an address such as postgresql://user@host:5432/name.

        Args:
            url: the address. A password may stand in it, but not on a command line, which everybody can read.
            environment: where PGPASSWORD is looked for when the address has no password.

        Raises:
            UsageError: it is no such address. The message does not repeat it, since it may hold a password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or 5432
        except ValueError:
            parts, port = urlsplit(""), 0
        name = unquote(parts.path.removeprefix("/"))
        sound = parts.scheme in ("postgresql", "postgres") and parts.hostname and parts.username and name
        if not sound or "/" in name or parts.query or parts.fragment:
            raise UsageError("the database must be an address such as postgresql://user@host:5432/name")
        password = unquote(parts.password) if parts.password is not None else environment.get(_PASSWORD, "")
        return cls(str(parts.hostname), port, name, unquote(str(parts.username)), password)

    @classmethod
    def from_note(cls, note: Any) -> "Database | None":
        """Read what `note` wrote; None if it is nothing of the kind."""
        match note:
            case {"host": str(host), "port": int(port), "name": str(name), "user": str(user), "password": str(word)}:
                return cls(host, port, name, user, word)
        return None

    def note(self) -> dict[str, str | int]:
        """All of it, password too, for a file that only its owner can read."""
        return {
            "host": self.host,
            "port": self.port,
            "name": self.name,
            "user": self.user,
            "password": self.password,
        }

    def for_environment(self) -> dict[str, str]:
        """What makes Label Studio use it; a process's environment is seen by its owner alone."""
        return {
            "DJANGO_DB": "default",
            "POSTGRE_HOST": self.host,
            "POSTGRE_PORT": str(self.port),
            "POSTGRE_NAME": self.name,
            "POSTGRE_USER": self.user,
            "POSTGRE_PASSWORD": self.password,
        }


def holds_password(url: str) -> bool:
    """Whether a password stands in an address."""
    try:
        return bool(urlsplit(url).password)
    except ValueError:
        return False
