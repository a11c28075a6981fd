"""Folders of datasets: exported, loaded by `datasets`, and imported, ours and anybody's."""

import tempfile
from dataclasses import replace
from pathlib import Path

import datasets
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from annotate.check import records
from annotate.errors import DataError, Reason, UsageError
from annotate.labels import DEFAULT, EntityLabel, LabelSet, StanceLabel
from annotate.records import Entity, Gold, Stance
from annotate.release.build import build
from annotate.release.formats import export, import_gold
from tests.release.test_format_round_trip import plain
from tests.release.test_format_tools import accepted, said
from tests.strategies import golds, on_tokens

NAMES = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]


def written(folder, *golden):
    path = folder / "gold.jsonl"
    path.write_bytes(b"".join(record.to_json() + b"\n" for record in golden))
    return path


def loaded(folder, config, cache):
    """What a user gets."""
    return datasets.load_dataset(str(folder), config, cache_dir=str(cache), split="train")


@settings(deadline=None)
@given(on_tokens() | golds())
def test_there_and_back(record):
    """Sentence, entities, stances, holders and cues come back; what nobody said of an entity is NEUTRAL."""
    if not accepted("huggingface", record):
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export(written(folder, record), folder / "data", "huggingface")
        import_gold(folder / "data", folder / "back.jsonl", "huggingface")
        (back,) = records(folder / "back.jsonl", Gold)
    assert back.sentence() == replace(record.sentence(), splitter=None)
    assert sorted(plain(back), key=repr) == sorted(plain(record), key=repr)
    silent = [
        Stance(target=e.id, label="NEUTRAL") for e in record.entities if all(s.target != e.id for s in record.stances)
    ]
    assert said(back) == sorted([*said(record), *silent], key=repr)


def test_silence_needs_a_name(article, write, tmp_path):
    """Labels without NEUTRAL have no class for an entity about which nothing was said; no folder is left then."""
    labels = LabelSet(entities=(EntityLabel("PER"),), stances=(StanceLabel("FAVOR"),))
    with pytest.raises(UsageError, match="NEUTRAL"):
        export(write(article("a1", "[मोदी|PER] आए।")), tmp_path / "data", "huggingface", labels=labels)
    assert not (tmp_path / "data").exists()


def test_datasets_loads_every_config(corpus, tmp_path):
    """With the classes of the label set in order, and as many rows as gold has sentences and entities."""
    summary = export(corpus, tmp_path / "data", "huggingface")
    ner = loaded(tmp_path / "data", "ner", tmp_path / "cache")
    assert len(ner) == summary.sentences
    assert ner.features["ner_tags"].feature.names == NAMES
    assert sum(tag % 2 for row in ner["ner_tags"] for tag in row) == summary.entities
    stance = loaded(tmp_path / "data", "stance", tmp_path / "cache")
    assert (len(stance), stance.features["stance"].names) == (summary.entities, DEFAULT.stance_names)
    assert len(loaded(tmp_path / "data", "spans", tmp_path / "cache")) == summary.sentences
    assert "load_dataset" in (tmp_path / "data" / "README.md").read_text("utf-8")


def test_the_same_gold_gives_the_same_folder(corpus, tmp_path):
    """To the byte; the name of the folder stands in its card."""
    for name in ("a", "b"):
        export(corpus, tmp_path / name / "data", "huggingface")
    files = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file()]
    assert len(files) == 4
    assert all((tmp_path / "a" / it).read_bytes() == (tmp_path / "b" / it).read_bytes() for it in files)


def test_nothing_is_written_over(corpus, tmp_path):
    """A folder that is there, and stdout, are refused; with a fault no folder appears."""
    (tmp_path / "data").mkdir()
    for out in (tmp_path / "data", Path("-")):
        with pytest.raises(UsageError, match="name one that is not there yet"):
            export(corpus, out, "huggingface")
    path = tmp_path / "gold.jsonl"
    path.write_bytes(corpus.read_bytes() + b"{}\n")
    with pytest.raises(DataError):
        export(path, tmp_path / "other", "huggingface")
    path.write_bytes(b"")
    with pytest.raises(UsageError, match="no sentence to export"):
        export(path, tmp_path / "other", "huggingface")
    assert sorted(it.name for it in tmp_path.iterdir()) == ["data", "gold.jsonl"]


