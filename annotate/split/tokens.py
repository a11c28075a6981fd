"""Tokens: words with their marks, numbers, addresses, and every other sign by itself."""

import re
from functools import cache

from annotate.records import Span
from annotate.split.grammar import JOINERS, marks
from annotate.split.rules import load

__all__ = ["tokenize"]


def tokenize(text: str, lang: str = "hi") -> list[Span]:
    """Divide a text into tokens.

    Args:
        text: any text; white space and zero-width characters between tokens belong to none.
        lang: a known language. Tokens are the same in all of them.

    Returns:
        Spans in order, disjoint, in code points; no character of a reader is cut in two.

    Raises:
        UsageError: the language is not known.
    """
    load(lang)
    return [Span(*found.span()) for found in _pattern().finditer(text)]


@cache
def _pattern() -> re.Pattern[str]:
    mark = f"{marks()}{JOINERS}"
    word = rf"[^\W\d_][{mark}]*+(?:[^\W_][{mark}]*+)*+"
    return re.compile(
        r"https?://[^\s<>\"“”‘’।]+[\w/]"
        r"|www\.[^\s<>\"“”‘’।]+[\w/]"
        r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
        rf"|[#@][\w{mark}]+"
        rf"|\d[{mark}]*+(?:[.,:]?\d[{mark}]*+)*+"
        rf"|{word}"
        rf"|[^\s\u200b\ufeff][{mark}]*+"
    )
