"""Accounts on a Label Studio that we may invite people to."""

import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import urljoin

from annotate.errors import StudioError

__all__ = ["Account", "invite"]


@dataclass(frozen=True, slots=True)
class Account:
    """An account that was just made; its password and key stand nowhere else."""

    email: str
    password: str = field(repr=False)
    api_key: str = field(repr=False)


def invite(url: str, api_key: str, email: str) -> Account:
    """Make a second account the way a person would: follow the invitation link and fill in the form.

    Args:
        url: where Label Studio answers.
        api_key: legacy token of an account that may invite.
        email: of the new account.

    Raises:
        StudioError: the server cannot be reached or refuses, for instance because the address is taken.
    """
    import httpx

    password = secrets.token_urlsafe(18)
    try:
        with httpx.Client(base_url=url, follow_redirects=True, timeout=60) as browser:
            answer = browser.get("/api/invite", headers={"Authorization": f"Token {api_key}"})
            answer.raise_for_status()
            link = urljoin(url, answer.json()["invite_url"])
            page = browser.get(link)
            page.raise_for_status()
            form = {"email": email, "password": password, "allow_newsletters": "false"}
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
            if token:
                form["csrfmiddlewaretoken"] = token.group(1)
            signed_up = browser.post(link, data=form, headers={"Referer": link})
            signed_up.raise_for_status()
            mine = browser.get("/api/current-user/token")
            if mine.status_code != httpx.codes.OK:
                raise StudioError(f"{url}: the account {email} was not made; is the address taken?")
            return Account(email, password, str(mine.json()["token"]))
    except httpx.HTTPStatusError as error:
        # Its words have the address, which is the invitation itself.
        status = error.response.status_code
        raise StudioError(f"{url}: making the account {email}: status {status}", status) from None
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise StudioError(f"{url}: making the account {email}: {error}") from error
