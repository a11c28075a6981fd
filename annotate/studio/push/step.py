"""The arrow `push`: pre-labelled sentences become tasks of a Label Studio project, each exactly once."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

import orjson

from annotate.check import records
from annotate.errors import DataError, Fault, Reason, StudioError, Unfinished, UsageError
from annotate.jsonl import STDIO, name_of
from annotate.labels import LabelSet
from annotate.records import Article, Prelabeled
from annotate.studio.client import Client, Project
from annotate.studio.codec import Context, task, unsendable
from annotate.studio.ledger import Ledger
from annotate.studio.push.campaign import Campaign
from annotate.studio.push.project import opened

__all__ = ["PushSummary", "push"]

BATCH = 500  # with the canary well below what one question to the server takes
_TRIES = 4


@dataclass(frozen=True, slots=True)
class PushSummary:
    """What a push did."""

    project: int
    title: str
    url: str
    pushed: int
    already_there: int
    found_on_server: int
    changed: int  # already there with earlier pre-labels, which the tasks keep
    not_in_input: int  # pushed earlier and no longer in the input; their tasks stay


class _Task(NamedTuple):
    record: Prelabeled
    context: Context


def push(
    source: Path,
    client: Client,
    ledger: Path,
    *,
    campaign: Campaign | None = None,
    articles: Path | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> PushSummary:
    """Push the pre-labelled sentences of a file, so that every sentence is one task however often this is called.

    Args:
        source: a `prelabeled` file. All of it is checked before anything is sent.
        client: the server.
        ledger: the SQLite file that remembers what was pushed.
        campaign: the project and what annotators see in it; the project is made when there is none of its name.
        articles: an `article` file for titles and links, if there is one.
        on_progress: called with the number of sentences dealt with.

    Raises:
        DataError: a record is broken, and nothing was sent; or the text of a sentence is not the one its task was
            pushed with, and only what is new was sent.
        UsageError: the project's interface is not the one the label set makes.
        StudioError: the server failed before anything was sent.
        Unfinished: the server failed part-way; the same call goes on.
    """
    campaign = campaign or Campaign()
    if source == STDIO:
        raise UsageError("push reads its file twice; it cannot come from stdin")
    _check(source, campaign.labels)
    titles = _titles(articles)
    project = opened(client, campaign)
    pushed = found = changed = 0
    there: set[str] = set()
    retold: list[Fault] = []
    with Ledger.open(ledger, project.id, project.created_at, project.title) as book:
        tasks = _tasks(records(source, Prelabeled, campaign.labels), titles, campaign.context)
        while batch := list(islice(tasks, BATCH)):
            known = book.done([t.record.id for t in batch])
            fresh = [t for t in batch if t.record.id not in known]
            for record in (t.record for t in batch if t.record.id in known):
                before = Prelabeled.from_dict(orjson.loads(known[record.id]))
                if before.text != record.text:
                    retold.append(_retold(source, record, before))
                changed += before != record
            there |= known.keys()
            try:
                sent, met = _deliver(client, project, book, fresh)
            except StudioError as error:
                if pushed + found == 0 and not book.counts().done:
                    raise
                counts = book.counts()
                raise Unfinished(f"{error}; {counts.done} sentences are pushed, the same command goes on") from error
            pushed += sent
            found += met
            if on_progress:
                on_progress(pushed + len(there) + found)
        gone = book.counts().done - pushed - found - len(there)
    if retold:
        raise DataError(retold)
    return PushSummary(
        project=project.id,
        title=project.title,
        url=client.page(project.id),
        pushed=pushed,
        already_there=len(there),
        found_on_server=found,
        changed=changed,
        not_in_input=gone,
    )


def _check(source: Path, labels: LabelSet) -> None:
    file = name_of(source)
    if not any(True for _ in records(source, Prelabeled, labels)):
        raise UsageError(f"{source}: holds no sentence to push")
    faults = [
        Fault(file, 0, record.id, reason, found)
        for record in records(source, Prelabeled, labels)
        for reason, found in unsendable(record)
    ]
    if faults:
        raise DataError(faults)


def _retold(source: Path, record: Prelabeled, before: Prelabeled) -> Fault:
    found = f"its task was pushed with another text, {before.text!r}; an article that changes needs another id"
    return Fault(name_of(source), 0, record.id, Reason.WRONG_TEXT, found)


def _titles(articles: Path | None) -> dict[str, tuple[str, str]]:
    if articles is None or not articles.is_file():
        return {}
    return {a.id: (a.title or "", a.url or "") for a in records(articles, Article)}


def _tasks(sentences: Iterator[Prelabeled], titles: dict[str, tuple[str, str]], around: int) -> Iterator[_Task]:
    for article, group in groupby(sentences, key=lambda s: s.article_id):
        members = list(group)
        heading = members[0].text if members[0].kind == "heading" else ""
        title, url = titles.get(article, ("", ""))
        for at, record in enumerate(members):
            before = " ".join(s.text for s in members[max(0, at - around) : at])
            after = " ".join(s.text for s in members[at + 1 : at + 1 + around])
            yield _Task(record, Context(title or heading, url, before, after))


def _deliver(client: Client, project: Project, book: Ledger, batch: Sequence[_Task]) -> tuple[int, int]:
    """Bring a batch to the server; how many were sent, and how many were met there although not in the ledger."""
    waiting = {t.record.id: t for t in batch}
    met = 0
    for attempt in range(_TRIES):
        if not waiting:
            return 0, met
        # A push that was cut off, or a lost ledger, may have left these on the server already.
        present = _present(client, project, book, list(waiting))
        book.intend(waiting[uid].record for uid in present)
        book.settle(present)
        met += len(present)
        for uid in present:
            del waiting[uid]
        if not waiting:
            return 0, met
        book.intend(t.record for t in waiting.values())
        try:
            ids = client.import_tasks(project.id, [task(t.record, t.context) for t in waiting.values()])
        except StudioError as error:
            if error.refused or attempt == _TRIES - 1:
                raise
            time.sleep(2**attempt)
            continue
        book.settle(dict(zip(waiting, ids, strict=True)))
        return len(ids), met
    raise AssertionError("the last try either returns or raises")


def _present(client: Client, project: Project, book: Ledger, uids: list[str]) -> dict[str, int]:
    # A filter that Label Studio does not understand answers with nothing, which would look like "not there yet":
    # one uid that must be found goes along with every question. Its task may have been deleted, so there are two.
    for canary in (book.a_done_uid(), client.any_uid(project.id)):
        if canary is not None:
            found = client.find(project.id, [*uids, canary])
            if canary in found:
                return {uid: found[uid] for uid in uids if uid in found}
    if canary is not None:
        raise StudioError(
            f"{client.url}: the task {canary} is in project {project.id}, and asking for it finds nothing"
        )
    return {}
