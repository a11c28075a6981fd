"""How Label Studio's program is brought up in a folder: with what, on which port, and when it answers."""

import shutil
from pathlib import Path

from annotate.errors import StudioError
from annotate.studio.server import database
from annotate.studio.server.account import Account
from annotate.studio.server.answers import is_healthy
from annotate.studio.server.notes import State
from annotate.studio.server.postgres import Database
from annotate.studio.server.process import (
    ANY,
    HOST,
    Process,
    command,
    environment,
    exit_status,
    free_port,
    is_alive,
    listening_ports,
    reason_taken,
    spawn,
)
from annotate.studio.waiting import Deadline

__all__ = ["DATA", "answering", "launch"]

DATA = "data"

_LOG = "server.log"
_LOG_BEFORE = "server.log.1"
_LAST_LINES = 15


def launch(
    folder: Path, account: Account, wanted: State, *, port: int | None, postgres: Database | None, deadline: Deadline
) -> Process:
    """Start the program; that it answers is not waited for.

    Args:
        folder: what it lives in.
        account: made with its first start.
        wanted: the host, whether it may call this machine, and the port of before.
        port: the one that was asked for.
        postgres: where its projects are kept, by default in SQLite in the folder.
        deadline: the database of a first start takes its time.

    Raises:
        StudioError: the port is taken, or the program cannot be started.
    """
    port = _port(wanted, port)
    data = folder / DATA
    sqlite = data / database.NAME
    if not account.confirmed and data.exists():
        # A first start that was interrupted: nobody knows the password yet, so nothing of anybody's is in there.
        try:
            shutil.rmtree(data)
        except OSError as error:
            raise StudioError(f"{data} is left from an interrupted start and cannot be removed: {error}") from error
    env = environment(data, local_services=wanted.local_services)
    if postgres:
        data.mkdir(mode=0o700, exist_ok=True)
        env |= postgres.for_environment()
        if not account.confirmed:
            env |= account.for_environment()
    elif not sqlite.exists():
        data.mkdir(mode=0o700, exist_ok=True)
        database.make(sqlite, deadline)
        env |= account.for_environment()
    log = folder / _LOG
    if log.exists():
        log.replace(folder / _LOG_BEFORE)
    line = command("start", "--no-browser", "--internal-host", wanted.host, "--port", str(port))
    return spawn(line, env, folder, log)


def answering(
    process: Process, folder: Path, account: Account, *, host: str, port: int | None, deadline: Deadline
) -> str:
    """Wait until this process itself answers, and say where: Label Studio takes the next port when its own is taken.

    Args:
        process: the program.
        folder: what it lives in.
        account: whose secrets must not show when the log is quoted.
        host: where it listens.
        port: the one that it must have, if any.
        deadline: for how long.

    Raises:
        StudioError: it ended, had to take another port, or did not answer in time.
    """
    while True:
        if not is_alive(process):
            ended = exit_status(process)
            how = "" if ended is None else f" (exit status {ended})"
            raise StudioError(_with_log(f"Label Studio ended while starting{how}", folder, account))
        for found in listening_ports(process, host):
            if port not in (None, found):
                raise StudioError(f"port {port} of {host} was taken by another process; name another or none")
            url = f"http://{HOST if host == ANY else host}:{found}"
            if is_healthy(url):  # it listens before it can answer
                return url
        try:
            deadline.wait("Label Studio did not answer")
        except StudioError as error:
            raise StudioError(_with_log(str(error), folder, account)) from error


def _port(wanted: State, port: int | None) -> int:
    host = wanted.host
    if port is not None:
        if why := reason_taken(port, host):
            raise StudioError(f"port {port} of {host} cannot be used ({why}); name another or none")
        return port
    # The port it had before keeps bookmarks and logged-in browsers valid.
    before = wanted.port
    return before if before is not None and not reason_taken(before, host) else free_port(host)


def _with_log(what: str, folder: Path, account: Account) -> str:
    log = folder / _LOG
    lines = account.blot(log.read_text("utf-8", "replace")).splitlines()[-_LAST_LINES:] if log.exists() else []
    return "\n  ".join([f"{what}; {log} ends with:" if lines else f"{what}; {log} is empty", *lines])
