"""A hash of what a table says, whatever file, batches or Arrow types it comes in."""

from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ContentHash"]


class ContentHash:
    """A SHA-256 over the values of a table, taken in batch by batch.

    Each column is written as streams of numbers and of bytes: which values are null, how long lists and strings are,
    and the values themselves, integers in 64 bits. A stream does not show where one batch ends and the next begins.
    """

    def __init__(self) -> None:
        self._streams: dict[str, Any] = {}  # path of a column and what of it -> running hash

    def add(self, batch: "pa.RecordBatch") -> None:
        """Take in a batch; all batches have the same columns."""
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            self._column(name, column)

    def hexdigest(self) -> str:
        """The hash of the batches so far."""
        whole = sha256()
        for path, stream in sorted(self._streams.items()):
            whole.update(f"{path}\0{stream.hexdigest()}\n".encode())
        return whole.hexdigest()

    def _column(self, path: str, column: "pa.Array") -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        if column.null_count:
            self._numbers(f"{path}?", column.is_valid(), "u1")
        else:
            self._stream(f"{path}?").update(b"\1" * len(column))
        kind = column.type
        if pa.types.is_struct(kind):
            for field, child in zip(kind, column.flatten(), strict=True):
                self._column(f"{path}.{field.name}", child)
        elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
            self._numbers(f"{path}#", _filled(pc.list_value_length(column), 0), "<i8")
            self._column(f"{path}[]", column.flatten())
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            filled = _filled(column, "").cast(pa.large_string())
            self._numbers(f"{path}#", pc.binary_length(filled), "<i8")
            self._stream(path).update(_bytes(filled))
        elif pa.types.is_integer(kind):
            self._numbers(path, _filled(column, 0), "<i8")
        else:
            raise TypeError(f"{path}: no column of a release is of the type {kind}")

    def _numbers(self, path: str, values: "pa.Array", kind: str) -> None:
        import numpy as np

        self._stream(path).update(np.ascontiguousarray(values.to_numpy(zero_copy_only=False), kind))

    def _stream(self, path: str) -> Any:
        return self._streams.setdefault(path, sha256())


def _filled(values: "pa.Array", empty: Any) -> "pa.Array":
    import pyarrow.compute as pc

    return pc.fill_null(values, empty) if values.null_count else values


def _bytes(strings: "pa.LargeStringArray") -> memoryview:
    """The bytes of all strings, one after the other; there is no null among them."""
    import numpy as np

    _, offsets, values = strings.buffers()
    if not len(strings) or values is None:
        return memoryview(b"")
    ends = np.frombuffer(offsets, "<i8")[strings.offset : strings.offset + len(strings) + 1]
    return memoryview(values)[ends[0] : ends[-1]]
