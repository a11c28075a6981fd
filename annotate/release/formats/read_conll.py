"""Reads CoNLL columns: the token first, its tag last, an empty line after each sentence.

Tags may be BIO, IOB (an I- that continues nothing begins an entity) or BIOES. Texts are tokens with a space between,
and a document, from one -DOCSTART- to the next, is an article whose sentences stand on lines of their own.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from annotate.errors import Fault, Reason
from annotate.jsonl import name_of, open_in
from annotate.records import Entity, article_id, sentence_id
from annotate.release.formats.reader import Draft, Job, draft

__all__ = ["read_conll"]

_DOCUMENT = "-DOCSTART-"


class _Block(NamedTuple):
    line: int  # of the first token
    rows: list[tuple[str, str]]  # token and tag


def read_conll(job: Job) -> Iterator[Draft | Fault]:
    """Yield a record per sentence, or a fault per line that cannot be read."""
    file = name_of(job.source)
    document: list[_Block] = []
    block = _Block(1, [])
    number = 0
    with open_in(job.source) as stream:
        for number, raw in enumerate(stream, 1):
            try:
                line = raw.decode().rstrip("\r\n")
            except UnicodeDecodeError:
                yield Fault(file, number, "", Reason.WRONG_ENCODING, "is not UTF-8")
                continue
            if line.startswith(_DOCUMENT) or not line.strip(" \t"):
                if block.rows:
                    document.append(block)
                block = _Block(number + 1, [])
                if line.startswith(_DOCUMENT):
                    yield from _records(job, file, document)
                    document = []
                continue
            columns = line.split("\t") if "\t" in line else line.split(" ")
            prefix, dash, label = columns[-1].partition("-")
            if len(columns) < 2 or not (columns[-1] == "O" or (prefix in "BIES" and dash and prefix and label)):
                yield Fault(file, number, "", Reason.WRONG_TAG, f"{line!r} is no token with a tag in BIO or BIOES")
                continue
            block.rows.append((columns[0], columns[-1]))
    if block.rows:
        document.append(block)
    yield from _records(job, file, document)


def _records(job: Job, file: str, document: list[_Block]) -> Iterator[Draft]:
    texts = [" ".join(token for token, _ in block.rows) for block in document]
    article = article_id("\n".join(texts))
    at = 0
    for index, (block, text) in enumerate(zip(document, texts, strict=True)):
        end = at + len(text)
        sentence: dict[str, Any] = {
            "id": sentence_id(article, at, end),
            "article_id": article,
            "lang": job.lang,
            "index": index,
            "start": at,
            "end": end,
            "text": text,
        }
        yield draft((file, block.line), sentence, list(_entities(block.rows)))
        at = end + 1


def _entities(rows: list[tuple[str, str]]) -> Iterator[Entity]:
    at = 0
    open_: tuple[int, int, str] | None = None
    for token, tag in rows:
        prefix, _, label = tag.partition("-")
        end = at + len(token)
        goes_on = open_ is not None and prefix in ("I", "E") and open_[2] == label
        if open_ and goes_on:
            open_ = (open_[0], end, label)
        else:
            if open_:
                yield Entity.at(*open_)
            open_ = None if prefix == "O" else (at, end, label)
        if open_ and prefix in ("S", "E"):
            yield Entity.at(*open_)
            open_ = None
        at = end + 1
    if open_:
        yield Entity.at(*open_)
