"""What a reader hands over: the raw fields of one article, or the fault that kept it from being read."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from annotate.errors import Fault, Reason

__all__ = ["KNOWN_COLUMNS", "Columns", "Found", "undecodable", "unreadable"]

# Fields of an article that a table may bring along under their own name, beside text and id.
KNOWN_COLUMNS = ("title", "source", "url", "published", "lang")


class Columns(NamedTuple):
    """Which columns of a table hold the text and the id; `id_required` when the user named the id column."""

    text: str
    id: str
    id_required: bool


class Found(NamedTuple):
    """One article's fields as they stood in the file, unchecked, or a fault; `line` 0 means the file as a whole."""

    line: int
    fields: Mapping[str, Any]
    fault: Fault | None = None


def undecodable(file: str, line: int, data: bytes, error: UnicodeDecodeError, offset: int = 0) -> Found:
    """The fault of bytes that are not UTF-8; `offset` bytes of the file stand before `data`, bytes count from 1."""
    found = f"byte {offset + error.start + 1} of the file (0x{data[error.start]:02x}) is not UTF-8"
    if offset == 0 and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        found += "; it looks like UTF-16"
    return Found(line, {}, Fault(file, line, "", Reason.WRONG_ENCODING, found))


def unreadable(file: str, line: int, error: Exception) -> Found:
    """The fault of a file, or of a stretch of it, that its format's parser or the system gives up on."""
    found = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Found(line, {}, Fault(file, line, "", Reason.UNREADABLE, " ".join(found.split())))
