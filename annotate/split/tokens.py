"""Tokens: words with their marks, numbers, addresses, and every other sign by itself."""

import re
from functools import cache

from annotate.records import Span
from annotate.split.characters import BREAKS, INVISIBLE, JOINERS, SPACES, clinging
from annotate.split.rules import load

__all__ = ["tokenize"]


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
    return [Span(*found.span()) for found in _pattern().finditer(text)]


@cache
def _pattern() -> re.Pattern[str]:
    prepended = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e"
    leaning = rf"{clinging()}*+"
    letter = rf"[^\W\d_]{leaning}"
    digit = rf"\d{leaning}"
    flag = "[\U0001f1e6-\U0001f1ff]"
    picture = "[\u203c-\u3299\U0001f000-\U0001faff©®]"
    address = r"[^\s<>\"“”‘’।॥۔|]"
    return re.compile(
        rf"(?:https?|ftp)://{address}*[^\s<>\"“”‘’।॥۔|.,;:!?)\]]"
        rf"|www\.{address}*[^\s<>\"“”‘’।॥۔|.,;:!?)\]]"
        rf"|[A-Za-z0-9][A-Za-z0-9._%+-]{{0,63}}+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
        rf"|(?<!\w)[#@](?=\w)(?:[\w]{leaning})++"
        rf"|{digit}(?:[.,٫٬:/]?{digit})*+"
        rf"|[{prepended}]*+{letter}(?:(?:{letter}|{digit}))*+"
        rf"|{flag}{flag}{leaning}"
        rf"|{picture}{leaning}(?:(?<=\u200d){picture}{leaning})*+"
        rf"|[{prepended}]*+[^\s{SPACES}{BREAKS}{INVISIBLE}{JOINERS}]{leaning}"
    )
