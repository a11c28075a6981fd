"""What a server of ours answers: whether it is well, which version it is, whether it takes our key."""

import http.client
import json
from pathlib import Path

from annotate.errors import StudioError
from annotate.studio.server.account import CREDENTIALS, Account

__all__ = ["check_key", "is_healthy", "version"]


def is_healthy(url: str) -> bool:
    """Whether it answers, and says that it is well."""
    try:
        return _get(url, "/health")[0] == http.client.OK
    except (OSError, http.client.HTTPException):
        return False


def version(url: str) -> str | None:
    """Its version; None if it does not say."""
    try:
        data = json.loads(_get(url, "/api/version")[1])
    except (OSError, http.client.HTTPException, ValueError):
        return None
    release = data.get("release") if isinstance(data, dict) else None
    return release if isinstance(release, str) else None


def check_key(url: str, account: Account, folder: Path) -> None:
    """Make sure that it takes the account's key.

    Raises:
        StudioError: it does not, or does not answer.
    """
    try:
        answer, _ = _get(url, "/api/current-user/whoami", token=account.token)
    except (OSError, http.client.HTTPException) as error:
        raise StudioError(f"{url} does not answer: {error}") from error
    if answer != http.client.OK:
        raise StudioError(
            f"{url} runs but refuses the key in {folder / CREDENTIALS} (HTTP {answer}); "
            "if it was reset in the browser, put the new one there as token"
        )


def _get(url: str, path: str, token: str | None = None) -> tuple[int, bytes]:
    # Not through a proxy, whatever the environment says: this never leaves the machine.
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", path, headers={"Authorization": f"Token {token}"} if token else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
