"""The one account that a server of ours is made with: its name, its password and its key."""

import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotate.errors import StudioError, UsageError
from annotate.studio.server.notes import read, write

__all__ = ["CREDENTIALS", "Account"]

CREDENTIALS = "credentials.json"

_USERNAME = "annotate@localhost"
_STRONG = 12  # characters of a password for a server that other machines reach


@dataclass(frozen=True, slots=True)
class Account:
    """Name, password and key. Unconfirmed until the server has accepted the key once."""

    username: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    confirmed: bool

    @classmethod
    def new(cls) -> "Account":
        """An account that nobody has heard of yet."""
        # 40 characters are what the token's column holds.
        return cls(_USERNAME, secrets.token_urlsafe(18), secrets.token_hex(20), confirmed=False)

    @classmethod
    def load(cls, folder: Path) -> "Account | None":
        """The account of the server that lives in `folder`; None where there was never one.

        Raises:
            StudioError: the file is damaged.
        """
        path = folder / CREDENTIALS
        if not path.exists():
            return None
        match read(path):
            case {"username": str(username), "password": str(password), "token": str(token), **rest}:
                return cls(username, password, token, confirmed=rest.get("confirmed") is True)
        raise StudioError(f"{path} is damaged: it must hold username, password and token")

    def save(self, folder: Path) -> None:
        """Keep it in a file that only its owner can read."""
        values = {"username": self.username, "password": self.password, "token": self.token}
        write(folder / CREDENTIALS, values | {"confirmed": self.confirmed})

    def confirm(self, folder: Path) -> None:
        """Note that the server has accepted the key."""
        replace(self, confirmed=True).save(folder)

    def for_environment(self) -> dict[str, str]:
        """What makes Label Studio create the account; never on the command line, which everybody can read."""
        return {
            "LABEL_STUDIO_USERNAME": self.username,
            "LABEL_STUDIO_PASSWORD": self.password,
            "LABEL_STUDIO_USER_TOKEN": self.token,
        }

    def refuse_weak(self, folder: Path) -> None:
        """Refuse a password that was put into the file by hand and can be guessed.

        Raises:
            UsageError: it is too weak for a server that other machines reach.
        """
        word = self.password.casefold()
        if len(word) < _STRONG or len(set(word)) < _STRONG // 2 or self.username.partition("@")[0] in word:
            raise UsageError(
                f"the password in {folder / CREDENTIALS} is too weak for a server that other machines reach:"
                f" at least {_STRONG} characters, not the same few again and again, and not the account's name"
            )

    def blot(self, text: str) -> str:
        """The text without password and key."""
        return text.replace(self.password, "***").replace(self.token, "***")
