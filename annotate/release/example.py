"""One sentence of a release as its reader meets it: the row of each config, and where it stands."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from annotate.labels import NEUTRAL
from annotate.release.manifest import Manifest

__all__ = ["Example", "examples"]

_LOOKED_AT = 1_000  # rows; one with a stance and two entities is among them
_LENGTH = 120  # code points of a sentence that shows well


class Example(NamedTuple):
    """A row of a config."""

    split: str
    row: int  # from 0
    values: Mapping[str, Any]


def examples(folder: Path, manifest: Manifest) -> dict[str, Example]:
    """Choose a sentence of the first split that says something, and find its first row in every config.

    Args:
        folder: the release.
        manifest: of the release, with its tables.
    """
    shown = None
    for number, row in _rows(folder, manifest, "spans"):
        fits = len(row["text"]) <= _LENGTH
        said = any(stance["label"] != NEUTRAL for stance in row["stances"])
        rank = (fits and said, fits, len(row["entities"]) > 1, len(row["entities"]) > 0)
        if shown is None or rank > shown[0]:
            shown = rank, number, row
    if shown is None:
        return {}
    _, number, sentence = shown
    split = manifest.of_config("spans")[0].split
    found = {}
    for config in manifest.configs:
        for at, row in _rows(folder, manifest, config):
            if row["id"].partition("#")[0] == sentence["id"]:
                if config == "stance" and not _telling(row, sentence):
                    continue
                found[config] = Example(split, at, row)
                break
    return found


def _telling(row: Mapping[str, Any], sentence: Mapping[str, Any]) -> bool:
    """Tell whether a row of the config `stance` has a stance that is not neutral, where its sentence has one."""
    target = row["id"].partition("#")[2]
    said = {stance["target"] for stance in sentence["stances"] if stance["label"] != NEUTRAL}
    return not said or target in said


def _rows(folder: Path, manifest: Manifest, config: str) -> Iterator[tuple[int, dict[str, Any]]]:
    import pyarrow.parquet as pq

    first = manifest.of_config("spans")[0].split
    for table in manifest.of_config(config):
        if table.split == first:
            with pq.ParquetFile(folder / table.file) as file:
                batch = next(file.iter_batches(batch_size=_LOOKED_AT), None)
            yield from enumerate(batch.to_pylist() if batch else ())
