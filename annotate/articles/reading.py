"""Streams articles out of any mix of sources: each one checked, none of them twice, all faults told at the end."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from annotate.articles.found import Columns, Found, unreadable
from annotate.articles.sources import READERS, Source, check, walk
from annotate.errors import DataError, Fault, Reason
from annotate.jsonl import name_of
from annotate.labels import DEFAULT
from annotate.records import Article
from annotate.schema import Schema

__all__ = ["Articles", "Duplicate", "read"]

_ID_COLUMN = "id"
_UNFIT_FOR_ID = re.compile(r"^$|[\s\x00-\x1f\x7f-\x9f]")
# White space and characters without width, which a splitter leaves nothing of.
_EMPTY = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*")


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
    return Articles(sources, lang, Columns(text_column, id_column, id_column != _ID_COLUMN), strict, languages)


class Articles(Iterator[Article]):
    """The articles of some sources, in order, and what was found out about them so far.

    Iterating raises DataError at the very end, with every fault, when there was one. Memory does not depend on how
    long the articles are: of what went by, only the id and a digest of 16 bytes stay.

    Attributes:
        count: how many articles were handed out.
        duplicates: those left out because their text came before.
        empty: where the articles were that hold nothing but white space and characters without width.
        skipped: how many files of a folder had a suffix that is not read, by suffix.
        faults: what is wrong so far, in the order of reading.
    """

    def __init__(
        self, sources: Sequence[Path], lang: str, columns: Columns, strict: bool, languages: Collection[str]
    ) -> None:
        check(sources)
        self.count = 0
        self.duplicates: list[Duplicate] = []
        self.empty: list[str] = []
        self.skipped: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self._sources = sources
        self._lang = lang
        self._columns = columns
        self._strict = strict
        self._languages = frozenset(languages)
        self._schema = Schema(Article, DEFAULT)
        self._kept: dict[bytes, str] = {}  # digest of a text -> id of its article
        self._ids: set[str] = set()
        self._stream = self._read()

    def __next__(self) -> Article:
        return next(self._stream)

    def _read(self) -> Iterator[Article]:
        for source in walk(self._sources, self.skipped):
            for found in _found(source, self._columns):
                if found.fault is not None:
                    self.faults.append(found.fault)
                elif (article := self._article(source, found)) is not None:
                    self.count += 1
                    yield article
        if self.faults:
            raise DataError(self.faults)

    def _article(self, source: Source, found: Found) -> Article | None:
        """The article of raw fields, unless it is broken, empty or known already, which is then noted."""
        fields = {name: found.fields[name] for name in _FIELDS if found.fields.get(name) is not None}
        text, given = fields.get("text"), fields.get("id")
        digest = sha256(text.encode("utf-8")).digest()[:16] if isinstance(text, str) else b""
        derived = digest[:8].hex()  # what article_id says, without computing the digest twice
        name = given if isinstance(given, str) else derived
        # Without a text there is no id either; any will do to check the other fields.
        fields = {"id": derived or "none", "lang": self._lang} | fields
        file = name_of(source.path)
        where = f"{file}:{found.line}" if found.line else file
        faults = [Fault(file, found.line, name, *complaint) for complaint in self._complaints(fields)]
        if not faults and _EMPTY.fullmatch(fields["text"]):
            if not self._strict:
                self.empty.append(where)
                return None
            faults.append(Fault(file, found.line, name, Reason.EMPTY_ARTICLE, "nothing but white space"))
        elif not faults and (kept := self._kept.get(digest)) is not None:
            self.duplicates.append(Duplicate(where, kept))
            return None
        elif not faults and name in self._ids:
            faults.append(Fault(file, found.line, name, Reason.DUPLICATE_ID, "another text came before under this id"))
        if faults:
            self.faults += faults
            return None
        self._kept[digest] = name
        self._ids.add(name)
        if source.suffix in _ONE_A_FILE:
            fields["meta"] = {"file": source.name}
        return Article(**fields)

    def _complaints(self, fields: Mapping[str, Any]) -> Iterator[tuple[Reason, str]]:
        name = fields["id"]
        if isinstance(name, str) and _UNFIT_FOR_ID.search(name):
            yield Reason.WRONG_ID, f"{name!r}: an id is not empty and has no white space or control characters"
            return
        complaints = list(self._schema.complaints(fields))
        yield from complaints
        if not complaints and self._languages and fields["lang"] not in self._languages:
            yield Reason.SCHEMA, f"lang: {fields['lang']!r} (known: {', '.join(sorted(self._languages))})"


_FIELDS = ("id", "text", "lang", "title", "source", "url", "published", "meta")
_ONE_A_FILE = (".txt", ".html", ".htm")


def _found(source: Source, columns: Columns) -> Iterator[Found]:
    try:
        yield from READERS[source.suffix](source.path, columns)
    except OSError as error:
        yield unreadable(name_of(source.path), 0, error)
