"""Brings the server of a folder up and down, and tells how it is."""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotate.errors import StudioError, UsageError
from annotate.studio.server import database as sqlite
from annotate.studio.server.account import CREDENTIALS, Account
from annotate.studio.server.answers import check_key, is_healthy, version
from annotate.studio.server.notes import STATE, State, read, write
from annotate.studio.server.postgres import Database
from annotate.studio.server.process import HOST, installed_version, stop
from annotate.studio.server.starting import DATA, answering, launch
from annotate.studio.waiting import Deadline, locked

__all__ = ["Server", "Started", "Status", "api_key", "down", "status", "up"]

_LOCK = ".lock"
_DATABASE = "database.json"


@dataclass(frozen=True, slots=True)
class Server:
    """A running Label Studio that we know how to talk to."""

    url: str  # "http://127.0.0.1:8123"
    pid: int
    folder: Path
    username: str


@dataclass(frozen=True, slots=True)
class Started:
    """What `up` leaves: the server, and the password where it is new and so is to be shown once."""

    server: Server
    password: str | None = field(repr=False)
    already_running: bool
    took_s: float


@dataclass(frozen=True, slots=True)
class Status:
    """How an embedded server is. It may be running without answering; then `answered_s` and `version` are None."""

    running: bool
    url: str | None = None
    pid: int | None = None
    version: str | None = None
    answered_s: float | None = None


def up(
    folder: Path,
    *,
    port: int | None = None,
    local_services: bool | None = None,
    host: str = HOST,
    database: Database | None = None,
    timeout_s: float = 180,
    on_progress: Callable[[float], None] | None = None,
) -> Started:
    """Start the Label Studio that lives in `folder`, or find it running; it goes on when this program ends.

    Args:
        folder: holds its data, its log and its secrets; made where it is missing, and kept out of git.
        port: by default the one it had before, or a free one.
        host: the IPv4 address of this machine that it listens on; 0.0.0.0 is all of them. Other machines reach it
            through any but 127.0.0.1.
        database: a PostgreSQL database to keep the projects in, remembered with the secrets of the folder; by default
            the one it had before, or SQLite in the folder.
        local_services: whether it may call an ML backend and webhooks on this machine; by default as it was before,
            which at first is no.
        timeout_s: patience for the whole; the first start of a version on a machine makes a database (half a minute).
        on_progress: told several times a second how many seconds have passed.

    Raises:
        MissingExtra: label-studio is not installed.
        UsageError: there can be no such port, host or folder; or it runs on another host, or with another database; or
            the account's password is too weak for a server that others reach.
        StudioError: the port is taken, or the server does not come up; the message ends with the last lines of its log.
            Or it runs with another choice of `local_services`.
    """
    installed_version()
    if port is not None and not 0 < port < 65536:
        raise UsageError(f"port {port}: must lie between 1 and 65535")
    _check_host(host)
    folder = folder.absolute()
    _prepare(folder)
    deadline = Deadline(timeout_s, on_progress)
    with locked(folder / _LOCK, deadline):
        account = _account(folder)
        state = State.load(folder)
        if state.process:
            _refuse_otherwise(folder, state, host, database, local_services)
            process, found = state.process, True
        else:
            if host != HOST:
                account.refuse_weak(folder)
            kept_in = _settled(folder, database, account)
            allowed = state.local_services if local_services is None else local_services
            state = replace(state, host=host, local_services=allowed)
            process = launch(folder, account, state, port=port, postgres=kept_in, deadline=deadline)
            found = False
            state = replace(state, process=process)
            state.save(folder)
        try:
            must = None if found else port
            url = answering(process, folder, account, host=host, port=must, deadline=deadline)
        except BaseException:
            if not found:  # also on Ctrl-C: nothing half-started stays behind
                stop(process, grace_s=5)
                state.ended().save(folder)
            raise
        replace(state, url=url, port=int(url.rpartition(":")[2])).save(folder)
        check_key(url, account, folder)
        new = not account.confirmed
        if new:
            account.confirm(folder)
        server = Server(url=url, pid=process.pid, folder=folder, username=account.username)
        return Started(server, account.password if new else None, found, deadline.passed_s)


def down(folder: Path, timeout_s: float = 30) -> bool:
    """End the Label Studio that lives in `folder`: ask it to, and force it after `timeout_s` seconds. The data stay.

    Returns:
        True if something was stopped.

    Raises:
        StudioError: it cannot be stopped, or an `up` for the same folder is still at work.
    """
    folder = folder.absolute()
    if not (folder / STATE).exists():
        return False
    with locked(folder / _LOCK, Deadline(timeout_s)):
        state = State.load(folder)
        stopped = state.process is not None and stop(state.process, timeout_s)
        state.ended().save(folder)
        return stopped


def status(folder: Path) -> Status:
    """Tell how the Label Studio that lives in `folder` is, without waiting for it."""
    state = State.load(folder.absolute())
    if state.process is None:
        return Status(running=False)
    if state.url is None:  # still starting
        return Status(running=True, pid=state.process.pid)
    began = time.monotonic()
    healthy = is_healthy(state.url)
    answered_s = time.monotonic() - began
    if not healthy:
        return Status(running=True, url=state.url, pid=state.process.pid)
    return Status(True, state.url, state.process.pid, version(state.url), answered_s)


def api_key(folder: Path) -> str:
    """The key for the API of the Label Studio that lives in `folder` (`Authorization: Token …`).

    Raises:
        StudioError: none was ever started there, or the file that holds the key is damaged.
    """
    folder = folder.absolute()
    account = Account.load(folder)
    if account is None:
        raise StudioError(f"no Label Studio was started in {folder}; start one with: annotate studio up")
    return account.token


def _check_host(host: str) -> None:
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError as error:
        raise UsageError(f"host {host!r}: an IPv4 address is needed, such as {HOST} or 0.0.0.0") from error
    if address.is_multicast:
        raise UsageError(f"host {host}: nobody can listen there")


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror or error}") from error


def _account(folder: Path) -> Account:
    """The account of this folder, which is made where nothing is kept yet."""
    account = Account.load(folder)
    if account is None:
        if (folder / DATA / sqlite.NAME).exists() or (folder / _DATABASE).exists():
            raise StudioError(f"{folder / CREDENTIALS} is gone, and with it the key to the data beside it; put it back")
        account = Account.new()
        account.save(folder)
    return account


def _refuse_otherwise(
    folder: Path, state: State, host: str, database: Database | None, local_services: bool | None
) -> None:
    """Refuse what a server that runs already would have to be started anew for."""
    if state.host != host:
        raise UsageError(f"it runs on {state.host}; end it first: annotate studio down")
    if database and database != Database.from_note(read(folder / _DATABASE)):
        raise UsageError("it runs with another database; a server keeps the one it was first started with")
    if local_services not in (None, state.local_services):
        how = "with" if state.local_services else "without"
        raise StudioError(f"Label Studio runs {how} --local-services; end it first: annotate studio down")


def _settled(folder: Path, wanted: Database | None, account: Account) -> Database | None:
    """The database of this folder, which stays the same from the first start on; its password may change."""
    before = Database.from_note(read(folder / _DATABASE))
    used = (folder / DATA).exists() and account.confirmed
    if wanted is None:
        return before
    if used and (before is None or replace(before, password="") != replace(wanted, password="")):
        has = "SQLite" if before is None else f"the database {before.name} on {before.host}:{before.port}"
        raise UsageError(f"{folder} has its projects in {has}; a server keeps what it was first started with")
    write(folder / _DATABASE, wanted.note())
    return wanted
