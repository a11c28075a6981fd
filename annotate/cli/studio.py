"""`annotate studio`: the workspace's own Label Studio."""

import os
import re
from typing import Annotated

import typer

from annotate.cli.options import ApiUrl, AsJson, Root, settings, workspace
from annotate.cli.studio_backend import backend
from annotate.cli.talk import progress, say, show
from annotate.errors import StudioError, UsageError

__all__ = ["DATABASE_URL", "app"]

DATABASE_URL = "ANNOTATE_DATABASE_URL"

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")

app = typer.Typer(help="Start, stop and look at Label Studio.", no_args_is_help=True, rich_markup_mode=None)


def _warned(context: typer.Context, parameter: typer.CallbackParam, value: str | None) -> str | None:
    from annotate.studio.server.postgres import holds_password

    source = context.get_parameter_source(str(parameter.name))
    if value and holds_password(value) and source and source.name == "COMMANDLINE":
        say(f"warning: everybody on this machine can see the password in --database; {DATABASE_URL} hides the address")
    return value


@app.command()
def up(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port; by default the one before, or a free one.")
    ] = None,
    host: Annotated[
        str,
        typer.Option(help="IPv4 address to listen on. Other machines reach any but 127.0.0.1; 0.0.0.0 is all."),
    ] = "127.0.0.1",
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar=DATABASE_URL,
            callback=_warned,
            help="PostgreSQL to keep the projects in: postgresql://user@host:5432/name; PGPASSWORD holds its password."
            " Everybody on this machine can read a command line; nobody else reads the variable.",
        ),
    ] = None,
    local_services: Annotated[
        bool | None,
        typer.Option(
            "--local-services/--no-local-services",
            help="Let it call an ML backend and webhooks on this machine; by default as it was before, at first no.",
        ),
    ] = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Start the workspace's Label Studio, or find it running.

    Prints the password once, when the account is made.
    """
    from annotate.studio import server
    from annotate.studio.server.postgres import Database

    here = workspace(root)
    address = database or os.environ.get(DATABASE_URL)  # which typer does not look at when `annotate run` calls
    postgres = Database.of(address, os.environ) if address else None
    with progress("seconds") as on_progress:
        started = server.up(
            here.studio_folder,
            port=port,
            host=host,
            database=postgres,
            local_services=local_services,
            on_progress=on_progress,
        )
    state = "was running" if started.already_running else "is up"
    lines = [f"Label Studio {state}: {started.server.url}", f"account: {started.server.username}"]
    show({"server": started.server, "already_running": started.already_running}, lines, as_json=as_json)
    if started.password:
        # Talk, even with --json: a summary is kept and passed on, and a password is not for that.
        say(f"password: {started.password} (kept in {here.studio_folder / 'credentials.json'}, shown only now)")


app.command()(backend)


@app.command()
def invite(
    emails: Annotated[list[str], typer.Argument(metavar="EMAIL...", help="Who is to annotate; nothing is sent there.")],
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Make accounts for annotators on the workspace's Label Studio.

    Prints each password once; pass it on by a way you trust.
    """
    from annotate.studio import server
    from annotate.studio.accounts import invite as made

    here = workspace(root)
    if here.studio.url:
        raise UsageError(f"{here.studio.url} is somebody else's; people are invited there on its page Organization")
    for email in emails:
        if not _EMAIL.fullmatch(email):
            raise UsageError(f"{email!r} is no e-mail address")
    state = server.status(here.studio_folder)
    if not state.running or state.url is None:
        raise StudioError("Label Studio is not running; start it with: annotate studio up")
    key = server.api_key(here.studio_folder)
    for email in emails:
        account = made(state.url, key, email)
        say(f"account: {email}  password: {account.password}  (shown only now)")  # also when the next one fails
    lines = [f"they log in at {state.url} and press Label All Tasks in the project; docs/annotators.md is for them"]
    show({"url": state.url, "accounts": emails}, lines, as_json=as_json)


@app.command()
def interface(root: Root = None) -> None:
    """Print the labelling interface that the workspace's label set makes, as XML."""
    from annotate.studio.interface import interface as made

    here = settings(root)
    typer.echo(made(here.labels, here.lang))


@app.command()
def down(root: Root = None, as_json: AsJson = False) -> None:
    """Stop the workspace's Label Studio; its data stay."""
    from annotate.studio import server

    stopped = server.down(workspace(root).studio_folder)
    show({"stopped": stopped}, ["Label Studio stopped" if stopped else "Label Studio was not running"], as_json=as_json)


@app.command()
def status(url: ApiUrl = None, root: Root = None, as_json: AsJson = False) -> None:
    """Say whether Label Studio runs, and where."""
    from annotate.cli import servers
    from annotate.studio import server

    here = workspace(root)
    if url or here.studio.url:
        with servers.client(here, url) as client:
            account = client.whoami()
        answer = {"running": True, "url": client.url, "account": account}
        show(answer, [f"Label Studio answers: {client.url}, as {account}"], as_json=as_json, asked_for=True)
        return
    state = server.status(here.studio_folder)
    line = f"Label Studio runs: {state.url}" if state.running else "Label Studio is not running: annotate studio up"
    show(state, [line], as_json=as_json, asked_for=True)
