"""brat standoff as a ZIP archive: `.txt` and `.ann` per article, `annotation.conf`, and what the texts are made of.

The text of an article is its sentences, a line break after each. Entities are text-bound annotations; a stance with a
holder is a relation from holder to target, named as the stance; one without is the attribute `Stance` of its target.
`sentences.jsonl`, which brat passes over, says where each sentence stands and what it is, so that it can be read back.
Source: https://brat.nlplab.org/standoff.html.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson

from annotate.records import Entity, Labeled
from annotate.release.formats.writer import Part, Sample, Writer, seekable

__all__ = ["BRAT", "SENTENCES", "STANCE", "write"]

SENTENCES = "sentences.jsonl"  # what the texts are made of
STANCE = "Stance"  # the attribute
_INNER_BREAK = re.compile(r"(?<=[^\n])\n+(?=[^\n])")  # at which brat parts a text-bound annotation
_UNWRITTEN = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")  # would part lines or columns of an .ann


def write(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write the archive; the sentences of an article that follow one another are one document."""
    taken: set[str] = set()
    index: list[bytes] = []
    labels: set[str] = set()
    stances: set[str] = set()
    with seekable(out) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for article, group in groupby((sample.record for sample in samples), key=lambda record: record.article_id):
            name = _free(article, taken)
            text, marks = "", _Marks()
            for record in group:
                row = {"document": name, "at": len(text)}
                row |= {f: getattr(record, f) for f in ("id", "article_id", "lang", "index", "start", "end", "kind")}
                index.append(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
                marks.add(record, len(text))
                labels |= {entity.label for entity in record.entities}
                stances |= {stance.label for stance in record.stances}
                text += record.text + "\n"
            _put(archive, f"{name}.txt", text.encode())
            _put(archive, f"{name}.ann", "".join(f"{line}\n" for line in marks.lines).encode())
        _put(archive, SENTENCES, b"".join(index))
        _put(archive, "annotation.conf", "\n".join(_configuration(sorted(labels), sorted(stances))).encode())


BRAT = Writer(write, lacks=frozenset({Part.CUES, Part.TOPIC, Part.ANNOTATORS}))


class _Marks:
    """The lines of one `.ann`, numbered through the document."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._entities = self._relations = self._attributes = 0

    def add(self, record: Labeled, at: int) -> None:
        """Add what is said of a sentence that begins at `at` of the document, in code points."""
        numbers: dict[str, int] = {}
        for entity in record.entities:
            self._entities += 1
            numbers[entity.id] = self._entities
            parts = list(_parts(record.text, entity))
            where = ";".join(f"{start + at} {end + at}" for start, end in parts)
            covered = _UNWRITTEN.sub(" ", " ".join(record.text[start:end] for start, end in parts))
            self.lines.append(f"T{self._entities}\t{entity.label} {where}\t{covered}")
        for stance in record.stances:
            target = numbers[stance.target]
            if stance.holder is None:
                self._attributes += 1
                self.lines.append(f"A{self._attributes}\t{STANCE} T{target} {stance.label}")
            else:
                self._relations += 1
                holder = numbers[stance.holder]
                self.lines.append(f"R{self._relations}\t{stance.label} Arg1:T{holder} Arg2:T{target}")


def _parts(text: str, entity: Entity) -> Iterator[tuple[int, int]]:
    start = entity.start
    for gap in _INNER_BREAK.finditer(text[entity.start : entity.end]):
        yield start, entity.start + gap.start()
        start = entity.start + gap.end()
    yield start, entity.end


def _configuration(labels: list[str], stances: list[str]) -> Iterator[str]:
    yield from ("[entities]", *labels, "", "[relations]")
    yield from (f"{stance}\tArg1:<ENTITY>, Arg2:<ENTITY>" for stance in stances)
    yield from ("", "[events]", "", "[attributes]")
    if stances:
        yield f"{STANCE}\tArg:<ENTITY>, Value:{'|'.join(stances)}"
    yield ""


def _free(article: str, taken: set[str]) -> str:
    """A file name for a document, like the article's id and unlike those that are taken."""
    base = re.sub(r"[^A-Za-z0-9_-]", "_", article)[:80]
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}.{number}"
    taken.add(name)
    return name


def _put(archive: ZipFile, name: str, data: bytes) -> None:
    # A fixed date, so that the same gold gives the same bytes.
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    archive.writestr(info, data)
