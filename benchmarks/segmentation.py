"""Scoring of sentence segmentation, and the other splitters it is compared with."""

import importlib
import importlib.metadata
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from annotate.split import SPLITTER_VERSION, split

__all__ = ["Document", "Peer", "Score", "errors", "peers", "read", "score"]

Splitter = Callable[[str, str], Sequence[tuple[int, int]]]


class Document(NamedTuple):
    """A text, its language, and where its sentences are in code points."""

    id: str
    lang: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Peer:
    """A splitter under comparison; `split` gives spans in code points, `run` only does the work that is timed."""

    name: str
    version: str
    split: Splitter
    run: Callable[[str, str], object]


@dataclass(frozen=True, slots=True)
class Score:
    """How the boundaries inside documents were found; a document's own end is no boundary."""

    documents: int
    perfect: int
    gold: int
    found: int
    right: int

    @property
    def f1(self) -> float:
        """Boundary F1 in per cent."""
        return 200 * self.right / (self.gold + self.found) if self.gold + self.found else 100.0

    @property
    def share_perfect(self) -> float:
        """Documents without an error, in per cent."""
        return 100 * self.perfect / self.documents


def read(path: Path) -> list[Document]:
    """Read a set: JSON lines with a text, and `id`, `lang` and `spans` where there are any."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Document(row.get("id", str(n)), row.get("lang", "hi"), row["text"], tuple(map(tuple, row.get("spans", ()))))
        for n, row in enumerate(rows)
    ]


def score(documents: Iterable[Document], splitter: Splitter) -> Score:
    """Compare the ends of sentences, in code points, document by document."""
    count = perfect = gold = found = right = 0
    for document in documents:
        wanted, got = _boundaries(document.spans), _boundaries(splitter(document.text, document.lang))
        count += 1
        perfect += wanted == got
        gold, found, right = gold + len(wanted), found + len(got), right + len(wanted & got)
    return Score(count, perfect, gold, found, right)


def errors(documents: Iterable[Document], splitter: Splitter) -> Iterator[str]:
    """Describe each boundary that was missed or made up, with what stands around it."""
    for document in documents:
        wanted, got = _boundaries(document.spans), _boundaries(splitter(document.text, document.lang))
        for at in sorted(wanted ^ got):
            kind = "missed" if at in wanted else "false"
            before, after = document.text[max(0, at - 40) : at], document.text[at : at + 30]
            yield f"{kind:6} {document.id}: {before}⏐{after}".replace("\n", "⏎")


def peers() -> list[Peer]:
    """This project's splitter and whichever others are installed."""
    makers = (_ours, _naive, _sentencex, _pysbd, _blingfire, _icu, _indicnlp)
    return [peer for make in makers if (peer := make())]


def _boundaries(spans: Sequence[tuple[int, int]]) -> set[int]:
    return {end for _, end in spans[:-1]}


def _located(text: str, pieces: Iterable[str]) -> list[tuple[int, int]]:
    """Spans of the pieces a splitter gave as strings, found again in the text in order."""
    spans = []
    at = 0
    for piece in pieces:
        bare = piece.strip()
        start = text.find(bare, at) if bare else -1
        if start >= 0:
            at = start + len(bare)
            spans.append((start, at))
    return spans


def _optional(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        return None


def _ours() -> Peer:
    return Peer("annotate", SPLITTER_VERSION, split, split)


def _naive() -> Peer:
    import re

    mark = re.compile(r"[.?!।॥۔؟]+[\"'”’)\]]*(?=\s|$)")

    def cut(text: str, _: str) -> list[tuple[int, int]]:
        ends = [found.end() for found in mark.finditer(text)]
        ends = [*ends, len(text)] if not ends or ends[-1] < len(text.rstrip()) else ends
        return list(zip([0, *ends], ends, strict=False))

    return Peer("naive", "marks and white space", cut, cut)


def _sentencex() -> Peer | None:
    library = _optional("sentencex")
    if library is None:
        return None

    def run(text: str, lang: str) -> list[str]:
        return list(library.segment(lang, text))

    return Peer("sentencex", _version("sentencex"), lambda text, lang: _located(text, run(text, lang)), run)


def _pysbd() -> Peer | None:
    library = _optional("pysbd")
    if library is None:
        return None
    known = frozenset(("hi", "mr", "ur", "en"))
    made = {lang: library.Segmenter(language=lang, clean=False) for lang in known}

    def run(text: str, lang: str) -> list[str]:
        return list(made[lang if lang in known else "hi"].segment(text))

    return Peer("pysbd", _version("pysbd"), lambda t, lang: _located(t, run(t, lang)), run)


def _blingfire() -> Peer | None:
    library = _optional("blingfire")
    if library is None:
        return None

    def run(text: str, _: str) -> Any:
        return library.text_to_sentences_and_offsets(text)

    return Peer("blingfire", _version("blingfire"), lambda text, _: list(run(text, _)[1]), run)


def _icu() -> Peer | None:
    library = _optional("icu")
    if library is None:
        return None

    def run(text: str, lang: str) -> list[int]:
        breaks = library.BreakIterator.createSentenceInstance(library.Locale(lang))
        breaks.setText(library.UnicodeString(text))
        return list(breaks)

    def cut(text: str, lang: str) -> list[tuple[int, int]]:
        units = text.encode("utf-16-le")  # ICU counts in UTF-16 units
        ends = [len(units[: 2 * end].decode("utf-16-le")) for end in run(text, lang)]
        pieces = [text[a:b] for a, b in zip([0, *ends], ends, strict=False)]
        return _located(text, pieces)

    return Peer("icu", _version("PyICU"), cut, run)


def _indicnlp() -> Peer | None:
    library = _optional("indicnlp.tokenize.sentence_tokenize")
    if library is None:
        return None
    known = frozenset(("hi", "mr", "bn", "gu", "pa", "or", "ta", "te", "kn", "ml", "as", "ne"))

    def run(text: str, lang: str) -> list[str]:
        return list(library.sentence_split(text, lang if lang in known else "hi"))

    return Peer("indic-nlp", _version("indic-nlp-library"), lambda t, lang: _located(t, run(t, lang)), run)


def _version(distribution: str) -> str:
    return importlib.metadata.version(distribution)
