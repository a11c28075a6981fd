"""The step `prelabel`: a file of sentences in, the same with proposed entities and stances out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from annotate.check import records
from annotate.errors import UsageError
from annotate.jsonl import STDIO, open_out
from annotate.labels import DEFAULT, LabelSet
from annotate.parallel import in_order
from annotate.prelabel import prelabel
from annotate.prelabel.given import with_entities_of
from annotate.records import Engine, Sentence

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
        jobs: how many processes do it; the result does not depend on it.
        on_progress: called now and then with the number of sentences done so far.

    Raises:
        DataError: with every fault of the source, or with every sentence that `entities_from` does not have; no file
            has then appeared or changed.
        UsageError: a file that cannot be read or written, an unknown backend.
        Unfinished: a process of `jobs` was killed.
    """
    started = perf_counter()
    if STDIO not in (out, source) and out.resolve() == source.resolve():
        raise UsageError(f"{source}: is read and would be written over; name another file for the result")
    work = partial(_prelabel, backend="given" if entities_from else backend, stance=stance, labels=labels)
    work(())  # what is wrong with the options is said here, not by a process that was handed work
    sentences = 0
    entities, stances = Counter[str](), Counter[str]()
    engine: Engine | None = None
    read: Iterator[Sentence] = records(source, Sentence, labels)
    if entities_from:
        read = with_entities_of(entities_from, read, source, labels)
    with open_out(out) as stream:
        for part in in_order(work, _chunks(read), jobs):
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


class _Part(NamedTuple):
    """What was proposed for a few articles: the lines, and what is in them."""

    sentences: int
    lines: bytes
    entities: Counter[str]
    stances: Counter[str]
    engine: Engine | None


def _chunks(sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    chunk: list[Sentence] = []
    for _, article in groupby(sentences, key=attrgetter("article_id")):
        chunk += article
        if len(chunk) >= _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _prelabel(chunk: Sequence[Sentence], backend: str, stance: str, labels: LabelSet) -> _Part:
    lines: list[bytes] = []
    entities: Counter[str] = Counter()
    stances: Counter[str] = Counter()
    engine: Engine | None = None
    for sentence in prelabel(chunk, backend=backend, stance=stance, labels=labels):
        lines.append(sentence.to_json() + b"\n")
        entities.update(entity.label for entity in sentence.entities)
        stances.update(found.label for found in sentence.stances)
        engine = sentence.engine
    return _Part(len(lines), b"".join(lines), entities, stances, engine)
