"""The step `publish`: a release becomes what stands under an address, at once and only after it loaded there."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from annotate.errors import DataError, UsageError
from annotate.release.manifest import MANIFEST, Manifest
from annotate.release.verify import verify

__all__ = ["PublishSummary", "publish"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSummary:
    """What `publish` did."""

    name: str
    version: str
    address: str  # what `load_dataset` takes
    replaced: str | None  # the version that stood there before
    unchanged: bool  # the same content stood there and was left alone
    configs: tuple[str, ...]
    rows: int  # over all configs and splits, each loaded back
    content: str
    kept: tuple[str, ...] = ()  # files that stood there otherwise, with the same content, and were left alone
    revision: str | None = None  # on the Hub, the tag
    commit: str | None = None  # and the commit that it stands for


def publish(release: Path, to: Path) -> PublishSummary:
    """Copy a release to a folder, which then holds it and nothing else.

    The copy is made beside its place, loaded in a fresh process with an empty cache, and then takes the place of an
    earlier release. A folder that holds the same content already is loaded and left alone.

    Args:
        release: a release folder, as `build` makes it.
        to: the folder that `load_dataset` will be given; it may hold a release of the same dataset, or nothing.

    Raises:
        DataError: the release or its copy is not what its manifest says.
        UsageError: there is no release, or `to` holds other files, another dataset, or this version with
            other content, or one of the two folders lies inside the other.
    """
    manifest = Manifest.read(release)
    _apart(release, to)
    _recover(to)
    standing = _standing(to, manifest)
    unchanged = standing is not None and standing.content == manifest.content
    if unchanged:
        verify(to)
    else:
        _copy(release, to)
    return PublishSummary(
        name=manifest.name,
        version=manifest.version,
        address=str(to),
        replaced=standing.version if standing and not unchanged else None,
        unchanged=unchanged,
        configs=tuple(manifest.configs),
        rows=sum(table.rows for table in manifest.tables),
        content=manifest.content,
        kept=manifest.unlike(standing) if standing and unchanged else (),
    )


def _apart(release: Path, to: Path) -> None:
    inner, outer = to.resolve(), release.resolve()
    if inner != outer and inner.is_relative_to(outer):
        raise UsageError(f"{to}: lies inside the release {release}; choose a folder outside of it")
    if inner != outer and outer.is_relative_to(inner):
        raise UsageError(
            f"{release}: lies inside {to}, which would hold nothing but the release; choose another folder"
        )


def _standing(to: Path, manifest: Manifest) -> Manifest | None:
    if not to.exists() or (to.is_dir() and not any(to.iterdir())):
        return None
    if not (to / MANIFEST).is_file():
        raise UsageError(f"{to}: holds something that is no release; choose an empty or new folder")
    standing = Manifest.read(to)
    if standing.name != manifest.name:
        raise UsageError(f"{to}: holds the dataset {standing.name!r}, not {manifest.name!r}")
    if standing.version == manifest.version and standing.content != manifest.content:
        raise UsageError(f"{to}: holds version {standing.version} with other content; build a new version")
    return standing


def _copy(release: Path, to: Path) -> None:
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        box = Path(tempfile.mkdtemp(dir=to.parent, prefix=f".{to.name}."))
    except OSError as error:
        raise UsageError(f"{to}: {error.strerror or error}") from error
    try:
        copy = box / to.name
        shutil.copytree(release, copy)
        try:
            verify(copy)
        except DataError:
            verify(release)  # most likely it is no better, and it will still be there when the fault is read
            raise
        # A folder cannot be exchanged in one step: for a moment the earlier release has only its other name.
        if to.exists():
            to.rename(_aside(to))
        copy.rename(to)
        shutil.rmtree(_aside(to), ignore_errors=True)
    finally:
        shutil.rmtree(box, ignore_errors=True)


def _recover(to: Path) -> None:
    """Bring back the earlier release when a run was killed between the two renames; clear it away when it was not."""
    if _aside(to).exists():
        if to.exists():
            shutil.rmtree(_aside(to))
        else:
            _aside(to).rename(to)


def _aside(to: Path) -> Path:
    return to.with_name(f".{to.name}.earlier")
