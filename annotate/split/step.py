"""The step `split`: articles in, a file of sentences out, streamed through one process or several."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, compress, pairwise, product
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import orjson

from annotate.articles import SUFFIXES, Duplicate, Looked, Portion, Terms, look, read
from annotate.errors import UsageError
from annotate.jsonl import STDIO, open_out
from annotate.parallel import in_order
from annotate.records import Article
from annotate.split import SPLITTER_VERSION, languages
from annotate.split.engine import scan
from annotate.split.rules import load

__all__ = ["SplitSummary", "split_files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitSummary:
    """What a run of `split` did; `sentences` counts every unit, headings and datelines among them."""

    articles: int
    sentences: int
    headings: int
    datelines: int
    duplicates: tuple[Duplicate, ...]
    empty: tuple[str, ...]
    skipped_files: Mapping[str, int]  # by suffix
    seconds: float
    splitter: str = SPLITTER_VERSION


def split_files(
    sources: Sequence[Path],
    out: Path,
    *,
    articles_out: Path | None = None,
    lang: str = "hi",
    wrapped: bool = False,
    strict: bool = False,
    jobs: int = 1,
    text_column: str = "text",
    id_column: str = "id",
    on_progress: Callable[[int], None] | None = None,
) -> SplitSummary:
    """Split the articles of files and folders into sentences, in the order they are read.

    Args:
        sources: what `annotate.articles.read` takes: files, folders, or `-` for JSONL on stdin.
        out: where the `sentence` records go; `-` is stdout.
        articles_out: where the articles go as they were read, as `article` records.
        lang: language of the articles that do not name theirs.
        wrapped: whether lines are hard-wrapped, so that a line break inside a paragraph is no boundary.
        strict: whether an empty article is a fault instead of being left out.
        jobs: how many processes split; the result does not depend on it.
        text_column: the column of a table that holds the text.
        id_column: the column of a table that holds the id.
        on_progress: called now and then with the number of articles done so far.

    Raises:
        DataError: with every fault of every article; no file has then appeared or changed.
        UsageError: a source that cannot be read, a place that cannot be written to, an unknown language.
        Unfinished: a process of `jobs` was killed.
    """
    started = perf_counter()
    load(lang)  # an unknown language is said before anything is read
    articles = read(
        sources, lang=lang, text_column=text_column, id_column=id_column, strict=strict, languages=languages()
    )
    _refuse_overwriting(sources, [path for path in (out, articles_out) if path is not None])
    work = partial(_split, terms=articles.terms, wrapped=wrapped, copy=articles_out is not None)
    kinds: Counter[str] = Counter()
    with ExitStack() as files:
        lines = files.enter_context(open_out(out))
        copies = files.enter_context(open_out(articles_out)) if articles_out is not None else None
        for part in in_order(work, articles.portions(carry=jobs == 1), jobs):
            admitted = list(map(articles.admit, part.looked))
            lines.writelines(_pieces(part.lines, part.line_ends, admitted))
            if copies is not None:
                copies.writelines(_pieces(part.copies, part.copy_ends, admitted))
            for counted in compress(part.kinds, admitted):
                kinds.update(counted)
            if on_progress is not None:
                on_progress(articles.count)
        articles.finish()
    return SplitSummary(
        articles=articles.count,
        sentences=kinds.total(),
        headings=kinds["heading"],
        datelines=kinds["dateline"],
        duplicates=tuple(articles.duplicates),
        empty=tuple(articles.empty),
        skipped_files=dict(articles.skipped),
        seconds=perf_counter() - started,
    )


class _Part(NamedTuple):
    """What a portion came to. The sentences of article n end at byte `line_ends[n]` of `lines`, its copy likewise."""

    looked: list[Looked]
    kinds: list[dict[str, int]]  # how many sentences of each kind
    lines: bytes
    line_ends: list[int]
    copies: bytes
    copy_ends: list[int]


def _split(portion: Portion, terms: Terms, wrapped: bool, copy: bool) -> _Part:
    """Read a portion and split its articles, duplicates too: which ones those are shows only in order."""
    seen: list[Looked] = []
    kinds: list[dict[str, int]] = []
    lines: list[bytes] = []
    copies: list[bytes] = []
    for looked, fields in look(portion, terms):
        seen.append(looked)
        units, others = scan(fields["text"], fields["lang"], wrapped) if looked.fit else ([], {})
        kinds.append(Counter(others.values()) | {"sentence": len(units) - len(others)})
        lines.append(_encode(fields, units, others) if units else b"")
        copies.append(Article(**fields).to_json() + b"\n" if copy and looked.fit else b"")
    line_ends, copy_ends = (list(accumulate(map(len, pieces))) for pieces in (lines, copies))
    return _Part(seen, kinds, b"".join(lines), line_ends, b"".join(copies), copy_ends)


def _encode(article: Mapping[str, Any], units: Sequence[tuple[int, int]], kinds: Mapping[int, str]) -> bytes:
    """The lines of an article's sentences, each as `Sentence.to_json` writes it."""
    name, lang, text = article["id"], article["lang"], article["text"]
    return b"".join(
        [
            orjson.dumps(
                {
                    "id": f"{name}:{start}-{end}",
                    "article_id": name,
                    "lang": lang,
                    "index": index,
                    "start": start,
                    "end": end,
                    "text": text[start:end],
                    "kind": kinds.get(start, "sentence"),
                    "splitter": SPLITTER_VERSION,
                },
                None,
                orjson.OPT_APPEND_NEWLINE,
            )
            for index, (start, end) in enumerate(units)
        ]
    )


def _pieces(data: bytes, ends: Sequence[int], admitted: Sequence[bool]) -> Iterator[bytes]:
    """The pieces of `data` that end at `ends` and were admitted."""
    if all(admitted):
        yield data
        return
    for (start, end), taken in zip(pairwise((0, *ends)), admitted, strict=True):
        if taken:
            yield data[start:end]


def _refuse_overwriting(sources: Sequence[Path], outs: Sequence[Path]) -> None:
    places = [path.resolve() for path in outs if path != STDIO]
    if len(set(places)) < len(places):
        raise UsageError(f"{outs[0]}: sentences and articles cannot go to the same file")
    for source, place in product((path.resolve() for path in sources if path != STDIO), places):
        if source == place:
            raise UsageError(f"{place}: is read and would be written over; name another file for the result")
        if place.suffix.lower() in SUFFIXES and place.is_relative_to(source):
            raise UsageError(f"{place}: lies in a folder that is read, so the next run would take it for articles")
