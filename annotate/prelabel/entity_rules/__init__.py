"""The `rules` engine for entities: gazetteers, patterns around them, and a pass over the whole article."""

from collections.abc import Sequence

from annotate.labels import LabelSet
from annotate.prelabel.article import spread
from annotate.prelabel.candidates import Candidate, settle
from annotate.prelabel.entity_rules.beside import (
    abbreviations,
    dateline_places,
    latin_names,
    listed_places,
    places_by_ending,
)
from annotate.prelabel.entity_rules.patterns import LEAST, Patterns, patterns_of
from annotate.prelabel.words import Words, end_of, words_of
from annotate.records import Engine, Entity, Sentence

__all__ = ["VERSION", "RulesEntities"]

VERSION = "1"


class RulesEntities:
    """Finds names by gazetteer and pattern. It knows PER, ORG and LOC; other labels of the set stay unused."""

    def __init__(self, labels: LabelSet) -> None:
        self._labels = frozenset(labels.entity_names)

    @property
    def engine(self) -> Engine:
        """Name and version; the version changes whenever a result can change."""
        return Engine(name="rules", version=VERSION)

    def entities(self, article: Sequence[Sentence]) -> list[tuple[Entity, ...]]:
        """Find the entities of each sentence of one article, as the protocol says."""
        read = [words_of(sentence.text, sentence.lang) for sentence in article]
        found = self.spread(read, list(map(patterns_of, read)), article)
        return [self._entities(words, finds) for words, finds in zip(read, found, strict=True)]

    def spread(
        self, read: Sequence[Words], seen: Sequence[Patterns], article: Sequence[Sentence]
    ) -> list[list[Candidate]]:
        """Find the names of an article's sentences, in words, for an engine that has looked at them already."""
        finds = [self._find(words, found, s.kind) for words, found, s in zip(read, seen, article, strict=True)]
        return [[find for find in kept if find.label in self._labels] for kept in spread(read, finds)]

    def _find(self, words: Words, seen: Patterns, kind: str) -> list[Candidate]:
        traits = seen.traits
        finds = [
            *seen.names,
            *seen.people,
            *seen.headed,
            *places_by_ending(traits),
            *latin_names(words, traits),
        ]
        kept = settle(find for find in finds if find.score >= LEAST)
        if kind == "dateline":
            kept = settle([*kept, *dateline_places(words, traits, kept)])
        return settle([*kept, *abbreviations(words, traits, kept), *listed_places(words, traits, kept)])

    def _entities(self, words: Words, finds: Sequence[Candidate]) -> tuple[Entity, ...]:
        return tuple(
            Entity.at(words.start[f.first], end_of(words, f.first, f.last), f.label, f.score, f.source) for f in finds
        )
