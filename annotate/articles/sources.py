"""Which files to read, and in which order."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from annotate.errors import UsageError
from annotate.jsonl import STDIO, name_of

__all__ = ["SUFFIXES", "Source", "check", "walk"]

SUFFIXES = (".txt", ".jsonl", ".csv", ".parquet", ".html", ".htm")


class Source(NamedTuple):
    """A file of articles: how messages call it, and its path below the folder that was given, or its bare name."""

    path: Path
    file: str
    name: str
    suffix: str


def check(sources: Sequence[Path]) -> None:
    """Refuse what cannot be read, before anything is.

    Raises:
        UsageError: no source at all, a path that does not exist or may not be read, a file of an unknown suffix, or a
            folder in which no file has a known one.
    """
    if not sources:
        raise UsageError("no articles given; name files or folders, or - for JSONL on stdin")
    for source in sources:
        if source == STDIO:
            continue
        if not source.exists():
            raise UsageError(f"{source}: no such file or folder")
        if not os.access(source, os.R_OK):
            raise UsageError(f"{source}: may not be read")
        known = ", ".join(SUFFIXES)
        if source.is_dir():
            if next(walk([source], Counter()), None) is None:
                raise UsageError(f"{source}: no articles in this folder (looked for {known})")
        elif source.suffix.lower() not in SUFFIXES:
            raise UsageError(f"{source}: what is in a {source.suffix or 'file without a suffix'}? (known: {known})")


def walk(sources: Sequence[Path], skipped: Counter[str]) -> Iterator[Source]:
    """Yield the files to read: the sources in the order given, a folder's files sorted by name, folder by folder.

    Hidden files and folders are passed over; files of an unknown suffix are counted in `skipped` under that suffix.
    A linked folder is entered unless it leads back up.
    """
    for source in sources:
        if source == STDIO:
            yield Source(source, name_of(source), "-", ".jsonl")
        elif source.is_dir():
            for path, suffix in _below(source, (), skipped):
                yield Source(path, str(path), _printable(path.relative_to(source)), suffix)
        else:
            yield Source(source, str(source), _printable(Path(source.name)), source.suffix.lower())


def _below(folder: Path, above: tuple[str, ...], skipped: Counter[str]) -> Iterator[tuple[Path, str]]:
    real = os.path.realpath(folder)
    if real in above:
        return
    for name in sorted(os.listdir(folder)):  # noqa: PTH208 - bare names, no Path objects for a large folder
        path = folder / name
        if name.startswith("."):
            continue
        if path.is_dir():
            yield from _below(path, (*above, real), skipped)
        elif (suffix := path.suffix.lower()) in SUFFIXES:
            yield path, suffix
        else:
            skipped[suffix] += 1


def _printable(path: Path) -> str:
    # A file name is bytes to the system; one that is not UTF-8 could not be written into a record.
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")
