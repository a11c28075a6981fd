"""A stand-in for the Hugging Face Hub: enough of its API that the real client publishes to it and `datasets` loads.

It keeps dataset repositories in memory as chains of commits, knows who may write where, refuses what the Hub refuses,
and makes trouble on request: an error status, a dropped connection or a pause, before or after a request takes effect.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

__all__ = ["DROP", "HOLD", "READER", "WRITER", "HubStandIn", "serving"]

WRITER, READER = "hf_writer", "hf_reader"  # tokens: one may write to owner/…, one may only read it
OWNER = "owner"
DROP, HOLD = -1, -2  # instead of a status: close the connection; wait, and then close it


class Blob(NamedTuple):
    """The content of a file, and whether it lies in large file storage."""

    content: bytes
    large: bool

    @property
    def oid(self) -> str:
        """What Git calls it; of a large file, the pointer's."""
        return hashlib.sha1(b"blob %d\0" % len(self.pointer) + self.pointer).hexdigest()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def pointer(self) -> bytes:
        if not self.large:
            return self.content
        lines = ("version https://git-lfs.github.com/spec/v1", f"oid sha256:{self.sha256}", f"size {len(self.content)}")
        return "".join(f"{line}\n" for line in lines).encode()


class Commit(NamedTuple):
    oid: str
    parent: str | None
    message: str
    files: dict[str, Blob]


@dataclass
class Repo:
    private: bool
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, message: str, files: dict[str, Blob]) -> Commit:
        parent = self.branches.get("main")
        names = "".join(f"{name} {blob.oid}\n" for name, blob in sorted(files.items()))
        made = Commit(hashlib.sha1(f"{parent}{message}{names}".encode()).hexdigest(), parent, message, files)
        self.commits[made.oid] = made
        self.branches["main"] = made.oid
        return made

    def at(self, revision: str) -> Commit | None:
        return self.commits.get(self.branches.get(revision) or self.tags.get(revision) or revision)


class Refused(Exception):
    """An answer other than 200: its status, what the Hub calls the error, and what it says."""

    def __init__(self, status: int, code: str = "", message: str = "") -> None:
        self.status, self.code, self.message = status, code, message


class _Trouble(NamedTuple):
    request: re.Pattern[str]  # of "METHOD /path"
    after: bool  # the request takes effect before the trouble starts
    status: int


