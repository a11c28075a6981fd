"""What a release says about itself: where it came from, what it holds, and the hashes that prove it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import orjson

from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.labels import EntityLabel, LabelSet, StanceLabel, Topic
from annotate.release.census import SplitCounts, SplitReport
from annotate.release.features import configs
from annotate.release.spool import Table, content_of

__all__ = [
    "MANIFEST",
    "Annotated",
    "Credit",
    "Input",
    "Manifest",
    "Origins",
    "Prelabels",
    "TopicAnnotated",
    "sha256_of",
]

MANIFEST = "manifest.json"
_FORMAT = 1
_EXTRA = ("credit", "origins", "prelabels", "absent")  # fields that are written only where there is something in them


@dataclass(frozen=True, slots=True)
class Input:
    """A file that the release was made of."""

    role: str  # "gold", "articles", "annotations" …, or "earlier" for the manifest of the release before
    file: str  # its name, without the folder
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What only its makers can say of a dataset; what is left out is not stated."""

    authors: tuple[str, ...] = ()  # people or institutions, as they want to be cited
    citation: str = ""  # BibTeX in the place of what is made of name, version and authors
    annotations_creators: tuple[str, ...] = ()  # in the words of the Hugging Face Hub
    description: str = ""  # Markdown: where the texts are from, whom the data is for
    limits: tuple[str, ...] = ()  # Markdown, one a line: what who uses the data must know


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicAnnotated:
    """How it was annotated where whole sentences stand toward the topic."""

    answers: int  # submitted annotations that say so
    compared: int  # pairs of them, by two people of one sentence
    same: int  # of these pairs
    kappa: float | None  # mean over pairs of people, weighed by what they both answered
    corrections: Mapping[str, int]  # proposed, final, kept, retyped …; empty when pre-labels were not given


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """How gold was annotated: by how many, how far they agree, and what they made of the pre-labels."""

    people: int  # their names stay in the annotations
    submitted: int  # annotations; of each person the newest of a sentence
    skipped: int
    overlap: Mapping[str, int]  # sentences by how many people submitted them
    differing: int  # sentences that people left differently
    entity_f1: float | None  # mean over pairs of people, weighed by the sentences they share
    stance_kappa: float | None  # the same, weighed by the entities they share
    engines: Mapping[str, int]  # pre-label engine and version -> annotations
    corrections: Mapping[str, Mapping[str, int]]  # "all" and each label -> proposed, final, kept, retyped, …
    topic: TopicAnnotated | None = None  # None where nobody said where a sentence stands toward a topic


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the articles of a release come from, as far as they say it."""

    sources: Mapping[str, int]  # articles by source
    first: str | None  # the day of the oldest, in ISO 8601
    last: str | None


@dataclass(frozen=True, slots=True)
class Prelabels:
    """What became of pre-labels in gold, where the annotations between them were not given."""

    engines: Mapping[str, int]  # engine and version -> sentences of gold
    corrections: Mapping[str, Mapping[str, int]]  # as in Annotated
    topic: Mapping[str, int] = field(default_factory=dict)  # the same of stances toward the topic; empty without any


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything that `manifest.json` holds, but the hashes of the files beside it, which `seal` adds.

    There is no time of making in it: the same input gives the same bytes.
    """

    name: str
    version: str
    license: str
    labels: LabelSet
    inputs: tuple[Input, ...]
    tools: Mapping[str, str]  # name -> version
    split_by: str  # article, source or date
    split_rule: Mapping[str, str]  # by source: source -> split; by date: split -> its first day
    seed: str
    fractions: tuple[float, ...]
    languages: Mapping[str, int]  # sentences
    methods: Mapping[str, int]  # sentences by how they were resolved
    annotators: int  # people; their names stay in gold
    annotated: Annotated | None  # None when the annotations were not given
    snapped: int  # entities that were widened to token borders
    allowed: tuple[str, ...]  # checks that were waived
    counts: Mapping[str, SplitCounts]
    report: SplitReport
    tables: tuple[Table, ...]
    articles: Mapping[str, str]  # id -> split
    left_out: Mapping[str, str]  # id -> why
    files: Mapping[str, str]  # path in the release -> SHA-256
    credit: Credit = Credit()
    origins: Origins | None = None  # None when no article says where or when it was published
    prelabels: Prelabels | None = None  # None when they were not given, or annotations were
    absent: Mapping[str, str] = field(default_factory=dict)  # articles of earlier releases -> where they come back to

    @property
    def homes(self) -> dict[str, str]:
        """The split of every article that this release or one before it has placed, by id."""
        return {**self.absent, **self.articles}

    @property
    def content(self) -> str:
        """A SHA-256 of what a reader gets: names, labels, columns, rows. Tool versions and file layout don't count."""
        contents = [self.config_content(config) for config in configs(self.labels)]
        what = [self.name, self.version, self.license, _labels(self.labels), contents]
        return sha256(orjson.dumps(what)).hexdigest()

    def unlike(self, standing: "Manifest") -> tuple[str, ...]:
        """The files that a standing release of the same content has otherwise, such as a card with other authors."""
        names = sorted({*self.files, *standing.files})
        found = [name for name in names if self.files.get(name) != standing.files.get(name)]
        return tuple(found) if self == standing else (*found, MANIFEST)

    @property
    def configs(self) -> list[str]:
        """Configs that have rows, in order."""
        return [config for config in configs(self.labels) if any(table.config == config for table in self.tables)]

    def of_config(self, config: str) -> list[Table]:
        """The tables of a config, by split."""
        return [table for table in self.tables if table.config == config]

    def config_content(self, config: str) -> str:
        """A SHA-256 of the columns and rows of a config, over all its splits."""
        return content_of(config, self.labels, self.tables)

    def to_json(self) -> bytes:
        """Write the manifest as indented JSON."""
        extra = {name for name in _EXTRA if getattr(self, name) in (None, {}, Credit())}
        data = {
            "format": _FORMAT,
            **{name: value for name, value in asdict(self).items() if name != "labels" and name not in extra},
            "labels": _labels(self.labels),
            "content": self.content,
        }
        # A release without a topic is to the byte what it was before there were topics.
        for told in (*data["counts"].values(), data["annotated"] or {}, data.get("prelabels") or {}):
            for name in ("topics", "topic"):
                if not told.get(name):
                    told.pop(name, None)
        return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def read(cls, release: Path) -> Self:
        """Read the manifest of a release folder.

        Raises:
            UsageError: the folder holds none.
            DataError: it is not one that this version can read.
        """
        path = release / MANIFEST
        try:
            data = orjson.loads(path.read_bytes())
            return cls._of(data)
        except OSError as error:
            raise UsageError(f"{release}: no release of annotate-kit ({MANIFEST}: {error.strerror})") from error
        except (ValueError, KeyError, TypeError) as error:
            found = f"no manifest of format {_FORMAT}: {type(error).__name__}: {error}"
            raise DataError([Fault(str(path), 0, "", Reason.UNREADABLE, found)]) from error

    @classmethod
    def _of(cls, data: dict[str, Any]) -> Self:
        if data.pop("format") != _FORMAT:
            raise ValueError("another format")
        del data["content"]
        labels = data["labels"]
        data["labels"] = LabelSet(
            version=labels["version"],
            entities=tuple(EntityLabel(**label) for label in labels["entities"]),
            stances=tuple(StanceLabel(**label) for label in labels["stances"]),
            topic=Topic(**labels["topic"]) if "topic" in labels else None,
        )
        if credit := data.pop("credit", None):
            said: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in credit.items()}
            data["credit"] = Credit(**said)
        if origins := data.pop("origins", None):
            data["origins"] = Origins(**origins)
        if prelabels := data.pop("prelabels", None):
            data["prelabels"] = Prelabels(**prelabels)
        if done := data["annotated"]:
            topic = TopicAnnotated(**done.pop("topic")) if "topic" in done else None
            data["annotated"] = Annotated(**done, topic=topic)
        data["inputs"] = tuple(Input(**item) for item in data["inputs"])
        data["tables"] = tuple(Table(**item) for item in data["tables"])
        data["counts"] = {split: SplitCounts(**item) for split, item in data["counts"].items()}
        data["report"] = SplitReport(**data["report"])
        data["fractions"] = tuple(data["fractions"])
        data["allowed"] = tuple(data["allowed"])
        return cls(**data)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    found = sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


def _labels(labels: LabelSet) -> dict[str, Any]:
    """A label set as the data needs it; colours and hotkeys are Label Studio's business."""
    return {
        "version": labels.version,
        "entities": [{"name": e.name, "title": e.title, "help": e.help, "stance": e.stance} for e in labels.entities],
        "stances": [{"name": s.name, "title": s.title, "help": s.help} for s in labels.stances],
        **({"topic": asdict(labels.topic)} if labels.topic else {}),
    }
