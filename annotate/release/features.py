"""The columns of a release, described once: Arrow types, Parquet metadata and the card's YAML all derive from here.

Features are written in the list notation of Hugging Face `datasets`: `[feature]` is a list, a dict without `_type` a
struct. It is what `datasets` 3.x and 5.x both read; the notation that 5.x itself writes (`List`) breaks 3.x.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from annotate.labels import LabelSet

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CONFIGS", "TOPIC", "Features", "arrow_schema", "as_card", "as_list_notation", "configs", "features"]

Feature = Any  # a JSON value: {"dtype": …}, {"names": …}, [feature] or a dict of features
Features = Mapping[str, Feature]

CONFIGS = ("ner", "stance", "spans")  # of every label set
TOPIC = "topic"  # the config that a label set with a topic has besides

_STRING = {"dtype": "string", "_type": "Value"}
_INT = {"dtype": "int32", "_type": "Value"}


def configs(labels: LabelSet) -> tuple[str, ...]:
    """The configs that a release with these labels may have, in order."""
    return (*CONFIGS, TOPIC) if labels.topic else CONFIGS


def features(config: str, labels: LabelSet) -> Features:
    """The columns of a config in order; class names come from the frozen order of `labels`."""
    return {"ner": _ner, "stance": _stance, "spans": _spans, TOPIC: _topic}[config](labels)


def arrow_schema(columns: Features) -> "pa.Schema":
    """The Arrow schema of the columns, with the metadata that tells `datasets` their features."""
    import pyarrow as pa

    metadata = orjson.dumps({"info": {"features": columns}})
    return pa.schema(
        [pa.field(name, _arrow(feature)) for name, feature in columns.items()], metadata={b"huggingface": metadata}
    )


def as_card(columns: Features) -> list[dict[str, Any]]:
    """The columns as `dataset_info.features` of the card's YAML has them."""
    return [{"name": name, **_card(feature)} for name, feature in columns.items()]


def as_list_notation(feature: Feature) -> Feature:
    """Bring what `datasets.Features.to_dict` answers, in whichever version, into list notation."""
    if isinstance(feature, list):
        return [as_list_notation(item) for item in feature]
    match feature.get("_type"):
        case "List" | "Sequence" | "LargeList":
            return [as_list_notation(feature["feature"])]
        case "ClassLabel":
            return {"names": list(feature["names"]), "_type": "ClassLabel"}
        case str():
            return {"dtype": feature["dtype"], "_type": feature["_type"]}
    return {name: as_list_notation(inner) for name, inner in feature.items()}


def _ner(labels: LabelSet) -> Features:
    return {
        "id": _STRING,
        "article_id": _STRING,
        "tokens": [_STRING],
        "ner_tags": [_classes(labels.bio_names)],
        "text": _STRING,
        "offsets": [[_INT]],
    }


def _stance(labels: LabelSet) -> Features:
    return {
        "id": _STRING,
        "article_id": _STRING,
        "text": _STRING,
        "target": _STRING,
        "target_start": _INT,
        "target_end": _INT,
        "target_label": _STRING,
        "holder": _STRING,
        "holder_start": _INT,
        "holder_end": _INT,
        "cue_start": _INT,
        "cue_end": _INT,
        "stance": _classes(labels.stance_names),
    }


def _spans(labels: LabelSet) -> Features:
    about_topic = {"topic": _STRING, "topic_stance": _STRING} if labels.topic else {}
    return {
        "id": _STRING,
        "article_id": _STRING,
        "lang": _STRING,
        "index": _INT,
        "start": _INT,
        "end": _INT,
        "kind": _STRING,
        "text": _STRING,
        "entities": [{"id": _STRING, "start": _INT, "end": _INT, "label": _STRING}],
        "stances": [{"target": _STRING, "holder": _STRING, "label": _STRING, "cue": [_INT]}],
        **about_topic,
    }


def _topic(labels: LabelSet) -> Features:
    return {
        "id": _STRING,
        "article_id": _STRING,
        "text": _STRING,
        "topic": _STRING,
        "stance": _classes(labels.stance_names),
    }


def _classes(names: Sequence[str]) -> dict[str, Any]:
    return {"names": list(names), "_type": "ClassLabel"}


def _arrow(feature: Feature) -> "pa.DataType":
    import pyarrow as pa

    if isinstance(feature, list):
        return pa.list_(_arrow(feature[0]))
    if "_type" not in feature:
        return pa.struct([pa.field(name, _arrow(inner)) for name, inner in feature.items()])
    # `datasets` keeps class ids as int64, whatever the file says.
    return pa.int64() if feature["_type"] == "ClassLabel" else pa.type_for_alias(feature["dtype"])


def _card(feature: Feature) -> dict[str, Any]:
    if isinstance(feature, list):
        inner = _card(feature[0])
        return {"list": inner.get("dtype") or inner.get("struct") or inner}
    if "_type" not in feature:
        return {"struct": as_card(feature)}
    if feature["_type"] == "ClassLabel":
        return {"dtype": {"class_label": {"names": {str(at): name for at, name in enumerate(feature["names"])}}}}
    return {"dtype": feature["dtype"]}
