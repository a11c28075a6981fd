"""The command `export`: gold or annotations into a format of another tool."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from annotate import check
from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.jsonl import STDIO, Line, beside, in_batches, name_of, open_out, read, rereadable
from annotate.labels import DEFAULT, LabelSet
from annotate.quality.agreement import newest
from annotate.records import Annotation, Gold
from annotate.release.formats.batch import Batch
from annotate.release.formats.brat import BRAT
from annotate.release.formats.conll2003 import CONLL2003
from annotate.release.formats.conllu import CONLLU
from annotate.release.formats.dataset_folder import HUGGINGFACE
from annotate.release.formats.docbin import SPACY
from annotate.release.formats.parquet import PARQUET
from annotate.release.formats.prodigy import PRODIGY
from annotate.release.formats.spans import SPANS
from annotate.release.formats.studio import STUDIO
from annotate.release.formats.table import CSV
from annotate.release.formats.tags import BIO, BIOES
from annotate.release.formats.writer import Part, Writer, seekable
from annotate.schema import Complaint, kind_of
from annotate.split import languages

__all__ = ["WRITERS", "ExportSummary", "export"]

WRITERS: dict[str, Writer] = {
    "conll2003": CONLL2003,
    "conllu": CONLLU,
    "bio": BIO,
    "bioes": BIOES,
    "csv": CSV,
    "spans": SPANS,
    "brat": BRAT,
    "prodigy": PRODIGY,
    "spacy": SPACY,
    "label-studio": STUDIO,
    "parquet": PARQUET,
    "huggingface": HUGGINGFACE,
}

_BATCH = 250  # sentences; their objects stay in the processor's cache
_POINTS = 100_000  # code points of a batch, at most, but for one long sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSummary:
    """What an export came to; `sentences`, `entities` and `stances` count what was read and offered to the format."""

    format: str
    kind: str  # "gold" or "annotation"
    sentences: int
    entities: int
    stances: int
    left_out: Mapping[str, int]  # what the format has no place for
    not_submitted: int  # annotations that were skipped in Label Studio
    superseded: int  # annotations of which the same person left a newer version


def export(source: Path, out: Path, format: str, *, labels: LabelSet = DEFAULT) -> ExportSummary:
    """Write gold or annotations in a format of another tool.

    Sentences keep the order of the file. Of annotations, the newest version of each annotator counts, if it was
    submitted. A format that cannot name annotators takes each sentence from one of them only.

    Args:
        source: `gold` or `annotation` records, which is seen by the first of them; `-` is stdin.
        out: where the result goes; `-` is stdout. For huggingface, a folder that is not there yet.
        format: a key of `WRITERS`.
        labels: the label set of the campaign.

    Raises:
        DataError: records are broken or hold what the format cannot; nothing was written.
        UsageError: the format is not known, or a file cannot be read or written.
    """
    if format not in WRITERS:
        raise UsageError(f"{format!r} is none of {', '.join(WRITERS)}")
    if WRITERS[format].write_folder and (out == STDIO or out.exists()):
        raise UsageError(f"{format} is a folder, which export makes: name one that is not there yet with -o")
    if STDIO not in (out, source) and out.resolve() == source.resolve():
        raise UsageError(f"{source}: is read and would be written over; name another file for the result")
    with rereadable(source) as file:
        job = _Export(file, name_of(source), WRITERS[format], format, labels)
        if write_folder := WRITERS[format].write_folder:
            with beside(out) as folder:
                write_folder(job.batches(), folder, out.name, labels)
                folder.rename(out)
        else:
            # A file appears when all is well; stdout takes nothing back, so it is given everything at the end.
            with open_out(out) as sink, seekable(sink) if out == STDIO else nullcontext(sink) as whole:
                WRITERS[format].put(job.batches(), whole)
        return job.summary()


class _Export:
    """One export: what is read, what is wrong with it, what was counted."""

    def __init__(self, file: Path, shown: str, writer: Writer, name: str, labels: LabelSet) -> None:
        self._file, self._shown, self._writer, self._name, self._labels = file, shown, writer, name, labels
        first = next((line for line in read(file) if not line.fault), None)
        self._kind: type[Gold] | type[Annotation] = Gold
        if first and kind_of(first.data) is Annotation:
            self._kind = Annotation
        self._counts: Counter[str] = Counter()
        self._lost: Counter[Part] = Counter()
        self._languages = languages()
        self._faults: list[Fault] = []

    def batches(self) -> Iterator[Batch]:
        """Yield what the format can hold.

        Raises:
            DataError: at the end, with every fault in the order of the lines.
        """
        people: dict[str, str] = {}
        for lines in self._lines():
            spoken = [line for line in lines if self._is_spoken(line)] if self._writer.on_tokens else lines
            batch = Batch([line.data for line in spoken], self._kind, self._labels)
            wrong: dict[int, list[Complaint]] = {}
            places = self._writer.suspects(batch)
            for at, sample in zip(places, batch.samples(on_tokens=self._writer.on_tokens, places=places), strict=True):
                wrong[at] = list(self._writer.complaints(sample))
            if self._kind is Annotation and Part.ANNOTATORS in self._writer.lacks:
                for at, record in enumerate(batch.records):
                    who = record["annotator"]
                    if (other := people.setdefault(record["id"], who)) != who:
                        found = (
                            f"{other} and {who} submitted it, and {self._name} cannot name them; annotate resolve helps"
                        )
                        wrong.setdefault(at, []).append(Complaint(Reason.DUPLICATE_ID, found))
            for at, complaints in wrong.items():
                self._blame(spoken[at], complaints)
            if any(wrong.values()):
                batch = batch.without({at for at, complaints in wrong.items() if complaints})
            self._counts["sentences"] += len(batch.records)
            for part in ("entities", "stances"):
                self._counts[part] += sum(len(record[part]) for record in batch.records)
            self._lost.update(self._writer.losses(batch))
            yield batch
        self._judge()

    def _lines(self) -> Iterator[list[Line]]:
        chosen = self._sound() if self._kind is Gold else self._submitted()
        return in_batches(chosen, lambda line: len(line.data["text"]), most=_BATCH, points=_POINTS)

    def summary(self) -> ExportSummary:
        return ExportSummary(
            format=self._name,
            kind="gold" if self._kind is Gold else "annotation",
            sentences=self._counts["sentences"],
            entities=self._counts["entities"],
            stances=self._counts["stances"],
            left_out={part.value: count for part, count in sorted(self._lost.items())},
            not_submitted=self._counts["not submitted"],
            superseded=self._counts["superseded"],
        )

    def _judge(self) -> None:
        if self._faults:
            raise DataError(sorted(self._faults, key=lambda fault: fault.line))

    def _blame(self, line: Line, complaints: Iterable[Complaint]) -> None:
        self._faults += (Fault(self._shown, line.number, line.data["id"], *complaint) for complaint in complaints)

    def _is_spoken(self, line: Line) -> bool:
        """Whether the language of a sentence has tokens; if not, that is a fault."""
        if (lang := line.data["lang"]) in self._languages:
            return True
        self._blame(line, [Complaint(Reason.UNKNOWN_LANGUAGE, f"{lang!r} (known: {', '.join(self._languages)})")])
        return False

    def _sound(self) -> Iterator[Line]:
        for line, wrong in check.checked(self._file, self._kind, self._labels, {}):
            if wrong:
                self._faults += (fault._replace(file=self._shown) for fault in wrong)
            else:
                yield line

    def _submitted(self) -> Iterator[Line]:
        """The lines of the newest version of each annotator, if it was submitted."""
        # Texts and labels are not needed to choose, and there may be many.
        numbers: dict[tuple[str, int], int] = {}
        slim: list[Annotation] = []
        for line in self._sound():
            record = Annotation.from_dict(line.data)
            numbers[record.id, record.annotation_id] = line.number
            slim.append(replace(record, text="", entities=(), stances=()))
        self._judge()  # which version is the newest is not known while some cannot be read
        last = newest(slim)
        chosen = [record for record in last if record.outcome == "submitted"]
        self._counts["not submitted"] = len(last) - len(chosen)
        self._counts["superseded"] = len(slim) - len(last)
        wanted = {numbers[record.id, record.annotation_id] for record in chosen}
        yield from (line for line in read(self._file) if line.number in wanted)
