"""The one object that speaks to Label Studio; everything it raises is a StudioError."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from json import JSONDecodeError
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self, TypeVar

import orjson

from annotate.errors import StudioError, UsageError

if TYPE_CHECKING:
    import ssl

__all__ = ["Client", "Project", "address"]

T = TypeVar("T")

_PAGE = 1000
_PROJECTS = 100  # on one page
# What `Project` takes of a project in a list; without, the server counts annotations of all kinds, which takes longer.
_OF_PROJECT = "id,title,created_at,label_config,task_number,maximum_annotations,expert_instruction"
_ADDRESS_BYTES = 6000

# The SDK repeats a POST after a time-out by itself, and an import is not idempotent: the first may have arrived.
_ONCE: Any = {"max_retries": 0}


@dataclass(frozen=True, slots=True)
class Project:
    """A project as the server describes it; `created_at` tells it from another server's project of the same id."""

    id: int
    title: str
    created_at: str
    interface: str
    tasks: int
    overlap: int = 1  # people who annotate each task
    instruction: str = ""  # HTML that annotators see before they start


def address(url: str) -> str:
    """The address of a server as messages, links and the ledger may have it.

    Raises:
        UsageError: it is no http or https URL; or a user or password stands in it, which the message does not repeat.
    """
    url = url.strip().rstrip("/")
    if re.match(r"[^/]*(//)?[^/]*@", url):
        raise UsageError(
            "the address of Label Studio must hold no user or password: its key comes from the environment"
        )
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        raise UsageError(f"{url!r} is no address of a server; such as http://127.0.0.1:8080 is needed")
    return url


