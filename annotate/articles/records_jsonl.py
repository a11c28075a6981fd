"""JSON Lines: one `article` record a line; its id may be missing."""

from collections.abc import Iterator
from pathlib import Path

from annotate.articles.found import Found
from annotate.errors import Fault, Reason
from annotate.jsonl import name_of, read
from annotate.records import Article
from annotate.schema import kind_of

__all__ = ["read_jsonl"]


def read_jsonl(path: Path) -> Iterator[Found]:
    """Yield each line's article, or its fault; `-` is stdin.

    A line that is a later record of the flow, such as a sentence, is a fault: it is not an article to be split again.
    """
    for line in read(path):
        if line.fault is None and (kind := kind_of(line.data)) is not Article:
            found = f"an article is needed, this is a record of the kind {kind.__name__.lower()}"
            yield Found(line.number, {}, Fault(name_of(path), line.number, "", Reason.NOT_A_RECORD, found))
        else:
            yield Found(line.number, line.data, line.fault)
