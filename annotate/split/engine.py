"""Where sentences begin and end: one pass over the marks and line breaks of a text.

The candidates are found by one compiled pattern, which settles the plain case, a mark between two words, by itself.
The others are judged by what stands before and behind them. Nothing looks further than a few hundred code points, so
the time is linear in the text.
"""

import re
from itertools import repeat
from typing import NamedTuple

from annotate.aksharas import is_boundary
from annotate.records import Span
from annotate.split.characters import BREAKS
from annotate.split.datelines import is_dateline
from annotate.split.grammar import Grammar, compiled
from annotate.split.lists import item_starts
from annotate.split.stops import Place, ends_sentence

__all__ = ["Segment", "scan", "segment", "split"]

_HEADING_LENGTH = 200
_QUOTE_REACH = 400
_BREAKS = frozenset(BREAKS)
_LINE_END = re.compile(f"\r\n|[{BREAKS}]")
_CLOSERS = frozenset(")]}”’»›")
_STRAIGHT = frozenset("\"'`´")
_OPENING = frozenset("“‘„‚«‹")
_edges = re.Match[str].span


class Segment(NamedTuple):
    """A unit of a text, in code points; `kind` is `sentence`, `heading` or `dateline`."""

    start: int
    end: int
    kind: str


def segment(text: str, lang: str = "hi", wrapped: bool = False) -> list[Segment]:
    """Divide a text into sentences, headings and datelines.

    Args:
        text: any text; text of only white space and zero-width characters has no segments.
        lang: the language whose rules hold.
        wrapped: lines are broken at a width, so that only a blank line ends a paragraph.

    Returns:
        Segments in order, disjoint, covering every character that is neither white space nor of zero width.

    Raises:
        UsageError: the language is not known.
    """
    found, kinds = scan(text, lang, wrapped)
    return [Segment(start, end, kinds.get(start, "sentence")) for start, end in found]


def split(text: str, lang: str = "hi", wrapped: bool = False) -> list[Span]:
    """The segments of a text without their kinds; see `segment`."""
    # A tenth of the time of a pass went into the constructor that a NamedTuple has.
    return list(map(tuple.__new__, repeat(Span), scan(text, lang, wrapped)[0]))


def scan(text: str, lang: str, wrapped: bool) -> tuple[list[tuple[int, int]], dict[int, str]]:
    """Start and end of each unit that `segment` gives, and by its start the kind of each that is no sentence."""
    grammar = compiled(lang)
    going = _Scan(text, grammar, wrapped)
    start = going.open_line(0 if text[:1].isalpha() else grammar.lead(text))
    while start >= 0:
        start = going.run(start)
    return going.found, going.kinds


