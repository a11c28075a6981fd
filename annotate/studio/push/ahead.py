"""Gets the next batch ready while the server is at work on this one."""

import queue
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Generic, TypeVar

__all__ = ["Ahead", "Meanwhile", "answered"]

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


class Meanwhile(Generic[T]):
    """The next item of an iterator, got when there is time for it and at the latest when it is asked for."""

    def __init__(self, items: Iterator[T]) -> None:
        self._items = items
        self._got: list[T | BaseException | None] = []

    def work(self) -> None:
        """Get the item, unless it was got before; what goes wrong is raised by `result`."""
        if not self._got:
            try:
                self._got.append(next(self._items, None))
            except Exception as error:  # noqa: BLE001 - it is raised again
                self._got.append(error)

    def result(self) -> T | None:
        """The item, or None when there is none left."""
        self.work()
        if isinstance(got := self._got[0], BaseException):
            raise got
        return got


def answered(send: Callable[[], T], meanwhile: Callable[[], None]) -> T:
    """What `send` returns or raises; it runs in a thread, and `meanwhile` here.

    Nobody waits for the thread when this one is interrupted.
    """
    answers: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue()

    def run() -> None:
        try:
            answers.put((send(), None))
        except BaseException as error:  # noqa: BLE001 - it is raised again
            answers.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    meanwhile()
    answer, error = answers.get()
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]
