"""Sentences with stances from gold files and releases, the articles kept together."""

from collections.abc import Iterator
from pathlib import Path

from annotate.check import records
from annotate.errors import UsageError
from annotate.labels import DEFAULT, LabelSet
from annotate.records import Gold

__all__ = ["read_gold"]


def read_gold(path: Path, labels: LabelSet = DEFAULT) -> list[Gold]:
    """Read the labelled sentences of a gold file or a release, those of an article together and in order.

    Args:
        path: a `gold` file (`.jsonl`), or the folder of a release, of which the training part is taken.
        labels: the labels that may occur.

    Raises:
        DataError: a line is broken; every such line is one fault.
        UsageError: there is no such file, or it is of another kind.
    """
    if path.is_dir():
        found = list(_release(path))
    elif path.suffix == ".jsonl":
        found = list(records(path, Gold, labels))
    else:
        raise UsageError(f"{path}: not a .jsonl file of gold, nor the folder of a release")
    return sorted(found, key=lambda one: (one.article_id, one.index))


def _release(folder: Path) -> Iterator[Gold]:
    import pyarrow.parquet as pq

    file = folder / "spans" / "train.parquet"
    if not file.is_file():
        raise UsageError(f"{folder}: no spans/train.parquet, so this is no release")
    for row in pq.read_table(file).to_pylist():
        yield Gold.from_dict({**row, "resolution": {"method": "release", "annotators": ()}})
