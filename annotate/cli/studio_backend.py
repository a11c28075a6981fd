"""`annotate studio backend`: the service that Label Studio asks for pre-labels."""

import os
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import ApiUrl, AsJson, Project, Root, settings, workspace
from annotate.cli.talk import say, show
from annotate.errors import UsageError

if TYPE_CHECKING:
    from annotate.studio.backend.guard import Guard
    from annotate.studio.client import Client
    from annotate.studio.client import Project as StudioProject
    from annotate.workspace import Workspace

__all__ = ["backend"]

SECRET = "ANNOTATE_BACKEND_SECRET"  # noqa: S105 - the variable's name


def backend(
    host: Annotated[str, typer.Option(help="Address to listen on; by default this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 is a free one.")] = 9090,
    connect: Annotated[
        bool, typer.Option("--connect/--no-connect", help="Add the service to the project as its ML backend.")
    ] = False,
    disconnect: Annotated[
        bool,
        typer.Option("--disconnect", help="Take the service from the project, with its webhooks, and serve nothing."),
    ] = False,
    webhook: Annotated[
        bool,
        typer.Option(
            "--webhook/--no-webhook",
            help="Pull when Label Studio sends word of annotations; with --connect it is asked to.",
        ),
    ] = False,
    reached_at: Annotated[
        str | None, typer.Option(metavar="URL", help="Where Label Studio reaches the service; default HOST:PORT.")
    ] = None,
    entities: Annotated[
        str | None, typer.Option("--backend", help="What finds entities, as prelabel takes it; default annotate.toml.")
    ] = None,
    stance: Annotated[
        str | None, typer.Option("--stance", help="What finds stances, as prelabel takes it; default annotate.toml.")
    ] = None,
    project: Project = None,
    url: ApiUrl = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Answer Label Studio's requests for pre-labels, until stopped with Ctrl-C or SIGTERM.

    Whoever asks must show the secret in ANNOTATE_BACKEND_SECRET; with --connect one is made up if there is none.
    """
    if disconnect:
        if connect or webhook:
            raise UsageError("--disconnect takes away what --connect and --webhook add; name one or the other")
        _disconnect(workspace(root), url, project, as_json=as_json)
        return

    from annotate.cli import servers
    from annotate.migrate.journal import applied
    from annotate.studio.backend.app import application
    from annotate.studio.backend.connection import connect as connect_project
    from annotate.studio.backend.predictor import Predictor
    from annotate.studio.backend.puller import Puller
    from annotate.studio.backend.serving import bound, is_loopback, serve

    here = workspace(root) if connect or webhook else settings(root)
    guard = _guard(connect=connect)
    if connect and not reached_at and host in ("0.0.0.0", "::"):  # noqa: S104 - compared with
        raise UsageError(f"{host} is no address to be reached at; say with --reached-at where Label Studio finds it")
    with ExitStack() as closing:
        listener = closing.enter_context(bound(host, port))
        told = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        address = (reached_at or told).rstrip("/")
        wired = None
        if connect or webhook:
            client = closing.enter_context(servers.client(here, url))
            wired = client, client.existing(project or here.studio.project)
        puller = Puller(partial(_pull, here, *wired), say) if wired and webhook else None
        predictor = Predictor(
            entities or here.backend,
            stance or here.stance,
            here.labels,
            here.lang,
            here.thresholds,
            changes=applied(here.migrations),
        )
        app = application(predictor, guard, puller)

        def once_up() -> None:
            made = connect_project(*wired, address, guard, webhook=webhook) if wired and connect else None
            lines = [f"{predictor.model_version} answers at {address}"]
            if not is_loopback(host):
                lines.append("other machines can reach it, and nothing that is sent there is encrypted")
            if made:
                lines.append(f"it is the ML backend of project {made.project} ({made.title})")
            if puller:
                lines.append(f"a webhook pulls into {here.annotations}")
            show({"url": address, "model_version": predictor.model_version, "connection": made}, lines, as_json=as_json)

        serve(app, listener, puller=puller, once_up=once_up)
        say("stopped")


def _disconnect(here: "Workspace", url: str | None, project: str | None, *, as_json: bool) -> None:
    from annotate.cli import servers
    from annotate.studio.backend.connection import disconnect

    with servers.client(here, url) as client:
        gone = disconnect(client, client.existing(project or here.studio.project))
    of = f"project {gone.project} ({gone.title})"
    lines = [f"removed ML backend {number} of {of}" for number in gone.backends]
    lines += [f"removed webhook {number} of {of}" for number in gone.webhooks]
    show(gone, lines or [f"there was nothing to remove: {of} is not connected"], as_json=as_json)


def _guard(*, connect: bool) -> "Guard":
    from annotate.studio.backend.guard import Guard

    secret = os.environ.get(SECRET)
    if not secret and not connect:
        raise UsageError(f"{SECRET} is not set, and whoever asks the service must know it (--connect makes one up)")
    return Guard(secret or None)


def _pull(here: "Workspace", client: "Client", project: "StudioProject") -> str:
    from annotate.studio.pull import pull

    summary = pull(here.annotations, here.quarantine, client, here.ledger, project=str(project.id), labels=here.labels)
    aside = f", {summary.quarantined} put aside" if summary.quarantined else ""
    return f"pulled: {summary.submitted} submitted, {summary.skipped} skipped{aside} (of {summary.tasks} tasks)"
