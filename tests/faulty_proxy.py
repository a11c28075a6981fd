"""A proxy on loopback that passes requests on to Label Studio and fails in chosen ways, as networks and servers do."""

import contextlib
import http.client
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

__all__ = ["Fault", "Proxy", "proxied"]

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


@dataclass
class Fault:
    """Which requests fail, how, and how often."""

    kind: str  # a key of _Handler.KINDS
    method: str = "POST"
    path: str = r"/import\?"  # a regular expression that the path with its query must match somewhere
    times: int = 1
    skip: int = 0  # let so many pass first
    delay_s: float = 0.0  # of `late` and `slow`

    def strikes(self, method: str, path: str) -> bool:
        """Whether this request fails; counts."""
        if method != self.method or not re.search(self.path, path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return self.times >= 0


@dataclass
class Proxy:
    """A running proxy; faults may be added while it runs."""

    url: str
    upstream: str
    faults: list[Fault] = field(default_factory=list)
    struck: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    at_work: list[threading.Thread] = field(default_factory=list)

    def settled(self) -> None:
        """Wait until no request is on its way to the server any more."""
        for thread in self.at_work:
            thread.join()


@contextmanager
def proxied(upstream: str, *faults: Fault) -> Iterator[Proxy]:
    """Run a proxy in front of the server at `upstream`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    proxy = Proxy(f"http://127.0.0.1:{server.server_address[1]}", upstream, list(faults))
    server.proxy = proxy
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.over.set()
        server.shutdown()
        server.server_close()
        proxy.settled()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One request: what the fault says, or what the server says."""

    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            super().handle_one_request()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        proxy = self.server.proxy
        fault = next((f for f in proxy.faults if f.strikes(self.command, self.path)), None)
        if fault is None:
            self._answer(*self._pass_on(self._body()))
            return
        proxy.struck += 1
        self.KINDS[fault.kind](self, fault)

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that http.server looks for

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _pass_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        to = urlsplit(self.server.proxy.upstream)
        connection = http.client.HTTPConnection(to.hostname, to.port, timeout=120)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            connection.request(self.command, self.path, body=body, headers={**headers, "Accept-Encoding": "identity"})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except OSError:
            return 502, [("Content-Type", "text/html")], b"<html>502 Bad Gateway</html>"
        finally:
            connection.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes, cut: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[:cut])
        self.wfile.flush()

    def _no_answer_after(self, _: Fault) -> None:
        """The server does it, and nobody hears of it."""
        self._pass_on(self._body())
        self.server.proxy.over.wait(60)

    def _bad_gateway_before(self, _: Fault) -> None:
        """The server never gets it."""
        self._body()
        self._answer(502, [("Content-Type", "text/html")], b"<html>502 Bad Gateway</html>")

    def _bad_gateway_after(self, _: Fault) -> None:
        """The server does it, and the answer is lost on the way."""
        self._pass_on(self._body())
        self._answer(502, [("Content-Type", "text/html")], b"<html>502 Bad Gateway</html>")

    def _reset_in_request(self, _: Fault) -> None:
        """The connection breaks while the body is on its way to the server."""
        length = int(self.headers.get("Content-Length") or 0)
        half = self.rfile.read(length // 2)
        to = urlsplit(self.server.proxy.upstream)
        with socket.create_connection((to.hostname, to.port)) as server:
            head = f"{self.command} {self.path} HTTP/1.1\r\n".encode()
            head += b"".join(f"{name}: {value}\r\n".encode() for name, value in self.headers.items())
            server.sendall(head + b"\r\n" + half)
            _reset(server)
        _reset(self.connection)

    def _reset_in_answer(self, _: Fault) -> None:
        """The server does it, and the connection breaks in the middle of the answer."""
        status, headers, body = self._pass_on(self._body())
        self._answer(status, headers, body, cut=len(body) // 2)
        _reset(self.connection)

    def _slow(self, fault: Fault) -> None:
        """The answer takes its time."""
        body = self._body()
        time.sleep(fault.delay_s)
        self._answer(*self._pass_on(body))

    def _late(self, fault: Fault) -> None:
        """The client has long given up when the server gets to it."""
        body = self._body()

        def pass_on() -> None:
            time.sleep(fault.delay_s)
            self._pass_on(body)

        thread = threading.Thread(target=pass_on)
        self.server.proxy.at_work.append(thread)
        thread.start()
        self.server.proxy.over.wait(60)

    KINDS: ClassVar = {
        "no answer after": _no_answer_after,
        "502 before": _bad_gateway_before,
        "502 after": _bad_gateway_after,
        "reset in request": _reset_in_request,
        "reset in answer": _reset_in_answer,
        "slow": _slow,
        "late": _late,
    }


def _reset(connection: socket.socket) -> None:
    """Close with RST rather than FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