class Client:
    """A Label Studio at an address, spoken to with a key that is never shown."""

    def __init__(
        self, url: str, api_key: str, timeout_s: float = 120, patience_s: float = 30, ca_file: Path | None = None
    ) -> None:
        """Make a client; nothing is sent yet.

        Args:
            url: where the server answers, such as http://127.0.0.1:8080.
            api_key: a personal access token or a legacy token; white space around it is left away.
            timeout_s: how long one request may take.
            patience_s: for how long a question is asked again while the server fails to answer; a server that is
                restarted is back by then.
            ca_file: certificates (PEM) of authorities to trust beside the usual ones.

        Raises:
            UsageError: the address is no http or https URL or holds a password, the key holds what no key holds, or
                there are no certificates in the file.
        """
        import httpx
        from label_studio_sdk import LabelStudio

        self.url = address(url)
        api_key = api_key.strip()
        if not re.fullmatch(r"[!-~]+", api_key):  # the message must not show it
            raise UsageError("the key of Label Studio must be one word of ASCII")
        self._patience_s = patience_s
        # Label Studio's own server sends head and body of an answer apart, and the second waits for 40 ms until the
        # first is acknowledged, unless the connection is new; to make one costs a tenth of that where there is no TLS.
        kept = 0 if self.url.startswith("http:") else 5
        self._http = httpx.Client(
            timeout=timeout_s,
            follow_redirects=True,
            verify=_trust(ca_file),
            limits=httpx.Limits(max_keepalive_connections=kept),
        )
        self._sdk = LabelStudio(
            base_url=self.url, api_key=api_key, timeout=timeout_s, max_retries=2, httpx_client=self._http
        )

    def close(self) -> None:
        """Close the connections; a client is also a context manager that does so."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def whoami(self) -> str:
        """The e-mail address of the account the key belongs to.

        Raises:
            StudioError: the server cannot be reached, refuses the key, or is no Label Studio.
        """
        with self._translated("asking who we are"):
            try:
                email = self._sdk.users.whoami().email
            except (AttributeError, TypeError):  # the SDK makes an account of any JSON, and fails at lists and null
                email = None
        if not isinstance(email, str):
            raise StudioError(f"{self.url}: the answer names no account: is this the address of a Label Studio?")
        return email

    def project(self, name: str) -> Project | None:
        """The project of this title or, if `name` is a number, of this id; None if there is none.

        Raises:
            StudioError: several projects bear the title, or the server failed.
        """
        name = name.strip()  # as Label Studio takes a title
        if name.isdecimal():
            try:
                with self._translated(f"reading project {name}"):
                    return _project(self._sdk.projects.get(int(name), request_options=_ONCE))
            except StudioError as error:
                if error.status == 404:
                    return None
                raise
        with self._translated("listing projects"):
            found = [p for p in self._entitled(name) if p.title == name]
            if not found:
                return None
            if len(found) > 1:
                ids = ", ".join(str(p.id) for p in found)
                raise StudioError(f"{self.url}: projects {ids} are all called {name!r}; name one by its id")
            return _project(found[0])

    def _entitled(self, title: str) -> Iterator[Any]:
        """Projects whose titles contain this one, as the SDK tells them."""
        for page in self._sdk.projects.list(title=title, include=_OF_PROJECT, page_size=_PROJECTS).iter_pages():
            yield from page.items
            if len(page.items) < _PROJECTS:  # the SDK would ask for one page more than there are
                return

    def existing(self, name: str) -> Project:
        """The project of this title or id.

        Raises:
            StudioError: there is none, several projects bear the title, or the server failed.
        """
        if found := self.project(name):
            return found
        wanted = name if name.isdecimal() else f"{name!r}; annotate push makes it"
        raise StudioError(f"{self.url}: there is no project {wanted}", status=404)

    def create_project(self, title: str, interface: str, instruction: str, overlap: int) -> Project:
        """Make a project; `instruction` is HTML that annotators see before they start, `overlap` people see a task."""
        with self._translated(f"making the project {title!r}"):
            made = self._sdk.projects.create(
                title=title,
                description="Made by annotate-kit. Tasks are recognised by data.uid.",
                label_config=interface,
                expert_instruction=instruction,
                show_instruction=bool(instruction),
                maximum_annotations=overlap,
                show_collab_predictions=True,
                request_options=_ONCE,
            )
            return _project(self._sdk.projects.get(made.id))

    def find(self, project: int, uids: Sequence[str]) -> dict[str, int]:
        """Task ids by uid for those of `uids` that the server has; the lowest where it has several."""
        found: dict[str, int] = {}
        for part in _parts(uids):
            condition = {"filter": "filter:tasks:data.uid", "operator": "in_list", "type": "List", "value": part}
            for row in self.tasks(project, [condition], include="id,data", page_size=len(part) + 1):
                found.setdefault(row["data"]["uid"], row["id"])
        return found

    def tasks(
        self,
        project: int,
        conditions: Sequence[Mapping[str, Any]],
        *,
        include: str = "id",
        page_size: int = _PAGE,
        descending: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """Tasks that fulfil all conditions (as the Data Manager's filters say them), in the order of their ids."""
        page = 1
        while True:
            rows, total = self.page_of_tasks(project, conditions, include, page, page_size, descending=descending)
            yield from rows
            if page * page_size >= total or not rows:
                return
            page += 1

    def page_of_tasks(
        self,
        project: int,
        conditions: Sequence[Mapping[str, Any]],
        include: str = "id",
        page: int = 1,
        page_size: int = 1,
        *,
        descending: bool = False,
    ) -> tuple[list[dict[str, Any]], int]:
        """One page of the tasks that fulfil all conditions, and how many there are on all pages."""
        query: dict[str, Any] = {"ordering": ["-tasks:id" if descending else "tasks:id"]}
        if conditions:
            query["filters"] = {"conjunction": "and", "items": list(conditions)}
        # Label Studio decodes the percent signs of the query a second time.
        text = orjson.dumps(query).decode().replace("%", "\\u0025")
        params = {"project": project, "query": text, "page": page, "page_size": page_size, "fields": "task_only"}
        answer = self.ask("looking at tasks", "GET", "/api/tasks", params={**params, "include": include})
        return answer["tasks"], int(answer["total"])

    def ask(
        self,
        action: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        once: bool = False,
    ) -> Any:
        """Send one request and return the decoded answer, None if it is empty.

        Args:
            action: what the request is for, as messages say it.
            method: of HTTP.
            path: such as /api/tasks.
            params: of the address.
            body: sent as JSON; bytes are JSON already.
            once: do not repeat it when there is no answer. What is repeated must do no harm twice.
        """
        content = body if body is None or isinstance(body, bytes) else orjson.dumps(body)

        def send() -> Any:
            with self._translated(action):
                answer = self._http.request(
                    method, self.url + path, params=params, content=content, headers=self._headers()
                )
                _checked(answer)
                return orjson.loads(answer.content) if answer.content else None

        return send() if once else self._patiently(send)

    def fetch(self, action: str, path: str, into: BinaryIO) -> None:
        """Write what the server answers into a file, which is emptied first."""

        def send() -> None:
            into.seek(0)
            into.truncate()
            with (
                self._translated(action),
                self._http.stream("GET", self.url + path, headers=self._headers()) as answer,
            ):
                if answer.is_error:
                    answer.read()
                _checked(answer)
                for chunk in answer.iter_bytes():
                    into.write(chunk)

        self._patiently(send)

    def _headers(self) -> dict[str, str]:
        # The SDK makes an access token of a personal one, and a new one when it is used up.
        headers = {**self._sdk._client_wrapper.get_headers(), "Content-Type": "application/json"}
        return {name: value for name, value in headers.items() if value is not None}

    def _patiently(self, send: Callable[[], T]) -> T:
        pause, until = 0.25, time.monotonic() + self._patience_s
        while True:
            try:
                return send()
            except StudioError as error:
                if error.refused or time.monotonic() + pause > until:
                    raise
            time.sleep(pause)
            pause = min(8.0, pause * 2)

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any] | bytes]) -> list[int]:
        """Send tasks once, without a retry, and return the ids the server gave them, in order; bytes are JSON already.

        Raises:
            StudioError: with `refused` when nothing was imported; otherwise it may have been all the same.
        """
        # The SDK repeats a POST that got no answer, and goes through every value of it on the way.
        path, params = f"/api/projects/{project}/import", {"return_task_ids": "true"}
        body = b",".join(one if isinstance(one, bytes) else orjson.dumps(one) for one in tasks)
        answer = self.ask(f"importing {len(tasks)} tasks", "POST", path, params=params, body=b"[%b]" % body, once=True)
        ids: list[int] = (answer or {}).get("task_ids") or []
        if len(ids) != len(tasks):
            raise StudioError(f"{self.url}: {len(tasks)} tasks were sent and {len(ids)} ids came back")
        return ids

    def annotate(self, task_id: int, results: Sequence[Mapping[str, Any]] | None) -> int:
        """Submit an annotation of a task as the account of the key, or skip the task with None; returns its id."""
        with self._translated(f"annotating task {task_id}"):
            made = self._sdk.annotations.create(
                task_id, result=list(results or ()), was_cancelled=results is None, request_options=_ONCE
            )
            return int(made.id)

    def delete_project(self, project: int) -> None:
        """Delete a project with all its tasks and annotations."""
        with self._translated(f"deleting project {project}"):
            self._sdk.projects.delete(project)

    def page(self, project: int, task_id: int | None = None) -> str:
        """The address where a person sees the project, or one of its tasks."""
        return f"{self.url}/projects/{project}/data" + (f"?task={task_id}" if task_id else "")

    @contextmanager
    def _translated(self, action: str) -> Iterator[None]:
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        try:
            yield
        except ApiError as error:
            # str(error) shows cookies and headers; the body's own words are what the reader needs.
            raise StudioError(f"{self.url}: {action}: {_words(error)}", error.status_code) from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise StudioError(f"{self.url}: {action}: {error or 'no connection'}", unreached=True) from error
        except httpx.TimeoutException as error:
            raise StudioError(f"{self.url}: {action}: no answer in time") from error
        except httpx.HTTPError as error:
            raise StudioError(f"{self.url}: {action}: {error or type(error).__name__}") from error
        except (httpx.InvalidURL, JSONDecodeError) as error:
            raise StudioError(f"{self.url}: {action}: {error}") from error


