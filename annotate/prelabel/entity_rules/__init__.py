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
from annotate.prelabel.entity_rules.heads import headed_names
from annotate.prelabel.entity_rules.known import known_names
from annotate.prelabel.entity_rules.people import people
from annotate.prelabel.lexicon import lexicon
from annotate.prelabel.words import Words, words_of
from annotate.records import Engine, Entity, Sentence

__all__ = ["VERSION", "RulesEntities"]

VERSION = "1"

_LEAST = 0.5  # below it a find is only kept for the article pass to confirm


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
        found = spread(read, [self._find(words, s.kind) for words, s in zip(read, article, strict=True)])
        return [self._entities(words, finds) for words, finds in zip(read, found, strict=True)]

    def _find(self, words: Words, kind: str) -> list[Candidate]:
        known = lexicon()
        traits = known.traits(words.fold)
        names = list(known_names(words, known, traits))
        places = frozenset(
            at for name in names if name.label != "PER" and name.score >= _LEAST for at in range(name.first, name.last)
        )
        full_names = frozenset(name.first for name in names if name.label == "PER" and name.last > name.first + 1)
        finds = [
            *names,
            *people(words, traits, places, full_names),
            *headed_names(words, traits, places),
            *places_by_ending(traits),
            *latin_names(words, traits),
        ]
        kept = settle(find for find in finds if find.score >= _LEAST)
        if kind == "dateline":
            kept = settle([*kept, *dateline_places(words, traits, kept)])
        return settle([*kept, *abbreviations(words, traits, kept), *listed_places(words, traits, kept)])

    def _entities(self, words: Words, finds: Sequence[Candidate]) -> tuple[Entity, ...]:
        return tuple(
            Entity.at(words.start[f.first], _end(words, f), f.label, f.score, f.source)
            for f in finds
            if f.label in self._labels
        )


def _end(words: Words, find: Candidate) -> int:
    """Where the find ends, a bracket that it opened included: जद (यू)."""
    end = words.end[find.last - 1]
    inside = words.text[words.start[find.first] : end]
    return end + 1 if inside.count("(") > inside.count(")") and words.text[end : end + 1] == ")" else end
