"""The one object that speaks to Label Studio; everything it raises is a StudioError."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any, Self

import orjson

from annotate.errors import StudioError, UsageError

__all__ = ["Client", "Project"]

_PAGE = 2000

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


class Client:
    """A Label Studio at an address, spoken to with a key that is never shown."""

    def __init__(self, url: str, api_key: str, timeout_s: float = 120) -> None:
        """Make a client; nothing is sent yet.

        Args:
            url: where the server answers, such as http://127.0.0.1:8080.
            api_key: a personal access token or a legacy token; white space around it is left away.
            timeout_s: how long one request may take.

        Raises:
            UsageError: the address is no http or https URL, or the key holds what no key holds.
        """
        import httpx
        from label_studio_sdk import LabelStudio

        self.url = url.strip().rstrip("/")
        if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", self.url):
            raise UsageError(f"{url!r} is no address of a server; such as http://127.0.0.1:8080 is needed")
        api_key = api_key.strip()
        if not re.fullmatch(r"[!-~]+", api_key):  # the message must not show it
            raise UsageError("the key of Label Studio must be one word of ASCII")
        self._http = httpx.Client(timeout=timeout_s, follow_redirects=True)
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
            StudioError: the server cannot be reached or refuses the key.
        """
        with self._translated("asking who we are"):
            return str(self._sdk.users.whoami().email)

    def project(self, name: str) -> Project | None:
        """The project of this title or, if `name` is a number, of this id; None if there is none.

        Raises:
            StudioError: several projects bear the title, or the server failed.
        """
        if name.isdecimal():
            try:
                with self._translated(f"reading project {name}"):
                    return _project(self._sdk.projects.get(int(name), request_options=_ONCE))
            except StudioError as error:
                if error.status == 404:
                    return None
                raise
        with self._translated("listing projects"):
            found = [p for p in self._sdk.projects.list(title=name, page_size=100) if p.title == name]
            if not found:
                return None
            if len(found) > 1:
                ids = ", ".join(str(p.id) for p in found)
                raise StudioError(f"{self.url}: projects {ids} are all called {name!r}; name one by its id")
            return _project(self._sdk.projects.get(found[0].id))

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
        """Task ids by uid for those of `uids` (at most 1,000, which take 1.4 s) that the server has."""
        condition = {"filter": "filter:tasks:data.uid", "operator": "in_list", "type": "List", "value": list(uids)}
        query = orjson.dumps({"filters": {"conjunction": "and", "items": [condition]}}).decode()
        with self._translated(f"looking for {len(uids)} tasks"):
            rows = self._sdk.tasks.list(
                project=project, query=query, page_size=_PAGE, fields="task_only", include="id,data"
            )
            found: dict[str, int] = {}
            for row in rows:
                found.setdefault(row.data["uid"], row.id)
            return found

    def any_uid(self, project: int) -> str | None:
        """The uid of some task of the project, if one of its tasks has a uid."""
        with self._translated("looking for a task"):
            pager = self._sdk.tasks.list(project=project, page=1, page_size=20, fields="task_only", include="id,data")
            return next((row.data["uid"] for row in pager.items or () if "uid" in row.data), None)

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> list[int]:
        """Send tasks once, without a retry, and return the ids the server gave them, in order.

        Raises:
            StudioError: with `refused` when nothing was imported; otherwise it may have been all the same.
        """
        with self._translated(f"importing {len(tasks)} tasks"):
            answer = self._sdk.projects.import_tasks(
                project, request=tasks, return_task_ids=True, request_options=_ONCE
            )
        ids = list(answer.task_ids or ())
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

    def export(self, project: int) -> list[dict[str, Any]]:
        """Every task of a project with all its annotations, skipped ones too, as of one moment (an export snapshot)."""
        with self._translated("exporting"):
            exports = self._sdk.projects.exports
            # An export snapshot has cancelled annotations and who made them, which the list of annotations has not.
            snapshot = exports.create(
                project,
                title="annotate pull",
                serialization_options=_serialization(),
                request_options=_ONCE,
            )
            try:
                self._await(project, snapshot.id)
                body = b"".join(exports.download(project, snapshot.id))
            finally:
                exports.delete(project, snapshot.id)
        tasks: list[dict[str, Any]] = orjson.loads(body)
        return tasks

    def delete_project(self, project: int) -> None:
        """Delete a project with all its tasks and annotations."""
        with self._translated(f"deleting project {project}"):
            self._sdk.projects.delete(project)

    def page(self, project: int, task_id: int | None = None) -> str:
        """The address where a person sees the project, or one of its tasks."""
        return f"{self.url}/projects/{project}/data" + (f"?task={task_id}" if task_id else "")

    def _await(self, project: int, snapshot: int) -> None:
        import time

        deadline = time.monotonic() + 600
        pause = 0.05
        while (status := self._sdk.projects.exports.get(project, snapshot).status) != "completed":
            if status == "failed" or time.monotonic() > deadline:
                raise StudioError(f"{self.url}: export snapshot {snapshot} is {status}")
            time.sleep(pause)
            pause = min(2.0, pause * 1.5)

    @contextmanager
    def _translated(self, action: str) -> Iterator[None]:
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        try:
            yield
        except ApiError as error:
            # str(error) shows cookies and headers; the body's own words are what the reader needs.
            raise StudioError(f"{self.url}: {action}: {_words(error)}", error.status_code) from None
        except httpx.TimeoutException as error:
            raise StudioError(f"{self.url}: {action}: no answer in time") from error
        except httpx.HTTPError as error:
            raise StudioError(f"{self.url}: {action}: {error or type(error).__name__}") from error
        except (httpx.InvalidURL, JSONDecodeError) as error:
            raise StudioError(f"{self.url}: {action}: {error}") from error


def _project(raw: Any) -> Project:
    return Project(raw.id, raw.title, raw.created_at.isoformat(), raw.label_config or "", raw.task_number or 0)


def _serialization() -> Any:
    return {
        "drafts": {"only_id": True},
        "predictions": {"only_id": True},
        "annotations__completed_by": {"only_id": False},
        "include_annotation_history": False,
    }


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
