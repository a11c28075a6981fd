"""The command `import`: files of other tools into gold, every record checked."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from annotate import check
from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.jsonl import STDIO, open_out
from annotate.labels import DEFAULT, LabelSet
from annotate.records import Gold
from annotate.release.formats.read_brat import read_brat
from annotate.release.formats.read_conll import read_conll
from annotate.release.formats.read_conllu import read_conllu
from annotate.release.formats.read_dataset import read_dataset
from annotate.release.formats.read_docbin import read_docbin
from annotate.release.formats.read_prodigy import read_prodigy
from annotate.release.formats.read_studio import read_studio
from annotate.release.formats.reader import Draft, Job, Reader
from annotate.schema import Schema
from annotate.split import languages

__all__ = ["READERS", "ImportSummary", "import_gold"]

READERS: dict[str, Reader] = {
    "brat": read_brat,
    "prodigy": read_prodigy,
    "conll": read_conll,
    "conllu": read_conllu,
    "label-studio": read_studio,
    "spacy": read_docbin,
    "huggingface": read_dataset,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What an import came to."""

    format: str
    sentences: int
    entities: int
    stances: int
    left_out: Mapping[str, int]  # what the file had and gold has no place for


def import_gold(source: Path, out: Path, format: str, *, lang: str = "hi", labels: LabelSet = DEFAULT) -> ImportSummary:
    """Read a file of another tool and write it as gold.

    Args:
        source: the file; for brat a folder or an archive of it, for huggingface a folder.
        out: where gold goes; `-` is stdout.
        format: a key of `READERS`.
        lang: the language of texts whose file does not say.
        labels: the label set of the campaign.

    Raises:
        DataError: something cannot be read or would break the contract; every fault is listed, nothing was written.
        UsageError: the format or the language is not known, or a file cannot be read or written.
    """
    if format not in READERS:
        raise UsageError(f"{format!r} is none of {', '.join(READERS)}")
    if lang not in languages():
        raise UsageError(f"lang {lang!r}: no language there are rules for (known: {', '.join(languages())})")
    if STDIO not in (out, source) and out.resolve() == source.resolve():
        raise UsageError(f"{source}: is read and would be written over; name another file for the result")
    lost: Counter[str] = Counter()
    found: list[Gold] = []
    faults: list[Fault] = []
    for item in _checked(READERS[format](Job(source, lang, labels, lost)), labels):
        if isinstance(item, Fault):
            faults.append(item)
        else:
            found.append(item)
    if faults:
        raise DataError(faults)
    with open_out(out) as sink:
        for record in found:
            sink.write(record.to_json() + b"\n")
    return ImportSummary(
        format=format,
        sentences=len(found),
        entities=sum(len(record.entities) for record in found),
        stances=sum(len(record.stances) for record in found),
        left_out={what: count for what, count in sorted(lost.items()) if count},
    )


def _checked(items: Iterator[Draft | Fault], labels: LabelSet) -> Iterator[Gold | Fault]:
    schema = Schema(Gold, labels)
    seen: set[str] = set()
    for item in items:
        if isinstance(item, Fault):
            yield item
            continue
        file, line, data = item
        name = str(data["id"])
        wrong = list(schema.complaints(data)) or list(check.complaints(data, Gold, {}))
        for reason, found in wrong:
            yield Fault(file, line, name, reason, found)
        if name in seen:
            yield Fault(file, line, name, Reason.DUPLICATE_ID, "stands twice")
        elif not wrong:
            yield Gold.from_dict(data)
        seen.add(name)
