"""Which Label Studio a command talks to: one that somebody else runs, or the workspace's own."""

import os
from pathlib import Path

from annotate.errors import StudioError, UsageError
from annotate.studio.client import Client, address
from annotate.studio.push import Campaign
from annotate.workspace import Workspace

__all__ = ["CA_FILE", "KEY", "campaign", "client"]

KEY = "LABEL_STUDIO_API_KEY"
CA_FILE = "LABEL_STUDIO_CA_FILE"  # certificates of a private authority that signed the server's


def client(here: Workspace, url: str | None) -> Client:
    """A client for the server at `url`, else the one of annotate.toml, else the workspace's own.

    Raises:
        UsageError: a server of somebody else's is named and its key is not in the environment, or the address is none.
        StudioError: the workspace's own server does not run, or the server refuses the key.
    """
    from annotate.studio import server

    if named := url or here.studio.url:
        elsewhere = address(named)
        key = os.environ.get(KEY, "")
        if not key:
            raise UsageError(f"{KEY} is not set; {elsewhere} needs the key of an account there")
        trusted = os.environ.get(CA_FILE)
        made = Client(elsewhere, key, ca_file=Path(trusted) if trusted else None)
    else:
        state = server.status(here.studio_folder)
        if not state.running or state.url is None:
            raise StudioError("Label Studio is not running; start it with: annotate studio up")
        made = Client(state.url, server.api_key(here.studio_folder))
    try:
        made.whoami()
    except StudioError:
        made.close()
        raise
    return made


def campaign(here: Workspace, project: str | None) -> Campaign:
    """What the workspace's project is made of; `project` overrides its title or id."""
    from annotate.migrate.journal import applied

    return Campaign(
        project=project or here.studio.project,
        labels=here.labels,
        guideline=here.guideline,
        context=here.studio.context,
        overlap=here.studio.overlap,
        lang=here.lang,
        changes=tuple(applied(here.migrations)),
    )
