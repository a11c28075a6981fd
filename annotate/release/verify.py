"""Loads a release in a fresh process with an empty cache and compares what arrives with the manifest."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from annotate.errors import DataError, Fault, Reason
from annotate.release.features import features
from annotate.release.manifest import MANIFEST, Manifest, sha256_of

__all__ = ["CannotLoad", "verify", "verify_published"]

_HUB = ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_DISABLE_XET")  # what a download needs to know of this process


class CannotLoad(Exception):
    """`datasets` failed to load something; the message is the last line of what it said."""


def verify(release: Path) -> Manifest:
    """Prove that a release folder is what its manifest says, as a user of `datasets` would see it.

    Every file has its hash. `load_dataset` then reads each config in a new process, offline and with nothing cached;
    splits, number of rows, features with class names in order, and a hash over all values must be as in the manifest.

    Returns:
        The manifest that was found true.

    Raises:
        UsageError: the folder holds no manifest.
        DataError: with everything that differs.
    """
    manifest = Manifest.read(release)
    faults = list(_files(release, manifest)) or list(_loaded(release, manifest))
    if faults:
        raise DataError(faults)
    return manifest


def _files(release: Path, manifest: Manifest) -> Iterator[Fault]:
    for file, expected in manifest.files.items():
        path = release / file
        if not path.is_file():
            yield _fault(path, "the manifest names it, it is not there")
        elif sha256_of(path) != expected:
            yield _fault(path, f"its SHA-256 is not the one in {MANIFEST}")
    known = {MANIFEST, *manifest.files}
    for path in sorted(release.rglob("*")):
        if path.is_file() and path.relative_to(release).as_posix() not in known:
            yield _fault(path, "the manifest does not name it")


def verify_published(manifest: Manifest, repo: str, revision: str) -> None:
    """Load a revision from the Hub in a fresh process with an empty cache, and compare as `verify` does.

    Args:
        manifest: what must be there.
        repo: owner/name of a dataset.
        revision: a tag, a branch or a commit.

    Raises:
        CannotLoad: `datasets` cannot load it, or the Hub does not hand it out.
        DataError: with everything that differs from the manifest.
    """
    environment = {name: value for name in _HUB if (value := os.environ.get(name))}
    loaded = _load_afresh(repo, manifest.configs, environment, revision=revision)
    if faults := list(_differences(f"{repo}@{revision}", manifest, loaded)):
        raise DataError(faults)


def _loaded(release: Path, manifest: Manifest) -> Iterator[Fault]:
    try:
        loaded = _load_afresh(str(release.absolute()), manifest.configs, {"HF_HUB_OFFLINE": "1"})
    except CannotLoad as error:
        yield Fault(str(release), 0, "", Reason.UNREADABLE, f"datasets cannot load it: {error}")
        return
    yield from _differences(str(release), manifest, loaded)


def _differences(shown: str, manifest: Manifest, loaded: Mapping[str, Any]) -> Iterator[Fault]:
    for config in manifest.configs:
        columns = features(config, manifest.labels)
        expected = {
            table.split: {"rows": table.rows, "content": table.content, "features": columns}
            for table in manifest.of_config(config)
        }
        arrived = loaded[config]
        for split in sorted({*expected, *arrived}):
            for what in ("rows", "features", "content"):
                theirs, ours = arrived.get(split, {}).get(what), expected.get(split, {}).get(what)
                if theirs != ours:
                    yield _fault(shown, f"{config}/{split}: {what} loaded as {theirs}, the manifest says {ours}")


def _load_afresh(
    source: str, configs: list[str], environment: Mapping[str, str], revision: str | None = None
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="annotate-verify-") as cache:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING"))}
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-P", "-m", "annotate.release.loading", source, revision or "", *configs],
            env={**kept, "HF_HOME": cache, "HF_DATASETS_DISABLE_PROGRESS_BARS": "1", **environment},
            cwd=cache,
            capture_output=True,
            check=False,
        )
    if done.returncode:
        raise CannotLoad("".join(done.stderr.decode(errors="replace").strip().splitlines()[-1:]))
    loaded: dict[str, Any] = orjson.loads(done.stdout)
    return loaded


def _fault(path: Path | str, found: str) -> Fault:
    return Fault(str(path), 0, "", Reason.MISMATCH, found)
