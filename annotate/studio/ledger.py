"""What was pushed to which project, in SQLite: the memory that makes a push exactly-once.

A task is `intended` before its batch leaves and `done` once the server is known to have it. Whatever stops the push in
between, the next one finds the intention and asks the server before it sends again.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

import orjson

from annotate.errors import UsageError
from annotate.records import Prelabeled

__all__ = ["Counts", "Ledger"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS project (
    key INTEGER PRIMARY KEY,
    id INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    title TEXT NOT NULL,
    UNIQUE (id, created_at)
) STRICT;
CREATE TABLE IF NOT EXISTS task (
    project INTEGER NOT NULL REFERENCES project (key),
    uid TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('intended', 'done')),
    task_id INTEGER,
    record BLOB NOT NULL,
    PRIMARY KEY (project, uid)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
"""


class Counts(NamedTuple):
    """How many tasks of a project the ledger knows to be on the server, and how many may or may not be."""

    done: int
    intended: int


class Ledger:
    """The ledger of a workspace, for one project. Every method is one transaction."""

    def __init__(self, connection: sqlite3.Connection, project: int) -> None:
        self._db = connection
        self._project = project

    @classmethod
    @contextmanager
    def open(cls, path: Path, project_id: int, created_at: str, title: str) -> Iterator[Self]:
        """Open, or make, the ledger and turn to one project.

        A project is known by its id and the moment the server made it, so a server that comes back under another
        address is recognised and another server's project of the same number is not.

        Raises:
            UsageError: the file is no ledger or cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.executescript(_SCHEMA)
                connection.execute(
                    "INSERT INTO project (id, created_at, title) VALUES (?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET title = excluded.title",
                    (project_id, created_at, title),
                )
                row = connection.execute(
                    "SELECT key FROM project WHERE id = ? AND created_at = ?", (project_id, created_at)
                ).fetchone()
                yield cls(connection, row[0])
            finally:
                connection.close()
        except (sqlite3.Error, OSError) as error:
            raise UsageError(f"{path}: {error}") from error

    @staticmethod
    def summary(path: Path) -> dict[str, Counts]:
        """Counts by project title, without making a ledger where there is none.

        Raises:
            UsageError: the file is no ledger.
        """
        if not path.is_file():
            return {}
        query = (
            "SELECT title, sum(state = 'done'), sum(state = 'intended') FROM project JOIN task ON project = key"
            " GROUP BY key ORDER BY key"
        )
        try:
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            try:
                return {title: Counts(done, intended) for title, done, intended in connection.execute(query)}
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise UsageError(f"{path}: {error}") from error

    def counts(self) -> Counts:
        """How many tasks are done and how many only intended."""
        rows = dict(
            self._db.execute("SELECT state, count(*) FROM task WHERE project = ? GROUP BY state", (self._project,))
        )
        return Counts(rows.get("done", 0), rows.get("intended", 0))

    def done(self, uids: Iterable[str]) -> dict[str, bytes]:
        """Those of `uids` that are known to be on the server, with the JSON of the record each was pushed as."""
        wanted = orjson.dumps(list(uids)).decode()
        rows = self._db.execute(
            "SELECT uid, record FROM task JOIN json_each(?) ON uid = value WHERE project = ? AND state = 'done'",
            (wanted, self._project),
        )
        return dict(rows)

    def intend(self, records: Iterable[Prelabeled]) -> None:
        """Write down that these are about to be sent. What is done stays done."""
        rows = [(self._project, record.id, record.to_json()) for record in records]
        with self._transaction():
            self._db.executemany(
                "INSERT INTO task (project, uid, state, record) VALUES (?, ?, 'intended', ?)"
                " ON CONFLICT DO UPDATE SET record = excluded.record WHERE state = 'intended'",
                rows,
            )

    def settle(self, task_ids: Mapping[str, int]) -> None:
        """Write down that the server has these: Label Studio's task id by uid."""
        with self._transaction():
            self._db.executemany(
                "UPDATE task SET state = 'done', task_id = ? WHERE project = ? AND uid = ?",
                [(task_id, self._project, uid) for uid, task_id in task_ids.items()],
            )

    def a_done_uid(self) -> str | None:
        """Some uid that the server is known to have, if there is one."""
        row = self._db.execute(
            "SELECT uid FROM task WHERE project = ? AND state = 'done' LIMIT 1", (self._project,)
        ).fetchone()
        return row[0] if row else None

    def pushed(self, uid: str) -> Prelabeled | None:
        """The record as it was pushed, or None when this ledger never pushed it."""
        row = self._db.execute("SELECT record FROM task WHERE project = ? AND uid = ?", (self._project, uid)).fetchone()
        return Prelabeled.from_dict(orjson.loads(row[0])) if row else None

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
