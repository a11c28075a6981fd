"""The one object that speaks to the Hugging Face Hub, about one dataset repository; its errors are translated here."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.errors import DataError, Fault, HubError, Reason, UsageError

if TYPE_CHECKING:
    from httpx2 import Client
    from huggingface_hub import HfApi

__all__ = ["MAIN", "SCHEME", "Hub", "sha_of_blob"]

SCHEME = "hub:"  # how an address on the Hub begins on the command line
MAIN = "main"

_REPO = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_]([A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")
_GATEWAY_S = 120  # without an answer for so long, a request is taken for lost


class Hub:
    """A dataset repository on the Hub, there or not. The key comes from HF_TOKEN alone, the server from HF_ENDPOINT."""

    def __init__(self, repo: str) -> None:
        """Name a repository; nothing is asked yet.

        Raises:
            UsageError: the name is not like owner/name, or HF_TOKEN is not set.
        """
        if not _REPO.fullmatch(repo):
            raise UsageError(f"{SCHEME}{repo}: a dataset on the Hub is called {SCHEME}owner/name")
        token = os.environ.get("HF_TOKEN", "").strip()
        if not token:
            raise UsageError("HF_TOKEN is not set; put a token that may write to the Hub into the environment")
        self.repo = repo
        self._api = _api(token)

    @property
    def url(self) -> str:
        """Where a browser shows it."""
        return f"{self._api.endpoint}/datasets/{self.repo}"

    def exists(self) -> bool:
        """Tell whether the repository is there, as far as this token may see."""
        from huggingface_hub.errors import RepositoryNotFoundError

        with self._translated("look for it"):
            try:
                self._api.dataset_info(self.repo, timeout=_GATEWAY_S)
            except RepositoryNotFoundError as error:
                if error.response.status_code != 404:
                    raise
                return False
        return True

    def create(self, *, private: bool) -> None:
        """Make the repository; one that is there is left as it is."""
        with self._translated("make it"):
            self._api.create_repo(self.repo, repo_type="dataset", private=private, exist_ok=True)

    def commit_of(self, revision: str) -> str | None:
        """The commit that a branch or a tag stands for; None when there is no such revision."""
        from huggingface_hub.errors import RevisionNotFoundError

        with self._translated(f"look up {revision}"):
            try:
                return self._api.dataset_info(self.repo, revision=revision, timeout=_GATEWAY_S).sha
            except RevisionNotFoundError:
                return None

    def files(self, revision: str) -> dict[str, str]:
        """Every file of a revision with its hash: the SHA-256 of a large one, the id of its Git blob of another."""
        from huggingface_hub.hf_api import RepoFile

        with self._translated(f"list {revision}"):
            found = self._api.list_repo_tree(self.repo, recursive=True, revision=revision, repo_type="dataset")
            return {it.path: it.lfs.sha256 if it.lfs else it.blob_id for it in found if isinstance(it, RepoFile)}

    def download(self, file: str, revision: str, folder: Path) -> None:
        """Write one file of a revision into a folder, under its own name."""
        with self._translated(f"read {file} of {revision}"):
            self._api.hf_hub_download(self.repo, file, repo_type="dataset", revision=revision, local_dir=folder)

    def commit(self, parent: str, message: str, add: Mapping[str, Path], delete: Iterable[str]) -> str:
        """Change files of `main` in one commit, which the Hub refuses when `main` is no longer `parent`.

        Returns:
            The new commit.

        Raises:
            DataError: the Hub does not accept the card's YAML.
            HubError: it did not answer (the commit may be there), refused, or `main` has moved (status 409 or 412).
        """
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        operations = [CommitOperationAdd(name, path) for name, path in sorted(add.items())]
        with self._translated("commit to it"):
            info = self._api.create_commit(
                self.repo,
                [*operations, *(CommitOperationDelete(name) for name in sorted(delete))],
                commit_message=message,
                repo_type="dataset",
                parent_commit=parent,
            )
        return info.oid

    def tag(self, name: str, commit: str, message: str) -> None:
        """Give a commit a name.

        Raises:
            HubError: it did not answer (the tag may be there), refused, or there is such a tag (status 409).
        """
        with self._translated(f"tag it {name}"):
            self._api.create_tag(self.repo, tag=name, tag_message=message, revision=commit, repo_type="dataset")

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        """Turn what the library raises into our errors; `what` completes "cannot …"."""
        from httpx2 import HTTPError
        from huggingface_hub.errors import HfHubHTTPError, HfUriError, HFValidationError

        try:
            yield
        except (HFValidationError, HfUriError) as error:
            raise UsageError(f"{SCHEME}{self.repo}: {error}") from error
        except (HTTPError, OSError, ValueError, RuntimeError) as error:
            if isinstance(error, ValueError) and "README.md" in str(error):
                found = f"the Hub does not accept its YAML: {_flat(error)}"
                raise DataError([Fault("README.md", 0, "", Reason.SCHEMA, found)]) from error
            cause = _cause(error)
            if isinstance(cause, HfHubHTTPError) and cause.response is not None:
                status = cause.response.status_code
                raise HubError(self._refusal(what, status, cause), status) from error
            why = "no answer: " if isinstance(cause, HTTPError) else ""
            raise HubError(f"{self.url}: cannot {what}: {why}{type(cause).__name__}: {_flat(cause)}") from error

    def _refusal(self, what: str, status: int, error: BaseException) -> str:
        why = {
            401: "the Hub does not accept the token in HF_TOKEN",
            403: "the token in HF_TOKEN may not do this",
            404: "there is no such repository, or the token in HF_TOKEN may not see it",
            409: "something else is there, or came in between",
            412: "somebody else committed in between",
            429: "too many requests; wait a while",
        }.get(status)
        said = getattr(error, "server_message", None)
        details = "; ".join(part for part in (why, _flat(said) if said else None) if part) or _flat(error)
        return f"{self.url}: cannot {what}: {status}: {details}"


def sha_of_blob(path: Path) -> str:
    """The id that Git gives the content of a file: SHA-1 over its length and its bytes."""
    content = path.read_bytes()
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _api(token: str) -> "HfApi":
    from huggingface_hub import HfApi, set_client_factory
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    set_client_factory(_client)
    return HfApi(endpoint=os.environ.get("HF_ENDPOINT") or None, token=token, library_name="annotate-kit")


def _client() -> "Client":
    """The library's own client, which would wait for ever, with a limit."""
    from httpx2 import Timeout
    from huggingface_hub.utils._http import default_client_factory

    client: Client = default_client_factory()
    client.timeout = Timeout(_GATEWAY_S)
    return client


def _cause(error: BaseException) -> BaseException:
    """What an upload's own error wraps: the answer or the failure of the connection, else what went wrong first."""
    from httpx2 import HTTPError

    found = error
    while not isinstance(found, HTTPError) and found.__cause__ is not None:
        found = found.__cause__
    return found


def _flat(error: object) -> str:
    return " ".join(str(error).split())[:300]
