"""Label Studio's program as a process: how it is called, which process it is, what it listens on, how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from annotate.errors import MissingExtra, StudioError

__all__ = [
    "ANY",
    "HOST",
    "Process",
    "command",
    "environment",
    "exit_status",
    "free_port",
    "identify",
    "installed_version",
    "is_alive",
    "listening_ports",
    "reason_taken",
    "spawn",
    "stop",
]

HOST = "127.0.0.1"
ANY = "0.0.0.0"  # noqa: S104 - listened on only when it is asked for

_PROC = Path("/proc")
_LISTEN = "0A"  # TCP_LISTEN in /proc/net/tcp

# Label Studio reads settings under their bare names too (HOST, PORT, DEBUG, CI, SECRET_KEY …), and the caller's
# environment may hold keys that are none of its business: so only these are handed on.
_HANDED_ON = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")

_SETTINGS = {
    "COLLECT_ANALYTICS": "false",
    "FRONTEND_SENTRY_DSN": "",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
    "LATEST_VERSION_CHECK": "false",
    "PYTHONUNBUFFERED": "1",
    "PYTHONUTF8": "1",
    "SENTRY_DSN": "",
}
_LOCAL_SERVICES = {"ML_BLOCK_LOCAL_IP": "false", "SSRF_PROTECTION_ENABLED": "false"}


class Process(NamedTuple):
    """One process for good: a pid is used again, but not with the same birth in the same boot."""

    pid: int
    born: int  # clock ticks after boot
    boot: str


# Children of this very process must be waited for, or they stay behind as zombies.
_children: dict[Process, subprocess.Popen[bytes]] = {}


def installed_version() -> str:
    """The version of Label Studio in this Python environment, found without importing it (which takes seconds).

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        return metadata.version("label-studio")
    except metadata.PackageNotFoundError as error:
        raise MissingExtra("label-studio", "studio") from error


def command(*arguments: str) -> list[str]:
    """The command line that runs this environment's Label Studio; -P keeps the current folder out of its imports."""
    return [sys.executable, "-P", "-m", "label_studio.server", *arguments]


def environment(data: Path, *, local_services: bool = False) -> dict[str, str]:
    """What Label Studio gets to know: its data folder, its settings, and hardly anything of our own environment.

    Args:
        data: the folder.
        local_services: whether it may call ML backends and webhooks on this machine, which it refuses by default,
            since whoever may add one could have it ask anything that listens here.
    """
    inherited = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    # It writes an installation id into the configuration folder: keep that with the rest of its data.
    own = {"LABEL_STUDIO_BASE_DATA_DIR": str(data), "XDG_CONFIG_HOME": str(data / "config")}
    return inherited | _SETTINGS | own | (_LOCAL_SERVICES if local_services else {})


def spawn(line: Sequence[str], env: Mapping[str, str], folder: Path, log: Path) -> Process:
    """Start a program that outlives us, with what it says in `log` (0600, emptied first) and `folder` as its own.

    Raises:
        StudioError: it cannot be started, or this system has no /proc to recognise it by.
    """
    if not (_PROC / "self" / "stat").exists():
        raise StudioError("an embedded Label Studio needs Linux (/proc); start one yourself and pass its --url")
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(  # noqa: S603, the command line is ours
            line,
            env=dict(env),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            start_new_session=True,
            umask=0o077,
        )
    except OSError as error:
        raise StudioError(f"cannot start {line[0]}: {error.strerror or error}") from error
    finally:
        os.close(handle)
    # A child that has ended already is still there as a zombie until it is waited for, so it can be identified.
    process = Process(child.pid, _stat(child.pid).born, _boot())
    _children[process] = child
    return process


def identify(data: Mapping[str, Any]) -> Process | None:
    """The process that a dictionary with pid, born and boot names, or None when it does not name one."""
    match data:
        case {"pid": int(pid), "born": int(born), "boot": str(boot)} if pid > 0:
            return Process(pid, born, boot)
    return None


def is_alive(process: Process) -> bool:
    """Tell whether exactly this process still runs; another one with the same pid does not count."""
    if process in _children:
        # The zombie state is no sign here: the first thread of a dying process has it while others are still ending.
        return exit_status(process) is None
    try:
        stat = _stat(process.pid)
    except OSError:
        return False
    return stat.born == process.born and stat.state not in "ZX" and _boot() == process.boot


def exit_status(process: Process) -> int | None:
    """How a process that we started ended (negative: by this signal); None while it runs or when it is not ours."""
    child = _children.get(process)
    return child.poll() if child else None


def stop(process: Process, grace_s: float) -> bool:
    """End a process: ask first, force it after `grace_s` seconds.

    Returns:
        Whether it was running at all.

    Raises:
        StudioError: it belongs to somebody else, or outlives even being killed.
    """
    if not is_alive(process):
        return False
    for number, patience_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, 10.0)):
        try:
            os.kill(process.pid, number)
        except ProcessLookupError:
            return True
        except PermissionError as error:
            raise StudioError(f"process {process.pid} belongs to another user and cannot be stopped") from error
        if _ends(process, patience_s):
            return True
    raise StudioError(f"process {process.pid} cannot be stopped")


def listening_ports(process: Process, host: str = HOST) -> list[int]:
    """The TCP ports of an address of this machine on which this process, and no other, takes connections."""
    mine = set()
    with suppress(OSError):
        for entry in (_PROC / str(process.pid) / "fd").iterdir():
            with suppress(OSError):  # a descriptor may close while we look
                mine.add(str(entry.readlink()))
    address = int.from_bytes(socket.inet_aton(host), sys.byteorder)
    ports = []
    with suppress(OSError):
        for row in (_PROC / str(process.pid) / "net" / "tcp").read_text("ascii").splitlines()[1:]:
            _, local, _, state, _, _, _, _, _, inode, *_ = row.split()
            where, _, port = local.partition(":")
            if state == _LISTEN and int(where, 16) == address and f"socket:[{inode}]" in mine:
                ports.append(int(port, 16))
    return ports


def free_port(host: str = HOST) -> int:
    """A port of an address of this machine that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def reason_taken(port: int, host: str = HOST) -> str | None:
    """Why a server of ours could not take this port, or None when it could."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error.strerror or str(error)
    # Label Studio asks by the name, which may mean ::1, and moves on to the next port when somebody answers there.
    with suppress(OSError), socket.create_connection(("localhost", port), timeout=1):
        return "Address already in use"
    return None


class _Stat(NamedTuple):
    state: str
    born: int


def _stat(pid: int) -> _Stat:
    # The name, field 2, stands in parentheses and may hold anything, parentheses and spaces included: see proc(5).
    _, _, rest = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")
    fields = rest.split()
    return _Stat(state=fields[0], born=int(fields[19]))


def _boot() -> str:
    return (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()


def _ends(process: Process, patience_s: float) -> bool:
    until = time.monotonic() + patience_s
    while is_alive(process):
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True
