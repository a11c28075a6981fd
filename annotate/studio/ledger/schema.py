"""The ledger's tables, and how a ledger of an earlier version becomes one of this."""

import sqlite3
from pathlib import Path

from annotate.errors import UsageError

__all__ = ["VERSION", "prepare"]

VERSION = 3

_PROJECT = """
CREATE TABLE IF NOT EXISTS project (
    key INTEGER PRIMARY KEY,
    id INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    title TEXT NOT NULL,
    UNIQUE (id, created_at)
) STRICT
"""
# `sent_at` is our clock in seconds, `doubt` says that an earlier sending may still arrive, `next` is the record that a
# refresh is putting in the place of `record`.
_TASK = """
CREATE TABLE task (
    project INTEGER NOT NULL REFERENCES project (key),
    uid TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('intended', 'done', 'gone')),
    task_id INTEGER,
    record BLOB NOT NULL,
    sent_at REAL,
    doubt INTEGER NOT NULL DEFAULT 0,
    next BLOB,
    PRIMARY KEY (project, uid)
) STRICT, WITHOUT ROWID
"""
_REST = (
    "CREATE INDEX task_by_id ON task (project, task_id)",
    # Tasks of the project that are in no row of `task`: somebody else's, or a second copy.
    """
    CREATE TABLE stray (
        project INTEGER NOT NULL REFERENCES project (key),
        task_id INTEGER NOT NULL,
        uid TEXT,
        PRIMARY KEY (project, task_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX stray_by_uid ON stray (project, uid)",
    # Pre-labels that were replaced: they were shown until `until`, by the server's clock.
    """
    CREATE TABLE former (
        project INTEGER NOT NULL REFERENCES project (key),
        uid TEXT NOT NULL,
        until TEXT NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (project, uid, until)
    ) STRICT, WITHOUT ROWID
    """,
    # What people made of a task as the server last told it (`raw`, compressed), and the lines it became.
    """
    CREATE TABLE returned (
        project INTEGER NOT NULL REFERENCES project (key),
        task_id INTEGER NOT NULL,
        raw BLOB NOT NULL,
        accepted BLOB NOT NULL,
        refused BLOB NOT NULL,
        counts TEXT NOT NULL,
        PRIMARY KEY (project, task_id)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE project ADD COLUMN since TEXT",  # a pull need only ask for what changed from here on
    "ALTER TABLE project ADD COLUMN reading TEXT",  # what `returned` was read with
)


# `epoch` says how many migrations of the project's label set a record was written after; `since` is when, by the
# server's clock, the project got the page of the labels after a migration, null while it has not.
_MIGRATIONS = (
    """
    CREATE TABLE migration (
        project INTEGER NOT NULL REFERENCES project (key),
        number INTEGER NOT NULL,
        change TEXT NOT NULL,
        since TEXT,
        PRIMARY KEY (project, number)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE task ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE former ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0",
)


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables where there are none, and bring those of an earlier version up to date, in one transaction.

    Raises:
        UsageError: a later version of this program made the ledger.
        sqlite3.Error: the file is no database or cannot be written.
    """
    if (found := connection.execute("PRAGMA user_version").fetchone()[0]) == VERSION:
        return
    if found > VERSION:
        raise UsageError(f"{path}: a later version of annotate made this ledger; install that version to go on")
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = connection.execute("PRAGMA user_version").fetchone()[0]  # another process may have been faster
        if found != VERSION:
            _upgrade(connection, found)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _upgrade(connection: sqlite3.Connection, found: int) -> None:
    connection.execute(_PROJECT)
    if found == 1:
        # The states are a CHECK of the table, which SQLite cannot alter.
        connection.execute("ALTER TABLE task RENAME TO task_of_1")
    if found < 2:
        connection.execute(_TASK)
    if found == 1:
        connection.execute(
            "INSERT INTO task (project, uid, state, task_id, record)"
            " SELECT project, uid, state, task_id, record FROM task_of_1"
        )
        connection.execute("DROP TABLE task_of_1")
    for statement in (*(_REST if found < 2 else ()), *_MIGRATIONS):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")
