"""Loads a release in a fresh process with an empty cache and compares what arrives with the manifest."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from annotate.errors import DataError, Fault, Reason
from annotate.release.features import features
from annotate.release.manifest import MANIFEST, Manifest, sha256_of

__all__ = ["verify"]


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


def _loaded(release: Path, manifest: Manifest) -> Iterator[Fault]:
    loaded = _load_afresh(release, manifest.configs)
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
                    yield _fault(release, f"{config}/{split}: {what} loaded as {theirs}, the manifest says {ours}")


def _load_afresh(release: Path, configs: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="annotate-verify-") as cache:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HF_")},
            "HF_HOME": cache,
            "HF_HUB_OFFLINE": "1",
            "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        }
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-P", "-m", "annotate.release.loading", str(release.absolute()), *configs],
            env=environment,
            cwd=cache,
            capture_output=True,
            check=False,
        )
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        found = f"datasets cannot load it: {''.join(last)}"
        raise DataError([Fault(str(release), 0, "", Reason.UNREADABLE, found)])
    loaded: dict[str, Any] = orjson.loads(done.stdout)
    return loaded


def _fault(path: Path, found: str) -> Fault:
    return Fault(str(path), 0, "", Reason.MISMATCH, found)
