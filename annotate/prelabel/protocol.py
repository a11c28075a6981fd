"""What a backend answers: entities for the sentences of one article, and stances toward those entities.

Both protocols see a whole article at once, in reading order, because a name that is clear in one sentence helps in
the next, and a speaker carries over. A backend may be handed part of an article, never two articles mixed.
"""

from collections.abc import Sequence
from typing import Protocol

from annotate.records import Engine, Entity, Sentence, Stance

__all__ = ["EntityBackend", "StanceBackend"]


class EntityBackend(Protocol):
    """Finds named mentions."""

    @property
    def engine(self) -> Engine:
        """Name and version; the version changes whenever a result can change."""
        ...

    def entities(self, article: Sequence[Sentence]) -> Sequence[tuple[Entity, ...]]:
        """Find the entities of each sentence of one article.

        Args:
            article: sentences of one article in reading order.

        Returns:
            As many tuples as sentences; entities sorted by start, in code points of the sentence's text, with
            `score` in 0..1 and `source` naming what found them. They never cut an akshara in two.
        """
        ...


class StanceBackend(Protocol):
    """Finds who stands where toward the entities that were found."""

    @property
    def engine(self) -> Engine:
        """Name and version; the version changes whenever a result can change."""
        ...

    def stances(
        self, article: Sequence[Sentence], entities: Sequence[tuple[Entity, ...]]
    ) -> Sequence[tuple[Stance, ...]]:
        """Find the stances of each sentence of one article.

        Args:
            article: sentences of one article in reading order.
            entities: the entities of each of them.

        Returns:
            As many tuples as sentences; targets and holders are ids of entities of the same sentence, cues are code
            points of its text. An entity without a stance is NEUTRAL. A pair of target and holder stands at most
            once, and a target has one label, since Label Studio keeps one stance per region.
        """
        ...
