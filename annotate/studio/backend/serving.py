"""Runs the service until it is told to stop, and lets what is under way come to its end."""

import socket
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

from annotate.errors import MissingExtra, Unfinished, UsageError
from annotate.studio.backend.puller import Puller

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["bound", "is_loopback", "serve"]

_GRACE_S = 10
_PULL_GRACE_S = 60.0


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a service that listens there."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens at an address; the port 0 means a free one.

    Raises:
        UsageError: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise UsageError(f"port {port} of {host} cannot be used ({error.strerror or error}); name another") from error
    return made


def serve(
    app: "FastAPI",
    listener: socket.socket,
    *,
    puller: Puller | None = None,
    once_up: Callable[[], None] | None = None,
) -> None:
    """Answer until SIGINT or SIGTERM comes; requests and the pull that are under way are finished.

    Args:
        app: the service.
        listener: where it listens; closed at the end.
        puller: started before and stopped after.
        once_up: called in a thread of its own when requests are answered. If it fails, the service ends with its error.

    Raises:
        MissingExtra: uvicorn is not installed.
        Unfinished: the pull under way took longer than a minute.
        AnnotateError: what `once_up` raised.
    """
    try:
        import uvicorn
    except ModuleNotFoundError as error:
        raise MissingExtra("uvicorn", "backend") from error
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = uvicorn.Server(config)
    failures: list[BaseException] = []

    def begin() -> None:
        while not server.started and not server.should_exit:
            sleep(0.01)
        try:
            if once_up is not None and server.started:
                once_up()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)
            server.should_exit = True

    beginning = Thread(target=begin, name="once-up", daemon=True)
    if puller is not None:
        puller.start()
    beginning.start()
    try:
        # uvicorn sends itself the signal once more when it has come to its end, for whoever waits for it.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    finally:
        server.should_exit = True
        listener.close()
        if puller is not None and not puller.stop(_PULL_GRACE_S):
            failures.append(Unfinished("a pull did not come to its end; the next one goes on"))
    if failures:
        raise failures[0]
