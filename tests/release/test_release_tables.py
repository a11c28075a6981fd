"""Rows of the three configs."""

from dataclasses import replace

import pandas as pd
import pytest

from annotate.errors import DataError
from annotate.labels import DEFAULT, EntityLabel, LabelSet
from annotate.records import Entity, Span
from annotate.release.tables import Rows, Tables, stance_toward
from annotate.split import tokenize

TEXT = "[भाजपा|ORG] ने [कांग्रेस|ORG] की निंदा की, [मोदी|PER] चुप रहे।"


@pytest.fixture
def record(article):
    """One sentence in which one party is against another."""
    return article("a1", (TEXT, [("कांग्रेस", "AGAINST", "भाजपा")]))[0]


def test_ner_row(record):
    """Tokens, class ids and offsets go side by side, and every token slices the text."""
    row = Rows(DEFAULT).ner(record, tokenize(record.text, "hi"))
    assert row.tokens == ["भाजपा", "ने", "कांग्रेस", "की", "निंदा", "की", ",", "मोदी", "चुप", "रहे", "।"]
    assert row.ner_tags == [3, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0]
    assert row.tokens == [row.text[start:end] for start, end in row.offsets]
    assert (row.id, row.article_id) == ("a1:0-44", "a1")


def test_stance_rows(record):
    """Each entity has a row; the ones about which gold is silent are NEUTRAL and have no holder."""
    rows = list(Rows(DEFAULT).stance(record))
    assert [(row.target, row.stance, row.holder) for row in rows] == [
        ("भाजपा", 2, None),
        ("कांग्रेस", 1, "भाजपा"),
        ("मोदी", 2, None),
    ]
    assert [row.id for row in rows] == ["a1:0-44#e0-5-ORG", "a1:0-44#e9-17-ORG", "a1:0-44#e31-35-PER"]
    assert all(row.target == row.text[row.target_start : row.target_end] for row in rows)
    assert rows[1].holder == rows[1].text[rows[1].holder_start : rows[1].holder_end]


def test_types_without_stance_have_no_row(record):
    """A type that bears no stance is in `ner` and `spans` only."""
    labels = LabelSet(entities=(EntityLabel("PER"), EntityLabel("ORG", stance=False)), stances=DEFAULT.stances)
    rows = Rows(labels)
    assert [row.target for row in rows.stance(record)] == ["मोदी"]
    assert sorted(stance["target"] for stance in rows.spans(record).stances) == ["e31-35-PER", "e9-17-ORG"]


def test_spans_row(record):
    """Entities come by place, and every stance-bearing one has its stance written out."""
    row = Rows(DEFAULT).spans(record)
    assert [entity["id"] for entity in row.entities] == ["e0-5-ORG", "e9-17-ORG", "e31-35-PER"]
    assert [(stance["target"], stance["holder"], stance["label"]) for stance in row.stances] == [
        ("e0-5-ORG", None, "NEUTRAL"),
        ("e9-17-ORG", "e0-5-ORG", "AGAINST"),
        ("e31-35-PER", None, "NEUTRAL"),
    ]


def test_first_of_several_holders(article):
    """Of several holders `stance` names the one that stands first, before nobody; `spans` has all."""
    said = [("मोदी", "AGAINST", None), ("मोदी", "AGAINST", "कांग्रेस"), ("मोदी", "AGAINST", "भाजपा")]
    record = article("a1", (TEXT, said))[0]
    assert [row.holder for row in Rows(DEFAULT).stance(record) if row.target == "मोदी"] == ["भाजपा"]
    assert [stance["holder"] for stance in Rows(DEFAULT).spans(record).stances if stance["target"] == "e31-35-PER"] == [
        None,
        "e0-5-ORG",
        "e9-17-ORG",
    ]


def test_contradiction_is_refused(article):
    """Holders for and against one entity do not fit into one row."""
    record = article("a1", (TEXT, [("मोदी", "AGAINST", "कांग्रेस"), ("मोदी", "FAVOR", "भाजपा")]))[0]
    with pytest.raises(DataError, match="AGAINST and FAVOR"):
        stance_toward(Entity.at(31, 35, "PER"), record)


def test_pandas_reads_the_files(record, tmp_path):
    """Each file opens with pandas alone, values as they were."""
    record = replace(record, stances=(replace(record.stances[0], cue=Span(21, 29)),))
    with Tables(tmp_path, DEFAULT) as tables:
        tables.add("train", record, tokenize(record.text, "hi"))
    assert [(table.config, table.rows) for table in tables.tables()] == [("ner", 1), ("stance", 3), ("spans", 1)]
    ner = pd.read_parquet(tmp_path / "ner" / "train.parquet")
    assert ner.tokens[0][0] == "भाजपा"
    assert list(ner.offsets[0][0]) == [0, 5]
    stance = pd.read_parquet(tmp_path / "stance" / "train.parquet")
    assert list(stance.stance) == [2, 1, 2]
    assert record.text[int(stance.cue_start[1]) : int(stance.cue_end[1])] == "निंदा की"
    assert list(pd.read_parquet(tmp_path / "spans" / "train.parquet").stances[0][1]["cue"]) == [21, 29]


def test_batches_do_not_show(record, tmp_path, monkeypatch):
    """Rows and content hash are the same however many rows a batch has."""
    tokens = tokenize(record.text, "hi")
    found = []
    for size in (2, 1000):
        monkeypatch.setattr("annotate.release.tables._BATCH", size)
        with Tables(tmp_path / str(size), DEFAULT) as tables:
            for _ in range(5):
                tables.add("train", record, tokens)
        found.append([(table.rows, table.content) for table in tables.tables()])
    assert found[0] == found[1]
    assert [rows for rows, _ in found[0]] == [5, 15, 5]
