"""What can be asked of a ledger without a project and without changing it."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import orjson

from annotate.records import Prelabeled
from annotate.relabel import Change, brought_up
from annotate.studio.ledger.files import reading

__all__ = ["Counts", "Looks", "Passed", "passed"]


class Counts(NamedTuple):
    """How many tasks the ledger knows to be on the server, how many may or may not be, how many were deleted there."""

    done: int
    intended: int
    gone: int = 0


class Passed(NamedTuple):
    """A migration of the label set that a project has seen."""

    change: Change
    since: str | None  # when the project got the page of the new labels, by the server's clock; None while it has not


class Looks:
    """The questions; a ledger that is not there is an empty one."""

    @staticmethod
    def summary(path: Path) -> dict[str, Counts]:
        """Counts by project title, without making a ledger where there is none.

        Raises:
            UsageError: the file is no ledger.
        """
        if not path.is_file():
            return {}
        query = (
            "SELECT title, sum(state = 'done'), sum(state = 'intended'), sum(state = 'gone')"
            " FROM project JOIN task ON project = key GROUP BY key ORDER BY key"
        )
        with reading(path) as connection:
            return {title: Counts(*counts) for title, *counts in connection.execute(query)}

    @staticmethod
    def digest(path: Path) -> str:
        """A SHA-256 of what was sent where, whatever the file looks like: projects, tasks, states, records, migrations.

        Raises:
            UsageError: the file is no ledger.
        """
        query = (
            "SELECT id, created_at, title, uid, state, task_id, record FROM project JOIN task ON project = key"
            " ORDER BY id, created_at, uid"
        )
        found = sha256()
        with reading(path) as connection:
            for *fields, record in connection.execute(query):
                found.update(orjson.dumps([*fields, sha256(record).hexdigest()]) + b"\n")
            for key, *fields in connection.execute("SELECT key, id, created_at FROM project ORDER BY id, created_at"):
                for number, one in enumerate(passed(connection, key)):
                    found.update(orjson.dumps([*fields, number, one.change.digest]) + b"\n")
        return found.hexdigest()

    @staticmethod
    def prelabels(path: Path) -> Iterator[Prelabeled]:
        """Every pre-label that annotators of any project were shown, by the labels of now, the replaced ones first.

        Raises:
            UsageError: the file is no ledger.
        """
        if not path.is_file():
            return
        with reading(path) as connection:
            changes = {
                key: [one.change for one in passed(connection, key)]
                for (key,) in connection.execute("SELECT key FROM project").fetchall()
            }
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            epoch = "epoch" if version > 2 else "0"
            for table in ("former", "task") if version > 1 else ("task",):
                shown = "" if table == "former" else " WHERE state <> 'intended'"
                query = f"SELECT project, record, {epoch} FROM {table}{shown}"  # noqa: S608
                for project, record, at in connection.execute(query):
                    data = orjson.loads(record)
                    later = changes[project][at:]
                    yield Prelabeled.from_dict(brought_up(data, later, 0).data if later else data)

    @staticmethod
    def seen(path: Path, project_id: int, created_at: str) -> tuple[Passed, ...] | None:
        """The migrations that a project has seen, oldest first; None where the ledger does not know it.

        Raises:
            UsageError: the file is no ledger.
        """
        if not path.is_file():
            return None
        with reading(path) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] < 1:
                return None  # empty: it is about to be made
            row = connection.execute(
                "SELECT key FROM project WHERE id = ? AND created_at = ?", (project_id, created_at)
            ).fetchone()
            return passed(connection, row[0]) if row else None


def passed(connection: sqlite3.Connection, project: int) -> tuple[Passed, ...]:
    """The migrations of a project by its key, oldest first; a ledger of an earlier version has none."""
    if connection.execute("PRAGMA user_version").fetchone()[0] < 3:
        return ()
    rows = connection.execute("SELECT change, since FROM migration WHERE project = ? ORDER BY number", (project,))
    return tuple(Passed(Change.from_json(change), since) for change, since in rows)
