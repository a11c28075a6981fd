"""The empty database that a new Label Studio starts on, made once per version and kept in the user's cache folder.

Label Studio makes its tables by some 260 migrations. That takes half a minute of one core, nearly all of it Django
rendering the models of the past, and the result is the same every time: tables without users, keys or tokens.
"""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from importlib import metadata
from pathlib import Path

from annotate.errors import StudioError
from annotate.studio.server.process import (
    command,
    environment,
    exit_status,
    installed_version,
    is_alive,
    spawn,
    stop,
)
from annotate.studio.waiting import Deadline, locked

__all__ = ["NAME", "cached_path", "is_template", "make"]

NAME = "label_studio.sqlite3"

_NEW = ".new-"
_MUST_BE_THERE = "django_migrations"
_MUST_BE_EMPTY = ("htx_user", "authtoken_token", "organization", "project", "django_session")


def make(target: Path, deadline: Deadline) -> None:
    """Put a migrated database without users at `target`, from the cache where it can be had from there.

    Raises:
        StudioError: Label Studio could not make one, or not in time.
    """
    cached = cached_path()
    if cached is None or not _usable(cached.parent):
        _build(target, deadline)
        return
    with locked(cached.with_suffix(".lock"), deadline):
        if not is_template(cached):
            for left in cached.parent.glob(f"{_NEW}*"):  # by a build that was killed: nobody else builds now
                shutil.rmtree(left, ignore_errors=True)
            _build(cached, deadline)
    _copy(cached, target)


def cached_path() -> Path | None:
    """Where the database of the installed versions is kept, or None when this user has no cache folder."""
    name = f"label-studio-{installed_version()}-django-{metadata.version('django')}.sqlite3"
    root = os.environ.get("XDG_CACHE_HOME", "")
    if root.startswith("/"):
        return Path(root, "annotate-kit", name)
    try:
        return Path.home() / ".cache" / "annotate-kit" / name
    except RuntimeError:
        return None


def is_template(path: Path) -> bool:
    """Tell whether a file may be used: ours alone to write, sound, migrated, and nobody has an account in it."""
    if path.is_symlink() or not path.is_file():
        return False
    facts = path.stat()
    if facts.st_uid != os.getuid() or facts.st_mode & 0o077:
        return False
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            sound = database.execute("PRAGMA quick_check").fetchone() == ("ok",)
            return (
                sound and _count(database, _MUST_BE_THERE) > 0 and not any(_count(database, t) for t in _MUST_BE_EMPTY)
            )
    except sqlite3.DatabaseError:
        return False


def _usable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK) and folder.stat().st_uid == os.getuid()


def _build(target: Path, deadline: Deadline) -> None:
    """Let Label Studio migrate a database in a folder of its own; only the database leaves that folder.

    The key that signs sessions is made beside it, in .env, and is thrown away: every server has its own.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=_NEW) as name:
        data = Path(name)
        log = data / "migrate.log"
        # `version` prints versions, after bringing the database up to date and before making any account.
        process = spawn(command("version"), environment(data), data, log)
        try:
            while is_alive(process):
                deadline.wait("Label Studio did not make its database")
        finally:
            stop(process, grace_s=5)
        made = data / NAME
        if made.is_file():
            made.chmod(0o600)
        if exit_status(process) != 0 or not is_template(made):
            last = "\n  ".join(log.read_text("utf-8", "replace").splitlines()[-15:])
            raise StudioError(f"Label Studio could not make its database; it said last:\n  {last}")
        made.replace(target)


def _copy(source: Path, target: Path) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=_NEW)  # 0600
    os.close(handle)
    temporary = Path(name)
    try:
        shutil.copyfile(source, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _count(database: sqlite3.Connection, table: str) -> int:
    (number,) = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608, the names are ours
    return int(number)
