"""An embedded Label Studio: a real server with its own data folder, on this machine alone, started and ended by us."""

import http.client
import ipaddress
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from annotate.errors import StudioError, UsageError
from annotate.studio import server_database, server_postgres
from annotate.studio.server_process import (
    ANY,
    HOST,
    Deadline,
    Process,
    command,
    environment,
    exit_status,
    free_port,
    identify,
    installed_version,
    is_alive,
    listening_ports,
    locked,
    reason_taken,
    spawn,
    stop,
)

__all__ = ["Server", "Started", "Status", "api_key", "down", "status", "up"]

USERNAME = "annotate@localhost"

_CREDENTIALS = "credentials.json"
_STATE = "server.json"
_LOG = "server.log"
_LOG_BEFORE = "server.log.1"
_LOCK = ".lock"
_DATABASE = "database.json"
_DATA = "data"
_LAST_LINES = 15
_LOCAL = "local_services"
_STRONG = 12  # characters of a password for a server that other machines reach


@dataclass(frozen=True, slots=True)
class Server:
    """A running Label Studio that we know how to talk to."""

    url: str  # "http://127.0.0.1:8123"
    pid: int | None = None  # of an embedded one
    folder: Path | None = None  # of an embedded one
    username: str | None = None


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
    database: server_postgres.Database | None = None,
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
        credentials = _Credentials.load(folder)
        process = _process(folder)
        found = process is not None
        before = _read(folder / _STATE).get(_LOCAL) is True
        if process is None:
            database = _settled(folder, database, credentials)
            if host != HOST:
                credentials.refuse_weak(folder)
            allowed = before if local_services is None else local_services
            process = _start(
                folder, credentials, deadline, port=port, host=host, postgres=database, local_services=allowed
            )
        elif _read(folder / _STATE).get("host", HOST) != host:
            raise UsageError(
                f"it runs on {_read(folder / _STATE).get('host', HOST)}; end it first: annotate studio down"
            )
        elif database and database != server_postgres.Database.from_note(_read(folder / _DATABASE)):
            raise UsageError("it runs with another database; a server keeps the one it was first started with")
        elif local_services not in (None, before):
            how = "with" if before else "without"
            raise StudioError(f"Label Studio runs {how} --local-services; end it first: annotate studio down")
        try:
            url = _await_answer(process, folder, credentials, None if found else port, deadline)
        except BaseException:
            if not found:  # also on Ctrl-C: nothing half-started stays behind
                stop(process, grace_s=5)
                _remember(folder, None)
            raise
        _remember(folder, process, url)
        _check_key(url, credentials, folder)
        new = not credentials.confirmed
        if new:
            credentials.confirm(folder)
        server = Server(url=url, pid=process.pid, folder=folder, username=credentials.username)
        return Started(server, credentials.password if new else None, found, deadline.passed_s)


def down(folder: Path, timeout_s: float = 30) -> bool:
    """End the Label Studio that lives in `folder`: ask it to, and force it after `timeout_s` seconds. The data stay.

    Returns:
        True if something was stopped.

    Raises:
        StudioError: it cannot be stopped, or an `up` for the same folder is still at work.
    """
    folder = folder.absolute()
    if not (folder / _STATE).exists():
        return False
    with locked(folder / _LOCK, Deadline(timeout_s)):
        process = _process(folder)
        stopped = process is not None and stop(process, timeout_s)
        _remember(folder, None)
        return stopped


def status(folder: Path) -> Status:
    """Tell how the Label Studio that lives in `folder` is, without waiting for it."""
    folder = folder.absolute()
    process = _process(folder)
    if process is None:
        return Status(running=False)
    url = _read(folder / _STATE).get("url")
    if not isinstance(url, str):  # still starting
        return Status(running=True, pid=process.pid)
    began = time.monotonic()
    try:
        healthy, _ = _get(url, "/health")
        answered_s = time.monotonic() - began
        _, versions = _get(url, "/api/version")
    except (OSError, http.client.HTTPException):
        return Status(running=True, url=url, pid=process.pid)
    if healthy != http.client.OK:
        return Status(running=True, url=url, pid=process.pid)
    return Status(running=True, url=url, pid=process.pid, version=_release(versions), answered_s=answered_s)


