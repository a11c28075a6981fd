"""JSON Lines, streamed in and written atomically. `-` is stdin or stdout."""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeVar

import orjson

from annotate.errors import Fault, ReaderGone, Reason, UsageError

__all__ = ["STDIO", "Line", "beside", "decode", "in_batches", "name_of", "open_in", "open_out", "read", "rereadable"]

STDIO = Path("-")

T = TypeVar("T")

_BOM = b"\xef\xbb\xbf"

_WRITABLE_DEPTH = 200  # orjson reads what is 1,024 deep and writes what is 254 deep


class Line(NamedTuple):
    """One line of a file: its 1-based number and either the decoded object or the fault that kept it from decoding."""

    number: int
    data: dict[str, Any]
    fault: Fault | None = None


def in_batches(items: Iterable[T], points_of: Callable[[T], int], *, most: int, points: int) -> Iterator[list[T]]:
    """Yield items some at once, in their order.

    Args:
        items: lines or what was made of them.
        points_of: how many code points an item counts for.
        most: items of a batch, at most.
        points: code points at which a batch ends, so that only a last long item goes beyond.
    """
    batch: list[T] = []
    held = 0
    for item in items:
        batch.append(item)
        held += points_of(item)
        if len(batch) >= most or held >= points:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def name_of(path: Path) -> str:
    """How messages name the file: `<stdin>` for `-`, else the path as given."""
    # A file name is bytes to the system; one that is not UTF-8 could not be printed.
    return "<stdin>" if path == STDIO else os.fsencode(path).decode("utf-8", "replace")


@contextmanager
def open_in(path: Path) -> Iterator[BinaryIO]:
    """Open a file, or stdin for `-`, for reading bytes.

    Raises:
        UsageError: there is no such file, or it is a folder or may not be read.
    """
    if path == STDIO:
        if sys.stdin is None:  # closed by whoever started us
            raise UsageError("stdin is closed")
        yield sys.stdin.buffer
        return
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    with stream:
        yield stream


@contextmanager
def rereadable(path: Path) -> Iterator[Path]:
    """A file that can be read several times: the one given, or a copy of what comes from stdin or a pipe.

    Raises:
        UsageError: there is no such file, or it is a folder or may not be read.
    """
    if path.is_file():
        yield path
        return
    with open_in(path) as stream, tempfile.NamedTemporaryFile(prefix="annotate-", suffix=".jsonl") as copy:
        shutil.copyfileobj(stream, copy)
        copy.flush()
        yield Path(copy.name)


@contextmanager
def open_out(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing bytes that appears under its name only when the block ends without an exception.

    `-` is stdout, which cannot take anything back, nor can a pipe or a device. Parent folders are made.

    Raises:
        UsageError: the place cannot be written to.
        ReaderGone: what reads the pipe closed it.
    """
    if path == STDIO:
        if sys.stdout is None:
            raise UsageError("stdout is closed")
        with _room(path):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise UsageError(f"{path}: is a folder, a file is needed")
        if path.exists() and not path.is_file():
            special = path.open("wb")
        else:
            special = None
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    if special is not None:
        # Renaming over /dev/null would put a file in its place.
        with _room(path), special:
            yield special
        return
    temporary = Path(name)
    try:
        with _room(path), os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """An empty hidden folder in the same place, which goes away unless it is renamed before the block ends.

    Raises:
        UsageError: the place cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read(path: Path) -> Iterator[Line]:
    """Yield every non-blank line, decoded or with its fault; a bad line never hides the next.

    Raises:
        UsageError: the file cannot be opened.
    """
    file, offset = name_of(path), 0
    with open_in(path) as stream:
        for number, raw in enumerate(stream, 1):
            body = raw.removeprefix(_BOM) if number == 1 else raw
            if body.strip():
                yield decode(file, number, body, offset + len(raw) - len(body))
            offset += len(raw)


def decode(file: str, number: int, raw: bytes, offset: int) -> Line:
    """Decode one line, or say what is wrong with it.

    Args:
        file: how messages name the file.
        number: of the line, from 1.
        raw: the line, without a byte order mark.
        offset: how many bytes of the file stand before it.
    """
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as wrong:
            found = f"byte {offset + wrong.start + 1} of the file (0x{raw[wrong.start]:02x}) is not UTF-8"
            if offset == 0 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
                found += "; it looks like UTF-16"
            return Line(number, {}, Fault(file, number, "", Reason.WRONG_ENCODING, found))
        return Line(number, {}, Fault(file, number, "", Reason.BROKEN_JSON, str(error)))
    if raw.count(b"[") + raw.count(b"{") > _WRITABLE_DEPTH and not _can_be_written(data):
        return Line(number, {}, Fault(file, number, "", Reason.BROKEN_JSON, "nested too deeply to be written again"))
    if not isinstance(data, dict):
        return Line(number, {}, Fault(file, number, "", Reason.NOT_A_RECORD, f"a JSON {type(data).__name__}"))
    return Line(number, data)


def _can_be_written(data: object) -> bool:
    try:
        orjson.dumps(data)
    except orjson.JSONEncodeError:
        return False
    return True


@contextmanager
def _room(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGone from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise UsageError(f"{'<stdout>' if path == STDIO else path}: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
