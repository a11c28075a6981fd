"""Reads and checks the next batch while the server is at work on this one."""

import queue
import threading
from collections.abc import Iterator
from itertools import islice
from typing import Generic, TypeVar

__all__ = ["Ahead"]

T = TypeVar("T")

_DEEP = 2  # batches that wait at most


class Ahead(Generic[T]):
    """The items of an iterator in lists of `size`, got ready in a thread of its own; a context manager."""

    def __init__(self, items: Iterator[T], size: int) -> None:
        self._items, self._size = items, size
        self._ready: queue.Queue[list[T] | BaseException] = queue.Queue(_DEEP)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._fill, daemon=True)

    def __enter__(self) -> "Ahead[T]":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def __iter__(self) -> Iterator[list[T]]:
        """Yield the lists in order; what the iterator raises is raised here."""
        while True:
            ready = self._ready.get()
            if isinstance(ready, BaseException):
                raise ready
            if not ready:
                return
            yield ready

    def _fill(self) -> None:
        try:
            while not self._over.is_set():
                batch = list(islice(self._items, self._size))
                self._put(batch)
                if not batch:
                    return
        except BaseException as error:  # noqa: BLE001 - it is raised again where the lists are read
            self._put(error)

    def _put(self, ready: list[T] | BaseException) -> None:
        while not self._over.is_set():
            try:
                self._ready.put(ready, timeout=0.1)
                return
            except queue.Full:
                continue
