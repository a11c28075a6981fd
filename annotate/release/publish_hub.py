"""The step `publish`, to the Hugging Face Hub: one commit, then a tag, then a look at what people will load.

Whatever stops it in between, the next run looks at what is there and does what is missing. So a request is repeated
only after asking whether it has arrived.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from annotate.errors import HubError, Unfinished, UsageError
from annotate.release.hub import MAIN, SCHEME, Hub, sha_of_blob
from annotate.release.manifest import MANIFEST, Manifest
from annotate.release.publish import PublishSummary
from annotate.release.verify import CannotLoad, verify, verify_published

__all__ = ["is_hub", "publish_to_hub", "tag_of"]

T = TypeVar("T")

_WAITS_S = (1.0, 4.0)  # before the second and third attempt
_OWN = {".gitattributes", "README.md"}  # what the Hub itself may have put into a new repository


def publish_to_hub(
    release: Path, repo: str, *, private: bool = True, pause: Callable[[float], object] = time.sleep
) -> PublishSummary:
    """Put a release on the Hub as one commit to `main` and a tag `v<version>`, then load that tag and compare.

    When the tag is there with the same content, nothing is written; it is loaded and compared all the same. Files of
    the release before that this one has not are deleted in the same commit; files that are nobody's release stay.

    Args:
        release: a release folder, as `build` makes it.
        repo: owner/name; made when it is not there.
        private: whether a new repository is private; one that is there stays as it is.
        pause: how to wait a number of seconds before asking again.

    Raises:
        DataError: the release, or what arrives from the Hub, is not what the manifest says.
        UsageError: HF_TOKEN is not set, the tag is there with other content, or the repository holds something else.
        HubError: the Hub refused, or did not answer, and nothing was written.
        Unfinished: it failed when something was, or may have been, written; the same command goes on.
    """
    hub = Hub(repo)
    manifest = verify(release)
    job = _Job(hub, release, manifest, private=private)
    done = _insist(job, pause)
    try:
        verify_published(manifest, repo, done.tag)
    except CannotLoad as error:
        raise Unfinished(
            f"{hub.url}: {done.tag} is there, but it could not be loaded back: {error}; the same command tries again"
        ) from error
    return PublishSummary(
        name=manifest.name,
        version=manifest.version,
        address=repo,
        replaced=job.replaced,
        unchanged=not job.wrote,
        configs=tuple(manifest.configs),
        rows=sum(table.rows for table in manifest.tables),
        content=manifest.content,
        kept=job.kept,
        revision=done.tag,
        commit=done.commit,
    )


def tag_of(manifest: Manifest) -> str:
    """The tag that a release gets."""
    return f"v{manifest.version}"


def is_hub(address: str) -> bool:
    """Tell whether an address names a dataset on the Hub rather than a folder."""
    return address.startswith(SCHEME)


class _Published(NamedTuple):
    tag: str
    commit: str


class _Job:
    """One release on its way to one repository; `step` may be called again after any failure."""

    def __init__(self, hub: Hub, release: Path, manifest: Manifest, *, private: bool) -> None:
        self._hub, self._release, self._manifest, self._private = hub, release, manifest, private
        self.wrote = False  # whether something on the Hub was changed, or may have been
        self.kept: tuple[str, ...] = ()  # files that the tag has otherwise
        self.replaced: str | None = None  # the version that stood on main before

    def step(self) -> _Published:
        """Look at what is there and do what is missing."""
        hub, tag = self._hub, tag_of(self._manifest)
        if not hub.exists():
            self._writing(lambda: hub.create(private=self._private))
        if tagged := hub.commit_of(tag):
            standing = self._manifest_at(tag)
            if standing is None or standing.content != self._manifest.content:
                raise UsageError(
                    f"{hub.url}: {tag} is there with other content, and a tag never changes; build a new version"
                )
            self.kept = self._manifest.unlike(standing)
            return _Published(tag, tagged)
        head = hub.commit_of(MAIN)
        if head is None:
            raise HubError(f"{hub.url}: has no branch {MAIN}", 404)
        commit = self._committed(head)
        self._writing(lambda: hub.tag(tag, commit, f"{self._manifest.name} {self._manifest.version}"))
        return _Published(tag, commit)

    def _committed(self, head: str) -> str:
        """The commit that holds the release: the head of main if it does already, else a new one on top of it."""
        there = self._hub.files(head)
        standing = self._standing(there, head)
        files = [MANIFEST, *self._manifest.files]
        changed = {name: self._release / name for name in files if not self._same(name, there.get(name))}
        gone = ({*standing.files} & {*there}) - {*files} if standing else set()
        if not changed and not gone:
            return head
        if standing and standing.content != self._manifest.content:
            self.replaced = standing.version
        message = f"{self._manifest.name} {self._manifest.version}"
        return self._writing(lambda: self._hub.commit(head, message, changed, gone))

    def _standing(self, there: dict[str, str], head: str) -> Manifest | None:
        if MANIFEST not in there:
            if foreign := sorted({*there} - _OWN):
                raise UsageError(
                    f"{self._hub.url}: holds {foreign[0]} and no release; choose a new or an empty repository"
                )
            return None
        standing = self._manifest_at(head)
        if standing and standing.name != self._manifest.name:
            raise UsageError(f"{self._hub.url}: holds the dataset {standing.name!r}, not {self._manifest.name!r}")
        return standing

    def _manifest_at(self, revision: str) -> Manifest | None:
        """The manifest of a revision; None when it has none."""
        if MANIFEST not in self._hub.files(revision):
            return None
        with tempfile.TemporaryDirectory(prefix="annotate-publish-") as folder:
            self._hub.download(MANIFEST, revision, Path(folder))
            return Manifest.read(Path(folder))

    def _same(self, name: str, there: str | None) -> bool:
        if there is None:
            return False
        path = self._release / name
        return there in (self._manifest.files.get(name), sha_of_blob(path))

    def _writing(self, write: Callable[[], T]) -> T:
        """Do something that changes the Hub, and remember that it did, unless it certainly did not."""
        try:
            done = write()
        except HubError as error:
            # 412: main has moved on and nothing was committed; 429: nobody looked at it.
            self.wrote |= not error.refused and error.status not in (412, 429)
            raise
        self.wrote = True
        return done


def _insist(job: _Job, pause: Callable[[float], object]) -> _Published:
    """Take the step, and again when something other than a refusal stopped it."""
    for wait in (*_WAITS_S, None):
        try:
            return job.step()
        except HubError as error:
            if error.refused:
                raise
            if wait is None:
                if not job.wrote:
                    raise
                raise Unfinished(f"{error}; something was written already, the same command goes on") from error
        pause(wait)
    raise AssertionError("the last wait is None")
