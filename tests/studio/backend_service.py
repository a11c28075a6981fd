"""The service as a process of its own, as `annotate studio backend` starts it."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from annotate.studio.backend.guard import USER

SECRET = "a-secret-for-the-tests"


class Service(NamedTuple):
    """A running service, and what it has said so far in `log`."""

    url: str
    told: dict[str, Any]
    process: subprocess.Popen[bytes]
    log: Path

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """A request with the secret."""
        return httpx.request(method, self.url + path, json=body, auth=(USER, SECRET), timeout=30, **options)


@contextmanager
def running(folder: Path, *args: str, **env: str) -> Iterator[Service]:
    """Start a service on a free port, and end it by its process id."""
    log = folder / "backend.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "annotate", "studio", "backend", "--port", "0", "--json", *args],
            cwd=folder,
            env={**os.environ, "ANNOTATE_BACKEND_SECRET": SECRET, **env},
            stdout=subprocess.PIPE,
            stderr=stream,
        )
    try:
        ready, _, _ = select.select([process.stdout], [], [], 60)
        line = process.stdout.readline() if ready else b""
        assert line, log.read_text("utf-8")
        told = json.loads(line)
        yield Service(told["url"], told, process, log)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)
        process.stdout.close()
