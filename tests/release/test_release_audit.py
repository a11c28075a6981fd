"""The gate applied to datasets that stand already."""

import shutil

import datasets
import pytest

from annotate.errors import Reason, UsageError
from annotate.release.audit import audit

NAMES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
WORDS = ["राम", "दिल्ली", "गया", "।"]


def foreign(folder, **splits):
    """Somebody's dataset as the library itself writes it: tokens and tags, no texts, no articles."""
    features = datasets.Features(
        {
            "id": datasets.Value("string"),
            "tokens": datasets.List(datasets.Value("string")),
            "ner_tags": datasets.List(datasets.ClassLabel(names=NAMES)),
        }
    )
    for split, rows in splits.items():
        path = folder / "data" / f"{split}-00000-of-00001.parquet"
        path.parent.mkdir(exist_ok=True)
        records = [{"id": f"{split}{at}", "tokens": tokens, "ner_tags": tags} for at, (tokens, tags) in enumerate(rows)]
        datasets.Dataset.from_list(records, features=features).to_parquet(path)
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


def test_no_dataset(tmp_path):
    """A folder without tokens and tags is said to be so."""
    with pytest.raises(UsageError, match="no Parquet file with the columns tokens and ner_tags"):
        list(audit(tmp_path))


def test_at_the_command_line(cli, released):
    """`annotate validate` takes a folder."""
    done = cli("validate", released.path)
    assert (done.code, done.stderr) == (0, "1 files: no faults\n")
