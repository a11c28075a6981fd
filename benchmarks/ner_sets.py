"""Sets of sentences with their entities, and the engines that the benchmarks of pre-labels compare."""

import hashlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotate.check import records
from annotate.labels import DEFAULT
from annotate.prelabel.crf import CrfEntities
from annotate.prelabel.entity_rules import RulesEntities
from annotate.prelabel.protocol import EntityBackend
from annotate.records import Article, Entity, Gold, Labeled, sentence_id
from annotate.split import sentences
from annotate.train.examples import Example, read_examples

__all__ = ["Set", "corpora", "data_folders", "engines", "read_sets"]

DATASETS = Path(__file__).parent.parent / "datasets"
MARKS = Path(__file__).parent / "marks"  # entities of texts that are not ours: offsets and the text's hash alone
_FREQUENT_FRAME = 5
_TRAIN, _DEV = "train.conll.gz", "dev.conll"


@dataclass(frozen=True, slots=True)
class Set:
    """Articles with gold entities, each a list of sentences in reading order."""

    name: str
    articles: tuple[tuple[Labeled, ...], ...]
    # What the default engine should reach: least F1 by label and `all`, in per cent; most error of calibration; most
    # actions of those from nothing.
    least_f1: Mapping[str, float] = field(default_factory=dict)
    most_error: float = 1.0
    most_work: float = 1.0


def engines() -> dict[str, EntityBackend]:
    """What is compared: the default engine first, then less and less of it, then the rules."""
    return {
        "crf": CrfEntities(DEFAULT),
        "… no article pass": CrfEntities(DEFAULT, article_pass=False),
        "… no rules either": CrfEntities(DEFAULT, article_pass=False, with_rules=False),
        "rules": RulesEntities(DEFAULT),
    }


def data_folders(given: Sequence[Path]) -> list[Path]:
    """The paths given, else those that ANNOTATE_NER_DATA names, separated as in PATH."""
    return list(given) or [Path(path) for path in os.environ.get("ANNOTATE_NER_DATA", "").split(os.pathsep) if path]


def read_sets(given: Sequence[Path]) -> Iterator[Set]:
    """Yield the corpora that ship, then what is given.

    Args:
        given: CoNLL files, gold files, texts whose entities stand in `benchmarks/marks`, or folders. Of a folder the
            development files (`NAME-dev.conll`) are taken without the sentences that stand in a training file there,
            and once more without those whose frame (the text without its names) is frequent.
    """
    for path in sorted(DATASETS.glob("*/*.jsonl")):
        if path.name not in ("articles.jsonl", "train.jsonl"):
            part = "" if path.stem == "gold" else f" {path.stem}"
            name = f"{path.parent.name}{part}"
            yield Set(name, corpora(path)) if part else Set(name, corpora(path), _NEWS, most_work=1 / 3)
    for path in given:
        if path.is_dir():
            yield from _folder(path)
        elif path.suffix == ".txt":
            yield _marked_set(path)
        elif path.suffix == ".jsonl":
            yield Set(path.stem, corpora(path))
        else:
            yield Set(path.name, _alone(read_examples(path)))


def corpora(path: Path) -> tuple[tuple[Labeled, ...], ...]:
    """The articles of a gold file."""
    articles: defaultdict[str, list[Labeled]] = defaultdict(list)
    for gold in records(path, Gold, DEFAULT):
        articles[gold.article_id].append(gold)
    return tuple(map(tuple, articles.values()))


def _folder(folder: Path) -> Iterator[Set]:
    train = {path.name.removesuffix(f"-{_TRAIN}"): read_examples(path) for path in sorted(folder.glob(f"*-{_TRAIN}"))}
    seen = {example.text for part in train.values() for example in part}
    together: list[Example] = []
    for path in sorted(folder.glob(f"*-{_DEV}")):
        dev = read_examples(path)
        unseen = [example for example in dev if example.text not in seen]
        together += unseen
        yield Set(path.stem, _alone(unseen), _WANTED.get(path.stem, {}))
        if rare_wanted := _WANTED.get(f"{path.stem}, rare frames"):
            frames = Counter(map(_frame, [*train.get(path.name.removesuffix(f"-{_DEV}"), []), *dev]))
            rare = [example for example in unseen if frames[_frame(example)] < _FREQUENT_FRAME]
            yield Set(f"{path.stem}, rare frames", _alone(rare), rare_wanted)
    if together:
        yield Set("development data", _alone(together), most_error=0.05)
    for path in sorted(folder.glob("*.txt")):
        if _marks(path):
            yield _marked_set(path)


_NEWS = {"all": 85.0}
_WANTED = {
    "hiner-val-dev": {"all": 92.0, "PER": 87.0, "ORG": 77.0},
    "hiner-val-dev, rare frames": {"all": 85.0},
    "il-dev": {"all": 74.5},
}


def _marked_set(path: Path) -> Set:
    return Set("a marked article", (tuple(_marked(path)),), _NEWS, most_work=1 / 3)


def _alone(examples: Sequence[Example]) -> tuple[tuple[Labeled, ...], ...]:
    """Sentences that belong to no article, each an article of its own."""
    return tuple(
        (
            Labeled(
                id=sentence_id(str(number), 0, len(text)),
                article_id=str(number),
                lang="hi",
                index=0,
                start=0,
                end=len(text),
                text=text,
                entities=entities,
            ),
        )
        for number, (text, entities) in enumerate(examples)
    )


def _frame(example: Example) -> str:
    """The text without its names."""
    kept, at = [], 0
    for entity in example.entities:
        kept.append(example.text[at : entity.start])
        at = entity.end
    return " ".join("\0".join([*kept, example.text[at:]]).split())


def _marks(path: Path) -> list[tuple[int, int, str]]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    file = MARKS / f"{digest[:12]}.json"
    return [tuple(mark) for mark in json.loads(file.read_text("utf-8"))["entities"]] if file.is_file() else []


def _marked(path: Path) -> Iterator[Labeled]:
    """The sentences of a text with the entities that are kept for it."""
    marks = _marks(path)
    if not marks:
        raise SystemExit(f"{path}: benchmarks/marks has no entities of this text")
    for one in sentences(Article(id=path.stem, text=path.read_text("utf-8"), lang="hi")):
        inside = (mark for mark in marks if one.start <= mark[0] and mark[1] <= one.end)
        entities = tuple(Entity.at(start - one.start, end - one.start, label) for start, end, label in inside)
        yield Labeled(
            id=one.id,
            article_id=one.article_id,
            lang=one.lang,
            index=one.index,
            start=one.start,
            end=one.end,
            text=one.text,
            kind=one.kind,
            entities=entities,
        )
