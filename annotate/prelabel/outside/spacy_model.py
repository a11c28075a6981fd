"""The engine `spacy:MODEL`: named entities of a spaCy pipeline, put onto our tokens."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from annotate.errors import MissingExtra, UsageError
from annotate.labels import LabelSet
from annotate.prelabel.outside.fitted import Find, entities_of
from annotate.records import Engine, Entity, Sentence

__all__ = ["SpacyEntities"]


class SpacyEntities:
    """Finds names with a spaCy model; its scores are unknown, as spaCy gives none."""

    def __init__(self, model: str, labels: LabelSet) -> None:
        """Load a model.

        Args:
            model: name of an installed pipeline package, or a folder that `nlp.to_disk` wrote.
            labels: the label set of the campaign.

        Raises:
            MissingExtra: spaCy is not installed.
            UsageError: there is no such model, or it cannot be loaded.
        """
        self._nlp = _loaded(model)
        self._labels = labels
        meta = self._nlp.meta
        self.engine = Engine(name=f"spacy:{meta['lang']}_{meta['name']}", version=str(meta["version"] or "0"))

    def entities(self, article: Sequence[Sentence]) -> list[tuple[Entity, ...]]:
        """Find the entities of each sentence of one article, as the protocol says."""
        docs = self._nlp.pipe([sentence.text for sentence in article])
        return [
            entities_of(
                sentence.text,
                sentence.lang,
                (Find(span.start_char, span.end_char, span.label_, None) for span in doc.ents),
                self._labels,
                self.engine.name,
            )
            for sentence, doc in zip(article, docs, strict=True)
        ]


@lru_cache(maxsize=1)
def _loaded(model: str) -> Any:
    try:
        import spacy
    except ImportError:
        raise MissingExtra("spacy", "spacy") from None
    try:
        return spacy.load(model)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"spacy:{model}: {reason}") from error
