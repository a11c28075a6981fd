"""Reads CoNLL columns: the token first, its tag last, an empty line after each sentence.

Tags may be BIO, IOB (an I- that continues nothing begins an entity) or BIOES. Texts are tokens with a space between,
and a document, from one -DOCSTART- to the next, is an article whose sentences stand on lines of their own.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from annotate.errors import Fault, Reason
from annotate.jsonl import name_of
from annotate.records import Entity, Span, article_id, sentence_id
from annotate.release.formats.reader import Draft, Job, draft, lines

__all__ = ["joined", "prefixed", "read_conll", "tagged"]

_DOCUMENT = "-DOCSTART-"


class _Block(NamedTuple):
    line: int  # of the first token
    rows: list[tuple[str, str]]  # token and tag


def read_conll(job: Job) -> Iterator[Draft | Fault]:
    """Yield a record per sentence, or a fault per line that cannot be read."""
    file = name_of(job.source)
    document: list[_Block] = []
    block = _Block(1, [])
    for read in lines(job.source):
        if isinstance(read, Fault):
            yield read
            continue
        number, line = read
        if line.startswith(_DOCUMENT) or not line.strip(" \t"):
            if block.rows:
                document.append(block)
            block = _Block(number + 1, [])
            if line.startswith(_DOCUMENT):
                yield from _records(job, file, document)
                document = []
            continue
        columns = line.split("\t") if "\t" in line else line.split(" ")
        if len(columns) < 2 or not prefixed(columns[-1]):
            yield Fault(file, number, "", Reason.WRONG_TAG, f"{line!r} is no token with a tag in BIO or BIOES")
            continue
        block.rows.append((columns[0], columns[-1]))
    if block.rows:
        document.append(block)
    yield from _records(job, file, document)


def _records(job: Job, file: str, document: list[_Block]) -> Iterator[Draft]:
    texts = [joined([token for token, _ in block.rows]) for block in document]
    article = article_id("\n".join(text for text, _ in texts))
    at = 0
    for index, (block, (text, spans)) in enumerate(zip(document, texts, strict=True)):
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
        yield draft((file, block.line), sentence, list(tagged(spans, [tag for _, tag in block.rows])))
        at = end + 1


def prefixed(tag: str) -> bool:
    """Tell whether a tag is one of BIO, IOB or BIOES."""
    prefix, dash, label = tag.partition("-")
    return tag == "O" or (prefix in ("B", "I", "E", "S") and bool(dash and label))


def tagged(spans: Sequence[Span], tags: Sequence[str]) -> Iterator[Entity]:
    """Read entities of tags in BIO, IOB (an I- that continues nothing begins an entity) or BIOES.

    Args:
        spans: of the tokens, in code points of the sentence.
        tags: one per token, each `prefixed`.
    """
    open_: tuple[int, int, str] | None = None
    for (start, end), tag in zip(spans, tags, strict=True):
        prefix, _, label = tag.partition("-")
        goes_on = open_ is not None and prefix in ("I", "E") and open_[2] == label
        if open_ and goes_on:
            open_ = (open_[0], end, label)
        else:
            if open_:
                yield Entity.at(*open_)
            open_ = None if prefix == "O" else (start, end, label)
        if open_ and prefix in ("S", "E"):
            yield Entity.at(*open_)
            open_ = None
    if open_:
        yield Entity.at(*open_)


def joined(tokens: Sequence[str]) -> tuple[str, list[Span]]:
    """Tokens as a text with one space between, and where each stands in it."""
    spans: list[Span] = []
    at = 0
    for token in tokens:
        spans.append(Span(at, at + len(token)))
        at += len(token) + 1
    return " ".join(tokens), spans
