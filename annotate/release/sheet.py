"""A batch of gold as flat columns: which records are sound, what each article holds, and what stands where.

Everything that a release is made of derives from these columns without a Python object for each token or tag.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any
from unicodedata import category

import numpy as np

from annotate.labels import NEUTRAL, LabelSet
from annotate.release.tagged import Bools, Tagged, ints, lengths
from annotate.release.texts import Ints
from annotate.split.columns import TokenColumns

__all__ = ["NOBODY", "Sheet"]

NOBODY = -1  # in place of a holder, of where a cue stands, or of a stance that nobody took


class Sheet(Tagged):
    """Gold records with their tokens, each thing that they hold as a column.

    Stances stand in the order of their targets, then of their holders, with the NEUTRAL that nobody wrote down.

    Attributes:
        targets, holders, stance_labels, cue_starts, cue_ends: of each stance; the first two count entities.
        topic_stances: of each record its stance toward the topic, NOBODY where none is known.
    """

    def __init__(self, records: Sequence[Mapping[str, Any]], tokens: TokenColumns, labels: LabelSet) -> None:
        super().__init__(records, tokens, labels)
        self._bears = np.array([label.stance for label in labels.entities], bool)
        self._take_stances()
        self.topic_stances = self._take_topic_stances()

    def counts_of(self, things: Ints) -> Ints:
        """How many of things, of which the record of each is given, every record has."""
        return np.bincount(things, minlength=len(self.records))

    def bearing(self) -> Ints:
        """The entities of types that bear stance."""
        return np.flatnonzero(self._bears[self.entity_labels])

    def chosen(self) -> Ints:
        """Of every entity the stance toward it: of several holders the one named first; NOBODY where there is none."""
        found = np.full(len(self.entity_of), NOBODY)
        # A stance without a holder comes after all that have one; what is written last stays.
        late = np.where(self.holders == NOBODY, len(self.entity_of), self.holders)
        order = np.lexsort((late, self.targets))[::-1]
        found[self.targets[order]] = order
        return found

    def odd(self) -> list[int]:
        """The records that something may keep out of a release, by their place in the batch; `problems` says what.

        A record that is not among them has tokens that slice its text, entities on their borders and apart, tags that
        give these entities back, and stances toward each that agree.
        """
        odd = self.untaggable()
        found = odd | self._astray() | self._contradictory() | self._misread(~odd)
        return [int(at) for at in np.flatnonzero(found)]

    def held(self) -> dict[str, Counter[str]]:
        """What each article of the batch holds: `sentences`, and how often each label, as "entity PER".

        Stances toward entities are "stance FAVOR", those toward the topic "topic FAVOR".
        """
        names, stances = self.labels.entity_names, self.labels.stance_names
        labelled = (("entity", names), ("stance", stances), ("topic", stances))
        kinds = ["sentences", *(f"{kind} {name}" for kind, every in labelled for name in every)]
        articles: dict[str, int] = {}
        article_of = np.array([articles.setdefault(it["article_id"], len(articles)) for it in self.records], np.int64)
        bearing = self.bearing()
        toward = self.stance_labels[self.chosen()[bearing]]
        asked = np.flatnonzero(self.topic_stances != NOBODY)
        cells = np.concatenate(
            [
                article_of * len(kinds),
                article_of[self.entity_of] * len(kinds) + 1 + self.entity_labels,
                article_of[self.entity_of[bearing]] * len(kinds) + 1 + len(names) + toward,
                article_of[asked] * len(kinds) + 1 + len(names) + len(stances) + self.topic_stances[asked],
            ]
        )
        counts = np.bincount(cells, minlength=len(articles) * len(kinds)).reshape(-1, len(kinds)).tolist()
        return {
            article: Counter({kind: count for kind, count in zip(kinds, row, strict=True) if count})
            for article, row in zip(articles, counts, strict=True)
        }

    def _take_stances(self) -> None:
        codes = {name: code for code, name in enumerate(self.labels.stance_names)}
        lists = [record["stances"] for record in self.records]
        said = list(chain.from_iterable(lists))
        of = np.repeat(np.arange(len(lists)), lengths(lists))
        names = [*map(itemgetter("target"), said), *(it.get("holder") for it in said)]
        targets, holders = self._places(np.tile(of, 2), names).reshape(2, -1)
        nowhere = (NOBODY, NOBODY)
        cues = ints(chain.from_iterable([it.get("cue") or nowhere for it in said])).reshape(-1, 2)
        cues += np.where(cues == NOBODY, 0, self.texts.borders[of][:, None])
        silent = self._bears[self.entity_labels]
        silent[targets] = False
        self._silent = np.flatnonzero(silent)
        none = np.full(len(self._silent), NOBODY)
        neutral = np.full(len(self._silent), codes.get(NEUTRAL, NOBODY))
        labels = ints(map(codes.__getitem__, map(itemgetter("label"), said)))
        targets = np.concatenate([targets, self._silent])
        holders = np.concatenate([holders, none])
        order = np.lexsort((holders, targets))
        self.targets, self.holders = targets[order], holders[order]
        self.stance_labels = np.concatenate([labels, neutral])[order]
        self.cue_starts = np.concatenate([cues[:, 0], none])[order]
        self.cue_ends = np.concatenate([cues[:, 1], none])[order]

    def _places(self, of: Ints, names: Sequence[str | None]) -> Ints:
        """Where the entities stand that are named in the records `of`; NOBODY for a name that is None."""
        codes: dict[str | None, int] = {None: 0}
        mine = ints([codes.setdefault(name, len(codes)) for name in self.entity_ids])
        named = ints(map(codes.__getitem__, names))
        keys = self.entity_of * len(codes) + mine  # no two entities have the same
        order = np.argsort(keys)
        found = np.searchsorted(keys, of * len(codes) + named, sorter=order)
        return np.where(named == 0, NOBODY, np.append(order, NOBODY)[found])

    def _take_topic_stances(self) -> Ints:
        if not self.labels.topic:
            return np.full(len(self.records), NOBODY)
        codes = {name: code for code, name in enumerate(self.labels.stance_names)}
        said = (record.get("topic_stance") for record in self.records)
        return ints(codes[it["label"]] if it else NOBODY for it in said)

    def _astray(self) -> Bools:
        """Whether tokens are out of order or of the text, or leave out what is neither white nor of zero width."""
        found = self._nothing()
        borders = self.texts.borders
        wrong = (self.token_starts >= self.token_ends) | (self.token_starts < borders[self.token_of])
        wrong |= self.token_ends > borders[self.token_of + 1]
        wrong[1:] |= self.token_starts[1:] < self.token_ends[:-1]
        if wrong.any():
            found[self.token_of[wrong]] = True
            return found | ~found  # where places mislead, nothing can be said of the others
        steps = np.zeros(len(self.texts.points) + 1, np.int8)
        steps[self.token_starts] += 1
        steps[self.token_ends] -= 1
        left_out = np.flatnonzero(np.cumsum(steps[:-1], dtype=np.int8) == 0)
        left_out = left_out[self.texts.points[left_out] != ord(" ")]
        for point in np.unique(self.texts.points[left_out]):
            if not (chr(point).isspace() or category(chr(point)) == "Cf"):
                places = left_out[self.texts.points[left_out] == point]
                found[np.searchsorted(borders, places, "right") - 1] = True
        return found

    def _contradictory(self) -> Bools:
        """Whether stances toward something differ, or are meant by silence for which the label set has no name."""
        found = self._nothing()
        differ = (self.targets[1:] == self.targets[:-1]) & (self.stance_labels[1:] != self.stance_labels[:-1])
        found[self.entity_of[self.targets[1:][differ]]] = True
        if NEUTRAL not in self.labels.stance_names:
            found[self.entity_of[self._silent]] = True
        return found

    def _misread(self, sound: Bools) -> Bools:
        """Whether the tags of a record that is sound so far, read back, are not its entities."""
        mine = np.flatnonzero(sound[self.entity_of])
        begins = np.flatnonzero((self.tags % 2 == 1) & sound[self.token_of])
        inside = (self.tags > 0) & (self.tags % 2 == 0)
        ends = np.append(np.flatnonzero(~inside), len(self.tags))
        lasts = ends[np.searchsorted(ends, begins, "right")] - 1
        read = self.token_starts[begins], self.token_ends[lasts], (self.tags[begins] - 1) // 2
        given = self.entity_starts[mine], self.entity_ends[mine], self.entity_labels[mine]
        same = all(np.array_equal(a, b) for a, b in zip(read, given, strict=True))
        return self._nothing() if same else sound

    def _nothing(self) -> Bools:
        return np.zeros(len(self.records), bool)
