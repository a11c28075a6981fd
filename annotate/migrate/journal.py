"""Several files of a workspace change together or not at all, and can be put back as they were.

New files are written into a hidden folder, with copies of the old ones. Renaming that folder is the moment that counts:
before it nothing has happened, after it whoever comes next moves the rest of the files into their places.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from annotate.errors import UsageError
from annotate.jsonl import open_out
from annotate.relabel import Change
from annotate.release.manifest import sha256_of

__all__ = ["LOG", "Staged", "applied", "commit", "finish", "last", "pending", "put_back", "stage"]

LOG = "log.jsonl"  # of all migrations; lines are only ever added
_AFTER, _BEFORE, _UNDOING, _ABOUT, _CHANGE = "after", "before", "undoing", "migration.json", "change.json"


@dataclass(frozen=True, slots=True)
class Staged:
    """A migration that is being got ready: its number, and where its files are written before they count."""

    number: int
    folder: Path

    def place(self, name: str) -> Path:
        """Where the new file of a name (within the workspace) is to be written."""
        path = self.folder / _AFTER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def log(self) -> Path:
        """Where the lines go that the log is to have."""
        return self.folder / LOG


def applied(migrations: Path) -> list[Change]:
    """The changes of a workspace's folder of migrations, oldest first."""
    return [Change.from_json((folder / _CHANGE).read_bytes()) for folder in _folders(migrations)]


def last(migrations: Path) -> tuple[int, dict[str, Any]] | None:
    """Number of the last migration and what was written down about it; None without one."""
    folders = _folders(migrations)
    return (int(folders[-1].name), orjson.loads((folders[-1] / _ABOUT).read_bytes())) if folders else None


def pending(migrations: Path) -> bool:
    """Tell whether a migration, or its undoing, was cut off when some of the files had changed."""
    return _cut_off(migrations) is not None


@contextmanager
def stage(migrations: Path) -> Iterator[Staged]:
    """Make the hidden folder of a new migration; it goes away unless `commit` took it."""
    migrations.mkdir(parents=True, exist_ok=True)
    for left in migrations.glob(".[0-9]*"):
        shutil.rmtree(left)
    number = len(_folders(migrations)) + 1
    folder = migrations / f".{number:04}.tmp"
    folder.mkdir()
    try:
        yield Staged(number, folder)
    finally:
        if folder.exists():
            shutil.rmtree(folder)


def commit(root: Path, migrations: Path, staged: Staged, change: Change, about: dict[str, Any]) -> None:
    """Let the staged files count: from here on the migration happens, whatever stops this process.

    Args:
        root: the workspace, which all files are in.
        migrations: its folder of migrations.
        staged: where the new files lie.
        change: what became of the labels.
        about: what is to be written down about the migration besides.
    """
    files: dict[str, Any] = {}
    for path in sorted(it for it in (staged.folder / _AFTER).rglob("*") if it.is_file()):
        name = path.relative_to(staged.folder / _AFTER).as_posix()
        copy = staged.folder / _BEFORE / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, copy)
        shutil.copymode(root / name, path)
        files[name] = {"before": sha256_of(copy), "after": sha256_of(path)}
    log = migrations / LOG
    about = {**about, "files": files, "log_at": log.stat().st_size if log.is_file() else 0}
    (staged.folder / _CHANGE).write_bytes(change.to_json())
    (staged.folder / _ABOUT).write_bytes(orjson.dumps(about, option=orjson.OPT_INDENT_2))
    staged.log.touch()
    for path in [*staged.folder.rglob("*"), staged.folder]:
        _sync(path)
    staged.folder.rename(migrations / f"{staged.number:04}")
    _sync(migrations)
    finish(root, migrations)


def put_back(root: Path, migrations: Path) -> int:
    """Put back what was there before the last migration, byte for byte; returns its number.

    Raises:
        UsageError: there is none, or a file is not as the migration left it, or what was kept is not there any more.
    """
    found = last(migrations)
    if found is None:
        raise UsageError(f"{migrations}: there is no migration to undo")
    number, about = found
    kept = migrations / f"{number:04}" / _BEFORE
    lost = _differing(kept, about["files"], "before")
    changed = _differing(root, about["files"], "after")
    if lost:
        raise UsageError(f"{kept}: no longer holds what was there before: {', '.join(lost)}")
    if changed:
        raise UsageError(
            f"migration {number} cannot be undone, since these changed after it: {', '.join(changed)};"
            " a migration the other way round keeps what came since"
        )
    log = migrations / LOG
    with open_out(migrations / f"{number:04}" / _UNDOING) as sink:
        sink.write(orjson.dumps({"log_at": log.stat().st_size if log.is_file() else 0}))
    finish(root, migrations)
    return number


def finish(root: Path, migrations: Path) -> int | None:
    """Do the rest of what was cut off; returns the number of the migration, None when nothing was."""
    folder = _cut_off(migrations)
    if folder is None:
        return None
    number = int(folder.name)
    about = orjson.loads((folder / _ABOUT).read_bytes())
    undoing = folder / _UNDOING
    waiting = folder / (_BEFORE if undoing.is_file() else _AFTER)
    for name in about["files"]:
        if (waiting / name).is_file():
            (waiting / name).replace(root / name)
            _sync((root / name).parent)
    if undoing.is_file():
        line = orjson.dumps({"migration": number, "action": "undone"}) + b"\n"
        _append(migrations / LOG, orjson.loads(undoing.read_bytes())["log_at"], line)
        gone = migrations / f".{number:04}.undone"
        folder.rename(gone)
        shutil.rmtree(gone)
    else:
        _append(migrations / LOG, about["log_at"], (folder / LOG).read_bytes())
        shutil.rmtree(waiting)
    return number


def _differing(folder: Path, files: dict[str, dict[str, str]], which: str) -> list[str]:
    """Which of the files do not have the hash that was written down, or are not there."""
    return [
        name
        for name, hashes in files.items()
        if not (folder / name).is_file() or sha256_of(folder / name) != hashes[which]
    ]


def _cut_off(migrations: Path) -> Path | None:
    return next((it for it in _folders(migrations) if (it / _AFTER).is_dir() or (it / _UNDOING).is_file()), None)


def _folders(migrations: Path) -> list[Path]:
    return sorted(migrations.glob("[0-9][0-9][0-9][0-9]"))


def _append(log: Path, at: int, lines: bytes) -> None:
    """Write lines behind the first `at` bytes; what a writing that was cut off left behind them goes."""
    with log.open("ab") as stream:
        stream.truncate(at)
        stream.write(lines)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
