"""What the tests of embedded servers look at: processes, command lines, environments, the API."""

from contextlib import suppress
from pathlib import Path

import httpx

from annotate.studio import server


def get(url: str, path: str, folder: Path) -> httpx.Response:
    """Ask the API with the key that belongs to a folder."""
    return httpx.get(f"{url}{path}", headers={"Authorization": f"Token {server.api_key(folder)}"}, timeout=30)


def exists(pid: int) -> bool:
    """Tell whether a process runs (a dead one that nobody waited for does not)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] not in "ZX"


def processes_in(folder: Path) -> list[int]:
    """The running processes that have a folder as their current one, as every server has its own."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if path.readlink() == folder and exists(int(path.parent.name)):
                found.append(int(path.parent.name))
    return found


def may_call_this_machine(started: server.Started) -> bool:
    """Whether its process was told so."""
    told = Path(f"/proc/{started.server.pid}/environ").read_bytes().split(b"\0")
    return {b"ML_BLOCK_LOCAL_IP=false", b"SSRF_PROTECTION_ENABLED=false"} <= set(told)


def everything_on_command_lines() -> str:
    """What `ps` shows of all processes to everybody on the machine."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
    return "\n".join(lines)
