"""Where sentences begin and end: one pass over the marks and line breaks of a text.

The candidates are found by one compiled pattern. Most are a danda and a space and are settled by a look-up; the others
are judged by what stands before and behind them. Nothing looks further than a few dozen code points, so the time is
linear in the text.
"""

import re
from typing import NamedTuple

from annotate.aksharas import is_boundary
from annotate.records import Span
from annotate.split.datelines import dateline_end
from annotate.split.grammar import Grammar, compiled
from annotate.split.stops import ends_sentence

__all__ = ["Segment", "segment", "split"]

_HEADING_LENGTH = 200
_BEFORE = 400  # how far back a single quote is looked for
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_CLOSERS = frozenset(")]}”’»›")
_STRAIGHT = frozenset("\"'`´")
_OPENING = frozenset("“‘„‚«‹")


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
    starts, ends, kinds = _bounds(text, lang, wrapped)
    return [Segment(start, end, kinds.get(start, "sentence")) for start, end in zip(starts, ends, strict=True)]


def split(text: str, lang: str = "hi", wrapped: bool = False) -> list[Span]:
    """The segments of a text without their kinds; see `segment`."""
    starts, ends, _ = _bounds(text, lang, wrapped)
    return list(map(Span, starts, ends))


def _bounds(text: str, lang: str, wrapped: bool) -> tuple[list[int], list[int], dict[int, str]]:
    """Starts, ends, and by its start the kind of whatever is no sentence: what `segment` and `split` are made of."""
    scan = _Scan(text, compiled(lang), wrapped)
    at: int | None = scan.open_line(scan.grammar.lead(text))
    while at is not None:
        at = scan.run(at)
    return scan.starts, scan.ends, scan.kinds


class _Scan:
    """One pass over one text."""

    __slots__ = ("counted", "ends", "grammar", "kinds", "line", "quotes", "starts", "text", "wrapped")

    def __init__(self, text: str, grammar: Grammar, wrapped: bool) -> None:
        self.text = text
        self.grammar = grammar
        self.wrapped = wrapped
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.kinds: dict[int, str] = {}
        self.line = 0  # where the current line begins
        self.counted = 0  # up to where straight quotes were counted
        self.quotes = 0  # how many there were in the line so far

    def run(self, start: int) -> int | None:
        """Go on from `start` until a line begins with a unit of its own; returns where to resume, None at the end."""
        text, starts, ends = self.text, self.starts, self.ends
        plain = self.grammar.plain
        for found in self.grammar.candidates.finditer(text, start):
            mark = found.start()
            size = plain.get(found[0])
            if size and start != mark:
                starts.append(start)
                ends.append(mark + size)
                start = found.end()
                continue
            if text[mark] in _BREAKS:
                after = self.grammar.skip(text, mark)
                if self.wrapped and not _is_blank_line(text[mark:after]):
                    continue
                self.close_line(start, mark)
            else:
                end, after, broken = self.judge(start, mark)
                if not end:
                    continue
                if start == mark and ends and self.line < start:
                    ends[-1] = end  # marks alone belong to the sentence before them
                else:
                    starts.append(start)
                    ends.append(end)
                start = after
                if not broken:
                    continue
            start = self.open_line(after)
            if start != after:
                return start
        self.close_line(start, len(text))
        return None

    def open_line(self, at: int) -> int:
        """Begin a line; returns where its first sentence begins, which is behind a dateline if it has one."""
        self.line = self.counted = at
        self.quotes = 0
        end = dateline_end(self.text, at, self.grammar)
        if not end:
            return at
        self.starts.append(at)
        self.ends.append(end)
        self.kinds[at] = "dateline"
        return self.grammar.skip(self.text, end)

    def close_line(self, start: int, stop: int) -> None:
        """End what is open where its line ends without a mark; alone in its line it is a heading."""
        end = self.grammar.trim(self.text, start, stop)
        if start < end:
            self.starts.append(start)
            self.ends.append(end)
            if start == self.line and end - start <= _HEADING_LENGTH:
                self.kinds[start] = "heading"

    def judge(self, start: int, mark: int) -> tuple[int, int, bool]:
        """Decide on the mark at `mark` of the sentence begun at `start`.

        Returns:
            Where the sentence ends (0: it does not), where the next begins, and whether a line ends in between.
        """
        text = self.text
        tail = self.grammar.tail.match(text, mark)
        if tail is None:  # the mark is a candidate, so it has a tail
            return 0, 0, False
        end, after = tail.end(1), tail.end(2)
        if end == after < len(text) and text[after].isalnum() and self.opens(start, mark, end):
            end = after = end - 1
        broken = self.breaks(text[end:after])
        if not broken:
            end, after = self.take_quotes(end, after)
            broken = self.breaks(text[end:after])
        ends = broken or after == len(text) or ends_sentence(text, start, mark, end, after, self.grammar)
        if not (ends and is_boundary(text, end) and is_boundary(text, after)):
            return 0, 0, False
        return end, after, broken

    def breaks(self, gap: str) -> bool:
        """Tell whether a gap between two words ends the line."""
        return _is_blank_line(gap) if self.wrapped else not _BREAKS.isdisjoint(gap)

    def opens(self, start: int, mark: int, end: int) -> bool:
        """Tell whether the quote before `end`, stuck between a mark and a word, belongs to the word."""
        quote = self.text[end - 1]
        return end - 1 > mark and (quote in _OPENING or (quote in _STRAIGHT and not self.is_open(start, end - 1)))

    def take_quotes(self, end: int, after: int) -> tuple[int, int]:
        """Let a closing quote or bracket that stands by itself after the mark join the sentence it closes."""
        text = self.text
        while end < after < len(text):
            char, behind = text[after], text[after + 1 : after + 2]
            closes = char in _CLOSERS or (char in _STRAIGHT and self.is_open(end, after))
            if not closes or behind.isalnum():
                break
            end = after + 1
            after = self.grammar.skip(text, end)
        return end, after

    def is_open(self, start: int, at: int) -> bool:
        """Tell whether the straight quote at `at` has an odd number of its kind before it in the line."""
        char = self.text[at]
        if char != '"':
            return self.text.count(char, max(start, at - _BEFORE), at) % 2 == 1
        self.quotes += self.text.count(char, self.counted, at)
        self.counted = max(self.counted, at)
        return self.quotes % 2 == 1


def _is_blank_line(gap: str) -> bool:
    return len(_LINE_ENDS.findall(gap)) > 1
