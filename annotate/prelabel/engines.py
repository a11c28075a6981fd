"""The engines there are, by the name a user calls them: `crf`, `rules`, `spacy:MODEL`, `http:URL` …"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from annotate.errors import UsageError
from annotate.labels import LabelSet
from annotate.prelabel.protocol import EntityBackend, StanceBackend

__all__ = ["BACKENDS", "STANCE_BACKENDS", "entity_backend", "stance_backend"]

Backend = TypeVar("Backend")


def entity_backend(name: str, labels: LabelSet) -> EntityBackend:
    """Make the engine that finds entities.

    Args:
        name: a key of `BACKENDS`; for a key that ends in a colon, what the engine is made of stands behind it.
        labels: the campaign's label set.

    Raises:
        UsageError: no engine has that name, or it cannot be made; the message lists those there are.
        BackendError: a service does not answer.
    """
    return _factory(BACKENDS, name)(labels)


def stance_backend(name: str, labels: LabelSet) -> StanceBackend:
    """Make the engine that finds stances; as `entity_backend`, with a key of `STANCE_BACKENDS`.

    Raises:
        UsageError: no engine has that name, or it cannot be made; the message lists those there are.
        BackendError: a service does not answer.
    """
    return _factory(STANCE_BACKENDS, name)(labels)


def _factory(factories: Mapping[str, Callable[..., Backend]], name: str) -> Callable[[LabelSet], Backend]:
    kind, colon, argument = name.partition(":")
    if colon and argument and kind + colon in factories:
        return partial(factories[kind + colon], argument)
    if not name.endswith(":") and name in factories:
        return factories[name]
    known = ", ".join(sorted(key + _ARGUMENTS.get(key, "") for key in factories))
    raise UsageError(f"{name}: no such backend (known: {known})")


def _given_entities(labels: LabelSet) -> EntityBackend:
    from annotate.prelabel.given import GivenEntities

    return GivenEntities(labels)


def _rules_entities(labels: LabelSet) -> EntityBackend:
    from annotate.prelabel.entity_rules import RulesEntities

    return RulesEntities(labels)


def _crf_entities(labels: LabelSet) -> EntityBackend:
    from annotate.prelabel.crf import CrfEntities

    return CrfEntities(labels)


def _spacy_entities(model: str, labels: LabelSet) -> EntityBackend:
    from annotate.prelabel.outside.spacy_model import SpacyEntities

    return SpacyEntities(model, labels)


def _transformers_entities(model: str, labels: LabelSet) -> EntityBackend:
    from annotate.prelabel.outside.transformers_model import TransformersEntities

    return TransformersEntities(model, labels)


def _http_entities(url: str, labels: LabelSet) -> EntityBackend:
    from annotate.prelabel.outside.http_service import HttpEntities

    return HttpEntities(url, labels)


def _classifier_stances(labels: LabelSet) -> StanceBackend:
    from annotate.prelabel.stance_classifier import ClassifierStances
    from annotate.prelabel.stance_classifier.model import shipped

    # An installation may leave the model out; the rules are always there, and the records name them.
    return ClassifierStances(labels) if shipped().is_file() else _rules_stances(labels)


def _rules_stances(labels: LabelSet) -> StanceBackend:
    from annotate.prelabel.stance_rules import RulesStances

    return RulesStances(labels)


def _transformers_stances(model: str, labels: LabelSet) -> StanceBackend:
    from annotate.prelabel.outside.transformers_model import TransformersStances

    return TransformersStances(model, labels)


def _http_stances(url: str, labels: LabelSet) -> StanceBackend:
    from annotate.prelabel.outside.http_service import HttpStances

    return HttpStances(url, labels)


# A key with a colon is followed by what the engine is made of.
BACKENDS: Mapping[str, Callable[..., EntityBackend]] = MappingProxyType(
    {
        "crf": _crf_entities,
        "given": _given_entities,
        "http:": _http_entities,
        "rules": _rules_entities,
        "spacy:": _spacy_entities,
        "transformers:": _transformers_entities,
    }
)
STANCE_BACKENDS: Mapping[str, Callable[..., StanceBackend]] = MappingProxyType(
    {
        "classifier": _classifier_stances,
        "http:": _http_stances,
        "rules": _rules_stances,
        "transformers:": _transformers_stances,
    }
)
_ARGUMENTS = {"http:": "URL", "spacy:": "MODEL", "transformers:": "MODEL"}
