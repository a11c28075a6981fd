"""The step `migrate`: another label set in pre-labels, annotations, gold, ledger and configuration at once."""

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from annotate import check
from annotate.errors import DataError, Fault, Unfinished, UsageError
from annotate.jsonl import open_in, open_out
from annotate.labels import LabelSet
from annotate.migrate import journal
from annotate.migrate.config import edited
from annotate.migrate.rules import Migration, read_rules
from annotate.records import Annotation, Gold, Labeled, Prelabeled
from annotate.relabel import Note, retired
from annotate.release.manifest import sha256_of
from annotate.studio.ledger import migrated
from annotate.studio.ledger.files import alone
from annotate.workspace import CONFIG, Workspace

__all__ = ["Example", "FileSummary", "MigrateSummary", "migrate", "undo"]


class Example(NamedTuple):
    """One thing that a migration does."""

    kind: str  # such as "entities: PER → PERSON"
    file: str
    id: str  # of the sentence
    mention: str  # surface text of the entity it is about
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What becomes of one file: its records, how many of them change, and how often what happens."""

    records: int
    changed: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateSummary:
    """What a migration changed, or would change."""

    number: int
    versions: tuple[str, str]  # of the label set, before and after
    labels: Mapping[str, Sequence[str]]  # afterwards: "entities" and "stances"
    files: Mapping[str, FileSummary]  # by name within the workspace
    tasks: Mapping[str, int]  # on the server, by project, that have labels of before
    examples: tuple[Example, ...]
    warnings: tuple[str, ...]
    dry_run: bool
    unchanged: bool  # these rules were followed already


def migrate(root: Path, rules: Path, *, dry_run: bool = False, examples: int = 3) -> MigrateSummary:
    """Change the label set of a workspace: all files get it, or none does.

    A migration that was cut off is ended first. What was there before is kept, for `undo`.

    Args:
        root: the workspace.
        rules: what becomes of which label, by the schema `migration`.
        dry_run: change nothing, say what would be changed.
        examples: how many of each kind of change to show.

    Raises:
        DataError: records are broken, or two stances become one and differ; every fault, and nothing was changed.
        UsageError: the rules are none or do not fit the label set, or a file cannot be read or edited.
        Unfinished: another command holds the workspace's ledger.
    """
    with _held(root):
        here = Workspace.load(root)
        rules_hash = sha256_of(rules) if rules.is_file() else ""
        if (before := journal.last(here.migrations)) and before[1]["rules"] == rules_hash:
            number, about = before
            if tuple(about["versions"])[1] == here.labels.version:
                return _done(number, about["versions"], here.labels)
        migration = read_rules(rules, here.labels)
        work = _Work(here, migration, examples)
        if dry_run:
            with tempfile.TemporaryDirectory(prefix="annotate-") as folder:
                number = len(journal.applied(here.migrations)) + 1
                work.stage(journal.Staged(number, Path(folder)))
                return work.summary(number, dry_run=True)
        with journal.stage(here.migrations) as staged:
            work.stage(staged)
            about = {"versions": migration.change.versions, "rules": rules_hash}
            journal.commit(root, here.migrations, staged, migration.change, about)
        return work.summary(staged.number)


def undo(root: Path) -> int:
    """Put back, byte for byte, what was there before the last migration; returns its number.

    Raises:
        UsageError: there is none, or a file changed since.
        Unfinished: another command holds the workspace's ledger.
    """
    with _held(root, undoing=True) as ended:
        here = Workspace.load(root)
        return ended or journal.put_back(root, here.migrations)


@contextmanager
def _held(root: Path, *, undoing: bool = False) -> Iterator[int | None]:
    """Keep push, pull and other migrations away; end what was cut off, and tell the number if that was an undoing."""
    here = Workspace.load(root)
    here.ledger.parent.mkdir(exist_ok=True)  # the lock lies beside the ledger, whether there is one or not
    with alone(here.ledger):
        was_undone = undoing and any(here.migrations.glob("[0-9]*/undoing"))
        number = journal.finish(root, here.migrations)
        yield number if was_undone else None


@dataclass(slots=True)
class _Tally:
    records: int = 0
    changed: int = 0
    counts: Counter[str] = field(default_factory=Counter)


class _Work:
    """One migration: writes the new files, and counts what becomes of the old."""

    def __init__(self, here: Workspace, migration: Migration, examples: int) -> None:
        self._here, self._wanted = here, examples
        self._change, self._labels = migration.change, migration.labels
        self._tallies: dict[str, _Tally] = {}
        self._tasks: dict[str, int] = {}
        self._examples: dict[str, list[Example]] = {}
        self._warnings: list[str] = []

    def stage(self, staged: journal.Staged) -> None:
        """Write every file as it will be."""
        here, change = self._here, self._change
        text = (here.root / CONFIG).read_bytes().decode("utf-8")
        staged.place(CONFIG).write_bytes(edited(here, text, change, self._labels).encode())
        faults: list[Fault] = []
        kinds: tuple[tuple[Path, type[Labeled]], ...] = (
            (here.prelabeled, Prelabeled),
            (here.annotations, Annotation),
            (here.gold, Gold),
        )
        with open_out(staged.log) as log:
            head = {"migration": staged.number, "action": "migrated", "versions": change.versions}
            log.write(orjson.dumps(head) + b"\n")
            for path, kind in kinds:
                if path.is_file():
                    faults += self._file(staged, path, kind, log)
        if faults:
            raise DataError(faults)
        if here.ledger.is_file():
            name = here.ledger.relative_to(here.root).as_posix()
            # With the lock held, the write-ahead log is empty unless a process was killed; opening it empties it.
            _settle(here.ledger)
            shutil.copyfile(here.ledger, staged.place(name))
            self._tasks = migrated(staged.place(name), change)
        self._warn()

    def summary(self, number: int, *, dry_run: bool = False) -> MigrateSummary:
        """What was counted."""
        return replace(
            _done(number, self._change.versions, self._labels),
            files={name: FileSummary(it.records, it.changed, dict(it.counts)) for name, it in self._tallies.items()},
            tasks=self._tasks,
            examples=tuple(example for shown in self._examples.values() for example in shown),
            warnings=tuple(self._warnings),
            dry_run=dry_run,
            unchanged=False,
        )

    def _file(self, staged: journal.Staged, path: Path, kind: type[Labeled], log: BinaryIO) -> list[Fault]:
        """Write one file anew; lines of which nothing changes stay as they are, to the byte."""
        name = path.relative_to(self._here.root).as_posix()
        if faults := list(check.faults(path, kind, self._here.labels)):
            return faults
        tally = self._tallies[name] = _Tally()
        out = staged.place(name)
        with open_in(path) as lines, open_out(out) as sink:
            for line, raw in enumerate(lines, 1):
                body = raw.removeprefix(b"\xef\xbb\xbf") if line == 1 else raw
                if not body.strip():
                    sink.write(raw)
                    continue
                tally.records += 1
                data = orjson.loads(body)
                new, notes, wrong = self._change.apply(data, gold=kind is Gold)
                faults += [Fault(str(path), line, data["id"], reason, found) for reason, found in wrong]
                if not notes:
                    sink.write(raw)
                    continue
                tally.changed += 1
                sink.write(orjson.dumps(new) + b"\n")
                for note in notes:
                    self._count(tally, name, data, note)
                    log.write(_line(staged.number, name, line, data, note))
        return faults or list(check.faults(out, kind, self._labels))

    def _count(self, tally: _Tally, file: str, data: Mapping[str, object], note: Note) -> None:
        kind = _kind(note)
        tally.counts[kind] += 1
        shown = self._examples.setdefault(kind, [])
        if len(shown) < self._wanted:
            shown.append(Example(kind, file, str(data["id"]), _mention(data, note), note.before, note.after))

    def _warn(self) -> None:
        former = retired([self._change], self._labels.entity_names, self._labels.stance_names)
        for name in (*former.entities, *former.stances):
            if re.search(rf"\b{name}\b", self._here.guideline):
                self._warnings.append(f"guideline.md speaks of {name}, which is no label any more; rewrite it")
        if self._tasks:
            self._warnings.append("annotate push --migrate gives the project the new labels; pull reads either")


def _done(number: int, versions: Sequence[str], labels: LabelSet) -> MigrateSummary:
    """What there is to say of a migration that was there before."""
    return MigrateSummary(
        number=number,
        versions=(versions[0], versions[1]),
        labels={"entities": labels.entity_names, "stances": labels.stance_names},
        files={},
        tasks={},
        examples=(),
        warnings=(),
        dry_run=False,
        unchanged=True,
    )


def _settle(ledger: Path) -> None:
    import sqlite3

    try:
        connection = sqlite3.connect(ledger)
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        connection.close()
    except sqlite3.Error as error:
        raise UsageError(f"{ledger}: {error}") from error
    if busy:
        raise Unfinished(f"{ledger}: another program reads it; the same command goes on when it has ended")


def _line(number: int, file: str, line: int, data: Mapping[str, object], note: Note) -> bytes:
    said = {"migration": number, "file": file, "line": line, "id": data["id"]}
    if "annotation_id" in data:
        said["annotation_id"] = data["annotation_id"]
    return orjson.dumps({**said, **note._asdict()}) + b"\n"


def _kind(note: Note) -> str:
    """What happened, in words that many notes share."""
    many = {"entity": "entities", "stance": "stances", "holder": "holders", "topic": "topic stances"}[note.what]
    if note.action == "relabelled":
        return f"{many}: {_label(note, note.before)} → {_label(note, note.after)}"
    what = f" {_label(note, note.before or note.after)}" if note.what != "holder" else ""
    return f"{many}:{what} {note.action}{f', {note.why}' if note.why else ''}"


def _label(note: Note, told: str | None) -> str:
    """The label in what a note tells: an entity's id, or "FAVOR toward e8-16-ORG"."""
    told = told or ""
    return told.split("-", 2)[2] if note.what == "entity" else told.partition(" ")[0]


_PLACE = re.compile(r"e(\d+)-(\d+)-")


def _mention(data: Mapping[str, object], note: Note) -> str:
    found = _PLACE.search(note.before or note.after or "")
    return str(data["text"])[int(found[1]) : int(found[2])] if found else ""
