"""Labelled sentences from CoNLL files, our own files of records and releases, brought to text and offsets."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from annotate.check import records
from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.labels import DEFAULT, LabelSet
from annotate.prelabel.lexicon import Trait, lexicon
from annotate.prelabel.words import words_of
from annotate.records import Entity, Gold

__all__ = ["Example", "conll", "fold_of", "hash_of", "ours", "read_examples"]

# Marks that a tokenizer left on a name belong to the sentence, not to the name.
_EDGES = " \t।॥,;:.!?'\"‘’“”«»()[]{}<>-–—…|*_/\u200b\u200c\u200d\u200e\u200f\ufeff"


class Example(NamedTuple):
    """A sentence as it is trained on; entities are sorted and disjoint, in code points of the text."""

    text: str
    entities: tuple[Entity, ...]


def read_examples(path: Path, labels: LabelSet = DEFAULT) -> list[Example]:
    """Read the labelled sentences of a file or a release.

    Args:
        path: a CoNLL file (`.conll`, `.conll.gz`: a token, a tab, a BIO tag; an empty line after each sentence), a
            `gold` file (`.jsonl`), or the folder of a release, of which the training part is taken.
        labels: the labels that count; others of a CoNLL file are left out.

    Raises:
        DataError: a line is broken; every such line is one fault.
        UsageError: there is no such file, or it is of another kind.
    """
    if path.is_dir():
        return list(_release(path, labels))
    name = path.name.removesuffix(".gz")
    if name.endswith(".conll"):
        return list(conll(path, labels))
    if name.endswith(".jsonl") and path.suffix == ".jsonl":
        return [Example(gold.text, gold.entities) for gold in records(path, Gold, labels)]
    raise UsageError(f"{path}: not a .conll, .conll.gz or .jsonl file, nor the folder of a release")


def conll(path: Path, labels: LabelSet = DEFAULT) -> Iterator[Example]:
    """Yield the sentences of a CoNLL file as text; the tokens stand one space apart.

    Raises:
        DataError: at the end of the file, with every line that is no token and tag.
        UsageError: the file cannot be read.
    """
    faults: list[Fault] = []
    tokens: list[tuple[str, str]] = []
    for number, line in enumerate((*_lines(path), ""), 1):
        token, tab, tag = line.partition("\t")
        if not line.strip():
            if tokens:
                yield _example(tokens, frozenset(labels.entity_names))
            tokens = []
        elif not tab or not token or not (tag == "O" or tag[:2] in ("B-", "I-")):
            faults.append(Fault(str(path), number, "", Reason.SCHEMA, f"{line[:40]!r} is no token, tab and BIO tag"))
        else:
            tokens.append((token, tag))
    if faults:
        raise DataError(faults)


def ours(example: Example) -> Example:
    """The example by our own definition of an entity, where that can be told.

    An abbreviation in brackets behind a name becomes an entity of its own, an adjective of a people or religion is
    none, and titles and honorifics stay outside people's names.
    """
    parts = (part for entity in example.entities for part in _apart(example.text, entity))
    return Example(example.text, tuple(kept for part in parts if (kept := _by_words(example.text, part))))


def fold_of(text: str, folds: int, seed: int) -> int:
    """Which fold a sentence belongs to; equal texts share one, and it is the same on every machine."""
    return zlib.crc32(f"{seed}:{' '.join(text.split())}".encode()) % folds


def _example(tokens: Iterable[tuple[str, str]], names: frozenset[str]) -> Example:
    text = ""
    spans: list[tuple[int, int, str]] = []
    inside = ""
    for token, tag in tokens:
        start = len(text) + bool(text)
        text = f"{text} {token}" if text else token
        label = tag[2:]
        if tag[0] == "I" and label == inside:
            spans[-1] = (spans[-1][0], len(text), label)
        elif tag != "O":
            spans.append((start, len(text), label))
        inside = label
    found = (_trimmed(text, *span) for span in spans if span[2] in names)
    return Example(text, tuple(entity for entity in found if entity))


def _trimmed(text: str, start: int, end: int, label: str) -> Entity | None:
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES and not _closes(text, start, end):
        end -= 1
    return Entity.at(start, end, label) if start < end else None


def _closes(text: str, start: int, end: int) -> bool:
    """Tell whether the last character belongs to the name: the bracket of जद (यू)."""
    return text[end - 1] == ")" and text.count("(", start, end) == text.count(")", start, end)


def _apart(text: str, entity: Entity) -> Iterator[Entity]:
    opened = text.find("(", entity.start, entity.end)
    inside = text[opened + 1 : entity.end].removesuffix(")")
    spaced = opened > entity.start and text[entity.end - 1] == ")" and inside.strip()
    # जद (यू) and its like are one name; an abbreviation stands for the whole name before it.
    if not spaced or len(words_of(text[entity.start : opened]).fold) < 2 or "(" in inside or ")" in inside:
        yield entity
        return
    for start, end in ((entity.start, opened), (opened + 1, entity.end)):
        if part := _trimmed(text, start, end, entity.label):
            yield part


def _by_words(text: str, entity: Entity) -> Entity | None:
    words = words_of(text[entity.start : entity.end])
    traits = lexicon().traits(words.fold)
    if not traits or (len(traits) == 1 and traits[0] & Trait.DEMONYM and entity.label != "LOC"):
        return None
    first, last = 0, len(traits) - 1
    if entity.label == "PER":
        while first < last and traits[first] & Trait.TITLE and not traits[first] & Trait.NAME:
            first += 1
        while first < last and traits[last] & Trait.HONORIFIC:
            last -= 1
    start = entity.start + words.start[first] if first else entity.start
    end = entity.start + words.end[last] if last < len(traits) - 1 else entity.end
    return Entity.at(start, end, entity.label)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file of training data; of a release, that of the training part."""
    return sha256((path / "spans" / "train.parquet" if path.is_dir() else path).read_bytes()).hexdigest()


def _lines(path: Path) -> list[str]:
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8").split("\n")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DataError([Fault(str(path), 0, "", Reason.WRONG_ENCODING, str(error))]) from error


def _release(folder: Path, labels: LabelSet) -> Iterator[Example]:
    import pyarrow.parquet as pq

    files = sorted(folder.glob("spans/train.parquet"))
    if not files:
        raise UsageError(f"{folder}: no spans/train.parquet, so this is no release")
    names = frozenset(labels.entity_names)
    for file in files:
        for row in pq.read_table(file, columns=["text", "entities"]).to_pylist():
            found = (Entity.at(e["start"], e["end"], e["label"]) for e in row["entities"] if e["label"] in names)
            yield Example(row["text"], tuple(found))
