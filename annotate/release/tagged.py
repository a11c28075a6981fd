"""A batch of records with their entities as columns, and the tags that these are on tokens."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotate.labels import LabelSet
from annotate.release.texts import Ints, Texts, offsets_of
from annotate.split.columns import TokenColumns

__all__ = ["Bools", "Tagged", "ints", "lengths"]

Bools = NDArray[np.bool_]


class Tagged:
    """Records with tokens, entities and tags, each as a column.

    Entities stand in the order of their records, then of start, end and label. Places count through the texts of the
    whole batch, in code points.

    Attributes:
        records: the records as decoded, sound by the contract.
        labels: the label set; codes are places in its orders.
        texts: of the records.
        token_of, token_starts, token_ends, tags: of each token its record, place and class of the BIO scheme.
        entity_of, entity_starts, entity_ends, entity_labels, entity_ids: of each entity.
    """

    def __init__(self, records: Sequence[Mapping[str, Any]], tokens: TokenColumns, labels: LabelSet) -> None:
        self.records = records
        self.labels = labels
        self.texts = Texts([record["text"] for record in records])
        self.token_of, self.token_starts, self.token_ends = tokens.of, tokens.starts, tokens.ends
        self._take_entities()
        self._first = np.searchsorted(self.token_ends, self.entity_starts, "right")
        self._last = np.maximum(np.searchsorted(self.token_starts, self.entity_ends, "left"), self._first)
        self.tags = self._tags()

    def untaggable(self) -> Bools:
        """Whether a record has an entity that tags would not give back, or two that share a token."""
        found = np.zeros(len(self.records), bool)
        if not len(self.entity_of):
            return found
        touches = self._last > self._first
        first, last = self._first[touches], self._last[touches] - 1
        found[self.entity_of[~touches]] = True
        off = (self.token_starts[first] != self.entity_starts[touches]) | (
            self.token_ends[last] != self.entity_ends[touches]
        )
        found[self.entity_of[touches][off]] = True
        # In order of their starts: where any two meet, two neighbours do.
        meet = (self._first[1:] < self._last[:-1]) | (self.entity_starts[1:] < self.entity_ends[:-1])
        found[self.entity_of[1:][meet & (self.entity_of[1:] == self.entity_of[:-1])]] = True
        return found

    def _take_entities(self) -> None:
        lists = [record["entities"] for record in self.records]
        found = list(chain.from_iterable(lists))
        codes = {name: code for code, name in enumerate(self.labels.entity_names)}
        ranks = np.argsort(np.argsort(np.array(self.labels.entity_names, object))) if codes else np.zeros(0, np.int64)
        of = np.repeat(np.arange(len(lists)), lengths(lists))
        starts, ends = ints(map(itemgetter("start"), found)), ints(map(itemgetter("end"), found))
        labels = ints(map(codes.__getitem__, map(itemgetter("label"), found)))
        order = np.lexsort((ranks[labels], ends, starts, of))
        base = self.texts.borders[of]
        self.entity_of, self.entity_labels = of[order], labels[order]
        self.entity_starts, self.entity_ends = (starts + base)[order], (ends + base)[order]
        self.entity_ids = [found[at]["id"] for at in order.tolist()]

    def _tags(self) -> Ints:
        tags = np.zeros(len(self.token_of), np.int64)
        lengths = self._last - self._first
        inside = np.arange(lengths.sum()) + np.repeat(self._first - offsets_of(lengths)[:-1], lengths)
        tags[inside] = np.repeat(2 + 2 * self.entity_labels, lengths)
        tags[self._first[lengths > 0]] -= 1  # an I- becomes the B- before it
        return tags


def ints(values: Iterable[int]) -> Ints:
    """Numbers as a column."""
    return np.fromiter(values, np.int64)


def lengths(lists: Sequence[Sequence[Any]]) -> Ints:
    """How long each of some lists is."""
    return np.fromiter(map(len, lists), np.int64, len(lists))