def api_key(folder: Path) -> str:
    """The key for the API of the Label Studio that lives in `folder` (`Authorization: Token …`).

    Raises:
        StudioError: none was ever started there, or the file that holds the key is damaged.
    """
    folder = folder.absolute()
    if not (folder / _CREDENTIALS).exists():
        raise StudioError(f"no Label Studio was started in {folder}; start one with: annotate studio up")
    return _Credentials.load(folder).token


@dataclass(frozen=True, slots=True)
class _Credentials:
    """The one account of an embedded server. Kept unconfirmed until the server has accepted it once."""

    username: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    confirmed: bool

    @classmethod
    def load(cls, folder: Path) -> "_Credentials":
        path = folder / _CREDENTIALS
        if not path.exists():
            if (folder / _DATA / server_database.NAME).exists() or (folder / _DATABASE).exists():
                raise StudioError(f"{path} is gone, and with it the key to the data beside it; put the file back")
            # 40 characters are what the token's column holds.
            made = cls(USERNAME, secrets.token_urlsafe(18), secrets.token_hex(20), confirmed=False)
            made._save(folder)
            return made
        match _read(path):
            case {"username": str(username), "password": str(password), "token": str(token), **rest}:
                return cls(username, password, token, confirmed=rest.get("confirmed") is True)
        raise StudioError(f"{path} is damaged: it must hold username, password and token")

    def confirm(self, folder: Path) -> None:
        replace(self, confirmed=True)._save(folder)

    def for_environment(self) -> dict[str, str]:
        """What makes Label Studio create the account; never on the command line, which everybody can read."""
        return {
            "LABEL_STUDIO_USERNAME": self.username,
            "LABEL_STUDIO_PASSWORD": self.password,
            "LABEL_STUDIO_USER_TOKEN": self.token,
        }

    def refuse_weak(self, folder: Path) -> None:
        """Refuse a password that was put into the file by hand and can be guessed."""
        word = self.password.casefold()
        if len(word) < _STRONG or len(set(word)) < _STRONG // 2 or self.username.partition("@")[0] in word:
            raise UsageError(
                f"the password in {folder / _CREDENTIALS} is too weak for a server that other machines reach:"
                f" at least {_STRONG} characters, not the same few again and again, and not the account's name"
            )

    def blot(self, text: str) -> str:
        return text.replace(self.password, "***").replace(self.token, "***")

    def _save(self, folder: Path) -> None:
        values = {"username": self.username, "password": self.password, "token": self.token}
        _write(folder / _CREDENTIALS, values | {"confirmed": self.confirmed})


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


def _settled(
    folder: Path, wanted: server_postgres.Database | None, credentials: _Credentials
) -> server_postgres.Database | None:
    """The database of this folder, which stays the same from the first start on; its password may change."""
    before = server_postgres.Database.from_note(_read(folder / _DATABASE))
    used = (folder / _DATA).exists() and credentials.confirmed
    if wanted is None:
        return before
    if used and (before is None or replace(before, password="") != replace(wanted, password="")):
        has = "SQLite" if before is None else f"the database {before.name} on {before.host}:{before.port}"
        raise UsageError(f"{folder} has its projects in {has}; a server keeps what it was first started with")
    _write(folder / _DATABASE, wanted.note())
    return wanted


def _start(
    folder: Path,
    credentials: _Credentials,
    deadline: Deadline,
    *,
    port: int | None,
    host: str,
    postgres: server_postgres.Database | None,
    local_services: bool,
) -> Process:
    port = _choose(folder, port, host)
    data = folder / _DATA
    database = data / server_database.NAME
    if not credentials.confirmed and data.exists():
        # A first start that was interrupted: nobody knows the password yet, so nothing of anybody's is in there.
        try:
            shutil.rmtree(data)
        except OSError as error:
            raise StudioError(f"{data} is left from an interrupted start and cannot be removed: {error}") from error
    env = environment(data, local_services=local_services)
    if postgres:
        data.mkdir(mode=0o700, exist_ok=True)
        env |= postgres.for_environment()
        if not credentials.confirmed:
            env |= credentials.for_environment()
    elif not database.exists():
        data.mkdir(mode=0o700, exist_ok=True)
        server_database.make(database, deadline)
        env |= credentials.for_environment()
    log = folder / _LOG
    if log.exists():
        log.replace(folder / _LOG_BEFORE)
    line = command("start", "--no-browser", "--internal-host", host, "--port", str(port))
    process = spawn(line, env, folder, log)
    _write(folder / _STATE, {**_read(folder / _STATE), "host": host, _LOCAL: local_services})
    _remember(folder, process)
    return process