def test_two_stances_toward_one_entity(tmp_path, article):
    """The config stance has one row for an entity, so holders who differ are a fault."""
    (record,) = article("a", ("[नरेश|PER] ने [एबीसी|ORG] का विरोध किया।", [("एबीसी", "AGAINST", "नरेश")]))
    target = record.entities[1].id
    other = Stance(target=target, label="FAVOR")
    with pytest.raises(DataError, match=f"{target} is AGAINST and FAVOR"):
        export(written(tmp_path, replace(record, stances=(*record.stances, other))), tmp_path / "data", "huggingface")


def test_a_release(corpus, tmp_path):
    """A release comes back as the gold it was built from; its `ner` alone gives sentences and entities."""
    build(corpus, tmp_path, "1")
    import_gold(tmp_path / "1", tmp_path / "whole.jsonl", "huggingface")
    before = {it.id: it for it in records(corpus, Gold)}
    after = list(records(tmp_path / "whole.jsonl", Gold))
    assert {it.id for it in after} == set(before)
    assert all(plain(it) == plain(before[it.id]) and said(it) == said(before[it.id]) for it in after)
    import_gold(tmp_path / "1" / "ner", tmp_path / "ner.jsonl", "huggingface")
    alone = list(records(tmp_path / "ner.jsonl", Gold))
    assert {it.id: plain(it) for it in alone} == {it.id: plain(before[it.id]) for it in alone}
    assert len(alone) == len(before)


ROWS = {"tokens": [["नरेश", "जोशी", "आए", "।"], ["दिल्ली", "में"]], "ner_tags": [[1, 2, 0, 0], [5, 0]]}
CLASSES = datasets.Features({"tokens": [datasets.Value("string")], "ner_tags": [datasets.ClassLabel(names=NAMES)]})


def in_parquet(folder, rows):
    (folder / "data").mkdir(parents=True)
    rows.to_parquet(folder / "data" / "train-00000-of-00001.parquet")


def on_disk(folder, rows):
    rows.save_to_disk(folder)


def in_splits(folder, rows):
    datasets.DatasetDict({"train": rows.select([0]), "test": rows.select([1])}).save_to_disk(folder)


@pytest.mark.parametrize("save", [in_parquet, on_disk, in_splits])
def test_anybodys(save, tmp_path):
    """Tokens and tags in Parquet or from `save_to_disk`, one split or several, in the language that is named."""
    save(tmp_path / "theirs", datasets.Dataset.from_dict(ROWS, features=CLASSES))
    summary = import_gold(tmp_path / "theirs", tmp_path / "gold.jsonl", "huggingface", lang="mr")
    first, second = records(tmp_path / "gold.jsonl", Gold)
    assert (first.text, first.lang, first.entities) == ("नरेश जोशी आए ।", "mr", (Entity.at(0, 9, "PER"),))
    assert second.entities == (Entity.at(0, 6, "LOC"),)
    assert (summary.sentences, summary.left_out) == (2, {})


CARD = """---
dataset_info:
  features:
  - name: tokens
    list: string
  - name: ner_tags
    list:
      class_label:
        names:
          '0': O
          '1': B-{one}
          '2': I-{one}
          '3': B-{other}
          '4': I-{other}
---
"""


