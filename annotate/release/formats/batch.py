"""Sentences on their way out: one by one as records, or some hundreds at once as they were read.

To make a record of each, and then tags and lines token by token, is most of the work of a plain format.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from annotate.labels import LabelSet
from annotate.records import Annotation, Gold, Labeled, Span

if TYPE_CHECKING:
    from annotate.release.sheet import Sheet
    from annotate.split.columns import TokenColumns

__all__ = ["Batch", "Sample"]


class Sample(NamedTuple):
    """A sentence on its way out; `tokens` is empty for formats that do not stand on tokens."""

    record: Labeled
    tokens: Sequence[Span]


class Batch:
    """Records that keep the contract.

    Attributes:
        records: as they were decoded.
        kind: what they are.
        labels: the label set.
    """

    def __init__(
        self, records: Sequence[Mapping[str, Any]], kind: type[Gold] | type[Annotation], labels: LabelSet
    ) -> None:
        self.records = records
        self.kind = kind
        self.labels = labels

    @cached_property
    def tokens(self) -> "TokenColumns":
        """The tokens of all records."""
        from annotate.split.columns import token_columns

        return token_columns([record["text"] for record in self.records])

    @cached_property
    def sheet(self) -> "Sheet":
        """The records as columns, tags of the tokens among them."""
        from annotate.release.sheet import Sheet

        return Sheet(self.records, self.tokens, self.labels)

    def samples(self, *, on_tokens: bool, places: Collection[int] | None = None) -> Iterator[Sample]:
        """Yield the records, with their tokens or without; all of them, or those at some places."""
        for at in range(len(self.records)) if places is None else places:
            yield Sample(self.kind.from_dict(self.records[at]), self.tokens.of_text(at) if on_tokens else ())

    def without(self, places: Collection[int]) -> "Batch":
        """The other records."""
        rest = [record for at, record in enumerate(self.records) if at not in places]
        return Batch(rest, self.kind, self.labels)

    def spaced(self) -> list[int]:
        """The places of records with a token that has white space in it."""
        import numpy as np

        tokens = self.tokens
        white = np.flatnonzero(np.isin(self.sheet.texts.points, _white()))
        before = np.searchsorted(tokens.starts, white, "right") - 1
        inside = before[(before >= 0) & (white < tokens.ends[before])] if len(tokens.ends) else before[:0]
        places: list[int] = np.unique(tokens.of[inside]).tolist()
        return places


@cache
def _white() -> list[int]:
    return [code for code in range(0x10000) if chr(code).isspace()]