def _choose(folder: Path, port: int | None, host: str) -> int:
    if port is not None:
        if why := reason_taken(port, host):
            raise StudioError(f"port {port} of {host} cannot be used ({why}); name another or none")
        return port
    # The port it had before keeps bookmarks and logged-in browsers valid.
    before = _read(folder / _STATE).get("port")
    return before if isinstance(before, int) and not reason_taken(before, host) else free_port(host)


def _await_answer(
    process: Process, folder: Path, credentials: _Credentials, port: int | None, deadline: Deadline
) -> str:
    """Wait until this process itself answers, and say where: Label Studio takes the next port when its own is taken."""
    while True:
        if not is_alive(process):
            ended = exit_status(process)
            how = "" if ended is None else f" (exit status {ended})"
            raise StudioError(_with_log(f"Label Studio ended while starting{how}", folder, credentials))
        host = str(_read(folder / _STATE).get("host", HOST))
        for found in listening_ports(process, host):
            if port not in (None, found):
                raise StudioError(f"port {port} of {host} was taken by another process; name another or none")
            url = f"http://{HOST if host == ANY else host}:{found}"
            try:
                if _get(url, "/health")[0] == http.client.OK:
                    return url
            except (OSError, http.client.HTTPException):
                pass  # it listens before it can answer
        try:
            deadline.wait("Label Studio did not answer")
        except StudioError as error:
            raise StudioError(_with_log(str(error), folder, credentials)) from error


def _check_key(url: str, credentials: _Credentials, folder: Path) -> None:
    try:
        answer, _ = _get(url, "/api/current-user/whoami", token=credentials.token)
    except (OSError, http.client.HTTPException) as error:
        raise StudioError(f"{url} does not answer: {error}") from error
    if answer != http.client.OK:
        raise StudioError(
            f"{url} runs but refuses the key in {folder / _CREDENTIALS} (HTTP {answer}); "
            "if it was reset in the browser, put the new one there as token"
        )


def _with_log(what: str, folder: Path, credentials: _Credentials) -> str:
    log = folder / _LOG
    lines = credentials.blot(log.read_text("utf-8", "replace")).splitlines()[-_LAST_LINES:] if log.exists() else []
    return "\n  ".join([f"{what}; {log} ends with:" if lines else f"{what}; {log} is empty", *lines])


def _process(folder: Path) -> Process | None:
    """The running server of this folder, by the note that `up` left; the note of a crashed one means nothing."""
    process = identify(_read(folder / _STATE))
    return process if process and is_alive(process) else None


def _remember(folder: Path, process: Process | None, url: str | None = None) -> None:
    """Leave a note of what runs; of what ran, only the port stays, and whether it may call this machine."""
    path = folder / _STATE
    kept = {key: value for key, value in _read(path).items() if key in ("port", _LOCAL)}
    if process is None:
        _write(path, kept)
        return
    note = kept | process._asdict()
    if url:
        note |= {"url": url, "port": int(url.rpartition(":")[2])}
    note["host"] = _read(path).get("host", HOST)
    _write(path, note | {"noted_at": datetime.now(UTC).isoformat(timespec="seconds")})


def _read(path: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _write(path: Path, data: Mapping[str, Any]) -> None:
    """Replace a file at one stroke by one that only its owner can read, from its first byte on."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(data, stream, indent=2)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _get(url: str, path: str, token: str | None = None) -> tuple[int, bytes]:
    # Not through a proxy, whatever the environment says: this never leaves the machine.
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", path, headers={"Authorization": f"Token {token}"} if token else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _release(versions: bytes) -> str | None:
    try:
        data = json.loads(versions)
    except ValueError:
        return None
    release = data.get("release") if isinstance(data, dict) else None
    return release if isinstance(release, str) else None