class HubStandIn:
    """The state of the stand-in, which tests look at and change."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.repos: dict[str, Repo] = {}
        self.asked: list[str] = []  # "METHOD /path" of every request
        self.held = threading.Event()  # a request is being held
        self._large: dict[str, bytes] = {}
        self._troubles: list[_Trouble] = []
        self._let_go = threading.Event()
        self._lock = threading.RLock()

    def trouble(self, request: str, status: int, *, after: bool = False, times: int = 1) -> None:
        """Make trouble for the next requests that match."""
        self._troubles += [_Trouble(re.compile(request), after, status)] * times

    def let_go(self) -> None:
        """End every pause."""
        self._let_go.set()

    @property
    def written(self) -> list[str]:
        """The requests so far that ask for a change."""
        return [it for it in self.asked if re.search(r"POST \S+/(create|commit/\S+|tag/\S+)$", it)]

    def answer(self, method: str, path: str, query: dict[str, Any], token: str | None, body: bytes) -> "Answer":
        """Do what a request asks for, with its share of trouble."""
        with self._lock:
            self.asked.append(f"{method} {path}")
            found = next((it for it in self._troubles if it.request.search(f"{method} {path}")), None)
            if found:
                self._troubles.remove(found)
            answer = None if found and not found.after else self._done(method, path, query, token, body)
        if not found:
            assert answer is not None
            return answer
        if found.status == HOLD:
            self.held.set()
            self._let_go.wait(timeout=60)
            raise ConnectionAbortedError
        if found.status == DROP:
            raise ConnectionAbortedError
        return Answer(found.status, {}, b'{"error": "trouble on request"}')

    def _done(self, method: str, path: str, query: dict[str, Any], token: str | None, body: bytes) -> "Answer":
        try:
            if token not in (None, WRITER, READER):
                raise Refused(401, "", "Invalid credentials in Authorization header")
            for pattern, handler in _ROUTES:
                if match := re.fullmatch(pattern, f"{method} {path}"):
                    parts = {name: unquote(part) for name, part in match.groupdict().items()}
                    return getattr(self, handler)(token=token, query=query, body=body, **parts)
            raise Refused(404, "", "no such route")
        except Refused as refused:
            headers = {"X-Error-Code": refused.code, "X-Error-Message": refused.message}
            text = json.dumps({"error": refused.message}).encode()
            return Answer(refused.status, {name: value for name, value in headers.items() if value}, text)

    def _repo(self, name: str, token: str | None) -> Repo:
        repo = self.repos.get(name)
        if repo is None or (repo.private and token is None):
            raise Refused(404 if token else 401, "RepoNotFound", "Repository not found")
        return repo

    def _writable(self, name: str, token: str | None) -> Repo:
        repo = self._repo(name, token)
        if token != WRITER or not name.startswith(f"{OWNER}/"):
            raise Refused(403, "", "you must have write access")
        return repo

    def _commit_at(self, name: str, revision: str, token: str | None) -> Commit:
        found = self._repo(name, token).at(revision)
        if found is None:
            raise Refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return found

    def create(self, *, token: str | None, body: bytes, **_: Any) -> "Answer":
        asked = json.loads(body)
        assert asked["type"] == "dataset"
        name = f"{asked['organization']}/{asked['name']}"
        if token is None:
            raise Refused(401, "", "Invalid username or password.")
        if token != WRITER or asked["organization"] != OWNER:
            raise Refused(403, "", "you don't have the rights to create a dataset under this namespace")
        if name in self.repos:
            raise Refused(409, "", "You already created this dataset repo")
        repo = self.repos[name] = Repo(private=asked.get("visibility") == "private")
        repo.commit(
            "initial commit", {".gitattributes": Blob(b"*.parquet filter=lfs diff=lfs merge=lfs -text\n", False)}
        )
        return _json({"url": f"{self.url}/datasets/{name}", "name": name})

    def info(self, *, repo: str, token: str | None, revision: str = "main", **_: Any) -> "Answer":
        commit = self._commit_at(repo, revision, token)
        files = [{"rfilename": name} for name in sorted(commit.files)]
        return _json(
            {"id": repo, "sha": commit.oid, "private": self.repos[repo].private, "siblings": files, "tags": []}
        )

    def tree(
        self, *, repo: str, revision: str, token: str | None, query: dict[str, Any], folder: str = "", **_: Any
    ) -> "Answer":
        files = self._commit_at(repo, revision, token).files
        inside = f"{folder}/" if folder else ""
        found = {name: _entry(name, blob) for name, blob in files.items() if name.startswith(inside)}
        if folder and not found:
            raise Refused(404, "EntryNotFound", f"{folder} does not exist on {revision}")
        rows = list(found.values())
        folders = {
            name[:at] for name in found for at in (m.start() for m in re.finditer("/", name)) if at >= len(inside)
        }
        rows += [{"type": "directory", "path": name, "oid": "0" * 40, "size": 0} for name in sorted(folders)]
        if query.get("recursive", ["false"])[0].lower() != "true":
            rows = [row for row in rows if "/" not in row["path"][len(inside) :]]
        return _json(sorted(rows, key=lambda row: row["path"]))

    def paths_info(self, *, repo: str, revision: str, token: str | None, body: bytes, **_: Any) -> "Answer":
        files = self._commit_at(repo, revision, token).files
        asked = json.loads(body) if body.startswith(b"{") else parse_qs(body.decode())
        rows = []
        for path in asked["paths"]:
            if path in files:
                rows.append(_entry(path, files[path]))
            elif any(name.startswith(f"{path}/") for name in files):
                rows.append({"type": "directory", "path": path, "oid": "0" * 40, "size": 0})
        return _json(rows)

    def refs(self, *, repo: str, token: str | None, **_: Any) -> "Answer":
        found = self._repo(repo, token)
        branches = [{"name": n, "ref": f"refs/heads/{n}", "targetCommit": c} for n, c in found.branches.items()]
        tags = [{"name": n, "ref": f"refs/tags/{n}", "targetCommit": c} for n, c in found.tags.items()]
        return _json({"branches": branches, "converts": [], "tags": tags})

    def validate_yaml(self, *, body: bytes, **_: Any) -> "Answer":
        content = json.loads(body)["content"]
        if "license: not-a-license" in content:  # the Hub has a list of licences
            return Answer(400, {}, json.dumps({"errors": [{"message": '"license" must be one of [...]'}]}).encode())
        return _json({"errors": [], "warnings": []})

    def preupload(self, *, repo: str, revision: str, token: str | None, body: bytes, **_: Any) -> "Answer":
        self._writable(repo, token)
        files = self._commit_at(repo, revision, token).files
        rows = []
        for asked in json.loads(body)["files"]:
            large = asked["path"].endswith(".parquet") or asked["size"] > 10_000_000
            there = files.get(asked["path"])
            oid = (there.sha256 if there.large else there.oid) if there else None
            rows.append(
                {"path": asked["path"], "uploadMode": "lfs" if large else "regular", "shouldIgnore": False, "oid": oid}
            )
        return _json({"files": rows})

    def batch(self, *, repo: str, token: str | None, body: bytes, **_: Any) -> "Answer":
        self._writable(repo, token)
        rows = []
        for asked in json.loads(body)["objects"]:
            there = asked["oid"] in self._large
            actions = {} if there else {"actions": {"upload": {"href": f"{self.url}/large/{asked['oid']}"}}}
            rows.append({"oid": asked["oid"], "size": asked["size"], **actions})
        return _json({"transfer": "basic", "objects": rows})

    def upload(self, *, oid: str, body: bytes, **_: Any) -> "Answer":
        if hashlib.sha256(body).hexdigest() != oid:
            raise Refused(400, "", "the content is not that of its name")
        self._large[oid] = body
        return Answer(200, {}, b"")

    def commit(self, *, repo: str, revision: str, token: str | None, body: bytes, **_: Any) -> "Answer":
        found = self._writable(repo, token)
        assert revision == "main"
        head = found.at("main")
        assert head is not None
        files, summary = dict(head.files), ""
        for line in map(json.loads, body.splitlines()):
            key, value = line["key"], line["value"]
            if key == "header":
                summary = value["summary"]
                if value.get("parentCommit", head.oid) != head.oid:
                    raise Refused(412, "", "A commit has happened since. Please refresh and try again.")
            elif key == "file":
                files[value["path"]] = Blob(base64.b64decode(value["content"]), large=False)
            elif key == "lfsFile":
                if value["oid"] not in self._large:
                    raise Refused(400, "", f"{value['path']} was not uploaded")
                files[value["path"]] = Blob(self._large[value["oid"]], large=True)
            elif key == "deletedFile":
                if value["path"] not in files:
                    raise Refused(404, "EntryNotFound", "A file with this name doesn't exist")
                del files[value["path"]]
            else:
                raise Refused(400, "", f"unknown key {key}")
        made = found.commit(summary, files)
        return _json({"commitOid": made.oid, "commitUrl": f"{self.url}/datasets/{repo}/commit/{made.oid}"})

    def tag(self, *, repo: str, revision: str, token: str | None, body: bytes, **_: Any) -> "Answer":
        found = self._writable(repo, token)
        commit = self._commit_at(repo, revision, token)
        name = json.loads(body)["tag"]
        if name in found.tags:
            raise Refused(409, "", f"Tag reference exists already: {name}")
        found.tags[name] = commit.oid
        return _json({})

    def resolve(self, *, repo: str, revision: str, path: str, token: str | None, **_: Any) -> "Answer":
        commit = self._commit_at(repo, revision, token)
        blob = commit.files.get(path)
        if blob is None:
            raise Refused(404, "EntryNotFound", f"{path} does not exist at {revision}")
        headers = {"X-Repo-Commit": commit.oid, "ETag": f'"{blob.sha256 if blob.large else blob.oid}"'}
        return Answer(200, headers, blob.content)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


_REPO = r"(?P<repo>[^/]+/[^/]+)"
_REVISION = r"(?P<revision>[^/]+)"
_ROUTES = (
    (r"POST /api/repos/create", "create"),
    (r"POST /api/validate-yaml", "validate_yaml"),
    (rf"GET /api/datasets/{_REPO}", "info"),
    (rf"GET /api/datasets/{_REPO}/revision/{_REVISION}", "info"),
    (rf"GET /api/datasets/{_REPO}/refs", "refs"),
    (rf"GET /api/datasets/{_REPO}/tree/{_REVISION}", "tree"),
    (rf"GET /api/datasets/{_REPO}/tree/{_REVISION}/(?P<folder>.+)", "tree"),
    (rf"POST /api/datasets/{_REPO}/paths-info/{_REVISION}", "paths_info"),
    (rf"POST /api/datasets/{_REPO}/preupload/{_REVISION}", "preupload"),
    (rf"POST /api/datasets/{_REPO}/commit/{_REVISION}", "commit"),
    (rf"POST /api/datasets/{_REPO}/tag/{_REVISION}", "tag"),
    (r"POST /datasets/(?P<repo>[^/]+/[^/]+)\.git/info/lfs/objects/batch", "batch"),
    (r"PUT /large/(?P<oid>[0-9a-f]{64})", "upload"),
    (rf"(?:GET|HEAD) /datasets/{_REPO}/resolve/{_REVISION}/(?P<path>.+)", "resolve"),
)


def _json(value: Any) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(value).encode())


def _entry(path: str, blob: Blob) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": "file", "path": path, "oid": blob.oid, "size": len(blob.content)}
    if blob.large:
        entry["lfs"] = {"oid": blob.sha256, "size": len(blob.content), "pointerSize": len(blob.pointer)}
    return entry


@contextmanager
def serving() -> Iterator[HubStandIn]:
    """Run a stand-in on a free port of this machine until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ") or None
            try:
                answer = hub.answer(self.command, parts.path, parse_qs(parts.query), token, body)
            except ConnectionAbortedError:
                self.close_connection = True
                return
            self.send_response(answer.status)
            content = answer.body
            if wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or ""):
                content = content[int(wanted[1]) : int(wanted[2]) + 1 if wanted[2] else None]
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = _answer  # noqa: N815 - names that the base class looks for

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub = HubStandIn(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hub
    finally:
        hub.let_go()
        server.shutdown()
        server.server_close()
        thread.join()