def _trust(ca_file: Path | None) -> "ssl.SSLContext | bool":
    """What a server's certificate is checked against, as httpx takes it."""
    if ca_file is None:
        return True
    import ssl

    import certifi

    try:
        trust = ssl.create_default_context(cafile=certifi.where())
        trust.load_verify_locations(ca_file)
    except OSError as error:  # an SSLError is one
        raise UsageError(f"{ca_file}: no certificates can be read from it: {error}") from error
    return trust


def _parts(uids: Sequence[str]) -> Iterator[list[str]]:
    """The uids in portions, each of which fits into an address; servers take 8,000 bytes and more of one."""
    from urllib.parse import quote

    part: list[str] = []
    size = 0
    for uid in uids:
        part_size = len(quote(uid)) + 10
        if part and size + part_size > _ADDRESS_BYTES:
            yield part
            part, size = [], 0
        part.append(uid)
        size += part_size
    if part:
        yield part


def _checked(answer: Any) -> None:
    from label_studio_sdk.core.api_error import ApiError

    if answer.is_error:
        try:
            body = orjson.loads(answer.content)
        except orjson.JSONDecodeError:
            body = answer.text
        raise ApiError(status_code=answer.status_code, body=body)


def _project(raw: Any) -> Project:
    return Project(
        id=raw.id,
        title=raw.title,
        created_at=raw.created_at.isoformat(),
        interface=raw.label_config or "",
        tasks=raw.task_number or 0,
        overlap=raw.maximum_annotations or 1,
        instruction=raw.expert_instruction or "",
    )


def _words(error: Any) -> str:
    if error.status_code in (401, 403):
        return "the server refuses the key (is LABEL_STUDIO_API_KEY right, and still valid?)"
    body = error.body
    if isinstance(body, Mapping):
        parts: Iterable[Any] = (body.get("detail"), body.get("validation_errors"))
        body = "; ".join(str(part) for part in parts if part)
    status = f"status {error.status_code}" if error.status_code else "no status"
    if isinstance(body, str) and "<html" in body.lower():
        return f"{status} and a web page: is this the address of a Label Studio?"
    return f"{status}: {str(body)[:300]}" if body else status
