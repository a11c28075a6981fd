"""Sentences on their way out: one by one as records, or some hundreds at once as they were read.

To make a record of each, and then tags and lines token by token, is most of the work of a plain format.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from annotate.labels import LabelSet
from annotate.records import Annotation, Gold, Labeled, Span

if TYPE_CHECKING:
    from annotate.release.tagged import Bools, Tagged
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
    def tagged(self) -> "Tagged":
        """The records with their entities and the tags of their tokens as columns."""
        from annotate.release.tagged import Tagged

        return Tagged(self.records, self.tokens, self.labels)

    def samples(self, *, on_tokens: bool, places: Collection[int] | None = None) -> Iterator[Sample]:
        """Yield the records, with their tokens or without; all of them, or those at some places."""
        for at in range(len(self.records)) if places is None else places:
            yield Sample(self.kind.from_dict(self.records[at]), self.tokens.of_text(at) if on_tokens else ())

    def without(self, places: Collection[int]) -> "Batch":
        """The other records."""
        rest = [record for at, record in enumerate(self.records) if at not in places]
        return Batch(rest, self.kind, self.labels)

    def untaggable(self) -> list[int]:
        """The places of records with entities that share a token, or begin or end where no token does."""
        places: list[int] = self.tagged.untaggable().nonzero()[0].tolist()
        return places

    def spaced(self) -> list[int]:
        """The places of records with a token that has white space in it."""
        import numpy as np

        starts, ends = self.tokens.starts, self.tokens.ends
        if not len(starts):
            return []
        white = np.flatnonzero(_is_white()[self.tagged.texts.points])
        before = np.searchsorted(starts, white, "right") - 1
        inside = before[(before >= 0) & (white < ends[before])]
        return sorted(set(self.tokens.of[inside].tolist()))


@cache
def _is_white() -> "Bools":
    """Of each code point whether it is white space."""
    import numpy as np

    found = np.zeros(0x110000, np.bool_)
    found[[code for code in range(0x10000) if chr(code).isspace()]] = True
    return found
