"""The words of the domain: what stands on one line of each file, as immutable types.

Offsets are Unicode code points, half-open. Sentence offsets count in the article's text, entity and cue offsets
in the sentence's text. `schemas/` says the same as JSON Schema; a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple, Self

import orjson

__all__ = [
    "Annotation",
    "Article",
    "Engine",
    "Entity",
    "Gold",
    "Labeled",
    "Prelabeled",
    "Record",
    "Resolution",
    "Sentence",
    "Span",
    "Stance",
    "TopicStance",
    "article_id",
    "entity_id",
    "sentence_id",
]


class Span(NamedTuple):
    """A half-open stretch of a text, in code points."""

    start: int
    end: int


def article_id(text: str) -> str:
    """The id of an article that came without one: the first 16 hex digits of the SHA-256 of its UTF-8 text."""
    return sha256(text.encode("utf-8")).hexdigest()[:16]


def sentence_id(article: str, start: int, end: int) -> str:
    """The id of the sentence at `start`:`end` (code points) of the article whose id is `article`."""
    return f"{article}:{start}-{end}"


def entity_id(start: int, end: int, label: str) -> str:
    """The id of an entity within its sentence; offsets in code points of the sentence's text."""
    return f"e{start}-{end}-{label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What all records share: they are read from and written as one JSON object."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a record of a decoded JSON object that fits the schema; absent optional fields take their default."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})

    def to_json(self) -> bytes:
        """The record as one line of JSON in UTF-8, without the line break; every field is there, null if unset."""
        return orjson.dumps(self, default=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Record):
    """A news article as it was read; `text` is never altered afterwards."""

    id: str
    text: str
    lang: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    meta: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence(Record):
    """A stretch of an article: `article.text[start:end] == text`, `index` counts from 0 within the article."""

    id: str
    article_id: str
    lang: str
    index: int
    start: int
    end: int
    text: str
    kind: str = "sentence"
    splitter: str | None = None  # version of the splitter that found it


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Record):
    """A named mention at `start`:`end` of the sentence's text; `score` is a probability, `source` says who found it."""

    id: str
    start: int
    end: int
    label: str
    score: float | None = None
    source: str | None = None

    @classmethod
    def at(cls, start: int, end: int, label: str, score: float | None = None, source: str | None = None) -> Self:
        """Make an entity and its id from where it stands."""
        return cls(id=entity_id(start, end, label), start=start, end=end, label=label, score=score, source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance(Record):
    """Who stands where: `holder` is for or against `target` (entity ids), and `cue` says so in the sentence.

    `score` is a probability, `source` says what found it.
    """

    target: str
    label: str
    holder: str | None = None
    score: float | None = None
    cue: Span | None = None
    source: str | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a stance of a decoded JSON object, the cue's [start, end] as a span."""
        cue = data.get("cue")
        return cls(
            target=data["target"],
            label=data["label"],
            holder=data.get("holder"),
            score=data.get("score"),
            cue=None if cue is None else Span(*cue),
            source=data.get("source"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicStance(Record):
    """Where the sentence as a whole stands toward the campaign's topic; `score` is a probability."""

    topic: str
    label: str
    score: float | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine(Record):
    """What made the pre-labels."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution(Record):
    """How a gold record came about, and whose annotations it rests on."""

    method: str
    annotators: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a resolution of a decoded JSON object."""
        return cls(method=data["method"], annotators=tuple(data.get("annotators", ())))


_NO_TOPIC = b',"topic_stance":null'


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeled(Sentence):
    """A sentence with entities and stances: what pre-labels, annotations and gold have in common.

    `topic_stance` is None where nobody was asked, or nobody answered, where the sentence stands toward a topic.
    """

    entities: tuple[Entity, ...] = ()
    stances: tuple[Stance, ...] = ()
    topic_stance: TopicStance | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a labelled sentence of a decoded JSON object that fits the schema, nested records and all."""
        values = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        values["entities"] = tuple(map(Entity.from_dict, data.get("entities", ())))
        values["stances"] = tuple(map(Stance.from_dict, data.get("stances", ())))
        if values.get("topic_stance") is not None:
            values["topic_stance"] = TopicStance.from_dict(values["topic_stance"])
        if values.get("engine") is not None:
            values["engine"] = Engine.from_dict(values["engine"])
        if "resolution" in values:
            values["resolution"] = Resolution.from_dict(values["resolution"])
        return cls(**values)

    def to_json(self) -> bytes:
        """The record as one line of JSON in UTF-8; `topic_stance` is left out where there is none.

        So campaigns without a topic write what they always wrote.
        """
        line = orjson.dumps(self, default=tuple)
        # Within a text every quotation mark has a backslash before it, so this can only be the field.
        return line if self.topic_stance else line.replace(_NO_TOPIC, b"", 1)

    def sentence(self) -> Sentence:
        """The sentence alone, without what was said about it."""
        return Sentence(**{name: getattr(self, name) for name in Sentence.__dataclass_fields__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prelabeled(Labeled):
    """A sentence with what an engine proposes."""

    engine: Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Labeled):
    """A sentence with entities and stances as one person left them in Label Studio."""

    annotator: str
    annotation_id: int
    task_id: int
    created_at: str
    updated_at: str
    lead_time: float | None = None
    outcome: str = "submitted"
    engine: Engine | None = None  # what made the pre-labels that the annotator saw
    reviewer: str | None = None  # who changed it last, if that was somebody else


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold(Labeled):
    """A sentence with the entities and stances that were agreed on."""

    resolution: Resolution
