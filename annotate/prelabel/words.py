"""A sentence as the rules read it: its words, folded for look-up, and what stands between them."""

from functools import lru_cache
from typing import NamedTuple

from annotate.prelabel.fold import fold
from annotate.split import tokenize

__all__ = ["BREAK", "DOT", "HYPHEN", "OPEN", "QUOTE", "SPACE", "Words", "end_of", "words_of"]

# What lies between a word and the one before it, from close to far.
SPACE, HYPHEN, DOT, OPEN, QUOTE, BREAK = range(6)

_HYPHENS = frozenset("-‐‑–")
_QUOTES = frozenset("'\"‘’“”‚„`«»")
_LETTERS_OF_AN_INITIAL = 4  # डब्ल्यू. is longer, but is not written with a dot in news text


class Words(NamedTuple):
    """The words of a sentence in parallel tuples; `gap[i]` tells what lies before word i."""

    text: str
    start: tuple[int, ...]
    end: tuple[int, ...]
    fold: tuple[str, ...]
    gap: tuple[int, ...]


@lru_cache(maxsize=256)
def words_of(text: str, lang: str = "hi") -> Words:
    """Read a sentence into words; punctuation is kept only as the gap it makes."""
    start: list[int] = []
    end: list[int] = []
    folds: list[str] = []
    gaps: list[int] = []
    gap = BREAK
    for at, to in tokenize(text, lang):
        mark = text[at]
        if mark.isalnum() or to - at > 1:
            start.append(at)
            end.append(to)
            folds.append(fold(text[at:to]))
            gaps.append(gap)
            gap = SPACE
        else:
            gap = max(gap, _kind_of(mark, text, at, end[-1] if end else -1, start[-1] if start else 0))
    return Words(text, tuple(start), tuple(end), tuple(folds), tuple(gaps))


def end_of(words: Words, first: int, last: int) -> int:
    """Where in the text a find ends, a bracket that it opened included: जद (यू)."""
    end = words.end[last - 1]
    inside = words.text[words.start[first] : end]
    return end + 1 if inside.count("(") > inside.count(")") and words.text[end : end + 1] == ")" else end


def _kind_of(mark: str, text: str, at: int, last_end: int, last_start: int) -> int:
    if mark == "." and at == last_end and last_end - last_start <= _LETTERS_OF_AN_INITIAL:
        return DOT
    if mark in _HYPHENS and at == last_end and not text[at + 1 : at + 2].isspace():
        return HYPHEN
    if mark in _QUOTES:
        return QUOTE
    return OPEN if mark == "(" else BREAK
