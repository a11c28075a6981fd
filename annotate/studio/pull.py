"""The arrow `pull`: what people made of the tasks comes back as `annotation` records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from annotate.errors import UsageError
from annotate.jsonl import open_out
from annotate.labels import DEFAULT, LabelSet
from annotate.studio.census import census, changed_since, uid_of, with_ids
from annotate.studio.client import Client
from annotate.studio.ledger import Ledger, Returned
from annotate.studio.reading import Reader, reading
from annotate.studio.snapshot import Snapshot, snapshot, sweep

__all__ = ["PullSummary", "pull"]

# What a transaction stamped before a snapshot and committed after it is asked for again by the next pull; so is what a
# second server behind the same address stamped by a clock of its own.
MARGIN_S = 60

# Tasks in one snapshot. The server makes it while it answers, 1,000 tasks a second, and meanwhile we read the last one.
# The last one has a quarter of it, since nothing is made while that is read.
SNAPSHOT = 4500

_AT_ONCE = 1000  # tasks in one transaction
_DECODED = 25  # tasks held decoded; more do not fit into a processor's cache, and take twice as long

_WITH_DRAFTS = {"filter": "filter:tasks:draft_exists", "operator": "equal", "type": "Boolean", "value": True}


@dataclass(frozen=True, slots=True)
class PullSummary:
    """What a pull brought back: all that there is now, and how much of it was asked for this time."""

    project: int
    tasks: int
    submitted: int
    skipped: int
    reviewed: int  # submitted or skipped, and changed by another account afterwards
    drafts: int
    quarantined: int
    read: int  # tasks that were read this time
    deleted: int  # tasks that turned out to be deleted since the pull before
    full: bool


def pull(
    out: Path,
    quarantine: Path,
    client: Client,
    ledger: Path,
    *,
    project: str,
    labels: LabelSet = DEFAULT,
    full: bool = False,
) -> PullSummary:
    """Write every annotation of a project, in the order of its tasks; texts are recomputed from offsets.

    The ledger keeps what came back, so that only tasks that changed are asked for. What was deleted on the server
    leaves the files.

    Args:
        out: where `annotation` records go; `-` is stdout.
        quarantine: where annotations go that break the contract, with the reasons and as the server gave them. The
            file holds what is wrong now: what was mended in Label Studio leaves it at the next pull.
        client: the server.
        ledger: what was pushed, and what came back.
        project: title or id of the project.
        labels: the label set of the campaign.
        full: ask for all tasks.

    Raises:
        StudioError: the server failed or has no such project. The files are as they were.
        UsageError: a file cannot be written, or the ledger knows nothing of the project. The files are as they were.
        Unfinished: the ledger has no room, or another command holds it.
    """
    found = client.existing(project)
    with Ledger.open(ledger, found.id, found.created_at, found.title) as book:
        sweep(client, found.id)
        one = _Pull(client, found.id, book, labels)
        name = reading(labels, book.passed)
        since = None if full else book.since(name)
        taken_at = one.changed(since) if since else None
        if taken_at is None:
            taken_at, since = one.everything(), None
        counted = census(client, found.id, book)
        if since:
            one.again()
        if book.is_lost:
            raise UsageError(
                f"{ledger}: knows none of the tasks of project {found.id} ({found.title!r}); annotate push finds them"
            )
        totals = _write(book, out, quarantine)
        book.pulled(_moment(taken_at - timedelta(seconds=MARGIN_S)), name)
        return PullSummary(
            project=found.id,
            tasks=counted.tasks,
            submitted=totals["submitted"],
            skipped=totals["skipped"],
            reviewed=totals["reviewed"],
            drafts=one.drafts,
            quarantined=totals["quarantined"],
            read=one.read,
            deleted=one.deleted + counted.missed,
            full=since is None,
        )


class _Pull:
    """One pull under way."""

    def __init__(self, client: Client, project: int, book: Ledger, labels: LabelSet) -> None:
        self._client, self._project, self._book = client, project, book
        self._reader = Reader(book, labels, lambda: _people(client))
        self.drafts = self.read = self.deleted = 0

    def changed(self, since: str) -> datetime | None:
        """Take in the tasks that changed; by the server's clock when, or None if that clock was set back meanwhile."""
        # A draft does not change its task, so tasks with drafts come along.
        conditions = [changed_since(since), _WITH_DRAFTS]
        with snapshot(self._client, self._project, conditions, either=True) as taken:
            at = datetime.fromisoformat(taken.taken_at)
            if at < datetime.fromisoformat(since):
                return None
            self._take(taken.tasks)
        return at

    def everything(self) -> datetime:
        """Take in all tasks, and note which are gone; by the server's clock when the first of them were read."""
        self.drafts = self.read = 0
        began: datetime | None = None
        with ThreadPoolExecutor(1) as pool:
            ranges = self._ranges()
            low, high = next(ranges)
            coming = pool.submit(self._fetched, low, high)
            for following in (*ranges, None):
                stack, taken = coming.result()
                if following:
                    coming = pool.submit(self._fetched, *following)
                with stack:
                    began = began or datetime.fromisoformat(taken.taken_at)
                    there = self._take(taken.tasks)
                gone = [number for number in self._book.known(low, high) if number not in there]
                self._book.miss(gone)
                self.deleted += len(gone)
                low, high = following or _ALL
        assert began is not None  # noqa: S101 - there is at least one range
        return began

    def _fetched(self, low: int, high: int) -> tuple[ExitStack, Snapshot]:
        """A snapshot of the tasks with these ids, and what closes it."""
        conditions = [with_ids(low, high)] if (low, high) != _ALL else []
        with ExitStack() as stack:
            taken = stack.enter_context(snapshot(self._client, self._project, conditions))
            return stack.pop_all(), taken

    def again(self) -> None:
        """Read what was refused before once more: a push may have found its tasks since."""
        rows = self._book.refused()
        while batch := list(islice(rows, _AT_ONCE)):
            self._book.take(self._reader.again(batch), ())

    def _take(self, tasks: Iterator[dict[str, Any]]) -> set[int]:
        seen: set[int] = set()
        while True:
            uids: dict[int, str | None] = {}
            rows: list[Returned] = []
            some = islice(tasks, _AT_ONCE)
            while batch := list(islice(some, _DECODED)):
                uids.update((task["id"], uid_of(task)) for task in batch)
                rows += self._reader.read(batch)
                self.drafts += sum(len(task.get("drafts") or ()) for task in batch)
            if not uids:
                return seen
            self._book.meet(uids)
            self._book.take(rows, uids.keys() - {row.task_id for row in rows})
            self.read += len(uids)
            seen.update(uids)

    def _ranges(self) -> Iterator[tuple[int, int]]:
        """Ranges of ids with as many tasks as a snapshot may hold, without a gap between them."""
        rows, total = self._client.page_of_tasks(self._project, (), descending=True)
        if total <= SNAPSHOT:
            yield _ALL
            return
        top, highest = rows[0]["id"], self._book.highest()
        if highest >= top:
            yield from _cut(self._book.ids(), self._book.count_known(), top)
            return
        if highest:
            yield from _cut(self._book.ids(), self._book.count_known(), highest)
        # Ids only rise: here is what was made since, or everything if the ledger was lost.
        waiting = [(highest + 1, top)]
        while waiting:
            low, high = waiting.pop()
            if low < high and self._client.page_of_tasks(self._project, [with_ids(low, high)])[1] > SNAPSHOT:
                middle = (low + high) // 2
                waiting += [(middle + 1, high), (low, middle)]
            else:
                yield low, high


