"""Brings a batch to the server exactly once, whatever happens to the request that carries it."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from annotate.errors import StudioError
from annotate.records import Prelabeled
from annotate.studio.census import census
from annotate.studio.client import Client, Project
from annotate.studio.ledger import Ledger
from annotate.studio.push.ahead import answered

__all__ = ["SETTLE_S", "deliver"]

# How long after it was sent a request without an answer may still be carried out: an import of 1,000 tasks takes a
# second or two. One that takes longer leaves second copies, which `remove_copies` finds.
SETTLE_S = 15.0

_UNANSWERED = 4  # sendings without an answer before we give up
_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)  # while nobody is there to take the request; a restart takes as long


def deliver(
    client: Client,
    project: Project,
    book: Ledger,
    batch: Sequence[Prelabeled],
    tasks: Mapping[str, bytes],
    *,
    meanwhile: Callable[[], None],
) -> tuple[int, int]:
    """Bring sentences to the server that the ledger does not know to be there.

    Args:
        client: the server.
        project: where they go.
        book: the ledger.
        batch: the sentences.
        tasks: the JSON of their tasks, by uid.
        meanwhile: called while the server is at work, perhaps several times.

    Returns:
        How many were sent, and how many turned out to have arrived by an earlier sending.

    Raises:
        StudioError: the server refuses the tasks, or fails again and again. The ledger knows what is in doubt.
    """
    waiting = {record.id: record for record in batch}
    met = _arrived(client, project, book, waiting)
    unreached = iter(_PAUSES_S)
    unanswered = 0
    while waiting:
        # The moment of sending is written down before: whoever finds the intention knows how long to wait for it.
        book.intend(waiting.values(), time.time())
        try:
            ids = answered(partial(client.import_tasks, project.id, [tasks[uid] for uid in waiting]), meanwhile)
        except StudioError as error:
            if error.refused or error.unreached:
                book.unsend(waiting)
            if error.refused:
                raise
            if error.unreached:
                if (pause := next(unreached, None)) is None:
                    raise
                time.sleep(pause)
                continue
            unanswered += 1
            met += _arrived(client, project, book, waiting, failed_at=time.time())
            if waiting and unanswered == _UNANSWERED:
                raise
        else:
            book.settle(dict(zip(waiting, ids, strict=True)))
            return len(waiting), met
    return 0, met


def _arrived(
    client: Client, project: Project, book: Ledger, waiting: dict[str, Prelabeled], failed_at: float | None = None
) -> int:
    """Take those out of `waiting` that an earlier sending brought to the server, and say how many they were.

    What was sent, or failed, a moment ago is waited for, since the server may be at work on it still.
    """
    pause = 0.25
    began = time.monotonic()
    met = 0
    while sent := _in_doubt(book, waiting):
        census(client, project.id, book)
        rows = book.rows(waiting)
        found = [uid for uid in waiting if uid in rows and rows[uid].state == "done"]
        for uid in found:
            del waiting[uid]
        met += len(found)
        sent = _in_doubt(book, waiting)
        # Our clock may have been set back since then: more than SETTLE_S is not waited.
        since = failed_at or max(sent.values(), default=0.0)
        if not sent or time.time() - since >= SETTLE_S or time.monotonic() - began >= SETTLE_S:
            book.doubt(sent)
            return met
        time.sleep(pause)
        pause = min(2.0, pause * 2)
    return met


def _in_doubt(book: Ledger, uids: Iterable[str]) -> dict[str, float]:
    rows = book.rows(uids)
    return {uid: row.sent_at for uid, row in rows.items() if row.state == "intended" and row.sent_at is not None}
