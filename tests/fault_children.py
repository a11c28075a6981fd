"""Pushes and pulls in processes of their own, which are killed, or have no room to write."""

import errno
import os
import resource
import signal
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from annotate.errors import Unfinished
from annotate.studio import pull as pull_module
from annotate.studio.client import Client
from annotate.studio.push import Campaign, delivery, push, step

__all__ = ["NO_ROOM", "Job", "started"]

NO_ROOM = errno.ENOSPC  # the exit code of a child whose ledger was full


@dataclass(frozen=True)
class Job:
    """What a child does, and where."""

    command: str  # push or pull
    folder: Path
    title: str
    url: str
    key: str
    batch: int = 10
    room_bytes: int | None = None  # the largest file that may be written

    def run(self) -> None:
        """Do it in this process."""
        step.BATCH, delivery.SETTLE_S, pull_module.MARGIN_S = self.batch, 2.0, 60
        if self.room_bytes is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.room_bytes, resource.RLIM_INFINITY))
        ledger = self.folder / "ledger.sqlite3"
        with Client(self.url, self.key) as client:
            if self.command == "push":
                push(self.folder / "prelabeled.jsonl", client, ledger, campaign=Campaign(project=self.title))
            else:
                out, quarantine = self.folder / "annotations.jsonl", self.folder / "quarantine.jsonl"
                pull_module.pull(out, quarantine, client, ledger, project=self.title)


def started(job: Job):
    """A child at work on the job, forked from a process that has imported everything, so that it begins at once."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.fault_children", "label_studio_sdk", "httpx"])
    child = context.Process(target=_silently, args=(job,))
    child.start()
    return child


def _silently(job: Job) -> None:
    os.setsid()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        job.run()
    except Unfinished as error:
        os._exit(NO_ROOM if "make room" in str(error) else 1)