class _Scan:
    """One pass over one text."""

    __slots__ = ("counted", "cuts", "found", "grammar", "kinds", "line", "quotes", "stop", "text", "wrapped")

    def __init__(self, text: str, grammar: Grammar, wrapped: bool) -> None:
        self.text = text
        self.grammar = grammar
        self.wrapped = wrapped
        self.found: list[tuple[int, int]] = []
        self.kinds: dict[int, str] = {}  # of whatever is no sentence, by its start
        self.cuts: list[int] = []  # where items of a list begin within the current line, the last first
        self.line = self.counted = self.quotes = 0  # quotes: straight ones in the line, up to where they were counted
        self.stop = len(text)

    def run(self, start: int) -> int:
        """Go on from `start` until something but a plain sentence begins; returns where to resume, -1 at the end."""
        text, add, wrapped = self.text, self.found.append, self.wrapped
        passed = start
        stop = self.stop = self.cuts.pop() if self.cuts else len(text)
        for mark, edge in map(_edges, self.grammar.candidates.finditer(text, start, stop)):
            if edge - mark > 1 and start < mark:
                add((start, edge - 1))
                start = edge
            elif edge == stop and passed <= mark and start < mark and text[mark] not in _BREAKS:
                add((start, edge))
                start = passed = edge
            elif mark >= passed:  # else an earlier mark took it along
                if text[edge : edge + 1] == "\n" and start < mark and not wrapped and text[mark] not in _BREAKS:
                    add((start, edge))
                    broken = True
                    start = passed = edge + 1 if text[edge + 1 : edge + 2].isalpha() else self.grammar.skip(text, edge)
                else:
                    end, passed, broken = self.judge(start, mark)
                    if end:
                        self.take(start, mark, end)
                        start = passed
                if broken:
                    start = self.open_line(passed)
                    if start != passed or self.cuts:
                        return start
        if start < stop:
            self.take(start, stop, self.close_line(start, stop))
        return self.grammar.skip(text, stop) if stop < len(text) else -1

    def take(self, start: int, mark: int, end: int) -> None:
        """Add a sentence; marks alone belong to the sentence before them in the line."""
        if start == mark and self.found and self.line < start:
            self.found[-1] = (self.found[-1][0], end)
        elif end:
            self.found.append((start, end))

    def open_line(self, at: int) -> int:
        """Begin a line; returns where its first sentence begins, which is behind a dateline if it has one."""
        self.line = at
        text, grammar = self.text, self.grammar
        if not grammar.special.match(text, at):
            return at
        self.cuts = item_starts(text, at, grammar)
        opening = grammar.opening.match(text, at)
        if not opening or not is_dateline(opening, grammar.rules):
            return at
        end = opening.end()
        self.found.append((at, end))
        self.kinds[at] = "dateline"
        return grammar.skip(text, end)

    def close_line(self, start: int, stop: int) -> int:
        """Where a unit without a mark ends with its line, 0 if there is none; alone in its line it is a heading."""
        end = self.grammar.trim(self.text, start, stop)
        if end <= start:
            return 0
        if start == self.line and end - start <= _HEADING_LENGTH:
            self.kinds[start] = "heading"
        return end

    def judge(self, start: int, mark: int) -> tuple[int, int, bool]:
        """Decide on the mark or line break at `mark` in what began at `start`.

        Returns:
            Where it ends (0: it does not), where to go on, and whether a line begins there.
        """
        text, stop, grammar = self.text, self.stop, self.grammar
        if text[mark] in _BREAKS:
            after = grammar.skip(text, mark)
            broken = self.breaks(mark, after)
            return self.close_line(start, mark) if broken else 0, after, broken
        end = mark + 1
        if end == stop or (text[end] == "\n" and not self.wrapped):
            return end, grammar.skip(text, end), end < stop
        tail = grammar.tail.match(text, mark, stop)
        if tail is None:  # never: a candidate has a tail
            return 0, end, False
        end, after = tail.end(1), tail.end(2)
        if end == after < stop and text[after].isalnum() and self.opens(start, mark, end):
            end = after = end - 1
        broken = self.breaks(end, after)
        if end < after < stop and not broken and text[after] in _QUOTED:
            end, after = self.take_quotes(end, after)
            broken = self.breaks(end, after)
        ends = broken or after == stop or ends_sentence(text, Place(start, mark, end, after), grammar)
        # The patterns keep marks of the first plane together; the rest is rare enough to be asked for.
        if ends and (end == after or text[after : after + 1] > "\uffff"):
            ends = is_boundary(text, end) and is_boundary(text, after)
        return (end, after, broken) if ends else (0, end, False)

    def breaks(self, end: int, after: int) -> bool:
        """Tell whether the gap between two words ends the line."""
        gap = self.text[end:after]
        return _is_blank_line(gap) if self.wrapped else not _BREAKS.isdisjoint(gap)

    def opens(self, start: int, mark: int, end: int) -> bool:
        """Tell whether the quote before `end`, stuck between a mark and a word, belongs to the word."""
        quote = self.text[end - 1]
        return end - 1 > mark and (quote in _OPENING or (quote in _STRAIGHT and not self.is_open(start, end - 1)))

    def take_quotes(self, end: int, after: int) -> tuple[int, int]:
        """Let a closing quote or bracket that stands by itself after the mark join the sentence it closes."""
        text = self.text
        while end < after < self.stop:
            char, behind = text[after], text[after + 1 : after + 2]
            closes = char in _CLOSERS or (char in _STRAIGHT and self.is_open(end, after))
            if not closes or behind.isalnum():
                break
            end = after + 1
            after = min(self.grammar.skip(text, end), self.stop)
        return end, after

    def is_open(self, start: int, at: int) -> bool:
        """Tell whether the straight quote at `at` has an odd number of its kind before it in the line."""
        char = self.text[at]
        if char != '"':
            return self.text.count(char, max(start, at - _QUOTE_REACH), at) % 2 == 1
        if self.counted < self.line:
            self.counted, self.quotes = self.line, 0
        if at > self.counted:
            self.quotes += self.text.count(char, self.counted, at)
            self.counted = at
        return self.quotes % 2 == 1


_QUOTED = _CLOSERS | _STRAIGHT


def _is_blank_line(gap: str) -> bool:
    return len(_LINE_END.findall(gap)) > 1
