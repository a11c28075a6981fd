"""The ledger of a workspace: every task that was sent, and whether it arrived.

A task is `intended` before its batch leaves, `done` once the server is known to have it and `gone` when it was deleted
there. Whatever stops a push in between, the next one finds the intention and asks the server before it sends again.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

import orjson

from annotate.errors import UsageError
from annotate.records import Prelabeled
from annotate.relabel import Change, brought_up
from annotate.studio.ledger.files import alone, reported
from annotate.studio.ledger.looks import Counts, Looks, passed
from annotate.studio.ledger.returns import Returns
from annotate.studio.ledger.schema import prepare

__all__ = ["Ledger", "Pushed"]


class Pushed(NamedTuple):
    """A row of the ledger: where a sentence stands, and the pre-labels it was sent with."""

    state: str
    task_id: int | None
    record: bytes
    sent_at: float | None  # by our clock, in seconds; None when it certainly did not arrive
    next: bytes | None  # pre-labels that a refresh was about to put in their place
    epoch: int  # how many migrations of the label set `record` was written after

    @property
    def prelabels(self) -> Prelabeled:
        """The record, decoded."""
        return Prelabeled.from_dict(orjson.loads(self.record))


class Ledger(Looks, Returns):
    """The ledger of a workspace, for one project. Every method that writes is one transaction."""

    def __init__(self, connection: sqlite3.Connection, project: int) -> None:
        super().__init__(connection, project)
        self.passed = passed(connection, project)  # migrations of the label set since the project was made

    @classmethod
    @contextmanager
    def open(cls, path: Path, project_id: int, created_at: str, title: str) -> Iterator[Self]:
        """Open, or make, the ledger and turn to one project; nobody else opens it meanwhile.

        A project is known by its id and the moment the server made it, so a server that comes back under another
        address is recognised and another server's project of the same number is not.

        Raises:
            UsageError: the file is no ledger, cannot be written, or was made by a later version.
            Unfinished: there is no room to write to it, or another command did not let go of it.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{path}: {error}") from error
        with alone(path), reported(path):
            connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            try:
                # Of a new ledger. In pages of 4096 bytes a record of a kilobyte takes one more than its row does.
                connection.execute("PRAGMA page_size = 16384")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                prepare(connection, path)
                connection.execute(
                    "INSERT INTO project (id, created_at, title) VALUES (?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET title = excluded.title WHERE title <> excluded.title",
                    (project_id, created_at, title),
                )
                row = connection.execute(
                    "SELECT key FROM project WHERE id = ? AND created_at = ?", (project_id, created_at)
                ).fetchone()
                yield cls(connection, row[0])
            finally:
                connection.close()

    def counts(self) -> Counts:
        """How many tasks are done, only intended, and gone."""
        rows = dict(
            self._db.execute("SELECT state, count(*) FROM task WHERE project = ? GROUP BY state", (self._project,))
        )
        return Counts(rows.get("done", 0), rows.get("intended", 0), rows.get("gone", 0))

    # What was sent.

    def rows(self, uids: Iterable[str]) -> dict[str, Pushed]:
        """Those of `uids` that the ledger has a row for."""
        rows = self._db.execute(
            # CROSS JOIN keeps SQLite from going through all tasks and looking each up in the list.
            "SELECT uid, state, task_id, record, sent_at, next, epoch FROM json_each(?) CROSS JOIN task"
            " ON uid = value AND project = ?",
            (_listed(uids), self._project),
        )
        return {uid: Pushed(*row) for uid, *row in rows}

    def now(self, row: Pushed) -> Prelabeled:
        """The record of a row by the labels of now."""
        data = orjson.loads(row.record)
        later = [one.change for one in self.passed[row.epoch :]]
        return Prelabeled.from_dict(brought_up(data, later, 0).data if later else data)

    def pushed(self, uid: str) -> Prelabeled | None:
        """The record as it was pushed, or None when this ledger never pushed it."""
        row = self.rows([uid]).get(uid)
        return row.prelabels if row else None

    def intend(self, records: Iterable[Prelabeled], sent_at: float | None = None, *, epoch: int | None = None) -> None:
        """Write down that these are about to be sent, at `sent_at` seconds of our clock. What is done stays done.

        `epoch` says after how many migrations of the label set the records were written; all of them when None.
        """
        epoch = len(self.passed) if epoch is None else epoch
        rows = [(self._project, record.id, record.to_json(), sent_at, epoch) for record in records]
        with self._transaction():
            self._db.executemany(
                "INSERT INTO task (project, uid, state, record, sent_at, epoch) VALUES (?, ?, 'intended', ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET record = excluded.record, sent_at = excluded.sent_at, state = 'intended',"
                " task_id = NULL, next = NULL, epoch = excluded.epoch WHERE state <> 'done'",
                rows,
            )

    def intended(self) -> frozenset[str]:
        """What is about to be sent, or was and may have arrived."""
        rows = self._db.execute("SELECT uid FROM task WHERE project = ? AND state = 'intended'", (self._project,))
        return frozenset(row[0] for row in rows)

    def unsend(self, uids: Iterable[str]) -> None:
        """Write down that the sending of these certainly did not arrive."""
        self._mark("sent_at = NULL", uids, "state = 'intended'")

    def doubt(self, uids: Iterable[str]) -> None:
        """Write down that an earlier sending of these may still arrive beside the one that follows."""
        self._mark("doubt = 1", uids)

    def settle(self, task_ids: Mapping[str, int]) -> None:
        """Write down that the server has these: Label Studio's task id by uid."""
        with self._transaction():
            self._db.executemany(
                "UPDATE task SET state = 'done', task_id = ? WHERE project = ? AND uid = ?",
                [(task_id, self._project, uid) for uid, task_id in task_ids.items()],
            )
            self._db.executemany(
                "DELETE FROM stray WHERE project = ? AND task_id = ?",
                [(self._project, task_id) for task_id in task_ids.values()],
            )

    def forget(self, uids: Iterable[str]) -> None:
        """Drop these from the ledger: their tasks were removed because their sentences left the input."""
        listed = _listed(uids)
        with self._transaction():
            self._db.execute(
                "DELETE FROM returned WHERE project = ?1 AND task_id IN (SELECT task_id FROM json_each(?2) CROSS JOIN"
                " task ON uid = value AND project = ?1)",
                (self._project, listed),
            )
            self._db.execute(
                "DELETE FROM task WHERE project = ? AND uid IN (SELECT value FROM json_each(?))",
                (self._project, listed),
            )

    # What the server has.

    def known(self, low: int = 0, high: int = 2**62) -> dict[int, str | None]:
        """Uid by task id of the tasks with ids from `low` to `high` that the ledger takes to be on the server."""
        rows = self._db.execute(
            "SELECT task_id, uid FROM task WHERE project = ?1 AND state = 'done' AND task_id BETWEEN ?2 AND ?3"
            " UNION ALL SELECT task_id, uid FROM stray WHERE project = ?1 AND task_id BETWEEN ?2 AND ?3",
            (self._project, low, high),
        )
        return dict(rows)

    def count_known(self, low: int = 0, high: int = 2**62) -> int:
        """How many tasks with ids from `low` to `high` the ledger takes to be on the server."""
        row = self._db.execute(
            "SELECT (SELECT count(*) FROM task WHERE project = ?1 AND state = 'done' AND task_id BETWEEN ?2 AND ?3)"
            " + (SELECT count(*) FROM stray WHERE project = ?1 AND task_id BETWEEN ?2 AND ?3)",
            (self._project, low, high),
        ).fetchone()
        return int(row[0])

    def highest(self) -> int:
        """The highest task id that the ledger takes to be on the server, 0 if there is none."""
        row = self._db.execute(
            "SELECT max((SELECT coalesce(max(task_id), 0) FROM task WHERE project = ?1 AND state = 'done'),"
            " (SELECT coalesce(max(task_id), 0) FROM stray WHERE project = ?1))",
            (self._project,),
        ).fetchone()
        return int(row[0])

    def ids(self) -> Iterator[int]:
        """The ids of the tasks that the ledger takes to be on the server, rising."""
        rows = self._db.execute(
            "SELECT task_id FROM task WHERE project = ?1 AND task_id > 0"  # only what is done has one
            " UNION ALL SELECT task_id FROM stray WHERE project = ?1 ORDER BY task_id",
            (self._project,),
        )
        return (row[0] for row in rows)

    def meet(self, uids: Mapping[int, str | None]) -> int:
        """Write down tasks that turned out to be on the server, uid by task id; how many of them were awaited.

        A task under an id that the ledger has for another sentence means that the other was deleted and its id given
        out again, which Label Studio does on SQLite.
        """
        with self._transaction():
            before = self.known(min(uids, default=0), max(uids, default=0))
            self._drop([task_id for task_id, uid in uids.items() if before.get(task_id, uid) != uid])
            return sum(self._meet(task_id, uid) for task_id, uid in uids.items() if before.get(task_id, 0) != uid)

    def _meet(self, task_id: int, uid: str | None) -> bool:
        done = self._db.execute(
            "UPDATE task SET state = 'done', task_id = ? WHERE project = ? AND uid = ? AND state <> 'done'",
            (task_id, self._project, uid),
        )
        if not done.rowcount:
            self._db.execute("INSERT OR REPLACE INTO stray VALUES (?, ?, ?)", (self._project, task_id, uid))
        return bool(done.rowcount)

    def miss(self, task_ids: Iterable[int]) -> None:
        """Write down that these tasks are not on the server any more; what people made of them goes with them."""
        with self._transaction():
            self._drop(list(task_ids))

    def _drop(self, task_ids: list[int]) -> None:
        if not task_ids:
            return
        rows = [(self._project, task_id) for task_id in task_ids]
        for table in ("stray", "returned"):
            self._db.executemany(f"DELETE FROM {table} WHERE project = ? AND task_id = ?", rows)  # noqa: S608
        # A second copy of the sentence, if there is one, takes the place of the copy that went.
        self._db.executemany(
            "UPDATE task SET task_id = (SELECT min(s.task_id) FROM stray s WHERE s.project = task.project AND"
            " s.uid = task.uid) WHERE project = ? AND task_id = ? AND state = 'done'",
            rows,
        )
        self._db.execute(
            "UPDATE task SET state = 'gone' WHERE project = ? AND state = 'done' AND task_id IS NULL", (self._project,)
        )
        self._db.execute(
            "DELETE FROM stray WHERE project = ?1 AND task_id IN (SELECT task_id FROM task WHERE project = ?1"
            " AND state = 'done')",
            (self._project,),
        )

    def strays(self, uids: Iterable[str]) -> dict[str, int]:
        """Task ids of those of `uids` that are on the server although the ledger never sent them."""
        rows = self._db.execute(
            "SELECT stray.uid, min(task_id) FROM json_each(?) CROSS JOIN stray ON stray.uid = value AND project = ?"
            " GROUP BY stray.uid",
            (_listed(uids), self._project),
        )
        return dict(rows)

    def copies(self, *, ours: bool) -> dict[int, str]:
        """Uid by task id of second copies of sentences; `ours` are those that a repeated sending of ours explains."""
        rows = self._db.execute(
            "SELECT stray.task_id, uid FROM stray JOIN task USING (project, uid) WHERE project = ? AND doubt = ?",
            (self._project, int(ours)),
        )
        return dict(rows)

    # What the input has.

    def give(self, uids: Iterable[str]) -> None:
        """Note that these are in the input of this push."""
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS given (uid TEXT PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("INSERT OR IGNORE INTO given SELECT value FROM json_each(?)", (_listed(uids),))

    def left(self) -> dict[str, int]:
        """Task ids of the sentences that are on the server and were not given."""
        self.give(())
        rows = self._db.execute(
            "SELECT uid, task_id FROM task WHERE project = ? AND state = 'done' AND uid NOT IN (SELECT uid FROM given)",
            (self._project,),
        )
        return dict(rows)

    # Pre-labels that take the place of others.

    def plan(self, records: Iterable[Prelabeled]) -> None:
        """Write down that the pre-labels of these are about to be replaced."""
        with self._transaction():
            self._db.executemany(
                "UPDATE task SET next = ? WHERE project = ? AND uid = ?",
                [(record.to_json(), self._project, record.id) for record in records],
            )

    def replaced(self, until: Mapping[str, str]) -> None:
        """Write down that the server shows the planned pre-labels; by uid until when it showed the former ones."""
        rows = [(moment, self._project, uid) for uid, moment in until.items()]
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO former (project, uid, until, record, epoch)"
                " SELECT project, uid, ?, record, epoch FROM task WHERE project = ? AND uid = ? AND next IS NOT NULL",
                rows,
            )
            self._db.executemany(
                "UPDATE task SET record = next, next = NULL, epoch = ?"
                " WHERE project = ? AND uid = ? AND next IS NOT NULL",
                [(len(self.passed), *row[1:]) for row in rows],
            )

    def drop_plan(self, uid: str) -> None:
        """Write down that the pre-labels of this one are not replaced after all."""
        self._mark("next = NULL", [uid])

    def versions(self) -> set[str]:
        """Engines and versions, as `name/version`, of all pre-labels that were pushed."""
        rows = self._db.execute(
            f"SELECT {_ENGINE} FROM task WHERE project = ?1 UNION SELECT {_ENGINE} FROM former WHERE project = ?1",  # noqa: S608
            (self._project,),
        )
        return {row[0] for row in rows}

    @property
    def has_former(self) -> bool:
        """Whether any pre-labels of the project were replaced."""
        query = "SELECT EXISTS (SELECT 1 FROM former WHERE project = ?)"
        return bool(self._db.execute(query, (self._project,)).fetchone()[0])

    def former(self, uid: str) -> list[tuple[str, Prelabeled]]:
        """Pre-labels of a sentence that were replaced, each with the moment until which it was shown, oldest first."""
        rows = self._db.execute(
            "SELECT until, record FROM former WHERE project = ? AND uid = ? ORDER BY until", (self._project, uid)
        )
        return [(until, Prelabeled.from_dict(orjson.loads(record))) for until, record in rows]

    # Migrations of the label set.

    def adopt(self, changes: Iterable[Change]) -> None:
        """Take over the migrations of a project that a ledger which was lost knew of."""
        rows = [(self._project, number, change.to_json().decode()) for number, change in enumerate(changes)]
        with self._transaction():
            self._db.executemany("INSERT INTO migration (project, number, change) VALUES (?, ?, ?)", rows)
        self.passed = passed(self._db, self._project)

    def arrive(self, moment: str) -> None:
        """Write down that from a moment of the server's clock on people have had the page of the labels of now."""
        with self._transaction():
            self._db.execute(
                "UPDATE migration SET since = ? WHERE project = ? AND since IS NULL", (moment, self._project)
            )
        self.passed = passed(self._db, self._project)

    def _mark(self, change: str, uids: Iterable[str], where: str = "TRUE") -> None:
        with self._transaction():
            self._db.execute(
                f"UPDATE task SET {change} WHERE project = ? AND uid IN (SELECT value FROM json_each(?)) AND {where}",  # noqa: S608
                (self._project, _listed(uids)),
            )


# The engine of a record, as codec.model_version names it.
_ENGINE = " || '/' || ".join(f"json_extract(CAST(record AS TEXT), '$.engine.{key}')" for key in ("name", "version"))


def _listed(uids: Iterable[str]) -> str:
    return orjson.dumps(list(uids)).decode()
