"""Half-open spans over one text, in code points. The only place that does arithmetic on offsets."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from annotate.records import Span

__all__ = ["HasSpan", "gaps", "overlaps", "text_of"]


class HasSpan(Protocol):
    """Anything that stands at `start`:`end` of a text."""

    @property
    def start(self) -> int: ...  # noqa: D102 - the class says it
    @property
    def end(self) -> int: ...  # noqa: D102 - the class says it


def overlaps(a: HasSpan, b: HasSpan) -> bool:
    """Tell whether two spans share a code point; touching is not sharing."""
    return a.start < b.end and b.start < a.end


def text_of(text: str, span: HasSpan) -> str:
    """The surface text of a span."""
    return text[span.start : span.end]


def gaps(spans: Sequence[HasSpan], length: int) -> Iterator[Span]:
    """Yield what sorted, disjoint `spans` leave uncovered of a text of `length` code points."""
    at = 0
    for span in spans:
        if at < span.start:
            yield Span(at, span.start)
        at = span.end
    if at < length:
        yield Span(at, length)
