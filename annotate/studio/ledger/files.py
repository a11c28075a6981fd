"""The file that a ledger is: opened by one command at a time, and what goes wrong with it in our words."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from annotate.errors import StudioError, Unfinished, UsageError
from annotate.studio.waiting import Deadline, locked

__all__ = ["alone", "damaged", "reading", "reported"]

_LOCK_S = 120  # how long a push waits for a pull of the same workspace, and the other way round


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the ledger's lock, so that another push or pull of the workspace waits; a crash lets go of it.

    Raises:
        UsageError: the folder cannot be written to.
        Unfinished: another command held it all the while.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(path.with_name(f".{path.name}.lock"), Deadline(_LOCK_S)))
        except StudioError as error:
            raise Unfinished(str(error)) from error
        except OSError as error:
            raise UsageError(f"{path}: {error}") from error
        yield


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Say what SQLite says about the ledger as an error of ours.

    Raises:
        UsageError: the file is no ledger or cannot be written.
        Unfinished: there is no room to write.
    """
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise Unfinished(f"{path}: {error}; make room, and the same command goes on") from error
        raise UsageError(damaged(path, error)) from error


def damaged(path: Path, error: sqlite3.Error) -> str:
    """What is wrong with a ledger, and what to do when it cannot be read any more."""
    lost = getattr(error, "sqlite_errorname", "").startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))
    return f"{path}: {error}" + ("; move it away, and annotate push finds the tasks on the server" if lost else "")


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the ledger for reading alone.

    Raises:
        UsageError: the file is no ledger.
    """
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise UsageError(damaged(path, error)) from error
