"""Writes a migration of the label set into a ledger."""

import sqlite3
from pathlib import Path

from annotate.errors import UsageError
from annotate.relabel import Change, retired
from annotate.studio.ledger.files import reported
from annotate.studio.ledger.looks import Passed, passed
from annotate.studio.ledger.schema import prepare

__all__ = ["migrated"]


def migrated(path: Path, change: Change) -> dict[str, int]:
    """Write down for every project of a ledger that the label set changed; what was sent is kept as it was sent.

    Args:
        path: the ledger, which nobody else has open. It is one file afterwards.
        change: what becomes of the labels.

    Returns:
        How many tasks each project has on the server, by its title.

    Raises:
        UsageError: the file is no ledger; or a push was cut off, so that it is not known what the server has; or a
            name comes back with another meaning than annotations on the server may have it in.
    """
    with reported(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            prepare(connection, path)
            open_ = connection.execute(
                "SELECT count(*) FROM task WHERE state = 'intended' OR next IS NOT NULL"
            ).fetchone()[0]
            if open_:
                raise UsageError(f"{path}: {open_} sentences wait for a push that was cut off; annotate push ends it")
            done: dict[str, int] = {}
            projects = connection.execute("SELECT key, title FROM project ORDER BY key").fetchall()
            connection.execute("BEGIN IMMEDIATE")
            for key, title in projects:
                before = passed(connection, key)
                _no_name_comes_back_changed(path, before, change)
                query = "SELECT count(*) FROM task WHERE project = ? AND state = 'done'"
                done[title] = connection.execute(query, (key,)).fetchone()[0]
                connection.execute(
                    "INSERT INTO migration (project, number, change) VALUES (?, ?, ?)",
                    (key, len(before), change.to_json().decode()),
                )
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return done
        finally:
            connection.close()


def _no_name_comes_back_changed(path: Path, before: tuple[Passed, ...], change: Change) -> None:
    """A sentence that was saved again may still have a former page's labels, which must not mean two things."""
    former = retired([one.change for one in before], change.before, change.stances_before)
    changes = [*(one.change for one in before), change]
    for name in [*(name for name in former.entities if name in change.after)]:
        last = max(n for n, one in enumerate(changes) if name in one.before)
        if _led(name, changes[last:]) != name:
            raise UsageError(f"{path}: {name} was a label before and meant something else; take a name that is new")
    for name in (name for name in former.stances if name in change.stances_after):
        last = max(n for n, one in enumerate(changes) if name in one.stances_before)
        now: str | None = name
        for one in changes[last:]:
            now = one.stances.get(now, now) if now else None
        if now != name:
            raise UsageError(f"{path}: {name} was a stance before and meant something else; take a name that is new")


def _led(name: str, changes: list[Change]) -> str | None:
    """What becomes of a type by name alone; None where it is dropped or depends on the mention."""
    now: str | None = name
    for one in changes:
        now = None if now is None or now in one.splits else one.entities.get(now, now)
    return now
