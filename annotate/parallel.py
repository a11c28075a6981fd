"""Work on a stream in several processes, with the order of the stream kept."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from annotate.collecting import collect_seldom
from annotate.errors import Unfinished, UsageError

__all__ = ["in_order"]

T = TypeVar("T")
R = TypeVar("R")


def in_order(function: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """Yield `function(item)` of each item in the order of the items, computed by `jobs` processes.

    Only a few items per process are under way at a time, so memory stays flat however many there are. With one job
    everything happens in this process.

    Raises:
        UsageError: fewer than one job.
        Unfinished: a process was killed.
    """
    if jobs < 1:
        raise UsageError(f"{jobs} jobs: at least one is needed")
    if jobs == 1:
        yield from map(function, items)
        return
    # Started afresh rather than forked: a fork copies the locks of threads that libraries may have started.
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _start)
    waiting: deque[Future[R]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > 3 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise Unfinished("a worker process was killed, perhaps for lack of memory; nothing was written") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # interrupts are the parent's
    collect_seldom()
