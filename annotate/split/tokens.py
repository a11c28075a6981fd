"""Tokens: words with their marks, numbers, addresses, and every other sign by itself."""

import re
from functools import cache, partial

from annotate.aksharas import is_boundary
from annotate.records import Span
from annotate.split.characters import BREAKS, INVISIBLE, JOINERS, SPACES, clinging
from annotate.split.rules import load

__all__ = ["PREPENDED", "tokenize"]

_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
PREPENDED = frozenset(_SIGNS + "\u0d4e")  # written before what they belong to; the last is a letter
_edges = re.Match[str].span
_as_span = partial(tuple.__new__, Span)


def tokenize(text: str, lang: str = "hi") -> list[Span]:
    """Divide a text into tokens.

    Args:
        text: any text; text of only white space and zero-width characters has no tokens.
        lang: a known language. Tokens are the same in all of them.

    Returns:
        Spans in order, disjoint, in code points, covering every character that is neither white space nor of zero
        width. A word keeps its marks, a number its separators; URLs, e-mail addresses, hashtags and handles stay whole;
        every other sign is a token by itself. No grapheme cluster is cut.

    Raises:
        UsageError: the language is not known.
    """
    load(lang)
    tokens: list[Span] = []
    last = 0
    for start, end in map(_edges, _pattern().finditer(text)):
        if start < last or (start == last > 0 and not is_boundary(text, start)):  # letters behind stray marks
            last = max(end, last)
            tokens[-1] = _as_span((tokens[-1].start, last))
            continue
        last = end
        if text[end - 1] in PREPENDED and text[end : end + 1].isspace():  # a sign that sits on the space behind it
            while not is_boundary(text, last):
                last += 1
        tokens.append(_as_span((start, last)))
    return tokens


@cache
def _pattern() -> re.Pattern[str]:
    leaning = rf"{clinging()}*+"
    letter = rf"[^\W\d_]{leaning}"
    digit = rf"\d{leaning}"
    flag = "[\U0001f1e6-\U0001f1ff]"
    # Between the pictures stand a space, invisible signs and another space.
    picture = "[\u203c-\u205e\u2070-\u2fff\u3001-\u3299\U0001f000-\U0001faff©®]"
    unit = rf"[^\s<>\"“”‘’।॥۔|{INVISIBLE}]"
    last = rf"[^\s<>\"“”‘’।॥۔|.,;:!?)\]{INVISIBLE}]"
    return re.compile(
        rf"(?:(?:https?|ftp)://|www\.){unit}*{last}{leaning}"
        rf"|[A-Za-z0-9][A-Za-z0-9._%+-]{{0,63}}+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+{leaning}"
        rf"|(?<!\w)[#@](?=\w)(?:[\w]{leaning})++"
        rf"|{digit}(?:[.,٫٬:/]?{digit})*+"
        rf"|[{_SIGNS}]*+{letter}(?:(?:{letter}|{digit}))*+"
        rf"|{flag}{flag}{leaning}"
        rf"|{picture}{leaning}(?:(?<=\u200d){picture}{leaning})*+"
        rf"|[{_SIGNS}]*+[^\s{_SIGNS}{SPACES}{BREAKS}{INVISIBLE}{JOINERS}]{leaning}"
        rf"|[{_SIGNS}]++{leaning}"
        # A space that carries a mark is seen. Joiners match only where they begin: a run of them would cost its square.
        rf"|(?:[{SPACES}][{JOINERS}]*+|(?<![{JOINERS}])[{JOINERS}]++){clinging()}{leaning}"
    )
