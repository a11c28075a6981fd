"""Datelines: the place, date and agency a news report opens with."""

import re
from functools import cache

from annotate.split.grammar import Grammar, marks

__all__ = ["dateline_end"]


def dateline_end(text: str, at: int, grammar: Grammar) -> int:
    """Where the dateline that begins at `at` ends, with its mark; 0 if none begins there."""
    found = _pattern(grammar.rules.lang).match(text, at, at + 120) if grammar.rules.months else None
    return found.end(1) if found else 0


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    from annotate.split.rules import load

    rules = load(lang)
    word = rf"[^\W\d_][\w{marks()}\u200c\u200d.-]*+"
    month = "|".join(map(re.escape, sorted(rules.months, key=len, reverse=True)))
    return re.compile(
        rf"((?:{word}[ \t]+){{0,3}}{word}, ?(?:\d{{1,2}}[ \t]+(?:{month})|(?:{month})[ \t]+\d{{1,2}})(?:[ \t]+\d{{4}})?"
        rf"[ \t]*(?:\([^()\n]{{2,40}}\)[ \t]*)?[।.:—–-])(?=\s)"
    )
