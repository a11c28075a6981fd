"""What a format is to `import`: a function that reads sentences, and the words for what it finds."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from annotate.errors import Fault, Reason
from annotate.jsonl import name_of, open_in
from annotate.labels import LabelSet
from annotate.records import Entity, Gold, Resolution, Stance, TopicStance, article_id, sentence_id

__all__ = ["Draft", "Job", "Reader", "draft", "lines", "place", "topic_of"]


class Draft(NamedTuple):
    """A gold record as it was read, not yet checked: the file and 1-based line it stands in, and its JSON object."""

    file: str
    line: int
    data: dict[str, Any]


class Job(NamedTuple):
    """What a reader is given; it counts in `lost` what gold has no place for, by a plural noun."""

    source: Path
    lang: str  # of texts that don't say
    labels: LabelSet
    lost: Counter[str]


Reader = Callable[[Job], Iterator[Draft | Fault]]


def lines(source: Path) -> Iterator[tuple[int, str] | Fault]:
    """Yield the lines of a file with their 1-based numbers, and a fault in place of each that is not UTF-8."""
    with open_in(source) as stream:
        for number, raw in enumerate(stream, 1):
            try:
                yield number, raw.decode().rstrip("\r\n")
            except UnicodeDecodeError:
                yield Fault(name_of(source), number, "", Reason.WRONG_ENCODING, "is not UTF-8")


def place(text: str, lang: str) -> dict[str, Any]:
    """The fields of a sentence that is an article by itself, as far as its file knows."""
    article = article_id(text)
    return {
        "id": sentence_id(article, 0, len(text)),
        "article_id": article,
        "lang": lang,
        "index": 0,
        "start": 0,
        "end": len(text),
    }


def topic_of(job: Job, row: Mapping[str, Any]) -> TopicStance | None:
    """Where a row with `topic` and `topic_stance` says that its sentence stands, where the label set has a topic."""
    if not (label := row.get("topic_stance")):
        return None
    if job.labels.topic is None:
        job.lost["stances toward a topic"] += 1
        return None
    return TopicStance(topic=row["topic"], label=label)


def draft(
    at: tuple[str, int],
    sentence: dict[str, Any],
    entities: Sequence[Entity],
    stances: Sequence[Stance] = (),
    annotators: Sequence[str] = (),
    *,
    topic_stance: TopicStance | None = None,
) -> Draft:
    """Put a record together; `sentence` has the fields of a sentence, `at` is file and line."""
    resolution = Resolution(method="import", annotators=tuple(annotators))
    record = Gold(
        **sentence,
        entities=tuple(entities),
        stances=tuple(stances),
        topic_stance=topic_stance,
        resolution=resolution,
    )
    return Draft(*at, orjson.loads(record.to_json()))
