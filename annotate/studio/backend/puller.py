"""Pulls when it is asked to, one pull at a time, however often it is asked meanwhile."""

from collections.abc import Callable
from threading import Event, Thread

from annotate.errors import AnnotateError

__all__ = ["Puller"]

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0


class Puller:
    """A thread that waits for webhooks. A pull that failed is tried again until it succeeds or the service ends."""

    def __init__(
        self,
        pull: Callable[[], str],
        say: Callable[[str], None],
        *,
        settle_s: float = 1.0,
        pause_s: float = _FIRST_PAUSE_S,
    ) -> None:
        """Make one; `start` starts it.

        Args:
            pull: pulls, and says in a line what came of it.
            say: is told that line, or why a pull failed.
            settle_s: how long to wait for more webhooks before a pull, since people submit in bursts.
            pause_s: before a failed pull is tried again; doubled each time, up to a minute.
        """
        self._pull, self._say = pull, say
        self._settle_s, self._pause_s = settle_s, pause_s
        self._asked, self._stopped = Event(), Event()
        self._thread = Thread(target=self._run, name="puller", daemon=True)

    def start(self) -> None:
        """Begin to wait."""
        self._thread.start()

    def ask(self) -> None:
        """Want a pull; returns at once."""
        self._asked.set()

    def stop(self, timeout_s: float) -> bool:
        """End after the pull that is under way; tells whether it ended in time."""
        self._stopped.set()
        self._asked.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            self._asked.wait()
            if self._stopped.wait(self._settle_s):
                return
            self._asked.clear()  # before the pull: what comes while it runs may be too late for it
            pause_s = self._pause_s
            while not self._once():
                if self._stopped.wait(pause_s):
                    return
                pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)

    def _once(self) -> bool:
        try:
            self._say(self._pull())
        except AnnotateError as error:
            self._say(f"pull failed, and is tried again: {error}")
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, the thread must live on, or webhooks are lost
            self._say(f"pull failed, and is tried again: {type(error).__name__}: {error}")
            return False
        return True
