"""What the ledger keeps of what came back: what people made of each task, and how far a pull has asked."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import orjson

__all__ = ["Returned", "Returns"]


class Returned(NamedTuple):
    """What people made of one task: as the server told it, and the lines of the two files it became."""

    task_id: int
    raw: bytes
    accepted: bytes
    refused: bytes
    counts: Mapping[str, int]


class Returns:
    """An open ledger, turned to one project. Every method that writes is one transaction."""

    def __init__(self, connection: sqlite3.Connection, project: int) -> None:
        self._db = connection
        self._project = project

    def since(self, reading: str) -> str | None:
        """From which moment on a pull has to ask, if what came back before was read with the same `reading`."""
        row = self._db.execute("SELECT since, reading FROM project WHERE key = ?", (self._project,)).fetchone()
        return row[0] if row[1] == reading else None

    def take(self, rows: Iterable[Returned], empty: Iterable[int]) -> None:
        """Write down what people made of some tasks, and that they made nothing (any more) of the tasks of `empty`."""
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO returned VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (self._project, r.task_id, r.raw, r.accepted, r.refused, orjson.dumps(r.counts).decode())
                    for r in rows
                ),
            )
            self._db.executemany(
                "DELETE FROM returned WHERE project = ? AND task_id = ?", ((self._project, number) for number in empty)
            )

    def pulled(self, since: str, reading: str) -> None:
        """Write down that everything was read with `reading`, and from where on the next pull asks."""
        self._db.execute("UPDATE project SET since = ?, reading = ? WHERE key = ?", (since, reading, self._project))

    def refused(self) -> Iterator[Returned]:
        """What people made of those tasks where something was refused, in the order of task ids."""
        rows = self._db.execute(
            "SELECT task_id, raw, accepted, refused, counts FROM returned WHERE project = ? AND length(refused) > 0"
            " ORDER BY task_id",
            (self._project,),
        )
        for task_id, raw, accepted, refusals, counts in rows:
            yield Returned(task_id, raw, accepted, refusals, orjson.loads(counts))

    def lines(self) -> Iterator[tuple[bytes, bytes, Mapping[str, int]]]:
        """What goes to the two files for each task that something came back of, and the counts, by task id."""
        rows = self._db.execute(
            "SELECT accepted, refused, counts FROM returned WHERE project = ? ORDER BY task_id", (self._project,)
        )
        for accepted, refused, counts in rows:
            yield accepted, refused, orjson.loads(counts)

    @property
    def is_lost(self) -> bool:
        """Whether something came back of the project's tasks and none of them is known: another ledger sent them."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM returned WHERE project = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM task WHERE project = ?1 AND state = 'done')"
        )
        return bool(self._db.execute(query, (self._project,)).fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk may have rolled it back already
                self._db.execute("ROLLBACK")
            raise
