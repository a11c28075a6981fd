"""Parquet: the columns of a release's `spans` config and `annotator`, with the metadata that `datasets` reads."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from annotate.labels import DEFAULT
from annotate.release.features import arrow_schema, features
from annotate.release.formats.spans import row_of
from annotate.release.formats.writer import Part, Sample, Writer, seekable

__all__ = ["PARQUET", "write"]

_BATCH = 5_000  # rows of a row group


def write(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write one row per sentence; memory holds one row group."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # The spans config has no classes, so that any label set has the same columns.
    schema = arrow_schema({**features("spans", DEFAULT), "annotator": {"dtype": "string", "_type": "Value"}})
    rows: Iterator[dict[str, Any]] = (row_of(record) for record, _ in samples)
    with seekable(out) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while batch := list(islice(rows, _BATCH)):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))


PARQUET = Writer(write, lacks=frozenset({Part.TOPIC}))
