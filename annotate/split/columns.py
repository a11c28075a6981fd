"""Tokens of many texts at once, as columns: what `tokenize` finds, for whole batches at a small part of its cost.

A character is of a class, and the classes of two neighbours mostly say whether a token begins between them. A stretch
between white spaces in which they do not, such as an address or a number with separators, is left to `tokenize`; so is
a text where a mark or a sign leans on white space.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import starmap
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotate.records import Span
from annotate.split.characters import clinging_ranges
from annotate.split.rules import load
from annotate.split.tokens import PREPENDED, tokenize

__all__ = ["TokenColumns", "token_columns"]

_Ints = NDArray[np.int64]
_Bytes = NDArray[np.uint8]
_Bools = NDArray[np.bool_]

_SPACE, _LETTER, _MARK, _DIGIT, _SIGN, _ODD, _LEANING = range(7)  # classes; white space is also what is not seen
_BEGINS, _ASK, _ASK_ALL = 1, 2, 4  # what is said of a character: a token begins, its stretch or its text is asked about
_ADDRESSES = "#@_/"  # signs that may be part of an address, a hashtag or a handle
_KNOWN = 0x3001  # what comes after it in Unicode and is no white space is asked about
_SHORT = 32  # code points; longer stretches seldom come again


class TokenColumns(NamedTuple):
    """Tokens in the order of their texts; places count through all texts as if they stood one behind the other.

    Attributes:
        starts, ends: of each token, in code points.
        borders: where each text begins, in code points, and where the last one ends.
        offsets: which token is the first of each text, and how many tokens there are.
    """

    starts: _Ints
    ends: _Ints
    borders: _Ints
    offsets: _Ints

    @property
    def of(self) -> _Ints:
        """Of each token the number of its text."""
        counts = np.diff(self.offsets)
        return np.repeat(np.arange(len(counts)), counts)

    def of_text(self, number: int) -> list[Span]:
        """The tokens of one text, as `tokenize` gives them."""
        own, base = slice(*self.offsets[number : number + 2]), self.borders[number]
        return list(starmap(Span, np.stack([self.starts[own] - base, self.ends[own] - base], 1).tolist()))


def token_columns(texts: Sequence[str], langs: Iterable[str] = ()) -> TokenColumns:
    """Divide texts into the tokens that `tokenize` finds in each.

    Args:
        texts: any texts; the call takes some 50 bytes for each of their code points.
        langs: the languages of the texts. Tokens are the same in all of them.

    Raises:
        UsageError: a language is not known.
    """
    for lang in set(langs):
        load(lang)
    borders = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=borders[1:])
    opens = borders[:-1][np.diff(borders) > 0]  # where texts begin that are not empty
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4")
    kinds = _kinds()[points]
    before = np.roll(kinds, 1)
    before[opens] = _SPACE
    said = _sayings()[before * 8 + kinds]
    said[1:][(points[1:] == ord(".")) & (points[:-1] == ord("w"))] |= _ASK  # www. begins an address
    seen = kinds != _SPACE
    over = np.ones(len(points) + 1, np.bool_)  # where a token that came so far ends
    np.logical_not(seen, out=over[:-1])
    over[opens] = True
    asked = _asked(said, seen, over, borders)
    for start, end in asked:
        seen[start:end] = False
    begins = seen & (said & _BEGINS).astype(np.bool_)
    over[:-1] |= begins
    starts, ends = np.flatnonzero(begins), np.flatnonzero(seen & over[1:]) + 1
    if asked:
        answers = np.array([*_answers(asked, texts, borders)], np.int64).reshape(-1, 2)
        # Tokens are apart, so that starts and ends keep each other's order.
        starts, ends = np.sort(np.append(starts, answers[:, 0])), np.sort(np.append(ends, answers[:, 1]))
    return TokenColumns(starts, ends, borders, np.searchsorted(starts, borders))


def _asked(said: _Bytes, seen: _Bools, over: _Bools, borders: _Ints) -> list[tuple[int, int]]:
    """Start and end of the stretches that `tokenize` is asked about; a text in which a sign leans on space is one."""
    places = np.flatnonzero(said & (_ASK | _ASK_ALL))
    if not len(places):
        return []
    for number in np.unique(np.searchsorted(borders, np.flatnonzero(said & _ASK_ALL), "right") - 1).tolist():
        start, end = borders[number : number + 2]
        seen[start:end] = True
        over[start + 1 : end] = False
    last = np.flatnonzero(seen & over[1:])
    first = np.flatnonzero(seen & np.append(True, over[1:-1] | ~seen[:-1]))
    stretches = np.unique(np.searchsorted(last, places))
    return [*zip(first[stretches].tolist(), (last[stretches] + 1).tolist(), strict=True)]


def _answers(asked: Iterable[tuple[int, int]], texts: Sequence[str], borders: _Ints) -> Iterator[tuple[int, int]]:
    """The tokens of stretches, in code points of all texts."""
    numbers = np.searchsorted(borders, [start for start, _ in asked], "right") - 1
    for (start, end), number, base in zip(asked, numbers.tolist(), borders[numbers].tolist(), strict=True):
        stretch = texts[number][start - base : end - base]
        for at, to in _tokens(stretch) if len(stretch) <= _SHORT else tokenize(stretch):
            yield start + at, start + to


_tokens = lru_cache(1 << 14)(tokenize)  # numbers and addresses come again


@cache
def _kinds() -> _Bytes:
    """The class of each code point, as the pattern of `tokenize` sees it."""
    kinds = np.full(0x110000, _ODD, np.uint8)
    letter, digit = map(re.compile, (r"[^\W\d_]", r"\d"))
    for code in (*range(_KNOWN), 0xFEFF):
        char = chr(code)
        if letter.match(char):
            kinds[code] = _LETTER
        elif digit.match(char):
            kinds[code] = _DIGIT
        elif char not in _ADDRESSES:
            kinds[code] = _SIGN if tokenize(char) else _SPACE
    for first, last in clinging_ranges():
        kinds[first : last + 1] = _MARK
    kinds[[ord(char) for char in PREPENDED]] = _LEANING
    return kinds


@cache
def _sayings() -> _Bytes:
    """What is said of a character, by eight times the class of the one before it plus its own."""
    said = np.zeros((8, 8), np.uint8)
    said[:, _SIGN] = _BEGINS
    said[[_SPACE, _SIGN], _LETTER] = said[_SPACE, _DIGIT] = _BEGINS
    said[_DIGIT, _LETTER] = said[_SIGN, _DIGIT] = _ASK  # 5जी are two tokens, जी20 is one; 1,000 and 2004-05
    said[[_SIGN, _DIGIT], _MARK] = said[:, _ODD] = _ASK
    said[_SPACE, _MARK] = said[:, _LEANING] = _ASK_ALL
    return said.ravel()
