"""Anybody's dataset as it lies in a folder: Parquet files with or without a card, or what `save_to_disk` wrote."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.release.features import as_list_notation

__all__ = ["NER", "TAGS", "Table", "dataset_tables", "renamed", "tag_name"]

TAGS = "ner_tags"
NER = frozenset({"tokens", TAGS})

_SAVED = ("dataset_dict.json", "state.json")
_SPLITS = ("train", "valid", "dev", "test")  # how the names of splits begin, in the order in which people think of them
_BATCH = 1_000  # rows


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one split, in a file of their own."""

    file: str
    config: Path  # the folder of the tables that `datasets` loads together
    split: str
    columns: frozenset[str]
    names: Sequence[str]  # of the classes of the tags; empty when nothing says them
    stated: Sequence[str]  # what the card says they are where it says otherwise, else empty
    dataset: Any = None  # of `datasets`, when the rows are not in a Parquet file

    def rows(self, columns: Sequence[str] | None = None) -> Iterator[Mapping[str, Any]]:
        """The rows in order, with all columns or with those of these names that there are."""
        wanted = None if columns is None else [name for name in columns if name in self.columns]
        if self.dataset is not None:
            yield from self.dataset if wanted is None else self.dataset.select_columns(wanted)
            return
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.file) as file:
            for batch in file.iter_batches(batch_size=_BATCH, columns=wanted):
                yield from batch.to_pylist()


def dataset_tables(folder: Path) -> Iterator[Table]:
    """Find the tables of a dataset, folder by folder, train before test.

    A split is named as `datasets` would name it: after the file up to its first `-`, or after the folder, where that is
    the name of a split and the file's is none (`train/0000.parquet`).

    Raises:
        DataError: a file is no Parquet file.
        UsageError: the card, or what `save_to_disk` wrote, cannot be read.
    """
    if any((folder / name).is_file() for name in _SAVED):
        yield from _saved(folder)
        return
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    card = _of_card(folder)
    for path in sorted(folder.rglob("*.parquet"), key=_order):
        try:
            schema = pq.read_schema(path)
        except (OSError, ArrowException) as error:
            raise DataError([Fault(str(path), 0, "", Reason.UNREADABLE, str(error))]) from error
        names = _names(schema.metadata or {})
        stated: Sequence[str] = ()
        if TAGS in schema.names and card:
            if not names and len(card) == 1:
                names = card[0]
            elif names and list(names) not in card:
                stated = card[0]
        yield Table(str(path), _config_of(path), _split_of(path), frozenset(schema.names), names, stated)


def renamed(table: Table) -> Iterator[Fault]:
    """Yield a fault where the card names the classes otherwise than the file: `datasets` follows the card, unseen."""
    if table.stated:
        found = f"its classes are {', '.join(table.names)}, and README.md says {', '.join(table.stated)}"
        yield Fault(table.file, 0, "", Reason.MISMATCH, found)


def tag_name(tag: Any, names: Sequence[str]) -> str | None:
    """The name of a tag, which is a word itself or one of the classes; None where nothing gives one."""
    if isinstance(tag, str):
        return tag
    return names[tag] if 0 <= tag < len(names) else None


def _split_of(path: Path) -> str:
    name = path.stem.partition("-")[0]
    return path.parent.name if not name.startswith(_SPLITS) and path.parent.name.startswith(_SPLITS) else name


def _config_of(path: Path) -> Path:
    return path.parent.parent if path.parent.name == _split_of(path) else path.parent


def _order(path: Path) -> tuple[Path, int, str, str]:
    """Splits of a folder in the order of `_SPLITS`, whether they are files or folders of it."""
    split = _split_of(path)
    rank = next((rank for rank, name in enumerate(_SPLITS) if split.startswith(name)), len(_SPLITS))
    return _config_of(path), rank, path.parent.name, path.name


def _of_card(folder: Path) -> list[list[str]]:
    """The classes of the tags that the card of a dataset states; several lists where its configs differ."""
    if not (folder / "README.md").is_file():
        return []
    from datasets.info import DatasetInfosDict
    from huggingface_hub import DatasetCard

    try:
        card = DatasetCard.load(folder / "README.md", ignore_metadata_errors=True)
        infos = DatasetInfosDict.from_dataset_card_data(card.data)
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{folder / 'README.md'}: {error}") from error
    columns = [as_list_notation(info.features.to_dict()) for info in infos.values() if info.features]
    lists = [tuple(names) for it in columns if (names := _of_feature(it.get(TAGS)))]
    return [list(names) for names in dict.fromkeys(lists)]


def _saved(folder: Path) -> Iterator[Table]:
    import datasets

    try:
        found = datasets.load_from_disk(str(folder))
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"{folder}: datasets cannot load it: {error}") from error
    for name, rows in found.items() if isinstance(found, datasets.DatasetDict) else [("", found)]:
        columns = as_list_notation(rows.features.to_dict())
        file = str(folder / name) if name else str(folder)
        yield Table(
            file, folder, str(name or rows.split or ""), frozenset(columns), _of_feature(columns.get(TAGS)), (), rows
        )


def _names(metadata: Mapping[bytes, bytes]) -> Sequence[str]:
    """The classes of the tags, from the metadata that `datasets` of any version writes into a Parquet file."""
    try:
        columns = orjson.loads(metadata[b"huggingface"])["info"]["features"]
        return _of_feature(as_list_notation(columns[TAGS]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return ()


def _of_feature(feature: Any) -> Sequence[str]:
    inner = feature[0] if isinstance(feature, list) and feature else None
    return list(inner["names"]) if isinstance(inner, dict) and "names" in inner else ()
