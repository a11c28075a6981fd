"""The gate applied to datasets that stand already."""

import shutil

import datasets
import pytest

from annotate.errors import Reason, UsageError
from annotate.release.audit import audit

NAMES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
WORDS = ["राम", "दिल्ली", "गया", "।"]
OTHERS = ["नदी", "सूरत", "बहती", "।"]


def table(rows, tag=None, name="{}"):
    """Rows of tokens and tags as a table of the library; tags are classes unless something else is asked for."""
    features = datasets.Features(
        {
            "id": datasets.Value("string"),
            "tokens": datasets.List(datasets.Value("string")),
            "ner_tags": datasets.List(tag or datasets.ClassLabel(names=NAMES)),
        }
    )
    records = [{"id": name.format(at), "tokens": tokens, "ner_tags": tags} for at, (tokens, tags) in enumerate(rows)]
    return datasets.Dataset.from_list(records, features=features)


def foreign(folder, *, tag=None, path="data/{}-00000-of-00001.parquet", **splits):
    """Somebody's dataset as the library itself writes it: tokens and tags, no texts, no articles."""
    for split, rows in splits.items():
        file = folder / path.format(split)
        file.parent.mkdir(parents=True, exist_ok=True)
        table(rows, tag, split + "{}").to_parquet(file)
    return folder


def reasons(folder):
    """Row, id and reason of every fault."""
    return [(fault.line, fault.id, fault.reason) for fault in audit(folder)]


def test_a_release_passes(released):
    """A release of ours has no fault."""
    assert list(audit(released.path)) == []


def test_a_damaged_release_does_not(released, tmp_path):
    """A file that is not the manifest's is named."""
    copy = shutil.copytree(released.path, tmp_path / "copy")
    (copy / "labels.svg").write_text("other", "utf-8")
    assert [fault.reason for fault in audit(copy)] == [Reason.MISMATCH]


def test_somebody_elses_dataset_passes(tmp_path):
    """Tokens and tags are enough."""
    assert reasons(foreign(tmp_path, train=[(WORDS, [1, 3, 0, 0])], test=[(WORDS[:2], [1, 3])])) == []


def test_rows_that_break_the_rules(tmp_path):
    """Tags that continue nothing, too few tags and a class that train lacks are all named, with their rows."""
    rows = [(WORDS, [1, 0, 0, 0]), (WORDS, [2, 0, 0, 0]), (WORDS, [1, 4, 0, 0]), (WORDS, [0, 0])]
    assert reasons(foreign(tmp_path, train=rows)) == [
        (2, "train1", Reason.WRONG_TAG),
        (3, "train2", Reason.WRONG_TAG),
        (4, "train3", Reason.WRONG_TAG),
        (0, "", Reason.CLASS_MISSING),
    ]


def test_leakage_between_splits(tmp_path, prose):
    """A long sentence that stands in train and in test is leakage, though nobody says what an article is."""
    sentence = prose(1)[0].split()
    tags = [1, 3, *[0] * (len(sentence) - 2)]
    folder = foreign(tmp_path, train=[(sentence, tags)], test=[(sentence, tags)])
    assert reasons(folder) == [(0, "", Reason.LEAKAGE)]


@pytest.mark.parametrize("path", ["{}/0000.parquet", "default/{}/0000.parquet", "ner/{}.parquet", "{}.parquet"])
def test_a_split_is_named_after_file_or_folder(path, tmp_path, prose):
    """As the Hub lays out what it converted, and as others do; leakage is seen only where splits are."""
    sentence = prose(1)[0].split()
    tags = [1, 3, *[0] * (len(sentence) - 2)]
    folder = foreign(tmp_path, path=path, train=[(sentence, tags)], test=[(sentence, tags)])
    (fault,) = audit(folder)
    assert (fault.reason, "(train)" in fault.found, "(test)" in fault.found) == (Reason.LEAKAGE, True, True)


def test_tags_as_words(tmp_path):
    """Tags may be words; they are held to the same rules as classes."""
    train = [(WORDS, ["B-PER", "B-LOC", "O", "O"]), (WORDS, ["O", "I-PER", "O", "O"])]
    test = [(OTHERS, ["B-ORG", "O", "O", "O"])]
    assert reasons(foreign(tmp_path, tag=datasets.Value("string"), train=train, test=test)) == [
        (2, "train1", Reason.WRONG_TAG),
        (0, "", Reason.CLASS_MISSING),
    ]


