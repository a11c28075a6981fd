"""The `crf` engine for entities: a trained model, the rules as a second opinion, and a pass over the whole article."""

from collections.abc import Sequence
from pathlib import Path

from annotate.labels import LabelSet
from annotate.prelabel.article import spread
from annotate.prelabel.candidates import Candidate
from annotate.prelabel.crf.joined import joined
from annotate.prelabel.crf.model import MODEL, Model, load, shipped
from annotate.prelabel.entity_rules import RulesEntities
from annotate.prelabel.entity_rules.patterns import patterns_of
from annotate.prelabel.words import Words, end_of, words_of
from annotate.records import Engine, Entity, Sentence

__all__ = ["VERSION", "CrfEntities"]

VERSION = "3"

_HASH_SHOWN = 8


class CrfEntities:
    """Finds names with a model that `annotate train ner` wrote."""

    def __init__(
        self,
        labels: LabelSet,
        model: Model | Path | None = None,
        *,
        with_rules: bool = True,
        article_pass: bool = True,
    ) -> None:
        """Load a model.

        Args:
            labels: the label set of the campaign; other labels that the model knows stay unused.
            model: a model or its file; by default the one that comes with the package.
            with_rules: whether the rules may correct and complete what the model finds.
            article_pass: whether names that are clear in one sentence are looked for in the others.

        Raises:
            UsageError: there is no such model, or it is of another version.
        """
        self._labels = frozenset(labels.entity_names)
        self._model = model if isinstance(model, Model) else load(model or shipped())
        self._rules = RulesEntities(labels) if with_rules else None
        self._article_pass = article_pass

    @property
    def engine(self) -> Engine:
        """Name and version; the version holds the start of the model's hash."""
        return Engine(name="crf", version=f"{VERSION}+{self._model.hash[:_HASH_SHOWN]}")

    def entities(self, article: Sequence[Sentence]) -> list[tuple[Entity, ...]]:
        """Find the entities of each sentence of one article, as the protocol says."""
        read = [words_of(sentence.text, sentence.lang) for sentence in article]
        seen = list(map(patterns_of, read))
        if self._rules is None:
            finds = [list(one.finds) for one in self._model.find(read, seen)]
        else:
            ruled = self._rules.spread(read, seen, article)
            asked = [[at for find in those for at in range(find.first, find.last)] for those in ruled]
            finds = list(joined(read, self._model.find(read, seen, asked), ruled))
        if self._article_pass:
            finds = spread(read, finds)
        return [self._entities(words, kept) for words, kept in zip(read, finds, strict=True)]

    def _entities(self, words: Words, finds: Sequence[Candidate]) -> tuple[Entity, ...]:
        return tuple(
            Entity.at(
                words.start[find.first],
                end_of(words, find.first, find.last),
                find.label,
                round(self._model.calibration(find.score) if find.source == MODEL else find.score, 3),
                find.source,
            )
            for find in finds
            if find.label in self._labels
        )
