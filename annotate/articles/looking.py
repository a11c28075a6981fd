"""Looks at one article's raw fields: fit to be taken, empty, or broken, and why."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from annotate.articles.found import Found
from annotate.articles.portions import Portion, find
from annotate.articles.sources import Source
from annotate.errors import Fault, Reason
from annotate.labels import DEFAULT
from annotate.records import Article, article_id
from annotate.schema import Schema

__all__ = ["Looked", "Terms", "look"]

_UNFIT_FOR_ID = re.compile(r"^$|[\s\x00-\x1f\x7f-\x9f]")
# White space and characters without width, which a splitter leaves nothing of.
_EMPTY = re.compile(r"[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]*")
_FIELDS = ("text", "title", "source", "url", "published", "meta")
_ONE_A_FILE = (".txt", ".html", ".htm")


class Terms(NamedTuple):
    """On which terms articles are taken: the language of those that name none, whether empty ones are faults, and the
    languages they may be in (any, if none is listed)."""

    lang: str
    strict: bool
    languages: frozenset[str]


class Looked(NamedTuple):
    """What to think of one article, seen by itself: it is `fit`; or empty; or the faults say what is wrong."""

    file: str
    line: int
    id: str
    digest: bytes  # 16 bytes that stand for the text
    fit: bool
    faults: tuple[Fault, ...] = ()

    @property
    def where(self) -> str:
        """The place for people: file and line, or the file alone if it is one article."""
        return f"{self.file}:{self.line}" if self.line else self.file


def look(portion: Portion, terms: Terms) -> Iterator[tuple[Looked, Mapping[str, Any]]]:
    """Read a portion and look at each article in it, in order, each by itself: what to think of it, and its fields."""
    for source, found in find(portion):
        if found.fault is None:
            yield _look(source, found, terms)
        else:
            yield Looked(found.fault.file, found.line, "", b"", False, (found.fault,)), {}


def _look(source: Source, found: Found, terms: Terms) -> tuple[Looked, Mapping[str, Any]]:
    raw = found.fields
    text, given = raw.get("text"), raw.get("id")
    if given is None:
        # Without a text there is no id either; any will do to check the other fields.
        given = article_id(text) if isinstance(text, str) else "none"
    fields = {"id": given, "lang": raw.get("lang") or terms.lang}
    for field in _FIELDS:
        if (value := raw.get(field)) is not None:
            fields[field] = value
    if source.suffix in _ONE_A_FILE:
        fields["meta"] = {"file": source.name}
    file = source.file
    complaints = tuple(_complaints(fields, terms))
    if complaints:
        name = given if isinstance(given, str) and (isinstance(text, str) or "id" in raw) else ""
        return Looked(
            file, found.line, name, b"", False, tuple(Fault(file, found.line, name, *c) for c in complaints)
        ), {}
    if _EMPTY.fullmatch(fields["text"]):
        fault = Fault(file, found.line, given, Reason.EMPTY_ARTICLE, "nothing but white space")
        return Looked(file, found.line, given, b"", False, (fault,) if terms.strict else ()), {}
    # UTF-16, because Python gets there from a text in memory with hardly any work: six times as fast as by UTF-8.
    digest = sha256(fields["text"].encode("utf-16-le")).digest()[:16]
    return Looked(file, found.line, given, digest, True), fields


def _complaints(fields: Mapping[str, Any], terms: Terms) -> Iterator[tuple[Reason, str]]:
    name, lang = fields["id"], fields["lang"]
    if isinstance(name, str) and _UNFIT_FOR_ID.search(name):
        yield Reason.WRONG_ID, f"{name!r}: an id is not empty and has no white space or control characters"
        return
    complaint = None
    for complaint in _schema().complaints(fields):
        yield complaint
    if complaint is None and terms.languages and lang not in terms.languages:
        yield Reason.SCHEMA, f"lang: {lang!r} (known: {', '.join(sorted(terms.languages))})"


@cache
def _schema() -> Schema:
    return Schema(Article, DEFAULT)