def test_classes_of_the_card(tmp_path):
    """Where the file does not name them, the card may; where both do and differ, that is a fault."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    pq.write_table(pa.table({"tokens": [["नरेश", "आए"]], "ner_tags": [[1, 0]]}), folder / "train.parquet")
    (folder / "README.md").write_text(CARD.format(one="LOC", other="PER"), "utf-8")
    import_gold(folder, tmp_path / "gold.jsonl", "huggingface")
    (record,) = records(tmp_path / "gold.jsonl", Gold)
    assert record.entities == (Entity.at(0, 4, "LOC"),)
    datasets.Dataset.from_dict(ROWS, features=CLASSES).to_parquet(folder / "train.parquet")
    with pytest.raises(DataError, match=r"README\.md says O, B-LOC, I-LOC, B-PER, I-PER"):
        import_gold(folder, tmp_path / "gold.jsonl", "huggingface")
    (folder / "README.md").write_text("---\nlicense: mit\n---\n", "utf-8")
    import_gold(folder, tmp_path / "gold.jsonl", "huggingface")


def test_tags_as_words(tmp_path):
    """Tags may be text, in BIO or BIOES; a repeated sentence is read once, a row without tokens never."""
    tokens = [["नरेश", "आए"], ["नरेश", "आए"], []]
    (tmp_path / "theirs").mkdir()
    pq.write_table(
        pa.table({"tokens": tokens, "ner_tags": [["S-PER", "O"]] * 2 + [[]]}), tmp_path / "theirs" / "dev.parquet"
    )
    summary = import_gold(tmp_path / "theirs", tmp_path / "gold.jsonl", "huggingface")
    (record,) = records(tmp_path / "gold.jsonl", Gold)
    assert record.entities == (Entity.at(0, 4, "PER"),)
    assert summary.left_out == {"repeated sentences": 1, "rows without tokens": 1}


TABLES = {
    "no-names": ({"tokens": [["क"]], "ner_tags": [[1]]}, Reason.UNKNOWN_LABEL, "does not name the classes"),
    "no-tag": ({"tokens": [["क"]], "ner_tags": [["PER"]]}, Reason.WRONG_TAG, "'PER' is no tag"),
    "too-few": ({"tokens": [["क", "ख"]], "ner_tags": [["O"]]}, Reason.WRONG_TAG, "1 tags for 2 tokens"),
    "unknown": ({"tokens": [["क"]], "ner_tags": [["B-GPE"]]}, Reason.UNKNOWN_LABEL, "GPE"),
    "astray": (
        {"tokens": [["क"]], "ner_tags": [["O"]], "text": ["ख"], "offsets": [[[0, 1]]]},
        Reason.WRONG_TEXT,
        "do not give the tokens",
    ),
    "told-otherwise": (
        {"tokens": [["क"], ["क"]], "ner_tags": [["O"], ["B-PER"]]},
        Reason.DUPLICATE_ID,
        "stands twice",
    ),
}


@pytest.mark.parametrize(("columns", "reason", "found"), TABLES.values(), ids=TABLES)
def test_what_is_wrong_is_said(columns, reason, found, tmp_path):
    """With the file, the row and the reason, and nothing is written."""
    (tmp_path / "theirs").mkdir()
    pq.write_table(pa.table(columns), tmp_path / "theirs" / "train.parquet")
    with pytest.raises(DataError) as refused:
        import_gold(tmp_path / "theirs", tmp_path / "gold.jsonl", "huggingface")
    (fault,) = refused.value.faults
    assert (fault.reason, fault.file, found in fault.found) == (
        reason,
        str(tmp_path / "theirs" / "train.parquet"),
        True,
    )
    assert not (tmp_path / "gold.jsonl").exists()


@pytest.mark.parametrize("name", ["empty", "other", "broken", "file"])
def test_what_is_no_dataset(name, tmp_path):
    """A folder without such tables, and what is no folder."""
    folder = tmp_path / name
    folder.mkdir()
    if name == "other":
        pq.write_table(pa.table({"text": ["क"]}), folder / "train.parquet")
    elif name == "broken":
        (folder / "train.parquet").write_bytes(b"PAR1")
    elif name == "file":
        folder = folder / "gold.jsonl"
        folder.write_bytes(orjson.dumps({}))
    with pytest.raises(DataError if name == "broken" else UsageError, match=str(folder)):
        import_gold(folder, tmp_path / "gold.jsonl", "huggingface")
