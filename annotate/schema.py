"""The JSON Schemas of `schemas/`: loaded, fitted to a label set, and asked about a record."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from annotate.errors import Reason
from annotate.labels import LabelSet
from annotate.records import Annotation, Article, Gold, Prelabeled, Record, Sentence

__all__ = ["KINDS", "Complaint", "Schema", "kind_of", "load", "shipped"]

KINDS: dict[str, type[Record]] = {
    "article": Article,
    "sentence": Sentence,
    "prelabeled": Prelabeled,
    "annotation": Annotation,
    "gold": Gold,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


class Complaint(NamedTuple):
    """What a record gets wrong, without the place it stands in."""

    reason: Reason
    found: str


def shipped(name: str) -> Path:
    """Where data that ships with the package lies: inside an installed wheel, or at the top of a checkout."""
    installed = Path(__file__).with_name("_data") / name
    if installed.exists():
        return installed
    top = Path(__file__).parents[1]
    return top / name if name == "schemas" else top / "datasets" / name


def load(kind: type[Record], labels: LabelSet) -> dict[str, Any]:
    """The JSON Schema of a record type, its label enums taken from `labels`; without a topic, none can be named."""
    schema: dict[str, Any] = orjson.loads((shipped("schemas") / f"{_NAMES[kind]}.schema.json").read_bytes())
    if "$defs" in schema:
        schema["$defs"]["entityLabel"]["enum"] = list(labels.entity_names)
        schema["$defs"]["stanceLabel"]["enum"] = list(labels.stance_names)
        if labels.topic:
            schema["$defs"]["topicStance"]["properties"]["topic"]["enum"] = [labels.topic.text]
        else:
            del schema["$defs"]["topicStance"], schema["properties"]["topic_stance"]
    return schema


def kind_of(data: Mapping[str, Any]) -> type[Record]:
    """Tell which of the five records a decoded line is meant to be, by the field only that record has."""
    for field, kind in (
        ("resolution", Gold),
        ("annotation_id", Annotation),
        ("entities", Prelabeled),
        ("article_id", Sentence),
    ):
        if field in data:
            return kind
    return Article


class Schema:
    """A compiled schema of one record type and one label set."""

    def __init__(self, kind: type[Record], labels: LabelSet) -> None:
        self._source = load(kind, labels)
        self._validator = _compile(orjson.dumps(self._source))

    def fits(self, data: Mapping[str, Any]) -> bool:
        """Tell whether the schema has nothing against a decoded record."""
        return bool(self._validator.is_valid(data))

    def complaints(self, data: Mapping[str, Any]) -> Iterator[Complaint]:
        """Yield everything the schema has against a decoded record, in order of place; nothing if it fits."""
        if self.fits(data):
            return
        # The Rust validator gives the verdict; the reference implementation, slower, words the reasons.
        from jsonschema import Draft202012Validator

        errors = sorted(
            Draft202012Validator(self._source).iter_errors(data), key=lambda e: [str(part) for part in e.absolute_path]
        )
        for error in errors:
            yield _complaint(error)
        if not errors:
            # Python's patterns are laxer: $ matches before a last line break, and \d takes the digits of any script.
            for strict in self._validator.iter_errors(data):
                yield Complaint(Reason.SCHEMA, _said(_place(strict.instance_path), strict.message))


def _complaint(error: Any) -> Complaint:
    place = _place(error.absolute_path)
    if error.validator == "enum" and place.endswith(("label", ".topic")):
        return Complaint(
            Reason.UNKNOWN_LABEL, f"{place}: {error.instance!r} (known: {', '.join(error.validator_value)})"
        )
    reason = Reason.MISSING_FIELD if error.validator == "required" else Reason.SCHEMA
    return Complaint(reason, _said(place, error.message))


def _place(path: Iterable[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _said(place: str, message: str) -> str:
    message = message if len(message) <= 200 else f"{message[:200]}…"
    return f"{place}: {message}" if place else message


@cache
def _compile(source: bytes) -> Any:
    import jsonschema_rs

    return jsonschema_rs.validator_for(orjson.loads(source))
