"""What a format is to `export`: a function that writes sentences, and what it has no place for."""

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shutil import copyfileobj
from types import MappingProxyType
from typing import BinaryIO

from annotate.errors import Reason, UsageError
from annotate.labels import NEUTRAL, LabelSet
from annotate.records import Annotation, Labeled
from annotate.release.bio import clashes, off_border, tokens_of
from annotate.release.formats.batch import Batch, Sample
from annotate.schema import Complaint
from annotate.spans import text_of

__all__ = ["Batch", "Part", "Sample", "Writer", "annotator_of", "seekable"]


class Part(StrEnum):
    """What a format may have no place for; what is lost that way is counted."""

    STANCES = "stances"  # with their holders and cues
    CUES = "cues"
    NEUTRAL = "neutral stances"  # with their holders; an entity without a stance is NEUTRAL
    TOPIC = "topic stances"  # where whole sentences stand
    ENTITYLESS = "sentences without entities"
    TOKENLESS = "sentences without tokens"
    ANNOTATORS = "annotators"  # counted are the sentences that have one


def _nothing(_: Labeled) -> Iterable[Complaint]:
    return ()


def _no_stream(_: Iterable[Sample], __: BinaryIO) -> None:
    raise UsageError("this format is a folder, and no stream can take it; name one")


@dataclass(frozen=True, slots=True)
class Writer:
    """A format: how it is written, and what it cannot hold.

    Attributes:
        write: writes sentences as they come, in UTF-8.
        write_batches: writes sentences some hundreds at once; a format that has it has no `write`.
        write_folder: of a format that is a folder, writes such batches into an empty one that will have this name; it
            has no `write`.
        lacks: what the format has no place for, left out and counted.
        on_tokens: entities are runs of whole tokens, and no two share one; others are faults.
        in_columns: white space parts columns, so that it cannot stand inside a token.
        refuses: yields what else of a sentence the format would garble.
    """

    write: Callable[[Iterable[Sample], BinaryIO], None] = _no_stream
    write_batches: Callable[[Iterable[Batch], BinaryIO], None] | None = None
    write_folder: Callable[[Iterable[Batch], Path, str, LabelSet], None] | None = None
    lacks: frozenset[Part] = frozenset()
    on_tokens: bool = False
    in_columns: bool = False
    refuses: Callable[[Labeled], Iterable[Complaint]] = _nothing

    def put(self, batches: Iterable[Batch], out: BinaryIO) -> None:
        """Write sentences into a file, whichever way the format takes them."""
        if self.write_batches:
            self.write_batches(batches, out)
        else:
            self.write((it for batch in batches for it in batch.samples(on_tokens=self.on_tokens)), out)

    def complaints(self, sample: Sample) -> Iterator[Complaint]:
        """Yield everything about a sound sentence that the format cannot hold and must not leave out."""
        yield from self.refuses(sample.record)
        if not self.on_tokens:
            return
        text, entities = sample.record.text, sample.record.entities
        for first, second in clashes(sample.tokens, entities):
            yield Complaint(Reason.OVERLAP, f"{first.id} and {second.id} share a token, which tags cannot hold")
        for entity, whole in off_border(sample.tokens, entities):
            instead = f"is not on token borders: {text_of(text, whole)!r} is" if whole else "covers no token"
            yield Complaint(Reason.OFF_TOKEN_BORDER, f"{entity.id} {text_of(text, entity)!r} {instead}")
        if self.in_columns:
            for token in tokens_of(text, sample.tokens):
                if token.split() != [token]:
                    yield Complaint(Reason.WRONG_TEXT, f"token {token!r} has white space, which parts columns")

    def suspects(self, batch: Batch) -> Collection[int]:
        """The places of all records in a batch about which there may be complaints."""
        if self.refuses is not _nothing:
            return range(len(batch.records))
        found = {*(batch.untaggable() if self.on_tokens else ()), *(batch.spaced() if self.in_columns else ())}
        return sorted(found)

    def losses(self, batch: Batch) -> dict[Part, int]:
        """Count what of a batch the format has no place for."""
        return {part: count for part in self.lacks if (count := _HAS[part](batch))}


def annotator_of(record: Labeled) -> str | None:
    """Who annotated the sentence; None for gold."""
    return record.annotator if isinstance(record, Annotation) else None


# How often the sentences of a batch have what a format may lack.
_HAS: Mapping[Part, Callable[[Batch], int]] = MappingProxyType(
    {
        Part.STANCES: lambda batch: sum(len(it["stances"]) for it in batch.records),
        Part.CUES: lambda batch: sum(said.get("cue") is not None for it in batch.records for said in it["stances"]),
        Part.NEUTRAL: lambda batch: sum(said["label"] == NEUTRAL for it in batch.records for said in it["stances"]),
        Part.TOPIC: lambda batch: sum(it.get("topic_stance") is not None for it in batch.records),
        Part.ENTITYLESS: lambda batch: sum(not it["entities"] for it in batch.records),
        Part.TOKENLESS: lambda batch: int((batch.tokens.offsets[1:] == batch.tokens.offsets[:-1]).sum()),
        Part.ANNOTATORS: lambda batch: len(batch.records) if batch.kind is Annotation else 0,
    }
)


@contextmanager
def seekable(out: BinaryIO) -> Iterator[BinaryIO]:
    """A file for formats that count or revisit their bytes, which stdout cannot; it is copied to `out` at the end."""
    with tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        copyfileobj(file, out)
