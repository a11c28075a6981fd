"""Rows on their way into a release: kept on disk until every article has its split, then written as Parquet."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import orjson

from annotate.labels import LabelSet
from annotate.release.content import ContentHash
from annotate.release.features import configs, features

if TYPE_CHECKING:
    import pyarrow as pa

    from annotate.release.sheet import Sheet

__all__ = ["Spool", "Table", "content_of", "write"]

_ROWS = 10_000  # of a row group, at least: 4 to 9 MB in memory
_RUN = 4  # rows: shorter runs of one split are copied rather than cut out


@dataclass(frozen=True, slots=True)
class Table:
    """One Parquet file of a release."""

    config: str
    split: str
    file: str  # within the release
    rows: int
    content: str  # ContentHash of the rows
    arrow_bytes: int


def content_of(config: str, labels: LabelSet, tables: Iterable[Table]) -> str:
    """A SHA-256 of the columns and rows of a config, over those of the tables that are its."""
    told = [(table.split, table.rows, table.content) for table in tables if table.config == config]
    return sha256(orjson.dumps([features(config, labels), told])).hexdigest()


class Spool(AbstractContextManager["Spool"]):
    """The rows of all configs in the order they came, one Arrow stream each; the files go away with the block.

    They take about 2 KB a sentence: compression would save half of it, and cost as much time as half the Parquet files.
    """

    def __init__(self, folder: Path, labels: LabelSet) -> None:
        self.configs = configs(labels)
        self._folder = folder
        self._writers: dict[str, Any] = {}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        for config in self.configs:
            self._path(config).unlink(missing_ok=True)

    def add(self, sheet: "Sheet") -> None:
        """Take in the rows of a batch of sound records."""
        import pyarrow as pa

        from annotate.release.tables import batches

        for config, batch in batches(sheet).items():
            if config not in self._writers:
                self._writers[config] = pa.ipc.new_stream(self._path(config), batch.schema)
            self._writers[config].write_batch(batch)

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Article id and text of every sentence that came."""
        for batch in self._batches("spans"):
            yield from zip(batch.column("article_id").to_pylist(), batch.column("text").to_pylist(), strict=True)

    def parts(self, config: str, splits: Mapping[str, str]) -> Iterator[tuple[str, "pa.RecordBatch"]]:
        """The rows of a config in batches of one split each; rows of articles without a split are left out."""
        import numpy as np
        import pyarrow as pa

        names = sorted(set(splits.values()))
        codes = {split: code for code, split in enumerate(names)}
        for batch in self._batches(config):
            articles = batch.column("article_id").dictionary_encode()
            code_of = [codes.get(splits.get(article, ""), -1) for article in articles.dictionary.to_pylist()]
            code = np.array(code_of, np.int64)[articles.indices.to_numpy()]
            borders = np.flatnonzero(np.diff(code, prepend=-2, append=-2))
            if len(borders) * _RUN < len(code):
                for start, end in pairwise(borders.tolist()):
                    if code[start] >= 0:
                        yield names[code[start]], batch.slice(start, end - start)
                continue
            for number, split in enumerate(names):
                if len(rows := np.flatnonzero(code == number)):
                    yield split, batch.take(pa.array(rows))

    def _batches(self, config: str) -> Iterator["pa.RecordBatch"]:
        import pyarrow as pa

        self._close()
        if self._path(config).exists():
            with pa.OSFile(str(self._path(config))) as file, pa.ipc.open_stream(file) as stream:
                yield from stream

    def _close(self) -> None:
        while self._writers:
            self._writers.popitem()[1].close()

    def _path(self, config: str) -> Path:
        return self._folder / f".{config}.arrow"


def write(spool: Spool, splits: Mapping[str, str], folder: Path) -> Iterator[Table]:
    """Write `<config>/<split>.parquet` under a folder, for every config and split that has a row.

    A split without rows has no file, since `datasets` cannot load an empty one. Memory holds a row group of each split.

    Args:
        spool: the rows.
        splits: the split of every article; others are left out.
        folder: where to.
    """
    # Arrow, Parquet and SHA-256 work outside Python's lock, so the files are written side by side.
    with ThreadPoolExecutor(len(spool.configs)) as pool:
        for tables in pool.map(lambda config: _write(spool, config, splits, folder), spool.configs):
            yield from tables


def _write(spool: Spool, config: str, splits: Mapping[str, str], folder: Path) -> list[Table]:
    writers: dict[str, _Writer] = {}
    try:
        for split, part in spool.parts(config, splits):
            if split not in writers:
                writers[split] = _Writer(folder, config, split, part.schema)
            writers[split].add(part)
    finally:
        for writer in writers.values():
            writer.close()
    return [writer.table for writer in writers.values()]


class _Writer:
    """One Parquet file, written row group by row group."""

    def __init__(self, folder: Path, config: str, split: str, schema: "pa.Schema") -> None:
        import pyarrow.parquet as pq

        self._config, self._split = config, split
        self._file = f"{config}/{split}.parquet"
        self._content = ContentHash()
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = self._rows = self._arrow_bytes = 0
        path = folder / self._file
        path.parent.mkdir(parents=True, exist_ok=True)
        # Nobody looks for a row group by the text that it begins with.
        self._stream = pq.ParquetWriter(path, schema, compression="zstd", write_statistics=False)

    @property
    def table(self) -> Table:
        return Table(self._config, self._split, self._file, self._rows, self._content.hexdigest(), self._arrow_bytes)

    def add(self, batch: "pa.RecordBatch") -> None:
        self._content.add(batch)
        self._arrow_bytes += batch.nbytes
        self._rows += batch.num_rows
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        if self._waiting_rows >= _ROWS:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._stream.close()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._waiting:
            self._stream.write_table(pa.Table.from_batches(self._waiting), row_group_size=self._waiting_rows)
            self._waiting, self._waiting_rows = [], 0
