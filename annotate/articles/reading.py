"""Streams articles out of any mix of sources: each one checked, none of them twice, all faults told at the end."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from annotate.articles.found import Columns
from annotate.articles.looking import Looked, Terms, look
from annotate.articles.portions import Portion, cut
from annotate.articles.sources import check, walk
from annotate.errors import DataError, Fault, Reason
from annotate.records import Article

__all__ = ["Articles", "Duplicate", "read"]

_ID_COLUMN = "id"


class Duplicate(NamedTuple):
    """An article that was left out because its text had been read before."""

    where: str
    kept: str  # id of the article that was kept


def read(
    sources: Sequence[Path],
    *,
    lang: str = "hi",
    text_column: str = "text",
    id_column: str = _ID_COLUMN,
    strict: bool = False,
    languages: Collection[str] = (),
) -> "Articles":
    """Stream the articles of files and folders.

    Args:
        sources: files (`.txt`, `.jsonl`, `.csv`, `.parquet`, `.html`), folders of them, or `-` for JSONL on stdin.
        lang: language of the articles that do not name theirs.
        text_column: the column of a table that holds the text.
        id_column: the column of a table that holds the id; a table may do without one unless another is named here.
        strict: whether an empty article is a fault instead of being left out.
        languages: those that articles may be in, where not every one will do.

    Raises:
        UsageError: a source that is not there or holds nothing that could be read.
    """
    columns = Columns(text_column, id_column, id_column != _ID_COLUMN)
    return Articles(sources, columns, Terms(lang, strict, frozenset(languages)))


class Articles(Iterator[Article]):
    """The articles of some sources, in order, and what was found out about them so far.

    Iterating raises DataError at the very end, with every fault, when there was one. Memory does not depend on how
    long the articles are: of what went by, only the id and a digest of 16 bytes stay.

    Whoever wants the reading done in other processes takes `portions`, has each looked at with `look`, shows the
    results to `admit` in order, and calls `finish`; iterating does just that.

    Attributes:
        terms: on which terms articles are taken.
        count: how many articles were admitted.
        duplicates: those left out because their text came before.
        empty: where the articles were that hold nothing but white space and characters without width.
        skipped: how many files of a folder had a suffix that is not read, by suffix.
        faults: what is wrong so far, in the order of reading.
    """

    def __init__(self, sources: Sequence[Path], columns: Columns, terms: Terms) -> None:
        check(sources)
        self.terms = terms
        self.count = 0
        self.duplicates: list[Duplicate] = []
        self.empty: list[str] = []
        self.skipped: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self._sources = sources
        self._columns = columns
        self._kept: dict[bytes, str] = {}  # digest of a text -> id of its article
        self._ids: set[str] = set()
        self._stream = self._read()

    def __next__(self) -> Article:
        return next(self._stream)

    def portions(self, *, carry: bool = True) -> Iterator[Portion]:
        """The sources cut into pieces of reading; without `carry` they are light to send to another process."""
        return cut(walk(self._sources, self.skipped), self._columns, carry)

    def admit(self, looked: Looked) -> bool:
        """Tell whether an article is to be taken, seen what came before it; if not, why is noted."""
        if looked.faults:
            self.faults += looked.faults
        elif not looked.fit:
            self.empty.append(looked.where)
        elif (kept := self._kept.get(looked.digest)) is not None:
            self.duplicates.append(Duplicate(looked.where, kept))
        elif looked.id in self._ids:
            found = "another text came before under this id"
            self.faults.append(Fault(looked.file, looked.line, looked.id, Reason.DUPLICATE_ID, found))
        else:
            self._kept[looked.digest] = looked.id
            self._ids.add(looked.id)
            self.count += 1
            return True
        return False

    def finish(self) -> None:
        """Say that everything was admitted.

        Raises:
            DataError: with every fault, when there was one.
        """
        if self.faults:
            raise DataError(self.faults)

    def _read(self) -> Iterator[Article]:
        for portion in self.portions():
            for looked, fields in look(portion, self.terms):
                if self.admit(looked):
                    yield Article(**fields)
        self.finish()