_ALL = (0, 2**62)


def _cut(ids: Iterable[int], count: int, top: int) -> Iterator[tuple[int, int]]:
    """Ranges from 0 to `top` with about as many of the `count` rising ids each, fewer in the last."""
    most = count - SNAPSHOT // 4
    parts = -(-most // SNAPSHOT)
    ends = {most * part // parts for part in range(1, parts + 1)}
    low = 0
    for number, task_id in enumerate(ids, 1):
        if task_id >= top:
            break
        if number in ends:
            yield low, task_id
            low = task_id + 1
    yield low, top


def _write(book: Ledger, out: Path, quarantine: Path) -> Mapping[str, int]:
    totals = {"submitted": 0, "skipped": 0, "reviewed": 0, "quarantined": 0}
    with open_out(quarantine) as refused, open_out(out) as accepted:
        for lines, refusals, counts in book.lines():
            accepted.write(lines)
            refused.write(refusals)
            for name in totals:
                totals[name] += counts[name]
    return totals


def _people(client: Client) -> Mapping[int, str]:
    found = client.ask("asking who people are", "GET", "/api/users/")
    rows: Sequence[Mapping[str, Any]] = found.get("results", ()) if isinstance(found, dict) else found
    return {row["id"]: row["email"] for row in rows}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
