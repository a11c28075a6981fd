"""The step `prelabel`: a file of sentences in, the same with proposed entities and stances out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from annotate.check import records
from annotate.errors import BackendError, Unfinished, UsageError
from annotate.jsonl import STDIO, open_out
from annotate.labels import DEFAULT, LabelSet
from annotate.parallel import in_order
from annotate.prelabel import prelabel
from annotate.prelabel.given import with_entities_of
from annotate.prelabel.kept import Kept, keeping
from annotate.records import Engine, Sentence
from annotate.relabel import Change

__all__ = ["PrelabelSummary", "prelabel_file"]

_CHUNK = 200  # sentences handed on together, in whole articles


@dataclass(frozen=True, slots=True, kw_only=True)
class PrelabelSummary:
    """What a run of `prelabel` did; `engine` is None when there was no sentence."""

    sentences: int
    entities: Mapping[str, int]  # by label
    stances: Mapping[str, int]  # by label
    engine: Engine | None
    seconds: float


def prelabel_file(
    source: Path,
    out: Path,
    *,
    backend: str = "crf",
    stance: str = "classifier",
    entities_from: Path | None = None,
    labels: LabelSet = DEFAULT,
    thresholds: Mapping[str, float] | None = None,
    changes: Sequence[Change] = (),
    jobs: int = 1,
    on_progress: Callable[[int], None] | None = None,
) -> PrelabelSummary:
    """Propose entities and stances for each sentence of a file, in the file's order.

    Args:
        source: `sentence` records, those of one article together; `-` is stdin.
        out: where the `prelabeled` records go; `-` is stdout.
        backend: what finds the entities.
        stance: what finds the stances.
        entities_from: `gold` or `prelabeled` records of the same sentences; their entities are taken instead of looked
            for, so that stances can be judged by themselves. `backend` is then of no use.
        labels: the labels of the campaign.
        thresholds: the least score of the entities that are kept, by label.
        changes: migrations of the label set, oldest first; what an engine says by labels of before is brought up.
        jobs: how many processes do it; the result does not depend on it.
        on_progress: called now and then with the number of sentences done so far.

    Raises:
        DataError: with every fault of the source, or with every sentence that `entities_from` does not have; no file
            has then appeared or changed.
        UsageError: a file that cannot be read or written, an unknown backend.
        BackendError: a service failed before anything was done.
        Unfinished: a process of `jobs` was killed; or a service failed part-way, and what it had done is kept beside
            `out` for the next run.
    """
    started = perf_counter()
    if STDIO not in (out, source) and out.resolve() == source.resolve():
        raise UsageError(f"{source}: is read and would be written over; name another file for the result")
    thresholds = dict(thresholds or {})
    backend = "given" if entities_from else backend
    asked = _Asked(backend, stance, labels, thresholds, tuple(changes))
    work = partial(_prelabel, asked=asked)
    work(())  # what is wrong with the options is said here, not by a process that was handed work
    sentences = 0
    entities, stances = Counter[str](), Counter[str]()
    engine: Engine | None = None
    read: Iterator[Sentence] = records(source, Sentence, labels)
    if entities_from:
        read = with_entities_of(entities_from, read, source, labels)
    asks_service = any(name.startswith("http:") for name in (backend, stance))
    settings = {"backend": backend, "stance": stance, "labels": _told(labels), "thresholds": thresholds}
    settings |= {"changes": [change.digest for change in changes]} if changes else {}
    with keeping(out, settings) if asks_service else nullcontext() as kept, open_out(out) as stream:
        for part in _parts(work, _chunks(read), jobs, kept):
            stream.write(part.lines)
            entities.update(part.entities)
            stances.update(part.stances)
            sentences += part.sentences
            engine = engine or part.engine
            if on_progress is not None:
                on_progress(sentences)
    return PrelabelSummary(
        sentences=sentences,
        entities={name: entities[name] for name in labels.entity_names},
        stances={name: stances[name] for name in labels.stance_names},
        engine=engine,
        seconds=perf_counter() - started,
    )


class _Asked(NamedTuple):
    """What is asked of the engines."""

    backend: str
    stance: str
    labels: LabelSet
    thresholds: Mapping[str, float]
    changes: tuple[Change, ...]


def _told(labels: LabelSet) -> dict[str, Any]:
    """The label set as a setting; one without a topic is what it was before there were topics."""
    return {name: value for name, value in asdict(labels).items() if name != "topic" or value}


class _Part(NamedTuple):
    """What was proposed for a few articles: the lines, and what is in them."""

    sentences: int
    lines: bytes
    entities: Counter[str]
    stances: Counter[str]
    engine: Engine | None

    def to_dict(self) -> dict[str, Any]:
        """Ready to be written as JSON."""
        return {
            "sentences": self.sentences,
            "lines": self.lines.decode(),
            "entities": dict(self.entities),
            "stances": dict(self.stances),
            "engine": asdict(self.engine) if self.engine else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "_Part":
        """Read what `to_dict` gave."""
        engine = Engine.from_dict(data["engine"]) if data["engine"] else None
        return cls(
            data["sentences"], data["lines"].encode(), Counter(data["entities"]), Counter(data["stances"]), engine
        )


def _parts(
    work: Callable[[Sequence[Sentence]], _Part], chunks: Iterable[list[Sentence]], jobs: int, kept: Kept | None
) -> Iterator[_Part]:
    """What each chunk comes to, in order; with `kept`, those that are done are not done again."""
    if kept is None:
        yield from in_order(work, chunks, jobs)
        return
    # One at a time: a service is asked, and has its own ways to be quick.
    for chunk in chunks:
        key = kept.key(chunk)
        done = kept.get(key)
        if done is None:
            try:
                part = work(chunk)
            except BackendError as error:
                if not len(kept):
                    raise
                raise Unfinished(f"{error}; what was done is kept, the same command goes on") from error
            kept.put(key, part.to_dict())
        else:
            part = _Part.from_dict(done)
        yield part


def _chunks(sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    chunk: list[Sentence] = []
    for _, article in groupby(sentences, key=attrgetter("article_id")):
        chunk += article
        if len(chunk) >= _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _prelabel(chunk: Sequence[Sentence], asked: "_Asked") -> _Part:
    lines: list[bytes] = []
    entities: Counter[str] = Counter()
    stances: Counter[str] = Counter()
    engine: Engine | None = None
    for sentence in prelabel(chunk, asked.backend, asked.stance, asked.labels, asked.thresholds, changes=asked.changes):
        lines.append(sentence.to_json() + b"\n")
        entities.update(entity.label for entity in sentence.entities)
        stances.update(found.label for found in sentence.stances)
        engine = sentence.engine
    return _Part(len(lines), b"".join(lines), entities, stances, engine)
