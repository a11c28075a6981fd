"""Many texts as one run of UTF-8: pieces of them become Arrow strings without a Python string each."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["Ints", "Texts", "offsets_of", "run_of"]

Ints = NDArray[np.int64]


class Texts:
    """Texts one after the other, addressed by code points that count through all of them.

    Attributes:
        points: the code points of all texts.
        borders: where each text begins, in code points, and where the last one ends.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        joined = "".join(texts)
        self.points = np.frombuffer(joined.encode("utf-32-le"), "<u4")
        self.borders = offsets_of(np.fromiter(map(len, texts), np.int64, len(texts)))
        widths = np.ones(len(self.points), np.uint8)
        for least in (0x80, 0x800, 0x10000):  # from which on UTF-8 takes a byte more
            widths += self.points >= least
        # In 32 bits, as Arrow counts the bytes of strings; a sum in 64 takes ten times as long.
        self._bytes_before = np.zeros(len(widths) + 1, np.int32)
        np.cumsum(widths.astype(np.int32), out=self._bytes_before[1:])
        self._utf8 = np.frombuffer(joined.encode(), np.uint8)

    def whole(self) -> pa.StringArray:
        """The texts themselves."""
        return _strings(self._bytes_before[self.borders], self._utf8)

    def pieces(self, starts: Ints, ends: Ints) -> pa.StringArray:
        """What `cut` answers, sooner, for pieces that stand one after the other."""
        borders = np.empty(2 * len(starts) + 1, np.int64)
        borders[0:-1:2], borders[1::2], borders[-1] = starts, ends, self.borders[-1]
        # Strings share the bytes of the texts, what stands between two pieces is a string as well; every other is ours.
        both = _strings(self._bytes_before[borders], self._utf8)
        return both.take(pa.array(np.arange(0, 2 * len(starts), 2)))

    def cut(self, starts: Ints, ends: Ints) -> pa.StringArray:
        """The pieces from each start to its end, in code points that count through all texts; in any order."""
        first = self._bytes_before[starts]
        widths = self._bytes_before[ends] - first
        offsets = offsets_of(widths)
        places = np.arange(offsets[-1]) + np.repeat(first - offsets[:-1], widths)
        return _strings(offsets, self._utf8[places])


def run_of(strings: pa.StringArray) -> pa.Buffer:
    """The bytes of strings, one behind the other."""
    offsets = np.frombuffer(strings.buffers()[1], np.int32)[strings.offset :]
    return strings.buffers()[2].slice(int(offsets[0]), int(offsets[len(strings)] - offsets[0]))


def offsets_of(lengths: NDArray[np.integer[Any]]) -> Ints:
    """Where things of these lengths begin when they stand one after the other, and where the last one ends."""
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def _strings(offsets: NDArray[np.integer[Any]], values: NDArray[np.uint8]) -> pa.StringArray:
    buffers = pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(values)
    return pa.StringArray.from_buffers(len(offsets) - 1, *buffers)
