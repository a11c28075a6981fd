"""The columns of a release: Arrow types, Parquet metadata, YAML and what `datasets` makes of them are the same."""

import datasets
import pytest

from annotate.labels import DEFAULT, EntityLabel, LabelSet, StanceLabel
from annotate.release.features import CONFIGS, arrow_schema, as_card, as_list_notation, features

YAML_TRAPS = LabelSet(entities=(EntityLabel("NO"), EntityLabel("1")), stances=(StanceLabel("yes"), StanceLabel("null")))


@pytest.mark.parametrize("labels", [pytest.param(DEFAULT, id="default"), pytest.param(YAML_TRAPS, id="yaml-traps")])
@pytest.mark.parametrize("config", CONFIGS)
def test_all_say_the_same(config, labels):
    """`datasets` reads the same features from the metadata and the YAML, and they have our Arrow types."""
    columns = features(config, labels)
    from_metadata = datasets.Features.from_arrow_schema(arrow_schema(columns))
    from_card = datasets.Features._from_yaml_list(as_card(columns))
    assert from_metadata == from_card
    assert columns == as_list_notation(from_metadata.to_dict())
    assert arrow_schema(columns).equals(from_metadata.arrow_schema, check_metadata=False)


def test_class_names_keep_their_order():
    """Class ids follow the label set: O, then B- and I- of each type."""
    assert features("ner", DEFAULT)["ner_tags"][0]["names"] == [
        "O",
        "B-PER",
        "I-PER",
        "B-ORG",
        "I-ORG",
        "B-LOC",
        "I-LOC",
    ]
    assert features("stance", DEFAULT)["stance"]["names"] == ["FAVOR", "AGAINST", "NEUTRAL"]


def test_metadata_is_in_list_notation():
    """No `List` or `Sequence` stands in the Parquet metadata, since `datasets` 3 does not know the one."""
    metadata = arrow_schema(features("spans", DEFAULT)).metadata[b"huggingface"]
    assert b"List" not in metadata
    assert b"Sequence" not in metadata
