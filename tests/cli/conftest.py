"""The command line in this process, and servers that answer what a real one will not on request."""

import io
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import NamedTuple

import pytest

from annotate.cli import main
from annotate.start import start
from tests.conftest import Ran


class StandIn(NamedTuple):
    """A server that is no Label Studio: where it answers, and what it was asked."""

    url: str
    asked: list[str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run `annotate ARGS` in the test's folder, through the very function that the installed command calls.

    In this process, since a table of a hundred wrong commands would start Python a hundred times; what only shows in a
    process of its own (pipes, signals, a traceback at exit) is tested with `cli`.
    """
    monkeypatch.chdir(tmp_path)

    def run(*args: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["annotate", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main()
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """The test's folder as a new workspace."""
    start(tmp_path, "campaign")
    return tmp_path


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of 127.0.0.1 where nobody answers, and nobody else can begin to: it is bound, and not listened on."""
    with socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


@pytest.fixture
def stand_in() -> Iterator[Callable[[dict[str, tuple[int, str]]], StandIn]]:
    """Start a server that gives each path its status and body, and 404 to any other."""
    servers: list[ThreadingHTTPServer] = []

    def serve(answers: dict[str, tuple[int, str]]) -> StandIn:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                asked.append(f"{self.command} {path}")
                status, body = answers.get(path, (404, '{"detail": "Not found."}'))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body.encode())

            do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names the base class looks for

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        return StandIn(f"http://127.0.0.1:{server.server_port}", asked)

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
