"""Pre-labels: what an engine proposes for each sentence, so that people correct instead of starting from nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeVar

from annotate.errors import UsageError
from annotate.labels import DEFAULT, LabelSet
from annotate.prelabel.protocol import EntityBackend, StanceBackend
from annotate.records import Engine, Prelabeled, Sentence

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

Backend = TypeVar("Backend")


def prelabel(
    sentences: Iterable[Sentence], backend: str = "crf", stance: str = "classifier", labels: LabelSet = DEFAULT
) -> Iterator[Prelabeled]:
    """Propose entities and stances for sentences, in the order they come.

    Sentences of one article that follow each other are looked at together; no more than one article is held at a time.

    Args:
        sentences: sentences of any number of articles, those of an article together and in reading order.
        backend: name of the engine that finds entities, a key of `BACKENDS`. With `given` nothing is looked for: the
            sentences are labelled records, such as `Gold`, and their entities are taken.
        stance: name of the engine that finds stances, a key of `STANCE_BACKENDS`.
        labels: the campaign's label set.

    Raises:
        UsageError: no engine has that name; at the call, not at the first sentence.
    """
    find_entities, find_stances = entity_backend(backend, labels), stance_backend(stance, labels)
    return prelabel_with(sentences, find_entities, find_stances)


def prelabel_with(
    sentences: Iterable[Sentence], find_entities: EntityBackend, find_stances: StanceBackend
) -> Iterator[Prelabeled]:
    """As `prelabel`, with engines that are made already."""
    return _prelabel(sentences, find_entities, find_stances, _joint(find_entities.engine, find_stances.engine))


def entity_backend(name: str, labels: LabelSet) -> EntityBackend:
    """Make the engine that finds entities.

    Raises:
        UsageError: no engine has that name; the message lists those there are.
    """
    return _factory(BACKENDS, name)(labels)


def stance_backend(name: str, labels: LabelSet) -> StanceBackend:
    """Make the engine that finds stances.

    Raises:
        UsageError: no engine has that name; the message lists those there are.
    """
    return _factory(STANCE_BACKENDS, name)(labels)


def _prelabel(
    sentences: Iterable[Sentence], find_entities: EntityBackend, find_stances: StanceBackend, engine: Engine
) -> Iterator[Prelabeled]:
    for _, group in groupby(sentences, key=attrgetter("article_id")):
        article = list(group)
        entities = find_entities.entities(article)
        stances = find_stances.stances(article, entities)
        for sentence, found, taken in zip(article, entities, stances, strict=True):
            yield Prelabeled(**_fields(sentence), entities=tuple(found), stances=tuple(taken), engine=engine)


def _fields(sentence: Sentence) -> dict[str, Any]:
    return {name: getattr(sentence, name) for name in _SENTENCE_FIELDS}


def _joint(entities: Engine, stances: Engine) -> Engine:
    if entities == stances:
        return entities
    names = entities.name if entities.name == stances.name else f"{entities.name}+{stances.name}"
    return Engine(name=names, version=f"{entities.version}+{stances.version}")


def _factory(factories: Mapping[str, Callable[[LabelSet], Backend]], name: str) -> Callable[[LabelSet], Backend]:
    try:
        return factories[name]
    except KeyError:
        raise UsageError(f"{name}: no such backend (known: {', '.join(sorted(factories))})") from None


def _given_entities(labels: LabelSet) -> EntityBackend:
    from annotate.prelabel.given import GivenEntities

    return GivenEntities(labels)


def _rules_entities(labels: LabelSet) -> EntityBackend:
    from annotate.prelabel.entity_rules import RulesEntities

    return RulesEntities(labels)


def _crf_entities(labels: LabelSet) -> EntityBackend:
    from annotate.prelabel.crf import CrfEntities

    return CrfEntities(labels)


def _classifier_stances(labels: LabelSet) -> StanceBackend:
    from annotate.prelabel.stance_classifier import ClassifierStances
    from annotate.prelabel.stance_classifier.model import shipped

    # An installation may leave the model out; the rules are always there, and the records name them.
    return ClassifierStances(labels) if shipped().is_file() else _rules_stances(labels)


def _rules_stances(labels: LabelSet) -> StanceBackend:
    from annotate.prelabel.stance_rules import RulesStances

    return RulesStances(labels)


BACKENDS: Mapping[str, Callable[[LabelSet], EntityBackend]] = MappingProxyType(
    {"crf": _crf_entities, "given": _given_entities, "rules": _rules_entities}
)
STANCE_BACKENDS: Mapping[str, Callable[[LabelSet], StanceBackend]] = MappingProxyType(
    {"classifier": _classifier_stances, "rules": _rules_stances}
)

_SENTENCE_FIELDS = tuple(field.name for field in fields(Sentence))
