"""What an unfinished run had done, kept beside the file it was to become, so that the same command goes on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotate.errors import UsageError
from annotate.jsonl import STDIO
from annotate.records import Sentence

__all__ = ["Kept", "keeping"]


class Kept:
    """Chunks of sentences that are done, each under a hash of what went into it."""

    def __init__(self, settings: Mapping[str, Any], done: dict[str, dict[str, Any]], stream: BinaryIO | None) -> None:
        self._salt = orjson.dumps(settings, option=orjson.OPT_SORT_KEYS)
        self._done, self._stream = done, stream

    def __len__(self) -> int:
        """How many chunks there are."""
        return len(self._done)

    def key(self, chunk: Sequence[Sentence]) -> str:
        """What a chunk is kept under: it changes with the sentences and with the settings."""
        digest = sha256(self._salt)
        for sentence in chunk:
            digest.update(sentence.to_json())
        return digest.hexdigest()

    def get(self, key: str) -> dict[str, Any] | None:
        """What a chunk came to, if it is done."""
        return self._done.get(key)

    def put(self, key: str, part: Mapping[str, Any]) -> None:
        """Keep what a chunk came to; it is on disk when this returns."""
        if self._stream is not None and key not in self._done:
            self._stream.write(orjson.dumps({"key": key, "part": part}) + b"\n")
            self._stream.flush()
            self._done[key] = dict(part)


@contextmanager
def keeping(out: Path, settings: Mapping[str, Any]) -> Iterator[Kept]:
    """Keep what is done beside `out`, in `.<name>.part`, until the block ends without an exception.

    Where `out` is stdout nothing can be kept.

    Raises:
        UsageError: the place cannot be written to.
    """
    if out == STDIO or (out.exists() and not out.is_file()):
        yield Kept(settings, {}, None)
        return
    path = out.with_name(f".{out.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        done = dict(_read(path))
        with path.open("ab") as stream:
            yield Kept(settings, done, stream)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    finally:
        # A run that ended before its first chunk leaves nothing behind.
        with suppress(OSError):
            if path.stat().st_size == 0:
                path.unlink()
    path.unlink(missing_ok=True)


def _read(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """What an earlier run kept; a line that it was cut off in is not there."""
    if not path.is_file():
        return
    for line in path.read_bytes().split(b"\n"):
        with suppress(orjson.JSONDecodeError):
            kept = orjson.loads(line)
            yield kept["key"], kept["part"]
