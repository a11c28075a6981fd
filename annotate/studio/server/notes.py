"""What the folder of a server remembers between commands, in files that only their owner can read."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from annotate.studio.server.process import HOST, Process, identify, is_alive

__all__ = ["STATE", "State", "read", "write"]

STATE = "server.json"


@dataclass(frozen=True, slots=True)
class State:
    """What runs, where it answers, and how it was asked to run."""

    process: Process | None = None
    url: str | None = None  # None while it starts
    host: str = HOST
    port: int | None = None  # also of the one before
    local_services: bool = False

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` left; a note that is damaged, or of a process that is gone, names nothing that runs."""
        note = read(folder / STATE)
        process = identify(note)
        url, host, port = (note.get(name) for name in ("url", "host", "port"))
        made = cls(
            process=process,
            url=url if isinstance(url, str) else None,
            host=host if isinstance(host, str) else HOST,
            port=port if isinstance(port, int) else None,
            local_services=note.get("local_services") is True,
        )
        return made if process and is_alive(process) else made.ended()

    def ended(self) -> Self:
        """What stays when nothing runs any more: the port, and whether it may call this machine."""
        return replace(self, process=None, url=None, host=HOST)

    def save(self, folder: Path) -> None:
        """Leave the note."""
        note: dict[str, Any] = {"local_services": self.local_services}
        if self.port is not None:
            note["port"] = self.port
        if self.process:
            note |= self.process._asdict() | {"host": self.host}
            note |= {"url": self.url} if self.url else {}
            note["noted_at"] = datetime.now(UTC).isoformat(timespec="seconds")
        write(folder / STATE, note)


def read(path: Path) -> Mapping[str, Any]:
    """The JSON object of a file; an empty one where there is none."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def write(path: Path, data: Mapping[str, Any]) -> None:
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
