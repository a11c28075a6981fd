"""The step itself: checks the file, asks what is there, sends what is missing."""

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from annotate.check import records
from annotate.errors import DataError, Fault, Reason, StudioError, Unfinished, UsageError
from annotate.jsonl import STDIO, name_of, read
from annotate.labels import LabelSet
from annotate.records import Prelabeled
from annotate.studio.census import census
from annotate.studio.client import Client, Project
from annotate.studio.codec import alike, model_version, task, unsendable
from annotate.studio.ledger import Ledger, Pushed
from annotate.studio.ledger.files import damaged
from annotate.studio.push.adoption import adopt
from annotate.studio.push.ahead import Ahead, Meanwhile
from annotate.studio.push.campaign import Campaign
from annotate.studio.push.choice import Shown, chosen, shown
from annotate.studio.push.delivery import deliver
from annotate.studio.push.project import opened, unknown
from annotate.studio.push.refresh import refresh, refreshable, show_version
from annotate.studio.push.removal import prune, remove_copies
from annotate.studio.push.settings import told
from annotate.studio.snapshot import moment
from annotate.studio.wire import Wire

__all__ = ["PushOptions", "PushSummary", "push"]

BATCH = 1000


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What to send, and what to do about tasks that are there already."""

    order: str = "given"  # or "uncertain": sentences whose least sure entity or stance is least sure come first
    sample: int | None = None  # how many sentences to send
    seed: str = "annotate-kit"  # of the sample
    update: bool = False  # replace pre-labels of another engine version on tasks that nobody has worked on
    prune: bool = False  # remove tasks of sentences that left the input, unless somebody has worked on them
    prune_annotated: bool = False  # also those
    # Give the project the label set's interface and idle tasks its labels, if nothing is lost by it; and the campaign's
    # overlap and guideline.
    migrate: bool = False
    restore: bool = False  # send again what was deleted in Label Studio
    dry_run: bool = False  # change nothing, say what would be done


@dataclass(frozen=True, slots=True)
class PushSummary:
    """What a push did, or would do."""

    project: int  # 0 when a dry run found none
    title: str
    url: str
    pushed: int
    already_there: int
    found_on_server: int
    changed: int  # already there with other pre-labels, which the tasks keep
    updated: int  # tasks whose pre-labels were replaced
    not_in_input: int  # pushed earlier and no longer in the input; their tasks stay
    left: tuple[str, ...]  # ids of those, in the order of their tasks
    pruned: int  # tasks removed because their sentences left the input
    deleted: int  # in the input, and deleted in Label Studio; they stay away
    copies: int  # second tasks of a sentence that are on the server
    hidden: int  # idle tasks with pre-labels of another engine version than the one that Label Studio shows
    settings: tuple[str, ...]  # what the project had otherwise: overlap and guideline, a line for each
    settings_changed: bool  # the project was given the campaign's, or would be
    dry_run: bool


@dataclass(slots=True)
class _Tally:
    pushed: int = 0
    there: int = 0
    found: int = 0
    changed: int = 0
    updated: int = 0
    deleted: int = 0
    version: str | None = None  # of the pre-labels that were sent last
    hidden: int = 0
    coming: Counter[str] = field(default_factory=Counter)  # in a dry run, how many idle tasks more of each version
    awaited: frozenset[str] = frozenset()  # what an earlier push sent without learning whether it arrived
    retold: list[Fault] = field(default_factory=list)

    @property
    def dealt_with(self) -> int:
        return self.pushed + self.there + self.found + self.deleted


def push(
    source: Path,
    client: Client,
    ledger: Path,
    *,
    campaign: Campaign | None = None,
    articles: Path | None = None,
    options: PushOptions | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> PushSummary:
    """Push the pre-labelled sentences of a file, so that every sentence is one task however often this is called.

    Args:
        source: a `prelabeled` file. All of it is checked before anything is sent.
        client: the server.
        ledger: the SQLite file that remembers what was pushed.
        campaign: the project and what annotators see in it; the project is made when there is none of its name.
        articles: an `article` file for titles and links, if there is one.
        options: what to send, and what to do about what is there.
        on_progress: called with the number of sentences dealt with.

    Raises:
        DataError: a record is broken, and nothing was sent; or the text of a sentence is not the one its task was
            pushed with, and only what is new was sent.
        UsageError: the project's interface is not the one the label set makes, or an option is wrong.
        StudioError: the server failed before anything was sent.
        Unfinished: the server failed part-way, or the ledger has no room; the same call goes on.
    """
    campaign, options = campaign or Campaign(), options or PushOptions()
    if options.sample is not None and (options.prune or options.prune_annotated):
        raise UsageError("a sample cannot say what left the input; prune without it")
    if source == STDIO:
        raise UsageError("push reads its file twice; it cannot come from stdin")
    sentences = chosen(
        shown(source, articles, campaign.labels, campaign.context), options.order, options.sample, options.seed
    )
    _check(source, campaign.labels)
    project = opened(client, campaign, ledger, dry_run=options.dry_run, migrating=options.migrate)
    settings = told(project, campaign)
    # Before the ledger is opened, which makes it know the project.
    known = not project.id or Ledger.seen(ledger, project.id, project.created_at) is not None
    with _book(ledger, project, dry_run=options.dry_run) as book:
        if not known and (changes := unknown(project, campaign)):
            book.adopt(changes)
        under_way = _Push(source, client, project, book, options, campaign.labels, Wire(campaign.labels), settings)
        return under_way.run(sentences, on_progress)


@dataclass(frozen=True, slots=True)
class _Push:
    """One push under way."""

    source: Path
    client: Client
    project: Project
    book: Ledger
    options: PushOptions
    labels: LabelSet
    wire: Wire
    settings: tuple[str, ...]
    tally: _Tally = field(default_factory=_Tally)

    def run(self, sentences: Iterator[Shown], on_progress: Callable[[int], None] | None) -> PushSummary:
        """Deal with all sentences, then with what is on the server besides."""
        tally, client, project, book = self.tally, self.client, self.project, self.book
        with self._resumable():
            if project.id:
                if not self.options.dry_run and any(one.since is None for one in book.passed):
                    book.arrive(
                        moment(client, project.id)
                    )  # the page is that of the labels of now, or push had refused
                tally.awaited = book.intended()
                census(client, project.id, book)
            with Ahead(sentences, BATCH) as batches:
                following = (self._sorted(batch) for batch in batches)
                batch = next(following, None)
                while batch:
                    # The next batch is got ready while the server takes in this one.
                    waiting = Meanwhile(following)
                    self._settle(batch, waiting)
                    if on_progress:
                        on_progress(tally.dealt_with)
                    batch = waiting.result()
            pruned, left, copies = self._besides()
        if tally.retold:
            raise DataError(_located(self.source, tally.retold))
        return PushSummary(
            project=project.id,
            title=project.title,
            url=client.page(project.id) if project.id else client.url,
            pushed=tally.pushed,
            already_there=tally.there,
            found_on_server=tally.found,
            changed=tally.changed,
            updated=tally.updated,
            not_in_input=len(left),
            left=left,
            pruned=pruned,
            deleted=tally.deleted,
            copies=copies,
            hidden=self.tally.hidden,
            settings=self.settings,
            settings_changed=bool(self.settings) and self.options.migrate,
            dry_run=self.options.dry_run,
        )

    def _besides(self) -> tuple[int, tuple[str, ...], int]:
        """Remove what is to be removed; how many tasks, which others left the input, and how many are copies."""
        client, project, book, options = self.client, self.project, self.book, self.options
        removed = remove_copies(client, project, book, dry_run=options.dry_run)
        pruned: set[str] = set()
        if options.prune or options.prune_annotated:
            pruned = prune(client, project, book, annotated=options.prune_annotated, dry_run=options.dry_run)
        left = book.left() if options.sample is None else {}
        copies = len(book.copies(ours=True)) + len(book.copies(ours=False))
        # The ledger of a dry run has still what would be removed.
        coming = self.tally.coming if options.dry_run else None
        self.tally.hidden = show_version(client, project, book, self.tally.version, coming)
        stay = sorted(left.keys() - pruned, key=left.__getitem__)
        return len(pruned), tuple(stay), copies - removed if options.dry_run else copies

    def _sorted(self, batch: Sequence[Shown]) -> "_Sorted":
        """Tell what is to be sent from what is there."""
        book, tally = self.book, self.tally
        book.give(one.record.id for one in batch)
        rows = book.rows(one.record.id for one in batch)
        strays = book.strays(one.record.id for one in batch if _state(rows, one) != "done")
        fresh: list[Shown] = []
        outdated: list[Prelabeled] = []
        same: set[str] = set()
        for one in batch:
            state = _state(rows, one)
            if one.record.id in strays:
                tally.found += 1
            elif state == "done":
                tally.found += one.record.id in tally.awaited
                tally.there += one.record.id not in tally.awaited
                self._compare(one.record, rows[one.record.id], outdated, same)
            elif state == "gone" and not self.options.restore:
                tally.deleted += 1
            else:
                fresh.append(one)
        known = [one.record for one in batch if one.record.id in strays]
        return _Sorted(known, strays, [one.record for one in fresh], self._worded(fresh), outdated, same)

    def _worded(self, fresh: Sequence[Shown]) -> dict[str, bytes]:
        """The JSON of the tasks by uid, each looked at once more before it leaves."""
        made: dict[str, bytes] = {}
        faults: list[Fault] = []
        for one in fresh:
            words = task(one.record, one.context)
            wrong = self.wire.complaints(words)
            faults += [Fault(name_of(self.source), 0, one.record.id, reason, found) for reason, found in wrong]
            made[one.record.id] = orjson.dumps(words)
        if faults:
            raise DataError(_located(self.source, faults))
        return made

    def _settle(self, batch: "_Sorted", meanwhile: Meanwhile["_Sorted"]) -> None:
        """Send what is to be sent, and write down what is there."""
        if batch.strays:
            self._adopt(batch)
        if self.options.dry_run:
            self.tally.pushed += len(batch.fresh)
            updated = refreshable(self.client, self.project, self.book, batch.outdated)
            self._count(batch, updated)
            self._expect(batch, updated)
        else:
            if batch.fresh:
                sent, met = deliver(
                    self.client, self.project, self.book, batch.fresh, batch.tasks, meanwhile=meanwhile.work
                )
                self.tally.pushed += sent
                self.tally.found += met
                self.tally.version = model_version(batch.fresh[-1].engine)
            if batch.outdated:
                updated = refresh(self.client, self.project, self.book, batch.outdated)
                self._count(batch, updated)
                if updated:
                    self.tally.version = model_version(batch.outdated[-1].engine)

    def _expect(self, batch: "_Sorted", updated: set[str]) -> None:
        """Count what a dry run would change about which versions the tasks have."""
        replaced = [record for record in batch.outdated if record.id in updated]
        self.tally.coming.update(model_version(record.engine) for record in (*batch.fresh, *replaced))
        self.tally.coming.subtract(model_version(row.prelabels.engine) for row in self.book.rows(updated).values())
        if batch.fresh or replaced:
            self.tally.version = model_version([*batch.fresh, *replaced][-1].engine)

    def _adopt(self, batch: "_Sorted") -> None:
        """Take over tasks that the ledger does not know; what they show may be other pre-labels than those of now."""
        found = {batch.strays[record.id]: record for record in batch.known}
        adopt(self.client, self.project, self.book, self.labels, found)
        rows = self.book.rows(batch.strays)
        for record in batch.known:
            self._compare(record, rows[record.id], batch.outdated, batch.same)

    def _count(self, batch: "_Sorted", updated: set[str]) -> None:
        self.tally.updated += len(updated)
        self.tally.changed += len({one.id for one in batch.outdated} - updated - batch.same)

    def _compare(self, record: Prelabeled, row: Pushed, outdated: list[Prelabeled], same: set[str]) -> None:
        """Put a record whose task is there with the outdated, if the task's pre-labels are to be replaced.

        Those go with the same as well that differ in the names of migrated labels alone. What changed and stays as it
        is is counted.
        """
        earlier = row.epoch < len(self.book.passed)
        if row.record == record.to_json() and row.next is None and not earlier:
            return
        relabelling = earlier and (self.options.update or self.options.migrate)
        before = self.book.now(row)
        if before.text != record.text:
            found = f"its task was pushed with another text, {before.text!r}; an article that changes needs another id"
            self.tally.retold.append(Fault(name_of(self.source), 0, record.id, Reason.WRONG_TEXT, found))
        elif self.options.update and (row.next is not None or before.engine != record.engine):
            outdated.append(record)
            return
        elif relabelling and alike(before, record) and not alike(row.prelabels, record):
            outdated.append(record)  # its task still shows the labels of before a migration
            same.add(record.id)
            return
        self.tally.changed += not alike(before, record)

    @contextmanager
    def _resumable(self) -> Iterator[None]:
        """Say of a failure part-way that the same command goes on."""
        try:
            yield
        except StudioError as error:
            counts = self.book.counts()
            if self.tally.pushed + self.tally.found + self.tally.updated == 0 and not counts.done:
                raise
            raise Unfinished(f"{error}; {counts.done} sentences are pushed, the same command goes on") from error


@dataclass(frozen=True, slots=True)
class _Sorted:
    """One batch: what turned out to be on the server, what is to be sent and what is to be replaced."""

    known: list[Prelabeled]
    strays: dict[str, int]  # task ids of the known
    fresh: list[Prelabeled]
    tasks: dict[str, bytes]  # the JSON of the fresh, by uid
    outdated: list[Prelabeled]
    same: set[str]  # those of the outdated that differ in the names of migrated labels alone


def _state(rows: dict[str, Pushed], one: Shown) -> str | None:
    row = rows.get(one.record.id)
    return row.state if row else None


def _check(source: Path, labels: LabelSet) -> None:
    """Check all records, and whether Label Studio can show them.

    Raises:
        DataError: with everything that is wrong.
        UsageError: there is nothing to push.
    """
    file = name_of(source)
    faults: list[Fault] = []
    empty = True
    try:
        for record in records(source, Prelabeled, labels):
            empty = False
            faults += [Fault(file, 0, record.id, reason, found) for reason, found in unsendable(record)]
    except DataError as error:
        raise DataError(sorted([*error.faults, *_located(source, faults)], key=lambda fault: fault.line)) from error
    if empty:
        raise UsageError(f"{source}: holds no sentence to push")
    if faults:
        raise DataError(_located(source, faults))


def _located(source: Path, faults: Sequence[Fault]) -> list[Fault]:
    """The faults of records of a file, each with its line."""
    wanted = {fault.id for fault in faults}
    lines: dict[str, int] = {}
    for line in read(source) if wanted else ():
        if not line.fault and line.data.get("id") in wanted:
            lines.setdefault(line.data["id"], line.number)
    return [fault._replace(line=lines.get(fault.id, 0)) for fault in faults]


@contextmanager
def _book(ledger: Path, project: Project, *, dry_run: bool) -> Iterator[Ledger]:
    """The ledger; a dry run writes what it learns about the server into a copy."""
    with ExitStack() as stack:
        if dry_run:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="annotate-")))
            ledger = _copied(ledger, folder / "ledger.sqlite3")
        yield stack.enter_context(Ledger.open(ledger, project.id, project.created_at, project.title))


def _copied(ledger: Path, copy: Path) -> Path:
    if ledger.is_file():
        try:
            before = sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)
            after = sqlite3.connect(copy)
            before.backup(after)
            after.close()
            before.close()
        except sqlite3.Error as error:
            raise UsageError(damaged(ledger, error)) from error
    return copy
