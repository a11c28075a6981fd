"""Pre-labels: what an engine proposes for each sentence, so that people correct instead of starting from nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from annotate.labels import DEFAULT, LabelSet
from annotate.prelabel.engines import BACKENDS, STANCE_BACKENDS, entity_backend, stance_backend
from annotate.prelabel.migrated import brought, ever, least_ever
from annotate.prelabel.protocol import EntityBackend, StanceBackend
from annotate.records import Engine, Entity, Prelabeled, Sentence
from annotate.relabel import Change

__all__ = [
    "BACKENDS",
    "STANCE_BACKENDS",
    "EntityBackend",
    "StanceBackend",
    "entity_backend",
    "prelabel",
    "prelabel_with",
    "stance_backend",
]

_NONE: Mapping[str, float] = MappingProxyType({})


def prelabel(
    sentences: Iterable[Sentence],
    backend: str = "crf",
    stance: str = "classifier",
    labels: LabelSet = DEFAULT,
    thresholds: Mapping[str, float] = _NONE,
    *,
    changes: Sequence[Change] = (),
) -> Iterator[Prelabeled]:
    """Propose entities and stances for sentences, in the order they come.

    Sentences of one article that follow each other are looked at together; no more than one article is held at a time.

    Args:
        sentences: sentences of any number of articles, those of an article together and in reading order.
        backend: name of the engine that finds entities, as `entity_backend` takes it. With `given` nothing is looked
            for: the sentences are labelled records, such as `Gold`, and their entities are taken.
        stance: name of the engine that finds stances, as `stance_backend` takes it.
        labels: the campaign's label set.
        thresholds: the least score of the entities that are kept, by label. Entities without a score are kept.
        changes: migrations of the label set, oldest first; what an engine says by labels of before is brought up.

    Raises:
        UsageError: no engine has that name; at the call, not at the first sentence.
        BackendError: a service does not answer.
    """
    known = ever(labels, changes)
    find_entities, find_stances = entity_backend(backend, known), stance_backend(stance, known)
    found = prelabel_with(sentences, find_entities, find_stances, least_ever(thresholds, labels, changes))
    return brought(found, changes, given=backend == "given") if changes else found


def prelabel_with(
    sentences: Iterable[Sentence],
    find_entities: EntityBackend,
    find_stances: StanceBackend,
    thresholds: Mapping[str, float] = _NONE,
) -> Iterator[Prelabeled]:
    """As `prelabel`, with engines that are made already."""
    engine = _joint(find_entities.engine, find_stances.engine)
    return _prelabel(sentences, find_entities, find_stances, thresholds, engine)


def _prelabel(
    sentences: Iterable[Sentence],
    find_entities: EntityBackend,
    find_stances: StanceBackend,
    thresholds: Mapping[str, float],
    engine: Engine,
) -> Iterator[Prelabeled]:
    for _, group in groupby(sentences, key=attrgetter("article_id")):
        article = list(group)
        entities = [_sure(found, thresholds) for found in find_entities.entities(article)]
        stances = find_stances.stances(article, entities)
        for sentence, found, taken in zip(article, entities, stances, strict=True):
            yield Prelabeled(**_fields(sentence), entities=tuple(found), stances=tuple(taken), engine=engine)


def _sure(entities: Sequence[Entity], thresholds: Mapping[str, float]) -> tuple[Entity, ...]:
    return tuple(e for e in entities if e.score is None or e.score >= thresholds.get(e.label, 0.0))


def _fields(sentence: Sentence) -> dict[str, Any]:
    return {name: getattr(sentence, name) for name in _SENTENCE_FIELDS}


def _joint(entities: Engine, stances: Engine) -> Engine:
    if entities == stances:
        return entities
    names = entities.name if entities.name == stances.name else f"{entities.name}+{stances.name}"
    return Engine(name=names, version=f"{entities.version}+{stances.version}")


_SENTENCE_FIELDS = tuple(field.name for field in fields(Sentence))