def test_what_was_saved_to_disk(tmp_path):
    """`save_to_disk` of the library is read as it is."""
    rows = [(WORDS, [1, 3, 0, 0]), (WORDS, [2, 0, 0, 0])]
    datasets.DatasetDict(train=table(rows), test=table([(OTHERS, [0, 3, 0, 0])])).save_to_disk(tmp_path / "saved")
    assert reasons(tmp_path / "saved") == [(2, "1", Reason.WRONG_TAG)]


def test_ids_that_number_the_rows_of_each_split(tmp_path):
    """Many a dataset counts each split from 0; only within a split is an id that stands twice a fault."""
    rows = [(WORDS, [1, 3, 0, 0])]
    datasets.DatasetDict(train=table(rows), test=table([(OTHERS, [0, 3, 0, 0])])).save_to_disk(tmp_path / "counted")
    assert reasons(tmp_path / "counted") == []
    table(rows * 2, name="same").to_parquet(tmp_path / "train.parquet")
    assert reasons(tmp_path) == [(2, "same", Reason.DUPLICATE_ID)]


CARD = """---
dataset_info:
  features:
  - name: id
    dtype: string
  - name: tokens
    list: string
  - name: ner_tags
    list:
      class_label:
        names:
{}
---
"""


def card(*names):
    """A card that names the classes of the tags."""
    return CARD.format("\n".join(f"          '{at}': {name}" for at, name in enumerate(names)))


def test_classes_without_names(tmp_path):
    """Numbers that nobody names are one fault of the file, not one of each row; the card may name them."""
    foreign(tmp_path, tag=datasets.Value("int64"), train=[(WORDS, [1, 3, 0, 0])] * 3)
    assert reasons(tmp_path) == [(0, "", Reason.UNKNOWN_LABEL)]
    (tmp_path / "README.md").write_text(card(*NAMES), "utf-8")
    assert reasons(tmp_path) == []


def test_classes_that_would_swap(tmp_path):
    """`datasets` names classes as the card does, or the first file, and says nothing of a file that says otherwise."""
    swapped = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
    rows = [(OTHERS, [0, 3, 0, 0])]
    foreign(tmp_path, train=[(WORDS, [1, 3, 0, 0])])
    foreign(tmp_path, tag=datasets.ClassLabel(names=swapped), test=rows)
    (fault,) = audit(tmp_path)
    assert (fault.reason, "test-" in fault.file, "B-LOC, I-LOC, B-PER" in fault.found) == (Reason.MISMATCH, True, True)
    foreign(tmp_path, test=rows)
    (tmp_path / "README.md").write_text(card(*swapped), "utf-8")
    assert [(fault.reason, "README.md" in fault.found) for fault in audit(tmp_path)] == [(Reason.MISMATCH, True)] * 2


@pytest.mark.parametrize("column", ["tokens", "ner_tags"])
def test_rows_without_a_value(column, tmp_path):
    """A row of another shape than the rest is a fault like another."""
    rows = [{"tokens": WORDS, "ner_tags": [1, 3, 0, 0]}, {"tokens": WORDS, "ner_tags": [0] * 4, column: None}]
    features = {name: it for name, it in table([(WORDS, [0] * 4)]).features.items() if name != "id"}
    datasets.Dataset.from_list(rows, features=datasets.Features(features)).to_parquet(tmp_path / "train.parquet")
    assert reasons(tmp_path) == [(2, "", Reason.SCHEMA)]


def test_a_folder_of_releases(released):
    """Its releases are not one dataset, so one has to be named."""
    with pytest.raises(UsageError, match=f"name one of them, such as {released.path}"):
        list(audit(released.path.parent))


def test_no_dataset(tmp_path):
    """A folder without tokens and tags is said to be so."""
    with pytest.raises(UsageError, match="no Parquet file, and nothing saved to disk, with the columns tokens and ner"):
        list(audit(tmp_path))


def test_at_the_command_line(cli, released):
    """`annotate validate` takes a folder."""
    done = cli("validate", released.path)
    assert (done.code, done.stderr) == (0, "1 files: no faults\n")
