"""Lists that were written into one line: 1. …… 2. …… 3. ……"""

import re

from annotate.split.grammar import Grammar

__all__ = ["item_starts"]

_LINE_END = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def item_starts(text: str, at: int, grammar: Grammar) -> list[int]:
    """Where the further items of a list begin, the last first, if the line at `at` opens with an item of a list.

    Numbers and letters must count up by one, so that a stray number is no item; a bullet is the same sign again.
    """
    opening = grammar.item.match(text, at)
    if not opening or not (opening[1] or opening[2]):
        return []
    bullet, label, closer = opening.groups()
    sign = re.escape(bullet or "")
    # The bullet or the white space tells where the item begins; the label, that it is the next one.
    further = re.compile(
        rf"(?<=\s){sign}[ \t]*(\d{{1,3}}|[a-z]){re.escape(closer)}\s*(?=\S)" if label else rf"(?<=\s){sign}"
    )
    line_end = _LINE_END.search(text, at)
    starts = []
    for item in further.finditer(text, opening.end(), line_end.start() if line_end else len(text)):
        if label:
            if not _follows(item[1], label):
                continue
            label = item[1]
        starts.append(item.start())
    return starts[::-1]


def _follows(label: str, earlier: str) -> bool:
    if label.isdecimal() and earlier.isdecimal():
        return int(label) == int(earlier) + 1
    return ord(label[0]) == ord(earlier[0]) + 1 and len(label) == len(earlier) == 1
